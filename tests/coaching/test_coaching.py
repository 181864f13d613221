"""The coach beside the labels of training/corpus, on answers of hands that the reader never saw."""

from __future__ import annotations

import re
import sys
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "coaching"))

from corpus import Heard, hear

from tests.interviews import analyzer, bank
from training.corpus import Corpus
from voicemock.coaching.wording import SPOKEN_WORDS
from voicemock.models import FrameworkName

EVERY = 6
"""Of the answers one in this many is heard: 50, some of each hand and each framework."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@pytest.fixture(scope="module")
def heard() -> list[Heard]:
    corpus = Corpus.read()
    return [hear(answer, corpus, bank(), analyzer()) for answer in corpus.split("dev")[::EVERY]]


def test_the_coach_puts_the_same_thing_first(heard):
    assert len(heard) >= 40
    assert {each.answer.framework for each in heard} == {*get_args(FrameworkName)}
    assert sum(each.is_same_first for each in heard) >= 0.35 * len(heard)
    assert sum(each.is_allowed_first for each in heard) >= 0.55 * len(heard)


def test_what_is_there_is_not_said_to_be_missing(heard):
    wronged = [each for each in heard if not all(is_missed for _, is_missed in each.absences)]
    assert len(wronged) <= 0.1 * len(heard)


def test_different_answers_hear_different_words(heard):
    said = [{*_SENTENCE_END.split(each.assessment.feedback.spoken)} for each in heard]
    longer = [sentences for sentences in said if len(sentences) > 2]
    assert len(longer) > len(said) / 2
    shared = [len(one & other) / max(len(one), len(other)) for one, other in combinations(longer, 2)]
    assert max(shared) <= 0.8
    assert sum(shared) <= 0.1 * len(shared)


def test_every_answer_has_feedback_with_exact_quotes_that_is_soon_said(heard):
    for each in heard:
        feedback, text = each.assessment.feedback, each.assessment.transcript.text
        assert 0 < len(feedback.spoken.split()) <= SPOKEN_WORDS
        assert all(point.quote is None or point.quote in text for point in feedback.points)
