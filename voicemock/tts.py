"""Text to speech: Piper in process, pyttsx3 in a child process. Both return sound; playing it is the speaker's work."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from voicemock.audio import AudioClip, Samples, read_audio
from voicemock.disk import is_full
from voicemock.errors import AudioFileError, SpeechSynthesisError
from voicemock.temporary_folder import temporary_folder
from voicemock.weights import piper_voice

SYSTEM_VOICE_RATE = 22_050
"""Hz. What espeak, SAPI 5 and NSSpeechSynthesizer all write through pyttsx3 2.99."""

PIPER_LONGEST_PIECE = 200
"""Characters. Piper's time and memory grow with the square of a piece without a full stop: 220 characters took 3 s,
550 took 11 s and 0.8 GB, 2,200 took a minute and 3 GB, and 11,000 ended the process (2 cores)."""

PYTTSX3_LONGEST_PIECE = 1_000
"""Characters. pyttsx3 joins what espeak gives it in quadratic time: 1,000 characters took 0.2 s, 8,000 took 11 s."""

PIPER_WORDS_PER_MINUTE = 205
"""The joe voice at its own speed, over 25 questions of the bank; other medium voices are taken to be alike."""

PIPER_FIXED_SHARE = 0.28
"""Share of a sentence's length that ``length_scale`` does not stretch, because lengths are rounded up a phoneme at a
time: the same questions took 0.64, 1, 1.34 and 1.73 times as long at scales of 0.5, 1, 1.5 and 2."""

SENTENCE_PAUSE_S = 0.2
"""Between sentences, on top of the 0.1 to 0.2 s of silence that Piper ends each with."""

_CHILD_START_S = 30.0
"""A child speaks after 0.4 s on a free machine; a slow disk and a virus scanner may take many times that."""
_CHILD_CHARACTERS_PER_SECOND = 10.0
"""Slower than speech itself (about 15), so a driver that synthesizes in real time is waited for too."""

_SENTENCE_END = re.compile(r"[.!?][\"')]*\s")
_CLAUSE_END = re.compile(r"[,;:]\s")


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


def speakable(text: str) -> str:
    """Return a text without what an engine would take for a command; empty when there is nothing to say in it.

    Control characters and lone surrogates become spaces. Piper and macOS read what stands in ``[[ ]]`` as commands,
    SAPI reads a text that begins with ``<`` as XML.
    """
    printable = "".join(" " if unicodedata.category(character) in ("Cc", "Cs") else character for character in text)
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


def piper_length_scale(rate: int | None) -> float:
    """Return how far Piper must stretch its phonemes to speak at ``rate`` words per minute."""
    if rate is None:
        return 1.0
    return (PIPER_WORDS_PER_MINUTE / rate - PIPER_FIXED_SHARE) / (1 - PIPER_FIXED_SHARE)


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


class Piper:
    """A natural voice, in process.

    Args:
        voice: "joe", or the path of an ``.onnx`` file; None is joe.
        rate: Words per minute; None is the voice's own speed.
        cache_dir: Where it is kept that the voice was verified.

    Raises:
        SpeechSynthesisError: Piper is not installed, or cannot read the voice.
        WeightsError: The voice is not installed, or is damaged.
    """

    fingerprint: str
    """Tells its speech from that of any other voice."""

    def __init__(self, voice: str | None, rate: int | None, cache_dir: Path) -> None:
        try:
            from piper import PiperVoice, SynthesisConfig
        except ImportError as error:
            raise SpeechSynthesisError(f"Piper is not installed ({error}). {_PIPER_CURE}") from error
        try:
            path = piper_voice(voice, cache_dir)
            self._voice = PiperVoice.load(path)
            self._voice.session = _Borrowing(self._voice.session)
        except _onnx_errors(OSError, ValueError, KeyError) as error:
            raise SpeechSynthesisError(f"{path} is not a voice that Piper can read: {error}. {_PIPER_CURE}") from error
        self.name = f"piper {path.stem}"
        self.fingerprint = _piper_fingerprint(path, rate)
        self._config = SynthesisConfig(length_scale=self._voice.config.length_scale * piper_length_scale(rate))

    @classmethod
    def fingerprint_of(cls, voice: str | None, rate: int | None, cache_dir: Path) -> str | None:
        """Return the fingerprint that a voice will have, without loading it; None where it cannot be loaded.

        Raises:
            WeightsError: The voice is not installed, or is damaged.
        """
        return _piper_fingerprint(piper_voice(voice, cache_dir), rate) if find_spec("piper") else None

    def synthesize(self, text: str) -> AudioClip:
        """Return the text as speech, sentence by sentence with a short pause between.

        Raises:
            SpeechSynthesisError: Piper failed.
        """
        sentences: list[Samples] = []
        try:
            for piece in pieces_of(speakable(text), PIPER_LONGEST_PIECE):
                sentences += [chunk.audio_float_array for chunk in self._voice.synthesize(piece, self._config)]
        except _onnx_errors(ValueError) as error:
            raise SpeechSynthesisError(f"Piper could not say a text of {len(text)} characters: {error}.") from error
        return _joined(sentences, self._voice.config.sample_rate)


class _Borrowing:
    """An onnxruntime session that gives back the memory of each run.

    It would keep 18 MB for each second of the longest sentence so far. Taking them anew makes a sentence 7 % slower.
    """

    def __init__(self, session: Any) -> None:
        from onnxruntime import RunOptions

        self._session = session
        self._options = RunOptions()
        self._options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def run(self, outputs: Any, inputs: Any) -> Any:
        return self._session.run(outputs, inputs, self._options)


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
        pieces = [self._say(piece) for piece in pieces_of(speakable(text), PYTTSX3_LONGEST_PIECE)]
        return _joined([piece.samples for piece in pieces], SYSTEM_VOICE_RATE)

    def _say(self, text: str) -> AudioClip:
        with _sound_folder(self._cache_dir) as folder:
            path = Path(folder, "speech.aiff" if sys.platform == "darwin" else "speech.wav")
            request = {"say": text, "voice": self._voice_id, "rate": self._rate, "to": str(path)}
            _run_child(request, _CHILD_START_S + len(text) / _CHILD_CHARACTERS_PER_SECOND)
            try:
                clip = read_audio(path, SYSTEM_VOICE_RATE)
            except AudioFileError as error:
                raise SpeechSynthesisError(
                    f"pyttsx3 wrote no sound for a text of {len(text)} characters. {_pyttsx3_cure()}"
                ) from error
        if not len(clip.samples):
            raise SpeechSynthesisError(
                f"pyttsx3 wrote an empty sound for a text of {len(text)} characters. {_pyttsx3_cure()}"
            )
        return clip


def _piper_fingerprint(path: Path, rate: int | None) -> str:
    """Return engine, version, voice and rate; a voice's file is known by its place, size and time of change."""
    files = [(str(file), file.stat()) for file in (path, path.with_name(f"{path.name}.json"))]
    return repr(
        ("piper", version("piper-tts"), rate, *((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))
    )


def _joined(sentences: list[Samples], sample_rate: int) -> AudioClip:
    """Return sentences as one clip, a pause between each two."""
    pause = np.zeros(round(SENTENCE_PAUSE_S * sample_rate), np.float32)
    with_pauses = [block for sentence in sentences for block in (sentence, pause)][:-1]
    samples = np.concatenate(with_pauses).astype(np.float32, copy=False) if with_pauses else np.zeros(0, np.float32)
    return AudioClip(samples, sample_rate)


def _onnx_errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what onnxruntime raises for a broken or unfit model, which has no base of its own, and ``others``."""
    onnx = import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    return (onnx.Fail, onnx.InvalidArgument, onnx.InvalidGraph, onnx.InvalidProtobuf, onnx.RuntimeException, *others)


def _system_voices(cache_dir: Path) -> tuple[tuple[SystemVoice, ...], str | None]:
    """Ask a child for the voices and the id of the one that the user chose for the system."""
    with _sound_folder(cache_dir) as folder:
        path = Path(folder, "voices.json")
        _run_child({"list": True, "to": str(path)}, _CHILD_START_S)
        found = json.loads(path.read_text(encoding="utf-8"))
    voices = tuple(SystemVoice(entry["id"], entry["name"], tuple(entry["languages"])) for entry in found["voices"])
    if not voices:
        raise SpeechSynthesisError(f"pyttsx3 found no voice on this system. {_pyttsx3_cure()}")
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
        raise SpeechSynthesisError(f"pyttsx3 did not finish within {timeout_s:.0f} s. {_pyttsx3_cure()}") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit code {done.returncode}"
        raise SpeechSynthesisError(f"pyttsx3 does not work here: {reason} {_pyttsx3_cure()}")


_PIPER_CURE = 'Run: pip install --upgrade "voicemock[piper]"'


def _pyttsx3_cure() -> str:
    other = 'or take another voice: pip install "voicemock[piper]"'
    if sys.platform == "darwin":
        return f"Run: pip install --force-reinstall pyttsx3 pyobjc; {other}"
    if sys.platform == "win32":
        return f"Add an English voice in Settings, Time & language, Speech; {other}"
    return f'Run: sudo apt install espeak-ng (or pip install "voicemock[espeak]"); {other}'
