"""The coach beside a careful human one: bench/data/coaching, labeled before the coach heard it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "coaching"))

from coaching import Judged, judge, load_cases, most_shared
from voicemock.packaged import MINILM, is_installed

LONGEST_S = 45.0

pytestmark = pytest.mark.skipif(not is_installed(MINILM), reason="voicemock[structure] is not installed")


@pytest.fixture(scope="module")
def judged() -> tuple[Judged, ...]:
    return judge([*load_cases("dev"), *load_cases("held")])


def test_the_coach_puts_the_same_thing_first(judged):
    assert len(judged) >= 40
    assert sum(each.nearly_agrees for each in judged) >= 0.8 * len(judged)


def test_nothing_is_praised_that_is_not_there(judged):
    assert [each.case.id for each in judged if each.false_praise] == []


def test_different_answers_hear_different_words(judged):
    share, pair = most_shared(judged)
    assert share <= 0.5, pair


def test_nobody_listens_for_longer_than_three_quarters_of_a_minute(judged):
    assert max(each.spoken_s for each in judged) < LONGEST_S


def test_every_answer_has_feedback_with_exact_quotes(judged):
    for each in judged:
        assert each.feedback.spoken
        assert all(point.quote is None or point.quote in each.heard_text for point in each.feedback.points)
