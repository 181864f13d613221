"""Corrects the times of words by the sound, and finds the sound that no word covers.

Whisper's times reach up to 0.6 s into the silence around a word and run over pauses; the sound itself does not.
Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from voicemock.models import SpeechSpan, Word

LONGEST_CLOSURE_S: Final = 0.2
"""Silence inside one word: the lips before a "p". After a longer one another word begins (Heldner & Edlund, 2010)."""

SHORTEST_WORD_S: Final = 0.03
"""No word is spoken in less."""

LONGEST_TAIL_S: Final = 0.3
"""Most of the sound after a word that is taken for its end. Whisper ends a word where its last letter begins to fade,
and gives the rest to the punctuation behind it."""


def snapped(words: Iterable[Word], sounds: Sequence[SpeechSpan]) -> tuple[Word, ...]:
    """Return the words in order, each within the one sound that it covers most, none reaching into the next.

    Args:
        words: With times, in the order spoken.
        sounds: Stretches of sound, in order.

    Returns:
        The same words. A word that covers no sound keeps its times: its sound may have been too quiet.
    """
    stretches = merged(sounds, LONGEST_CLOSURE_S)
    given = list(words)
    placed: list[Word] = []
    reached_s = 0.0
    for word, following in zip(given, (*given[1:], None), strict=False):
        start_s = max(word.start_s or 0.0, reached_s)
        end_s = max(word.end_s or 0.0, start_s)
        said = SpeechSpan(start_s, max(end_s, start_s + SHORTEST_WORD_S))
        home = max(stretches, key=lambda sound: shared_s(sound, [said]), default=None)
        if home is not None and shared_s(home, [said]) > 0:
            next_s = float("inf") if following is None else max(end_s, following.start_s or 0.0)
            start_s = max(start_s, home.start_s)
            end_s = max(start_s, min(end_s + LONGEST_TAIL_S, home.end_s, next_s))
        placed.append(word.model_copy(update={"start_s": start_s, "end_s": end_s}))
        reached_s = end_s
    return tuple(placed)


def unwritten(words: Iterable[Word], speech: Sequence[SpeechSpan], at_least_s: float) -> tuple[SpeechSpan, ...]:
    """Return the stretches between words, and before and after them all, that hold at least this much speech.

    Args:
        words: In any order, with times.
        speech: Stretches of speech, in order.
        at_least_s: Seconds of speech, without the silence in between.

    Returns:
        The stretches in order, from the first to the last sound in each.
    """
    found: list[SpeechSpan] = []
    reached_s = 0.0
    for word in (*sorted(words, key=lambda word: word.start_s or 0.0), None):
        until_s = float("inf") if word is None else word.start_s or 0.0
        sounds = [
            SpeechSpan(max(span.start_s, reached_s), min(span.end_s, until_s))
            for span in speech
            if span.end_s > reached_s and span.start_s < until_s
        ]
        if sounds and sum(sound.duration_s for sound in sounds) >= at_least_s:
            found.append(SpeechSpan(sounds[0].start_s, sounds[-1].end_s))
        reached_s = max(reached_s, 0.0 if word is None else word.end_s or 0.0)
    return tuple(found)


def within(stretch: SpeechSpan, speech: Iterable[SpeechSpan]) -> tuple[SpeechSpan, ...]:
    """Return the parts of the speech inside a stretch."""
    cut = (SpeechSpan(max(s.start_s, stretch.start_s), min(s.end_s, stretch.end_s)) for s in speech)
    return tuple(span for span in cut if span.end_s > span.start_s)


def merged(spans: Iterable[SpeechSpan], shorter_than_s: float) -> tuple[SpeechSpan, ...]:
    """Close the gaps between ordered spans that are shorter than this."""
    closed: list[SpeechSpan] = []
    for span in spans:
        if closed and span.start_s - closed[-1].end_s < shorter_than_s:
            closed.append(SpeechSpan(closed.pop().start_s, span.end_s))
        else:
            closed.append(span)
    return tuple(closed)


def shared_s(span: SpeechSpan, others: Iterable[SpeechSpan]) -> float:
    """Return the seconds of a span that others cover, which must not overlap each other."""
    return sum(max(0.0, min(span.end_s, other.end_s) - max(span.start_s, other.start_s)) for other in others)


def in_order(words: Iterable[Word], more: Iterable[Word]) -> tuple[Word, ...]:
    """Return both groups of words, ordered by their start."""
    return tuple(sorted((*words, *more), key=lambda word: word.start_s or 0.0))
