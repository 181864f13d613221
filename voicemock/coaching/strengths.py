"""Finds the one thing to praise. Every strength rests on the analysis."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from voicemock.analysis.figures import has_number
from voicemock.coaching.findings import (
    ACTION,
    NO_ANSWERS,
    SAID_FROM,
    Finding,
    HeardAnswer,
    covered_values,
    length_values,
    pace_values,
    part_values,
    said,
    share_values,
)
from voicemock.coaching.orderliness import comes_in_order
from voicemock.coaching.quoting import quoting_first, quoting_remark
from voicemock.coaching.spoken_numbers import enumerate_words, in_words
from voicemock.models import QuantifiedResult, Remark

FEW_FILLERS: Final = 2.0
"""Filled pauses per 100 words. About a quarter of people stay below (387 AMI monologues: p10 0.9, median 4.7)."""
STEADY_WORDS_PER_MINUTE: Final = (126.0, 180.0)
"""From the slowest tenth to somewhat above the median (387 AMI monologues: p10 126, median 161, p90 197)."""
WELL_COVERED: Final = 0.75
"""Share of the expected moves: our choice."""
_SURE: Final = 0.8
"""Confidence of a remark to be praised: praise needs more than blame."""
_FIRST_PERSON: Final = re.compile(r"\bI\b")
_OWN_FROM: Final = 5
_CLEAR_WORDS: Final = 7
"""A shorter sentence ("so what I did") shows no action."""
_OWN_WE_SHARE: Final = 0.25
"""Three of four actions are told with "I"."""
_STEADY_FROM_S: Final = 30.0
"""A shorter answer has no pace to speak of."""
_TAKES_PARTS: Final = frozenset(
    {
        *("coordinator", "overcomplicated", "uncovered", "left_out", "no_story", "hypothetical", "no_structure"),
        *("wandering", "jumbled", "passive", "jargon", "buried_result", "repeating"),
    }
)
"""Priorities next to which having all the parts is no praise."""
_OVERLAPS: Final[Mapping[str, frozenset[str]]] = {
    "missing_part": frozenset({"complete"}),
    "missing_end": frozenset({"complete"}),
    "missing_result": frozenset({"complete"}),
    "buried_result": frozenset({"quantified"}),
    "number_in_background": frozenset({"quantified"}),
    "no_number": frozenset({"quantified"}),
    "we_in_actions": frozenset({"own_part", "decision"}),
    "passive": frozenset({"own_part", "decision"}),
    "coordinator": frozenset({"own_part", "decision", "trade_off", "options", "checked"}),
    "jargon": frozenset({"trade_off", "decision"}),
    "overcomplicated": frozenset({"trade_off", "scoped", "decision"}),
    "hypothetical": frozenset({"decision", "own_part"}),
    "no_story": frozenset({"decision", "own_part"}),
    "hedges": frozenset({"decision", "own_part", "few_fillers"}),
    "markers": frozenset({"few_fillers"}),
    "wandering": frozenset({"decision"}),
    "jumbled": frozenset({"decision", "scoped", "checked"}),
}
"""Strengths that a priority contradicts, or that would quote the same words."""
_TOLD_OF_PARTS: Final = frozenset({"present_part", "complete", "balanced", "covered"})
_DELIVERY: Final = frozenset({"few_fillers", "steady"})
"""No praise for delivery where hardly anything was delivered."""
_NOTHING_TO_DELIVER: Final = frozenset({"no_story", "no_structure", "hypothetical", "brief"})
_NO_FAULT_OF_WORDS: Final = frozenset({"follow_up", "a_little_long", "heavy_part", "number_in_background"})
"""Priorities that quote a place to stay or to move on, not words that are wrong."""
_MONEY_AND_SHARES: Final = frozenset({"%", "points", "x", "USD", "EUR", "GBP"})


def find_strength(heard: HeardAnswer, priorities: tuple[Finding, ...]) -> Finding | None:
    """Return the one thing to praise; None if there is none, or if the question was not answered."""
    if any(priority.name in NO_ANSWERS for priority in priorities):
        return None
    taken = {name for priority in priorities for name in _OVERLAPS.get(priority.name, ())}
    parts = {priority.part for priority in priorities if priority.part}
    if any(priority.name in _TAKES_PARTS for priority in priorities):
        taken |= _TOLD_OF_PARTS
    if any(priority.name in _NOTHING_TO_DELIVER for priority in priorities):
        taken |= _DELIVERY
    if len(heard.present) == 1 and len(heard.missing) > 1:  # one part alone is no answer
        taken |= _DELIVERY | _TOLD_OF_PARTS
    findings = (finding for rule in RULES for finding in rule(heard))
    fits = (f for f in findings if f.name not in taken and f.part not in parts)
    return next((f for f in fits if not (_quotes_the_same(f, priorities) or _rests_on(f, parts, heard))), None)


def _rests_on(strength: Finding, faulted: set[str], heard: HeardAnswer) -> bool:
    """Return whether a strength quotes the result while the result is to be fixed."""
    if "result" not in faulted or strength.evidence is None or strength.name == "quantified":
        return False
    start = strength.evidence.start_char
    return any(sentence.start_char <= start < sentence.end_char for sentence in heard.sentences_of("result"))


def _quotes_the_same(strength: Finding, priorities: tuple[Finding, ...]) -> bool:
    """Return whether a strength quotes the words that are to be fixed."""
    if strength.name == "balanced" or strength.evidence is None:
        return False
    faulted = [p.evidence.start_char for p in priorities if p.evidence is not None and p.name not in _NO_FAULT_OF_WORDS]
    return strength.evidence.start_char in faulted


def _quantified(heard: HeardAnswer) -> Iterator[Finding]:
    """The outcome with the most convincing number."""
    outcomes = [(_weight(outcome), outcome.start_char, outcome) for outcome in heard.told_outcomes]
    weight, _, outcome = max(outcomes, key=lambda each: each[:2], default=(0, 0, None))
    if outcome is not None and weight:
        yield Finding(
            "quantified", {"number": " ".join(outcome.text.split())}, quoting_remark(heard.sentences, outcome)
        )


def _weight(outcome: QuantifiedResult) -> int:
    """Return how convincing a number is: before and after, a share or money, a direction. A bare count is 0."""
    if not has_number(outcome.text):
        return 0
    is_share = outcome.unit in _MONEY_AND_SHARES or bool(re.search(r"[%$]|percent", outcome.text))
    return (
        4 * (outcome.value_from is not None)
        + 2 * is_share
        + (outcome.direction is not None)
        + (outcome.part == "result" and bool(re.search(r"\d|percent|zero", outcome.text)))
    )


def _trade_off(heard: HeardAnswer) -> Iterator[Finding]:
    """A choice and its price: what interviewers of technical program managers listen for."""
    substance = heard.analysis.substance
    if substance is None or heard.is_brief:
        return
    kinds = Counter(remark.kind for remark in said(substance.remarks))
    named = [r for r in said(substance.remarks) if r.kind == "trade_off" and r.confidence >= _SURE]
    if named and kinds["decision"]:
        yield Finding("trade_off", {}, quoting_remark(heard.sentences, named[0]))


def _options(heard: HeardAnswer) -> Iterator[Finding]:
    """Options with a recommendation, so that a sponsor can decide."""
    covered = _covered_items(heard)
    if "options" in covered and "recommend" in covered:
        yield Finding("options", {}, quoting_remark(heard.sentences, covered["options"]))


def _checked(heard: HeardAnswer) -> Iterator[Finding]:
    """The bad news was verified before acting on it."""
    covered = _covered_items(heard)
    if heard.framework.name == "triage" and "verify" in covered and covered["verify"].part == "assess":
        yield Finding("checked", {}, quoting_remark(heard.sentences, covered["verify"]))


def _scoped(heard: HeardAnswer) -> Iterator[Finding]:
    """A design that begins with its requirements."""
    opening = [sentence.part for sentence in heard.sentences if sentence.part][:2]
    if heard.framework.name == "design" and opening and set(opening) == {"requirements"} and not heard.is_brief:
        yield Finding("scoped", {}, quoting_first(heard.sentences_of("requirements")))


def _decision(heard: HeardAnswer) -> Iterator[Finding]:
    """A choice that the candidate made and owns."""
    substance = heard.analysis.substance
    own = [
        remark
        for remark in (said(substance.remarks) if substance is not None else ())
        if remark.kind == "decision" and remark.confidence >= _SURE and _FIRST_PERSON.match(remark.text)
    ]
    if own and not heard.is_brief:
        yield Finding("decision", {}, quoting_remark(heard.sentences, own[0]))


def _own_part(heard: HeardAnswer) -> Iterator[Finding]:
    """Actions with an "I" in them."""
    acts = heard.acts
    if acts is None or acts.i < _OWN_FROM or (acts.we_share or 0.0) > _OWN_WE_SHARE or heard.framework.name != "star":
        return
    mine = [
        s for s in heard.sentences_of(ACTION) if _FIRST_PERSON.search(s.text) and len(s.text.split()) >= _CLEAR_WORDS
    ]
    yield Finding("own_part", {"i_spoken": in_words(acts.i)}, quoting_first(mine))


def _covered_items(heard: HeardAnswer) -> dict[str, Remark]:
    """Return the remarks that surely cover an item of the checklist, by its name."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.is_brief:
        return {}
    return {item.name: item.covered for item in coverage.items if item.covered and item.covered.confidence >= SAID_FROM}


