"""The errors that voicemock explains to its user, as a tree.

    VoicemockError                      exit code 1
    ├── InputError                      1   a file, transcript or setting given by the user cannot be used
    │   ├── AudioFileError                  not audio, broken, or unreadable
    │   ├── TranscriptFileError             not UTF-8 text
    │   ├── DocumentError                   a job description that is no text, or a PDF without any
    │   ├── ContentError                    a file in prompts/ or the settings file breaks its schema
    │   └── UnknownNameError                no question, framework, loop, session or engine of that name
    ├── DeviceError                     3   no microphone or speaker, or it went away
    ├── EngineError                     4   Whisper, a voice or its weights are missing or damaged
    │   ├── WeightsError                    model files missing, incomplete or with the wrong hash
    │   ├── SpeechSynthesisError            the voice could not produce sound
    │   └── LanguageModelError              the language model on this machine gave no answer
    └── StorageError                    5   the data folder cannot be read or written

Every message says what happened and what to do about it. ``kind`` is the stable name in the JSON output;
``exit_code`` is what the command line returns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any, ClassVar, Final, Literal

LanguageModelFailure = Literal[
    "unreachable", "timeout", "server_error", "too_large", "malformed", "no_model", "broken_off", "closed"
]
"""Why a language model gave no answer."""


_WORD: Final = re.compile(r"[^\W_]+")


class VoicemockError(Exception):
    """A failure that voicemock explains to its user."""

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1


class InputError(VoicemockError):
    """Something the user gave cannot be used."""

    kind = "input"


class AudioFileError(InputError):
    """A file is not audio, is broken, or cannot be read."""

    kind = "audio_file"


class TranscriptFileError(InputError):
    """A transcript is not UTF-8 text or cannot be read."""

    kind = "transcript_file"


class DocumentError(InputError):
    """A job description holds no text that can be read."""

    kind = "document"


class ContentError(InputError):
    """A data file (questions, frameworks, settings) does not match its schema."""

    kind = "content"


class UnknownNameError(InputError):
    """A name matches nothing: a question, framework, loop, session or engine."""

    kind = "unknown_name"


class DeviceError(VoicemockError):
    """A microphone or speaker is missing, refused or went away."""

    kind = "device"
    exit_code = 3


class EngineError(VoicemockError):
    """A speech engine cannot do its work."""

    kind = "engine"
    exit_code = 4


class WeightsError(EngineError):
    """Model files are missing, incomplete or not the ones that were published."""

    kind = "weights"


class SpeechSynthesisError(EngineError):
    """A voice could not turn text into sound."""

    kind = "speech_synthesis"


class LanguageModelError(EngineError):
    """The language model on this machine gave no answer that can be read.

    Attributes:
        reason: Stored with the feedback.
    """

    kind = "language_model"

    def __init__(self, message: str, reason: LanguageModelFailure = "server_error") -> None:
        super().__init__(message)
        self.reason: LanguageModelFailure = reason


class StorageError(VoicemockError):
    """The data folder cannot be read or written."""

    kind = "storage"
    exit_code = 5


def reason_of(problem: Mapping[str, Any]) -> str:
    """Return what is wrong with a field, from one of the ``errors()`` of pydantic, without pydantic's own prefix."""
    told = str(problem["msg"])
    return told.removeprefix("Value error, ").removeprefix("Assertion failed, ")


FEW: Final = 20
"""Names that a message lists; more than these are looked up elsewhere."""
_NEAR: Final = 0.6
"""Similarity, in [0, 1], from which on a name may have been meant: difflib's own figure."""
_NEAR_WORDS: Final = 0.75
"""The same for words that are compared one by one; short words are alike by chance."""


def nearest(name: str, choices: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that may have been meant, the closest first: those with its letters, or with its words."""
    scored = ((_similarity(name.casefold(), each.casefold()), each) for each in sorted(choices))
    near = sorted((found for found in scored if found[0]), key=lambda found: -found[0])
    return [each for _, each in near[:most]]


def _similarity(name: str, choice: str) -> float:
    """Return how close two names are, in [0, 1]; 0 where one was surely not meant by the other."""
    whole = SequenceMatcher(None, name, choice).ratio()
    words, others = _WORD.findall(name), _WORD.findall(choice)
    if not words or not others:
        return 0.0
    each = sum(max(SequenceMatcher(None, word, other).ratio() for other in others) for word in words) / len(words)
    return max(whole if whole >= _NEAR else 0.0, each - (1 - _NEAR_WORDS) / 2 if each >= _NEAR_WORDS else 0.0)


def unknown_name(kind: str, name: str, choices: Collection[str], *, see: str | None = None) -> UnknownNameError:
    """Return the error for a name that matches nothing.

    Args:
        kind: What was named, in the singular: "loop".
        name: As it was given.
        choices: Every name there is.
        see: The command that lists them; None where there are always few.
    """
    return UnknownNameError(f"There is no {kind} {name!r}. {hint_of(name, choices, see=see)}")


def hint_of(name: str, choices: Collection[str], *, see: str | None = None) -> str:
    """Return the names that may have been meant, the closest first, and then all names, or where they are listed."""
    near = nearest(name, choices)
    hints = [f"Did you mean {' or '.join(filter(None, (', '.join(near[:-1]), near[-1])))}?"] if near else []
    if see is None or len(choices) <= FEW:
        hints.append(f"Choose one of: {', '.join(choices)}.")
    else:
        hints.append(f"`{see}` lists them all.")
    return " ".join(hints)
