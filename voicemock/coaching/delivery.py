"""Rules for how it was said and how the time was spent: fillers, pace, silences, length, and the share of each part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from voicemock.analysis.amounts import whole_seconds
from voicemock.coaching.findings import (
    BACKGROUND,
    Finding,
    HeardAnswer,
    extent,
    length_values,
    pace_values,
    share_values,
)
from voicemock.coaching.judgment import is_surely_sound
from voicemock.coaching.quoting import Evidence, quoting, quoting_first, quoting_last
from voicemock.coaching.spoken_numbers import in_words, percent
from voicemock.content.wording import times
from voicemock.models import Filler, Sentence
from voicemock.speech.prosody import ONE_NOTE_SEMITONES

MANY_FILLERS: Final = 11.0
"""Filled pauses per 100 words. Nine in ten people stay below (387 AMI monologues: median 4.7, p90 11.4)."""
SOME_FILLERS: Final = 6.0
"""Filled pauses per 100 words, somewhat above the median of the same monologues."""
MANY_MARKERS: Final = 3.0
"""Discourse markers per 100 words ("you know" and "I mean" in 97 AMI monologues: median 0, p90 2.0, p95 2.2)."""
FAST_WORDS_PER_MINUTE: Final = 190.0
"""387 AMI monologues: median 161, p90 197."""
SLOW_WORDS_PER_MINUTE: Final = 110.0
"""387 AMI monologues: median 161, p10 126. Slower than nearly everyone."""
LONG_PAUSE_S: Final = 5.0
"""Interviewers speak up after a silence of four to five seconds."""
MANY_PAUSES_PER_MINUTE: Final = 5.7
"""Pauses of a second or more; p90 of 387 AMI monologues."""
_FASTEST_SENTENCE_WORDS: Final = 10
"""Shorter sentences have no pace worth quoting: Whisper's word times are off by up to 0.6 s at sentence ends."""
FAR_OFF: Final = 0.25
"""Fraction of a limit of the target, our choice: 45 s below three minutes, 60 s above four."""
HARDLY_OFF: Final = 0.05
"""Fraction of a limit of the target that nobody notices, our choice: 9 s below three minutes, 12 s above four."""
A_THIRD: Final = 0.35
"""Of the shortest good answer. Above this, what is missing matters more than the length."""
HARDLY_ANY: Final = 0.15
"""Of the shortest good answer. At this length, being short is the worst fault."""
HEAVY_MARGIN: Final = 0.15
"""A part is too heavy this far above its target share: 35 % for a situation that should take 20 %."""


def many_fillers(heard: HeardAnswer) -> Iterator[Finding]:
    """More filled pauses than nine in ten people."""
    rate = heard.per_hundred_words(heard.filled_pauses)
    if rate is not None and rate > MANY_FILLERS:
        evidence = _densest(heard, heard.filled_pauses)
        yield Finding("many_fillers", _filler_values(heard, rate), evidence, extent=extent(rate, MANY_FILLERS, 20.0))


def some_fillers(heard: HeardAnswer) -> Iterator[Finding]:
    """More filled pauses than most people."""
    rate = heard.per_hundred_words(heard.filled_pauses)
    if rate is not None and SOME_FILLERS < rate <= MANY_FILLERS:
        evidence = _densest(heard, heard.filled_pauses)
        much = extent(rate, SOME_FILLERS, MANY_FILLERS)
        yield Finding("some_fillers", _filler_values(heard, rate), evidence, extent=much)


def many_markers(heard: HeardAnswer) -> Iterator[Finding]:
    """A phrase like "you know" that has become a habit."""
    rate = heard.per_hundred_words(heard.markers)
    if rate is None or rate <= MANY_MARKERS:
        return
    [(marker, count)] = Counter(filler.text.casefold() for filler in heard.markers).most_common(1)
    mine = tuple(filler for filler in heard.markers if filler.text.casefold() == marker)
    if count > 1:
        values = {"count": str(count), "count_spoken": in_words(count), "marker": marker}
        yield Finding("markers", values, _densest(heard, mine), extent=extent(rate, MANY_MARKERS, 10.0))


def pace(heard: HeardAnswer) -> Iterator[Finding]:
    """Faster or slower than nearly everyone."""
    words_per_minute = heard.analysis.words_per_minute
    if words_per_minute is None or heard.is_brief:
        return
    if words_per_minute > FAST_WORDS_PER_MINUTE:
        much = extent(words_per_minute, FAST_WORDS_PER_MINUTE, 240.0)
        yield Finding("fast", pace_values(words_per_minute), quoting(_fastest_sentence(heard)), extent=much)
    elif words_per_minute < SLOW_WORDS_PER_MINUTE:
        much = extent(-words_per_minute, -SLOW_WORDS_PER_MINUTE, -70.0)
        yield Finding("slow", pace_values(words_per_minute), extent=much)


