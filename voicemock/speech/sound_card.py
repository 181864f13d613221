"""Microphones and speakers of a sound card, through PortAudio."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Final

import numpy as np
import soxr

from voicemock.errors import DeviceError
from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples
from voicemock.speech.device_list import (
    DeviceInfo,
    Direction,
    find_again,
    find_device,
    first_accepted,
    list_devices,
    load_sounddevice,
    refused,
    started,
)

LOST_AFTER_S: Final = 2.0
"""A microphone that gives nothing for this long is lost; blocks come every 10 to 200 ms."""

WAITED_IN_PARTS: Final = 10
"""A process that was stopped, as by Ctrl-Z, loses only the current part of this wait when it continues."""

MICROPHONE_LATENCY_S: Final = 0.2
"""Sound that the device buffers while our thread cannot run. Taking a block needs the interpreter's lock: other threads
hand it over after 5 ms, but a library call may hold it for longer. PortAudio's own choice is 0.035 s."""

PLAYED_AT_ONCE_S: Final = 0.2
"""PortAudio takes this much at a time, without Python; a key press interrupts between two blocks."""

SPEAKER_LATENCY_S: Final = 0.15
"""Sound that the device buffers, so that a busy processor causes no gap between two blocks."""

SPEAKER_TAIL_S: Final = 0.1
"""Silence after a clip, on top of the buffer. Through PulseAudio, stopping a stream does not wait: without it the last
0.15 s of 2 s were never heard (libportaudio 19.6 and alsa-plugins 1.2.7, listening to the sink's monitor)."""

_Blocks = SimpleQueue[Samples | None]


class _ChosenDevice:
    """A device as the user named it: the same one for as long as it exists, or the current default."""

    def __init__(self, wanted: str | int | None, direction: Direction) -> None:
        self._wanted = wanted
        self._direction = direction
        self.known = find_device(list_devices(), wanted, direction)

    def now(self) -> DeviceInfo:
        """Return the device as it stands in the current list."""
        devices = list_devices()
        if self._wanted is None:
            self.known = find_device(devices, None, self._direction)
            return self.known
        if found := find_again(devices, self.known, self._direction):
            self.known = found
            return found
        wanted = self._wanted if isinstance(self._wanted, str) else self.known.name  # an index means another by now
        self.known = find_device(devices, wanted, self._direction)
        return self.known

    def check(self) -> None:
        """Ask the system whether the device accepts any format."""
        sounddevice = load_sounddevice()
        is_input = self._direction == "input"
        check = sounddevice.check_input_settings if is_input else sounddevice.check_output_settings

        def attempt(rate: float, channels: int) -> None:
            check(device=self.known.index, samplerate=rate, channels=channels, dtype="float32")

        try:
            first_accepted(self.known.formats(self._direction), attempt)
        except sounddevice.PortAudioError as error:
            raise refused(self.known.name, self._direction, error) from error

    @contextmanager
    def stream(self, **options: Any) -> Iterator[Any]:
        """Run a stream in the first format that the device accepts while the block runs."""
        device = self.now()
        sounddevice = load_sounddevice()
        kind = sounddevice.InputStream if self._direction == "input" else sounddevice.OutputStream

        def attempt(rate: float, channels: int) -> Any:
            return kind(device=device.index, samplerate=rate, channels=channels, dtype="float32", **options)

        try:
            with started(first_accepted(device.formats(self._direction), attempt)) as stream:
                yield stream
        except sounddevice.PortAudioError as error:
            raise refused(device.name, self._direction, error) from error


