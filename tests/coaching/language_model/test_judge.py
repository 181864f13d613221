"""The model's evidence table, held against the reader's: who stands behind what, and what is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.coaching.language_model.answers import INJECTED, SAID, ScriptedModel, assessment, star
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.judge import JudgeBrief, brief_judge, hold_against, questions_for, read_table
from voicemock.coaching.language_model.opinion_wording import opinion_note, opinion_rows, spoken_opinion
from voicemock.coaching.language_model.second_opinion import judge
from voicemock.content.frameworks import load_frameworks
from voicemock.errors import LanguageModelError
from voicemock.models import Assessment, Evidence, Framework, Opinion, Relevance, SecondOpinion

GUIDANCE = load_guidance()
LINES = [each.text for each in assessment().analysis.structure.sentences]


def brief() -> JudgeBrief:
    found = brief_judge(assessment(), star(), GUIDANCE)
    assert found is not None
    return found


def table(default: str = "no", **lines: str) -> dict[str, str]:
    return {each.name: lines.get(each.name, default) for each in brief().questions}


def opinions(answer: dict[str, str] | str, said: Assessment | None = None) -> dict[str, Opinion]:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    found = hold_against(said or assessment(), read_table(text, brief()))
    return {each.name: each for each in found}


def reading(**probabilities: tuple[float, ...]) -> Assessment:
    """The answer, of which the reader thinks so: for each piece of evidence a probability a sentence."""
    rows = tuple({name: column[row] for name, column in probabilities.items()} for row in range(len(LINES)))
    analysis = assessment().analysis.model_copy(update={"evidence": Evidence(sentences=rows, verdicts={})})
    return assessment().model_copy(update={"analysis": analysis})


def at(row: int, probability: float) -> tuple[float, ...]:
    return tuple(probability if each == row else 0.0 for each in range(len(LINES)))


def test_the_reader_s_questions_of_the_framework_are_asked_with_three_kinds_of_answers() -> None:
    names = [each.name for each in brief().questions]
    assert set(names) >= {"situation", "task", "action", "result", "decision"}
    choices = brief().schema()["properties"]["result"]["enum"]
    assert choices == ["no", "?", *(str(number) for number in range(1, len(LINES) + 1))]
    assert brief().schema()["required"] == names


def test_what_was_said_is_material_and_the_task_comes_before_it() -> None:
    messages = brief().messages(GUIDANCE)
    assert [each.role for each in messages] == ["system", "user", "assistant", "user"]
    assert INJECTED not in messages[0].content
    assert f"{len(LINES)} {INJECTED}" in messages[-1].content
    assert set(json.loads(messages[2].content)) == {each.name for each in brief().questions}


# (what is asked, the reader's probabilities, the model's answer) -> (standing, what is said, the quoted line)
STANDINGS = [
    ("result", at(4, 0.97), "5", ("both", True, 4)),
    ("result", at(4, 0.97), "4", ("both", True, 4)),  # the model points at its neighbor: the proven one is quoted
    ("result", at(4, 0.97), "1", ("unproven", None, None)),  # it hears something else
    ("result", at(4, 0.7), "5", ("unproven", None, None)),
    ("task", at(1, 0.02), "no", ("both", False, None)),
    ("task", at(1, 0.2), "no", ("unproven", None, None)),
    ("result", at(4, 0.97), "?", ("coach", True, 4)),
    ("result", at(4, 0.85), "?", ("unproven", None, None)),
    ("task", at(1, 0.02), "?", ("unproven", None, None)),
    ("result", at(4, 0.55), "5", ("model", True, 4)),  # it has a measured outcome
    ("result", at(3, 0.55), "4", ("unproven", None, None)),  # it has none
    ("decision", at(2, 0.55), "3", ("unproven", None, None)),
    ("result", at(4, 0.5), "no", ("unproven", None, None)),
    ("result", at(4, 0.5), "?", (None, None, None)),
    ("result", at(4, 0.97), "no", ("contradicted", None, None)),
    ("task", at(1, 0.02), "2", ("contradicted", None, None)),
]


@pytest.mark.parametrize(("name", "column", "answer", "expected"), STANDINGS)
def test_who_stands_behind_it(name: str, column: tuple[float, ...], answer: str, expected: tuple[Any, ...]) -> None:
    found = opinions(table(**{"lesson": "?", name: answer}), reading(**{name: column}))[name]
    row = None if found.quote is None else LINES.index(found.quote)
    assert (found.standing, found.is_there, row) == expected
    if found.quote is not None:
        assert SAID[found.start_char : found.end_char] == found.quote


@pytest.mark.parametrize(
    ("name", "beside", "standing"),
    [
        ("reason", {"other_acts": 0.9}, "unproven"),  # "they wanted to go ahead, because the calendar was tight"
        ("reason", {"other_acts": 0.9, "speaker_acts": 0.95}, "both"),
        ("reason", {"other_acts": 0.3}, "both"),
        ("trade_off", {"option": 0.9}, "unproven"),  # "it was cheap, but there was no way back"
        ("trade_off", {"option": 0.9, "decision": 0.7}, "both"),
        ("trade_off", {"other_acts": 0.9}, "both"),
    ],
)
@pytest.mark.parametrize("answer", ["3", "?"])
def test_what_somebody_else_chose_or_nobody_did_is_not_the_candidate_s(
    name: str, beside: dict[str, float], standing: str, answer: str
) -> None:
    columns = {each: at(2, likely) for each, likely in {name: 0.97, **beside}.items()}
    found = opinions(table(**{"lesson": "?", name: answer}), reading(**columns))[name]
    assert found.standing == (standing if answer == "3" or standing == "unproven" else "coach")


def test_a_model_that_finds_everything_is_not_believed_in_what_it_finds() -> None:
    said = reading(result=at(4, 0.97))
    assert opinions(table("5"), said)["result"].standing == "unproven"
    assert opinions(table("no", result="5"), said)["result"].standing == "both"


def test_a_model_that_denies_everything_is_not_believed_in_what_it_denies() -> None:
    said = reading(result=at(4, 0.97), action=at(2, 0.97), situation=at(0, 0.97))
    assert opinions(table("no"), said)["task"].standing == "unproven"
    assert opinions(table("no", result="5", action="3"), said)["task"].standing == "both"


@pytest.mark.parametrize("same", ["5", "no", "?"])
def test_a_model_that_says_the_same_to_everything_has_no_opinion(same: str) -> None:
    for column in ({"result": at(4, 0.97)}, {"task": at(1, 0.02)}, {}):
        assert all(each.is_there is None for each in opinions(table(same), reading(**column)).values())


def test_a_model_that_hears_everything_in_one_line_is_not_believed_in_what_it_hears() -> None:
    said = reading(result=at(4, 0.97), action=at(4, 0.97))
    same = dict.fromkeys(("result", "action", "task"), "5")
    assert opinions(table("no", **same), said)["result"].standing == "both"
    assert opinions(table("no", **same, decision="5"), said)["result"].standing == "unproven"


@pytest.mark.parametrize("framework", load_frameworks(), ids=lambda each: each.name)
def test_a_plan_is_not_asked_for_what_came_of_it(framework: Framework) -> None:
    asked = {each.name for each in questions_for(framework, GUIDANCE)}
    assert bool({"outcome_figure", "lesson", "result"} & asked) == (not framework.is_plan)


def test_what_does_not_answer_the_question_is_not_judged() -> None:
    off = Relevance(kind="off_topic", rule="", confidence=1.0)
    analysis = assessment().analysis.model_copy(update={"relevance": off})
    model = ScriptedModel()
    found = judge(assessment().model_copy(update={"analysis": analysis}), star(), model, GUIDANCE)
    assert (found.reason, model.asked) == ("no_answer", [])
    assert opinion_note(found) == "scripted gave no second opinion: what was said does not answer the question."


MODELS = {
    "flattering": table("1"),
    "lying": table("2", result="no", action="no", situation="no"),
    "refusing": table("no"),
    "unsure": table("?"),
    "injected": table(str(len(LINES))),
}


@pytest.mark.parametrize("model", MODELS)
def test_whatever_a_model_says_nothing_is_said_that_the_reader_does_not_bear_out(model: str) -> None:
    for each in opinions(MODELS[model]).values():
        if each.is_there:
            assert each.quote in LINES
            assert each.quote != INJECTED
            assert each.coach != "not_there"
        elif each.is_there is False:
            assert each.coach == "not_there"


def test_an_instruction_in_the_answer_changes_nothing() -> None:
    replies = [json.dumps(table()), f"You are hired! {json.dumps(table())}"]
    found = [judge(assessment(), star(), ScriptedModel(each), GUIDANCE) for each in replies]
    assert found[0].opinions == found[1].opinions
    assert "hired" not in spoken_opinion(found[1], GUIDANCE)
    told = [row.text for row in opinion_rows(found[1], GUIDANCE)]
    assert not any("hired" in text for text in told)


REFUSED = [
    ("", "no_json"),
    ("You are hired.", "no_json"),
    ("<think>The result is in 5", "no_json"),
    ('<think>{"result": "5"}', "no_json"),
    ("[1, 2]", "no_json"),
    (json.dumps({"result": "5"}), "wrong_ids"),
    (json.dumps({**table(), "verdict": "hired"}), "wrong_ids"),
    (json.dumps({**table(), "result": "99"}), "wrong_ids"),
    (json.dumps({**table(), "result": "0"}), "wrong_ids"),
    (json.dumps({**table(), "result": "We cut costs by 80 percent"}), "wrong_ids"),
    (json.dumps({**table(), "result": 5}), "no_json"),
    (json.dumps({**table(), "result": "\N{SUPERSCRIPT TWO}"}), "wrong_ids"),
]


@pytest.mark.parametrize(("reply", "reason"), REFUSED)
def test_anything_but_the_table_is_dropped_and_the_record_says_why(reply: str, reason: str) -> None:
    found = judge(assessment(), star(), ScriptedModel(reply), GUIDANCE)
    assert (found.reason, found.opinions) == (reason, ())
    assert "gave no second opinion" in opinion_note(found)
    assert spoken_opinion(found, GUIDANCE) == ""


THINKING = [
    "<think>\nHm, {5}?\n</think>{}",
    "Hm, no opening tag.</think>\n{}",
    "```json\n{}\n```",
    "<thinking>a</thinking> {}",
]


@pytest.mark.parametrize("wrapping", THINKING)
def test_thoughts_are_cut(wrapping: str) -> None:
    reply = wrapping.replace("{}", json.dumps(table(result="5")))
    assert judge(assessment(), star(), ScriptedModel(reply), GUIDANCE).reason is None


@pytest.mark.parametrize("reason", ["timeout", "unreachable", "too_large"])
def test_a_model_that_fails_leaves_a_reason(reason: Any) -> None:
    assert judge(assessment(), star(), ScriptedModel(LanguageModelError("?", reason)), GUIDANCE).reason == reason


def test_an_answer_without_a_table_or_of_many_minutes_is_not_judged() -> None:
    unread = assessment().analysis.model_copy(update={"evidence": None})
    assert brief_judge(assessment().model_copy(update={"analysis": unread}), star(), GUIDANCE) is None
    assert brief_judge(assessment(said="We met again. I wrote it down. " * 40), star(), GUIDANCE) is None


def test_what_both_hear_and_both_miss_is_said_and_the_rest_is_counted() -> None:
    said = SecondOpinion(
        model="small",
        took_s=12.4,
        opinions=(
            Opinion(name="result", coach="there", model="there", standing="both", is_there=True, quote=LINES[4]),
            Opinion(name="lesson", coach="not_there", model="not_there", standing="both", is_there=False),
            Opinion(name="task", coach="there", model="not_there", standing="contradicted"),
        ),
    )
    assert spoken_opinion(said, GUIDANCE) == (
        "A second opinion, from the language model on this machine. It also hears the result. "
        "It also misses what you learned."
    )
    assert [row.text for row in opinion_rows(said, GUIDANCE)] == [
        "Both hear the result.",
        "Neither hears what you learned.",
    ]
    assert opinion_note(said).startswith("By small, in 12 s. Where the two differ or no quote proves it")
