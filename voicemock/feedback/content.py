"""What to fix in what was said: not an answer, coordinator talk, "we" in actions, jargon and the like.

Each rule yields what it finds; ``priorities`` puts them in the order of importance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.rambling import stem
from voicemock.analysis.statements import statement_of
from voicemock.feedback.cues import load_cues
from voicemock.feedback.findings import (
    ACTION,
    Finding,
    Heard,
    counted,
    extent,
    quoting,
    quoting_first,
    quoting_remark,
    said,
    strong_point,
)
from voicemock.feedback.numerals import enumerate_words, in_words
from voicemock.feedback.quoting import Evidence
from voicemock.models import Coverage

COORDINATION: Final = "coordination"
COORDINATION_FROM: Final = 4
"""Sentences of coordination alone from which it is the picture and not a detail."""
COORDINATION_SHARE: Final = 0.6
"""Of all sentences that show anything: more than half must be coordination."""
COORDINATION_OF_ALL: Final = 0.25
"""Of everything that is said, the rest included that shows nothing."""
COMPLEX_FROM: Final = 2
"""One large word early on is a slip; two are a habit."""
COVERED_ENOUGH: Final = 0.3
"""Share of the expected points below which the gaps are what to work on; half of what is said in plain words is not
recognized (docs/accuracy.md), so that a good answer may show 40 %."""
COVERS_FROM_WORDS: Final = 120
"""A shorter answer cannot cover them, and hears that it is short."""
PLANNED_FROM: Final = 3
PLANNED_SHARE: Final = 0.6
"""Of the sentences that tell or plan: a story has a plan in it, but it is not one."""
WE_FROM: Final = 4
WE_SHARE: Final = 0.7
"""Two of three actions by "we" are still a team with somebody in it."""
PASSIVES_FROM: Final = 3
NOBODY_ACTS: Final = 0.15
""""I" and "we" a sentence: with less nobody does anything, and every passive is looked at."""
PASSIVE: Final = re.compile(
    r"\b(?:be|been|being|was|were|is|are|gets?|got)\s+(?:\w+ly\s+)?\w+(?:ed|en|wn|ught|ne)\b", re.IGNORECASE
)
DECLINED_WORDS: Final = 90
"""A longer answer has an answer in it."""
INSULTS_FROM: Final = 2
INSULTING_WORDS: Final = 200
BESIDE_FROM_WORDS: Final = 40
BESIDE_SENTENCES: Final = 2
MOVES_BESIDE: Final = 1
"""So many moves of a checklist are found in anything: "I have two cats" has a number in it."""
FOREIGN_FROM_WORDS: Final = 8
FOREIGN_SHARE: Final = 0.15
"""English talk has next to none; German, French, Spanish, Italian and Portuguese have a quarter or more."""
READ_FROM_WORDS: Final = 8
READ_SHARE: Final = 0.85
WORD_OF_CONTENT: Final = 4
"""Letters from which a word is looked at."""
UNTOUCHED_FROM: Final = 2
TOUCHED_ENOUGH: Final = 0.27
"""Share of the words of a strong answer's points that were said; the good answers of bench/data say 0.4."""
HEDGES_FROM: Final = 4
HEDGES_PER_HUNDRED: Final = 1.5
JARGON_FROM: Final = 3
"""A guest word or two are understood from the rest."""


def not_an_answer(heard: Heard) -> Iterator[Finding]:
    """The words do not answer the question."""
    relevance = heard.analysis.relevance
    if relevance is None or not heard.is_no_answer:
        yield from _foreign(heard)
        yield from _declined(heard)
        yield from _insulting(heard)
        yield from _question_read(heard)
        yield from _beside_the_question(heard)
        return
    if relevance.start_char is None or relevance.end_char is None:
        yield Finding(relevance.kind)
    else:
        yield Finding(relevance.kind, {}, Evidence(relevance.start_char, relevance.end_char, relevance.start_s))


def _foreign(heard: Heard) -> Iterator[Finding]:
    """Everyday words of another language, and hardly any English ones beside them."""
    words = [word for sentence in heard.sentences for word in re.findall(r"[^\W\d_]+", sentence.text.lower())]
    foreign = sum(word in load_cues().foreign for word in words)
    if len(words) >= FOREIGN_FROM_WORDS and foreign >= FOREIGN_SHARE * len(words):
        yield Finding("other_language", {}, quoting_first(heard.sentences))


