"""Microphones and speakers: a sound card through PortAudio, or an audio file that plays its part."""

from __future__ import annotations

import math
import os
import struct
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final, Protocol

from voicemock.errors import DeviceError
from voicemock.files import is_same_file, refuse_foreign, start_file
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import FRAME_S, FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples, to_pcm16, whole_frame
from voicemock.speech.sound_card import PortAudioMicrophone, PortAudioSpeaker

ASKED_EVERY_S: Final = 0.2
"""How often a paced file speaker asks whether to skip the rest."""

_AT_ONCE: Final = 2
"""Frames that a paced file hands over at once: 60 ms, as a sound card does. A processor that wakes for each frame takes
half as much time again."""

_SOUND: Final = frozenset({
    ".aac", ".aif", ".aiff", ".amr", ".caf", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma",
})  # fmt: skip
_VIDEO: Final = frozenset({".3gp", ".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"})
AUDIO_SUFFIXES: Final = _SOUND | _VIDEO
"""A device with such a suffix is a file, whether or not it exists. Of a folder, these are the recordings."""


class Microphone(Protocol):
    """Hears."""

    @property
    def name(self) -> str:
        """Display name."""
        ...

    @property
    def overflows(self) -> int | None:
        """How often sound was dropped because it was not taken in time; None if that cannot happen."""
        ...

    sound_waits: bool
    """Whether the sound stands still while no frame is taken, as in a file that is read as fast as possible."""

    def frames(self) -> Generator[Samples, None, None]:
        """Listen: yield frames of 480 samples at 16 kHz until the generator is closed, which closes the device.

        Raises:
            DeviceError: The device cannot be opened, or was lost; everything it heard before has been yielded.
        """
        ...


class Speaker(Protocol):
    """Is heard."""

    @property
    def name(self) -> str:
        """Display name."""
        ...

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = ...) -> None:
        """Play a clip and return after its last sound.

        Args:
            clip: The sound.
            is_skipped: Asked several times a second; once it is true, playing stops.

        Raises:
            DeviceError: The device cannot be opened, or was lost.
        """
        ...


def open_microphone(
    spec: str | None, *, realtime: bool, echo_holdoff_s: float, longest_s: float = math.inf
) -> Microphone:
    """Return the microphone that a setting names.

    Args:
        spec: A device index, part of a device's name or an audio file; None means the system's default microphone.
        realtime: Whether a file is heard at the pace of speech instead of at once.
        echo_holdoff_s: How long a sound card's microphone is ignored each time listening opens.
        longest_s: A longer file is refused.

    Raises:
        DeviceError: The device does not exist, or cannot be used.
        AudioFileError: The file is missing, holds no audio or is too long.
    """
    device = device_of(spec)
    if isinstance(device, Path):
        return AudioFileMicrophone(device, realtime=realtime, longest_s=longest_s)
    return PortAudioMicrophone(device, echo_holdoff_s)


def open_speaker(spec: str | None, *, realtime: bool) -> Speaker:
    """Return the speaker that a setting names.

    Args:
        spec: A device index, part of a device's name or a WAV file to write; None means the system's default speaker.
        realtime: Whether writing a file takes as long as hearing it.

    Raises:
        DeviceError: The device does not exist or cannot be used, or the file cannot be written.
    """
    device = device_of(spec)
    if not isinstance(device, Path):
        return PortAudioSpeaker(device)
    if device.suffix.lower() != ".wav":
        raise DeviceError(f"Speech can only be written as WAV. Name {device} with the suffix .wav.")
    return AudioFileSpeaker(device, realtime=realtime)


def device_of(spec: str | None) -> int | str | Path | None:
    """Return the meaning of a setting: a device's index, part of its name, a file, or None for the default."""
    if spec is None or not spec.strip():
        return None
    if spec.strip().isdecimal():
        return int(spec)
    path = Path(spec).expanduser()
    return path if path.suffix.lower() in AUDIO_SUFFIXES or path.is_file() else spec


def refuse_one_file_for_both(mic: str | None, speaker: str | None) -> None:
    """Raise DeviceError if the speaker would be written over the microphone's file, by whatever name or link."""
    heard, written = device_of(mic), device_of(speaker)
    if isinstance(heard, Path) and isinstance(written, Path) and is_same_file(heard, written):
        raise DeviceError(f"{written} cannot be both microphone and speaker. Name another file with --speaker.")


