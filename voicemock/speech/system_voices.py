"""The operating system's voices (espeak-ng, SAPI 5, NSSpeechSynthesizer), through pyttsx3 in a child process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from voicemock.errors import AudioFileError, SpeechSynthesisError, hint_of
from voicemock.files import is_full, temporary_folder
from voicemock.packaged import PIP
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import AudioClip
from voicemock.speech.spoken_forms import respelled
from voicemock.speech.synthesizer import joined, pieces_of, speakable

SYSTEM_VOICE_RATE: Final = 22_050
"""Hz. espeak, SAPI 5 and NSSpeechSynthesizer all write it through pyttsx3 2.99."""

LONGEST_PIECE: Final = 1_000
"""Characters. pyttsx3 joins espeak's output in quadratic time: 1,000 characters took 0.2 s, 8,000 took 11 s."""

_CHILD_START_S: Final = 30.0
"""A child speaks after 0.4 s on a free machine; a slow disk and a virus scanner may take many times that."""

_CHILD_CHARACTERS_PER_SECOND: Final = 10.0
"""Slower than speech itself (about 15), so a driver that synthesizes in real time gets enough time too."""


@dataclass(frozen=True, slots=True)
class SystemVoice:
    """A voice of the operating system.

    Attributes:
        id: The driver's id.
        name: Display name.
        languages: Lower-case tags, e.g. "en-us".
    """

    id: str
    name: str
    languages: tuple[str, ...]

    @property
    def is_english(self) -> bool:
        """Whether it speaks any kind of English."""
        return any(language.split("-")[0] == "en" for language in self.languages)


class Pyttsx3:
    """A voice of the operating system, through pyttsx3.

    pyttsx3 always runs in a child process: it prints to stdout, hangs, returns before it is done, and takes
    errors for success, and none of this may reach an interview.

    Args:
        voice: A voice's id, name or language, or a part of one; None means an English one. One of espeak's variants may
            follow: "en-us+f3".
        rate: Words per minute; None means 200, pyttsx3's own (216 were measured with espeak-ng).
        cache_dir: For temporary sound files.

    Raises:
        SpeechSynthesisError: pyttsx3 does not work here, or has no such voice.
    """

    def __init__(self, voice: str | None, rate: int | None, cache_dir: Path) -> None:
        found = _system_voices(cache_dir)
        chosen = choose_voice(found.voices, voice, found.default_id, found.variants)
        self._voice_id = chosen.id if chosen else None
        self._rate = rate
        self._cache_dir = cache_dir
        self.name = f"pyttsx3 {chosen.name}" if chosen else "pyttsx3"

    def synthesize(self, text: str) -> AudioClip:
        """Return the text as speech.

        Raises:
            SpeechSynthesisError: The child process failed, gave no sound or took too long.
        """
        text = respelled(speakable(text)) if sys.platform.startswith("linux") else speakable(text)
        pieces = [self._say(piece) for piece in pieces_of(text, LONGEST_PIECE)]
        return joined([piece.samples for piece in pieces], SYSTEM_VOICE_RATE)

    def _say(self, text: str) -> AudioClip:
        with _sound_folder(self._cache_dir) as folder:
            path = Path(folder, "speech.aiff" if sys.platform == "darwin" else "speech.wav")
            request = {"say": text, "voice": self._voice_id, "rate": self._rate, "to": str(path)}
            _run_child(request, _CHILD_START_S + len(text) / _CHILD_CHARACTERS_PER_SECOND)
            try:
                clip = read_audio(path, SYSTEM_VOICE_RATE)
            except AudioFileError as error:
                raise SpeechSynthesisError(
                    f"pyttsx3 wrote no sound for a text of {len(text)} characters. {_cure()}"
                ) from error
        if not len(clip.samples):
            raise SpeechSynthesisError(f"pyttsx3 wrote an empty sound for a text of {len(text)} characters. {_cure()}")
        return clip


