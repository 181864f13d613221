"""Piper: a natural voice that runs in this process."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, Final, cast
from weakref import WeakValueDictionary

from voicemock.errors import SpeechSynthesisError, hint_of
from voicemock.files import give_back_memory, returning_memory
from voicemock.packaged import PIP
from voicemock.speech.clip import AudioClip, Samples
from voicemock.speech.spoken_forms import respelled
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

VARIANTS: Final = MappingProxyType({"higher": 1.16, "deeper": 0.9})
"""Factors of pitch and resonances, after a plus sign: "joe+higher". Both move together, as in a smaller or larger
person, which costs hardly a word (docs/accuracy.md)."""

_CURE: Final = f'Run: {PIP} install --upgrade "voicemock[piper]"'


class Piper:
    """A natural voice, in process.

    Args:
        voice: "joe", or the path of an ``.onnx`` file; None means joe. A variant may follow: "joe+deeper".
        rate: Words per minute; None means the voice's own speed.
        cache_dir: Where verifications are kept.

    Raises:
        SpeechSynthesisError: Piper is not installed, cannot read the voice, or has no such variant.
        WeightsError: The voice is not installed, or is damaged.
    """

    fingerprint: str
    """Identifies its speech among that of all voices."""

    def __init__(self, voice: str | None, rate: int | None, cache_dir: Path) -> None:
        try:
            from piper import SynthesisConfig
        except ImportError as error:
            raise SpeechSynthesisError(f"Piper is not installed ({error}). {_CURE}") from error
        name, variant = split_variant(voice)
        try:
            path = piper_voice(name, cache_dir)
            self._loaded = _load(path)
        except _onnx_errors(OSError, ValueError, KeyError) as error:
            raise SpeechSynthesisError(f"{path} is not a voice that Piper can read: {error}. {_CURE}") from error
        self.name = f"piper {path.stem}" + (f", {variant}" if variant else "")
        self.fingerprint = _fingerprint(path, rate, variant)
        self._factor = VARIANTS[variant] if variant else 1.0
        scale = length_scale_of(rate, self._factor)
        self._config = SynthesisConfig(length_scale=self._loaded.voice.config.length_scale * scale)

    @classmethod
    def fingerprint_of(cls, voice: str | None, rate: int | None, cache_dir: Path) -> str | None:
        """Return the fingerprint that a voice will have, without loading it; None if Piper is not installed.

        Raises:
            SpeechSynthesisError: It has no such variant.
            WeightsError: The voice is not installed, or is damaged.
        """
        name, variant = split_variant(voice)
        return _fingerprint(piper_voice(name, cache_dir), rate, variant) if find_spec("piper") else None

    def synthesize(self, text: str) -> AudioClip:
        """Return the text as speech, with a short pause between sentences.

        Raises:
            SpeechSynthesisError: Piper failed.
        """
        sentences: list[Samples] = []
        try:
            for piece in pieces_of(respelled(speakable(text)), LONGEST_PIECE):
                sentences += self._said(piece)
        except _onnx_errors(ValueError) as error:
            raise SpeechSynthesisError(f"Piper could not say a text of {len(text)} characters: {error}.") from error
        finally:
            give_back_memory()
        return joined(sentences, self._loaded.voice.config.sample_rate)

    def _said(self, piece: str) -> list[Samples]:
        """Return the sentences of a piece, one after the other on any thread: a loaded voice has one phonemizer."""
        with self._loaded.one_at_a_time:
            chunks = [chunk.audio_float_array for chunk in self._loaded.voice.synthesize(piece, self._config)]
        rate = self._loaded.voice.config.sample_rate
        return chunks if self._factor == 1 else [_varied(chunk, rate, self._factor) for chunk in chunks]


@dataclass(eq=False, frozen=True, slots=True, weakref_slot=True)
class _Loaded:
    """A voice in memory, shared by its variants."""

    voice: Any
    one_at_a_time: Lock


_IN_MEMORY: Final[WeakValueDictionary[tuple[Path, int], _Loaded]] = WeakValueDictionary()
_LOADING: Final = Lock()


def _load(path: Path) -> _Loaded:
    """Return a voice, loaded once for all variants in use: they differ in what is done to their sound."""
    from piper import PiperVoice

    key = (path, path.stat().st_mtime_ns)
    with _LOADING:
        loaded = _IN_MEMORY.get(key)
        if loaded is None:
            voice = PiperVoice.load(path)
            voice.session = _Borrowing(voice.session)
            loaded = _IN_MEMORY[key] = _Loaded(voice, Lock())
        return loaded


def split_variant(voice: str | None) -> tuple[str | None, str]:
    """Return a voice without its variant, and the variant; empty for the voice as it is.

    Raises:
        SpeechSynthesisError: There is no such variant.
    """
    name, plus, variant = (voice or "").rpartition("+")
    if not plus or variant.endswith(".onnx"):
        return voice, ""
    if variant not in VARIANTS:
        raise SpeechSynthesisError(f"Piper's voices have no variant {variant!r}. {hint_of(variant, VARIANTS)}")
    return name or None, variant


def length_scale_of(rate: int | None, factor: float = 1.0) -> float:
    """Return how far Piper must stretch its phonemes to speak at ``rate`` words per minute.

    Args:
        rate: None means the voice's own speed.
        factor: The sound is played so many times as fast afterward.
    """
    return (factor * WORDS_PER_MINUTE / (rate or WORDS_PER_MINUTE) - FIXED_SHARE) / (1 - FIXED_SHARE)


def _varied(samples: Samples, rate: int, factor: float) -> Samples:
    """Return sound played ``factor`` times as fast, which moves pitch and resonances by the same factor."""
    import soxr

    return cast(Samples, soxr.resample(samples, rate * factor, rate))


class _Borrowing:
    """An onnxruntime session that returns the memory of each run."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._options = returning_memory()

    def run(self, outputs: Any, inputs: Any) -> Any:
        return self._session.run(outputs, inputs, self._options)


def _fingerprint(path: Path, rate: int | None, variant: str) -> str:
    """Return engine, version, voice, variant and rate; path, size and modification time identify a voice's files."""
    files = [(str(file), file.stat()) for file in (path, path.with_name(f"{path.name}.json"))]
    factor = VARIANTS.get(variant)
    how = (rate,) if factor is None else (rate, factor)
    known = ((name, stat.st_size, stat.st_mtime_ns) for name, stat in files)
    return repr(("piper", version("piper-tts"), *how, *known))


def _onnx_errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return onnxruntime's errors for a broken or unfit model, which share no base class, and ``others``."""
    onnx = import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    return (onnx.Fail, onnx.InvalidArgument, onnx.InvalidGraph, onnx.InvalidProtobuf, onnx.RuntimeException, *others)