class AudioFileMicrophone:
    """A microphone that hears a file, and endless silence after its end.

    The file advances only while listening: its first sample is heard when listening first opens, and it stands still
    from the end of one stretch of listening to the start of the next.

    Args:
        path: Any audio file.
        realtime: Whether frames come at the pace of speech instead of at once.
        longest_s: A longer file is refused.

    Attributes:
        overflows: None: no sound can be dropped.
    """

    def __init__(self, path: Path, realtime: bool = False, longest_s: float = math.inf) -> None:
        self.name = f"file {path}"
        self.overflows: int | None = None
        self.sound_waits = not realtime
        self._realtime = realtime
        self._samples = read_audio(path, LISTENING_RATE, longest_s).samples
        self._position = 0

    @property
    def has_ended(self) -> bool:
        """Whether all of the file was heard: from now on there is silence."""
        return self._position >= len(self._samples)

    def frames(self) -> Generator[Samples, None, None]:
        """Yield the file from where listening stopped last."""
        opened = time.monotonic()
        heard = 0
        while True:
            frame = self._samples[self._position : self._position + FRAME_SAMPLES]
            self._position += FRAME_SAMPLES
            heard += 1
            # until a moment, not for a while: lateness must not add up
            if self._realtime and heard % _AT_ONCE == 0 and (left := opened + heard * FRAME_S - time.monotonic()) > 0:
                time.sleep(left)
            yield whole_frame(frame)


class AudioFileSpeaker:
    """A speaker that writes what it plays into one private 16-bit WAV file.

    The first clip starts the file anew and sets its sample rate; the file is readable after each clip. Its header names
    voicemock: that tells it from a file of somebody else, which is never written over.

    Args:
        path: The file, in a folder that exists.
        realtime: Whether playing takes as long as hearing.

    Raises:
        DeviceError: The file cannot be written, or another is there.
    """

    _HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH30s4sI")
    _MADE_BY: Final = b"LIST\x16\0\0\0INFOISFT\x0a\0\0\0voicemock\0"

    def __init__(self, path: Path, realtime: bool = False) -> None:
        self.name = f"file {path}"
        self._path = path
        self._realtime = realtime
        self._sample_rate: int | None = None
        self._data_bytes = 0
        if path.is_dir():
            raise DeviceError(f"{path} is a folder. Name a WAV file in it.")
        if not path.parent.is_dir():
            raise DeviceError(f"{path} cannot be written: the folder {path.parent} does not exist. Create it first.")
        if os.path.lexists(path) and not self._is_ours():
            raise DeviceError(
                f"{path} already exists, and voicemock did not write it as a speaker. Remove it, or name another "
                "file with --speaker."
            )

    def _is_ours(self) -> bool:
        """Return whether a regular file holds what an earlier speaker played, or nothing."""
        try:
            refuse_foreign(self._path)
            with self._path.open("rb") as file:
                begin = file.read(self._HEADER.size)
        except OSError:
            return False
        return not begin or self._MADE_BY in begin

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
        """Append a clip.

        Args:
            clip: All of it is written, even if the rest is skipped.
            is_skipped: Asked while the clip would be heard; once it is true, ``play`` returns.
        """
        ends = time.monotonic() + clip.duration_s
        try:
            if self._sample_rate is None:
                self._begin(clip)
            else:
                self._append(clip, self._sample_rate)
        except OSError as error:
            reason = error.strerror or error
            raise DeviceError(f"{self._path} cannot be written: {reason}. Free some space or name another.") from error
        while self._realtime and not is_skipped() and (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, ASKED_EVERY_S))

    def _begin(self, clip: AudioClip) -> None:
        """Start the private file with a clip; if that fails, leave no file behind."""
        start_file(self._path)
        try:
            self._append(clip, clip.sample_rate)
        except OSError:
            self._path.unlink(missing_ok=True)
            raise
        self._sample_rate = clip.sample_rate

    def _append(self, clip: AudioClip, rate: int) -> None:
        """Write the sound first, so that the header never claims what is not there."""
        sound = to_pcm16(clip.at_rate(rate).samples)
        size = self._data_bytes + len(sound)
        riff = (b"RIFF", self._HEADER.size - 8 + size, b"WAVE")
        layout = (b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
        with self._path.open("r+b") as file:
            file.seek(self._HEADER.size + self._data_bytes)
            file.write(sound)
            file.seek(0)
            file.write(self._HEADER.pack(*riff, *layout, self._MADE_BY, b"data", size))
        self._data_bytes = size
