"""How it looks: readable in every theme, without colours, without Unicode, at any size, and as it was chosen."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.command import CommandPalette
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, OptionList, TextArea

from papers_tui.domain.marks import DISMISSED, LATER, NOTED, READ, STARRED, TAGGED
from papers_tui.domain.paper import PaperRow
from papers_tui.paths import Paths
from papers_tui.ui.commands import COMMANDS
from papers_tui.ui.legible import LEAST_CONTRAST, contrast, legible
from papers_tui.ui.panes.status import StatusLine
from papers_tui.ui.screens.picker import Choices
from papers_tui.ui.screens.prompt import Prompt

from .desk import Desk, fill, journal, paper, sitting

LINK = {"url": "https://github.com/someone/thing", "kind": "code", "label": "", "origin": "user"}

SIZES = [(250, 80), (80, 24), (40, 12), (20, 8)]

READ_IN_EVERY_THEME = (
    *("tags", "confirm", "links", "failures", "help", "help search", "note", "empty note"),
)
"""Of the questions below, those that differ in what they are made of."""


@pytest.fixture
def some(home: Paths) -> Paths:
    """Papers with something of everything: marks are for the test to set."""
    everything = {
        "links": [LINK],
        "keywords": ["agents"],
        "categories": ["cs.CL"],
        "organization": {"name": "lab", "fullname": "Labor für Öl"},
        "edition": "2025-05-30",
        "upvotes": 7,
        "comments": 2,
        "summary": "In short: “naïve”…",
    }
    titles = ("A title with $\\alpha \\to \\beta$", "Ein Aufsatz über Größe — 論文 🎉", "Third")
    fill(home, [paper(number, title, **everything) for number, title in enumerate(titles, 1)])
    return home


@dataclass(frozen=True, slots=True)
class Question:
    """A screen over the panes: the keys that open it, what is typed then, and words that stand in it."""

    keys: Sequence[str]
    typed: str = ""
    words: Sequence[str] = ()


QUESTIONS = {
    "tags": Question(("t",), "new", words=("Tags", "new")),
    "path": Question(("a",), "xyz", words=("Add what?", "xyz")),
    "command": Question(("|",), "wc -l", words=("which command", "wc -l")),
    "export": Question(("e",), "z", words=("which file", "papers.mdz")),
    "order": Question((":",), "star x", words=("Do what", "star x")),
    "confirm": Question(("A",), words=("papers read?", "Enter", "Esc")),
    "links": Question(("f",), words=("Open which link?", " a  ", "Esc")),
    "views": Question(("F",), words=("List the papers", " a  ", "Esc")),
    "manage": Question(("M",), words=("Manage which source?", " a  ", "Daily Papers")),
    "failures": Question(("!",), words=("All is well", "Daily Papers", "Esc")),
    "help": Question(("?",), words=("to find a key",)),
    "help search": Question(("?",), "undo", words=("undo",)),
    "note": Question(("i",), "mind this", words=("Note", "mind this", "Esc")),
    "empty note": Question(("i",), words=("Note", "Esc")),
    "palette": Question(("ctrl+p",), words=("earch for commands",)),
}


async def ask(desk: Desk, question: Question) -> None:
    await desk.press(*question.keys)
    assert desk.asked
    await desk.write(question.typed)
    if isinstance(desk.app.screen, CommandPalette):
        options = desk.app.screen.query_one(OptionList)
        await desk.until(lambda: options.option_count and options.region.height)


async def leave(desk: Desk) -> None:
    await desk.press("escape")
    await desk.until(lambda: not desk.asked)


# ------------------------------------------------------------------------------------------------ contrast


def segments(desk: Desk, region: Region) -> list[Segment]:
    """What is drawn in a part of the screen."""
    strips = desk.app.screen._compositor.render_strips(desk.app.size)
    return [part for strip in strips[region.y : region.bottom] for part in strip.crop(region.x, region.right)]


def colours(style: Style | None) -> float | None:
    """The contrast of a style where both of its colours are known; the terminal chooses the others."""
    if not (style and style.color and style.bgcolor and style.color.triplet and style.bgcolor.triplet):
        return None
    return contrast(style.color.triplet, style.bgcolor.triplet)


def faint(desk: Desk, widgets: Sequence[Widget]) -> list[str]:
    """Texts in these widgets that stand out too little from what is behind them, with their styles."""
    found = []
    for widget in widgets:
        for text, style, _ in segments(desk, widget.scrollable_content_region):
            measured = colours(style)
            if text.strip(" ▔▁│▎▊") and measured is not None and measured < LEAST_CONTRAST:
                found.append(f"{text.strip()!r} {style} {measured:.2f} in {type(widget).__name__}")
    return found


async def in_every_theme(desk: Desk, widgets: Sequence[Widget]) -> dict[str, list[str]]:
    """What is faint, by theme."""
    found = {}
    for theme in desk.app.available_themes:
        desk.app.theme = theme
        await desk.settle()
        if faults := faint(desk, widgets):
            found[theme] = faults
    return found


def test_known_contrasts() -> None:
    def of(one: str, other: str) -> float | None:
        return colours(Style(color=one, bgcolor=other))

    assert of("#000000", "#ffffff") == pytest.approx(21)
    assert of("#ffffff", "#ffffff") == pytest.approx(1)
    assert of("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert of("#ff0000", "#ffffff") == pytest.approx(4.00, abs=0.01)
    assert of("red", "default") is None


@pytest.mark.parametrize(
    "behind", ["#000000", "#767676", "#808080", "#ff8800", "#2e3440", "#fdf6e3", "#ffffff"]
)
def test_any_colour_on_any_other_is_made_legible(behind: str) -> None:
    for red, green, blue in product((0, 64, 128, 192, 255), repeat=3):
        style = Style(color=f"#{red:02x}{green:02x}{blue:02x}", bgcolor=behind, bold=True)
        made = legible(style)
        measured = colours(made)
        assert measured is not None
        assert measured >= LEAST_CONTRAST
        assert made.bgcolor == style.bgcolor
        assert made.bold
        if (before := colours(style)) and before >= LEAST_CONTRAST:
            assert made == style


async def test_every_style_of_the_panes_is_legible_in_every_theme(some: Paths) -> None:
    async with sitting(some) as desk:
        assert len(desk.app.available_themes) > 15
        panes: tuple[Widget, ...] = (desk.sidebar, desk.papers, desk.detail, desk.pane(StatusLine))
        styles = [(pane, name) for pane in panes for name in sorted(pane.COMPONENT_CLASSES)]
        found = []
        for theme in desk.app.available_themes:
            desk.app.theme = theme
            await desk.settle()
            for pane, name in styles:
                style = legible(pane.get_component_rich_style(name))
                measured = colours(style)
                if measured is not None and measured < LEAST_CONTRAST:
                    found.append(f"{theme} {name} {style} {measured:.2f}")
        assert found == []


async def test_every_text_of_the_panes_is_legible_in_every_theme(some: Paths) -> None:
    async with sitting(some, size=(150, 24)) as desk:
        await desk.press("s", "k", "t", *"mine", "enter", "k", "i", *"mind", "escape", "j", "d", "k", "x")
        desk.app.main.warn("a warning")
        await desk.settle()
        panes = [desk.sidebar, desk.papers, desk.detail, desk.pane(StatusLine)]
        assert await in_every_theme(desk, panes) == {}


@pytest.mark.parametrize("name", READ_IN_EVERY_THEME)
async def test_every_text_of_a_question_is_legible_in_every_theme(some: Paths, name: str) -> None:
    async with sitting(some, size=(60, 16)) as desk:
        await desk.press("t", *"newer,known", "enter", "k")
        await ask(desk, QUESTIONS[name])
        kinds = "Static, Input, TextArea, Choices, HelpLines, StandingLines, Actions"
        widgets = [widget for widget in desk.app.screen.query(kinds) if widget.region.area]
        assert widgets
        drawn = " ".join(text for widget in widgets for text, _, _ in segments(desk, widget.region))
        assert QUESTIONS[name].words[0] in drawn, "the text that is measured is the text that is seen"
        assert await in_every_theme(desk, widgets) == {}


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "nord", "solarized-light"])
async def test_every_text_of_the_palette_is_legible(some: Paths, theme: str) -> None:
    async with sitting(some, size=(80, 24)) as desk:
        desk.app.theme = theme
        await desk.settle()
        await ask(desk, QUESTIONS["palette"])
        kinds = "CommandInput, OptionList"
        assert faint(desk, [widget for widget in desk.app.screen.query(kinds) if widget.region.area]) == []


# ------------------------------------------------------------------------------------------------- colours


def drawn_line(desk: Desk, flags: int) -> list[Segment]:
    """The line of the list for a paper with these flags, which is not under the cursor."""
    pane = desk.papers
    row = pane.row_at(1)
    assert isinstance(row, PaperRow)
    pane._rows._rows[row.row] = replace(row, flags=flags)
    return list(pane.render_line(1))


def without_colours(line: Sequence[Segment]) -> list[tuple[str, bool | None, bool | None]]:
    return [(text, style.bold, style.underline) if style else (text, None, None) for text, style, _ in line]


async def test_each_mark_has_a_sign_of_its_own(home: Paths) -> None:
    fill(home, [paper(number) for number in range(1, 4)])
    async with sitting(home) as desk:
        marks = (0, READ, *(READ | flag for flag in (STARRED, LATER, DISMISSED, TAGGED, NOTED)))
        texts = ["".join(text for text, _, _ in drawn_line(desk, flags)) for flags in marks]
        assert len(set(texts)) == len(marks)
        desk.papers._selection.turn([desk.papers.ids[1]])
        selected = ["".join(text for text, _, _ in drawn_line(desk, flags)) for flags in marks]
        assert len({*texts, *selected}) == 2 * len(marks)


async def test_no_state_is_told_by_colour_alone(home: Paths) -> None:
    fill(home, [paper(number) for number in range(1, 4)])
    async with sitting(home) as desk:
        coloured: dict[str, str] = {}
        for flags in range(64):
            line = drawn_line(desk, flags)
            plain = repr(without_colours(line))
            assert coloured.setdefault(plain, repr(line)) == repr(line), f"{flags:06b}"


async def test_the_cursor_is_seen_without_colours(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fill(home, [paper(number) for number in range(1, 4)])
    async with sitting(home) as desk:
        lines = [list(segments(desk, Region(desk.papers.region.x, y, 20, 1))) for y in (0, 1, 2)]
        behind = [{style.bgcolor for text, style, _ in line if style and text.strip()} for line in lines]
        assert behind[0] != behind[1] == behind[2]


def not_grey(desk: Desk) -> list[str]:
    """What is drawn in a colour."""
    strips = desk.app.screen._compositor.render_strips(desk.app.size)
    found = []
    for text, style, _ in (segment for strip in strips for segment in strip):
        for colour in (style.color, style.bgcolor) if style else ():
            if colour and colour.triplet and len(set(colour.triplet)) > 1:
                found.append(f"{text!r} {style}")
    return found


@pytest.mark.parametrize("theme", ["textual-dark", "solarized-light"])
async def test_with_no_color_everything_is_grey(
    some: Paths, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with sitting(some, size=(80, 20)) as desk:
        desk.app.theme = theme
        await desk.press("s", "d", "x")
        assert not_grey(desk) == []
        for question in QUESTIONS.values():
            await ask(desk, question)
            assert not_grey(desk) == []
            await leave(desk)
            await desk.press("u") if question.typed == "mind this" else None


async def test_without_no_color_there_are_colours(some: Paths) -> None:
    async with sitting(some) as desk:
        assert not_grey(desk)


# --------------------------------------------------------------------------------------------------- ASCII


@pytest.mark.parametrize("size", [(20, 8), (110, 20)])
async def test_where_there_is_no_unicode_everything_is_ascii(some: Paths, size: tuple[int, int]) -> None:
    async with sitting(some, size=size, locale="C") as desk:
        await desk.press("s", "k", "t", *"é", "enter", "k", "x", "Z")

        def odd() -> list[str]:
            lines = desk.screen_lines()
            assert {len(line) for line in lines} == {size[0]}
            return [line for line in lines if not line.isascii()]

        assert odd() == []
        for question in QUESTIONS.values():
            await ask(desk, question)
            assert odd() == []
            await leave(desk)
        await desk.press("enter", "G")
        assert odd() == []


async def test_where_there_is_unicode_its_signs_are_used(some: Paths) -> None:
    async with sitting(some) as desk:
        await desk.press("s")
        text = desk.screen_text()
        for sign in ("★", "●", "α → β", "論文", "ü"):
            assert sign in text


# -------------------------------------------------------------------------------------------------- chosen


async def test_what_was_chosen_is_there_again_after_a_restart(some: Paths, tmp_path: Path) -> None:
    target = tmp_path / "mine.md"
    async with sitting(some) as desk:
        lines = desk.papers.line_count()
        await desk.press("z", "Z", "s", "e")
        desk.app.screen.query_one(Input).value = str(target)
        await desk.press("enter")
        desk.app.theme = "nord"
        await desk.settle()
        shape, shown = desk.app.main.classes, desk.papers.line_count()
        assert shown != lines
        await desk.press("q")
    kept = tomllib.loads(some.session_file.read_text("utf-8"))
    assert kept["theme"] == "nord"
    assert kept["density"] in {"compact", "comfortable"}
    assert kept["layout"] != "auto"
    assert kept["export"] == str(target)

    async with sitting(some) as desk:
        assert desk.app.theme == "nord"
        assert desk.app.main.classes == shape
        await desk.press("]", "[")
        assert desk.papers._look.tall == (kept["density"] == "comfortable")
        await desk.press("e")
        assert desk.app.screen.query_one(Input).value == str(target)


async def test_an_export_that_failed_or_was_called_off_is_not_remembered(some: Paths, tmp_path: Path) -> None:
    async with sitting(some) as desk:
        await desk.press("e")
        desk.app.screen.query_one(Input).value = str(tmp_path / "called-off.md")
        await desk.press("escape", "q")
    async with sitting(some) as desk:
        await desk.press("e")
        assert "called-off" not in desk.app.screen.query_one(Input).value


async def test_the_palette_offers_every_command_and_the_theme(some: Paths) -> None:
    async with sitting(some) as desk:
        await desk.press("ctrl+p")
        options = desk.app.screen.query_one(OptionList)
        wanted = [command for command in COMMANDS if command.id != "palette"]
        await desk.until(lambda: options.option_count >= len(wanted))
        offered = [str(options.get_option_at_index(place).prompt) for place in range(options.option_count)]
        for command in wanted:
            assert [line for line in offered if command.title in line and command.help in line], command.id
        assert [line for line in offered if line.startswith("Theme")]
        assert len(offered) == len(wanted) + 1


# --------------------------------------------------------------------------------------------------- sizes


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_can_be_answered_at_any_size(some: Paths, name: str) -> None:
    question = QUESTIONS[name]
    async with sitting(some) as desk:
        for size in SIZES:
            await desk.resize(*size)
            await ask(desk, question)
            for widget in desk.app.screen.query("Input, TextArea"):
                assert desk.app.screen.region.contains_region(widget.region), size
                assert widget.region.area, size
                assert isinstance(widget, Input | TextArea)
                typed = widget.value if isinstance(widget, Input) else widget.text
                lines = desk.screen_lines()[widget.region.y : widget.region.bottom]
                assert typed[-5:] in "".join(lines), size
            await leave(desk)
            await desk.press("u") if question.typed == "mind this" else None


@pytest.mark.parametrize(
    ("name", "size"),
    [
        *product(("confirm", "links", "views", "note"), [(40, 12), (80, 24)]),
        ("tags", (80, 24)),
        ("confirm", (20, 8)),
    ],
)
async def test_a_question_says_how_it_is_answered(some: Paths, name: str, size: tuple[int, int]) -> None:
    async with sitting(some, size=size) as desk:
        await ask(desk, replace(QUESTIONS[name], typed=""))
        text = desk.screen_text()
        words = {"confirm": ("3 papers", "Enter", "Esc"), "note": ("Note", "Esc"), "tags": ("Tags", "Enter")}
        assert [word for word in words.get(name, (" a  ", "Esc")) if word not in text] == []
    assert journal(some) == []


@pytest.mark.parametrize("key", ["?", "t", "i", "f", "A", "ctrl+p"])
async def test_a_question_outlasts_any_change_of_size(some: Paths, key: str) -> None:
    async with sitting(some) as desk:
        await desk.press(key)
        question = desk.app.screen
        for size in ((20, 8), (250, 80), (1, 1), (80, 24)):
            await desk.resize(*size)
            assert desk.app.screen is question
        await leave(desk)
        assert desk.current == 1


async def test_every_choice_is_in_sight_where_the_screen_has_a_line_for_it(home: Paths) -> None:
    fill(home, [paper(1, authors=[f"Author {number:02}" for number in range(12)], keywords=["k"])])
    async with sitting(home, size=(60, 24)) as desk:
        await desk.press("F")
        lines = desk.app.screen.query_one(Choices)
        assert lines.region.height == lines.line_count() == len(lines.choices)
        text = desk.screen_text()
        assert [name for _, name in lines.choices if name not in text] == []


async def test_a_long_answer_is_seen_at_its_end(some: Paths) -> None:
    async with sitting(some, size=(40, 12)) as desk:
        await desk.press("|", *("abcdefghij" * 6), "Z")
        assert isinstance(desk.app.screen, Prompt)
        assert "hijZ" in desk.screen_text()
