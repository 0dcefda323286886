"""Every command, once: bindings, help, palette, rebinding and the README's table of keys come from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from papers_tui.late import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """Something a key does. `id` is what `[keys]` in config.toml names; `keys` are keys as
    Textual names them, or single characters; two with a space between are pressed one after the other."""

    id: str
    keys: tuple[str, ...]
    title: str
    help: str
    group: str


COMMANDS: tuple[Command, ...] = (
    Command("down", ("j", "down"), "Next", "the next paper, entry or line", "Move"),
    Command("up", ("k", "up"), "Previous", "the previous paper, entry or line", "Move"),
    Command("top", ("g g", "home"), "First", "the first one", "Move"),
    Command("bottom", ("G", "end"), "Last", "the last one", "Move"),
    Command("half_down", ("ctrl+d",), "Half a page down", "half a page down", "Move"),
    Command("half_up", ("ctrl+u",), "Half a page up", "half a page up", "Move"),
    Command("page_down", ("ctrl+f", "pagedown"), "Page down", "a page down", "Move"),
    Command("page_up", ("ctrl+b", "pageup"), "Page up", "a page up", "Move"),
    Command(
        "next_unread", ("n",), "Next unread", "the next unread paper, in the next view if need be", "Move"
    ),
    Command("previous_unread", ("N",), "Previous unread", "the unread paper before this one", "Move"),
    Command("next_group", (")",), "Next group", "the first paper of the next group", "Move"),
    Command(
        "previous_group", ("(",), "Previous group", "the first of this group, or of the one before", "Move"
    ),
    Command(
        "read_on",
        ("space",),
        "Read on",
        "page the abstract; at its end, on to the next unread",
        "Move",
    ),
    Command("detail_down", ("J",), "Scroll the abstract down", "scroll the abstract down", "Move"),
    Command("detail_up", ("K",), "Scroll the abstract up", "scroll the abstract up", "Move"),
    Command("next_view", ("]",), "Next view", "open the next entry of the sidebar", "Panes"),
    Command("previous_view", ("[",), "Previous view", "open the previous entry of the sidebar", "Panes"),
    Command("right", ("l", "right"), "Pane to the right", "go to the pane on the right", "Panes"),
    Command(
        "left", ("h", "left"), "Pane to the left", "go to the pane on the left, or open the sidebar", "Panes"
    ),
    Command("next_pane", ("tab",), "Next pane", "go round the panes", "Panes"),
    Command("previous_pane", ("shift+tab",), "Previous pane", "go round the panes the other way", "Panes"),
    Command(
        "open_detail", ("enter",), "Whole width", "read the paper over the whole width, and back", "Panes"
    ),
    Command(
        "layout", ("z",), "Layout", "panes side by side, one above the other, or the list alone", "Panes"
    ),
    Command("density", ("Z",), "Density", "papers on one line each, or two with authors and date", "Panes"),
    Command("back", ("escape",), "Back", "back one level", "Panes"),
    Command("leave", ("q",), "Back or quit", "back one level; at the top, quit", "Panes"),
    Command("read", ("m",), "Read / unread", "mark read or unread", "Triage"),
    Command("star", ("s",), "Star", "star it, or take the star off", "Triage"),
    Command("dismiss", ("d",), "Dismiss", "not for me: out of every unread list, or bring it back", "Triage"),
    Command("mute", ("D",), "Mute", "mute its author, a phrase, its category, source …: a rule", "Triage"),
    Command("later", ("L",), "Later", "put it on Later, or take it off", "Triage"),
    Command("tags", ("t",), "Tags", "give it tags, or take them away", "Triage"),
    Command("note", ("i",), "Note", "write a note on it", "Triage"),
    Command("note_editor", ("I",), "Note in $EDITOR", "write the note in your own editor", "Triage"),
    Command("keep_note", ("=",), "Keep this note", "drop the version that another machine wrote", "Triage"),
    Command("repeat", (".",), "Repeat", "do the last act again, to this paper", "Triage"),
    Command("undo", ("u",), "Undo", "take the last act back; after a restart too", "Triage"),
    Command("redo", ("ctrl+r",), "Redo", "do again what was just taken back", "Triage"),
    Command(
        "select",
        ("x",),
        "Select",
        "select it, or no longer; triage keys act on all selected",
        "Many",
    ),
    Command("range", ("v",), "Range", "select from here to where you go; v again ends it", "Many"),
    Command("select_group", ("X",), "Select group", "select all of its group, or no longer", "Many"),
    Command("select_all", ("*",), "Select all", "select all that are listed, or none", "Many"),
    Command("read_above", ("{",), "Read above", "mark all papers above this one read", "Many"),
    Command("read_below", ("}",), "Read below", "mark all papers below this one read", "Many"),
    Command("read_all", ("A",), "Read all", "mark all that are listed read; asks with the number", "Many"),
    Command("drop_read", ("'",), "Drop read ones", "take what is read out of the list", "Many"),
    Command(
        "catch_up",
        ("C",),
        "Catch up",
        "dismiss what came in while you were away; asks first",
        "Many",
    ),
    Command(
        "act",
        (":",),
        "Act by query",
        "star author:NAME, read before:2w …: all that it finds",
        "Many",
    ),
    Command("open_page", ("o",), "Paper page", "open the paper's page in the browser", "Open and take"),
    Command("open_code", ("c",), "Code", "open the code repository in the browser", "Open and take"),
    Command("open_pdf", ("p",), "PDF", "open the PDF", "Open and take"),
    Command("open_discussion", ("H",), "Discussion", "open the discussion on Hugging Face", "Open and take"),
    Command(
        "pick_link",
        ("f",),
        "Pick a link",
        "show a letter for each link; that letter opens it",
        "Open and take",
    ),
    Command(
        "pick_view",
        ("F",),
        "More of these",
        "list the papers of its author, organisation, tag or topic",
        "Open and take",
    ),
    Command(
        "open_all",
        ("O",),
        "Open all",
        "open the pages of all selected papers; asks above 10",
        "Open and take",
    ),
    Command(
        "look_up",
        ("E",),
        "Look up",
        "fetch its models, datasets, Spaces and official code",
        "Open and take",
    ),
    Command("copy_url", ("y y",), "URL", "copy the paper's address", "Open and take"),
    Command("copy_title", ("y t",), "title", "copy the title", "Open and take"),
    Command("copy_id", ("y i",), "id", "copy the id", "Open and take"),
    Command("copy_bibtex", ("y b",), "BibTeX", "copy the BibTeX entry", "Open and take"),
    Command("copy_markdown", ("y m",), "Markdown", "copy a line of Markdown", "Open and take"),
    Command("pipe", ("|",), "Pipe", "give the papers to a command, as Markdown or JSON", "Open and take"),
    Command(
        "export",
        ("e",),
        "Export",
        "write starred papers, or this view, to Markdown or .bib",
        "Open and take",
    ),
    Command("filter", ("/",), "Filter", "narrow the view down as you type; / again: everything", "More"),
    Command("sort", ("\\",), "Sort", "another order for this list: upvotes, stars, title …", "More"),
    Command("group", ("-",), "Group", "the list in groups, by what it is sorted by; and back", "More"),
    Command("save_view", ("V",), "Save view", "keep what is listed as a view in the sidebar", "More"),
    Command("add", ("a",), "Add", "add a source to follow, or papers from a saved page", "More"),
    Command("watch", ("w",), "Watch", "watch an author of the paper: the name stands out", "More"),
    Command("manage", ("M",), "Manage", "rename, change or remove the source, view, tag or rule", "More"),
    Command("rules", ("g D",), "Rules", "your rules, with what each does: change or remove them", "More"),
    Command(
        "failures",
        ("!",),
        "Failures",
        "what went wrong with which source, and when it is tried again",
        "More",
    ),
    Command("reload", ("r",), "Refresh", "list this view anew, and ask its source", "More"),
    Command("refresh_all", ("R",), "Refresh all", "ask every source for new papers", "More"),
    Command("sync", ("S",), "Sync", "exchange marks with your other machines now", "More"),
    Command("palette", ("ctrl+p",), "Palette", "find a command by its name", "More"),
    Command("help", ("?", "f1"), "Help", "this page", "More"),
    Command("quit", ("ctrl+q", "ctrl+c"), "Quit", "leave; everything is saved", "More"),
    Command("suspend", ("ctrl+z",), "Suspend", "put the program in the background", "More"),
)

_SHOWN = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "f1": "F1",
}


def shown_key(key: str) -> str:
    """A key as people write it."""
    return _SHOWN.get(key, key)


def named_key(key: str) -> str:
    """A key by Textual's name for it: `]` is `right_square_bracket`."""
    if key in _names():
        return key
    bindings = Binding.make_bindings([Binding(key.replace(",", "comma"), "")])
    return next(iter(bindings)).key


