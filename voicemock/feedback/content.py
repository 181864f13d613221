"""What to fix in what was said: not an answer, coordinator talk, "we" in actions, jargon and the like.

Each rule yields what it finds; ``priorities`` puts them in the order of importance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voicemock.feedback.cues import load_cues
from voicemock.feedback.findings import (
    ACTION,
    Finding,
    Heard,
    extent,
    quoting,
    quoting_first,
    quoting_last,
    quoting_remark,
    said,
)
from voicemock.feedback.numerals import enumerate_words, in_words
from voicemock.feedback.quoting import Evidence
from voicemock.models import Coverage

COORDINATION_FROM: Final = 4
"""Sentences of coordination alone from which it is the picture and not a detail."""
COORDINATION_SHARE: Final = 0.6
"""Of all sentences that show anything: more than half must be coordination."""
COMPLEX_FROM: Final = 2
"""One large word early on is a slip; two are a habit."""
COVERED_ENOUGH: Final = 0.3
"""Share of the expected points below which the gaps are what to work on; half of what is said in plain words is not
recognized (docs/accuracy.md), so that a good answer may show 40 %."""
PLANNED_FROM: Final = 3
PLANNED_SHARE: Final = 0.6
"""Of the sentences that tell or plan: a story has a plan in it, but it is not one."""
WE_FROM: Final = 4
WE_SHARE: Final = 0.7
"""Two of three actions by "we" are still a team with somebody in it."""
PASSIVES_FROM: Final = 3
REPEATED_FROM: Final = 2
HEDGES_FROM: Final = 4
HEDGES_PER_HUNDRED: Final = 1.5
JARGON_FROM: Final = 3
"""A guest word or two are understood from the rest."""
LANDING_FROM_WORDS: Final = 100
"""A shorter answer needs no ending of its own."""


def not_an_answer(heard: Heard) -> Iterator[Finding]:
    """The words do not answer the question."""
    relevance = heard.analysis.relevance
    if relevance is None:
        return
    if relevance.start_char is None or relevance.end_char is None:
        yield Finding(relevance.kind)
    else:
        yield Finding(relevance.kind, {}, Evidence(relevance.start_char, relevance.end_char, relevance.start_s))


def hypothetical(heard: Heard) -> Iterator[Finding]:
    """Tell how one would do it where the question asks what one did."""
    if heard.framework.name != "star" or not heard.analysis.structure:
        return
    cues = load_cues()
    planned = [s for s in heard.sentences if cues.hears("planned", s.text)]
    told = [s for s in heard.sentences if s not in planned and cues.hears("told", s.text)]
    share = len(planned) / max(1, len(planned) + len(told))
    if len(planned) >= PLANNED_FROM and share >= PLANNED_SHARE:
        yield Finding("hypothetical", {}, quoting_first(planned), "situation", extent(share, PLANNED_SHARE, 1.0))


def coordinator_talk(heard: Heard) -> Iterator[Finding]:
    """Meetings, notes and status, and hardly a decision, a trade-off or a risk."""
    substance = heard.analysis.substance
    if substance is None or heard.is_brief or heard.framework.name == "design":
        return
    remarks = said(remark for remark in substance.remarks if remark.kind == "coordination")
    share = substance.coordination_share or 0.0
    if len(remarks) >= COORDINATION_FROM and share >= COORDINATION_SHARE:
        surest = max(remarks, key=lambda remark: remark.confidence)
        much = extent(share, COORDINATION_SHARE, 1.0)
        yield Finding("coordinator", _counts(len(remarks)), quoting_remark(heard, surest), ACTION, much)


def overcomplicated(heard: Heard) -> Iterator[Finding]:
    """A design that is hard to build before a simple one stands."""
    early = said(heard.analysis.early_complexity)
    if len(early) >= COMPLEX_FROM:
        values = {"things": enumerate_words(tuple(remark.text.lower() for remark in early[:3]))}
        yield Finding("overcomplicated", values, quoting_remark(heard, early[0]), extent=extent(len(early), 2, 5))


def uncovered(heard: Heard) -> Iterator[Finding]:
    """Many of the moves and trade-offs that such an answer needs were not made."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.is_brief or coverage.covered >= COVERED_ENOUGH * coverage.expected:
        return
    missing = [item for item in coverage.items if item.name in coverage.missing]
    values = covered_values(coverage) | {
        "missing": enumerate_words(tuple(item.title[0].lower() + item.title[1:] for item in missing[:4])),
        "first": missing[0].say,
    }
    yield Finding("uncovered", values, extent=extent(-coverage.covered / coverage.expected, -COVERED_ENOUGH, 0.0))


