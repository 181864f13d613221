"""The second take is told what changed: only what is true, gains before losses, at most two aloud."""

from __future__ import annotations

import pytest

from tests.coaching.test_feedback import (
    NO_FIGURE,
    NO_NUMBER,
    PHRASES,
    STAR,
    STORY,
    acts,
    answer,
    judged,
    without,
)
from voicemock.coaching.feedback import NOTICED, find_changes, give_feedback
from voicemock.coaching.findings import HeardAnswer
from voicemock.coaching.wording import SPOKEN_WORDS
from voicemock.content.wording import SINCE_LAST_VALUES
from voicemock.models import Assessment

SHORT = {"seconds_each": 20.0}
UNFINISHED = {"story": without("result"), "seconds_each": 40.0}
MUCH, LITTLE = ({"shares": {"situation": share, "action": 0.9 - share, "result": 0.1}} for share in (0.6, 0.3))

HALF, MOST_OF_HALF = ({"shares": {"situation": share, "action": 0.9 - share, "result": 0.1}} for share in (0.5, 0.4))

CHANGES = [
    ("the result is there now", UNFINISHED, {}, ["number_gained", "part_gained"]),
    ("the result is gone", {}, UNFINISHED, ["number_lost", "part_lost"]),
    ("a number now", {"story": NO_NUMBER}, {}, ["number_gained"]),
    ("no number any more", {}, {"story": NO_NUMBER}, ["number_lost"]),
    ("into the window", SHORT, {}, ["into_window"]),
    ("out of the window", {}, SHORT, ["out_of_window"]),
    ("closer to the window", {"seconds_each": 15.0}, {"seconds_each": 25.0}, ["closer_to_window"]),
    ("hardly closer", {"seconds_each": 25.0}, {"seconds_each": 27.0}, []),
    ("from too long to too short", {"seconds_each": 60.0}, {"seconds_each": 29.0}, []),
    ("fewer ums", {"fillers": 12}, {"fillers": 4}, ["fewer_fillers"]),
    ("more ums", {"fillers": 4}, {"fillers": 12}, ["more_fillers"]),
    ("an um less", {"fillers": 5}, {"fillers": 4}, []),
    ("less background", MUCH, LITTLE, ["less_background"]),
    ("more background", LITTLE, MUCH, ["more_background"]),
    ("a little less background", HALF, MOST_OF_HALF, []),
    ("I in the actions", {"ownership": acts(1, 6)}, {"ownership": acts(6, 1)}, ["more_i"]),
    ("we in the actions", {"ownership": acts(6, 1)}, {"ownership": acts(1, 6)}, ["more_we"]),
    ("hardly any action", {"ownership": acts(1, 2)}, {"ownership": acts(2, 0)}, []),
    ("the same again", {}, {}, []),
]  # fmt: skip


def kept(analysis, transcript, *, has_findings=True):
    """Return an earlier take as it is kept."""
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES)
    feedback = feedback if has_findings else feedback.model_copy(update={"findings": ()})
    return Assessment(source="", question=None, transcript=transcript, analysis=analysis, feedback=feedback)


@pytest.mark.parametrize(("case", "before", "after", "names"), CHANGES, ids=[case for case, *_ in CHANGES])
def test_what_changed_is_named_and_nothing_else(case, before, after, names):
    earlier, (analysis, _) = answer(**before)[0], answer(**after)
    changes = find_changes(HeardAnswer(analysis, STAR), earlier)
    assert [change.name for change in changes] == names
    assert all(set(change.values) == set(SINCE_LAST_VALUES[change.name]) for change in changes)


def test_gains_come_first_and_two_are_said():
    before = kept(*answer(without("result"), seconds_each=20.0, fillers=2))
    analysis, transcript = answer(fillers=14)
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES, before)
    assert len(feedback.since_last) == 4
    aloud = [sentence for sentence in feedback.since_last if sentence in feedback.spoken]
    assert len(aloud) == NOTICED
    assert feedback.since_last[-1] in aloud
    assert len(feedback.spoken.split()) <= SPOKEN_WORDS


@pytest.mark.parametrize("has_findings", [True, False])
def test_where_nothing_changed_the_same_priority_is_said_to_come_again(has_findings):
    before = kept(*answer(**NO_FIGURE), has_findings=has_findings)
    analysis, transcript = answer(**NO_FIGURE)
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES, before)
    called = PHRASES.priorities["no_number"].called
    assert feedback.since_last
    assert feedback.since_last[0] in [each.format(first=called) for each in PHRASES.since_last["same_first"]]


def test_a_good_answer_after_a_good_one_is_not_compared():
    analysis, transcript = answer()
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES, kept(analysis, transcript))
    assert feedback.since_last == ()


def test_takes_measured_by_other_rules_are_not_compared():
    earlier, words = answer(without("result"))
    before = kept(earlier.model_copy(update={"analysis_version": 0}), words)
    analysis, transcript = answer()
    assert give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES, before).since_last == ()


def test_what_is_no_answer_is_compared_with_nothing():
    analysis, transcript = answer(relevance=judged("hostile"), word_count=8)
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES, kept(*answer(STORY)))
    assert feedback.since_last == ()


def test_a_text_is_not_told_of_times():
    before = kept(*answer(seconds_each=None, fillers=20))
    analysis, transcript = answer(seconds_each=None, fillers=0)
    assert give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES, before).since_last == ()


@pytest.mark.parametrize(
    ("is_one_story", "names"), [(True, ["number_gained", "part_gained"]), (False, ["other_story"]), (None, [])]
)
def test_another_story_is_not_compared_and_said_to_be_another_one(is_one_story, names):
    before = kept(*answer(**UNFINISHED))
    analysis, transcript = answer()
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES, before, is_one_story=is_one_story)
    assert len(feedback.since_last) == len(names)
    if names == ["other_story"]:
        (sentence,) = feedback.since_last
        assert sentence in PHRASES.since_last["other_story"]
        assert sentence in feedback.spoken


def test_the_background_is_given_in_the_figures_of_the_table():
    much = {"shares": {"situation": 0.336, "task": 0.134, "action": 0.4, "result": 0.13}}
    little = {"shares": {"situation": 0.146, "task": 0.086, "action": 0.6, "result": 0.168}}
    (before, _), (after, _) = answer(**much), answer(**little)
    (change,) = [each for each in find_changes(HeardAnswer(after, STAR), before) if "background" in each.name]
    assert change.values == {"before_share": "forty-seven percent", "share": "twenty-four percent"}
