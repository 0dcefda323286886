"""Text that wants to act on the terminal, on every surface of the app and from every command."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.tallying import Tally
from tests.terminal import Start, copied, records, run, stray

from papers_tui.domain.marks import Change, Entry
from papers_tui.journal.line import encode

_BORDER = "─" * 40
"""What is between list and detail, as long as the detail has not the whole width."""

_OWN_HOSTILE = (
    "\x1b]52;c;ZXZpbA==\x07 into the clipboard",
    "\x1b[?1003l\x1b[?25h mouse and cursor",
    "\x1b_Gf=100;AAAA\x1b\\ a picture",
    "\x1b[21t says its own title",
    "\x9b31m red \x9d0;owned\x07 by C1",
    "\x1b[2J\x1b[H wiped",
    "one line\u2028another\u2029third\x85fourth",
    "\ud83d alone \udc00",
    "[@click=app.quit]quit[/] [/b] [bold]not bold[/bold]",
)
"""Titles (and all other texts) of our own papers; the last one is markup, which is to be read as it stands."""


@pytest.fixture
def hostile(shared: Path, tmp_path: Path) -> Path:
    """The home of a library in which every text of every paper is an attack, its source's name and tags too."""
    home = tmp_path / "hostile"
    samples = json.loads((shared / "hostile" / "files" / "term" / "all.hf.json").read_bytes())
    own = [_attack(number, text) for number, text in enumerate(_OWN_HOSTILE)]
    page = tmp_path / "\x1b]0;name\x07page\u202e.json"
    page.write_text(json.dumps(samples + own), encoding="utf-8")
    run(home, "import", str(page))
    ids = run(home, "list", "--format", "ids").split()
    run(home, "mark", *ids, "--note", "\x1b[6n\x1b]2;note\x07\ttabbed", "--tag", "\x1b[31mred\u202e")
    (home / "config" / "config.toml").write_text('read_after = 0\nrefresh = "manual"\n', encoding="utf-8")
    return home


def _attack(number: int, text: str) -> dict[str, Any]:
    paper = {
        "id": f"2507.{number:05}",
        "title": text,
        "summary": f"{text} {text}\n\n{text}",
        "authors": [{"name": text}],
        "publishedAt": f"2025-07-{number + 1:02}T00:00:00.000Z",
        "ai_summary": text,
        "ai_keywords": [text],
        "githubRepo": f"https://github.com/a/{text}",
    }
    return {"paper": paper, "title": text, "summary": text, "organization": {"name": text, "fullname": text}}


def test_text_from_outside_never_acts_on_the_terminal(hostile: Path, start: Start) -> None:
    terminal = start(hostile, (120, 40))
    terminal.wait("Inbox 1/")
    many = len(records(hostile))
    terminal.wait(f"Inbox 1/{many}", "[@click=app.quit]quit[/] [/b] [bold]not bold[/bold]")
    for place in range(1, many + 1):
        if place > 1:
            terminal.press("j", f"Inbox {place}/{many}")
        if place % 3 == 1:
            terminal.press("\r", without=_BORDER)
            terminal.press("q", f"Inbox {place}/{many}", _BORDER)
        if place % 12 == 1:
            terminal.press("t", "Tags ·", "Enter saves")
            terminal.press("\x1b", f"Inbox {place}/{many}", without="Enter saves")
            terminal.press("i", "Esc saves")
            terminal.press("\x1b", f"Inbox {place}/{many}", without="Esc saves")
    terminal.press("gg", f"Inbox 1/{many}")
    for place in range(2, 12):
        terminal.press("s", f"Inbox {place}/{many}", "starred")
    terminal.type("]" * 20)
    terminal.press("u", "undone")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []
    assert stray(bytes(terminal.written)) == []


@pytest.mark.parametrize("arguments", [("list",), ("list", "--format", "jsonl"), ("show",)], ids="-".join)
def test_command_line_never_lets_text_act_on_the_terminal(
    hostile: Path, start: Start, arguments: tuple[str, ...]
) -> None:
    ids = run(hostile, "list", "--format", "ids").split() if arguments == ("show",) else [""]
    for identifier in ids[-12:]:
        terminal = start(hostile, (120, 40), *arguments, *filter(None, [identifier]))
        assert terminal.end() == 0
        assert b"clipboard" in terminal.written or identifier
        assert stray(bytes(terminal.written)) == []


def test_message_about_a_hostile_file_name_is_harmless(tmp_path: Path, start: Start) -> None:
    page = tmp_path / "\x1b]0;name\x07page\x9b2J"
    page.write_bytes(b"nothing")
    terminal = start(tmp_path / "home", (80, 24), "import", str(page), str(page) + "\x1b[2Jmissing")
    assert terminal.end() == 2
    assert b"skipped" in terminal.written
    assert stray(bytes(terminal.written)) == []


# What nobody cleaned on the way in

