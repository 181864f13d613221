"""The voices of the operating system (espeak-ng, SAPI 5, NSSpeechSynthesizer), through pyttsx3 in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from voicemock.audio import AudioClip, read_audio
from voicemock.disk import is_full
from voicemock.errors import AudioFileError, SpeechSynthesisError
from voicemock.temporary_folder import temporary_folder
from voicemock.tts.pieces import joined, pieces_of, speakable
from voicemock.tts.system_voices import SystemVoice, choose_voice

SYSTEM_VOICE_RATE = 22_050
"""Hz. What espeak, SAPI 5 and NSSpeechSynthesizer all write through pyttsx3 2.99."""

LONGEST_PIECE = 1_000
"""Characters. pyttsx3 joins what espeak gives it in quadratic time: 1,000 characters took 0.2 s, 8,000 took 11 s."""

_CHILD_START_S = 30.0
"""A child speaks after 0.4 s on a free machine; a slow disk and a virus scanner may take many times that."""
_CHILD_CHARACTERS_PER_SECOND = 10.0
"""Slower than speech itself (about 15), so a driver that synthesizes in real time is waited for too."""


class Pyttsx3:
    """The voices of the operating system (espeak-ng, SAPI 5, NSSpeechSynthesizer), through pyttsx3.

    pyttsx3 always runs in a child process: it prints to stdout, hangs, returns before it is done, and takes
    errors for success, and none of this may reach an interview.

    Args:
        voice: A voice's id, name or language, or a part of one; None is an English one.
        rate: Words per minute; None is 200, pyttsx3's own (216 were measured with espeak-ng).
        cache_dir: Where sound stands for a moment.

    Raises:
        SpeechSynthesisError: pyttsx3 does not work here, or has no such voice.
    """

    def __init__(self, voice: str | None, rate: int | None, cache_dir: Path) -> None:
        voices, default_id = _system_voices(cache_dir)
        chosen = choose_voice(voices, voice, default_id)
        self._voice_id = chosen.id if chosen else None
        self._rate = rate
        self._cache_dir = cache_dir
        self.name = f"pyttsx3 {chosen.name}" if chosen else "pyttsx3"

    def synthesize(self, text: str) -> AudioClip:
        """Return the text as speech.

        Raises:
            SpeechSynthesisError: The child process failed, gave no sound or took too long.
        """
        pieces = [self._say(piece) for piece in pieces_of(speakable(text), LONGEST_PIECE)]
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


def _system_voices(cache_dir: Path) -> tuple[tuple[SystemVoice, ...], str | None]:
    """Ask a child for the voices and the id of the one that the user chose for the system."""
    with _sound_folder(cache_dir) as folder:
        path = Path(folder, "voices.json")
        _run_child({"list": True, "to": str(path)}, _CHILD_START_S)
        found = json.loads(path.read_text(encoding="utf-8"))
    voices = tuple(SystemVoice(entry["id"], entry["name"], tuple(entry["languages"])) for entry in found["voices"])
    if not voices:
        raise SpeechSynthesisError(f"pyttsx3 found no voice on this system. {_cure()}")
    return voices, found["default"]


@contextmanager
def _sound_folder(cache_dir: Path) -> Iterator[Path]:
    """Lend a temporary folder to a child.

    Raises:
        SpeechSynthesisError: It cannot be made, or what the child wrote cannot be read.
    """
    try:
        with temporary_folder(cache_dir) as folder:
            yield folder
    except SpeechSynthesisError as error:  # a child says in its own words that it cannot write
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
    """Hand a request to ``voicemock.tts_child`` and wait until it has done it.

    Raises:
        SpeechSynthesisError: It failed or took too long.
    """
    command = [sys.executable, "-P", "-m", "voicemock.tts_child"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the text goes over stdin
            command,
            input=json.dumps(request).encode("ascii"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=timeout_s,
            check=False,
            umask=0o077,  # drivers leave to the system who may read the sound
        )
    except subprocess.TimeoutExpired as error:
        raise SpeechSynthesisError(f"pyttsx3 did not finish within {timeout_s:.0f} s. {_cure()}") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit code {done.returncode}"
        raise SpeechSynthesisError(f"pyttsx3 does not work here: {reason} {_cure()}")


def _cure() -> str:
    other = 'or take another voice: pip install "voicemock[piper]"'
    if sys.platform == "darwin":
        return f"Run: pip install --force-reinstall pyttsx3 pyobjc; {other}"
    if sys.platform == "win32":
        return f"Add an English voice in Settings, Time & language, Speech; {other}"
    return f'Run: sudo apt install espeak-ng (or pip install "voicemock[espeak]"); {other}'
