"""The parts of the interface that decide without a screen: fitting, layouts, commands, views, signs, words."""

from __future__ import annotations

import itertools
from dataclasses import astuple
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from papers_tui.domain import marks
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.store.views import Counted, Counts
from papers_tui.ui.commands import COMMANDS, keymap, named_key, shown_key
from papers_tui.ui.drawing import ELLIPSIS, fit, right, wrap
from papers_tui.ui.following import Following
from papers_tui.ui.glyphs import ASCII, Glyphs, glyphs_for, plain, screen_encoding
from papers_tui.ui.panes.paper_list import brief_date, full_date
from papers_tui.ui.screens.layout import LAYOUTS, arrangement, next_choice
from papers_tui.ui.screens.main import MainScreen
from papers_tui.ui.triage import Triage, tag_names
from papers_tui.ui.views import ALL, DISMISSED, INBOX, LATER, STARRED, View, empty_message, entries

from .desk import fill, identity, paper

# --------------------------------------------------------------------------------------------------- fitting

SIGNS = ("數", "据", "한", "é", "e\u0301", "❤️", "1️⃣", "👨‍👩‍👧", "🇩🇪", "👍🏽", "क्षि", "שָׁ", "\ufe0f")
"""What a terminal draws in one cell or two, of one character or several."""

texts = st.lists(
    st.one_of(
        st.sampled_from((" ", " ", "word", "a-longer-word", *SIGNS)),
        st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u200d"), max_size=8),
    ),
    max_size=20,
).map("".join)
widths = st.integers(2, 60)


@given(texts, st.integers(-2, 60))
@example("❤️❤️", 3)
@example("數據", 3)
def test_fitted_text_takes_exactly_its_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == max(0, width)


@given(texts, widths)
def test_text_that_fits_is_whole_and_other_text_says_that_it_is_cut(text: str, width: int) -> None:
    fitted = fit(text, width)
    if cell_len(text) <= width:
        assert fitted == text + " " * (width - cell_len(text))
    else:
        assert fitted.rstrip().endswith(ELLIPSIS)
        assert text.startswith(fitted.rstrip().removesuffix(ELLIPSIS))


@given(texts, widths)
@example("00️", 2)
@example("❤️❤️❤️", 2)
@example("x👨‍👩‍👧y", 2)
def test_no_wrapped_line_is_too_long(text: str, width: int) -> None:
    assert [line for line in wrap(text, width) if cell_len(line) > width] == []


@given(texts, widths)
def test_wrapping_loses_nothing_but_spaces_at_the_breaks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    place = 0
    for line in lines:
        place = text.index(line, place) + len(line)


@given(st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=20), st.integers(6, 40))
def test_words_that_fit_on_a_line_are_not_parted(words: list[str], width: int) -> None:
    assert [word for line in wrap(" ".join(words), width) for word in line.split()] == words


@pytest.mark.parametrize("sign", SIGNS[:11])
def test_what_is_drawn_as_one_sign_is_not_parted(sign: str) -> None:
    assert "".join(wrap(sign * 9, 4)) == sign * 9
    assert all(len(line) % len(sign) == 0 for line in wrap(sign * 9, 4))


@pytest.mark.parametrize("width", [-1, 0, 1])
def test_wrapping_ends_at_any_width(width: int) -> None:
    assert "".join(wrap("數據 ab", width)).replace(" ", "") == "數據ab"


def test_right_fills_from_the_left() -> None:
    assert right("數", 5) == "   數"
    assert right("longer", 3) == "longer"


# --------------------------------------------------------------------------------------------------- layouts


@pytest.mark.parametrize(
    ("size", "choice", "shape"),
    [
        ((60, 30), "auto", "list"),
        ((79, 24), "columns", "list"),
        ((80, 24), "auto", "rows"),
        ((80, 15), "rows", "list"),
        ((149, 40), "auto", "rows"),
        ((150, 40), "auto", "columns"),
        ((200, 60), "auto", "columns"),
        ((90, 24), "columns", "columns"),
        ((200, 60), "rows", "rows"),
        ((200, 60), "list", "list"),
        ((20, 8), "auto", "list"),
        ((1, 1), "columns", "list"),
    ],
)
def test_what_was_chosen_holds_as_far_as_it_fits(size: tuple[int, int], choice: str, shape: str) -> None:
    assert arrangement(*size, choice) == shape


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (150, 40), (250, 80)])
@pytest.mark.parametrize("choice", LAYOUTS)
def test_choosing_again_shows_something_else_and_comes_round_to_every_shape(
    size: tuple[int, int], choice: str
) -> None:
    seen = []
    for _ in range(6):
        former, choice = choice, next_choice(*size, choice)
        assert arrangement(*size, choice) != arrangement(*size, former)
        seen.append(arrangement(*size, choice))
    assert set(seen) == {"columns", "rows", "list"}


