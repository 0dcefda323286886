"""Papers as Markdown: one document, or one file a paper; pure text, for editors, GitHub and Obsidian alike.

Text from a source is data, so every character of it comes back unchanged from a CommonMark parser, and
is escaped no more than that takes. The user's note is theirs: it stands exactly as it was written.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import quote

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.paper import Link, Paper


@dataclass(frozen=True, slots=True)
class Shelved:
    """A paper with what the user did to it and where it was seen.

    `links` are all its links in the order to show; `sources` and `tags` are names, without `#`; `note` is
    the user's own Markdown, or empty.
    """

    paper: Paper
    links: tuple[Link, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    starred: bool = False
    read: bool = False


# ---------------------------------------------------------------------------------------------- documents


def render_document(papers: Sequence[Shelved], *, title: str, query: str, date: str) -> str:
    """One Markdown document of `papers`, in their order; `date` is the day of the export, YYYY-MM-DD.

    YAML front matter, the title as H1, then a section per paper under its linked title. Each section
    stands between `<!-- papers-tui: ID -->` and `<!-- /papers-tui: ID -->` (see `marker_id`).
    """
    head = _front_matter({"title": title, "date": date, "count": len(papers), "query": query})
    blocks = [f"# {_heading(title)}"]
    blocks += [_section(shelved, "##") for shelved in papers]
    return head + "\n" + "\n\n".join(blocks) + "\n"


def render_paper(shelved: Shelved) -> str:
    """The Markdown file of one paper: its record as YAML front matter, then its section under an H1.

    `date`, `url`, `code`, `starred` and `read` are left out where there is nothing to say.
    """
    paper = shelved.paper
    fields: dict[str, _Field | None] = {
        "id": paper.id,
        "title": paper.title,
        "authors": paper.authors,
        "date": _day(paper),
        "sources": shelved.sources,
        "tags": shelved.tags,
        "url": _address(shelved),
        "code": next((link.url for link in shelved.links if link.kind == "code" and not link.doubtful), None),
        "starred": shelved.starred or None,
        "read": shelved.read or None,
    }
    head = _front_matter({name: value for name, value in fields.items() if value is not None})
    return head + "\n" + _section(shelved, "#") + "\n"


def marker_id(identifier: str) -> str:
    """The paper's id as its markers carry it: ASCII without white space, and nothing that ends a comment.

    Other characters are percent-encoded, so `urllib.parse.unquote` gives the id back.
    """
    return quote(identifier, safe="!#$'()*+,/:;=?@[]", errors="replace").replace("--", "-%2D")


def _section(shelved: Shelved, level: str) -> str:
    paper = shelved.paper
    address = _address(shelved)
    title = _escaped(_line(paper.title) or _UNTITLED, linked=True)
    blocks = [
        f"<!-- papers-tui: {marker_id(paper.id)} -->",
        f"{level} [{title}]({_destination(address)})" if address else f"{level} {_heading(paper.title)}",
        _paragraph(_byline(paper)),
        _paragraph(_provenance(shelved)),
        "\n".join(_link_item(link) for link in shelved.links if link.url != address),
        "Tags: " + " ".join(_tag(tag) for tag in shelved.tags) if shelved.tags else "",
        *(_paragraph(part) for part in _PARAGRAPH_BREAK.split(paper.abstract)),
        _note(shelved.note),
        f"<!-- /papers-tui: {marker_id(paper.id)} -->",
    ]
    return "\n\n".join(filter(None, blocks))


def _byline(paper: Paper) -> str:
    names = ", ".join(filter(None, map(_line, paper.authors)))
    if not names and paper.author_count:
        names = "1 author" if paper.author_count == 1 else f"{paper.author_count} authors"
    organization = paper.organization
    return _dotted(names, organization.fullname or organization.name if organization else "")


def _provenance(shelved: Shelved) -> str:
    sources = ", ".join(filter(None, map(_line, shelved.sources)))
    return _dotted(_day(shelved.paper) or "", sources, "★" if shelved.starred else "")


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, map(_line, parts)))


def _day(paper: Paper) -> str | None:
    return (paper.published or paper.edition or "")[:10] or None


def _link_item(link: Link) -> str:
    label = _line(link.label)
    said = f" ({_escaped(label)})" if label and label not in (link.kind, link.url) else ""
    address = f"<{_web_address(link.url)}>" if _is_web(link.url) else _code(link.url)
    return f"- {link.kind}: {address}{said}{' (may be cut short)' if link.doubtful else ''}"


def _note(note: str) -> str:
    """The note as it stands, and below it what ends whatever the note leaves open."""
    if not note.strip():
        return ""
    ends = _ends_of(note)
    gap = "" if note.endswith("\n") or not ends else "\n"
    return f"**Note**\n\n{note}{gap}" + "\n".join(ends)


# --------------------------------------------------------------------------------------------- front matter

_Field = str | int | Sequence[str]
# What YAML 1.2 (§5.1, §7.3.1) does not read back as itself between double quotes.
_NOT_PLAIN = re.compile('[\\x00-\\x1f"\\\\\\x7f-\\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _front_matter(fields: dict[str, _Field]) -> str:
    return "---\n" + "".join(f"{name}:{_yaml(value)}\n" for name, value in fields.items()) + "---\n"


def _yaml(value: _Field) -> str:
    if isinstance(value, bool):
        return " true" if value else " false"
    if isinstance(value, int):
        return f" {value}"
    if isinstance(value, str):
        return f" {_quoted(value)}"
    return "".join(f"\n  - {_quoted(item)}" for item in value) or " []"


def _quoted(text: str) -> str:
    return '"' + _NOT_PLAIN.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}", text) + '"'


# ---------------------------------------------------------------------------------------------------- text

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


def _line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _paragraph(text: str) -> str:
    line = _line(text)
    return _escaped(line, _starts_a_block(line))


def _heading(text: str) -> str:
    line = _line(text) or _UNTITLED
    return _escaped(line, (found.start() for found in _CLOSING_HASHES.finditer(line)))


def _starts_a_block(line: str) -> Iterator[int]:
    if _BLOCK_START.match(line):
        yield 0
    if found := _NUMBERED.match(line):
        yield found.end()


def _escaped(line: str, also: Iterable[int] = (), *, linked: bool = False) -> str:
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


def _address(shelved: Shelved) -> str | None:
    """Where the paper itself is read about: its page, else its arXiv or DOI page, else its own address."""
    pages = [link.url for link in shelved.links if link.kind == "paper" and _is_web(link.url)]
    if pages:
        return pages[0]
    if identifier := key_arxiv_id(shelved.paper.keys):
        return f"https://arxiv.org/abs/{quote(identifier, errors='replace')}"
    for key in shelved.paper.keys:
        scheme, _, rest = key.partition(":")
        if scheme == "doi":
            return f"https://doi.org/{quote(rest, errors='replace')}"
        if scheme == "url" and _is_web(rest):
            return rest
    return None


def _is_web(url: str) -> bool:
    return _WEB.match(url) is not None


def _web_address(url: str) -> str:
    """The address as it may stand between `<` and `>`: an address of plain ASCII stays as it is."""
    return quote(url, safe="%!#$&'()*+,/:;=?@[]~", errors="replace")


def _destination(url: str) -> str:
    encoded = _web_address(url).replace("(", "%28").replace(")", "%29")
    return _ENTITY.sub("&amp;", encoded)


def _tag(tag: str) -> str:
    return f"#{tag}" if _OBSIDIAN_TAG.fullmatch(tag) else _code(tag)


def _code(text: str) -> str:
    """The text as a code span: the same to every reader, whatever is in it."""
    line = _line(text)
    longest = max((len(ticks) for ticks in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if not line or line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


# -------------------------------------------------------------------------------------------------- notes

_QUOTE_MARK = re.compile(r" {0,3}> ?")
_ITEM_MARK = re.compile(r" {0,3}(?:[-+*]|(\d{1,9})[.)])(?= |$)")
_RULE = re.compile(r" {0,3}([-_*])(?: *\1){2,} *$")
_HEADING_LINE = re.compile(r" {0,3}#{1,6}(?: |$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *$")
_FENCE = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
_BLANK = re.compile(r"^\s*$")
_HTML_UNTIL = (  # CommonMark 0.31 §4.6, start conditions 1 to 5
    (re.compile(r" {0,3}<(script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE), ""),
    (re.compile(r" {0,3}<!--"), "-->"),
    (re.compile(r" {0,3}<\?"), "?>"),
    (re.compile(r" {0,3}<![A-Za-z]"), ">"),
    (re.compile(r" {0,3}<!\[CDATA\["), "]]>"),
)
_RAW_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_BLOCK_TAGS = (
    "address article aside basefont base blockquote body caption center colgroup col dd details dialog dir"
    " div dl dt fieldset figcaption figure footer form frameset frame h1 h2 h3 h4 h5 h6 header head hr html"
    " iframe legend link li main menuitem menu nav noframes ol optgroup option param p search section"
    " summary table tbody td tfoot thead th title track tr ul"
)
_INLINE_TAGS = (
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark pre q s samp script small span strike"
    " strong style sub sup textarea tt u var"
)
_VOID_TAGS = {"basefont", "base", "col", "frame", "hr", "link", "menuitem", "param", "track"}
_CLOSED_BY_HAND = frozenset(f"{_BLOCK_TAGS} {_INLINE_TAGS}".split()) - _VOID_TAGS
_HTML_BLOCK = re.compile(rf" {{0,3}}</?(?:{_BLOCK_TAGS.replace(' ', '|')})(?:\s|/?>|$)", re.IGNORECASE)
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
_LONE_TAG = re.compile(
    rf" {{0,3}}<(?:[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*\s*/?|/[A-Za-z][A-Za-z0-9-]*\s*)>\s*$"
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_UNREAD = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?=[\s/>])[^<>]*>")


def _ends_of(note: str) -> list[str]:
    """The lines that end what the note leaves open, so that the document goes on as if it were closed.

    An open fence or HTML block would swallow every later paper in any reader; an open `<details>` or
    `<b>` would in a browser; an open `%%` or `$$` in Obsidian.
    """
    blocks = _OpenBlocks()
    for line in _LINE_END.split(note):
        blocks.read(line)
    ends = [blocks.end] if blocks.end and not blocks.containers else []
    prose = _UNREAD.sub("", "\n".join(blocks.prose))
    ends += [sign for sign in ("%%", "$$") if prose.count(sign) % 2]
    tags = "".join(f"</{name}>" for name in reversed(_open_tags(prose)) if f"</{name}>" not in ends)
    return [*ends, tags] if tags else ends


def _open_tags(prose: str) -> list[str]:
    stack: list[str] = []
    for slash, name in _TAG.findall(prose):
        name = name.lower()
        if not slash and name in _CLOSED_BY_HAND:
            stack.append(name)
        elif name in stack:
            del stack[len(stack) - 1 - stack[::-1].index(name) :]
    return stack


@dataclass(slots=True)
class _OpenBlocks:
    """Which blocks are open after the lines read so far, by the rules of CommonMark 0.31 §§3 to 5.

    `containers` holds the width of each open list item, 0 for a quotation; `until` matches what ends the
    open fence or HTML block, and `end` is that as text, empty where a blank line does it; `prose` are the
    lines outside of fences.
    """

    containers: list[int] = field(default_factory=list)
    paragraph: bool = False
    item_is_empty: bool = False
    until: re.Pattern[str] | None = None
    end: str = ""
    prose: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        rest, depth = self._inside(line.expandtabs(4))
        fenced = self._in_fence()
        self.item_is_empty = False
        if depth < len(self.containers):
            self._close()
        if self.until is None:
            self._start(rest, depth)
        elif self.until.search(rest):
            self._close()
        if not (fenced or self._in_fence()):
            self.prose.append(rest)

    def _in_fence(self) -> bool:
        return self.end.startswith(("`", "~"))

    def _inside(self, rest: str) -> tuple[str, int]:
        """What is left of the line within the open containers it belongs to, and how many those are."""
        for depth, width in enumerate(self.containers):
            if width:
                ends = self.item_is_empty and depth == len(self.containers) - 1
                if not (rest.startswith(" " * width) or (not rest.strip() and not ends)):
                    return rest, depth
                rest = rest[width:]
            elif found := _QUOTE_MARK.match(rest):
                rest = rest[found.end() :]
            else:
                return rest, depth
        return rest, len(self.containers)

    def _start(self, rest: str, depth: int) -> None:
        within = self.paragraph and depth == len(self.containers)
        containers = self.containers[:depth]
        if within and _UNDERLINE.match(rest):
            self.paragraph = False
            return
        rest = self._enter(rest, containers, within)
        deeper = len(containers) > depth
        indented = rest.startswith("    ")
        goes_on = self.paragraph and not deeper and bool(rest.strip())
        if not indented and self._opens_leaf(rest, goes_on):
            self.containers, self.paragraph = containers, False
        elif not goes_on:
            self.containers, self.paragraph = containers, bool(rest.strip()) and not indented

    def _enter(self, rest: str, containers: list[int], within: bool) -> str:
        """Adds the containers that begin on this line; gives what is left of it inside them."""
        while True:
            if found := _QUOTE_MARK.match(rest):
                containers.append(0)
                rest = rest[found.end() :]
            elif (found := _ITEM_MARK.match(rest)) and not _RULE.match(rest):
                body = rest[found.end() :].lstrip(" ")
                if within and (not body or found[1] not in (None, "1")):
                    return rest
                spaces = len(rest) - found.end() - len(body)
                containers.append(found.end() + (spaces if body and spaces < 5 else 1))
                rest = rest[containers[-1] :]
                self.item_is_empty = not body
            else:
                return rest
            within = False

    def _opens_leaf(self, rest: str, goes_on: bool) -> bool:
        """Whether the line is a leaf block other than a paragraph; notes what ends it, if it stays open."""
        if found := _FENCE.match(rest):
            self.end = found[found.lastindex or 0]
            self.until = re.compile(rf"^ {{0,3}}{self.end}{self.end[0]}* *$")
            return True
        for start, end in _HTML_UNTIL:
            if found := start.match(rest):
                until = re.compile(re.escape(end)) if end else _RAW_END
                if not until.search(rest):
                    self.until, self.end = until, end or f"</{found[1].lower()}>"
                return True
        if _HTML_BLOCK.match(rest) or (not goes_on and _LONE_TAG.match(rest)):
            self.until = _BLANK
            return True
        return bool(_HEADING_LINE.match(rest) or _RULE.match(rest))

    def _close(self) -> None:
        self.until, self.end = None, ""


# ---------------------------------------------------------------------------------------------- file names

_SLUG_LENGTH = 60
_SPELT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": ""}
)
_NEW_ARXIV = re.compile(r"arxiv:(\d{4}\.\d{4,5})")
_OLD_ARXIV = re.compile(r"arxiv:([a-z][a-z-]{0,19})/(\d{7})")
_FINGERPRINT = re.compile(r"text:([0-9a-f]{20})")


def file_name(title: str, identifier: str) -> str:
    """The name of a paper's own file, `<slug>-<id>.md`: lower-case ASCII of at most 120 bytes.

    Two ids never share a name, whatever their titles, on a file system that ignores case either:
    the id's part holds no `-`, so it is what follows the last one.
    """
    return f"{_slug(title) or 'paper'}-{_file_id(identifier)}.md"


def _slug(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title.casefold().translate(_SPELT))
    words = re.sub(r"[\W_]+", "-", "".join(sign for sign in letters if not unicodedata.combining(sign)))
    folded = words.encode("ascii", "ignore").decode()
    slug = re.sub(r"-+", "-", folded.lower()).strip("-")
    if len(slug) <= _SLUG_LENGTH:
        return slug
    return slug[: _SLUG_LENGTH + 1].rpartition("-")[0] or slug[:_SLUG_LENGTH]


def _file_id(identifier: str) -> str:
    if found := _NEW_ARXIV.fullmatch(identifier) or _FINGERPRINT.fullmatch(identifier):
        return found[1]
    if found := _OLD_ARXIV.fullmatch(identifier):
        return f"{found[1].replace('-', '_')}_{found[2]}"
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    hint = re.sub(r"[^a-z0-9.]+", "_", identifier.partition(":")[2].lower())[:24].strip("_.")
    return f"{hint}_{digest}" if hint else digest
