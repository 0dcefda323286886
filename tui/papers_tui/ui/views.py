"""The views of the sidebar: what each shows, in which order they stand, and how their counts read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice

from papers_tui.domain.query import ORDERS, AnyOf, Is, Label, Not, Query, Term, Within
from papers_tui.domain.sources import DAILY_PAPERS
from papers_tui.domain.topics import topics
from papers_tui.domain.watched import spellings_of
from papers_tui.late import TYPE_CHECKING, dataclass, replace
from papers_tui.store.views import Counted, Counts

if TYPE_CHECKING:
    from papers_tui.library import Holding
    from papers_tui.saved_views import SavedView
    from papers_tui.ui.commands import Keymap
    from papers_tui.ui.following import Following


@dataclass(frozen=True, slots=True)
class View:
    """A list that can be opened. `key` names it across runs.

    `within` is the key of the view that it narrows down: as long as it has no order of its own, it has that one's.
    """

    key: str
    title: str
    query: Query
    within: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sidebar: a heading (no view), or a view with its count as text.

    `trouble`: something is wrong with it.
    """

    title: str
    view: View | None = None
    count: str = ""
    unread: int = 0
    trouble: bool = False


INBOX = View("inbox", "Inbox", Query((Is("unread"), Not(Is("later")))))
LATEST = View("latest", "Latest edition", Query((Label("edition", "latest"),)))
STARRED = View("starred", "Starred", Query((Is("starred"),)))
LATER = View("later", "Later", Query((Is("later"),)))
ALL = View("all", "All", Query((Not(Is("dismissed")),)))
DISMISSED = View("dismissed", "Dismissed", Query((Is("dismissed"),)))

MISSED = Query((*INBOX.query.terms, Is("new")))
"""What came in while the user was away and is still to be decided on."""
BEFORE_LATEST = Query((*MISSED.terms, Not(Label("edition", "latest"))))
"""Of that, what the latest edition does not have."""

FILTER = "filter:"
"""What the key of a view begins with that somebody typed."""

WATCHED = "watched"
"""The key of the view of the watched authors."""

_MOST_SPELLINGS = 480
"""Ways to spell names that one query can ask for."""
_SPELLINGS, _LEAST_SPELLINGS = 60, 4
"""Ways that are asked for, and of each name at least: a millisecond for three of them."""
_MOST_EDITIONS = 60
_MOST_AUTHORS = 12


def entries(
    counts: Counts, following: Following, saved: Sequence[tuple[View, int]] = ()
) -> tuple[Entry, ...]:
    """The sidebar, from top to bottom; `saved` are the user's own views, each with how many unread papers it has."""
    editions = counts.labels["edition"][:_MOST_EDITIONS]
    fixed = [_fixed(view, counts) for view in (INBOX, STARRED, LATER, ALL, DISMISSED)]
    if editions:
        latest = editions[0]
        fixed.insert(1, Entry(LATEST.title, LATEST, _progress(latest), latest.unread))
    sections = (
        ("Views", [Entry(view.title, view, _number(unread), unread) for view, unread in saved]),
        (
            "Editions",
            [
                *_awaited(editions, following),
                *(_labelled(label, edition_title(label.name), _progress(label)) for label in editions),
            ],
        ),
        ("Sources", _sources(counts.labels["source"], following)),
        ("Tags", [_labelled(label, label.name, _number(label.total)) for label in counts.labels["tag"]]),
        (
            "Categories",
            [_labelled(label, label.name, _number(label.unread)) for label in counts.labels["cat"]],
        ),
        (
            "Organisations",
            [_labelled(label, label.name, _number(label.unread)) for label in counts.labels["org"]],
        ),
        ("Topics", [_labelled(label, label.name, _number(label.unread)) for label in counts.labels["topic"]]),
    )
    found = list(fixed)
    for heading, members in sections:
        if members:
            found += [Entry(""), Entry(heading), *members]
    return tuple(found)


