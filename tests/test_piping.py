"""Giving papers to a program: what it is given, what comes back, and how each kind of failure is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.errors import PapersError
from papers_tui.domain.text import for_terminal
from papers_tui.piping import MOST_KEPT, Piped, argument_list, pipe

_LONG = 20.0
"""Seconds that no program here needs."""


def _python(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


# What a person types


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("wc -l", ["wc", "-l"]),
        ("  wc   -l ", ["wc", "-l"]),
        ("'/opt/my tools/x' \"a b\" c\\ d", ["/opt/my tools/x", "a b", "c d"]),
        ("grep '|' \">\" \\; '&&'", ["grep", "|", ">", ";", "&&"]),
        ("x https://e.org/?a=1&b=2 a->b c|d", ["x", "https://e.org/?a=1&b=2", "a->b", "c|d"]),
        ("x $HOME ~ * `id` $(id)", ["x", "$HOME", "~", "*", "`id`", "$(id)"]),
        ("x # no comment", ["x", "#", "no", "comment"]),
        ('x ""', ["x", ""]),
    ],
)
def test_a_line_is_a_program_and_its_arguments(line: str, words: list[str]) -> None:
    assert list(argument_list(line)) == words


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("wc | sort", "|"),
        ("wc |& sort", "|&"),
        ("wc || x", "||"),
        ("wc && x", "&&"),
        ("wc &", "&"),
        ("wc ; ls", ";"),
        ("wc; ls", ";"),
        ("wc > out", ">"),
        ("wc >out", ">out"),
        ("wc >> out", ">>"),
        ("wc 2>&1", "2>&1"),
        ("wc &> out", "&>"),
        ("wc < in", "<"),
        ("grep 'a' | wc", "|"),
    ],
)
def test_the_signs_of_a_shell_are_refused_by_name(line: str, sign: str) -> None:
    with pytest.raises(PapersError) as caught:
        argument_list(line)
    assert caught.value.title == line
    assert caught.value.message == f"no shell reads this, so {sign} has no meaning"
    assert "quotes" in caught.value.hint


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "it names no program"),
        ("   ", "it names no program"),
        ("''", "it names no program"),
        ("grep 'a | b", "a quote is not closed"),
        ('grep "a', "a quote is not closed"),
        ("grep a\\", "nothing follows the last backslash"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: str, said: str) -> None:
    with pytest.raises(PapersError) as caught:
        argument_list(line)
    assert caught.value.message == said
    assert caught.value.hint


@given(st.text())
def test_any_line_is_read_or_refused_in_clean_words(line: str) -> None:
    said = _refusal(line)
    assert said == for_terminal(said)


def _refusal(line: str) -> str:
    try:
        argument_list(line)
    except PapersError as error:
        return str(error)
    return ""


# What comes of it


def test_a_program_gets_the_text_and_says_its_own() -> None:
    text = "名前\n" * 100_000
    script = "import sys; t = sys.stdin.buffer.read(); print(len(t)); print('é\\x1b[31m', file=sys.stderr)"
    done = pipe(_python(script), text, timeout=_LONG)
    assert done == Piped(sys.executable, 0, f"{len(text.encode())}\n", "é\n")
    assert str(done) == f"{sys.executable}: done"


def test_arguments_reach_it_as_they_are() -> None:
    words = ("$HOME", "`id`", "a b", "; ls", "", "é")
    done = pipe((*_python("import sys; print(sys.argv[1:])"), *words), "", timeout=_LONG)
    assert done.output == f"{list(words)}\n"


def test_a_program_that_fails_is_a_value_with_its_last_words() -> None:
    script = "import sys; print('out'); print('one\\ntwo', file=sys.stderr); sys.exit(3)"
    done = pipe(_python(script), "", timeout=_LONG)
    assert (done.code, done.output, done.errors) == (3, "out\n", "one\ntwo\n")
    assert str(done) == f"{sys.executable}: ended with 3: two"


def test_a_program_that_a_signal_ends() -> None:
    done = pipe(_python("import os; os.kill(os.getpid(), 9)"), "", timeout=_LONG)
    assert str(done) == f"{sys.executable}: ended by signal 9"


def test_a_program_that_does_not_read_everything_is_no_failure() -> None:
    done = pipe(_python("import sys; print(sys.stdin.buffer.read(3))"), "abcd" * 1_000_000, timeout=_LONG)
    assert (done.code, done.output, done.unread) == (0, "b'abc'\n", True)
    assert str(done) == f"{sys.executable}: done, without reading everything"


def test_a_program_that_closes_its_input_may_go_on() -> None:
    script = "import os, time; os.close(0); time.sleep(0.2); print('here')"
    done = pipe(_python(script), "abcd" * 1_000_000, timeout=_LONG)
    assert (done.code, done.output, done.unread) == (0, "here\n", True)


def test_a_program_that_closes_everything_may_go_on() -> None:
    script = "import os, time; [os.close(i) for i in range(3)]; time.sleep(0.2); os._exit(4)"
    assert pipe(_python(script), "", timeout=_LONG).code == 4


def test_more_than_enough_is_read_and_forgotten() -> None:
    script = "import sys; sys.stdin.read(); sys.stdout.write('x' * 5_000_000); sys.stderr.write('y' * 10)"
    done = pipe(_python(script), "abc" * 500_000, timeout=_LONG)
    assert (done.output, done.errors, done.cut) == ("x" * MOST_KEPT, "y" * 10, True)
    assert done.code == 0


def test_what_it_says_is_cleaned_and_need_not_be_text() -> None:
    script = "import sys; sys.stdout.buffer.write(b'a\\x1b]0;x\\x07\\xff\\r\\n\\tb')"
    assert pipe(_python(script), "", timeout=_LONG).output == "a\ufffd\n    b"


def test_it_has_a_session_of_its_own_and_no_terminal() -> None:
    script = "import os; print(os.getsid(0) == os.getpid(), [os.isatty(i) for i in range(3)])"
    assert pipe(_python(script), "", timeout=_LONG).output == "True [False, False, False]\n"


def test_what_it_leaves_running_does_not_hold_us() -> None:
    child = "[sys.executable, '-c', 'import time; time.sleep(60)']"
    script = f"import subprocess, sys; print(subprocess.Popen({child}).pid)"
    done = pipe(_python(script), "", timeout=_LONG)
    os.kill(int(done.output), 9)
    assert done.code == 0


# What can't be


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(PapersError) as caught:
        pipe(("no-such-program\x1b[2J", "x"), "", timeout=_LONG)
    assert str(caught.value).startswith("no-such-program: there is no such program (check its name")


def test_a_program_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_text("no program")
    with pytest.raises(PapersError, match="text: it can't be started: Permission denied"):
        pipe((str(file),), "", timeout=_LONG)
    file.chmod(0o755)
    with pytest.raises(PapersError, match="it can't be started: Exec format error"):
        pipe((str(file),), "", timeout=_LONG)
    with pytest.raises(PapersError, match="it can't be started: embedded null byte"):
        pipe((sys.executable, "\0"), "", timeout=_LONG)


@pytest.mark.parametrize(
    "script",
    [
        "import time; time.sleep(60)",
        "while True: print('x' * 10_000)",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)",
        "import os, time; [os.close(i) for i in range(3)]; time.sleep(60)",
    ],
)
def test_a_program_that_does_not_end_is_stopped(script: str) -> None:
    with pytest.raises(PapersError) as caught:
        pipe(_python(script), "abcd" * 100_000, timeout=0.4)
    assert caught.value.title == sys.executable
    assert caught.value.message == "it did not end within 0.4 s and was stopped"
    assert caught.value.hint


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files in /proc")
def test_nothing_stays_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    pipe(_python("print(1)"), "x" * 1_000_000, timeout=_LONG)
    with pytest.raises(PapersError):
        pipe(_python("import time; time.sleep(60)"), "x" * 1_000_000, timeout=0.3)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
