"""Taking papers out of the program and bringing them in: links, related views, clipboard, programs, the editor."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.widgets import Input

from papers_tui import clipboard
from papers_tui.clipboard import Copied
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import State, tags
from papers_tui.export import bibtex, lines
from papers_tui.library import ImportedFile, Library
from papers_tui.paths import Paths
from papers_tui.ui.app import named_files
from papers_tui.ui.external import edited
from papers_tui.ui.panes.paper_list.pane import PaperList
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.picker import LETTERS, Choices, Picker
from papers_tui.ui.screens.prompt import Prompt, completed_path

from .desk import SMALL, Desk, deliberate, fill, identity, journal, paper, sitting

CODE = {"url": "https://github.com/someone/thing", "kind": "code", "label": "", "origin": "user"}
PAGE = {"url": "https://someone.example/thing", "kind": "project", "label": "", "origin": "user"}
TALK = {
    "url": "https://huggingface.co/papers/2506.00001",
    "kind": "discussion",
    "label": "",
    "origin": "user",
}


@pytest.fixture
def three(home: Paths) -> Paths:
    """Three unread papers: the first with a page and code, the first two of one group."""
    group: dict[str, Any] = {"organization": {"name": "lab", "fullname": "The Lab"}, "edition": "2025-06-02"}
    fill(
        home,
        [
            paper(1, links=[CODE, PAGE, TALK], keywords=["agents"], categories=["cs.CL"], **group),
            paper(2, **group),
            paper(3, categories=["cs.CL"]),
        ],
    )
    return home


@pytest.fixture
def tagged(three: Paths) -> Paths:
    """The three papers, still unread, the first and the last of them with a tag."""
    with Library(three) as library:
        rows = [library.resolve(identity(number)) for number in (1, 3)]
        library.mark(rows, tags(["mine"], [], implies_read=False))
    return three


@pytest.fixture
def twelve(home: Paths) -> Paths:
    fill(home, [paper(number) for number in range(1, 13)])
    return home


def script(path: Path, lines: str) -> Path:
    """A program that does these lines of shell."""
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What the browser was called with so far, in no particular order."""
    calls = tmp_path / "calls"
    calls.mkdir()
    program = script(
        tmp_path / "browser", f'printf "%s\\n" "$*" > "{calls}/.$$" && mv "{calls}/.$$" "{calls}/$$"'
    )
    monkeypatch.setenv("BROWSER", str(program))
    return lambda: sorted(call.read_text().strip() for call in calls.glob("[!.]*"))


def choices(desk: Desk) -> list[tuple[str, str]]:
    """The choices on offer: kind and name."""
    return list(desk.app.screen.query_one(Choices).choices)


def letter(desk: Desk, kind: str, name: str = "") -> str:
    """The letter of the first choice of this kind (and name)."""
    place = next(
        place for place, choice in enumerate(choices(desk)) if choice[0] == kind and name in choice[1]
    )
    return LETTERS[place]


# --------------------------------------------------------------------------------------------------- links


async def test_f_shows_a_letter_for_each_link_and_the_letter_opens_it(
    three: Paths, opened: Callable[[], list[str]]
) -> None:
    async with sitting(three) as desk:
        await desk.press("f")
        assert isinstance(desk.app.screen, Picker)
        listed = [
            (link.kind, link.url.removeprefix("https://")) for link in desk.app.library.holding(1).links
        ]
        assert choices(desk) == listed
        drawn = desk.screen_lines()
        for sign, (kind, address) in zip(LETTERS, listed, strict=False):
            assert any(f" {sign}  {kind}" in line and address in line for line in drawn)

        await desk.press(letter(desk, "project"))
        assert not desk.asked
        await desk.until(opened)
        assert opened() == [PAGE["url"]]
        assert desk.said == f"opened {PAGE['url']}"
        assert desk.current == 1


async def test_a_link_can_be_clicked(three: Paths, opened: Callable[[], list[str]]) -> None:
    async with sitting(three) as desk:
        await desk.press("f")
        lines = desk.app.screen.query_one(Choices)
        place = [kind for kind, _ in choices(desk)].index("code")
        await desk.click(lines.region.x + 6, lines.region.y + place)
        assert not desk.asked
        await desk.until(opened)
        assert opened() == [CODE["url"]]