def _declined(heard: Heard) -> Iterator[Finding]:
    """Some words about having no answer, and none after them."""
    if heard.analysis.word_count <= DECLINED_WORDS and not heard.analysis.quantified_results:
        declined = [sentence for sentence in heard.sentences if load_cues().hears("declines", sentence.text)]
        others = sum(len(s.text.split()) for s in heard.sentences if s not in declined)
        if declined and others <= DECLINED_WORDS / 2:
            yield Finding("no_answer", {}, quoting_first(declined))


def _insulting(heard: Heard) -> Iterator[Finding]:
    """More than one insult; a single one in a longer answer may be somebody else's."""
    book = Lexicon.load().hostile
    insults = [sentence for sentence in heard.sentences if book.find(statement_of(sentence.text))]
    if len(insults) >= INSULTS_FROM and heard.analysis.word_count <= INSULTING_WORDS:
        yield Finding("hostile", {}, quoting_first(insults))


def _question_read(heard: Heard) -> Iterator[Finding]:
    """Nothing that was not in the question."""
    if heard.question is None or heard.analysis.word_count > 3 * len(heard.question.text.split()):
        return
    asked = set(re.findall(r"[a-z]+", heard.question.text.lower()))
    words = [w for s in heard.sentences for w in re.findall(r"[a-z]+", s.text.lower()) if len(w) >= WORD_OF_CONTENT]
    if len(words) >= READ_FROM_WORDS and sum(word in asked for word in words) >= READ_SHARE * len(words):
        yield Finding("question_read", {}, quoting_first(heard.sentences))


def _beside_the_question(heard: Heard) -> Iterator[Finding]:
    """Hardly a word of the question or of a strong answer to it, and nothing that such an answer is made of."""
    question, analysis = heard.question, heard.analysis
    if question is None or analysis.relevance is None or analysis.word_count < BESIDE_FROM_WORDS:
        return
    subject = frozenset().union(*(content_words(text) for text in (question.text, *question.strong_answer)))
    shared = sum(bool(content_words(sentence.text) & subject) for sentence in heard.sentences)
    if analysis.coverage is not None:
        is_beside = analysis.coverage.covered <= MOVES_BESIDE and shared <= BESIDE_SENTENCES
    else:
        is_beside = analysis.relevance.kind == "unclear" and shared <= 1
    if is_beside:
        yield Finding("off_topic", {}, quoting_first(heard.sentences))


def left_out(heard: Heard) -> Iterator[Finding]:
    """What a strong answer to this very question does, and of which not a word was said."""
    question = heard.question
    if question is None or heard.framework.name == "star" or heard.is_brief or not question.wants_a_whole_answer:
        return
    answer = frozenset().union(*(content_words(sentence.text) for sentence in heard.sentences))
    touched = [len(content_words(p) & answer) / max(1, len(content_words(p))) for p in question.strong_answer]
    untouched = [p for p, share in zip(question.strong_answer, touched, strict=True) if not share]
    if len(untouched) >= UNTOUCHED_FROM and sum(touched) / len(touched) <= TOUCHED_ENOUGH:
        values = {"untouched": strong_point(question, untouched[0])}
        yield Finding("left_out", values, extent=extent(len(untouched) / len(touched), 0.3, 1.0))


