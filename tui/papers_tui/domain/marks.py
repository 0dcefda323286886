"""What a user can do to a paper, as values: registers, acts, and how two histories merge.

Every paper has a few *registers* (`read`, `star`, `later`, `dismiss`, `note`, and `tag:NAME` for each tag).
An *act* sets some of them on some papers; an *entry* is an act as the journal keeps it. For each paper
and register the latest entry wins, by a hybrid logical clock (Kulkarni et al., "Logical Physical
Clocks", 2014), so that histories merge to the same state in any order and however often.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from papers_tui.domain.notes import EDIT, NoteEdit, edit_mark, edit_of, merged_text, others, standing
from papers_tui.domain.text import clean_line, clean_lines
from papers_tui.domain.topics import folded
from papers_tui.late import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from typing import Any, Final

    from papers_tui.domain.roll import Keys, Rolling

Value = bool | str
Registers = tuple[tuple[str, Value], ...]
"""Registers with their values, in the order in which they were set."""

Stamp = tuple[int, int, str, int]
"""Milliseconds, counter, writer, sequence number: a total order over all entries of all writers."""

READ: Final = 1
STARRED: Final = 2
LATER: Final = 4
DISMISSED: Final = 8
TAGGED: Final = 16
NOTED: Final = 32

CARRIED: Final = ("star", "later", "tag:", "note")
"""How registers begin whose marks carry the paper itself, since a listing that brought it may be gone one day."""

_FLAGS: Final = {"read": READ, "star": STARRED, "later": LATER, "dismiss": DISMISSED}
_WORDS: Final = {
    ("read", True): "marked read",
    ("read", False): "marked unread",
    ("star", True): "starred",
    ("star", False): "star removed",
    ("later", True): "put on Later",
    ("later", False): "taken off Later",
    ("dismiss", True): "dismissed",
    ("dismiss", False): "brought back",
}


@dataclass(frozen=True, slots=True)
class State:
    """What the user did to one paper. `tags` are in the order of their names.

    `note_edits` are the edits of the note that stand, the latest first (see `notes.standing`).
    """

    read: bool = False
    starred: bool = False
    later: bool = False
    dismissed: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    note_edits: tuple[NoteEdit, ...] = field(default=(), compare=False)

    @property
    def other_notes(self) -> tuple[NoteEdit, ...]:
        """Other versions of the note, whose writers did not know of it, the latest first."""
        return others(self.note, self.note_edits)

    @property
    def note_to_edit(self) -> str:
        """What an editor of the note is to begin with: all its versions."""
        return merged_text(self.note, self.other_notes)

    @property
    def flags(self) -> int:
        own = READ * self.read | STARRED * self.starred | LATER * self.later | DISMISSED * self.dismissed
        return own | TAGGED * bool(self.tags) | NOTED * bool(self.note)

    def register(self, name: str) -> Value:
        """The value of a register; one that was never set is False, or the empty note."""
        if name.startswith("tag:"):
            return name[4:] in self.tags
        values: dict[str, Value] = {
            "read": self.read,
            "star": self.starred,
            "later": self.later,
            "dismiss": self.dismissed,
            "note": self.note,
        }
        return values.get(name, False)


@dataclass(frozen=True, slots=True)
class Act:
    """What to set, and which register it is about: starring also sets `read`, but is about `star`."""

    kind: str
    sets: Registers


@dataclass(frozen=True, slots=True)
class Change:
    """The same registers set on several papers: `papers` holds each paper's keys, `was` the values before.

    `papers` is a tuple, or, of very many, a roll.
    """

    papers: Sequence[Keys]
    now: Registers
    was: Registers


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a journal.

    `deliberate` is False for reads that happened by themselves (they are never undone). `undoes` and
    `redoes` name the entry, as (writer, sequence number), that this one takes back or does again. `records`
    are the papers themselves (see `record.to_record`), carried where the mark must outlive the listing. `seen`
    names the edits of notes that an edit of notes replaces, by their stamps; None where nothing is known of that.
    """

    writer: str
    seq: int
    clock: tuple[int, int]
    kind: str
    changes: tuple[Change, ...]
    deliberate: bool = True
    undoes: tuple[str, int] | None = None
    redoes: tuple[str, int] | None = None
    records: tuple[Mapping[str, Any], ...] = ()
    seen: tuple[Stamp, ...] | None = None

    @property
    def name(self) -> tuple[str, int]:
        return (self.writer, self.seq)

    @property
    def stamp(self) -> Stamp:
        return (*self.clock, self.writer, self.seq)


def read(on: bool) -> Act:
    return Act("read", (("read", on),))


def star(on: bool, *, implies_read: bool) -> Act:
    return Act("star", _implied("star", on, implies_read))


def later(on: bool, *, implies_read: bool) -> Act:
    return Act("later", _implied("later", on, implies_read))


def dismiss(on: bool, *, implies_read: bool) -> Act:
    return Act("dismiss", _implied("dismiss", on, implies_read))


def tags(add: Iterable[str], remove: Iterable[str], *, implies_read: bool) -> Act:
    """Add and remove tags, in one act. Names must be `tag_name`s."""
    added = tuple((f"tag:{name}", True) for name in add)
    removed = tuple((f"tag:{name}", False) for name in remove)
    return Act("tag", (*added, *removed, *((("read", True),) if added and implies_read else ())))


def note(text: str, *, implies_read: bool = False) -> Act:
    cleaned = clean_lines(text).rstrip()
    return Act("note", (("note", cleaned), *((("read", True),) if cleaned and implies_read else ())))


