"""Sentences in a stretch without punctuation."""

from __future__ import annotations

from itertools import pairwise

import pytest

from voicemock.analysis.sentences import LONGEST_WORDS, cut, signs_of


def pieces(text, pauses=()):
    words = text.split()
    places = [0, *cut(words, [index in pauses for index in range(len(words))]), len(words)]
    return [" ".join(words[start:end]) for start, end in pairwise(places)]


@pytest.mark.parametrize(
    "told",
    [
        ["we were four weeks behind the plan", "so i called the supplier on the same day"],
        ["my job was to bring that down to a week", "i started by reading all of the tickets"],
    ],
)
def test_a_new_subject_begins_a_sentence(told):
    assert pieces(" ".join(told)) == told


@pytest.mark.parametrize("text", ["the plan that i wrote for the migration", "i think that we should wait"])
def test_a_clause_that_depends_on_another_does_not(text):
    assert pieces(text) == [text]


def test_a_pause_speaks_for_an_end():
    told = ["we tested it with twenty people in the lab", "nobody found the button"]
    assert pieces(" ".join(told)) == [" ".join(told)]
    assert pieces(" ".join(told), pauses={9}) == told


def test_no_piece_is_longer_than_the_longest():
    assert max(len(piece.split()) for piece in pieces("and " * 500)) <= LONGEST_WORDS


@pytest.mark.parametrize("text", ["", "one"])
def test_nothing_to_cut(text):
    assert cut(text.split(), [False] * len(text.split())) == []


def test_all_numbers_are_one_sign():
    assert signs_of(["by", "40%", "we"], 2) == signs_of(["by", "7%", "we"], 2)