async def test_a_click_beside_the_links_opens_nothing(three: Paths, opened: Callable[[], list[str]]) -> None:
    async with sitting(three) as desk:
        await desk.press("f")
        await desk.click(3, desk.app.screen.query_one(Choices).region.y - 1)
        assert isinstance(desk.app.screen, Picker)
        await desk.click(3, 3)
        assert not desk.asked
    assert opened() == []


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_a_picker_that_is_left_opens_nothing(
    three: Paths, opened: Callable[[], list[str]], key: str
) -> None:
    async with sitting(three) as desk:
        for which in ("f", "F"):
            await desk.press(which, "m", "?", "enter")
            assert isinstance(desk.app.screen, Picker), "a letter that stands for nothing does nothing"
            await desk.press(key)
            assert not desk.asked
        assert (desk.view, desk.current) == ("inbox", 1)
        assert desk.app._exit is False
    assert opened() == []
    assert journal(three) == []


async def test_more_links_than_letters_are_cut_and_the_picker_still_works(
    home: Paths, opened: Callable[[], list[str]]
) -> None:
    many = [PAGE | {"url": f"https://someone.example/{number}"} for number in range(40)]
    fill(home, [paper(1, links=many)])
    async with sitting(home, size=(80, 20)) as desk:
        await desk.press("f")
        assert len(choices(desk)) == len(LETTERS)
        _, address = choices(desk)[-1]
        await desk.press(LETTERS[-1])
        await desk.until(opened)
        assert opened() == [f"https://{address}"]


