"""`papers-tui doctor`: what it finds, what it advises, what it keeps to itself, and that it changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from papers_tui.cli import main
from papers_tui.doctor import NOTE, OK, PROBLEM, examine
from papers_tui.doctor.terminal import Screen, look_at_terminal
from papers_tui.domain.marks import star
from papers_tui.domain.query import parse
from papers_tui.domain.sources import DAILY_PAPERS, Source, SourceState
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.sample import sample_library
from papers_tui.store import open_store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "hf_tidesAndClocks0123456789"
FEED = Source("Lab", "feed", f"https://lab.example/feed?token={SECRET}")


class Said(NamedTuple):
    """The findings of a run, and its exit code."""

    code: int
    found: list[dict[str, str]]

    def of(self, level: str) -> list[str]:
        return [f"{one['about']}: {one['text']}" for one in self.found if one["level"] == level]


Doctor = Callable[[], Said]


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Runs `papers-tui doctor --json` on the test's home, on a good terminal."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("COLUMNS", "LINES", "LC_ALL", "TMUX"):
        monkeypatch.delenv(name, raising=False)

    def run() -> Said:
        code = main(["doctor", "--json"])
        return Said(code, [json.loads(line) for line in capsys.readouterr().out.splitlines()])

    return run


@pytest.fixture
def full(home: Paths) -> Paths:
    """A home with papers, a mark and a source that was asked."""
    with Library(home) as library:
        library.import_file("p.jsonl", b'{"id": "arxiv:2402.16107", "title": "Tides"}\n', NOW.date())
        library.mark(list(library.find(parse(""))), star(True, implies_read=False))
        library.intake.remember(
            DAILY_PAPERS, SourceState(DAILY_PAPERS.ref, asked="2026-11-21T09:30:00Z", status="fetched")
        )
    home.config_file.write_text('refresh = "manual"\n')
    for folder in (home.config, home.data.parent):
        folder.chmod(0o700)
    return home


@pytest.mark.usefixtures("full")
def test_of_what_is_well_nothing_is_said_but_that(doctor: Doctor) -> None:
    code, found = said = doctor()
    assert (code, said.of(PROBLEM)) == (0, [])
    texts = said.of(OK)
    assert "journal: 1 act in 1 file, 1 of them written by this machine" in texts
    assert "sources: Daily Papers: asked 2026-11-21 09:30 UTC" in texts
    assert any(text.startswith("cache: library-v") and "1 paper, " in text for text in texts)
    assert {one["about"] for one in found} == {
        *("versions", "terminal", "folders", "disk", "config", "journal", "clock", "cache", "sources")
    }


def test_before_the_first_start_there_is_nothing_wrong(tmp_path: Path, doctor: Doctor) -> None:
    said = doctor()
    assert (said.code, said.of(PROBLEM)) == (0, [])
    assert "cache: there is none yet; it is made at the first start" in said.of(NOTE)
    assert not (tmp_path / "home").exists()


# What is broken


def _clash(home: Paths) -> None:
    home.config_file.write_text('[keys]\nstar = "d"\ndismiss = "d"\n')


def _journal_line(home: Paths) -> None:
    (file,) = home.journal.glob("*.jsonl")
    file.write_bytes(b"garbage\n" + file.read_bytes() + b"deadbeef {}\nhalf a li")


def _folder_in_the_journal(home: Paths) -> None:
    (home.journal / "other-0.jsonl").mkdir()


def _late_act(home: Paths) -> None:
    with Library(home, now=lambda: datetime.now(UTC) + timedelta(days=3650)) as library:
        library.mark(list(library.find(parse(""))), star(False, implies_read=False))


def _cache(home: Paths) -> Path:
    (file,) = home.cache.glob("library-v*.sqlite3")
    return file


def _smash(home: Paths) -> None:
    file = _cache(home)
    data = bytearray(file.read_bytes())
    data[5000:60_000] = os.urandom(55_000)
    file.write_bytes(data)


def _empty_cache(home: Paths) -> None:
    _cache(home).write_bytes(b"")


def _foreign_cache(home: Paths) -> None:
    _cache(home).write_bytes(b"GIF89a" * 1000)


def _cache_a_folder(home: Paths) -> None:
    file = _cache(home)
    file.unlink()
    file.mkdir()


def _mark_of_damage(home: Paths) -> None:
    file = _cache(home)
    file.with_name(f"{file.name}.damaged").touch()


def _file_for_folder(home: Paths) -> None:
    shutil.rmtree(home.data)
    home.data.write_bytes(b"")


def _failing(home: Paths) -> None:
    state = SourceState(
        DAILY_PAPERS.ref, asked="2026-11-21T09:30:00Z", succeeded="2026-11-01T09:30:00Z", status="failed",
        reason="huggingface.co answered 500", failures=7,
    )  # fmt: skip
    with Library(home) as library:
        library.intake.remember(DAILY_PAPERS, state)


def _write(name: str, text: str | bytes) -> Callable[[Paths], None]:
    data = text.encode() if isinstance(text, str) else text

    def write(home: Paths) -> None:
        (home.config / name).write_bytes(data)

    return write


def _mkdir(name: str) -> Callable[[Paths], None]:
    return lambda home: (home.config / name).mkdir()


BROKEN = [
    pytest.param(_write("config.toml", "theme = "), "config: ", "it is not TOML", id="no TOML"),
    pytest.param(_write("config.toml", "tehme = 'a'"), "config: ", "perhaps theme is meant", id="unknown setting"),
    pytest.param(_write("config.toml", b"\xff\xfe\0"), "config: ", "not to be UTF-8", id="no UTF-8"),
    pytest.param(_write("sources.toml", "[[source]]\nname = 3"), "config: ", "sources.toml", id="bad source"),
    pytest.param(_write("sources.toml", "=" * 9), "config: ", "sources.toml: it is not TOML", id="bad sources"),
    pytest.param(_write("views.toml", "[[view]]\nquery = 'is:what'"), "config: ", "views.toml", id="bad view"),
    pytest.param(_write("rules.toml", "rules = 7"), "config: ", "rules.toml", id="bad rules"),
    pytest.param(_write("authors.toml", "author = 7"), "config: ", "authors.toml", id="bad authors"),
    *(
        pytest.param(_mkdir(f"{name}.toml"), "config: ", f"{name}.toml", id=f"{name} a folder")
        for name in ("sources", "views", "rules", "authors")
    ),
    pytest.param(_clash, "config: ", "is taken, it goes to", id="a key for two"),
    pytest.param(_folder_in_the_journal, "journal: ", "other-0.jsonl can't be read", id="folder in the journal"),
    pytest.param(_smash, "cache: ", "is damaged", id="smashed cache"),
    pytest.param(_empty_cache, "cache: ", "is damaged", id="empty cache"),
    pytest.param(_foreign_cache, "cache: ", "file is not a database", id="another file for a cache"),
    pytest.param(_cache_a_folder, "cache: ", "it is no file", id="folder for a cache"),
    pytest.param(_mark_of_damage, "cache: ", "a program met damage in library-v", id="mark of damage"),
    pytest.param(_file_for_folder, "folders: ", "data is not a folder", id="file for a folder"),
    pytest.param(_failing, "sources: ", "failed 7 times in a row: huggingface.co answered 500", id="failing"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "about", "text"), BROKEN)
def test_what_is_broken_is_named_with_the_way_out(
    full: Paths, doctor: Doctor, damage: Callable[[Paths], None], about: str, text: str
) -> None:
    (full.config / "config.toml").unlink()
    damage(full)
    before = _everything(full)
    said = doctor()
    assert said.code == 1
    assert [problem for problem in said.of(PROBLEM) if problem.startswith(about) and text in problem]
    assert all(one["advice"] for one in said.found if one["level"] == PROBLEM)
    assert not [one for one in said.found if "report this as a bug" in one["advice"]]
    assert {one["about"] for one in said.found} >= {
        "versions",
        "terminal",
        "folders",
        "config",
        "journal",
        "cache",
    }
    assert _everything(full) == before


def test_damaged_lines_are_counted_and_named(full: Paths, doctor: Doctor) -> None:
    _journal_line(full)
    said = doctor()
    assert said.code == 0, "a line that a kill tore is nothing that could be mended"
    (told,) = [text for text in said.of(NOTE) if text.startswith("journal: ")]
    assert "2 damaged of 3 lines (1, 3)" in told


def test_what_was_set_aside_and_other_versions_are_named(full: Paths, doctor: Doctor) -> None:
    for name in ("library-v1.sqlite3", "library-v999.sqlite3", "library-v4.sqlite3.broken-1"):
        (full.cache / name).write_bytes(b"x")
    notes = doctor().of(NOTE)
    assert "cache: library-v1.sqlite3 is the cache of an older version" in notes
    assert "cache: library-v999.sqlite3 is the cache of a newer version" in notes
    assert "cache: library-v4.sqlite3.broken-1 was set aside because it was damaged" in notes


def test_an_act_of_tomorrow_is_wondered_at(full: Paths, doctor: Doctor) -> None:
    _late_act(full)
    assert any("this clock or another machine's is wrong" in text for text in doctor().of(NOTE))


def test_a_cache_in_use_is_read_all_the_same(full: Paths, doctor: Doctor) -> None:
    store, _ = open_store(full.cache)
    with store.transaction() as db:
        db.execute("INSERT INTO imported VALUES('x')")
        assert doctor().of(PROBLEM) == []
    store.close()


def test_paused_and_unasked_sources_are_noted(full: Paths, doctor: Doctor) -> None:
    full.sources_file.write_text(
        "[[source]]\nname = 'A'\nkind = 'arxiv'\naddress = 'cs.CL'\n"
        "[[source]]\nname = 'B'\nkind = 'arxiv'\naddress = 'cs.LG'\npaused = true\n"
    )
    notes = doctor().of(NOTE)
    assert "sources: A: never asked yet" in notes
    assert "sources: B: paused" in notes


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(("free", "level"), [(5 << 20, PROBLEM), (100 << 20, NOTE)])
def test_a_disk_that_is_nearly_full(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    def usage(_: Path) -> Any:
        return type("Usage", (), {"free": free})

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert [text for text in doctor().of(level) if text.startswith(f"disk: only {free >> 20} MiB free at ")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_what_may_not_be_read_or_written_is_named(full: Paths, doctor: Doctor) -> None:
    (journal,) = full.journal.glob("*.jsonl")
    for place, mode in ((journal, 0o400), (full.config_file, 0), (full.cache, 0o500)):
        place.chmod(mode)
    try:
        problems = "\n".join(doctor().of(PROBLEM))
    finally:
        full.cache.chmod(0o700)
    assert f"{journal.name} can't be written" in problems
    assert "config.toml: can't be read (Permission denied)" in problems
    assert "cache can't be written" in problems


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_folders_that_may_not_be_entered(full: Paths, doctor: Doctor) -> None:
    root = full.config.parent
    root.chmod(0)
    try:
        said = doctor()
    finally:
        root.chmod(stat.S_IRWXU)
    assert said.code == 1
    assert not [one for one in said.found if "report this as a bug" in one["advice"]]


def test_without_a_home_folder_it_says_so_and_goes_on(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERS_TUI_HOME", "~no-such-user-here/papers")
    said = doctor()
    assert said.code == 1
    assert "folders: ~no-such-user-here/papers: no such user's home folder" in said.of(PROBLEM)
    assert [text for text in said.of(OK) if text.startswith("versions: ")]


@pytest.mark.usefixtures("full")
def test_a_check_that_breaks_down_does_not_stop_the_others(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: Path) -> None:
        raise ZeroDivisionError("nothing there")

    monkeypatch.setattr("papers_tui.doctor.examination.journal_health", breaks)
    said = doctor()
    assert said.code == 1
    assert said.of(PROBLEM) == ["journal: it can't be looked at: ZeroDivisionError: nothing there"]
    assert [text for text in said.of(OK) if text.startswith("cache: ")]


# What it keeps to itself


def test_it_tells_no_secrets_and_not_whose_home_it_is(full: Paths) -> None:
    full.sources_file.write_text(
        f"[[source]]\nname = 'Lab'\nkind = 'feed'\naddress = '{FEED.address}'\n"
        f"[[source]]\nname = 'Lab 2'\nkind = 'feed'\naddress = 'https://ada:{SECRET}@lab.example/'\n"
        f"[[source]]\nname = 'Lab 3'\nkind = 'feed'\naddress = 'gopher://ada:{SECRET}@lab.example/'\n"
    )
    full.sources_file.chmod(0o644)
    full.config_file.write_text(f"services.huggingface = 'https://ada:{SECRET}@hub.example'\n")
    reason = f"no rights for {SECRET} at {FEED.address}"
    state = SourceState(FEED.ref, asked="2026-11-21T09:30:00Z", status="failed", reason=reason, failures=9)
    with Library(full) as library:
        library.intake.remember(FEED, state)
    environ = {"TERM": "xterm", "HF_TOKEN": SECRET, "https_proxy": f"http://ada:{SECRET}@proxy.example:80"}
    root = full.config.parent
    found = list(examine(full, Screen((80, 24), "utf-8", environ), now=NOW, home=root.parent))
    text = "\n".join(f"{one.text} {one.advice}" for one in found)
    assert "9 times in a row: no rights for … at https://lab.example/feed?token=…" in text
    assert "https_proxy=http://proxy.example:80" in text
    assert "chmod 600 sources.toml" in text
    assert SECRET not in text
    assert str(root.parent) not in text
    assert f"~/{root.name}/data" in text


def test_no_title_and_no_author_of_any_paper_is_told(home: Paths, doctor: Doctor) -> None:
    sample_library(home.config.parent).close()
    with Library(home) as library:
        titles = [library.holding(row).paper.title for row in library.find(parse(""))]
        library.mark(list(library.find(parse(""))), star(True, implies_read=False))
    text = json.dumps(doctor().found)
    assert len(titles) == 32
    assert [title for title in titles if title in text] == []


# The terminal

GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("size", "encoding", "environ", "finding"),
    [
        ((80, 24), "utf-8", GOOD, (OK, "80×24")),
        ((80, 24), "utf-8", GOOD, (OK, "xterm-256color, 16 million colours")),
        ((80, 24), "utf-8", {"TERM": "tmux-256color"}, (OK, "tmux-256color, 256 colours")),
        ((80, 24), "utf-8", {"TERM": "screen", "TMUX": "x"}, (NOTE, "screen, 16 colours or fewer")),
        ((80, 24), "utf-8", {"TERM": "linux"}, (NOTE, "linux, 16 colours or fewer")),
        ((80, 24), "utf-8", {"TERM": "dumb"}, (PROBLEM, "TERM is dumb: no screen can be drawn")),
        ((80, 24), "utf-8", {}, (PROBLEM, "TERM is not set: no screen can be drawn")),
        ((19, 40), "utf-8", GOOD, (PROBLEM, "19×40 is too small to read in")),
        ((200, 7), "utf-8", GOOD, (PROBLEM, "200×7 is too small to read in")),
        ((1, 1), "utf-8", GOOD, (PROBLEM, "1×1 is too small to read in")),
        (None, "utf-8", GOOD, (NOTE, "this is a pipe or a file; what follows is what the environment says")),
        ((80, 24), "ascii", GOOD, (NOTE, "it is written to in ascii: signs beyond that are shown as ?")),
        (
            (80, 24), "utf-8", {**GOOD, "COLUMNS": "80", "LINES": "24"},
            (NOTE, "COLUMNS and LINES stand over the size that the terminal itself tells"),
        ),
        ((80, 24), "utf-8", {**GOOD, "NO_COLOR": "1"}, (NOTE, "NO_COLOR is set: everything is shown in one colour")),
        (
            (80, 24), "utf-8", {**GOOD, "TEXTUAL_DRIVER": "x"},
            (NOTE, "TEXTUAL_DRIVER is set, which changes how the app draws or reads keys"),
        ),
    ],
)  # fmt: skip
def test_terminals(
    size: tuple[int, int] | None, encoding: str, environ: Mapping[str, str], finding: tuple[str, str]
) -> None:
    found = list(look_at_terminal(Screen(size, encoding, environ)))
    assert finding in [(one.level, one.text) for one in found]
    assert all(one.advice for one in found if one.level == PROBLEM)


def test_on_a_terminal_it_is_a_line_each(full: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    _smash(full)
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line[:9].strip() in (OK, NOTE, PROBLEM) for line in lines)
    main(["doctor", "--quiet"])
    assert capsys.readouterr().out.splitlines() == [line for line in lines if not line.startswith(f"{OK} ")]


def _everything(home: Paths) -> dict[str, bytes]:
    """Every file of the home with what is in it; SQLite's index of its own log is its own affair."""
    files = [path for path in sorted(home.config.parent.rglob("*")) if path.is_file()]
    return {str(path): path.read_bytes() for path in files if not path.name.endswith("-shm")}
