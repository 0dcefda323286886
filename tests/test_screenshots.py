"""The pictures of the README show the program as it is."""

from __future__ import annotations

import asyncio
import html
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

FOLDER = Path(__file__).parent.parent / "screenshots"
README = FOLDER.parent / "README.md"
PICTURES = sorted(FOLDER.glob("*.svg"))
_NAMESPACES = {"http://www.w3.org/2000/svg"}


@pytest.fixture(scope="module")
def make() -> Iterator[ModuleType]:
    """The program that makes the pictures."""
    spec = importlib.util.spec_from_file_location("screenshots_make", FOLDER / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def words(svg: str) -> list[str]:
    """What is to be read in a picture, a line of the terminal each, the spaces between words as one."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for attributes, text in re.findall(r"<text([^>]*)>([^<]*)</text>", svg):
        x, y = (re.search(rf'\b{name}="([-\d.]+)"', attributes) for name in ("x", "y"))
        if x and y:
            lines.setdefault(float(y[1]), []).append((float(x[1]), html.unescape(text)))
    drawn = ("".join(text for _, text in sorted(parts)) for _, parts in sorted(lines.items()))
    return [" ".join(line.split()) for line in drawn if line.strip()]


def test_words_are_read_line_by_line_in_their_order() -> None:
    svg = (
        '<text class="b" x="24.4" y="40" clip-path="x">&#160;b&#160;&amp;</text>'
        '<text x="0" y="40">a</text><text x="0" y="20">&lt;first&gt;</text><text x="0" y="60">&#160;</text>'
    )
    assert words(svg) == ["<first>", "a b &"]


def test_every_scene_has_its_picture_and_every_picture_its_scene(make: ModuleType) -> None:
    assert sorted(make.SCENES) == [picture.stem for picture in PICTURES], "run python screenshots/make.py"


def test_the_readme_shows_every_picture_and_all_that_it_links_are_there() -> None:
    linked = re.findall(r"\]\(screenshots/([^)#]+)\)", README.read_text("utf-8"))
    assert sorted(set(linked)) == [picture.name for picture in PICTURES]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_is_whole_and_asks_the_web_for_nothing(picture: Path) -> None:
    svg = picture.read_text("utf-8")
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    outside = re.sub(r"<text[^>]*>[^<]*</text>", "", svg)  # an address that is drawn is not asked for
    assert set(re.findall(r"https?://[^\s\"'()<>]+", outside)) <= _NAMESPACES
    for reaching_out in ("@import", "@font-face", "<script", "<image", "<foreignObject", "href="):
        assert reaching_out not in outside
    assert re.findall(r"url\((?!#)", outside) == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_shows_what_the_program_draws_now(
    make: ModuleType, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("NO_COLOR", "")  # put back afterwards: a scene without colours sets it
    drawn = words(asyncio.run(make.picture(make.SCENES[picture.stem], tmp_path)))
    assert len(drawn) > 10
    assert words(picture.read_text("utf-8")) == drawn, (
        "run python screenshots/make.py and look at the pictures"
    )
