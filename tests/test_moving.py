"""A whole library in one file: the way there and back is the identity, and nobody's marks come in unasked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ui.desk import fill, identity, paper, sitting

from papers_tui import saved_views, subscriptions, watching
from papers_tui.cli import main
from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import Act
from papers_tui.domain.query import parse
from papers_tui.domain.whole import without_passwords
from papers_tui.library import Library
from papers_tui.moving import Moved, bring_marks, export_all
from papers_tui.paths import Paths, find_paths, make
from papers_tui.saved_views.changes import SavedView

_NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _home(folder: Path) -> Paths:
    found = find_paths({"PAPERS_TUI_HOME": str(folder)})
    make(found)
    return found


def _everything(paths: Paths) -> list[dict[str, Any]]:
    """All that `list --format jsonl` shows, and every version of the notes, in the default order."""
    with Library(paths) as library:
        library.catch_up()
        return [held.record() for held in library.holdings(library.find(parse("")))]


def _export(paths: Paths, target: Path) -> Moved:
    with Library(paths) as library:
        library.catch_up()
        return export_all(library, target, _NOW)


def _import(paths: Paths, file: Path, *, with_marks: bool = True) -> Moved | None:
    with Library(paths) as library:
        result = library.import_file(file.name, file.read_bytes(), date(2026, 11, 21))
        assert (result.skipped, result.faults) == ("", ())
        moved = bring_marks(paths, file.read_bytes(), file.name, _NOW) if with_marks else None
        library.sync()
    return moved


_words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
_papers = st.builds(
    lambda number, title, authors, fields: paper(number, title, authors=authors) | fields,
    st.integers(1, 6),
    _words.map(lambda text: f"T {text}"),
    st.lists(_words, max_size=3),
    st.fixed_dictionaries(
        {},
        optional={
            "published": st.sampled_from(["2026-11-01", "2026-11-02T10:00:00Z", None]),
            "edition": st.just("2026-11-20"),
            "abstract": st.just("The same."),
            "title": st.just("Again"),
            "id": st.sampled_from(["url:https://example.org/1", "doi:10.1234/x"]),
            "announce": st.sampled_from(["new", "cross", "replace"]),
            "summary": _words,
            "upvotes": st.integers(0, 99),
            "stars": st.integers(0, 99),
            "version": st.integers(1, 4),
            "keywords": st.lists(_words, max_size=2),
            "categories": st.lists(st.sampled_from(["cs.CL", "cs.LG"]), max_size=2),
            "organization": st.just({"name": "org", "fullname": "The Org"}),
            "links": st.just([{"url": "https://github.com/a/b", "kind": "code", "label": "a/b"}]),
        },
    ),
)
_files = st.lists(
    st.tuples(st.sampled_from(["b.jsonl", "a.jsonl", "c.jsonl"]), st.lists(_papers, min_size=1)), max_size=4
)
_acts = st.lists(
    st.tuples(
        st.sampled_from(
            (
                marks.read(True),
                marks.star(True, implies_read=True),
                marks.star(False, implies_read=True),
                marks.later(True, implies_read=False),
                marks.dismiss(True, implies_read=True),
                marks.tags(["rl", "größer"], [], implies_read=False),
                marks.tags([], ["rl"], implies_read=False),
                marks.note("one\ntwo"),
                marks.note(""),
            )
        ),
        st.integers(0, 6),
    ),
    max_size=12,
)


@settings(max_examples=25)
@given(_files, _acts)
def test_there_and_back_is_the_identity(
    tmp_path_factory: pytest.TempPathFactory,
    files: Sequence[tuple[str, list[dict[str, Any]]]],
    acts: Sequence[tuple[Act, int]],
) -> None:
    folder = tmp_path_factory.mktemp("moving")
    first, second = _home(folder / "a"), _home(folder / "b")
    for name, papers in files:
        fill(first, papers, name=name)
    with Library(first) as library:
        library.catch_up()
        for act, place in acts:
            library.mark(list(library.find(parse("")))[place : place + 2], act)
            if place == 6:
                library.undo()
    _export(first, folder / "all.jsonl")
    _import(second, folder / "all.jsonl")
    before = _everything(first)
    assert _everything(second) == before
    moved = _import(second, folder / "all.jsonl")
    assert moved is not None
    assert moved.acts == 0
    assert _everything(second) == before
    _export(second, folder / "again.jsonl")
    assert _lines(folder / "again.jsonl")[1:] == _lines(folder / "all.jsonl")[1:]
    for path in second.cache.iterdir():
        path.unlink()
    assert _everything(second) == before
    shutil.rmtree(folder)


def _lines(path: Path) -> list[str]:
    """The first line, and the others in one order: acts stand in the order of their machines' files."""
    first, *rest = path.read_text("utf-8").split("\n")
    return [first, *sorted(rest)]


