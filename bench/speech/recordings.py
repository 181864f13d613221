"""Real recordings with verbatim references, recordings without speech, and noise to mix under speech."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip, Samples

FILLED_PAUSE = re.compile(r"(um+|uh+|uhm+|er|erm|hm+|mm+)", re.IGNORECASE)
GAP_S = 1.0
"""Silence between the clips of the joined recording."""
SECONDS = 30
"""Length of a recording without speech."""
VOICES_OF_BABBLE = 6


@dataclass
class Reference:
    """The verbatim words of one recording."""

    path: Path
    words: list[str]
    filled_pauses_s: list[float] | None
    """Midpoints, if the reference has times."""
    filled_pause_count: int
    spans_s: list[tuple[float, float]] = field(default_factory=list)
    """From when to when each filled pause lasts, if the reference has times."""
    overheard_s: list[float] = field(default_factory=list)
    """Midpoints of filled pauses that are cut off or come from another microphone: right whether heard or not."""


def normalize(word: str) -> str:
    """Return a word as it is compared: lower case, without punctuation."""
    return re.sub(r"[^a-z0-9']", "", word.lower().replace("_", "")).strip("'")


def is_filled_pause(token: str) -> bool:
    """Return whether a token is a filled pause; 'er with an apostrophe is "her", and "E_R_" are letters."""
    return not token.startswith("'") and "_" not in token and bool(FILLED_PAUSE.fullmatch(normalize(token)))


def read_references(folder: Path) -> list[Reference]:
    """Read ``references.json``: ``file``, ``transcript`` and ``words`` ([start, end, word, ...] or null) of each.

    A fifth value of a word says why it does not count.
    """
    references = []
    for entry in json.loads((folder / "references.json").read_text(encoding="utf-8")):
        spans, overheard = [], []
        if entry["words"] is not None:
            tokens = [word[2] for word in entry["words"] if len(word) < 5]
            spans = [(word[0], word[1]) for word in entry["words"] if len(word) < 5 and is_filled_pause(word[2])]
            overheard = [(word[0] + word[1]) / 2 for word in entry["words"] if len(word) >= 5]
        else:
            tokens = re.sub(r"<[a-z]+-([a-z]+)>|<unk>", r"\1", entry["transcript"]).split()
        times = None if entry["words"] is None else [(start_s + end_s) / 2 for start_s, end_s in spans]
        words = [normalize(token) for token in tokens if not is_filled_pause(token)]
        count = sum(map(is_filled_pause, tokens))
        path = folder / entry["file"]
        references.append(Reference(path, [w for w in words if w], times, count, spans, overheard))
    return references


def joined(references: Sequence[Reference], target: Path) -> Reference:
    """Join all recordings in one file and return its reference."""
    pieces, times, words, overheard, offset_s, timed = [], [], [], [], 0.0, True
    for reference in references:
        clip = read_audio(reference.path)
        pieces += [clip.samples, np.zeros(int(GAP_S * LISTENING_RATE), np.float32)]
        words += reference.words
        timed = timed and reference.filled_pauses_s is not None
        times += [offset_s + t for t in reference.filled_pauses_s or []]
        overheard += [offset_s + t for t in reference.overheard_s]
        offset_s += clip.duration_s + GAP_S
    write_audio(target, AudioClip(np.concatenate(pieces), LISTENING_RATE))
    count = sum(reference.filled_pause_count for reference in references)
    return Reference(target, words, times if timed else None, count, overheard_s=overheard)


