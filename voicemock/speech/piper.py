"""Piper: a natural voice that runs in this process."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from voicemock.errors import SpeechSynthesisError
from voicemock.files import give_back_memory
from voicemock.packaged import PIP
from voicemock.speech.clip import AudioClip, Samples
from voicemock.speech.synthesizer import joined, pieces_of, speakable
from voicemock.weights import piper_voice

LONGEST_PIECE: Final = 200
"""Characters. Piper's time and memory grow with the square of a piece without a full stop: 220 characters took 3 s,
550 took 11 s and 0.8 GB, 2,200 took a minute and 3 GB, and 11,000 ended the process (2 cores)."""

WORDS_PER_MINUTE: Final = 205
"""The joe voice at its own speed, over 25 questions of the bank; other medium voices are assumed to be similar."""

FIXED_SHARE: Final = 0.28
"""Share of a sentence's length that ``length_scale`` does not stretch, because lengths are rounded up a phoneme at a
time: the same questions took 0.64, 1, 1.34 and 1.73 times as long at scales of 0.5, 1, 1.5 and 2."""

_CURE: Final = f'Run: {PIP} install --upgrade "voicemock[piper]"'


class Piper:
    """A natural voice, in process.

    Args:
        voice: "joe", or the path of an ``.onnx`` file; None means joe.
        rate: Words per minute; None means the voice's own speed.
        cache_dir: Where verifications are kept.

    Raises:
        SpeechSynthesisError: Piper is not installed, or cannot read the voice.
        WeightsError: The voice is not installed, or is damaged.
    """

    fingerprint: str
    """Identifies its speech among that of all voices."""

    def __init__(self, voice: str | None, rate: int | None, cache_dir: Path) -> None:
        try:
            from piper import PiperVoice, SynthesisConfig
        except ImportError as error:
            raise SpeechSynthesisError(f"Piper is not installed ({error}). {_CURE}") from error
        try:
            path = piper_voice(voice, cache_dir)
            self._voice = PiperVoice.load(path)
            self._voice.session = _Borrowing(self._voice.session)
        except _onnx_errors(OSError, ValueError, KeyError) as error:
            raise SpeechSynthesisError(f"{path} is not a voice that Piper can read: {error}. {_CURE}") from error
        self.name = f"piper {path.stem}"
        self.fingerprint = _fingerprint(path, rate)
        self._config = SynthesisConfig(length_scale=self._voice.config.length_scale * length_scale_of(rate))

    @classmethod
    def fingerprint_of(cls, voice: str | None, rate: int | None, cache_dir: Path) -> str | None:
        """Return the fingerprint that a voice will have, without loading it; None if Piper is not installed.

        Raises:
            WeightsError: The voice is not installed, or is damaged.
        """
        return _fingerprint(piper_voice(voice, cache_dir), rate) if find_spec("piper") else None

    def synthesize(self, text: str) -> AudioClip:
        """Return the text as speech, with a short pause between sentences.

        Raises:
            SpeechSynthesisError: Piper failed.
        """
        sentences: list[Samples] = []
        try:
            for piece in pieces_of(speakable(text), LONGEST_PIECE):
                sentences += [chunk.audio_float_array for chunk in self._voice.synthesize(piece, self._config)]
        except _onnx_errors(ValueError) as error:
            raise SpeechSynthesisError(f"Piper could not say a text of {len(text)} characters: {error}.") from error
        finally:
            give_back_memory()
        return joined(sentences, self._voice.config.sample_rate)


def length_scale_of(rate: int | None) -> float:
    """Return how far Piper must stretch its phonemes to speak at ``rate`` words per minute."""
    if rate is None:
        return 1.0
    return (WORDS_PER_MINUTE / rate - FIXED_SHARE) / (1 - FIXED_SHARE)


class _Borrowing:
    """An onnxruntime session that returns the memory of each run.

    It would keep 18 MB for each second of the longest sentence so far. Allocating anew makes a sentence 7 % slower.
    """

    def __init__(self, session: Any) -> None:
        from onnxruntime import RunOptions

        self._session = session
        self._options = RunOptions()
        self._options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def run(self, outputs: Any, inputs: Any) -> Any:
        return self._session.run(outputs, inputs, self._options)


def _fingerprint(path: Path, rate: int | None) -> str:
    """Return engine, version, voice and rate; path, size and modification time identify a voice's files."""
    files = [(str(file), file.stat()) for file in (path, path.with_name(f"{path.name}.json"))]
    return repr(
        ("piper", version("piper-tts"), rate, *((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))
    )


def _onnx_errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return onnxruntime's errors for a broken or unfit model, which share no base class, and ``others``."""
    onnx = import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    return (onnx.Fail, onnx.InvalidArgument, onnx.InvalidGraph, onnx.InvalidProtobuf, onnx.RuntimeException, *others)
