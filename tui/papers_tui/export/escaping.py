"""Text of a source in Markdown: every character comes back from a parser, escaped no more than that takes."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from urllib.parse import quote

from papers_tui.late import dataclass

_UNTITLED = "Untitled"
_SPACE = re.compile("[\t-\r\x1c- \x85\u2028\u2029]+")
# A blank line, or arXiv's own way to begin a paragraph: an indented line.
_PARAGRAPH_BREAK = re.compile(r"(?:\r?\n)(?:[ \t]*\r?\n)+|\r?\n[ \t]+")
_PUNCTUATION = "!-/:-@\\[-`{-~"
# Characters that act on their own wherever they stand; after CommonMark 0.31 §6, GFM, and Obsidian's
# [[links]], ==highlights==, %%comments%%, #tags and ^block-ids.
_LIVE = re.compile(
    rf"""  \\(?=[{_PUNCTUATION}]|$)
         | `
         | <(?=[A-Za-z/!?]|[^\s<>]*@)
         | &(?=\#?[A-Za-z0-9]+;)
         | \[(?=[\[^])      | (?<=\[)\[
         | \](?=[\](\[:])   | (?<=\])\]
         | =(?==)           | (?<==)=
         | %(?=%)           | (?<=%)%
         | (?<![\w/&\#])\#(?=[\w/-]*[^\W\d])
         | (?<!\S)\^(?=[A-Za-z0-9-]+$)
    """,
    re.VERBOSE,
)
_BRACKET = re.compile(r"[\[\]]")
_DOLLAR = re.compile(r"\$")
# What makes a heading, list, quotation, rule, fence or link definition of a paragraph's first characters.
_BLOCK_START = re.compile(r"[-+*](?: |$)|#{1,6}(?: |$)|>|\[|~{3}|([-*_])(?: ?\1){2,}$")
_NUMBERED = re.compile(r"\d{1,9}(?=[.)](?: |$))")
_CLOSING_HASHES = re.compile(r"(?:^|(?<= ))#+$")
_WORD = re.compile(r"\S+")
_ADDRESS_START = re.compile(r"(?<=http)s?(?=://)|(?<=ftp)(?=://)|(?<=www)(?=\.)", re.IGNORECASE)
_MATH = re.compile(r"(?<![\\$])(\$\$?)(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\1(?![\d$])")
_TEX_SIGN = re.compile(r"[\\^_{}]")
_PLAIN_WORD = re.compile(r" [A-Za-z]{3,}")
_RUN = re.compile(r"\*+|_+|~+")


def one_line(text: str) -> str:
    """The text with each run of white space as one blank, and none at its ends."""
    return _SPACE.sub(" ", text).strip()


def paragraphs(text: str) -> Iterator[str]:
    """The text's paragraphs, a line each: a blank line parts them, and so does an indented one."""
    return map(paragraph, _PARAGRAPH_BREAK.split(text))


def paragraph(text: str) -> str:
    """The text as a paragraph of one line."""
    line = one_line(text)
    return escaped(line, _starts_a_block(line))


def heading(text: str, address: str | None = None) -> str:
    """The text as what follows a heading's `#`, linked to an address where there is one; never empty."""
    line = one_line(text) or _UNTITLED
    if address:
        return f"[{escaped(line, linked=True)}]({_destination(address)})"
    return escaped(line, (found.start() for found in _CLOSING_HASHES.finditer(line)))


def _starts_a_block(line: str) -> Iterator[int]:
    if _BLOCK_START.match(line):
        yield 0
    if found := _NUMBERED.match(line):
        yield found.end()


def escaped(line: str, also: Iterable[int] = (), *, linked: bool = False) -> str:
    """The line with a backslash before each character that would act, and before those at `also`.

    Formulas in dollars stay as they are where CommonMark leaves them alone, so that GitHub and Obsidian
    draw them; the others show their source, for `\\{` would lose its backslash and `\\\\{` its meaning.
    `linked` is for the text of a link, where brackets count too.
    """
    live = {found.start() for found in _LIVE.finditer(line)} | set(also)
    if linked:
        live.update(found.start() for found in _BRACKET.finditer(line))
    runs = _pairing_runs(line)
    formulas = _kept_formulas(line, sorted(live), runs)
    live.update(at for run in runs for at in range(run.start, run.end) if at not in formulas)
    dollars = [found.start() for found in _DOLLAR.finditer(line)]
    if len(dollars) > 1:
        live.update(at for at in dollars if at not in formulas)
    live.update(_broken_addresses(line, sorted(live)))
    return _with_backslashes(line, sorted(live))


def _with_backslashes(line: str, places: Sequence[int]) -> str:
    edges = [0, *places, len(line)]
    return "\\".join(line[start:end] for start, end in pairwise(edges))


