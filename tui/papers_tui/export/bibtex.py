r"""Papers as BibTeX: an `@misc` entry each, as arXiv itself words them; pure text, UTF-8.

Accents and other scripts stay UTF-8, which biber and today's LaTeX read. Text from a source is data: TeX in
it is kept only where it is balanced and made of commands that draw something, so that no title ends its
entry early, opens another, or has LaTeX read a file. What is kept and what is escaped is balanced by
BibTeX's own count, in which `\{` is a brace like any other.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from papers_tui.domain.identity import arxiv_id, arxiv_key, key_arxiv_id
from papers_tui.domain.links import destination, safe_url
from papers_tui.domain.paper import Paper
from papers_tui.domain.text import clean_line, symbols, unicode_tex
from papers_tui.domain.text.formula import is_formula


def entry(paper: Paper) -> str:
    """The paper's `@misc` entry, without a line break at its end.

    The title stands in braces of its own, so that no style changes its capitals. `month` is BibTeX's own
    three-letter word; `url` and `doi` are given raw, as `\\url` and biblatex want them. A field that nothing
    is known for is left out, and so are the authors where only their number is known.
    """
    return _entry(paper, _key(paper))


def render(papers: Iterable[Paper]) -> str:
    """A `.bib` file of `papers`, in their order, each id once.

    A paper's key is the same in whatever company it is rendered, but for papers whose keys would be equal:
    those have `-` and their arXiv id (or a hash of another id) behind it, every one of them.
    """
    distinct = list({paper.id: paper for paper in papers}.values())
    keys = [_key(paper) for paper in distinct]
    many = Counter(keys)
    entries = (
        _entry(paper, f"{key}-{_tail(paper)}" if many[key] > 1 else key)
        for paper, key in zip(distinct, keys, strict=True)
    )
    return "\n".join(f"{text}\n" for text in entries)


def dated(paper: Paper) -> tuple[str, str]:
    """Year and month, `("2024", "02")`, each empty where it is not known.

    Taken from the paper's own date, else from its arXiv id, else from the Daily Papers edition.
    """
    if paper.published and (found := _DATE.match(paper.published)):
        return found[1], found[2] or ""
    if found := _ARXIV_MONTH.search(_arxiv(paper)):
        return f"{'19' if found[1] > '90' else '20'}{found[1]}", found[2]
    if paper.edition and (found := _DATE.match(paper.edition)):
        return found[1], found[2] or ""
    return "", ""


def _entry(paper: Paper, key: str) -> str:
    identifier = _arxiv(paper)
    year, month = dated(paper)
    category = next(iter(paper.categories), "")
    title = _tex(_line(paper.title) or "Untitled")
    # A brace with a backslash right behind it would be one of BibTeX's special characters, and lose its case.
    guard = "{}" if title.startswith("\\") else ""
    fields = {
        "title": f"{{{{{guard}{title}}}}}",
        "author": _braced(" and ".join(_author(name) for name in map(_line, paper.authors) if name)),
        "year": _braced(year),
        "month": _MONTHS[int(month) - 1] if month else "",
        "eprint": _braced(identifier),
        "archivePrefix": "{arXiv}" if identifier else "",
        "primaryClass": _braced(category) if identifier and _CATEGORY.fullmatch(category) else "",
        "doi": _braced(_doi(paper) or (f"10.48550/arXiv.{identifier}" if identifier else "")),
        "url": _braced(_address(paper)),
    }
    lines = (f"  {name:<13} = {value},\n" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{''.join(lines)}}}"


_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?(?![0-9])", re.ASCII)
_ARXIV_MONTH = re.compile(r"(?:^|/)(\d\d)(0[1-9]|1[0-2])", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?", re.ASCII)
_DOI = re.compile(r"10\.\d{4,9}/[!-~]+", re.ASCII)
_SPACES = re.compile(" +")


def _line(text: str) -> str:
    return _SPACES.sub(" ", clean_line(text)).strip()


def _braced(value: str) -> str:
    return f"{{{value}}}" if value else ""


def _arxiv(paper: Paper) -> str:
    return arxiv_id(key_arxiv_id(paper.keys) or "") or ""


def _doi(paper: Paper) -> str:
    """The paper's own DOI; what would not stand in braces is percent-encoded, as in its address."""
    dois = (key[4:] for key in paper.keys if key.startswith("doi:"))
    return next((quote(doi, safe="!#$&'()*+,/:;<=>?@[]^`|~") for doi in dois if _DOI.fullmatch(doi)), "")


def _address(paper: Paper) -> str:
    link = destination(paper, "paper")
    return (safe_url(link.url) or "") if link and link.origin != "search" else ""


# --------------------------------------------------------------------------------------------------- names

