"""Where the program keeps its files: config, data, cache and log."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.late import dataclass

_APP = "papers-tui"
_HOME = "PAPERS_TUI_HOME"
_ELSEWHERE = f"set {_HOME} to a folder of your own to keep the files there"


@dataclass(frozen=True, slots=True)
class Paths:
    """The four directories, all absolute, and the files in them that have fixed names.

    `config` is the user's own; `data` holds what the user did and imported; `cache` can be rebuilt; `log`
    (the system's state directory) holds what only this machine cares about.
    """

    config: Path
    data: Path
    cache: Path
    log: Path

    @property
    def journal(self) -> Path:
        return self.data / "journal"

    @property
    def imported(self) -> Path:
        return self.data / "imported"

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def sources_file(self) -> Path:
        return self.config / "sources.toml"

    @property
    def views_file(self) -> Path:
        return self.config / "views.toml"

    @property
    def rules_file(self) -> Path:
        return self.config / "rules.toml"

    @property
    def authors_file(self) -> Path:
        return self.config / "authors.toml"

    @property
    def sync_file(self) -> Path:
        return self.config / "sync.toml"

    @property
    def session_file(self) -> Path:
        return self.log / "session.toml"

    @property
    def log_file(self) -> Path:
        return self.log / "papers-tui.log"


def find_paths(environ: Mapping[str, str]) -> Paths:
    """Where the four directories are, made or not.

    `PAPERS_TUI_HOME`, where set and not empty, puts all four under one folder; `~` and a path relative to
    the current directory are understood. Otherwise the system's own places, per platformdirs. Raises PapersError
    where that takes a home folder and nobody knows it.
    """
    home = environ.get(_HOME, "")
    if home:
        root = _absolute(home)
        return Paths(root / "config", root / "data", root / "cache", root / "log")
    from platformdirs import PlatformDirs

    places = PlatformDirs(_APP, appauthor=False)
    try:
        # macOS has one folder for config, data and state; what belongs to this machine alone stays out of it.
        apart = places.user_state_dir != places.user_data_dir
        log = places.user_state_dir if apart else places.user_log_dir
        folders = (places.user_config_dir, places.user_data_dir, places.user_cache_dir, log)
    except RuntimeError as error:
        raise PapersError(
            "home folder", "nobody knows where yours is", f"set HOME, or {_ELSEWHERE}"
        ) from error
    return Paths(*map(_absolute, folders))


def home_folder() -> Path:
    """The user's home folder, or the root where nobody knows it."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")


def make(paths: Paths) -> None:
    """Make the directories that are missing, and those above them, for their owner only (0700).

    Directories that are there already keep the mode that they have. Raises PapersError, naming
    the folder and the way out, where one can't be made.
    """
    for folder in (paths.config, paths.data, paths.journal, paths.imported, paths.cache, paths.log):
        try:
            _make(folder)
        except OSError as error:
            message, hint = _explained(folder, error)
            raise PapersError(str(folder), message, hint) from error


def _make(folder: Path) -> None:
    # Not `parents=True`: that gives the folders above the default mode, which lets others in.
    if not folder.parent.exists():
        _make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _absolute(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise PapersError(text, "no such user's home folder", f"write {_HOME} as an absolute path") from error


def _explained(folder: Path, error: OSError) -> tuple[str, str]:
    """What went wrong, and the way out."""
    match error.errno:
        case errno.EEXIST | errno.ENOTDIR:
            return f"{_in_the_way(folder)} is not a folder, and one is needed there", "move it away"
        case errno.EACCES | errno.EPERM:
            return "no permission to make this folder", f"let yourself write there, or {_ELSEWHERE}"
        case errno.ENOSPC | errno.EDQUOT:
            return "can't make this folder: the disk is full", f"free some space, or {_ELSEWHERE}"
        case errno.EROFS:
            return "can't make this folder: the disk is read-only", _ELSEWHERE
    return f"can't make this folder: {error.strerror or error}", _ELSEWHERE


def _in_the_way(folder: Path) -> Path:
    above = (part for part in folder.parents if part.exists() and not part.is_dir())
    return next(above, folder)
