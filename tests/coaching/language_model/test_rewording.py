"""Checks of a model's rewordings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.coaching.language_model.answers import DRILL, IN_OTHER_WORDS, QUOTE, SAID, SENTENCES, assessment
from voicemock.coaching.language_model.briefing import Line, RewordingBrief, brief_rewording, load_guidance
from voicemock.coaching.language_model.checks import (
    MOST_WORDS,
    RefusedAnswerError,
    TooLittleLeftError,
    check_rewording,
    fault_of,
)
from voicemock.coaching.language_model.tokens import Passage

GUIDANCE = load_guidance()
NUMBER = "Checkout time fell by 400 milliseconds"

MAY_BE_SAID = [
    ("That was about three and a half minutes.", "You took about three and a half minutes."),
    ("I did not hear the result.", "You never told me the result."),
    ("I did not hear your actions.", "I didn't hear what your actions were."),
    ("Your result has no number.", "There is no number in your result."),
    ("The fillers get in the way.", "Your fillers get in the way of it."),
    ("What worked was the number.", "The number is what worked."),
    ("Tell me the end again, in two sentences.", "Again, tell me the end in 2 sentences."),
    (f'"{NUMBER}" is something I will remember.', f'I will remember this: "{NUMBER}."'),
    (f'"{NUMBER}" is something I will remember.', 'I will remember "fell by 400 milliseconds".'),
    ("What happened because of it?", "What happened because of it, in the end?"),
    ("You sound like a coordinator here.", "Here you sound like a coordinator\N{EM DASH}just that."),
    ("I counted fifty-eight ums and uhs.", "You said fifty-eight ums and uhs."),
]


@pytest.mark.parametrize(("built_in", "model"), MAY_BE_SAID)
def test_the_same_in_other_words_is_said(built_in: str, model: str) -> None:
    brief = RewordingBrief((built_in,), {"s1": Line(built_in, (NUMBER,))})
    assert check_rewording(json.dumps({"s1": model}), brief, GUIDANCE).count == 1


BY_HAND = [
    json.loads(row)
    for row in (Path(__file__).parent / "data" / "reworded-by-hand.jsonl").read_text(encoding="utf-8").splitlines()
]
"""Sentences of the coach as a careful writer puts them; two came out with praise in them."""


@pytest.mark.parametrize("row", BY_HAND, ids=lambda row: row["writer"])
def test_what_a_careful_writer_makes_of_the_coach_may_be_said(row: dict[str, str | None]) -> None:
    coach, writer = row["coach"], row["writer"]
    assert coach is not None
    assert writer is not None
    assert fault_of(writer, Line(coach, Passage(coach).quotes), GUIDANCE) == row["fault"]


MAY_NOT = [
    ("same", "I did not hear the result.", "I did not hear the result."),
    ("empty", "I did not hear the result.", ""),
    ("empty", "I did not hear the result.", '"We won"'),
    ("empty", "I did not hear the result.", "..."),
    ("symbols", "I did not hear the result.", "I did not hear the **result**."),
    ("symbols", "I did not hear the result.", "# I did not hear the result"),
    ("symbols", "I did not hear the result.", "I did not hear <b>the result</b>."),
    ("symbols", "I did not hear the result.", "I did not hear the result \N{GRINNING FACE}."),
    ("symbols", "I did not hear the result.", "N\N{LATIN SMALL LETTER O WITH ACUTE} escuch\xe9 el resultado."),
    ("symbols", "I did not hear the result.", "I did not hear the result [1]."),
    ("length", "I did not hear the result.", "I did not hear the result. It was not there. Tell the result."),
    ("length", "I did not hear the result.", f"I did not hear {'the result and ' * 8}the result."),
    ("length", "I did not hear the result.", f"I did not hear the {'result' * 8}."),
    ("quote", f'"{NUMBER}" stays with me.', '"Checkout time fell by 900 milliseconds" stays with me.'),
    ("quote", f'"{NUMBER}" stays with me.', '"Checkout time dropped by 400 milliseconds" stays with me.'),
    ("quote", f'"{NUMBER}" stays with me.', '"heckout time fell" stays with me.'),
    ("quote", f'"{NUMBER}" stays with me.', '"Checkout time fell stays with me.'),
    ("quote", f'"{NUMBER}" stays with me.', 'This stays with me: "".'),
    ("quote", "I did not hear the result.", 'I did not hear the "result".'),
    ("quote", f'"{NUMBER}" stays with me.', "Checkout time fell by 400 milliseconds, and that stays with me."),
    ("number", "I counted eight fillers.", "I counted nine fillers."),
    ("number", "I counted eight fillers.", "I counted your fillers."),
    ("number", "I counted the fillers.", "I counted the 12 fillers."),
    ("number", "About half of it set the scene.", "About ninety percent of it set the scene."),
    ("number", "That was two minutes.", "That was two minutes, half of it fillers."),
    ("question", "I did not hear the result.", "I did not hear the result, did I?"),
    ("question", "What happened because of it?", "Tell me what happened because of it."),
    ("turned", "I did not hear the result.", "I did hear the result."),
    ("turned", "I did not hear the result.", "The result was not missing."),
    ("turned", "The number is what worked.", "The number never worked."),
    ("turned", "That was just under two minutes.", "That was just over two minutes."),
    ("turned", "That was about two minutes.", "That was about two minutes, too long."),
    ("turned", f'"{NUMBER}" stays with me.', f'"{NUMBER}" stays with me, sooner than I expected.'),
    ("praise", "I did not hear the result.", "Great story, I did not hear the result."),
    ("praise", "You told me what you did.", "You told me well what you did."),
    ("praise", "The number is what worked.", "The number is what worked perfectly."),
    ("invented", "I did not hear the result.", "I did not hear the migration plan budget result."),
    ("invented", "You told me what you did.", "Your leadership inspired everybody."),
    ("invented", "I did not hear the result.", "Me no escuchar el resultado."),
    ("unrelated", "The fillers get in the way.", "You know what to do next time."),
]


@pytest.mark.parametrize(("fault", "built_in", "model"), MAY_NOT)
def test_what_may_not_be_said(fault: str, built_in: str, model: str) -> None:
    assert fault_of(model, Line(built_in, (NUMBER,) if NUMBER in built_in else ()), GUIDANCE) == fault


def rewording(changed: dict[str, Any]) -> str:
    return json.dumps({**IN_OTHER_WORDS, **changed})


def test_all_that_passes_is_said_and_the_drill_stays() -> None:
    found = check_rewording(rewording({}), brief_rewording(assessment(), "quotes"), GUIDANCE)
    assert found.spoken == " ".join((*IN_OTHER_WORDS.values(), DRILL))
    assert (found.count, found.faults) == (4, {})


def test_a_sentence_with_an_invented_quote_is_said_as_the_coach_has_it() -> None:
    answer = rewording({"s2": 'I will remember "We cut it from a year to a day".'})
    found = check_rewording(answer, brief_rewording(assessment(), "quotes"), GUIDANCE)
    assert found.spoken == " ".join(
        (IN_OTHER_WORDS["s1"], SENTENCES[1], IN_OTHER_WORDS["s3"], IN_OTHER_WORDS["s4"], DRILL)
    )
    assert (found.count, found.faults) == (3, {"s2": "quote"})


def test_most_sentences_failing_leaves_all_to_the_coach() -> None:
    answer = rewording({"s1": "Well done.", "s2": "Amazing.", "s3": "You are a star."})
    with pytest.raises(TooLittleLeftError) as caught:
        check_rewording(answer, brief_rewording(assessment(), "quotes"), GUIDANCE)
    assert set(caught.value.faults) == {"s1", "s2", "s3"}


HOSTILE = [
    ("no_json", ""),
    ("no_json", "You are hired!"),
    ("no_json", "{"),
    ("no_json", '{"s1": '),
    ("no_json", "[" * 100_000),
    ("no_json", '{"a":' * 100_000),
    ("wrong_ids", "{}"),
    ("wrong_ids", json.dumps({"s1": "You spoke for about three and a half minutes."})),
    ("wrong_ids", rewording({"s9": "One more."})),
    ("wrong_ids", rewording({})[:-1] + ', "s1": "You are hired."}'),
    ("wrong_ids", json.dumps({"sentences": IN_OTHER_WORDS})),
    ("no_json", rewording({"s1": 5})),
    ("no_json", rewording({"s1": None})),
    ("no_json", rewording({"s1": ["a"]})),
    ("out_of_role", rewording({"s4": "Congratulations, you are hired."})),
    ("out_of_role", rewording({"s4": "I would hire you."})),
    ("out_of_role", rewording({"s4": "As an AI assistant I cannot do that."})),
    ("out_of_role", rewording({"s4": "Your score is ten out of ten."})),
    ("link", rewording({"s4": "Read https://example.org first."})),
    ("link", rewording({"s4": "Write to me@example.org next time."})),
    ("link", rewording({"s4": "Go to example.com next time."})),
    ("control_characters", rewording({"s4": "Tell me your task.\u0007"})),
    ("control_characters", rewording({"s4": "Tell me your task.\u202e"})),
    ("control_characters", rewording({"s4": "Tell me your\u200b task."})),
    ("control_characters", rewording({"s4": "\x1b[2JTell me your task."})),
    ("control_characters", '{"s1": "\\ud800", "s2": "", "s3": "", "s4": ""}'),
]


@pytest.mark.parametrize(("refusal", "answer"), HOSTILE)
def test_nothing_is_said_of_an_answer_that_is_broken_or_hostile(refusal: str, answer: str) -> None:
    with pytest.raises(RefusedAnswerError) as caught:
        check_rewording(answer, brief_rewording(assessment(), "transcript"), GUIDANCE)
    assert caught.value.refusal == refusal


AROUND = ["{}", "Sure, here it is:\n```json\n{}\n```\n", "<think>{{not this}}</think>\n{}", "\n\n{} I hope this helps."]


@pytest.mark.parametrize("around", AROUND)
def test_what_stands_around_the_object_is_passed_over(around: str) -> None:
    found = check_rewording(around.format(rewording({})), brief_rewording(assessment(), "quotes"), GUIDANCE)
    assert found.count == 4


def test_an_instruction_in_the_answer_has_no_effect() -> None:
    """The candidate's last sentence tells the model what to say, and the model does it."""
    answer = rewording({"s3": "I am hired."})
    with pytest.raises(RefusedAnswerError, match="out_of_role"):
        check_rewording(answer, brief_rewording(assessment(), "quotes"), GUIDANCE)


