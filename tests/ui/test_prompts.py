"""Questions, help and palette over the panes, and what leaves the program: browser, clipboard, files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import Input, TextArea

from papers_tui.config import Config
from papers_tui.domain.marks import State
from papers_tui.paths import Paths
from papers_tui.ui.commands import COMMANDS, shown_key
from papers_tui.ui.panes.status import StatusLine
from papers_tui.ui.screens.help import Help, HelpLines

from .desk import Desk, deliberate, fill, journal, paper, sitting

CODE = {"url": "https://github.com/someone/thing", "kind": "code", "label": "", "origin": "user"}


@pytest.fixture
def three(home: Paths) -> Paths:
    """Three unread papers, the first of them with a code repository."""
    fill(home, [paper(1, links=[CODE]), paper(2), paper(3)])
    return home


# ------------------------------------------------------------------------------------------------- browser


class Browser:
    """A program that notes what it was called with, an argument a line."""

    def __init__(self, folder: Path, name: str) -> None:
        self.called = folder / f"{name}.argv"
        self.path = folder / name
        # Whole or not at all: nobody reads half a list of arguments.
        self.path.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" > "{self.called}.part"\nmv "{self.called}.part" "{self.called}"\n'
        )
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)

    def arguments(self) -> list[str]:
        found = self.called.read_text().splitlines()
        self.called.unlink()
        return found


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser(tmp_path, "browser")
    monkeypatch.setenv("BROWSER", str(made.path))
    return made


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("o", "https://arxiv.org/abs/2506.00001"),
        ("c", "https://github.com/someone/thing"),
        ("p", "https://arxiv.org/pdf/2506.00001"),
    ],
)
async def test_keys_open_the_page_the_code_and_the_pdf(
    three: Paths, browser: Browser, key: str, address: str
) -> None:
    async with sitting(three) as desk:
        await desk.press(key)
        await desk.until(browser.called.exists)
        assert browser.arguments() == [address]
        assert address in desk.said
        assert desk.current == 1
        assert desk.state(1) == State(read=True)
        assert deliberate(three) == []


async def test_a_paper_without_code_says_so_and_opens_nothing(three: Paths, browser: Browser) -> None:
    async with sitting(three) as desk:
        await desk.press("j")
        before = desk.said
        await desk.press("c")
        assert desk.said != before
        assert not desk.state(2).read
        assert not browser.called.exists()


async def test_pdfs_have_a_program_of_their_own_where_one_is_set(
    three: Paths, browser: Browser, tmp_path: Path
) -> None:
    reader = Browser(tmp_path, "reader")
    config = Config(read_after=0, pdf=(str(reader.path), "--page=1", "{url}"))
    async with sitting(three, config=config) as desk:
        await desk.press("p")
        await desk.until(reader.called.exists)
        assert reader.arguments() == ["--page=1", "https://arxiv.org/pdf/2506.00001"]
        assert not browser.called.exists()


@pytest.mark.parametrize("where", ["SSH_CONNECTION", "SSH_TTY"])
async def test_over_ssh_the_address_is_shown_and_copied(
    three: Paths, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv(where, "somewhere")
    monkeypatch.setenv("DISPLAY", ":0")
    async with sitting(three) as desk:
        await desk.press("o")
        assert desk.app.clipboard == "https://arxiv.org/abs/2506.00001"
        assert "https://arxiv.org/abs/2506.00001" in desk.said


async def test_a_browser_that_can_not_be_started_is_told(
    three: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BROWSER", str(tmp_path / "no-such-program"))
    async with sitting(three) as desk:
        await desk.press("o")
        assert "no-such-program" in desk.said
        assert desk.app._exit is False


async def test_an_address_that_is_not_safe_is_never_opened(home: Paths, browser: Browser) -> None:
    bad = [
        {"url": url, "kind": "code", "label": "", "origin": "user"}
        for url in ("javascript:alert(1)", "file:///etc/passwd", "-oProxyCommand=x")
    ]
    fill(home, [paper(1, links=bad)])
    async with sitting(home) as desk:
        await desk.press("c")
        assert "passwd" not in desk.screen_text()
        assert not browser.called.exists()


# -------------------------------------------------------------------------------------------------- export


async def test_the_starred_papers_are_written_to_a_file(three: Paths, tmp_path: Path) -> None:
    target = tmp_path / "out" / "starred.md"
    target.parent.mkdir()
    async with sitting(three) as desk:
        await desk.press("s", "j", "s", "e")
        desk.app.screen.query_one(Input).value = str(target)
        await desk.press("enter")
        text = target.read_text("utf-8")
        assert "Paper 1" in text
        assert "Paper 3" in text
        assert "Paper 2" not in text
        assert str(target) in desk.said

        await desk.press("e")
        assert desk.app.screen.query_one(Input).value == str(target)
        await desk.press("escape")


def _beside_sidebar(desk: Desk) -> list[str]:
    return [line[desk.sidebar.region.right :] for line in desk.screen_lines()]


async def test_tab_turns_to_the_view_on_show_and_back(three: Paths, tmp_path: Path) -> None:
    target = tmp_path / "view.md"
    async with sitting(three) as desk:
        await desk.press("s")
        await desk.until(lambda: desk.count("inbox") == "2")
        await desk.press("e")
        assert "Starred" in desk.screen_text()
        first = _beside_sidebar(desk)  # whose counts come when they come
        await desk.press("tab")
        assert _beside_sidebar(desk) != first
        await desk.press("tab")
        assert _beside_sidebar(desk) == first
        await desk.press("tab")
        desk.app.screen.query_one(Input).value = str(target)
        await desk.press("enter")
        text = target.read_text("utf-8")
        assert [f"Paper {number}" in text for number in (1, 2, 3)] == [False, True, True]


async def test_tab_keeps_the_file_that_was_typed(three: Paths, tmp_path: Path) -> None:
    async with sitting(three) as desk:
        await desk.press("e")
        desk.app.screen.query_one(Input).value = str(tmp_path / "mine.md")
        await desk.press("tab")
        assert desk.app.screen.query_one(Input).value == str(tmp_path / "mine.md")


async def test_a_folder_gets_one_file_a_paper(three: Paths, tmp_path: Path) -> None:
    target = tmp_path / "notes"
    target.mkdir()
    async with sitting(three) as desk:
        await desk.press("s", "s", "e")
        desk.app.screen.query_one(Input).value = str(target)
        await desk.press("enter")
    assert len(list(target.glob("*.md"))) == 2


async def test_a_name_that_ends_so_gets_bibtex_and_a_foreign_file_stays(three: Paths, tmp_path: Path) -> None:
    target, foreign = tmp_path / "stars.bib", tmp_path / "refs.bib"
    foreign.write_text("@misc{mine2020}")
    async with sitting(three) as desk:
        await desk.press("s", "s", "e")
        desk.app.screen.query_one(Input).value = str(target)
        await desk.press("enter")
        assert target.read_text("utf-8").count("@misc{") == 2
        assert f"2 papers → {target}" in desk.said
        await desk.press("e")
        desk.app.screen.query_one(Input).value = str(foreign)
        await desk.press("enter")
        assert str(foreign) in desk.said
    assert foreign.read_text() == "@misc{mine2020}"


async def test_a_file_that_can_not_be_written_is_told(three: Paths, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("a file")
    async with sitting(three) as desk:
        await desk.press("s", "e")
        desk.app.screen.query_one(Input).value = str(tmp_path / "plain" / "x.md")
        await desk.press("enter")
        assert str(tmp_path / "plain") in desk.said
        assert (tmp_path / "plain").read_text() == "a file"
        assert not desk.asked


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_an_export_that_is_called_off_writes_nothing(three: Paths, tmp_path: Path, key: str) -> None:
    async with sitting(three) as desk:
        await desk.press("s", "e")
        desk.app.screen.query_one(Input).value = str(tmp_path / "x.md")
        await desk.press(key)
        assert desk.app._exit is False
    assert not (tmp_path / "x.md").exists()


# ---------------------------------------------------------------------------------------- help and palette


def help_text(desk: Desk) -> str:
    pane = desk.app.screen.query_one(HelpLines)
    return "\n".join("".join(text for text, _ in pane.line_parts(line)) for line in range(pane.line_count()))


@pytest.mark.parametrize("key", ["?", "f1"])
async def test_the_help_shows_every_key(three: Paths, key: str) -> None:
    async with sitting(three) as desk:
        await desk.press(key)
        assert isinstance(desk.app.screen, Help)
        text = help_text(desk)
        assert [command.id for command in COMMANDS if command.help not in text] == []
        assert [key for command in COMMANDS for key in map(shown_key, command.keys) if key not in text] == []
        await desk.press("escape")
        assert not desk.asked


async def test_typing_narrows_the_help_down_and_acts_on_nothing(three: Paths) -> None:
    async with sitting(three) as desk:
        await desk.press("?")
        await desk.write("star off")
        star = next(command for command in COMMANDS if command.id == "star")
        assert star.help in help_text(desk)
        assert len(help_text(desk).splitlines()) < 6
        await desk.write(" qqq")
        assert star.help not in help_text(desk)
        await desk.press("escape")
        assert not desk.asked
        assert journal(three) == []


@pytest.mark.parametrize("size", [(80, 24), (30, 10)])
async def test_the_help_scrolls_where_it_is_longer_than_the_screen(
    three: Paths, size: tuple[int, int]
) -> None:
    async with sitting(three, size=size) as desk:
        await desk.press("?", "down", "down")
        pane = desk.app.screen.query_one(HelpLines)
        assert pane.first_line == 2
        await desk.press(*["pagedown"] * 60)
        assert pane.first_line == pane.line_count() - pane.page
        await desk.press("up", *["ctrl+u"] * 120)
        assert pane.first_line == 0


async def test_the_help_shows_the_users_own_keys(three: Paths) -> None:
    config = Config(read_after=0, keys={"star": ("f9",)})
    async with sitting(three, config=config) as desk:
        await desk.press("s")
        assert not desk.state(1).starred
        await desk.press("f9")
        assert desk.state(1).starred
        await desk.press("?")
        line = next(line for line in help_text(desk).splitlines() if "take the star off" in line)
        assert "f9" in line.casefold()


async def test_punctuation_can_be_a_key_of_the_users_own(three: Paths) -> None:
    config = Config(read_after=0, keys={"star": ("%", ",")})
    async with sitting(three, config=config) as desk:
        await desk.press("%", ",")
        assert (desk.state(1).starred, desk.state(2).starred) == (True, True)


async def find_in_palette(desk: Desk, words: str) -> None:
    await desk.press("ctrl+p")
    assert isinstance(desk.app.screen, CommandPalette)
    await desk.write(words)
    await desk.until(lambda: desk.app.screen.query_one("OptionList").option_count)  # type: ignore[attr-defined]
    await desk.pilot.pause(0.2)  # the palette gathers what it finds for a moment
    await desk.settle()


async def test_the_palette_does_commands_by_their_names(three: Paths) -> None:
    async with sitting(three) as desk:
        await find_in_palette(desk, "last one")
        await desk.press("enter")
        await desk.until(lambda: not desk.asked)
        await desk.until(lambda: desk.current == 3)


async def test_the_palette_needs_no_second_key_for_first(three: Paths) -> None:
    async with sitting(three) as desk:
        await desk.press("G")
        await find_in_palette(desk, "first one")
        await desk.press("enter")
        await desk.until(lambda: desk.current == 1)


async def test_the_palette_draws_keys_literally_and_shuts(three: Paths) -> None:
    async with sitting(three) as desk:
        await find_in_palette(desk, "entry of the sidebar")
        drawn = desk.screen_text()
        assert "[" in drawn
        assert "]" in drawn
        await desk.press("escape")
        await desk.until(lambda: not desk.asked)
        assert desk.view == "inbox"


@pytest.mark.parametrize("key", ["t", "i", "e", "?"])
async def test_no_palette_comes_over_a_question(three: Paths, key: str) -> None:
    async with sitting(three) as desk:
        await desk.press(key)
        question = desk.app.screen
        assert desk.asked
        await desk.press("ctrl+p")
        assert desk.app.screen is question


async def test_keys_belong_to_the_question_that_is_open(three: Paths) -> None:
    async with sitting(three) as desk:
        await desk.press("t")
        await desk.write("sdmLq?uj")
        assert desk.app.screen.query_one(Input).value == "sdmLq?uj"
        await desk.press("escape", "i")
        await desk.write("sdq?")
        assert desk.app.screen.query_one(TextArea).text == "sdq?"
        assert journal(three) == []


# ------------------------------------------------------------------------------------- first of two keys


async def test_the_first_of_two_keys_is_shown_and_another_key_ends_it(three: Paths) -> None:
    async with sitting(three) as desk:
        await desk.press("G", "g")
        assert desk.current == 3
        assert desk.said
        assert desk.said in "\n".join(desk.pane_lines(desk.pane(StatusLine)))
        await desk.press("s")
        assert not desk.state(3).starred
        await desk.press("g", "g")
        assert desk.current == 1


# --------------------------------------------------------------------------------------------------- narrow


@pytest.mark.parametrize("size", [(20, 8), (40, 12)])
async def test_questions_fit_small_screens(three: Paths, size: tuple[int, int]) -> None:
    async with sitting(three, size=size) as desk:
        await desk.press("t")
        await desk.write("rl")
        await desk.press("enter", "i")
        await desk.write("note")
        await desk.press("escape")
        assert desk.state(1) == State(read=True, tags=("rl",), note="note")


@pytest.mark.parametrize("size", [(20, 8), (40, 12), (80, 24)])
async def test_words_that_are_too_long_take_more_lines_until_the_next_key(
    three: Paths, size: tuple[int, int]
) -> None:
    async with sitting(three, size=size) as desk:
        before = desk.screen_lines()
        desk.app.main.say("數據 " * 50)
        await desk.settle()
        assert [len(line.encode("utf-16-le")) > 0 for line in desk.screen_lines()] == [True] * size[1]
        assert desk.pane(StatusLine).region.height == min(4, 1 + 250 // (size[0] - 2))
        desk.app.main.say("a file that is not there, in a folder whose name is long", whole=False)
        await desk.settle()
        assert desk.pane(StatusLine).region.height == 1
        await desk.press("k")
        assert desk.screen_lines()[:-1] == before[:-1]
        assert desk.said == ""


async def test_the_keys_of_a_strip_are_all_seen_at_eighty_columns(home: Paths) -> None:
    async with sitting(home, sample=True, size=(80, 24)) as desk:
        assert "SAMPLE PAPERS · a brings in yours" in desk.screen_lines()[-1]
        await desk.press("y")
        for hint in ("y URL", "t title", "i id", "b BibTeX", "m Markdown"):
            assert hint in desk.screen_lines()[-1]
        await desk.press("escape")
        assert "SAMPLE PAPERS" in desk.screen_lines()[-1]
