"""Numbers of a telling beside those of the story's notes: asked about, never held against anybody."""

from __future__ import annotations

import pytest

from voicemock.models import QuantifiedResult, StoryNotes
from voicemock.practice.story_numbers import MOST_ASKED, numbers_to_ask_about

NOTES = StoryNotes(
    situation="We were twelve people in 2023.",
    result="Errors fell by 40 percent, and a deploy took 12 minutes instead of 90.",
    metrics="$1.2M a year saved; 45-minute outage in March; three incidents a month",
)


def result(text: str, value: float | None, unit: str | None, value_from: float | None = None) -> QuantifiedResult:
    return QuantifiedResult(
        text=text, quote=text, value=value, value_from=value_from, unit=unit, start_char=0, end_char=len(text)
    )


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (result("by 40%", 40.0, "%"), None),
        (result("by forty percent", 40.0, "%"), None),
        (result("by about 41 percent", 41.0, "%"), None),
        (result("to 12 minutes", 12.0, "minutes", 90.0), None),
        (result("an hour and a half", 1.5, "hours"), None),
        (result("1.2 million dollars", 1.2e6, "USD"), None),
        (result("by 45 percent", 45.0, "%"), 'Your notes say "40 percent"; you said "by 45 percent". Which is right?'),
        (result("$2 million", 2e6, "USD"), 'Your notes say "$1.2M"; you said "$2 million". Which is right?'),
        (result("five incidents", 5.0, "incidents"), 'Your notes say "three incidents"; you said "five incidents"'),
        (result("two million euros", 2e6, "EUR"), None),
        (result("no complaint", None, None), None),
        (result("seven tickets", 7.0, "tickets"), None),
    ],
)
def test_a_number_is_asked_about_where_the_notes_have_another_of_its_unit(told, asked):
    questions = numbers_to_ask_about(NOTES, [told])
    assert len(questions) == (0 if asked is None else 1)
    assert asked is None or questions[0].startswith(asked)


def test_a_number_beside_all_noted_ones_is_asked_about_alone():
    told = [result("by 40 percent", 40.0, "%"), result("by 15 percent", 15.0, "%")]
    assert numbers_to_ask_about(NOTES, told) == (
        'You said "by 15 percent", which is not in your notes. If it is right, write it down.',
    )


@pytest.mark.parametrize(
    "notes", [StoryNotes(), StoryNotes(result="It went well."), StoryNotes(situation="40 percent failed.")]
)
def test_notes_without_a_number_ask_nothing(notes):
    assert numbers_to_ask_about(notes, [result("by 45 percent", 45.0, "%")]) == ()


def test_a_share_below_one_is_noted_in_words():
    notes = StoryNotes(result="It went from two percent to zero point three percent.")
    assert numbers_to_ask_about(notes, [result("from 2% to 0.3%", 0.3, "%", 2.0)]) == ()
    (asked,) = numbers_to_ask_about(notes, [result("to 0.5%", 0.5, "%")])
    assert '"zero point three percent"' in asked


def test_no_more_is_asked_than_can_be_answered():
    told = [result(f"by {value} percent", float(value), "%") for value in range(60, 99, 5)]
    assert len(numbers_to_ask_about(NOTES, told)) == MOST_ASKED
