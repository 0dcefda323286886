"""Files are written whole or not at all, and say what is wrong when they can't be."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from papers_tui.domain.errors import PapersError
from papers_tui.export.writing import write_folder, write_text

as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exports"
    made.mkdir()
    return made


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ------------------------------------------------------------------------------------------------ one file


def test_a_file_holds_the_text_as_utf8_with_its_own_line_ends(folder: Path) -> None:
    write_text(folder / "a.md", "é\n数\r\n")
    assert (folder / "a.md").read_bytes() == "é\n数\r\n".encode()
    assert names(folder) == ["a.md"]


def test_a_file_is_replaced(folder: Path) -> None:
    path = folder / "a.md"
    path.write_text("old and longer")
    write_text(path, "new")
    assert path.read_text() == "new"
    assert names(folder) == ["a.md"]


def test_a_large_file_is_written_to_its_end(folder: Path) -> None:
    text = "0123456789" * 500_000
    write_text(folder / "a.md", text)
    assert (folder / "a.md").read_text() == text


def test_a_stray_surrogate_does_not_spoil_an_export(folder: Path) -> None:
    write_text(folder / "a.md", "a\udcffb")
    assert (folder / "a.md").read_text() == "a?b"


def test_a_new_file_respects_the_umask(folder: Path, umask: Callable[[int], int]) -> None:
    umask(0o027)
    write_text(folder / "a.md", "x")
    assert mode(folder / "a.md") == 0o640


@pytest.mark.parametrize("kept", [0o600, 0o664, 0o755])
def test_an_old_file_keeps_its_mode(folder: Path, umask: Callable[[int], int], kept: int) -> None:
    umask(0o077)
    path = folder / "a.md"
    path.write_text("old")
    path.chmod(kept)
    write_text(path, "new")
    assert mode(path) == kept


def test_a_link_stays_and_its_target_is_written(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "vault" / "papers.md"
    target.parent.mkdir()
    target.write_text("old")
    (folder / "a.md").symlink_to("../vault/papers.md")
    write_text(folder / "a.md", "new")
    assert (folder / "a.md").readlink() == Path("../vault/papers.md")
    assert target.read_text() == "new"
    assert (names(folder), names(target.parent)) == (["a.md"], ["papers.md"])


def test_a_link_to_nothing_yet_makes_its_target(folder: Path) -> None:
    (folder / "a.md").symlink_to("b.md")
    write_text(folder / "a.md", "new")
    assert (folder / "b.md").read_text() == "new"
    assert (folder / "a.md").is_symlink()


def test_a_pipe_is_written_to(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    listener = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    listener.start()
    write_text(pipe, "through")
    listener.join(10)
    assert heard == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_standard_output_is_written_to_where_the_shell_left_it(folder: Path) -> None:
    program = (
        "from pathlib import Path; from papers_tui.export.writing import write_text;"
        "print('before', flush=True); write_text(Path('/dev/stdout'), 'text\\n'); print('after')"
    )
    log = folder / "log"
    log.write_text("first\n")
    with log.open("a") as stream:
        subprocess.run([sys.executable, "-c", program], stdout=stream, check=True)
    assert log.read_text() == "first\nbefore\ntext\nafter\n"
    piped = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert piped.stdout == b"before\ntext\nafter\n"


# ------------------------------------------------------------------------------------------------- failures


def refusal(path: Path) -> PapersError:
    with pytest.raises(PapersError) as raised:
        write_text(path, "x")
    assert raised.value.title == str(path)
    assert raised.value.hint
    return raised.value


def test_a_folder_is_no_file(folder: Path) -> None:
    assert "it is a folder" in str(refusal(folder))


def test_a_missing_folder_is_named_with_the_way_out(folder: Path) -> None:
    error = refusal(folder / "my notes" / "a.md")
    assert error.message == f"there is no folder {folder / 'my notes'}"
    assert error.hint == f"mkdir -p '{folder / 'my notes'}'"


def test_a_link_into_a_missing_folder_names_that_folder(folder: Path) -> None:
    (folder / "a.md").symlink_to("gone/b.md")
    assert refusal(folder / "a.md").message == f"there is no folder {folder / 'gone'}"


def test_a_file_is_no_folder(folder: Path) -> None:
    (folder / "file").write_text("x")
    assert refusal(folder / "file" / "a.md").message == f"{folder / 'file'} is not a folder"


def test_links_in_a_circle(folder: Path) -> None:
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    assert "circle" in refusal(folder / "a").message


def test_a_name_that_is_too_long(folder: Path) -> None:
    assert "too long" in refusal(folder / ("a" * 300)).message


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_device_says_so() -> None:
    assert refusal(Path("/dev/full")).message == "the disk is full"


@as_user
def test_a_folder_without_permission(folder: Path) -> None:
    folder.chmod(0o500)
    assert "permission" in refusal(folder / "a.md").message


def test_a_file_that_was_made_read_only_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.md"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "permission" in refusal(path).message
    assert path.read_text() == "old"


def fail_at(step: str, fault: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a step of writing fail; writing itself only after a part."""
    real_write = os.write
    written: list[int] = []

    def fail(*arguments: Any, **_: Any) -> int:
        if step == "write" and not written:
            written.append(real_write(arguments[0], bytes(arguments[1])[:2]))
            return written[0]
        raise fault

    monkeypatch.setattr(os, step, fail)


