"""What was told in confidence, and where it must not turn up: a token of a feed's address, and HF_TOKEN."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from tests.services.server import Asked, Reply, Server
from tests.tallying import Tally
from tests.ui.desk import sitting

from papers_tui.cli import main
from papers_tui.cli.log import keep_traceback
from papers_tui.paths import Paths
from papers_tui.refresh import refresher

TOKEN = "hf_tidesAndClocks0123456789"
WORD = "s3cretOfTheLab"
RSS = """<rss version="2.0"><channel><title>Lab</title><link></link>
<item><title>Tides</title><guid isPermaLink="false">1</guid><description>By a guid.</description></item>
<item><title>Clocks</title><link></link><description>By an empty link.</description></item>
<item><title>Waves</title><link>?page=2</link><description>By a relative link.</description></item>
<item><title>Sands</title><guid>#4</guid><description>By <a href="">nothing</a> at all.</description></item>
</channel></rss>"""


def reply(asked: Asked) -> Reply:
    if f"token={WORD}" not in asked.target:
        return Reply(403, f"no rights for {WORD}".encode(), {"Content-Type": "text/plain"})
    return Reply(200, RSS.encode(), {"Content-Type": "application/rss+xml"})


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(reply) as found:
        yield found


Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the program in this process; all that it says, whichever way it ends."""

    def run(*argv: str) -> str:
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        main(argv)
        said = "".join(capsys.readouterr())
        assert "this is a bug" not in said
        return said

    return run


@pytest.fixture
def follower(home: Paths, server: Server, run: Run) -> Paths:
    """A home that follows two feeds under a secret address, one of which refuses, and has asked them."""
    _follow(home, Lab=server.url(f"/feed?token={WORD}"), Shut=server.url(f"/shut?key={WORD}"))
    run("refresh")
    return home


def _follow(home: Paths, **addresses: str) -> None:
    tables = (
        f"[[source]]\nname = '{name}'\nkind = 'feed'\naddress = '{address}'\n"
        for name, address in addresses.items()
    )
    home.sources_file.write_text("".join(tables))


def kept(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


# Asking


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["words", "json"])
def test_a_refresh_tells_none(follower: Paths, run: Run, form: tuple[str, ...]) -> None:
    said = run("refresh", "--force", *form)
    assert "403" in said
    assert not follower.log_file.exists()
    assert WORD not in said


def test_nothing_is_in_the_logs(follower: Paths) -> None:
    found = kept(follower.log)
    assert found
    assert WORD.encode() not in found


def test_another_origin_is_told_nothing(home: Paths, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers_tui.sources.http.address.is_public", lambda _: True)
    monkeypatch.setattr("papers_tui.sources.http.connecting.is_public", lambda _: True)
    with Server(lambda _: Reply(200, RSS.encode())) as other:
        moved = {"Location": other.url("/feed")}
        with Server(lambda _: Reply(302, headers=moved)) as server:
            _follow(home, Lab=server.url(f"/feed?token={WORD}"))
            assert "1" in run("refresh", "--json")
        assert other.requests
        for asked in other.requests:
            told = f"{asked.target} {asked.headers}"
            assert WORD not in told
            assert TOKEN not in told
            assert "referer" not in asked.headers


# What is taken out


@pytest.mark.parametrize(
    ("argv", "shown"),
    [
        (("list", "--format", "jsonl"), '"title": "Tides"'),
        (("list", "--format", "ids"), "guid:"),
        (("list",), "Tides"),
        (("export", "is:unread", "--format", "markdown", "-o", "-"), "Tides"),
        (("export", "is:unread", "--format", "bibtex", "-o", "-"), "Tides"),
        (("export", "is:unread", "--format", "jsonl", "-o", "-"), '"title": "Tides"'),
        (("source", "list"), "/feed?token=…"),
        (("source", "list", "--json"), "/feed?token=…"),
        (
            ("source", "list", "--opml"),
            "left out, since their addresses hold a password or a token: Lab, Shut",
        ),
        (("source", "remove", "Lab"), "removed: Lab"),
        (("source", "check", "Shut"), "/shut?key=…"),
        (("source", "check", "--json", "Lab"), "/feed?token=…"),
        (("doctor",), "Shut: failed once: 127.0.0.1 answered 403"),
        (("doctor", "--json"), "127.0.0.1 answered 403"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.usefixtures("follower")
def test_no_command_prints_one(run: Run, tally: Tally, argv: tuple[str, ...], shown: str) -> None:
    tally("hostile inputs")
    said = run(*argv)
    assert shown in said
    assert WORD not in said
    assert TOKEN not in said


def test_a_folder_of_notes_holds_none_in_names_or_text(follower: Paths, run: Run, tmp_path: Path) -> None:
    run("export", "is:unread", "-o", f"{tmp_path / 'notes'}/")
    files = list((tmp_path / "notes").iterdir())
    assert len(files) == 4
    assert not [path for path in files if WORD in path.name]
    assert WORD.encode() not in kept(tmp_path / "notes")
    assert follower.data.exists()


def test_the_journal_holds_none(follower: Paths, run: Run) -> None:
    ids = run("list", "--format", "ids").split()
    run("mark", *ids, "--star")
    assert b"Tides" in kept(follower.journal)
    assert WORD.encode() not in kept(follower.journal)


# Bugs


def _bug(secret: str) -> NoReturn:
    raise ZeroDivisionError(f"at https://lab.example/feed?token={WORD} with {secret}")


def test_a_traceback_in_the_log_holds_none(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    try:
        _bug(TOKEN)
    except ZeroDivisionError:
        keep_traceback(home.log_file, traceback.format_exc())
    text = home.log_file.read_text()
    assert "ZeroDivisionError: at https://lab.example/feed?token=… with …" in text
    assert WORD not in text
    assert TOKEN not in text


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_bug_on_the_command_line_tells_none(
    home: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], debug: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setenv("PAPERS_TUI_DEBUG", debug)
    monkeypatch.setattr("papers_tui.cli.places.run", lambda *_: _bug(TOKEN))
    assert main(["paths"]) == 1
    said = capsys.readouterr().err + home.log_file.read_text()
    assert "ZeroDivisionError" in said
    assert WORD not in said
    assert TOKEN not in said


def test_a_bug_over_a_source_tells_none(
    home: Paths, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fetch(job: Any) -> NoReturn:
        _bug(job.headers["Authorization"])

    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setitem(refresher.FETCH, "feed", fetch)
    _follow(home, Lab=server.url(f"/feed?token={WORD}"))
    assert main(["refresh", "--json"]) == 3
    said = "".join(capsys.readouterr()) + home.log_file.read_text()
    assert "ZeroDivisionError" in said
    assert WORD not in said
    assert TOKEN not in said


async def test_a_bug_of_the_app_tells_none(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)

    async def fall() -> None:
        async with sitting(home) as desk:
            desk.app.call_later(_bug, TOKEN)
            await desk.pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await fall()
    text = home.log_file.read_text()
    assert "ZeroDivisionError" in text
    assert WORD not in text
    assert TOKEN not in text


def test_the_app_adds_a_source_with_its_secret(run: Run, server: Server) -> None:
    found = json.loads(
        run("source", "check", "--json", "--with-secrets", "--", server.url(f"/feed?token={WORD}"))
    )
    assert found["address"] == server.url(f"/feed?token={WORD}")
