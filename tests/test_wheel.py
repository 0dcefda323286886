"""What is installed: the wheel's contents, and the program from a wheel with no checkout in reach."""

from __future__ import annotations

import email
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = """\
Get trending papers in your email inbox!

Subscribe

Learning to Sort Seeds by Sound

Seeds that fall on a plate ring differently when they are hollow. We record ten thousand of them and train a small \
model on their spectra. It sorts out nine in ten hollow seeds. Code: https://github.com/example/seed-sound today.

  • 3 authors
·
Nov 3, 2025

The Shape of Puddles

Puddles on old roads are photographed after each rain of a year. We fit outlines and find that few numbers describe \
most of them. Our results tell a road's age from its puddles better than its surface does.

  • 2 authors
·
Nov 4, 2025 5
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what a release is made of."""
    folder = tmp_path_factory.mktemp("build")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "tui", folder / "tui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    # Without an environment of its own nothing is downloaded, where the build backend is installed already.
    backend = importlib.util.find_spec("hatchling") is not None
    options = ["--no-isolation"] if backend else []
    _run([sys.executable, "-m", "build", "--wheel", *options, "--outdir", str(folder / "dist")], folder)
    (built,) = (folder / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a new environment that has the wheel, and for its dependencies looks into the running one.

    A folder that a .pth file names is searched after the environment's own, and no .pth file in it is read: an
    editable install of the checkout is out of reach.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    install = ("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel))
    _run([sys.executable, "-m", "pip", "--python", str(python), *install], folder)
    site = Path(
        _run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    )
    (site / "running.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return folder / "bin"


def test_wheel_holds_the_package_its_licence_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = email.message_from_bytes(archive.read(_one(names, ".dist-info/METADATA")))
        scripts = archive.read(_one(names, ".dist-info/entry_points.txt")).decode()
        licence = archive.read(_one(names, "/LICENSE")).decode()
    package = ROOT / "tui" / "papers_tui"
    sources = {
        f"papers_tui/{path.relative_to(package)}"
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "papers_tui/py.typed" in names
    # Others may be at work on the sources while this runs, so of these only what is in both can be asked for.
    assert {"papers_tui/__init__.py", "papers_tui/cli/program.py", "papers_tui/ui/app.py"} <= names & sources
    assert {name for name in names if not name.startswith("papers_tui/")} == {
        name for name in names if ".dist-info/" in name
    }
    assert not [name for name in names if "tests" in Path(name).parts or name.endswith((".pyc", ".part"))]
    assert metadata["Name"] == "papers-tui"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    description = metadata.get_payload(decode=True)
    assert isinstance(description, bytes)
    assert description.decode().startswith((ROOT / "README.md").read_text("utf-8").split("\n")[0])
    assert "papers-tui = papers_tui.cli:main" in scripts
    assert licence == (ROOT / "LICENSE").read_text("utf-8")


def test_installed_program_is_the_wheels(installed: Path, tmp_path: Path) -> None:
    found = _run([str(installed / "python"), "-c", "import papers_tui; print(papers_tui.__file__)"], tmp_path)
    assert Path(found.strip()).is_relative_to(installed.parent)
    version = _run([str(installed / "papers-tui"), "--version"], tmp_path)
    assert version == _run([str(installed / "python"), "-m", "papers_tui", "--version"], tmp_path)
    assert version.startswith("papers-tui ")


def test_installed_program_imports_lists_and_exports(installed: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    program = str(installed / "papers-tui")
    counts = json.loads(_run([program, "import", "--json", str(page)], tmp_path))
    assert (counts["read"], counts["new"]) == (2, 2)
    listed = [
        json.loads(line) for line in _run([program, "list", "--format", "jsonl"], tmp_path).splitlines()
    ]
    assert [paper["title"] for paper in listed] == ["The Shape of Puddles", "Learning to Sort Seeds by Sound"]
    assert listed[1]["links"][0]["url"] == "https://github.com/example/seed-sound"
    _run([program, "mark", listed[1]["id"], "--star"], tmp_path)
    _run([program, "export", "-o", str(tmp_path / "papers.md")], tmp_path)
    assert "Learning to Sort Seeds by Sound" in (tmp_path / "papers.md").read_text("utf-8")


def test_installed_app_can_be_imported_with_its_data_files(installed: Path, tmp_path: Path) -> None:
    code = """
import os, pathlib
from papers_tui.config import load_config
from papers_tui.paths import find_paths
from papers_tui.ui.app import PapersApp
paths = find_paths(os.environ)
config, problems = load_config(paths.config_file)
app = PapersApp(paths, config, problems, demo=True)
print(app.library.counts().fixed["all"][0] > 0)
app.close()
"""
    assert _run([str(installed / "python"), "-c", code], tmp_path) == "True\n"


def _run(argv: list[str], cwd: Path) -> str:
    """What a program prints; it has to end well. It is started far from the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = kept | {"PAPERS_TUI_HOME": str(cwd / "home"), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        argv, cwd=cwd, env=environment, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _one(names: set[str], end: str) -> str:
    """The only name with this end."""
    (found,) = (name for name in names if name.endswith(end))
    return found
