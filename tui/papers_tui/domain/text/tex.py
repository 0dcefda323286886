"""TeX to Unicode, as far as a line of a terminal can show it; what can't be read stays as it is."""

from __future__ import annotations

import re
import unicodedata

from papers_tui.domain.text import symbols
from papers_tui.domain.text.formula import accent, dash, is_formula, is_open, operand, script
from papers_tui.late import pattern

_TRACES = ("\\", "$", "^", "_{", "``", "--", "~")
_PROSE = pattern(
    r"""https?://[^\s{}\\$]+|\\[A-Za-z]+\*?|\\.|\$\$?|\{|[\^_]\{|(?<=[\w)])\^\d(?![\w^])|`+|''|"|-{2,}|~""",
    re.DOTALL,
)
_MATH = pattern(r"\\[A-Za-z]+\*?|\\.|\s+|[{}^_~&'$\\]|[^\\\s{}^_~&'$]+", re.DOTALL)
_MACRO = pattern(r"\\(?:[A-Za-z]+\*?|.)", re.DOTALL)
_BRACE = pattern(r"\\.|[{}]", re.DOTALL)
_BLANK = pattern(r"\s*")
_SWITCH = pattern(r"\{\\(?:(?:it|bf|em|tt|sc|sl|sf|rm)(?:\s+|\{\})|color\{\w+\}\s*)")
_ACCENTED = pattern(r"\{\\?([A-Za-z])\}|\\([ij])(?![A-Za-z])\s?|([A-Za-z])")
_ESCAPED = pattern(r"\\([_%#&~$])(?:\{\})?")
_END_OF_QUOTE = pattern(r"""''|``|(?<=[^\s\\])"(?!\w)""")


_DEEPEST = 24
_LONGEST_FORMULA = 600
_LONGEST_QUOTE = 600


def unicode_tex(text: str) -> str:
    r"""`text` with its simple TeX as Unicode, for the screen: `$O(n^2)$` is `O(n²)`, `\textit{a}` is `a`.

    Read are formulas between dollars, braced scripts, powers of one digit and known macros also outside them,
    styles, links, accents, quotation marks, dashes and escaped characters. A price is no formula. An unknown
    macro outside formulas, and whatever is unbalanced or too deep, stays as it stands. Never raises; linear in
    time.
    """
    if not any(trace in text for trace in _TRACES):
        return text
    return _Reader(text).prose(0, len(text), 0)


class _Unreadable(Exception):
    """This part is beyond us: its TeX stays on the screen."""