def test_where_only_one_shape_fits_the_choice_stays() -> None:
    assert [next_choice(60, 20, choice) for choice in LAYOUTS] == list(LAYOUTS)


# -------------------------------------------------------------------------------------------------- commands


def test_every_command_has_an_id_of_its_own_and_something_that_does_it() -> None:
    ids = [command.id for command in COMMANDS]
    assert len(set(ids)) == len(ids)
    assert [id_ for id_ in ids if not callable(getattr(MainScreen, f"_do_{id_}", None))] == []
    done = {name.removeprefix("_do_") for name in dir(MainScreen) if name.startswith("_do_")}
    assert done == set(ids)


def test_no_key_stands_twice() -> None:
    found = keymap({})
    assert found.problems == ()
    assert found.commands == COMMANDS
    keys = [*found.single, *(f"{first} {second}" for first in found.chords for second in found.chords[first])]
    assert len(keys) == sum(len(command.keys) for command in COMMANDS)
    assert not set(found.single) & set(found.chords)


def test_commands_of_a_group_stand_together_and_all_say_what_they_do() -> None:
    groups = [group for group, _ in itertools.groupby(command.group for command in COMMANDS)]
    assert len(set(groups)) == len(groups)
    assert all(command.keys and command.title and command.help for command in COMMANDS)


def test_no_act_is_on_a_key_that_ends_or_suspends_programs() -> None:
    taken = {key: command.id for command in COMMANDS for key in command.keys}
    assert taken["ctrl+c"] == "quit"
    assert taken["ctrl+z"] == "suspend"


def test_keys_of_the_users_own_replace_the_default_ones() -> None:
    found = keymap({"star": ("f5", "%"), "help": (), "top": ("W W", "W x", "f6")})
    assert found.problems == ()
    keys = {command.id: command.keys for command in found.commands}
    assert keys["star"] == ("f5", "%")
    assert [key for key, command in found.single.items() if command == "star"] == ["f5", "percent_sign"]
    assert "help" not in found.single.values()
    assert found.single["f6"] == "top"
    assert found.chords["W"] == {"W": "top", "x": "top"}
    assert [command.id for command in found.commands] == [command.id for command in COMMANDS]


def test_a_typo_is_told_with_what_was_probably_meant() -> None:
    found = keymap({"sart": ("f5",), "zzzzzz": ("f6",)})
    assert found.commands == COMMANDS
    near, far = found.problems
    assert "sart" in near
    assert "star" in near.replace("sart", "")
    assert "zzzzzz" in far


def test_a_name_that_is_a_title_means_that_command() -> None:
    (problem,) = keymap({"next": ("f5",)}).problems
    assert "did you mean down" in problem


@pytest.mark.parametrize("key", ["ctrl+nosuch", "nosuch", "hyperspace+a", "a b c", "a nosuch", " "])
def test_what_no_terminal_sends_is_told_and_bound_to_nothing(key: str) -> None:
    found = keymap({"help": (key,)})
    assert len(found.problems) == 1
    assert "help" in found.problems[0]
    assert "help" not in found.single.values()


@pytest.mark.parametrize(
    "key", ["f9", "ctrl+a", "é", ";", "ctrl+]", "alt+x", "ctrl+shift+p", "shift+f2", "g x"]
)
def test_what_a_terminal_sends_is_bound(key: str) -> None:
    assert keymap({"star": (key,)}).problems == ()


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"star": ("m",)}, ("read", "star")),
        ({"star": ("g",), "rules": ("f9",)}, ("top", "star")),
        ({"star": ("m x",)}, ("read", "star")),
        ({"star": ("g g",)}, ("top", "star")),
        ({"star": (".",)}, ("repeat", "star")),
        ({"star": ("full_stop",)}, ("repeat", "star")),
        ({"star": ("?",)}, ("help", "star")),
        ({"star": ("f7", "f7")}, ("star",)),
    ],
)
def test_a_clash_is_told_with_both_commands(keys: dict[str, tuple[str, ...]], named: tuple[str, ...]) -> None:
    problems = keymap(keys).problems
    assert len(problems) == 1
    assert all(name in problems[0] for name in named)


