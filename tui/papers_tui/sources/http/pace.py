"""How fast hosts may be asked, and how long to leave them alone: decisions alone, without clock or file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from types import MappingProxyType

from papers_tui.late import dataclass
from papers_tui.sources.http.address import Address, may_be_public
from papers_tui.sources.http.headers import LONGEST

ARXIV = "arxiv.org"
"""The family of arXiv's hosts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`at_once` requests at most, each `interval` seconds or more after another began or ended.

    A `shared` rule holds over all processes of this machine, with one connection and one request at once.
    """

    interval: float
    at_once: int = 2
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Manners:
    """Which hosts are one family, and the rule for each family.

    `services` maps an authority ("host" or "host:port") that stands for a service to its family, so that a
    mirror of arXiv is asked as arXiv is. arXiv's own rule is https://info.arxiv.org/help/api/tou.html: one request
    every three seconds and one connection, over all its hosts and all one's machines together.
    """

    services: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rules: Mapping[str, Rule] = field(
        default_factory=lambda: MappingProxyType({ARXIV: Rule(3.0, at_once=1, shared=True)})
    )
    public: Rule = Rule(0.2)
    local: Rule = Rule(0.0)

    def family(self, address: Address) -> str:
        """The name of the hosts that are asked as one: the family of a service, else the authority."""
        if family := self.services.get(address.authority):
            return family
        host = address.host.rstrip(".")
        return ARXIV if host == ARXIV or host.endswith(f".{ARXIV}") else address.authority

    def rule(self, address: Address) -> Rule:
        """How `address` is to be asked."""
        default = self.public if may_be_public(address.host) else self.local
        return self.rules.get(self.family(address), default)


@dataclass(frozen=True, slots=True)
class Hold:
    """A family is to be left alone from `since` to `until` (UTC).

    `status` is that of the answer which said so, `stated` whether it named the time, `refusals` how many
    answers in a row refused.
    """

    since: datetime
    until: datetime
    status: int
    stated: bool
    refusals: int = 0


def wait(last: float | None, now: float, interval: float) -> float:
    """The seconds until the next request may begin, when `last` is when the one before it began or ended.

    Both are readings of one steady clock; a `last` from another clock (before a restart of the machine, say)
    never costs more than one interval.
    """
    if last is None or not math.isfinite(last):
        return 0.0
    return min(max(last + interval - now, 0.0), interval)


def held(hold: Hold | None, now: datetime) -> float:
    """The seconds for which a family is still to be left alone.

    A hold that begins more than a minute in the future was written by a clock that has been put back since:
    it is void, as is one that is longer than any we write.
    """
    if hold is None or hold.since - now > timedelta(minutes=1):
        return 0.0
    left = (hold.until - now).total_seconds()
    return left if 0 < left <= LONGEST + 60 else 0.0


def backoff(failures: int, *, base: float, cap: float, jitter: float) -> float:
    """The seconds to wait after `failures` in a row: from `base` it doubles up to `cap`.

    `jitter`, from 0 to 1, picks a point of the upper half of that time, so that many clients don't come back
    at the same moment.
    """
    if failures <= 0:
        return 0.0
    longest = min(cap, base * 2.0 ** min(failures - 1, 60))
    return longest * (0.5 + 0.5 * jitter)
