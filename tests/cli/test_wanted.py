"""The options of ``voicemock practice`` and the agenda they give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import typer

from voicemock.cli.practice import DEFAULT_COUNT, PracticeRequest
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import load_style
from voicemock.models import Job

BANK = QuestionBank.load()
NEUTRAL, PRESSING = load_style("neutral"), load_style("pressing")


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        ({"question": "failed-program", "loop": "amazon"}, "--question"),
        ({"question": "failed-program", "pillar": "behavioral"}, "--question"),
        ({"loop": "amazon", "competency": "ambiguity"}, "--loop has its own questions"),
        ({"loop": "amazon", "takes": 2}, "--takes"),
        ({"minutes": 30}, "--minutes"),
        ({"feedback": "end"}, "--feedback end"),
        ({"feedback": "never", "loop": "amazon"}, "each or end"),
    ],
)
def test_options_that_contradict_each_other_are_refused(wanted: dict[str, Any], complaint: str) -> None:
    with pytest.raises(typer.BadParameter, match=complaint):
        PracticeRequest(**wanted).agenda(BANK, NEUTRAL)


@pytest.mark.parametrize(
    ("wanted", "neutral", "pressing"),
    [({}, 1, 2), ({"question": "failed-program"}, 0, 0), ({"follow_ups": 3}, 3, 3), ({"follow_ups": 0}, 0, 0)],
)
def test_follow_ups_are_the_styles_unless_one_question_or_a_number_is_named(
    wanted: dict[str, Any], neutral: int, pressing: int
) -> None:
    assert PracticeRequest(**wanted).agenda(BANK, NEUTRAL).follow_ups == neutral
    assert PracticeRequest(**wanted).agenda(BANK, PRESSING).follow_ups == pressing


def test_without_anything_there_are_three_questions_and_feedback_after_each() -> None:
    agenda = PracticeRequest(seed=1).agenda(BANK, NEUTRAL)
    assert len(agenda.items) == DEFAULT_COUNT
    assert agenda.feedback_each
    assert not agenda.debrief


def test_a_loop_is_a_day_in_its_own_time_or_in_the_time_that_is_given() -> None:
    whole, short = (PracticeRequest(loop="amazon", minutes=each, seed=1).agenda(BANK, NEUTRAL) for each in (None, 30))
    assert whole.box_s == 60 * BANK.loop("amazon").minutes
    assert short.box_s == 1800
    assert len(short.items) < len(whole.items)
    assert whole.debrief
    assert not whole.feedback_each
    assert PracticeRequest(loop="amazon", feedback="each").agenda(BANK, NEUTRAL).feedback_each


def test_more_follow_ups_leave_time_for_fewer_questions() -> None:
    few, many = (PracticeRequest(loop="google", minutes=45, follow_ups=each).agenda(BANK, NEUTRAL) for each in (0, 3))
    assert len(many.items) < len(few.items)


def test_a_jobs_questions_come_first_in_each_round_of_a_loop() -> None:
    about = "You own database migrations and replication of our payment store."
    job = Job.named("acme", description=about, notes="", company=None, added_at=datetime(2026, 11, 24, tzinfo=UTC))
    drawn = [PracticeRequest(loop="tpm", seed=seed).agenda(BANK, NEUTRAL, job) for seed in range(6)]
    plain = [PracticeRequest(loop="tpm", seed=seed).agenda(BANK, NEUTRAL) for seed in range(6)]

    def migrations(agendas: list[Any]) -> int:
        return sum("migration" in item.question.competency for agenda in agendas for item in agenda.items)

    assert migrations(drawn) > migrations(plain)