@pytest.mark.parametrize("key", ["", " ", "a b c", "g  g g"])
def test_what_is_no_key_is_told(key: str) -> None:
    found = keymap({"star": (key,)})
    assert len(found.problems) == 1
    assert "star" in found.problems[0]
    assert "star" not in found.single.values()


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from([command.id for command in COMMANDS]), st.tuples(st.text(max_size=9))))
def test_no_setting_ends_the_program(keys: dict[str, tuple[str, ...]]) -> None:
    found = keymap(keys)
    assert set(found.single.values()) <= {command.id for command in COMMANDS}


def test_taking_a_key_over_is_no_clash_where_its_command_gave_it_up() -> None:
    found = keymap({"star": ("m",), "read": ("f5",)})
    assert found.problems == ()
    assert (found.single["m"], found.single["f5"]) == ("star", "read")


def test_keys_are_shown_as_people_write_them() -> None:
    shown = [shown_key(key) for command in COMMANDS for key in command.keys]
    assert {"?", ".", "Esc", "Space", "PgDn", "[", "]", "G", "ctrl+d", "g g"} <= set(shown)
    assert [key for key in shown if "_" in key] == []


@pytest.mark.parametrize(
    ("key", "name"),
    [("]", "right_square_bracket"), ("?", "question_mark"), (",", "comma"), ("j", "j"), ("J", "J")],
)
def test_keys_are_bound_by_the_names_that_terminals_send(key: str, name: str) -> None:
    assert named_key(key) == name


# ----------------------------------------------------------------------------------------------------- views

NOTHING_FIXED = {"inbox": (0, 0), "starred": (0, 0), "later": (0, 0), "all": (0, 0), "dismissed": (0, 0)}
NO_LABELS: dict[str, tuple[Counted, ...]] = {
    "edition": (),
    "source": (),
    "tag": (),
    "cat": (),
    "org": (),
    "topic": (),
}


def test_an_empty_library_has_its_five_views() -> None:
    found = entries(Counts(NOTHING_FIXED, NO_LABELS), Following())
    assert [entry.view for entry in found] == [INBOX, STARRED, LATER, ALL, DISMISSED]
    assert {entry.count for entry in found} == {""}


def test_the_sidebar_stands_in_order_and_headings_stand_over_what_is_there() -> None:
    labels = NO_LABELS | {
        "edition": (Counted("edition", "2025-11-20", 33, 19), Counted("edition", "2025-11-19", 20, 0)),
        "tag": (Counted("tag", "rl", 3, 0),),
        "cat": (Counted("cat", "cs.CL", 1200, 1100),),
    }
    fixed = {"inbox": (7, 5), "starred": (4, 1), "later": (2, 0), "all": (53, 19), "dismissed": (1, 0)}
    found = entries(Counts(fixed, labels), Following())
    assert [entry.view.key for entry in found if entry.view] == [
        "inbox",
        "latest",
        "starred",
        "later",
        "all",
        "dismissed",
        "edition:2025-11-20",
        "edition:2025-11-19",
        "tag:rl",
        "cat:cs.CL",
    ]
    assert sum(1 for entry in found if entry.view is None and entry.title) == 3
    counts = {entry.view.key: (entry.count, entry.unread) for entry in found if entry.view}
    assert counts["inbox"] == ("5", 5)
    assert counts["starred"] == ("4", 1)
    assert counts["all"] == ("19", 19)
    assert counts["cat:cs.CL"] == ("1,100", 1100)
    assert counts["edition:2025-11-19"][1] == 0
    assert counts["latest"] == counts["edition:2025-11-20"]


def test_an_endless_row_of_editions_is_cut() -> None:
    labels = NO_LABELS | {"edition": tuple(Counted("edition", str(n), 1, 1) for n in range(500))}
    assert len(entries(Counts(NOTHING_FIXED, labels), Following())) < 100


def test_a_view_keeps_its_key_whatever_its_name_holds() -> None:
    labels = NO_LABELS | {"tag": (Counted("tag", "a:b [c]", 1, 0),)}
    assert any(
        entry.view and entry.view.key == "tag:a:b [c]"
        for entry in entries(Counts(NOTHING_FIXED, labels), Following())
    )


@pytest.mark.parametrize("view", [INBOX, STARRED, LATER, ALL, DISMISSED], ids=lambda view: view.key)
def test_every_view_says_why_it_is_empty(view: View) -> None:
    nothing, some = Counts(NOTHING_FIXED, NO_LABELS), Counts(NOTHING_FIXED | {"all": (5, 0)}, NO_LABELS)
    library = "\n".join(empty_message(view, nothing, Following(), keymap({})))
    assert "sample papers" in library
    held = "\n".join(empty_message(view, some, Following(), keymap({})))
    assert held.strip()
    assert "sample papers" not in held