def we_in_actions(heard: Heard) -> Iterator[Finding]:
    """Say "we" in what was done, and nobody knows who did it; elsewhere it is fine."""
    ownership = heard.analysis.ownership
    if ownership is None or heard.framework.name != "star":
        return
    acts = next((each for each in ownership.by_part if each.part == ACTION), None)
    if acts is None or acts.we < WE_FROM or (acts.we_share or 0.0) < WE_SHARE:
        return
    words = (" we ", " we'", "we\u2019")
    with_we = [s for s in heard.sentences_of(ACTION) if any(word in f" {s.text.lower()} " for word in words)]
    values = {"we": str(acts.we), "we_spoken": in_words(acts.we), "i": str(acts.i)}
    yield Finding("we_in_actions", values, quoting_first(with_we), ACTION, extent(acts.we_share or 0.0, WE_SHARE, 1.0))


def passive_actions(heard: Heard) -> Iterator[Finding]:
    """Actions that nobody does."""
    found = said(remark for remark in heard.analysis.weak_language if remark.kind == "passive")
    if len(found) >= PASSIVES_FROM and heard.framework.name == "star":
        much = extent(len(found), PASSIVES_FROM, 6)
        yield Finding("passive", _counts(len(found)), quoting_remark(heard, found[0]), ACTION, much)


def repeating(heard: Heard) -> Iterator[Finding]:
    """The same thing said again."""
    rambling = heard.analysis.rambling
    if rambling is None or len(rambling.repeated) < REPEATED_FROM:
        return
    again = max(rambling.repeated, key=lambda repetition: repetition.overlap)
    sentence = next((s for s in heard.sentences if s.start_char == again.start_char), None)
    much = extent(len(rambling.repeated), REPEATED_FROM, 6)
    yield Finding("repeating", _counts(len(rambling.repeated)), quoting(sentence), extent=much)


def hedging(heard: Heard) -> Iterator[Finding]:
    """Words that make less of what was done."""
    found = said(remark for remark in heard.analysis.weak_language if remark.kind != "passive")
    rate = 100 * len(found) / heard.analysis.word_count if heard.analysis.word_count else 0.0
    if len(found) >= HEDGES_FROM and rate >= HEDGES_PER_HUNDRED:
        words = list(dict.fromkeys(remark.text.lower() for remark in found))[:3]
        values = _counts(len(found)) | {"words": ", ".join(f'"{word}"' for word in words)}
        yield Finding("hedges", values, quoting_remark(heard, found[0]), extent=extent(rate, HEDGES_PER_HUNDRED, 6.0))


def unexplained_jargon(heard: Heard) -> Iterator[Finding]:
    """Technical terms without a word on what they do."""
    found = said(heard.analysis.jargon)
    if len(found) >= JARGON_FROM:
        terms = tuple(remark.text for remark in found[:4])
        values = {"terms": enumerate_words(terms)}
        yield Finding("jargon", values, quoting_remark(heard, found[0]), extent=extent(len(found), JARGON_FROM, 8))


def no_landing(heard: Heard) -> Iterator[Finding]:
    """An answer that fades out."""
    rambling = heard.analysis.rambling
    last_part = heard.framework.parts[-1].name
    ends = any(part.name == last_part for part in heard.missing)
    if rambling is None or rambling.landing is not None or ends or not heard.present:
        return
    if heard.analysis.word_count >= LANDING_FROM_WORDS:
        yield Finding("no_landing", {}, quoting_last(heard.sentences))


def covered_values(coverage: Coverage) -> dict[str, str]:
    """Return how much of a checklist was covered."""
    return {
        "covered": str(coverage.covered),
        "expected": str(coverage.expected),
        "covered_spoken": in_words(coverage.covered),
        "expected_spoken": in_words(coverage.expected),
    }


def _counts(number: int) -> dict[str, str]:
    return {"count": str(number), "count_spoken": in_words(number)}
