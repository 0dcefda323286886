"""Opening addresses: who is asked to, with which arguments, and what happens where nobody can."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tallying import Tally

from papers_tui.config import Config
from papers_tui.domain.errors import PapersError
from papers_tui.opener import Opened, Opening, Shown, open_url, plan_opening

_URL = "https://arxiv.org/abs/2402.16107"
_SSH = {"SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22", "SSH_TTY": "/dev/pts/1"}
_SCREEN = {"DISPLAY": ":0"}


def _plan(
    environ: dict[str, str],
    *,
    config: Iterable[str] = (),
    platform: str = "linux",
    there: Iterable[str] = ("open", "xdg-open", "wslview", "explorer.exe"),
) -> tuple[tuple[str, ...], ...]:
    programs = set(there)
    return plan_opening(
        _URL, tuple(config), environ, platform, lambda name: name if name in programs else None
    ).programs


@pytest.mark.parametrize("around", [{}, _SCREEN, _SSH, _SCREEN | _SSH])
def test_what_the_user_chose_wins_everywhere(around: dict[str, str]) -> None:
    browser = {"BROWSER": "w3m"}
    chosen = ("firefox", "--new-tab={url}", "-x")
    assert _plan(around | browser) == (("w3m", _URL),)
    assert _plan(around | browser, config=chosen) == (("firefox", f"--new-tab={_URL}", "-x"),)
    assert _plan(around | browser, platform="darwin") == (("w3m", _URL),)


@pytest.mark.parametrize(
    ("value", "programs"),
    [
        ("firefox", [("firefox", _URL)]),
        ("firefox --new-tab %s", [("firefox", "--new-tab", _URL)]),
        ("x --url=%s;%s", [("x", f"--url={_URL};{_URL}")]),
        ("a:b -q:c %s &", [("a", _URL), ("b", "-q", _URL), ("c", _URL)]),
        ("'/opt/my browser/b' '%s'", [("/opt/my browser/b", _URL)]),
        ("a; rm -rf $HOME `id`", [("a;", "rm", "-rf", "$HOME", "`id`", _URL)]),
        (":a::", [("a", _URL)]),
        ("it's", [("it's", _URL)]),
        (":", []),
        (" & ", []),
    ],
)
def test_the_alternatives_of_browser(value: str, programs: list[tuple[str, ...]]) -> None:
    assert list(_plan({"BROWSER": value})) == programs


@pytest.mark.parametrize(
    ("platform", "environ", "there", "programs"),
    [
        ("linux", _SCREEN, ["xdg-open"], ["xdg-open"]),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, ["xdg-open"], ["xdg-open"]),
        ("linux", _SCREEN, [], []),
        ("linux", {}, ["xdg-open"], []),
        ("linux", _SCREEN | _SSH, ["xdg-open"], []),
        ("linux", _SCREEN | {"SSH_TTY": "/dev/pts/1"}, ["xdg-open"], []),
        ("darwin", {}, ["open", "xdg-open"], ["open"]),
        ("darwin", _SSH, ["open"], []),
        ("linux", {"WSL_DISTRO_NAME": "Debian"}, ["wslview", "explorer.exe"], ["wslview", "explorer.exe"]),
        ("linux", {"WSL_INTEROP": "/run/1"} | _SCREEN, ["explorer.exe", "xdg-open"], ["explorer.exe", "xdg-open"]),
        ("freebsd14", _SCREEN, ["xdg-open"], ["xdg-open"]),
    ],
)  # fmt: skip
def test_otherwise_the_system_where_its_screen_is_the_users(
    platform: str, environ: dict[str, str], there: list[str], programs: list[str]
) -> None:
    planned = _plan(environ, platform=platform, there=there)
    assert planned == tuple((program, _URL) for program in programs)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "javascript:alert(1)", "-h", "", "https://u:p@h/", "https://a/\nb", "ftp://x/"],
)
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(PapersError) as caught:
        plan_opening(url, ("firefox", "{url}"), {"BROWSER": "x"}, "linux", str)
    assert caught.value.title == url.replace("\n", " ")
    assert "http" in caught.value.hint


def test_a_refusal_brings_no_control_characters_and_no_novel() -> None:
    with pytest.raises(PapersError) as caught:
        open_url("file:\x1b]0;x\x07" + "a" * 10_000, Config(), environ={})
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


_ADDRESSES = st.text() | st.lists(
    st.sampled_from(
        [
            *(
                "http://",
                "https://",
                "file:",
                "javascript:",
                "a.org/",
                "xn--",
                "%s",
                "%00",
                "{url}",
                "[::1]",
                "\x1b]0;",
            ),
            *"- '\"\n@;é#?&$`|\\\u202e\t\0",
        ]
    )
).map("".join)


@pytest.mark.parametrize("examples", [2_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_a_program_gets_one_clean_address_and_nothing_else_of_it(tally: Tally, examples: int) -> None:
    @settings(max_examples=examples)
    @given(_ADDRESSES)
    def test(url: str) -> None:
        tally("hostile inputs")
        _opened_cleanly(url)

    test()


def _opened_cleanly(url: str) -> None:
    try:
        opening = plan_opening(url, (), {"BROWSER": "a -x %s -y:b"}, "linux", str)
    except PapersError:
        return
    assert opening == Opening(opening.url, (("a", "-x", opening.url, "-y"), ("b", opening.url)), "$BROWSER")
    assert opening.url.isascii()
    assert opening.url.isprintable()
    assert opening.url.startswith(("http://", "https://"))
    assert " " not in opening.url


def test_where_nothing_can_open_it_the_address_is_shown() -> None:
    assert open_url(_URL, Config(), environ={}) == Shown(_URL)


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A program that writes each of its arguments on a line of `opened` beside it."""
    program = tmp_path / "browser"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/draft\nmv {tmp_path}/draft {tmp_path}/opened\n'
    )
    program.chmod(0o700)
    return program


