"""Rules for what was said: plans told as stories, coordinator talk, "we", jargon, and the result of a story.

Each rule yields the findings it describes; ``priorities`` ranks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voicemock.analysis.figures import find_sizes, has_figure
from voicemock.analysis.lexicon import Lexicon
from voicemock.coaching.cues import load_cues
from voicemock.coaching.findings import ACTION, Finding, HeardAnswer, counted, extent, missing_values, said
from voicemock.coaching.quoting import quoting, quoting_first, quoting_last, quoting_remark
from voicemock.coaching.spoken_numbers import enumerate_words, in_words
from voicemock.models import QuantifiedResult, Remark, Sentence

COORDINATION: Final = "coordination"
RISK: Final = "risk"
"""A risk that is only kept in a register is coordination."""
COORDINATION_FROM: Final = 4
"""With fewer sentences of pure coordination it is a detail."""
COORDINATION_SHARE: Final = 0.6
"""Of the sentences that show coordination or substance."""
COORDINATION_OF_ALL: Final = 0.25
"""Of all sentences, those that show neither included."""
COMPLEX_FROM: Final = 2
"""One complex thing early on is a slip; two are a habit."""
PLANNED_FROM: Final = 3
PLANNED_SHARE: Final = 0.6
"""Of the clauses that tell or plan. A story contains plans; below this share it is still a story."""
WE_FROM: Final = 4
WE_SHARE: Final = 0.7
"""With two of three actions by "we", the candidate can still be told from the team."""
PASSIVES_FROM: Final = 3
FEW_ACTORS: Final = 0.15
""""I" and "we" per clause. With fewer, every passive counts, not only those in the lexicon."""
PASSIVE: Final = re.compile(
    r"\b(?:be|been|being|was|were|is|are|gets?|got)\s+(?:\w+ly\s+)?\w+(?:ed|en|wn|ught|ne)\b", re.IGNORECASE
)
HEDGES_FROM: Final = 4
HEDGES_PER_HUNDRED: Final = 1.5
HEDGES_AT_MOST: Final = 4.5
NAMES_FROM: Final = 8
NAMES_PER_HUNDRED: Final = 5.0
"""Names per 100 words: lists of products have 10 to 20, designs that explain their parts less than 3."""
TERMS_EXTENT: Final = 0.65
"""Unexplained terms weigh at most this much: nothing but names is worse."""
NAME: Final = re.compile(r"(?<![\w-])(?:[A-Z][\w+]+|[a-z]+[A-Z]\w*)(?![\w-]|')")
INNER_CAPITALS: Final = re.compile(r"(?<![\w-])\w+[A-Z]\w*(?![\w-]|')")
CAPITALIZED: Final = frozenset(
    (
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March"),
        *("April", "May", "June", "July", "August", "September", "October", "November", "December", "English"),
    )
)
JARGON_FROM: Final = 3
"""One or two unexplained terms are understood from the context."""
_LESSON: Final = re.compile(r"\b(?:learn(?:ed|t|ing)|lesson|taught me|takeaway)\b", re.IGNORECASE)
"""A lesson belongs to the result, but has no number."""
_SIZES_FROM: Final = 2
"""With this many large figures a story has numbers, but not for its result."""
_LAST_CLAUSES: Final = 3
"""Clauses at the end in which a story may be handed over or left open."""
_LAST_SENTENCES: Final = 2
_BURIED_BEFORE: Final = 0.6
"""A figure that ends before this share of the answer ..."""
_BURIED_UNDER: Final = 0.2
"""... with this share of actions or more behind it is no ending."""


def hypothetical(heard: HeardAnswer) -> Iterator[Finding]:
    """The candidate tells what they would do, not what they did."""
    if heard.framework.name != "star" or not heard.analysis.structure:
        return
    cues = load_cues()
    planned = [clause.sentence for clause in heard.clauses if cues.hears("planned", clause)]
    told = [c for c in heard.clauses if not cues.hears("planned", c) and cues.hears("told", c)]
    share = len(planned) / max(1, len(planned) + len(told))
    if len(planned) >= PLANNED_FROM and share >= PLANNED_SHARE:
        yield Finding("hypothetical", {}, quoting_first(planned), "situation", extent(share, PLANNED_SHARE, 1.0))


def coordinator_talk(heard: HeardAnswer) -> Iterator[Finding]:
    """Meetings, notes and status; hardly a decision, a trade-off or a risk."""
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
    """A complex design before a simple one stands."""
    early = said(heard.analysis.early_complexity)
    if len(early) >= COMPLEX_FROM:
        values = {"things": enumerate_words(tuple(remark.text.lower() for remark in early[:3]))}
        yield Finding(
            "overcomplicated", values, quoting_remark(heard.sentences, early[0]), extent=extent(len(early), 2, 5)
        )


def we_in_actions(heard: HeardAnswer) -> Iterator[Finding]:
    """Most actions are told with "we", so the candidate's own part stays hidden. Elsewhere "we" is fine."""
    acts = heard.acts
    if heard.framework.name != "star" or acts is None or acts.we < WE_FROM or (acts.we_share or 0.0) < WE_SHARE:
        return
    words = (" we ", " we'", "we\u2019")
    with_we = [s for s in heard.sentences_of(ACTION) if any(word in f" {s.text.lower()} " for word in words)]
    values = {"we": str(acts.we), "we_spoken": in_words(acts.we), "i": str(acts.i)}
    yield Finding("we_in_actions", values, quoting_first(with_we), ACTION, extent(acts.we_share or 0.0, WE_SHARE, 1.0))


