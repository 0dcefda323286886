"""What the user can mend, as an exception that says how."""


class PapersError(Exception):
    """A problem that its reader can do something about.

    `title` names the thing, `message` says what is wrong with it, `hint` is the way out.
    The app shows it as a toast; the command line as one line on stderr with exit code 2.
    """

    def __init__(self, title: str, message: str, hint: str = "") -> None:
        super().__init__(title, message, hint)
        self.title = title
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        line = f"{self.title}: {self.message}"
        return f"{line} ({self.hint})" if self.hint else line


class QueryError(PapersError):
    """A query that can't be read; `column` is the 1-based place where it stops making sense."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(f"query, column {column}", message, hint)
        self.column = column


class NotAPage(PapersError):
    """A file that holds no papers in any form we read; `title` is the file's name."""


class FeedError(PapersError):
    """Bytes that hold no feed in any form we read; `title` is "feed" until somebody knows its name."""


class TryLater(PapersError):
    """Nothing is wrong but the moment: the same can be tried again."""
