"""Smart Turn: a network that hears in a voice whether someone is finished, by pitch, lengthening and loudness.

It knows nothing of the words: a stop in the middle of fluent speech sounds finished to it (docs/endpointing.md), so the
words have to agree. Its weights are optional (``pip install --no-deps pipecat-ai==1.14.0``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from voicemock.errors import EngineError, WeightsError
from voicemock.packaged import SMART_TURN
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.endpointing import Chunker
from voicemock.weights import ready_model

HEARD_S: Final = 8.0
"""What the network takes; shorter sound is padded in front."""

QUIET_S: Final = 0.2
"""Silence left behind the last word, as in the network's training. With more, a stop in fluent speech sounds
finished."""


class SmartTurn:
    """Smart Turn v3.2 on onnxruntime, loaded when it is first asked; it takes 0.08 CPU seconds a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loaded: tuple[Any, Any] | None = None

    def probability(self, tail: AudioClip) -> float:
        """Return the probability that whoever speaks at the end of a clip is finished.

        Args:
            tail: The last stretch of speech at 16 kHz, with ``Chunker.MARGIN_S`` of sound behind it.

        Raises:
            EngineError: The network cannot be loaded.
        """
        spare = round((Chunker.MARGIN_S - QUIET_S) * LISTENING_RATE)
        samples = tail.samples[: max(0, len(tail.samples) - spare)]
        session, features = self._load()
        count = round(HEARD_S * LISTENING_RATE)
        heard = np.zeros(count, np.float32)
        kept = samples[-count:]
        heard[count - len(kept) :] = kept
        even = (heard - heard.mean()) / np.sqrt(heard.var() + 1e-7)
        log_mel = features(even, padding=0)[np.newaxis, :, : count // 160]
        return float(np.ravel(session.run(None, {"input_features": log_mel})[0])[0])

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


def load_smart_turn(cache_dir: Path) -> SmartTurn | None:
    """Return Smart Turn, or None where its weights are not installed or are damaged: the words decide alone then.

    ``voicemock doctor`` says so.
    """
    try:
        return SmartTurn(ready_model(SMART_TURN, cache_dir) / SMART_TURN.files[0].name)
    except WeightsError:
        return None