def passive_actions(heard: HeardAnswer) -> Iterator[Finding]:
    """Actions without an actor."""
    if heard.framework.name == "design":
        return
    found = said(remark for remark in heard.analysis.weak_language if remark.kind == "passive")
    starts = [remark.start_char for remark in found]
    clauses = [clause.sentence for clause in heard.clauses]
    passive = [s for s in clauses if any(s.start_char <= start < s.end_char for start in starts)]
    ownership = heard.analysis.ownership
    if ownership is not None and ownership.i + ownership.we < FEW_ACTORS * len(clauses):
        passive = [s for s in clauses if s in passive or PASSIVE.search(s.text)]
        much = 1.0
    else:
        much = extent(len(passive), PASSIVES_FROM, 6) / 2
    if len(passive) >= PASSIVES_FROM:
        yield Finding("passive", counted(len(passive)), quoting(passive[0]), ACTION, much)


def hedging(heard: HeardAnswer) -> Iterator[Finding]:
    """Words that play down what was done."""
    found = said(remark for remark in heard.analysis.weak_language if remark.kind != "passive")
    rate = 100 * len(found) / heard.analysis.word_count if heard.analysis.word_count else 0.0
    if len(found) >= HEDGES_FROM and rate >= HEDGES_PER_HUNDRED:
        words = list(dict.fromkeys(remark.text.lower() for remark in found))[:3]
        values = counted(len(found)) | {"words": ", ".join(f'"{word}"' for word in words)}
        much = extent(rate, HEDGES_PER_HUNDRED, HEDGES_AT_MOST)
        yield Finding("hedges", values, quoting_remark(heard.sentences, found[0]), extent=much)


def unexplained_jargon(heard: HeardAnswer) -> Iterator[Finding]:
    """Technical terms without an explanation, or hardly anything but names."""
    found = said(heard.analysis.jargon)
    names = tuple(_names(heard))
    if len(names) >= NAMES_FROM and 100 * len(names) >= NAMES_PER_HUNDRED * heard.analysis.word_count:
        values = {"terms": enumerate_words(tuple(name for name, _ in names[:4]))}
        yield Finding("jargon", values, quoting(names[0][1]), extent=1.0)
    elif len(found) >= JARGON_FROM:
        terms = tuple(remark.text for remark in found[:4])
        values = {"terms": enumerate_words(terms)}
        much = extent(len(found), JARGON_FROM, 8) * TERMS_EXTENT
        yield Finding("jargon", values, quoting_remark(heard.sentences, found[0]), extent=much)


def _names(heard: HeardAnswer) -> Iterator[tuple[str, Sentence]]:
    """Yield each product, protocol and abbreviation once, recognized by its capitals.

    In a story, people have names too, so only words with capitals inside count.
    """
    known = {*Lexicon.load().jargon["known"], *CAPITALIZED}
    pattern = INNER_CAPITALS if heard.framework.name == "star" else NAME
    for sentence in heard.sentences:
        for word in pattern.finditer(sentence.text, 1):  # the first word is capitalized anyway
            if word[0] not in known:
                known.add(word[0])
                yield word[0], sentence


