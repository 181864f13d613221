"""``voicemock time``: a story is told without a question, timed part by part, and kept under its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import Result

from tests.commands import lines, voicemock
from tests.fakes import Script, ScriptedDetector, quiet, says
from tests.readers import ScriptedReader
from voicemock.content.styles import NO_STORY, NO_STORY_YET
from voicemock.models import SessionReport, Story, StoryNotes
from voicemock.report.stories import bar_of
from voicemock.settings import load_settings
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.store.store import Store

TAKES = {
    "first": says("um our launch was late so um I cut the scope and the team was happy with it in the end", 12),
    "second": says(
        "Last spring our launch was late. So I cut the scope with two teams. "
        "In the end support tickets went down by forty percent.",
        9,
    ),
    "silent": quiet(1),
}

Tell = Callable[..., Result]


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Return a function that tells one of the takes, on scripted ears."""
    monkeypatch.setattr("voicemock.interview.listener.load_detector", lambda settings: ScriptedDetector())
    monkeypatch.setattr("voicemock.interview.listener.load_pitch_tracker", lambda: None)  # scripts have no melody
    monkeypatch.setenv("COLUMNS", "100")

    def run(take: str, *arguments: str) -> Result:
        script = Script(quiet(1.5), TAKES[take])
        monkeypatch.setattr("voicemock.api.transcriber_loader", lambda settings: script.transcriber)
        write_audio(tmp_path / "story.wav", AudioClip(script.samples, LISTENING_RATE))
        files = ["--mic", str(tmp_path / "story.wav"), "--silent"]
        return voicemock("time", *arguments, *files)

    return run


def test_the_clock_comes_before_the_review_and_no_question_is_asked(tell: Tell) -> None:
    result = tell("first", "Kafka migration")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = result.stdout
    assert "Question" not in shown
    moments = [shown.index(text) for text in ("Kafka migration", "The clock", "What you said", "Feedback", "is saved")]
    assert moments == sorted(moments)
    for title in ("Situation", "Task", "Action", "Result", "Total"):
        assert title in shown


def test_json_is_that_of_practice_without_a_question(tell: Tell) -> None:
    result = tell("first", "Kafka migration", "--json")
    (line,) = [json.loads(each) for each in result.stdout.splitlines()]
    report = SessionReport.model_validate(line)
    assert (report.session.story, report.answers[0].question) == ("Kafka migration", None)
    assert report.answers[0].transcript.text.startswith("um our launch")
    assert report.answers[0].analysis.analysis_version is not None
    assert lines("show") == [line]
    assert lines("show", "kafkamigration") == [line]


def test_the_second_take_says_what_moved(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    told = ScriptedReader({"In the end support tickets went down by forty percent.": "result outcome_figure"})
    monkeypatch.setattr("voicemock.coaching.assess.load_reader", lambda: told)
    assert "Since take" not in tell("first", "Kafka migration").stdout
    result = tell("second", "  KAFKA migration")
    assert "Since take 1" in result.stdout
    assert "Length 0:12 \N{RIGHTWARDS ARROW} 0:09" in result.stdout
    assert "per minute; Measured results 0 \N{RIGHTWARDS ARROW} 1" in result.stdout
    assert [(each["story"], each["take"]) for each in lines("sessions")] == [
        ("Kafka migration", 2),
        ("Kafka migration", 1),
    ]
    assert "take 2, 0:09" in voicemock("sessions").stdout


@pytest.mark.parametrize(
    ("noted", "asked"),
    [
        (
            "Tickets went down by 30 percent.",
            'Your notes say "30 percent"; you said "by forty percent". Which is right?',
        ),
        ("Tickets went down by 40%.", None),
        ("Fewer tickets.", None),
    ],
)
def test_a_number_that_the_notes_do_not_have_is_asked_about(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, noted: str, asked: str | None
) -> None:
    told = ScriptedReader({"In the end support tickets went down by forty percent.": "result outcome_figure"})
    monkeypatch.setattr("voicemock.coaching.assess.load_reader", lambda: told)
    with Store(load_settings().data_dir) as store:
        store.stories.keep_notes(Story.named("Kafka migration"), StoryNotes(result=noted), datetime.now(UTC))
    for shown in (tell("second", "Kafka migration").stdout, voicemock("show", "kafka migration").stdout):
        assert ("Compared with your notes" in shown) == (asked is not None)
        assert asked is None or asked in " ".join(shown.split())


def test_the_stories_are_listed_without_a_name(tell: Tell) -> None:
    tell("first", "Kafka migration")
    result = voicemock("time")
    assert result.exit_code == 0
    assert "Kafka migration" in result.stdout
    (story,) = lines("time")
    assert (story["name"], story["takes"]) == ("Kafka migration", 1)


def test_nothing_told_yet_says_how_to_begin() -> None:
    assert "voicemock time" in voicemock("time").stdout


def test_a_framework_stays_with_its_story(tell: Tell) -> None:
    tell("first", "Late vendor", "--framework", "triage")
    result = tell("first", "Late vendor", "--json")
    assert json.loads(result.stdout)["answers"][0]["analysis"]["structure"]["framework"] == "triage"


def test_a_target_of_ones_own(tell: Tell) -> None:
    assert "aim for 0:10 to 0:20" in tell("first", "Kafka migration", "--target", "10s-20s").stdout


def test_silence_is_no_take(tell: Tell) -> None:
    result = tell("silent", "Kafka migration")
    assert result.exit_code == 0
    assert "has ended, so there is nothing left to hear" in " ".join(result.stdout.split())
    assert NO_STORY_YET not in result.stdout
    assert NO_STORY not in result.stdout, "there is no microphone to check"
    assert "question" not in result.stdout.lower()
    assert [(each["story"], each["take"]) for each in lines("sessions")] == [("Kafka migration", None)]
    assert "nothing said" in voicemock("sessions").stdout


@pytest.mark.parametrize(
    ("arguments", "exit_code"), [(["?!"], 1), (["Kafka", "--framework", "haiku"], 1), (["Kafka", "--target", "x"], 2)]
)
def test_what_cannot_be_is_told_before_listening(tell: Tell, arguments: list[str], exit_code: int) -> None:
    result = tell("first", *arguments)
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert lines("sessions") == []


def test_a_hostile_name_reaches_no_terminal(tell: Tell) -> None:
    tell("first", "\x1b]0;owned\x07 [bold]story[/bold]")
    for command in ("sessions", "show", "time"):
        shown = voicemock(command).stdout
        assert "\x1b" not in shown
        assert "[bold]story[/bold]" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("share", "bar"),
    [
        (0.0, "......|......|............"),
        (0.25, "######|......|............"),
        (0.5, "######|######|............"),
        (1.0, "######|######|############"),
    ],
)
def test_a_bar_shows_a_share_against_its_target(share: float, bar: str) -> None:
    assert bar_of(share, 0.25, 0.5, 1.0) == bar
