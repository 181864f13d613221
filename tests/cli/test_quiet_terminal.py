"""The terminal while a screen holds it, and after every kind of exit."""

from __future__ import annotations

import os
import shutil
import signal
import sys

import pytest

pytest.importorskip("termios", reason="Windows has none")

from tests.pseudo_terminal import PseudoTerminal

CHILD = (sys.executable, "-m", "tests.pty_child")
SHOW_CURSOR, HIDE_CURSOR = "\x1b[?25h", "\x1b[?25l"
TO_GO = " to go"


def leaves_all_as_it_was(terminal: PseudoTerminal) -> bool:
    hidden, shown = terminal.written.rfind(HIDE_CURSOR), terminal.written.rfind(SHOW_CURSOR)
    return terminal.modes == terminal.before and hidden <= shown


def test_keys_are_taken_without_echo_while_it_speaks_and_listens() -> None:
    with PseudoTerminal(*CHILD) as terminal:
        terminal.shows("SPEAKING")
        assert not terminal.echoes
        terminal.types("zzz ")
        terminal.shows("Listening on Fake Card")
        assert not terminal.echoes
        terminal.shows(TO_GO)
        terminal.types("zzzq")
        terminal.shows("ENDED BY QUIT")
        assert terminal.ends() == 0
        assert leaves_all_as_it_was(terminal)
        assert "z" not in terminal.written


@pytest.mark.parametrize("calm", [(), ("calm",)], ids=["usual", "calm"])
@pytest.mark.parametrize("place", ["SPEAKING", TO_GO])
@pytest.mark.parametrize("way", ["ctrl-c", "SIGTERM", "error"])
def test_after_any_exit_the_terminal_is_as_it_was(way: str, place: str, calm: tuple[str, ...]) -> None:
    with PseudoTerminal(*CHILD, way, *calm) as terminal:
        terminal.shows("SPEAKING")
        if place == TO_GO or way == "error":
            terminal.types(" ")
            terminal.shows(TO_GO)
        if way == "ctrl-c":
            terminal.types("\x03")
        elif way == "SIGTERM":
            terminal.gets(signal.SIGTERM)
        assert terminal.ends() != 0
        told = {"ctrl-c": "Error: Interrupt", "SIGTERM": "Error: Terminated", "error": "ZeroDivisionError"}
        assert told[way] in terminal.written
        assert leaves_all_as_it_was(terminal)


def test_ctrl_backslash_does_not_end_it_with_the_terminal_in_disorder() -> None:
    with PseudoTerminal(*CHILD) as terminal:
        terminal.shows("SPEAKING")
        terminal.types("\x1c \x1c")
        terminal.shows(TO_GO)
        terminal.types("q")
        assert terminal.ends() == 0
        assert leaves_all_as_it_was(terminal)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
@pytest.mark.parametrize("place", ["SPEAKING", TO_GO])
def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(place: str) -> None:
    with PseudoTerminal("bash", "--norc", "--noprofile", "-i", PS1="$ ", HISTFILE=None) as terminal:
        terminal.shows("$ ")
        terminal.types(" ".join(CHILD) + "\n")
        terminal.shows("SPEAKING")
        if place == TO_GO:
            terminal.types(" ")
            terminal.shows(HIDE_CURSOR)
            terminal.shows(TO_GO)
        terminal.types("\x1a")
        stopped = terminal.shows("Stopped")
        assert place != TO_GO or SHOW_CURSOR in stopped
        terminal.shows("$ ")
        terminal.types("stty -a | grep -ow -e '-*echo' -e '-*icanon' | tr '\\n' '+'; fg\n")
        terminal.shows("icanon+echo+")
        terminal.shows("tests.pty_child")
        terminal.waits_until_quiet()
        if place == "SPEAKING":
            terminal.types(" ")
        terminal.shows(TO_GO)
        terminal.types("q")
        terminal.shows("ENDED BY QUIT")
        terminal.shows("$ ")
        terminal.types("exit\n")
        assert terminal.ends() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_a_terminal_that_controls_no_session_has_no_background() -> None:
    from voicemock.cli.keys import QuietTerminal

    master, slave = os.openpty()
    try:
        assert QuietTerminal(slave, lambda: None, lambda: None).is_ours
    finally:
        os.close(slave)
        os.close(master)
