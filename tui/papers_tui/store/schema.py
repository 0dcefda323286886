"""The shape of the cache file, and opening it.

What is kept twice is written at the end of a `Batch`: each label's totals, and the tally of papers by their
flags, from which every fixed view's counts follow without looking at a paper.

Both indexes of words know a paper by its place in time (`domain.timeline`), so that they give the latest first.
`word` has every word that `heading` was ever given.
"""

from __future__ import annotations

import contextlib
import errno
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from papers_tui.domain.errors import PapersError, TryLater
from papers_tui.domain.marks import DISMISSED, LATER, NOTED, READ, STARRED, TAGGED
from papers_tui.store.columns import mistyped

VERSION = 6
_APPLICATION_ID = 0x50415054
_OLDEST_SQLITE = (3, 34, 0)
_SEEN = READ | DISMISSED
_LEAST = 512
"""Bytes of the smallest page that SQLite knows."""

KEPT = STARRED | LATER | TAGGED | NOTED
"""The flags of a paper that the user wants to keep."""

_OF_THE_FILE = (sqlite3.DatabaseError, sqlite3.OperationalError)
"""What SQLite raises where a file is damaged, locked or out of reach; their other kinds are mistakes of ours."""

_STATEMENTS = (
    """CREATE TABLE paper(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        place INTEGER NOT NULL UNIQUE,
        ident TEXT NOT NULL,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        published TEXT,
        edition TEXT,
        upvotes INTEGER,
        comments INTEGER,
        stars INTEGER,
        has INTEGER NOT NULL,
        flags INTEGER NOT NULL,
        added TEXT NOT NULL
    )""",
    "CREATE TABLE body(id INTEGER PRIMARY KEY, record TEXT NOT NULL, mine TEXT NOT NULL)",
    "CREATE TABLE key(key TEXT PRIMARY KEY, paper INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE shared_key(key TEXT, paper INTEGER, PRIMARY KEY(key, paper)) WITHOUT ROWID",
    """CREATE TABLE reading(
        paper INTEGER NOT NULL, label INTEGER, rank INTEGER NOT NULL, read TEXT NOT NULL, record TEXT
    )""",
    """CREATE TABLE version(
        paper INTEGER, version INTEGER, seen TEXT NOT NULL, PRIMARY KEY(paper, version)
    ) WITHOUT ROWID""",
    "CREATE TABLE source(ref TEXT PRIMARY KEY, label INTEGER, state TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE forward(id INTEGER PRIMARY KEY, survivor INTEGER NOT NULL)",
    """CREATE TABLE label(
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        folded TEXT NOT NULL,
        name TEXT NOT NULL,
        words TEXT NOT NULL,
        total INTEGER NOT NULL DEFAULT 0,
        unread INTEGER NOT NULL DEFAULT 0,
        UNIQUE(kind, folded)
    )""",
    "CREATE TABLE member(label INTEGER, paper INTEGER, PRIMARY KEY(label, paper)) WITHOUT ROWID",
    "CREATE TABLE tally(flags INTEGER PRIMARY KEY, n INTEGER NOT NULL)",
    """CREATE TABLE mark(
        key TEXT, about TEXT, register TEXT, value, ms INTEGER, counter INTEGER, writer TEXT, seq INTEGER,
        PRIMARY KEY(key, about, register)
    ) WITHOUT ROWID""",
    """CREATE TABLE journal_file(
        name TEXT PRIMARY KEY, read_to INTEGER NOT NULL, ms INTEGER NOT NULL, counter INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE TABLE ruling(rules TEXT NOT NULL, day TEXT NOT NULL, done INTEGER NOT NULL)",
    """CREATE TABLE ruled(
        paper INTEGER, register TEXT, number INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY(paper, register)
    ) WITHOUT ROWID""",
    "CREATE TABLE inherited(name TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID",
    "CREATE TABLE imported(name TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE search USING fts5(title, authors, abstract, tags, note, content='', tokenize='ascii')",
    "CREATE VIRTUAL TABLE heading USING fts5(words, content='', tokenize='ascii', detail=none, prefix='1 2 3')",
    "CREATE TABLE word(word TEXT PRIMARY KEY) WITHOUT ROWID",
    f"CREATE INDEX paper_unread ON paper(place DESC) WHERE flags & {_SEEN} = 0",
    f"CREATE INDEX paper_read ON paper(place DESC) WHERE flags & {READ} <> 0",
    f"CREATE INDEX paper_dismissed ON paper(place DESC) WHERE flags & {DISMISSED} <> 0",
    f"CREATE INDEX paper_kept ON paper(place DESC) WHERE flags & {KEPT} <> 0",
    "CREATE INDEX paper_edition ON paper(edition DESC, place DESC) WHERE edition IS NOT NULL",
    "CREATE INDEX paper_upvotes ON paper(upvotes DESC, place DESC) WHERE upvotes IS NOT NULL",
    "CREATE INDEX paper_comments ON paper(comments DESC, place DESC) WHERE comments IS NOT NULL",
    "CREATE INDEX paper_stars ON paper(stars DESC, place DESC) WHERE stars IS NOT NULL",
    "CREATE INDEX paper_added ON paper(added DESC, id)",
    "CREATE INDEX key_paper ON key(paper)",
    "CREATE INDEX member_paper ON member(paper)",
    "CREATE INDEX shared_key_paper ON shared_key(paper)",
    "CREATE INDEX reading_paper ON reading(paper)",
)

_INDEX_SETTINGS = (
    ("heading", "hashsize", 16 << 20),
    ("search", "hashsize", 16 << 20),
    ("search", "automerge", 16),
    ("search", "crisismerge", 32),
)
"""What FTS5 does with the words of a thousand papers (https://sqlite.org/fts5.html): it gathers all of them in memory
and writes them as one segment. Those of the abstracts are merged sixteen at a time; the headings, which are asked at
each letter that is typed, are the quicker the fewer segments they are in, and keep to four."""

_LOG_PAGES = 4_000
"""Pages that the log gathers before they go into the file: what several transactions write to is then copied once."""

_CACHE, _WRITING_CACHE = 2_000, 32_000
"""KiB of pages in memory, and while writing: those of a thousand papers, lest they be written more than once."""


class Store:
    """An open cache file. Not for use from two threads at once."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self.db = db
        self.path = path

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Raises StoreBusy where another process writes for too long, PapersError where the
        file can't be written."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                self.db.execute(f"PRAGMA cache_size=-{_WRITING_CACHE}")
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:  # SQLite itself ends it where the disk is full
                    self.db.execute("ROLLBACK")
                raise
            finally:
                self.db.execute(f"PRAGMA cache_size=-{_CACHE}")
        except sqlite3.DatabaseError as error:
            if type(error) not in _OF_THE_FILE:
                raise
            raise self._told(error) from error
        except UnicodeDecodeError as error:
            raise self._told(_undecoded(error)) from error
        except (TypeError, ValueError, AttributeError) as error:
            self._blame_the_file(error)
            raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Looking something up. Raises PapersError where the file turns out to be damaged or can't be read.

        A damaged file is set aside when it is opened the next time.
        """
        try:
            yield self.db
        except sqlite3.DatabaseError as error:
            if type(error) not in _OF_THE_FILE:
                raise
            raise self._told(error) from error
        except UnicodeDecodeError as error:
            raise self._told(_undecoded(error)) from error
        except (TypeError, ValueError, AttributeError) as error:
            self._blame_the_file(error)
            raise

    def damaged(self, what: str) -> PapersError:
        """What to raise where the file turns out to say what can't be; it is set aside when it is opened next."""
        return self._told(sqlite3.DatabaseError(what))

    def _blame_the_file(self, error: Exception) -> None:
        """Raises PapersError where what went wrong is no mistake of ours: a value there is of another type."""
        try:
            odd = mistyped(self.db)
        except sqlite3.DatabaseError as found:
            raise self._told(found) from error
        if odd:
            raise self.damaged(f"{odd} holds what nobody put there") from error

    def _told(self, error: sqlite3.DatabaseError) -> PapersError:
        if _is_damage(error):
            with contextlib.suppress(OSError):
                _damaged(self.path).touch()
        return _named(self.path, error)

    def close(self) -> None:
        self.db.close()


class StoreBusy(TryLater):
    """Another process holds the cache; what was to be written can be tried again."""


def open_store(folder: Path, *, wait_ms: int = 5000) -> tuple[Store, str]:
    """The cache in `folder`, made where there is none, and a sentence on what had to be mended (or "").

    A file that is damaged is set aside (`….broken-N`) and a new one begun: all it held comes back from the
    journal and the imported files. `wait_ms` is how long a write waits for another process.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise PapersError("SQLite", f"version {sqlite3.sqlite_version} is too old", "3.34 or later is needed")
    path = cache_path(folder)
    try:
        if marked_damaged(path):
            raise sqlite3.DatabaseError("it could not be read")
        if found := _no_file(path):
            raise sqlite3.DatabaseError(found)
        return _opened(path, wait_ms), ""
    except (sqlite3.DatabaseError, UnicodeDecodeError) as found:
        error = _undecoded(found) if isinstance(found, UnicodeDecodeError) else found
        if not _is_damage(error):
            raise _named(path, error) from error
        aside = _set_aside(path)
        notice = f"the cache was damaged ({error}); it was set aside as {aside.name} and built anew"
        return _opened(path, wait_ms), notice


def cache_path(folder: Path) -> Path:
    """Where the cache of this version stands in a folder."""
    return folder / f"library-v{VERSION}.sqlite3"


def marked_damaged(path: Path) -> bool:
    """Whether a process met damage in a cache file, which is set aside when it is opened the next time."""
    return _damaged(path).exists()


def _no_file(path: Path) -> str:
    """What is wrong with what stands there, as far as SQLite would not say so, or ""."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return "it is a link to nowhere" if path.is_symlink() and not path.resolve().parent.is_dir() else ""
    except OSError as error:
        return "it is a link to itself" if error.errno == errno.ELOOP else ""
    if not stat.S_ISREG(found.st_mode):
        return "it is no file"
    return "it is cut short" if 0 < found.st_size < _LEAST else ""  # SQLite would take it for an empty one


def _opened(path: Path, wait_ms: int) -> Store:
    db = sqlite3.connect(path, isolation_level=None, timeout=wait_ms / 1000, check_same_thread=False)
    try:
        with contextlib.suppress(OSError):  # a file of somebody else's that we may write is as good
            path.chmod(0o600)
        db.execute("PRAGMA trusted_schema=OFF")
        _use_wal(db, wait_ms)
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
        # Pages that are given up when words are merged need not be written once more, full of zeros.
        db.execute("PRAGMA secure_delete=FAST")
        # Mapped, a file that somebody cuts short would end the program by SIGBUS; views and ingest gain nothing by it.
        db.execute("PRAGMA mmap_size=0")
        if not is_ours(db):
            _create(db)
        elif not {" ".join(text.split()) for text in _STATEMENTS} <= _written(db):
            raise sqlite3.DatabaseError("its tables are not those of this version")
        db.execute("SELECT count(*) FROM tally").fetchone()
    except BaseException:
        db.close()
        raise
    return Store(db, path)


def _use_wal(db: sqlite3.Connection, wait_ms: int) -> None:
    """SQLite does not wait for those who open a new file at the same moment, so we do."""
    until = time.monotonic() + wait_ms / 1000
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.005)
        else:
            return


def is_ours(db: sqlite3.Connection) -> bool:
    """Whether a file is a cache of this version."""
    found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    return found == [_APPLICATION_ID, VERSION]


def _written(db: sqlite3.Connection) -> set[str]:
    """The statements that the file was made by, each on one line."""
    found = db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {" ".join(text.split()) for (text,) in found}


def _create(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        if not is_ours(db):
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise sqlite3.DatabaseError("it is another program's file")
            for statement in _STATEMENTS:
                db.execute(statement)
            for index, name, value in _INDEX_SETTINGS:
                db.execute(f"INSERT INTO {index}({index}, rank) VALUES(?,?)", (name, value))
            db.execute(f"PRAGMA application_id={_APPLICATION_ID}")
            db.execute(f"PRAGMA user_version={VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether it tells of a damaged file, and not of what surrounds it: locks, permissions, space."""
    if not isinstance(error, sqlite3.OperationalError):
        return True
    return str(error).startswith(("Could not decode", "no such ", "malformed", "unsupported file format"))


def _undecoded(error: UnicodeDecodeError) -> sqlite3.DatabaseError:
    """What SQLite said of a name that is no text any more, which Python could not repeat."""
    return sqlite3.DatabaseError(f"a name in it is garbled ({error.reason})")


def _damaged(path: Path) -> Path:
    """The mark that a process leaves beside a file in which it met damage."""
    return path.with_name(path.name + ".damaged")


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    with contextlib.suppress(FileNotFoundError):
        path.replace(aside)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _damaged(path).unlink(missing_ok=True)
    return aside


def _named(path: Path, error: sqlite3.DatabaseError) -> PapersError:
    text = str(error)
    if _is_damage(error):
        hint = (
            "start again: it is set aside, and all it held comes back from the journal and the imported files"
        )
        return PapersError(str(path), f"the cache is damaged: {text}", hint)
    if "locked" in text or "busy" in text:
        return StoreBusy(str(path), "another papers-tui is writing to it", "try again in a moment")
    if "full" in text:
        return PapersError(str(path), "the disk is full", "free some space and try again")
    return PapersError(
        str(path), f"the cache can't be used: {text}", "check the folder's permissions and space"
    )