def missing_result(heard: HeardAnswer) -> Iterator[Finding]:
    """A story without its ending, or with the outcome hidden in the middle."""
    is_story = heard.framework.name == "star" and heard.present
    result = next((part for part in heard.missing if part.name == "result" and is_story), None)
    if result is None:
        yield from _left_open(heard)
        yield from _buried_in_the_middle(heard)
        return
    if _outcomes_in_words(heard):
        return
    if heard.told_outcomes:
        yield Finding("buried_result", {}, quoting_remark(heard.sentences, heard.told_outcomes[-1]), "result")
    else:
        yield Finding("missing_result", missing_values(result), quoting_last(heard.sentences), "result")


def result_without_number(heard: HeardAnswer) -> Iterator[Finding]:
    """A story that ends well without saying how well in numbers."""
    if heard.framework.name != "star" or heard.told_outcomes:
        return
    results = heard.sentences_of("result") or _outcomes_in_words(heard)
    if not results or any(has_figure(s.text) for s in results):
        return
    numbers: list[QuantifiedResult | Remark] = [*heard.analysis.quantified_results]
    numbers += said(heard.analysis.background_numbers)
    if numbers:
        values = {"number": " ".join(numbers[0].text.split())}
        yield Finding("number_in_background", values, quoting_remark(heard.sentences, numbers[0]), "result")
    elif len(sizes := tuple(_sizes(heard))) >= _SIZES_FROM:
        sentence, start, end = sizes[0]
        values = {"number": " ".join(sentence.text[start:end].split())}
        focus = (sentence.start_char + start, sentence.start_char + end)
        yield Finding("number_in_background", values, quoting(sentence, focus=focus), "result")
    else:
        outcomes = tuple(s for s in results if not draws_lesson(s.text))
        yield Finding("no_number", {}, quoting_first(outcomes), "result")


def _outcomes_in_words(heard: HeardAnswer) -> tuple[Sentence, ...]:
    """Return the last sentences that tell an outcome without a number: "in the end all was moved"."""
    if heard.told_outcomes:
        return ()
    return heard.hears("came_of_it", heard.hears("in_the_end", heard.sentences[-_LAST_SENTENCES:]))


def _left_open(heard: HeardAnswer) -> Iterator[Finding]:
    """A story that is handed over, still goes on, or ends with a lesson instead of an outcome."""
    results = heard.sentences_of("result")
    if heard.framework.name != "star" or heard.told_outcomes or not results:
        return
    part = next(part for part in heard.framework.parts if part.name == "result")
    if any(has_figure(s.text) for s in results):
        return
    ends_open = any(load_cues().hears("open_end", clause) for clause in heard.clauses[-_LAST_CLAUSES:])
    left = heard.hears("open_end", results)
    tells = [s for s in results if not draws_lesson(s.text) and s not in left]
    if not tells or (ends_open and not heard.hears("came_of_it", tells)):
        yield Finding("missing_result", missing_values(part), quoting_last(heard.sentences), "result")


def _buried_in_the_middle(heard: HeardAnswer) -> Iterator[Finding]:
    """A measured outcome after which the story goes on with other things and does not return to it."""
    if heard.framework.name != "star" or not heard.told_outcomes or heard.is_brief:
        return
    outcome, end = heard.told_outcomes[-1], heard.sentences[-1].end_char
    behind = [s for s in heard.sentences if s.start_char > outcome.end_char]
    told = sum(len(s.text) for s in behind if s.part == "result")
    acted = sum(len(s.text) for s in behind if s.part == ACTION)
    measured = any(has_figure(s.text) for s in behind if s.part == "result")
    if outcome.end_char < _BURIED_BEFORE * end and acted >= _BURIED_UNDER * end and acted > told and not measured:
        yield Finding("buried_result", {}, quoting_remark(heard.sentences, outcome), "result")


def _sizes(heard: HeardAnswer) -> Iterator[tuple[Sentence, int, int]]:
    """Yield the large numbers: a sentence, and where in it a number begins and ends."""
    for sentence in heard.sentences:
        for start, end in find_sizes(sentence.text):
            yield sentence, start, end


def draws_lesson(text: str) -> bool:
    """Return whether a sentence says what was learned."""
    return _LESSON.search(text) is not None
