"""An answer made tighter: which sentences go, which one leads, and what is never done."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.test_properties import PHRASES
from tests.coaching.tightening.answers import BANK, LONG_BACKGROUND, STAR, STORY, assessed
from tests.interviews import words_between
from voicemock.coaching.tightening.tighten import TYPICAL_WORDS_PER_MINUTE, tighten
from voicemock.models import Relevance, Tightened, transcript_of_text, transcript_of_words, visible_text

PADDING = (("We told the depots about it in a letter of two pages that named the day and the hour.", "action"),) * 3


def why_of(tightened: Tightened, beginning: str) -> str | None:
    (found,) = [each for each in tightened.sentences if each.text.startswith(beginning)]
    return found.why


def marked(tightened: Tightened) -> list[str]:
    return [each.text for each in tightened.sentences if each.is_optional]


def plain(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def is_within(words: list[str], whole: list[str]) -> bool:
    """Whether words occur in the whole, in this order."""
    rest = iter(whole)
    return all(word in rest for word in words)


def test_the_result_leads_what_is_empty_goes_and_nothing_is_added():
    found = tighten(assessed(STORY), STAR)
    assert found.outcome == "tighter"
    assert found.text == (
        "We cut the late deliveries from 12 percent to 4 percent. "
        "This was at a freight company with four regions. "
        f"{LONG_BACKGROUND[0]} {LONG_BACKGROUND[1]} "
        "My job was to get one number by the first of May. "
        "I pulled the raw scans for two hundred shipments. "
        "I decided to drop the regional clocks. "
        "I asked each region for an engineer. "
        "We moved the feed to one queue. "
        "The regions kept the queue."
    )
    assert found.headline is not None
    assert found.headline.text.startswith("So we cut")


@pytest.mark.parametrize(
    ("beginning", "why"),
    [
        ("Okay", "talk"),
        ("The company", None),
        ("The depots", None),
        ("Our building", "aside"),
        ("My job", None),
        ("I decided", None),
    ],
)
def test_every_cut_says_why(beginning: str, why: str | None):
    assert why_of(tighten(assessed(STORY), STAR), beginning) == why


def test_words_that_go_of_a_sentence_are_shown_with_their_place():
    text = assessed(STORY).transcript.text
    cuts = [cut for each in tighten(assessed(STORY), STAR).sentences for cut in each.cuts]
    assert [(cut.text.strip(" ,"), cut.why) for cut in cuts] == [
        ("So", "opener"),
        ("um", "filler"),
        ("I", "taken_back"),
        ("So", "opener"),
    ]
    assert all(text[cut.start_char : cut.end_char] == cut.text for cut in cuts)


def test_long_background_and_what_a_shorter_length_needs_stay_and_are_marked():
    long, short = (tighten(assessed(STORY), STAR, to_s) for to_s in (120, 10))
    assert short.text == long.text
    assert marked(long) == LONG_BACKGROUND
    scans = "I pulled the raw scans, um, for two hundred shipments."  # the end speaks of regions and the queue
    assert marked(short) == [*LONG_BACKGROUND, scans]
    assert not short.is_within
    assert short.seconds_without_optional < short.seconds_after


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The depots had a proxy that nobody knew.", "I decided to restart the proxy."),
        ("The depots had sixteen weeks for it.", "I decided not to ask for sixteen weeks."),
        ("At the depots the scan took nine minutes.", "I decided to say nine, not two."),
        ("The company had hired Petra.", "I decided to call Petra."),
        ("Every place had its own clocks.", "I decided to stop both clocks."),
    ],
)
def test_background_of_which_what_stays_speaks_again_stays(first: str, second: str):
    told = (*STORY[:3], (first, "situation"), *STORY[3:7], (second, "action decision speaker_acts"), *STORY[8:])
    found = tighten(assessed(told), STAR)
    assert first not in marked(found)
    assert marked(found)


def test_background_of_its_usual_share_stays():
    told = (STORY[1], STORY[2], *STORY[5:], *PADDING)
    assert marked(tighten(assessed(told), STAR)) == []


def test_who_speaks_and_the_end_stay():
    role = ("I was the lead for the depots of the west, which was new to me.", "situation")
    told = (*STORY[1:4], role, *STORY[5:], ("And that is how we do it in every region now.", "situation"))
    found = tighten(assessed(told), STAR)
    assert why_of(found, "I was the lead") is None
    assert why_of(found, "And that is how") is None


def test_the_usual_length_is_two_minutes_or_what_the_question_asks_for():
    assessment = assessed(STORY)
    short = assessment.model_copy(update={"analysis": assessment.analysis.model_copy(update={"target_max_s": 90.0})})
    assert [tighten(each, STAR).to_s for each in (assessment, short)] == [120.0, 90.0]


@pytest.mark.parametrize(
    ("result", "after"),
    [
        ("That cut the late deliveries from 12 percent to 4 percent.", "The regions kept the queue."),
        ("It cut the late deliveries from 12 percent to 4 percent.", "The regions kept the queue."),
        ("Because we cut the late deliveries from 12 percent to 4 percent.", "The regions kept the queue."),
        ("After that we cut the late deliveries from 12 percent to 4 percent.", "The regions kept the queue."),
        ("Then we cut the late deliveries from 12 percent to 4 percent.", "The regions kept the queue."),
        ("We also cut the late deliveries from 12 percent to 4 percent.", "The regions kept the queue."),
        ("So we cut the late deliveries from 12 percent to 4 percent.", "That was the end of it."),
        ("The scans went from 12 percent late to 4 percent.", "The regions kept the queue."),
        ("We cut it from 12 percent late to 4 percent.", "The regions kept the queue."),
        ("We cut the late scans from 12 percent to 4 percent.", "The regions kept the queue."),
    ],
)
def test_a_result_that_does_not_stand_alone_is_not_moved(result: str, after: str):
    told = (*STORY[:-2], (result, "result outcome_figure"), (after, "general"))
    assert tighten(assessed(told), STAR).headline is None


def test_an_answer_that_begins_with_a_result_keeps_its_order():
    told = (("We cut the late deliveries from 12 percent to 4 percent.", "result outcome_figure"), *STORY[1:-2])
    assert tighten(assessed((*told, ("The price fell by 9 percent.", "result"), *PADDING)), STAR).headline is None


def test_a_plan_has_no_headline():
    triage = BANK.framework("triage")
    told = [(text, "planned assess" if n else "planned decision") for n, (text, _) in enumerate(STORY)]
    assert tighten(assessed(told, triage), triage).headline is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The company was bought by Dana Fox.", "I told her that the clocks were wrong."),
        ("The company had two depots in Ohio.", "They were the ones that I looked at."),
        ("The company had one question.", "That was why I looked at the clocks."),
        ("The company asked who owned the clock?", "I asked the regions."),
        ("The company had two problems.", "I looked at the clocks."),
        ('The company said "go on.', 'Look at the clocks" and I did.'),
    ],
)
def test_a_sentence_on_which_another_leans_stays_with_it(first: str, second: str):
    told = (*STORY[:3], (first, "situation"), (second, "action decision speaker_acts"), *STORY[4:7], *STORY[8:])
    found = tighten(assessed(told), STAR)
    assert why_of(found, second[:15]) is None
    assert why_of(found, first) is None


def test_what_takes_words_back_goes_only_with_them():
    told = (*STORY[:-1], ("The queue held for a year.", "result"), ("Well, mostly it did.", "hedge"))
    found = tighten(assessed(told), STAR, 10)
    assert (why_of(found, "The queue") is None) == (why_of(found, "Well") is None)


def test_a_list_stays_whole():
    told = (
        *STORY[:5],
        ("There were three causes that I saw.", "assess"),
        ("The first was the clocks.", "assess"),
        ("The second was the scans.", "assess"),
        ("The third was the queue.", "assess"),
        *STORY[5:],
    )
    found = tighten(assessed(told), STAR, 10)
    assert [why_of(found, text) for text in ("There were", "The first", "The second", "The third")] == [None] * 4


def test_of_words_without_punctuation_no_sentence_goes_or_is_marked():
    bare = [(re.sub(r"[^\w\s']", "", text).lower(), evidence) for text, evidence in STORY]
    found = tighten(assessed(bare), STAR, 20)
    assert not found.is_punctuated
    assert all(each.why is None and not each.is_optional and not each.is_headline for each in found.sentences)
    assert {cut.why for each in found.sentences for cut in each.cuts} == {"filler", "taken_back"}


def test_the_length_is_counted_at_the_own_pace():
    words = words_between(" ".join(text for text, _ in STORY), 0.0, 60.0)
    timed = assessed(STORY, transcript=transcript_of_words(words, language="en", engine="x"))
    found = tighten(timed, STAR)
    assert found.is_own_pace
    assert found.words_per_minute == timed.analysis.words_per_minute
    assert found.seconds_before == pytest.approx(60.0, abs=0.1)
    of_text = tighten(assessed(STORY), STAR)
    assert (of_text.is_own_pace, of_text.words_per_minute) == (False, TYPICAL_WORDS_PER_MINUTE)


def test_when_the_headline_was_told():
    words = words_between(" ".join(text for text, _ in STORY), 0.0, 60.0)
    timed = assessed(STORY, transcript=transcript_of_words(words, language="en", engine="x"))
    (result,) = [each for each in timed.analysis.structure.sentences if each.text.startswith("So we cut")]
    assert timed.analysis.headline_s == result.start_s
    assert tighten(timed, STAR).headline_s == result.start_s
    assert assessed(STORY).analysis.headline_s is None
    no_result = words_between(" ".join(text for text, _ in STORY[:-2]), 0.0, 60.0)
    transcript = transcript_of_words(no_result, language="en", engine="x")
    assert assessed(STORY[:-2], transcript=transcript).analysis.headline_s is None


def test_nothing_is_cut_of_what_is_short_or_no_answer_or_cannot_be_told():
    assert tighten(assessed(STORY[1:3]), STAR).outcome == "brief"
    assessment = assessed(STORY)
    silent = Relevance(kind="no_answer", rule="x", confidence=1.0)
    refused = assessment.model_copy(update={"analysis": assessment.analysis.model_copy(update={"relevance": silent})})
    assert (tighten(refused, STAR).outcome, tighten(refused, STAR).sentences) == ("no_answer", ())
    moved = assessment.model_copy(update={"transcript": transcript_of_text("Other words. " * 30)})
    assert tighten(moved, STAR).outcome == "nothing_to_cut"
    lean = [(f"I moved crate number {n} to the other side of the hall.", "action decision") for n in "abcdefgh"]
    found = tighten(assessed(lean), STAR)
    assert (found.outcome, found.words_after) == ("nothing_to_cut", found.words_before)


def test_of_an_answer_that_was_kept_before_there_was_a_reader_only_stumbles_go():
    assessment = assessed(STORY)
    old = assessment.model_copy(update={"analysis": assessment.analysis.model_copy(update={"evidence": None})})
    found = tighten(old, STAR, 20)
    assert not found.is_read
    assert all(each.why is None for each in found.sentences)
    assert {cut.why for each in found.sentences for cut in each.cuts} == {"filler", "taken_back"}


POOL = [*STORY, ("He said it was fine.", "general"), ("Well, I mean, not quite.", "hedge"), ("Why?", "general")]
stories = st.lists(st.sampled_from(POOL), min_size=6, max_size=30)
odd = st.lists(st.sampled_from(PHRASES), min_size=60, max_size=120).map(" ".join)


def holds(found: Tightened, text: str) -> bool:
    """Whether nothing was added, moved or lost but what is said to be."""
    kept = [each for each in found.sentences if each.reads]
    ordered = sorted(kept, key=lambda each: not each.is_headline)
    within = all(is_within(plain(each.reads or ""), plain(each.text)) for each in kept)
    exact = all(text[each.start_char : each.end_char] == each.text for each in found.sentences)
    whole = not found.sentences or found.text == " ".join(each.reads or "" for each in ordered)
    said = all((each.why is None) == (each.reads is not None) for each in found.sentences)
    return within and exact and whole and said and sum(each.is_headline for each in kept) <= 1


@given(told=stories, to_s=st.sampled_from([5, 30, 60, 120]))
def test_every_word_was_said_in_that_order_in_its_sentence(told, to_s):
    assessment = assessed(told)
    found = tighten(assessment, STAR, to_s)
    assert holds(found, assessment.transcript.text)
    assert found.words_after <= found.words_before
    if not found.is_within and found.sentences:  # then a longer length keeps no less
        assert tighten(assessment, STAR, 2 * to_s).words_after >= found.words_after


@given(text=odd, framework=st.sampled_from(["star", "triage", "design"]), to_s=st.sampled_from([10, 60]))
def test_odd_words_lose_nothing_unsaid(text, framework, to_s):
    text = visible_text(text)
    rules = BANK.framework(framework)
    assert holds(tighten(assessed([(text, "situation")], rules), rules, to_s), text)