@pytest.fixture
def full(home: Paths) -> Paths:
    """A library with two papers and marks, and with all files of settings."""
    fill(home, [paper(1), paper(2)])
    with Library(home) as library:
        first, second = (library.resolve(identity(number)) for number in (1, 2))
        library.mark([first], marks.star(True, implies_read=True))
        library.mark([second], marks.note("see §3"))
    saved_views.edit(home.views_file, lambda views: (*views, SavedView("mine", "is:unread")))
    subscriptions.edit(home.sources_file, lambda sources: sources[:0])
    watching.watch(home.authors_file, "Ada Author")
    return home


def test_a_file_says_what_it_is_and_only_its_owner_reads_it(full: Paths, tmp_path: Path) -> None:
    target = tmp_path / "all.jsonl"
    assert _export(full, target) == Moved(2, 2, ("sources.toml", "views.toml", "authors.toml"))
    first = json.loads(target.read_text().partition("\n")[0])
    assert first == {
        "papers-tui": "library",
        "format": 1,
        "exported": "2026-11-21T12:00:00Z",
        "papers": 2,
        "acts": 2,
        "sources": ["papers.jsonl"],
    }
    assert target.stat().st_mode & 0o777 == 0o600
    assert _export(full, target).papers == 2


def test_settings_come_where_there_are_none_and_replace_nothing(full: Paths, tmp_path: Path) -> None:
    _export(full, tmp_path / "all.jsonl")
    other = _home(tmp_path / "other")
    moved = _import(other, tmp_path / "all.jsonl")
    assert moved == Moved(2, 2, ("sources.toml", "views.toml", "authors.toml"))
    assert other.views_file.read_text() == full.views_file.read_text()
    assert watching.load(other.authors_file)[0] == ("Ada Author",)
    watching.watch(other.authors_file, "Bob")
    moved = _import(other, tmp_path / "all.jsonl")
    assert moved is not None
    assert moved.faults == (
        f"authors.toml: yours stays; move {other.authors_file} away and import again to have the other",
    )
    assert "Bob" in watching.load(other.authors_file)[0]


def test_a_colleagues_library_brings_papers_and_no_marks_unless_asked(full: Paths, tmp_path: Path) -> None:
    _export(full, tmp_path / "all.jsonl")
    other = _home(tmp_path / "other")
    _import(other, tmp_path / "all.jsonl", with_marks=False)
    records = _everything(other)
    assert len(records) == 2
    assert not any(record["starred"] or record["read"] or "note" in record for record in records)
    assert not other.views_file.exists()


def test_marks_of_both_libraries_meet_as_those_of_two_machines(full: Paths, tmp_path: Path) -> None:
    _export(full, tmp_path / "all.jsonl")
    other = _home(tmp_path / "other")
    fill(other, [paper(1), paper(2)])
    with Library(other) as library:
        library.mark([library.resolve(identity(2))], marks.note("mine, later"))
    _import(other, tmp_path / "all.jsonl")
    by_id = {record["id"]: record for record in _everything(other)}
    assert by_id[identity(1)]["starred"]
    assert (by_id[identity(2)]["note"], by_id[identity(2)]["other_notes"]) == ("mine, later", ["see §3"])
    with Library(other) as library:
        undone = library.undo()
    assert undone is not None
    assert undone.text == "undone: note saved"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "line 2: the JSON is cut short"),
        ("7", "line 2: it is neither"),
        ('{"paper": {"abstract": "no title"}}', "line 2: it has no title"),
        ('{"file": "../../evil", "text": ""}', "line 2: it is neither"),
        ('{"file": "config.toml", "text": ""}', "line 2: it is neither"),
        ('{"act": 1}', "line 2: it is neither"),
    ],
)
def test_a_bad_line_is_named_and_the_others_come_in(home: Paths, line: str, fault: str) -> None:
    good = json.dumps({"paper": paper(1), "sources": ["x", 7, "x"], "added": "never"})
    data = '{"papers-tui": "library", "format": 1}\n' + f"{line}\n\n{good}\n"
    with Library(home) as library:
        result = library.import_file("all.jsonl", data.encode(), date(2026, 11, 21))
    assert result.tally.new == 1
    assert len(result.faults) == 1
    assert result.faults[0].startswith(fault)
    assert [record["sources"] for record in _everything(home)] == [["x"]]


