"""Takes rumble out of sound before anything judges it: a constant offset, a drifting one, handling noise, hum.

None of it is heard as speech, and all of it counts as level: half a percent of full scale hides half of the ums. No
more is taken out than is needed, so a clean recording stays as it is, bit by bit. Recordings are kept as they were
made; what listens to them listens through this filter.
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import Any, Final

import numpy as np

from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples

OFFSET_HZ: Final = 2
"""Below are offsets and their drift. A filter this low leaves everything else as it is."""

LOWEST_HEARD_HZ: Final = 65
"""Voices begin at 75 Hz, which loses 0.1 dB here; 50 Hz loses 27 dB and 45 Hz 38 dB. Always cutting there would change
what Whisper writes, though no ear notices: of 28 filled pauses in 30 clean recordings two were lost by it."""

AUDIBLE_FROM_DB: Final = -65.0
"""Level, below full scale, under which rumble hides nothing that a microphone hears ..."""

UNDER_SPEECH_DB: Final = 25.0
"""... unless the recording is so quiet that its loudest parts are no further above it than this."""

OFFSET_RAISES_BY_DB: Final = 3.0
OFFSET_IN: Final = 0.1
"""An offset is taken out where it raises this share of the frames by 3 dB. In 47 clean recordings it was 0.07 at most,
with 0.1 % of full scale added to one of them 0.3."""

RUMBLE_RAISES_BY_DB: Final = 6.0
"""Rumble is taken out where it raises the quietest tenth by this much; 5.6 in the worst of the clean recordings."""

_QUIET: Final = 0.1
_LOUD: Final = 0.95
"""Of the frames, in the order of their levels."""

_ORDERS: Final = {OFFSET_HZ: 3, LOWEST_HEARD_HZ: 12}
_SETTLED_S: Final = 2.0
"""After this long a filter has forgotten the constant that it was fed."""
_BLOCK: Final = 10 * LISTENING_RATE
_SILENCE: Final = 1e-10
_LOOKED_BACK: Final = 10_000
"""Frames of live sound, five minutes."""
_ASKED_FROM: Final = 100
"""Frames. In fewer there may be no silence yet that shows what is needed."""
_ASKED_EVERY: Final = 10
"""Frames."""

Levels = np.ndarray[tuple[int], np.dtype[np.float64]]
"""Of each frame, in decibels below full scale."""


def cut_needed(as_recorded_db: Levels, without_offset_db: Levels, without_rumble_db: Levels) -> int:
    """Return which cut leaves no rumble that matters: 0 for none, 1 for that of an offset, 2 for that of all rumble."""
    clean_db, loud_db = map(float, np.quantile(without_rumble_db, (_QUIET, _LOUD)))
    floor_db = float(np.quantile(without_offset_db, _QUIET))
    audible_db = min(AUDIBLE_FROM_DB, loud_db - UNDER_SPEECH_DB)
    if floor_db > audible_db and floor_db - clean_db >= RUMBLE_RAISES_BY_DB:
        return 2
    is_raised = (as_recorded_db > audible_db) & (as_recorded_db - without_offset_db >= OFFSET_RAISES_BY_DB)
    return int(np.mean(is_raised) >= OFFSET_IN)


class HighPass:
    """A Butterworth filter of libav for sound at 16 kHz that comes in pieces, however it is cut into them.

    It begins as if the mean of the first frame had always been there, so an offset makes no thump.

    Args:
        cutoff_hz: Loses 3 dB.
        order: Each adds 6 dB per octave.
    """

    def __init__(self, cutoff_hz: int, order: int) -> None:
        from av.filter import Graph

        self._graph = Graph()
        self._source = self._graph.add_abuffer(
            format="dblp", sample_rate=LISTENING_RATE, layout="mono", time_base=Fraction(1, LISTENING_RATE)
        )
        cut = self._graph.add("asubcut", f"cutoff={cutoff_hz}:order={order}")
        self._sink = self._graph.add("abuffersink")
        self._source.link_to(cut)
        cut.link_to(self._sink)
        self._graph.configure()
        self._has_begun = False

    def take(self, samples: Samples) -> Samples:
        """Return the next samples, filtered, of the same shape."""
        if not len(samples):
            return samples
        if not self._has_begun:
            self._has_begun = True
            before = float(np.mean(samples[:FRAME_SAMPLES], dtype=np.float64))
            self._filtered(np.full(round(_SETTLED_S * LISTENING_RATE), before))
        return self._filtered(samples.astype(np.float64)).clip(-1.0, 1.0).astype(np.float32)

    def _filtered(self, samples: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        from av import AudioFrame
        from av.error import BlockingIOError as NothingLeft

        frame = AudioFrame.from_ndarray(samples[np.newaxis], format="dblp", layout="mono")
        frame.sample_rate = LISTENING_RATE
        self._source.push(frame)
        found = []
        with suppress(NothingLeft):
            while True:
                heard = self._sink.pull()
                if isinstance(heard, AudioFrame):
                    found.append(heard.to_ndarray()[0])
        return np.concatenate(found)


def without_rumble(clip: AudioClip) -> AudioClip:
    """Return a clip at 16 kHz without rumble, of the same length."""
    samples = clip.at_rate(LISTENING_RATE).samples
    if not len(samples):
        return AudioClip(samples, LISTENING_RATE)
    every_cut = [samples, *(_cut(samples, hz) for hz in _ORDERS)]
    return AudioClip(every_cut[cut_needed(*map(_levels_db, every_cut))], LISTENING_RATE)


def _cut(samples: Samples, cutoff_hz: int) -> Samples:
    high_pass, heard = HighPass(cutoff_hz, _ORDERS[cutoff_hz]), np.empty_like(samples)
    for start in range(0, len(samples), _BLOCK):
        heard[start : start + _BLOCK] = high_pass.take(samples[start : start + _BLOCK])
    return heard


def _levels_db(samples: Samples) -> Levels:
    """Return the level of each whole frame, and at least one."""
    whole = len(samples) // FRAME_SAMPLES * FRAME_SAMPLES
    frames = samples[:whole].reshape(-1, FRAME_SAMPLES) if whole else samples[np.newaxis]
    powers = np.einsum("ij,ij->i", frames, frames, dtype=np.float64) / frames.shape[1]
    return np.asarray(10 * np.log10(powers + _SILENCE))


class RumbleFilter:
    """Takes rumble out of sound that is heard live, piece by piece, as ``without_rumble`` does.

    It knows only what it heard so far: what is needed shows after three seconds. Until something is needed, the filters
    follow in blocks: ten frames at once cost them no more than one.
    """

    def __init__(self) -> None:
        self._cuts = [HighPass(hz, order) for hz, order in _ORDERS.items()]
        self._not_cut: list[Samples] = []
        self._not_measured = [np.empty(0, np.float32)] * (1 + len(_ORDERS))
        """Less than a frame, in every cut."""
        self._levels = np.empty((1 + len(_ORDERS), _LOOKED_BACK))
        self._measured_frames = 0
        self._taken = 0
        self._asked_next = _ASKED_FROM
        self._needed = 0

    def take(self, samples: Samples) -> Samples:
        """Return the next samples, such as a frame, without rumble."""
        self._not_cut.append(samples)
        self._taken += len(samples)
        is_asked = self._taken >= self._asked_next * FRAME_SAMPLES
        if not (self._needed or is_asked):
            return samples
        every_cut = self._cut()
        if is_asked:
            self._asked_next = (self._taken // (FRAME_SAMPLES * _ASKED_EVERY) + 1) * _ASKED_EVERY
            self._needed = cut_needed(*self._levels[:, : self._measured_frames])
        heard = every_cut[self._needed]
        return heard[len(heard) - len(samples) :]

    def _cut(self) -> list[Samples]:
        """Return in every cut what is not cut yet, and keep its levels."""
        block = np.concatenate(self._not_cut)
        self._not_cut = []
        every_cut = [block, *(cut.take(block) for cut in self._cuts)]
        measured = [np.concatenate(each) for each in zip(self._not_measured, every_cut, strict=True)]
        whole = len(measured[0]) // FRAME_SAMPLES
        self._not_measured = [each[whole * FRAME_SAMPLES :] for each in measured]
        if whole:
            places = np.arange(self._measured_frames, self._measured_frames + whole) % _LOOKED_BACK
            self._levels[:, places] = [_levels_db(each[: whole * FRAME_SAMPLES]) for each in measured]
            self._measured_frames += whole
        return every_cut
