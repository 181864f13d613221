"""Exchanges: how answers change their record, and which ones are stored again after the response."""

from __future__ import annotations

from tests.debriefs import reply, told
from voicemock.interview.exchange import Exchange
from voicemock.models import Answer, Timings

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
