"""Copying: which tools are asked where, what they are given, and that none of them holds us."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from papers_tui import clipboard
from papers_tui.clipboard import Copied, copy, local_tools

_SCREEN = {"DISPLAY": ":0"}
_WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}
_SSH = {"SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22"}
_WSL = {"WSL_DISTRO_NAME": "Debian"}

Tool = Callable[..., Path]


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    """Makes a program that keeps its arguments and input in files beside it, then does as `then` says."""

    def tool(name: str, then: str = "") -> Path:
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        script = (
            f"#!/bin/sh\nPATH=/usr/bin:/bin\necho \"$@\" >'{program}.argv'\ncat >'{program}.input'\n{then}\n"
        )
        program.write_text(script)
        program.chmod(0o755)
        return program

    return tool


@pytest.fixture
def given(tmp_path: Path) -> Callable[[str], tuple[str, bytes]]:
    """The arguments and the input that a tool was given."""

    def given(name: str) -> tuple[str, bytes]:
        program = tmp_path / "bin" / name
        return Path(f"{program}.argv").read_text().strip(), Path(f"{program}.input").read_bytes()

    return given


@pytest.fixture
def which(tmp_path: Path) -> Callable[[str], str | None]:
    def which(name: str) -> str | None:
        program = tmp_path / "bin" / name
        return str(program) if program.exists() else None

    return which


Which = Callable[[str], str | None]
Given = Callable[[str], tuple[str, bytes]]


@pytest.mark.parametrize(
    ("environ", "platform", "names"),
    [
        ({}, "linux", []),
        (_SCREEN, "linux", ["xclip", "xsel"]),
        (_WAYLAND, "linux", ["wl-copy"]),
        (_WAYLAND | _SCREEN, "linux", ["wl-copy", "xclip", "xsel"]),
        (_WSL, "linux", ["clip.exe"]),
        ({"WSL_INTEROP": "/run/1"} | _SCREEN, "linux", ["clip.exe", "xclip", "xsel"]),
        ({}, "darwin", ["pbcopy"]),
        (_SCREEN, "darwin", ["pbcopy"]),
        (_WAYLAND | _SCREEN | _WSL | _SSH, "linux", []),
        (_SCREEN | {"SSH_TTY": "/dev/pts/1"}, "linux", []),
        (_SSH, "darwin", []),
    ],
)
def test_the_tools_that_can_work(environ: dict[str, str], platform: str, names: list[str]) -> None:
    assert [tool.name for tool in local_tools(environ, platform)] == names


def test_where_there_is_nothing_else_the_terminal_is_told(which: Which) -> None:
    written: list[str] = []
    copied = copy("a", {}, write_osc52=written.append, platform="linux", which=which)
    assert (copied, str(copied)) == (Copied(("OSC 52",)), "copied (OSC 52)")
    assert written == ["a"]


def test_a_tool_gets_the_text_on_its_input_and_nothing_in_its_arguments(
    tool: Tool, given: Given, which: Which
) -> None:
    tool("xclip")
    text = "名前 $(id) `id` 'x' \"y\" -h\nsecond line\n"
    copied = copy(text, _SCREEN, write_osc52=lambda _: None, platform="linux", which=which)
    assert str(copied) == "copied (xclip, OSC 52)"
    assert given("xclip") == ("-selection clipboard -in", text.encode())


def test_what_could_act_where_it_is_pasted_is_cleaned_away(tool: Tool, given: Given, which: Which) -> None:
    tool("wl-copy")
    written: list[str] = []
    hostile = "a\x1b[201~b\x9b2J\u202ec\x00d\r\n\te"
    copy(hostile, _WAYLAND, write_osc52=written.append, platform="linux", which=which)
    assert written == ["abcd\n    e"]
    assert given("wl-copy")[1] == b"abcd\n    e"


def test_inside_tmux_it_is_told_as_well(tool: Tool, given: Given, which: Which) -> None:
    tool("tmux")
    tool("xsel")
    inside = {"TMUX": "/tmp/tmux-1000/default,1,0"}
    assert copy("a", inside | _SSH, write_osc52=lambda _: None, which=which).ways == ("tmux", "OSC 52")
    assert given("tmux") == ("load-buffer -w -", b"a")
    copied = copy("a", inside | _SCREEN, write_osc52=lambda _: None, platform="linux", which=which)
    assert copied.ways == ("xsel", "tmux", "OSC 52")
    assert "tmux" not in copy("a", _SCREEN, write_osc52=lambda _: None, platform="linux", which=which).ways


def test_windows_reads_utf_16(tool: Tool, given: Given, which: Which) -> None:
    tool("clip.exe")
    copy("é😀", _WSL, write_osc52=lambda _: None, platform="linux", which=which)
    assert given("clip.exe")[1].decode("utf-16-le") == "é😀"


def test_macos_is_told_the_encoding(tool: Tool, tmp_path: Path, which: Which) -> None:
    tool("pbcopy", then=f"echo $LC_ALL >'{tmp_path}/locale'")
    environ = {"LC_ALL": "C"}
    assert str(copy("é", environ, write_osc52=lambda _: None, platform="darwin", which=which)) == (
        "copied (pbcopy, OSC 52)"
    )
    assert (tmp_path / "locale").read_text() == "en_US.UTF-8\n"


def test_where_a_tool_fails_the_next_one_is_tried_and_the_failure_is_said(tool: Tool, which: Which) -> None:
    tool("wl-copy", then="exit 3")
    tool("xclip").write_text("no program")
    tool("xsel")
    copied = copy("a", _WAYLAND | _SCREEN, write_osc52=lambda _: None, platform="linux", which=which)
    assert copied.ways == ("xsel", "OSC 52")
    assert str(copied) == (
        "copied (xsel, OSC 52; wl-copy ended with 3; xclip can't be started: Exec format error)"
    )


def test_where_nothing_takes_it_that_is_said(tool: Tool, which: Which) -> None:
    tool("xclip", then="exit 1")

    def broken(_: str) -> None:
        raise OSError(5, "Input/output error")

    copied = copy("a", _SCREEN, write_osc52=broken, platform="linux", which=which)
    assert copied.ways == ()
    assert str(copied) == "not copied: OSC 52 failed: Input/output error; xclip ended with 1"


def test_a_tool_that_hangs_is_ended_with_all_it_started(
    tool: Tool, tmp_path: Path, which: Which, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "_PATIENCE", 0.2)
    tool("xclip", then=f"sleep 60 & echo $! >'{tmp_path}/child'\nwait")
    copied = copy("a", _SCREEN, write_osc52=lambda _: None, platform="linux", which=which)
    assert str(copied) == "copied (OSC 52; xclip did not answer in time)"
    assert _is_gone(int((tmp_path / "child").read_text()))


def test_a_tool_that_never_reads_does_not_hold_us(
    which: Which, monkeypatch: pytest.MonkeyPatch, tool: Tool
) -> None:
    monkeypatch.setattr(clipboard, "_PATIENCE", 0.2)
    tool("xclip").write_text("#!/bin/sh\nPATH=/usr/bin:/bin\nexec sleep 60\n")
    copied = copy("a" * 1_000_000, _SCREEN, write_osc52=lambda _: None, platform="linux", which=which)
    assert copied.ways == ("OSC 52",)


def test_a_tool_that_does_not_read_at_all_is_no_error(which: Which, tool: Tool) -> None:
    tool("xclip").write_text("#!/bin/sh\nexit 0\n")
    copied = copy("a" * 1_000_000, _SCREEN, write_osc52=lambda _: None, platform="linux", which=which)
    assert copied.ways == ("xclip", "OSC 52")


def test_what_a_tool_leaves_running_does_not_hold_us(tool: Tool, tmp_path: Path, which: Which) -> None:
    tool("xclip", then=f"sleep 60 & echo $! >'{tmp_path}/child'")
    copied = copy("a", _SCREEN, write_osc52=lambda _: None, platform="linux", which=which)
    assert copied.ways == ("xclip", "OSC 52")
    child = int((tmp_path / "child").read_text())
    assert os.getsid(child) != os.getsid(0)
    os.kill(child, 9)


def test_the_platform_and_the_path_are_those_of_the_process(
    tool: Tool, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tool("pbcopy" if sys.platform == "darwin" else "xclip")
    monkeypatch.setenv("PATH", str(program.parent))
    copied = copy("a", _SCREEN, write_osc52=lambda _: None)
    assert copied.ways == (program.name, "OSC 52")
    assert given(program.name)[1] == b"a"


def _is_gone(process: int) -> bool:
    for _ in range(200):
        try:
            os.kill(process, 0)
            if f"{process} (sleep) Z" in Path(f"/proc/{process}/stat").read_text():
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False
