"""Where a redirect may lead, and what may go with it."""

from __future__ import annotations

from urllib.parse import urljoin

from papers_tui.late import dataclass
from papers_tui.sources.http.address import Address, read_address, shown
from papers_tui.sources.http.answers import Failed

REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_MOST = 5


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way to an answer.

    `trusted` is whether the address may be a private one, `at_home` whether all requests so far went to one
    origin, so that the caller's headers may go along. `moved` is the address that permanent redirects alone
    led to, `settled` whether a passing one came after them; `seen` are the addresses before this one.
    """

    address: Address
    trusted: bool
    at_home: bool = True
    moved: str | None = None
    settled: bool = False
    seen: tuple[str, ...] = ()


def follow(hop: Hop, status: int, location: str | None) -> Hop | Failed:
    """The request that a redirect with `status` (one of REDIRECTS) asks for, or why there is none.

    An address that comes with a redirect is not one that the user wrote: it is trusted only within the same
    origin, or where the same host turns to https. User-info in it is dropped.
    """
    here = hop.address
    if not location:
        return Failed("redirects", f"{here.host} redirects, but does not say where to", status)
    try:
        text = urljoin(here.url, location.strip())
    except ValueError:
        text = location
    there = read_address(text)
    if there is None:
        return Failed("redirects", f"{here.host} redirects to {shown(text)}, which is no web address", status)
    seen = (*hop.seen, here.url)
    if there.url in seen:
        return Failed("redirects", f"{here.host} redirects in a circle", status)
    if len(seen) > _MOST:
        return Failed("redirects", f"{here.host} redirects more than {_MOST} times", status)
    settled = hop.settled or status not in _PERMANENT
    same = here.origin == there.origin
    return Hop(
        address=Address(there.url, there.scheme, there.host, there.port),
        trusted=hop.trusted and (same or _secured(here, there)),
        at_home=hop.at_home and same,
        moved=hop.moved if settled else there.url,
        settled=settled,
        seen=seen,
    )


def _secured(here: Address, there: Address) -> bool:
    """Whether a redirect only turns from http to https, each at its own port."""
    return here.host == there.host and (here.scheme, here.port, there.scheme, there.port) == (
        "http",
        80,
        "https",
        443,
    )
