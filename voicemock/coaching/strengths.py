"""Finds the one thing to praise. Every strength rests on the analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from voicemock.coaching.findings import (
    NO_ANSWERS,
    NOTHING_FOUND,
    Finding,
    HeardAnswer,
    length_values,
    pace_values,
    share_values,
)
from voicemock.coaching.judgment import judged_strengths
from voicemock.coaching.quoting import quoting_first
from voicemock.coaching.spoken_numbers import in_words

FEW_FILLERS: Final = 2.0
"""Filled pauses per 100 words. About a quarter of people stay below (387 AMI monologues: p10 0.9, median 4.7)."""
STEADY_WORDS_PER_MINUTE: Final = (126.0, 180.0)
"""From the slowest tenth to somewhat above the median (387 AMI monologues: p10 126, median 161, p90 197)."""
_STEADY_FROM_S: Final = 30.0
"""A shorter answer has no pace to speak of."""
_TAKES_PARTS: Final = frozenset(
    {
        *("coordinator", "overcomplicated", "tool_list", "no_story", "two_stories", "opposite", "platitudes"),
        *("wandering", "jumbled", "jargon", "buried_result", "repeating"),
    }
)
"""Priorities next to which having all the parts is no praise."""
_OVERLAPS: Final[Mapping[str, frozenset[str]]] = {
    "missing_part": frozenset({"complete"}),
    "missing_result": frozenset({"complete"}),
    "no_own_action": frozenset({"complete"}),
    "buried_result": frozenset({"quantified"}),
    "number_in_background": frozenset({"quantified"}),
    "no_number": frozenset({"quantified"}),
    "no_numbers": frozenset({"quantified", "sized"}),
    "no_size": frozenset({"quantified", "sized"}),
    "implausible": frozenset({"quantified", "sized"}),
    "coordinator": frozenset({"own_part", "trade_off", "options"}),
    "jargon": frozenset({"trade_off"}),
    "overcomplicated": frozenset({"trade_off", "scoped"}),
    "no_story": frozenset({"own_part"}),
    "hedges": frozenset({"own_part", "few_fillers"}),
    "markers": frozenset({"few_fillers"}),
    "jumbled": frozenset({"scoped"}),
    "no_options": frozenset({"options"}),
    "one_lever": frozenset({"options"}),
    "no_decision": frozenset({"reasoned"}),
    "no_trade_off": frozenset({"trade_off"}),
    "escalation_only": frozenset({"escalated_well", "mitigation", "re_scoped", "persuaded"}),
    "blame": frozenset({"owned_mistake", "credit"}),
    "contempt": frozenset({"credit"}),
    "sole_credit": frozenset({"credit"}),
}
"""Strengths that a priority contradicts, or that would quote the same words."""
_OF_A_PART: Final[Mapping[str, frozenset[str]]] = {
    "assess": frozenset({"data", "sized"}),
    "mitigate": frozenset({"mitigation", "re_scoped"}),
    "negotiate": frozenset({"persuaded"}),
    "communicate": frozenset({"told_early"}),
    "scale": frozenset({"scaled"}),
    "failure": frozenset({"failure_handled"}),
    "metrics": frozenset({"metrics"}),
    "measure": frozenset({"metrics"}),
    "example": frozenset({"apt_example"}),
    "limits": frozenset({"honest_limits"}),
    "workstreams": frozenset({"owners_named"}),
}
"""Strengths that cannot be where this part is missing."""
_TOLD_OF_PARTS: Final = frozenset({"complete", "balanced"})
_DELIVERY: Final = frozenset({"few_fillers", "steady"})
"""No praise for delivery where hardly anything was delivered."""
_NOTHING_TO_DELIVER: Final = frozenset({"no_story", "brief"})
_NO_FAULT_OF_WORDS: Final = NOTHING_FOUND | {"a_little_long", "heavy_part", "number_in_background"}
"""Priorities that quote a place to stay or to move on, not words that are wrong."""


def find_strength(heard: HeardAnswer, priorities: tuple[Finding, ...]) -> Finding | None:
    """Return the one thing to praise; None if there is none, or if the question was not answered."""
    if any(priority.name in NO_ANSWERS for priority in priorities):
        return None
    taken = {name for priority in priorities for name in _OVERLAPS.get(priority.name, ())}
    parts = {priority.part for priority in priorities if priority.part}
    missing = [priority.part for priority in priorities if priority.name == "missing_part"]
    taken |= {name for part in missing for name in _OF_A_PART.get(part or "", ())}
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


def _complete(heard: HeardAnswer) -> Iterator[Finding]:
    """Every part was surely there."""
    if heard.present and not heard.missing and not heard.is_brief and _all_surely_told(heard):
        yield Finding("complete", {"parts": heard.part_names})


def _all_surely_told(heard: HeardAnswer) -> bool:
    table = heard.table
    return table is None or all(any(map(table.is_there, part.evidence)) for part in heard.framework.parts)


def _balanced(heard: HeardAnswer) -> Iterator[Finding]:
    """The part that matters most got the time it deserves."""
    main = max(heard.framework.parts, key=lambda part: part.target_share_max)
    share = heard.share_of(main.name)
    if heard.is_brief:
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


RULES: Final[tuple[Callable[[HeardAnswer], Iterator[Finding]], ...]] = (
    judged_strengths,
    _complete,
    _balanced,
    _few_fillers,
    _steady,
    _on_target,
)
"""The order of preference."""