def _kept_formulas(line: str, live: Sequence[int], runs: Sequence[_Run]) -> set[int]:
    """Every place that is part of a formula which can be left as it is."""
    kept: set[int] = set()
    opened: frozenset[str] = frozenset()
    starts = [run.start for run in runs]
    for found in _MATH.finditer(line):
        start, end = found.span()
        if not _is_tex(found[2]) or bisect_left(live, start) != bisect_left(live, end):
            continue
        inside = runs[bisect_left(starts, start) : bisect_left(starts, end)]
        left_open = _left_open(inside, opened)
        if left_open is not None:
            kept.update(range(start, end))
            opened = left_open
    return kept


def _is_tex(formula: str) -> bool:
    """Whether it is a formula, rather than what stands between two prices."""
    return bool(_TEX_SIGN.search(formula)) or not _PLAIN_WORD.search(formula)


def _broken_addresses(line: str, live: Sequence[int]) -> Iterator[int]:
    """The colon of each bare address that holds an escape: GFM links it, and reads no escapes in it."""
    if not _ADDRESS_START.search(line):
        return
    for word in _WORD.finditer(line):
        if bisect_left(live, word.start()) != bisect_left(live, word.end()):
            yield from (found.end() for found in _ADDRESS_START.finditer(line, *word.span()))


@dataclass(frozen=True, slots=True)
class _Run:
    """A row of one sign that may open or close emphasis or a strikethrough."""

    sign: str
    start: int
    end: int
    opens: bool
    closes: bool


def _pairing_runs(line: str) -> list[_Run]:
    """The runs of each sign that Markdown may find a pair in; a sign without one is text."""
    runs = [_run(line, found) for found in _RUN.finditer(line)]
    paired = {sign for sign in "*_~" if _left_open([run for run in runs if run.sign == sign]) is None}
    return [run for run in runs if run.sign in paired and (run.opens or run.closes)]


def _run(line: str, found: re.Match[str]) -> _Run:
    """Flanking after CommonMark 0.31 §6.2; of signs that parsers class differently, the worse is taken."""
    before = line[found.start() - 1 : found.start()] or " "
    after = line[found.end() : found.end() + 1] or " "
    opens = _flanks(before, after, _is_sign, _may_be_sign)
    closes = _flanks(after, before, _is_sign, _may_be_sign)
    if found[0][0] == "_":
        surely_opens = _flanks(before, after, _may_be_sign, _is_sign)
        surely_closes = _flanks(after, before, _may_be_sign, _is_sign)
        opens, closes = (
            opens and (not surely_closes or _may_be_sign(before)),
            closes and (not surely_opens or _may_be_sign(after)),
        )
    return _Run(found[0][0], found.start(), found.end(), opens, closes)


def _flanks(outside: str, inside: str, hinders: Callable[[str], bool], allows: Callable[[str], bool]) -> bool:
    return not inside.isspace() and (not hinders(inside) or outside.isspace() or allows(outside))


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] == "P" or (character.isascii() and character in "$+<=>^`|~")


def _may_be_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _left_open(runs: Iterable[_Run], opened: frozenset[str] = frozenset()) -> frozenset[str] | None:
    """The signs that are open after `runs`, given those before them; None where one finds its pair."""
    for run in runs:
        if run.closes and run.sign in opened:
            return None
        if run.opens:
            opened |= {run.sign}
    return opened


# ---------------------------------------------------------------------------------------- addresses and tags

_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
# Letters, digits, - and /, with _ only inside a word (elsewhere Markdown may read it); not a bare number.
_OBSIDIAN_TAG = re.compile(r"(?=.*[^\W\d_])(?:[^\W_]|[-/]|(?<=[^\W_])_(?=[^\W_]))+")


def is_web(url: str) -> bool:
    """Whether it is an address that may become a link."""
    return _WEB.match(url) is not None


def address(url: str) -> str:
    """The address between `<` and `>`; one that is not of the web is no link."""
    return f"<{_encoded(url)}>" if is_web(url) else code(url)


def _encoded(url: str) -> str:
    """The address in ASCII: one of plain ASCII stays as it is."""
    return quote(url, safe="%!#$&'()*+,/:;=?@[]~", errors="replace")


def _destination(url: str) -> str:
    encoded = _encoded(url).replace("(", "%28").replace(")", "%29")
    return _ENTITY.sub("&amp;", encoded)


def tag(name: str) -> str:
    """A tag as `#name` where Obsidian reads it as one, else as a code span."""
    return f"#{name}" if _OBSIDIAN_TAG.fullmatch(name) else code(name)


def code(text: str) -> str:
    """The text as a code span: the same to every reader, whatever is in it."""
    line = one_line(text)
    longest = max((len(ticks) for ticks in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if not line or line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"
