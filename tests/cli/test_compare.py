"""``voicemock compare`` and ``reanalyze``: changes between takes, and old takes measured by today's rules."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from tests.coaching.test_same_story import AGAIN, CHECKOUT, WAREHOUSE, by_words
from tests.commands import lines, voicemock
from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.cli.analyze import compare
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.models import Answer, Session, SpeechSpan, Story, Transcript, Word
from voicemock.practice.comparison import MOST_TAKES, Comparison
from voicemock.report.comparison import OTHER_STORY, show_comparison
from voicemock.report.terminal import Terminal
from voicemock.settings import load_settings
from voicemock.store.store import Store

START = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
FIRST = "Um our launch was late. So I cut the scope with two teams. And the team was um happy."
SECOND = "Our launch was late. So I cut the scope with two teams. We cut support tickets by forty percent."

Keep = Callable[..., Session]


def transcript(text: str, word_s: float = 0.5) -> Transcript:
    words = [
        Word(text=word, start_s=index * word_s, end_s=(index + 1) * word_s, probability=0.9)
        for index, word in enumerate(text.split())
    ]
    return Transcript(text=" ".join(text.split()), words=tuple(words))


@pytest.fixture
def keep(home: Path) -> Keep:
    """Return a function that keeps a take, of a day, as an older version measured it where asked for."""
    settings, bank = load_settings(), QuestionBank.load()
    analyzer = Analyzer(settings, bank)

    def add(
        text: str, day: int, story: str | None = "Kafka", question_id: str | None = None, **changes: Any
    ) -> Session:
        version = changes.pop("version", ANALYSIS_VERSION)
        heard = transcript(text)
        ends_s = heard.words[-1].end_s
        question = bank.get(question_id) if question_id else None
        found = analyzer.assess(
            heard, source="x", question=question, speech=(SpeechSpan(0, ends_s),), recording_s=ends_s, target=(5, 10)
        )
        found = found.model_copy(update={"analysis": found.analysis.model_copy(update={"analysis_version": version})})
        with Store(settings.data_dir) as store:
            kept = None if question else Story.named(story)
            session = store.sessions.start(None, "0.1.0", START + timedelta(days=day), kept)
            answer = Answer(
                position=1,
                status="answered",
                question=question,
                recorded_at=START + timedelta(days=day),
                audio_file=None,
                speech=(SpeechSpan(0, ends_s),),
                assessment=found,
                timings=None,
            )
            store.sessions.add_answer(session, answer.model_copy(update=changes))
        return session

    return add


def compared(*arguments: str) -> list[Any]:
    return lines("compare", *arguments)


# --- compare -------------------------------------------------------------------------------------------


def test_takes_of_a_story_stand_beside_each_other(keep: Keep) -> None:
    keep(FIRST, 0)
    keep(SECOND, 1)
    shown = voicemock("compare", "kafka").stdout
    rows = {line.split("  ")[1].strip(): line.split() for line in shown.splitlines() if line.startswith("  ")}
    assert rows["Length"][1:] == ["0:10", "0:10", "="]
    assert rows["Measured results"][2:] == ["0", "1", "+1"]
    assert "older rules" not in shown


@pytest.mark.parametrize("names", [[], ["Kafka"], ["20261124"], ["20261123", "20261124"]])
def test_takes_are_found_by_story_by_session_and_as_the_last(keep: Keep, names: list[str]) -> None:
    keep(FIRST, -1, story="Another")
    keep(FIRST, 0)
    keep(SECOND, 1)
    (comparison,) = compared(*names)
    assert (comparison["story"], comparison["question"], comparison["is_level"]) == ("Kafka", None, True)
    assert [take["analysis_version"] for take in comparison["takes"]] == [ANALYSIS_VERSION] * 2


def test_takes_of_a_question_are_found_by_its_id(keep: Keep) -> None:
    for day in range(2):
        keep(FIRST, day, question_id="failed-program")
    (comparison,) = compared("failed-program")
    assert (comparison["question"], len(comparison["takes"])) == ("failed-program", 2)


def test_the_newest_takes_are_shown(keep: Keep) -> None:
    kept = [keep(FIRST, day).id for day in range(7)]
    assert [take["session"] for take in compared("Kafka")[0]["takes"]] == kept[-5:]
    assert [take["session"] for take in compared("Kafka", "--limit", "2")[0]["takes"]] == kept[-2:]


@pytest.mark.parametrize(("names", "exit_code"), [(["Kafka"], 1), ([], 1), (["nothing"], 1), (["a", "b", "c"], 2)])
def test_what_cannot_be_compared_is_told(keep: Keep, names: list[str], exit_code: int) -> None:
    keep(FIRST, 0)
    result = voicemock("compare", *names)
    assert (result.exit_code, result.stdout) == (exit_code, "")


def test_another_story_is_marked_and_not_compared(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.cli.analyze.subjects_encoder", lambda folder: by_words)
    for day, text in enumerate((WAREHOUSE, CHECKOUT, AGAIN)):
        keep(text, day, question_id="failed-program")
    (comparison,) = compared("failed-program")
    assert [take["is_other_story"] for take in comparison["takes"]] == [True, False, False]
    shown = voicemock("compare", "failed-program").stdout
    assert OTHER_STORY in next(line for line in shown.splitlines() if "Measure " in line)
    assert "a different story" in shown
    keep(WAREHOUSE.replace("three", "four"), 3, question_id="failed-program")
    assert Comparison.model_validate(compared("failed-program", "--limit", "2")[0]).moves == ()


def test_takes_of_a_named_story_are_of_one_story(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.cli.analyze.subjects_encoder", lambda folder: by_words)
    for day, text in enumerate((WAREHOUSE, CHECKOUT)):
        keep(text, day)
    assert not any(take["is_other_story"] for take in compared("Kafka")[0]["takes"])


@pytest.mark.parametrize("takes", [2, 3, 5])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_take_fits_into_the_width(keep: Keep, takes: int, width: int) -> None:
    for day in range(takes):
        keep(FIRST, day, version=0)
    (comparison,) = (Comparison.model_validate(each) for each in compared("Kafka", "--limit", str(takes)))
    console = Terminal(file=io.StringIO(), width=width)
    show_comparison(console, comparison, "Kafka", ANALYSIS_VERSION)
    shown = console.file.getvalue()
    assert max(map(len, map(str.rstrip, shown.splitlines()))) <= width
    assert "…" not in shown
    assert sum(line.count(":") for line in shown.splitlines() if "Measure " in line) == takes
    assert shown.count("Moved") == 1


# --- reanalyze -----------------------------------------------------------------------------------------


def test_takes_of_other_rules_are_marked_and_brought_level(keep: Keep, home: Path) -> None:
    keep(FIRST, 0, version=None)
    keep(SECOND, 1)
    assert "reanalyze" in voicemock("compare", "Kafka").stdout
    assert compared("Kafka")[0]["is_level"] is False
    assert voicemock("reanalyze", "Kafka").stdout.startswith("1 measured again, 1 were up to date")
    assert compared("Kafka")[0]["is_level"] is True
    assert voicemock("reanalyze", "--all").stdout.startswith("0 measured again, 2 were up to date")
    assert voicemock("reanalyze", "--all", "--again").stdout.startswith("2 measured again")
    with Store(home / "data") as store:
        take = store.takes.of_story(Story.named("Kafka"))[0]
        assert [old.analysis.analysis_version for old in store.takes.earlier_assessments(take)] == [
            None,
            ANALYSIS_VERSION,
        ]


def test_measuring_again_by_the_same_rules_changes_nothing(keep: Keep, home: Path) -> None:
    keep(FIRST, 0)
    with Store(home / "data") as store:
        before = tuple(store.takes.all())
    voicemock("reanalyze", "--again")
    with Store(home / "data") as store:
        assert tuple(store.takes.all()) == before


def test_what_only_the_sound_told_stays_where_the_sound_is_gone(keep: Keep, home: Path) -> None:
    keep(FIRST, 0, speech=None, version=None)
    with Store(home / "data") as store:
        (before,) = store.takes.all()
    voicemock("reanalyze")
    with Store(home / "data") as store:
        (after,) = store.takes.all()
    old, new = (take.answer.assessment.analysis for take in (before, after))
    assert new.analysis_version == ANALYSIS_VERSION
    assert new.pauses == old.pauses == ()
    assert new.articulation_words_per_minute == old.articulation_words_per_minute is not None


def test_the_history_goes_with_its_answer(keep: Keep, home: Path) -> None:
    keep(FIRST, 0)
    voicemock("reanalyze", "--again")
    with closing(sqlite3.connect(home / "data" / "voicemock.db")) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM sessions")
        assert connection.execute("SELECT count(*) FROM replaced_assessments").fetchone() == (0,)


def test_the_command_shows_as_many_takes_as_the_page() -> None:
    assert signature(compare).parameters["limit"].default == MOST_TAKES  # its help may load nothing slow
