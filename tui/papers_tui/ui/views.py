"""The views of the sidebar: what each shows, in which order they stand, and how their counts read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from papers_tui.domain.query import Is, Label, Not, Query
from papers_tui.domain.topics import topics
from papers_tui.library import Holding
from papers_tui.store.views import Counted, Counts


@dataclass(frozen=True, slots=True)
class View:
    """A list that can be opened. `key` names it across runs."""

    key: str
    title: str
    query: Query


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sidebar: a heading (no view), or a view with its count as text."""

    title: str
    view: View | None = None
    count: str = ""
    unread: int = 0


INBOX = View("inbox", "Inbox", Query((Is("unread"), Not(Is("later")))))
LATEST = View("latest", "Latest edition", Query((Label("edition", "latest"),)))
STARRED = View("starred", "Starred", Query((Is("starred"),)))
LATER = View("later", "Later", Query((Is("later"),)))
ALL = View("all", "All", Query((Not(Is("dismissed")),)))
DISMISSED = View("dismissed", "Dismissed", Query((Is("dismissed"),)))

_MOST_EDITIONS = 60
_MOST_AUTHORS = 12


def entries(counts: Counts) -> tuple[Entry, ...]:
    """The sidebar, from top to bottom."""
    editions = counts.labels["edition"][:_MOST_EDITIONS]
    fixed = [_fixed(view, counts) for view in (INBOX, STARRED, LATER, ALL, DISMISSED)]
    if editions:
        latest = editions[0]
        fixed.insert(1, Entry(LATEST.title, LATEST, _progress(latest), latest.unread))
    sections = (
        ("Editions", [_labelled(label, edition_title(label.name), _progress(label)) for label in editions]),
        (
            "Sources",
            [_labelled(label, label.name, _number(label.unread)) for label in counts.labels["source"]],
        ),
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


def related(holding: Holding) -> tuple[View, ...]:
    """The views that list what other papers share with this one: tags, organisation, authors, topics."""
    paper = holding.paper
    names = [("tag", tag) for tag in holding.state.tags]
    names += [(kind, name) for kind, name in topics(paper) if kind == "org"]
    names += [("author", author) for author in paper.authors[:_MOST_AUTHORS]]
    names += [(kind, name) for kind, name in topics(paper) if kind != "org"]
    names += [("edition", paper.edition)] if paper.edition else []
    names += [("source", source) for source in holding.sources]
    return tuple(View(f"{kind}:{name}", name, Query((Label(kind, name),))) for kind, name in names)


def edition_title(name: str) -> str:
    """An edition's day as people say it: `Thu 20 Nov 2025`."""
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return name
    return f"{day:%a} {day.day:2} {day:%b %Y}"


def _fixed(view: View, counts: Counts) -> Entry:
    total, unread = counts.fixed[view.key]
    return Entry(view.title, view, _number(unread if view in (INBOX, ALL) else total), unread)


def _labelled(label: Counted, title: str, count: str) -> Entry:
    view = View(f"{label.kind}:{label.name}", title, Query((Label(label.kind, label.name),)))
    return Entry(title, view, count, label.unread)


def _progress(label: Counted) -> str:
    return f"{label.unread}/{label.total}" if label.unread else "done"


def _number(count: int) -> str:
    return f"{count:,}" if count else ""


def empty_message(view: View, counts: Counts) -> tuple[str, ...]:
    """Why a view is empty and what to do, in lines."""
    if not sum(n for n, _ in (counts.fixed["all"], counts.fixed["dismissed"])):
        return (
            "",
            "No papers yet.",
            "",
            "Save a Daily Papers page from your browser, as text or as HTML, and bring it in:",
            "",
            "    papers-tui import PAGE…",
            "",
            "Then press r here, or start papers-tui again. ? shows the keys.",
        )
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
