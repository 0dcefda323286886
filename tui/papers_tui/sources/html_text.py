"""HTML from outside as harmless HTML, as Markdown, or as plain text.

The sanitiser takes quadratic time over elements that are nested deeply, and the converter recurses into them: so
tags are thinned out, in linear time, before either sees them.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from papers_tui.domain.links import safe_url
from papers_tui.domain.text import clean_lines

if TYPE_CHECKING:
    import nh3
    from markdownify import MarkdownConverter

_LONGEST = 400_000
_DEEPEST = 60
_MOST_TAGS = 10_000

_NOT_NESTED = ("br", "dd", "dt", "hr", "img", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr")
"""What is empty, or ends where the next of its kind begins: it nests only in what is counted."""
_BLOCKS = ("address", "article", "aside", "blockquote", "caption", "center", "div", "dl", "figcaption", "figure",
           "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "ol", "pre", "section", "table", "ul",
           *_NOT_NESTED)  # fmt: skip
_TAGS = frozenset(("a", "abbr", "b", "cite", "code", "del", "em", "i", "kbd", "mark", "q", "s", "samp", "small",
                   "span", "strong", "sub", "sup", "u", "var", *_BLOCKS))  # fmt: skip
_RAW = ("iframe", "noembed", "noframes", "script", "style", "textarea")
"""What a browser reads as text up to its end tag, or to the end of the page."""
_GONE = ("annotation", "annotation-xml", "applet", "canvas", "head", "noscript", "object", "select", "svg",
         "template", "video", *_RAW)  # fmt: skip
"""What goes with all that stands in it."""

_DROPPED = frozenset((
    "acronym", "area", "audio", "base", "basefont", "bdi", "bdo", "bgsound", "big", "blink", "body",
    "button", "col", "colgroup", "command", "data", "datalist", "details", "dfn", "dialog", "dir", "embed",
    "fieldset", "font", "form", "frame", "frameset", "hgroup", "html", "input", "ins", "isindex", "keygen",
    "label", "legend", "link", "listing", "map", "marquee", "math", "menu", "menuitem", "meta", "meter",
    "nav", "nobr", "optgroup", "option", "output", "param", "picture", "plaintext", "progress", "rb", "rp",
    "rt", "rtc", "ruby", "search", "slot", "source", "spacer", "strike", "summary", "time", "title",
    "track", "tt", "wbr", "xml", "xmp", "maction", "maligngroup", "malignmark", "menclose", "merror",
    "mfenced", "mfrac", "mglyph", "mi", "mlabeledtr", "mlongdiv", "mmultiscripts", "mn", "mo", "mover",
    "mpadded", "mphantom", "mprescripts", "mroot", "mrow", "ms", "mscarries", "mscarry", "msgroup",
    "msline", "mspace", "msqrt", "msrow", "mstack", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd",
    "mtext", "mtr", "munder", "munderover", "none", "semantics",
))  # fmt: skip
"""Other elements of HTML and MathML. What is none of these, `<think>` or `<MASK>`, is text that nobody escaped."""

# A tag ends before the next "<", so that no search runs further than to there.
_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:\"[^\"<]*\"|'[^'<]*'|[^<>\"'])*)>|<[!?][^<>]*>|<(?=[a-zA-Z/!?])"
)
_GONE_STARTS = re.compile(rf"<({'|'.join(_GONE)})(?=[\s/>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(href|alt)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_KEPT_ATTRIBUTE = {"a": "href", "img": "alt"}
_PRE = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
_SPACES = re.compile(r"\s+")
_LONG_GAP = re.compile(r"[^\S\n]{40,}|\n{4,}")
_MANY_LINES = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile(r"[^\S\n]+\n")


def sanitised(markup: str, *, base_url: str | None = None) -> str:
    """`markup` as HTML in which nothing can act: no scripts, styles, forms or frames, http(s) addresses only.

    Relative addresses are resolved against `base_url`, or go where there is none. At most 400,000 characters and
    10,000 tags are read; tags that are nested too deeply go, their text stays.
    """
    try:
        cleaner = _cleaner(safe_url(base_url) if base_url else None)
    except ValueError:  # a host that only looks like one
        cleaner = _cleaner(None)
    return cleaner.clean(_thinned(markup))


def to_markdown(markup: str, *, base_url: str | None = None) -> str:
    """`markup` as Markdown that is clean for a terminal, its blocks apart by a blank line.

    Its punctuation is not escaped: the text is read as it stands, and each export escapes it in its own way. An image
    is its alternative text. What the converter can't take is plain text.
    """
    safe = sanitised(markup, base_url=base_url)
    pieces = _PRE.split(safe)
    pieces[::2] = [_SPACES.sub(" ", piece) for piece in pieces[::2]]
    pieces[1::2] = [_LONG_GAP.sub("\n", piece) for piece in pieces[1::2]]
    try:
        # Within an element: the parser warns of a bare text that looks like an address or a file's name.
        text = _converter().convert(f"<div>{''.join(pieces)}</div>")
    except (RecursionError, ValueError, AssertionError):
        text = _bare(safe)
    return _MANY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", clean_lines(text))).strip()


def to_text(markup: str) -> str:
    """The text of `markup` alone, on one line: for titles and names."""
    return _SPACES.sub(" ", clean_lines(_bare(_readable(markup)))).strip()


def _readable(markup: str) -> str:
    """`markup` without comments, and without what is not for reading."""
    before, *parts = markup[:_LONGEST].split("<!--")
    text = before + "".join(part.partition("-->")[2] for part in parts)
    kept: list[str] = []
    place = 0
    unclosed: set[str] = set()
    for found in _GONE_STARTS.finditer(text):
        name = found[1].lower()
        if found.start() < place or name in unclosed:
            continue
        end = re.compile(rf"</{name}(?:\s[^<>]*)?>", re.IGNORECASE).search(text, found.end())
        if end:
            kept.append(text[place : found.start()])
            place = end.end()
        elif name in _RAW:
            kept.append(text[place : found.start()])
            place = len(text)
        else:
            unclosed.add(name)
    return "".join((*kept, text[place:]))


def _thinned(markup: str) -> str:
    """The readable text with the tags and attributes alone that are kept anyway, none nested too deeply."""
    text = _readable(markup)
    kept: list[str] = []
    place = tags = 0
    open_tags: list[str] = []
    cut: Counter[str] = Counter()
    for found in _TAG.finditer(text):
        kept.append(text[place : found.start()])
        place = found.end()
        name = (found[2] or "").lower()
        if _is_text(found):
            kept.append(html.escape(found[0], quote=False))
        if name not in _TAGS or tags > _MOST_TAGS:
            continue
        tags += 1
        if name in _NOT_NESTED:
            kept.append(f"<{found[1]}{name}{_attribute(name, found[3])}>")
        elif not found[1]:
            if len(open_tags) < _DEEPEST:
                open_tags.append(name)
                kept.append(f"<{name}{_attribute(name, found[3])}>")
            else:
                cut[name] += 1
        elif cut[name]:
            cut[name] -= 1
        elif name in open_tags:
            del open_tags[len(open_tags) - 1 - open_tags[::-1].index(name)]
            kept.append(f"</{name}>")
    kept.append(text[place:])
    return "".join(kept)


def _attribute(tag: str, written: str) -> str:
    wanted = _KEPT_ATTRIBUTE.get(tag)
    values = (value for name, value in _ATTRIBUTE.findall(written) if name.lower() == wanted)
    value = next(values, "").strip("\"'").replace('"', "&quot;")
    return f' {wanted}="{value}"' if value else ""


@lru_cache(maxsize=8)
def _cleaner(base_url: str | None) -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_GONE),
        attributes={tag: {name} for tag, name in _KEPT_ATTRIBUTE.items()},
        url_schemes={"http", "https"},
        url_relative=("rewrite_with_base", base_url) if base_url else "deny",
        link_rel=None,
    )


@cache
def _converter() -> MarkdownConverter:
    from markdownify import MarkdownConverter

    class Converter(MarkdownConverter):
        def convert_img(self, el: object, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
            alt = getattr(el, "attrs", {}).get("alt")
            return alt if isinstance(alt, str) else ""

    return Converter(
        heading_style="atx", bullets="-", escape_asterisks=False, escape_underscores=False, escape_misc=False
    )


def _bare(markup: str) -> str:
    """The text between the tags, with a line break where a block begins or ends."""
    return html.unescape(_TAG.sub(_gap, markup))


def _is_text(found: re.Match[str]) -> bool:
    """Whether what looks like a tag is none: cut off, or not of any markup that we know."""
    name = (found[2] or "").lower()
    if not name:
        return found[0] == "<"
    known = name in _TAGS or name in _DROPPED or name in _GONE
    return not known and not found[3].strip(" /") and ":" not in name and "-" not in name


def _gap(found: re.Match[str]) -> str:
    if _is_text(found):
        return found[0]
    return "\n" if (found[2] or "").lower() in _BLOCKS else ""
