"""What the later rules of relevance leave alone: replies that hold what was asked for, and questions asked back."""

from __future__ import annotations

import pytest

from voicemock.analysis.analyze import analyze
from voicemock.content.questions import QuestionBank
from voicemock.models import Question, Relevance, transcript_of_text

PASSED_ON = "I decided to pass that on to the vendor."
BESIDE = (
    "What I like most is long trips. You see more that way, and you meet nice ones, and nothing is ever the same. I "
    "like the quiet ones best. You take your time, and nobody calls. I would do that every year if I could."
)
AGAIN = "So a program of yours that failed, or that nearly did. Yours failed, or very nearly did. Tell about yours."


@pytest.fixture
def asked() -> Question:
    return QuestionBank.load().get("failed-program")


def relevance_of(text: str, question: Question, lexicon) -> Relevance:
    rules = QuestionBank.load().framework(question.framework)
    analyzed = analyze(transcript_of_text(text), framework=rules, target=(20, 60), lexicon=lexicon, question=question)
    assert analyzed.analysis.relevance is not None
    return analyzed.analysis.relevance


@pytest.mark.parametrize(("asks_for", "kind"), [("decision", "on_topic"), ("number", "no_answer")])
def test_a_reply_that_holds_what_was_asked_for_is_one(asked, lexicon, asks_for, kind):
    follow_up = asked.model_copy(update={"kind": "follow_up", "asks_for": asks_for})
    assert relevance_of(PASSED_ON, follow_up, lexicon).kind == kind


@pytest.mark.parametrize("text", [BESIDE, AGAIN])
def test_a_reply_is_neither_off_the_topic_nor_the_question_by_the_later_rules(asked, lexicon, text):
    assert relevance_of(text, asked, lexicon).confidence == 0.75
    follow_up = asked.model_copy(update={"kind": "follow_up", "asks_for": "number"})
    assert relevance_of(text, follow_up, lexicon).kind in ("on_topic", "unclear")


def test_what_is_asked_back_is_judged_by_the_first_rules_alone(asked, lexicon):
    asked_back = asked.model_copy(update={"kind": "ask_back"})
    assert relevance_of(PASSED_ON, asked_back, lexicon).kind in ("on_topic", "unclear")