def is_key(name: str) -> bool:
    """Whether a terminal can send a key of this name, as Textual names it."""
    *modifiers, key = name.split("+")
    known = len(key) == 1 or key in _names() or len(key_to_character(key) or "") == 1
    return known and all(
        modifier in ("ctrl", "shift", "alt", "super", "meta", "hyper") for modifier in modifiers
    )


@cache
def _names() -> frozenset[str]:
    """The names of keys, and of characters that have one, such as `right_square_bracket`."""
    return frozenset(key.value for key in Keys) | frozenset(KEY_NAME_REPLACEMENTS.values())


@dataclass(frozen=True, slots=True)
class Keymap:
    """Which command a key stands for: at once (`single`), or after a first key (`chords`: first, then second).

    Keys are Textual's names; `problems` has a sentence for each setting that can't be followed.
    """

    commands: tuple[Command, ...]
    single: Mapping[str, str]
    chords: Mapping[str, Mapping[str, str]]
    problems: tuple[str, ...] = ()

    def every(self) -> tuple[str, ...]:
        """Every key that means something, be it as the first or the second of two."""
        seconds = (key for keys in self.chords.values() for key in keys)
        return tuple(dict.fromkeys((*self.single, *self.chords, *seconds)))

    def shown(self, command: str) -> str:
        """The first key of a command as people write it; of one without a key, the palette's."""
        keys = {known.id: known.keys for known in self.commands}
        return shown_key(next(iter(keys[command] or keys["palette"]), ""))


