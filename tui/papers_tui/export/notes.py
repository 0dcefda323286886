"""What a note leaves open: the fences, HTML blocks and tags that would swallow what stands below it."""

from __future__ import annotations

import re
from dataclasses import field

from papers_tui.late import dataclass

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


def ends_of(note: str) -> list[str]:
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
