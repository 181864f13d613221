"""Whose "I" is counted."""

from __future__ import annotations

import pytest

from voicemock.analysis.spoken_text import SpokenText, statements_of
from voicemock.analysis.substance import count_ownership
from voicemock.models import Sentence, transcript_of_text


@pytest.mark.parametrize(
    ("text", "own", "shared"),
    [
        ("I wrote it and we shipped it.", 1, 1),
        ("The disk I/O and the AI were fine.", 0, 0),
        ("Phase I and Phase II took a year.", 0, 0),
        ("We finished Part I of the plan.", 0, 1),
        ("It was a type I error.", 1, 0),
        ("It was an error of type I.", 0, 0),
        ("In that phase I led the team.", 1, 0),
        ("World War I, II and III.", 0, 0),
        ("We drove down the I-95.", 0, 1),
        ("W-w-we waited, and I-I-I called.", 1, 1),
        ('She said, "I will fix it and we will ship."', 0, 0),
        ("The vendor told me, 'I can't do it,' and I called his boss.", 1, 0),
        ('"I quit," said the manager.', 0, 0),
        ('"We cannot ship," my lead told me.', 0, 0),
        ("He wrote \u201cI am out\u201d on the board.", 0, 0),
        ('I said, "I will fix it."', 2, 0),
        ("I'm the one who said \"I'd fix it\".", 2, 0),
        ('We called it "I can" day.', 1, 1),
        ("It's the team's plan, and I don't own it.", 1, 0),
    ],
)
def test_ownership(text, own, shared, lexicon):
    spoken = SpokenText.of(transcript_of_text(text))
    sentences = (Sentence(text=text, start_char=0, end_char=len(text)),)
    counted = count_ownership(statements_of(spoken, sentences, ()), lexicon)
    assert (counted.i, counted.we) == (own, shared)