PAYLOADS = (
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]1337;File=name=AAAA:AAAA\x07",
    "\x1b]10;?\x07",
    "\x1bP$qm\x1b\\",
    "\x1b_Ga=T,i=1;AAAA\x1b\\",
    "\x1b[31m\x1b[2J\x1b[H",
    "\x1b[?1049l\x1b[?1003h",
    "\x1b[6n\x1b[21t\x1b[c",
    "\x1bc",
    "\x9b31m\x9b2J",
    "\x9d0;owned\x9c",
    "\x90$qm\x9c",
    "\x07\x08\x08\x08\x05\x0e\x0f",
    "safe\runsafe",
    "one\ntwo\x0b\x0c",
    "\x7f\x00\x1a\x18",
    "\u202e\u2066\u200f\u061c",
    "\u200b\u2060\ufeff\xad",
    "\u2028\u2029\x85",
    "\U000e0041\U000e007f",
    "\x1b",
    "[@click=app.quit]x[/] [/b] [link=file:///etc/passwd]y",
)
_SEED = re.compile("zq([0-9]{2})zq")
"""Stands for a payload in what is brought in by the front door, until the files hold the payload itself."""


def seeds() -> Iterator[str]:
    return (f"zq{number:02}zq" for number in range(len(PAYLOADS)))


def sprout(text: str) -> str:
    return _SEED.sub(lambda found: PAYLOADS[int(found[1])], text)


@pytest.fixture
def overgrown(wilderness: Path, tmp_path: Path) -> Path:
    """A home whose cache, journal and lists hold payloads as they are, as if nothing had ever been cleaned."""
    return shutil.copytree(wilderness, tmp_path / "overgrown")