@pytest.mark.parametrize("step", ["write", "fsync", "fchmod", "replace", "close"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
def test_a_failure_leaves_the_old_file_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    path = folder / "a.md"
    path.write_text("old")
    with monkeypatch.context() as patched:
        fail_at(step, OSError(number, os.strerror(number)), patched)
        with pytest.raises(PapersError) as raised:
            write_text(path, "newer")
    assert raised.value.title == str(path)
    assert path.read_text() == "old"
    assert names(folder) == ["a.md"]


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_an_interruption_leaves_the_old_file_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = folder / "a.md"
    path.write_text("old")
    with monkeypatch.context() as patched:
        fail_at(step, KeyboardInterrupt(), patched)
        with pytest.raises(KeyboardInterrupt):
            write_text(path, "newer")
    assert path.read_text() == "old"
    assert names(folder) == ["a.md"]


def test_a_failure_leaves_no_new_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        fail_at("fsync", OSError(errno.EIO, "Input/output error"), patched)
        with pytest.raises(PapersError, match="Input/output error"):
            write_text(folder / "a.md", "new")
    assert names(folder) == []


def test_a_file_system_that_cannot_sync_folders_is_good_enough(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", files_only)
    write_text(folder / "a.md", "new")
    assert (folder / "a.md").read_text() == "new"


# ------------------------------------------------------------------------------------------------- a folder


def test_a_folder_is_made_with_its_parents(folder: Path) -> None:
    write_folder(folder / "a" / "b", {"1.md": "one", "2.md": "two"})
    assert names(folder / "a" / "b") == ["1.md", "2.md"]
    assert (folder / "a" / "b" / "2.md").read_text() == "two"


def test_what_else_is_in_a_folder_stays(folder: Path) -> None:
    (folder / "mine.md").write_text("mine")
    (folder / "1.md").write_text("old")
    write_folder(folder, {"1.md": "one"})
    assert (folder / "mine.md").read_text() == "mine"
    assert (folder / "1.md").read_text() == "one"
    assert names(folder) == ["1.md", "mine.md"]


def test_no_files_still_make_the_folder(folder: Path) -> None:
    write_folder(folder / "a", {})
    assert names(folder / "a") == []


def test_a_file_in_the_folders_place(folder: Path) -> None:
    (folder / "a").write_text("mine")
    with pytest.raises(PapersError, match="it is a file, not a folder") as raised:
        write_folder(folder / "a", {"1.md": "one"})
    assert raised.value.title == str(folder / "a")
    assert (folder / "a").read_text() == "mine"


def test_a_failure_names_the_file_and_keeps_those_before_it(folder: Path) -> None:
    (folder / "2.md").mkdir()
    with pytest.raises(PapersError, match="it is a folder") as raised:
        write_folder(folder, {"1.md": "one", "2.md": "two", "3.md": "three"})
    assert raised.value.title == str(folder / "2.md")
    assert names(folder) == ["1.md", "2.md"]


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/x"])
def test_a_name_that_is_a_path_is_a_bug(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a file"):
        write_folder(folder, {"1.md": "one", name: "x"})
    assert names(folder) == []
