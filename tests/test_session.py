"""What the app remembers between runs: read back as written, and nothing in the file is fatal."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers_tui.paths import Paths
from papers_tui.session import Session, last_opened, load, save

_OPENED = "2026-03-01T08:00:00Z"


def test_what_is_saved_is_read_back(home: Paths) -> None:
    session = Session(
        _OPENED,
        "2026-02-27T18:30:00Z",
        'tag:"two words"',
        "arxiv:2402.16107",
        "wide",
        "nord",
        groups="inbox\nall",
    )
    assert save(home.session_file, session)
    assert load(home.session_file) == session
    assert home.session_file.stat().st_mode & 0o777 == 0o600


def test_the_last_opening(home: Paths) -> None:
    assert last_opened(home) == ""
    save(home.session_file, Session(opened=_OPENED))
    assert last_opened(home) == _OPENED


@pytest.mark.parametrize(
    ("text", "session"),
    [
        ("", Session()),
        ("opened = ", Session()),
        ("opened = 3\nview = 'later'", Session(view="later")),
        (f"opened = {_OPENED}", Session()),
        ("opened = 'yesterday'\nbefore = '2026'", Session()),
        ("colour = 'blue'\ntheme = 'nord'", Session(theme="nord")),
        ("view = [1]\nlayout = 'wide'", Session(layout="wide")),
    ],
)
def test_what_is_of_no_use_is_left_out(text: str, session: Session, home: Paths) -> None:
    home.session_file.write_text(text)
    assert load(home.session_file) == session


@given(st.binary())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_in_the_file_is_fatal(home: Paths, content: bytes) -> None:
    home.session_file.write_bytes(content)
    assert isinstance(load(home.session_file), Session)


@given(st.text(st.characters(codec="utf-8")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives(home: Paths, text: str) -> None:
    assert save(home.session_file, Session(view=text))
    assert load(home.session_file).view == text


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert not save(tmp_path / "gone/session.toml", Session())
    assert load(tmp_path / "gone/session.toml") == Session()


def test_text_that_is_no_unicode_is_no_error(home: Paths) -> None:
    assert not save(home.session_file, Session(view="\udcff"))
    assert not home.session_file.exists()


def test_a_disk_that_fails_leaves_the_former_session(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    save(home.session_file, Session(view="later"))

    def fail(*_: object) -> NoReturn:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", fail)
    assert not save(home.session_file, Session(view="starred"))
    assert load(home.session_file).view == "later"
    assert [path.name for path in home.log.iterdir()] == ["session.toml"]


@given(
    st.builds(
        Session, view=st.text(), paper=st.text(), sorts=st.text(), export=st.text(), opened=st.just(_OPENED)
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_read_as_the_toml_that_it_is(home: Paths, session: Session) -> None:
    if save(home.session_file, session):
        table = tomllib.loads(home.session_file.read_text("utf-8"))
        assert load(home.session_file) == session == Session(**table)


def test_toml_that_somebody_else_wrote_is_read_too(home: Paths) -> None:
    home.session_file.write_text("# mine\nview = 'later'\npaper= \"arxiv:1\" # that one\n", "utf-8")
    assert load(home.session_file) == Session(view="later", paper="arxiv:1")
