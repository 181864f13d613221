"""Voice activity detectors, which tell speech from other sound in 30 ms frames, and the stretches of speech.

A detector keeps a little state from frame to frame, so each answer gets a fresh one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

import numpy as np
import webrtcvad

from voicemock.errors import EngineError
from voicemock.models import SpeechSpan
from voicemock.packaged import SILERO
from voicemock.speech.acoustics import runs
from voicemock.speech.clip import FRAME_S, LISTENING_RATE, AudioClip, Samples, frames_in, frames_of, to_pcm16
from voicemock.weights import verify_bundled

MIN_SPEECH_S: Final = 0.09
"""A shorter burst of speech frames is a click, not a sound that a person makes on purpose."""

MAX_GAP_S: Final = 0.2
"""Silence shorter than this inside speech is a stop consonant, not a pause (Heldner & Edlund, 2010)."""

_MIN_SPEECH_FRAMES: Final = frames_in(MIN_SPEECH_S)
_MAX_GAP_FRAMES: Final = frames_in(MAX_GAP_S) - 1


class VoiceActivityDetector(Protocol):
    """Tells speech from everything else, frame by frame, in order."""

    def is_speech(self, frame: Samples) -> bool:
        """Return whether a frame of 480 samples at 16 kHz holds speech."""
        ...


class WebRtc:
    """Google's WebRTC detector: cheap and quick to react, but a fan or a keyboard also triggers it."""

    def __init__(self, aggressiveness: int = 2) -> None:
        self._vad = webrtcvad.Vad(aggressiveness)

    def is_speech(self, frame: Samples) -> bool:
        """Return WebRTC's verdict on the frame."""
        return bool(self._vad.is_speech(to_pcm16(frame), LISTENING_RATE))


class Silero:
    """Silero VAD v6, the network that comes with faster-whisper, run frame by frame.

    It works on windows of 512 samples with 64 samples of context. Frames of 480 are re-blocked, and the newest complete
    window judges a frame. Speech begins at ``threshold`` and ends below ``threshold - 0.15`` (the hysteresis of the
    published implementation).

    Raises:
        WeightsError: The network is missing or damaged.
        EngineError: It cannot be loaded, for example for lack of memory.
    """

    _WINDOW = 512
    _CONTEXT = 64
    _HYSTERESIS = 0.15

    def __init__(self, threshold: float = 0.5) -> None:
        from faster_whisper.vad import get_vad_model

        verify_bundled(SILERO)
        try:
            self._session = get_vad_model().session
        except RuntimeError as error:  # faster-whisper raises it if onnxruntime cannot be loaded
            raise EngineError(
                f"Silero cannot be loaded: {error.__cause__ or error}. Close other programs if memory is short, or "
                "take the detector that does without it: VOICEMOCK_VAD=webrtc"
            ) from error
        self._threshold = threshold
        self._state = {name: np.zeros((1, 1, 128), np.float32) for name in ("h", "c")}
        self._pending = np.zeros(self._CONTEXT, np.float32)
        self._open = False

    def is_speech(self, frame: Samples) -> bool:
        """Return whether the newest complete window is speech."""
        self._pending = np.concatenate((self._pending, frame.astype(np.float32, copy=False)))
        while len(self._pending) >= self._CONTEXT + self._WINDOW:
            window = self._pending[np.newaxis, : self._CONTEXT + self._WINDOW]
            output, self._state["h"], self._state["c"] = self._session.run(None, {"input": window, **self._state})
            self._pending = self._pending[self._WINDOW :]
            probability = float(np.ravel(output)[0])
            self._open = probability >= (self._threshold - self._HYSTERESIS if self._open else self._threshold)
        return self._open


class WebRtcConfirmedBySilero:
    """Speech where WebRTC hears something and Silero agrees that it is a voice.

    WebRTC alone takes fans and keyboards for speech and would record for ever; Silero alone begins a window later and
    ends a little too late. Silero's threshold is lower than usual, because WebRTC has already agreed.
    """

    def __init__(self) -> None:
        self._webrtc = WebRtc(aggressiveness=1)
        self._silero = Silero(threshold=0.4)

    def is_speech(self, frame: Samples) -> bool:
        """Return whether both detectors hear speech."""
        voice = self._silero.is_speech(frame)
        return self._webrtc.is_speech(frame) and voice


def speech_flags(clip: AudioClip, detector: VoiceActivityDetector) -> list[bool]:
    """Return one verdict for each 30 ms frame of a clip."""
    return [detector.is_speech(frame) for frame in frames_of(clip)]


def speech_spans(flags: Iterable[bool]) -> tuple[SpeechSpan, ...]:
    """Turn frame verdicts into stretches of speech: short gaps are closed, then lone clicks dropped."""
    spans: list[tuple[int, int]] = []
    for start, end in runs(flags):
        first = spans.pop()[0] if spans and start - spans[-1][1] <= _MAX_GAP_FRAMES else start
        spans.append((first, end))
    return tuple(
        SpeechSpan(round(start * FRAME_S, 3), round(end * FRAME_S, 3))
        for start, end in spans
        if end - start >= _MIN_SPEECH_FRAMES
    )
