"""The list of sound devices, and which of them is meant."""

from __future__ import annotations

from dataclasses import dataclass

from voicemock.devices import library
from voicemock.devices.library import NOUN, OPTION, Direction
from voicemock.errors import DeviceError

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
    sounddevice = library.sounddevice()
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
