"""What every test stands on: a home of its own, no browser, the shared sample data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from papers_tui import paths

pytest_plugins = ["tests.program", "tests.tallying", "tests.terminal"]

settings.register_profile("house", derandomize=bool(os.environ.get("CI")), deadline=None, max_examples=100)
settings.load_profile("house")

_OUTSIDE = (
    *("BROWSER", "NO_COLOR", "HF_TOKEN", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_TTY"),
    *(
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
    ),
)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of sample pages, feeds and hostile files, which lies beside the checkout."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("shared data is not here")
    return folder


@pytest.fixture(autouse=True)
def _apart_from_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the files of whoever runs it, or opens their browser."""
    monkeypatch.setenv("PAPERS_TUI_HOME", str(tmp_path / "home"))
    for name in _OUTSIDE:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path: Path) -> paths.Paths:
    """The program's four directories, made under `tmp_path`."""
    found = paths.find_paths({"PAPERS_TUI_HOME": str(tmp_path / "home")})
    paths.make(found)
    return found
