"""Whatever call of a session fails, and however: nothing that was acknowledged is lost, and the next start works."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.faults import APPLIES, KILLED, Disk, Fault, cases, faulty, in_a_process_of_its_own
from tests.tallying import Tally
from tests.ui.desk import identity, paper

from papers_tui import exporting, rulebook, saved_views, session, subscriptions, syncing
from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import Change, Entry
from papers_tui.domain.query import Query, parse
from papers_tui.domain.rules import Rule
from papers_tui.domain.sources import Source
from papers_tui.exporting import Heading
from papers_tui.journal import compacting
from papers_tui.journal.compaction import is_whole
from papers_tui.journal.line import decode, encode
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths
from papers_tui.saved_views import SavedView

_NUMBERS = range(1, 5)
_PAGE = "".join(json.dumps(paper(number)) + "\n" for number in _NUMBERS).encode()
_OURS = "My own words, which no program may lose."
_HEADING = Heading("Starred", "is:starred", "2026-11-20")
_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)

State = dict[str, Any]
"""What there is: of each paper what was done to it, of each file of settings the names in it."""


class Sitting:
    """A session of triage as the program does it, which tells each step before and after it is done.

    Of a step that was done it tells the state that the person sees, and whether they were told that it is `sure`.
    """

    def __init__(self, home: Path, tell: Callable[[str], None]) -> None:
        self.home = home
        self.paths = _paths(home)
        self._tell = tell
        self._steps = 0

    def run(self) -> None:
        if library := self._try("papers", self._open):
            rows = self._marking(library)
            self._try("papers", library.undo, library)
            self._try("papers", library.redo, library)
            self._try("papers", lambda: library.mark(rows[2:], marks.read(True)), library)
            self._try("papers", library.flush, library)
            self._try("", library.close)
        self._try(
            "", lambda: session.save(self.paths.session_file, session.Session(opened="2026-11-20T09:00:00Z"))
        )
        self._settings()
        if library := self._try("papers", self._open):
            self._try("papers", lambda: syncing.sync(self.paths))
            self._try("papers", library.sync, library)
            self._try("", lambda: self._export(library))
            self._try("papers", lambda: library.mark(self._rows(library)[:1], marks.note("second")), library)
            self._try("papers", library.undo, library)
            self._try("", lambda: self._export(library))
            self._try("papers", library.flush, library)
            self._try("", library.close)
        if library := self._try("papers", self._open):
            self._try("papers", library.compact, library)
            self._try("papers", library.undo, library)
            self._try("papers", lambda: syncing.sync(self.paths))
            self._try("papers", library.flush, library)
            self._try("", library.close)

    def _open(self) -> Library:
        library = Library(self.paths, now=lambda: _NOW)
        self._say(problems=[*filter(None, [library.notice]), *library.catch_up()])
        return library

    def _marking(self, library: Library) -> list[int]:
        self._try("papers", lambda: library.import_file("page.jsonl", _PAGE, date(2026, 11, 20)), library)
        rows = self._rows(library)
        for row, act in (
            (0, marks.star(True, implies_read=True)),
            (1, marks.later(True, implies_read=True)),
            (2, marks.tags(["moe", "größer"], [], implies_read=True)),
            (0, marks.note("worth a look")),
            (1, marks.dismiss(True, implies_read=True)),
        ):
            self._try("papers", partial(library.mark, rows[row : row + 1], act), library)
        return rows

    def _rows(self, library: Library) -> list[int]:
        rows = []
        for number in _NUMBERS:
            try:
                rows.append(library.resolve(identity(number)))
            except PapersError as error:  # the import failed
                self._say(said=str(error))
        return rows

    def _settings(self) -> None:
        for name, edit in (
            ("views", lambda: saved_views.edit(self.paths.views_file, self._with_view)),
            (
                "rules",
                lambda: rulebook.edit(self.paths.rules_file, lambda rules: rulebook.added(rules, _RULE)),
            ),
            ("sources", lambda: subscriptions.edit(self.paths.sources_file, self._with_source)),
        ):
            self._try(name, edit)

    def _with_view(self, views: tuple[SavedView, ...]) -> tuple[SavedView, ...]:
        return views if _VIEW in views else (*views, _VIEW)

    def _with_source(self, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        return sources if _BLOG in sources else (*sources, _BLOG)

    def _export(self, library: Library) -> None:
        exporting.export(library, library.find(parse("is:starred")), f"{self.home / 'export'}/", _HEADING)
        exporting.export(library, library.find(Query(())), str(self.home / "all.md"), _HEADING)

    def _try(self, about: str, work: Callable[[], Any], library: Library | None = None) -> Any:
        """Does a step, the only one that a fault can stop. What is not a PapersError is a bug."""
        self._say(step=self._steps, about=about)
        self._steps += 1
        try:
            done = work()
        except PapersError as error:
            self._say(said=str(error), about=about)
            return None
        except OSError as error:
            if (
                getattr(work, "__name__", "") == "compact"
            ):  # whoever calls it passes it over: it can be done later
                return None
            self._say(bug=f"{error!r}\n{traceback.format_exc()}")
            return None
        except Exception:  # noqa: BLE001 - whatever it is, nobody named it
            self._say(bug=traceback.format_exc())
            return None
        if about:
            opened = done if isinstance(done, Library) else library
            sure = opened is None or not opened.unsaved
            self._say_state(about, opened, sure)
        return done

    def _say_state(self, about: str, library: Library | None, sure: bool) -> None:
        if about == "papers":
            self._say(state=_state_of(library) if library else {}, about=about, sure=sure)
            return
        listed, problems = _read(self.paths, about)
        if not problems:  # else it can't be read back now, and its reader says so
            self._say(state={about: _names(listed)}, about=about, sure=sure)

    def _say(self, **what: Any) -> None:
        self._tell(json.dumps(what))


_VIEW = SavedView("Mine", "tag:moe")
_RULE = Rule("Agents", "title:agents", ("later",))
_BLOG = Source("Blog", "feed", "https://blog.example/feed")


def _paths(home: Path) -> Paths:
    return find_paths({"PAPERS_TUI_HOME": str(home)})


def _state_of(library: Library) -> State:
    return {
        one.paper.id: [
            one.state.read,
            one.state.starred,
            one.state.later,
            one.state.dismissed,
            list(one.state.tags),
            one.state.note,
        ]
        for one in library.holdings(library.find(Query(())))
    }


def _read(paths: Paths, name: str) -> tuple[Any, tuple[str, ...]]:
    if name == "rules":
        book = rulebook.load(paths)
        return book.kept, book.problems
    return saved_views.load(paths.views_file) if name == "views" else subscriptions.load(paths.sources_file)


def _settings_of(paths: Paths) -> State:
    found = {}
    for name in ("views", "rules", "sources"):
        listed, problems = _read(paths, name)
        assert not problems
        found[name] = _names(listed)
    return found


def _names(listed: Iterable[Any]) -> list[str]:
    return [one.name for one in listed]


def _run(home: Path, fault: Fault | None) -> tuple[list[dict[str, Any]], int, list[str]]:
    """A session on that disk: what it told, its exit code, and the calls that it made, if it lived to tell."""

    def work(tell: Callable[[str], None]) -> None:
        # What takes a journal of hundreds of thousands of bytes otherwise.
        compacting._LEAST = 1
        compacting.compact.__kwdefaults__ = {"least": 1, "ratio": 1, "keep": 2}
        disk = Disk(fault)
        with faulty(disk):
            Sitting(home, tell).run()
        tell(json.dumps({"calls": disk.calls}))

    lines, code = in_a_process_of_its_own(work)
    told = [json.loads(line) for line in lines]
    calls = told.pop()["calls"] if told and "calls" in told[-1] else []
    return told, code, calls


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which nothing was done yet, but that the other machine starred something in the shared folder, a view
    was written by hand, and so was something into an export."""
    home = tmp_path_factory.mktemp("template") / "home"
    paths = _paths(home)
    paths.config.mkdir(parents=True)
    syncing.begin(paths, str(home / "shared"))
    change = Change(((identity(4),),), (("star", True),), (("star", False),))
    entry = Entry("0ther-0", 1, (1_700_000_000_000, 0), "star", (change,))
    (home / "shared" / "0ther-0.jsonl").write_bytes(encode(entry))
    paths.views_file.write_text('[[view]]\nname = "By hand"\nquery = "cat:cs.CL"\n', "utf-8")
    with Library(_paths(home.with_name("elsewhere"))) as library:
        library.import_file("page.jsonl", _PAGE, date(2026, 11, 20))
        exporting.export(library, library.find(Query(())), str(home / "all.md"), _HEADING)
    with (home / "all.md").open("a", encoding="utf-8") as document:
        document.write(f"\n{_OURS}\n")
    return home


