r"""Made-up titles, abstracts and names, with the TeX that real ones have, and how Hugging Face strips it."""

from __future__ import annotations

import re
from random import Random

_DOING = ("Learning", "Probing", "Distilling", "Aligning", "Sampling", "Compressing", "Verifying", "Steering",
          "Scaling", "Unlearning", "Calibrating", "Merging", "Routing", "Denoising", "Grounding")  # fmt: skip
_KIND = ("sparse", "causal", "multilingual", "equivariant", "long-context", "low-rank", "speculative", "Bayesian",
         "contrastive", "hierarchical", "retrieval-augmented", "energy-based", "modular", "quantised")  # fmt: skip
_THING = ("transformers", "diffusion models", "agents", "reward models", "tokenizers", "graph networks",
          "world models", "embeddings", "language models", "mixtures of experts", "kernels", "policies")  # fmt: skip
_FOR = ("protein folding", "code review", "tide prediction", "theorem proving", "machine translation",
        "robot navigation", "speech recognition", "weather maps", "dialogue", "spike trains", "music")  # fmt: skip
_NAMES = ("Marlin", "TideNet", "Cormorant", "Lanterna", "Quillon", "Sextant", "Halyard", "Osprey", "Bittern")
_GIVEN = ("Ada", "Zoë", "Søren", "Mei", "Ngozi", "Łukasz", "Priya", "Tomás", "Aiko", "Jean-Luc", "Omar", "Ingrid",
          "J. R.", "Wei", "Fatima", "Noah")  # fmt: skip
_FAMILY = ("Müller", "Okafor", "Nakamura", "O'Brien", "García Márquez", "Li", "van der Berg", "Kowalska", "Haddad",
           "Dubois", "Sørensen", "Zhang", "Iyer", "Novák", "Smith", "Đặng")  # fmt: skip
_TITLE_TEX = (
    "with $\\ell_1$ penalties",
    "in $\\mathcal{O}(n \\log n)$ time",
    "beyond $\\mathbb{R}^d$",
    "at \\textit{any} scale",
    "for $k$-NN graphs",
)
_SENTENCES = (
    "We study how {kind} {thing} behave in {for_} when only {n} examples are at hand.",
    "Our method, \\textsc{{{name}}}, needs ${n}\\times$ fewer steps than {kind} {thing}.",
    "On {n} tasks it improves accuracy by {p}\\% over a strong baseline.",
    "A bound of $\\mathcal{{O}}(\\sqrt{{n}})$ explains why {thing} fail in {for_}.",
    "Earlier work on {for_} treats {thing} as {kind}; we show that this costs {p} points.",
    "Ablations over $\\alpha \\in [0, {n}]$ tell \\emph{{which}} parts of {kind} {thing} matter.",
    "We release {n} annotated examples & the scripts that made them (<{p} GB).",
)
_COMMAND = re.compile(r"\\[A-Za-z]+\{([^{}]*)\}")


def title(random: Random) -> str:
    head = f"{random.choice(_DOING)} {random.choice(_KIND)} {random.choice(_THING)} for {random.choice(_FOR)}"
    if random.random() < 0.35:
        head = f"{random.choice(_NAMES)}-{random.randint(1, 99)}: {head}"
    return f"{head} {random.choice(_TITLE_TEX)}" if random.random() < 0.3 else head


def abstract(random: Random, ending: str = "") -> str:
    """Four to eight sentences and the `ending`; one abstract in ten has a second paragraph."""
    sentences = [_sentence(random) for _ in range(random.randint(4, 8))]
    if ending:
        sentences.append(ending)
    if random.random() < 0.1:
        return f"{' '.join(sentences[:2])}\n\n{' '.join(sentences[2:])}"
    return " ".join(sentences)


def sentence(random: Random) -> str:
    """One sentence without TeX."""
    return (
        f"{random.choice(_NAMES)} makes {random.choice(_KIND)} {random.choice(_THING)} work in "
        f"{random.choice(_FOR)} with {random.randint(2, 999)} examples."
    )


def names(random: Random) -> tuple[str, ...]:
    """One to twelve people, each once."""
    many = min(12, 1 + int(random.expovariate(1 / 4)))
    return tuple(dict.fromkeys(f"{random.choice(_GIVEN)} {random.choice(_FAMILY)}" for _ in range(many)))


def keywords(random: Random) -> tuple[str, ...]:
    return tuple(f"{random.choice(_KIND)} {thing}" for thing in random.sample(_THING, random.randint(3, 8)))


def project(random: Random) -> str:
    """The name of a repository."""
    return f"{random.choice(_NAMES).lower()}-{random.randint(1, 9999)}"


def without_tex(text: str) -> str:
    r"""Text as Hugging Face shows it: no `$`, and `\cmd{x}` is `x`, so that `\href{A}{B}` becomes `A{B}`.

    That is how its texts differ from arXiv's on 1,731 papers that both were recorded of.
    """
    stripped = text.replace("$", "")
    while (shorter := _COMMAND.sub(r"\1", stripped)) != stripped:
        stripped = shorter
    return stripped.replace("\n\n", "\n")


def _sentence(random: Random) -> str:
    return random.choice(_SENTENCES).format(
        kind=random.choice(_KIND),
        thing=random.choice(_THING),
        for_=random.choice(_FOR),
        name=random.choice(_NAMES),
        n=random.randint(2, 9999),
        p=round(random.uniform(0.1, 40), 1),
    )
