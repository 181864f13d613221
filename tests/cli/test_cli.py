"""The command line: output, errors and exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import Result

from tests.commands import voicemock
from tests.fakes import Script, ScriptedDetector, ScriptedSynthesizer, quiet, says
from voicemock import __version__, errors
from voicemock.cli import COMMANDS, LazyCommand
from voicemock.cli.options import parse_target
from voicemock.cli.output import INTERRUPTED
from voicemock.content.questions import QuestionBank
from voicemock.errors import VoicemockError
from voicemock.interview.answer_store import AnswerStore
from voicemock.interview.room import Room
from voicemock.models import Assessment, FailedAssessment, Question, SessionReport
from voicemock.settings import Settings
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.store.store import Store

STORY = "Um, our launch was late. I cut the scope. We shipped on time and cut tickets by 40 percent.\n"


def lines(result: Result) -> list[Any]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


# --- help ----------------------------------------------------------------------------------------------


def test_the_commands_are_these() -> None:
    assert {"practice", "analyze", "questions", "sessions", "show", "devices", "doctor", "config"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_help_has_an_example(command: str, flag: str) -> None:
    result = voicemock(command, flag)
    assert result.exit_code == 0
    without_usage = "\n".join(line for line in result.stdout.splitlines() if "Usage:" not in line)
    assert re.search(rf"Example|voicemock {command}", without_usage)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_first_help_says_of_a_command_what_its_own_help_begins_with(name: str) -> None:
    place, short_help = COMMANDS[name]
    assert LazyCommand(name, place, short_help).command.help.splitlines()[0] == short_help


def test_the_first_help_says_where_to_start_and_what_exit_codes_mean() -> None:
    result = voicemock("--help")
    assert result.exit_code == 0
    for text in ("voicemock doctor", "voicemock practice", "Exit codes", "130"):
        assert text in result.stdout


def test_nothing_at_all_is_the_help() -> None:
    assert "Usage" in voicemock().output


def test_version() -> None:
    result = voicemock("--version")
    assert (result.exit_code, result.stdout) == (0, f"voicemock {__version__}\n")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere its telemetry is not kept in XDG_CACHE_HOME")
def test_onnxruntime_does_not_report_to_its_makers(tmp_path: Path) -> None:
    script = "import voicemock\nimport onnxruntime"
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment["XDG_CACHE_HOME"] = str(tmp_path)
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_help_imports_nothing_heavy() -> None:
    heavy = (
        "numpy",
        "av",
        "faster_whisper",
        "sounddevice",
        "onnxruntime",
        "piper",
        "pydantic",
        "rich",
        "voicemock.cli.practice",
        "voicemock.interview.interview",
    )
    code = f"""
import sys
import threading
from voicemock.cli import app
try:
    app(["--help"])
except SystemExit:
    pass
print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "[]"


# --- exit codes ----------------------------------------------------------------------------------------

ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, VoicemockError)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_our_errors_end_in_one_line_and_their_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: type[VoicemockError]
) -> None:
    def fail(*_: object) -> None:
        raise error("It is broken. Mend it.")

    monkeypatch.setattr(QuestionBank, "load", fail)
    result = voicemock("questions")
    assert (result.exit_code, result.stdout, result.stderr) == (
        error.exit_code,
        "",
        "voicemock: It is broken. Mend it.\n",
    )


def test_ctrl_c_ends_in_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(QuestionBank, "load", interrupt)
    assert voicemock("questions").exit_code == INTERRUPTED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize(("name", "exit_code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", INTERRUPTED)])
def test_being_asked_to_end_is_ctrl_c_with_an_exit_code_of_its_own(name: str, exit_code: int) -> None:
    code = f"""
import signal, sys
from voicemock.cli import main
from voicemock.content.questions import QuestionBank
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
QuestionBank.load = lambda: signal.raise_signal(signal.{name})
sys.argv = ["voicemock", "questions"]
main()
"""
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (exit_code, "")


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (["nonsense"], 2),
        (["analyze"], 2),
        (["practice", "--count", "0"], 2),
        (["practice", "--target", "soon"], 2),
        (["practice", "--question", "failed-program", "--loop", "amazon"], 2),
        (["practice", "--loop", "amazon", "--pillar", "behavioral"], 2),
        (["practice", "--question", "no-such-question"], 1),
        (["practice", "--rate", "5"], 1),
        (["questions", "no-such-question"], 1),
        (["questions", "--loop", "no-such-loop"], 1),
        (["show"], 1),
        (["show", "20260101"], 1),
        (["sessions"], 0),
        (["config"], 0),
    ],
)
def test_exit_codes(arguments: list[str], exit_code: int) -> None:
    result = voicemock(*arguments)
    assert result.exit_code == exit_code
    assert "Traceback" not in result.output
    assert (result.stderr == "") == (exit_code == 0)


