"""Folded forms of a text: to tell papers apart, to compare names, and to search in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from papers_tui.domain.text import symbols
from papers_tui.late import pattern

_BRACED_COMMAND = pattern(r"\\[A-Za-z]+(?=\{)")
_NEITHER_LETTER_NOR_DIGIT = pattern(r"[\W_]+")
_OF_ASCII = bytes(code for code in range(128) if not chr(code).isalnum())

_ACCENTS = pattern("[\u0300-\u036f]")
_SILENT = pattern(
    "[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u200b-\u200f\u2060-\u2064\u20d0-\u20f0\ufe00-\ufe0f\ufeff]"
)
"""Accents, the vowel points that Hebrew and Arabic may leave out, and what is not seen at all."""

_PLAIN = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "\u2010": "-", "\u2011": "-",
    }
)  # fmt: skip
"""What no decomposition brings back to the letter that people type for it."""

_SPELT_OUT = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ø": "oe",
    "å": "aa",
    "Ä": "Ae",
    "Ö": "Oe",
    "Ü": "Ue",
    "Ø": "Oe",
    "Å": "Aa",
}
_WITH_UMLAUT = pattern(rf"[^\W\d_]*[{''.join(_SPELT_OUT)}][^\W\d_]*")

_GREEK = {sign: name for name, sign in reversed(symbols.SYMBOLS.items()) if "α" <= sign <= "ω"}
_GREEK_SYMBOL = pattern("(?<![α-ω])[α-ω](?![α-ω])")

_UNSPACED = (
    ("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3005", "\u3007"), ("\u3041", "\u30ff"),
    ("\u31f0", "\u31ff"), ("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"), ("\uac00", "\ud7a3"), ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)  # fmt: skip
"""Scripts that put no space between words, or glue particles to them: Han, kana, Hangul, Thai and its kin."""

_TEX = pattern(
    r"""
    \{ \\(?P<mark>['"`^~=.]) \{? \\?(?P<letter>[A-Za-z]) \}? \}
    | \\(?P<mark2>['"`^~=.]) (?: \{ \\?(?P<letter2>[A-Za-z]) \} | \\?(?P<letter3>[A-Za-z]) )
    | \\(?P<mark3>[uvHcdbkr]) \{ \\?(?P<letter4>[A-Za-z]) \}
    | \\(?P<name>[A-Za-z]+) (?P<gap> \{\} | [ ] )?
    """,
    re.VERBOSE,
)
_NOT_A_WORD = (
    symbols.STYLES | symbols.FONTS | symbols.SWITCHES | symbols.SIZES | symbols.ACCENTS.keys()
    | {"mathbb", "mathcal", "mathscr", "frac", "dfrac", "tfrac", "cfrac", "sqrt", "binom", "overset", "underset"}
    | {"stackrel", "not", "pmod", "href", "url", "textcolor", "footnote", "ensuremath", "begin", "end"}
    | {"textsuperscript", "textsubscript"}
)  # fmt: skip
"""Macros that say how something looks, and nothing themselves."""

_BEYOND_ASCII = pattern("[^\x00-\x7f]+")
_DIGITS = pattern("([0-9]+)")
_WORD = pattern("[0-9a-z\x80-\U0010ffff]+")
_PAIR = pattern(r"(?<![\w-])([^\W\d_]+)-([^\W\d_]+)(?![\w-])")

_LONGEST_HALF = 40
_LAST_LETTERS = pattern(r"(?<!\w)[^\W\d_]+\Z")
_FIRST_LETTERS = pattern(r"[^\W\d_]+(?!\w)")

WALL = "\ue000"
"""A word that no text holds (of the private use area): phrases don't reach over it."""
_WALL = f" {WALL} "


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


def fold_name(text: str) -> str:
    """A name as it is compared: case, accents and runs of space don't count, all other signs do."""
    if not text.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
        text = unicodedata.normalize("NFC", bare)
    return " ".join(text.lower().split())


def fold_words(text: str) -> str:
    r"""`text` as it is searched; its words are the runs of `[0-9a-z]` and of characters beyond ASCII.

    Without case and accents, TeX read (`$\beta$` is `beta`, and so is a Greek letter that stands alone); a
    number is a word of its own, so that `GPT-4`, `GPT 4` and `gpt4` are the same two words; so is each
    character of a script that puts no space between words, and a part of a title is found all the same.
    """
    return _folded(_without_tex(text))


def words_of(text: str) -> list[str]:
    """The words of a text, in order, as `fold_words` has them."""
    return split_words(fold_words(text))


def split_words(folded: str) -> list[str]:
    """The words of a text that is folded already."""
    return _WORD.findall(folded)


def index_words(passages: Sequence[str]) -> str:
    """Passages as they go into an index: folded, with other spellings that they are to be found by behind them.

    No phrase reaches from one passage into the next; several passages are of one line each. `pre-training` is
    also found as `pretraining`, and `Schrödinger` as `schroedinger`.
    """
    text = _without_tex("\n".join(passages))
    folded = _folded(text)
    others: dict[str, None] = {}
    if "-" in folded:
        others |= dict.fromkeys(_joined_pairs(folded))
    if not text.isascii():
        others |= dict.fromkeys(_folded(spelt_out(word)) for word in _with_umlauts(text))
    if len(passages) > 1:
        folded = folded.replace("\n", _WALL)
    return _WALL.join((folded, *others)) if others else folded


def spellings(text: str) -> tuple[tuple[str, ...], ...]:
    """The word sequences to look for when somebody asks for `text`: as it is, pairs joined, umlauts spelt out.

    Empty where the text holds no word.
    """
    text = _without_tex(text)
    folded = _folded(text)
    forms = [folded]
    if "-" in folded:
        forms.append(_PAIR.sub(r"\1\2", folded))
    if not text.isascii() and _with_umlauts(text):
        forms.append(_folded(spelt_out(text)))
    found = dict.fromkeys(tuple(split_words(form)) for form in forms)
    return tuple(words for words in found if words)


def spelt_out(text: str) -> str:
    """`text` with umlauts and their like as two letters, the way some spell them: `Schroedinger`."""
    if text.isascii():
        return text
    return "".join(_SPELT_OUT.get(sign, sign) for sign in unicodedata.normalize("NFC", text))


def _with_umlauts(text: str) -> list[str]:
    return _WITH_UMLAUT.findall(unicodedata.normalize("NFC", text))


def _joined_pairs(folded: str) -> Iterator[str]:
    """What `_PAIR` finds, joined; several times as fast, since few words of a text have a hyphen."""
    parts = folded.split("-")
    last = len(parts) - 2
    for place, (before, after) in enumerate(pairwise(parts)):
        first, second = _LAST_LETTERS.search(before[-_LONGEST_HALF:]), _FIRST_LETTERS.match(after)
        if not first or not second:
            continue
        chained = (place > 0 and len(first[0]) == len(before)) or (
            place < last and len(second[0]) == len(after)
        )
        if not chained:
            yield first[0] + second[0]


def _without_tex(text: str) -> str:
    return _TEX.sub(_untexed, text) if "\\" in text else text


def _untexed(match: re.Match[str]) -> str:
    """What is to be read where a macro stands: a letter, a sign, its name, or what it is put round."""
    letter = match["letter"] or match["letter2"] or match["letter3"] or match["letter4"]
    if letter:
        mark = match["mark"] or match["mark2"] or match["mark3"]
        return unicodedata.normalize("NFC", letter + symbols.LETTER_ACCENTS[mark])
    name = match["name"]
    if name in symbols.LETTERS:
        return symbols.LETTERS[name]
    return " " if name in _NOT_A_WORD else f" {symbols.SYMBOLS.get(name, name)} "


def _folded(text: str) -> str:
    if not text.isascii():
        text = _BEYOND_ASCII.sub(_matched_run, text)
    text = text.lower()
    # Looking for ten signs takes a thirtieth of the time that a pattern needs to find none of them.
    return " ".join(_DIGITS.split(text)) if any(map(text.__contains__, "0123456789")) else text


def _matched_run(match: re.Match[str]) -> str:
    return _folded_run(match[0])


@lru_cache(maxsize=4096)
def _folded_run(run: str) -> str:
    """Characters beyond ASCII as they are searched; texts have few of them, and the same ones."""
    spaced = "".join(f" {sign}" if _is_script(sign) else sign for sign in run)
    decomposed = unicodedata.normalize("NFKD", spaced).casefold()
    composed = unicodedata.normalize("NFC", _SILENT.sub("", decomposed)).translate(_PLAIN)
    named = _GREEK_SYMBOL.sub(lambda found: f" {_GREEK[found[0]]} ", composed)
    pieces: list[str] = []
    for sign in named:
        pieces.append(_searched(sign, follows_letter=bool(pieces) and pieces[-1] != " "))
    return "".join(pieces)


def _is_script(sign: str) -> bool:
    r"""Whether it is raised or lowered; in a row only the first needs the space, but `x_{ij}` is `x ij` anyway."""
    return unicodedata.decomposition(sign).startswith(("<sub>", "<super>"))


def _searched(sign: str, *, follows_letter: bool) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if any(first <= sign <= last for first, last in _UNSPACED):
        return f" {sign} " if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " "
    if sign.isalnum() or sign == "-":
        return sign
    return sign if follows_letter and unicodedata.category(sign)[0] == "M" else " "
