"""SIGTERM and SIGHUP at any point of the program."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("termios", reason="Windows sends no such signals")

from tests.pseudo_terminal import PseudoTerminal
from voicemock.cli.output import StoppedError, exit_code_of

PROGRAM = """
import sys
from pathlib import Path
from tests.pty_child import main
from voicemock.cli.output import exit_code_of
try:
    main()
except KeyboardInterrupt as error:
    print("What you said is kept.", flush=True)
    Path(sys.argv[1]).write_text("filed")
    sys.exit(exit_code_of(error))
"""
LISTENS = " to go"


def test_a_terminal_that_is_closed_does_not_keep_the_answer_from_being_filed(tmp_path: Path) -> None:
    filed = tmp_path / "filed"
    with PseudoTerminal(sys.executable, "-c", PROGRAM, str(filed)) as terminal:
        terminal.shows("SPEAKING")
        terminal.types(" ")
        terminal.shows(LISTENS)
        assert terminal.hangs_up() == 129
    assert filed.read_text(encoding="utf-8") == "filed"


def ended(code: str) -> int:
    return subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode


def test_the_second_signal_of_a_closing_terminal_breaks_nothing_off() -> None:
    code = """
import signal, sys
from voicemock.cli.output import exit_code_of, heed_signals
signal.signal(signal.SIGHUP, signal.SIG_DFL)
heed_signals()
try:
    signal.raise_signal(signal.SIGHUP)
except KeyboardInterrupt as error:
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.raise_signal(number)
    sys.exit(exit_code_of(error))
"""
    assert ended(code) == 129


def test_who_ignores_a_closing_terminal_goes_on() -> None:
    code = """
import signal
from voicemock.cli.output import heed_signals
signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
heed_signals()
signal.raise_signal(signal.SIGHUP)
"""
    assert ended(code) == 0


@pytest.mark.parametrize(
    ("interruption", "exit_code"),
    [(KeyboardInterrupt(), 130), (StoppedError(signal.SIGTERM), 143), (StoppedError(signal.SIGHUP), 129)],
)
def test_exit_codes_are_those_of_shells(interruption: KeyboardInterrupt, exit_code: int) -> None:
    assert exit_code_of(interruption) == exit_code
