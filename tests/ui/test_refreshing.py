"""The app has its sources asked: what comes in, what goes wrong, and what stays where it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from papers_tui.config import Config
from papers_tui.domain.sources import DAILY_PAPERS, Source, SourceState
from papers_tui.paths import Paths
from papers_tui.session import Session, load, save
from papers_tui.store.views import Counted, Counts
from papers_tui.ui.following import Following
from papers_tui.ui.views import entries

from .desk import Desk, deliberate, fill, paper, sitting
from .refresher import Refresher, Step, brought, done, tell

AUTO = Config(read_after=0)
"""Settings under which sources that are due are asked by themselves."""

Plan = Callable[..., Refresher]


@pytest.fixture
def plan(home: Paths, tmp_path: Path) -> Plan:
    def planned(*steps: Step) -> Refresher:
        return Refresher(tmp_path, home, steps)

    return planned


def _bottom(desk: Desk) -> str:
    return desk.screen_lines()[-1]


# A new library


async def test_a_new_library_fetches_and_shows_what_came_until_a_hand_is_laid_on_it(
    home: Paths, plan: Plan, tmp_path: Path
) -> None:
    gates = [tmp_path / name for name in ("first", "second", "third")]
    refresher = plan(
        ("wait", str(gates[0])), *brought("Daily Papers", 1, 2),
        ("wait", str(gates[1])), *brought("Daily Papers", 3),
        ("wait", str(gates[2])), *brought("Daily Papers", 4, 5),
        done(5),
    )  # fmt: skip
    async with sitting(home, config=AUTO, refresher=refresher.command) as desk:
        await desk.until(lambda: "Fetching Daily Papers" in desk.screen_text())
        gates[0].touch()
        await desk.until(lambda: len(desk.papers.ids) == 2)
        gates[1].touch()
        await desk.until(lambda: len(desk.papers.ids) == 3)
        await desk.press("j")
        under = desk.papers.current
        gates[2].touch()
        await desk.until(lambda: "2 new · r" in _bottom(desk))
        assert (len(desk.papers.ids), desk.papers.current) == (3, under)
        await desk.press("r")
        assert (len(desk.papers.ids), desk.papers.current) == (5, under)
        assert desk.said == "listed anew, with 2 new papers"
        assert "new · r" not in _bottom(desk)
    assert refresher.asked == [""]


async def test_papers_that_come_in_leave_a_filter_alone_that_has_found_nothing_yet(
    home: Paths, plan: Plan, tmp_path: Path
) -> None:
    fill(home, [paper(1)])
    gate = tmp_path / "gate"
    refresher = plan(("wait", str(gate)), *brought("Daily Papers", 1, 2), done(2))
    async with sitting(home, refresher=refresher.command) as desk:
        await desk.press("R", "/")
        await desk.write("zebra")
        await desk.until(lambda: "Nothing found." in desk.screen_text())
        gate.touch()
        await desk.until(lambda: desk.app.main._newer == 2)
        assert "Nothing found." in desk.screen_text()
        await desk.press("escape")
        assert desk.listed == [1]


async def test_a_new_library_that_can_fetch_nothing_says_why_and_offers_samples(
    home: Paths, plan: Plan
) -> None:
    refresher = plan(
        ("state", ["Daily Papers", "daily-papers", "", "failed", "huggingface.co answers 503"]),
        tell("source", source="Daily Papers", status="failed", new=0, changed=0, reason="huggingface.co answers 503"),
        done(failed=1),
    )  # fmt: skip
    async with sitting(home, config=AUTO, refresher=refresher.command) as desk:
        await desk.until(lambda: "Daily Papers: huggingface.co answers 503" in desk.screen_text())
        assert "! 1 failing" in _bottom(desk)
        assert "look at 32 sample papers" in desk.screen_text()
        await desk.press("enter")
        await desk.until(lambda: desk.app.sampling and len(desk.papers.ids) == 32)


async def test_without_a_network_the_machine_is_offline_and_no_source_is_blamed(
    home: Paths, plan: Plan
) -> None:
    refresher = plan(
        ("state", ["Daily Papers", "daily-papers", "", "offline", "there is no network"]),
        tell("source", source="Daily Papers", status="offline", new=0, changed=0),
        done(offline=True),
    )
    async with sitting(home, config=AUTO, refresher=refresher.command) as desk:
        await desk.until(lambda: "seems to be offline" in desk.screen_text())
        assert "offline" in _bottom(desk)
        assert "failing" not in _bottom(desk)
        await desk.press("R")
        await desk.until(lambda: desk.said == "nothing could be reached: this machine seems to be offline")


async def test_papers_that_come_in_over_the_samples_are_told_and_wait(
    home: Paths, plan: Plan, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    refresher = plan(("wait", str(gate)), *brought("Daily Papers", 1), done(1))
    async with sitting(home, config=AUTO, refresher=refresher.command, sample=True) as desk:
        gate.touch()
        await desk.until(lambda: desk.said.startswith("papers came in"))
        assert desk.app.sampling
        await desk.until(lambda: not desk.app._following.running)
        await desk.press("r")
        await desk.until(lambda: not desk.app.sampling and len(desk.papers.ids) == 1)


# Asking


async def test_by_hand_alone_means_that_nothing_is_asked_by_itself(home: Paths, plan: Plan) -> None:
    fill(home, [paper(1)])
    refresher = plan(done())
    async with sitting(home, refresher=refresher.command) as desk:
        await desk.press("r")
        assert refresher.asked == []
        await desk.press("R")
        await desk.until(lambda: desk.said == "nothing new")
        assert refresher.asked == ["--force"]


async def test_a_view_of_a_source_asks_that_source_and_a_paper_its_services(home: Paths, plan: Plan) -> None:
    home.sources_file.write_text('[[source]]\nname = "cs.CL"\nkind = "arxiv"\naddress = "cs.CL"\n')
    fill(home, [paper(1)])
    refresher = plan(
        tell("source", source="x", status="refused", new=0, changed=0, reason="wait"), done(failed=1)
    )
    async with sitting(home, refresher=refresher.command) as desk:
        await desk.press("E")
        await desk.until(lambda: desk.said == "x: wait")
        entry = next(e for e in desk.sidebar.views if e.view and e.view.key == "source:cs.CL")
        assert entry.view
        desk.app.main.open_view(entry.view)
        await desk.press("r")
        await desk.until(lambda: len(refresher.asked) == 2)
        await desk.until(lambda: not desk.app._following.running)
    assert refresher.asked == ["--paper arxiv:2506.00001", "cs.CL --force"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [(2, "looked up: what is new stands in the detail"), (0, "looked up: nothing more is known")],
)
async def test_what_looking_a_paper_up_came_to_is_said(
    home: Paths, plan: Plan, changed: int, said: str
) -> None:
    fill(home, [paper(1)])
    answers = (tell("source", source=name, status="fetched", new=0, changed=0) for name in ("arXiv", "hub"))
    refresher = plan(*answers, tell("done", new=0, changed=changed, failed=0))
    async with sitting(home, refresher=refresher.command) as desk:
        await desk.press("E")
        await desk.until(lambda: desk.said == said)


async def test_one_refresh_at_a_time_and_its_progress_is_seen(
    home: Paths, plan: Plan, tmp_path: Path
) -> None:
    fill(home, [paper(1)])
    gate = tmp_path / "gate"
    refresher = plan(
        tell("progress", done=0, total=3, source="cs.CL", detail="today's announcement"),
        ("wait", str(gate)),
        done(),
    )
    async with sitting(home, refresher=refresher.command) as desk:
        await desk.press("R")
        await desk.until(lambda: "1/3 · cs.CL: today's announcement" in _bottom(desk))
        await desk.press("R")
        assert desk.said == "a refresh is running already"
        gate.touch()
        await desk.until(lambda: desk.said == "nothing new")
        assert "1/3" not in _bottom(desk)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((("end", 75),), "another refresh is running"),
        ((("end", 1),), "the refresh ended too early (exit code 1)"),
        ((("tell", "no event"), done(2)), "2 new papers"),
        ((done(1, failed=2), ("end", 3)), "1 new paper"),
        (
            (
                *(
                    tell("source", source=name, status="failed", new=0, changed=0, reason="no")
                    for name in "ab"
                ),
                done(failed=2),
            ),
            "2 sources failed",
        ),
        (
            (
                tell("source", source="a", status="refused", new=0, changed=0, reason="later"),
                tell("source", source="b", status="unchanged", new=0, changed=0),
                done(failed=1),
            ),
            "a: later · nothing new from the others",
        ),
    ],
)
async def test_what_a_refresh_came_to_is_said(
    home: Paths, plan: Plan, steps: tuple[Step, ...], said: str
) -> None:
    fill(home, [paper(1)])
    async with sitting(home, refresher=plan(*steps).command) as desk:
        await desk.press("R")
        await desk.until(lambda: desk.said == said)


async def test_a_program_that_cannot_be_started_is_told(home: Paths) -> None:
    fill(home, [paper(1)])
    async with sitting(home, refresher=("/nowhere/papers-tui",)) as desk:
        await desk.press("R")
        await desk.until(lambda: desk.said.startswith("a refresh can't be started: No such file"))


async def test_quitting_ends_the_refresh(home: Paths, plan: Plan, tmp_path: Path) -> None:
    fill(home, [paper(1)])
    refresher = plan(("wait", str(tmp_path / "never")), done())
    async with sitting(home, refresher=refresher.command) as desk:
        await desk.press("R")
        await desk.until(lambda: refresher.asked)
        await desk.press("q")
    assert desk.app._exit is True


async def test_a_demo_asks_nobody(home: Paths, plan: Plan) -> None:
    refresher = plan(done())
    async with sitting(home, config=AUTO, refresher=refresher.command, demo=True) as desk:
        await desk.press("R")
        assert desk.said.startswith("a demo asks nobody")
    assert refresher.asked == []


# After days away


async def test_after_days_away_what_came_in_is_summed_up_and_can_be_dismissed_at_once(
    home: Paths, plan: Plan
) -> None:
    lines = "".join(
        json.dumps(paper(n, edition="2025-05-30" if n < 3 else "2025-05-29")) + "\n" for n in range(1, 6)
    )
    from .desk import fill_from

    fill_from(home, lines.encode(), name="papers.jsonl")
    save(home.session_file, Session(opened="2025-01-01T00:00:00Z"))
    async with sitting(home, refresher=plan(done()).command) as desk:
        await desk.until(lambda: desk.said.startswith("5 new papers since Wed 1 Jan"))
        assert "Fri 30 May 2, Thu 29 May 3, papers.jsonl 5 · C dismisses" in desk.said
        await desk.press("C")
        assert "Dismiss 3 unread papers" in desk.screen_text()
        await desk.press("y")
        assert deliberate(home) == ["dismiss"]
        assert [desk.state(number).dismissed for number in range(1, 6)] == [False, False, True, True, True]
        await desk.press("u")
        assert not any(desk.state(number).dismissed for number in range(1, 6))
        await desk.press("/")
        await desk.write('"Paper 4"')
        await desk.until(lambda: desk.listed == [4])
        await desk.press("enter", "V")
        await desk.write("Mine")
        await desk.press("enter", "C", "y")
        assert [desk.state(number).dismissed for number in range(1, 6)] == [False, False, True, False, True]
    assert load(home.session_file).opened > "2026"


async def test_who_was_here_this_morning_is_told_nothing(home: Paths) -> None:
    fill(home, [paper(1)])
    save(home.session_file, Session(opened=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"))
    async with sitting(home) as desk:
        await desk.settle()
        assert desk.said == ""
        await desk.press("C")
        assert desk.said.startswith("nothing came in")


# What the sidebar says


def _counts(**labels: tuple[Counted, ...]) -> Counts:
    every = {kind: labels.get(kind, ()) for kind in ("edition", "source", "tag", "cat", "org", "topic")}
    return Counts(dict.fromkeys(("inbox", "starred", "later", "all", "dismissed"), (1, 1)), every)


def test_sources_stand_in_their_own_order_by_tag_and_trouble_is_marked() -> None:
    blog, arxiv = Source("Blog", "feed", "https://x.org", ("reading",)), Source("cs.CL", "arxiv", "cs.CL")
    quiet = Source("Quiet", "feed", "https://y.org", paused=True)
    following = Following(
        (blog, arxiv, quiet, DAILY_PAPERS),
        {
            blog.ref: SourceState(blog.ref, status="failed"),
            quiet.ref: SourceState(quiet.ref, status="failed"),
        },
    )
    counts = _counts(source=(Counted("source", "page.html", 9, 2), Counted("source", "cs.CL", 5, 3)))
    listed = [
        entry for entry in entries(counts, following) if entry.view is None or entry.view.key[:7] == "source:"
    ]
    start = next(place for place, entry in enumerate(listed) if entry.title == "Sources")
    assert [(e.title, e.count, e.trouble) for e in listed[start + 1 :]] == [
        ("cs.CL", "3", False),
        ("Quiet", "paused", False),
        ("Daily Papers", "", False),
        ("· reading", "", False),
        ("Blog", "", True),
        ("page.html", "2", False),
    ]


@pytest.mark.parametrize(
    ("empty", "asked", "editions", "shown"),
    [
        (["2026-11-20"], "2026-11-20T06:00:00Z", ("2026-11-19",), True),
        (["2026-11-20"], "2026-11-21T06:00:00Z", ("2026-11-19",), False),
        (["2026-11-20"], "2026-11-20T06:00:00Z", ("2026-11-20",), False),
        ([], "2026-11-20T06:00:00Z", (), False),
    ],
)
def test_an_edition_that_is_not_open_yet_says_so(
    empty: list[str], asked: str, editions: tuple[str, ...], shown: bool
) -> None:
    state = SourceState(DAILY_PAPERS.ref, asked=asked, notes={"empty": dict.fromkeys(empty, asked)})
    labels = tuple(Counted("edition", day, 5, 0) for day in editions)
    found = entries(_counts(edition=labels), Following((DAILY_PAPERS,), {DAILY_PAPERS.ref: state}))
    counts = {entry.view.key: entry.count for entry in found if entry.view}
    assert (counts.get("edition:2026-11-20") == "not yet") is shown
    assert all(counts[f"edition:{day}"] == "5 done" for day in editions)


@pytest.mark.parametrize(
    ("state", "manual", "due"),
    [
        (None, False, True),
        (None, True, False),
        (SourceState("feed:x", due="2026-11-20T06:00:00Z"), False, True),
        (SourceState("feed:x", due="2026-11-20T08:00:00Z"), False, False),
    ],
)
def test_a_source_is_due_at_its_time(state: SourceState | None, manual: bool, due: bool) -> None:
    source = Source("x", "feed", "x")
    following = Following((source,), {source.ref: state} if state else {}, manual=manual)
    assert following.due("2026-11-20T07:00:00Z") is due
