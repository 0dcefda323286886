import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from papers_tui.store.putting import put


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.execute("CREATE TABLE pair(one INTEGER PRIMARY KEY, other TEXT NOT NULL)")
        yield opened


@pytest.mark.parametrize("many", [0, 1, 249, 250, 251, 500, 1_003])
def test_all_rows_are_put_in_order(db: sqlite3.Connection, many: int) -> None:
    db.execute("CREATE TABLE log(number INTEGER PRIMARY KEY, one INTEGER)")
    db.execute("CREATE TRIGGER put AFTER INSERT ON pair BEGIN INSERT INTO log(one) VALUES(new.one); END")
    rows = [(many - number, f"text {number}") for number in range(many)]
    put(db, "INSERT OR FAIL INTO pair", rows)
    assert db.execute("SELECT one, other FROM pair ORDER BY one DESC").fetchall() == rows
    assert db.execute("SELECT one FROM log ORDER BY number").fetchall() == [(one,) for one, _ in rows]


def test_rows_that_are_there_are_passed_over_if_that_is_wanted(db: sqlite3.Connection) -> None:
    put(db, "INSERT OR FAIL INTO pair", [(300, "before")])
    put(db, "INSERT OR IGNORE INTO pair", [(number, "after") for number in range(600)])
    assert db.execute("SELECT count(*) FROM pair").fetchone() == (600,)
    assert db.execute("SELECT other FROM pair WHERE one=300").fetchone() == ("before",)


@pytest.mark.parametrize("place", [0, 251, 599])
def test_a_row_that_is_there_is_an_error_which_the_transaction_takes_back(
    db: sqlite3.Connection, place: int
) -> None:
    put(db, "INSERT OR FAIL INTO pair", [(place, "before")])
    db.execute("BEGIN")
    with pytest.raises(sqlite3.IntegrityError):
        put(db, "INSERT OR FAIL INTO pair", [(number, "after") for number in range(600)])
    assert db.in_transaction
    db.execute("ROLLBACK")
    assert db.execute("SELECT one, other FROM pair").fetchall() == [(place, "before")]
