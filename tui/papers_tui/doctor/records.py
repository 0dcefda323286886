"""Whether the journal and the cache are whole, and how the sources do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from papers_tui.doctor.finding import Finding, counted, note, ok, problem
from papers_tui.domain.sources import Source, SourceState
from papers_tui.journal.health import FileHealth
from papers_tui.store.health import CacheHealth

_AHEAD = timedelta(days=1)
_IN_A_ROW = 3
"""Failures of a source from which on it is likely to need somebody."""


def look_at_journal(files: Sequence[FileHealth], device: str) -> Iterator[Finding]:
    """What there is to be said of the files of all writers; `device` is the id of this machine, or empty."""
    own = sum(file.name.startswith(f"{device}-") for file in files) if device else 0
    acts = sum(file.acts for file in files)
    if files:
        said = f"{counted(acts, 'act')} in {counted(len(files), 'file')}, {own:,} of them written by this machine"
        yield ok("journal", said)
    else:
        yield note("journal", "nothing has been marked yet")
    for file in files:
        if file.fault:
            yield problem(
                "journal", f"{file.name} can't be read: {file.fault}", "its marks are missing until it can"
            )
        elif file.damaged:
            lines = ", ".join(map(str, file.places)) + (" …" if file.damaged > len(file.places) else "")
            text = f"{file.name}: {file.damaged:,} damaged of {file.acts + file.damaged:,} lines ({lines})"
            yield note(
                "journal", text, "they are passed over; a backup or another machine may have them whole"
            )


def look_at_clock(files: Sequence[FileHealth], now: datetime) -> Iterator[Finding]:
    """Whether the clock agrees with what was done."""
    latest = max((file.latest for file in files), default=0)
    # Beyond the year 9999 no date can be made of it.
    last = datetime.fromtimestamp(latest / 1000, UTC) if latest < 253_402_300_800_000 else None
    said = f"{now:%Y-%m-%d %H:%M} UTC"
    if last is None or last > now + _AHEAD:
        day = f"{last:%Y-%m-%d}" if last else "a day that there is not"
        text = f"it is {said}, but an act is of {day}: this clock or another machine's is wrong"
        yield note("clock", text, "set the clock right; later acts count as later all the same")
    else:
        yield ok("clock", said)


def look_at_cache(found: CacheHealth) -> Iterator[Finding]:
    """What there is to be said of the cache."""
    anew = "it is set aside at the next start, and built anew from the journal, the imported files and the sources"
    if not found.there:
        yield note("cache", "there is none yet; it is made at the first start")
    elif not found.faults and not found.marked:
        yield ok(
            "cache",
            f"{found.file}: {counted(found.papers, 'paper')}, {found.size / (1 << 20):,.1f} MiB, whole",
        )
    for fault in found.faults:
        yield problem("cache", f"{found.file} is damaged: {fault}", f"start the app: {anew}")
    if found.marked:
        yield problem("cache", f"a program met damage in {found.file}", f"start the app: {anew}")
    for name in found.aside:
        yield note(
            "cache", f"{name} was set aside because it was damaged", "delete it once nothing is missing"
        )
    for name in found.older:
        text = f"{name} is the cache of an older version"
        yield note("cache", text, "delete it once you are content with this one")
    for name in found.newer:
        yield note("cache", f"{name} is the cache of a newer version", "leave it to that one")


def look_at_sources(followed: Sequence[Source], states: Mapping[str, SourceState]) -> Iterator[Finding]:
    """How the sources did when they were last asked."""
    for source in followed:
        state = states.get(source.ref)
        if source.paused:
            yield note(
                "sources", f"{source.name}: paused", f"`papers-tui source resume {source.name}` asks it again"
            )
        elif state is None or not state.asked:
            yield note("sources", f"{source.name}: never asked yet", "`papers-tui refresh` asks it")
        elif state.failing:
            times = f"{state.failures} times in a row" if state.failures > 1 else "once"
            say = problem if state.failures >= _IN_A_ROW else note
            last = f"; last read {state.succeeded[:10]}" if state.succeeded else "; never read yet"
            hint = f"`papers-tui source check {source.name}` tries it now"
            yield say("sources", f"{source.name}: failed {times}: {state.reason}{last}", hint)
        else:
            yield ok("sources", f"{source.name}: asked {state.asked[:16].replace('T', ' ')} UTC")
    if not followed:
        yield note("sources", "none is followed", "`papers-tui source add WHAT` changes that")
