"""The newest words of an answer that is still being given, and how many filled pauses it has so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voicemock.analysis import Lexicon, transcript_of_words
from voicemock.analysis.fillers import find_filled_pauses
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Word
from voicemock.report.passages import printable

RATE_FROM_S: Final = 30.0
"""A rate over less says nothing: one "um" in the first breath would be twenty a minute."""

TAIL_WORDS: Final = 80
"""Three lines of 80 columns hold about 45."""
TAIL_STEP: Final = 40
"""The tail begins at a multiple of it, so that lines do not wrap anew with every word."""


@dataclass(frozen=True, slots=True)
class HeardWords:
    """What is known of the words so far.

    Attributes:
        pieces: The newest words, cut where a filled pause begins and ends: text, and whether it is one.
        filled_pauses: How many, from the beginning.
        per_minute: The same by the minute of what was recognized; None before ``RATE_FROM_S``.
    """

    pieces: tuple[tuple[str, bool], ...] = ()
    filled_pauses: int = 0
    per_minute: float | None = None

    @classmethod
    def of(cls, words: tuple[Word, ...], lexicon: Lexicon) -> HeardWords:
        """Count in all the words, and cut the newest of them."""
        spoken = SpokenText.of(transcript_of_words(words))
        pauses = find_filled_pauses(spoken, lexicon)
        first = max(0, len(spoken.words) - TAIL_WORDS) // TAIL_STEP * TAIL_STEP
        spans = tuple((pause.start_char, pause.end_char) for pause in pauses)
        start = spoken.chars[first][0] if spoken.words else 0
        return cls(_pieces(spoken.text, start, spans), len(pauses), _per_minute(len(pauses), spoken.words))


def _pieces(text: str, start: int, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    for low, high in spans:
        if low >= start:
            pieces += [(text[start:low], False), (text[low:high], True)]
            start = high
    pieces.append((text[start:], False))
    return tuple((printable(piece), is_pause) for piece, is_pause in pieces if piece)


def _per_minute(count: int, words: tuple[Word, ...]) -> float | None:
    """Divide by the time that the words take, not by the clock: they come some seconds late."""
    if not words or words[0].start_s is None or words[-1].end_s is None:
        return None
    spoken_s = words[-1].end_s - words[0].start_s
    return count * 60 / spoken_s if spoken_s >= RATE_FROM_S else None