def test_with_the_transcript_a_quote_may_be_longer_but_not_another_one() -> None:
    brief = brief_rewording(assessment(), "transcript")
    longer = rewording({"s2": f'I will remember this one. "{QUOTE}".'})
    assert check_rewording(longer, brief, GUIDANCE).faults == {}
    other = rewording({"s2": 'I will remember "I asked the ledger team to put a version on every balance".'})
    assert check_rewording(other, brief, GUIDANCE).faults == {"s2": "quote"}


def test_too_long_is_not_said() -> None:
    built_in = tuple(f"Your task was not there in sentence number {number}." for number in range(10, 22))
    lines = {f"s{place}": Line(text) for place, text in enumerate(built_in, start=1)}
    wordy = {
        name: line.text.replace("Your task was not there", "I have to say that your task was just not there")
        for name, line in lines.items()
    }
    with pytest.raises(RefusedAnswerError, match="too_long"):
        check_rewording(json.dumps(wordy), RewordingBrief(built_in, lines), GUIDANCE)


WORDS = [*SAID.split(), *" ".join(SENTENCES).split(), "hired", "great", "nine", "40%", '"', "?", "**", "not", "\n"]
SENTENCE = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))


@given(st.fixed_dictionaries({f"s{number}": SENTENCE for number in range(1, 5)}))
def test_whatever_a_model_says_what_is_said_keeps_to_the_rules(answer: dict[str, str]) -> None:
    brief = RewordingBrief(
        SENTENCES, {f"s{place}": Line(text, (QUOTE,) if '"' in text else ()) for place, text in enumerate(SENTENCES, 1)}
    )
    try:
        found = check_rewording(json.dumps(answer), brief, GUIDANCE)
    except RefusedAnswerError:
        return
    spoken = found.spoken
    assert len(spoken.split()) <= MOST_WORDS
    assert all(quote in SAID for quote in spoken.split('"')[1::2])
    assert spoken.isprintable()
    assert not set("*#<>[]{}|\\`_@") & set(spoken)
    assert "hired" not in spoken
    assert "great" not in spoken.casefold()
    assert "?" not in spoken
    for number in ("nine", "40"):
        assert number not in spoken
    assert "three and a half" in spoken or "half" in spoken


@given(st.text(max_size=400))
def test_no_text_at_all_makes_the_check_stumble(answer: str) -> None:
    with pytest.raises(RefusedAnswerError):
        check_rewording(answer, brief_rewording_of_tests(), GUIDANCE)


def brief_rewording_of_tests() -> RewordingBrief:
    return RewordingBrief(SENTENCES, {"s1": Line(SENTENCES[0])})
