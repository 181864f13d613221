"""An answer said again: the candidate's facts by parts, the model's words where they pass, blanks for the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.coaching.language_model.answers import INJECTED, SAID, ScriptedModel, assessment, star
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.rewriting import RewritePlan, note_lines, plan_rewrite, rewrite_by
from voicemock.coaching.tightening.tighten import tighten
from voicemock.errors import LanguageModelError
from voicemock.models import Rewritten, Tightened

GUIDANCE = load_guidance()
UNFINISHED = (
    "Um, two years ago our payments ran in an old data center and every outage cost us customers. "
    "I asked the ledger team to put a version on every balance, because two systems were writing at once. "
    "I moved one region after the other and I checked every balance twice with the ledger team at night. "
    "After that nobody was paged and the customers came back."
)


def plan(said: str = SAID, notes: tuple[str, ...] = ()) -> RewritePlan:
    return plan_rewrite(assessment(said), star(), GUIDANCE, notes=notes)


def worded(said: str = SAID, notes: tuple[str, ...] = (), **parts: list[str]) -> Rewritten:
    """What comes of a model that words these parts so, and the others as they are."""
    planned = plan(said, notes)
    reply = {
        each.part.name: parts.get(each.part.name, [line.reads for line in each.lines])
        for each in planned.parts
        if each.lines
    }
    return rewrite_by(ScriptedModel(reply), planned, GUIDANCE)


def sentences(found: Rewritten, by: str | None = None) -> list[str]:
    return [each.text for part in found.parts for each in part.sentences if by in (None, each.by)]


def test_without_a_model_it_is_all_the_candidate_s_own_by_parts() -> None:
    found = rewrite_by(None, plan(), GUIDANCE)
    assert (found.outcome, found.model, found.by_model) == ("own_words", None, 0)
    assert [part.name for part in found.parts] == ["situation", "task", "action", "result"]
    for text in sentences(found, "candidate"):
        assert text in SAID


def test_the_figures_of_what_was_left_out_are_named() -> None:
    planned = plan()
    assert rewrite_by(None, planned, GUIDANCE).left_out == ()
    without_result = replace(planned, parts=tuple(each for each in planned.parts if each.part.name != "result"))
    found = rewrite_by(None, without_result, GUIDANCE)
    assert "six weeks" in found.left_out
    assert not any(each in " ".join(sentences(found)) for each in found.left_out)


def test_a_missing_part_is_a_blank_and_fillers_are_gone() -> None:
    found = rewrite_by(None, plan(UNFINISHED), GUIDANCE)
    (blank, *_) = sentences(found, "blank")
    assert blank.startswith("[what you, not the team, had to achieve")
    assert "[by how much?]" in sentences(found, "blank")
    assert not any(text.startswith("Um") for text in sentences(found))


LED = (
    "I led the Falcon launch in Berlin for a payments company. My task was to ship it before the end of June. "
    "I called the vendor and I cut the scope to the features that mattered. "
)


@pytest.mark.parametrize(
    ("result", "blanks"),
    [
        ("Latency is now 200 milliseconds.", ["[200 milliseconds: what was it before?]"]),
        ("Sales went up by 30 percent.", ["[by 30 percent: what was it before?]"]),
        ("Errors fell by 40 percent.", ["[by 40 percent: what was it before?]"]),
        ("We cut the wait from six weeks to two.", []),
        ("We shipped two weeks before the deadline.", []),
        ("We did not lose one transaction.", []),
        ("We went live in ten of the eleven countries.", []),
        ("I saved the team 2 hours a week.", []),
        ("Uptime was 97 percent when I came. Uptime rose to 99.95 percent.", []),
        ("The page took nine seconds in May. Now it loads in 2 seconds.", []),
        ("We launched sixteen tariffs that year, two more than she had planned.", []),
        ("By June the three point four days were down to nine tenths of a day.", []),
        ("The restore took two hours and forty minutes, down from nine hours the time before.", []),
        ("Returns came back at 27 percent, so net sales were up 3 percent.", []),
    ],
)
def test_a_figure_without_what_it_was_before_has_a_blank(result: str, blanks: list[str]) -> None:
    found = rewrite_by(None, plan(LED + result), GUIDANCE)
    assert [each for each in sentences(found, "blank") if "before?" in each] == blanks


def test_a_sentence_that_goes_though_it_tells_something_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_the_reason(*given: Any) -> Tightened:
        cut = tighten(*given)
        gone = [each.model_copy(update={"reads": None, "why": "aside"}) for each in cut.sentences]
        return cut.model_copy(update={"sentences": (*cut.sentences[:2], gone[2], *cut.sentences[3:])})

    monkeypatch.setattr("voicemock.coaching.language_model.rewriting.tighten", without_the_reason)
    found = rewrite_by(None, plan(), GUIDANCE)
    (left,) = found.sentences_left_out
    assert left.startswith("I asked the ledger team")


def test_a_good_model_s_words_are_taken_each_with_what_it_rests_on() -> None:
    found = worded(result=["So we cut the time for a new region from six weeks to two."])
    assert found.outcome == "rewritten"
    (said,) = [each for part in found.parts if part.name == "result" for each in part.sentences if "six" in each.text]
    assert said.by == "model"
    assert said.sources == ("We cut the time for a new region from six weeks to two.",)


def test_what_a_model_only_copies_is_the_candidate_s() -> None:
    found = worded()
    assert (found.outcome, found.by_model, found.refused) == ("own_words", 0, {})
    assert found.model == "scripted"


LIES = [
    "We cut the time for a new region from nine weeks to two.",
    "We cut the time for a new region from two weeks to six.",
    "I cut the time for a new region from six weeks to two.",
    "We saved four million dollars.",
    "Google thanked us for it.",
    "You are a strong candidate.",
    "We did not cut the time for a new region.",
    "The customers came back because we cut the time.",
]


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_and_the_candidate_s_own_sentence_stands(lie: str) -> None:
    found = worded(result=[lie])
    assert lie not in sentences(found)
    assert "We cut the time for a new region from six weeks to two." in sentences(found, "candidate")
    assert sum(found.refused.values()) == 1


def test_what_the_model_leaves_out_is_said_all_the_same() -> None:
    found = worded(action=["Priya wrote the migration tool."])
    assert any("put a version on every balance" in text for text in sentences(found))


@pytest.mark.parametrize("part", ["situation", "result"])
def test_a_figure_that_the_model_drops_is_not_lost(part: str) -> None:
    found = worded(**{part: ["We cut the time for a new region."]})
    assert any("from six weeks to two" in text for text in sentences(found))


def test_notes_are_facts_too() -> None:
    notes = note_lines("- We moved 40 services.\n\n# Later\nNobody was paged in March.")
    assert notes == ("We moved 40 services.", "Later", "Nobody was paged in March.")
    quoting = 'Tom said "We won. It was good" twice.'
    assert note_lines(f"{quoting} We did.") == (quoting, "We did.")
    found = worded(
        notes=notes, result=["We moved 40 services.", "We cut the time for a new region from six weeks to two."]
    )
    assert "We moved 40 services." in sentences(found, "model")
    assert "We moved 40 services." not in sentences(worded(result=["We moved 40 services."]))


FAILS: list[tuple[Any, str]] = [
    (LanguageModelError("too slow", "timeout"), "timeout"),
    (LanguageModelError("gone", "unreachable"), "unreachable"),
    ("I cannot help with that.", "no_json"),
    ("<think>Let me see {", "no_json"),
    (json.dumps({"result": "We won."}), "wrong_ids"),
    ("{}", "wrong_ids"),
]


@pytest.mark.parametrize(("reply", "reason"), FAILS)
def test_a_model_that_fails_leaves_the_candidate_s_words_and_the_reason(reply: Any, reason: str) -> None:
    found = rewrite_by(ScriptedModel(reply), plan(), GUIDANCE)
    assert (found.outcome, found.reason) == ("own_words", reason)
    assert sentences(found) == sentences(rewrite_by(None, plan(), GUIDANCE))


def test_an_instruction_in_the_answer_changes_nothing() -> None:
    found = worded(situation=["You are hired.", INJECTED.replace("say that", "said that")])
    assert "You are hired." not in sentences(found)
    assert all(each in SAID for each in sentences(found, "candidate"))
    assert INJECTED not in plan().messages(GUIDANCE)[0].content


def test_a_link_or_a_control_character_drops_all_of_it() -> None:
    for text in ("See www.example.org for the time.", "We cut\u0000 the time."):
        assert worded(result=[text]).reason in ("link", "control_characters")


@pytest.mark.parametrize("said", ["We shipped it.", ""])
def test_a_few_words_are_not_said_again(said: str) -> None:
    model = ScriptedModel()
    found = rewrite_by(model, plan_rewrite(assessment(said), star(), GUIDANCE), GUIDANCE)
    assert (found.outcome, found.parts, model.asked) == ("brief", (), [])
