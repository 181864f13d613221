"""How long an answer took and how fast it was spoken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler, PacePoint, SpeechSpan

TIME_STEP_S: Final = 0.02
"""Whisper's times come in steps of 20 ms: a shorter answer has no pace."""

CURVE_STEP_S: Final = 15.0
"""About 40 words: shorter stretches follow single long words, longer ones hide a sprint."""

MOST_PEOPLE: Final = (126.0, 197.0)
"""Words per minute: 8 of 10 people are between them (387 AMI monologues, p10 and p90)."""


def duration_s(spoken: SpokenText) -> float | None:
    """Return the seconds from the first word's start to the last word's end; None without words or times."""
    if not spoken.is_timed:
        return None
    start_s, end_s = spoken.time_of(0, len(spoken.words) - 1)
    return end_s - start_s if start_s is not None and end_s is not None and end_s > start_s else None


def count_words(spoken: SpokenText, fillers: tuple[Filler, ...]) -> int:
    """Return the number of words that are not filled pauses; a symbol standing alone is no word."""
    return len(_counted(spoken, fillers))


def speaking_time_s(
    spoken: SpokenText, fillers: tuple[Filler, ...], speech: Iterable[SpeechSpan] | None
) -> float | None:
    """Return the seconds of the answer in which words are spoken: no silence, no filled pause; None without sound."""
    if speech is None or not spoken.is_timed:
        return None
    begin_s, end_s = spoken.words[0].start_s or 0.0, spoken.words[-1].end_s or 0.0
    spoken_s = sum(max(0.0, min(span.end_s, end_s) - max(span.start_s, begin_s)) for span in speech)
    filled_s = sum((f.end_s or 0.0) - (f.start_s or 0.0) for f in fillers if f.kind == "filled_pause")
    return max(0.0, spoken_s - filled_s)


def pace_curve(spoken: SpokenText, fillers: tuple[Filler, ...]) -> tuple[PacePoint, ...] | None:
    """Return the pace over equal stretches of about 15 s; a word counts where its middle is. None without times."""
    length_s = duration_s(spoken)
    if length_s is None or length_s < TIME_STEP_S:
        return None
    begin_s = spoken.words[0].start_s or 0.0
    count = max(1, round(length_s / CURVE_STEP_S))
    step_s = length_s / count
    words = [0] * count
    for index in _counted(spoken, fillers):
        middle_s = ((spoken.words[index].start_s or 0.0) + (spoken.words[index].end_s or 0.0)) / 2
        words[min(count - 1, int((middle_s - begin_s) / step_s))] += 1
    return tuple(
        PacePoint(
            start_s=round(begin_s + step_s * index, 3),
            end_s=round(begin_s + step_s * (index + 1), 3),
            words_per_minute=said * 60 / step_s,
        )
        for index, said in enumerate(words)
    )


def _counted(spoken: SpokenText, fillers: tuple[Filler, ...]) -> set[int]:
    """Return the indices of the words that count: with a letter or digit, and not filled pauses."""
    pauses = {filler.start_char for filler in fillers if filler.kind == "filled_pause"}
    return {token.word for token in spoken.tokens if token.start_char not in pauses}


def per_minute(count: int, seconds: float | None) -> float | None:
    """Return a count over a duration; None where the duration was not measured or is below the time step."""
    return None if seconds is None or seconds < TIME_STEP_S else count / (seconds / 60)


def judge_length(seconds: float | None, target: tuple[float, float]) -> Literal["short", "on_target", "long"] | None:
    """Compare a duration with the target ``(shortest, longest)``, both in seconds and both still on target."""
    if seconds is None:
        return None
    shortest, longest = target
    if seconds < shortest:
        return "short"
    return "long" if seconds > longest else "on_target"
