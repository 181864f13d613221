"""Which words of a quote are said aloud."""

from __future__ import annotations

import pytest

from voicemock.coaching.quoting import Evidence, most_quotable, quoting, spoken_quote
from voicemock.models import Sentence, transcript_of_text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("So we, um, called them.", "So we called them"),
        ("Um, we called.", "we called"),
        ("The ER was closed.", "The ER was closed"),
        ("SAP MM was slow, uh, always.", "SAP MM was slow always"),
        ("It was 5 mm wide.", "It was 5 mm wide"),
    ],
)
def test_a_quote_is_said_without_ums(text, said):
    assert spoken_quote(transcript_of_text(text), Evidence(0, len(text), None), as_said=True) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("where it had been 47 before, and only four of 90 were opened again", None),
        ("with a match rate of 99 percent, and nothing was ever reversed", None),
        ("not every week any more, but we still meet", None),
        ("kept the old engine for four hundred orders", None),
        ("rolled out twice in June and once in July", None),
        ("the repair time from thirty hours to nineteen", None),
        ("a kickoff and a quarterly review, of course", None),
        ("fifty a day, and the clicks went from nine to three", None),
        ("The closing went from nine days to three.", "The closing went from nine days to three"),
        ("Within a month the repairs fell to nineteen hours.", "Within a month the repairs fell to nineteen hours"),
        ("then i put up three options", "then i put up three options"),
        ("We ran it, and 31 of them failed, all for, um,", "We ran it, and 31 of them failed"),
        ("she ran the first two sessions, and then I, um,", "she ran the first two sessions"),
        (
            "You have to see whose cloud it runs on, and who pays.",
            "You have to see whose cloud it runs on, and who pays",
        ),
        ("Those were the changes.", None),
        ("Two, um, price list, four versions, printed on the Monday.", None),
        ("Two drafts, agreed in a week, both of them short.", None),
        ("I was wrong about the dock, and I told her so.", "I was wrong about the dock, and I told her so"),
        ("I was wrong about the dock, and I told Ines, so.", "I was wrong about the dock, and I told Ines"),
        ("Say they shipped thirty boxes a day.", "Say they shipped thirty boxes a day"),
        (
            "The dock can take forty trucks of any size an hour, and if a few are late,",
            "The dock can take forty trucks of any size an hour",
        ),
        ("It came down from 21 days to 8, well,", "It came down from 21 days to 8"),
        ("I wasn't, I wasn't so sure about it.", "I wasn't so sure about it"),
        ("I wanted to, to give him a way out.", "I wanted to give him a way out"),
        ("It took, um, about nineteen percent off the cost.", "It took about nineteen percent off the cost"),
    ],
)
def test_a_quote_has_a_subject_and_a_verb_or_there_is_none(text, said):
    assert spoken_quote(transcript_of_text(text), Evidence(0, len(text), None)) == said


def test_a_quote_does_not_end_inside_a_range():
    text = "the closing went from nine days and a half day to three"
    cut = text.index(" to three")
    assert spoken_quote(transcript_of_text(text), Evidence(0, cut, None)) is None
    assert spoken_quote(transcript_of_text(text), Evidence(0, len(text), None)) == text


def test_what_is_quoted_for_how_it_was_said_need_not_be_a_sentence():
    text = "Weekly meetings, Wednesdays, thirty minutes, no agenda"
    assert spoken_quote(transcript_of_text(text), Evidence(0, len(text), None)) is None
    assert spoken_quote(transcript_of_text(text), Evidence(0, len(text), None), as_said=True) == text


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


@pytest.mark.parametrize("opening", ["If the dock is full,", "Say, in the worst case,", "Unless they call,"])
def test_no_quote_makes_a_fact_of_a_supposition(opening):
    text = f"{opening} we lose nine trucks in a day and the rest of them wait for most of the night at the gate outside"
    focus = (text.index("nine"), text.index("nine") + 4)
    said = spoken_quote(transcript_of_text(text), Evidence(0, len(text), None, focus), 10)
    assert said is None or said.startswith(opening.split()[0].strip(","))


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
