"""How long an answer took and how fast it was spoken."""

from __future__ import annotations

from typing import Final, Literal

from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler

TIME_STEP_S: Final = 0.02
"""Whisper's times come in steps of 20 ms: a shorter answer has no pace."""


def duration_s(spoken: SpokenText) -> float | None:
    """Return the seconds from the first word's start to the last word's end; None without words or times."""
    if not spoken.is_timed:
        return None
    start_s, end_s = spoken.time_of(0, len(spoken.words) - 1)
    return end_s - start_s if start_s is not None and end_s is not None and end_s > start_s else None


def count_words(spoken: SpokenText, fillers: tuple[Filler, ...]) -> int:
    """Return the number of words that are not filled pauses; a symbol standing alone is no word."""
    pauses = {filler.start_char for filler in fillers if filler.kind == "filled_pause"}
    return len({token.word for token in spoken.tokens if token.start_char not in pauses})


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