def content_words(text: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    stop_words = Lexicon.load().stop_words
    return frozenset(stem(word.text) for word in statement_of(text).words if word.text not in stop_words)


def hypothetical(heard: Heard) -> Iterator[Finding]:
    """Tell how one would do it where the question asks what one did."""
    if heard.framework.name != "star" or not heard.analysis.structure:
        return
    cues = load_cues()
    planned = [s for s in heard.clauses if cues.hears("planned", s.text)]
    told = [s for s in heard.clauses if s not in planned and cues.hears("told", s.text)]
    share = len(planned) / max(1, len(planned) + len(told))
    if len(planned) >= PLANNED_FROM and share >= PLANNED_SHARE:
        yield Finding("hypothetical", {}, quoting_first(planned), "situation", extent(share, PLANNED_SHARE, 1.0))


def coordinator_talk(heard: Heard) -> Iterator[Finding]:
    """Meetings, notes and status, and hardly a decision, a trade-off or a risk."""
    substance = heard.analysis.substance
    if substance is None or heard.is_brief or heard.framework.name == "design":
        return
    shown = {remark.start_char: remark for remark in said(substance.remarks)}
    arranging, more = [], 0
    acting = [s for s in heard.clauses if heard.framework.name != "star" or s.part in (ACTION, None)]
    for sentence in acting:
        kinds = {r.kind for start, r in shown.items() if sentence.start_char <= start < sentence.end_char}
        if kinds - {COORDINATION}:
            more += 1
        elif kinds or load_cues().hears("arranging", sentence.text):
            arranging.append(sentence)
    share = len(arranging) / max(1, len(arranging) + more)
    of_all = len(arranging) / max(1, len(acting))
    if len(arranging) >= COORDINATION_FROM and share >= COORDINATION_SHARE and of_all >= COORDINATION_OF_ALL:
        much = extent(of_all, COORDINATION_OF_ALL, 0.7)
        yield Finding("coordinator", counted(len(arranging)), quoting(arranging[0]), ACTION, much)


def overcomplicated(heard: Heard) -> Iterator[Finding]:
    """A design that is hard to build before a simple one stands."""
    early = said(heard.analysis.early_complexity)
    if len(early) >= COMPLEX_FROM:
        values = {"things": enumerate_words(tuple(remark.text.lower() for remark in early[:3]))}
        yield Finding("overcomplicated", values, quoting_remark(heard, early[0]), extent=extent(len(early), 2, 5))


def uncovered(heard: Heard) -> Iterator[Finding]:
    """Many of the moves and trade-offs that such an answer needs were not made."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.analysis.word_count < COVERS_FROM_WORDS:
        return
    if coverage.covered >= COVERED_ENOUGH * coverage.expected:
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
    if heard.framework.name == "design":
        return
    found = said(remark for remark in heard.analysis.weak_language if remark.kind == "passive")
    starts = [remark.start_char for remark in found]
    passive = [s for s in heard.clauses if any(s.start_char <= start < s.end_char for start in starts)]
    ownership = heard.analysis.ownership
    if ownership is not None and ownership.i + ownership.we < NOBODY_ACTS * len(heard.clauses):
        passive = [s for s in heard.clauses if s in passive or PASSIVE.search(s.text)]
        much = 1.0
    else:
        much = extent(len(passive), PASSIVES_FROM, 6) / 2
    if len(passive) >= PASSIVES_FROM:
        yield Finding("passive", counted(len(passive)), quoting(passive[0]), ACTION, much)


def hedging(heard: Heard) -> Iterator[Finding]:
    """Words that make less of what was done."""
    found = said(remark for remark in heard.analysis.weak_language if remark.kind != "passive")
    rate = 100 * len(found) / heard.analysis.word_count if heard.analysis.word_count else 0.0
    if len(found) >= HEDGES_FROM and rate >= HEDGES_PER_HUNDRED:
        words = list(dict.fromkeys(remark.text.lower() for remark in found))[:3]
        values = counted(len(found)) | {"words": ", ".join(f'"{word}"' for word in words)}
        yield Finding("hedges", values, quoting_remark(heard, found[0]), extent=extent(rate, HEDGES_PER_HUNDRED, 6.0))


def unexplained_jargon(heard: Heard) -> Iterator[Finding]:
    """Technical terms without a word on what they do."""
    found = said(heard.analysis.jargon)
    if len(found) >= JARGON_FROM:
        terms = tuple(remark.text for remark in found[:4])
        values = {"terms": enumerate_words(terms)}
        yield Finding("jargon", values, quoting_remark(heard, found[0]), extent=extent(len(found), JARGON_FROM, 8))


def covered_values(coverage: Coverage) -> dict[str, str]:
    """Return how much of a checklist was covered."""
    return {
        "covered": str(coverage.covered),
        "expected": str(coverage.expected),
        "covered_spoken": in_words(coverage.covered),
        "expected_spoken": in_words(coverage.expected),
    }
