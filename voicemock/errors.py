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

from typing import ClassVar, Literal

LanguageModelFailure = Literal[
    "unreachable", "timeout", "server_error", "too_large", "malformed", "no_model", "broken_off", "closed"
]
"""Why a language model gave no answer."""


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