def _wait_for_openers() -> None:
    for thread in threading.enumerate():
        if thread.name == "opener":
            thread.join(30)


def _arguments(browser: Path) -> list[str]:
    _wait_for_openers()
    return browser.with_name("opened").read_text().splitlines()


@pytest.mark.parametrize("around", [{}, _SSH])
def test_the_program_runs_with_the_address(browser: Path, around: dict[str, str]) -> None:
    environ = {"BROWSER": f"{browser} --tab %s"} | around
    assert open_url(_URL, Config(), environ=environ) == Opened(str(browser))
    assert _arguments(browser) == ["--tab", _URL]


def test_no_shell_reads_the_address(browser: Path) -> None:
    url = "https://a.org/?q=$(touch%20x);`id`&b=*"
    open_url(url, Config(browser=(str(browser), "{url}")), environ={})
    (argument,) = _arguments(browser)
    assert argument.startswith("https://a.org/?q=$(touch%20x);")


def test_pdfs_have_a_program_of_their_own(browser: Path) -> None:
    config = Config(browser=("/nowhere/browser", "{url}"), pdf=(str(browser), "{url}"))
    assert open_url(_URL, config, pdf=True, environ={}) == Opened(str(browser))
    _wait_for_openers()
    only_browser = Config(browser=(str(browser), "{url}"))
    assert open_url(_URL, only_browser, pdf=True, environ={}) == Opened(str(browser))
    _wait_for_openers()


def test_the_next_alternative_is_tried_where_one_does_not_start(browser: Path, tmp_path: Path) -> None:
    no_program = tmp_path / "text"
    no_program.write_text("no program")
    environ = {"BROWSER": os.pathsep.join(["/nowhere/browser", str(no_program), str(tmp_path), str(browser)])}
    assert open_url(_URL, Config(), environ=environ) == Opened(str(browser))
    assert _arguments(browser) == [_URL]


@pytest.mark.parametrize(
    ("config", "environ", "said"),
    [
        (Config(browser=("/nowhere/b", "{url}")), {"BROWSER": "true"}, "from browser in config.toml"),
        (Config(pdf=("/nowhere/b", "{url}")), {}, "from pdf in config.toml"),
        (Config(), {"BROWSER": "/nowhere/a:/nowhere/b"}, "from $BROWSER; set browser in config.toml"),
    ],
)
def test_where_none_starts_the_programs_and_the_setting_are_named(
    config: Config, environ: dict[str, str], said: str
) -> None:
    with pytest.raises(PapersError) as caught:
        open_url(_URL, config, pdf=True, environ=environ)
    assert "/nowhere/b can't be started (No such file or directory)" in caught.value.message
    assert said in caught.value.hint


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the state of processes from /proc")
def test_a_program_that_ends_leaves_nothing_behind(browser: Path) -> None:
    open_url(_URL, Config(browser=(str(browser), "{url}")), environ={})
    _arguments(browser)
    gc.collect()  # a process nobody waited for would warn here
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    states = [
        Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
        for file in children
        for child in file.read_text().split()
    ]
    assert "Z" not in states


def test_the_program_has_a_session_of_its_own_and_no_terminal(tmp_path: Path) -> None:
    script = (
        "import os, sys; "
        "print(os.getsid(0) == os.getpid(), [os.isatty(i) or os.fstat(i).st_rdev for i in range(3)], "
        f"file=open({str(tmp_path / 'said')!r}, 'w'))"
    )
    open_url(_URL, Config(browser=(sys.executable, "-c", script, "{url}")), environ={})
    _wait_for_openers()
    null = Path(os.devnull).stat().st_rdev
    assert (tmp_path / "said").read_text() == f"True {[null] * 3}\n"
