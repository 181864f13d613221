"""Word times corrected by the sound."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from voicemock.models import SpeechSpan, Word
from voicemock.speech.word_times import merged, shared_s, snapped, unwritten, within

SOUNDS = (SpeechSpan(1.0, 2.0), SpeechSpan(3.0, 4.0))


def spans(*pairs: tuple[float, float]) -> tuple[SpeechSpan, ...]:
    return tuple(SpeechSpan(*pair) for pair in pairs)


def words(*pairs: tuple[float, float]) -> list[Word]:
    return [Word(text="word", start_s=start_s, end_s=end_s) for start_s, end_s in pairs]


@pytest.mark.parametrize(
    ("given", "snapped_to"),
    [
        ([(1.2, 1.6)], [(1.2, 1.9)]),  # what sounds on behind a word is its end
        ([(1.2, 1.6), (1.7, 2.0)], [(1.2, 1.7), (1.7, 2.0)]),
        ([(0.2, 1.6)], [(1.0, 1.9)]),  # not the silence before it
        ([(1.5, 2.9)], [(1.5, 2.0)]),  # nor behind it
        ([(1.5, 3.9)], [(3.0, 4.0)]),  # nor the pause inside: it is where most of it sounds
        ([(1.2, 3.2)], [(1.2, 2.0)]),
        ([(1.0, 2.0), (1.5, 3.5)], [(1.0, 2.0), (3.0, 3.8)]),  # no two at once
        ([(5.0, 6.0)], [(5.0, 6.0)]),  # a quiet word keeps its times
        ([(1.5, 1.5)], [(1.5, 1.8)]),
    ],
)
def test_a_word_lies_in_the_one_sound_that_it_covers_most(
    given: list[tuple[float, float]], snapped_to: list[tuple[float, float]]
) -> None:
    found = [(word.start_s, word.end_s) for word in snapped(words(*given), SOUNDS)]
    assert found == [pytest.approx(pair) for pair in snapped_to]


def test_the_lips_may_close_inside_a_word() -> None:
    (word,) = snapped(words((1.0, 2.0)), spans((1.0, 1.4), (1.5, 2.0)))
    assert (word.start_s, word.end_s) == (1.0, 2.0)


moments = st.floats(0, 30, allow_nan=False)
pairs = st.tuples(moments, moments).map(sorted).map(tuple)


@example(said=[(0.0, 0.0), (0.0, 0.0)], sound=[0.015625, 1.0])
@given(said=st.lists(pairs, max_size=8), sound=st.lists(moments, max_size=12).map(sorted))
def test_words_stay_in_order_and_never_overlap(said: list[tuple[float, float]], sound: list[float]) -> None:
    sounds = spans(*zip(sound[::2], sound[1::2], strict=False))
    given_words = words(*sorted(said))
    found = snapped(given_words, sounds)
    assert len(found) == len(given_words)
    assert all(word.start_s <= word.end_s for word in found)
    assert all(before.end_s <= after.start_s for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("said", "speech", "at_least_s", "left"),
    [
        ([], [], 1.0, []),
        ([(0.0, 1.0)], [], 1.0, []),
        ([], [(1.0, 4.0)], 1.0, [(1.0, 4.0)]),
        ([(1.0, 2.0), (2.0, 4.0)], [(1.0, 4.0)], 1.0, []),
        ([(1.0, 2.0)], [(1.0, 4.0)], 1.0, [(2.0, 4.0)]),
        ([(3.0, 4.0)], [(1.0, 4.0)], 1.0, [(1.0, 3.0)]),
        ([(1.0, 1.5), (3.0, 4.0)], [(1.0, 4.0)], 1.0, [(1.5, 3.0)]),
        ([(1.0, 2.0), (7.0, 8.0)], [(1.0, 2.0), (7.0, 8.0)], 1.0, []),  # a pause needs no words
        ([(0.5, 9.5)], [(1.0, 2.0), (5.0, 9.0)], 1.0, []),
        # sounds between the same two words count together
        ([(0.0, 1.0)], [(0.0, 1.0), (2.0, 2.4), (3.0, 3.4), (4.0, 4.4)], 1.0, [(2.0, 4.4)]),
        ([(0.0, 1.0), (2.5, 2.9)], [(0.0, 1.0), (2.0, 2.4), (3.0, 3.4), (4.0, 4.4)], 1.0, []),
        ([(2.0, 3.0), (1.0, 2.0)], [(1.0, 4.0)], 1.0, [(3.0, 4.0)]),  # in any order
    ],
)
def test_speech_that_no_word_covers_is_unwritten(
    said: list[tuple[float, float]],
    speech: list[tuple[float, float]],
    at_least_s: float,
    left: list[tuple[float, float]],
) -> None:
    assert unwritten(words(*said), spans(*speech), at_least_s) == spans(*left)


def test_gaps_that_are_too_short_are_closed() -> None:
    assert merged(spans((0.0, 1.0), (1.1, 2.0), (2.5, 3.0)), 0.2) == spans((0.0, 2.0), (2.5, 3.0))


def test_speech_is_cut_to_a_stretch() -> None:
    assert within(SpeechSpan(1.5, 3.5), SOUNDS) == spans((1.5, 2.0), (3.0, 3.5))
    assert shared_s(SpeechSpan(1.5, 3.5), SOUNDS) == pytest.approx(1.0)
