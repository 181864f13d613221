"""The sound card, through PortAudio."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Literal

import numpy as np

from voicemock.audio import FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples
from voicemock.errors import DeviceError

Direction = Literal["input", "output"]

LOST_AFTER_S = 2.0
"""A microphone that gives nothing for this long is gone; blocks come every 10 to 200 ms."""

PLAYED_AT_ONCE_S = 0.2
"""PortAudio takes this much at a time, without Python; a key press interrupts between two."""

SPEAKER_LATENCY_S = 0.15
"""What the device holds in store, so that a busy processor is not heard between two takes."""

SPEAKER_TAIL_S = 0.1
"""Silence after a clip, on top of the store. Through PulseAudio, stopping a stream does not wait: without it the last
0.15 s of 2 s were never heard (libportaudio 19.6 and alsa-plugins 1.2.7, listening to the sink's monitor)."""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device as the system knows it.

    Attributes:
        index: What --mic and --speaker take.
        name: The same, in words; not always unique.
        host_api: The sound system it is reached through ("ALSA", "Core Audio", "MME").
        inputs: Channels that can be recorded; 0 for a pure speaker.
        outputs: Channels that can be played; 0 for a pure microphone.
        default_rate: Hz.
        is_default_input: Whether the system records from it unless told otherwise.
        is_default_output: Whether the system plays on it unless told otherwise.
    """

    index: int
    name: str
    host_api: str
    inputs: int
    outputs: int
    default_rate: float
    is_default_input: bool
    is_default_output: bool

    def channels(self, direction: Direction) -> int:
        """Return how many channels it has in a direction."""
        return self.inputs if direction == "input" else self.outputs

    def is_default(self, direction: Direction) -> bool:
        """Return whether the system takes it for a direction unless told otherwise."""
        return self.is_default_input if direction == "input" else self.is_default_output


def list_devices() -> tuple[DeviceInfo, ...]:
    """Return the devices there are.

    Raises:
        DeviceError: The PortAudio library is missing.
    """
    sounddevice = _sounddevice()
    default_input, default_output = sounddevice.default.device
    host_apis = sounddevice.query_hostapis()
    return tuple(
        DeviceInfo(
            index=device["index"],
            name=device["name"],
            host_api=host_apis[device["hostapi"]]["name"],
            inputs=device["max_input_channels"],
            outputs=device["max_output_channels"],
            default_rate=device["default_samplerate"],
            is_default_input=device["index"] == default_input,
            is_default_output=device["index"] == default_output,
        )
        for device in sounddevice.query_devices()
    )


def find_device(devices: tuple[DeviceInfo, ...], wanted: str | int | None, direction: Direction) -> DeviceInfo:
    """Return the device that is meant.

    Args:
        devices: Those there are.
        wanted: An index, a name, or a part of one name only, in any case; None is the default. A name that several
            sound systems give the same device means the one of the default device's system.
        direction: What it must be able to do.

    Raises:
        DeviceError: None or several match; the message lists what there is.
    """
    able = [device for device in devices if device.channels(direction)]
    default = next((device for device in able if device.is_default(direction)), None)
    matches = _matches(able, default, wanted)
    if len(matches) == 1:
        return matches[0]
    what = "microphone" if direction == "input" else "speaker"
    there_is = ", ".join(f"{device.index} {device.name} ({device.host_api})" for device in able) or "none"
    if wanted is None:
        raise DeviceError(
            f"There is no default {what}. Plug one in, or choose with --{_OPTION[direction]} DEVICE or an audio file. "
            f"Devices: {there_is}. `voicemock doctor` tells more."
        )
    problem = "Several {}s match" if matches else "No {} matches"
    raise DeviceError(f"{problem.format(what)} {wanted!r}. Choose by index. There is: {there_is}.")


_OPTION = {"input": "mic", "output": "speaker"}


def _matches(able: list[DeviceInfo], default: DeviceInfo | None, wanted: str | int | None) -> list[DeviceInfo]:
    if wanted is None:
        return [default] if default else []
    if isinstance(wanted, int):
        return [device for device in able if device.index == wanted]
    sought = wanted.strip().casefold()
    exact = [device for device in able if device.name.casefold() == sought]
    matches = exact or [device for device in able if sought in device.name.casefold()]
    preferred = [device for device in matches if default and device.host_api == default.host_api]
    return preferred or matches


class PortAudioMicrophone:
    """A sound card's microphone, at the device's own rate, resampled once.

    Args:
        device: Index, name or part of a name; None is the system's default.
        echo_holdoff_s: How long it is ignored each time listening opens, so that the speaker's echo is not heard.

    Attributes:
        overflows: How often the system dropped sound because nobody took it in time.

    Raises:
        DeviceError: There is no such microphone, or it cannot be used.
    """

    sound_waits = False

    def __init__(self, device: str | int | None, echo_holdoff_s: float) -> None:
        self._sounddevice = _sounddevice()
        self._device = find_device(list_devices(), device, "input")
        self._channels = _usable_channels(self._sounddevice, self._device, "input")
        self._echo_holdoff_s = echo_holdoff_s
        self.name = self._device.name
        self.overflows = 0

    def frames(self) -> Generator[Samples, None, None]:
        """Listen until the generator is closed.

        Raises:
            DeviceError: The device cannot be opened, or went away; what it heard before has been yielded.
        """
        blocks: SimpleQueue[Samples | None] = SimpleQueue()
        try:
            stream = self._sounddevice.InputStream(
                device=self._device.index,
                samplerate=self._device.default_rate,
                channels=self._channels,
                dtype="float32",
                callback=partial(self._take, blocks),
                finished_callback=partial(blocks.put, None),
            )
        except self._sounddevice.PortAudioError as error:
            raise _refused(self._device, "input", error) from error
        try:
            stream.start()
            yield from listening_frames(_until_lost(blocks), self._device.default_rate, self._echo_holdoff_s)
        except self._sounddevice.PortAudioError as error:
            raise _refused(self._device, "input", error) from error
        finally:
            stream.abort()
            stream.close()
        raise DeviceError(f"The microphone {self.name} went away. Check its cable, then look at: voicemock devices")

    def _take(self, blocks: SimpleQueue[Samples | None], heard: Samples, _frames: int, _time: Any, status: Any) -> None:
        """Run in PortAudio's thread, which must not wait: keep the block and nothing else."""
        if status.input_overflow:
            self.overflows += 1
        blocks.put(heard.copy())


class PortAudioSpeaker:
    """A sound card's speaker, at the device's own rate.

    Args:
        device: Index, name or part of a name; None is the system's default.

    Raises:
        DeviceError: There is no such speaker, or it cannot be used.
    """

    def __init__(self, device: str | int | None) -> None:
        self._sounddevice = _sounddevice()
        self._device = find_device(list_devices(), device, "output")
        self._channels = _usable_channels(self._sounddevice, self._device, "output")
        self.name = self._device.name

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
        """Play a clip and return when its last sound is out; an interruption is silent at once.

        Args:
            clip: What is heard.
            is_skipped: Asked between two blocks; once it is true, the rest is not heard.

        Raises:
            DeviceError: The device cannot be opened, or went away.
        """
        if not len(clip.samples):
            return
        rate = round(self._device.default_rate)
        try:
            stream = self._sounddevice.OutputStream(
                device=self._device.index,
                samplerate=rate,
                channels=self._channels,
                dtype="float32",
                latency=SPEAKER_LATENCY_S,
            )
        except self._sounddevice.PortAudioError as error:
            raise _refused(self._device, "output", error) from error
        try:
            stream.start()
            for block in self._blocks(clip.at_rate(rate), tail_s=stream.latency + SPEAKER_TAIL_S):
                if is_skipped():
                    break
                stream.write(block)
        except self._sounddevice.PortAudioError as error:
            raise _refused(self._device, "output", error) from error
        finally:
            stream.abort()
            stream.close()

    def _blocks(self, clip: AudioClip, tail_s: float) -> Iterator[Samples]:
        """Cut a clip, followed by silence, into what PortAudio takes at once: shape (n, channels)."""
        padded = np.pad(clip.samples, (0, round(tail_s * clip.sample_rate)))
        step = round(PLAYED_AT_ONCE_S * clip.sample_rate)
        for start in range(0, len(padded), step):
            yield np.repeat(padded[start : start + step, np.newaxis], self._channels, axis=1)


def listening_frames(blocks: Iterator[Samples], rate: float, skip_s: float) -> Generator[Samples, None, None]:
    """Turn blocks of any length into listening frames; the last is filled up with silence, so that nothing is lost.

    Args:
        blocks: float32, shape (n, channels), mixed down to mono.
        rate: Hz, of the blocks.
        skip_s: How much of the beginning is left out.
    """
    import soxr

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


def _until_lost(blocks: SimpleQueue[Samples | None]) -> Iterator[Samples]:
    """Yield what the callback took until the stream ends or falls silent for good."""
    while True:
        try:
            block = blocks.get(timeout=LOST_AFTER_S)
        except Empty:
            return
        if block is None:
            return
        yield block


def _usable_channels(sounddevice: Any, device: DeviceInfo, direction: Direction) -> int:
    """Return 1 where the device can do mono, else all its channels (some sound systems convert nothing).

    Raises:
        DeviceError: It takes neither.
    """
    check = sounddevice.check_input_settings if direction == "input" else sounddevice.check_output_settings
    settings = {"device": device.index, "samplerate": device.default_rate, "dtype": "float32"}
    try:
        check(channels=1, **settings)
    except sounddevice.PortAudioError:
        try:
            check(channels=device.channels(direction), **settings)
        except sounddevice.PortAudioError as error:
            raise _refused(device, direction, error) from error
        return device.channels(direction)
    return 1


def _refused(device: DeviceInfo, direction: Direction, error: Exception) -> DeviceError:
    """Say what PortAudio said, and what to do about it."""
    what = "microphone" if direction == "input" else "speaker"
    code = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else None
    return DeviceError(f"The {what} {device.name} cannot be used: {error.args[0]}. {cure_for(code, direction)}")


def cure_for(code: int | None, direction: Direction) -> str:
    """Return what to do about a PortAudio error code (portaudio.h, PaErrorCode)."""
    other = f"or choose another with --{_OPTION[direction]} (voicemock devices lists them)."
    if code == _INVALID_RATE:
        return f"Set the device to 44100 or 48000 Hz in the system's sound settings, {other}"
    if code == _INVALID_CHANNELS:
        return f"Its channels are taken or switched off: look at the system's sound settings, {other}"
    if code == _UNAVAILABLE:
        return f"Close the programs that use it, {other}"
    return f"Unplug it and plug it in again, {other}"


_INVALID_RATE, _INVALID_CHANNELS, _UNAVAILABLE = -9997, -9998, -9985


def _sounddevice() -> Any:
    """Import sounddevice, which loads the PortAudio library."""
    try:
        import sounddevice
    except OSError as error:
        if sys.platform.startswith("linux"):
            cure = "Run: sudo apt install libportaudio2   (Fedora: sudo dnf install portaudio)"
        else:
            cure = "Run: pip install --force-reinstall sounddevice"
        raise DeviceError(f"The PortAudio library is missing. {cure}") from error
    return sounddevice
