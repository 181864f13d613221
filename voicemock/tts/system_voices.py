"""The voices of the operating system, and which of them speaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from voicemock.errors import SpeechSynthesisError


@dataclass(frozen=True, slots=True)
class SystemVoice:
    """A voice of the operating system.

    Attributes:
        id: What the driver calls it.
        name: What people call it.
        languages: Lower-case tags, e.g. "en-us".
    """

    id: str
    name: str
    languages: tuple[str, ...]

    @property
    def is_english(self) -> bool:
        """Whether it speaks any kind of English."""
        return any(language.split("-")[0] == "en" for language in self.languages)


def choose_voice(voices: tuple[SystemVoice, ...], wanted: str | None, default_id: str | None) -> SystemVoice | None:
    """Return the voice to speak English with.

    Args:
        voices: What the system has.
        wanted: An id, a name, a language or the first part of one, or a word of a name, in any case. Of several that
            match equally well the first is taken, American English before other English before the rest.
        default_id: The voice the user chose for the whole system; None where nobody chose.

    Returns:
        The voice; None for the system's own where nothing is wanted and nothing speaks English.

    Raises:
        SpeechSynthesisError: No voice matches.
    """
    in_order = sorted(voices, key=lambda voice: ("en-us" not in voice.languages, not voice.is_english))
    if wanted is None:
        english = [voice for voice in in_order if voice.is_english]
        return next((voice for voice in english if voice.id == default_id), english[0] if english else None)
    matches = [voice for matches in _MATCHES for voice in in_order if matches(voice, wanted.casefold())]
    if not matches:
        english_names = [voice.name for voice in in_order if voice.is_english] or [voice.name for voice in in_order]
        raise SpeechSynthesisError(
            f"pyttsx3 has no voice called {wanted!r}. For English there are: {', '.join(english_names)}."
        )
    return matches[0]


_MATCHES: tuple[Callable[[SystemVoice, str], bool], ...] = (
    lambda voice, wanted: wanted in (voice.id.casefold(), voice.name.casefold(), *voice.languages),
    lambda voice, wanted: any(language.startswith(f"{wanted}-") for language in voice.languages),
    lambda voice, wanted: re.search(rf"\b{re.escape(wanted)}\b", voice.name.casefold()) is not None,
)
"""What a voice can be asked for by, the surest first."""
