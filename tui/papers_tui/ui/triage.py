"""Deciding on papers: which way a key turns a mark, what it says, and what `.` would do again."""

from __future__ import annotations

from collections.abc import Sequence

from papers_tui.domain import marks
from papers_tui.domain.marks import Act
from papers_tui.domain.notes import NoteEdit
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.text import unicode_tex
from papers_tui.library import Done, Library
from papers_tui.store.views import Counts

_BITS = {"read": marks.READ, "star": marks.STARRED, "later": marks.LATER, "dismiss": marks.DISMISSED}


class Triage:
    """Acts of one person on one library. Every method says what it did in the `text` of what it gives."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._last: list[Act] = []

    def on(self, library: Library) -> Triage:
        """The same person on another library: what is repeated there is what was done last here, and back."""
        other = Triage(library)
        other._last = self._last
        return other

    def papers(self, rows: Sequence[int]) -> list[PaperRow]:
        """The papers of these rows as they are now; those that are no more are left out."""
        found = self._library.rows(rows)
        return [found[row] for row in rows if row in found]

    def read_all(self, papers: Sequence[PaperRow]) -> Done:
        """Marks them read, whichever of them are."""
        return self._do(marks.read(True), papers, repeatable=False)

    def dismiss_all(self, papers: Sequence[PaperRow]) -> Done:
        """Dismisses them, whichever of them are not dismissed yet."""
        return self._do(marks.dismiss(True, implies_read=True), papers, repeatable=False)

    def carry_out(self, act: Act, papers: Sequence[PaperRow]) -> Done:
        """Does an act that was put into words."""
        return self._do(act, papers, repeatable=False)

    def toggle(self, register: str, papers: Sequence[PaperRow]) -> Done:
        """Sets a mark on the papers, or takes it away where all of them have it."""
        on = not all(paper.flags & _BITS[register] for paper in papers)
        act = {
            "read": lambda: marks.read(on),
            "star": lambda: marks.star(on, implies_read=True),
            "later": lambda: marks.later(on, implies_read=True),
            "dismiss": lambda: marks.dismiss(on, implies_read=True),
        }[register]()
        return self._do(act, papers)

    def tag(self, papers: Sequence[PaperRow], before: Sequence[str], names: Sequence[str]) -> Done:
        """Gives the papers these tags in place of those they all had before; other tags of theirs stay."""
        add = [name for name in names if name not in before]
        remove = [name for name in before if name not in names]
        return self._do(marks.tags(add, remove, implies_read=True), papers)

    def note(self, paper: PaperRow, text: str, knowing: Sequence[NoteEdit]) -> Done:
        """Writes a note on a paper; `knowing` are the edits that its writer saw."""
        return self._do(marks.note(text, implies_read=True), [paper], repeatable=False, knowing=knowing)

    @property
    def repeats(self) -> bool:
        """Whether there is an act to `repeat`."""
        return bool(self._last)

    def repeat(self, papers: Sequence[PaperRow]) -> Done:
        """The last act again, of which there must be one."""
        return self._do(self._last[0], papers)

    def read_by_itself(self, rows: Sequence[int]) -> Done:
        """What happens to papers that were opened or looked at long enough; undo passes it over."""
        return self._library.mark(rows, marks.read(True), deliberate=False)

    def _do(
        self,
        act: Act,
        papers: Sequence[PaperRow],
        *,
        repeatable: bool = True,
        knowing: Sequence[NoteEdit] | None = None,
    ) -> Done:
        if repeatable:
            self._last[:] = [act]
        done = self._library.mark([paper.row for paper in papers], act, knowing=knowing)
        if not done.text:
            return Done((), "nothing to change")
        touched = set(done.rows)
        changed = [paper for paper in papers if paper.row in touched]
        return Done(done.rows, f"{done.text} · {named(changed)}", done.saved)


def tags_by_use(counts: Counts) -> list[str]:
    """The names of the tags, those on the most papers first."""
    return [tag.name for tag in sorted(counts.labels["tag"], key=lambda tag: -tag.total)]


def tag_names(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The tags in what a person typed, separated by commas; a known tag keeps its own spelling."""
    spelled = {name.casefold(): name for name in known}
    names = (marks.tag_name(part) for part in text.split(","))
    return tuple(dict.fromkeys(spelled.setdefault(name.casefold(), name) for name in names if name))


def named(papers: Sequence[PaperRow]) -> str:
    """The title of the one paper, or how many there are."""
    return unicode_tex(papers[0].title) if len(papers) == 1 else f"{len(papers):,} papers"