def test_acts_that_are_none_do_no_harm(home: Paths) -> None:
    lines = ['{"papers-tui": "library", "format": 1}', json.dumps({"paper": paper(1)})]
    lines += [
        json.dumps({"act": body})
        for body in ({}, {"w": "../../x", "n": 1}, {"w": [], "t": "x"}, {"kind": "star"})
    ]
    data = "\n".join(lines).encode()
    with Library(home) as library:
        library.import_file("all.jsonl", data, date(2026, 11, 21))
    bring_marks(home, data, "all.jsonl", _NOW)
    assert {path.name for path in home.journal.iterdir()} == {"strays.jsonl"}
    assert len(_everything(home)) == 1


def test_a_newer_form_is_refused_with_the_way_out(home: Paths) -> None:
    with Library(home) as library:
        result = library.import_file(
            "all.jsonl", b'{"papers-tui": "library", "format": 2}\n', date(2026, 11, 21)
        )
    assert "the version that wrote it" in result.skipped


def test_settings_that_are_no_toml_are_left_out(home: Paths) -> None:
    data = b'{"papers-tui": "library", "format": 1}\n{"file": "views.toml", "text": "= ="}\n'
    assert bring_marks(home, data, "x", _NOW).faults == ("views.toml: it is not TOML, and left out",)
    assert not home.views_file.exists()


def test_what_is_no_library_is_not_written_over(full: Paths, tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.tex"
    thesis.write_text("years of work")
    with pytest.raises(PapersError):
        _export(full, thesis)
    assert thesis.read_text() == "years of work"
    with pytest.raises(PapersError, match="it is a folder"):
        _export(full, tmp_path)
    with pytest.raises(PapersError, match="can't be written"):
        _export(full, tmp_path / "missing" / "all.jsonl")
    assert not list(tmp_path.glob(".*tmp"))


def test_passwords_stay_at_home(full: Paths, tmp_path: Path) -> None:
    full.sources_file.write_text(
        '[[source]]\nname = "x"\nkind = "feed"\naddress = "https://me:secret@example.org/f"\n'
    )
    moved = _export(full, tmp_path / "all.jsonl")
    assert moved.faults == ("sources.toml: a password in an address is left out",)
    assert "secret" not in (tmp_path / "all.jsonl").read_text()
    assert "https://example.org/f" in (tmp_path / "all.jsonl").read_text()
    assert (
        without_passwords("mail me@example.org https://arxiv.org/@x")
        == "mail me@example.org https://arxiv.org/@x"
    )


@pytest.mark.usefixtures("full")
def test_the_commands_say_what_goes_and_what_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "all.jsonl"
    assert main(["export", "--all", str(target)]) == 0
    assert capsys.readouterr().err == f"2 papers, 2 acts, sources.toml, views.toml, authors.toml → {target}\n"
    assert main(["export", "--all", "-"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == target.read_text().splitlines()[1:]
    for words in (["is:read", "--all", "x"], ["--all", "x", "-o", "y"], ["--all", ""]):
        assert main(["export", *words]) == 2
    capsys.readouterr()
    monkeypatch.setenv("PAPERS_TUI_HOME", str(tmp_path / "other"))
    assert main(["import", str(target)]) == 0
    said = capsys.readouterr().err
    assert "2 new" in said
    assert "2 acts, sources.toml, views.toml, authors.toml left out; --with-marks makes them yours" in said
    assert main(["import", "--with-marks", str(target)]) == 0
    assert "with its marks: 2 acts new, sources.toml, views.toml, authors.toml" in capsys.readouterr().err
    assert main(["list", "is:starred", "--count"]) == 0
    assert capsys.readouterr().out == "1\n"


async def test_the_app_brings_in_the_papers_and_says_that_marks_are_left_out(
    full: Paths, tmp_path: Path
) -> None:
    _export(full, tmp_path / "all.jsonl")
    other = _home(tmp_path / "other")
    fill(other, [paper(9)])
    async with sitting(other) as desk:
        await desk.app._import(str(tmp_path / "all.jsonl"))
        await desk.until(lambda: "2 acts left out" in desk.said)
        assert "2 new" in desk.said
