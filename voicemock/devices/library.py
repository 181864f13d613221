"""The PortAudio library: loaded, asked again which devices there are, its refusals explained."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


def sounddevice() -> Any:
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
    module = sounddevice()
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
    refusal = sounddevice().PortAudioError
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
