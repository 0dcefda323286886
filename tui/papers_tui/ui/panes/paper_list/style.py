"""The colours of the list."""

CLASSES = {
    f"paper-list--{name}{suffix}"
    for name in ("unread", "read", "meta", "watched", "mark", "star", "message", "hit")
    for suffix in ("", "-cursor", "-focused")
} | {"paper-list--group"}
"""The names of its styles: `-cursor` for the paper under the cursor, `-focused` where the list has the keys."""

CSS = """
PaperList > .paper-list--unread { color: $foreground; text-style: bold; }
PaperList > .paper-list--read { color: $text-muted; }
PaperList > .paper-list--meta { color: $text-muted; }
PaperList > .paper-list--watched { color: $foreground; text-style: bold; }
PaperList > .paper-list--mark { color: $text-accent; }
PaperList > .paper-list--star { color: $text-warning; }
PaperList > .paper-list--message { color: $text-muted; }
PaperList > .paper-list--group { color: $text-muted; }
PaperList > .paper-list--hit { color: $text-accent; text-style: bold underline; }
PaperList > .paper-list--hit-cursor { background: $panel; color: $text-accent; text-style: bold underline; }
PaperList > .paper-list--unread-cursor { background: $panel; color: $foreground; text-style: bold; }
PaperList > .paper-list--read-cursor { background: $panel; color: $foreground; }
PaperList > .paper-list--meta-cursor { background: $panel; color: $foreground; }
PaperList > .paper-list--watched-cursor { background: $panel; color: $foreground; text-style: bold; }
PaperList > .paper-list--mark-cursor { background: $panel; color: $text-accent; }
PaperList > .paper-list--star-cursor { background: $panel; color: $text-warning; }
PaperList > .paper-list--unread-focused,
PaperList > .paper-list--read-focused,
PaperList > .paper-list--meta-focused,
PaperList > .paper-list--watched-focused,
PaperList > .paper-list--mark-focused,
PaperList > .paper-list--star-focused,
PaperList > .paper-list--hit-focused {
    background: $primary-darken-2; color: $text;
}
PaperList > .paper-list--unread-focused, PaperList > .paper-list--watched-focused { text-style: bold; }
PaperList > .paper-list--hit-focused { text-style: bold underline; }
"""