# Words that only bodies have in their names; whole words, in this spelling.
_BODY = re.compile(
    r"\b(?:AI|Alliance|Association|Authors|Cent(?:er|re)|Collaboration|Committee|Community|Company|Consortium"
    r"|Contributors|Corporation|Department|Foundation|GmbH|Group|Inc|Initiative|Institutes?|LLC|Labs?"
    r"|Laborator(?:y|ies)|Ltd|Project|Research|Society|Team|University)\b"
)
_SUFFIXED = re.compile(r"([^,]+ [^,]+?),? (Jr\.?|Sr\.?|II|III|IV)")
_AND = re.compile(r"(?<!\S)and(?!\S)", re.IGNORECASE)
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003ffff ·・]+"
)


def _author(name: str) -> str:
    """A name as BibTeX reads it: it finds particles and "Last, First" by itself.

    In braces stand what has no parts (bodies, and East Asian names, whose family name comes first) and what
    BibTeX would take apart in the wrong place.
    """
    if _is_whole(name):
        return f"{{{_tex(name)}}}"
    if found := _SUFFIXED.fullmatch(name):
        given, family = _given_and_family(found[1].split(" "))
        return f"{_tex(family)}, {found[2]}, {_tex(given)}"
    return _tex(name)


def _is_whole(name: str) -> bool:
    parts = [part.strip() for part in name.split(",")]
    return bool(
        _BODY.search(name)
        or _EAST_ASIAN.fullmatch(name)
        or _AND.search(name)
        or name.casefold() in ("others", "et al", "et al.")
        or len(parts) > 2
        or not all(parts)
    )


def _given_and_family(words: list[str]) -> tuple[str, str]:
    """The parts of "First von Last": the family name begins at the first word in lower case."""
    first = next((at for at, word in enumerate(words) if at and word[0].islower()), len(words) - 1)
    return " ".join(words[:first]), " ".join(words[first:])


# ---------------------------------------------------------------------------------------------------- keys

_STOP_WORD = re.compile(
    "an?|and|are|as|at|be|by|can|do(?:es)?|for|from|how|in|into|is|its?|of|on|or|our|the|their|this|towards?|to"
    "|via|we|what|when|where|which|who|why|with|without|your?"
)
_SPELT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": ""}
)
_WORD = re.compile("[a-z0-9]+")
_LONGEST_WORD = 30


def _key(paper: Paper) -> str:
    """Family name of the first author, year, first word of the title that says something; ASCII.

    What can't be spelt so is left out; `paper` stands for a name that can't.
    """
    names = filter(None, map(_line, paper.authors))
    return f"{_family_word(next(names, '')) or 'paper'}{dated(paper)[0]}{_title_word(paper.title)}"


def _family_word(name: str) -> str:
    if _is_whole(name):
        return next(iter(_words(name)), "")[:_LONGEST_WORD]
    found = _SUFFIXED.fullmatch(name)
    family = (found[1] if found else name).partition(",")[0].split()
    return "".join(_words(family[-1]))[:_LONGEST_WORD] if family else ""


def _title_word(title: str) -> str:
    words = [word for word in _words(title) if not word.isdigit()]
    telling = (word for word in words if len(word) > 1 and not _STOP_WORD.fullmatch(word))
    return next(telling, next(iter(words), ""))[:_LONGEST_WORD]


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", unicode_tex(_line(text)).casefold().translate(_SPELT))
    return _WORD.findall("".join(sign for sign in letters if not unicodedata.combining(sign)))


def _tail(paper: Paper) -> str:
    identifier = _arxiv(paper)
    if paper.id == arxiv_key(identifier):
        return re.sub("[^a-z0-9]", "", identifier)
    return hashlib.sha256(paper.id.encode("utf-8", "surrogatepass")).hexdigest()[:8]


# ----------------------------------------------------------------------------------------------------- TeX

# A sign in dollars is one that LaTeX's oldest font encoding, still its default, has another in the place of,
# or a brace without its partner.
_SIGNS = {sign: f"\\{sign}" for sign in "#$%&_"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "{$<$}",
    ">": "{$>$}",
    "|": "{$|$}",
    "{": r"{$\lbrace$}",
    "}": r"{$\rbrace$}",
}
_SPECIAL = re.compile(r"[#$%&_\\{}~^<>|]")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_SWITCH = re.compile(r"\{\\(?:it|bf|em|tt|sc|sl|sf|rm) +")
_LETTER = rf"\\(?:{'|'.join(sorted(symbols.LETTERS, key=len, reverse=True))})(?![A-Za-z])"
_ACCENTED = (
    r"""\\(?:["'`^~=.](?:\{[A-Za-z]\}|\{\\[ij]\}|\\[ij](?![A-Za-z])|[A-Za-z])|[uvHcdbkr]\{[A-Za-z]\})"""
)
_AS_IT_IS = re.compile(rf"{_ACCENTED}|{_LETTER}(?:\{{\}})?|\{{(?:{_ACCENTED}|{_LETTER})\}}|\\[%&_#$]")
# In a formula `^^` is refused: TeX reads `^^5c` as a backslash.
_FORMULA = re.compile(r"\$((?:\\[A-Za-z]+|\\[ ,;:!>{}%#&_$|]|\^(?!\^)|[^\\$%#&^]){1,600})\$")

