"""The words of the candidate that a follow-up says back: exact, short, without a stumble or a swear word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.coaching.test_follow_ups import BACKGROUND, CLAIMED, RESULT, assess, exchange
from voicemock.coaching.probes import Listened, term_of
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Framework


@given(
    st.text(alphabet=st.sampled_from(list("abc ,.?!'\u2019-\n%9")), max_size=40), st.sampled_from(["I", "We", "um I"])
)
def test_a_quote_is_an_exact_stretch_of_what_was_said(noise: str, who: str) -> None:
    told = f"{who} sharded the orders {noise}."
    text = f"{BACKGROUND}{told} I wrote the plan. {RESULT}"
    for probe in exchange(text, count=4, heard={told: CLAIMED}):
        if ": " in probe.text and probe.text.startswith("You said: "):
            quote = probe.text.removeprefix("You said: ").split(". ")[0]
            assert quote in text


def asked_about_sharding(sentence: str) -> str:
    """Return the follow-up to a sentence of a story about sharding."""
    probes = exchange(f"{BACKGROUND}{sentence} {RESULT}", count=20, heard={sentence: CLAIMED})
    return next(each.text for each in probes if each.id == "probe-sharding-key")


@pytest.mark.parametrize("word", ["stupid", "damn", "crazy", "shitty"])
def test_a_swear_word_is_never_said_back(word: str) -> None:
    probe = asked_about_sharding(f"I sharded the orders across four {word} databases.")
    assert word not in probe


def test_after_a_word_that_insults_nothing_is_asked() -> None:
    assert exchange(BACKGROUND + "I sharded the orders across four fucking databases. " + RESULT, count=20) == []


@pytest.mark.parametrize(
    ("sentence", "quote", "left_out"),
    [
        ("I um sharded the orders across four databases.", None, " um "),
        ("I sharded the orders across four, um, databases.", "I sharded the orders across four", "um"),
        ("I sharded the orders across the the four databases.", None, "the the"),
    ],
)
def test_a_stumble_is_never_said_back(sentence: str, quote: str | None, left_out: str) -> None:
    probe = asked_about_sharding(sentence)
    assert left_out not in probe
    assert f": {quote}. " in probe if quote else ": " not in probe


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("I sharded it.", None),  # too short to be recognized
        ("I sharded the orders across four databases (all of them) by hand.", None),  # can be spoken
        ("So with the help of all I sharded the orders.", None),  # begins where a clause does
    ],
)
def test_a_quote_is_a_clause_that_can_be_spoken_and_recognized(sentence: str, quote: str | None) -> None:
    probe = asked_about_sharding(sentence)
    assert f": {quote}. " in probe if quote else ": " not in probe


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("load testing", "load testing"),
        ("validated", None),  # names no thing
        ("damn load testing", None),
        ("um load testing", None),
        ("load (and other) testing", None),  # cannot be spoken
    ],
)
def test_a_term_is_a_thing_without_stumble_or_swear_word(words: str, term: str | None) -> None:
    text = f"I set up {words} for our changes before each release. {RESULT}"
    turn = Listened(assess(text), load_yaml(prompts_folder() / "frameworks" / "star.yaml", Framework))
    start = text.index(words)
    assert term_of(turn, (start, start + len(words))) == term


def test_a_quote_ends_where_something_ends() -> None:
    told = "I set up load testing to validate our changes, because each release had been slower than the last."
    probes = exchange(f"{BACKGROUND}{told} {RESULT}", count=6, heard={told: CLAIMED})
    probe = next(each for each in probes if each.id == "probe-load-test")
    assert "I set up load testing to validate our changes. " in probe.text
