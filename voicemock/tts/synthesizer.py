"""What every voice can do."""

from __future__ import annotations

from typing import Protocol

from voicemock.audio import AudioClip


class Synthesizer(Protocol):
    """Turns text into sound."""

    name: str
    """Engine and voice, for people."""

    def synthesize(self, text: str) -> AudioClip:
        """Return the text as speech; a text with nothing to say gives a clip of no length.

        Raises:
            SpeechSynthesisError: The voice failed.
        """
        ...
