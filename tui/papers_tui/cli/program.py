"""From the arguments to an exit code: how each kind of failure ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from papers_tui.cli import streams
from papers_tui.domain.errors import PapersError, TryLater

DONE, FAILED, MENDABLE, TEMPORARY, INTERRUPTED, TERMINATED = 0, 1, 2, 75, 130, 143
"""Exit codes; 75 is EX_TEMPFAIL of sysexits.h, 130 and 143 are what a shell makes of the signals."""

_DEBUG = "PAPERS_TUI_DEBUG"


class _Terminated(BaseException):
    """Somebody asked the program to end (SIGTERM)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program with these arguments (without its name; None: the process's own); its exit code."""
    streams.prepare()
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        streams.finish()
    except PapersError as error:
        code = _explained(error)
    except BrokenPipeError:  # whoever read our output has enough of it
        streams.abandon()
        code = DONE
    except KeyboardInterrupt:
        streams.abandon()
        code = INTERRUPTED
    except _Terminated:
        streams.abandon()
        code = TERMINATED
    except Exception:  # noqa: BLE001 the last resort; the log file gets the whole of it
        code = _logged()
    return code


def _run(argv: list[str]) -> int:
    if not argv or argv == ["--demo"]:
        return _app(demo=bool(argv))
    from papers_tui.cli.commands import run

    with _ended_by_sigterm():
        try:
            return run(argv)
        except SystemExit as stop:  # argparse leaves this way once it has printed the help
            return stop.code if isinstance(stop.code, int) else DONE


def _app(*, demo: bool) -> int:
    if not (streams.is_terminal(sys.stdin) and streams.is_terminal(sys.stdout)):
        hint = "`papers-tui list` works without one, `papers-tui --help` shows what else does"
        raise PapersError("the app", "it needs a terminal", hint)
    if os.environ.get("TERM") == "dumb":
        hint = "set TERM to what it is, as xterm-256color; `papers-tui list` works all the same"
        raise PapersError("the app", "this terminal can't draw a screen (TERM is dumb)", hint)
    import gc

    if not os.environ.get("NO_COLOR"):
        os.environ.pop("NO_COLOR", None)  # Textual minds it even where it is empty, which asks for nothing
    gc.disable()  # thousands of objects that all stay are made until the first frame; the app turns it on again
    os.environ.setdefault("TEXTUAL_FPS", "120")  # a key is shown twice as soon; read when Textual is imported
    from papers_tui.late import postponed_patterns

    with postponed_patterns():
        from papers_tui.paths import find_paths
        from papers_tui.prepaint.painting import paint

    paths = find_paths(os.environ)
    painted = None if demo else paint(paths, os.environ)
    try:
        from papers_tui.ui.importing import frugal_imports

        with frugal_imports():
            from papers_tui.ui.app import run
        from papers_tui.config import load_config

        config, problems = load_config(paths.config_file)
        return run(paths, config, problems, demo=demo, painted=painted)
    finally:
        if painted:
            painted.hold.give_back()


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the command by an exception, so that files are closed and transactions rolled back."""

    import signal

    def end(*_: object) -> None:
        raise _Terminated

    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:  # whoever started us may have it ignored
        yield
        return
    try:
        signal.signal(signal.SIGTERM, end)
    except ValueError:  # signals are for the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _explained(error: PapersError) -> int:
    _leave_output()
    streams.say(f"papers-tui: {error}")
    return TEMPORARY if isinstance(error, TryLater) else MENDABLE


def _logged() -> int:
    """Keeps the traceback of the exception that is being handled, and says where."""
    import traceback

    from papers_tui.cli.log import keep_traceback
    from papers_tui.domain.confidential import environment_secrets, without_secrets
    from papers_tui.paths import find_paths, make

    text = without_secrets(traceback.format_exc(), environment_secrets(os.environ))
    try:
        paths = find_paths(os.environ)
        make(paths)
        keep_traceback(paths.log_file, text)
        kept = f"the traceback is in {paths.log_file}"
    except (OSError, PapersError) as error:
        kept = f"the traceback can't be kept ({error})"
    _leave_output()
    last = text.strip().rpartition("\n")[2]
    streams.say(f"papers-tui: this is a bug: {last}; {kept} ({_DEBUG}=1 shows it here)")
    if os.environ.get(_DEBUG) == "1":
        for line in text.splitlines():
            streams.say(line)
    return FAILED


def _leave_output() -> None:
    """What was written before things went wrong is still data, where it can be delivered."""
    try:
        streams.finish()
    except (OSError, PapersError):
        streams.abandon()
