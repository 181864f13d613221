"""Microphones and speakers: a sound card through PortAudio, or an audio file that plays its part."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Protocol

from voicemock.audio import AudioClip, Samples
from voicemock.devices.audio_files import AudioFileMicrophone, AudioFileSpeaker
from voicemock.devices.listing import DeviceInfo, list_devices
from voicemock.devices.portaudio import PortAudioMicrophone, PortAudioSpeaker
from voicemock.errors import DeviceError

__all__ = [
    "AudioFileMicrophone",
    "AudioFileSpeaker",
    "DeviceInfo",
    "Microphone",
    "PortAudioMicrophone",
    "PortAudioSpeaker",
    "Speaker",
    "list_devices",
    "open_microphone",
    "open_speaker",
]

_SOUND = frozenset({".aac", ".aif", ".aiff", ".caf", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma"})
_VIDEO = frozenset({".mkv", ".mov", ".mp4", ".webm"})
AUDIO_SUFFIXES = _SOUND | _VIDEO
"""A name that ends so is a file, whether or not it is there."""


class Microphone(Protocol):
    """Hears."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def overflows(self) -> int | None:
        """How often sound was dropped because nobody took it in time; None where that cannot happen."""
        ...

    sound_waits: bool
    """Whether it stands still while nobody takes a frame, as a file does that is read as fast as it can be."""

    def frames(self) -> Generator[Samples, None, None]:
        """Listen: yield frames of 480 samples at 16 kHz until the generator is closed, which closes the device.

        Raises:
            DeviceError: The device cannot be opened, or went away; what it heard before has been yielded.
        """
        ...


class Speaker(Protocol):
    """Is heard."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = ...) -> None:
        """Play a clip and return when its last sound is out.

        Args:
            clip: What is heard.
            is_skipped: Asked several times a second; once it is true, the rest is not heard.

        Raises:
            DeviceError: The device cannot be opened, or went away.
        """
        ...


def open_microphone(
    spec: str | None, *, realtime: bool, echo_holdoff_s: float, longest_s: float = math.inf
) -> Microphone:
    """Return the microphone that a setting names.

    Args:
        spec: A device index, a part of a device's name or an audio file; None is the system's default microphone.
        realtime: Whether a file is heard at the pace of speech instead of at once.
        echo_holdoff_s: How long a sound card's microphone is ignored each time listening opens.
        longest_s: A longer file is refused.

    Raises:
        DeviceError: There is no such device, or it cannot be used.
        AudioFileError: The file is missing, holds no audio or is too long.
    """
    device = device_of(spec)
    if isinstance(device, Path):
        return AudioFileMicrophone(device, realtime=realtime, longest_s=longest_s)
    return PortAudioMicrophone(device, echo_holdoff_s)


def open_speaker(spec: str | None, *, realtime: bool) -> Speaker:
    """Return the speaker that a setting names.

    Args:
        spec: A device index, a part of a device's name or a WAV file to write; None is the system's default speaker.
        realtime: Whether writing a file takes as long as hearing it.

    Raises:
        DeviceError: There is no such device, it cannot be used, or the file cannot be written.
    """
    device = device_of(spec)
    if not isinstance(device, Path):
        return PortAudioSpeaker(device)
    if device.suffix.lower() != ".wav":
        raise DeviceError(f"What is spoken can only be written as WAV. Name {device} with the suffix .wav.")
    return AudioFileSpeaker(device, realtime=realtime)


def device_of(spec: str | None) -> int | str | Path | None:
    """Return what a setting means: a device's index, a part of its name, a file, or None for the default."""
    if spec is None or not spec.strip():
        return None
    if spec.strip().isdecimal():
        return int(spec)
    path = Path(spec).expanduser()
    return path if path.suffix.lower() in AUDIO_SUFFIXES or path.is_file() else spec
