"""Changes to what the user follows: sources in, sources out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from papers_tui import naming
from papers_tui.domain.errors import PapersError
from papers_tui.domain.sources import Source
from papers_tui.subscriptions.addresses import source_name
from papers_tui.subscriptions.entries import distinct_tags

Sources = tuple[Source, ...]


def added(sources: Sources, source: Source) -> Sources:
    """The sources and this one, last; where its name is taken it becomes "Name (2)".

    Raises PapersError where the same place is followed already, whatever it is called there.
    """
    known = next((known for known in sources if known.ref == source.ref), None)
    if known:
        where = " and paused" if known.paused else ""
        hint = "`papers-tui source list` shows them all"
        raise PapersError(source.name, f"it is followed already{where}, as “{known.name}”", hint)
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
    return naming.without(sources, named(sources, name))


def renamed(sources: Sources, name: str, new: str) -> Sources:
    """With another name for one of them. Raises PapersError where that is empty, or another source's."""
    old = named(sources, name)
    return naming.renamed(sources, old, replace(old, name=source_name(new)), "source")


def retagged(sources: Sources, name: str, tags: Iterable[str]) -> Sources:
    """With these tags, and no others, for one of them. Raises PapersError as `named` does."""
    old = named(sources, name)
    return naming.exchanged(sources, old, replace(old, tags=distinct_tags(tags)))


def paused(sources: Sources, name: str, *, on: bool) -> Sources:
    """With one of them paused, or no longer. Raises PapersError as `named` does."""
    old = named(sources, name)
    return naming.exchanged(sources, old, replace(old, paused=on))


def paced(sources: Sources, name: str, every: int | None) -> Sources:
    """With one of them asked every so many minutes, None: at its own pace. Raises PapersError as `named` does."""
    old = named(sources, name)
    return naming.exchanged(sources, old, replace(old, every=every))


def named(sources: Sources, text: str) -> Source:
    """The source that a person means: by its name, the beginning of it, or of a word in it.

    Raises PapersError as `naming.named` does.
    """
    return naming.named(sources, source_name(text), "source", within=True)
