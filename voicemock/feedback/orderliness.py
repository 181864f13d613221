"""What to fix in the course of an answer: that it wanders, jumps between steps, hides its result or fades out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voicemock.feedback.cues import load_cues
from voicemock.feedback.findings import Finding, Heard, counted, extent, quoting, quoting_last
from voicemock.models import Sentence

WANDERS_FROM: Final = 3
"""An "anyway" or two are how people talk."""

RETURNS_SHARE: Final = 0.35
"""Of the sentences behind the first, those that go back to a step that was left: good answers have less than 0.3."""

RETURNS_FROM_SENTENCES: Final = 8

SIGNPOSTS: Final = 2
"""Who says "first" and "second" is followed, whatever the model makes of the sentences."""

REPEATED_FROM: Final = 2

LAST_SENTENCES: Final = 3
"""Where an answer lands or fades."""

FADES_FROM: Final = 2
"""Of the last sentences: with so many an answer has faded out, whatever stands between them."""

BURIED_BEFORE: Final = 0.6
"""Of the answer: a result that is over by then has been forgotten at the end."""

LANDING_FROM_WORDS: Final = 100
"""A shorter answer needs no ending of its own."""

FIGURE: Final = re.compile(
    r"%|\bpercent\b|[$\N{EURO SIGN}\N{POUND SIGN}]\s?\d|\bfrom\s\S+\s[\s\S]{0,20}\bto\s\S+", re.IGNORECASE
)


def wandering(heard: Heard) -> Iterator[Finding]:
    """A story that goes from one thing to the next as they come to mind."""
    if heard.framework.name != "star" or heard.is_brief:
        return
    asides = _heard_in(heard, "aside")
    if len(asides) >= WANDERS_FROM:
        yield Finding("wandering", {}, quoting(asides[-1]), extent=extent(len(asides), WANDERS_FROM, 6))


def jumbled(heard: Heard) -> Iterator[Finding]:
    """The right things in no order: nobody can say which step comes first."""
    parts = [sentence.part for sentence in heard.sentences if sentence.part]
    if heard.framework.name == "star" or len(parts) < RETURNS_FROM_SENTENCES:
        return
    if len(_heard_in(heard, "signpost")) >= SIGNPOSTS:
        return
    asides = _heard_in(heard, "aside")
    returns = _returns(heard)
    share = len(returns) / (len(parts) - 1)
    if share >= RETURNS_SHARE or len(asides) >= WANDERS_FROM + 1:
        evidence = quoting(next(iter((*asides, *returns)), None))
        yield Finding("jumbled", {}, evidence, extent=extent(share, RETURNS_SHARE, 0.7))


def result_told_in_passing(heard: Heard) -> Iterator[Finding]:
    """A figure in the middle of a story that then goes on with something else, and does not come back to it."""
    rambling = heard.analysis.rambling
    if heard.framework.name != "star" or rambling is None or rambling.landing is not None:
        return
    results = [sentence for sentence in heard.sentences_of("result") if FIGURE.search(sentence.text)]
    if results and results[-1].end_char < BURIED_BEFORE * heard.sentences[-1].end_char:
        figure = FIGURE.search(results[-1].text)
        focus = (results[-1].start_char + figure.start(), results[-1].start_char + figure.end()) if figure else None
        yield Finding("buried_result", {}, quoting(results[-1], focus=focus), "result")


def no_landing(heard: Heard) -> Iterator[Finding]:
    """An answer that fades out."""
    rambling = heard.analysis.rambling
    if rambling is None or not heard.present or heard.analysis.word_count < LANDING_FROM_WORDS:
        return
    fading = [s for s in heard.clauses[-LAST_SENTENCES:] if load_cues().hears("fading", s.text) or "..." in s.text]
    last_part = heard.framework.parts[-1].name
    ends = rambling.landing is not None or any(part.name == last_part for part in heard.missing)
    if not ends or len(fading) >= FADES_FROM:
        much = extent(len(fading), 0, LAST_SENTENCES)
        yield Finding("no_landing", {}, quoting_last(heard.sentences), extent=much)


def repeating(heard: Heard) -> Iterator[Finding]:
    """The same thing said again."""
    rambling = heard.analysis.rambling
    if rambling is None or len(rambling.repeated) < REPEATED_FROM:
        return
    again = max(rambling.repeated, key=lambda repetition: repetition.overlap)
    sentence = next((s for s in heard.sentences if s.start_char == again.start_char), None)
    much = extent(len(rambling.repeated), REPEATED_FROM, 6)
    yield Finding("repeating", counted(len(rambling.repeated)), quoting(sentence), extent=much)


def _heard_in(heard: Heard, name: str) -> list[Sentence]:
    cues = load_cues()
    return [sentence for sentence in heard.clauses if cues.hears(name, sentence.text)]


def _returns(heard: Heard) -> list[Sentence]:
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
