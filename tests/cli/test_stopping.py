"""SIGTERM and SIGHUP at any point of the program."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("termios", reason="Windows sends no such signals")

from tests.pseudo_terminal import PseudoTerminal
from voicemock.cli.output import StoppedError, exit_code_of
from voicemock.speech.clip import LISTENING_RATE

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
STORY = Path(__file__).parents[2] / "fixtures" / "audio" / "strong-story.flac"
IN_MID_ANSWER_S = 7.0
"""Whisper has got the first sentence."""


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


@pytest.mark.parametrize(("name", "exit_code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_that_arrives_in_a_finalizer_is_not_lost(name: str, exit_code: int) -> None:
    code = f"""
import signal, sys
from voicemock.cli.output import exit_code_of, heed_signals
signal.signal(signal.{name}, signal.default_int_handler if "{name}" == "SIGINT" else signal.SIG_DFL)
heed_signals()

class Finalized:
    def __del__(self):
        signal.raise_signal(signal.{name})

try:
    Finalized()
    signal.sigtimedwait([], 30)
except KeyboardInterrupt as error:
    sys.exit(exit_code_of(error))
"""
    assert ended(code) == exit_code


@pytest.mark.parametrize(("name", "exit_code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
@pytest.mark.parametrize(
    "becomes",
    ["pass", 'raise ImportError("initialization failed") from error', 'raise EngineError("It failed.") from error'],
)
def test_a_signal_is_heeded_whatever_c_code_makes_of_its_interruption(name: str, exit_code: int, becomes: str) -> None:
    code = f"""
import signal, sys
from voicemock import cli
from voicemock.content.questions import QuestionBank
from voicemock.errors import EngineError

def load():
    try:
        signal.raise_signal(signal.{name})
    except KeyboardInterrupt as error:
        {becomes}
    signal.sigtimedwait([], 30)

signal.signal(signal.{name}, signal.default_int_handler if "{name}" == "SIGINT" else signal.SIG_DFL)
QuestionBank.load = load
sys.argv = ["voicemock", "questions"]
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (exit_code, "", "")


@pytest.mark.parametrize(("name", "exit_code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_waits_for_an_import_to_end(tmp_path: Path, name: str, exit_code: int) -> None:
    module = f"import signal\nsignal.raise_signal(signal.{name})\nopen({str(tmp_path / 'ended')!r}, 'w').close()\n"
    (tmp_path / "slow_module.py").write_text(module, encoding="utf-8")
    code = f"""
import signal, sys
sys.path.insert(0, {str(tmp_path)!r})
from voicemock import cli
from voicemock.content.questions import QuestionBank

def load():
    import slow_module
    signal.sigtimedwait([], 30)

signal.signal(signal.{name}, signal.default_int_handler if "{name}" == "SIGINT" else signal.SIG_DFL)
QuestionBank.load = load
sys.argv = ["voicemock", "questions"]
cli.main()
"""
    assert ended(code) == exit_code
    assert (tmp_path / "ended").exists()


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


COMPUTING = """
import atexit, signal, sys
from threading import Event
from types import SimpleNamespace
from voicemock import cli
from voicemock.content.questions import QuestionBank
from voicemock.speech.transcription import TranscriptionWorker

def hold():
    started = Event()
    def compute():
        started.set()
        Event().wait(SECONDS)
    TranscriptionWorker(lambda: SimpleNamespace(name="busy")).run(compute)
    started.wait()
    try:
        signal.raise_signal(signal.SIGINT)
    finally:
        SECOND

signal.signal(signal.SIGINT, signal.default_int_handler)
atexit.register(print, "The interpreter has ended.")
QuestionBank.load = hold
sys.argv = ["voicemock", "questions"]
print("What you said is kept.")
cli.main()
"""
"""A command that is interrupted while a thread computes."""


def test_whoever_presses_ctrl_c_twice_waits_for_no_thread_and_python_does_not_end_around_it() -> None:
    code = COMPUTING.replace("SECONDS", "None").replace("SECOND", "signal.raise_signal(signal.SIGINT)")
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "What you said is kept.\n", "")


def test_whoever_presses_ctrl_c_once_gets_an_end_that_waits_for_the_thread() -> None:
    code = COMPUTING.replace("SECONDS", "0.1").replace("SECOND", "pass")
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    told = "What you said is kept.\nThe interpreter has ended.\n"
    assert (done.returncode, done.stdout, done.stderr) == (130, told, "")


ENDING = """
import signal, sys
from voicemock import cli
from voicemock.content.questions import QuestionBank

def load():
    print("What you said is kept.", flush=True)
    signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
QuestionBank.load = load
sys.argv = ["voicemock", "questions"]
PLACE
cli.main()
"""
"""A command that is interrupted once, and again where PLACE says."""
PLACES = {
    "while the command ends": """
begin = cli.typer.Exit.__init__
cli.typer.Exit.__init__ = lambda *given: signal.raise_signal(signal.SIGINT) or begin(*given)
""",
    "before the program leaves": """
leave = cli.leave
cli.leave = lambda code: signal.raise_signal(signal.SIGINT) or leave(code)
""",
    "while Python ends": """
class Late:
    def __del__(self, send=signal.raise_signal, number=signal.SIGINT):
        send(number)
late = Late()
""",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_second_ctrl_c_while_it_ends_is_130_too(place: str) -> None:
    code = ENDING.replace("PLACE", PLACES[place])
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "What you said is kept.\n", "")


def recorded_s(data: Path) -> float:
    return sum(path.stat().st_size for path in data.rglob("*.recording.wav")) / (2 * LISTENING_RATE)


@pytest.mark.models
@pytest.mark.parametrize("later_s", [0.3, 1.2])
def test_a_second_ctrl_c_while_whisper_computes_ends_it_with_130(tmp_path: Path, later_s: float) -> None:
    interview = (*("practice", "--question", "failed-program", "--calm"), "--mic", str(STORY), "--realtime")
    where = ("--speaker", str(tmp_path / "interviewer.wav"), "--data-dir", str(tmp_path / "data"))
    with PseudoTerminal(sys.executable, "-m", "voicemock", *interview, *where, width=200) as terminal:
        terminal.shows("Listening on")
        terminal.waits_until(lambda: recorded_s(tmp_path / "data") > IN_MID_ANSWER_S)
        terminal.types("\x03")
        terminal.shows("What you said is kept")
        second = time.monotonic() + later_s
        terminal.waits_until(lambda: time.monotonic() > second)
        terminal.types("\x03")
        assert terminal.ends() == 130


@pytest.mark.parametrize("place", ["cli.app", "cli._Commands.make_context"])
def test_being_told_to_end_before_the_command_runs_is_143_as_later(place: str) -> None:
    code = f"""
import signal, sys
from voicemock import cli
signal.signal(signal.SIGTERM, signal.SIG_DFL)
{place} = lambda *_, **__: signal.raise_signal(signal.SIGTERM)
sys.argv = ["voicemock", "questions"]
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (143, "")
