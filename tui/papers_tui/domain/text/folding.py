"""Folded forms of a text: one to tell papers apart, one to search in."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_BRACED_COMMAND = re.compile(r"\\[A-Za-z]+(?=\{)")
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
_OF_ASCII = bytes(code for code in range(128) if not chr(code).isalnum())


def fold_for_identity(text: str) -> str:
    r"""Only the letters and digits of `text`, without case, accents and TeX markup.

    Of the markup it drops just what Hugging Face drops from arXiv's text: `$`, braces, and the name of a
    command before its argument. `\emph{x}` is their `x`, but a bare `\times` is their `times`.
    """
    bare = _BRACED_COMMAND.sub("", text)
    if bare.isascii():
        return bare.lower().encode().translate(None, _OF_ASCII).decode()
    decomposed = unicodedata.normalize("NFKD", bare).casefold()
    return _NEITHER_LETTER_NOR_DIGIT.sub("", decomposed)


def fold_words(text: str) -> str:
    """`text` as it is searched: NFKC, without case, each Han or kana character a word of its own.

    Index and query go through the same fold: Chinese and Japanese put no spaces between words, and a part
    of a title is to be found all the same.
    """
    if text.isascii():
        return text.lower()
    return _han_or_kana().sub(r" \1 ", unicodedata.normalize("NFKC", text).casefold())


@cache
def _han_or_kana() -> re.Pattern[str]:
    """Compiled when first needed: its wide ranges take 2 ms."""
    return re.compile(
        "([\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
        "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    )
