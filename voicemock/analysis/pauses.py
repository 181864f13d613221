"""Silences inside an answer: how long, whether filled, and whether they tear a clause apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler, Pause, SpeechSpan

SHORTEST_PAUSE_S: Final = 1.0
"""Shorter silences are breath and phrasing; the definition in docs/metrics.md."""

BESIDE_S: Final = 0.3
"""So near to a silence a filled pause belongs to it: one hesitation, "uh ... uh"."""


def find_pauses(
    spoken: SpokenText,
    sentences: tuple[SentenceSpan, ...],
    fillers: tuple[Filler, ...],
    speech: Iterable[SpeechSpan] | None,
) -> tuple[Pause, ...] | None:
    """Return the stretches without speech between the first word's start and the last word's end.

    They are read off the audio's speech spans, not the word times, which Whisper stretches over silence.

    Args:
        spoken: The words, for where the answer begins and ends.
        sentences: Tell a pause between two of them from one inside.
        fillers: Tell a filled pause from a silent one.
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
            pauses.append(_pause(spoken, sentences, fillers, SpeechSpan(silent_since_s, until_s)))
        silent_since_s = max(silent_since_s, span.end_s)
    return tuple(pauses)


def _pause(
    spoken: SpokenText, sentences: tuple[SentenceSpan, ...], fillers: tuple[Filler, ...], silence: SpeechSpan
) -> Pause:
    hesitations = [f for f in fillers if f.kind == "filled_pause"]
    is_filled = any(
        (f.start_s or 0.0) < silence.end_s + BESIDE_S and (f.end_s or 0.0) > silence.start_s - BESIDE_S
        for f in hesitations
    )
    return Pause(
        start_s=silence.start_s,
        end_s=silence.end_s,
        kind="filled" if is_filled else "silent",
        place=_place(spoken, sentences, {f.start_char for f in hesitations}, silence),
    )


def _place(
    spoken: SpokenText, sentences: tuple[SentenceSpan, ...], hesitations: set[int], silence: SpeechSpan
) -> Literal["within_clause", "between_clauses", "between_sentences"]:
    """Tell by the last word before a silence that is no filled pause, and by the first after it."""
    middle_s = (silence.start_s + silence.end_s) / 2
    tokens = [token for token in spoken.tokens if token.start_char not in hesitations]
    before = [token for token in tokens if (spoken.words[token.word].start_s or 0.0) < middle_s]
    after = tokens[len(before) :]
    if not before or not after:
        return "between_sentences"
    ends = {sentence.last_word for sentence in sentences}
    if any(word in ends for word in range(before[-1].word, after[0].word)):
        return "between_sentences"
    return "between_clauses" if before[-1].comma_after else "within_clause"
