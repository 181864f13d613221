"""One door to the terminal: whatever a person, a file, a device or a model gave, no command writes a code of it.

The commands, their options and arguments are found by asking the program, so a new one is tried as soon as it exists.
Standard output and error are the real descriptors: what goes past Python's streams is seen as well.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from tests.fakes import Script, ScriptedDetector, quiet, says
from tests.hostile.outputs import check_plain
from tests.interviews import keep, spoken_answer
from voicemock.cli import app
from voicemock.cli.output import prepare_output
from voicemock.content.questions import QuestionBank
from voicemock.models import (
    Job,
    MentorComment,
    MentorReview,
    OpenAnswer,
    RealInterview,
    Story,
    StoryNotes,
    hash_of_transcript,
)
from voicemock.report.safe_text import escaped_json, printable_between_codes
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.store.jobs import JobShelf
from voicemock.store.real_interviews import RealInterviewLog
from voicemock.store.store import Store

FOREIGN_COLOR = "\x1b[5;7;8m"
"""A code that is never ours."""
HOSTILE = f"\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07\x9b31m\x9d0;it\x9c\u202e\u2066\x1b[2J{FOREIGN_COLOR}[red]x\r"
OWN_CODES = re.compile(r"\x1b\[(?!5;7;8)[0-9;]*m|\x1b\[\d*[AK]|\x1b\[\?25[hl]")
STORY, JOB, QUESTION, TALK = f"Kafka {HOSTILE}", f"acme {HOSTILE}", "own-hostile", "talk.txt"
VALUES = (HOSTILE, "last", STORY, JOB, QUESTION, TALK, "team")
"""What every argument and option is given in turn."""
UNTRIED = {"help", "realtime"}
"""The one ends at once; the other only paces what is said, in real time."""
ANSWER = Script(quiet(1.5), says(f"our team {HOSTILE.replace(' ', '')} cut it by 40% and shipped on time", 9))
OWN_QUESTION = """\
- id: own-hostile
  text: "Tell me \\e]52;c;ZXZpbA==\\a\\e]0;owned\\a\\e[2J\\e[5;7;8m on \\u202e\\x9b31m\\x9d0;it\\x9c [red]that[/red]."
  companies: ["[/x]\\e[2J\\e[5;7;8m"]
  strong_answer: ["\\e[2Jone\\e[5;7;8m", "two\\u2066"]
  common_mistakes: ["\\x9b31m"]
"""
DEVICE = {
    "index": 0,
    "name": HOSTILE,
    "hostapi": 0,
    "max_input_channels": 1,
    "max_output_channels": 1,
    "default_samplerate": 16_000.0,
}


def refuse(*_given: object, **_named: object) -> None:
    raise OSError(HOSTILE)


SOUND = SimpleNamespace(
    default=SimpleNamespace(device=(0, 0)),
    query_hostapis=lambda: ({"name": HOSTILE},),
    query_devices=lambda: (DEVICE,),
    check_input_settings=refuse,
    check_output_settings=refuse,
    PortAudioError=OSError,
    _terminate=lambda: None,
    _initialize=lambda: None,
)


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the path of every command, hidden ones too, with the command."""
    command = getattr(command, "command", command)
    yield path, command
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))


