"""The installed program in a real terminal: what is on the screen, what is done, and what is kept."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.simulation import Simulation
from tests.services.world import World
from tests.terminal import (
    ADAM,
    ADVERSARIAL,
    ATTENTION,
    DISTILLING,
    PAGE,
    RESIDUAL,
    Start,
    marked,
    records,
    run,
)  # fmt: skip

SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((120, 40), id="120x40")]


# Looking


@pytest.mark.parametrize("size", SIZES)
def test_first_screen_shows_the_latest_paper_whole(
    library: Path, start: Start, size: tuple[int, int]
) -> None:
    terminal = start(library, size)
    text = terminal.wait(
        *("Inbox 1/7", "7 unread", ATTENTION, "attention alone", RESIDUAL[:30], ADVERSARIAL[:30]),
        *(("Starred",) if size[0] >= 110 else ()),  # the sidebar, a moment after the list
    )
    places = [text.index(title[:30]) for title in (ATTENTION, RESIDUAL, DISTILLING, ADAM, ADVERSARIAL)]
    assert places == sorted(places)
    assert "github.com/tensorflow/tensor2tensor" in text
    assert ("Latest edition" in text or "Starred" in text) is (size[0] >= 110), "the sidebar is for wide ones"
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []


def test_a_new_library_offers_samples_and_keeps_nothing_of_them(tmp_path: Path, start: Start) -> None:
    home = tmp_path / "new"
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('refresh = "manual"\n', encoding="utf-8")
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    terminal = start(home)
    terminal.wait("No papers yet", "32 sample papers")
    terminal.press("\r", "Inbox 1/32", "SAMPLE PAPERS")
    terminal.press("s", "Inbox 2/32", "★")
    terminal.press("a", "Add what?")
    terminal.press(f"{page}\r", "Inbox 1/7", ATTENTION, without="SAMPLE PAPERS")
    terminal.type("q")
    assert terminal.end() == 0
    assert len(records(home)) == 7
    assert marked(home) == {}


def test_a_new_library_fills_itself_and_shows_it(tmp_path: Path, start: Start) -> None:
    now = datetime.now(UTC)
    world = World(first=(now - timedelta(days=20)).date(), days=40)
    world.now = now
    home = tmp_path / "new"
    (home / "config").mkdir(parents=True)
    with Simulation(world) as simulation:
        (home / "config" / "config.toml").write_text(simulation.config_toml(), encoding="utf-8")
        terminal = start(home, (120, 40))
        terminal.wait("Inbox 1/", "unread", "Latest edition", "Daily Papers")
        terminal.press("j", "Inbox 2/")
        terminal.type("q")
        assert terminal.end() == 0
        assert simulation.rules.broken == []
    shown = {record["id"] for record in records(home).values()}
    assert shown <= {
        f"arxiv:{paper.id}" for paper in world.daily((now - timedelta(days=6)).date(), now.date())
    }
    assert shown


def test_screen_follows_the_size_of_the_terminal(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7", without="Starred")
    terminal.resize(140, 40)
    terminal.wait("Starred", "Sources", "Inbox 1/7", ATTENTION)
    for columns, rows in ((20, 8), (60, 12), (200, 60), (80, 24)):
        terminal.resize(columns, rows)
        terminal.wait("Inbox", "Attention Is")
    terminal.press("j", "Inbox 2/7")


# Deciding


@pytest.mark.parametrize("size", SIZES)
def test_keys_leave_their_marks(library: Path, tmp_path: Path, start: Start, size: tuple[int, int]) -> None:
    opened = tmp_path / "opened"
    terminal = start(library, size, BROWSER=str(_browser(tmp_path, opened)))
    terminal.wait("Inbox 1/7")
    terminal.press("j", "Inbox 2/7")
    terminal.press("s", "Inbox 3/7", "★")
    terminal.press("m", "Inbox 4/7")
    terminal.press("d", "Inbox 5/7", "×")
    terminal.press("t", f"Tags · {ADVERSARIAL}", "Enter saves")
    terminal.press("old school\r", "#old school", without="Enter saves")
    terminal.press("gg", "Inbox 1/7")
    terminal.press("c", "tensorflow/tensor2tensor")
    terminal.wait_for(opened.exists, "the browser")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []
    assert opened.read_text().split("\n") == ["1", "https://github.com/tensorflow/tensor2tensor", ""]
    assert marked(library) == {
        ATTENTION: {"read"},
        RESIDUAL: {"read", "starred"},
        DISTILLING: {"read"},
        ADAM: {"read", "dismissed"},
        ADVERSARIAL: {"read", "#old school"},
    }


def test_keys_that_come_before_the_first_frame_are_not_lost(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait_for(lambda: bool(terminal.written), "its first byte")
    terminal.press("jjs", "Inbox 4/7")
    terminal.type("q")
    assert terminal.end() == 0
    assert marked(library) == {DISTILLING: {"read", "starred"}}


def test_many_keys_at_once_are_all_done_in_order(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("jjkkjsjLkmuq", "Inbox")
    assert terminal.end() == 0
    assert marked(library) == {RESIDUAL: {"read", "starred"}, ADAM: {"read", "later"}}


def test_key_right_behind_tab_goes_to_the_new_pane(library: Path, start: Start) -> None:
    terminal = start(library, (120, 40))
    terminal.wait("Inbox 1/7")
    terminal.press("\t\tj", "Starred 0/0")


def _browser(folder: Path, record: Path) -> Path:
    """A program that writes down how many arguments it got, and which."""
    script = folder / "browser"
    script.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" > "{record}.part" && mv "{record}.part" "{record}"\n'
    )
    script.chmod(0o700)
    return script


# Dying and coming back


def test_killed_program_comes_back_as_it_was_left(library: Path, start: Start) -> None:
    first = start(library)
    first.wait("Inbox 1/7")
    first.press("s", "Inbox 2/7", "★")
    first.press("d", "Inbox 3/7", "×")
    first.press("t", f"Tags · {DISTILLING}", "Enter saves")
    first.press("shelf\r", "#shelf", without="Enter saves")
    first.press("L", "Inbox 4/7")
    first.signal(signal.SIGKILL)
    assert first.end() == 128 + signal.SIGKILL
    left = {
        ATTENTION: {"read", "starred"},
        RESIDUAL: {"read", "dismissed"},
        DISTILLING: {"read", "later", "#shelf"},
    }
    assert marked(library) == left

    second = start(library, (120, 40))
    second.wait("Inbox 1/4", "Starred", "4 unread")
    second.press("u", "undone: put on Later")
    second.press("u", "undone: tagged")
    second.signal(signal.SIGKILL)
    assert second.end() == 128 + signal.SIGKILL
    assert marked(library) == {name: left[name] for name in (ATTENTION, RESIDUAL)}

    third = start(library)
    third.wait("Inbox 1/5")
    third.press("u", "undone")
    third.press("\x12", "redone")
    third.type("q")
    assert third.end() == 0
    assert marked(library) == {name: left[name] for name in (ATTENTION, RESIDUAL)}


def test_program_that_was_left_comes_back_on_the_same_paper(library: Path, start: Start) -> None:
    first = start(library)
    first.press("", "Inbox 1/7")
    first.press("]]]", "All 1/7")
    first.press("jj", "All 3/7")
    first.type("q")
    assert first.end() == 0
    second = start(library)
    second.wait("All 3/7", "softened")
    second.type("q")
    assert second.end() == 0


def test_two_instances_at_once_keep_the_marks_of_both(library: Path, start: Start) -> None:
    one, other = start(library), start(library)
    for terminal in (one, other):
        terminal.wait("Inbox 1/7")
    one.press("s", "Inbox 2/7", "★")
    other.press("jj", "Inbox 3/7")
    other.press("L", "Inbox 4/7")
    one.press("d", "Inbox 3/7")
    for terminal in (one, other):
        terminal.type("q")
        assert terminal.end() == 0
    assert marked(library) == {
        ATTENTION: {"read", "starred"},
        RESIDUAL: {"read", "dismissed"},
        DISTILLING: {"read", "later"},
    }


def test_undo_on_the_command_line_takes_back_what_the_app_did(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("s", "Inbox 2/7", "★")
    terminal.type("q")
    assert terminal.end() == 0
    run(library, "undo")
    assert marked(library) == {}
