"""Wordings that were said are not chosen again while others are left."""

from __future__ import annotations

import pytest

from voicemock.content.styles import load_style
from voicemock.content.unsaid import new_sentences, unsaid
from voicemock.content.wording import load_phrases

STYLE = load_style()


def test_a_wording_that_was_said_is_left_out() -> None:
    nods = STYLE.remarks["acknowledged"]
    left = unsaid(STYLE, (f"{nods[0]} What did it cost?",)).remarks["acknowledged"]
    assert left == nods[1:]


def test_a_list_that_was_said_through_stays_whole() -> None:
    nods = STYLE.remarks["acknowledged"]
    assert unsaid(STYLE, nods).remarks["acknowledged"] == nods


def test_what_is_filled_in_does_not_hide_that_it_was_said() -> None:
    phrases = load_phrases()
    said = 'I missed the end of that. You got me as far as "we moved it". What happened because of it?'
    before, after = (each.priorities["missing_result"].spoken for each in (phrases, unsaid(phrases, (said,))))
    assert [text for text in before if text not in after] == [
        'You got me as far as "{quote}". What happened because of it?'
    ]


def test_nothing_said_changes_nothing() -> None:
    phrases = load_phrases()
    assert unsaid(phrases, ()) is phrases
    assert unsaid(phrases, ("Something else entirely.",)) is phrases


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        ("Give me a number. Then stop.", (), "Give me a number. Then stop."),
        ("Give me a number. Then stop.", ("Good. Give me a number.",), "Then stop."),
        ("Give me a number!", ("give me a number.",), ""),
        ("Okay.", ("Okay, go on.",), "Okay."),
    ],
)
def test_sentences_that_were_said_are_dropped(text: str, said: tuple[str, ...], left: str) -> None:
    assert new_sentences(text, said) == left
