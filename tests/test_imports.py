"""What imports what: the contracts, what a clean interpreter loads, and that nothing comes without its reason."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "tui" / "papers_tui"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def test_import_contracts_are_kept() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


NOT_FOR_THE_FIRST_FRAME = (
    "httpx", "markdownify", "bs4", "feedparser", "nh3", "hypothesis", "textual.widgets._markdown", "markdown_it",
    "textual.widgets._data_table", "textual.widgets._text_area", "importlib.metadata", "ssl", "email", "xml",
    "calendar", "difflib", "gzip", "hashlib", "hmac", "importlib.resources", "secrets", "shlex", "tomli_w",
    "papers_tui.cli.commands", "papers_tui.doctor", "papers_tui.domain.confidential", "papers_tui.export",
    "papers_tui.exporting", "papers_tui.sample", "papers_tui.sources", "papers_tui.syncing",
    "papers_tui.ui.screens.failures", "papers_tui.ui.screens.help", "papers_tui.ui.screens.note",
    "papers_tui.ui.screens.preview",
)  # fmt: skip


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        pytest.param("papers_tui.ui.app", NOT_FOR_THE_FIRST_FRAME, id="the app"),
        pytest.param(
            "papers_tui.library.library",
            ("textual", "rich", "httpx", "markdownify", "asyncio", "tomli_w", "platformdirs"),
            id="the library",
        ),
        pytest.param(
            "papers_tui.prepaint.frame",
            (
                *(
                    "textual",
                    "rich",
                    "typing",
                    "asyncio",
                    "dataclasses",
                    "inspect",
                    "tomllib",
                    "tempfile",
                    "shutil",
                ),
                *("papers_tui.library.library", "papers_tui.journal", "papers_tui.store.papers"),
            ),
            id="the first screen",
        ),
        pytest.param("papers_tui.store", ("textual", "rich", "httpx"), id="the store"),
        pytest.param("papers_tui.journal", ("textual", "rich", "httpx", "sqlite3"), id="the journal"),
        pytest.param("papers_tui.domain.query", ("sqlite3", "subprocess", "pathlib"), id="the domain"),
    ],
)
def test_a_clean_interpreter_loads_no_more_than_it_needs(module: str, unwanted: tuple[str, ...]) -> None:
    loaded = _loaded_by(f"import {module}")
    if module == "papers_tui.ui.app":
        # What Textual itself brings is not ours to leave out.
        loaded -= _loaded_by("import textual.app, textual.scroll_view, textual.widgets, textual.command")
    assert module in loaded
    assert [name for name in unwanted if name in loaded] == []


def test_the_first_frame_loads_nothing_heavy(tmp_path: Path) -> None:
    code = f"""
import asyncio, pathlib
from papers_tui.config import Config
from papers_tui.paths import find_paths
from papers_tui.ui.app import PapersApp
async def shown():
    app = PapersApp(find_paths({{"PAPERS_TUI_HOME": {str(tmp_path)!r}}}), Config(), demo=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app.main.papers.ids
    app.close()
asyncio.run(shown())
"""
    unwanted = {"httpx", "markdownify", "feedparser", "nh3", "hypothesis", "textual.widgets._markdown", "bs4"}
    assert _loaded_by(code) & unwanted == set()


def test_text_of_plain_signs_loads_no_tables() -> None:
    code = "from papers_tui.ui.drawing import fit\nassert fit('★ Grüße — “αβγ”', 8) == '★ Grüße…'"
    assert "rich" not in _loaded_by(code)
    assert "rich" in _loaded_by(f"{code}\nassert fit('注', 3) == '注 '")


def test_values_are_made_late() -> None:
    early = [
        module
        for module in MODULES
        for node in ast.walk(ast.parse((PACKAGE / module).read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "dataclasses"
        and "dataclass" in {alias.name for alias in node.names}
    ]
    assert early == ["late.py"], "import it from papers_tui.late"


def test_the_first_frame_waits_for_no_pattern() -> None:
    loaded = {name.replace(".", "/") for name in _loaded_by("import papers_tui.ui.app")}
    early = [
        module
        for module in MODULES
        if f"papers_tui/{module.removesuffix('.py').removesuffix('/__init__')}" in loaded
        for statement in ast.parse((PACKAGE / module).read_text("utf-8")).body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and "re.compile(" in ast.unparse(statement)
    ]
    assert early == [], "use `pattern` of papers_tui.late"


def test_the_app_does_without_tls() -> None:
    code = "from papers_tui.ui.importing import frugal_imports\n"
    code += "with frugal_imports(): import papers_tui.ui.app"
    assert "ssl" not in _loaded_by(code)
    code += "\nimport ssl, httpx\nassert ssl.OPENSSL_VERSION and httpx.Client"
    assert "ssl" in _loaded_by(code), "it is there for those who want it"


def _loaded_by(code: str) -> set[str]:
    """The modules that are loaded after some code was run in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"{code}\nimport sys; print('\\n'.join(sys.modules))"],
        cwd="/",
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("module", MODULES)
def test_module_says_in_one_line_what_it_is(module: str) -> None:
    text = ast.get_docstring(ast.parse((PACKAGE / module).read_text("utf-8")))
    if module == "__main__.py" and text is None:
        text = _first_string(PACKAGE / module)
    assert text, "it has no docstring"
    first = text.split("\n")[0]
    assert first.rstrip().endswith((".", "?", "!", "`")), first


def _first_string(path: Path) -> str:
    found = re.match(r'"""(.+?)"""', path.read_text("utf-8"), re.DOTALL)
    return found[1] if found else ""


def test_every_dependency_has_its_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for requirement in _requirements("runtime", "dev"):
        assert re.search(rf'^  "{re.escape(requirement)}",\s+# \w', text, re.MULTILINE), requirement


def test_everything_that_is_imported_is_declared() -> None:
    declared = {
        re.split(r"[<>=~!\[]", name)[0].replace("-", "_").lower() for name in _requirements("runtime")
    }
    ours = sys.stdlib_module_names | {"papers_tui"} | declared | {"rich"}  # Textual draws with Rich
    assert {name for module in MODULES for name in _imported(PACKAGE / module)} - ours == set()


def _requirements(*groups: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    known = {"runtime": project["dependencies"], **project["optional-dependencies"]}
    return [requirement for group in groups for requirement in known[group]]


def _imported(path: Path) -> set[str]:
    """The first parts of the names of all modules that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


def test_every_lint_rule_that_is_ignored_has_its_reason() -> None:
    bare = []
    for path in [ROOT / "pyproject.toml", *PACKAGE.rglob("*.py")]:
        for line in path.read_text("utf-8").splitlines():
            if re.search(r"# (?:noqa|type: ignore)(?!:|\[)", line):
                bare.append(f"{path.name}: {line.strip()}")
    assert bare == [], "an ignore has to name its rule"
