"""What was measured about how an answer was spoken."""

from __future__ import annotations

from typing import Literal

from voicemock.models.base import Model


class Filler(Model):
    """A filled pause ("um") or a discourse marker that carries no meaning ("you know")."""

    text: str
    kind: Literal["filled_pause", "discourse_marker"]
    heard_as: Literal["word", "sound"] = "word"
    """``sound``: Whisper wrote nothing; the filled pause was found in the audio alone."""
    start_s: float | None = None
    end_s: float | None = None
    probability: float | None = None
    start_char: int
    end_char: int


class Repetition(Model):
    """Words that were taken back at once: said again, or begun again differently. No filler."""

    text: str
    """The words taken back, not those that replace them: the first "I" of "I, I think"."""
    kind: Literal["repetition", "false_start"]
    """``repetition``: the same words follow. ``false_start``: the clause, phrase or word is begun again differently."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class Pause(Model):
    """A stretch of 1.0 s or more without speech inside the answer, measured on the audio."""

    start_s: float
    end_s: float
    kind: Literal["silent", "filled"] = "silent"
    """``filled``: a filled pause stands beside it."""
    place: Literal["within_clause", "between_clauses", "between_sentences"] = "within_clause"


class PacePoint(Model):
    """How fast one stretch of the answer was."""

    start_s: float
    end_s: float
    words_per_minute: float


class Unclear(Model):
    """A stretch that was not understood: doubtful words, or speech for which there is no word (``text`` is empty)."""

    text: str
    start_s: float
    end_s: float
    start_char: int
    end_char: int
    probability: float | None = None
    """Mean over the words."""


AudioProblem = Literal["noisy", "quiet", "clipped"]


class AudioQuality(Model):
    """How well the recording can be understood. Levels are medians, in decibels below full scale."""

    speech_db: float | None
    noise_db: float | None
    """Of what is no speech; None where there is less than half a second of it."""
    speech_over_noise_db: float | None
    clipped_share: float | None
    """Of the samples of speech, those at full scale, 0 to 1."""
    problems: tuple[AudioProblem, ...]
    """What makes counts unreliable."""