def calls(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the ways to call a command: bare, wrong, and every argument and option with every kind of value."""
    arguments = [each for each in COMMANDS[path].params if each.param_type_name == "argument"]
    options = [each for each in COMMANDS[path].params if each.param_type_name == "option" and each.name not in UNTRIED]
    yield ()
    yield (f"--{HOSTILE}",)
    yield (HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    yield from ((value,) * max(1, len(arguments)) for value in VALUES)
    needed = (TALK if "FILE" in (each.metavar or "") else STORY for each in arguments if each.required)
    given = tuple(needed)
    for option in options:
        if option.is_flag:
            yield (*given, option.opts[0])
        else:
            is_file = "FILE" in (option.metavar or "") or "FOLDER" in (option.metavar or "")
            yield from ((*given, option.opts[0], value) for value in (HOSTILE, *([TALK] if is_file else [])))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything that can be kept is hostile."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "questions").mkdir()
    (folder / "questions" / "mine.yaml").write_text(OWN_QUESTION, encoding="utf-8")
    (folder / TALK).write_text(f"um, we cut it by 40%. {HOSTILE} My team did.", encoding="utf-8")
    answer = spoken_answer(f"um, our team {HOSTILE} cut it by 40%. I led it. {HOSTILE}")
    question = answer.question.model_copy(update={"text": f"Why {HOSTILE}?", "competency": HOSTILE})
    summary = question.summary()
    review = MentorReview(
        reviewer=HOSTILE[:60],
        imported_at=answer.recorded_at,
        transcript_sha256=hash_of_transcript(answer.assessment.transcript.text),
        comments=(MentorComment(start_char=0, end_char=2, quote=HOSTILE, text=HOSTILE),),
    )
    asked = answer.model_copy(
        update={
            "question": question,
            "assessment": answer.assessment.model_copy(update={"question": summary}),
            "reviews": (review,),
        }
    )
    story = Story.named("Kafka").model_copy(update={"name": STORY})
    keep(folder / "data", asked)
    with Store(folder / "data") as store:
        told = store.sessions.start(HOSTILE, "0.1.0", asked.recorded_at, story)
        store.sessions.add_answer(told, asked.model_copy(update={"question": None}))
        store.stories.keep_notes(story, StoryNotes(situation=HOSTILE, action=HOSTILE, shows=()), asked.recorded_at)
        left = store.sessions.start(None, "0.1.0", asked.recorded_at, story)
        mark = OpenAnswer(session=left, story=story, position=1, question=question, recorded_at=asked.recorded_at)
        store.unfinished.mark(mark)
        recording = store.sessions.folder(left) / "answer-01.recording.wav"
        write_audio(recording, AudioClip(ANSWER.samples, LISTENING_RATE))
    job = Job.named("acme", description=f"kafka {HOSTILE}", notes=HOSTILE, company=HOSTILE, added_at=asked.recorded_at)
    JobShelf(folder / "data").keep(job)
    noted = RealInterview.made((), company="Acme", held_on=asked.recorded_at.date(), updated_at=asked.recorded_at)
    hostile = {"company": f"Acme {HOSTILE}"[:60], "round": HOSTILE[:60], "asked": (f"Why us {HOSTILE}?",)}
    RealInterviewLog(folder / "data").keep(noted.model_copy(update=hostile))
    return folder


@pytest.fixture
def run(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that runs a command as ``main`` does and returns all that reached the descriptors."""
    here = tmp_path / "here"
    shutil.copytree(kept, here)
    monkeypatch.chdir(here)
    monkeypatch.setenv("VOICEMOCK_DATA_DIR", str(here / "data"))
    monkeypatch.setenv("VOICEMOCK_CONFIG", str(here / "config.toml"))
    monkeypatch.setenv("VOICEMOCK_MIC", str(here / "answer.wav"))
    monkeypatch.setenv("VOICEMOCK_VOICE", "silent")
    monkeypatch.setenv("VOICEMOCK_LANGUAGE", HOSTILE)
    monkeypatch.setenv("FORCE_COLOR", "1")
    write_audio(here / "answer.wav", AudioClip(ANSWER.samples, LISTENING_RATE))
    monkeypatch.setattr("webbrowser.open", lambda *_, **__: True)
    monkeypatch.setattr("voicemock.web.server._wait_for", lambda _thread: None)
    for module in ("device_list", "sound_card"):
        monkeypatch.setattr(f"voicemock.speech.{module}.load_sounddevice", lambda: SOUND)
    for module in ("api", "interview.recovery"):
        monkeypatch.setattr(f"voicemock.{module}.transcriber_loader", lambda settings: ANSWER.transcriber)
    for module in ("coaching.assess", "interview.listener"):
        monkeypatch.setattr(f"voicemock.{module}.load_detector", lambda settings: ScriptedDetector())
        monkeypatch.setattr(f"voicemock.{module}.load_pitch_tracker", lambda: None)  # scripts have no melody
    bank = QuestionBank.load()
    monkeypatch.setattr(QuestionBank, "load", lambda *_: bank)  # a third of a second each time
    return lambda *arguments: written_by(arguments, tmp_path / "written", monkeypatch)


def written_by(arguments: tuple[str, ...], file: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a command with both descriptors on a file, and return what is in it."""
    before = [os.dup(number) for number in (1, 2)]
    with file.open("wb") as sink:
        for number in (1, 2):
            os.dup2(sink.fileno(), number)
    try:
        for name, number in (("stdout", 1), ("stderr", 2)):
            stream = io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8", write_through=True)
            monkeypatch.setattr(sys, name, stream)
        monkeypatch.setattr(sys, "stdin", io.StringIO("n\n" * 20))
        prepare_output(os.environ)
        with pytest.raises(SystemExit):
            app(list(arguments))
    finally:
        if sys.stderr.fileno() not in (1, 2):  # libraries were silenced
            sys.stderr.close()
        for number, old in zip((1, 2), before, strict=True):
            os.dup2(old, number)
            os.close(old)
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "voicemock")
def test_no_command_writes_a_code_that_it_was_given(path: tuple[str, ...], run: Callable[..., str]) -> None:
    for arguments in calls(path):
        shown = run(*path, *arguments)
        assert FOREIGN_COLOR not in shown, arguments
        check_plain(OWN_CODES.sub("", shown))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("\x1b[1mBold\x1b[0m and\r\x1b[2K", "\x1b[1mBold\x1b[0m and\r\x1b[2K"),
        ("\x1b[1A\x1b[?25lgone\x1b[?25h\n", "\x1b[1A\x1b[?25lgone\x1b[?25h\n"),
        ("\x1b[2J\x1b]0;owned\x07\x9b31m\u202e", "[2J]0;owned31m"),
        ("\x1b[\x1b[1m5H", "[\x1b[1m5H"),
        ("", ""),
    ],
)
def test_of_codes_only_ours_get_through(given: str, shown: str) -> None:
    assert printable_between_codes(given) == shown


@pytest.mark.parametrize("char", ["\u202e", "\x7f", "\x9b", "\U000e0041", "\u2028", "\ufeff"])
def test_a_line_of_json_keeps_its_meaning_and_steers_nothing(char: str) -> None:
    report = Story.named("Kafka").model_copy(update={"name": f"a{char}b é \u00a0你好"})
    line = escaped_json(report.model_dump_json())
    check_plain(line)
    assert Story.model_validate_json(line) == report
