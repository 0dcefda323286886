"""What the user follows: what a person types for it, the file it is kept in, and that no change to it is lost."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers_tui.domain.categories import CATEGORIES
from papers_tui.domain.errors import FeedError, PapersError
from papers_tui.domain.sources import DAILY_PAPERS, Source
from papers_tui.subscriptions import (
    added,
    default_name,
    edit,
    joined,
    load,
    named,
    normalised,
    paused,
    removed,
    renamed,
    retagged,
    source_from,
    sources_of,
)

BLOG = Source("Blog", "feed", "https://blog.example/feed", ("lab", "blog"), 90, True)
CATS = Source("Language", "arxiv", "cs.CL+cs.LG")
WEEK = Source("Week", "daily-papers", "week", every=1440)
THREE = (CATS, BLOG, WEEK)
FUNCTION_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sources.toml"


def save(file: Path, sources: Iterable[Source]) -> None:
    file.unlink(missing_ok=True)
    edit(file, lambda _: tuple(sources))


def loaded(file: Path, text: str) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    file.write_text(text, "utf-8")
    return load(file)


def typed(text: str, home: Path = Path("/nowhere")) -> tuple[str, str]:
    source = source_from(text, home=home)
    return source.kind, source.address


def refusal(text: str) -> str:
    with pytest.raises(PapersError) as error:
        source_from(text, home=Path("/nowhere"))
    return str(error.value)


# What a person types


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("cs.CL", "cs.CL"),
        ("  CS.cl ", "cs.CL"),
        ("cs.CL, cs.LG", "cs.CL+cs.LG"),
        ("cs.CL cs.LG cs.CL", "cs.CL+cs.LG"),
        ("arxiv:cs.CL+cs.LG", "cs.CL+cs.LG"),
        ("arXiv: math", "math"),
        ("hep-th", "hep-th"),
        ("https://arxiv.org/list/cs.CL/recent", "cs.CL"),
        ("arxiv.org/list/cs.CL/new", "cs.CL"),
        ("https://rss.arxiv.org/rss/cs.CL+cs.LG", "cs.CL+cs.LG"),
        ("http://export.arxiv.org/rss/math.CO", "math.CO"),
        ("https://rss.arxiv.org/atom/cs.CL%2Bcs.LG", "cs.CL+cs.LG"),
        ("arxiv:search?author=Hinton&category=cs.lg", "search?author=Hinton&category=cs.LG"),
        ("search?au=Hinton", "search?author=Hinton"),
        ("author:Hinton", "search?author=Hinton"),
        ('author:"Yann LeCun"', "search?author=Yann+LeCun"),
        ("author: Yann LeCun", "search?author=Yann+LeCun"),
        ("arxiv:author:Hinton", "search?author=Hinton"),
        ("author:Émile Borel", "search?author=%C3%89mile+Borel"),
        ("title:attention is all", "search?title=attention+is+all"),
        ("arxiv:math reasoning", "search?all=math+reasoning"),
        ("arxiv:all:transformers", "search?all=transformers"),
    ],
)
def test_what_names_a_source_of_arxiv(text: str, address: str) -> None:
    assert typed(text) == ("arxiv", address)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("daily-papers", ""),
        ("Daily Papers", ""),
        ("daily", ""),
        ("hf:daily", ""),
        ("daily-papers:", ""),
        ("week", "week"),
        ("Month", "month"),
        ("trending", "trending"),
        ("hf:trending", "trending"),
        ("daily:search:tool use", "search:tool use"),
        ("hf:search:agents", "search:agents"),
        ("https://huggingface.co/papers", ""),
        ("https://huggingface.co/papers/", ""),
        ("https://huggingface.co/papers/date/2026-05-29", ""),
        ("https://huggingface.co/papers/week/2026-W22", "week"),
        ("huggingface.co/papers/month/2026-05", "month"),
        ("https://hf.co/papers/trending", "trending"),
        ("https://huggingface.co/papers?q=tool+use", "search:tool use"),
    ],
)
def test_what_names_a_source_of_daily_papers(text: str, address: str) -> None:
    assert typed(text) == ("daily-papers", address)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://blog.example/feed", "https://blog.example/feed"),
        ("HTTPS://Blog.Example", "https://blog.example/"),
        ("http://127.0.0.1:8000/feed.xml", "http://127.0.0.1:8000/feed.xml"),
        ("https://blog.example?format=rss#top", "https://blog.example/?format=rss"),
        ("lilianweng.github.io", "https://lilianweng.github.io/"),
        ("stat.ethz.ch", "https://stat.ethz.ch/"),
        ("blog.example:8080/a b".replace(" ", "%20"), "https://blog.example:8080/a%20b"),
        ("feed:https://blog.example/feed", "https://blog.example/feed"),
        ("feed://blog.example/feed", "http://blog.example/feed"),
        ("feed:blog.example", "https://blog.example/"),
        ("feed:https://rss.arxiv.org/rss/cs.CL", "https://rss.arxiv.org/rss/cs.CL"),
        ("https://huggingface.co/blog/feed.xml", "https://huggingface.co/blog/feed.xml"),
        ("https://arxiv.org/a/hinton_g_1.atom2", "https://arxiv.org/a/hinton_g_1.atom2"),
        ("https://café.example/feed", "https://xn--caf-dma.example/feed"),
    ],
)
def test_what_names_a_feed(text: str, address: str) -> None:
    assert typed(text) == ("feed", address)


def test_a_file_is_kept_by_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    feed = tmp_path.resolve() / "a b.xml"
    feed.touch()
    (tmp_path / "folder").mkdir()
    forms = ("a b.xml", "./a b.xml", "folder/../a b.xml", "~/a b.xml", f"{feed}", f"feed:{feed}")
    for text in (forms[0], forms[1], f"./{forms[2]}", *forms[3:], f"file://{quote(str(feed))}"):
        assert typed(text, home=tmp_path) == ("feed", str(feed)), text
    assert source_from(str(feed), home=tmp_path).name == "a b.xml"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cs.CL+cs.LG", "arXiv cs.CL + cs.LG"),
        ("author:Hinton", "arXiv: author Hinton"),
        ("search?author=Hinton&category=cs.LG", "arXiv: author Hinton, category cs.LG"),
        ("arxiv:math reasoning", "arXiv: math reasoning"),
        ("daily", "Daily Papers"),
        ("week", "Daily Papers: week"),
        ("hf:search:week", "Daily Papers: search week"),
        ("https://www.blog.example/feed", "blog.example"),
    ],
)
def test_the_name_that_follows_from_it(text: str, name: str) -> None:
    assert source_from(text, home=Path("/nowhere")).name == name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["source: it is empty", "cs.CL+cs.LG"]),
        ("cs.CLL", ['no category "cs.CLL"', "perhaps cs.CL"]),
        ("cs.CL, cs.LX", ['no category "cs.LX"', "cs.LG"]),
        ("arxiv:cs.CL cs.LX", ['no category "cs.LX"']),
        ("https://arxiv.org/list/cs.XX/new", ['no category "cs.XX"']),
        ("arxiv:transformers", ['no category "transformers"', "arxiv:all:WORD"]),
        ("arxiv:", ["no category"]),
        ("quant-hp", ["no source is known by this", "perhaps quant-ph"]),
        ("bananas", ["bananas: no source is known by this", "author:Hinton"]),
        ("search:tool use", ["say where: arxiv:tool use or daily:search:tool use"]),
        ("hf:yearly", ['no period "yearly"', "week, month, trending"]),
        ("author:", ["has no words"]),
        ("author:!!", ["has no words"]),
        ("arxiv:search?editor=x", ['no field "editor"']),
        ("https://arxiv.org/abs/2402.16107", ["it is one paper"]),
        ("https://huggingface.co/papers/2402.16107", ["it is one paper"]),
        ("arxiv:2402.16107", ["it is one paper"]),
        ("~/gone.xml", ["/nowhere/gone.xml: there is no such file"]),
        ("gone.xml", ["there is no such file"]),
        ("/", ["it is a folder"]),
        ("file://elsewhere/feed.xml", ["another machine"]),
        ("file:", ["it is a folder"]),
        ("/a\0b", ["there is no such file"]),
        ("https://", ['"https://" is not an address']),
        ("https://[::1", ["is not an address"]),
        ("https://a b.example/", ["is not an address"]),
        ("feed:javascript:alert(1)", ["is not an address"]),
        ("javascript:alert(1)", ["no source is known by this"]),
        ("\ud800", ["source: no source is known"]),
    ],
)
def test_what_names_nothing_is_refused_with_a_way_out(text: str, words: list[str]) -> None:
    said = refusal(text)
    assert said.isprintable()
    for word in words:
        assert word in said


def test_a_password_is_neither_kept_nor_repeated() -> None:
    said = refusal("https://me:secret@blog.example/feed")
    assert "user name or a password" in said
    assert "secret" not in said


def test_an_opml_file_is_no_feed(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").touch()
    assert "papers-tui import" in refusal(str(tmp_path / "feeds.opml"))


PARTS = [
    *(
        "arxiv:",
        "hf:",
        "feed:",
        "search?",
        "author",
        "=",
        "cs.CL",
        "https://",
        "/",
        ".",
        "a",
        "@",
        ":",
        " ",
        "+",
    ),
    *("~", "%", "é", "week"),
]


@given(st.text() | st.lists(st.sampled_from(PARTS)).map("".join))
def test_anything_typed_is_a_source_that_means_itself_or_a_sentence(text: str) -> None:
    try:
        source = source_from(text, home=Path("/nowhere"))
    except PapersError:
        return
    assert source.name
    assert normalised(source.kind, source.address) == source.address
    assert source_from(source.ref, home=Path("/nowhere")) == source


# The file


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
WORDS = st.lists(st.from_regex(r"[a-zé]{1,9}", fullmatch=True), min_size=1, max_size=3)
PLACES = st.one_of(
    st.tuples(st.just("daily-papers"), st.sampled_from(["", "week", "month", "trending"])),
    st.tuples(st.just("daily-papers"), WORDS.map(lambda words: f"search:{' '.join(words)}")),
    st.tuples(st.just("arxiv"), st.lists(st.sampled_from(CATEGORIES), min_size=1, unique=True).map("+".join)),
    st.tuples(st.just("arxiv"), WORDS.map(lambda words: f"search?author={quote('+'.join(words), safe='+')}")),
    st.tuples(st.just("feed"), WORDS.map(lambda words: f"https://blog.example/{quote('/'.join(words))}")),
    st.tuples(st.just("feed"), WORDS.map(lambda words: f"/home/me/{'/'.join(words)}.xml")),
)


@st.composite
def lists_of_sources(draw: st.DrawFn) -> tuple[Source, ...]:
    sources = [
        Source(
            draw(NAMES.map(lambda text: default_name("feed", f"/{text}"))),
            kind,
            address,
            tuple(draw(st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), unique=True, max_size=3))),
            draw(st.none() | st.integers(1, 525_600)),
            draw(st.booleans()),
        )
        for kind, address in draw(st.lists(PLACES, unique=True, max_size=6))
    ]
    return joined((), sources)


@given(sources=lists_of_sources())
@FUNCTION_FIXTURE
def test_what_is_saved_is_read_back(file: Path, sources: tuple[Source, ...]) -> None:
    save(file, sources)
    assert load(file) == (sources, ())


@given(first=lists_of_sources(), second=lists_of_sources())
@FUNCTION_FIXTURE
def test_any_list_may_take_the_place_of_any_other(
    file: Path, first: tuple[Source, ...], second: tuple[Source, ...]
) -> None:
    save(file, first)
    assert edit(file, lambda _: second) == second
    assert load(file) == (second, ())


def test_no_file_means_daily_papers_and_an_empty_one_nothing(file: Path) -> None:
    assert load(file) == ((DAILY_PAPERS,), ())
    assert loaded(file, "") == ((), ())
    assert loaded(file, "source = []") == ((), ())


def test_a_file_for_hand_and_program(file: Path) -> None:
    save(file, THREE)
    text = file.read_text()
    assert text.startswith("# What papers-tui follows.")
    assert text.count("[[source]]\n") == 3
    assert file.stat().st_mode & 0o777 == 0o600
    by_hand = '\n[[source]]\nkind = "arxiv"\naddress = "hep-th, HEP-PH"\n'
    sources, problems = loaded(file, text + by_hand)
    assert sources == (*THREE, Source("arXiv hep-th + hep-ph", "arxiv", "hep-th+hep-ph"))
    assert problems == ()


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("name = 'X'", "source 1 ('X'): it has no kind, expected one of daily-papers, arxiv, feed; it is left out"),
        ("kind = 3", "kind: found 3, expected one of"),
        ("kind = 'arixv'", "kind: found 'arixv', perhaps arxiv is meant; it is left out"),
        ("kind = 'arxiv'", "the source names no category"),
        ("kind = 'arxiv'\naddress = 3", "address: found 3, expected a text"),
        ("kind = 'arxiv'\naddress = 'cs.CLL'", 'there is no category "cs.CLL" (perhaps cs.CL'),
        ("kind = 'arxiv'\naddress = 'search?x=1'", 'no field "x"'),
        ("kind = 'daily-papers'\naddress = 'yearly'", 'no period "yearly"'),
        ("kind = 'feed'", 'source 1: "" is not an address of a feed'),
        ("kind = 'feed'\naddress = 'ftp://x.example'", '"ftp://x.example" is not an address of a feed'),
        ("kind = 'feed'\naddress = 'relative/x.xml'", "the absolute path of a file"),
        ("kind = 'feed'\naddress = 'https://me:secret@x.example'", "a user name or a password, which are not kept"),
        ('kind = "feed"\naddress = "/a\\u0000"', "characters that a list of sources can't keep"),
    ],
)  # fmt: skip
def test_an_entry_that_can_not_be_used_is_named_and_left_out(entry: str, problem: str, file: Path) -> None:
    good = '[[source]]\nname = "Week"\nkind = "daily-papers"\naddress = "week"\n'
    sources, problems = loaded(file, f"[[source]]\n{entry}\n{good}")
    assert [source.name for source in sources] == ["Week"]
    assert len(problems) == 1
    assert problems[0].startswith(f"{file}: source 1")
    assert problem in problems[0]
    assert problems[0].endswith("; it is left out")
    assert problems[0].isprintable()
    assert "secret" not in problems[0]


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("name = 3", "name: found 3, expected a name that can be shown"),
        ("name = '  '", "name: found '  ', expected a name"),
        ("tags = 'nlp'", "tags: found 'nlp', expected a list of tags"),
        ("tags = ['nlp', 3]", "tags: found ['nlp', 3], expected a list of tags"),
        ("tags = ['']", "tags: found [''], expected a list of tags"),
        ("every = '5'", "every: found '5', expected minutes from 1 to 525600"),
        ("every = true", "every: found true, expected minutes"),
        ("every = 0", "every: found 0, expected minutes"),
        ("every = 1.5", "every: found 1.5, expected minutes"),
        ("paused = 'yes'", "paused: found 'yes', expected true or false"),
        ("pasued = true", "'pasued' is not known here, perhaps paused is meant"),
        ("colour.of.it = 1", "'colour' is not known here, expected one of name, kind, address, tags, every, paused"),
    ],
)  # fmt: skip
def test_of_a_bad_field_the_default_holds(field: str, problem: str, file: Path) -> None:
    sources, problems = loaded(file, f"[[source]]\nkind = 'arxiv'\naddress = 'cs.CL'\n{field}\n")
    assert sources == (Source("arXiv cs.CL", "arxiv", "cs.CL"),)
    assert len(problems) == 1
    assert problem in problems[0]


def test_of_two_with_one_name_or_one_place_the_first_holds(file: Path) -> None:
    text = """
    [[source]]
    name = "Language"
    kind = "arxiv"
    address = "cs.CL"
    [[source]]
    name = "language"
    kind = "arxiv"
    address = "cs.LG"
    [[source]]
    name = "Again"
    kind = "arxiv"
    address = "CS.CL"
    """
    sources, problems = loaded(file, text)
    assert sources == (Source("Language", "arxiv", "cs.CL"),)
    assert problems == (
        f"{file}: source 2 ('language'): source 1 has the same name, and the first holds",
        f"{file}: source 3 ('Again'): source 1 follows the same, and the first holds",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("source = [1]", "source 1: found 1, expected a table; it is left out"),
        ("[[sources]]\nkind = 'arxiv'", "'sources' is not known here, expected [[source]] tables"),
    ],
)
def test_what_is_no_source_at_all_is_reported(text: str, problem: str, file: Path) -> None:
    assert loaded(file, text) == ((), (f"{file}: {problem}",))


def test_what_can_not_be_read_is_reported(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.mkdir()
    hint = "(see to it that you may read it); until then no source is followed"
    assert load(file) == ((), (f"{file}: it can't be read (Is a directory) {hint}",))
    file.rmdir()
    monkeypatch.setattr("papers_tui.toml_file._LARGEST", 10)
    assert "it is larger" in loaded(file, "#" * 11)[1][0]


# Changes to the file


def test_only_what_changed_is_written_anew(file: Path) -> None:
    file.write_text('[[source]]\nkind = "arxiv"\naddress = "CS.cl"\nevery = "often"\npaused = true\n')
    edit(file, lambda sources: paused(sources, "arXiv cs.CL", on=False))
    assert tomllib.loads(file.read_text())["source"] == [
        {"kind": "arxiv", "address": "CS.cl", "every": "often"}
    ]


def test_the_former_version_is_kept(file: Path) -> None:
    save(file, THREE)
    former = file.read_bytes()
    edit(file, lambda sources: removed(sources, "Blog"))
    assert file.with_name("sources.toml.bak").read_bytes() == former
    assert load(file.with_name("sources.toml.bak")) == (THREE, ())


def test_what_repeats_a_source_goes_with_it(file: Path) -> None:
    entry = '[[source]]\nkind = "arxiv"\naddress = "cs.CL"\nname = "{}"\n'
    file.write_text(entry.format("One") + entry.format("Two") + '[[source]]\nkind = "odd"\n')
    edit(file, lambda sources: removed(sources, "One"))
    assert tomllib.loads(file.read_text()) == {"source": [{"kind": "odd"}]}


def test_a_source_may_move_to_another_address(file: Path) -> None:
    entry = f'[[source]]\nname = "{{}}"\nkind = "feed"\naddress = "{BLOG.address}"\ncolour = "red"\n'
    file.write_text(entry.format("Blog") + entry.format("What repeats it"))
    moved = "https://blog.example/atom.xml"
    after = edit(file, lambda sources: tuple(replace(source, address=moved) for source in sources))
    assert tomllib.loads(file.read_text())["source"] == [
        {"name": "Blog", "kind": "feed", "address": moved, "colour": "red"}
    ]
    assert load(file)[0] == after


def test_a_link_to_the_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    target = tmp_path / "dotfiles" / "sources.toml"
    save(target, THREE)
    target.chmod(0o640)
    file.symlink_to(target)
    edit(file, lambda sources: removed(sources, "Blog"))
    assert file.is_symlink()
    assert load(target) == ((CATS, WEEK), ())
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(PapersError, match=r"there is no folder .*gone"):
        edit(tmp_path / "gone" / "sources.toml", lambda sources: sources)


def test_a_read_only_file_is_not_replaced(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(file, THREE)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PapersError, match="no permission to write it"):
        edit(file, lambda sources: removed(sources, "Blog"))
    assert load(file) == (THREE, ())


def test_a_lock_that_is_held_for_long_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers_tui.toml_file._TRIES", 2)
    descriptor = os.open(file.with_name(".sources.toml.lock"), os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(PapersError, match="another papers-tui"):
            edit(file, lambda sources: added(sources, CATS))
    finally:
        os.close(descriptor)
    assert edit(file, lambda sources: added(sources, CATS))


# Changes to the list


def test_what_is_added_comes_last() -> None:
    assert added((CATS,), BLOG) == (CATS, BLOG)


def test_the_same_place_is_not_followed_twice() -> None:
    with pytest.raises(PapersError, match="followed already, as “Language”"):
        added(THREE, replace(CATS, name="Other"))
    with pytest.raises(PapersError, match="followed already and paused, as “Blog”"):
        added(THREE, BLOG)


def test_a_name_that_is_taken_gets_a_number() -> None:
    other = Source("LANGUAGE", "arxiv", "cs.CL")
    once = added(THREE, other)
    assert once[-1].name == "LANGUAGE (2)"
    assert added(once, replace(other, address="cs.LG"))[-1].name == "LANGUAGE (3)"


def test_many_join_at_once_and_joining_again_changes_nothing() -> None:
    many = [Source("Feed", "feed", f"https://blog.example/{number}") for number in range(20_000)]
    joint = joined(THREE, [*many, BLOG, *many])
    assert len(joint) == 20_003
    assert [source.name for source in joint[2:6]] == ["Week", "Feed", "Feed (2)", "Feed (3)"]
    assert len({source.name for source in joint}) == 20_003
    assert joined(joint, many) == joint


def test_renaming() -> None:
    assert renamed(THREE, "blog", " New\nname ")[1] == replace(BLOG, name="New name")
    assert renamed(THREE, "blog", "BLOG")[1].name == "BLOG"
    for new, words in (("week", "another source has this name"), (" \u202e", "none")):
        with pytest.raises(PapersError, match=words):
            renamed(THREE, "blog", new)


def test_tagging_and_pausing() -> None:
    assert retagged(THREE, "Language", ["#nlp", "NLP", "two, words", " "])[0].tags == ("nlp", "two words")
    assert retagged(THREE, "Blog", [])[1].tags == ()
    assert paused(THREE, "Language", on=True)[0].paused
    assert paused(THREE, "Blog", on=False)[1] == replace(BLOG, paused=False)


@pytest.mark.parametrize("text", ["Blog", "blog", " BLOG ", "b", "bl"])
def test_a_source_is_named_by_its_name_or_the_beginning_of_it(text: str) -> None:
    assert named(THREE, text) is BLOG


def test_a_whole_name_beats_the_beginning_of_others_and_that_beats_a_word() -> None:
    longer = replace(BLOG, name="Blog of others", address="https://other.example/")
    last = replace(BLOG, name="An old blog", address="https://old.example/")
    assert named((longer, last, BLOG), "blog") is BLOG
    assert named((longer, last), "blog") is longer
    assert named((BLOG, last, longer), "OLD B") is last


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Blgo", "no source has this name (perhaps “Blog” is meant"),
        ("zzz", "no source has this name (`papers-tui source list`"),
        ("", "source: no source has this name"),
        ("La", "several sources can be meant: “Language”, “Lab” (give more of the name)"),
    ],
)
def test_a_name_that_is_not_clear(text: str, words: str) -> None:
    with pytest.raises(PapersError) as error:
        named((*THREE, Source("Lab", "feed", "https://lab.example/")), text)
    assert words in str(error.value)


# Lists from other readers


def test_a_list_of_feeds_as_sources() -> None:
    data = b"""<?xml version="1.0"?><opml version="2.0"><body>
    <outline text="Labs"><outline text="A lab" xmlUrl="https://lab.example/feed"/>
    <outline text="Language" xmlUrl="http://export.arxiv.org/rss/cs.CL"/>
    <outline text="Odd" xmlUrl="https://rss.arxiv.org/rss/cs.XX"/></outline>
    <outline xmlUrl="https://www.blog.example/feed"/><outline text="Bad" xmlUrl="file:///etc/passwd"/>
    </body></opml>"""
    found, faults = sources_of(data)
    assert found == (
        Source("A lab", "feed", "https://lab.example/feed", ("Labs",)),
        Source("Language", "arxiv", "cs.CL", ("Labs",)),
        Source("blog.example", "feed", "https://www.blog.example/feed"),
    )
    assert len(faults) == 2
    assert 'there is no category "cs.XX"' in faults[1]
    with pytest.raises(FeedError):
        sources_of(b"words")


# What it costs


def test_a_usual_file_loads_without_the_adapters(file: Path) -> None:
    author = Source("LeCun", "arxiv", "search?author=Yann+LeCun")
    search = Source("Agents", "daily-papers", "search:tool use")
    save(file, (*THREE, author, search))
    code = f"""
import sys
from pathlib import Path
from papers_tui.subscriptions import load
assert len(load(Path({str(file)!r}))[0]) == 5
print([name for name in sys.modules if name.startswith(("papers_tui.sources", "xml", "httpx", "difflib", "tomli_w"))])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
