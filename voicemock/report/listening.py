"""What is shown while somebody answers: the words heard so far, and how their time compares with the target."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from voicemock.analysis.fillers import find_filled_pauses
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import SpokenText
from voicemock.coaching.drills import DRILL_ID
from voicemock.models import Question, Word, transcript_of_words
from voicemock.report.questions import subject_of
from voicemock.report.safe_text import printable
from voicemock.speech.audio_quality import CLIPPED_FROM
from voicemock.speech.clip import frames_in
from voicemock.speech.microphone_watch import MicrophoneWatch
from voicemock.speech.recorder import Progress

RATE_FROM_S: Final = 30.0
"""Seconds. A rate over less time means nothing: one "um" in the first breath would be twenty a minute."""

TAIL_WORDS: Final = 80
"""Three lines of 80 columns hold about 45."""
TAIL_STEP: Final = 40
"""The tail begins at a multiple of this, so that lines do not wrap anew with every word."""
FLOOR_DBFS: Final = -60.0
"""Left end of the level meter."""
READY: Final = "Listening. Begin when you are ready."
"""Shown before the first word."""
SHOWN_EVERY_S: Final = 0.125
LOUD_FOR_S: Final = 1.0
"""A peak at full scale is shown this long; it would be invisible otherwise."""
LEVEL_OVER_S: Final = 0.24
NO_END_BEFORE_S: Final = 0.5
"""Seconds for which the key that ends an answer is ignored: pressed twice to skip the question, it must not end it."""


@dataclass(frozen=True, slots=True)
class HeardWords:
    """The words recognized so far, and their filled pauses."""

    pieces: tuple[tuple[str, bool], ...] = ()
    """The newest words, cut where a filled pause begins or ends: text, and whether it is a filled pause."""
    filled_pauses: int = 0
    """Of the whole answer."""
    per_minute: float | None = None
    """None before ``RATE_FROM_S``."""

    @classmethod
    def of(cls, words: tuple[Word, ...], lexicon: Lexicon) -> HeardWords:
        """Count filled pauses in all the words, and keep the newest words."""
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
    """Divide by the time that the words take, not by the clock: words arrive some seconds late."""
    if not words or words[0].start_s is None or words[-1].end_s is None:
        return None
    spoken_s = words[-1].end_s - words[0].start_s
    return count * 60 / spoken_s if spoken_s >= RATE_FROM_S else None


def filled_pause_counts(heard: HeardWords, *, short: bool = False) -> Iterator[str]:
    """Yield the number of filled pauses, first with its rate if that is known."""
    count = f"Fillers {heard.filled_pauses}" if short else f"Filled pauses: {heard.filled_pauses}"
    if heard.per_minute is not None:
        yield f"{count}, {heard.per_minute:.1f}{'/min' if short else ' a minute'}"
    yield count


@dataclass(slots=True)
class Stretch:
    """What a screen keeps of one stretch of listening. Times are those of its clock.

    Attributes:
        opened_at: When it began.
        progress: The newest; None before the first.
        watch: Notices a microphone that hears nothing, or badly.
        heard: The words so far; None before the first.
    """

    opened_at: float
    progress: Progress | None = None
    watch: MicrophoneWatch = field(default_factory=MicrophoneWatch)
    heard: HeardWords | None = None
    _recent: deque[Progress] = field(default_factory=lambda: deque(maxlen=frames_in(LOUD_FOR_S)))
    _shown_at: float = -math.inf

    def take(self, progress: Progress, lexicon: Lexicon) -> bool:
        """Keep the state of the answer; return whether its words have changed."""
        before, self.progress = self.progress, progress
        self._recent.append(progress)
        if before is not None and progress.words == before.words:
            return False
        self.heard = HeardWords.of(progress.words, lexicon) if progress.words else None
        return self.heard is not None

    def is_due(self, now: float) -> bool:
        """Return whether it is time to show it again, which the caller then does."""
        if now - self._shown_at < SHOWN_EVERY_S:
            return False
        self._shown_at = now
        return True

    def is_early(self, now: float) -> bool:
        """Return whether it is too early for the key that ends the answer."""
        return now - self.opened_at < NO_END_BEFORE_S

    @property
    def elapsed_s(self) -> float | None:
        """Length of the answer; None before its first word."""
        return self.progress.elapsed_s if self.progress and self.progress.speaking else None

    @property
    def level(self) -> float:
        """Root mean square of the last moment, 0 to 1."""
        return max((each.level for each in list(self._recent)[-frames_in(LEVEL_OVER_S) :]), default=0.0)

    @property
    def is_clipped(self) -> bool:
        """Whether the sound was at full scale in the last second."""
        return any(each.peak >= CLIPPED_FROM for each in self._recent)


class Standing(Enum):
    """How the length of an answer compares with its target range; the value is a color."""

    BELOW = "cyan"
    INSIDE = "green"
    ABOVE = "yellow"
    FAR_ABOVE = "bold red"
    """At least twice the longest good answer."""


def standing_of(elapsed_s: float, target_s: tuple[float, float]) -> Standing:
    """Return how this length compares with the target."""
    low_s, high_s = target_s
    if elapsed_s < low_s:
        return Standing.BELOW
    if elapsed_s <= high_s:
        return Standing.INSIDE
    return Standing.ABOVE if elapsed_s < 2 * high_s else Standing.FAR_ABOVE


def clock_text(elapsed_s: float, target_s: tuple[float, float]) -> str:
    """Return length, target and what they mean: "1:30 of 3:00 to 4:00, 1:30 to go"."""
    low_s, high_s = target_s
    meaning = {
        Standing.BELOW: f"{running_clock(int(low_s) - int(elapsed_s))} to go",
        Standing.INSIDE: "a good length",
        Standing.ABOVE: f"over by {running_clock(int(elapsed_s) - int(high_s))}",
        Standing.FAR_ABOVE: f"far over, by {running_clock(int(elapsed_s) - int(high_s))}",
    }
    elapsed, low, high = map(running_clock, (elapsed_s, *target_s))
    return f"{elapsed} of {low} to {high}, {meaning[standing_of(elapsed_s, target_s)]}"


def running_clock(seconds: float) -> str:
    """Return seconds as a running clock shows them: 3:07 until the eighth second is full."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def level_share(level: float) -> float:
    """Return how much of a meter from -60 to 0 decibels below full scale a level fills, 0 to 1.

    Args:
        level: Root mean square, 0 to 1.
    """
    dbfs = 20 * math.log10(level) if level > 0 else FLOOR_DBFS
    return min(1.0, max(0.0, 1 - dbfs / FLOOR_DBFS))


def question_title(question: Question, position: int, count: int, answer: int) -> str:
    """Return the title of a question. The number of its answer is used to quote and find it later."""
    if question.kind == "ask_back":
        return f"Your turn (answer {answer})"
    if question.id.startswith(DRILL_ID):
        return f"Drill (answer {answer})"
    if question.kind == "follow_up":
        return f"Follow-up{'' if position == 1 else f' {position}'} (answer {answer})"
    return f"Question {position} of {count}{'' if position == answer else f' (answer {answer})'}"


def target_of(question: Question, target_s: tuple[float, float] | None) -> tuple[float, float]:
    """Return the target length of an answer: ``target_s`` replaces that of a question that wants a whole answer."""
    own_s = (question.target_min_s, question.target_max_s)
    return (target_s or own_s) if question.wants_a_whole_answer else own_s


def aim_text(target_s: tuple[float, float], question: Question | None = None) -> str:
    """Return what to aim for, and what the question is about: "aim for 3:00 to 4:00 · behavioral · failure"."""
    aim = f"aim for {running_clock(target_s[0])} to {running_clock(target_s[1])}"
    if question is None:
        return aim
    return f"{aim} · {subject_of(question)}"
