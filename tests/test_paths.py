"""Where files are kept, and what happens where a folder can't be made."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NoReturn

import platformdirs
import pytest

from papers_tui.domain.errors import PapersError
from papers_tui.paths import Paths, find_paths, make


def _mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_one_folder_holds_all_four_where_the_user_names_it(tmp_path: Path) -> None:
    assert find_paths({"PAPERS_TUI_HOME": str(tmp_path)}) == Paths(
        tmp_path / "config", tmp_path / "data", tmp_path / "cache", tmp_path / "log"
    )


def test_files_with_fixed_names(tmp_path: Path) -> None:
    paths = find_paths({"PAPERS_TUI_HOME": str(tmp_path)})
    assert paths.journal == tmp_path / "data/journal"
    assert paths.imported == tmp_path / "data/imported"
    assert paths.config_file == tmp_path / "config/config.toml"
    assert paths.views_file == tmp_path / "config/views.toml"
    assert paths.session_file == tmp_path / "log/session.toml"
    assert paths.log_file == tmp_path / "log/papers-tui.log"


def test_a_relative_home_and_a_tilde_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert find_paths({"PAPERS_TUI_HOME": "here"}).data == tmp_path / "here/data"
    assert find_paths({"PAPERS_TUI_HOME": "~/papers"}).data == tmp_path / "me/papers/data"


def test_the_home_of_nobody_is_explained() -> None:
    with pytest.raises(PapersError) as caught:
        find_paths({"PAPERS_TUI_HOME": "~no-such-user-here/papers"})
    assert "~no-such-user-here/papers" in str(caught.value)
    assert "absolute path" in caught.value.hint


@pytest.mark.parametrize("environ", [{}, {"PAPERS_TUI_HOME": ""}])
def test_otherwise_the_places_of_the_system(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    paths = find_paths(environ)
    places = platformdirs.PlatformDirs("papers-tui", appauthor=False)
    assert paths.config == Path(places.user_config_dir)
    assert paths.data == Path(places.user_data_dir)
    assert paths.cache == Path(places.user_cache_dir)
    assert all(folder.name == "papers-tui" for folder in (paths.config, paths.data, paths.cache, paths.log))


def test_what_belongs_to_this_machine_stays_out_of_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    from platformdirs.macos import MacOS
    from platformdirs.unix import Unix

    monkeypatch.setattr(platformdirs, "PlatformDirs", MacOS)
    paths = find_paths({})
    assert paths.log.parts[-3:] == ("Library", "Logs", "papers-tui")
    assert paths.log != paths.data
    monkeypatch.setattr(platformdirs, "PlatformDirs", Unix)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert find_paths({}).log.parts[-3:] == (".local", "state", "papers-tui")


def test_made_for_their_owner_only(tmp_path: Path) -> None:
    paths = find_paths({"PAPERS_TUI_HOME": str(tmp_path / "not/yet")})
    former = os.umask(0o002)
    try:
        make(paths)
    finally:
        os.umask(former)
    made = [folder for folder in tmp_path.rglob("*") if folder.is_dir()]
    expected = {paths.config, paths.data, paths.journal, paths.imported, paths.cache, paths.log}
    assert expected | {tmp_path / "not", tmp_path / "not/yet"} == set(made)
    assert {_mode(folder) for folder in made} == {0o700}


def test_making_twice_changes_nothing(home: Paths) -> None:
    home.data.chmod(0o750)
    (home.data / "kept").touch()
    make(home)
    assert (home.data / "kept").exists()
    assert _mode(home.data) == 0o750


@pytest.mark.parametrize("in_the_way", ["home", "home/data", "home/data/journal"])
def test_a_file_in_the_way_is_named(in_the_way: str, tmp_path: Path) -> None:
    file = tmp_path / in_the_way
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("precious")
    with pytest.raises(PapersError) as caught:
        make(find_paths({"PAPERS_TUI_HOME": str(tmp_path / "home")}))
    assert caught.value.message.startswith(f"{file} is not a folder")
    assert caught.value.hint == "move it away"
    assert file.read_text() == "precious"


def test_a_link_to_nowhere_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(tmp_path / "gone")
    with pytest.raises(PapersError, match="data is not a folder"):
        make(find_paths({"PAPERS_TUI_HOME": str(tmp_path)}))


@pytest.mark.parametrize(
    ("number", "message", "hint"),
    [
        (errno.EACCES, "no permission", "let yourself write there"),
        (errno.EPERM, "no permission", "let yourself write there"),
        (errno.ENOSPC, "the disk is full", "free some space"),
        (errno.EDQUOT, "the disk is full", "free some space"),
        (errno.EROFS, "the disk is read-only", "PAPERS_TUI_HOME"),
        (errno.EIO, os.strerror(errno.EIO), "PAPERS_TUI_HOME"),
    ],
)
def test_a_refusal_names_the_folder_and_the_way_out(
    number: int, message: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    paths = find_paths({"PAPERS_TUI_HOME": str(tmp_path)})
    with pytest.raises(PapersError) as caught:
        make(paths)
    assert caught.value.title == str(paths.config)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_without_a_home_folder_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: str) -> str:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr(platformdirs.PlatformDirs, "user_state_dir", property(nowhere))
    with pytest.raises(PapersError) as caught:
        find_paths({})
    assert str(caught.value).startswith("home folder: nobody knows where yours is (set HOME, or ")
