"""The model in the background: nobody waits longer than they say, one request at a time, and no thread is left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.coaching.language_model.answers import ScriptedModel, SilentModel, assessment, design, question, star
from voicemock.coaching.language_model.briefing import LanguageModel, Shares, load_guidance
from voicemock.coaching.language_model.judge import questions_for
from voicemock.coaching.language_model.probing import ProbeBrief, brief_probe
from voicemock.coaching.language_model.second_opinion import SecondOpinions
from voicemock.errors import LanguageModelError

GUIDANCE = load_guidance()
LONG_S = 60.0
"""Longer than anything here takes."""
PROBE = {
    "move": "ask",
    "about": "from six weeks to two",
    "question": "What did it cost you to get from six weeks to two?",
}
TABLE = {each.name: "no" for each in questions_for(star(), GUIDANCE)}


def beside(*models: LanguageModel, shares: Shares = "transcript", budget_s: float = LONG_S) -> SecondOpinions:
    waiting = list(models)
    return SecondOpinions(lambda _: waiting.pop(0), budget_s=budget_s, shares=shares, guidance=GUIDANCE)


def brief(*asked: str, said: str | None = None) -> ProbeBrief | None:
    told = assessment() if said is None else assessment(said)
    return brief_probe([(question().text, told)], question(), GUIDANCE, asked=asked)


def test_the_next_question_comes_when_it_is_ready() -> None:
    model = beside(ScriptedModel(PROBE))
    model.begin(brief(), 1)
    found = model.probe(brief(), LONG_S)
    model.close()
    assert found is not None
    assert found.text == PROBE["question"]


def test_a_model_that_is_late_is_not_waited_for() -> None:
    model = beside(SilentModel(), SilentModel())
    model.begin(brief(), 1)
    assert model.probe(brief(), 0.0) is None
    model.judge(assessment(), star(), 1)
    assert model.opinions() == {}
    model.close()


def test_a_question_about_other_words_is_not_asked() -> None:
    model = beside(ScriptedModel(PROBE))
    model.begin(brief(), 1)
    assert model.probe(brief("Why then?"), LONG_S) is None
    assert model.probe(None, LONG_S) is None
    model.close()


def test_a_second_opinion_arrives_once_with_the_follow_ups_that_were_refused() -> None:
    refused: Mapping[str, Any] = {**PROBE, "question": "Why?"}
    model = beside(ScriptedModel(refused), ScriptedModel(TABLE))
    model.begin(brief(), 3)
    assert model.probe(brief(), LONG_S) is None
    model.judge(assessment(), star(), 3)
    found = model.opinions(LONG_S)
    assert found.keys() == {3}
    assert found[3].reason is None
    assert found[3].follow_ups_refused == ("length",)
    assert model.opinions(LONG_S) == {}
    assert model.close() == {}


def test_one_that_another_request_overtakes_is_late() -> None:
    model = beside(SilentModel(), ScriptedModel(PROBE))
    model.judge(assessment(), star(), 1)
    model.begin(brief(), 2)
    assert model.probe(brief(), LONG_S) is not None
    (opinion,) = (model.opinions() | model.close()).values()
    assert (opinion.reason, opinion.opinions) == ("late", ())


def test_one_that_is_not_done_at_the_end_is_late() -> None:
    model = beside(SilentModel())
    model.judge(assessment(), star(), 1)
    (opinion,) = model.close().values()
    assert opinion.reason == "late"


def test_with_quotes_there_is_no_second_opinion() -> None:
    model = beside(shares="quotes")
    model.judge(assessment(), star(), 1)
    assert model.opinions(LONG_S) == {}
    model.close()


def test_the_seconds_of_an_answer_are_for_all_requests_about_it() -> None:
    given: list[float] = []

    def open_model(left_s: float) -> LanguageModel:
        given.append(left_s)
        return ScriptedModel(PROBE) if len(given) == 1 else ScriptedModel(TABLE)

    model = SecondOpinions(open_model, budget_s=LONG_S, shares="transcript", guidance=GUIDANCE)
    model.begin(brief(), 1)
    model.probe(brief(), LONG_S)
    model.judge(assessment(), star(), 1)
    model.opinions(LONG_S)
    model.judge(assessment("I moved it. We cut the cost by half."), star(), 2)
    model.close()
    assert given[0] == given[2] == LONG_S
    assert given[1] < LONG_S


def test_a_question_about_the_case_is_answered_and_the_answers_are_remembered() -> None:
    second = ScriptedModel({"answer": "There are two regions in the first year."})
    model = beside(ScriptedModel({"answer": "About ten million users a day."}), second)
    assert model.clarify(design(), "How many users?", 1, LONG_S) == "About ten million users a day."
    assert model.clarify(design(), "And regions?", 1, LONG_S) == "There are two regions in the first year."
    model.close()
    assert "About ten million users a day." in second.asked[0][1].content


@pytest.mark.parametrize("answer", [{"answer": "You are hired, of course."}, "?", LanguageModelError("?", "timeout")])
def test_an_answer_that_does_not_pass_is_none(answer: Any) -> None:
    model = beside(ScriptedModel(answer))
    assert model.clarify(design(), "How many users?", 1, LONG_S) is None
    model.close()


def test_the_same_answer_is_worked_on_once() -> None:
    scripted = ScriptedModel(PROBE)
    model = beside(scripted)
    for _ in range(3):
        model.begin(brief(), 1)
        assert model.probe(brief(), LONG_S) is not None
    model.close()
    assert len(scripted.asked) == 1


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "language model"]


def test_no_thread_is_left() -> None:
    model = beside(*(SilentModel() for _ in range(20)))
    for number in range(20):
        model.begin(brief(str(number)), 1)
    model.close()
    model.close()
    assert threads() == []


def test_a_closed_one_begins_nothing() -> None:
    model = beside(ScriptedModel(PROBE))
    model.close()
    model.begin(brief(), 1)
    assert model.probe(brief(), LONG_S) is None


def test_a_model_that_does_not_let_go_is_not_piled_up() -> None:
    over = threading.Event()

    class Deaf(SilentModel):
        def complete(self, messages: object, schema: object) -> str:
            assert over.wait(LONG_S)
            return ""

        def close(self) -> None:
            """Do nothing."""

    model = beside(*(Deaf() for _ in range(9)))
    for number in range(9):
        model.begin(brief(str(number)), 1)
    count = len(threads())
    over.set()
    model.close()
    assert count <= 3


def failing(_: float) -> LanguageModel:
    raise LanguageModelError("it runs elsewhere", "no_model")


@pytest.mark.parametrize("open_model", [failing])
def test_a_model_that_cannot_be_opened_leaves_all_to_the_coach(open_model: Callable[[float], LanguageModel]) -> None:
    model = SecondOpinions(open_model, budget_s=LONG_S, shares="transcript", guidance=GUIDANCE)
    model.begin(brief(), 1)
    model.judge(assessment(), star(), 1)
    assert model.probe(brief(), LONG_S) is None
    assert model.close() == {}