def test_an_error_is_told_once_without_a_traceback(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "voicemock", "analyze", str(tmp_path / "gone.txt")], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        f"voicemock: {tmp_path / 'gone.txt'} cannot be read: No such file or directory."
    ]


# --- analyze -------------------------------------------------------------------------------------------


def test_analyze_prints_one_object_a_file_in_order_and_nothing_else(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("b.txt", "a.md", "empty.txt")]
    for path, text in zip(paths, (STORY, "I did it.\r\n\r\nTwice.", ""), strict=True):
        path.write_bytes(text.encode())
    result = voicemock("analyze", "--json", *paths)
    assert (result.exit_code, result.stderr) == (0, "")
    found = [Assessment.model_validate(line) for line in lines(result)]
    assert [assessment.source for assessment in found] == [str(path) for path in paths]
    assert [assessment.transcript.text for assessment in found] == [STORY, "I did it.\r\n\r\nTwice.", ""]
    assert {assessment.question for assessment in found} == {None}
    assert all(assessment.analysis.duration_s is None for assessment in found)


def test_a_source_is_the_path_as_given(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(story.parent)
    assert [line["source"] for line in lines(voicemock("analyze", "--json", "story.txt", "./story.txt"))] == [
        "story.txt",
        "./story.txt",
    ]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are Unicode there")
def test_a_name_that_is_not_utf_8_stops_nothing(tmp_path: Path, story: Path) -> None:
    text, sound = (tmp_path / os.fsdecode(name) for name in (b"\xff.txt", b"\xff.wav"))
    text.write_text(STORY, encoding="utf-8")
    sound.write_bytes(b"no sound")
    result = voicemock("analyze", text, sound, story, "--json")
    assert result.exit_code == 1
    first, second, third = lines(result)
    assert Path(first["source"]).name == "?.txt"
    assert first["transcript"] == third["transcript"]
    assert second["error"]["kind"] == "audio_file"


def test_what_is_piped_is_utf_8_whatever_the_country(story: Path) -> None:
    story.write_text("Latency fell \N{RIGHTWARDS ARROW} by 40 percent.", encoding="utf-8")
    for arguments in (["--json"], []):
        done = subprocess.run(
            [sys.executable, "-m", "voicemock", "analyze", str(story), *arguments],
            env={**os.environ, "PYTHONIOENCODING": "cp1252"},
            capture_output=True,
            check=True,
        )
        assert "\N{RIGHTWARDS ARROW}" in done.stdout.decode("utf-8")


NOISE = """
import os, sys
from voicemock.cli.output import prepare_output, silence_libraries, tell_error
prepare_output(os.environ)
for _ in range(2):
    silence_libraries()
    os.write(2, b"Expression failed in pa_linux_alsa.c")
    tell_error("The microphone is gone.")
"""


@pytest.mark.parametrize(("options", "is_quiet"), [((), True), (("-X", "dev"), False)])
def test_where_a_sound_card_is_opened_libraries_write_no_errors_but_for_who_debugs(
    options: tuple[str, ...], is_quiet: bool
) -> None:
    command = [sys.executable, *options, "-c", NOISE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.count("voicemock: The microphone is gone.\n") == 2
    assert (done.stderr.count("Expression") == 0) is is_quiet


def test_a_bad_file_in_the_middle_is_an_error_on_its_line_and_the_others_run(story: Path) -> None:
    bad = {"latin.txt": b"caf\xe9", "gone.txt": None, "noise.mp3": b"no sound", "folder.txt": ...}
    for name, content in bad.items():
        if content is ...:
            (story.parent / name).mkdir()
        elif content is not None:
            (story.parent / name).write_bytes(content)  # type: ignore[arg-type]
    paths = [story.parent / name for name in bad]
    result = voicemock("analyze", "--json", story, *paths, story)
    assert (result.exit_code, result.stderr) == (1, "")
    first, *failed, last = lines(result)
    assert Assessment.model_validate(first) == Assessment.model_validate(last)
    failures = [FailedAssessment.model_validate(line) for line in failed]
    assert [failure.source for failure in failures] == [str(path) for path in paths]
    assert [failure.error.kind for failure in failures] == [
        "transcript_file",
        "transcript_file",
        "audio_file",
        "transcript_file",
    ]
    for failure, path in zip(failures, paths, strict=True):
        assert path.name in failure.error.message


@pytest.mark.parametrize(
    ("arguments", "framework", "question_id"),
    [
        ([], "star", None),
        (["--framework", "triage"], "triage", None),
        (["--question", "failed-program"], "star", "failed-program"),
    ],
)
def test_what_an_answer_is_held_against(
    story: Path, arguments: list[str], framework: str, question_id: str | None
) -> None:
    (line,) = lines(voicemock("analyze", "--json", story, *arguments))
    assert line["analysis"]["structure"]["framework"] == framework
    assert (line["question"] or {}).get("id") == question_id


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (["--framework", "haiku"], 1),
        (["--question", "no-such-question"], 1),
        (["--question", "failed-program", "--framework", "star"], 2),
    ],
)
def test_a_wrong_frame_is_told_before_any_file(story: Path, arguments: list[str], exit_code: int) -> None:
    result = voicemock("analyze", "--json", story, *arguments)
    assert (result.exit_code, result.stdout) == (exit_code, "")


