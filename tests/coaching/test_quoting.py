"""Which words of a quote are said aloud."""

from __future__ import annotations

import pytest

from voicemock.coaching.quoting import Evidence, most_quotable, quoting, spoken_quote
from voicemock.models import Sentence, transcript_of_text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("So we, um, called them.", "So we, called them"),
        ("Um, we called.", "we called"),
        ("The ER was closed.", "The ER was closed"),
        ("SAP MM was slow, uh, always.", "SAP MM was slow, always"),
        ("It was 5 mm wide.", "It was 5 mm wide"),
    ],
)
def test_a_quote_is_said_without_ums(text, said):
    assert spoken_quote(transcript_of_text(text), Evidence(0, len(text), None)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("You know, we have had no incidents since.", "we have had no incidents since"),
        ("I mean, we sold it, and that was it.", "we sold it, and that was it"),
        ("At the end of the day it's about relationships, and", "At the end of the day it's about relationships"),
        (
            "If the store is dead, the client reads from its disk.",
            "If the store is dead, the client reads from its disk",
        ),
        (
            "I went to see the warehouse, because nobody in that office had ever counted "
            "how many boxes came back in a week and why they did",
            None,
        ),
    ],
)
def test_a_quote_says_something_by_itself(text, said):
    assert spoken_quote(transcript_of_text(text), Evidence(0, len(text), None)) == said


BARE = "we had a plan for months rolled out twice in june i asked for more people"


@pytest.mark.parametrize(
    ("stretch", "said"),
    [
        ("we had a plan for months", "we had a plan for months"),
        ("rolled out twice in june", None),
        ("plan for months rolled out twice", None),
        ("i asked for more people", "i asked for more people"),
        ("we had a plan for", None),
    ],
)
def test_without_punctuation_a_quote_begins_and_ends_as_a_sentence_can(stretch, said):
    start = BARE.index(stretch)
    assert spoken_quote(transcript_of_text(BARE), Evidence(start, start + len(stretch), None)) == said


def sentence(text: str, borders: float | None) -> Sentence:
    start = BARE.index(text)
    return Sentence(text=text, start_char=start, end_char=start + len(text), borders=borders)


def test_what_may_be_half_a_sentence_is_shown_and_not_said():
    unsure, sure = sentence("we had a plan for months", 0.4), sentence("i asked for more people", 0.8)
    assert spoken_quote(transcript_of_text(BARE), quoting(unsure)) is None
    assert most_quotable([unsure, sure]) is sure
