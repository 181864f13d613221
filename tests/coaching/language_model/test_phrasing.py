"""The model in the background: no call waits longer than it should, and no thread is left."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from tests.coaching.language_model.answers import (
    DRILL,
    IN_OTHER_WORDS,
    SENTENCES,
    ScriptedModel,
    SilentModel,
    assessment,
    question,
)
from voicemock.coaching.language_model.briefing import LanguageModel, Shares, load_guidance
from voicemock.coaching.language_model.phrasing import Phrasing
from voicemock.errors import LanguageModelError
from voicemock.models import Feedback, PhrasedBy

GUIDANCE = load_guidance()
LONG_S = 60.0
"""Longer than anything here takes."""
PROBE = {"about": "from six weeks to two", "question": "What did it cost you to get from six weeks to two?"}


def phrasing(*models: LanguageModel, shares: Shares = "quotes") -> Phrasing:
    waiting = list(models)
    return Phrasing(lambda: waiting.pop(0), shares=shares, guidance=GUIDANCE)


def built_in(feedback: Feedback | None) -> PhrasedBy:
    """Check that the built-in coach speaks, and return the note of why."""
    assert feedback is not None
    assert feedback.spoken == " ".join((*SENTENCES, DRILL))
    assert feedback.phrased_by is not None
    assert feedback.phrased_by.reworded == 0
    return feedback.phrased_by


def test_the_feedback_comes_in_other_words_and_says_whose() -> None:
    coach = phrasing(ScriptedModel(IN_OTHER_WORDS))
    coach.begin(assessment(), question())
    found = coach.feedback(LONG_S)
    coach.close()
    assert found is not None
    assert found.spoken == " ".join((*IN_OTHER_WORDS.values(), DRILL))
    assert found.points == assessment().feedback.points
    assert found.drill == DRILL
    assert found.phrased_by == PhrasedBy(model="scripted", shares="quotes", sentences=5, reworded=4)


FALLS_BACK = [
    (LanguageModelError("nobody there", "unreachable"), "unreachable"),
    (LanguageModelError("too slow", "timeout"), "timeout"),
    ("You are hired!", "no_json"),
    ({**IN_OTHER_WORDS, "s4": "You are hired."}, "out_of_role"),
    (dict.fromkeys(IN_OTHER_WORDS, "Great."), "too_little_left"),
]


@pytest.mark.parametrize(("answer", "reason"), FALLS_BACK)
def test_else_the_built_in_coach_speaks_and_the_record_says_why(answer: object, reason: str) -> None:
    coach = phrasing(ScriptedModel(answer))  # type: ignore[arg-type]
    coach.begin(assessment(), question())
    note = built_in(coach.feedback(LONG_S))
    coach.close()
    assert note.reason == reason


def test_nothing_is_asked_where_no_sentence_may_be_sent() -> None:
    model = ScriptedModel()
    coach = phrasing(model, shares="findings")
    coach.begin(assessment(sentences=('"We cut it" is good.',)), question())
    found = coach.feedback(LONG_S)
    coach.close()
    assert found is not None
    assert found.phrased_by is not None
    assert found.phrased_by.reason == "nothing_to_reword"
    assert model.asked == []


def test_a_model_that_is_late_is_not_waited_for() -> None:
    coach = phrasing(SilentModel())
    coach.begin(assessment(), question(), probes=True)
    assert built_in(coach.feedback(0.0)).reason == "late"
    assert coach.probe(0.0) is None
    coach.close()


def test_the_further_question_comes_after_the_feedback() -> None:
    model = ScriptedModel(IN_OTHER_WORDS, PROBE)
    coach = phrasing(model)
    coach.begin(assessment(), question(), asked=("Why then?",), probes=True)
    found = coach.probe(LONG_S)
    coach.close()
    assert found is not None
    assert found.text == PROBE["question"]
    assert len(model.asked) == 2
    assert json.loads(model.asked[1][1].content)["asked_already"] == ["Why then?"]


@pytest.mark.parametrize(
    "answer", [LanguageModelError("gone", "unreachable"), "?", {"about": "from six weeks to two", "question": "Why?"}]
)
def test_a_question_that_does_not_come_or_pass_is_none(answer: object) -> None:
    coach = phrasing(ScriptedModel(IN_OTHER_WORDS, answer))  # type: ignore[arg-type]
    coach.begin(assessment(), question(), probes=True)
    assert coach.probe(LONG_S) is None
    coach.close()


def test_nothing_begun_is_nothing_found() -> None:
    coach = phrasing()
    assert coach.feedback(LONG_S) is None
    assert coach.probe(LONG_S) is None
    coach.close()


def test_a_story_without_a_question_gets_no_further_one() -> None:
    model = ScriptedModel(IN_OTHER_WORDS)
    coach = phrasing(model)
    coach.begin(assessment(), None, probes=True)
    assert coach.probe(LONG_S) is None
    coach.close()
    assert len(model.asked) == 1


def test_the_same_answer_is_worked_on_once() -> None:
    model = ScriptedModel(IN_OTHER_WORDS)
    coach = phrasing(model)
    for _ in range(3):
        coach.begin(assessment(), question())
        assert coach.feedback(LONG_S) is not None
    coach.close()
    assert len(model.asked) == 1


def test_an_answer_that_goes_on_ends_the_work_on_what_it_was() -> None:
    first, second = SilentModel(), ScriptedModel(IN_OTHER_WORDS)
    coach = phrasing(first, second)
    coach.begin(assessment(said="I had to move the payments."), question())
    assert first.is_asked.wait(LONG_S)
    coach.begin(assessment(), question())
    found = coach.feedback(LONG_S)
    coach.close()
    assert found is not None
    assert found.phrased_by is not None
    assert found.phrased_by.reworded == 4


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "language model"]


def test_no_thread_is_left() -> None:
    coach = phrasing(*(SilentModel() for _ in range(20)))
    for number in range(20):
        coach.begin(assessment(), question(), asked=(str(number),))
    coach.close()
    coach.close()
    assert threads() == []


def test_a_closed_one_begins_nothing() -> None:
    coach = phrasing(ScriptedModel(IN_OTHER_WORDS))
    coach.close()
    coach.begin(assessment(), question())
    assert coach.feedback(LONG_S) is None


def test_a_model_that_does_not_let_go_is_not_piled_up() -> None:
    over = threading.Event()

    class Deaf(SilentModel):
        def complete(self, messages: object, schema: object) -> str:
            assert over.wait(LONG_S)
            return ""

        def close(self) -> None:
            """Do nothing."""

    coach = phrasing(*(Deaf() for _ in range(9)))
    for number in range(9):
        coach.begin(assessment(), question(), asked=(str(number),))
    count = len(threads())
    over.set()
    coach.close()
    assert count <= 3


def failing() -> LanguageModel:
    raise LanguageModelError("it runs elsewhere", "no_model")


@pytest.mark.parametrize("open_model", [failing])
def test_a_model_that_cannot_be_opened_leaves_all_to_the_coach(open_model: Callable[[], LanguageModel]) -> None:
    coach = Phrasing(open_model, shares="quotes", guidance=GUIDANCE)
    coach.begin(assessment(), question())
    assert coach.feedback(LONG_S) is None
    coach.close()
