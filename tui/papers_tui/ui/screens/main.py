"""The main screen: what the keys decide, open and take away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from papers_tui.domain.links import destination
from papers_tui.domain.paper import Link, PaperRow
from papers_tui.domain.text import unicode_tex
from papers_tui.library import Done
from papers_tui.opener import Shown, open_url
from papers_tui.ui.panes.detail import Detail
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.note import NoteEditor
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.screens.reading import ReadingScreen
from papers_tui.ui.triage import tag_names
from papers_tui.ui.views import STARRED, View


class MainScreen(ReadingScreen):
    """Triage on top of reading. Every act says what it did and moves on to the next paper."""

    _export_path: str = ""
    _editor: tuple[NoteEditor, Callable[[str | None], None]] | None = None

    # Triage

    def _do_read(self) -> None:
        self._toggle("read")

    def _do_star(self) -> None:
        self._toggle("star")

    def _do_dismiss(self) -> None:
        self._toggle("dismiss")

    def _do_later(self) -> None:
        self._toggle("later")

    def _toggle(self, register: str) -> None:
        if paper := self._current():
            self._tell(self._triage.toggle(register, [paper]))
            self._move_on()

    def _do_repeat(self) -> None:
        if paper := self._current():
            done = self._triage.repeat([paper])
            if done is None:
                self.say("nothing to repeat yet")
            else:
                self._tell(done)
                self._move_on()

    def _do_tags(self) -> None:
        paper = self._current()
        if not paper or not (holding := self._holding(paper.row)):
            return
        known = [label.name for label in self._library.counts().labels["tag"]]
        had = "".join(f"{tag}, " for tag in holding.state.tags)

        def answered(text: str | None) -> None:
            if text is not None:
                with self.telling():
                    self._tell(self._triage.tag([paper], holding.state, tag_names(text, known)))

        hint = "commas between tags · Enter saves · Esc leaves them as they were"
        title = unicode_tex(paper.title)
        self.app.push_screen(Prompt(f"Tags · {title}", had, hint=hint, known=known), answered)

    def _do_note(self) -> None:
        paper = self._current()
        if not paper or not (holding := self._holding(paper.row)):
            return

        def written(text: str | None) -> None:
            if text is not None and text.rstrip() != holding.state.note:
                with self.telling():
                    self._tell(self._triage.note(paper, text))

        editor = NoteEditor(unicode_tex(paper.title), holding.state.note)
        self._editor = (editor, written)

        def closed(text: str | None) -> None:
            self._editor = None
            written(text)

        self.app.push_screen(editor, closed)

    def finish(self) -> None:
        """Keeps what stands in an open note: the program is about to end."""
        if self._editor:
            editor, written = self._editor
            written(editor.text)
        self._visit()

    def _do_undo(self) -> None:
        self._again(self._library.undo(), "nothing to undo")

    def _do_redo(self) -> None:
        self._again(self._library.redo(), "nothing to redo")

    def _again(self, done: Done | None, nothing: str) -> None:
        if done is None:
            self.say(nothing)
            return
        self._tell(done)
        if done.rows:
            self.papers.move_to_row(done.rows[0])

    def _tell(self, done: Done) -> None:
        """Shows what was done, and where it could not be kept, why."""
        self._repaint(done.rows)
        self.say(done.text)
        trouble = self._library.trouble if self._library.unsaved else ""
        self.warn(f"NOT SAVED: {trouble}. It is kept in memory and tried again." if trouble else "")

    def _move_on(self) -> None:
        self.papers.move_to(self.papers.cursor + self._direction)

    def _current(self) -> PaperRow | None:
        return self.papers.row_at(self.papers.cursor) if self.papers.ids else None

    # Out of the program

    def _do_open_page(self) -> None:
        self._open("paper")

    def _do_open_code(self) -> None:
        self._open("code")

    def _do_open_pdf(self) -> None:
        self._open("pdf")

    def on_detail_link_chosen(self, event: Detail.LinkChosen) -> None:
        with self.telling():
            self._browse(event.link)

    def _open(self, kind: str) -> None:
        paper = self._current()
        if not paper or not (holding := self._holding(paper.row)):
            return
        link = destination(holding.paper, kind)
        if link is None:
            self.say(f"no {'code' if kind == 'code' else 'PDF'} is known for this paper")
            return
        self._browse(link)
        self._repaint(self._triage.read_by_itself(paper.row).rows)

    def _browse(self, link: Link) -> None:
        outcome = open_url(link.url, self._config, pdf=link.kind == "pdf")
        if isinstance(outcome, Shown):
            self.app.copy_to_clipboard(outcome.url)
            self.say(f"no browser here; copied: {outcome.url}")
        else:
            searched = (
                "no page of its own is known; searched for its title: "
                if link.origin == "search"
                else "opened "
            )
            self.say(f"{searched}{link.url}")

    def _do_export(self) -> None:
        self._ask_export(STARRED)

    def _ask_export(self, view: View) -> None:
        """Asks for the file; Tab turns from the starred papers to the view on show and back."""
        many = len(self._library.find(view.query, since=self._since))
        other = self.view if view is STARRED else STARRED
        path = self._export_path or "~/papers.md"

        def answered(text: str | None) -> None:
            if text == Prompt.SWITCH:
                self._ask_export(other)
            elif text and text.strip():
                self._export(view, text.strip())

        hint = f"Enter writes · Tab: {other.title} instead · Esc cancels"
        self.app.push_screen(
            Prompt(
                f"Export {view.title} · {counted(many, 'paper')} · to which file?",
                path,
                hint=hint,
                switch=True,
            ),
            answered,
        )

    def _export(self, view: View, text: str) -> None:
        self._export_path = text
        with self.telling():
            many = self._library.export(view.query, text, title=view.title, since=self._since)
            self.say(f"wrote {counted(many, 'paper')} of {view.title} to {Path(text).expanduser()}")

    # The rest

    def _do_reload(self) -> None:
        self._library.sync()
        self.open_view(self.view, keep=self.papers.current)
        self.say("listed anew")

    def _do_palette(self) -> None:
        self.app.action_command_palette()

    def _do_help(self) -> None:
        from papers_tui.ui.screens.help import Help

        self.app.push_screen(Help(self.keys.commands, self._glyphs))

    def _do_suspend(self) -> None:
        self.app.action_suspend_process()
