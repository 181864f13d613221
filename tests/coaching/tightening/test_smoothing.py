"""Sentences without fillers and restarts read as sentences, and lose nothing else."""

from __future__ import annotations

import pytest

from tests.coaching.tightening.answers import assessed
from voicemock.coaching.tightening.smoothing import remaining, stumbles, without


def smoothed(text: str) -> str:
    analysis = assessed([(text, "situation")]).analysis
    whole = (0, len(text))
    return remaining(text, whole, without(text, whole, stumbles(analysis, text)))


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        ("Um, I called the vendor.", "I called the vendor."),
        ("I called, um, the vendor.", "I called the vendor."),
        ("I called the vendor, um, and she came.", "I called the vendor, and she came."),
        ("I called the vendor, you know.", "I called the vendor."),
        ("It was short, and, you know, you can roll it back.", "It was short, and you can roll it back."),
        ("We have, uh, zero open tickets.", "We have zero open tickets."),
        ("That was there, well, before that I had asked.", "That was there, well, before that I had asked."),
        ("I, I asked the team.", "I asked the team."),
        ("We were, we had two weeks.", "We had two weeks."),
        ("I asked the, uh, the team.", "I asked the team."),
        ("Today, she's, uh, she's a manager.", "Today, she's a manager."),
        ("Leave it, it's rounding.", "Leave it, it's rounding."),
        ("My part in it was, um, I kept the call going.", "My part in it was I kept the call going."),
        ("I say what I'd like from you.", "I say what I'd like from you."),
        ("It took, like, four hours.", "It took, like, four hours."),
        ("Not clearly, I mean, clearly enough.", "Not clearly, I mean, clearly enough."),
        ("Nobody asked it, it goes back to May.", "Nobody asked it, it goes back to May."),
        (
            "I was not doing the sign-in, the sign-in is central.",
            "I was not doing the sign-in, the sign-in is central.",
        ),
        ("This was Rupert, um, Rupert Hollis.", "This was Rupert Hollis."),
        ("It filled our queue, like four hundred tickets.", "It filled our queue, like four hundred tickets."),
        ("Nothing to take out here.", "Nothing to take out here."),
    ],
)
def test_what_stays_of_a_sentence(said: str, reads: str):
    assert smoothed(said) == reads


def test_a_ligature_keeps_its_one_letter():
    assert smoothed("Uh, \ufb01ne, we wrote a plan.") == "\ufb01ne, we wrote a plan."
