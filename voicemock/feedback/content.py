"""What to fix in what was said: plans, coordinator talk, "we" in actions, jargon and the like.

Each rule yields what it finds; ``priorities`` puts them in the order of importance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.feedback.cues import load_cues
from voicemock.feedback.findings import (
    ACTION,
    Finding,
    HeardAnswer,
    counted,
    extent,
    quoting,
    quoting_first,
    quoting_remark,
    said,
)
from voicemock.feedback.numerals import enumerate_words, in_words
from voicemock.models import Sentence

COORDINATION: Final = "coordination"
RISK: Final = "risk"
"""Kept in a register it is one more list."""
COORDINATION_FROM: Final = 4
"""Sentences of coordination alone from which it is the picture and not a detail."""
COORDINATION_SHARE: Final = 0.6
"""Of all sentences that show anything: more than half must be coordination."""
COORDINATION_OF_ALL: Final = 0.25
"""Of everything that is said, the rest included that shows nothing."""
COMPLEX_FROM: Final = 2
"""One large word early on is a slip; two are a habit."""
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
HEDGES_FROM: Final = 4
HEDGES_PER_HUNDRED: Final = 1.5
HEDGES_AT_MOST: Final = 4.5
NAMES_FROM: Final = 8
NAMES_PER_HUNDRED: Final = 5.0
"""Names among 100 words: lists of products have 10 to 20, designs that say what their parts do have less than 3."""
FEW_NAMES: Final = 0.65
"""A handful of terms is not as bad as nothing but names."""
NAME: Final = re.compile(r"(?<![\w-])(?:[A-Z][\w+]+|[a-z]+[A-Z]\w*)(?![\w-]|')")
INNER_CAPITALS: Final = re.compile(r"(?<![\w-])\w+[A-Z]\w*(?![\w-]|')")
CAPITALIZED: Final = frozenset(
    (
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March"),
        *("April", "May", "June", "July", "August", "September", "October", "November", "December", "English"),
    )
)
JARGON_FROM: Final = 3
"""A guest word or two are understood from the rest."""


def hypothetical(heard: HeardAnswer) -> Iterator[Finding]:
    """Tell how one would do it where the question asks what one did."""
    if heard.framework.name != "star" or not heard.analysis.structure:
        return
    cues = load_cues()
    planned = [clause.sentence for clause in heard.clauses if cues.hears("planned", clause)]
    told = [c for c in heard.clauses if not cues.hears("planned", c) and cues.hears("told", c)]
    share = len(planned) / max(1, len(planned) + len(told))
    if len(planned) >= PLANNED_FROM and share >= PLANNED_SHARE:
        yield Finding("hypothetical", {}, quoting_first(planned), "situation", extent(share, PLANNED_SHARE, 1.0))


def coordinator_talk(heard: HeardAnswer) -> Iterator[Finding]:
    """Meetings, notes and status, and hardly a decision, a trade-off or a risk."""
    substance = heard.analysis.substance
    if substance is None or heard.is_brief or heard.framework.name == "design":
        return
    shown = {remark.start_char: remark for remark in said(substance.remarks)}
    arranging, more = [], 0
    acting = [c for c in heard.clauses if heard.framework.name != "star" or c.sentence.part in (ACTION, None)]
    for clause in acting:
        sentence = clause.sentence
        kinds = {r.kind for start, r in shown.items() if sentence.start_char <= start < sentence.end_char}
        arranges = COORDINATION in kinds or load_cues().hears("arranging", clause)
        if kinds - ({COORDINATION, RISK} if arranges else {COORDINATION}):
            more += 1
        elif arranges:
            arranging.append(sentence)
    share = len(arranging) / max(1, len(arranging) + more)
    of_all = len(arranging) / max(1, len(acting))
    if len(arranging) >= COORDINATION_FROM and share >= COORDINATION_SHARE and of_all >= COORDINATION_OF_ALL:
        much = extent(of_all, COORDINATION_OF_ALL, 0.7)
        yield Finding("coordinator", counted(len(arranging)), quoting(arranging[0]), ACTION, much)


def overcomplicated(heard: HeardAnswer) -> Iterator[Finding]:
    """A design that is hard to build before a simple one stands."""
    early = said(heard.analysis.early_complexity)
    if len(early) >= COMPLEX_FROM:
        values = {"things": enumerate_words(tuple(remark.text.lower() for remark in early[:3]))}
        yield Finding("overcomplicated", values, quoting_remark(heard, early[0]), extent=extent(len(early), 2, 5))


def we_in_actions(heard: HeardAnswer) -> Iterator[Finding]:
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


def passive_actions(heard: HeardAnswer) -> Iterator[Finding]:
    """Actions that nobody does."""
    if heard.framework.name == "design":
        return
    found = said(remark for remark in heard.analysis.weak_language if remark.kind == "passive")
    starts = [remark.start_char for remark in found]
    clauses = [clause.sentence for clause in heard.clauses]
    passive = [s for s in clauses if any(s.start_char <= start < s.end_char for start in starts)]
    ownership = heard.analysis.ownership
    if ownership is not None and ownership.i + ownership.we < NOBODY_ACTS * len(clauses):
        passive = [s for s in clauses if s in passive or PASSIVE.search(s.text)]
        much = 1.0
    else:
        much = extent(len(passive), PASSIVES_FROM, 6) / 2
    if len(passive) >= PASSIVES_FROM:
        yield Finding("passive", counted(len(passive)), quoting(passive[0]), ACTION, much)


def hedging(heard: HeardAnswer) -> Iterator[Finding]:
    """Words that make less of what was done."""
    found = said(remark for remark in heard.analysis.weak_language if remark.kind != "passive")
    rate = 100 * len(found) / heard.analysis.word_count if heard.analysis.word_count else 0.0
    if len(found) >= HEDGES_FROM and rate >= HEDGES_PER_HUNDRED:
        words = list(dict.fromkeys(remark.text.lower() for remark in found))[:3]
        values = counted(len(found)) | {"words": ", ".join(f'"{word}"' for word in words)}
        much = extent(rate, HEDGES_PER_HUNDRED, HEDGES_AT_MOST)
        yield Finding("hedges", values, quoting_remark(heard, found[0]), extent=much)


def unexplained_jargon(heard: HeardAnswer) -> Iterator[Finding]:
    """Technical terms without a word on what they do, or hardly anything but names."""
    found = said(heard.analysis.jargon)
    names = tuple(_names(heard))
    if len(names) >= NAMES_FROM and 100 * len(names) >= NAMES_PER_HUNDRED * heard.analysis.word_count:
        values = {"terms": enumerate_words(tuple(name for name, _ in names[:4]))}
        yield Finding("jargon", values, quoting(names[0][1]), extent=1.0)
    elif len(found) >= JARGON_FROM:
        terms = tuple(remark.text for remark in found[:4])
        values = {"terms": enumerate_words(terms)}
        much = extent(len(found), JARGON_FROM, 8) * FEW_NAMES
        yield Finding("jargon", values, quoting_remark(heard, found[0]), extent=much)


def _names(heard: HeardAnswer) -> Iterator[tuple[str, Sentence]]:
    """Yield each product, protocol and abbreviation once, by its capitals.

    In a story, where people have names, only those with capitals inside.
    """
    known = {*Lexicon.load().known_abbreviations, *CAPITALIZED}
    pattern = INNER_CAPITALS if heard.framework.name == "star" else NAME
    for sentence in heard.sentences:
        for word in pattern.finditer(sentence.text, 1):  # the first one has a capital anyway
            if word[0] not in known:
                known.add(word[0])
                yield word[0], sentence
