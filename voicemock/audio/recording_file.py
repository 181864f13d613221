"""A recording that grows while somebody speaks."""

from __future__ import annotations

import os
import struct
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from voicemock.audio.clip import LISTENING_RATE, AudioClip, Samples, from_pcm16, to_pcm16
from voicemock.disk import settle, settle_folder
from voicemock.errors import AudioFileError, StorageError
from voicemock.private_files import O_BINARY

SETTLED_EVERY_S = 0.5
"""A recording is on the disk itself this often, so that a power cut takes less than a second of it."""


class RecordingFile:
    """A 16-bit WAV file at 16 kHz that grows while somebody speaks and can be read whenever the program dies.

    The header claims the longest length WAV can hold until ``close`` puts the real one in, so players and libav
    read up to the end of the file. Nothing is buffered: what was appended is the operating system's to keep, whatever
    becomes of this process. Twice a second of sound the disk is asked to have it, on a thread of its own: a disk may
    take its time.

    Raises:
        StorageError: From any method, when the disk refuses.
    """

    _HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
    HEADER_BYTES = _HEADER.size
    _CLAIMED_BYTES = 0x7FFFFE00

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | O_BINARY, 0o600)
        except OSError as error:
            raise self._refused(error) from error
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        self._unsettled_samples = 0
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recording")
        try:
            self._write(self._header(self._CLAIMED_BYTES))
        except OSError as error:
            self._file.close()
            raise self._refused(error) from error
        self._settling: Future[None] = self._disk.submit(settle_folder, path.parent)

    def append(self, frame: Samples) -> None:
        """Write samples at 16 kHz."""
        try:
            self._write(to_pcm16(frame))
            self._unsettled_samples += len(frame)
            if self._unsettled_samples >= SETTLED_EVERY_S * LISTENING_RATE and self._settling.done():
                self._settling.result()
                self._settling = self._disk.submit(settle, self._file.fileno())
                self._unsettled_samples = 0
        except OSError as error:
            raise self._refused(error) from error

    def close(self) -> None:
        """Correct the header and close the file; a second call does nothing."""
        if self._file.closed:
            return
        self._disk.shutdown()
        try:
            with self._file:
                size = self._file.seek(0, os.SEEK_END)
                self._file.seek(0)
                self._write(self._header(size - self._HEADER.size))
        except OSError as error:
            raise self._refused(error) from error

    def _write(self, data: bytes) -> None:
        """Write all of it: an unbuffered file may take less than it is given."""
        while data:
            data = data[self._file.write(data) :]

    @classmethod
    def _header(cls, data_bytes: int) -> bytes:
        """Return the header of a WAV file: format 1 (PCM), one channel, 16 bits."""
        riff = (b"RIFF", cls._HEADER.size - 8 + data_bytes, b"WAVE")
        layout = (b"fmt ", 16, 1, 1, LISTENING_RATE, LISTENING_RATE * 2, 2, 16)
        return cls._HEADER.pack(*riff, *layout, b"data", data_bytes)

    def _refused(self, error: OSError) -> StorageError:
        return StorageError(
            f"{self.path} cannot be written: {error.strerror or error}. Free some disk space and try again."
        )


def read_recording(path: Path) -> AudioClip:
    """Read what a ``RecordingFile`` holds, whatever its header says: a power cut may have left none.

    Raises:
        AudioFileError: The file is missing or cannot be read.
    """
    try:
        data = path.read_bytes()[RecordingFile.HEADER_BYTES :]
    except OSError as error:
        raise AudioFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    return AudioClip(from_pcm16(data), LISTENING_RATE)
