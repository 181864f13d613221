"""The interface of every voice, and texts cut into pieces that a voice can say."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Protocol

import numpy as np

from voicemock.speech.clip import AudioClip, Samples

SENTENCE_PAUSE_S: Final = 0.2
"""Between sentences, on top of the 0.1 to 0.2 s of silence that Piper ends each with."""

_SENTENCE_END: Final = re.compile(r"[.!?][\"')]*\s")
_CLAUSE_END: Final = re.compile(r"[,;:]\s")


class Synthesizer(Protocol):
    """Turns text into sound."""

    name: str
    """Engine and voice, as displayed."""

    def synthesize(self, text: str) -> AudioClip:
        """Return the text as speech; a text without a word gives a clip of no length.

        Raises:
            SpeechSynthesisError: The voice failed.
        """
        ...


def speakable(text: str) -> str:
    """Return a text without anything that an engine takes for a command; empty if it contains no words.

    Control characters and lone surrogates become spaces; marks of reading direction and joiners are dropped. Piper and
    macOS take ``[[ ]]`` for commands; SAPI takes a text that begins with ``<`` for XML.
    """
    printable = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cs") else character
        for character in text
        if unicodedata.category(character) != "Cf"
    )
    plain = " ".join(printable.replace("[[", "[ [").split()).lstrip("< ")
    return plain if any(character.isalnum() for character in plain) else ""


def pieces_of(text: str, longest: int) -> list[str]:
    """Cut a text into pieces of at most ``longest`` characters: after a sentence, else a clause, else a word."""
    pieces = []
    while len(text) > longest:
        window = text[: longest + 1]
        ends = [match.end() for match in _SENTENCE_END.finditer(window)]
        ends = ends or [match.end() for match in _CLAUSE_END.finditer(window)] or [window.rfind(" ") + 1]
        cut = ends[-1] or longest
        pieces.append(text[:cut].strip())
        text = text[cut:].strip()
    return [piece for piece in (*pieces, text) if piece]


def joined(sentences: list[Samples], sample_rate: int) -> AudioClip:
    """Return sentences as one clip, with a pause between two."""
    pause = np.zeros(round(SENTENCE_PAUSE_S * sample_rate), np.float32)
    with_pauses = [block for sentence in sentences for block in (sentence, pause)][:-1]
    samples = np.concatenate(with_pauses).astype(np.float32, copy=False) if with_pauses else np.zeros(0, np.float32)
    return AudioClip(samples, sample_rate)
