"""What was heard: words and the transcript that they make."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voicemock.models.base import Model


class Word(Model):
    """One spoken word, punctuation attached, no spaces inside."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    probability: float | None = Field(default=None, ge=0, le=1)
    heard_as: Literal["word", "sound"] = "word"
    """``sound``: a filled pause that the transcriber did not write; it was found in the audio alone, and its
    probability is the share of the sound that is steady."""


class Transcript(Model):
    """What was said, verbatim.

    For audio, ``text`` is the word texts joined by single spaces. For a transcript given as text it is the
    text unchanged, and the words carry no times.
    """

    text: str
    language: str | None = None
    engine: str | None = None
    """Engine and model that wrote it ("faster-whisper base int8"); None for a text given by the user."""
    words: tuple[Word, ...] = ()
