"""Sentences in a stretch without punctuation: where the reader hears one begin."""

from __future__ import annotations

from itertools import pairwise

import pytest

from voicemock.analysis.sentences import LONG_RUN_WORDS, LONGEST_WORDS, SHORTEST_WORDS, cut, split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import transcript_of_text

SURELY, HARDLY, NEVER = 5.0, -2.0, -9.0


def lengths(odds, pauses=()):
    places = [0, *cut(odds, [index in pauses for index in range(len(odds))]), len(odds)]
    return [end - start for start, end in pairwise(places)]


def test_a_sentence_begins_where_one_is_heard():
    assert lengths([NEVER] * 9 + [SURELY] + [NEVER] * 8 + [SURELY] + [NEVER] * 9) == [9, 9, 10]


def test_a_pause_speaks_for_an_end():
    odds = [NEVER] * 9 + [HARDLY] + [NEVER] * 9
    assert lengths(odds) == [19]
    assert lengths(odds, pauses={9}) == [9, 10]
    assert lengths([NEVER] * 19, pauses={9}) == [19]


def test_of_two_places_the_one_is_taken_that_leaves_no_scrap():
    assert lengths([NEVER] * SHORTEST_WORDS + [2.0, 2.0] + [NEVER] * SHORTEST_WORDS) in ([7, 9], [8, 8])


def test_no_piece_is_longer_than_the_longest():
    assert max(lengths([NEVER] * 500)) <= LONGEST_WORDS


@pytest.mark.parametrize("words", [0, 1])
def test_nothing_to_cut(words):
    assert cut([SURELY] * words, [False] * words) == []


@pytest.mark.parametrize(
    ("words", "begins", "pieces"),
    [
        (LONG_RUN_WORDS + 1, {20}, [20, 21, 3]),
        (LONG_RUN_WORDS + 1, set(), [41, 3]),
        (LONG_RUN_WORDS, {20}, [40, 3]),
        (LONG_RUN_WORDS + 1, None, [41, 3]),
    ],
    ids=["where one is heard", "none is heard", "short enough for one sentence", "nothing was listened for"],
)
def test_only_a_long_stretch_is_split_at_clauses(words, begins, pieces):
    spoken = SpokenText.of(transcript_of_text("word " * (words - 1) + "end. It was late."))
    odds = [] if begins is None else [SURELY if index in begins else NEVER for index in range(words + 3)]
    assert [span.last_word - span.first_word + 1 for span in split_sentences(spoken, odds)] == pieces
