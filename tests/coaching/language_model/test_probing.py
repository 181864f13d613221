"""Checks of a model's questions."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.coaching.language_model.answers import QUOTE, SAID, assessment, question
from voicemock.coaching.language_model.briefing import ProbeBrief, brief_probe, load_guidance
from voicemock.coaching.language_model.checks import (
    MOST_QUESTION_WORDS,
    RefusedAnswerError,
    UnfitProbeError,
    check_probe,
)
from voicemock.models import Question

GUIDANCE = load_guidance()
ASKED = "How did you cut the time for a new region?"
ABOUT = "put a version on every balance"


def brief() -> ProbeBrief:
    found = brief_probe(assessment(), question(), (ASKED,), "transcript")
    assert found is not None
    return found


def probe(asks: str, about: str = ABOUT) -> Question:
    return check_probe(json.dumps({"about": about, "question": asks}), brief(), GUIDANCE)


ARE_ASKED = [
    "How did you decide to put a version on every balance?",
    'You said "put a version on every balance". What did that cost you?',
    "What would you have done if the ledger team had refused the version?",
    "who decided that every balance gets a version, and were you in the room?",
]


@pytest.mark.parametrize("asks", ARE_ASKED)
def test_a_short_question_about_what_was_said_is_asked(asks: str) -> None:
    found = probe(asks)
    assert found.text == asks[0].upper() + asks[1:]
    assert found.kind == "follow_up"
    assert found.competency == question().competency
    assert found.target_max_s < question().target_min_s


def test_the_same_question_has_the_same_id() -> None:
    assert probe(ARE_ASKED[0]).id == probe(ARE_ASKED[0]).id != probe(ARE_ASKED[1]).id


ARE_NOT = [
    ("symbols", "**How** did you decide on the version?", ABOUT),
    ("symbols", "Wie haben Sie die version entschieden, und warum genau damals, you?", ABOUT),
    ("symbols", "How did you decide on the version, \N{GRINNING FACE}?", ABOUT),
    ("length", "Why version you?", ABOUT),
    ("length", f"How did you decide on {'the version and ' * 20}the balance?", ABOUT),
    ("not_one_question", "Tell me how you decided on the version.", ABOUT),
    ("not_one_question", "Why did you decide on the version? And who was against you?", ABOUT),
    ("not_one_question", "You had a version? Tell me how you decided.", ABOUT),
    ("not_one_question", "I see. It is good to know. How did you decide on the version?", ABOUT),
    ("not_to_you", "How does a version on a balance work?", ABOUT),
    ("quote", "How did you decide on the version?", "put a version on each balance"),
    ("quote", "How did you decide on the version?", "version"),
    ("quote", "How did you decide on the version?", ""),
    ("quote", 'You said "a version on all". How did you decide on the version?', ABOUT),
    ("quote", "How did you decide on the version?", f"{SAID} {SAID}"),
    ("not_about_it", "What did you learn from your manager?", ABOUT),
    ("number", "How did you put a version on 40 balances?", ABOUT),
    ("number", "How did you put a version on every balance in nine days?", ABOUT),
    ("praise", "How did you come to such a brilliant version?", ABOUT),
    ("off_limits", "How did your wife like the version?", ABOUT),
    ("off_limits", "Are you married to the version?", ABOUT),
    ("asked", "How did you cut the time for that new region?", QUOTE),
    ("asked", "How did you cut the time?", QUOTE),
]


@pytest.mark.parametrize(("fault", "asks", "about"), ARE_NOT)
def test_every_other_is_not(fault: str, asks: str, about: str) -> None:
    with pytest.raises(UnfitProbeError) as caught:
        probe(asks, about)
    assert caught.value.fault == fault


REFUSED = [
    ("no_json", "How did you decide on the version?"),
    ("wrong_ids", json.dumps({"question": "How did you decide on the version?"})),
    ("no_json", json.dumps({"about": ABOUT, "question": ["How?"]})),
    ("out_of_role", json.dumps({"about": ABOUT, "question": "Would you accept our offer for the version?"})),
    ("link", json.dumps({"about": ABOUT, "question": "Have you seen www.example.org on the version?"})),
    ("control_characters", json.dumps({"about": ABOUT, "question": "How did you\u0000 decide on the version?"})),
]


@pytest.mark.parametrize(("refusal", "answer"), REFUSED)
def test_a_broken_or_hostile_answer_asks_nothing(refusal: str, answer: str) -> None:
    with pytest.raises(RefusedAnswerError) as caught:
        check_probe(answer, brief(), GUIDANCE)
    assert caught.value.refusal == refusal


WORDS = [*SAID.split(), "how", "you", "decide", "version", "?", '"', "40", "wife", "hired", "great", "you", "the"]


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=34).map(" ".join)), st.booleans())
def test_whatever_a_model_asks_what_is_asked_keeps_to_the_rules(asks: str, ends: bool) -> None:
    try:
        found = probe(asks + "?" * ends)
    except (RefusedAnswerError, UnfitProbeError):
        return
    assert found.text.isprintable()
    assert len(found.text.split()) <= MOST_QUESTION_WORDS
    assert found.text.count("?") == 1
    assert found.text.endswith("?")
    assert all(quote in SAID for quote in found.text.split('"')[1::2])
    assert not {"wife", "great"} & set(found.text.casefold().split())
    assert "40" not in found.text
