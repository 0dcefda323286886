"""What a formula is, and how its parts look within a line."""

from __future__ import annotations

import re
import unicodedata

from papers_tui.domain.text import symbols
from papers_tui.late import pattern

_TEX_IN_FORMULA = pattern(r"[\\^_={}<>]")
_COMMANDS = pattern(r"\\[A-Za-z]+\*?(?:\{[^{}]*\})*")
_SENTENCE = pattern(r"(?<![^\W_])[a-z]{3,},? [a-z]{3,}")
_WORD_BESIDE_SPACE = pattern(r"\s[^\W\d_]{2,}|[^\W\d_]{2,}\s")
_LONG_WORD = pattern(r"[^\W\d_]{4}")
_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def is_formula(content: str, before: str, after: str) -> bool:
    """Whether what stands between two dollars is a formula, and not what stands between two prices."""
    first, last = content[0], content.rstrip()[-1:]
    if not last or "\n\n" in content or (first.isdigit() and (content[-1].isspace() or after.isdigit())):
        return False
    if _TEX_IN_FORMULA.search(content):
        return not _SENTENCE.search(_COMMANDS.sub("", content))
    if len(content) == 1:
        return True
    if (before.isupper() or before.isdigit()) and not first.isalpha():
        return False
    if _WORD_BESIDE_SPACE.search(content) or _brackets(content, "([") != _brackets(content, ")]"):
        return False
    return last.isalnum() or last in ")]'!%*+|×" or (last in ".," and not first.isdigit())


def is_open(content: str) -> bool:
    """Whether a group that begins in `content` ends behind it, so that a dollar there is one of the group's."""
    opened = content.count("{") - content.count("\\{")
    return opened > content.count("}") - content.count("\\}")


def _brackets(content: str, kinds: str) -> int:
    return sum(map(content.count, kinds))


def script(kind: str, content: str, after: str) -> str:
    """`content` raised or lowered; with its sign before it where Unicode has no such characters."""
    table = symbols.SUPERSCRIPTS if kind == "^" else symbols.SUBSCRIPTS
    if not content or (kind == "^" and content in "′°†‡*"):
        return content
    if kind == "^" and content == "∘":
        return "°"
    if all(sign in table for sign in content) and not _LONG_WORD.search(content):
        return "".join(table[sign] for sign in content)
    if len(content) == 1 or (content.isalnum() and not after.isalnum()):
        return kind + content
    return f"{kind}({content})"


def accent(content: str, mark: str) -> str:
    """`content` with the accent on its only letter; a longer word goes without."""
    if not content or not content[0].isalnum() or any(sign in _LATIN for sign in content[1:]):
        return content
    return unicodedata.normalize("NFC", content[0] + mark) + content[1:]


def operand(content: str) -> str:
    bare = content.isalnum() or (len(content) <= 3 and not re.search(r"[-+/*\s=]", content))
    return content if bare else f"({content})"


def dash(token: str, before: str, after: str) -> str:
    if token == "--" and before.isdigit() and after.isdigit():
        return "–"
    if token == "---" and before and after and not {before, after} & {"|", "\n"}:
        return "—"
    return token