def test_analyze_shows_the_transcript_with_its_marks(story: Path) -> None:
    result = voicemock("analyze", story)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "[Um" in result.stdout
    assert "Feedback" in result.stdout


def read_on(terminal: int) -> None:
    """Read what is shown until nobody has the terminal: it holds 4 KB, and a slow program shows progress for long."""
    with suppress(OSError):
        while os.read(terminal, 4096):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
@pytest.mark.parametrize("arguments", [["--json"], []])
def test_what_is_found_goes_to_stdout_even_when_errors_go_to_a_terminal(story: Path, arguments: list[str]) -> None:
    terminal, stderr = os.openpty()
    watched = threading.Thread(target=read_on, args=(terminal,))
    watched.start()
    try:
        result = subprocess.run(
            [sys.executable, "-m", "voicemock", "analyze", str(story), *arguments],
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, "TERM": "xterm"},
            text=True,
            check=True,
        )
    finally:
        os.close(stderr)
        watched.join()
        os.close(terminal)
    assert "shipped" in result.stdout
    if arguments:
        Assessment.model_validate_json(result.stdout)


# --- lengths -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "range_s"),
    [
        (None, None),
        ("3-4", (180, 240)),
        (" 3 - 4 ", (180, 240)),
        ("3\N{EN DASH}4", (180, 240)),
        ("1.5-2.5", (90, 150)),
        ("2:30-4:00", (150, 240)),
        ("90-150", (90, 150)),
        ("90s-150s", (90, 150)),
        ("90s-3m", (90, 180)),
        ("45-1:30", (45, 90)),
        ("2min-3min", (120, 180)),
        ("19-19.5", (1140, 1170)),
        ("20-21", (20, 21)),
        ("15-30", (15, 30)),
        ("15s-2", (15, 120)),
    ],
)
def test_a_target_is_minutes_or_seconds(text: str | None, range_s: tuple[float, float] | None) -> None:
    assert parse_target(text) == range_s


@pytest.mark.parametrize(
    "text", ["", "3", "4-3", "3-3", "0-3", "3-4-5", "-3-4", "three-four", "2:60-3", "1h-2h", "3,5-4"]
)
def test_what_is_no_range_of_lengths_is_told(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"range|length"):
        parse_target(text)


# --- questions, config ---------------------------------------------------------------------------------


def test_questions_prints_one_a_line() -> None:
    found = [Question.model_validate(line) for line in lines(voicemock("questions", "--json"))]
    assert len({question.id for question in found}) == len(found) >= 50