async def test_a_browser_that_is_missing_is_told_of_a_picked_link(
    three: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BROWSER", str(tmp_path / "nothing-here"))
    async with sitting(three) as desk:
        await desk.press("f", "a")
        assert "nothing-here" in desk.said


async def test_capital_h_opens_the_discussion_and_says_where_there_is_none(
    home: Paths, opened: Callable[[], list[str]]
) -> None:
    fill(home, [paper(1, links=[TALK]), paper(2)])
    async with sitting(home) as desk:
        await desk.press("H")
        await desk.until(opened)
        assert opened() == [TALK["url"]]
        assert desk.state(1).read

        await desk.press("j", "H")
        assert desk.said == "no discussion is known for this paper"
        assert opened() == [TALK["url"]]


async def test_capital_o_opens_every_selected_paper(twelve: Paths, opened: Callable[[], list[str]]) -> None:
    async with sitting(twelve, size=SMALL) as desk:
        await desk.press("x", "j", "x", "O")
        assert not desk.asked
        await desk.until(lambda: len(opened()) == 2)
        assert opened() == [f"https://arxiv.org/abs/2506.{number:05}" for number in (1, 3)]
        assert desk.said.startswith("opened")
        assert "2" in desk.said


async def test_what_capital_o_opens_counts_as_read(twelve: Paths, opened: Callable[[], list[str]]) -> None:
    async with sitting(twelve, size=SMALL) as desk:
        await desk.press("x", "x", "O")
        await desk.until(lambda: len(opened()) == 2)
        assert [desk.state(number).read for number in (1, 2, 3)] == [True, True, False]
        await desk.press("u")
        assert [desk.state(number).read for number in (1, 2, 3)] == [False, False, False]


async def test_capital_o_asks_above_ten(twelve: Paths, opened: Callable[[], list[str]]) -> None:
    async with sitting(twelve, size=SMALL) as desk:
        await desk.press("*", "O")
        assert isinstance(desk.app.screen, Confirm)
        assert "Open 12 pages" in desk.screen_text()
        await desk.press("escape")
        assert not desk.asked
        assert opened() == []

        await desk.press("O", "enter")
        await desk.until(lambda: len(opened()) == 12)

        await desk.press("escape", "g", "g", "v", *"jjjjjjjjj")
        assert len(desk.selected) == 10
        await desk.press("O")
        assert not desk.asked, "ten are opened unasked"
        await desk.until(lambda: len(opened()) == 22)


async def test_capital_o_without_a_browser_does_not_say_that_it_opened_anything(
    twelve: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "somewhere")
    async with sitting(twelve, size=SMALL) as desk:
        await desk.press("x", "x", "O")
        assert "opened" not in desk.said
        assert "https://arxiv.org/abs/2506.00001" in desk.app.clipboard
        assert "https://arxiv.org/abs/2506.00002" in desk.app.clipboard


# --------------------------------------------------------------------------------------------------- views


@pytest.mark.parametrize(
    ("kind", "name", "listed"),
    [
        ("author", "Ada Author1", [1]),
        ("author", "Bob Writer", [1, 2, 3]),
        ("org", "The Lab", [1, 2]),
        ("tag", "mine", [1, 3]),
        ("topic", "agent", [1]),
        ("cat", "cs.CL", [1, 3]),
        ("edition", "2025-06-02", [1, 2]),
        ("source", "papers.jsonl", [1, 2, 3]),
    ],
)
async def test_capital_f_lists_the_papers_that_share_it_and_esc_goes_back(
    tagged: Paths, kind: str, name: str, listed: list[int]
) -> None:
    async with sitting(tagged) as desk:
        await desk.press("F")
        await desk.press(letter(desk, kind, name))
        assert desk.listed == listed
        assert desk.current == 1, "the paper stays under the cursor"
        assert "Esc goes back" in desk.said
        assert any(name in line for line in desk.pane_lines(desk.app.main.query_one("#status")))

        await desk.press("G", "escape")
        assert (desk.view, desk.current) == ("inbox", 1)
        assert desk.app._exit is False


async def test_views_of_views_go_back_one_by_one(three: Paths) -> None:
    async with sitting(three) as desk:
        await desk.press("j", "F")
        await desk.press(letter(desk, "org"))
        assert (desk.listed, desk.current) == ([1, 2], 2)
        await desk.press("k", "F")
        await desk.press(letter(desk, "cat"))
        assert (desk.listed, desk.current) == ([1, 3], 1)
        await desk.press("q")
        assert (desk.listed, desk.current) == ([1, 2], 1)
        await desk.press("q")
        assert (desk.view, desk.current) == ("inbox", 2)


async def test_going_back_leads_to_the_list_as_it_was_and_to_the_paper(three: Paths) -> None:
    async with sitting(three) as desk:
        await desk.press("j", "s", "k", "F")
        await desk.press(letter(desk, "org"), "escape")
        assert (desk.view, desk.listed, desk.current) == ("inbox", [1, 2, 3], 2)


async def test_triage_works_in_such_a_view_and_a_sidebar_entry_ends_it(three: Paths) -> None:
    async with sitting(three) as desk:
        await desk.press("F")
        await desk.press(letter(desk, "org"), "s")
        assert desk.state(1).starred
        assert desk.current == 2
        await desk.press("[")
        before = desk.view
        await desk.press("escape")
        assert desk.view == before


async def test_of_a_paper_with_nothing_but_a_title_its_source_is_offered(home: Paths) -> None:
    fill(home, [{"id": identity(1), "title": "Alone"}])
    async with sitting(home) as desk:
        await desk.press("F")
        assert choices(desk) == [("source", "papers.jsonl")]


# ----------------------------------------------------------------------------------------------- clipboard


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the clipboard's tools were given; the terminal is told by the app itself."""
    texts: list[str] = []

    def copy(text: str, environ: Mapping[str, str], *, write_osc52: Callable[[str], None]) -> Copied:
        assert "PATH" in environ
        write_osc52(text)
        texts.append(text)
        return Copied(("a tool",))

    monkeypatch.setattr(clipboard, "copy", copy)
    return texts


WAYS: list[tuple[str, Callable[[Any], str]]] = [
    ("y", lines.url),
    ("t", lines.title),
    ("i", lines.identifier),
    ("m", lines.markdown),
    ("b", lambda one: bibtex.render([one])),
]


@pytest.mark.parametrize(("key", "text"), WAYS)
async def test_y_and_a_second_key_copy_the_paper(
    three: Paths, copied: list[str], key: str, text: Callable[[Any], str]
) -> None:
    async with sitting(three) as desk:
        await desk.press("j", "y", key)
        await desk.until(lambda: copied)
        wanted = text(desk.app.library.holding(desk.papers.ids[1]).paper)
        assert wanted
        assert copied == [wanted]
        assert desk.app.clipboard == wanted
        await desk.until(lambda: "copied (a tool)" in desk.said)
        assert ("BibTeX of 1 paper" if key == "b" else wanted) in desk.said
        assert desk.current == 2
    assert journal(three) == []


@pytest.mark.parametrize(("key", "text"), WAYS)
async def test_several_selected_papers_are_copied_a_line_each(
    three: Paths, copied: list[str], key: str, text: Callable[[Any], str]
) -> None:
    async with sitting(three) as desk:
        await desk.press("x", "j", "x", "y", key)
        await desk.until(lambda: copied)
        held = [desk.app.library.holding(desk.papers.ids[place]).paper for place in (0, 2)]
        wanted = bibtex.render(held) if key == "b" else "\n".join(map(text, held))
        assert copied == [wanted]
        assert desk.app.clipboard == wanted
        await desk.until(lambda: "copied (a tool)" in desk.said)
        assert ("2 papers" if key == "b" else "2 lines") in desk.said
        assert desk.selected == [1, 3]


async def test_after_y_the_second_keys_are_shown(three: Paths, copied: list[str]) -> None:
    async with sitting(three) as desk:
        await desk.press("y")
        for hint in ("y URL", "t title", "i id", "b BibTeX", "m Markdown"):
            assert hint in desk.said
        await desk.press("s")
        assert desk.said == "y s means nothing"
        assert desk.state(1) == State()
        await desk.press("y", "escape", "x")
        assert desk.selected == [1]
    assert copied == []


async def test_what_no_clipboard_took_is_said(three: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(*_: object, **__: object) -> Copied:
        return Copied((), ("[b]xclip ended with 1",))

    monkeypatch.setattr(clipboard, "copy", failed)
    async with sitting(three) as desk:
        await desk.press("y", "y")
        await desk.until(lambda: "not copied" in desk.said)
        assert "[b]xclip ended with 1" in desk.said


# -------------------------------------------------------------------------------------------------- piping


@pytest.fixture
def taker(tmp_path: Path) -> Path:
    """A program that keeps its arguments and its input, and says a word."""
    return script(
        tmp_path / "taker",
        f'printf "%s\\n" "$@" > "{tmp_path}/argv"; cat > "{tmp_path}/stdin"; echo "thank you"; echo more',
    )


async def pipe_to(desk: Desk, command: str) -> None:
    await desk.press("|")
    desk.app.screen.query_one(Input).value = command
    await desk.press("enter")


async def test_a_program_is_given_the_paper_as_markdown(three: Paths, taker: Path, tmp_path: Path) -> None:
    async with sitting(three) as desk:
        await pipe_to(desk, f"{taker} --flag 'two words'")
        await desk.until(lambda: "done" in desk.said)
        assert desk.said == f"{taker}: done · thank you"
        assert (tmp_path / "argv").read_text().splitlines() == ["--flag", "two words"]
        text = (tmp_path / "stdin").read_text("utf-8")
        assert "Paper 1" in text
        assert "What paper 1 is about." in text
        assert "Paper 2" not in text

        await desk.press("|")
        assert desk.app.screen.query_one(Input).value == f"{taker} --flag 'two words'", "it is remembered"
        await desk.press("escape")
    assert journal(three) == []


async def test_tab_turns_to_json_lines_and_keeps_the_command(
    three: Paths, taker: Path, tmp_path: Path
) -> None:
    async with sitting(three) as desk:
        await desk.press("x", "j", "x", "|")
        assert "2 papers as Markdown" in desk.screen_text()
        desk.app.screen.query_one(Input).value = str(taker)
        await desk.press("tab")
        assert "2 papers as JSON Lines" in desk.screen_text()
        assert desk.app.screen.query_one(Input).value == str(taker)
        await desk.press("tab")
        assert "2 papers as Markdown" in desk.screen_text()
        await desk.press("tab", "enter")
        await desk.until(lambda: "done" in desk.said)
        records = [json.loads(line) for line in (tmp_path / "stdin").read_text("utf-8").splitlines()]
        assert [record["id"] for record in records] == [identity(1), identity(3)]
        assert records[0]["title"] == "Paper 1"


async def test_tab_of_an_empty_command_turns_the_form_too(three: Paths) -> None:
    async with sitting(three) as desk:
        await desk.press("|", "tab")
        assert "1 paper as JSON Lines" in desk.screen_text()
        await desk.press("enter")
        assert not desk.asked


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("papers-tui-no-such-program", "there is no such program"),
        ("wc -l > out.txt", "no shell reads this"),
        ("cat | wc", "no shell reads this"),
        ("grep 'open", "a quote is not closed"),
        ("/", "it can't be started"),
    ],
)
async def test_a_command_that_can_not_be_run_is_told(three: Paths, command: str, told: str) -> None:
    async with sitting(three) as desk:
        await pipe_to(desk, command)
        await desk.until(lambda: told in desk.said)
        assert desk.app._exit is False


