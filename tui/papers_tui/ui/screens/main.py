"""The main screen: what the keys decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from textual.message import Message

from papers_tui.domain.errors import PapersError
from papers_tui.domain.text import unicode_tex
from papers_tui.library import Done, Library
from papers_tui.ui.external import edited
from papers_tui.ui.panes.detail import Detail
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.panes.paper_list.pane import PaperList
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.layout import PANES
from papers_tui.ui.screens.muting import MutingScreen
from papers_tui.ui.screens.painting import PaintingScreen
from papers_tui.ui.screens.picker import Picker
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.triage import Chosen, Triage, named, tag_names, tags_by_use
from papers_tui.ui.views import BEFORE_LATEST, MISSED, edition_title, since_words

_MENU = (
    *("read", "star", "dismiss", "later", "tags", "note", "undo", "open_detail", "open_page", "open_code"),
    *(
        "open_pdf",
        "open_discussion",
        "pick_link",
        "pick_view",
        "copy_url",
        "copy_bibtex",
        "export",
        "palette",
    ),
)
"""What the other mouse button offers: nothing that is about many papers at once."""

_TOLD = 4
"""Editions, and sources, that are named of those that brought something."""

if TYPE_CHECKING:
    from papers_tui.ui.screens.note import NoteEditor


class MainScreen(MutingScreen, PaintingScreen):
    """Triage of the selected papers, or of the one under the cursor.

    Every act says what it did; one that decides on a single paper moves on to the next.
    """

    DEFAULT_CSS = PANES
    AUTO_FOCUS = "PaperList"

    class SyncWanted(Message):
        """What other machines did is to be fetched, and what was done here to be given to them."""

    _editor: tuple[NoteEditor, Callable[[str | None], None]] | None = None

    # Deciding

    def _do_read(self) -> None:
        self._toggle("read")

    def _do_star(self) -> None:
        self._toggle("star")

    def _do_dismiss(self) -> None:
        self._toggle("dismiss")

    def _do_later(self) -> None:
        self._toggle("later")

    def _toggle(self, register: str) -> None:
        self._decide(lambda triage, papers: triage.toggle(register, papers))

    def _do_repeat(self) -> None:
        if self._triage.repeats:
            self._decide(lambda triage, papers: triage.repeat(papers))
        else:
            self.say("nothing to repeat yet")

    def _decide(self, do: Callable[[Triage, Chosen], Done]) -> None:
        """Does an act to the selected papers, or to the one under the cursor, and moves on."""
        if rows := self._target_rows():
            self._act(rows, do, self._tell)
            if self.papers.many_selected:
                self.papers.select_none()
            else:
                self.papers.move_to(self.papers.cursor + self._direction)

    def _do_tags(self) -> None:
        rows = self._target_rows()

        def shared(library: Library) -> tuple[str, ...]:
            states = [holding.state for holding in library.holdings(rows)]
            first = states[0].tags if states else ()
            return tuple(tag for tag in first if all(tag in state.tags for state in states))

        if rows:
            self._find_out(len(rows), shared, lambda tags: self._ask_tags_for(rows, tags))

    def _ask_tags_for(self, rows: Sequence[int], shared: tuple[str, ...]) -> None:
        known = tags_by_use(self._library.counts())

        def answered(text: str | None) -> None:
            if text is not None:
                with self.telling():
                    names = tag_names(text, known)
                    self._act(rows, lambda triage, papers: triage.tag(papers, shared, names), self._tell)
                    self.papers.select_none()

        about = named(self._rows(rows)) if len(rows) == 1 else f"{len(rows):,} papers"
        hint = "commas between tags · Enter saves · Esc leaves them as they were"
        had = "".join(f"{tag}, " for tag in shared)
        self.app.push_screen(Prompt(f"Tags · {about}", had, hint=hint, known=known), answered)

    def _do_note(self) -> None:
        if not (asked := self._asked_note()):
            return
        from papers_tui.ui.screens.note import NoteEditor

        title, note, written = asked
        editor = NoteEditor(title, note)
        self._editor = (editor, written)

        def closed(text: str | None) -> None:
            self._editor = None
            written(text)

        self.app.push_screen(editor, closed)

    def _do_note_editor(self) -> None:
        if asked := self._asked_note():
            _, note, written = asked
            text, problem = note, ""
            try:
                with self.app.suspend():
                    try:
                        text = edited(note)
                    except (
                        PapersError
                    ) as error:  # raised through `suspend`, it would leave the terminal as it is
                        problem = str(error)
            except SuspendNotSupported:
                problem = f"this terminal can't be handed to an editor; {self.keys.shown('note')} writes the note here"
            if problem:
                self.say(problem)
            else:
                written(text)

    def _asked_note(self) -> tuple[str, str, Callable[[str | None], None]] | None:
        """The title and the note of the paper under the cursor, and what keeps a new note."""
        paper = self._current()
        if not paper or not (holding := self._holding(paper.row)):
            return None

        begun = holding.state.note_to_edit

        def written(text: str | None) -> None:
            if text is not None and text.rstrip() != begun:
                with self.telling():
                    self._tell(self._triage.note(paper.row, text, holding.state.note_edits))

        return unicode_tex(paper.title), begun, written

    def _do_keep_note(self) -> None:
        if paper := self._current():
            done = self._library.keep_note(paper.row)
            self._tell(done if done.text else replace(done, text="the note has no other version"))

    def _do_sync(self) -> None:
        self.post_message(self.SyncWanted())

    def finish(self) -> None:
        """Keeps what stands in an open note: the program is about to end."""
        super().finish()
        if self._editor:
            editor, written = self._editor
            written(editor.text)
        self._visit()

    # By mouse

    def on_paper_list_mark_clicked(self, event: PaperList.MarkClicked) -> None:
        """Turns the mark of the paper under the mouse, and stays there."""
        with self.telling():
            if event.place == 2:
                self.papers.turn_selected()
                self._say_selected()
            elif paper := self._current():
                register = ("read", "star")[event.place]
                self._act([paper.row], lambda triage, papers: triage.toggle(register, papers), self._tell)

    def on_detail_part_clicked(self, event: Detail.PartClicked) -> None:
        self.run_command(event.command)

    def on_paper_list_menu_wanted(self) -> None:
        self._offer_menu()

    def on_detail_menu_wanted(self) -> None:
        self._offer_menu()

    def _offer_menu(self) -> None:
        """What the keys do to a paper, for the mouse, each with its key."""
        commands = [command for command in self.keys.commands if command.id in _MENU]

        def picked(place: int | None) -> None:
            if place is not None:
                self.run_command(commands[place].id)

        choices = [(command.title, command.help) for command in commands]
        keys = [self.keys.shown(command.id) for command in commands]
        question = named(self._targets()) if self.papers.ids else "Nothing is listed"
        self.app.push_screen(Picker(question, choices, keys=keys), picked)

    # Many at once

    def _do_select(self) -> None:
        self.papers.turn_selected()
        self.papers.move_to(self.papers.cursor + self._direction)
        self._say_selected()

    def _do_range(self) -> None:
        self.papers.turn_range()
        self._say_selected()

    def _do_select_all(self) -> None:
        self._when_whole(self._turn_all)

    def _turn_all(self) -> None:
        if self.papers.many_selected == len(self.papers.ids):
            self.papers.select_none()
        else:
            self.papers.select_all()
        self._say_selected()

    def _do_read_above(self) -> None:
        self._read(self.papers.ids[: self.papers.cursor])

    def _do_read_below(self) -> None:
        self._when_whole(lambda: self._read(self.papers.ids[self.papers.cursor + 1 :]))

    def _do_read_all(self) -> None:
        self._when_whole(self._ask_read_all)

    def _ask_read_all(self) -> None:
        rows = self.papers.ids

        def ask(unread: list[int]) -> None:
            def confirmed(yes: bool | None) -> None:
                if yes:
                    with self.telling():
                        self._read(unread)

            if unread:
                self.app.push_screen(Confirm(f"Mark {counted(len(unread), 'paper')} read?"), confirmed)
            else:
                self.say("all of them are read")

        def find(library: Library) -> list[int]:
            unread = library.unread(rows, dismissed=True)
            return [row for row in rows if row in unread]

        self._find_out(len(rows), find, ask)

    def tell_missed(self) -> None:
        """Says what came in while the user was away."""
        missed = self._library.count_newer(MISSED, 0, since=self._since)
        if not missed:
            return
        editions = self._library.breakdown(MISSED, "edition", since=self._since)
        sources = self._library.breakdown(MISSED, "source", since=self._since)
        parts = [
            f"{edition_title(name, year=False)} {many:,}"
            for name, many in sorted(editions, reverse=True)[:_TOLD]
        ]
        parts += [f"{name} {many:,}" for name, many in sources[:_TOLD]]
        hint = f"{self.keys.shown('catch_up')} dismisses the older ones that your views don't want"
        self.say(
            f"{counted(missed, 'new paper')} since {since_words(self._since)}: {', '.join(parts)} · {hint}"
        )

    def _do_catch_up(self) -> None:
        found = self._library.find(BEFORE_LATEST, since=self._since) if self._since else ()
        wanted = self.wanted() if found else set()
        rows = [row for row in found if row not in wanted]
        but = "the latest edition and what your views want" if wanted else "the latest edition"

        def confirmed(yes: bool | None) -> None:
            if yes:
                with self.telling():
                    self._act(rows, lambda triage, papers: triage.dismiss_all(papers), self._tell)

        if rows:
            many = counted(len(rows), "unread paper")
            question = f"Dismiss {many} that came in since {since_words(self._since)}, all but {but}?"
            self.app.push_screen(Confirm(question), confirmed)
        else:
            self.say(f"nothing came in that could be dismissed, but for {but}")

    def _read(self, rows: Sequence[int]) -> None:
        def show(done: Done | None) -> None:
            if done:
                self._tell(done)
            else:
                self.say("nothing unread there")

        def do(triage: Triage, papers: Chosen) -> Done | None:
            unread = papers.unread()
            return triage.read_all(unread) if unread.rows else None

        self._act(rows, do, show)

    def _do_drop_read(self) -> None:
        self._when_whole(self._drop_read)

    def _drop_read(self) -> None:
        gone = self.papers.drop_read()
        self._complete()
        self._show_place()
        self.say(f"{counted(gone, 'read paper')} out of the list; r brings back what belongs here")

    # The rest

    def _do_reload(self) -> None:
        """Lists the view anew; where nothing new waited for that, its source is asked, too."""
        waited = self._newer
        self._library.sync()
        self.open_view(self.view, keep=self.papers.current)
        self.say(f"listed anew, with {counted(waited, 'new paper')}" if waited else "listed anew")
        if not waited:
            kind, _, name = self.view.key.partition(":")
            followed = {source.name for source in self.following.sources}
            wanted = (name,) if kind == "source" and name in followed else ()
            if wanted or not self.following.manual:
                self.post_message(self.RefreshWanted(wanted, due=not wanted))

    def _do_refresh_all(self) -> None:
        self.post_message(self.RefreshWanted())

    def _do_look_up(self) -> None:
        """All that the services have of the paper under the cursor."""
        paper = self._current()
        if paper and paper.id.startswith("arxiv:"):
            self.post_message(self.RefreshWanted(paper=paper.id))
        elif paper:
            self.say("only papers with an arXiv id can be looked up")

    def _do_palette(self) -> None:
        self.app.action_command_palette()

    def _do_help(self) -> None:
        from papers_tui.ui.screens.help import Help

        about = {self._sidebar: ("Panes",), self._detail: ("Open and take",)}
        first = next((groups for pane, groups in about.items() if pane is self.focused), ("Triage", "Many"))
        self.app.push_screen(Help(self.keys.commands, self._glyphs, first=first))

    def _do_suspend(self) -> None:
        self.app.action_suspend_process()