def with_noise(reference: Reference, noise: Samples, snr_db: float, target: Path) -> Reference:
    """Write a recording with noise under it; the ratio is that of the louder half of its frames to the noise."""
    speech = read_audio(reference.path).samples
    frames = speech[: len(speech) // 480 * 480].reshape(-1, 480).astype(np.float64)
    powers = np.sort(np.mean(frames**2, axis=1))
    power = float(np.mean(powers[len(powers) // 2 :]))
    under = np.resize(noise, len(speech)).astype(np.float64)
    gain = np.sqrt(power / np.mean(under**2) / 10 ** (snr_db / 10))
    mixed = speech + under * gain
    write_audio(target, AudioClip((mixed / max(1.0, np.abs(mixed).max())).astype(np.float32), LISTENING_RATE))
    return replace(reference, path=target)


def with_quiet_fillers(reference: Reference, by_db: float, target: Path) -> Reference:
    """Write a recording whose filled pauses are this much quieter; they fade in and out over 20 ms."""
    speech = read_audio(reference.path).samples
    quiet = np.zeros(len(speech))
    for start_s, end_s in reference.spans_s:
        quiet[round(start_s * LISTENING_RATE) : round(end_s * LISTENING_RATE)] = 1.0
    fade = np.ones(LISTENING_RATE // 50) / (LISTENING_RATE // 50)
    gain = 10 ** (-by_db * np.convolve(quiet, fade, mode="same") / 20)
    write_audio(target, AudioClip((speech * gain).astype(np.float32), LISTENING_RATE))
    return replace(reference, path=target)


def noises(references: Sequence[Reference]) -> dict[str, Samples]:
    """Return noises of a candidate's room: a fan, a keyboard, and a cafe made of the recordings themselves."""
    rng = np.random.default_rng(7)
    clips = [read_audio(reference.path).samples for reference in references]
    loud = sorted(clips, key=lambda clip: -float(np.mean(clip**2)))[: 2 * VOICES_OF_BABBLE]
    babble = np.zeros(SECONDS * LISTENING_RATE)
    for clip in loud:
        voice = np.resize(np.roll(clip, int(rng.integers(0, len(clip)))), len(babble))
        babble += voice / (np.sqrt(np.mean(voice**2)) + 1e-9)
    return {"fan": _fan(rng), "keyboard": _keys(rng), "cafe": (babble / np.abs(babble).max()).astype(np.float32)}


def recordings_without_speech(folder: Path) -> list[Path]:
    """Write recordings without a word: silence, hum, fan, white noise, keys, breath, laughter."""
    rng = np.random.default_rng(7)
    n = SECONDS * LISTENING_RATE
    t = np.arange(n) / LISTENING_RATE
    white = rng.normal(0, 1, n)
    sounds: dict[str, NDArray[np.floating]] = {
        "silence": white * 1e-4,
        "hum": 0.1 * np.sin(2 * np.pi * 50 * t) + 0.03 * np.sin(2 * np.pi * 150 * t),
        "fan": _fan(rng),
        "white": white * 0.05,
        "keyboard": _keys(rng),
        "breath": white * np.clip(np.sin(2 * np.pi * 0.25 * t), 0, None) ** 2 * 0.05,
        "laugh": _laugh(rng, t),
    }
    paths = []
    for name, samples in sounds.items():
        path = folder / f"{name}.wav"
        write_audio(path, AudioClip(samples.astype(np.float32), LISTENING_RATE))
        paths.append(path)
    return paths


def _fan(rng: np.random.Generator) -> Samples:
    white = rng.normal(0, 1, SECONDS * LISTENING_RATE)
    brown = np.cumsum(white) - np.convolve(np.cumsum(white), np.ones(800) / 800, mode="same")
    return (brown / np.abs(brown).max() * 0.3 + white * 0.01).astype(np.float32)


def _keys(rng: np.random.Generator) -> Samples:
    keys = rng.normal(0, 1e-3, SECONDS * LISTENING_RATE)
    for at in rng.integers(0, len(keys) - 400, 120):
        keys[at : at + 400] += 0.3 * rng.normal(0, 1, 400) * np.exp(-np.arange(400) / 60)
    return (keys / np.abs(keys).max()).astype(np.float32)


def _laugh(rng: np.random.Generator, t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return bursts of a breathy voice, five a second with falling pitch, in fits of 1.5 s every 6 s."""
    burst = np.clip(np.sin(2 * np.pi * 5 * t), 0, None)
    fit = (t % 6 < 1.5).astype(np.float64)
    pitch = 260 - 60 * (t % 6) / 1.5
    phase = 2 * np.pi * np.cumsum(pitch) / LISTENING_RATE
    voice = sum(np.sin(k * phase) * np.exp(-(((k * pitch - 800) / 700) ** 2)) for k in range(1, 12))
    return fit * burst * (0.1 * voice + 0.03 * rng.normal(0, 1, len(t))) + 1e-4 * rng.normal(0, 1, len(t))
