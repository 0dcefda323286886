"""Taking papers out of the program: into the browser, the clipboard, a file or another program."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import date

from textual.message import Message

from papers_tui.domain.links import destination
from papers_tui.domain.paper import Link, PaperRow
from papers_tui.domain.query import format as format_query
from papers_tui.late import dataclass
from papers_tui.library import Holding
from papers_tui.opener import Shown, open_url
from papers_tui.ui.panes.detail import Detail
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.filtering import FilteringScreen
from papers_tui.ui.screens.picker import Picker
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.views import STARRED, View, related

_MANY_PAGES = 10
_PIPE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Batch:
    """Papers to be exported, and what they are: a title for people and the query that they answer."""

    title: str
    query: str
    rows: tuple[int, ...]


class TakingScreen(FilteringScreen):
    """What leaves the program, and how. What is opened counts as read."""

    class Brought(Message):
        """The user wants papers brought in from the files that `text` names."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    _command: str = ""

    def _do_open_page(self) -> None:
        self._open("paper")

    def _do_open_code(self) -> None:
        self._open("code")

    def _do_open_pdf(self) -> None:
        self._open("pdf")

    def on_detail_link_chosen(self, event: Detail.LinkChosen) -> None:
        with self.telling():
            row = self._detail.shown
            self._browse([event.link], [] if row is None else [row])

    def _open(self, kind: str) -> None:
        """Opens what "code", "paper", "pdf" or "discussion" leads to."""
        if not (holding := self._current_holding()):
            return
        if link := destination(holding.paper, kind):
            self._browse([link], [holding.row])
        else:
            self.say(f"no {'PDF' if kind == 'pdf' else kind} is known for this paper")

    def _browse(self, links: Sequence[Link], rows: Sequence[int]) -> None:
        """Opens links; the papers of these rows then count as read, of several at once by an act of its own."""
        outcomes = [open_url(link.url, self._config, pdf=link.kind == "pdf") for link in links]
        shown = [outcome.url for outcome in outcomes if isinstance(outcome, Shown)]
        if shown:
            self.app.copy_to_clipboard("\n".join(shown))
            self.say(
                f"no browser here; copied: {shown[0] if len(shown) == 1 else counted(len(shown), 'address')}"
            )
            return
        if len(rows) > 1:
            self._triage.read_all(self._triage.papers(rows))
            self._repaint(rows)
            self.say(f"opened {counted(len(links), 'page')}, marked read")
            return
        if len(links) == 1:
            searched = links[0].origin == "search"
            words = "no page of its own is known; searched for its title: " if searched else "opened "
            self.say(f"{words}{links[0].url}")
        else:
            self.say(f"opened {counted(len(links), 'page')}")
        self._repaint(self._triage.read_by_itself(rows).rows)

    def _do_export(self) -> None:
        """Asks where to: for the selected papers, or else for the starred ones."""
        if selected := self.papers.selected:
            self._ask_export(_Batch("Selected papers", "", tuple(selected)))
        else:
            self._ask_export(self._batch(STARRED), self.view)

    def _ask_export(self, batch: _Batch, other: View | None = None) -> None:
        """Asks for the file; with an `other` view, Tab turns to its papers."""

        def answered(text: str | None) -> None:
            if other and text and text.startswith(Prompt.SWITCH):
                self._export_path = text.removeprefix(Prompt.SWITCH)
                self._ask_export(self._batch(other), self.view if other is STARRED else STARRED)
            elif text and text.strip():
                with self.telling():
                    self._export(batch, text.strip())

        turn = f" · Tab: {other.title} instead" if other else ""
        question = f"Export {batch.title} · {counted(len(batch.rows), 'paper')} · to which file?"
        path = self._export_path or "~/papers.md"
        hint = f"Enter writes; a folder gets one file a paper, .bib BibTeX{turn} · Esc cancels"
        self.app.push_screen(Prompt(question, path, hint=hint, switch=other is not None), answered)

    def _batch(self, view: View) -> _Batch:
        rows = self._library.find(view.query, since=self._since)
        return _Batch(view.title, format_query(view.query), tuple(rows))

    def _export(self, batch: _Batch, target: str) -> None:
        from papers_tui.exporting import Heading, export, form_of, write_whole

        self._export_path = target
        if (form := form_of(target)) != "markdown":
            exported = write_whole(self._library, batch.rows, target, form)
        else:
            heading = Heading(batch.title, batch.query, f"{date.today()}")
            exported = export(self._library, batch.rows, target, heading)
        self.post_message(self.Chosen(export=target))
        news = (
            f"{exported.new:,} new" if exported.new else "",
            f"{exported.gone:,} no longer here" if exported.gone else "",
            "your edits kept" if exported.edited else "",
        )
        said = ", ".join(filter(None, news))
        self.say(f"{counted(exported.papers, 'paper')} → {target}{f' ({said})' if said else ''}")

    def _do_open_discussion(self) -> None:
        self._open("discussion")

    def _do_open_all(self) -> None:
        """Opens the page of every selected paper."""
        papers = self._target_holdings()

        def confirmed(yes: bool | None) -> None:
            if yes:
                links = [destination(holding.paper, "paper") for holding in papers]
                with self.telling():
                    self._browse([link for link in links if link], [holding.row for holding in papers])

        if len(papers) > _MANY_PAGES:
            self.app.push_screen(Confirm(f"Open {len(papers):,} pages in the browser?"), confirmed)
        else:
            confirmed(bool(papers))

    def _do_pick_link(self) -> None:
        if not (holding := self._current_holding()):
            return
        links = holding.links

        def picked(place: int | None) -> None:
            if place is not None:
                with self.telling():
                    self._browse([links[place]], [holding.row])

        if links:
            choices = [(link.kind, link.url.removeprefix("https://")) for link in links]
            self.app.push_screen(Picker("Open which link?", choices), picked)
        else:
            self.say("no links on this paper; o looks for its page")

    def _do_pick_view(self) -> None:
        """Lists the papers of an author, an organisation, a tag or a topic of this one."""
        if not (holding := self._current_holding()):
            return
        views = related(holding)

        def picked(place: int | None) -> None:
            if place is not None:
                with self.telling():
                    self.visit_view(views[place])

        if views:
            choices = [(view.key.partition(":")[0], view.title) for view in views]
            self.app.push_screen(Picker("List the papers of which?", choices), picked)
        else:
            self.say("nothing is known that other papers could share with this one")

    # Copying and piping

    def _do_copy_url(self) -> None:
        self._copy("url")

    def _do_copy_title(self) -> None:
        self._copy("title")

    def _do_copy_id(self) -> None:
        self._copy("identifier")

    def _do_copy_markdown(self) -> None:
        self._copy("markdown")

    def _do_copy_bibtex(self) -> None:
        from papers_tui.export import bibtex

        if papers := [holding.paper for holding in self._target_holdings()]:
            self._put_on_clipboard(bibtex.render(papers), f"BibTeX of {counted(len(papers), 'paper')}")

    def _copy(self, what: str) -> None:
        """Copies a line for each paper; `what` is a function of `export.lines`."""
        from papers_tui.export import lines

        if texts := [getattr(lines, what)(holding.paper) for holding in self._target_holdings()]:
            shown = texts[0] if len(texts) == 1 else f"{len(texts)} lines"
            self._put_on_clipboard("\n".join(texts), shown)

    def _put_on_clipboard(self, text: str, shown: str) -> None:
        from papers_tui import clipboard

        async def tools() -> None:
            copied = await asyncio.to_thread(clipboard.copy, text, os.environ, write_osc52=lambda _: None)
            if not self._status.said:  # else something else was done meanwhile
                self.say(f"{copied}: {shown}")

        self.app.copy_to_clipboard(text)
        self.run_worker(tools(), exclusive=True, group="clipboard")

    def _do_pipe(self) -> None:
        self._ask_pipe("Markdown")

    def _ask_pipe(self, form: str) -> None:
        """Asks for the command; Tab turns from Markdown to JSON Lines and back."""
        papers = self._targets()
        other = "JSON Lines" if form == "Markdown" else "Markdown"

        def answered(text: str | None) -> None:
            if text and text.startswith(Prompt.SWITCH):
                self._command = text.removeprefix(Prompt.SWITCH)
                self._ask_pipe(other)
            elif text and text.strip():
                self._command = text
                with self.telling():
                    self._pipe(text, self._written(papers, form))

        hint = f"a program and its arguments, no shell · Enter runs it · Tab: as {other} · Esc cancels"
        question = f"Give {counted(len(papers), 'paper')} as {form} to which command?"
        if papers:
            self.app.push_screen(Prompt(question, self._command, hint=hint, switch=True), answered)

    def _written(self, papers: Sequence[PaperRow], form: str) -> str:
        from papers_tui.exporting import Heading, document, json_lines

        rows = [paper.row for paper in papers]
        if form == "Markdown":
            return document(self._library, rows, Heading(self.view.title, "", f"{date.today()}"))
        return json_lines(self._library, rows)

    def _pipe(self, command: str, text: str) -> None:
        from papers_tui import piping

        argv = piping.argument_list(command)

        async def piped() -> None:
            with self.telling():
                outcome = await asyncio.to_thread(piping.pipe, argv, text, timeout=_PIPE_SECONDS)
                said = outcome.output.strip().partition("\n")[0]
                self.say(f"{outcome}{f' · {said}' if said and not outcome.code else ''}")

        self.say(f"{argv[0]} …")
        self.run_worker(piped(), group="pipe")

    def _target_holdings(self) -> list[Holding]:
        return list(self._library.holdings([paper.row for paper in self._targets()]))
