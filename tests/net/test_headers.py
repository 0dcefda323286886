"""What headers say: tables of the good and the bad, and that no text does harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.sources.http.headers import LONGEST, fit, http_date, max_age, rate_limit, retry_after

NOW = datetime(2025, 11, 6, 12, 0, tzinfo=UTC)
SOON = "Thu, 06 Nov 2025 12:02:00 GMT"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 1),
        (SOON, 120),
        ("Thu, 06 Nov 2025 14:02:00 +0200", 120),
        ("Thu, 06 Nov 2025 11:00:00 GMT", None),
        ("99999999999999", LONGEST),
        ("9" * 5000, None),
        ("Tue, 03 Jun 2125 09:39:21 GMT", LONGEST),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("１２０", None),
        (None, None),
    ],
)
def test_retry_after(text: str | None, seconds: int | None) -> None:
    assert retry_after(text, NOW) == seconds


def test_a_date_counts_from_the_clock_of_the_server() -> None:
    assert retry_after(SOON, NOW - timedelta(days=400), "Thu, 06 Nov 2025 12:00:00 GMT") == 120
    assert retry_after(SOON, NOW, "nonsense") == 120


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ('"api";r=0;t=30', (0, 30)),
        ('"api";r=499;t=299', (499, 299)),
        ('"api"; r=0; t=30', (0, 30)),
        ('"day";r=900;t=3600, "burst";r=0;t=2', (0, 2)),
        ('"a";r=0;t=2, "b";r=0;t=300', (0, 300)),
        ('"a,b";r=1;t=2', (1, 2)),
        ('"api";t=30', None),
        ('"api";r=-1;t=30', None),
        ('"api";r=;t=', None),
        ("limit=100, remaining=0, reset=30", None),
        ('"api";r=0;t=99999999999', (0, LONGEST)),
        ("", None),
        (None, None),
    ],
)
def test_rate_limit(text: str | None, limit: tuple[int, int] | None) -> None:
    assert rate_limit(text) == limit


@pytest.mark.parametrize(
    ("cache_control", "expires", "age", "seconds"),
    [
        ("max-age=600", None, None, 600),
        ("public, MAX-AGE=600", None, None, 600),
        ('max-age="600"', None, None, 600),
        ("max-age=600", None, "100", 500),
        ("max-age=600", None, "900", 0),
        ("max-age=600", SOON, None, 600),
        ("s-maxage=600", None, None, None),
        ("no-cache, max-age=600", None, None, 0),
        ("no-store", None, None, 0),
        ("max-age=-1", None, None, None),
        ("max-age=soon", SOON, None, 120),
        (None, SOON, None, 120),
        (None, "0", None, 0),
        (None, "Thu, 06 Nov 2025 11:00:00 GMT", None, 0),
        ("max-age=99999999999", None, None, LONGEST),
        ("max-age=60", None, "nonsense", 60),
        (None, None, "100", None),
        ("", None, None, None),
    ],
)
def test_freshness(
    cache_control: str | None, expires: str | None, age: str | None, seconds: int | None
) -> None:
    assert max_age(cache_control, expires, None, age, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('W/"1"', 'W/"1"'),
        ("", None),
        (None, None),
        ('"\x1b[31m"', None),
        ('"a"\r\nX: y', None),
        ('"é"', None),
        ("x" * 1001, None),
    ],
)
def test_only_plain_values_are_kept(text: str | None, kept: str | None) -> None:
    assert fit(text) == kept


@given(st.text(max_size=200) | st.from_regex(r'"?[a-z]*"?[;=, ][rt]?=?[0-9]{0,30}.*'))
def test_no_header_does_harm(text: str) -> None:
    http_date(text)
    assert (retry_after(text, NOW, text) or 1) in range(1, LONGEST + 1)
    assert (max_age(text, text, text, text, NOW) or 0) in range(LONGEST + 1)
    assert (rate_limit(text) or (0, 0))[1] in range(LONGEST + 1)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)))
def test_dates_are_read_as_they_are_written(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert http_date(f"{moment:%a, %d %b %Y %H:%M:%S} GMT") == moment