async def test_a_program_that_fails_is_told_with_its_last_words(three: Paths, tmp_path: Path) -> None:
    program = script(tmp_path / "fails", "cat > /dev/null; echo first >&2; echo '[/b] last' >&2; exit 3")
    async with sitting(three) as desk:
        await pipe_to(desk, str(program))
        await desk.until(lambda: "ended with 3" in desk.said)
        assert desk.said.endswith("[/b] last")
        assert desk.said in desk.screen_text()


# -------------------------------------------------------------------------------------------------- editor


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Sets an editor that does these lines of shell to the file, its last argument, as `$file`."""

    def editor(lines: str) -> Path:
        program = script(tmp_path / "editor", f"for file; do :; done\n{lines}")
        monkeypatch.setenv("EDITOR", str(program))
        return program

    monkeypatch.delenv("VISUAL", raising=False)
    return editor


@pytest.fixture
def suspended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands for the terminal that is handed over and comes back; a test has none.

    As with Textual's own, an exception inside leaves the terminal with the other program.
    """
    moments: list[str] = []

    @contextlib.contextmanager
    def suspend(_: App[None]) -> Iterator[None]:
        moments.append("out")
        yield
        moments.append("back")

    monkeypatch.setattr(App, "suspend", suspend)
    return moments


async def test_capital_i_writes_the_note_in_the_users_editor(
    three: Paths, editor: Callable[[str], Path], suspended: list[str], tmp_path: Path
) -> None:
    editor(f'cp "$file" "{tmp_path}/before"; printf "good\\n\\n- [b] *idea* é\\n" > "$file"')
    async with sitting(three) as desk:
        await desk.press("I")
        assert desk.state(1) == State(read=True, note="good\n\n- [b] *idea* é")
        assert "note saved" in desk.said
        assert suspended == ["out", "back"]
        assert (tmp_path / "before").read_text() == ""
        assert deliberate(three) == ["note"]

        editor('printf more >> "$file"')
        await desk.press("I")
        assert desk.state(1).note.startswith("good")
        assert desk.state(1).note.endswith("more")

        await desk.press("u", "u")
        assert desk.state(1).note == ""


