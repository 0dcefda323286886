"""Deciding on papers: which way a key turns a mark, what it says, and what `.` would do again."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import compress

from papers_tui.domain import marks
from papers_tui.domain.marks import Act
from papers_tui.domain.notes import NoteEdit
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.text import unicode_tex
from papers_tui.late import dataclass
from papers_tui.library import Done, Library
from papers_tui.store.views import Counts

_BITS = {"read": marks.READ, "star": marks.STARRED, "later": marks.LATER, "dismiss": marks.DISMISSED}

_TOGETHER = 5_000
"""Papers that are looked up at a time."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Papers that are to be decided on: their rows, and the flags of each, a byte a paper."""

    rows: array[int]
    flags: bytes

    def unread(self) -> Chosen:
        """Those that are not read."""
        lacking = [not flags & marks.READ for flags in self.flags]
        return Chosen(array("q", compress(self.rows, lacking)), bytes(compress(self.flags, lacking)))


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

    def papers(self, rows: Sequence[int]) -> Chosen:
        """The papers of these rows as they are now; those that are no more are left out."""
        chosen, flags = array("q"), bytearray()
        for start in range(0, len(rows), _TOGETHER):
            part = rows[start : start + _TOGETHER]
            found = self._library.flags(part)
            chosen.extend(row for row in part if row in found)
            flags.extend(found[row] & 0xFF for row in part if row in found)
        return Chosen(chosen, bytes(flags))

    def read_all(self, papers: Chosen) -> Done:
        """Marks them read, whichever of them are."""
        return self._do(marks.read(True), papers, repeatable=False)

    def dismiss_all(self, papers: Chosen) -> Done:
        """Dismisses them, whichever of them are not dismissed yet."""
        return self._do(marks.dismiss(True, implies_read=True), papers, repeatable=False)

    def carry_out(self, act: Act, papers: Chosen) -> Done:
        """Does an act that was put into words."""
        return self._do(act, papers, repeatable=False)

    def toggle(self, register: str, papers: Chosen) -> Done:
        """Sets a mark on the papers, or takes it away where all of them have it."""
        on = not all(flags & _BITS[register] for flags in papers.flags)
        act = {
            "read": lambda: marks.read(on),
            "star": lambda: marks.star(on, implies_read=True),
            "later": lambda: marks.later(on, implies_read=True),
            "dismiss": lambda: marks.dismiss(on, implies_read=True),
        }[register]()
        return self._do(act, papers)

    def tag(self, papers: Chosen, before: Sequence[str], names: Sequence[str]) -> Done:
        """Gives the papers these tags in place of those they all had before; other tags of theirs stay."""
        add = [name for name in names if name not in before]
        remove = [name for name in before if name not in names]
        return self._do(marks.tags(add, remove, implies_read=True), papers)

    def note(self, row: int, text: str, knowing: Sequence[NoteEdit]) -> Done:
        """Writes a note on a row's paper; `knowing` are the edits that its writer saw."""
        act = marks.note(text, implies_read=True)
        return self._do(act, self.papers([row]), repeatable=False, knowing=knowing)

    @property
    def repeats(self) -> bool:
        """Whether there is an act to `repeat`."""
        return bool(self._last)

    def repeat(self, papers: Chosen) -> Done:
        """The last act again, of which there must be one."""
        return self._do(self._last[0], papers)

    def read_by_itself(self, rows: Sequence[int]) -> Done:
        """What happens to papers that were opened or looked at long enough; undo passes it over."""
        return self._library.mark(rows, marks.read(True), deliberate=False)

    def _do(
        self,
        act: Act,
        papers: Chosen,
        *,
        repeatable: bool = True,
        knowing: Sequence[NoteEdit] | None = None,
    ) -> Done:
        if repeatable:
            self._last[:] = [act]
        done = self._library.mark(papers.rows, act, knowing=knowing)
        if not done.text:
            return Done((), "nothing to change")
        one = list(self._library.rows(done.rows).values()) if len(done.rows) == 1 else []
        about = named(one) if one else f"{len(done.rows):,} papers"
        return Done(done.rows, f"{done.text} · {about}", done.saved)


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
