"""Silences inside an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Pause, SpeechSpan

SHORTEST_PAUSE_S: Final = 1.0
"""Shorter silences are breath and phrasing; the definition in docs/metrics.md."""


def find_pauses(spoken: SpokenText, speech: Iterable[SpeechSpan] | None) -> tuple[Pause, ...] | None:
    """Return the stretches without speech between the first word's start and the last word's end.

    They are read off the audio's speech spans, not the word times, which Whisper stretches over silence.

    Args:
        spoken: The words, for where the answer begins and ends.
        speech: Where the recording holds speech, in any order, overlaps allowed; None when it was not measured.

    Returns:
        The pauses in order, None when speech was not measured or the words have no times.
    """
    if speech is None or not (spoken.is_timed or not spoken.words):
        return None
    if not spoken.words:
        return ()
    begin_s, end_s = spoken.time_of(0, len(spoken.words) - 1)
    if begin_s is None or end_s is None:
        return None
    pauses: list[Pause] = []
    silent_since_s = begin_s
    for span in (*sorted(speech), SpeechSpan(end_s, end_s)):
        until_s = min(span.start_s, end_s)
        if until_s - silent_since_s >= SHORTEST_PAUSE_S:
            pauses.append(Pause(start_s=silent_since_s, end_s=until_s))
        silent_since_s = max(silent_since_s, span.end_s)
    return tuple(pauses)