def choose_voice(
    voices: tuple[SystemVoice, ...], wanted: str | None, default_id: str | None, variants: Collection[str] = ()
) -> SystemVoice | None:
    """Return the voice to speak English with.

    Args:
        voices: The system's voices.
        wanted: An id, a name, a language or the first part of one, or a word of a name, in any case. If several match
            equally well, American English comes first, then other English, then the rest. A plus sign and a variant may
            follow.
        default_id: The voice that the user chose for the whole system, if any.
        variants: The speakers that each voice can have, by name.

    Returns:
        The voice; None means the system's own: no voice is wanted, and none speaks English.

    Raises:
        SpeechSynthesisError: No voice matches.
    """
    in_order = sorted(voices, key=lambda voice: ("en-us" not in voice.languages, not voice.is_english))
    base, _, variant = (wanted or "").rpartition("+")
    if variant in variants and (chosen := choose_voice(voices, base or None, default_id)):
        return replace(chosen, id=f"{chosen.id}+{variant}", name=f"{chosen.name}, {variant}")
    if wanted is None:
        english = [voice for voice in in_order if voice.is_english]
        return next((voice for voice in english if voice.id == default_id), english[0] if english else None)
    matches = [voice for matches in _MATCHES for voice in in_order if matches(voice, wanted.casefold())]
    if not matches:
        names = [voice.name for voice in in_order if voice.is_english] or [voice.name for voice in in_order]
        raise SpeechSynthesisError(f"pyttsx3 has no voice called {wanted!r}. {hint_of(wanted, names)}")
    return matches[0]


_MATCHES: tuple[Callable[[SystemVoice, str], bool], ...] = (
    lambda voice, wanted: wanted in (voice.id.casefold(), voice.name.casefold(), *voice.languages),
    lambda voice, wanted: any(language.startswith(f"{wanted}-") for language in voice.languages),
    lambda voice, wanted: re.search(rf"\b{re.escape(wanted)}\b", voice.name.casefold()) is not None,
)
"""Ways to match a voice, the surest first."""


class _SystemVoices(NamedTuple):
    """What a driver offers."""

    voices: tuple[SystemVoice, ...]
    default_id: str | None
    """Of the voice that the user chose for the whole system."""
    variants: frozenset[str]


def _system_voices(cache_dir: Path) -> _SystemVoices:
    """Ask a child process for the voices."""
    with _sound_folder(cache_dir) as folder:
        path = Path(folder, "voices.json")
        _run_child({"list": True, "to": str(path)}, _CHILD_START_S)
        found = json.loads(path.read_text(encoding="utf-8"))
    voices = tuple(SystemVoice(entry["id"], entry["name"], tuple(entry["languages"])) for entry in found["voices"])
    if not voices:
        raise SpeechSynthesisError(f"pyttsx3 found no voice on this system. {_cure()}")
    return _SystemVoices(voices, found["default"], frozenset(found["variants"]))


@contextmanager
def _sound_folder(cache_dir: Path) -> Iterator[Path]:
    """Yield a temporary folder for a child process; errors of the disk become a SpeechSynthesisError."""
    try:
        with temporary_folder(cache_dir) as folder:
            yield folder
    except SpeechSynthesisError as error:  # a child that cannot write fails with a message of its own
        if is_full(cache_dir):
            raise SpeechSynthesisError(
                f"pyttsx3 needs a file in {cache_dir}, but the disk is full. Free some space, or choose another "
                "cache_dir."
            ) from error
        raise
    except OSError as error:
        raise SpeechSynthesisError(
            f"pyttsx3 needs a file in {cache_dir}, but: {error}. Free some space, or choose another cache_dir."
        ) from error


def _run_child(request: dict[str, Any], timeout_s: float) -> None:
    """Send a request to ``voicemock.speech.tts_child`` and wait for its end."""
    command = [sys.executable, "-P", "-m", "voicemock.speech.tts_child"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the text goes over stdin
            command,
            input=json.dumps(request).encode("ascii"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=timeout_s,
            check=False,
            umask=0o077,  # drivers set no permissions on the sound
        )
    except subprocess.TimeoutExpired as error:
        raise SpeechSynthesisError(f"pyttsx3 did not finish within {timeout_s:.0f} s. {_cure()}") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit code {done.returncode}"
        raise SpeechSynthesisError(f"pyttsx3 does not work here: {reason} {_cure()}")


def _cure() -> str:
    other = f'or take another voice: {PIP} install "voicemock[piper]"'
    if sys.platform == "darwin":
        return f"Run: {PIP} install --force-reinstall pyttsx3 pyobjc; {other}"
    if sys.platform == "win32":
        return f"Add an English voice in Settings, Time & language, Speech; {other}"
    return f'Run: sudo apt install espeak-ng (or {PIP} install "voicemock[espeak]"); {other}'
