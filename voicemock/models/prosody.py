"""The melody of an answer: how its pitch and loudness move, and how its sentences end."""

from __future__ import annotations

from pydantic import Field

from voicemock.models.transcript import Model


class SentenceEnd(Model):
    """How one sentence ends, by its last half second of voice."""

    at_s: float
    """Where that half second begins."""
    end_s: float
    start_char: int
    end_char: int
    """Offsets of the sentence."""
    drop_db: float
    """By how much it is quieter than the rest of the sentence; below 0 where it is louder."""
    rise_semitones: float | None
    """By how much the pitch rises at the very end, below 0 where it falls; None for a question, and where it cannot be
    told."""


class ProsodyStretch(Model):
    """One stretch of about 15 s, as in the pace curve."""

    start_s: float
    end_s: float
    pitch_sd_semitones: float | None
    """None with too little voice."""
    level_db: float | None
    """Against the middle level of the answer; None with too little voice."""


class OneNote(Model):
    """A part of the answer that was spoken on nearly one note."""

    start_s: float
    end_s: float
    pitch_sd_semitones: float
    """The largest of its stretches."""


class Prosody(Model):
    """Pitch, loudness and ends of sentences of one answer. Pitch is in semitones around the speaker's own median."""

    voiced_s: float
    """Seconds with a voice, on which all of it rests."""
    pitch_sd_semitones: float = Field(ge=0)
    """Half of what lies between the 16th and the 84th percentile: the standard deviation, without its outliers."""
    pitch_range_semitones: float = Field(ge=0)
    """What lies between the 5th and the 95th percentile."""
    loudness_sd_db: float = Field(ge=0)
    """The same half of the levels of the syllables."""
    fade_db: float | None
    """By how much the last five seconds of voice are quieter than the first; below 0 where they are louder."""
    sentence_end_drop_db: float | None
    """Median over the ends; None with fewer than three."""
    ends: tuple[SentenceEnd, ...]
    """In the order of time; short sentences are left out."""
    stretches: tuple[ProsodyStretch, ...]
    one_note: tuple[OneNote, ...]
    contour_step_s: float
    contour: tuple[float | None, ...]
    """Semitones above the speaker's median, one value a step from the first sample on; None where there is no voice."""