async def test_an_editor_that_changes_nothing_leaves_no_act(
    three: Paths, editor: Callable[[str], Path], suspended: list[str]
) -> None:
    editor("exit 0")
    async with sitting(three) as desk:
        await desk.press("I")
        assert desk.state(1) == State()
    assert suspended == ["out", "back"]
    assert journal(three) == []


async def test_an_editor_that_fails_is_told_and_the_note_stays(
    three: Paths, editor: Callable[[str], Path], suspended: list[str]
) -> None:
    program = editor('printf junk > "$file"; exit 4')
    async with sitting(three) as desk:
        await desk.press("I")
        assert str(program) in desk.said
        assert "it ended with 4" in desk.said
        assert desk.state(1) == State()
        await desk.press("s")
        assert desk.state(1).starred
    assert suspended == ["out", "back"]


async def test_a_terminal_that_can_not_be_handed_over_does_not_end_the_program(
    three: Paths, editor: Callable[[str], Path]
) -> None:
    editor("exit 0")
    async with sitting(three) as desk:
        await desk.press("I")
        assert desk.app._exit is False
        await desk.press("s")
        assert desk.state(1).starred


def test_the_text_comes_back_as_the_editor_left_it(editor: Callable[[str], Path]) -> None:
    editor('grep -q "^before$" "$file" && printf "after\\nthat" > "$file"')
    assert edited("before\n") == "after\nthat"


