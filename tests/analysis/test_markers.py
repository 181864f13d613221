"""What tells discourse markers: where candidates stand, and weights that cannot be read."""

from __future__ import annotations

import numpy as np
import pytest

from voicemock.analysis.fillers import filled_pause_tokens
from voicemock.analysis.markers import CONTEXT_WORDS, MarkerModel, find_candidates, load_markers, surroundings
from voicemock.analysis.piece_vectors import load_piece_vectors
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.errors import WeightsError
from voicemock.models import transcript_of_text

PHRASES = (("you", "see"), ("see",), ("like",))


def candidates_of(text, lexicon):
    spoken = SpokenText.of(transcript_of_text(text))
    return list(find_candidates(spoken, split_sentences(spoken), PHRASES, filled_pause_tokens(spoken, lexicon)))


@pytest.mark.parametrize(
    ("text", "phrase", "before", "after"),
    [
        ("It took, um, like six weeks.", "like", ("it", "took"), ("six", "weeks")),
        ("We left. Like that.", "like", (), ("that",)),
        ("Well you see it failed.", "you see", ("well",), ("it", "failed")),
    ],
)
def test_a_candidate_is_the_longest_phrase_with_the_spoken_words_of_its_sentence(text, phrase, before, after, lexicon):
    (found,) = candidates_of(text, lexicon)
    assert (found.phrase, found.before, found.after) == (phrase, before, after)


def test_only_the_nearest_words_are_read(lexicon):
    (found,) = candidates_of(f"{'one ' * 20}like{' two' * 20}", lexicon)
    assert (len(found.before), len(found.after)) == (CONTEXT_WORDS, CONTEXT_WORDS)


def test_the_same_words_give_the_same_vectors_whatever_stands_in_the_next_sentence(lexicon):
    alone = candidates_of("It took like six weeks.", lexicon)
    beside = candidates_of("It took like six weeks. I like it.", lexicon)
    first, second = (surroundings(each, load_piece_vectors())[0] for each in (alone, beside))
    assert np.allclose(first, second, atol=1e-4)


def test_every_phrase_of_the_list_was_learned(lexicon):
    assert load_markers().phrases == lexicon.fillers.markers


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_weights_that_cannot_be_read_are_reported(content, tmp_path):
    path = tmp_path / "markers.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WeightsError, match="Install voicemock again"):
        MarkerModel.read(path)