class _Reader:
    """One reading of one text. `at` is a position in it, `end` is where the part being read ends.

    The readers of a construct give what to show and the position behind it, or raise `_Unreadable`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.closing = _closing_braces(text)
        self.ends_of_quotes: set[int] = set()

    def prose(self, at: int, end: int, depth: int) -> str:
        """The text from `at` to `end` outside formulas."""
        if depth > _DEEPEST:
            raise _Unreadable
        pieces = []
        while found := _PROSE.search(self.text, at, end):
            pieces.append(self.text[at : found.start()])
            try:
                piece, at = self._construct(found[0], found.start(), end, depth)
            except _Unreadable:
                piece, at = found[0], found.end()
            pieces.append(piece)
        pieces.append(self.text[at:end])
        return "".join(pieces)

    def math(self, at: int, end: int, depth: int) -> str:
        """The text from `at` to `end` within a formula."""
        if depth > _DEEPEST:
            raise _Unreadable
        pieces: list[str] = []
        while found := _MATH.match(self.text, at, end):
            token, at = found[0], found.end()
            if token[0] == "\\":
                piece, at = self._macro(token, at, end, depth)
                if piece == token[1:] and len(piece) > 1:
                    piece = self._apart(piece, pieces, at)
            elif token == "{":
                close = self._close(at - 1, end)
                piece, at = self.math(at, close, depth + 1), close + 1
            elif token in "^_":
                argument, at = self._argument(at, end, depth)
                piece = script(token, argument, self.text[at : at + 1])
            elif token in "}$":
                raise _Unreadable
            else:
                piece = "′" if token == "'" else " " if token.isspace() or token in "~&" else token
            pieces.append(piece)
        return re.sub(" {2,}", " ", "".join(pieces))

    def _construct(self, token: str, at: int, end: int, depth: int) -> tuple[str, int]:
        after = at + len(token)
        match token[0]:
            case "\\" if token[1].isalpha():
                return self._command(token[1:].rstrip("*"), after, end, depth)
            case "\\":
                return self._escape(token[1], after, end, depth)
            case "$":
                return self._formula(token, at, end, depth)
            case "{":
                return self._group(at, end, depth)
            case "^" if token[1:].isdigit():  # Hugging Face leaves x^2 of $x^2$
                return script("^", token[1:], ""), after
            case "^" | "_":
                return self._script_in_prose(token[0], at, end, depth)
            case "`" if token == "``":
                return self._quote(after, end)
            case "'" | '"' if at in self.ends_of_quotes:
                return "”", after
            case "-":
                return dash(token, self.text[at - 1 : at] if at else "", self.text[after : after + 1]), after
            case "~" if self._is_tie(at):
                return " ", after
            case _:
                return token, after

    def _formula(self, dollars: str, at: int, end: int, depth: int) -> tuple[str, int]:
        text, start = self.text, at + len(dollars)
        stop = min(end, start + _LONGEST_FORMULA)
        close = text.find(dollars, start, stop)
        while close > start and (text[close - 1] == "\\" or is_open(text[start:close])):
            close = text.find(dollars, close + 1, stop)
        if close <= start:
            raise _Unreadable
        after = close + len(dollars)
        if not is_formula(text[start:close], text[at - 1 : at] if at else "", text[after : after + 1]):
            raise _Unreadable
        try:
            return self.math(start, close, depth + 1).strip(), after
        except _Unreadable:
            return text[at:after], after

    def _command(self, name: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """A command outside formulas, read from behind its name."""
        if name in symbols.LETTERS and self._in_a_word(name, at):
            return symbols.LETTERS[name], self._behind_name(at)
        if name in symbols.ABBREVIATIONS:
            full = symbols.ABBREVIATIONS[name]
            return full[:-1] if self.text.startswith(".", at) else full, self._behind_name(at, blank=False)
        if name in symbols.SYMBOLS or name in symbols.FUNCTIONS:
            return symbols.SYMBOLS.get(name, name), self._behind_name(at, blank=False)
        if name == "sqrt" and self.text.startswith("[", at):
            return self._macro("\\sqrt", at, end, depth + 1)
        close = self._close(at, end)
        if name in symbols.LETTER_ACCENTS:
            return self._accented(name, at, end)
        if name in ("textsuperscript", "textsubscript"):
            content = self.prose(at + 1, close, depth + 1)
            return script(
                "^" if "super" in name else "_", content, self.text[close + 1 : close + 2]
            ), close + 1
        if name == "footnote":
            return f" ({self.prose(at + 1, close, depth + 1)})", close + 1
        if name == "ensuremath":
            return self.math(at + 1, close, depth + 1), close + 1
        if name in _STYLING or name in _WITH_ARGUMENTS:
            return self._macro("\\" + name, at, end, depth + 1)
        raise _Unreadable

    def _macro(self, token: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """A macro in a formula; one that we don't know is shown by its name."""
        name = token[1:].rstrip("*")
        if not name.isalpha():
            if name not in _ESCAPES_IN_FORMULA:
                raise _Unreadable
            return _ESCAPES_IN_FORMULA[name], at
        if name in symbols.SYMBOLS:
            return symbols.SYMBOLS[name], self._behind_symbol(name, at, end)
        if name in symbols.SWITCHES:
            return "", self._blank(at, end)
        if name in symbols.SIZES:
            return "", at + 1 if self.text.startswith(".", at) else at
        if name in _STYLING:
            return self._styled(name, at, end, depth)
        if name in _WITH_ARGUMENTS:
            return self._with_arguments(name, at, end, depth)
        if name in ("begin", "end"):
            raise _Unreadable
        return name, at

    def _styled(self, name: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """The content of `textbf` and its kin, which is prose; of a link what it is called."""
        if name in ("href", "textcolor", "colorbox"):
            at = self._blank(self._close(at, end) + 1, end)
        if not self.text.startswith("{", at):
            return self._argument(at, end, depth)
        close = self._close(at, end)
        if name in ("url", "path", "nolinkurl"):
            return _ESCAPED.sub(r"\1", self.text[at + 1 : close]), close + 1
        return self.prose(at + 1, close, depth + 1), close + 1

    def _with_arguments(self, name: str, at: int, end: int, depth: int) -> tuple[str, int]:
        root = ""
        if name == "sqrt" and self.text.startswith("[", at):
            close = self.text.find("]", at, min(end, at + 10))
            if close < 0:
                raise _Unreadable
            root, at = script("^", self.math(at + 1, close, depth + 1), ""), close + 1
        first, at = self._argument(at, end, depth)
        if name in symbols.ACCENTS:
            return accent(first, symbols.ACCENTS[name]), at
        if name in symbols.FONTS:
            return first, at
        if name in _ALPHABETS:
            return first.translate(_ALPHABETS[name]), at
        if name == "sqrt":
            return f"{root}√{operand(first)}", at
        if name == "not":
            return unicodedata.normalize("NFC", first[:1] + "\u0338") + first[1:], at
        if name == "pmod":
            return f"(mod {first})", at
        second, at = self._argument(at, end, depth)
        if name == "binom":
            return f"({first} choose {second})", at
        if name in ("overset", "stackrel", "underset"):
            return second + script("_" if name == "underset" else "^", first, self.text[at : at + 1]), at
        return f"{operand(first)}/{operand(second)}", at

    def _argument(self, at: int, end: int, depth: int) -> tuple[str, int]:
        """The next argument in a formula: a group, a macro with its own, or a single character."""
        at = self._blank(at, end)
        sign = self.text[at : at + 1] if at < end else ""
        if sign == "{":
            close = self._close(at, end)
            return self.math(at + 1, close, depth + 1).strip(), close + 1
        if found := _MACRO.match(self.text, at, end):
            if depth > _DEEPEST:
                raise _Unreadable
            return self._macro(found[0], found.end(), end, depth + 1)
        if sign == "'":
            return "′", at + 1
        if not sign or sign in "\\}^_&$~":
            raise _Unreadable
        return sign, at + 1

    def _escape(self, sign: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """A backslash before something else than a letter, outside formulas; `at` is behind both."""
        if sign in "%&_#${}":
            return sign, at
        if sign in " ,;:-":
            return "" if sign == "-" else " ", at
        if sign in symbols.LETTER_ACCENTS:
            return self._accented(sign, at, end)
        if sign in "([":
            close = self.text.find("\\)" if sign == "(" else "\\]", at, min(end, at + _LONGEST_FORMULA))
            if close > at:
                return self.math(at, close, depth + 1).strip(), close + 2
        raise _Unreadable

    def _accented(self, accent: str, at: int, end: int) -> tuple[str, int]:
        found = _ACCENTED.match(self.text, at, end)
        if not found:
            raise _Unreadable
        letter = unicodedata.normalize(
            "NFC", (found[1] or found[2] or found[3]) + symbols.LETTER_ACCENTS[accent]
        )
        if len(letter) > 1:
            raise _Unreadable
        return letter, found.end()

    def _group(self, at: int, end: int, depth: int) -> tuple[str, int]:
        """A pair of braces: gone if it bounds a switch of style or an accented letter, else as it stands."""
        close = self._close(at, end)
        if switch := _SWITCH.match(self.text, at, close):
            return self.prose(switch.end(), close, depth + 1), close + 1
        if self.text[at + 1] == "\\" and close - at <= len(r"{\'{\i}}"):
            letter = self.prose(at + 1, close, depth + 1)
            if len(letter) == 1 and letter.isalpha():
                return letter, close + 1
        raise _Unreadable

    def _script_in_prose(self, kind: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """`^{…}` or `_{…}` after something, if all of it can be raised or lowered."""
        if not at or not (self.text[at - 1].isalnum() or self.text[at - 1] in ")]}$"):
            raise _Unreadable
        close = self._close(at + 1, end)
        content = self.math(at + 2, close, depth + 1).strip()
        shown = script(kind, content, "")
        if not content or shown.startswith(kind):
            raise _Unreadable
        return shown, close + 1

    def _quote(self, at: int, end: int) -> tuple[str, int]:
        found = _END_OF_QUOTE.search(self.text, at, min(end, at + _LONGEST_QUOTE))
        if not found or found[0] == "``":
            raise _Unreadable
        self.ends_of_quotes.add(found.start())
        return "“", at

    def _is_tie(self, at: int) -> bool:
        """Whether the tilde at `at` ties two words: it also means 'about', 'distributed as' and a home page."""
        before, after = self.text[max(0, at - 80) : at], self.text[at + 1 : at + 2]
        if not before or not after or "/" in before.split(" ")[-1]:
            return False
        if after in "\\$":
            return before[-1].isalnum() or before[-1] in ".)}"
        if before[-1] == "." or before.endswith(("et", "cf")):
            return after.isalnum()
        return before[-1] == "$" and after.isalpha()

    def _in_a_word(self, name: str, at: int) -> bool:
        start = at - len(name) - 1
        before = self.text[start - 1 : start] if start else ""
        behind = self._behind_name(at)
        return before.isalpha() or before == "{" or self.text[behind : behind + 1].isalpha()

    def _behind_name(self, at: int, *, blank: bool = True) -> int:
        """The position behind what ends a command's name: `{}`, or a space if that counts as an end."""
        if self.text.startswith("{}", at):
            return at + 2
        return at + 1 if blank and self.text.startswith(" ", at) else at

    def _behind_symbol(self, name: str, at: int, end: int) -> int:
        """In a formula the space after a symbol's name may only end the name: `3\\times 3` is 3×3."""
        behind, start = self._blank(at, end), at - len(name) - 1
        tight = start > 0 and self.text[start - 1] not in "$ \n" and self.text[behind : behind + 1].isalnum()
        return behind if tight or name in symbols.OPENING else at

    def _apart(self, word: str, before: list[str], at: int) -> str:
        """A function's name with the spaces that keep it apart from its neighbours."""
        follows_letter = bool(before) and before[-1][-1:].isalnum()
        precedes_letter = self.text[at : at + 1].isalnum() or self.text[at : at + 1] == "\\"
        return " " * follows_letter + word + " " * precedes_letter

    def _close(self, at: int, end: int) -> int:
        """The position of the brace that closes the one at `at`."""
        close = self.closing.get(at, end)
        if close >= end:
            raise _Unreadable
        return close

    def _blank(self, at: int, end: int) -> int:
        found = _BLANK.match(self.text, at, end)
        return found.end() if found else at


_STYLING = symbols.STYLES | {"url", "path", "nolinkurl", "href", "textcolor", "colorbox"}
_ALPHABETS: dict[str, dict[int, str]] = {
    "mathbb": symbols.BLACKBOARD,
    "mathcal": symbols.SCRIPT,
    "mathscr": symbols.SCRIPT,
}
_WITH_ARGUMENTS = (
    symbols.FONTS
    | symbols.ACCENTS.keys()
    | _ALPHABETS.keys()
    | {"sqrt", "not", "pmod", "binom", "overset", "stackrel", "underset", "frac", "dfrac", "tfrac", "cfrac"}
)
_ESCAPES_IN_FORMULA = {sign: sign for sign in "{}%#&_$"} | {"|": "‖", "!": "", "/": "", "\\": " "}
_ESCAPES_IN_FORMULA |= dict.fromkeys(" ,;:>", " ")


def _closing_braces(text: str) -> dict[int, int]:
    closing: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACE.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            closing[opened.pop()] = found.start()
    return closing
