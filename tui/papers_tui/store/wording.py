"""The words by which papers and labels are found."""

from __future__ import annotations

from papers_tui.domain.paper import Paper
from papers_tui.domain.text import index_words, spelt_out, split_words
from papers_tui.late import dataclass
from papers_tui.store.stored import stored


@dataclass(frozen=True, slots=True)
class Wording:
    """The words by which a paper is found: its own, and the user's on it (`mine`: the note, then the tags, as JSON)."""

    place: int
    paper: Paper
    mine: str

    def columns(self) -> tuple[str, ...]:
        """The columns of the index. Names are also found with their umlauts spelt out."""
        note, *tags = stored(self.mine) if self.mine else [""]
        names = self.paper.authors
        spelt = (spelt_out(name) for name in names if not name.isascii() and spelt_out(name) != name)
        return (
            index_words((self.paper.title,)),
            index_words((*names, *spelt)),
            index_words((self.paper.abstract,)),
            index_words(tags) if tags else "",
            index_words((note,)) if note else "",
        )


def but_abstract(columns: tuple[str, ...]) -> str:
    """All but the abstract of `Wording.columns`, in one text."""
    title, authors, _, tags, note = columns
    return f"{title} {authors} {tags} {note}"


def label_words(name: str) -> str:
    """The words of a label's name in one text, a space on both sides of each, other spellings behind them."""
    return f" {' '.join(split_words(index_words((name,))))} "
