"""Faults that strike an interview at a stage of it, and scripted ears and voices, for ``tests/faults/server.py``.

All else is real: the files, the database, the signals, the way a process ends.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from tests.fakes import Script, ScriptedDetector, ScriptedSynthesizer, ScriptedTranscriber, quiet, says
from voicemock import api
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.outcomes import outcomes_in
from voicemock.cli import main, practice, screen  # noqa: F401 - imported once for all of them
from voicemock.coaching import assess as analyzer
from voicemock.coaching.judgment import load_judgments
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import load_phrases
from voicemock.interview import answer_store, interview, listener, recovery
from voicemock.interview.room import Room
from voicemock.speech import engines
from voicemock.speech.clip import FRAME_S, Samples
from voicemock.speech.devices import AudioFileMicrophone, AudioFileSpeaker
from voicemock.speech.transcription import Dictation
from voicemock.store import database
from voicemock.store.sessions import Sessions
from voicemock.store.store import Store

STAGES = ("question", "listening", "compressing", "saving", "transcribing", "feedback", "closing")
"""Of an interview with one question, in their order. Anywhere in them something is written down, on another thread."""

ANSWER = Script(quiet(1.5), says("our launch was late so I cut the scope and we shipped on time", 9))
IN_MID_ANSWER_S = 5.0

PATIENCE_S = 120
"""A process that takes longer hangs, and is ended."""

LITTLE_SPACE = 300_000
"""Bytes. An answer and all that was measured of it fit, a minute of noisy sound does not."""

LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


def strike(fault: str, data_dir: Path) -> None:
    """Bring a fault about."""
    if fault.startswith("SIG"):
        os.kill(os.getpid(), signal.Signals[fault])
    elif fault == "no memory":
        raise MemoryError
    elif fault == "folder removed":
        shutil.rmtree(data_dir)
    elif fault == "clock put back":
        interview.datetime = _Earlier
    elif fault == "disk full":
        _fill(data_dir / "somebody's film.mkv")
    elif fault == "disk almost full":
        film = data_dir / "somebody's film.mkv"
        _fill(film)
        os.truncate(film, film.stat().st_size - LITTLE_SPACE)
    elif fault == "database locked":
        command = [sys.executable, "-S", "-c", LOCK, str(data_dir / "voicemock.db")]
        other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        _others.append(other)
    else:
        raise AssertionError(fault)


class _Earlier(datetime):
    """A clock that was put back by a day."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) - timedelta(days=1)


_others: list[subprocess.Popen[bytes]] = []
"""They hold what they hold until this process is gone."""


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as film:
        try:
            for size in (1 << 16, 1 << 9, 1):
                while film.write(bytes(size)) == size:
                    pass
        except OSError:
            return


def arrange(stages: str, fault: str, data_dir: Path) -> None:
    """Have a fault come about in each of some stages, once, when it has begun."""
    waiting = stages.split()

    def reached(now: str) -> None:
        if waiting[:1] == [now]:
            del waiting[0]
            strike(fault, data_dir)

    def announced(owner: Any, name: str, now: Callable[[], str]) -> None:
        original = getattr(owner, name)

        def announces(*arguments: Any, **named: Any) -> Any:
            reached(now())
            return original(*arguments, **named)

        setattr(owner, name, announces)

    spoken: list[str] = []
    announced(Room, "say", lambda: spoken.append("text") or "")  # type: ignore[func-returns-value]
    announced(AudioFileSpeaker, "play", lambda: "question" if len(spoken) == 1 else "feedback")
    announced(answer_store, "compress_recording", lambda: "compressing")
    announced(Sessions, "add_answer", lambda: "saving")
    announced(Dictation, "transcript", lambda: "transcribing")
    announced(ScriptedTranscriber, "transcribe", lambda: "writing")
    announced(Store, "close", lambda: "closing" if spoken else "looking for what was left")

    frames_of_file = AudioFileMicrophone.frames

    def frames(microphone: AudioFileMicrophone) -> Generator[Samples, None, None]:
        for position, frame in enumerate(frames_of_file(microphone)):
            if position * FRAME_S > IN_MID_ANSWER_S:
                reached("listening")
            yield frame

    AudioFileMicrophone.frames = frames  # type: ignore[method-assign]


def begin_anew(out: Path, patience_s: int = PATIENCE_S) -> None:
    """Make this process one that a shell has just started, without a terminal, writing into a folder."""
    signal.alarm(patience_s)
    os.setpgid(0, 0)  # a process in the group of its parent cannot be stopped alone
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream, mode in ((sys.stdin, os.O_RDONLY), (sys.stdout, os.O_WRONLY), (sys.stderr, os.O_WRONLY)):
        path = os.devnull if mode == os.O_RDONLY else str(out / stream.name.strip("<>"))
        os.dup2(os.open(path, mode | (os.O_CREAT if mode else 0), 0o600), stream.fileno())


def warm_up() -> None:
    """Read what every command reads, and compile its patterns, but for what needs onnxruntime."""
    QuestionBank.load()
    outcomes_in("It fell from six weeks to two, by forty percent, and we cut the cost to $5.", Lexicon.load(), (), 1.0)
    load_phrases()
    load_judgments()


def script_ears() -> None:
    """Let this process hear, in whatever sound, what ``ANSWER`` says, without a melody."""
    listener.load_detector = analyzer.load_detector = lambda settings: ScriptedDetector()
    api.transcriber_loader = recovery.transcriber_loader = lambda settings: ANSWER.transcriber
    api.load_pitch_tracker = listener.load_pitch_tracker = lambda: None


def script_voice() -> None:
    """Let every interviewer of this process have a scripted voice."""
    api.voice_fingerprint = lambda settings: None
    engines._synthesizer = lambda engine, voice, settings: ScriptedSynthesizer()  # type: ignore[assignment]


def busy_timeout(seconds: float) -> None:
    """Have this process wait less for a database that another one holds."""
    database._BUSY_TIMEOUT_S = seconds  # type: ignore[misc]
