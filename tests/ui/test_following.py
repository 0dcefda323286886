"""Sources in the app: adding one after a look at it, changing and removing it, and seeing which of them fail."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from papers_tui import subscriptions
from papers_tui.config import Config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import star
from papers_tui.domain.moments import stamp
from papers_tui.domain.paper import Paper
from papers_tui.domain.plan import FEED
from papers_tui.domain.sources import DAILY_PAPERS, Source, SourceState
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.refreshing import RefreshingApp
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.failures import Failures
from papers_tui.ui.screens.following import FollowingScreen, names_files, removal
from papers_tui.ui.screens.picker import Choices, Picker
from papers_tui.ui.screens.preview import Preview
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.standing import Standing, heading, moment, rest, standings, trouble, why_not_now

from .desk import LARGE, Desk, fill, paper, sitting
from .refresher import Refresher

BLOG = Source("Blog", "feed", "https://blog.example/feed")
LANGUAGE = Source("arXiv cs.CL", "arxiv", "cs.CL", ("nlp",))


# ------------------------------------------------------------------------------------------ a check to order


CHECK = """
import json, os, pathlib, sys, time
folder = pathlib.Path(__file__).parent
ref = sys.argv[-1]
(folder / "pid").write_text(str(os.getpid()))
with (folder / "asked").open("a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
answers = json.loads((folder / "answers").read_text())
answer = answers[ref]
while answer == "wait":
    time.sleep(0.01)
sys.stdout.write(answer if isinstance(answer, str) else json.dumps(answer))
"""


class Check:
    """Stands in for `papers-tui source check`: what it answers is set by the source's `ref`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        (folder / "check.py").write_text(CHECK)
        self.command = (sys.executable, "-S", str(folder / "check.py"))
        self._answers: dict[str, Any] = {}

    def answer(self, ref: str, given: Any) -> None:
        """A record, a text to print as it is, or "wait" for a check that never ends."""
        self._answers[ref] = given
        (self._folder / "answers.new").write_text(json.dumps(self._answers))
        (self._folder / "answers.new").replace(self._folder / "answers")

    @property
    def asked(self) -> list[list[str]]:
        """The arguments of each check so far."""
        with contextlib.suppress(FileNotFoundError):
            return [json.loads(line) for line in (self._folder / "asked").read_text().splitlines()]
        return []

    @property
    def running(self) -> bool:
        """Whether the last check that was begun is at work."""
        try:
            os.kill(int((self._folder / "pid").read_text()), 0)
        except (OSError, ValueError):
            return False
        return True


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    made = Check(tmp_path / "check")
    monkeypatch.setattr(FollowingScreen, "check_command", made.command)
    return made


@pytest.fixture(autouse=True)
def wanted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The sources of each refresh that was wanted."""
    found: list[tuple[str, ...]] = []

    def heard(_: RefreshingApp, event: FollowingScreen.RefreshWanted) -> None:
        found.append(event.sources)

    monkeypatch.setattr(RefreshingApp, "on_reading_screen_refresh_wanted", heard)
    return found


def record(source: Source, *titles: str, **fields: Any) -> dict[str, Any]:
    entries = [
        {"title": title, "authors": ["Ada Author", "Bob Writer"], "published": "2026-06-01T10:00:00Z"}
        for title in titles
    ]
    return {
        "kind": source.kind,
        "address": source.address,
        "name": source.name,
        "title": f"Title of {source.name}",
        "entries": entries,
        "count": len(entries) + 20,
        "error": "",
        "offers": [],
    } | fields


@pytest.fixture
def library(home: Paths) -> Paths:
    """Three imported papers; Daily Papers is followed."""
    fill(home, [paper(1), paper(2), paper(3)])
    return home


@pytest.fixture
def followed(library: Paths) -> Paths:
    """Besides, two sources: a blog with four papers, of which one is starred and one imported too; arXiv with none."""
    subscriptions.edit(library.sources_file, lambda known: (*known, BLOG, LANGUAGE))
    with Library(library) as opened:
        posts = [Paper((f"url:https://blog.example/{number}",), f"Post {number}") for number in range(3)]
        imported = opened.holding(opened.resolve("arxiv:2506.00001")).paper
        opened.intake.remember(BLOG, SourceState(BLOG.ref, asked="2026-06-01T10:00:00Z", status="fetched"))
        opened.intake.keep("Blog", [*posts, imported], rank=FEED)
        opened.mark([opened.resolve("url:https://blog.example/1")], star(True, implies_read=False))
    return library


def kept(home: Paths) -> tuple[Source, ...]:
    sources, problems = subscriptions.load(home.sources_file)
    assert problems == ()
    return sources


async def add(desk: Desk, text: str) -> None:
    await desk.press("a")
    desk.app.screen.query_one(Input).value = text
    await desk.press("enter")


async def checked(desk: Desk) -> Preview:
    """The dialog, once the check has ended."""
    screen = desk.app.screen
    assert isinstance(screen, Preview)
    await desk.until(lambda: screen.checked)
    return screen


async def open_source(desk: Desk, name: str) -> None:
    view = next(
        entry.view for entry in desk.sidebar.views if entry.view and entry.view.key == f"source:{name}"
    )
    desk.app.main.open_view(view)
    await desk.settle()


async def prompted(desk: Desk, text: str) -> None:
    assert isinstance(desk.app.screen, Prompt)
    desk.app.screen.query_one(Input).value = text
    await desk.press("enter")


# ------------------------------------------------------------------------------------------------- adding


async def test_a_source_is_shown_before_it_is_followed(
    library: Paths, check: Check, wanted: list[tuple[str, ...]]
) -> None:
    titles = [f"[b]Entry[/b] {number}" for number in range(5)]
    check.answer(BLOG.ref, record(BLOG, *titles, name="The Blog"))
    async with sitting(library) as desk:
        await add(desk, " blog.example/feed ")
        assert f"feed {BLOG.address}" in desk.screen_text()
        await checked(desk)
        drawn = desk.screen_text()
        for words in (
            "Follow The Blog?",
            "Title of Blog",
            *titles,
            "2026-06-01 · Ada Author",
            "25 papers in it now",
        ):
            assert words in drawn
        assert kept(library) == (DAILY_PAPERS,)
        await desk.press("enter")
        await desk.until(lambda: "added The Blog" in desk.said)
        assert kept(library) == (DAILY_PAPERS, replace(BLOG, name="The Blog"))
        assert wanted == [("The Blog",)]
        assert check.asked == [["--", BLOG.ref]]


async def test_while_a_refresh_runs_a_new_source_waits_for_its_end(
    library: Paths, check: Check, wanted: list[tuple[str, ...]], tmp_path: Path
) -> None:
    check.answer(BLOG.ref, record(BLOG))
    folder = tmp_path / "refresher"
    folder.mkdir()
    refresher = Refresher(folder, library, [("wait", str(folder / "gate"))])
    async with sitting(library, config=Config(read_after=0), refresher=refresher.command) as desk:
        await desk.until(lambda: desk.app.main.following.running)
        await add(desk, BLOG.address)
        await checked(desk)
        await desk.press("enter")
        await desk.until(lambda: "added Blog · it is asked after the refresh" in desk.said)
        assert wanted == []
        assert [source.name for source in desk.app.main.following.sources] == ["Daily Papers", "Blog"]
        (folder / "gate").touch()


async def test_nothing_waits_for_the_check_and_it_ends_with_the_dialog(library: Paths, check: Check) -> None:
    check.answer(LANGUAGE.ref, "wait")
    async with sitting(library) as desk:
        await add(desk, "cs.CL")
        assert "Follow arXiv cs.CL?" in desk.screen_text()
        assert "asking …" in desk.screen_text()
        await desk.until(lambda: check.running)
        await desk.press("enter")
        assert desk.asked, "what is not known is not followed by Enter"
        await desk.press("escape")
        assert not desk.asked
        await desk.until(lambda: not check.running)
    assert kept(library) == (DAILY_PAPERS,)


async def test_a_check_ends_with_the_program(library: Paths, check: Check) -> None:
    check.answer(LANGUAGE.ref, "wait")
    async with sitting(library) as desk:
        await add(desk, "cs.CL")
        await desk.until(lambda: check.running)
    for _ in range(500):  # the system takes a moment to bury a process
        if not check.running:
            break
        await asyncio.sleep(0.01)
    assert not check.running


async def test_a_source_that_fails_is_asked_again_or_followed_all_the_same(
    library: Paths, check: Check, wanted: list[tuple[str, ...]]
) -> None:
    said = "blog.example answered 503 ([b]We are back soon[/b])"
    check.answer(BLOG.ref, record(BLOG, error=said))
    async with sitting(library) as desk:
        await add(desk, BLOG.address)
        await checked(desk)
        assert said in desk.screen_text()
        await desk.press("enter")
        assert desk.asked, "Enter follows what answered"
        check.answer(BLOG.ref, record(BLOG, error="still no answer"))
        await desk.press("r")
        await checked(desk)
        assert "still no answer" in desk.screen_text()
        assert len(check.asked) == 2
        await desk.press("s")
        await desk.until(lambda: "added blog.example" in desk.said)
    assert kept(library)[-1] == replace(BLOG, name="blog.example")
    assert wanted == [("blog.example",)]


@pytest.mark.parametrize("printed", ["", "Traceback", "[1]", '{"kind": 1}'])
async def test_a_check_that_breaks_off_is_a_failure(library: Paths, check: Check, printed: str) -> None:
    check.answer(BLOG.ref, printed)
    async with sitting(library) as desk:
        await add(desk, BLOG.address)
        shown = await checked(desk)
        assert shown.checked
        assert bool(shown.checked.error) == (printed != '{"kind": 1}')
        await desk.press("escape")
        assert not desk.asked


async def test_a_check_that_can_not_be_started_is_a_failure(
    library: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FollowingScreen, "check_command", ("/nowhere/at-all",))
    async with sitting(library) as desk:
        await add(desk, BLOG.address)
        await checked(desk)
        assert "it can't be asked" in desk.screen_text()


PAGE = Source("blog.example", "feed", "https://blog.example/")
OFFERED = [Source(name, "feed", f"https://blog.example/{name}") for name in ("first", "second", "third")]
OFFERS = [{"address": one.address, "title": f"Feed {one.name}"} for one in OFFERED]


@pytest.fixture
def page(check: Check) -> Check:
    """A page that offers three feeds, of which the second is the first good one, and the third fails."""
    check.answer(PAGE.ref, record(OFFERED[1], "Of the second", offers=OFFERS))
    check.answer(OFFERED[0].ref, record(OFFERED[0], error="not a feed"))
    check.answer(OFFERED[2].ref, record(OFFERED[2], "Of the third"))
    return check


async def test_of_several_feeds_of_a_page_one_is_chosen(library: Paths, page: Check) -> None:
    async with sitting(library) as desk:
        await add(desk, PAGE.address)
        await checked(desk)
        assert "Of the second" in desk.screen_text()
        await desk.press("down")
        await checked(desk)
        assert "Of the third" in desk.screen_text()
        await desk.press("down", "up", "up")
        await checked(desk)
        assert "not a feed" in desk.screen_text()
        await desk.press("down", "down")
        assert "Of the third" in desk.screen_text(), "what is known is not asked again"
        assert page.asked == [
            ["--", PAGE.ref],
            *(["--offered-by", PAGE.address, "--", OFFERED[place].ref] for place in (2, 0)),
        ]
        await desk.press("enter")
        await desk.until(lambda: "added third" in desk.said)
    assert kept(library)[-1] == OFFERED[2]


@pytest.mark.usefixtures("page")
async def test_a_feed_is_chosen_by_mouse(library: Paths) -> None:
    async with sitting(library) as desk:
        await add(desk, PAGE.address)
        await checked(desk)
        await desk.click_on("Feed third")
        await checked(desk)
        assert "Of the third" in desk.screen_text()
        await desk.click_on("another feed")
        await checked(desk)
        assert "not a feed" in desk.screen_text()
        await desk.click_on("follow it all the same")
        await desk.until(lambda: "added Feed first" in desk.said)
    assert kept(library)[-1] == replace(OFFERED[0], name="Feed first")


async def test_name_and_tags_are_the_users(library: Paths, check: Check) -> None:
    check.answer(BLOG.ref, record(BLOG, "Entry"))
    async with sitting(library) as desk:
        await add(desk, BLOG.address)
        await checked(desk)
        await desk.press("n")
        await prompted(desk, "My [b]blog")
        assert "Follow My [b]blog?" in desk.screen_text()
        await desk.click_on("tags")
        await prompted(desk, "lab, #ml")
        assert "lab, ml" in desk.screen_text()
        await desk.press("enter")
        await desk.until(lambda: "added My [b]blog" in desk.said)
    assert kept(library)[-1] == replace(BLOG, name="My [b]blog", tags=("lab", "ml"))


async def test_what_can_not_be_meant_is_asked_for_again(followed: Paths) -> None:
    async with sitting(followed) as desk:
        for text, words in (("cs.CLL", "perhaps cs.CL"), (BLOG.address, "followed already, as “Blog”")):
            await add(desk, text)
            assert isinstance(desk.app.screen, Prompt)
            assert desk.app.screen.query_one(Input).value == text
            assert words in desk.said
            assert words in desk.screen_text().replace("\n", " ")
            await desk.press("escape")
            assert not desk.asked


async def test_a_file_is_followed_where_it_says_so(library: Paths, check: Check, tmp_path: Path) -> None:
    file = tmp_path / "lab.xml"
    file.touch()
    check.answer(f"feed:{file}", record(Source("Lab", "feed", str(file))))
    async with sitting(library) as desk:
        await add(desk, f"feed:{file}")
        await checked(desk)
        await desk.press("enter")
        await desk.until(lambda: "added Lab" in desk.said)
    assert kept(library)[-1].address == str(file)


def test_files_are_told_from_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("week", "page.html"):
        (tmp_path / name).touch()
    assert [
        text for text in ("page.html", "./week", "*.html", f"{tmp_path}/pa*") if not names_files(text)
    ] == []
    for text in (
        "week",
        "cs.CL",
        "none*",
        "https://page.html",
        "~nobody/x",
        "/",
        "\0/",
        "x" * 5000 + ".html",
        "**",
    ):
        assert not names_files(text)


# ------------------------------------------------------------------------------------------------ changing


async def manage(desk: Desk, name: str, key: str) -> None:
    if desk.view != f"source:{name}":
        await open_source(desk, name)
    await desk.press("M")
    assert isinstance(desk.app.screen, Picker)
    assert name in desk.screen_text()
    await desk.press(key)


async def test_a_source_is_renamed_with_its_papers(followed: Paths) -> None:
    async with sitting(followed) as desk:
        await manage(desk, "Blog", "n")
        await prompted(desk, "Journal")
        await desk.until(lambda: "now called Journal" in desk.said)
        assert desk.view == "source:Journal"
        assert desk.count("source:Journal")
        assert [source.name for source in kept(followed)] == ["Daily Papers", "Journal", "arXiv cs.CL"]
        await manage(desk, "Journal", "n")
        await prompted(desk, "ARXIV cs.cl")
        await desk.until(lambda: "another source has this name" in desk.said)


async def test_a_source_is_tagged_paused_and_paced(followed: Paths) -> None:
    async with sitting(followed) as desk:
        await manage(desk, "Blog", "t")
        await prompted(desk, "lab, ml")
        await desk.until(lambda: "tagged lab, ml" in desk.said)
        await manage(desk, "Blog", "p")
        await desk.until(lambda: "Blog is paused" in desk.said)
        await manage(desk, "Blog", "e")
        await prompted(desk, "2 fortnights")
        await desk.until(lambda: "is no time" in desk.said)
        await manage(desk, "Blog", "e")
        await prompted(desk, "6h")
        await desk.until(lambda: "every 6 hours" in desk.said)
        assert kept(followed)[1] == replace(BLOG, tags=("lab", "ml"), every=360, paused=True)
        await desk.press("M")
        assert "Resume" in desk.screen_text()
        assert "every 6 hours" in desk.screen_text()
        await desk.press("p")
        await desk.until(lambda: "asked again when it is due" in desk.said)
        assert not kept(followed)[1].paused


async def test_a_source_is_asked_now_unless_it_rests(followed: Paths, wanted: list[tuple[str, ...]]) -> None:
    async with sitting(followed) as desk:
        await manage(desk, "Blog", "r")
        assert wanted == [("Blog",)]
        until = stamp(datetime.now(UTC) + timedelta(hours=2))
        with Library(followed) as library:
            library.intake.remember(BLOG, SourceState(BLOG.ref, status="refused", retry_at=until))
        await manage(desk, "Blog", "r")
        assert "asked to be left alone" in desk.said
        assert wanted == [("Blog",)]


async def test_removing_asks_first_and_leaves_what_bears_a_mark(followed: Paths) -> None:
    async with sitting(followed) as desk:
        await manage(desk, "Blog", "x")
        await desk.until(lambda: isinstance(desk.app.screen, Confirm))
        assert "Remove Blog, and 2 papers" in desk.screen_text()
        await desk.press("escape")
        assert BLOG in kept(followed)
        await manage(desk, "Blog", "x")
        await desk.until(lambda: isinstance(desk.app.screen, Confirm))
        await desk.press("enter")
        await desk.until(lambda: "Blog is removed, and with it 2 papers" in desk.said)
        assert kept(followed) == (DAILY_PAPERS, LANGUAGE)
        assert desk.view == "inbox"
        assert desk.count("all") == "4"
        await desk.until(lambda: not [entry for entry in desk.sidebar.views if entry.title == "Blog"])
        titles = {row.title for row in desk.app.library.rows(desk.papers.ids).values()}
        assert "Post 1" in titles


async def test_an_imported_file_is_no_source(followed: Paths) -> None:
    async with sitting(followed) as desk:
        await open_source(desk, "papers.jsonl")
        await desk.press("M")
        assert not desk.asked
        assert desk.said == "papers.jsonl: an imported file; nothing to manage"


async def test_elsewhere_a_source_is_picked_first(followed: Paths) -> None:
    async with sitting(followed) as desk:
        await desk.press("M")
        assert list(desk.app.screen.query_one(Choices).choices) == [
            ("daily-papers", "Daily Papers"), ("feed", "Blog"), ("arxiv", "arXiv cs.CL"),
        ]  # fmt: skip
        await desk.press("s")
        assert isinstance(desk.app.screen, Picker)
        assert "Refresh now" in desk.screen_text()
        await desk.click_on("Pause")
        await desk.until(lambda: "Blog is paused" in desk.said)


async def test_of_a_hundred_sources_each_can_be_picked(library: Paths) -> None:
    many = tuple(Source(f"Feed {number:03}", "feed", f"https://a.example/{number}") for number in range(100))
    subscriptions.edit(library.sources_file, lambda _: many)
    async with sitting(library, size=(100, 120)) as desk:
        await desk.press("M")
        assert len(desk.app.screen.query_one(Choices).choices) == 100
        await desk.click_on("Feed 099")
        assert isinstance(desk.app.screen, Picker)
        assert "Feed 099" in desk.screen_text()


async def test_a_list_that_can_not_be_read_is_told(library: Paths) -> None:
    library.sources_file.write_text("[[")
    async with sitting(library) as desk:
        for key in ("M", "!"):
            await desk.press(key)
            assert not desk.asked
            assert "it is not TOML" in desk.said
        await add(desk, "cs.CL")
        assert "it is not TOML" in desk.said
    assert library.sources_file.read_text() == "[["


async def test_nothing_followed_is_nothing_to_manage(library: Paths) -> None:
    subscriptions.edit(library.sources_file, lambda _: ())
    async with sitting(library) as desk:
        await desk.press("M")
        assert not desk.asked
        assert "nothing is followed yet; a adds something" in desk.said


@pytest.mark.parametrize("key", ["a", "M", "!"])
async def test_a_demo_follows_nothing(library: Paths, key: str) -> None:
    async with sitting(library, demo=True) as desk:
        await desk.press(key)
        assert not desk.asked
        assert "demo" in desk.said


async def test_a_list_that_can_not_be_written_is_told(
    followed: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PapersError("sources.toml", "not changed: the disk is full", "free some space")

    async with sitting(followed) as desk:
        monkeypatch.setattr(subscriptions, "edit", refused)
        for key in "px":
            await manage(desk, "Blog", key)
            if key == "x":
                await desk.until(lambda: isinstance(desk.app.screen, Confirm))
                await desk.press("enter")
            await desk.until(lambda: "the disk is full" in desk.said)
    with Library(followed) as library:
        assert library.intake.at_stake(BLOG) == (4, 2)


# ------------------------------------------------------------------------------------------------- failing


@pytest.fixture
def troubled(followed: Paths) -> Paths:
    """The blog failed, arXiv refuses for two hours more, Daily Papers answered."""
    now = datetime.now(UTC)
    later = stamp(now + timedelta(hours=2, minutes=1))
    with Library(followed) as library:
        library.intake.remember(
            BLOG,
            SourceState(
                BLOG.ref,
                asked=stamp(now),
                due=stamp(now + timedelta(minutes=12, seconds=10)),
                status="failed",
                reason="blog.example answered 500 ([b]a server's[/b] own words)",
                failures=3,
            ),
        )
        library.intake.remember(
            LANGUAGE,
            SourceState(
                LANGUAGE.ref, asked=stamp(now), succeeded=stamp(now), due=later, status="refused",
                reason="rss.arxiv.org answered 429", retry_at=later, failures=1,
            ),
        )  # fmt: skip
        library.intake.remember(
            DAILY_PAPERS,
            SourceState(
                DAILY_PAPERS.ref, asked=stamp(now), succeeded=stamp(now), due=later, status="fetched"
            ),
        )
    return followed


async def test_failures_are_listed_with_what_the_server_said(troubled: Paths) -> None:
    async with sitting(troubled) as desk:
        await desk.press("!")
        drawn = desk.screen_text()
        for words in (
            *("2 of 3 sources fail", "feed https://blog.example/feed"),
            *("500 ([b]a server's[/b] own words)", "failed 3 times in a row", "never answered", "in 12 min"),
            *("rss.arxiv.org answered 429", "in 2 h", "The others", "Daily Papers", "answered "),
        ):
            assert words in drawn
        assert drawn.rindex("Blog ") < drawn.index("The others") < drawn.rindex("Daily Papers")
        await desk.press("escape")
        assert not desk.asked


async def test_a_failing_source_is_asked_again_and_a_refusing_one_is_left_alone(
    troubled: Paths, wanted: list[tuple[str, ...]]
) -> None:
    async with sitting(troubled) as desk:
        await desk.press("!", "r")
        assert wanted == [("Blog",)]
        assert "asking Blog" in desk.screen_text()
        await desk.press("j", "r")
        assert "not asked before" in desk.screen_text()
        assert wanted == [("Blog",)]
        await desk.press("R")
        assert wanted == [("Blog",), ()]
        await desk.press("enter")
        assert isinstance(desk.app.screen, Picker)
        assert "arXiv cs.CL" in desk.screen_text()


async def test_failures_by_mouse(troubled: Paths, wanted: list[tuple[str, ...]]) -> None:
    async with sitting(troubled) as desk:
        await desk.press("!")
        await desk.click_on("answered 429")
        await desk.click_on("manages it")
        assert isinstance(desk.app.screen, Picker)
        await desk.press("escape", "!")
        await desk.click_on("asks all")
        assert wanted == [()]
        await desk.click(1, 1)
        assert not desk.asked


async def test_what_changes_meanwhile_is_seen_and_the_cursor_stays_on_its_source(troubled: Paths) -> None:
    async with sitting(troubled) as desk:
        await desk.press("!", "j")
        shown = desk.app.screen
        assert isinstance(shown, Failures)
        with Library(troubled) as library:
            well = SourceState(BLOG.ref, asked="2026-06-01T10:00:00Z", status="fetched")
            library.intake.remember(BLOG, well)
        await desk.until(lambda: "1 of 3 fails" in desk.screen_text())
        await desk.press("enter")
        assert "arXiv cs.CL" in desk.screen_text()


async def test_where_nothing_fails_that_is_said(followed: Paths) -> None:
    async with sitting(followed) as desk:
        await desk.press("!")
        assert "All is well" in desk.screen_text()
        assert "Blog" in desk.screen_text()
        await desk.press("escape")
    subscriptions.edit(followed.sources_file, lambda _: ())
    async with sitting(followed) as desk:
        await desk.press("!", "r", "R", "enter", "j")
        assert "Nothing is followed" in desk.screen_text()
        await desk.press("q")
        assert not desk.asked


# --------------------------------------------------------------------------------------------------- sizes


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("size", [(80, 24), (40, 12), (20, 8)])
async def test_every_dialog_fits_and_closes(troubled: Paths, size: tuple[int, int]) -> None:
    async with sitting(troubled, size=size) as desk:
        for keys in (("!",), ("!", "r"), ("!", "enter"), ("M",), ("M", "s"), ("a",)):
            await desk.press(*keys)
            assert desk.asked
            await desk.press("escape")
            assert not desk.asked
        await add(desk, PAGE.address)
        await checked(desk)
        if size != (20, 8):
            assert "Enter follows it" in desk.screen_text()
            assert "cancels" in desk.screen_text()
        await desk.press("pagedown", "pageup", "down", "up")
        await desk.resize(*LARGE)
        await desk.resize(*size)
        await desk.press("escape")
        assert not desk.asked


@pytest.mark.usefixtures("page")
async def test_in_a_low_window_the_chosen_feed_and_its_failure_are_both_seen(library: Paths) -> None:
    async with sitting(library, size=(40, 12)) as desk:
        await add(desk, PAGE.address)
        await checked(desk)
        await desk.press("up")
        await checked(desk)
        assert "Feed first" in desk.screen_text()
        assert "not a feed" in desk.screen_text()


async def test_a_long_list_of_failures_scrolls_with_the_cursor(library: Paths) -> None:
    many = tuple(Source(f"Feed {number:03}", "feed", f"https://a.example/{number}") for number in range(60))
    subscriptions.edit(library.sources_file, lambda _: many)
    with Library(library) as opened:
        for source in many:
            failed = SourceState(
                source.ref, asked="2026-06-01T10:00:00Z", status="failed", reason="no answer"
            )
            opened.intake.remember(source, failed)
    async with sitting(library, size=(80, 24)) as desk:
        await desk.press("!")
        await desk.hold("j", 59)
        assert "Feed 059" in desk.screen_text()
        await desk.hold("k", 70)
        assert "Feed 000" in desk.screen_text()


# --------------------------------------------------------------------------------------------------- words


ZONE = timezone(timedelta(hours=2))
NOW = datetime(2026, 6, 3, 12, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-06-03T08:05:00Z", "10:05"),
        ("2026-06-02T22:30:00Z", "00:30"),
        ("2026-06-02T20:30:00Z", "Tue 22:30"),
        ("2026-06-05T08:00:00Z", "Fri 10:00"),
        ("2026-05-01T08:00:00Z", "1 May 10:00"),
        ("2025-05-01T08:00:00Z", "1 May 2025"),
        ("", "at an unknown time"),
        ("yesterday", "at an unknown time"),
        ("2026-06-03", "at an unknown time"),
    ],
)
def test_moments(text: str, words: str) -> None:
    assert moment(text, NOW) == words


ASKED = {"asked": "2026-06-03T08:00:00Z", "succeeded": "2026-06-03T08:00:00Z", "due": "2026-06-03T14:00:00Z"}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "not asked yet"),
        (ASKED | {"status": "fetched"}, "answered 10:00 · next 16:00, in 4 h"),
        (ASKED | {"status": "fetched", "due": ""}, "answered 10:00 · next at the next refresh"),
        (
            ASKED | {"status": "nothing-yet", "reason": "it is Sunday"},
            "answered 10:00 · next 16:00, in 4 h · it is Sunday",
        ),
        (
            {"asked": ASKED["asked"], "due": "2026-06-03T10:05:00Z", "status": "offline"},
            "next 12:05, in 5 min · offline when last asked",
        ),
        (ASKED | {"due": "2026-06-06T14:00:00Z"}, "answered 10:00 · next Sat 16:00, in 3 days"),
    ],
)
def test_how_a_source_that_is_well_stands(state: dict[str, str], words: str) -> None:
    one = Standing(BLOG, SourceState(BLOG.ref, **state))  # type: ignore[arg-type]
    assert rest(one, NOW) == words
    assert rest(replace(one, source=replace(BLOG, paused=True)), NOW).startswith("paused")


def test_how_a_failing_source_stands() -> None:
    state = SourceState(BLOG.ref, asked=ASKED["asked"], due=ASKED["due"], status="failed", failures=1)
    one = Standing(BLOG, state)
    assert trouble(one, NOW) == "failed once, last 10:00 · never answered · next try 16:00, in 4 h"
    assert why_not_now(one, NOW) == ""
    paused = Standing(replace(BLOG, paused=True), state)
    assert "paused" in why_not_now(paused, NOW)
    assert not paused.failing
    every = standings([LANGUAGE, paused.source, BLOG], {BLOG.ref: state})
    assert [standing.source for standing in every] == [BLOG, LANGUAGE, paused.source]
    assert heading(every) == "1 of 3 fails"


@pytest.mark.parametrize(
    ("text", "minutes", "words"),
    [
        ("90", 90, "every 90 minutes"),
        (" 1 min ", 1, "every minute"),
        ("6h", 360, "every 6 hours"),
        ("60", 60, "every hour"),
        ("1 Day", 1440, "every day"),
        ("2d", 2880, "every 2 days"),
        ("  ", None, "at its own pace"),
    ],
)
def test_paces(text: str, minutes: int | None, words: str) -> None:
    assert subscriptions.minutes(text) == minutes
    assert subscriptions.pace(minutes) == words


@pytest.mark.parametrize("text", ["0", "-1", "soon", "1.5h", "9999999", "400d", "1 week", "٣"])
def test_what_is_no_pace(text: str) -> None:
    with pytest.raises(PapersError):
        subscriptions.minutes(text)


def test_what_removing_says() -> None:
    assert removal("Blog", 0, 0) == "Remove Blog? It has no papers."
    assert "stay" in removal("Blog", 3, 0)
    assert "1 paper that nothing else" in removal("Blog", 3, 1)