def tag_name(text: str) -> str:
    """A tag as it is kept: one line without commas (they separate tags where people type them) or `#`."""
    return " ".join(clean_line(text).replace(",", " ").split()).lstrip("# ")


def changes(act: Act, papers: Iterable[tuple[Keys, State]]) -> tuple[Change, ...]:
    """What the act really changes, grouped by what it changes: papers that it leaves as they are are not named.

    A tag is taken off in every spelling that a paper has it in: two machines may have spelt it differently.
    """
    from papers_tui.domain.roll import Rolling

    groups: dict[tuple[Registers, Registers], Rolling] = {}
    former: State | None = None
    group: Rolling | None = None
    for keys, state in papers:
        if state is not former:
            former = state
            sets = [pair for register, value in act.sets for pair in _spelt(register, value, act, state)]
            now = tuple((name, value) for name, value in sets if state.register(name) != value)
            was = tuple((name, state.register(name)) for name, _ in now)
            group = groups.setdefault((now, was), Rolling()) if now else None
        if group:
            group.add(keys)
    return tuple(Change(group.papers(), now, was) for (now, was), group in groups.items())


def reversed_changes(entry: Entry) -> tuple[Change, ...]:
    """The changes that take the entry back."""
    return tuple(Change(change.papers, now=change.was, was=change.now) for change in entry.changes)


def tick(last: tuple[int, int], now_ms: int) -> tuple[int, int]:
    """The next reading of the clock: later than `last` whatever the wall clock says."""
    return (now_ms, 0) if now_ms > last[0] else (last[0], last[1] + 1)


def history(entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The undo and the redo stack (last = next to be taken) that one device's entries leave."""
    undo: dict[tuple[str, int], Entry] = {}
    redo: dict[tuple[str, int], Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.stamp):
        if not entry.deliberate or not entry.changes:
            continue
        if entry.undoes:
            if entry.undoes in undo:
                redo[entry.undoes] = undo.pop(entry.undoes)
        elif entry.redoes:
            if entry.redoes in redo:
                undo[entry.redoes] = redo.pop(entry.redoes)
        else:
            undo[entry.name] = entry
            redo.clear()
    return list(undo.values()), list(redo.values())


def kept(entry: Entry, change: Change) -> Registers:
    """The registers that a change of an entry sets, with that of its edit of a note."""
    now = tuple(pair for pair in change.now if not pair[0].startswith(EDIT))
    return (*now, *(edit_mark(entry, str(value)) for register, value in now if register == "note"))


def replaces(
    states: Iterable[State], now: Registers, *, undone: Registers | None = None
) -> tuple[Stamp, ...] | None:
    """The edits that setting these registers on papers in these states replaces; None where no note is set.

    Undoing replaces what it takes away (`undone`), and no edit that somebody made since.
    """
    if not any(register == "note" for register, _ in now):
        return None
    texts = [value for register, value in undone or () if register == "note"]
    return tuple(
        dict.fromkeys(
            edit.stamp
            for state in states
            for edit in state.note_edits
            if undone is None or edit.text in texts
        )
    )


def fold(marks: Iterable[tuple[str, Value, Stamp]]) -> State:
    """The state that (register, value, stamp) triples add up to: the latest of each register wins."""
    latest: dict[str, tuple[Stamp, Value]] = {}
    edits: list[NoteEdit] = []
    for register, value, stamp in marks:
        if register.startswith(EDIT):
            edits.append(edit_of(value, stamp))
        elif register not in latest or stamp > latest[register][0]:
            latest[register] = (stamp, value)
    values = {register: value for register, (_, value) in latest.items()}
    text = values.get("note", "")
    return State(
        read=values.get("read") is True,
        starred=values.get("star") is True,
        later=values.get("later") is True,
        dismissed=values.get("dismiss") is True,
        tags=tuple(sorted(name[4:] for name, on in values.items() if name.startswith("tag:") and on is True)),
        note=text if isinstance(text, str) else "",
        note_edits=standing(edits) if edits else (),
    )


def flags_after(flags: int, sets: Registers) -> int:
    """Flags with the registers that are flags set; tags and notes need the whole state."""
    for register, value in sets:
        bit = _FLAGS.get(register, 0)
        flags = flags | bit if value is True else flags & ~bit
    return flags


def describe(kind: str, changes: Sequence[Change]) -> str:
    """What was done, in a few words for the status line: `starred`, `tagged rl, +agents`, `note saved`."""
    sets = list(dict.fromkeys(pair for change in changes for pair in change.now))
    about = [(register, value) for register, value in sets if register != "read" or kind == "read"]
    words = [_word(register, value) for register, value in about if not register.startswith("tag:")]
    added = [register[4:] for register, value in about if register.startswith("tag:") and value is True]
    removed = [register[4:] for register, value in about if register.startswith("tag:") and value is not True]
    if added:
        words.append(f"tagged {', '.join(added)}")
    if removed:
        words.append(f"untagged {', '.join(removed)}")
    return " and ".join(words) or _word("read", True)


def count_papers(changes: Sequence[Change]) -> int:
    return sum(len(change.papers) for change in changes)


def _spelt(register: str, value: Value, act: Act, state: State) -> Registers:
    if not register.startswith("tag:") or value is True:
        return ((register, value),)
    same = [f"tag:{tag}" for tag in state.tags if folded(tag) == folded(register[4:])]
    return tuple((found, value) for found in same if (found, True) not in act.sets)


def _implied(register: str, on: bool, implies_read: bool) -> Registers:
    return ((register, on), ("read", True)) if on and implies_read else ((register, on),)


def _word(register: str, value: Value) -> str:
    if register == "note":
        return "note saved" if value else "note removed"
    return _WORDS.get((register, bool(value)), f"{register} set")
