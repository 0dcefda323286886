"""arXiv's categories and archives (https://arxiv.org/category_taxonomy), and the way from a typo to one of them."""

from __future__ import annotations

from itertools import takewhile

from papers_tui.domain.errors import PapersError

_CLASSES = {
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "cs": "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC"
    " SD SE SI SY",
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST",
    "nlin": "AO CD CG PS SI",
    "physics": "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph"
    " geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "stat": "AP CO ME ML OT TH",
}

ARCHIVES = tuple(_CLASSES)
"""The archives that are divided into categories; a feed may have a whole one."""

CATEGORIES = (
    *(f"{archive}.{name}" for archive, names in _CLASSES.items() for name in names.split()),
    *("gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph"),
)
"""All categories in which papers are listed today."""


_CLOSE = 0.6


def known_category(name: str) -> str:
    """The category or archive that `name` is, as arXiv spells it; case doesn't count.

    Raises PapersError, which names the nearest, where there is none.
    """
    spelled = {known.lower(): known for known in (*CATEGORIES, *ARCHIVES)}
    found = spelled.get(name.strip().lower())
    if found is None:
        raise PapersError("arXiv", f'there is no category "{name.strip()[:40]}"', _nearest(name, spelled))
    return found


def _nearest(name: str, spelled: dict[str, str]) -> str:
    """The closest names; of those that are equally close, those that begin alike come first."""
    from difflib import SequenceMatcher

    typed = name.strip().lower()[:40]
    ratios = {known: SequenceMatcher(None, typed, known, autojunk=False).ratio() for known in spelled}
    close = sorted(
        (known for known in ratios if ratios[known] >= _CLOSE),
        key=lambda known: (-ratios[known], -_alike(typed, known)),
    )
    if not close:
        return "https://arxiv.org/category_taxonomy lists them all"
    *others, last = [spelled[known] for known in close[:3]]
    return f"perhaps {', '.join(others)} or {last}" if others else f"perhaps {last}"


def _alike(one: str, other: str) -> int:
    """How many characters the two have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
