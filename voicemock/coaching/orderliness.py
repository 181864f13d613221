"""What to fix in the course of an answer: that it wanders, jumps between steps, hides its result or fades out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from voicemock.analysis.amounts import SHARE_OR_MONEY
from voicemock.coaching.cues import load_cues
from voicemock.coaching.findings import Finding, HeardAnswer, counted, extent, quoting, quoting_last
from voicemock.models import Sentence

WANDERS_FROM: Final = 3
"""An "anyway" or two are how people talk."""
DIGRESSES_FROM: Final = 3
"""Asides and things that happened elsewhere, together: a wife, the job before, how expensive Lisbon has become."""
JUMPS_FROM: Final = 2
"""Afterthoughts ("oh, and I should have said") from which nobody can follow the steps of a plan."""

RETURNS_SHARE: Final = 0.35
"""Of the sentences behind the first, those that go back to a step that was left: good answers have less than 0.3."""

IN_ORDER_BELOW: Final = 0.2
"""The same share, below which steps may be praised for being all there: more is asked of praise than of blame."""

RETURNS_FROM_SENTENCES: Final = 8

SIGNPOSTS: Final = 2
"""Who says "first" and "second" is followed, whatever the model makes of the sentences."""

REPEATED_FROM: Final = 2
THEME_WORDS: Final = 3
THEME_SHARE: Final = 0.195
"""Of all words with content, those that the three most frequent ones take: good answers have less than 0.17."""
MOST_OF_THEME: Final = 0.27
THEME_FROM: Final = 6
"""Sentences that the most frequent word of content stands in."""
THEME_EXTENT: Final = 0.7
"""What harps on one thing is worse than two sentences said again."""

LAST_SENTENCES: Final = 3
"""Where an answer lands or fades."""

FADES_FROM: Final = 2
"""Of the last sentences: with so many an answer has faded out, whatever stands between them."""

BURIED_BEFORE: Final = 0.6
"""Of the answer: a result that is over by then has been forgotten at the end."""

LANDING_FROM_WORDS: Final = 100
"""A shorter answer needs no ending of its own."""

FIGURE: Final = re.compile(SHARE_OR_MONEY.pattern + r"|\bfrom\s\S+\s[\s\S]{0,20}\bto\s\S+", re.IGNORECASE)


def wandering(heard: HeardAnswer) -> Iterator[Finding]:
    """A story that goes from one thing to the next as they come to mind."""
    if heard.framework.name != "star" or heard.is_brief:
        return
    asides = _heard_in(heard, "aside")
    away = [clause for clause in _heard_in(heard, "elsewhere") if clause not in asides]
    if len(asides) >= WANDERS_FROM or len(asides) + len(away) >= DIGRESSES_FROM:
        much = extent(len(asides) + len(away), WANDERS_FROM, 6)
        yield Finding("wandering", {}, quoting((*asides, *away)[-1]), extent=much)


def jumbled(heard: HeardAnswer) -> Iterator[Finding]:
    """The right things in no order: nobody can say which step comes first."""
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
    """Return whether a triage or a design goes from step to step, by its own signposts or by itself."""
    parts = [sentence.part for sentence in heard.sentences if sentence.part]
    if heard.framework.name == "star" or len(parts) < 2:
        return True
    if _heard_in(heard, "aside"):
        return False
    is_signposted = len(_heard_in(heard, "signpost")) >= SIGNPOSTS
    return is_signposted or len(_returns(heard)) / (len(parts) - 1) < IN_ORDER_BELOW


def result_told_in_passing(heard: HeardAnswer) -> Iterator[Finding]:
    """A figure in the middle of a story that then goes on with something else, and does not come back to it."""
    rambling = heard.analysis.rambling
    if heard.framework.name != "star" or rambling is None or rambling.landing is not None:
        return
    results = [sentence for sentence in heard.sentences_of("result") if FIGURE.search(sentence.text)]
    if results and results[-1].end_char < BURIED_BEFORE * heard.sentences[-1].end_char:
        figure = FIGURE.search(results[-1].text)
        focus = (results[-1].start_char + figure.start(), results[-1].start_char + figure.end()) if figure else None
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
    sentence = next((s for s in heard.sentences if s.start_char == again.start_char), None)
    much = extent(len(rambling.repeated), REPEATED_FROM, 6)
    yield Finding("repeating", counted(len(rambling.repeated)), quoting(sentence), extent=much)


def _harping(heard: HeardAnswer) -> Iterator[Finding]:
    """The same point in ever other words: a few words carry most of what is said."""
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
    """Return the sentences that go back to a step that was left."""
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