@pytest.fixture(scope="module")
def wilderness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What each test has a copy of."""
    home = tmp_path_factory.mktemp("wilderness")
    papers = tmp_path_factory.mktemp("papers") / "zq00zq.jsonl"
    with papers.open("w") as file:
        for number, seed in enumerate(seeds()):
            record = {
                "id": f"arxiv:2507.{number:05}",
                "title": f"{seed}Paper {number}{seed}",
                "authors": [f"Ada {seed} Author", f"{seed}Bob"],
                "abstract": f"About {seed} it.\n\nMore {seed} of it, https://github.com/ada/{number}",
                "published": "2025-07-01",
                "categories": ["cs.CL"],
                "organization": {"name": f"lab{number}", "fullname": f"Lab {seed}"},
            }
            file.write(json.dumps(record) + "\n")
    run(home, "import", str(papers))
    (home / "config" / "config.toml").write_text('read_after = 0\nrefresh = "manual"\n')
    for seed in seeds():
        run(home, "mark", "--tag", f"tag {seed}", f"arxiv:2507.{int(seed[2:4]):05}", "--note", f"note {seed}")
        if int(seed[2:4]) == 3:
            break
    _overgrow(home)
    return home


def _overgrow(home: Path) -> None:
    (cache,) = (home / "cache").glob("*.sqlite3")
    with closing(sqlite3.connect(cache)) as db:
        db.create_function("sprout", 1, _sprouted)
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
            if table.startswith(("sqlite_", "search", "titles")):
                continue
            for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                if kind == "TEXT":
                    db.execute(f"UPDATE {table} SET {name}=sprout({name}) WHERE instr({name}, 'zq')")
        db.commit()
        assert db.total_changes > 2 * len(PAYLOADS), "there is nothing to see"
    entries = [
        Entry(
            "other-0", number + 1, (1_800_000_000_000 + number, 0), "tag",
            (Change(((f"arxiv:2507.{number:05}",),), (("tag:" + payload, True), ("note", payload)), ()),),
        )
        for number, payload in enumerate(PAYLOADS)
        if "\ud800" not in payload
    ]  # fmt: skip
    (home / "data" / "journal" / "other-0.jsonl").write_bytes(b"".join(map(encode, entries)))
    texts = ["".join(f"\\U{ord(sign):08x}" for sign in payload) for payload in PAYLOADS]
    tables = {
        "sources": "[[source]]\nname = \"Source {n} {text}\"\nkind = 'feed'\naddress = 'https://{n}.example/'\n",
        "views": '[[view]]\nname = "View {n} {text}"\nquery = "title:paper"\n',
        "rules": '[[rules]]\nname = "Rule {n} {text}"\nwhen = "title:{n}"\ndo = ["tag:{text}"]\n',
        "authors": '[[author]]\nname = "Ada {text}"\n',
    }
    for name, table in tables.items():
        text = "".join(table.replace("{n}", str(n)).replace("{text}", text) for n, text in enumerate(texts))
        (home / "config" / f"{name}.toml").write_text(text)


def _sprouted(text: str) -> str:
    """With payloads in place of their seeds; in a JSON text as JSON has them."""
    if text[:1] in ("{", "["):
        return _SEED.sub(lambda found: json.dumps(PAYLOADS[int(found[1])])[1:-1], text)
    return sprout(text)


OVERLAYS = {
    **dict.fromkeys(
        ("D", ":star author:ada", "\\", "V", "a", "f", "F", "w", "e", "|", "]]]M"), "Esc cancels"
    ),
    "!": "Source 24",
    "t": "Enter saves",
    "tta": "Enter saves",
    "i": "Esc saves",
    "?": "Esc closes",
    "\x10paper": "🔎",
}
"""Keys that bring something over the list, and what is on the screen as long as it is there."""

ACTS = {"yt": "copied", "s": "starred", "ym": "copied", "u": "undone", "yb": "BibTeX", "Z": "", "zz": ""}
"""Keys that do something, and what the status line says of it: never what it said of the ones before."""


def test_no_surface_of_the_app_lets_it_through(overgrown: Path, start: Start, tally: Tally) -> None:
    terminal = start(overgrown, (140, 40))
    terminal.wait("Inbox 1/25", "Paper")
    for place in range(1, 26):
        terminal.press("j" * (place > 1), f"Inbox {place}/25")
        terminal.press("\r", without=_BORDER)
        terminal.press("q", f"Inbox {place}/25", _BORDER)
    for keys, shown in OVERLAYS.items():
        terminal.press(keys, shown)
        terminal.press("\x1b", "? help", without=shown)
    for keys, shown in ACTS.items():
        terminal.press(keys, shown)
    terminal.press("/", " /")
    terminal.press("title:paper", "/ title:paper")
    terminal.type("\x1b")
    terminal.type("]" * 60)
    terminal.press("/", "All")
    assert stray(bytes(terminal.written)) == []
    assert not any(stray(text.encode()) for text in copied(bytes(terminal.written)))
    tally("hostile inputs", len(PAYLOADS) * (2 + len(OVERLAYS) + len(ACTS)))


def test_what_is_pasted_is_harmless_too(overgrown: Path, start: Start, tally: Tally) -> None:
    terminal = start(overgrown, (140, 40))
    terminal.wait("Inbox 1/25", "Paper")
    # A terminal takes escapes out of a paste itself, and a prompt has only the first line of it.
    pasted = "".join("".join(PAYLOADS).replace("\x1b", "\u241b").splitlines())
    for keys in "a:V":
        terminal.press(keys, "Esc cancels")
        terminal.paste(pasted)
        terminal.press("", "]0;owned␛")
        terminal.press("\x1b", "? help", without="Esc cancels")
    terminal.press("t", "Enter saves")
    terminal.paste(pasted)
    terminal.press("", "[@click=app")
    terminal.press("\r", "tagged", without="Enter saves")
    assert stray(bytes(terminal.written)) == []
    tally("hostile inputs", len(PAYLOADS) * 4)


COMMANDS_SHOWN = (
    ("list",),
    ("list", "--format", "jsonl"),
    ("show", "arxiv:2507.00001"),
    ("export", "is:unread", "--format", "markdown", "-o", "-"),
    ("export", "is:unread", "--format", "bibtex", "-o", "-"),
    ("export", "is:unread", "--format", "jsonl", "-o", "-"),
    ("source", "list"),
    ("source", "list", "--json"),
    ("source", "list", "--opml"),
    ("source", "pause", "Source 2"),
    ("source", "remove", "Source 3"),
    ("view", "list"),
    ("rule", "list"),
    ("tag", "list"),
    ("doctor",),
    ("doctor", "--json"),
    ("undo",),
    ("refresh", "--json", "Source 4"),
)


@pytest.mark.parametrize("arguments", COMMANDS_SHOWN, ids=" ".join)
def test_no_command_lets_it_through(
    overgrown: Path, start: Start, tally: Tally, arguments: tuple[str, ...]
) -> None:
    terminal = start(overgrown, (120, 40), *arguments, https_proxy="http://127.0.0.1:9")
    assert terminal.end() in (0, 1, 2, 3, 75)
    assert terminal.written
    assert b"bug" not in terminal.written
    assert stray(bytes(terminal.written)) == []
    tally("hostile inputs", len(PAYLOADS))


@pytest.mark.parametrize(
    "arguments",
    [
        ("{}",),
        ("--{}",),
        ("list", "title:{}"),
        ("list", "--{}"),
        ("list", "--sort", "{}"),
        ("show", "{}"),
        ("mark", "{}", "--star"),
        ("open", "{}"),
        ("import", "{}"),
        ("export", "is:starred", "-o", "/nowhere/{}"),
        ("source", "add", "{}"),
        ("source", "remove", "{}"),
        ("view", "add", "{}", "title:{}"),
        ("view", "remove", "{}"),
        ("rule", "add", "title:{}", "--tag", "{}"),
        ("tag", "rename", "{}", "x"),
        ("refresh", "{}"),
        ("refresh", "--paper", "{}"),
        ("doctor", "{}"),
    ],
    ids=" ".join,
)
def test_no_message_repeats_what_would_act(
    tmp_path: Path, start: Start, tally: Tally, arguments: tuple[str, ...]
) -> None:
    everything = "".join(payload for payload in PAYLOADS if "\0" not in payload)
    terminal = start(
        tmp_path / "home", (80, 24), *(argument.replace("{}", everything) for argument in arguments)
    )
    assert terminal.end() in (0, 1, 2, 3)
    assert b"this is a bug" not in terminal.written
    assert stray(bytes(terminal.written)) == []
    tally("hostile inputs", len(PAYLOADS))
