"""The sound devices that PortAudio knows: lists them, finds the one that is meant, and explains PortAudio's errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from voicemock.errors import DeviceError
from voicemock.packaged import PIP

Direction = Literal["input", "output"]

OPTION: Final = {"input": "mic", "output": "speaker"}
NOUN: Final = {"input": "microphone", "output": "speaker"}
OTHER_RATES: Final = (48_000.0, 44_100.0, 16_000.0, 32_000.0, 96_000.0)
"""Hz, tried in this order if a device refuses its own default rate."""

INVALID_RATE: Final = -9997
INVALID_CHANNELS: Final = -9998
UNAVAILABLE: Final = -9985
HOST_ERROR: Final = -9999
"""PaErrorCode in portaudio.h. A host error is the sound system's own, for example if a default device has nothing
plugged in."""

_CURES: Final[dict[int | None, str]] = {
    INVALID_RATE: "Set the device to 44100 or 48000 Hz in the system's sound settings",
    INVALID_CHANNELS: "Its channels are in use or switched off: look at the system's sound settings",
    UNAVAILABLE: "Close any program that uses it",
    HOST_ERROR: "Check that one is plugged in and switched on",
}

_streams: list[Any] = []
"""The open streams. PortAudio closes them when its list of devices is read again."""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device as the system knows it.

    Attributes:
        index: Accepted by --mic and --speaker.
        name: Accepted as well, but not always unique.
        host_api: Its sound system ("ALSA", "Core Audio", "MME").
        inputs: Channels that can be recorded; 0 for a pure speaker.
        outputs: Channels that can be played; 0 for a pure microphone.
        default_rate: Hz.
        is_default_input: Whether it is the system's default microphone.
        is_default_output: Whether it is the system's default speaker.
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
        """Return the number of channels in a direction."""
        return self.inputs if direction == "input" else self.outputs

    def is_default(self, direction: Direction) -> bool:
        """Return whether it is the system's default for a direction."""
        return self.is_default_input if direction == "input" else self.is_default_output

    def formats(self, direction: Direction) -> list[tuple[float, int]]:
        """Return the formats to try, as rate in Hz and channels: its own rate before others, mono before all channels.

        Some sound systems convert nothing, so all its channels at its own rate come before any other rate.
        """
        rates = dict.fromkeys((self.default_rate, *OTHER_RATES))
        channels = dict.fromkeys((1, self.channels(direction)))
        return [(rate, count) for rate in rates for count in channels]


def list_devices() -> tuple[DeviceInfo, ...]:
    """Return the devices as of the last reading of the list."""
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
    """Return the one device that is wanted.

    Args:
        devices: The available devices.
        wanted: An index, a name or part of a name, in any case; None means the default. If several sound systems have
            a device of that name, the default device's system wins.
        direction: What the device must be able to do.

    Raises:
        DeviceError: No device or several match; the message lists them all.
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
            f"There is no default {what}. Plug one in, or choose with --{OPTION[direction]} DEVICE or an audio file"
            f"{', or read the questions: --silent' if direction == 'output' else ''}. Devices: {there_is}. "
            "`voicemock doctor` says more."
        )
    if not able:
        raise DeviceError(
            f"There is no {what}, so none matches {wanted!r}. Plug one in, or use an audio file. "
            "`voicemock doctor` says more."
        )
    problem = "Several {}s match" if matches else "No {} matches"
    raise DeviceError(f"{problem.format(what)} {wanted!r}. Choose one by index: {there_is}.")


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


def find_again(devices: tuple[DeviceInfo, ...], known: DeviceInfo, direction: Direction) -> DeviceInfo | None:
    """Return a device known before the list was read again, when its index may have changed; None if it is gone."""
    same = [
        device
        for device in devices
        if (device.name, device.host_api) == (known.name, known.host_api) and device.channels(direction)
    ]
    return next((device for device in same if device.index == known.index), same[0] if same else None)


def look_again() -> bool:
    """Read the list of devices again by restarting PortAudio; return whether that was possible.

    It is not while a stream is open. sounddevice has no public function for it.

    Raises:
        DeviceError: The library is missing, or does not start again.
    """
    sounddevice = load_sounddevice()
    if _streams:
        return False
    try:
        sounddevice._terminate()
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise DeviceError(f"The sound system does not answer: {said(error)}. Start voicemock again.") from error
    return True


def load_sounddevice() -> Any:
    """Import sounddevice, which loads the PortAudio library."""
    try:
        import sounddevice
    except OSError as error:
        if sys.platform.startswith("linux"):
            cure = "Run: sudo apt install libportaudio2   (Fedora: sudo dnf install portaudio)"
        else:
            cure = f"Run: {PIP} install --force-reinstall sounddevice"
        raise DeviceError(f"The PortAudio library is missing. {cure}") from error
    except Exception as error:
        if type(error).__name__ != "PortAudioError":  # its class is in the module that could not be imported
            raise
        raise DeviceError(
            f"The sound system does not start: {said(error)}. Check that sound works in other programs, or use audio "
            "files: --mic FILE --speaker FILE"
        ) from error
    return sounddevice


@contextmanager
def started(stream: Any) -> Iterator[Any]:
    """Run a stream while the block runs; sound it still holds at the end is dropped."""
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
    """Return the result of the first attempt that the device accepts, or raise the first attempt's error.

    Args:
        formats: Rate in Hz and channels, the best first.
        attempt: Opens or checks the device; raises PortAudioError.
    """
    refusal = load_sounddevice().PortAudioError
    first: Exception | None = None
    for rate, channels in formats:
        try:
            return attempt(rate, channels)
        except refusal as error:
            first = first or error
            if code_of(error) not in {INVALID_RATE, INVALID_CHANNELS}:  # busy or gone: no other format helps
                break
    raise first or refusal("It has no channels", INVALID_CHANNELS)


def refused(name: str, direction: Direction, error: Exception) -> DeviceError:
    """Return the error for a device that PortAudio refused: its reason, and the cure."""
    return DeviceError(
        f"The {NOUN[direction]} {name} cannot be used: {said(error)}. {cure_for(code_of(error), direction)}"
    )


def cure_for(code: int | None, direction: Direction) -> str:
    """Return the cure for a PortAudio error code."""
    cure = _CURES.get(code, "Unplug it and plug it in again")
    return f"{cure}, or choose another with --{OPTION[direction]} (voicemock devices lists them)."


def said(error: Exception) -> str:
    """Return PortAudio's own message, without the call that sounddevice puts before it."""
    return str(error.args[0]).rpartition(": ")[2]


def code_of(error: Exception) -> int | None:
    """Return PortAudio's code of an error."""
    return error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else None