def long_pauses(heard: HeardAnswer) -> Iterator[Finding]:
    """Silences that a listener notices."""
    pauses, duration_s = heard.analysis.pauses, heard.analysis.duration_s
    if not pauses or not duration_s:
        return
    longest = max(pauses, key=lambda pause: pause.end_s - pause.start_s)
    longest_s = longest.end_s - longest.start_s
    many = len(pauses) > 3 and len(pauses) * 60 / duration_s > MANY_PAUSES_PER_MINUTE
    if longest_s >= LONG_PAUSE_S or many:
        values = {
            "count": times(len(pauses)),
            "longest": f"{whole_seconds(longest_s)} seconds",
            "longest_spoken": f"{in_words(whole_seconds(longest_s))} seconds",
        }
        before = [s for s in heard.sentences if s.start_s is not None and s.start_s <= longest.start_s]
        yield Finding("long_pauses", values, quoting_last(before), extent=extent(longest_s, LONG_PAUSE_S, 15.0))


def flat_voice(heard: HeardAnswer) -> Iterator[Finding]:
    """Nearly one note all along. Said only where nothing of the content limits the answer, and never first."""
    prosody = heard.analysis.prosody
    if prosody is None or prosody.pitch_sd_semitones >= ONE_NOTE_SEMITONES or not is_surely_sound(heard):
        return
    yield Finding("flat_voice", {"variety": f"{prosody.pitch_sd_semitones:.1f}"}, quoting(_flattest_sentence(heard)))


def _flattest_sentence(heard: HeardAnswer) -> Sentence | None:
    """Return the first sentence of the flattest stretch."""
    stretches = heard.analysis.prosody.stretches if heard.analysis.prosody else ()
    measured = [(each.pitch_sd_semitones, each.start_s) for each in stretches if each.pitch_sd_semitones is not None]
    if not measured:
        return None
    _, start_s = min(measured)
    return next((s for s in heard.sentences if s.start_s is not None and s.start_s >= start_s), None)


def _densest(heard: HeardAnswer, fillers: tuple[Filler, ...]) -> Evidence | None:
    """Return the sentence with the most fillers, the first of them in focus."""
    best: tuple[int, Evidence | None] = (0, None)
    for sentence in heard.sentences:
        inside = [f for f in fillers if sentence.start_char <= f.start_char < sentence.end_char]
        if len(inside) > best[0]:
            best = (len(inside), quoting(sentence, focus=(inside[0].start_char, inside[0].end_char)))
    return best[1]


def _fastest_sentence(heard: HeardAnswer) -> Sentence | None:
    timed = [
        (len(s.text.split()) / (s.end_s - s.start_s), s)
        for s in heard.sentences
        if s.start_s is not None and s.end_s is not None and s.end_s > s.start_s
    ]
    long_enough = [entry for entry in timed if len(entry[1].text.split()) >= _FASTEST_SENTENCE_WORDS]
    return max(long_enough, key=lambda entry: entry[0])[1] if long_enough else None


def _filler_values(heard: HeardAnswer, rate: float) -> dict[str, str]:
    kinds = Counter(filler.text.casefold() for filler in heard.filled_pauses)
    return {
        "count": str(len(heard.filled_pauses)),
        "count_spoken": in_words(len(heard.filled_pauses)),
        "kinds": ", ".join(kind for kind, _ in kinds.most_common(3)),
        "rate": str(round(rate)),
        "rate_spoken": in_words(round(rate)),
    }


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
    """Return the place to say more: the longest sentence of the part that deserves most time."""
    main = max(heard.framework.parts, key=lambda part: part.target_share_max)
    told = heard.sentences_of(main.name) or heard.sentences
    return quoting(max(told, key=lambda sentence: len(sentence.text.split()), default=None))


def slightly_off_target(heard: HeardAnswer) -> Iterator[Finding]:
    """Somewhat longer or shorter than the target."""
    duration_s = heard.analysis.duration_s
    if duration_s is None or heard.is_brief or any(far_off_target(heard)):
        return
    if heard.analysis.length == "long" and duration_s > heard.analysis.target_max_s * (1 + HARDLY_OFF):
        yield Finding("a_little_long", length_values(heard, duration_s), _still_talking(heard))
    elif heard.analysis.length == "short" and duration_s < heard.analysis.target_min_s * (1 - HARDLY_OFF):
        yield Finding("a_little_short", length_values(heard, duration_s))


def heavy_part(heard: HeardAnswer) -> Iterator[Finding]:
    """The part that exceeds its share the most. The time of missing parts is shared out first."""
    room = min(1.0, sum(part.target_share_max for part, _ in heard.present)) or 1.0
    shares = [(heard.share_of(part.name), part) for part, _ in heard.present]
    excess = [(share - part.target_share_max / room, part, share) for share, part in shares]
    most, part, share = max(excess, key=lambda entry: entry[0], default=(0.0, None, 0.0))
    if part is not None and most > HEAVY_MARGIN and part.name not in BACKGROUND:
        target = f"{percent(part.target_share_min)} to {percent(part.target_share_max)}"
        values = share_values(heard, part, share) | {"target_share": target}
        evidence = quoting_first(heard.sentences_of(part.name))
        yield Finding("heavy_part", values, evidence, part.name, extent(most, HEAVY_MARGIN, 0.5))


def _still_talking(heard: HeardAnswer) -> Evidence | None:
    """Return the first sentence that begins beyond the target."""
    first_s = next((s.start_s for s in heard.sentences if s.start_s is not None), None)
    if first_s is None:
        return None
    limit_s = first_s + heard.analysis.target_max_s
    return quoting(next((s for s in heard.sentences if s.start_s is not None and s.start_s >= limit_s), None))