def _covered(heard: HeardAnswer) -> Iterator[Finding]:
    """Most of what such an answer is expected to cover."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.is_brief or coverage.covered < WELL_COVERED * coverage.expected:
        return
    titles = [item.title for item in coverage.items if item.expected and item.covered][:3]
    named = enumerate_words(tuple(title[0].lower() + title[1:] for title in titles))
    yield Finding("covered", covered_values(coverage) | {"titles": named})


def _complete(heard: HeardAnswer) -> Iterator[Finding]:
    """Every part was there."""
    if heard.present and not heard.missing and not heard.is_brief and comes_in_order(heard):
        yield Finding("complete", {"parts": heard.part_names})


def _balanced(heard: HeardAnswer) -> Iterator[Finding]:
    """The part that matters most got the time it deserves."""
    main = max(heard.framework.parts, key=lambda part: part.target_share_max)
    share = next((measured.share for part, measured in heard.present if part is main), None)
    if share is None or heard.is_brief:
        return
    if main.target_share_min <= share <= main.target_share_max:
        evidence = quoting_first(heard.sentences_of(main.name))
        yield Finding("balanced", share_values(heard, main, share), evidence, main.name)


def _few_fillers(heard: HeardAnswer) -> Iterator[Finding]:
    """Hardly an um. Only for clear recordings: a written answer has none anyway."""
    rate = heard.per_hundred_words(heard.filled_pauses)
    if rate is None or rate >= FEW_FILLERS or not heard.is_spoken or heard.is_poorly_heard:
        return
    count = len(heard.filled_pauses)
    said = {0: "not a single um or uh", 1: "only one um or uh"}.get(count, f"only {in_words(count)} ums and uhs")
    written = "1 filled pause" if count == 1 else f"{count or 'no'} filled pauses"
    yield Finding("few_fillers", {"count": written, "few_spoken": said, "rate": f"{rate:.1f}"})


def _steady(heard: HeardAnswer) -> Iterator[Finding]:
    """A pace that is easy to follow."""
    words_per_minute, duration_s = heard.analysis.words_per_minute, heard.analysis.duration_s
    if words_per_minute is None or duration_s is None or duration_s < _STEADY_FROM_S:
        return
    if STEADY_WORDS_PER_MINUTE[0] <= words_per_minute <= STEADY_WORDS_PER_MINUTE[1]:
        yield Finding("steady", pace_values(words_per_minute))


def _on_target(heard: HeardAnswer) -> Iterator[Finding]:
    """The length that was asked for."""
    if heard.analysis.length == "on_target" and heard.analysis.duration_s is not None:
        yield Finding("on_target", length_values(heard, heard.analysis.duration_s))


def _present_part(heard: HeardAnswer) -> Iterator[Finding]:
    """A part that was there, the weightiest first."""
    if heard.is_hardly_there:
        return
    for part, _ in sorted(heard.present, key=lambda entry: -entry[0].target_share_max):
        yield Finding("present_part", part_values(part), quoting_first(heard.sentences_of(part.name)), part.name)


RULES: Final[tuple[Callable[[HeardAnswer], Iterator[Finding]], ...]] = (
    _quantified,
    _trade_off,
    _options,
    _decision,
    _own_part,
    _scoped,
    _checked,
    _complete,
    _covered,
    _balanced,
    _few_fillers,
    _steady,
    _on_target,
    _present_part,
)
"""The order of preference."""
