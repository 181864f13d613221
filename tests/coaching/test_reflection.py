"""What was learned is a part of a story only where the question asks for it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.debriefs import told
from tests.interviews import bank
from voicemock.analysis.evidence import EvidenceTable
from voicemock.analysis.reader import load_scales
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.findings import HeardAnswer
from voicemock.coaching.reflection import LESSON, asks_for_reflection, reflection_of
from voicemock.models import Answer, Evidence, Question, Reflection
from voicemock.report.rows import content_rows

STORY = "Our launch failed because I had not asked the vendor. I called them every day. We shipped in May. "


def asking(text: str, **changes: object) -> Question:
    return bank().get("failed-program").model_copy(update={"text": text, **changes})


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Tell me about a program of yours that failed, or very nearly did. What was your part in it?", True),
        ("Tell me about a time you failed.", True),
        ("Tell me about a mistake you made.", True),
        ("Tell me about a launch. What did you learn from it?", True),
        ("Tell me about a launch. What would you do differently?", True),
        ("Tell me about a time you were certain of something important and somebody proved you wrong.", True),
        ("Tell me about a conflict with a peer.", False),
        ("Tell me about the most complicated launch you ran. What would have gone wrong without you?", False),
        ("Describe a time you talked people out of machine learning and into something much simpler.", False),
        ("Think of a meeting in which everybody was polite and nobody said what was wrong.", False),
        ("What did you do differently because of that?", False),
    ],
)
def test_questions_of_failure_and_learning_ask_for_it(text, asks):
    assert asks_for_reflection(asking(text)) == asks


@pytest.mark.parametrize(
    "question",
    [None, asking("Tell me about a time you failed.", framework="triage"), asking("You failed?", kind="follow_up")],
    ids=["none", "plan", "follow-up"],
)
def test_only_a_story_can_be_asked_for_it(question):
    assert not asks_for_reflection(question)


def heard(lesson: tuple[float, ...], question: str = "failed-program") -> HeardAnswer:
    answer = told(STORY * 4, 1, question=question)
    sentences = answer.assessment.analysis.structure.sentences
    rows = tuple({LESSON: dict(enumerate(lesson)).get(index, 0.0)} for index in range(len(sentences)))
    analysis = answer.assessment.analysis.model_copy(update={"evidence": Evidence(sentences=rows, verdicts={})})
    return HeardAnswer(analysis, bank().framework("star"), bank().get(question))


@pytest.mark.parametrize(
    ("lesson", "is_there"), [((0.0, 0.0, 0.99), True), ((), False), ((0.0, 0.4), None)], ids=["there", "not", "unknown"]
)
def test_it_is_there_or_not_only_where_that_is_sure(lesson, is_there):
    found = reflection_of(heard(lesson))
    assert found is not None
    assert found.is_there is is_there
    assert (found.quote is not None) == bool(is_there)


def test_it_is_not_looked_for_where_nothing_asks():
    assert reflection_of(heard((0.99,), own_question())) is None


def own_question() -> str:
    return next(each.id for each in bank().questions if each.framework == "star" and not asks_for_reflection(each))


def with_reflection(is_there: bool | None) -> Answer:
    answer = told(STORY * 4, 1)
    sentence = answer.assessment.analysis.structure.sentences[-1]
    quote = (
        {"quote": sentence.text, "start_char": sentence.start_char, "end_char": sentence.end_char} if is_there else {}
    )
    analysis = answer.assessment.analysis.model_copy(update={"reflection": Reflection(is_there=is_there, **quote)})
    return answer.model_copy(update={"assessment": answer.assessment.model_copy(update={"analysis": analysis})})


def test_words_of_a_lesson_that_the_reader_does_not_find_leave_it_open():
    answer = told(STORY * 4 + "Lesson, ask twice.", 1)
    sentences = answer.assessment.analysis.structure.sentences
    evidence = Evidence(sentences=({},) * len(sentences), verdicts={})
    analysis = answer.assessment.analysis.model_copy(update={"evidence": evidence})
    found = reflection_of(HeardAnswer(analysis, bank().framework("star"), bank().get("failed-program")))
    assert found == Reflection(is_there=None)


@pytest.mark.parametrize(
    ("is_there", "seen", "shown"),
    [(True, "seen", "there"), (False, "not_seen", "not there"), (None, "not_measured", "cannot tell")],
)
def test_scorecard_and_measures_say_the_same(is_there, seen, shown):
    answer = with_reflection(is_there)
    (card,) = debrief_of((answer,), bank()).scorecards
    (observed,) = [each for each in card.observations if each.kind == "reflection"]
    assert (observed.title, observed.seen) == ("What you learned", seen)
    assert (observed.quote is not None) == bool(is_there)
    assert ("What you learned", shown, "the question asks for it") in list(content_rows(answer.assessment.analysis))


def test_scales_know_the_evidence_that_it_rests_on():
    table = EvidenceTable({LESSON: np.array([0.0])}, {}, load_scales())
    assert table.is_absent(LESSON)