def test_the_editor_may_have_arguments_and_visual_comes_first(
    editor: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = editor('printf "%s" "$#:$1:$2" > "$file"')
    monkeypatch.setenv("EDITOR", f"'{program}' --wait 'two words'")
    assert edited("") == "3:--wait:two words"
    monkeypatch.setenv("VISUAL", f"{program} -w")
    assert edited("").startswith("2:-w:")


def test_bytes_that_are_no_text_do_not_end_the_program(editor: Callable[[str], Path]) -> None:
    editor(r'printf "a\377b" > "$file"')
    assert edited("") == "a\N{REPLACEMENT CHARACTER}b"


def test_nothing_is_left_of_the_note_on_the_disk(editor: Callable[[str], Path], tmp_path: Path) -> None:
    editor(f'echo "$file" > "{tmp_path}/where"')
    edited("secret")
    file = Path((tmp_path / "where").read_text().strip())
    assert file.suffix == ".md", "editors know what it is by its name"
    assert not file.parent.exists()


def test_an_editor_that_takes_the_file_away_is_an_error_the_user_can_mend(
    editor: Callable[[str], Path],
) -> None:
    editor('rm "$file"')
    with pytest.raises(PapersError):
        edited("before")


@pytest.mark.parametrize("command", ["/no/such/editor", "editor 'open", "''"])
def test_an_editor_that_can_not_be_started_is_an_error_the_user_can_mend(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    with pytest.raises(PapersError) as caught:
        edited("before")
    assert command in str(caught.value)


@pytest.mark.parametrize("command", [" ", "sleep 0; false"])
def test_an_editor_of_blanks_or_of_a_shell_is_an_error_the_user_can_mend(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    with pytest.raises(PapersError):
        edited("before")


# -------------------------------------------------------------------------------------------- bringing in


async def bring(desk: Desk, text: str) -> None:
    await desk.press("a")
    desk.app.screen.query_one(Input).value = text
    await desk.press("enter")


def papers_file(path: Path, *numbers: int) -> Path:
    path.write_text("".join(json.dumps(paper(number)) + "\n" for number in numbers))
    return path


async def test_a_brings_in_a_file_and_the_list_stays_as_it_was(three: Paths, tmp_path: Path) -> None:
    file = papers_file(tmp_path / "more papers.jsonl", 3, 4, 5)
    async with sitting(three) as desk:
        await bring(desk, f"  {file} ")
        await desk.until(lambda: "more papers.jsonl: 2 new" in desk.said)
        await desk.until(lambda: desk.count("all") == "5")
        assert desk.listed == [1, 2, 3]
        await desk.press("r")
        assert desk.listed == [1, 2, 3, 4, 5]

        await bring(desk, str(file))
        await desk.until(lambda: "nothing new" in desk.said)


async def test_a_pattern_brings_in_every_file_that_it_names(three: Paths, tmp_path: Path) -> None:
    papers_file(tmp_path / "one.jsonl", 4)
    papers_file(tmp_path / "two.jsonl", 5, 6)
    (tmp_path / "three.jsonl").mkdir()
    async with sitting(three) as desk:
        await bring(desk, f"{tmp_path}/*.jsonl")
        await desk.until(lambda: desk.said == "2 files: 3 new")


@pytest.mark.parametrize("name", ["nothing.html", "nothing*.html", "[b]nothing", ""])
async def test_files_that_are_not_there_are_told(three: Paths, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    async with sitting(three) as desk:
        await bring(desk, f"{tmp_path}/empty/{name}")
        await desk.until(lambda: ("there is no such file" if name else "it is a folder") in desk.said)
        assert desk.app._exit is False


async def test_a_file_that_holds_no_papers_is_told_and_the_samples_stay(home: Paths, tmp_path: Path) -> None:
    file = tmp_path / "holiday.html"
    file.write_text("<p>sun and sea</p>")
    async with sitting(home, sample=True) as desk:
        assert desk.app.sampling
        await bring(desk, str(file))
        await desk.until(lambda: desk.said.startswith("holiday.html: "))
        assert desk.app.sampling
        assert desk.papers.ids


async def test_the_samples_go_when_papers_come_in(home: Paths, tmp_path: Path) -> None:
    file = papers_file(tmp_path / "mine.jsonl", 1, 2)
    async with sitting(home, sample=True) as desk:
        assert "SAMPLE PAPERS" in desk.screen_text()
        await desk.press("s")
        await bring(desk, str(file))
        await desk.until(lambda: not desk.app.sampling and desk.app.main.query(PaperList) and desk.papers.ids)
        await desk.until(lambda: "mine.jsonl: 2 new" in desk.said)
        assert desk.listed == [1, 2]
        assert "SAMPLE PAPERS" not in desk.screen_text()
        await desk.press("u")
        assert desk.said == "nothing to undo", "what was done to a sample is not theirs"
        await desk.press("s")
        assert deliberate(home) == ["star"]


async def test_samples_that_go_take_an_open_question_with_them(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = papers_file(tmp_path / "mine.jsonl", 1)
    asked = threading.Event()
    import_file = Library.import_file

    def slow(library: Library, *args: Any) -> ImportedFile:
        asked.wait(10)
        return import_file(library, *args)

    async with sitting(home, sample=True) as desk:
        monkeypatch.setattr(Library, "import_file", slow)
        await bring(desk, str(file))
        await desk.press("t")
        assert desk.asked
        asked.set()
        await desk.until(lambda: not desk.app.sampling and desk.app.main.query(PaperList) and desk.papers.ids)
        await desk.until(lambda: not desk.asked)
        await desk.press("s")
        assert desk.state(1).starred


async def test_a_demo_takes_nothing_in(three: Paths) -> None:
    async with sitting(three, demo=True) as desk:
        assert desk.app.sampling
        assert "DEMO" in desk.screen_lines()[-1]
        await desk.press("a")
        assert not desk.asked
        assert "without --demo" in desk.said
        await desk.press("s", "d")
        assert desk.app.sampling
    assert journal(three) == []
    async with sitting(three) as desk:
        assert desk.listed == [1, 2, 3]


def test_files_are_named_by_a_path_or_a_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    one, odd = papers_file(tmp_path / "one.jsonl", 1), papers_file(tmp_path / "odd [1]*.jsonl", 2)
    assert named_files("~/one.jsonl") == [one]
    assert named_files(f" {one}\n") == [one]
    assert named_files(str(odd)) == [odd], "a file of that very name comes before the pattern"
    assert named_files("~/*.jsonl") == sorted([one, odd])
    for nothing in ("~", "~/", "/", "", "~/none*"):
        with pytest.raises(PapersError):
            named_files(nothing)


# -------------------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("pa", "pages/"),
        ("pages/", "pages/day-"),
        ("pages/day-1", "pages/day-1.html"),
        ("pages/day-", "pages/day-"),
        ("pages/day-1.html", "pages/day-1.html"),
        ("zz", "zz"),
        ("no/such/folder/x", "no/such/folder/x"),
        (".h", ".hidden"),
        ("", "pages/"),
        ("with s", "with space.txt"),
        ("é", "été.txt"),
    ],
)
def test_a_path_is_completed_as_far_as_there_is_no_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, completed: str
) -> None:
    pages = tmp_path / "desk" / "pages"
    pages.mkdir(parents=True)
    for name in ("day-1.html", "day-2.html"):
        (pages / name).touch()
    for name in (".hidden", *(("with space.txt", "été.txt") if typed else ())):
        (tmp_path / "desk" / name).touch()
    monkeypatch.chdir(tmp_path / "desk")
    assert completed_path(typed) == completed


def test_a_tilde_is_kept_and_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Downloads").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert completed_path("~/Down") == "~/Downloads/"
    assert completed_path("~/") == "~/Downloads/"


async def test_tab_completes_in_the_question(three: Paths, tmp_path: Path) -> None:
    papers_file(tmp_path / "wanted.jsonl", 4)
    async with sitting(three) as desk:
        await desk.press("a")
        line = desk.app.screen.query_one(Input)
        line.value = f"{tmp_path}/wa"
        await desk.press("tab")
        assert isinstance(desk.app.screen, Prompt)
        assert line.value == f"{tmp_path}/wanted.jsonl"
        assert line.cursor_position == len(line.value)
        await desk.press("enter")
        await desk.until(lambda: "wanted.jsonl: 1 new" in desk.said)
