"""What went well, the most convincing first. Nothing is praised that the analysis does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from voicemock.feedback.content import covered_values
from voicemock.feedback.findings import (
    Finding,
    Heard,
    length_values,
    pace_values,
    part_values,
    quoting,
    quoting_first,
    quoting_remark,
    said,
    share_values,
)
from voicemock.feedback.numerals import enumerate_words, in_words

FEW_FILLERS: Final = 2.0
"""Filled pauses per 100 words; about a quarter of people stay below (387 AMI monologues: p10 0.9, median 4.7)."""

STEADY_WORDS_PER_MINUTE: Final = (126.0, 180.0)
"""From the slowest tenth to somewhat above the middle (387 AMI monologues: p10 126, median 161, p90 197)."""

WELL_COVERED: Final = 0.75
"""Share of the expected moves from which an answer covers its subject: our choice."""

_STEADY_FROM_S: Final = 30.0
"""A pace over a shorter stretch is no pace yet."""

_TAKES_PARTS: Final = frozenset({"coordinator", "overcomplicated", "uncovered"})
"""Where one of these is to fix, it is no praise that a part was there."""

_OVERLAPS: Final = {"buried_result": "quantified"}
"""A strength that would quote the same words as a priority."""


def find_strength(heard: Heard, priorities: tuple[Finding, ...]) -> Finding | None:
    """Return the one thing to praise, or None; never what a priority takes back, nor where nothing was answered."""
    if heard.is_no_answer:
        return None
    taken = {_OVERLAPS.get(priority.name) for priority in priorities}
    parts = {priority.part for priority in priorities if priority.part}
    if any(priority.name in _TAKES_PARTS for priority in priorities):
        taken.add("present_part")
    findings = (finding for rule in RULES for finding in rule(heard))
    return next((f for f in findings if f.name not in taken and f.part not in parts), None)


def _quantified(heard: Heard) -> Iterator[Finding]:
    """An outcome with a number, the last one where there are several."""
    for outcome in reversed(heard.told_outcomes):
        sentence = next((s for s in heard.sentences if s.start_char <= outcome.start_char < s.end_char), None)
        evidence = quoting(sentence, focus=(outcome.start_char, outcome.end_char))
        yield Finding("quantified", {"number": " ".join(outcome.text.split())}, evidence)


def _trade_off(heard: Heard) -> Iterator[Finding]:
    """A choice with its price: what interviewers of technical program managers listen for."""
    substance = heard.analysis.substance
    if substance is None or heard.is_brief:
        return
    kinds = Counter(remark.kind for remark in said(substance.remarks))
    if kinds["trade_off"] and kinds["decision"]:
        remark = next(remark for remark in said(substance.remarks) if remark.kind == "trade_off")
        yield Finding("trade_off", {}, quoting_remark(heard, remark))


def _covered(heard: Heard) -> Iterator[Finding]:
    """Most of what such an answer is expected to cover."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.is_brief or coverage.covered < WELL_COVERED * coverage.expected:
        return
    titles = [item.title for item in coverage.items if item.expected and item.covered][:3]
    named = enumerate_words(tuple(title[0].lower() + title[1:] for title in titles))
    yield Finding("covered", covered_values(coverage) | {"titles": named})


def _complete(heard: Heard) -> Iterator[Finding]:
    """Every part was there."""
    if heard.present and not heard.missing and not heard.is_brief:
        yield Finding("complete", {"parts": heard.part_names})


def _balanced(heard: Heard) -> Iterator[Finding]:
    """The part that matters most got the time it deserves."""
    main = max(heard.framework.parts, key=lambda part: part.target_share_max)
    share = next((measured.share for part, measured in heard.present if part is main), None)
    if share is None or heard.is_brief:
        return
    if main.target_share_min <= share <= main.target_share_max:
        evidence = quoting_first(heard.sentences_of(main.name))
        yield Finding("balanced", share_values(heard, main, share), evidence, main.name)


def _few_fillers(heard: Heard) -> Iterator[Finding]:
    """Hardly an um. Only of speech that was heard well: who writes an answer down leaves them out."""
    rate = heard.per_hundred_words(heard.filled_pauses)
    if rate is None or rate >= FEW_FILLERS or not heard.is_spoken or heard.is_poorly_heard:
        return
    count = len(heard.filled_pauses)
    said = {0: "not a single um or uh", 1: "only one um or uh"}.get(count, f"only {in_words(count)} ums and uhs")
    written = "1 filled pause" if count == 1 else f"{count or 'no'} filled pauses"
    yield Finding("few_fillers", {"count": written, "few_spoken": said, "rate": f"{rate:.1f}"})


def _steady(heard: Heard) -> Iterator[Finding]:
    """A pace that is easy to follow."""
    words_per_minute, duration_s = heard.analysis.words_per_minute, heard.analysis.duration_s
    if words_per_minute is None or duration_s is None or duration_s < _STEADY_FROM_S:
        return
    if STEADY_WORDS_PER_MINUTE[0] <= words_per_minute <= STEADY_WORDS_PER_MINUTE[1]:
        yield Finding("steady", pace_values(words_per_minute))


def _on_target(heard: Heard) -> Iterator[Finding]:
    """The length that was asked for."""
    if heard.analysis.length == "on_target" and heard.analysis.duration_s is not None:
        yield Finding("on_target", length_values(heard, heard.analysis.duration_s))


def _present_part(heard: Heard) -> Iterator[Finding]:
    """A part that was there, the weightiest first; a handful of words is no part to praise."""
    if heard.is_hardly_there:
        return
    for part, _ in sorted(heard.present, key=lambda entry: -entry[0].target_share_max):
        yield Finding("present_part", part_values(part), quoting_first(heard.sentences_of(part.name)), part.name)


RULES: Final[tuple[Callable[[Heard], Iterator[Finding]], ...]] = (
    _quantified,
    _trade_off,
    _complete,
    _covered,
    _balanced,
    _few_fillers,
    _steady,
    _on_target,
    _present_part,
)
"""The order of preference."""
