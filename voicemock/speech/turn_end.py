"""Smart Turn: a network that hears in a voice whether someone is finished, by pitch, lengthening and loudness.

It knows nothing of the words: a stop in the middle of fluent speech sounds finished to it (docs/endpointing.md), so the
words have to agree. Its weights are optional (``pip install --no-deps pipecat-ai==1.14.0``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from voicemock.errors import EngineError, WeightsError
from voicemock.files import give_back_memory
from voicemock.packaged import SMART_TURN
from voicemock.speech.clip import LISTENING_RATE, AudioClip, Samples
from voicemock.speech.endpointing import Chunker
from voicemock.weights import ready_model

HEARD_S: Final = 8.0
"""What the network takes; shorter sound is padded in front."""

QUIET_S: Final = 0.1
"""Silence left behind the voice. With more, a stop in fluent speech sounds finished more often; with none, ends sound
unfinished (docs/endpointing.md)."""

LATE_S: Final = 0.5
"""The detectors find the end of a voice at most this late: 0.14 s in the middle, in the cases of
``bench/speech/endpointing.py``. One in ten is found early, because its last syllable is quiet."""

VOICE_S: Final = 3.0
"""The loudness of the voice is taken from this much of it."""

LOUD_SHARE: Final = 0.03
"""This share of it, 0.09 s, counts as its loud parts: it may be one short word."""

BELOW_VOICE_DB: Final = 30.0
"""The end of a word is at most this much quieter than the loud parts of the voice ..."""

ABOVE_QUIET_DB: Final = 10.0
"""... and at least this much louder than the silence behind it ..."""

QUIET_SHARE: Final = 0.2
"""... of which this share is silence at least: the rest may be a quiet last syllable."""

CLEAR_DB: Final = 15.0
"""What is this close to the loud parts counts as voice, however loud the room is. Where the silence behind it is, the
end cannot be told by loudness."""

_HOP: Final = LISTENING_RATE // 100


class SmartTurn:
    """Smart Turn v3.2 on onnxruntime, loaded when it is first asked; it takes 0.08 CPU seconds a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loaded: tuple[Any, Any] | None = None

    def probability(self, tail: AudioClip) -> float:
        """Return the probability that whoever speaks at the end of a clip is finished.

        Args:
            tail: The last stretch of speech at 16 kHz, with ``Chunker.MARGIN_S`` of sound behind what the detectors
                took for its end. The more of the last eight seconds, the better.

        Raises:
            EngineError: The network cannot be loaded.
        """
        detected = max(0, len(tail.samples) - round(Chunker.MARGIN_S * LISTENING_RATE))
        samples = tail.samples[: end_of_voice(tail.samples, detected) + round(QUIET_S * LISTENING_RATE)]
        session, features = self._load()
        count = round(HEARD_S * LISTENING_RATE)
        heard = np.zeros(count, np.float32)
        kept = samples[-count:]
        heard[count - len(kept) :] = kept
        even = (heard - heard.mean()) / np.sqrt(heard.var() + 1e-7)
        log_mel = features(even, padding=0)[np.newaxis, :, : count // 160]
        found = session.run(None, {"input_features": log_mel})
        give_back_memory()
        return float(np.ravel(found[0])[0])

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            from faster_whisper.feature_extractor import FeatureExtractor
            from onnxruntime import InferenceSession, SessionOptions
            from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf, NoSuchFile

            options = SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False  # it is asked seldom, and would keep 30 MB
            try:
                session = InferenceSession(self._path, options, providers=["CPUExecutionProvider"])
            except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
                raise EngineError(f"Smart Turn cannot be loaded: {error}") from error
            self._loaded = (session, FeatureExtractor(chunk_length=int(HEARD_S)))
        return self._loaded


def end_of_voice(samples: Samples, detected: int) -> int:
    """Return where a voice ends by its loudness. Where that does not tell, it is where the detectors found it.

    Args:
        samples: Speech at 16 kHz and the silence behind it.
        detected: The sample at which the detectors found the end, up to ``LATE_S`` too late, or too early.
    """
    voice = _levels_db(samples[max(0, detected - round(VOICE_S * LISTENING_RATE)) : detected])
    quiet = _levels_db(samples[detected:])
    if not len(voice) or not len(quiet):
        return detected
    loud_db = np.quantile(voice, 1 - LOUD_SHARE)
    floor_db = np.quantile(quiet, QUIET_SHARE)
    threshold_db = min(max(loud_db - BELOW_VOICE_DB, floor_db + ABOVE_QUIET_DB), loud_db - CLEAR_DB)
    if floor_db >= threshold_db:
        return detected
    late = voice[-round(LATE_S * LISTENING_RATE / _HOP) :]
    spoken = np.flatnonzero(np.concatenate([late, quiet]) >= threshold_db)
    return detected + (int(spoken[-1]) + 1 - len(late)) * _HOP if len(spoken) else detected


def _levels_db(samples: Samples) -> NDArray[np.float64]:
    """Return the level of each whole 10 ms, counted from the end."""
    count = len(samples) // _HOP
    frames = samples[len(samples) - count * _HOP :].reshape(count, _HOP).astype(np.float64)
    return np.asarray(10 * np.log10(np.mean(frames**2, axis=1) + 1e-12))


def load_smart_turn(cache_dir: Path) -> SmartTurn | None:
    """Return Smart Turn, or None where its weights are not installed or are damaged: the words decide alone then.

    ``voicemock doctor`` says so.
    """
    try:
        return SmartTurn(ready_model(SMART_TURN, cache_dir) / SMART_TURN.files[0].name)
    except WeightsError:
        return None