# Hugging Face takes the dollars out of arXiv's titles, and leaves this.
_SCRIPT = re.compile(r"(?<=[A-Za-z0-9)\]])[\^_]\{[A-Za-z0-9+*=(), -]{1,40}\}")

_STYLES = symbols.STYLES | {"textsuperscript", "textsubscript"}
_IN_TEXT = frozenset(name for name in symbols.SYMBOLS if name.startswith("text")) | {
    "LaTeX", "TeX", "ldots", "dots", "copyright", "pounds", "S", "P", "dag", "ddag",
}  # fmt: skip
_IN_FORMULA = (
    symbols.SYMBOLS.keys()
    | symbols.FUNCTIONS
    | symbols.STYLES
    | symbols.FONTS
    | symbols.SWITCHES
    | symbols.SIZES
    | symbols.ACCENTS.keys()
    | {"mathbb", "mathcal", "mathscr", "frac", "dfrac", "tfrac", "cfrac", "binom", "sqrt", "not", "pmod"}
    | {"overset", "underset", "stackrel"}
)
_DEEPEST = 8


def _tex(line: str) -> str:
    """The line as LaTeX that prints it: its own TeX where that can be trusted, the rest escaped."""
    return _Reader(line).prose(0, len(line), 0)


class _Reader:
    """One reading of one line."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.closing = _closing_braces(line)
        self.closed = frozenset(self.closing.values())

    def prose(self, at: int, end: int, depth: int) -> str:
        """The text from `at` to `end`, outside formulas."""
        pieces = []
        while found := _SPECIAL.search(self.line, at, end):
            pieces.append(self.line[at : found.start()])
            piece, at = self._kept(found.start(), end, depth) or (self._escaped(found.start()), found.end())
            pieces.append(piece)
        pieces.append(self.line[at:end])
        return "".join(pieces)

    def _escaped(self, at: int) -> str:
        """The sign at `at` as LaTeX that prints it; BibTeX counts `\\{`, so only a brace with its partner is that."""
        sign = self.line[at]
        return f"\\{sign}" if at in self.closing or at in self.closed else _SIGNS[sign]

    def _kept(self, at: int, end: int, depth: int) -> tuple[str, int] | None:
        """The TeX that begins at `at` and the place behind it; None where there is none to keep."""
        if found := _AS_IT_IS.match(self.line, at, end):
            return found[0], found.end()
        if self.line[at] == "$":
            return self._formula(at, end)
        if found := _SCRIPT.match(self.line, at, end):
            return f"\\ensuremath{{{found[0]}}}", found.end()
        if self.line.startswith(("\\{", "\\}"), at, end):
            return _SIGNS[self.line[at + 1]], at + 2
        if self.line.startswith("\\\\", at, end):
            return 2 * _SIGNS["\\"], at + 2
        if found := _SWITCH.match(self.line, at, end):
            return self._group(found[0], found.end(), self.closing.get(at, end), end, depth)
        if found := _COMMAND.match(self.line, at, end):
            return self._command(found[1], found.end(), end, depth)
        return None

    def _formula(self, at: int, end: int) -> tuple[str, int] | None:
        found = _FORMULA.match(self.line, at, end)
        if not found:
            return None
        before, after = self.line[at - 1 : at] if at else "", self.line[found.end() : found.end() + 1]
        fits = (
            is_formula(found[1], before, after)
            and all(name in _IN_FORMULA for name in _COMMAND.findall(found[1]))
            and _is_balanced(found[1].replace("\\", ""))
            and _is_balanced(re.sub(r"\\.", "", found[1]))
        )
        return (found[0], found.end()) if fits else None

    def _command(self, name: str, at: int, end: int, depth: int) -> tuple[str, int] | None:
        """A command outside formulas, read from behind its name."""
        if name in _STYLES and self.line.startswith("{", at):
            return self._group(f"\\{name}{{", at + 1, self.closing.get(at, end), end, depth)
        after = at + 2 if self.line.startswith("{}", at) else at
        if name in _IN_TEXT:
            return f"\\{name}{self.line[at:after]}", after
        if name in symbols.SYMBOLS or name in symbols.FUNCTIONS:
            return f"\\ensuremath{{\\{name}}}", after
        return None

    def _group(self, opening: str, at: int, close: int, end: int, depth: int) -> tuple[str, int] | None:
        if close >= end or depth >= _DEEPEST:
            return None
        return f"{opening}{self.prose(at, close, depth + 1)}}}", close + 1


def _closing_braces(line: str) -> dict[int, int]:
    closing: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACE.finditer(line):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            closing[opened.pop()] = found.start()
    return closing


def _is_balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0
