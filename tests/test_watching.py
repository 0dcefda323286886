"""`authors.toml`: whom the user watches, and what is wrong with the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from papers_tui.domain.errors import PapersError
from papers_tui.watching import MOST, load, unwatch, watch


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "authors.toml"


def test_authors_are_watched_and_no_longer(file: Path) -> None:
    assert load(file) == ((), ())
    assert watch(file, " Yann \x1b[1m LeCun ") == ("Yann LeCun",)
    assert watch(file, "Émilie du Châtelet") == ("Yann LeCun", "Émilie du Châtelet")
    assert watch(file, "Yann LeCun") == ("Yann LeCun", "Émilie du Châtelet") == load(file)[0]
    assert '[[author]]\nname = "Yann LeCun"' in file.read_text("utf-8")
    assert unwatch(file, "Y. LeCun") == ("Émilie du Châtelet",)
    assert unwatch(file, "nobody") == ("Émilie du Châtelet",)
    assert unwatch(file, "Emilie du Chatelet") == () == load(file)[0]


def test_what_others_wrote_into_the_file_stays(file: Path) -> None:
    file.write_text('mine = 1\n[[author]]\nname = "A B"\nwhy = "thesis"\n[[author]]\nnote = "none"\n')
    assert load(file) == (("A B",), (f"{file}: author 2: no name",))
    assert watch(file, "C D") == ("A B", "C D")
    text = file.read_text()
    assert all(part in text for part in ("mine = 1", 'why = "thesis"', 'note = "none"'))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("author = 1", "no list of tables"),
        ("author = [1, {name = 2}, {name = ' - '}]", "author 1: no name"),
        ("[[author", "not TOML"),
        ("\xff", "not TOML"),
    ],
)
def test_a_file_that_is_none_watches_nobody_and_is_told(file: Path, text: str, told: str) -> None:
    file.write_text(text)
    names, problems = load(file)
    assert names == ()
    assert told in problems[0]


@pytest.mark.parametrize("text", ["author = 1", "[[author"])
def test_a_file_that_is_none_is_left_as_it_is(file: Path, text: str) -> None:
    file.write_text(text)
    for change in (watch, unwatch):
        with pytest.raises(PapersError, match=r"authors\.toml"):
            change(file, "A B")
    assert file.read_text() == text


def test_there_is_an_end_to_watching(file: Path) -> None:
    file.write_text("".join(f"[[author]]\nname = 'A B{number}'\n" for number in range(MOST + 1)))
    names, (problem,) = load(file)
    assert len(names) == MOST
    assert f"only the first {MOST}" in problem
    with pytest.raises(PapersError, match="watched already"):
        watch(file, "C D")


@pytest.mark.parametrize("name", ["", " ", "—", "\x1b[0m"])
def test_nobody_has_no_name(file: Path, name: str) -> None:
    with pytest.raises(PapersError, match="holds no name"):
        watch(file, name)
    assert not file.exists()
