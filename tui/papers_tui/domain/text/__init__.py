"""Text as data: cleaning for terminals, TeX to Unicode, folding for comparison."""

from papers_tui.domain.text.cleaning import PLAIN_SIGNS, clean_line, clean_lines, clean_text, for_terminal
from papers_tui.domain.text.folding import (
    WALL,
    fold_for_identity,
    fold_name,
    fold_words,
    index_words,
    spellings,
    spelt_out,
    split_words,
    words_of,
)
from papers_tui.domain.text.tex import unicode_tex

__all__ = [
    "PLAIN_SIGNS",
    "WALL",
    "clean_line",
    "clean_lines",
    "clean_text",
    "fold_for_identity",
    "fold_name",
    "fold_words",
    "for_terminal",
    "index_words",
    "spellings",
    "spelt_out",
    "split_words",
    "unicode_tex",
    "words_of",
]
