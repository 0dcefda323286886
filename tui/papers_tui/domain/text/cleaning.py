"""Cleaning: what a text from outside must not bring to a terminal goes, what it says stays."""

from __future__ import annotations

import re
import unicodedata

from papers_tui.late import pattern

_STRING = "[^\x07\x18\x1a\x1b\x80-\x9f]*"
_SEQUENCE = pattern(
    # Control sequences, control strings and short escapes of ECMA-48, in 7 and 8 bits; OSC may end in BEL,
    # as xterm has it. What never ends is no sequence: only its control characters go.
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    rf"|(?:\x1b\]|\x9d){_STRING}(?:\x07|\x1b\\|\x9c)"
    rf"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f]){_STRING}(?:\x1b\\|\x9c)"
    r"|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]"
)
_BREAKS = "\x0b\x0c\r\x85\u2028\u2029"
_BREAK = pattern(f"\r\n|[{_BREAKS}]")
_JUNK = "".join(
    (
        "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f",  # C0 and C1
        "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f",  # bidi controls
        "\xad\u180e\u200b\u2060-\u2065\ufeff\ufff9-\ufffb",  # zero width
        "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff",  # tags, and what is reserved beside them
        "\ud800-\udfff",  # lone surrogates
        "\ufdd0-\ufdef",  # noncharacters, and below the last two of each plane
        *(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)),
    )
)
_JOINERS = "\u200c\u200d"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_ACCENTS = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe20-\ufe2f"
)
_SIGNS = (  # of Hebrew, Arabic, Indic and kindred scripts; a few letters between them do no harm
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
    "\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u0819\u08ca-\u08e1\u08e3-\u0903"
    "\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09e2\u09e3\u0a01-\u0a03"
    "\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c56"
    "\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1"
    "\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18\u0f19\u0f35-\u0f39\u0f71-\u0f87\u0f8d-\u0fbc\u102b-\u103e\u1056-\u1059"
    "\u135d-\u135f\u17b4-\u17d3\u1920-\u193b\u1a55-\u1a7f\u1b34-\u1b44\u1cd0-\u1ce8\ua8e0-\ua8f1\ua980-\ua983"
    "\ua9b3-\ua9c0"
)
_HANGING = _JOINERS + _SELECTORS + _ACCENTS + _SIGNS

_NEVER = pattern(f"[{_JUNK}]")
_SUSPECT = pattern(f"[{_JUNK}{_HANGING}{_BREAKS}]")
# Nearly every text consists of these alone, and a class without astral ranges is searched ten times faster.
_HARMLESS = (
    " -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205f\u2070-\u20cf"
    "\u2100-\u23ff\u2460-\u26ff"
)
_NOT_PLAIN = pattern(f"[^{_HARMLESS}\t\n]")
_PLAIN_ASCII = bytes((*b"\t\n", *range(0x20, 0x7F)))
PLAIN_SIGNS = frozenset[str]().union(
    map(chr, range(0x20, 0x7F)),
    map(chr, range(0xA0, 0xAD)),  # Latin
    map(chr, range(0xAE, 0x180)),
    map(chr, range(0x391, 0x3CA)),  # Greek
    map(chr, range(0x2010, 0x2028)),  # dashes, quotation marks, dots
    map(chr, range(0x2190, 0x21A0)),  # arrows
    map(chr, range(0x2200, 0x2300)),  # mathematics
    map(chr, range(0x2500, 0x25FD)),  # boxes, blocks, shapes
    "★✎",
)
"""What nearly every line consists of: it does nothing to a terminal, and each sign is one character in one cell."""
_CLUSTER = pattern(f"([^{_HANGING}]?)([{_HANGING}]+)")
_SELECTOR = pattern(f"[{_SELECTORS}]")
_ACCENT = pattern(f"[{_ACCENTS}]")
_COMPLEX = pattern("[\u0600-\u109f\u1700-\u18af\u1900-\u1cff\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefc]")
_EMOJI = pattern("[\xa9\xae\u203c-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]")

