"""``voicemock recover``: unfinished answers are offered once, announced and finished."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.commands import voicemock
from tests.fakes import Script, ScriptedDetector, quiet, says
from voicemock.content.questions import QuestionBank
from voicemock.interview.recovery import Recovery
from voicemock.models import OpenAnswer, Session, Story
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.store.store import Store
from voicemock.store.unfinished import UnfinishedAnswer

TOLD = says("our launch was late so I cut the scope and we shipped on the day", 161)
SCRIPT = Script(TOLD)
BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUESTION = QuestionBank.load().get("failed-program")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, and scripted engines."""
    monkeypatch.setenv("VOICEMOCK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VOICEMOCK_CONFIG", str(tmp_path / "config.toml"))
    for module in ("api", "interview.recovery"):
        monkeypatch.setattr(f"voicemock.{module}.transcriber_loader", lambda settings: SCRIPT.transcriber)
    for module in ("coaching.assess", "interview.listener"):
        monkeypatch.setattr(f"voicemock.{module}.load_detector", lambda settings: ScriptedDetector())
    return tmp_path


@pytest.fixture
def killed(home: Path) -> Callable[..., Session]:
    """Return a function that leaves what an interview leaves that was killed in mid-answer."""

    def leave(story: Story | None = None) -> Session:
        with Store(home / "data") as store:
            session = store.sessions.start(None, "0.1.0", BEGAN, story)
            question = None if story else QUESTION
            store.unfinished.mark(
                OpenAnswer(session=session, story=story, position=1, question=question, recorded_at=BEGAN)
            )
            write_audio(
                store.sessions.folder(session) / "answer-01.recording.wav", AudioClip(SCRIPT.samples, LISTENING_RATE)
            )
            return session

    return leave


@pytest.fixture
def silent(home: Path) -> Path:
    """A microphone that hears silence."""
    path = home / "silence.wav"
    write_audio(path, AudioClip(Script(quiet(1)).samples, LISTENING_RATE))
    return path


def practiced(silent: Path) -> Result:
    return voicemock("practice", "--question", "failed-program", "--mic", silent, "--silent")