class PortAudioMicrophone:
    """A sound card's microphone, at the device's own rate, resampled once.

    Args:
        device: Index, name or part of a name; None means the system's default each time listening opens.
        echo_holdoff_s: How long it is ignored each time listening opens, so that the speaker's echo is not heard.

    Attributes:
        echo_holdoff_s: May be set between two stretches of listening.
        overflows: How often the system dropped sound because it was not taken in time.

    Raises:
        DeviceError: There is no such microphone, or it cannot be used.
    """

    sound_waits = False

    def __init__(self, device: str | int | None, echo_holdoff_s: float) -> None:
        self._chosen = _ChosenDevice(device, "input")
        self._chosen.check()
        self.echo_holdoff_s = echo_holdoff_s
        self.overflows = 0

    @property
    def name(self) -> str:
        """Display name of the device."""
        return self._chosen.known.name

    def frames(self) -> Generator[Samples, None, None]:
        """Listen until the generator is closed, as ``Microphone.frames`` does."""
        yield from self._frames(self.echo_holdoff_s)
        raise DeviceError(f"The microphone {self.name} was disconnected. Check its cable, then run: voicemock devices")

    def sound(self) -> Generator[Samples, None, None]:
        """Listen as ``frames()`` does, from the first sample on and without an error at the end."""
        yield from self._frames(0.0)

    def _frames(self, skip_s: float) -> Generator[Samples, None, None]:
        blocks: _Blocks = SimpleQueue()
        with self._chosen.stream(
            latency=MICROPHONE_LATENCY_S,
            callback=partial(self._take, blocks),
            finished_callback=partial(blocks.put, None),
        ) as stream:
            yield from listening_frames(_until_lost(blocks), stream.samplerate, skip_s)

    def _take(self, blocks: _Blocks, heard: Samples, _frames: int, _time: Any, status: Any) -> None:
        """Queue a block. This runs in PortAudio's thread, which must not wait."""
        if status.input_overflow:
            self.overflows += 1
        blocks.put(heard.copy())


class PortAudioSpeaker:
    """A sound card's speaker, at the device's own rate.

    Args:
        device: Index, name or part of a name; None means the system's default each time something is played.

    Raises:
        DeviceError: There is no such speaker, or it cannot be used.
    """

    def __init__(self, device: str | int | None) -> None:
        self._chosen = _ChosenDevice(device, "output")
        self._chosen.check()

    @property
    def name(self) -> str:
        """Display name of the device."""
        return self._chosen.known.name

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
        """Play a clip and return after its last sound, as ``Speaker.play`` does; skipping silences it at once."""
        if not len(clip.samples):
            return
        with self._chosen.stream(latency=SPEAKER_LATENCY_S) as stream:
            clip = clip.at_rate(round(stream.samplerate))
            for block in _blocks(clip, stream.channels, tail_s=stream.latency + SPEAKER_TAIL_S):
                if is_skipped():
                    break
                stream.write(block)


def _blocks(clip: AudioClip, channels: int, tail_s: float) -> Iterator[Samples]:
    """Cut a clip, followed by silence, into blocks for PortAudio, shape (n, channels)."""
    padded = np.pad(clip.samples, (0, round(tail_s * clip.sample_rate)))
    step = round(PLAYED_AT_ONCE_S * clip.sample_rate)
    for start in range(0, len(padded), step):
        yield np.repeat(padded[start : start + step, np.newaxis], channels, axis=1)


def listening_frames(blocks: Iterator[Samples], rate: float, skip_s: float) -> Generator[Samples, None, None]:
    """Turn blocks of any length into listening frames; the last is padded with silence, so that no sound is lost.

    Args:
        blocks: float32, shape (n, channels), mixed down to mono.
        rate: Hz, of the blocks.
        skip_s: Length of the beginning to leave out.
    """
    resampler = soxr.ResampleStream(rate, LISTENING_RATE, 1, dtype="float32")
    waiting = np.zeros(0, np.float32)
    to_skip = round(skip_s * rate)
    for block in blocks:
        heard = block[to_skip:].mean(axis=1, dtype=np.float32)
        to_skip = max(0, to_skip - len(block))
        waiting = np.concatenate([waiting, resampler.resample_chunk(heard)])
        whole = len(waiting) // FRAME_SAMPLES * FRAME_SAMPLES
        yield from waiting[:whole].reshape(-1, FRAME_SAMPLES)
        waiting = waiting[whole:]
    waiting = np.concatenate([waiting, resampler.resample_chunk(np.zeros(0, np.float32), last=True)])
    waiting = np.pad(waiting, (0, -len(waiting) % FRAME_SAMPLES))
    yield from waiting.reshape(-1, FRAME_SAMPLES)


def _until_lost(blocks: _Blocks) -> Iterator[Samples]:
    """Yield the callback's blocks until the stream ends or gives none for too long."""
    timeouts = 0
    while timeouts < WAITED_IN_PARTS:
        try:
            block = blocks.get(timeout=LOST_AFTER_S / WAITED_IN_PARTS)
        except Empty:
            timeouts += 1
            continue
        if block is None:
            return
        timeouts = 0
        yield block