_MOST_ACCENTS = 4  # a Vietnamese letter has two
_MOST_SIGNS = 16  # a Tibetan or Burmese stack is a whole syllable


def clean_line(text: str) -> str:
    """One line, for a title, a name or a label; a line break with the spaces around it is one space.

    Out go escape sequences as a whole, control, bidi and tag characters, zero-width junk, lone surrogates,
    noncharacters, and what exceeds four accents on a letter. Letters stay, and so do the signs of Indic,
    Thai, Arabic and Hebrew, and joiners where such a script or an emoji needs them. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    drawable = _drawable(text)
    lines = (line.strip() for line in drawable.replace("\t", " ").split("\n"))
    return " ".join(filter(None, lines))


def clean_text(text: str) -> str:
    r"""Paragraphs, for an abstract: cleaned as by `clean_line`, with exactly "\n\n" between them.

    A blank line starts a paragraph, and so does a line that is set in by two or more spaces (arXiv's way,
    https://info.arxiv.org/help/prep.html). Any other line break is a hard wrap, hence a space. Idempotent.
    """
    drawable = _drawable(text)
    if "\n" not in drawable and "\t" not in drawable:
        return drawable.strip()
    paragraphs: list[list[str]] = [[]]
    for line in drawable.replace("\t", " ").split("\n"):
        words = line.strip()
        if not words or line.startswith("  "):
            paragraphs.append([])
        if words:
            paragraphs[-1].append(words)
    return "\n\n".join(" ".join(lines) for lines in paragraphs if lines)


def clean_lines(text: str) -> str:
    """The user's own text: cleaned as by `clean_line`, but every space and line break stays; a tab is four spaces."""
    return _drawable(text).replace("\t", "    ")


def for_terminal(text: str) -> str:
    """The last defence before drawing: `text` itself where it is clean, else without what could act.

    A line break or a tab becomes a space; nothing is stripped or collapsed. Idempotent.
    """
    if (text.isascii() and text.isprintable()) or PLAIN_SIGNS.issuperset(text):
        return text
    return _drawable(text).replace("\n", " ").replace("\t", " ")


def _drawable(text: str) -> str:
    r"""`text` with nothing dangerous left, each of its line breaks as "\n", its tabs as they are."""
    if _is_plain(text) or not _SUSPECT.search(text):
        return text
    text = _NEVER.sub("", _SEQUENCE.sub("", text))
    return _CLUSTER.sub(_cluster, _BREAK.sub("\n", text))


def _is_plain(text: str) -> bool:
    """Whether it consists of what is harmless in any company; quickest by far for ASCII, as nearly all texts are."""
    if text.isascii():
        return not text.encode().translate(None, _PLAIN_ASCII)
    return not _NOT_PLAIN.search(text)


def _cluster(found: re.Match[str]) -> str:
    """A character with what hangs on it, without what hangs there in vain.

    Each choice looks only at what is kept beside it, so that a second pass would choose the same.
    """
    kept = base = found[1]
    joiner = ""
    accents, signs = _MOST_ACCENTS, _MOST_SIGNS
    for sign in found[2]:
        if sign in _JOINERS:
            joiner = joiner or sign
            continue
        if _SELECTOR.match(sign):
            if kept == base and base.strip():
                kept += sign
            continue
        if _ACCENT.match(sign):
            accents -= 1
            fits = accents >= 0
        elif unicodedata.category(sign).startswith("M"):
            signs -= 1
            fits = signs >= 0
        else:
            fits = True
        if fits:
            kept += _joint(joiner, kept[-1:], sign) + sign
            joiner = ""
    return kept + _joint(joiner, kept[-1:], found.string[found.end() : found.end() + 1])


def _joint(joiner: str, before: str, after: str) -> str:
    """`joiner` where it has something to join: letters of a complex script, or two emoji.

    A zero-width joiner may also end a word: so Malayalam writes its bare consonants.
    """
    if _COMPLEX.match(before) and (_COMPLEX.match(after) or joiner == "\u200d"):
        return joiner
    return joiner if joiner == "\u200d" and _EMOJI.match(before) and _EMOJI.match(after) else ""
