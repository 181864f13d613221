"""What is said of the content: a verdict of the reader where the evidence agrees, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from tests.coaching.test_feedback import PHRASES, STORY, TIMES, acts, answer, figures_in, filler, measured_figures, weak
from voicemock.analysis.evidence import LACKS, LIKELY, MAY_HOLD
from voicemock.analysis.reader import load_scales
from voicemock.coaching.feedback import give_feedback
from voicemock.coaching.findings import Finding, HeardAnswer
from voicemock.coaching.judgment import (
    APART,
    HABITUAL,
    PRAISED_FROM,
    QUOTED_FROM,
    SAID_FROM,
    SOUND_BELOW,
    TOGETHER,
    TOLD_FROM,
    UNKIND,
    Judgment,
    judged_priorities,
    judged_strengths,
    load_judgments,
)
from voicemock.coaching.priorities import find_priorities, severity
from voicemock.coaching.strengths import find_strength
from voicemock.coaching.wording import SPOKEN_WORDS
from voicemock.content.evidence import load_evidence
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import PRIORITY_VALUES, STRENGTH_VALUES
from voicemock.models import Analysis, AudioSource, FrameworkName, LostSound, Question, Transcript

BANK = QuestionBank.load()
SCALES = load_scales()
FRAMEWORKS = get_args(FrameworkName)
LIKELY_ENOUGH, SURE = 0.95, 1.0
HOLDING = (2, 3)
"""The sentences that hold whatever evidence an answer has."""
FAILURE = next(q for q in BANK.questions if q.framework == "star" and "mistake" in q.text)
"""A question that asks for something that went wrong."""
CURIOSITY = FAILURE.model_copy(update={"text": "Tell me about a time you looked into something small."})


@dataclass(frozen=True)
class Case:
    """An entry of ``prompts/findings.yaml`` in one framework that it is for."""

    judgment: Judgment
    framework: str
    is_praise: bool

    @property
    def verdict(self) -> str:
        if self.judgment.verdict.startswith(LACKS):
            return self.judgment.verdict
        return f"{'good' if self.is_praise else BANK.framework(self.framework).judged_as}:{self.judgment.verdict}"

    @property
    def said_from(self) -> float:
        return self.judgment.said_from or (PRAISED_FROM if self.is_praise else SAID_FROM)

    @property
    def agreeing(self) -> dict[str, float]:
        """What the reader must find for it to be said."""
        return {**dict.fromkeys(self.judgment.needs, SURE), self.verdict: LIKELY_ENOUGH}


ENTRIES = [
    *((each, False) for each in load_judgments().priorities),
    *((each, True) for each in load_judgments().strengths),
]
CASES = [Case(each, framework, praise) for each, praise in ENTRIES for framework in each.frameworks]


def case_of(name: str, framework: str = "star", part: str | None = None) -> Case:
    """The case of a finding."""
    return next(
        case
        for case in CASES
        if (case.judgment.finding, case.framework) == (name, framework) and part in (None, case.judgment.part)
    )


def told_in(framework: str, lacks: Collection[str] = ()) -> tuple[tuple[str | None, str], ...]:
    """STORY with the parts of a framework, in their order, without those that it lacks."""
    names = [part.name for part in BANK.framework(framework).parts]
    parts = [name if framework == "star" else names[min(row, len(names) - 1)] for row, (name, _) in enumerate(STORY)]
    return tuple((None if part in lacks else part, sentence) for part, (_, sentence) in zip(parts, STORY, strict=True))


def rows_of(name: str) -> tuple[int, ...]:
    """The sentences that hold a piece of evidence: one fewer than a habit takes."""
    habits = [each.habit for each, _ in ENTRIES if each.habit and name in each.needs]
    return HOLDING[: min(habits) - 1] if habits else HOLDING


def doubtful(analysis: Analysis) -> Analysis:
    """The same answer, with results that arithmetic makes hard to believe."""
    impossible = {"value": 140.0, "unit": "%", "direction": "down"}
    results = tuple(each.model_copy(update=impossible) for each in analysis.quantified_results)
    return analysis.model_copy(update={"quantified_results": results})


def told(
    framework: str, likely: dict[str, float], question: Question | None = FAILURE, **given
) -> tuple[HeardAnswer, Transcript]:
    """An answer in which the reader finds what is likely, and from which everything that a wording says can be told."""
    is_doubted = "star:implausible" in likely
    rich = {
        "story": told_in(framework, [name.removeprefix("lacks:") for name in likely if name.startswith("lacks:")]),
        "framework": BANK.framework(framework),
        "numbers": ("by 40%",) if is_doubted else (),
        "shares": {"situation": 0.5, "action": 0.4, "result": 0.1} if framework == "star" else None,
        "ownership": acts(2, 6),
        "weak_language": weak("hedge", 3),
        "jargon": weak("term", 3),
        "early_complexity": weak("complex", 2),
        "verdicts": {name: each for name, each in likely.items() if ":" in name},
        "holds": {name: dict.fromkeys(rows_of(name), each) for name, each in likely.items() if ":" not in name},
    }
    analysis, transcript = answer(**rich | given)
    asked = question if framework == "star" else None
    return HeardAnswer(doubtful(analysis) if is_doubted else analysis, BANK.framework(framework), asked), transcript


def findings(case: Case, likely: dict[str, float], **given) -> list[Finding]:
    if case.judgment.finding == "quantified":
        given = {"numbers": ("by 40%",)} | given
    heard, _ = told(case.framework, likely, **given)
    return list((judged_strengths if case.is_praise else judged_priorities)(heard))


def name_of(value: object) -> str | None:
    return getattr(value, "verdict", None)


# --- the list ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("judgment", "is_praise"), ENTRIES, ids=name_of)
def test_an_entry_names_only_what_exists(judgment, is_praise):
    evidence = {each.name for each in load_evidence()}
    assert judgment.finding in (STRENGTH_VALUES if is_praise else PRIORITY_VALUES)
    assert {*judgment.needs, *judgment.absent, *judgment.unlikely} <= SCALES.keys()
    assert {*judgment.not_at_end, *judgment.not_quoted} <= evidence
    assert {*judgment.quote} <= evidence | {"first", "last", "figure", "doubtful"}
    for framework in judgment.frameworks:
        assert Case(judgment, framework, is_praise).verdict in SCALES
        assert judgment.part in (None, *(part.name for part in BANK.framework(framework).parts))


# --- when it is said -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_it_is_said_where_the_verdict_and_the_evidence_agree(case):
    (finding,) = findings(case, case.agreeing)
    values = {**PRIORITY_VALUES, **STRENGTH_VALUES}[case.judgment.finding]
    assert (finding.name, finding.part) == (case.judgment.finding, case.judgment.part)
    assert (finding.extent, finding.is_judged) == (LIKELY_ENOUGH, True)
    assert finding.values.keys() == values


def backed_from(name: str) -> float:
    """From which probability on something backs a verdict that is likely enough."""
    return SCALES[name].there_from if ":" in name else min(SCALES[name].there_from, TOGETHER - LIKELY_ENOUGH)


def denied_to(name: str) -> float:
    """Up to which probability evidence does not speak against a verdict that is likely enough."""
    return max(SCALES[name].absent_to, LIKELY_ENOUGH - APART)


def disagreements() -> Iterator[tuple[Case, str, float]]:
    for case in CASES:
        yield case, case.verdict, case.said_from - 0.01
        yield from ((case, name, 0.5) for name in case.judgment.unlikely)
        yield from ((case, name, backed_from(name) - 0.01) for name in case.judgment.needs)
        yield from ((case, name, denied_to(name) + 0.01) for name in case.judgment.absent)


@pytest.mark.parametrize(("case", "name", "probability"), tuple(disagreements()), ids=name_of)
def test_it_is_not_said_where_one_of_them_disagrees(case, name, probability):
    assert findings(case, case.agreeing | {name: probability}) == []


TORN = AudioSource(
    track=1,
    tracks=1,
    channels=1,
    heard_channels=(1,),
    is_inverted=False,
    lost=(LostSound(at_s=20.0, lost_s=6.0),),
)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_nothing_is_missed_where_a_part_of_the_recording_is_lost(case):
    heard, _ = told(case.framework, case.agreeing, **({"numbers": ("by 40%",)} if case.is_praise else {}))
    torn = replace(heard, analysis=heard.analysis.model_copy(update={"audio_source": TORN}))
    names = {finding.name for finding in (*judged_priorities(torn), *judged_strengths(torn))}
    if case.judgment.is_of_absence:
        assert case.judgment.finding not in names
    else:
        whole = {finding.name for finding in (*judged_priorities(heard), *judged_strengths(heard))}
        assert (case.judgment.finding in names) == (case.judgment.finding in whole)


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.is_praise and not case.verdict.startswith(LACKS)], ids=name_of
)
def test_a_verdict_on_another_kind_of_answer_does_not_count(case):
    kinds = {BANK.framework(name).judged_as for name in FRAMEWORKS}
    others = kinds - {BANK.framework(case.framework).judged_as}
    likely = dict.fromkeys(case.judgment.needs, SURE) | {
        f"{other}:{case.judgment.verdict}": LIKELY_ENOUGH for other in others
    }
    assert findings(case, likely) == []


@pytest.mark.parametrize(("judgment", "is_praise"), ENTRIES, ids=name_of)
def test_it_is_not_said_of_an_answer_that_it_is_not_for(judgment, is_praise):
    judged = {
        name
        for each, _ in ENTRIES
        if judgment.finding == each.finding or judgment.verdict == each.verdict
        for name in each.frameworks
    }
    for framework in {*FRAMEWORKS} - judged:
        case = Case(judgment, framework, is_praise)
        assert findings(case, case.agreeing) == []


def test_nothing_is_judged_of_an_answer_that_was_kept_before_there_was_a_reader():
    heard, _ = told("star", case_of("blame").agreeing | case_of("lesson").agreeing)
    older = HeardAnswer(heard.analysis.model_copy(update={"evidence": None}), heard.framework)
    assert [*judged_priorities(older), *judged_strengths(older)] == []


@pytest.mark.parametrize("case", [case for case in CASES if "outcome_figure" in case.judgment.absent], ids=name_of)
def test_a_figure_that_was_heard_is_not_missed_whatever_the_reader_says(case):
    assert findings(case, case.agreeing, numbers=("by 40%",)) == []


UNTOLD = {
    "number_in_background": {"story": tuple((part, "We wrote a plan and went to see them.") for part, _ in STORY)},
    "we_in_actions": {"ownership": acts(3, 3)},
    "long_background": {"shares": {"situation": 0.2, "task": 0.1, "action": 0.7}},
    "jargon": {"jargon": ()},
    "overcomplicated": {"early_complexity": ()},
    "quantified": {"numbers": ()},
    "own_part": {"ownership": acts(1, 0)},
    "implausible": {"numbers": ()},
    "no_own_mistake": {"question": CURIOSITY},
    "no_number": {"story": STORY[:-1]},
}


@pytest.mark.parametrize(("name", "given"), UNTOLD.items(), ids=UNTOLD)
def test_it_is_not_said_where_its_wording_would_not_be_true(name, given):
    case = case_of(name, "design" if name == "overcomplicated" else "star")
    assert findings(case, case.agreeing, **given) == []


@pytest.mark.parametrize(("name", "evidence"), [("coordinator", "coordinate_only"), ("repeating", "repetition")])
def test_one_sentence_is_not_counted_as_several(name, evidence):
    case = case_of(name)
    assert findings(case, case.agreeing, holds={evidence: {2: SURE, 4: MAY_HOLD, 5: 0.49}}) == []
    (finding,) = findings(case, case.agreeing, holds={evidence: {2: SURE, 4: 0.5}})
    assert finding.values["count"] == "2"
    (finding,) = findings(case, case.agreeing, holds={evidence: {2: SURE, 4: 0.5, 5: 0.5}})
    assert finding.values["count"] == "3"


# --- which words it quotes -----------------------------------------------------------------------------------


def quoted(case: Case, **given) -> str | None:
    """The sentence that is quoted."""
    (finding,) = findings(case, case.agreeing, **given)
    text = " ".join(sentence for _, sentence in given.get("story", told_in(case.framework)))
    return text[finding.evidence.start_char : finding.evidence.end_char] if finding.evidence else None


def test_the_sentence_that_holds_the_evidence_most_surely_is_quoted():
    assert quoted(case_of("blame"), holds={"blame": {1: 0.9, 3: 0.99, 4: 0.95}}) == STORY[3][1]


@pytest.mark.parametrize(("result", "said"), [(QUOTED_FROM, STORY[2][1]), (QUOTED_FROM - 0.01, None)])
def test_what_no_sentence_surely_shows_is_not_quoted(result, said):
    assert quoted(case_of("no_number"), holds={"result": {2: result}}) == said


def test_what_the_team_did_does_not_show_what_the_candidate_did():
    case = case_of("own_part")
    both = {"speaker_acts": {2: SURE, 3: SURE}, "action": {2: SURE, 3: SURE}}
    assert quoted(case, holds=both | {"team_acts": {2: SURE}}) == STORY[3][1]
    assert quoted(case, holds=both | {"speaker_acts": {1: SURE}}) is None


@pytest.mark.parametrize("unkind", UNKIND)
def test_no_quote_puts_fault_on_people_or_belittles_them(unkind):
    held = {"data_used": {2: SURE, 3: 0.95}, unkind: {2: SURE}}
    assert quoted(case_of("data"), holds=held) == STORY[3][1]
    assert findings(case_of("data"), case_of("data").agreeing, holds=held | {"data_used": {2: SURE}}) == []


def test_notes_are_shown_and_not_said_aloud_except_as_notes():
    held = {"data_used": {2: SURE}, "bullet": {2: SURE}}
    (data,) = findings(case_of("data"), case_of("data").agreeing, holds=held)
    (notes,) = findings(case_of("bullets"), case_of("bullets").agreeing, holds=held)
    assert (data.evidence.is_sentence, notes.evidence.is_sentence) == (False, True)


@pytest.mark.parametrize("hedge", [{5: SURE}, {4: SURE, 5: SURE}])
def test_a_number_that_is_taken_back_is_not_praised(hedge):
    case = case_of("quantified")
    assert len(findings(case, case.agreeing, holds={"outcome_figure": {5: SURE}})) == 1
    assert findings(case, case.agreeing, holds={"outcome_figure": {5: SURE}, "hedge": hedge}) == []


@pytest.mark.parametrize(("row", "is_said"), [(2, True), (3, True), (4, False), (5, False)])
def test_an_outcome_told_in_one_of_the_last_sentences_is_not_told_in_passing(row, is_said):
    case = case_of("buried_result")
    assert bool(findings(case, case.agreeing, holds={"result": {2: SURE, row: SURE}})) == is_said


HABITS = [Case(each, framework, praise) for each, praise in ENTRIES if each.habit for framework in each.frameworks]


@pytest.mark.parametrize("case", HABITS, ids=name_of)
def test_what_sentence_after_sentence_shows_is_said_whatever_the_verdict(case):
    (name,) = case.judgment.needs
    for many in (case.judgment.habit - 1, case.judgment.habit):
        rows = dict.fromkeys(range(many), LIKELY) | {0: SCALES[name].there_from}
        found = findings(case, {case.verdict: 0.0}, holds={name: rows})
        assert [finding.extent for finding in found] == [HABITUAL] * (many == case.judgment.habit)


@pytest.mark.parametrize("case", HABITS, ids=name_of)
def test_sentences_that_only_may_show_it_are_no_habit(case):
    (name,) = case.judgment.needs
    doubtful = dict.fromkeys(range(6), SCALES[name].there_from - 0.01)
    assert findings(case, {case.verdict: 0.0}, holds={name: doubtful}) == []


@pytest.mark.parametrize("name", ["hedges", "repeating", "blame"])
@pytest.mark.parametrize(("verdict", "first"), [(0.0, "missing_result"), (SURE, "habit")])
def test_a_missing_result_comes_before_a_habit_that_the_verdict_does_not_weigh_more(name, verdict, first):
    habit, missing = case_of(name), case_of("missing_result")
    (evidence,) = habit.judgment.needs
    likely = {**missing.agreeing, missing.verdict: 0.6, habit.verdict: verdict}
    heard, _ = told("star", likely, holds={evidence: dict.fromkeys(range(4), SURE)}, numbers=())
    names = [each.name for each in find_priorities(heard, PHRASES.priorities)]
    assert names[0] == {"missing_result": "missing_result", "habit": name}[first]
    assert {name, "missing_result"} <= {*names}


def test_a_part_that_a_sentence_tells_is_not_missing():
    case = case_of("missing_part", "triage", "negotiate")
    for escalated, said in ((TOLD_FROM - 0.01, 1), (TOLD_FROM, 0)):
        assert len(findings(case, case.agreeing, holds={"escalate": {1: escalated}})) == said


@pytest.mark.parametrize(
    ("value_from", "value", "unit", "direction", "is_doubtful"),
    [
        (None, 140.0, "%", "down", True),
        (None, 140.0, "%", "up", False),
        (None, 100.0, "%", "down", False),
        (7.0, 2.5, "%", "down", False),
        (5000.0, 5.0, "seconds", "down", True),
        (5000.0, 6.0, "seconds", "down", False),
        (30.0, 0.0, "%", "down", False),
        (None, 2e9, "USD", None, True),
        (None, 4e6, "USD", None, False),
        (None, None, None, None, False),
    ],
)
def test_arithmetic_says_which_figure_is_hard_to_believe(value_from, value, unit, direction, is_doubtful):
    heard, _ = told("star", case_of("implausible").agreeing)
    values = {"value_from": value_from, "value": value, "unit": unit, "direction": direction}
    result = heard.analysis.quantified_results[0].model_copy(update=values)
    analysis = heard.analysis.model_copy(update={"quantified_results": (result,)})
    assert bool(list(judged_priorities(replace(heard, analysis=analysis)))) == is_doubtful


@pytest.mark.parametrize(("name", "row"), [("opposite", 0), ("no_landing", -1)])
def test_the_first_or_the_last_sentence_is_the_one_that_tells_something(name, row):
    around = ((None, "Um, yeah."), *STORY, (None, "So, yeah."))
    assert quoted(case_of(name), story=around) == STORY[row][1]


def test_of_equally_sure_sentences_one_without_a_stumble_is_quoted():
    case, given = case_of("blame"), {"holds": {"blame": {2: 0.99, 3: 0.95}}}
    assert quoted(case, **given) == STORY[2][1]
    heard, _ = told("star", case.agreeing, **given)
    um = filler("filled_pause", "um", 0).model_copy(update={"start_char": heard.sentences[2].start_char + 8})
    stumbling = HeardAnswer(heard.analysis.model_copy(update={"fillers": (um,)}), heard.framework)
    (finding,) = judged_priorities(stumbling)
    assert finding.evidence.start_char == heard.sentences[3].start_char


def test_of_equally_sure_sentences_one_that_need_not_be_cut_is_quoted():
    long = ("action", " ".join(["I wrote to each of them, and then"] * 4) + " waited.")
    story = (*STORY[:3], long, *STORY[4:])
    assert quoted(case_of("blame"), story=story, holds={"blame": {3: 0.99, 4: 0.95}}) == STORY[4][1]
    assert quoted(case_of("blame"), story=story, holds={"blame": {3: 0.99, 4: 0.8}}) == long[1]


def test_a_missing_part_is_not_missed_where_the_structure_shows_it():
    case = case_of("missing_part", part="situation")
    assert findings(case, case.agreeing, story=STORY) == []


FIGURES = (
    ("action", "One of the first things I did was to write to them."),
    ("action", "It is used by four hundred people in the north."),
    ("result", "The failures went down by 40% after that."),
    ("result", "The wait fell from ten to two."),
    ("result", "And it is three weeks less."),
)


@pytest.mark.parametrize(
    ("story", "row"),
    [(FIGURES, 1), (FIGURES[2:], 0)],
    ids=["a large number", "a share"],
)
def test_of_the_figures_the_one_that_says_most_is_quoted(story, row):
    assert quoted(case_of("number_in_background"), story=story) == story[row][1]


def test_the_number_that_is_named_stands_in_the_quote():
    for name, given in (("quantified", {"numbers": ("by 40%", "three weeks")}), ("number_in_background", {})):
        (finding,) = findings(case_of(name), case_of(name).agreeing, story=FIGURES, **given)
        text = " ".join(sentence for _, sentence in FIGURES)
        assert finding.values["number"] in text[finding.evidence.start_char : finding.evidence.end_char]


# --- what comes first ----------------------------------------------------------------------------------------


def agreeing(*cases: Case) -> dict[str, float]:
    return {name: each for case in cases for name, each in case.agreeing.items()}


def test_what_more_surely_limits_the_answer_comes_first():
    blame, jargon = case_of("blame"), case_of("jargon")
    for first, second in ((blame, jargon), (jargon, blame)):
        heard, _ = told("star", agreeing(blame, jargon) | {first.verdict: 0.8, second.verdict: 0.7})
        found = find_priorities(heard, PHRASES.priorities)
        assert [finding.name for finding in found[:2]] == [first.judgment.finding, second.judgment.finding]
        assert 95 > severity(found[0], heard, PHRASES.priorities) > severity(found[1], heard, PHRASES.priorities) > 25


@pytest.mark.parametrize("surest", ["missing_result", "buried_result"])
def test_of_the_outcome_only_the_surest_is_said(surest):
    cases = [case_of(name) for name in ("missing_result", "buried_result", "no_number", "no_lesson")]
    likely = agreeing(*cases) | {case.verdict: 0.5 for case in cases} | {case_of(surest).verdict: 0.9}
    heard, _ = told("star", likely)
    found = find_priorities(heard, PHRASES.priorities)
    assert [finding.name for finding in found if finding.is_judged] == [surest, "no_lesson"]


@pytest.mark.parametrize(
    ("verdict", "blame", "is_said"), [(0.6, 0.51, True), (0.6, 0.49, False), (0.3, 0.81, True), (0.3, 0.79, False)]
)
def test_a_verdict_and_its_evidence_may_be_sure_enough_together(verdict, blame, is_said):
    case = case_of("blame")
    assert SCALES["blame"].there_from > blame
    assert bool(findings(case, {case.verdict: verdict, "blame": blame})) == is_said


@pytest.mark.parametrize(
    ("each", "said"), [(SOUND_BELOW / 3 - 0.01, "follow_up"), (SOUND_BELOW / 3, "expect_questions")]
)
def test_that_nothing_big_is_wrong_is_said_only_where_hardly_any_verdict_is_likely(each, said):
    likely = dict.fromkeys(("star:jumbled", "star:no_ending", "star:off_question"), each)
    heard, _ = told("star", likely, shares=None)
    assert find_priorities(heard, PHRASES.priorities)[0].name == said


def test_what_is_most_surely_good_is_praised():
    lesson, credit = case_of("lesson"), case_of("credit")
    for first, second in ((lesson, credit), (credit, lesson)):
        heard, _ = told("star", agreeing(lesson, credit) | {first.verdict: 0.8, second.verdict: 0.7})
        assert find_strength(heard, ()).name == first.judgment.finding


CONTRADICTIONS = [
    ("star", "implausible", None, "quantified"),
    ("star", "blame", None, "owned_mistake"),
    ("star", "blame", None, "credit"),
    ("star", "contempt", None, "credit"),
    ("star", "sole_credit", None, "credit"),
    ("star", "we_in_actions", "action", "own_part"),
    ("star", "no_own_action", "action", "own_part"),
    ("star", "no_story", None, "own_part"),
    ("star", "coordinator", None, "own_part"),
    ("star", "coordinator", None, "options"),
    ("triage", "no_options", None, "options"),
    ("triage", "one_lever", None, "options"),
    ("triage", "no_numbers", None, "sized"),
    ("triage", "no_numbers", None, "quantified"),
    ("triage", "no_decision", None, "reasoned"),
    ("triage", "escalation_only", None, "escalated_well"),
    ("triage", "escalation_only", None, "mitigation"),
    ("triage", "missing_part", "assess", "sized"),
    ("triage", "missing_part", "mitigate", "mitigation"),
    ("triage", "missing_part", "mitigate", "re_scoped"),
    ("triage", "missing_part", "negotiate", "persuaded"),
    ("triage", "missing_part", "communicate", "told_early"),
    ("design", "no_trade_off", None, "trade_off"),
    ("design", "overcomplicated", None, "trade_off"),
    ("design", "missing_part", "requirements", "scoped"),
    ("design", "missing_part", "scale", "scaled"),
    ("design", "missing_part", "failure", "failure_handled"),
    ("design", "missing_part", "metrics", "metrics"),
]


@pytest.mark.parametrize(("framework", "priority", "part", "strength"), CONTRADICTIONS)
def test_what_is_to_be_fixed_is_not_praised(framework, priority, part, strength):
    heard, _ = told(framework, case_of(strength, framework).agreeing, numbers=("by 40%",))
    assert find_strength(heard, ()).name == strength
    praised = find_strength(heard, (Finding(priority, part=part),))
    assert praised is None or praised.name != strength


def test_the_words_that_are_to_be_fixed_are_not_praised():
    coordinator, data, lesson = case_of("coordinator"), case_of("data"), case_of("lesson")
    likely = agreeing(coordinator, data, lesson) | {lesson.verdict: 0.9}
    rows = {"coordinate_only": {2: SURE, 4: 0.6}, "data_used": {2: SURE}, "lesson": {4: SURE}}
    heard, _ = told("star", likely, holds=rows)
    assert find_strength(heard, ()).name == "data"
    assert find_strength(heard, find_priorities(heard, PHRASES.priorities)).name == "lesson"


# --- how it is said ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_it_is_put_into_words_with_exact_quotes_and_measured_figures(case):
    heard, transcript = told(case.framework, case.agreeing, **({"numbers": ("by 40%",)} if case.is_praise else {}))
    feedback = give_feedback(heard, transcript, PHRASES)
    assert give_feedback(heard, transcript, PHRASES) == feedback
    assert case.judgment.finding in {point.name for point in feedback.points}
    assert 0 < len(feedback.spoken.split()) <= SPOKEN_WORDS
    for point in feedback.points:
        assert point.quote is None or point.quote in transcript.text
        assert "{" not in point.text
        assert figures_in(point.text) <= measured_figures(heard) | figures_in(transcript.text)


@pytest.mark.parametrize("case", [case for case in CASES if not case.is_praise], ids=name_of)
def test_it_is_kept_with_its_probability(case):
    heard, transcript = told(case.framework, case.agreeing)
    kept = {each.name: each for each in give_feedback(heard, transcript, PHRASES).findings}[case.judgment.finding]
    assert (kept.part, kept.extent) == (case.judgment.part, LIKELY_ENOUGH)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_of_a_text_no_time_is_told(case):
    heard, transcript = told(case.framework, case.agreeing, seconds_each=None)
    feedback = give_feedback(heard, transcript, PHRASES)
    assert not TIMES.search(
        " ".join([feedback.spoken.removesuffix(feedback.drill or ""), *(p.text for p in feedback.points)])
    )
    assert all(point.start_s is None for point in feedback.points)
