"""The detectors on synthetic sound, and verdicts turned into stretches of speech."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from faster_whisper.vad import get_vad_model
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import flags
from voicemock.errors import EngineError
from voicemock.speech.clip import FRAME_S, LISTENING_RATE, AudioClip, silence
from voicemock.speech.vad import (
    MAX_GAP_S,
    MIN_SPEECH_S,
    Silero,
    VoiceActivityDetector,
    WebRtc,
    WebRtcConfirmedBySilero,
    speech_flags,
    speech_spans,
)

# --- verdicts to stretches -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "spans"),
    [
        ("silence 3", []),
        ("speech 3", [(0, 3)]),
        ("silence 1.5, speech 3, silence 1.5", [(1.5, 4.5)]),
        ("speech 0.9, silence 0.18, speech 0.9", [(0, 1.98)]),  # a stop consonant
        ("speech 0.9, silence 0.21, speech 0.9", [(0, 0.9), (1.11, 2.01)]),  # a pause
        ("speech 0.9, silence 1.5, speech 0.06, silence 1.5, speech 0.9", [(0, 0.9), (3.96, 4.86)]),  # a click
        ("silence 0.9, speech 0.09", [(0.9, 0.99)]),
        ("speech 0.03, silence 0.15, speech 0.03, silence 3", [(0, 0.21)]),
    ],
)
def test_short_gaps_are_closed_and_lone_clicks_dropped(script: str, spans: list[tuple[float, float]]) -> None:
    assert [tuple(span) for span in speech_spans(flags(script))] == spans  # exactly: the JSON shows them


@given(st.lists(st.booleans(), max_size=400))
def test_stretches_are_in_order_apart_and_long_enough(verdicts: list[bool]) -> None:
    spans = speech_spans(verdicts)
    for span, following in pairwise(spans):
        assert following.start_s - span.end_s > MAX_GAP_S - FRAME_S
    for span in spans:
        assert 0 <= span.start_s < span.end_s <= len(verdicts) * FRAME_S + 1e-9
        assert span.end_s - span.start_s >= MIN_SPEECH_S - 1e-9
    in_spans = sum(round((span.end_s - span.start_s) / FRAME_S) for span in spans)
    assert sum(span.end_s - span.start_s for span in spans) == pytest.approx(in_spans * FRAME_S)


@pytest.mark.parametrize("start", range(0, 4000, 97))
def test_three_frames_are_speech_wherever_they_stand(start: int) -> None:
    assert len(speech_spans([*[False] * start, True, True, True])) == 1


# --- the detectors -------------------------------------------------------------------------------------

T = np.arange(5 * LISTENING_RATE) / LISTENING_RATE
NOT_SPEECH = {
    "silence": np.zeros_like(T),
    "fan": np.random.default_rng(1).standard_normal(len(T)) * 0.03,
    "hum": 0.2 * np.sin(2 * np.pi * 100 * T) + 0.1 * np.sin(2 * np.pi * 200 * T),
    "clicks": (np.random.default_rng(2).random(len(T)) < 0.0005) * 0.5,
    "tone": 0.3 * np.sin(2 * np.pi * 440 * T),
}


def voiced(duration_s: float) -> AudioClip:
    """Something like a sung vowel: pulses of a wandering pitch through three formants."""
    t = np.arange(round(duration_s * LISTENING_RATE)) / LISTENING_RATE
    phase = 2 * np.pi * np.cumsum(120 + 15 * np.sin(2 * np.pi * 3 * t)) / LISTENING_RATE
    sound = np.zeros_like(t)
    for harmonic in range(1, 30):
        frequency = 120 * harmonic
        gain = sum(np.exp(-(((frequency - formant) / 150) ** 2)) for formant in (700, 1200, 2600))
        sound += (gain + 0.02) * np.sin(harmonic * phase)
    loudness = 0.5 + 0.5 * np.sin(2 * np.pi * 4 * t)
    return AudioClip((0.1 * sound * loudness).astype(np.float32), LISTENING_RATE)


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_what_is_no_voice_is_no_speech(name: str) -> None:
    clip = AudioClip(NOT_SPEECH[name].astype(np.float32), LISTENING_RATE)
    assert not any(speech_flags(clip, WebRtcConfirmedBySilero()))


@pytest.mark.parametrize("detector", [WebRtc, Silero, WebRtcConfirmedBySilero])
def test_a_voice_is_speech_and_the_silence_around_it_is_not(detector: Callable[[], VoiceActivityDetector]) -> None:
    quiet = silence(1.5)
    clip = AudioClip(np.concatenate((quiet.samples, voiced(3.0).samples, quiet.samples)), LISTENING_RATE)
    verdicts = np.array(speech_flags(clip, detector()))
    assert len(verdicts) == round(6 / FRAME_S)
    assert not verdicts[:48].any()
    assert verdicts[55:145].mean() > 0.7
    assert not verdicts[-17:].any()


@pytest.mark.parametrize("detector", [WebRtc, Silero, WebRtcConfirmedBySilero])
def test_a_fresh_detector_remembers_nothing(detector: Callable[[], VoiceActivityDetector]) -> None:
    clip = voiced(1.5)
    first = speech_flags(clip, detector())
    speech_flags(voiced(0.9), detector())
    assert speech_flags(clip, detector()) == first


def test_a_runtime_that_cannot_be_loaded_is_told_with_a_way_out(monkeypatch):
    get_vad_model.cache_clear()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EngineError, match=r"Silero cannot be loaded: .*memory is short.*VOICEMOCK_VAD=webrtc"):
        Silero()
