"""Which sentences lean on an earlier one, and which words only lead on."""

from __future__ import annotations

import pytest

from voicemock.analysis.spoken_text import SpokenText, Token
from voicemock.coaching.tightening.leaning import (
    is_item,
    leans_on_the_one_before,
    opening_words,
    points_at_a_person,
    sets_up,
    stands_in_front,
    takes_back,
)
from voicemock.coaching.tightening.lines import names_in
from voicemock.models import transcript_of_text

NOTHING, BEFORE, PERSON = "nothing", "the one before", "a person"


def words_of(text: str) -> tuple[tuple[Token, ...], frozenset[int]]:
    spoken = SpokenText.of(transcript_of_text(text))
    return spoken.tokens, names_in(spoken)


@pytest.mark.parametrize(
    ("sentence", "on"),
    [
        ("We moved the feed to one queue.", NOTHING),
        ("So we moved the feed to one queue.", NOTHING),
        ("The vendor said that they were late.", NOTHING),
        ("I pulled the scans instead of the reports.", NOTHING),
        ("The teams did not speak to each other.", NOTHING),
        ("There was this meeting on a Friday.", NOTHING),
        ("It turned out that the clock was wrong.", NOTHING),
        ("My manager said that he would sign.", NOTHING),
        ("The orders that failed were old.", NOTHING),
        ("That was the end.", BEFORE),
        ("After that we shipped.", BEFORE),
        ("We did that.", BEFORE),
        ("It took three weeks.", BEFORE),
        ("We moved them at night.", BEFORE),
        ("This meant a week of work.", BEFORE),
        ("The question before it was old.", BEFORE),
        ("Because the clock was wrong.", BEFORE),
        ("So far nobody knew.", BEFORE),
        ("The other team agreed.", BEFORE),
        ("Then came the audit.", BEFORE),
        ("I answered in a letter.", BEFORE),
        ("I did, because the price was low.", BEFORE),
        ("The launch went well as well.", BEFORE),
        ("Then we had four operators.", NOTHING),
        ("There we had four operators.", BEFORE),
        ("I showed that to the manager.", BEFORE),
        ("I apologized to each of them.", BEFORE),
        ("He signed.", PERSON),
        ("I called her.", PERSON),
        ("I called Dana and she signed.", NOTHING),
    ],
)
def test_what_a_sentence_leans_on(sentence: str, on: str):
    words, names = words_of(sentence)
    assert leans_on_the_one_before(words, names) is (on == BEFORE)
    assert points_at_a_person(words, names) is (on == PERSON)


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("So we moved it.", 1),
        ("And so the vendor left.", 2),
        ("Okay, but 30 of them stayed.", 2),
        ("So far we moved two.", 0),
        ("But that failed.", 0),
        ("So.", 0),
        ("We moved it.", 0),
    ],
)
def test_words_that_only_lead_on(sentence: str, count: int):
    assert opening_words(words_of(sentence)[0]) == count


@pytest.mark.parametrize(
    ("sentence", "can"),
    [
        ("We cut the queue by 40 percent.", True),
        ("So we cut the queue by 40 percent.", True),
        ("In the end we cut the queue.", False),
        ("Finally the queue fell.", False),
        ("The queue fell that quarter.", False),
        ("We also cut the queue.", False),
        ("It fell by 40 percent.", False),
        ("The queue fell by 40 percent.", False),
        ("A vendor said it fell by 40 percent.", False),
    ],
)
def test_what_can_stand_in_front(sentence: str, can: bool):
    assert stands_in_front(*words_of(sentence)) is can


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("First, I counted.", True),
        ("The second part is the queue.", True),
        ("And third, I closed the call.", True),
        ("Option two is to wait.", True),
        ("Two, we wait.", True),
        ("Two teams waited.", False),
        ("The queue was first.", False),
    ],
)
def test_items_of_a_list(sentence: str, is_one: bool):
    assert is_item(words_of(sentence)[0]) is is_one


@pytest.mark.parametrize(
    ("sentence", "does"),
    [("Who owned it?", True), ("I saw this:", True), ("I had two options.", True), ("I had two managers.", False)],
)
def test_what_asks_for_the_next_sentence(sentence: str, does: bool):
    assert sets_up(sentence) is does


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("Well, mostly.", True),
        ("I mean, sixty.", True),
        ("At least in May.", True),
        ("I meant it.", True),
        ("We did.", False),
    ],
)
def test_what_may_take_words_back(sentence: str, does: bool):
    assert takes_back(sentence) is does