class Candidate:
    """Sits at the terminal and types."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, reply: str) -> None:
        self.asked: list[str] = []
        monkeypatch.setattr("voicemock.cli.unfinished.is_anybody_there", lambda console: True)

        def typed(console: object, prompt: object) -> str:
            self.asked.append(str(prompt))
            return reply

        monkeypatch.setattr("rich.console.Console.input", typed)


def answers(home: Path, session: Session) -> list[tuple[str, bool]]:
    with Store(home / "data") as store:
        return [(answer.status, answer.assessment is not None) for answer in store.sessions.answers(session)]


def test_all_of_it_is_finished_and_shown(home: Path, killed: Callable[..., Session]) -> None:
    session = killed()
    result = voicemock("recover", "--yes")
    assert result.exit_code == 0, result.output
    assert "An interview ended in the middle of an answer (2:41 recorded, question failed-program:" in result.stdout
    assert "Feedback" in result.stdout
    assert (
        f"Filed as answer 1 of session {session.id}. It was cut off, so it does not count in any trend."
        in result.stdout
    )
    assert answers(home, session) == [("interrupted", True)]
    assert "Nothing is left to finish." in voicemock("recover", "--all", "--yes").stdout
    assert "cut the scope" in voicemock("show", session.id).stdout


def test_a_story_is_named(killed: Callable[..., Session]) -> None:
    killed(Story.named("Kafka migration"))
    assert "(2:41 recorded, story Kafka migration)" in voicemock("recover").stdout


def test_nothing_is_done_without_a_yes_where_nobody_can_be_asked(home: Path, killed: Callable[..., Session]) -> None:
    session = killed()
    result = voicemock("recover")
    assert result.exit_code == 0
    assert "Nothing was changed. To finish without being asked: voicemock recover --yes" in result.stdout
    assert answers(home, session) == []


def test_one_recording_can_be_named(home: Path, killed: Callable[..., Session]) -> None:
    first, second = killed(), killed()
    recording = home / "data" / "sessions" / second.id / "answer-01.recording.wav"
    assert voicemock("recover", recording, "--yes").exit_code == 0
    assert (answers(home, first), answers(home, second)) == ([], [("interrupted", True)])


def test_what_is_not_waiting_is_told(home: Path, silent: Path) -> None:
    result = voicemock("recover", silent)
    assert result.exit_code == 1
    assert f"voicemock analyze {silent}" in result.stderr


def test_what_cannot_be_read_is_told_and_the_others_are_finished(home: Path, killed: Callable[..., Session]) -> None:
    broken, whole = killed(), killed()
    recording = home / "data" / "sessions" / broken.id / "answer-01.recording.wav"
    recording.unlink()
    recording.with_name("answer-01.flac").write_bytes(b"fLaC")
    result = voicemock("recover", "--yes")
    assert result.exit_code == 1
    assert "answer-01.flac" in result.stderr
    assert answers(home, whole) == [("interrupted", True)]


def test_a_mistake_with_one_answer_is_raised_once_the_others_are_finished(
    home: Path, killed: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, whole = sorted((killed(), killed()), key=lambda session: session.id)
    finish = Recovery.finish

    def mistaken(recovery: Recovery, left: UnfinishedAnswer, *arguments: Any) -> Any:
        if left.session_id == odd.id:
            raise KeyError("what Ada said")
        return finish(recovery, left, *arguments)

    monkeypatch.setattr(Recovery, "finish", mistaken)
    result = voicemock("recover", "--yes")
    assert isinstance(result.exception, KeyError)
    assert result.exit_code == 1
    assert f"Answer 1 of session {odd.id} cannot be finished: KeyError." in result.stderr
    assert "Ada" not in result.output
    assert (answers(home, odd), answers(home, whole)) == ([], [("interrupted", True)])


# --- before the next interview ---------------------------------------------------------------------------


def test_the_next_interview_offers_it_first(
    home: Path, silent: Path, killed: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, candidate = killed(), Candidate(monkeypatch, "")
    result = practiced(silent)
    assert result.exit_code == 0
    assert candidate.asked == ["Finish it now? [Y/n] "]
    assert result.stdout.index("Filed as answer 1") < result.stdout.index("Question 1 of 1")
    assert answers(home, session) == [("interrupted", True)]


def test_who_says_no_is_not_asked_again_and_can_still_finish_it(
    home: Path, silent: Path, killed: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, candidate = killed(), Candidate(monkeypatch, "n")
    for _ in range(2):
        assert practiced(silent).exit_code == 0
    assert len(candidate.asked) == 1
    assert answers(home, session) == [("interrupted", False)]
    assert "voicemock recover" in voicemock("show", session.id).stdout
    assert "Nothing is left to finish. To finish what you left earlier" in voicemock("recover").stdout
    assert voicemock("recover", "--all", "--yes").exit_code == 0
    assert answers(home, session) == [("interrupted", True)]


def test_where_nobody_can_be_asked_the_command_is_named(silent: Path, killed: Callable[..., Session]) -> None:
    killed()
    result = practiced(silent)
    assert result.exit_code == 0
    assert "Finish it with: voicemock recover" in result.stdout


@pytest.mark.parametrize("arguments", [("show",), ("sessions",), ("sessions", "--json"), ("time",)])
def test_a_line_beside_what_is_kept_tells_of_it(killed: Callable[..., Session], arguments: tuple[str, ...]) -> None:
    killed()
    result = voicemock(*arguments)
    assert "An answer was recorded and is not analyzed yet. Finish with: voicemock recover" in result.stderr
    assert "recover" not in result.stdout


def test_the_doctor_knows_of_it(home: Path, silent: Path, killed: Callable[..., Session]) -> None:
    session = killed()
    arguments = ("doctor", "--no-sound", "--mic", silent, "--voice", "silent")
    assert "not analyzed: 1" in " ".join(voicemock(*arguments).stdout.split())
    voicemock("recover", "--yes")
    recording = home / "data" / "sessions" / session.id / "answer-01.flac"
    recording.unlink()
    assert "are gone" in " ".join(voicemock(*arguments).stdout.split())


def test_a_recording_made_by_an_older_program_is_found_with_all(home: Path, killed: Callable[..., Session]) -> None:
    session = killed()
    for path in (home / "data" / "unfinished").iterdir():
        path.unlink()
    with closing(sqlite3.connect(home / "data" / "voicemock.db")) as connection, connection:
        connection.execute("DELETE FROM sessions")
    assert "Nothing is left" in voicemock("recover").stdout
    assert voicemock("recover", "--all", "--yes").exit_code == 0
    assert answers(home, session) == [("interrupted", True)]