def watched_view(names: Sequence[str]) -> View:
    """The papers of the watched authors, of whom there is at least one, in the likeliest spellings of their names."""
    share = min(_MOST_SPELLINGS // len(names), max(_LEAST_SPELLINGS, _SPELLINGS // len(names)))
    spelt = (spelling for name in names for spelling in islice(spellings_of(name), max(1, share)))
    terms = tuple(Within("author", _from_its_start(spelling)) for spelling in dict.fromkeys(spelt))
    return View(WATCHED, "Watched", Query(terms if len(terms) == 1 else (AnyOf(terms),)))


def _from_its_start(spelling: str) -> str:
    """A name that begins with an initial is not to be found in another one, which has it in its middle."""
    return f"={spelling}" if len(spelling.partition(" ")[0]) == 1 else spelling


def saved_view(view: SavedView) -> View:
    """A view that the user saved, as one that can be opened."""
    from papers_tui.domain.query import parse

    return View(f"view:{view.name}", view.name, parse(view.query))


def _sources(labels: Iterable[Counted], following: Following) -> list[Entry]:
    """What is followed, in its own order, papers or none, by its first tag; then the files that were imported."""
    counted = {label.name: label for label in labels}
    groups: dict[str, list[Entry]] = {"": []}
    for source in following.sources:
        label = counted.pop(source.name, Counted("source", source.name, 0, 0))
        entry = _labelled(label, source.name, "paused" if source.paused else _number(label.unread))
        group = groups.setdefault(source.tags[0] if source.tags else "", [])
        group.append(replace(entry, trouble=following.is_failing(source)))
    found = groups.pop("")
    for tag, members in groups.items():
        found += [Entry(f"· {tag}"), *members]
    return found + [_labelled(label, label.name, _number(label.unread)) for label in counted.values()]


def _awaited(editions: Sequence[Counted], following: Following) -> list[Entry]:
    """The edition of the day, where it was asked for and is not open yet."""
    state = following.states.get(DAILY_PAPERS.ref)
    empty = (
        state.notes.get("empty") if state and DAILY_PAPERS.ref in {s.ref for s in following.sources} else {}
    )
    day = max(empty, default="") if isinstance(empty, dict) else ""
    if not state or not day or day != state.asked[:10] or any(label.name >= day for label in editions):
        return []
    return [_labelled(Counted("edition", day, 0, 0), edition_title(day), "not yet")]


def related(holding: Holding) -> tuple[View, ...]:
    """The views that list what other papers share with this one: tags, organisation, authors, topics."""
    paper = holding.paper
    names = [("tag", tag) for tag in holding.state.tags]
    names += [(kind, name) for kind, name in topics(paper) if kind == "org"]
    names += [("author", author) for author in paper.authors[:_MOST_AUTHORS]]
    names += [(kind, name) for kind, name in topics(paper) if kind != "org"]
    names += [("edition", paper.edition)] if paper.edition else []
    names += [("source", source) for source in holding.sources]
    return tuple(View(f"{kind}:{name}", name, Query((_about(kind, name),))) for kind, name in names)


def edition_title(name: str, *, year: bool = True) -> str:
    """An edition's day as people say it: `Thu 20 Nov 2025`."""
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return name
    return f"{day:%a} {day.day:2} {day:%b}" + (f" {day:%Y}" if year else "")


def sorts_of(text: str) -> dict[str, str]:
    """The orders that views were given, by the views' keys, from the session."""
    pairs = (line.partition(" ") for line in text.splitlines())
    return {key: order for order, _, key in pairs if order in ORDERS and key}


def sorts_text(sorts: Mapping[str, str]) -> str:
    """The text that `sorts_of` reads; a filter is not opened again by its key."""
    return "\n".join(f"{order} {key}" for key, order in sorts.items() if not key.startswith(FILTER))


def groups_of(text: str) -> dict[str, bool]:
    """The views that are shown in groups, by their keys, from the session."""
    return {key: True for key in text.splitlines() if key}


def groups_text(grouped: Mapping[str, bool]) -> str:
    """The text that `groups_of` reads; a filter is not opened again by its key."""
    return "\n".join(key for key, on in grouped.items() if on and not key.startswith(FILTER))


def since_words(moment: str) -> str:
    """A UTC time as people here say it: `Thu 19 Nov 18:02`."""
    local = datetime.fromisoformat(moment).astimezone()
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _fixed(view: View, counts: Counts) -> Entry:
    total, unread = counts.fixed[view.key]
    return Entry(view.title, view, _number(unread if view in (INBOX, ALL) else total), unread)


def _labelled(label: Counted, title: str, count: str) -> Entry:
    view = View(f"{label.kind}:{label.name}", title, Query((_about(label.kind, label.name),)))
    return Entry(title, view, count, label.unread)


def _about(kind: str, name: str) -> Term:
    """What asks for the papers with this very label; of a name with parts, no other that has them."""
    if kind == "author":
        return Within("author", name)
    return Label(kind, name, whole=kind in ("source", "org", "cat", "topic"))


def _progress(label: Counted) -> str:
    return f"{label.unread}/{label.total}" if label.unread else f"{label.total} done"


def _number(count: int) -> str:
    return f"{count:,}" if count else ""


def totals(counts: Counts) -> dict[str, str]:
    """How many papers the fixed views have, by their keys, as text."""
    return {key: f"{total:,}" for key, (total, _) in counts.fixed.items()}


def has_papers(counts: Counts) -> bool:
    """Whether there is any paper at all."""
    return any(counts.fixed[key][0] for key in ("all", "dismissed"))


def empty_message(view: View, counts: Counts, following: Following, keys: Keymap) -> tuple[str, ...]:
    """Why a view is empty and what to do, in lines."""
    return why_empty(view, following) if has_papers(counts) else ("", *_no_papers(following, keys))


def why_empty(view: View, following: Following) -> tuple[str, ...]:
    """The same in a library that has papers."""
    name = view.title if view.key.startswith("source:") else ""
    followed = next((source for source in following.sources if source.name == name), None)
    if followed and (reason := following.reason(followed)):
        return ("", f"Nothing from {name} yet:", reason)
    words = {
        "inbox": (
            "Inbox is empty: every paper is read, dismissed or on Later.",
            "[ and ] go to the other views.",
        ),
        "starred": (
            "No starred papers yet.",
            "s stars the paper under the cursor; e writes the starred ones to a file.",
        ),
        "later": ("Nothing on Later.", "L puts the paper under the cursor here and out of the Inbox."),
        "dismissed": ("Nothing dismissed.", "d dismisses the paper under the cursor; u takes it back."),
    }
    return ("", *words.get(view.key, ("No papers here any more.", "[ and ] go to the other views.")))


def _no_papers(following: Following, keys: Keymap) -> tuple[str, ...]:
    """What an empty library says: what is being fetched, or why nothing came, and the ways on."""
    names = ", ".join(source.name for source in following.sources[:3])
    if following.running:
        return (f"Fetching {names} …", "", "The first papers will be here in a moment.")
    offered = (
        ("refresh_all", f"fetch {names or 'the sources'}"),
        ("add", "add a source, or bring in a saved page"),
        ("open_detail", "look at 32 sample papers"),
    )
    ways = [f"    {keys.shown(command):6} {words}" for command, words in offered]
    if following.offline:
        return ("No papers yet: this machine seems to be offline.", "", *ways)
    if failing := following.failing:
        reasons = [f"{source.name}: {following.reason(source)}" for source in failing[:3]]
        return ("No papers yet.", "", *reasons, "", *ways)
    return ("No papers yet.", "", *ways)
