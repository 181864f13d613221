"""What to fix in how the time was spent: the length, and the part that eats the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voicemock.feedback.findings import (
    ACTION,
    BACKGROUND,
    Finding,
    HeardAnswer,
    extent,
    length_values,
    quoting,
    quoting_first,
    share_values,
)
from voicemock.feedback.numerals import percent, spoken_percent
from voicemock.feedback.quoting import Evidence

FAR_OFF: Final = 0.25
"""Past a limit of the target by more than this fraction of it: our choice, 45 s under three minutes, 60 s over four."""

A_THIRD: Final = 0.35
"""Of the shortest good answer: who needs more than this has left something out, but not the answer; then what is
missing says more than that it is short."""

HARDLY_ANY: Final = 0.15
"""Of the shortest good answer: nothing can be worse than being so short."""

HEAVY_MARGIN: Final = 0.15
"""A part eats the answer when it is this far above its target share: a fifth for the situation becomes 35 %."""

LONG_BACKGROUND: Final = 0.5
"""Situation and task together; 35 % is the most that their targets allow, and 15 points of it are a matter of taste."""


def far_off_target(heard: HeardAnswer) -> Iterator[Finding]:
    """Much longer or much shorter than the target."""
    duration_s = heard.analysis.duration_s
    if duration_s is None or heard.is_brief:
        return
    if heard.analysis.length == "long" and duration_s > heard.analysis.target_max_s * (1 + FAR_OFF):
        much = extent(duration_s / heard.analysis.target_max_s, 1 + FAR_OFF, 2.0)
        yield Finding("too_long", length_values(heard, duration_s), _still_talking(heard), extent=much)
    elif heard.analysis.length == "short" and duration_s < heard.analysis.target_min_s * (1 - FAR_OFF):
        much = extent(-duration_s / heard.analysis.target_min_s, -A_THIRD, -HARDLY_ANY)
        yield Finding("too_short", length_values(heard, duration_s), _room_for_more(heard), extent=much)


def _room_for_more(heard: HeardAnswer) -> Evidence | None:
    """Return what deserves more words: the longest sentence of the part that deserves most time."""
    main = max(heard.framework.parts, key=lambda part: part.target_share_max)
    told = heard.sentences_of(main.name) or heard.sentences
    return quoting(max(told, key=lambda sentence: len(sentence.text.split()), default=None))


def slightly_off_target(heard: HeardAnswer) -> Iterator[Finding]:
    """Somewhat longer or shorter than the target."""
    duration_s = heard.analysis.duration_s
    if duration_s is None or heard.is_brief or any(far_off_target(heard)):
        return
    if heard.analysis.length == "long":
        yield Finding("a_little_long", length_values(heard, duration_s), _still_talking(heard))
    elif heard.analysis.length == "short":
        yield Finding("a_little_short", length_values(heard, duration_s))


def long_background(heard: HeardAnswer) -> Iterator[Finding]:
    """More than half of a story before anything is done."""
    rambling = heard.analysis.rambling
    share = rambling.background_share if rambling is not None else None
    if share is None or heard.is_brief or not heard.sentences_of(ACTION):
        return
    of_all = sum(heard.words_share(name) for name in BACKGROUND)  # sentences without a part are no background
    if min(share, of_all) <= LONG_BACKGROUND:
        return
    values = {"share": percent(share), "share_spoken": spoken_percent(share)}
    evidence = quoting_first(heard.sentences_of("situation"))
    yield Finding("long_background", values, evidence, "situation", extent(share, LONG_BACKGROUND, 0.8))


def heavy_part(heard: HeardAnswer) -> Iterator[Finding]:
    """The part that takes the most beyond its share; what missing parts leave free is not held against it."""
    room = min(1.0, sum(part.target_share_max for part, _ in heard.present)) or 1.0
    excess = [
        (measured.share - part.target_share_max / room, part, measured.share)
        for part, measured in heard.present
        if measured.share is not None
    ]
    most, part, share = max(excess, key=lambda entry: entry[0], default=(0.0, None, 0.0))
    if part is not None and most > HEAVY_MARGIN and not (part.name in BACKGROUND and any(long_background(heard))):
        target = f"{percent(part.target_share_min)} to {percent(part.target_share_max)}"
        values = share_values(heard, part, share) | {"target_share": target}
        evidence = quoting_first(heard.sentences_of(part.name))
        yield Finding("heavy_part", values, evidence, part.name, extent(most, HEAVY_MARGIN, 0.5))


def _still_talking(heard: HeardAnswer) -> Evidence | None:
    """Return the first sentence that began after the target was over."""
    first_s = next((s.start_s for s in heard.sentences if s.start_s is not None), None)
    if first_s is None:
        return None
    limit_s = first_s + heard.analysis.target_max_s
    return quoting(next((s for s in heard.sentences if s.start_s is not None and s.start_s >= limit_s), None))