def keymap(keys: Mapping[str, tuple[str, ...]]) -> Keymap:
    """The table's keys with the user's in their place.

    Of two commands with one key the one that the user gave it to keeps it, and else the first in the table.
    """
    known = {command.id for command in COMMANDS}
    problems = [_unknown(name) for name in keys if name not in known]
    commands = tuple(
        replace(command, keys=keys[command.id]) if command.id in keys else command for command in COMMANDS
    )
    single: dict[str, str] = {}
    chords: dict[str, dict[str, str]] = {}
    for command in sorted(commands, key=lambda command: command.id not in keys):
        for key in command.keys:
            first, *rest = map(named_key, key.split()) if key.strip() else ("",)
            if len(rest) > 1 or not all(map(is_key, (first, *rest))):
                problems.append(f"[keys] {command.id}: {key!r} is not a key, nor two with a space between")
                continue
            place = chords.setdefault(first, {}) if rest else single
            taken = place.get(rest[0] if rest else first) or (single.get(first) if rest else None)
            if not rest and first in chords:
                taken = next(iter(chords[first].values()))
            if taken:
                problems.append(f"[keys] {command.id}: {shown_key(key)} is taken, it goes to {taken}")
            else:
                place[rest[0] if rest else first] = command.id
    return Keymap(
        commands, single, {first: seconds for first, seconds in chords.items() if seconds}, tuple(problems)
    )


def _unknown(name: str) -> str:
    import difflib

    titled = [command.id for command in COMMANDS if command.title.casefold() == name.casefold()]
    near = titled or difflib.get_close_matches(name, [command.id for command in COMMANDS], 1)
    return f"[keys]: there is no command {name}" + (f"; did you mean {near[0]}?" if near else "")
