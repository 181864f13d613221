"""Checks of a model's questions."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.coaching.language_model.answers import INJECTED, QUOTE, SAID, assessment, design, question
from voicemock.coaching.language_model.briefing import Shares, load_guidance
from voicemock.coaching.language_model.checks import RefusedAnswerError
from voicemock.coaching.language_model.probing import (
    MOST_QUESTION_WORDS,
    ClarifyBrief,
    ProbeBrief,
    UnfitProbeError,
    brief_probe,
    check_clarification,
    check_probe,
)
from voicemock.models import Question

GUIDANCE = load_guidance()
ASKED = "How did you cut the time for a new region?"
ABOUT = "put a version on every balance"


def brief(style: str = "neutral", shares: Shares = "transcript") -> ProbeBrief:
    said = [(question().text, assessment())]
    found = brief_probe(said, question(), GUIDANCE, asked=(ASKED,), style=style, shares=shares)
    assert found is not None
    return found


def probe(asks: str, about: str = ABOUT, move: str = "ask", style: str = "neutral") -> Question:
    return check_probe(json.dumps({"move": move, "about": about, "question": asks}), brief(style), GUIDANCE)


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
    ("no_json", json.dumps({"move": "ask", "about": ABOUT, "question": ["How?"]})),
    (
        "out_of_role",
        json.dumps({"move": "ask", "about": ABOUT, "question": "Would you accept our offer for the version?"}),
    ),
    ("link", json.dumps({"move": "ask", "about": ABOUT, "question": "Have you seen www.example.org on the version?"})),
    (
        "control_characters",
        json.dumps({"move": "ask", "about": ABOUT, "question": "How did you\u0000 decide on the version?"}),
    ),
]


@pytest.mark.parametrize(("refusal", "answer"), REFUSED)
def test_a_broken_or_hostile_answer_asks_nothing(refusal: str, answer: str) -> None:
    with pytest.raises(RefusedAnswerError) as caught:
        check_probe(answer, brief(), GUIDANCE)
    assert caught.value.refusal == refusal


# --- the conversation ----------------------------------------------------------------------------------


def text_of(brief: ProbeBrief) -> str:
    return "\n".join(message.content for message in brief.messages(GUIDANCE))


def test_the_model_sees_the_conversation_the_job_and_what_was_asked() -> None:
    said = [(question().text, assessment()), (ASKED, assessment(said="We wrote a template for each region."))]
    found = brief_probe(said, question(), GUIDANCE, asked=(ASKED, "Why then?"), topics=("kafka", "payments"))
    assert found is not None
    text = text_of(found)
    for expected in (question().text, SAID, ASKED, "a template for each region", "Why then?", "kafka, payments"):
        assert expected in text
    assert text.index(SAID) < text.index("a template")
    assert INJECTED not in found.messages(GUIDANCE)[0].content


def test_with_quotes_it_sees_the_quotes_and_not_the_rest() -> None:
    text = text_of(brief(shares="quotes"))
    assert QUOTE in text
    assert "Priya" not in text
    assert INJECTED not in text


def test_of_a_very_long_answer_it_sees_the_quotes_alone() -> None:
    long = assessment(said=f"{QUOTE}. " + "And then we met again. " * 600)
    found = brief_probe([(question().text, long)], question(), GUIDANCE)
    assert found is None or "met again" not in text_of(found)


@pytest.mark.parametrize(
    ("style", "lead"), [("neutral", "Let me push back on that."), ("pressing", "I am not convinced.")]
)
def test_pushback_is_announced_as_the_interviewer_does(style: str, lead: str) -> None:
    assert probe(ARE_ASKED[0], move="push_back", style=style).text == f"{lead} {ARE_ASKED[0]}"


@pytest.mark.parametrize("move", ["push_back", "traffic_grows", "hire", ""])
def test_a_friendly_interviewer_does_not_begin_with_pushback_and_a_story_s_case_does_not_change(move: str) -> None:
    with pytest.raises(UnfitProbeError) as caught:
        probe(ARE_ASKED[0], move=move, style="warm")
    assert caught.value.fault == "move"


def discussion(turns: int, asked: tuple[str, ...] = ()) -> ProbeBrief:
    said = [(design().text, assessment(asked=design().id))] * turns
    found = brief_probe(said, design(), GUIDANCE, asked=asked)
    assert found is not None
    return found


def test_the_case_of_a_design_changes_after_two_answers_in_words_of_our_own() -> None:
    answer = json.dumps({"move": "budget_cut", "about": "", "question": "You are hired. What is 7 percent of it?"})
    with pytest.raises(UnfitProbeError):
        check_probe(answer, discussion(1), GUIDANCE)
    found = check_probe(answer, discussion(2), GUIDANCE)
    assert found.text == GUIDANCE.constraints["budget_cut"]


def test_it_changes_in_the_same_way_once() -> None:
    asked = (GUIDANCE.constraints["budget_cut"],)
    assert "budget_cut" not in discussion(2, asked).moves(GUIDANCE)
    assert "traffic_grows" in discussion(2, asked).moves(GUIDANCE)


CASE = ClarifyBrief(design(), "How many users do we have?", ("There are two regions.",))


def clarify(text: str) -> str:
    return check_clarification(json.dumps({"answer": text}), CASE, GUIDANCE)


def test_a_question_about_the_case_is_answered_with_a_fact() -> None:
    assert (
        clarify("about ten million a day, most of them on phones") == "About ten million a day, most of them on phones."
    )
    content = CASE.messages(GUIDANCE)[1].content
    for expected in (design().text, "There are two regions.", "How many users do we have?"):
        assert expected in content


ARE_NO_FACTS = [
    ("symbols", "Ten."),
    ("length", "You have ten million users and they are " * 6),
    ("not_one_question", "How many users do you think that we have?"),
    ("praise", "That is a great question, and you have ten users."),
    ("symbols", "**Ten million** users are on it at once."),
    ("off_limits", "It depends on your age and on the users."),
]


@pytest.mark.parametrize(("fault", "text"), ARE_NO_FACTS)
def test_anything_else_is_not_said(fault: str, text: str) -> None:
    with pytest.raises(UnfitProbeError) as caught:
        clarify(text)
    assert caught.value.fault == fault


def test_a_verdict_is_no_fact() -> None:
    with pytest.raises(RefusedAnswerError):
        clarify("You are hired, and you have ten million users.")


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
