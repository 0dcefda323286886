"""Lists of whatever kind in TOML files: no change to them is lost, nor what anybody else wrote there."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers_tui.domain.errors import PapersError
from papers_tui.domain.rules import Rule
from papers_tui.domain.sources import Source
from papers_tui.rulebook.entries import RULES
from papers_tui.saved_views import SavedView
from papers_tui.saved_views.entries import VIEWS
from papers_tui.subscriptions.entries import SOURCES
from papers_tui.toml_tables import Tables

Things = tuple[Any, ...]


class Kind(NamedTuple):
    """Two things of a kind, their tables, and parts of a file that may be one of its kind."""

    tables: Tables[Any]
    two: Things
    written: tuple[dict[str, object], dict[str, object]]
    parts: tuple[str, ...]


KINDS = (
    Kind(
        SOURCES,
        (
            Source("Language", "arxiv", "cs.CL+cs.LG"),
            Source("Blog", "feed", "https://b.example/", ("lab",), 90, True),
        ),
        (
            {"name": "Language", "kind": "arxiv", "address": "cs.CL+cs.LG"},
            {
                "name": "Blog",
                "kind": "feed",
                "address": "https://b.example/",
                "tags": ["lab"],
                "every": 90,
                "paused": True,
            },
        ),
        ("[[source]]\n", "source", "kind='arxiv'\n", "address", "'cs.CL'\n", "tags"),
    ),
    Kind(
        VIEWS,
        (SavedView("Past week", "after:7d", "w"), SavedView("Experts", "moe")),
        (
            {"name": "Past week", "query": "after:7d", "key": "w"},
            {"name": "Experts", "query": "moe"},
        ),
        ("[[view]]\n", "view", "name='X'\n", "query='moe'\n", "key='w'\n", "query", "'('\n"),
    ),
    Kind(
        RULES,
        (Rule("Surveys", "title:survey", ("dismiss",)), Rule("Experts", "moe", ("later", "tag:moe"))),
        (
            {"name": "Surveys", "when": "title:survey", "do": ["dismiss"]},
            {"name": "Experts", "when": "moe", "do": ["later", "tag:moe"]},
        ),
        ("[[rules]]\n", "rules", "when='moe'\n", "do='read'\n", "do=['later']\n", "when", "'('\n"),
    ),
)
FUNCTION_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=KINDS, ids=["sources", "views", "rules"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.toml"


@pytest.fixture
def saved(kind: Kind, file: Path) -> Path:
    """The file with the two things."""
    kind.tables.edit(file, lambda _: kind.two)
    return file


def without_the_last(things: Things) -> Things:
    return things[:-1]


def test_things_are_written_as_tables_under_a_header(kind: Kind, saved: Path) -> None:
    assert kind.tables.load(saved) == (kind.two, ())
    assert tomllib.loads(saved.read_text()) == {kind.tables.array: list(kind.written)}
    assert saved.read_text().startswith(kind.tables.header)
    assert saved.stat().st_mode & 0o777 == 0o600


def test_a_change_that_changes_nothing_writes_nothing(kind: Kind, file: Path) -> None:
    assert kind.tables.edit(file, lambda things: things) == kind.tables.suggested
    assert not file.exists()
    file.write_text(f"# mine\n[[{kind.tables.array}]]\n")
    assert kind.tables.edit(file, lambda things: things) == ()
    assert file.read_text().startswith("# mine")


def test_the_first_change_keeps_what_is_suggested(kind: Kind, file: Path) -> None:
    both = (*kind.tables.suggested, kind.two[1])
    assert kind.tables.edit(file, lambda things: (*things, kind.two[1])) == both
    assert kind.tables.load(file) == (both, ())
    kind.tables.edit(file, lambda _: ())
    assert kind.tables.load(file) == ((), ())


def test_the_former_version_is_kept(kind: Kind, saved: Path) -> None:
    former = saved.read_bytes()
    kind.tables.edit(saved, without_the_last)
    assert saved.with_name("list.toml.bak").read_bytes() == former


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "not changed: the disk is full (free some space and try again)"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "no permission to write it"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_write_that_fails_leaves_the_file_as_it_was(
    number: int, words: str, kind: Kind, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(PapersError) as error:
        kind.tables.edit(saved, without_the_last)
    assert str(saved) in str(error.value)
    assert words in str(error.value)
    assert kind.tables.load(saved) == (kind.two, ())
    assert {path.name for path in saved.parent.iterdir()} == {"list.toml", ".list.toml.lock"}


def test_what_the_change_raises_leaves_the_file_as_it_was(kind: Kind, saved: Path) -> None:
    def refused(_: Things) -> NoReturn:
        raise PapersError("Nothing", "none has this name")

    with pytest.raises(PapersError, match="none has this name"):
        kind.tables.edit(saved, refused)
    assert kind.tables.load(saved) == (kind.two, ())


@pytest.mark.parametrize("text", ["{} = 3", "[{}]\nname = 'X'", "[{}.x]"])
def test_what_stands_in_their_place_is_told_and_not_overwritten(text: str, kind: Kind, file: Path) -> None:
    array = kind.tables.array
    file.write_text(text.format(array))
    for act in (kind.tables.load, lambda path: kind.tables.edit(path, without_the_last)):
        with pytest.raises(PapersError) as error:
            act(file)
        hint = f"write [[{array}]], in double brackets, before each of them"
        assert str(error.value) == f"{file}: what it calls {array} is no list of tables ({hint})"
    assert file.read_text() == text.format(array)


@pytest.mark.parametrize("data", [b"name = ", b"[[view", b"a = 1\na = 2", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_a_file_that_is_not_toml_is_told_and_never_overwritten(data: bytes, kind: Kind, file: Path) -> None:
    file.write_bytes(data)
    for act in (kind.tables.load, lambda path: kind.tables.edit(path, without_the_last)):
        with pytest.raises(PapersError) as error:
            act(file)
        assert str(error.value).startswith(f"{file}: ")
        assert "list.toml.bak" in str(error.value)
        assert str(error.value).isprintable()
    assert file.read_bytes() == data
    assert not file.with_name("list.toml.bak").exists()


@pytest.mark.parametrize("text", [f"a = {'[' * 300}{']' * 300}", f"a{'.a' * 3000} = 1"])
def test_what_is_nested_too_deep_to_be_written_is_told_and_stays(text: str, kind: Kind, file: Path) -> None:
    file.write_text(text)
    assert "'a' is not known here" in kind.tables.load(file)[1][0]
    with pytest.raises(PapersError, match="nested too deep") as error:
        kind.tables.edit(file, lambda _: kind.two)
    assert str(file) in str(error.value)
    assert file.read_text() == text


SIGNS = ("\n", "name", "=", "[", "]", "{", "}", "1", ".", "'x'")


@given(draw=st.data())
@FUNCTION_FIXTURE
def test_nothing_in_the_file_is_fatal(kind: Kind, file: Path, draw: st.DataObject) -> None:
    parts = st.lists(st.sampled_from((*SIGNS, *kind.parts)))
    data = draw.draw(st.binary() | parts.map(lambda parts: "".join(parts).encode()))
    file.write_bytes(data)
    try:
        things, problems = kind.tables.load(file)
    except PapersError as error:
        problems = (str(error),)
        with pytest.raises(PapersError):
            kind.tables.edit(file, lambda _: kind.two)
        assert file.read_bytes() == data
    else:
        after = kind.tables.edit(file, lambda known: (*known, kind.two[1]))
        assert after == (*things, kind.two[1]) == kind.tables.load(file)[0]
    assert all(problem.isprintable() for problem in problems)


NAMES = st.text("abc_ .é", max_size=3)
SCALARS = (
    st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"))
    | st.datetimes()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
TABLES = st.dictionaries(NAMES, VALUES, max_size=3)


@given(top=TABLES, extra=TABLES, bad=st.lists(TABLES, max_size=2), odd=st.lists(VALUES, max_size=1))
@FUNCTION_FIXTURE
def test_what_is_not_understood_stays_as_it_stands(
    kind: Kind,
    file: Path,
    top: dict[str, object],
    extra: dict[str, object],
    bad: list[object],
    odd: list[object],
) -> None:
    own = {**kind.written[0], **extra}
    file.write_text(tomli_w.dumps({**top, kind.tables.array: [*bad, own, *odd]}), "utf-8")
    kind.tables.edit(file, lambda things: (replace(things[0], name="Yours"), kind.two[1]))
    after = tomllib.loads(file.read_text("utf-8"))
    assert after == {**top, kind.tables.array: [*bad, {**own, "name": "Yours"}, *odd, kind.written[1]]}


def test_two_processes_at_once_lose_nothing(file: Path) -> None:
    code = """
import sys
from pathlib import Path
from papers_tui.saved_views import SavedView, added, edit
for number in range(10):
    view = SavedView(f"{sys.argv[2]} {number}", "moe")
    edit(Path(sys.argv[1]), lambda views: added(views, view))
"""
    both = [subprocess.Popen([sys.executable, "-c", code, str(file), name]) for name in "ab"]
    assert [process.wait(60) for process in both] == [0, 0]
    views, problems = VIEWS.load(file)
    assert problems == ()
    assert {view.name for view in views[3:]} == {f"{name} {number}" for name in "ab" for number in range(10)}