@pytest.fixture(scope="module")
def undisturbed(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[dict[str, Any]], list[str]]:
    """What a session tells in which nothing fails, and the calls it makes."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    for _ in range(2):  # the first brings in the modules
        shutil.rmtree(home, ignore_errors=True)
        _copy(template, home)
        told, code, calls = _run(home, None)
    assert code == 0
    assert [one for one in told if "bug" in one or "said" in one or one.get("problems")] == []
    return told, calls


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is one: thousands of sessions need not wait for a disk."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


def _copy(template: Path, home: Path) -> None:
    shutil.copytree(template, home)
    syncing.begin(_paths(home), str(home / "shared"))


def _allowed(
    told: list[dict[str, Any]], undisturbed: list[dict[str, Any]], at_first: State
) -> dict[str, list[Any]]:
    """What each paper and file may be like in the end, by what was told."""
    states: dict[int, State] = {}
    for number, one in enumerate(undisturbed):
        if "step" in one:
            later = (
                o["state"] for o in undisturbed[number:] if o.get("state") and o["about"] == one["about"]
            )
            states[one["step"]] = next(later, {})
    allowed: dict[str, list[Any]] = {name: [value] for name, value in at_first.items()}
    for number, one in enumerate(told):
        if "state" in one:
            for name, value in one["state"].items():
                allowed[name] = [value] if one["sure"] else [*allowed.get(name, [None]), value]
        elif one.get("step") is not None:
            outcome = next((o for o in told[number + 1 :] if not o.keys() & {"problems"}), {})
            if (
                "state" not in outcome
                and one["about"]
                and not ("said" in outcome and one["about"] != "papers")
            ):
                for name, value in states[one["step"]].items():
                    allowed.setdefault(name, [None]).append(value)
    return allowed


def _survives(template: Path, home: Path, fault: Fault, undisturbed: list[dict[str, Any]]) -> str:
    """Does a session with this fault; why not all is well afterwards, or "" where it is."""
    _copy(template, home)
    told, code, calls = _run(home, fault)
    if bugs := [one["bug"] for one in told if "bug" in one]:
        return str(bugs[0])
    missed = (
        0 < len(calls) <= fault.at
    )  # names differ in length from run to run, and so the last calls' numbers
    dies = fault.kind in ("killed", "killed within", "power cut")
    if code != (KILLED if dies and not missed else 0):
        return f"it ended with {code}"
    allowed = _allowed(told, undisturbed, _settings_of(_paths(template)))
    paths = _paths(home)
    for attempt in ("as it is", "without its cache"):
        with Library(paths, now=lambda: _NOW) as library:
            if problems := [*filter(None, [library.notice]), *library.catch_up()]:
                return f"{attempt}: {problems}"
            found = _state_of(library) | _settings_of(paths)
            if "By hand" not in found["views"]:
                return f"{attempt}: the views are {found['views']}"
            for name, values in allowed.items():
                if found.get(name) not in values and not (name in found and values == [None]):
                    return f"{attempt}: {name} is {found.get(name)}, and not one of {values}"
        shutil.rmtree(paths.cache)
    return _whole(home) or _goes_on(home)


def _whole(home: Path) -> str:
    """Which line is garbled, if any, of those that are more than the one that was being written."""
    for folder in (_paths(home).journal, home / "shared"):
        for path in folder.glob("*.jsonl"):
            data = path.read_bytes()
            torn = [line for line in data.split(b"\n") if line and not is_whole(line)]
            if len(torn) > (folder != home / "shared") or any(decode(line) for line in torn):
                return f"{path}: {torn}"
    return ""


def _goes_on(home: Path) -> str:
    """What goes wrong in the next session, if anything."""
    paths = _paths(home)
    with Library(paths, now=lambda: _NOW) as library:
        library.import_file("next.jsonl", json.dumps(paper(9)).encode(), date(2026, 11, 21))
        row = library.resolve(identity(9))
        if not library.mark([row], marks.star(True, implies_read=True)).saved or not library.undo():
            return "afterwards nothing can be marked"
        exporting.export(library, library.find(Query(())), str(home / "all.md"), _HEADING)
    syncing.sync(paths)
    saved_views.edit(paths.views_file, lambda views: (*views, SavedView("Next", "is:unread")))
    text = (home / "all.md").read_text("utf-8")
    return "" if _OURS in text and "Paper 9" in text else f"the export is {text}"


def _sweep(template: Path, root: Path, several: list[Fault], undisturbed: list[dict[str, Any]]) -> list[str]:
    bad = []
    for fault in several:
        home = root / "home"
        if why := _survives(template, home, fault, undisturbed):
            bad.append(f"{fault}: {why}")
        shutil.rmtree(home)
    return bad


@pytest.mark.parametrize("kind", APPLIES)
def test_a_tenth_of_all_faults(
    template: Path,
    undisturbed: tuple[list[dict[str, Any]], list[str]],
    memory: Path,
    kind: str,
    tally: Tally,
) -> None:
    """And every write of our own that is done by half: those are what a torn line comes from."""
    told, calls = undisturbed
    tenth = [
        fault
        for number, fault in enumerate(cases(calls))
        if fault.kind == kind
        and (number % 10 == 0 or (kind in ("short", "killed within") and calls[fault.at] == "write"))
    ]
    tally("faults", len(tenth))
    assert _sweep(template, memory, tenth, told) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", APPLIES)
def test_every_fault(
    template: Path,
    undisturbed: tuple[list[dict[str, Any]], list[str]],
    memory: Path,
    kind: str,
    tally: Tally,
) -> None:
    told, calls = undisturbed
    every = [fault for fault in cases(calls) if fault.kind == kind]
    tally("faults", len(every))
    assert _sweep(template, memory, every, told) == []
