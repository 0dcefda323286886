"""Opening addresses in the user's own programs, or saying that there is none to open them with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

from papers_tui.config import Config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.links import safe_url
from papers_tui.domain.text import for_terminal
from papers_tui.late import dataclass

_LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """How an address is to be opened.

    `url` is the address, safe to hand to a program; `programs` are argument lists to try in turn, none where
    the address can only be shown; `origin` says where they come from, for the message when all of them fail.
    """

    url: str
    programs: tuple[tuple[str, ...], ...]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The address was handed to this program."""

    program: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Nothing here can open the address: it is for the user to see and copy."""

    url: str


def plan_opening(
    url: str,
    config_argv: Sequence[str],
    environ: Mapping[str, str],
    platform: str,
    which: Callable[[str], str | None],
    *,
    setting: str = "browser",
) -> Opening:
    """What to start for an address; `platform` is as in `sys.platform`, `which` finds a program on the PATH.

    What the user chose wins wherever they are: `config_argv`, the value of `setting`, in which `{url}` stands
    for the address, then `$BROWSER`. The system's own opener is asked only where its screen is the user's, so
    not over SSH. Raises PapersError for an address that is not safe to open.
    """
    address = safe_url(url)
    if address is None:
        shown = for_terminal(url[:_LONGEST_SHOWN])
        raise PapersError(shown, "this address is not opened", "only whole http and https addresses are")
    if config_argv:
        chosen = (config_argv[0], *(part.replace("{url}", address) for part in config_argv[1:]))
        return Opening(address, (chosen,), f"{setting} in config.toml")
    if browsers := _browsers(environ.get("BROWSER", ""), address):
        return Opening(address, browsers, "$BROWSER")
    openers = _system_openers(environ, platform, which)
    return Opening(address, tuple((opener, address) for opener in openers), "the system's own opener")


def open_url(
    url: str, config: Config, *, pdf: bool = False, environ: Mapping[str, str] | None = None
) -> Opened | Shown:
    """Opens an address, a PDF's in the program that is set for them, without waiting for the program to end.

    Raises PapersError where the address is not safe, or where no program that should open it can be started.
    """
    setting = "pdf" if pdf and config.pdf else "browser"
    argv = config.pdf if setting == "pdf" else config.browser
    known = os.environ if environ is None else environ
    opening = plan_opening(url, argv, known, sys.platform, shutil.which, setting=setting)
    faults = []
    for program in opening.programs:
        try:
            _start(program)
        except OSError as error:
            faults.append(f"{program[0]} can't be started ({error.strerror or error})")
        else:
            return Opened(program[0])
    if faults:
        hint = f"it comes from {opening.origin}"
        if "config.toml" not in opening.origin:
            hint += "; set browser in config.toml to choose another"
        raise PapersError(opening.url, ", ".join(faults), hint)
    return Shown(opening.url)


def _browsers(text: str, address: str) -> tuple[tuple[str, ...], ...]:
    """The alternatives in `$BROWSER`; %s stands for the address, which comes last where there is none."""
    alternatives = map(_words, text.split(os.pathsep))
    return tuple(
        tuple(word.replace("%s", address) for word in words)
        if any("%s" in word for word in words)
        else (*words, address)
        for words in alternatives
        if words
    )


def _words(alternative: str) -> list[str]:
    import shlex

    try:
        words = shlex.split(alternative)
    except ValueError:  # a quote that is not closed
        words = alternative.split()
    # By an old custom a trailing & says that the program need not be waited for. None is.
    return words[:-1] if words and words[-1] == "&" else words


def _system_openers(
    environ: Mapping[str, str], platform: str, which: Callable[[str], str | None]
) -> tuple[str, ...]:
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return ()
    if platform == "darwin":
        names = ["open"]
    else:
        windows = environ.get("WSL_DISTRO_NAME") or environ.get("WSL_INTEROP")
        screen = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
        names = [*(("wslview", "explorer.exe") if windows else ()), *(("xdg-open",) if screen else ())]
    return tuple(name for name in names if which(name))


def _start(argv: Sequence[str]) -> None:
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Somebody has to wait for it in the end, or it stays behind as a zombie as long as we run.
    threading.Thread(target=process.wait, name="opener", daemon=True).start()
