"""The user's settings: what is understood, what is reported, and that nothing in the file is fatal."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers_tui.config import EXAMPLE, Config, Services, load_config
from papers_tui.domain.rules import Rule


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def _load(file: Path, text: str) -> tuple[Config, tuple[str, ...]]:
    file.write_text(text, "utf-8")
    return load_config(file)


def test_no_file_means_the_defaults(file: Path) -> None:
    assert load_config(file) == (Config(), ())
    assert Config() == Config("", 2.0, "compact", (), (), {})


def test_every_setting_is_read(file: Path) -> None:
    config, problems = _load(
        file,
        """
        theme = "nord"
        read_after = 0
        density = "comfortable"
        browser = ["firefox", "--new-tab={url}"]
        pdf = ["zathura"]
        [keys]
        star = "s"
        later = ["L", "f5"]
        dismiss = []
        """,
    )
    assert problems == ()
    assert (config.theme, config.read_after, config.density) == ("nord", 0.0, "comfortable")
    assert config.browser == ("firefox", "--new-tab={url}")
    assert config.pdf == ("zathura", "{url}")
    assert config.keys == {"star": ("s",), "later": ("L", "f5"), "dismiss": ()}


def test_the_defaults_of_live_sources() -> None:
    assert (Config().contact, Config().refresh) == ("", "auto")
    assert dataclasses.astuple(Config().services) == (
        "https://huggingface.co",
        "https://export.arxiv.org",
        "https://rss.arxiv.org",
        "https://paperswithcode.co",
    )


def test_the_settings_of_live_sources_are_read(file: Path) -> None:
    config, problems = _load(
        file,
        """
        contact = " https://example.org/about "
        refresh = "manual"
        [services]
        huggingface = "http://127.0.0.1:8000"
        arxiv_api = "https://mirror.example/arxiv//"
        arxiv_rss = "http://[::1]:8080/"
        """,
    )
    assert problems == ()
    assert (config.contact, config.refresh) == ("https://example.org/about", "manual")
    assert config.services == Services(
        "http://127.0.0.1:8000", "https://mirror.example/arxiv", "http://[::1]:8080"
    )


def test_a_password_in_the_address_of_a_service_is_not_repeated(file: Path) -> None:
    config, problems = _load(file, '[services]\nhuggingface = "https://me:sec/ret@mirror.example"')
    assert config.services == Services()
    assert (
        "services.huggingface: found 'https://…@mirror.example', expected an http(s) address" in problems[0]
    )


def test_one_bad_service_spoils_no_other(file: Path) -> None:
    config, problems = _load(file, '[services]\narxiv_api = 3\narxiv_rss = "http://localhost:1"\n')
    assert config.services == Services(arxiv_rss="http://localhost:1")
    assert len(problems) == 1


def test_rules_are_read(file: Path) -> None:
    text = """
    [[rules]]
    name = "Language"
    when = "cat:cs.CL"
    do = ["tag:language", "later"]
    [[rules]]
    when = "title:survey"
    do = "dismiss"
    """
    language = Rule("Language", "cat:cs.CL", ("tag:language", "later"))
    nameless = Rule("title:survey", "title:survey", ("dismiss",))
    assert _load(file, text) == (Config(rules=(language, nameless)), ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rules = 5", "rules: found 5, expected [[rules]] tables, in double brackets"),
        ("[rules]\na = 1", "rules: found a table, expected [[rules]] tables"),
        ("rules = [5]", "rule 1: found 5, expected a table; it is left out"),
        ("[[rules]]\ndo = 'read'", "rule 1: it has no when, a query; it is left out"),
        ("[[rules]]\nwhen = 5\ndo = 'read'", "rule 1: when: found 5, expected a query"),
        ("[[rules]]\nwhen = 'a'", "rule 1: it has no do, a list of what to do, of dismiss, later"),
        ("[[rules]]\nwhen = 'a'\ndo = [1]", "rule 1: do: found [1], expected a list of what to do"),
        ("[[rules]]\nwhen = 'a'\ndo = []", "rule 1: a: it does nothing"),
        ("[[rules]]\nwhen = 'a'\ndo = 'star'", "rule 1: star: that is nothing a rule can do"),
        ("[[rules]]\nname = 5\nwhen = 'a'\ndo = 'read'", "rule 1: name: found 5, expected a text"),
        ("[[rules]]\nname = 'N'\nwhen = '(a'\ndo = 'read'", "rule 1 ('N'): its query"),
        ("[[rules]]\nwhen = 'is:read'\ndo = 'read'", "is:read is for you to set"),
    ],
)
def test_a_rule_that_can_not_be_used_is_reported_and_left_out(text: str, problem: str, file: Path) -> None:
    config, problems = _load(file, text)
    assert config == Config()
    (told,) = problems
    assert told.startswith(f"{file}: ")
    assert problem in told
    assert told.isprintable()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("theme = 3", "theme: found 3, expected the name of a theme"),
        ("theme = true", "theme: found true, expected the name of a theme"),
        ('read_after = "2"', "read_after: found '2', expected seconds from 0"),
        ("read_after = true", "read_after: found true, expected seconds"),
        ("read_after = -1", "read_after: found -1, expected seconds"),
        ("read_after = nan", "read_after: found nan, expected seconds"),
        ("read_after = inf", "read_after: found inf, expected seconds"),
        ("read_after = 1e9", "from 0 (never) to 86400"),
        (f"read_after = 0x{'f' * 9000}", "read_after: found something too long to show, expected seconds"),
        ('density = "wide"', 'density: found \'wide\', expected "compact" or "comfortable"'),
        ("density = [1]", "density: found [1], expected"),
        ("browser = 'firefox --new-tab'", 'expected a list: ["firefox", "--new-tab", "{url}"]'),
        ("""browser = 'firefox "{url}"'""", 'expected a list: ["firefox", "{url}"]'),
        ('browser = ""', 'expected a list: ["firefox", "{url}"]'),
        ("browser = ['{url}']", "browser: found ['{url}'], expected a list of a program and its arguments"),
        ("browser = ['firefox', 1]", "browser: found ['firefox', 1], expected a list of a program"),
        ('pdf = ["a", ""]', "pdf: found ['a', ''], expected a list of a program"),
        ('pdf = ["a\\u0000"]', "pdf: found ['a\\x00'], expected a list of a program"),
        ("keys = 5", "keys: found 5, expected a table, [keys]"),
        ("keys.star = 5", "keys.star: found 5, expected a key"),
        ('keys.star = ""', "keys.star: found '', expected a key"),
        ('keys.star = ["s", 5]', "keys.star: found ['s', 5], expected a key"),
        ("keys.star.x = 's'", "keys.star: found a table, expected a key"),
        ('keys."a\\nb" = 5', "keys.a b: found 5, expected a key"),
        ("densty = 'compact'", "'densty' is not a setting, perhaps density is meant"),
        (
            "zzz = 1",
            "'zzz' is not a setting, expected one of theme, read_after, density, browser, pdf, contact",
        ),
        ("contact = 3", "contact: found 3, expected a mail address or a page, on one line"),
        ('contact = "a\\nb"', "contact: found 'a\\nb', expected a mail address"),
        (f'contact = "{"x" * 201}"', "x…, expected a mail address"),
        ("refresh = true", 'refresh: found true, expected "auto" or "manual"'),
        ('refresh = "hourly"', 'refresh: found \'hourly\', expected "auto" or "manual"'),
        ("services = 5", "services: found 5, expected a table, [services]"),
        ("services.arxiv = 'x'", "services.arxiv is not a service, perhaps arxiv_rss is meant"),
        ("services.zzz = 'x'", "services.zzz is not a service, expected one of huggingface, arxiv_api"),
        ("services.arxiv_api = 5", "services.arxiv_api: found 5, expected an http(s) address without user"),
        ("services.arxiv_api = ''", "services.arxiv_api: found '', expected an http(s) address"),
        ("services.arxiv_api = 'ftp://x.example'", "found 'ftp://x.example', expected an http(s) address"),
        ("services.arxiv_api = 'export.arxiv.org'", "found 'export.arxiv.org', expected an http(s) address"),
        ("services.arxiv_api = 'https://x.example?a=1'", "expected an http(s) address"),
        ("services.arxiv_api = 'https://x.example/#a'", "expected an http(s) address"),
        ("services.arxiv_api = 'https://x.example:99999'", "expected an http(s) address"),
        ("[colours]\na = 1", "'colours' is not a setting, expected one of"),
        (f'theme = ["{"x" * 999}"]', "x…, expected the name of a theme"),
    ],
)
def test_what_can_not_be_used_is_reported_and_keeps_its_default(text: str, problem: str, file: Path) -> None:
    config, problems = _load(file, text)
    assert config == Config()
    assert len(problems) == 1
    assert problems[0].startswith(f"{file}: ")
    assert problem in problems[0]
    assert problems[0].isprintable()


def test_one_bad_setting_spoils_no_other(file: Path) -> None:
    config, problems = _load(file, 'density = 1\ntheme = "nord"\n[keys]\nstar = 1\nlater = "L"\n')
    assert (config.theme, config.density, config.keys) == ("nord", "compact", {"later": ("L",)})
    assert [problem.split(": ")[1] for problem in problems] == ["density", "keys.star"]


@pytest.mark.parametrize(
    "text", ["theme = ", "theme", "[keys", "a = 1\na = 2", f"a = {'[' * 5000}", f"a = {'9' * 5000}"]
)
def test_what_is_not_toml_is_reported(text: str, file: Path) -> None:
    config, problems = _load(file, text)
    assert config == Config(rules=None)
    assert len(problems) == 1
    assert problems[0].startswith(f"{file}: it is not TOML, so the defaults hold: ")
    assert problems[0].isprintable()


def test_broken_toml_names_the_place(file: Path) -> None:
    assert "line 2" in _load(file, 'density = "compact"\ntheme = nord\n')[1][0]


def test_a_byte_order_mark_and_windows_lines_are_understood(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbftheme = "nord"\r\nread_after = 1\r\n')
    assert load_config(file) == (Config(theme="nord", read_after=1.0), ())


def test_what_is_not_text_is_reported(file: Path) -> None:
    file.write_bytes('theme = "caf\u00e9"'.encode("latin-1"))
    assert load_config(file) == (
        Config(rules=None),
        (f"{file}: found byte 13 not to be UTF-8, expected UTF-8 text",),
    )


def test_a_folder_in_its_place_is_reported(file: Path) -> None:
    file.mkdir()
    assert load_config(file) == (
        Config(rules=None),
        (f"{file}: can't be read (Is a directory), the defaults hold",),
    )


def test_a_file_without_permission_is_reported(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert load_config(file) == (
        Config(rules=None),
        (f"{file}: can't be read (Permission denied), the defaults hold",),
    )


def test_the_example_as_it_stands_sets_nothing(file: Path) -> None:
    assert _load(file, EXAMPLE) == (Config(), ())


def test_the_example_without_its_marks_loads_without_problems(file: Path) -> None:
    config, problems = _load(file, re.sub(r"(?m)^#(?! )", "", EXAMPLE))
    assert problems == ()
    assert config.browser
    assert config.pdf
    assert config.keys
    assert config.rules


def test_the_example_shows_every_setting() -> None:
    shown = set(re.findall(r"(?m)^#\[{0,2}([a-z_]+)(?: =|\])", EXAMPLE))
    assert shown >= {field.name for field in dataclasses.fields(Config)}


@given(content=st.binary() | st.text().map(str.encode) | st.lists(st.sampled_from(
    ["theme", "keys", "pdf", "services", "contact", ".", "=", "[", "]", '"x"', "{", "}", "\n", " ", "1", "'", ",", "#"],
)).map(lambda parts: "".join(parts).encode()))  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_in_the_file_is_fatal(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    config, problems = load_config(file)
    assert isinstance(config, Config)
    assert all(problem.isprintable() for problem in problems)
