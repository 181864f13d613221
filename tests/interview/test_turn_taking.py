"""Turn-taking: the last words, and what was told before them, decide whether an answer sounds over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.interviews import analyzer
from voicemock.interview.turn_taking import at_rest, ending_of, is_counting, may_rest, turn_phrases
from voicemock.models import transcript_of_text
from voicemock.speech.endpointing import SILENCE_S, Ending

JudgeText = Callable[[str, float], Ending]

BACKGROUND = (
    "I was the program manager for our billing platform and the migration was two months late. "
    "My job was to get three teams to agree on a plan. "
    "I set up a weekly review and moved the risky part to the front. "
)
RESULT = "As a result we shipped a week early and cut failed payments by 30 percent."


@pytest.fixture(scope="module")
def ending() -> JudgeText:
    def ending(text: str, spoken_s: float) -> Ending:
        analysis = analyzer().assess(transcript_of_text(text), source="", framework="star").analysis
        return ending_of(text, analysis, spoken_s=spoken_s)

    return ending


@pytest.mark.parametrize(
    ("last_words", "expected"),
    [
        # a story that has come to its result
        (RESULT, Ending.FINISHED),
        (f"{RESULT} What I learned is to ask earlier.", Ending.FINISHED),
        (f"{RESULT} That's it.", Ending.SAID_SO),
        (f"{RESULT} So yeah, that's my answer. Thank you.", Ending.SAID_SO),
        (f"{RESULT} And", Ending.UNFINISHED),
        (f"{RESULT} And the", Ending.UNFINISHED),
        (f"{RESULT} That was because.", Ending.UNFINISHED),
        (f"{RESULT} Um.", Ending.UNFINISHED),
        (f"{RESULT} So we went from,", Ending.UNFINISHED),
        (f"{RESULT} I told them that we're.", Ending.UNFINISHED),
        (f"{RESULT} They said it was", Ending.OPEN),
        # a story that has not
        ("We agreed on a plan.", Ending.OPEN),
        ("That's it.", Ending.OPEN),
        ("I'm done.", Ending.SAID_SO),
        ("I'll stop there.", Ending.SAID_SO),
        ("We did two things. First, we froze the interface.", Ending.UNFINISHED),
        ("First we froze the interface. Second, we moved the traffic.", Ending.OPEN),
        ("We moved the traffic because of", Ending.OPEN),
        ("We moved the traffic because", Ending.UNFINISHED),
        ("We moved the traffic, and", Ending.UNFINISHED),
        ("We moved the traffic, you know,", Ending.UNFINISHED),
        ("What am I-", Ending.UNFINISHED),
    ],
)
def test_the_last_words_tell_whether_there_is_more(last_words: str, expected: Ending, ending: JudgeText) -> None:
    assert ending(BACKGROUND + last_words, 30) is expected


LESSON = "That taught me to look for hidden dependencies first."


@pytest.mark.parametrize(
    ("last_words", "spoken_s", "expected"),
    [
        (f"{RESULT} {LESSON}", 19, Ending.OPEN),
        (f"{RESULT} {LESSON}", 30, Ending.FINISHED),
        (f"{RESULT} {LESSON}", 134, Ending.FINISHED),
        (f"{RESULT} {LESSON}", 136, Ending.LANDED),
        (f"{RESULT} {LESSON} And the team kept the review.", 136, Ending.FINISHED),
        (RESULT, 136, Ending.FINISHED),
        (LESSON, 600, Ending.LANDED),
        (f"{LESSON} And so", 600, Ending.UNFINISHED),
    ],
)
def test_a_story_of_some_length_has_landed_with_its_lesson(
    last_words: str, spoken_s: float, expected: Ending, ending: JudgeText
) -> None:
    assert ending(BACKGROUND + last_words, spoken_s) is expected


def test_that_is_it_ends_an_answer_of_some_length_only(ending: JudgeText) -> None:
    assert ending("Yeah. That's it.", 3) is Ending.OPEN
    assert ending("Yeah. That's it.", 60) is Ending.SAID_SO


@pytest.mark.parametrize("text", ["", "...", "\n"])
def test_no_words_are_no_ending(text: str, ending: JudgeText) -> None:
    assert ending(text, 0) is Ending.UNFINISHED


@pytest.mark.parametrize(
    ("text", "more_to_come"),
    [
        ("First, we froze the interface.", True),
        ("So first we froze the interface. That took a week.", True),
        ("There were three things. We froze the interface.", True),
        ("First, we froze the interface. Then, after that, we moved the traffic.", False),
        ("First, we froze it. Second, we moved it.", False),
        ("It was the first time. Safety always comes first.", False),
        ("First, we froze it. It held. It went on. It was good.", False),
        ("It is version 2.1. First.", True),
    ],
)
def test_whoever_begins_to_count_has_more_to_say(text: str, more_to_come: bool) -> None:
    assert is_counting(text) is more_to_come


@pytest.mark.parametrize(
    ("by_the_words", "text", "expected"),
    [
        (Ending.OPEN, "We agreed on the plan.", True),
        (Ending.LANDED, "That taught me to ask earlier.", True),
        (Ending.OPEN, "We agreed on the plan", False),
        (Ending.OPEN, "I was responsible for the.", False),
        (Ending.OPEN, "We moved it because of.", False),
        (Ending.OPEN, "It was something that I really want.", False),
        (Ending.UNFINISHED, "We agreed on the plan.", False),
        (Ending.FINISHED, "We agreed on the plan.", True),
        (Ending.FINISHED, "We cut it by half, says the expert", True),
        (Ending.SAID_SO, "That's my answer.", False),
        (Ending.OPEN, "", False),
    ],
)
def test_the_voice_is_asked_behind_words_that_may_be_the_last_and_behind_a_result(
    by_the_words: Ending, text: str, expected: bool
) -> None:
    assert may_rest(by_the_words, text) is expected


@pytest.mark.parametrize(
    ("by_the_words", "voice", "expected"),
    [
        (Ending.OPEN, 0.95, Ending.FINISHED),
        (Ending.OPEN, 0.94, Ending.OPEN),
        (Ending.LANDED, 0.95, Ending.CONCLUDED),
        (Ending.LANDED, 0.5, Ending.LANDED),
        (Ending.UNFINISHED, 1.0, Ending.UNFINISHED),
        (Ending.FINISHED, 1.0, Ending.FINISHED),
        (Ending.FINISHED, 0.95, Ending.FINISHED),
        (Ending.FINISHED, 0.94, Ending.OPEN),
        (Ending.SAID_SO, 0.0, Ending.SAID_SO),
    ],
)
def test_a_voice_that_has_come_to_rest_shortens_the_wait_and_one_that_goes_on_behind_a_result_lengthens_it(
    by_the_words: Ending, voice: float, expected: Ending
) -> None:
    assert at_rest(by_the_words, voice) is expected


def test_the_voice_lengthens_no_wait_but_the_one_behind_a_result() -> None:
    longer = {e for e in Ending for voice in (0.0, 0.5, 1.0) if SILENCE_S[at_rest(e, voice)] > SILENCE_S[e]}
    assert longer == {Ending.FINISHED}


def test_people_may_pause_longer_than_they_do() -> None:
    """At most 4 s after a finished sentence, at most 6 s in the middle of a thought."""
    assert SILENCE_S[Ending.FINISHED] > 4
    assert SILENCE_S[Ending.OPEN] > 6
    assert SILENCE_S[Ending.UNFINISHED] > 6


def test_phrases_are_in_lower_case_and_without_punctuation() -> None:
    phrases = turn_phrases()
    for phrase in (phrase for rule in phrases.rules.values() for phrase in rule.phrases):
        assert phrase == phrase.lower().strip(".,!?")
    assert not phrases["unfinished"] & phrases["seldom last"]