# -------------------------------------------------------------------------------------------- signs and days


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf-16"])
def test_terminals_of_unicode_get_its_signs(encoding: str) -> None:
    assert glyphs_for(screen_encoding(encoding, {"LANG": "en_GB.UTF-8"})) == Glyphs()


@pytest.mark.parametrize("encoding", [None, "", "ascii", "latin-1", "cp1252", "no-such-encoding"])
def test_other_terminals_get_ascii(encoding: str | None) -> None:
    assert glyphs_for(screen_encoding(encoding, {})) == ASCII
    assert all(glyph.isascii() for glyph in astuple(ASCII))


@pytest.mark.parametrize(
    ("environ", "unicode"),
    [
        ({}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "C.UTF-8"}, True),
        ({"LC_ALL": "POSIX", "LANG": "en_GB.UTF-8"}, False),
        ({"LC_ALL": "", "LC_CTYPE": "en_GB.UTF-8", "LANG": "C"}, True),
    ],
)
def test_a_locale_without_unicode_is_believed(environ: dict[str, str], unicode: bool) -> None:
    assert (glyphs_for(screen_encoding("utf-8", environ)) == Glyphs()) is unicode


@given(texts, st.sampled_from(["ascii", "latin-1", "cp1252", "koi8-r", "shift_jis"]))
def test_plain_text_can_be_written(text: str, encoding: str) -> None:
    found = plain(text, encoding)
    found.encode(encoding)
    assert plain(found, encoding) == found


@pytest.mark.parametrize("sign", [*SIGNS[:11], "“", "—", "…", "│"])
def test_plain_text_is_as_wide(sign: str) -> None:
    assert cell_len(plain(f"a {sign} b", "ascii")) == cell_len(f"a {sign} b")


@pytest.mark.parametrize("glyphs", [Glyphs(), ASCII])
def test_signs_of_states_take_one_cell_and_differ(glyphs: Glyphs) -> None:
    states = [glyphs.unread, glyphs.later, glyphs.dismissed, glyphs.star, glyphs.note, glyphs.tag]
    assert {cell_len(sign) for sign in states} == {1}
    assert len(set(states)) == len(states)


@pytest.mark.parametrize("published", [None, "", "soon", "2025-13-40"])
def test_a_day_that_nobody_knows_is_left_out(published: str | None) -> None:
    assert brief_date(published, date(2025, 11, 20)) == full_date(published) == ""


# ------------------------------------------------------------------------------------------------------ tags


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ()),
        (" , ,, #", ()),
        ("rl", ("rl",)),
        ("  rl ,agents  , ", ("rl", "agents")),
        ("#rl, ##rl", ("rl",)),
        ("to   read", ("to read",)),
        ("world models", ("World Models",)),
        ("WORLD MODELS, x", ("World Models", "x")),
        ("x, X", ("x",)),
        ("[b]x[/b], \x1b[31mred", ("[b]x[/b]", "red")),
        ("Straße, STRASSE", ("Straße",)),
    ],
)
def test_tags_are_read_from_what_was_typed(typed: str, names: tuple[str, ...]) -> None:
    assert tag_names(typed, ["World Models", "agents"]) == names


@given(st.text(max_size=60))
def test_typed_tags_read_back_as_themselves(typed: str) -> None:
    names = tag_names(typed, [])
    assert tag_names(", ".join(names), names) == names
    assert all(name == marks.tag_name(name) for name in names)


# ---------------------------------------------------------------------------------------------------- triage


def test_a_mark_on_several_papers_is_taken_off_only_where_all_have_it(home: Paths) -> None:
    fill(home, [paper(number) for number in (1, 2, 3)])
    with Library(home) as library:
        triage = Triage(library)
        ids = [library.resolve(identity(number)) for number in (1, 2, 3)]

        def starred() -> list[bool]:
            return [library.holding(row).state.starred for row in ids]

        triage.toggle("star", triage.papers(ids[:1]))
        triage.toggle("star", triage.papers(ids))
        assert starred() == [True, True, True]
        triage.toggle("star", triage.papers(ids))
        assert starred() == [False, False, False]


def test_there_is_nothing_to_repeat_at_first(home: Paths) -> None:
    fill(home, [paper(1)])
    with Library(home) as library:
        triage = Triage(library)
        assert not triage.repeats
        triage.toggle("star", triage.papers([library.resolve(identity(1))]))
        assert triage.on(library).repeats
