"""The signs on the screen, in a set that the terminal's encoding can show."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

from papers_tui.late import dataclass
from papers_tui.ui.cells import split_signs


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One sign for each state, so that no state is told by colour alone."""

    unread: str = "●"
    later: str = "◷"
    dismissed: str = "×"
    star: str = "★"
    note: str = "✎"
    tag: str = "#"
    upvotes: str = "▲"
    code: str = "<>"
    bullet: str = "•"
    selected: str = "▌"


ASCII = Glyphs(
    unread="o", later="L", dismissed="x", star="*", note="n", upvotes="^", bullet="-", selected="+"
)


_PLAIN = str.maketrans(
    {
        **dict.fromkeys("│┃┆┊▏▎▍▌▋▊▉▐▕", "|"),
        **dict.fromkeys("─━┄┈▁▂▃▔", "-"),
        **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
        **dict.fromkeys("▄▅▆▇█▀░▒▓", "#"),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("–—‐‑", "-"),
        **dict.fromkeys("·•", "-"),
        "…": "~",
        "↑": "^",
        "↓": "v",
        "←": "<",
        "→": ">",
        "🔎": "> ",
    }
)


def screen_encoding(encoding: str | None, environ: Mapping[str, str]) -> str:
    """What the screen can show: the output's encoding, but ASCII where the locale is C or POSIX by name.

    (Python then writes UTF-8 all the same, PEP 540; the terminal need not understand it.)
    """
    named = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    if named in ("C", "POSIX"):
        return "ascii"
    try:
        return codecs.lookup(encoding or "ascii").name
    except LookupError:
        return "ascii"


def glyphs_for(encoding: str) -> Glyphs:
    """The set for a screen's encoding: Unicode's where it is one of Unicode's."""
    return Glyphs() if encoding.startswith("utf") else ASCII


def plain(text: str, encoding: str) -> str:
    """The text in characters that the encoding has, each as wide as the one it stands for."""
    if text.isascii():
        return text
    text = text.translate(_PLAIN)
    signs = split_signs(text)
    return "".join(_encodable(text[start:end], cells, encoding) for start, end, cells in signs)


def _encodable(sign: str, cells: int, encoding: str) -> str:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return "?" * cells
    return sign
