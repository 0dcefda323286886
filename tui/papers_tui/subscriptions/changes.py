"""Changes to what the user follows: sources in, sources out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from papers_tui.domain.errors import PapersError
from papers_tui.domain.sources import Source
from papers_tui.subscriptions.addresses import source_name
from papers_tui.subscriptions.entries import distinct_tags

Sources = tuple[Source, ...]

_LIST = "`papers-tui source list` shows them all"
_NAMED = 4


def added(sources: Sources, source: Source) -> Sources:
    """The sources and this one, last; where its name is taken it becomes "Name (2)".

    Raises PapersError where the same place is followed already, whatever it is called there.
    """
    known = next((known for known in sources if known.ref == source.ref), None)
    if known:
        where = " and paused" if known.paused else ""
        raise PapersError(source.name, f"it is followed already{where}, as “{known.name}”", _LIST)
    return joined(sources, (source,))


def joined(sources: Sources, found: Iterable[Source]) -> Sources:
    """The sources and those of `found` that are not among them yet, with names as by `added`."""
    joint = list(sources)
    refs = {source.ref for source in sources}
    names = {source.name.casefold() for source in sources}
    last: dict[str, int] = {}
    for source in found:
        if source.ref in refs:
            continue
        name, number = source.name, last.get(source.name.casefold(), 1)
        while name.casefold() in names:
            number += 1
            name = f"{source.name} ({number})"
        last[source.name.casefold()] = number
        refs.add(source.ref)
        names.add(name.casefold())
        joint.append(replace(source, name=name))
    return tuple(joint)


def removed(sources: Sources, name: str) -> Sources:
    """Without the source that is named. Raises PapersError as `named` does."""
    gone = named(sources, name)
    return tuple(source for source in sources if source is not gone)


def renamed(sources: Sources, name: str, new: str) -> Sources:
    """With another name for one of them. Raises PapersError where that is empty, or another source's."""
    old = named(sources, name)
    called = source_name(new)
    if not called:
        raise PapersError(
            old.name, "a name of nothing that can be shown is none", "give it letters or digits"
        )
    if any(source is not old and source.name.casefold() == called.casefold() for source in sources):
        raise PapersError(called, "another source has this name", "choose a different one")
    return _with(sources, old, replace(old, name=called))


def retagged(sources: Sources, name: str, tags: Iterable[str]) -> Sources:
    """With these tags, and no others, for one of them. Raises PapersError as `named` does."""
    old = named(sources, name)
    return _with(sources, old, replace(old, tags=distinct_tags(tags)))


def paused(sources: Sources, name: str, *, on: bool) -> Sources:
    """With one of them paused, or no longer. Raises PapersError as `named` does."""
    old = named(sources, name)
    return _with(sources, old, replace(old, paused=on))


def paced(sources: Sources, name: str, every: int | None) -> Sources:
    """With one of them asked every so many minutes, None: at its own pace. Raises PapersError as `named` does."""
    old = named(sources, name)
    return _with(sources, old, replace(old, every=every))


def named(sources: Sources, text: str) -> Source:
    """The source that a person means: by its name, the beginning of it, or of a word in it; case doesn't count.

    Raises PapersError, with the nearest names, where there is none, or more than one.
    """
    wanted = source_name(text).casefold()
    names = [(source.name.casefold(), source) for source in sources] if wanted else []
    found = (
        [source for name, source in names if name == wanted]
        or [source for name, source in names if name.startswith(wanted)]
        or [source for name, source in names if f" {wanted}" in name]
    )
    if len(found) == 1:
        return found[0]
    title = source_name(text) or "source"
    if found:
        more = ", …" if len(found) > _NAMED else ""
        several = ", ".join(f"“{source.name}”" for source in found[:_NAMED])
        raise PapersError(title, f"several sources can be meant: {several}{more}", "give more of the name")
    raise PapersError(title, "no source has this name", f"{_nearest(sources, wanted)}{_LIST}")


def _nearest(sources: Sources, wanted: str) -> str:
    from difflib import get_close_matches

    names = {source.name.casefold(): source.name for source in sources}
    near = get_close_matches(wanted, names, n=1)
    return f"perhaps “{names[near[0]]}” is meant; " if near else ""


def _with(sources: Sources, old: Source, new: Source) -> Sources:
    return tuple(new if source is old else source for source in sources)
