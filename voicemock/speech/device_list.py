"""The PortAudio library: loaded, asked again which devices there are, its refusals explained.

The list of sound devices, and which of them is meant.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from voicemock.errors import DeviceError

Direction = Literal["input", "output"]

OPTION = {"input": "mic", "output": "speaker"}
NOUN = {"input": "microphone", "output": "speaker"}

INVALID_RATE, INVALID_CHANNELS, UNAVAILABLE, HOST_ERROR = -9997, -9998, -9985, -9999
"""PaErrorCode in portaudio.h. A host error is the sound system's own, as where nothing is plugged in behind a default
device."""

_streams: list[Any] = []
"""Those that are open. PortAudio closes them when its list of devices is read again."""


def load_sounddevice() -> Any:
    """Import sounddevice, which loads the PortAudio library.

    Raises:
        DeviceError: The library is missing, or does not start.
    """
    try:
        import sounddevice as module
    except OSError as error:
        if sys.platform.startswith("linux"):
            cure = "Run: sudo apt install libportaudio2   (Fedora: sudo dnf install portaudio)"
        else:
            cure = "Run: pip install --force-reinstall sounddevice"
        raise DeviceError(f"The PortAudio library is missing. {cure}") from error
    except Exception as error:
        if type(error).__name__ != "PortAudioError":  # of the module that could not be imported
            raise
        raise DeviceError(
            f"The sound system does not start: {said(error)}. Check that sound works in other programs, or use audio "
            "files: --mic FILE --speaker FILE"
        ) from error
    return module


def look_again() -> bool:
    """Read the list of devices anew, which PortAudio does only when it starts; return whether that could be done.

    It cannot while a stream is open. sounddevice has no public way to do it.

    Raises:
        DeviceError: The library is missing, or does not start again.
    """
    module = load_sounddevice()
    if _streams:
        return False
    try:
        module._terminate()
        module._initialize()
    except module.PortAudioError as error:
        raise DeviceError(f"The sound system does not answer: {said(error)}. Start voicemock again.") from error
    return True


@contextmanager
def started(stream: Any) -> Iterator[Any]:
    """Run a stream for as long as the block runs; what it still holds is dropped at the end."""
    _streams.append(stream)
    try:
        stream.start()
        yield stream
    finally:
        try:
            stream.abort()
            stream.close()
        finally:
            _streams.remove(stream)


def first_accepted(formats: list[tuple[float, int]], attempt: Callable[[float, int], Any]) -> Any:
    """Return what the first format gives that the device takes.

    Args:
        formats: Rate in Hz and channels, the best first.
        attempt: Opens or checks the device; raises PortAudioError.

    Raises:
        PortAudioError: It takes none; the error is that of the first.
    """
    refusal = load_sounddevice().PortAudioError
    first: Exception = refusal("It has no channels", INVALID_CHANNELS)
    for position, (rate, channels) in enumerate(formats):
        try:
            return attempt(rate, channels)
        except refusal as error:
            if position == 0:
                first = error
            if code_of(error) not in {INVALID_RATE, INVALID_CHANNELS}:  # busy or gone: no other format helps
                break
    raise first


def refused(name: str, direction: Direction, error: Exception) -> DeviceError:
    """Say what PortAudio said about a device, and what to do about it."""
    return DeviceError(
        f"The {NOUN[direction]} {name} cannot be used: {said(error)}. {cure_for(code_of(error), direction)}"
    )


def said(error: Exception) -> str:
    """Return what PortAudio itself said, without the call that sounddevice names before it."""
    return str(error.args[0]).rpartition(": ")[2]


def code_of(error: Exception) -> int | None:
    """Return PortAudio's own number of an error."""
    return error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else None


def cure_for(code: int | None, direction: Direction) -> str:
    """Return what to do about a PortAudio error code."""
    other = f"or choose another with --{OPTION[direction]} (voicemock devices lists them)."
    if code == INVALID_RATE:
        return f"Set the device to 44100 or 48000 Hz in the system's sound settings, {other}"
    if code == INVALID_CHANNELS:
        return f"Its channels are taken or switched off: look at the system's sound settings, {other}"
    if code == UNAVAILABLE:
        return f"Close the programs that use it, {other}"
    if code == HOST_ERROR:
        return f"Check that one is plugged in and switched on, {other}"
    return f"Unplug it and plug it in again, {other}"


OTHER_RATES = (48_000.0, 44_100.0, 16_000.0, 32_000.0, 96_000.0)
"""Hz, tried in this order where a device refuses the rate that it calls its own."""


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

    def formats(self, direction: Direction) -> list[tuple[float, int]]:
        """Return rate in Hz and channels to try, the best first: its own rate before others, mono before all channels.

        Some sound systems convert nothing, so all its channels at its own rate come before any other rate.
        """
        rates = dict.fromkeys((self.default_rate, *OTHER_RATES))
        channels = dict.fromkeys((1, self.channels(direction)))
        return [(rate, count) for rate in rates for count in channels]


def list_devices() -> tuple[DeviceInfo, ...]:
    """Return the devices there were when the list was last read.

    Raises:
        DeviceError: The PortAudio library is missing.
    """
    sounddevice = load_sounddevice()
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
    what = NOUN[direction]
    there_is = ", ".join(f"{device.index} {device.name} ({device.host_api})" for device in able) or "none"
    if wanted is None:
        raise DeviceError(
            f"There is no default {what}. Plug one in, or choose with --{OPTION[direction]} DEVICE or an audio file. "
            f"Devices: {there_is}. `voicemock doctor` tells more."
        )
    if not able:
        raise DeviceError(
            f"There is no {what}, so none matches {wanted!r}. Plug one in, or use an audio file. "
            "`voicemock doctor` tells more."
        )
    problem = "Several {}s match" if matches else "No {} matches"
    raise DeviceError(f"{problem.format(what)} {wanted!r}. Choose by index. There is: {there_is}.")


def find_again(devices: tuple[DeviceInfo, ...], known: DeviceInfo, direction: Direction) -> DeviceInfo | None:
    """Return the device that was known before the list was read again, whose index may have changed; None if gone."""
    same = [
        device
        for device in devices
        if (device.name, device.host_api) == (known.name, known.host_api) and device.channels(direction)
    ]
    return next((device for device in same if device.index == known.index), same[0] if same else None)


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
