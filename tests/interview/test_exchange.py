"""Exchanges: how answers change their record, and which ones are stored again after the response."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.coaching.language_model.answers import assessment, design, question
from tests.debriefs import reply, told
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.probing import ProbeBrief
from voicemock.content.styles import load_style
from voicemock.interview.agenda import Agenda
from voicemock.interview.exchange import Exchange, Responder
from voicemock.models import Answer, Question, Timings

GIVEN = Timings(question_ended_s=1.0, feedback_started_s=9.0)


def exchange_of(*answers: Answer) -> Exchange:
    exchange = Exchange(answers[0].question, 1)
    for answer in answers:
        exchange.add(answer)
    return exchange


def test_an_answer_is_kept_again_with_the_moment_of_its_feedback() -> None:
    answer = told("I cut the scope and we shipped on time.", 1)
    (settled,) = exchange_of(answer).settle(GIVEN, is_over=True)
    assert settled == answer.model_copy(update={"timings": GIVEN})


def test_an_answer_without_an_assessment_stays_as_it_is_kept() -> None:
    answer = told("I cut the scope.", 1).model_copy(update={"status": "skipped", "assessment": None})
    exchange = exchange_of(answer)
    assert not exchange.is_answered
    assert exchange.said == []
    assert exchange.settle(GIVEN, is_over=True) == ()


def test_after_the_last_follow_up_the_first_answer_gets_the_feedback_on_all() -> None:
    exchange = exchange_of(told("I cut the scope.", 1), reply("By forty percent.", 2, follows=1))
    exchange.sum_up("Both were good.", "Say it again.")
    second, first = exchange.settle(GIVEN, is_over=True)
    assert (second.position, second.timings) == (2, GIVEN)
    assert (first.position, first.timings) == (1, None)
    assert first.assessment is not None
    assert first.assessment.feedback.spoken == "Both were good."


def test_before_another_follow_up_only_the_newest_answer_changes() -> None:
    exchange = exchange_of(told("I cut the scope.", 1), reply("By forty percent.", 2, follows=1))
    assert [answer.position for answer in exchange.settle(GIVEN, is_over=False)] == [2]


# --- a conversation about a case ------------------------------------------------------------------------


class Talkative:
    """A language model that always has one more question, and keeps what it was told."""

    shares = "transcript"
    guidance = load_guidance()

    def __init__(self) -> None:
        self.briefs: list[ProbeBrief] = []

    def begin(self, brief: ProbeBrief, answer: int) -> None:
        self.briefs.append(brief)

    def probe(self, brief: ProbeBrief, within_s: float) -> Question:
        return design().model_copy(update={"id": f"model-{len(brief.turns)}", "kind": "follow_up"})


def turns(agenda: Agenda, question: Question, model: Any) -> tuple[str, ...]:
    """The follow-ups that an interviewer without any of its own asks, until it has none left."""
    responder = Responder(agenda, load_style("neutral"), model=model)
    exchange, asked = Exchange(question, 1), question
    for _ in range(10):
        exchange.said.append((asked, assessment(asked=question.id)))
        responder.begin(exchange)
        probe = responder.respond(exchange).probe
        if probe is None:
            break
        responder.note_asked(exchange, probe)
        asked = probe
    return tuple(sorted(responder.probed))


@pytest.mark.parametrize(
    ("follow_ups", "design_turns", "count"), [(1, 5, 5), (0, 5, 5), (1, 0, 1), (2, 0, 2), (0, 0, 0)]
)
def test_a_system_design_with_a_model_is_a_conversation(follow_ups: int, design_turns: int, count: int) -> None:
    agenda = replace(Agenda.of([design()], follow_ups=follow_ups), design_turns=design_turns)
    model = Talkative()
    assert turns(agenda, design(), model) == tuple(f"model-{number}" for number in range(1, count + 1))
    assert [len(brief.turns) for brief in model.briefs] == list(range(1, count + 1))


def test_a_story_has_as_many_follow_ups_as_ever_and_a_design_without_a_model_too() -> None:
    agenda = replace(Agenda.of([design()], follow_ups=1), design_turns=5)
    assert turns(agenda, question(), Talkative()) == ("model-1",)
    assert turns(agenda, design(), None) == ()