@pytest.mark.parametrize("pillar", ["program-sense", "system-design", "behavioral"])
def test_questions_of_a_pillar(pillar: str) -> None:
    found = lines(voicemock("questions", "--json", "--pillar", pillar))
    assert {line["pillar"] for line in found} == {pillar.replace("-", "_")}


def test_one_question_tells_what_a_strong_answer_covers() -> None:
    result = voicemock("questions", "failed-program")
    assert "A strong answer covers" in result.stdout
    assert "Common mistakes" in result.stdout
    (line,) = lines(voicemock("questions", "failed-program", "--json"))
    assert line["id"] == "failed-program"


def test_config_shows_every_setting_with_its_place(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("VOICEMOCK_PATIENCE", "5.5")
    (home / "config.toml").write_text('vad = "webrtc"\n')
    monkeypatch.setenv("COLUMNS", "200")
    rows = {line.split()[0]: line for line in voicemock("config").stdout.splitlines() if line.strip()}
    assert set(Settings.model_fields) <= set(rows)
    assert "5.5" in rows["patience"]
    assert "VOICEMOCK_PATIENCE" in rows["patience"]
    assert "config.toml" in rows["vad"]
    assert "default" in rows["model"]


# --- practice ------------------------------------------------------------------------------------------

ANSWER = Script(quiet(1.5), says("our launch was late so I cut the scope and we shipped on time", 9))


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a recording of an answer, and let it be heard and written down without weights."""
    monkeypatch.setattr("voicemock.interview.listener.load_detector", lambda settings: ScriptedDetector())
    monkeypatch.setattr("voicemock.interview.listener.load_pitch_tracker", lambda: None)  # scripts have no melody
    monkeypatch.setattr("voicemock.api.transcriber_loader", lambda settings: ANSWER.transcriber)
    write_audio(tmp_path / "answer.wav", AudioClip(ANSWER.samples, LISTENING_RATE))
    return tmp_path / "answer.wav"


def test_practice_holds_an_interview_on_files(answered: Path) -> None:
    result = voicemock("practice", "--question", "failed-program", "--mic", answered, "--silent", "--json")
    assert result.exit_code == 0
    (line,) = lines(result)
    (answer,) = SessionReport.model_validate(line).answers
    assert answer.transcript.text == " ".join(ANSWER.words)
    assert answer.timings.speech_started_s == pytest.approx(1.5, abs=0.03)
    assert "is saved in" in result.stderr.replace("\n", " ")
    (again,) = lines(voicemock("show", "--json"))
    assert again == line
    (overview,) = lines(voicemock("sessions", "--json"))
    assert (overview["questions"], overview["is_in_progress"]) == (["failed-program"], False)


def test_an_interview_in_progress_says_so(home: Path) -> None:
    with Store(home / "data") as store:
        session = store.sessions.start(None, "0.1.0", datetime.now(UTC))
        assert "in progress" in voicemock("sessions").stdout
        assert "This interview is in progress." in voicemock("show").stdout
        store.sessions.end(session, datetime.now(UTC))
    assert "in progress" not in voicemock("sessions").stdout
    assert "No answers are saved." in voicemock("show").stdout


def test_practice_without_json_shows_everything_on_stdout(answered: Path) -> None:
    result = voicemock("practice", "--question", "failed-program", "--mic", answered, "--silent")
    assert (result.exit_code, result.stderr) == (0, "")
    for text in ("Question 1 of 1", "Feedback", "voicemock show"):
        assert text in result.stdout


@pytest.mark.parametrize(("options", "is_told"), [(["--silent"], False), (["--voice", "pyttsx3"], True)])
def test_where_the_interviewer_can_be_heard_is_told_if_anything_was_said(
    answered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], is_told: bool
) -> None:
    monkeypatch.setattr("voicemock.speech.engines._synthesizer", lambda engine, voice, settings: ScriptedSynthesizer())
    files = ["--mic", answered, "--speaker", tmp_path / "out.wav"]
    result = voicemock("practice", "--question", "failed-program", *files, *options)
    assert ("What the interviewer said is in" in result.stdout) == is_told


def test_a_folder_may_be_called_anything(answered: Path, tmp_path: Path) -> None:
    folder = tmp_path / "[bold]x" / "]"
    result = voicemock("practice", "--question", "failed-program", "--mic", answered, "--silent", "--data-dir", folder)
    assert result.exit_code == 0
    assert str(folder) in result.stdout.split("is saved in ", 1)[1]


@pytest.mark.parametrize(("option", "name", "exit_code"), [("--mic", "gone.wav", 1), ("--speaker", "gone/out.wav", 3)])
def test_a_file_that_cannot_be_a_device_is_told_before_anything_is_kept(
    answered: Path, monkeypatch: pytest.MonkeyPatch, option: str, name: str, exit_code: int
) -> None:
    monkeypatch.chdir(answered.parent)
    options = {"--mic": str(answered), "--speaker": "out.wav", option: name}
    result = voicemock("practice", "--question", "failed-program", *(part for pair in options.items() for part in pair))
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert name in result.stderr
    assert voicemock("sessions", "--json").stdout == ""


@pytest.mark.parametrize("link", ["the same name", "hard link", "link", "another spelling"])
@pytest.mark.parametrize("command", [("practice", "--question", "failed-program"), ("doctor",), ("play",)])
def test_the_interviewer_is_never_written_over_the_recording_that_is_heard(
    answered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr("voicemock.speech.engines._synthesizer", lambda engine, voice, settings: ScriptedSynthesizer())
    voicemock("practice", "--question", "failed-program", "--mic", answered, "--silent")
    speaker = {
        "the same name": answered,
        "another spelling": answered.parent / "." / ".." / answered.parent.name / answered.name,
    }.get(link, tmp_path / "out.wav")
    if link == "hard link":
        speaker.hardlink_to(answered)
    elif link == "link":
        speaker.symlink_to(answered)
    before = answered.read_bytes()
    monkeypatch.setenv("VOICEMOCK_MIC", str(answered))
    result = voicemock(*command, "--speaker", speaker)
    assert answered.read_bytes() == before
    assert result.exit_code in (1, 3), result.output
    assert "cannot be both microphone and speaker" in " ".join(result.output.split())


@pytest.mark.parametrize("command", [("practice", "--question", "failed-program"), ("doctor",), ("play",)])
@pytest.mark.parametrize("is_link", [False, True])
def test_the_interviewer_is_never_written_over_what_is_kept(
    answered: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], is_link: bool
) -> None:
    monkeypatch.setattr("voicemock.speech.engines._synthesizer", lambda engine, voice, settings: ScriptedSynthesizer())
    voicemock("practice", "--question", "failed-program", "--mic", answered, "--silent")
    (recording,) = (home / "data" / "sessions").rglob("answer-01.*")
    speaker = recording.with_suffix(".wav")
    if is_link:
        speaker = tmp_path / "out.wav"
        speaker.symlink_to(recording)
    before = {path: path.read_bytes() for path in (home / "data" / "sessions").rglob("*") if path.is_file()}
    monkeypatch.setenv("VOICEMOCK_MIC", str(answered))
    result = voicemock(*command, "--speaker", speaker)
    assert {path: path.read_bytes() for path in (home / "data" / "sessions").rglob("*") if path.is_file()} == before
    assert result.exit_code == 1, result.output
    assert "never written to" in " ".join(result.output.split())


def test_an_engine_that_cannot_be_loaded_is_told_once(answered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> None:
        raise errors.EngineError("The model is damaged. Install it again.")

    monkeypatch.setattr("voicemock.api.transcriber_loader", lambda settings: load)
    result = voicemock("practice", "--question", "failed-program", "--mic", answered, "--silent")
    assert result.exit_code == 4
    assert result.output.count("The model is damaged") == 1
    assert "the recording is kept" in voicemock("show").stdout


@pytest.mark.parametrize(
    ("stage", "last_moment", "kept"),
    [(Room, "say", "Nothing was said yet."), (AnswerStore, "_assess", "What you said is kept")],
)
def test_ctrl_c_tells_whether_something_is_kept(
    answered: Path, monkeypatch: pytest.MonkeyPatch, stage: type, last_moment: str, kept: str
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stage, last_moment, interrupt)
    result = voicemock("practice", "--question", "failed-program", "--mic", answered, "--silent")
    assert result.exit_code == INTERRUPTED
    assert kept in result.stdout
    assert ("No answers are saved." in voicemock("show").stdout) == (stage is Room)
