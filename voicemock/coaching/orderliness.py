"""Rules for the course of an answer: it wanders, jumps between steps, buries its result, repeats itself, fades out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from voicemock.analysis.figures import find_share_or_change
from voicemock.coaching.cues import load_cues
from voicemock.coaching.findings import Finding, HeardAnswer, counted, extent
from voicemock.coaching.quoting import quoting, quoting_last
from voicemock.models import Sentence

WANDERS_FROM: Final = 3
"""One or two asides are normal speech."""
DIGRESSES_FROM: Final = 3
"""Asides plus things that happened elsewhere: a spouse, the previous job, the price of rent in Lisbon."""
JUMPS_FROM: Final = 2
"""With this many afterthoughts ("oh, and I should have said") the steps of a plan cannot be followed."""
RETURNS_SHARE: Final = 0.35
"""Of the sentences after the first, those that return to a step already left. Good answers stay below 0.3."""
IN_ORDER_BELOW: Final = 0.2
"""The same share, below which the steps may be praised: praise needs more than blame."""
RETURNS_FROM_SENTENCES: Final = 8
SIGNPOSTS: Final = 2
"""With this many signposts ("first", "second") the order is clear, whatever the model makes of the sentences."""
REPEATED_FROM: Final = 2
THEME_WORDS: Final = 3
THEME_SHARE: Final = 0.195
"""Of all content words, the share of the three most frequent ones. Good answers stay below 0.17."""
MOST_OF_THEME: Final = 0.27
THEME_FROM: Final = 6
"""Sentences with the most frequent content word."""
THEME_EXTENT: Final = 0.7
"""Harping on one thing is worse than repeating two sentences."""
LAST_SENTENCES: Final = 3
"""The sentences in which an answer lands or fades."""
FADES_FROM: Final = 2
"""An answer trails off when this many of its last sentences do."""
BURIED_BEFORE: Final = 0.6
"""A result that ends before this share of the answer is forgotten by the end."""
LANDING_FROM_WORDS: Final = 100
"""A shorter answer needs no separate ending."""


def wandering(heard: HeardAnswer) -> Iterator[Finding]:
    """A story told in the order in which things come to mind."""
    if heard.framework.name != "star" or heard.is_brief:
        return
    asides = _heard_in(heard, "aside")
    away = [clause for clause in _heard_in(heard, "elsewhere") if clause not in asides]
    if len(asides) >= WANDERS_FROM or len(asides) + len(away) >= DIGRESSES_FROM:
        much = extent(len(asides) + len(away), WANDERS_FROM, 6)
        yield Finding("wandering", {}, quoting((*asides, *away)[-1]), extent=much)


def jumbled(heard: HeardAnswer) -> Iterator[Finding]:
    """The right steps in no order."""
    parts = [sentence.part for sentence in heard.sentences if sentence.part]
    if heard.framework.name == "star" or len(parts) < RETURNS_FROM_SENTENCES:
        return
    if len(_heard_in(heard, "signpost")) >= SIGNPOSTS:
        return
    asides = _heard_in(heard, "aside")
    returns = _returns(heard)
    share = len(returns) / (len(parts) - 1)
    if share >= RETURNS_SHARE or len(asides) >= JUMPS_FROM:
        evidence = quoting(next(iter((*asides, *returns)), None))
        yield Finding("jumbled", {}, evidence, extent=extent(share, RETURNS_SHARE, 0.7))


def comes_in_order(heard: HeardAnswer) -> bool:
    """Return whether a triage or a design goes from step to step, with or without signposts."""
    parts = [sentence.part for sentence in heard.sentences if sentence.part]
    if heard.framework.name == "star" or len(parts) < 2:
        return True
    if _heard_in(heard, "aside"):
        return False
    is_signposted = len(_heard_in(heard, "signpost")) >= SIGNPOSTS
    return is_signposted or len(_returns(heard)) / (len(parts) - 1) < IN_ORDER_BELOW


def result_told_in_passing(heard: HeardAnswer) -> Iterator[Finding]:
    """A figure in the middle of a story that goes on without returning to it."""
    rambling = heard.analysis.rambling
    if heard.framework.name != "star" or rambling is None or rambling.landing is not None:
        return
    results = [sentence for sentence in heard.sentences_of("result") if find_share_or_change(sentence.text)]
    if results and results[-1].end_char < BURIED_BEFORE * heard.sentences[-1].end_char:
        figure = find_share_or_change(results[-1].text)
        focus = (results[-1].start_char + figure[0], results[-1].start_char + figure[1]) if figure else None
        yield Finding("buried_result", {}, quoting(results[-1], focus=focus), "result")


def no_landing(heard: HeardAnswer) -> Iterator[Finding]:
    """An answer that fades out."""
    rambling = heard.analysis.rambling
    if rambling is None or not heard.present or heard.analysis.word_count < LANDING_FROM_WORDS:
        return
    last = heard.clauses[-LAST_SENTENCES:]
    fading = [clause for clause in last if load_cues().hears("fading", clause) or "..." in clause.sentence.text]
    last_part = heard.framework.parts[-1].name
    ends = rambling.landing is not None or any(part.name == last_part for part in heard.missing)
    if not ends or len(fading) >= FADES_FROM:
        much = extent(len(fading), 0, FADES_FROM)
        yield Finding("no_landing", {}, quoting_last(heard.sentences), extent=much)


def repeating(heard: HeardAnswer) -> Iterator[Finding]:
    """The same thing said again."""
    yield from _harping(heard)
    rambling = heard.analysis.rambling
    if rambling is None or len(rambling.repeated) < REPEATED_FROM:
        return
    again = max(rambling.repeated, key=lambda repetition: repetition.overlap)
    much = extent(len(rambling.repeated), REPEATED_FROM, 6)
    evidence = quoting(heard.sentence_at(again.start_char))
    yield Finding("repeating", counted(len(rambling.repeated)), evidence, extent=much)


def _harping(heard: HeardAnswer) -> Iterator[Finding]:
    """One point in ever new words: a few words carry most of the answer."""
    spoken = {filler.text.casefold() for filler in heard.analysis.fillers}
    contents = [words - spoken for words in heard.contents]
    counts = Counter(word for words in contents for word in words)
    most = counts.most_common(THEME_WORDS)
    if not most or most[0][1] < THEME_FROM:
        return
    share = sum(count for _, count in most) / counts.total()
    if share >= THEME_SHARE:
        places = [s for s, words in zip(heard.sentences, contents, strict=True) if most[0][0] in words]
        much = THEME_EXTENT + (1 - THEME_EXTENT) * extent(share, THEME_SHARE, MOST_OF_THEME)
        yield Finding("repeating", counted(most[0][1]), quoting_last(places), extent=much)


def _heard_in(heard: HeardAnswer, name: str) -> list[Sentence]:
    cues = load_cues()
    return [clause.sentence for clause in heard.clauses if cues.hears(name, clause)]


def _returns(heard: HeardAnswer) -> list[Sentence]:
    """Return the sentences that return to a step already left."""
    left: set[str] = set()
    last: str | None = None
    returns = []
    for sentence in heard.sentences:
        if sentence.part is None or sentence.part == last:
            continue
        if sentence.part in left:
            returns.append(sentence)
        if last is not None:
            left.add(last)
        last = sentence.part
    return returns
