"""Living exports: what we wrote follows the library, and every word that the user wrote stays in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from papers_tui.cli import main
from papers_tui.domain.errors import PapersError
from papers_tui.domain.paper import Link, Paper
from papers_tui.export import sections
from papers_tui.export.files import read_text, renew_document, renew_folder
from papers_tui.export.fingerprints import keys, recorded_lines, recorded_values
from papers_tui.export.front_matter import extent
from papers_tui.export.living import Renewed, is_starred, renewed_document, renewed_paper
from papers_tui.export.markdown import Shelved, render_document, render_paper
from papers_tui.export.sections import Section, lines_of

DAY, LATER = "2026-03-02", "2026-11-21"
TITLE, QUERY = "Starred papers", "is:starred"

many = settings(max_examples=300)


def shelve(number: int, **kept: Any) -> Shelved:
    own = {name: kept.pop(name) for name in ("abstract", "authors", "title", "keys") if name in kept}
    own.setdefault("title", f"Paper {number}")
    own.setdefault("keys", (f"arxiv:2401.0000{number}",))
    return Shelved(Paper(**own), **kept)


FULL = shelve(
    1,
    abstract="What it is about.\n\nAnd more.",
    authors=("Ada", "Emmy"),
    links=(Link("https://example.org/code", "code"), Link("https://example.org/pdf", "pdf")),
    tags=("one", "two"),
    note="- [ ] try it\n- [ ] cite it",
    sources=("arXiv",),
    starred=True,
)
TWO, THREE, FOUR = (shelve(number, abstract=f"Abstract {number}.") for number in (2, 3, 4))


def document(*papers: Shelved, query: str = QUERY) -> str:
    return render_document(papers, title=TITLE, query=query, date=DAY)


def renew(old: str, *papers: Shelved, date: str = DAY, title: str = TITLE, query: str = QUERY) -> Renewed:
    renewed = renewed_document(old, papers, title=title, query=query, date=date)
    assert renewed is not None
    return renewed


def paper(shelved: Shelved, **changes: Any) -> Shelved:
    return replace(shelved, paper=replace(shelved.paper, **changes))


def found(text: str) -> list[Section]:
    return [part for part in sections.split(lines_of(text)) if isinstance(part, Section)]


def order(text: str) -> list[int]:
    """The numbers of the papers whose sections a document has."""
    return [int(section.id[-1]) for section in found(text)]


def section_of(text: str, number: int) -> str:
    (section,) = [section for section in found(text) if section.id.endswith(str(number))]
    return "".join(section.raw)


def shown(text: str) -> list[str]:
    """What a reader sees of the only section: its lines but for blank ones and comments."""
    (section,) = found(text)
    return [line.rstrip() for line in section.lines if line.strip()]


# ------------------------------------------------------------------------------------- what follows the library


def test_with_nothing_changed_nothing_changes() -> None:
    old = document(FULL, TWO)
    assert renew(old, FULL, TWO) == Renewed(old)


def test_an_empty_file_becomes_a_fresh_document() -> None:
    for old in ("", "\n \n", "\ufeff"):
        assert renew(old, FULL, TWO) == Renewed(document(FULL, TWO))


def test_an_untouched_document_is_what_a_fresh_one_would_be() -> None:
    changed = replace(FULL, tags=(), note="", links=FULL.links[:1], read=True)
    now = (FOUR, paper(changed, title="New", abstract="New"), TWO, THREE)
    renewed = renew(document(FULL, THREE), *now, date=LATER)
    assert renewed.text == document(*now).replace(DAY, LATER)
    assert (renewed.new, renewed.gone, renewed.edited) == (2, 0, False)


def test_the_day_the_number_and_the_title_are_kept_current() -> None:
    text = renew(document(FULL), FULL, TWO, date=LATER, title="My stars").text
    assert text == render_document([FULL, TWO], title="My stars", query=QUERY, date=LATER)


def test_papers_of_another_query_only_join_the_document() -> None:
    old = renew(document(FULL, TWO, THREE), FULL, TWO).text
    renewed = renew(old, CHANGED, FOUR, date=LATER, title="Papers: tag:x", query="tag:x")
    assert (renewed.new, renewed.gone) == (1, 0)
    expected = document(CHANGED, TWO).replace(DAY, LATER).replace("count: 2", "count: 3")
    sections = (section_of(old, 3), section_of(document(FOUR), 4))
    assert renewed.text.replace(f"({LATER})", f"({DAY})") == "".join(
        (expected, *(f"\n{one}" for one in sections))
    )
    assert renew(renewed.text, CHANGED, FOUR, date=LATER, query="tag:x").text == renewed.text
    assert renew(renewed.text, CHANGED, TWO, date=LATER).gone == 1


def test_papers_of_no_query_join_each_other() -> None:
    old = document(FULL, query="")
    text = renew(old, TWO, query="").text
    assert text == document(FULL, TWO, query="")
    assert renew(text, TWO, query="").text == text


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("is:starred", f"*No longer starred ({LATER}).*"),
        ("is:starred sort:date", f"*No longer starred ({LATER}).*"),
        ("tag:x", f"*No longer in this list ({LATER}).*"),
        ("is:starred tag:x", f"*No longer in this list ({LATER}).*"),
    ],
)
def test_a_paper_that_left_keeps_its_section_with_a_line_that_says_so(query: str, line: str) -> None:
    two = replace(TWO, sources=("Daily Papers",), starred=True)
    old = document(FULL, two, query=query)
    renewed = renew(old, FULL, date=LATER, query=query)
    assert (renewed.new, renewed.gone, renewed.edited) == (0, 1, False)
    assert "Daily Papers · ★" in section_of(old, 2)
    assert ("★" in section_of(renewed.text, 2)) is ("starred" not in line)
    left = [text for text in section_of(renewed.text, 2).splitlines() if "written by" not in text]
    was = [text for text in section_of(old, 2).splitlines() if "written by" not in text]
    if "starred" in line:
        was = [text.removesuffix(" · ★") for text in was]
    assert left == [*was[:4], line, "", *was[4:]]
    assert renew(renewed.text, FULL, date="2027-01-01", query=query).gone == 0
    assert renew(renewed.text, FULL, two, query=query).text == old


def test_the_line_of_a_paper_that_left_stays_out_once_it_was_taken_out() -> None:
    text = renew(document(FULL, TWO), FULL, date=LATER).text
    taken = text.replace(f"*No longer starred ({LATER}).*\n\n", "")
    assert renew(taken, FULL, date=LATER).text == taken
    assert renew(taken, FULL, TWO).text == document(FULL, TWO)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ([1, 2, 3, 4], [2, 3, 1, 4]),  # 3 is the first there that comes after 2
        ([2, 1, 3, 4], [2, 3, 1, 4]),
        ([4, 2], [3, 1, 4, 2]),
        ([2, 5, 4], [3, 1, 2, 5, 4]),
    ],
)
def test_new_papers_join_the_order_that_the_user_made(now: list[int], expected: list[int]) -> None:
    old = document(shelve(3), shelve(1), shelve(4))
    assert order(renew(old, *map(shelve, now)).text) == expected


def test_a_paper_known_by_a_stronger_id_keeps_its_section() -> None:
    weak = shelve(7, keys=("text:00000000000000000007",))
    strong = paper(weak, keys=("arxiv:2401.00007", "text:00000000000000000007"))
    old = document(weak).replace("★", "★ mine")
    assert renew(document(weak), strong).text == document(strong)
    mine = renew(old.replace("\n\n<!-- written by", "\n\nmine\n\n<!-- written by"), strong).text
    assert order(mine) == [7]
    assert "mine" in section_of(mine, 7)


def test_two_sections_of_papers_that_became_one_become_one() -> None:
    weak = shelve(7, keys=("text:00000000000000000007",))
    strong = shelve(7)
    both = paper(strong, keys=(*strong.paper.keys, *weak.paper.keys))
    assert renew(document(strong, weak, TWO), both, TWO).text == document(both, TWO)
    edited = document(strong, weak, TWO).replace("# Paper 7\n", "# Paper 7 mine\n")
    text = renew(edited, both, TWO).text
    assert order(text) == [7, 2]
    assert "# Paper 7 mine\n" in text


# ------------------------------------------------------------------------------------------ what the user wrote


CHANGED = replace(
    paper(FULL, abstract="Another text.\n\nAnd more.", authors=("Ada", "Emmy", "Mary")),
    links=(FULL.links[0], Link("https://example.org/model", "model"), FULL.links[1]),
    tags=("one",),
    note="- [ ] try it\n- [ ] cite it\n- [ ] send it",
)


MODEL = "- model: <https://example.org/model>\n"
CODE = "- code: <https://example.org/code>"


@pytest.mark.parametrize(
    ("old", "new", "excerpt"),
    [
        ("about.\n", "about.\n\nmine\n", "\n\nAnother text.\n\nmine\n\nAnd more.\n"),
        ("about.\n", "about.\nmine\n", "\n\nAnother text.\nmine\n\nAnd more.\n"),
        ("about.\n", "about. mine\n", "Tags: #one\n\nWhat it is about. mine\n\nAnother text.\n\nAnd more.\n"),
        ("#two\n", "#two\n\nmine\n", "Tags: #one\n\nmine\n\nAnother text.\n\nAnd more.\n"),
        ("And more.\n", "And more, mine.\n", "\n\nAnother text.\n\nAnd more, mine.\n\n**Note**\n"),
        (f"{CODE}\n", f"{CODE} mine\n", f"\n\n{CODE} mine\n{MODEL}- pdf"),
        (f"{CODE}\n", f"{CODE}\n  - mine\n", f"\n\n{CODE}\n  - mine\n{MODEL}- pdf"),
        (f"{CODE}\n", f"{CODE}\n\nmine\n\n", f"\n\n{CODE}\n{MODEL}\nmine\n\n- pdf"),
        (f"{CODE}\n", "", f"arXiv · ★\n\n{MODEL}- pdf"),
        ("[Paper 1]", "[My paper 1]", "\n\n## [My paper 1](https://arxiv.org/abs/2401.00001)\n\nAda, Emmy, Mary\n"),
        ("Ada, Emmy\n", "Ada (mine), Emmy\n", ")\n\nAda (mine), Emmy\n\nAda, Emmy, Mary\n\narXiv · ★\n"),
        ("Tags: #one #two\n\n", "", "pdf>\n\nTags: #one\n\nAnother"),
        ("[ ] try it", "[x] try it", "\n\n- [x] try it\n- [ ] cite it\n- [ ] send it\n\n<!--"),
        ("[ ] cite it", "[x] cite it", "\n\n- [ ] try it\n- [x] cite it\n- [ ] send it\n\n<!--"),
        ("- [ ] cite it\n", "", "\n\n- [ ] try it\n- [ ] send it\n\n<!--"),
        ("cite it\n", "cite it\n- [ ] send it\n", "cite it\n- [ ] send it\n\n<!--"),  # the same on both sides
        ("cite it\n", "cite it\n- [ ] mine\n", "cite it\n- [ ] mine\n- [ ] send it\n\n<!--"),
        ("**Note**\n", "**My note**\n", "\n\nAnd more.\n\n**My note**\n\n- [ ] try it\n"),
        ("cite it\n\n", "cite it\n\nmine\n\n", "cite it\n- [ ] send it\n\nmine\n\n<!--"),
        ("cite it\n\n", "cite it\nmine\n", "cite it\nmine\n- [ ] send it\n\n<!--"),
        ("<!-- papers-tui: arxiv:2401.00001 -->\n", "<!-- papers-tui: arxiv:2401.00001 -->\nmine\n", "\nmine\n\n## "),
    ],
)  # fmt: skip
def test_what_the_user_wrote_in_a_section_joins_what_is_new(old: str, new: str, excerpt: str) -> None:
    written = document(FULL)
    assert written.count(old) == 1
    mine = written.replace(old, new)
    assert renew(mine, FULL) == Renewed(mine, edited=True)
    renewed = renew(mine, CHANGED)
    assert excerpt in renewed.text
    assert renew(renewed.text, CHANGED).text == renewed.text
    assert renewed.edited


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"# {TITLE}\n", "# My papers\n"),
        (f"# {TITLE}\n\n", ""),
        (f"# {TITLE}\n", f"# {TITLE}: mine\n\nAn introduction.\n"),
        (f'title: "{TITLE}"', "title: My papers"),
        (f'title: "{TITLE}"', f'title: "{TITLE}, mine" # yes'),
        ("---\n\n<!--", "mine: 1 # yes\n# more\ntags: [a]\n---\n\n<!--"),
        (f'query: "{QUERY}"', f'query: "{QUERY} mine"'),
        (f'query: "{QUERY}"\n', ""),
        (f'date: "{DAY}"\n', ""),
        (f'date: "{DAY}"', f'date: "{DAY} mine"'),
        ("count: 2", "count: 2 and mine"),
        ("<!-- papers-tui: arxiv:2401.00001", "mine\n\n<!-- papers-tui: arxiv:2401.00001"),
        ("<!-- papers-tui: arxiv:2401.00002", "mine\n\n<!-- papers-tui: arxiv:2401.00002"),
        ("<!-- /papers-tui: arxiv:2401.00002 -->\n", "<!-- /papers-tui: arxiv:2401.00002 -->\nmine"),
        ("<!-- /papers-tui: arxiv:2401.00002 -->\n", "<!-- /papers-tui: arxiv:2401.00002 -->"),
    ],
)
def test_what_the_user_wrote_around_the_sections_stays(old: str, new: str) -> None:
    written = document(FULL, TWO)
    assert written.count(old) == 1
    mine = written.replace(old, new)
    assert renew(mine, FULL, TWO).text == mine
    others = renew(mine, CHANGED, FOUR, date=LATER, title="Other papers").text
    assert renew(others, CHANGED, FOUR, date=LATER, title="Other papers").text == others
    if new:
        assert new.replace(DAY, LATER) in others or new in others


def test_a_value_that_is_kept_current_keeps_the_comment_behind_it() -> None:
    mine = document(FULL).replace("count: 1", "count: 1 # few").replace(f'"{DAY}"', f"{DAY}   # a day")
    text = renew(mine, FULL, TWO, date=LATER).text
    assert f'date: "{LATER}" # a day\ncount: 2 # few\n' in text


def test_sections_that_were_moved_stay_where_they_are() -> None:
    old = document(FULL, TWO, THREE)
    one, two, three = (section_of(old, number) for number in (1, 2, 3))
    moved = (
        old.replace(one, "@").replace(three, one).replace("@", three)
        + "\n# Later\n\n"
        + section_of(document(FOUR), 4)
    )
    text = renew(moved, FULL, paper(TWO, title="New"), THREE, FOUR).text
    assert order(text) == [3, 2, 1, 4]
    changed = section_of(document(paper(TWO, title="New")), 2)
    assert text == moved.replace(two, changed).replace("count: 3", "count: 4")


def test_text_below_a_section_stays_with_it() -> None:
    mine = document(shelve(1), shelve(3)).replace(
        "00001 -->\n\n<!-- papers", "00001 -->\n\nmine\n\n<!-- papers"
    )
    text = renew(f"{mine}\nlast\n", *map(shelve, (1, 2, 3, 4))).text
    ends = [line for line in text.splitlines() if line in ("mine", "last") or line.startswith("<!-- /")]
    assert [line[-6:].rstrip(" ->") for line in ends] == ["01", "mine", "02", "03", "last", "04"]


def test_a_copied_section_is_the_users() -> None:
    old = document(FULL, TWO)
    copy = section_of(old, 1).replace("And more.", "And more, mine.")
    text = renew(f"{old}\n{copy}", CHANGED, TWO).text
    assert order(text) == [1, 2]
    assert "And more, mine." in text
    assert renew(f"{old}\n{section_of(old, 1)}", FULL, TWO).text.rstrip() == old.rstrip()


def test_sections_that_ran_into_each_other_leave_no_records() -> None:
    old = document(TWO)
    double = old + section_of(old, 2).replace("-->\n\n##", "-->\nmine\n##")
    joined = double.replace("-->\n<!-- papers-tui", "--><!-- papers-tui") + section_of(old, 2)
    text = renew(joined, TWO).text
    assert "mine" in text
    assert renew(text, TWO).text == text


def test_a_section_that_was_taken_out_comes_back_while_its_paper_is_exported() -> None:
    old = document(FULL, TWO, THREE)
    taken = old.replace(section_of(old, 2) + "\n", "")
    assert order(taken) == [1, 3]
    assert renew(taken, FULL, TWO, THREE).text == old
    assert renew(taken, FULL, THREE, date=LATER).text == taken.replace(DAY, LATER).replace(
        "count: 3", "count: 2"
    )


@pytest.mark.parametrize("damage", [
    "<!-- papers-tui: arxiv:2401.00002 -->\n",
    "<!-- /papers-tui: arxiv:2401.00002 -->\n",
])  # fmt: skip
@pytest.mark.parametrize("instead", ["", "<!-- mine -->\n"])
def test_what_has_lost_a_marker_is_the_users(damage: str, instead: str) -> None:
    old = document(FULL, TWO, THREE)
    text = renew(old.replace(damage, instead), FULL, TWO, THREE).text
    assert order(text) == [1, 2, 3]
    assert section_of(text, 2) == section_of(old, 2)
    assert text.count("Abstract 2.") == 2
    assert text.count("papers-tui: arxiv:2401.00002") == 2
    assert instead in text
    assert renew(text, FULL, TWO, THREE).text == text


@pytest.mark.parametrize("damage", [
    lambda _: "",
    lambda line: line.replace("by", "by mine, not by"),
    lambda line: line[:40] + "\n" + line[40:],
    lambda line: re.sub("[0-9a-f]{8}", "00000000", line, count=1),
])  # fmt: skip
def test_a_section_that_has_lost_its_record_tells_its_lines_by_what_they_say(
    damage: Callable[[str], str],
) -> None:
    old = document(TWO)
    (record,) = [line for line in lines_of(old) if recorded_lines(line) is not None]
    mine = old.replace(record, damage(record)).replace("Abstract 2.", "Abstract 2.\n\nmine")
    text = renew(mine, paper(TWO, authors=("Ada",))).text
    assert "\n\nAda\n\nAbstract 2.\n\nmine\n\n" in text
    assert text.count("Abstract 2.") == 1
    assert renew(renew(mine).text, TWO).text == renew(mine, TWO).text


def test_what_a_merge_would_leave_open_is_closed() -> None:
    fenced = replace(TWO, note="```\ncode\n```")
    mine = document(fenced, THREE).replace("```\ncode", "```python\ncode")
    text = renew(mine, TWO, paper(THREE, title="New")).text
    assert "```python\n```\n" in text
    assert headings(text) == ["Paper 2", "New"]


@pytest.mark.parametrize("old", [
    "# My notes\n",
    "---\ntitle: x\ndate: 2026-01-01\n---\n\n# x\n",
    "no front matter\n<!-- papers-tui -->\n",
    "---\ncount: 2\n",
])  # fmt: skip
def test_a_file_of_something_else_is_none_of_ours(old: str) -> None:
    assert renewed_document(old, [FULL], title=TITLE, query=QUERY, date=DAY) is None
    assert renewed_paper(old, FULL) is None


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", ""])
def test_line_ends_a_byte_order_mark_and_a_missing_last_line_end_are_kept(mark: str, end: str) -> None:
    def windows(text: str) -> str:
        return mark + text.replace("\n", "\r\n").removesuffix("\r\n") + (end and "\r\n")

    noted = replace(TWO, note="one\r\ntwo\n")
    assert renew(windows(document(FULL, TWO)), FULL, TWO).text == windows(document(FULL, TWO))
    assert renew(windows(document(FULL, TWO)), CHANGED, TWO).text == windows(document(CHANGED, TWO))
    grown = renew(windows(document(TWO)), TWO, noted, shelve(3)).text
    assert "\n" not in grown.replace("\r\n", "")
    mine = windows(document(FULL)).replace("about.", "about.\r\nmine")
    assert "Another text.\r\nmine\r\n\r\nAnd" in renew(mine, CHANGED).text
    assert "\n" not in renew(mine, CHANGED).text.replace("\r\n", "")
    assert renew(document(FULL).rstrip("\n"), FULL, TWO).text == document(FULL, TWO)


def test_white_space_at_the_end_of_lines_is_not_an_edit() -> None:
    noted = replace(TWO, note="breaks  \nhere")
    stripped = "\n".join(line.rstrip() for line in document(noted).split("\n"))
    assert renew(stripped, TWO).text == document(TWO)


@pytest.mark.parametrize(
    ("query", "starred"),
    [("is:starred", True), ("is:starred sort:date", True), ("", False), ("is:starred tag:x", False)],
)
def test_what_asks_for_the_starred_papers(query: str, starred: bool) -> None:
    assert is_starred(query) is starred


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["same\n", "- {}\n", "same\n\n"])
def test_a_huge_note_is_no_trap(unit: str) -> None:
    note = "".join(unit.format(number) for number in range(20_000))
    mine = document(replace(TWO, note=note)).replace("Abstract 2.", "mine")
    text = renew(mine, replace(TWO, note=note.replace("same", "other") + "more")).text
    assert "\n\nmine\n\n" in text
    assert "\nmore\n" in text


@pytest.mark.timeout(60)
def test_many_papers_are_no_trap() -> None:
    papers = [shelve(1, keys=(f"arxiv:2401.{number:05}",)) for number in range(5_000)]
    text = renew(document(*papers[::2]), *papers).text
    assert text == document(*papers)


# ------------------------------------------------------------------------------------------- one file a paper


def renew_paper(old: str, shelved: Shelved) -> str:
    renewed = renewed_paper(old, shelved)
    assert renewed is not None
    return renewed.text


def front_matter(text: str) -> Any:
    return yaml.safe_load(text.removeprefix("---\n").split("\n---\n", 1)[0])


def test_a_file_of_one_paper_follows_it() -> None:
    old = render_paper(FULL)
    assert renew_paper(old, FULL) == old
    assert renew_paper("", FULL) == old
    for now in (CHANGED, TWO_AS_ONE, replace(FULL, starred=False, read=True, sources=())):
        assert renew_paper(old, now) == render_paper(now)
        assert renew_paper(render_paper(now), FULL) == old


TWO_AS_ONE = paper(TWO, keys=FULL.paper.keys)


def test_text_above_and_below_the_section_stays() -> None:
    mine = render_paper(FULL).replace("---\n\n<!--", "---\n\nabove\n\n<!--") + "\nbelow\n"
    text = renew_paper(mine, CHANGED)
    assert "---\n\nabove\n\n<!--" in text
    assert text.endswith("-->\n\nbelow\n")


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        ("tags:\n", "tags:\n  - mine\n", {"tags": ["mine", "one"]}),
        ('  - "one"\n', "  - one\n  - mine # yes\n", {"tags": ["one", "mine"]}),
        ('  - "two"\n', "", {"tags": ["one"]}),
        ("tags:\n", "tags:\n# mine\n\n", {"tags": ["one"]}),
        ("tags:\n", "tags: mine\n", {"tags": 'mine - "one" - "two"'}),
        ('  - "one"\n  - "two"\n', "  - one\n    - two\n", {"tags": ["one - two"]}),
        ('tags:\n  - "one"\n  - "two"\n', "tags: [mine]\n", {"tags": ["mine"]}),
        ('tags:\n  - "one"\n  - "two"\n', "", {"tags": None}),
        ('tags:\n  - "one"\n  - "two"\n', "tags:\n", {"tags": []}),
        ('  - "Emmy"\n', "  - Emmy Noether\n", {"authors": ["Ada", "Emmy Noether", "Mary"]}),
        ('  - "Ada"\n', "  - {name: Ada}\n", {"authors": [{"name": "Ada"}, "Emmy"]}),
        ('title: "Paper 1"', "title: 'Paper 1'", {"title": "New"}),
        ('title: "Paper 1"', "title: Paper 1", {"title": "New"}),
        ('title: "Paper 1"', "title: My paper", {"title": "My paper"}),
        ('title: "Paper 1"', "title: >\n  Paper\n  1", {"title": "Paper 1\n"}),
        ("starred: true\n", "starred: true # truly\n", {"starred": None}),
        ("starred: true\n", "starred: false\n", {"starred": False}),
        ("starred: true\n", "starred: true\naliases:\n  - mine\n", {"aliases": ["mine"], "starred": None}),
    ],
)
def test_front_matter_is_renewed_among_the_users(old: str, new: str, fields: dict[str, Any]) -> None:
    written = render_paper(FULL)
    assert written.count(old) == 1
    mine = written.replace(old, new)
    assert renew_paper(mine, FULL) == mine
    now = replace(paper(CHANGED, title="New"), starred=False, read=True)
    text = renew_paper(mine, now)
    expected = front_matter(render_paper(now)) | fields
    assert front_matter(text) == {name: value for name, value in expected.items() if value is not None}
    assert renew_paper(text, now) == text
    for comment in re.findall("# .*", new):
        assert comment in text


def test_a_field_that_is_new_joins_its_neighbours_and_one_taken_out_stays_out() -> None:
    mine = render_paper(FULL).replace('title: "Paper 1"\n', "")
    now = paper(FULL, title="New", published="2024-02-25")
    assert list(front_matter(renew_paper(mine, now))) == [
        "id", "authors", "date", "sources", "tags", "url", "code", "starred"
    ]  # fmt: skip


def test_front_matter_that_was_taken_out_stays_out() -> None:
    mine = "".join(lines_of(render_paper(TWO))[extent(lines_of(render_paper(TWO))) :])
    text = renew_paper(mine, replace(TWO, links=FULL.links, starred=True))
    assert not extent(lines_of(text))
    assert text.startswith("\n<!-- written by")


def test_front_matter_without_its_record_is_the_users() -> None:
    (record,) = [line for line in lines_of(render_paper(FULL)) if recorded_values(line) is not None]
    mine = render_paper(FULL).replace(record, "")
    assert front_matter(renew_paper(mine, CHANGED)) == front_matter(mine)


def test_other_sections_in_the_file_of_a_paper_are_left_alone() -> None:
    mine = render_paper(FULL) + "\n" + section_of(document(TWO), 2)
    assert section_of(renew_paper(mine, CHANGED), 2) == section_of(mine, 2)


# ------------------------------------------------------------------------------------------------ in their places


def export(path: Path, *papers: Shelved) -> Renewed:
    return renew_document(path, papers, title=TITLE, query=QUERY, date=DAY)


def test_a_document_is_made_and_renewed(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    assert (export(path, FULL).new, path.read_text("utf-8")) == (0, document(FULL))
    assert (export(path, FULL, TWO).new, path.read_text("utf-8")) == (1, document(FULL, TWO))


def test_a_file_that_needs_no_change_is_not_written(tmp_path: Path) -> None:
    export(tmp_path / "a.md", FULL)
    renew_folder(tmp_path, [FULL])
    before = {path: path.stat().st_ino for path in tmp_path.iterdir()}
    export(tmp_path / "a.md", FULL)
    renew_folder(tmp_path, [FULL])
    assert {path: path.stat().st_ino for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"# My notes\n", "no export of ours"), (b"\xff\xfe\x00", "UTF-8"), ("é".encode("latin-1"), "UTF-8")],
)
def test_what_is_no_export_is_never_overwritten(tmp_path: Path, data: bytes, words: str) -> None:
    (name,) = (path.name for path in _files(tmp_path / "made", FULL))
    for path in (tmp_path / "a.md", tmp_path / name):
        path.write_bytes(data)
        with pytest.raises(PapersError, match=words) as raised:
            renew_folder(tmp_path, [TWO, FULL]) if path.name == name else export(path, FULL)
        assert raised.value.title == str(path)
        assert raised.value.hint == "choose another name, or delete it"
        assert path.read_bytes() == data
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(["a.md", name])


def _files(folder: Path, *papers: Shelved) -> list[Path]:
    renew_folder(folder, papers)
    return sorted(folder.iterdir())


def test_a_paper_keeps_its_file_when_its_title_or_its_id_changes(tmp_path: Path) -> None:
    weak = shelve(7, keys=("text:00000000000000000007",))
    (path,) = _files(tmp_path, weak)
    path.write_text(path.read_text("utf-8") + "\nmine\n", "utf-8")
    strong = paper(weak, title="New", keys=("arxiv:2401.00007", *weak.paper.keys))
    assert _files(tmp_path, strong) == [path]
    assert path.read_text("utf-8") == render_paper(strong) + "\nmine\n"


def test_only_the_files_of_these_papers_are_touched(tmp_path: Path) -> None:
    old = {path: path.read_bytes() for path in _files(tmp_path, FULL, TWO)}
    (tmp_path / "meeting-2401.00003.md").write_text("mine")
    assert renew_folder(tmp_path, [THREE, TWO]) == Renewed("", 1)
    assert {path: path.read_bytes() for path in old} == old
    assert (tmp_path / "meeting-2401.00003.md").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 4


def test_what_is_not_kept_is_not_read(tmp_path: Path) -> None:
    assert [read_text(path) for path in (tmp_path, tmp_path / "gone", Path("/dev/null"))] == ["", "", ""]
    assert read_text(tmp_path / ("x" * 300)) == ""


# --------------------------------------------------------------------------------------------- any edits at all

WORD = re.compile(r"uw\d+w")
COMMONMARK = MarkdownIt("commonmark")


def headings(text: str) -> list[str]:
    """What a reader sees of the headings of sections, outside of whatever swallows them."""
    lines = lines_of(text)
    tokens = COMMONMARK.parse("".join(lines[extent(lines) :]))
    return [
        "".join(child.content for child in tokens[place + 1].children or ())
        for place, token in enumerate(tokens)
        if token.tag == "h2" and token.type == "heading_open" and token.level == 0
    ]


_texts = st.sampled_from(["", "One.", "Two.", "One.\n\nTwo.", "- [ ] x", "a *b* $c$", "Tags: x", "---"])
_notes = st.sampled_from(
    [
        "",
        "One.",
        "- [ ] x\n- [ ] y",
        "```\nx\n```",
        "```\nx",
        "x\n\n\ny  \nz\n",
        "<!-- papers-tui: a -->",
        "---",
        "%%",
    ]
)
_links = st.sampled_from(
    [
        Link("https://example.org/a", "code"),
        Link("https://example.org/b", "pdf"),
        Link("https://example.org/c", "data"),
    ]
)
_names = st.lists(st.sampled_from(["Ada", "Emmy", "Mary", "x: y", "#1"]), max_size=3, unique=True).map(tuple)


@st.composite
def versions(draw: st.DrawFn, number: int) -> Shelved:
    """One paper, as some day finds it."""
    return shelve(
        number,
        title=draw(st.sampled_from([f"Paper {number}", f"Paper {number}, revised", f"{number} *things*"])),
        abstract=draw(_texts),
        authors=draw(_names),
        links=tuple(draw(st.lists(_links, max_size=3, unique=True))),
        tags=draw(_names),
        sources=draw(_names),
        note=draw(_notes),
        starred=draw(st.booleans()),
    )


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Shelved], list[Shelved]]:
    """The papers of two days: some are new on the second, some gone, some changed."""
    numbers = draw(st.permutations(range(1, 6)))
    first = {number: draw(versions(number)) for number in numbers[: draw(st.integers(0, 5))]}
    second = [
        first[number] if number in first and draw(st.booleans()) else draw(versions(number))
        for number in draw(st.permutations(numbers))[: draw(st.integers(0, 5))]
    ]
    return list(first.values()), second


@dataclass(frozen=True, slots=True)
class Edit:
    """Something that a user does to a file, at some place in it; what they write holds a word of its own."""

    kind: str
    at: int
    form: str = "{}"


_kinds = ("line", "word", "inside", "change", "delete", "marker", "move", "copy", "join", "take out")
_forms = st.sampled_from(
    ["{}", "{}", "\n{}\n", "- {}", "  - {}", "> {}", "# {}", "{}: x", "    {}", "| {} |"]
)
_edits = st.lists(st.builds(Edit, st.sampled_from(_kinds), st.integers(0, 10**6), _forms), max_size=8)
_gentle = st.lists(
    st.builds(
        Edit, st.sampled_from(("line", "word", "change", "delete", "move")), st.integers(0, 10**6), _forms
    ),
    max_size=8,
)


def after(text: str, edits: Sequence[Edit]) -> str:
    for number, edit in enumerate(edits):
        text = "".join(_edited(lines_of(text), edit, f"uw{number}w"))
    return text


def _edited(lines: list[str], edit: Edit, word: str) -> list[str]:
    if not lines:
        return [f"{word}\n"]
    at = edit.at % len(lines)
    line = lines[at].rstrip("\n")
    spot = edit.at // 7 % (len(line) + 1)
    blocks = found("".join(lines))
    whole = "".join(lines)
    block = "".join(blocks[edit.at % len(blocks)].raw) if blocks else ""
    match edit.kind:
        case "line":
            return [*lines[:at], f"{edit.form.format(word)}\n", *lines[at:]]
        case "word":
            return [*lines[:at], f"{line[:spot]} {word} {line[spot:]}\n", *lines[at + 1 :]]
        case "inside":
            return [*lines[:at], f"{line[:spot]}{word}{line[spot:]}\n", *lines[at + 1 :]]
        case "change":
            return [*lines[:at], f"{line[:spot]}{word}{line[spot + 9 :]}\n", *lines[at + 1 :]]
        case "delete":
            return [*lines[:at], *lines[at + 1 :]]
        case "join":
            return [*lines[:at], line, *lines[at + 1 :]]
        case "marker":
            markers = [place for place, text in enumerate(lines) if text.startswith("<!--")]
            gone = markers[edit.at % len(markers)] if markers else at
            return [*lines[:gone], *lines[gone + 1 :]]
        case "copy":
            return lines_of(whole + block)
        case "take out":
            return lines_of(whole.replace(block, "", 1))
    return _moved(whole, block, edit.at)


def _moved(whole: str, block: str, at: int) -> list[str]:
    rest = whole.replace(block, "", 1)
    between = [0, *(sections_end.end() for sections_end in re.finditer(r"<!-- /papers-tui: \S+ -->\n", rest))]
    place = between[at % len(between)] or len(rest)
    return lines_of(rest[:place] + ("" if rest[:place].endswith("\n") else "\n") + block + rest[place:])


def renewed_or_none(old: str, papers: Sequence[Shelved], date: str = LATER) -> str | None:
    renewed = renewed_document(old, papers, title=TITLE, query=QUERY, date=date)
    return None if renewed is None else renewed.text


@many
@given(days(), _edits, st.booleans(), st.booleans())
def test_every_word_of_the_user_stays_in_its_order(
    papers: tuple[list[Shelved], list[Shelved]], edits: list[Edit], windows: bool, marked: bool
) -> None:
    old = after(document(*papers[0]), edits)
    old = ("\ufeff" if marked else "") + (old.replace("\n", "\r\n") if windows else old)
    new = renewed_or_none(old, papers[1])
    assume(new is not None)
    assert new is not None
    assert WORD.findall(new) == WORD.findall(old)
    assert new.startswith("\ufeff") is (marked and bool(old.strip("\ufeff \r\n")))


@many
@given(days(), _edits, st.booleans())
def test_doing_it_twice_is_doing_it_once(
    papers: tuple[list[Shelved], list[Shelved]], edits: list[Edit], windows: bool
) -> None:
    old = after(document(*papers[0]), edits)
    new = renewed_or_none(old.replace("\n", "\r\n") if windows else old, papers[1])
    assume(new is not None)
    assert new is not None
    again = renewed_document(new, papers[1], title=TITLE, query=QUERY, date=LATER)
    assert again is not None
    assert again.text == new
    assert (again.new, again.gone) == (0, 0)


@many
@given(days(), _edits)
def test_every_paper_has_one_section_and_known_ones_keep_their_order(
    papers: tuple[list[Shelved], list[Shelved]], edits: list[Edit]
) -> None:
    old = after(document(*papers[0]), edits)
    new = renewed_or_none(old, papers[1])
    assume(new is not None)
    assert new is not None
    ids = [section.id for section in found(new)]
    known = list(dict.fromkeys(section.id for section in found(old)))
    now = [shelved.paper.id for shelved in papers[1]]
    assert set(ids) == {*known, *now}
    assert [one for one in ids if one in now] == list(dict.fromkeys(one for one in ids if one in now))
    assert [one for one in dict.fromkeys(ids) if one in known] == known


@many
@given(days(), _edits)
def test_a_section_that_was_not_touched_is_as_a_fresh_one(
    papers: tuple[list[Shelved], list[Shelved]], edits: list[Edit]
) -> None:
    old = after(document(*papers[0]), edits)
    new = renewed_or_none(old, papers[1])
    assume(new is not None)
    assert new is not None
    touched = {section.id for section in found(old) if not section.untouched}
    fresh = {section.id: keys(section.lines) for section in found(document(*papers[1]))}
    for section in found(new):
        if section.id in fresh and section.id not in touched:
            assert keys(section.lines) == fresh[section.id]
            assert section.wrote == fresh[section.id]


@many
@given(days(), _gentle)
def test_with_the_same_papers_an_edited_file_stays_byte_for_byte(
    papers: tuple[list[Shelved], list[Shelved]], edits: list[Edit]
) -> None:
    fresh = document(*papers[0])
    old = after(fresh, edits)
    parts = {section.id: section.wrote for section in found(old)}
    assume(parts == {section.id: section.wrote for section in found(fresh)})
    assume(len(parts) == len(found(old)))
    assume(parts or old == fresh)
    assert renewed_or_none(old, papers[0], DAY) == old


@many
@given(days(), _gentle)
def test_a_section_that_a_reader_saw_is_never_swallowed(
    papers: tuple[list[Shelved], list[Shelved]], edits: list[Edit]
) -> None:
    old = after(document(*papers[0]), edits)
    new = renewed_or_none(old, papers[1])
    assume(new is not None)
    assert new is not None
    touched = {section.id for section in found(old) if not section.untouched}
    assume(len(found(old)) == len(papers[0]) and not _opens(old))
    seen = headings(new)
    for shelved in papers[1]:
        if shelved.paper.id not in touched:
            assert shelved.paper.title.replace("*", "") in {one.replace("*", "") for one in seen}


def _opens(text: str) -> bool:
    """Whether the user left something open that swallows a section."""
    tokens = COMMONMARK.parse(text)
    ends = [token.content.strip() for token in tokens if token.type == "html_block" and token.level == 0]
    return any(f"<!-- /papers-tui: {section.id} -->" not in ends for section in found(text))


@many
@given(days(), days(), _edits, _edits)
def test_words_written_between_several_exports_stay(
    papers: tuple[list[Shelved], list[Shelved]],
    later: tuple[list[Shelved], list[Shelved]],
    edits: list[Edit],
    more: list[Edit],
) -> None:
    text = document(*papers[0])
    for day, (now, step) in enumerate([(papers[1], edits), (later[0], more), (later[1], edits[::-1])], 1):
        old = after(text, [replace(edit, form=f"{edit.form} uw{day}{n}9w") for n, edit in enumerate(step)])
        new = renewed_or_none(old, now, f"2026-03-1{day}")
        assume(new is not None)
        assert new is not None
        assert WORD.findall(new) == WORD.findall(old)
        text = new


@many
@given(versions(1), versions(1), _edits, st.booleans(), st.booleans())
def test_every_word_in_the_file_of_a_paper_stays(
    before: Shelved, now: Shelved, edits: list[Edit], windows: bool, rewritten: bool
) -> None:
    old = render_paper(before)
    if rewritten:
        rest = old.split("\n---\n", 1)[1]
        old = f"---\n{yaml.safe_dump(front_matter(old), sort_keys=False, allow_unicode=True)}---\n{rest}"
        assert renew_paper(old, before) == old
    edited = after(old, edits)
    edited = edited.replace("\n", "\r\n") if windows else edited
    renewed = renewed_paper(edited, now)
    assume(renewed is not None)
    assert renewed is not None
    assert WORD.findall(renewed.text) == WORD.findall(edited)
    assert renew_paper(renewed.text, now) == renewed.text
    if not windows and _is_mapping(edited):
        assert _is_mapping(renewed.text)


def _is_mapping(text: str) -> bool:
    lines = lines_of(text)
    try:
        inside = yaml.safe_load("".join(lines[1 : max(1, extent(lines) - 1)]))
    except yaml.YAMLError:
        return False
    return isinstance(inside, dict)


# -------------------------------------------------------------------------------------------- on the command line


def test_the_command_says_what_became_of_an_older_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> str:
        capsys.readouterr()
        assert main(list(words)) == 0
        return capsys.readouterr().err

    papers = tmp_path / "papers.jsonl"
    papers.write_text("".join(f'{{"title": "Paper {n}", "id": "arxiv:2401.0000{n}"}}\n' for n in (1, 2, 3)))
    file, folder = tmp_path / "a.md", tmp_path / "notes"
    run("import", str(papers))
    run("mark", "2401.00001", "2401.00002", "--star")
    assert run("export", "-o", str(file)) == f"2 papers → {file}\n"
    assert run("export", "-o", f"{folder}/") == f"2 papers → {folder}/\n"
    assert run("export", "-o", str(file)) == f"2 papers → {file}\n"
    file.write_text(file.read_text("utf-8") + "\nmine\n", "utf-8")
    run("mark", "2401.00003", "--star")
    run("mark", "2401.00001", "--unstar")
    news = "1 new, 1 no longer starred; your edits kept"
    assert run("export", "-o", str(file)) == f"2 papers → {file} ({news})\n"
    assert run("export", "-o", str(file), "--", "-is:starred") == f"1 paper → {file} (your edits kept)\n"
    assert run("export", "-o", str(folder)) == f"2 papers → {folder} (1 new, 1 no longer starred)\n"
    assert run("export", "-o", str(folder)) == f"2 papers → {folder}\n"
    stars = {path.stem[-1]: "starred: true" in path.read_text("utf-8") for path in folder.glob("*.md")}
    assert stars == {"1": False, "2": True, "3": True}
    assert "\nmine\n" in file.read_text("utf-8")
