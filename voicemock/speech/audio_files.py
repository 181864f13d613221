"""Audio files: reads any that libav decodes, and writes recordings, speech, and sound for browsers.

Our own files go through libsndfile, whole or not at all, for their
owner alone; only ``RecordingFile`` grows while the candidate speaks.
"""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from voicemock.errors import AudioFileError, StorageError
from voicemock.files import (
    O_BINARY,
    is_full,
    read_own,
    refuse_foreign,
    replacing,
    settle,
    settle_file,
    settle_folder,
    start_file,
)
from voicemock.speech.clip import LISTENING_RATE, AudioClip, Samples, from_pcm16, to_pcm16
from voicemock.speech.decoding import decode
from voicemock.speech.wav_header import HEADER

SETTLED_EVERY_S: Final = 0.5
"""A recording is flushed to the disk itself this often, so a power cut takes less than a second of it."""


def read_audio(path: Path, sample_rate: int = LISTENING_RATE, longest_s: float = math.inf) -> AudioClip:
    """Read any audio that libav can decode, as ``decode`` does, mixed to mono at ``sample_rate``.

    Args:
        path: The file; no other file is read, whatever it names.
        sample_rate: Hz.
        longest_s: Raises after this many seconds of sound, whatever length the file claims.

    Raises:
        AudioFileError: The file is missing, holds no audio, cannot be decoded at all or is too long.
    """
    return decode(path, sample_rate, longest_s).clip


def read_kept(path: Path) -> AudioClip:
    """Read a recording of the data folder as ``read_audio`` does; a link in its place is not followed.

    Raises:
        AudioFileError: The file is missing, no regular one, holds no audio or is broken.
    """
    try:
        refuse_foreign(path)
    except OSError as error:
        raise AudioFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    return read_audio(path)


def as_webm(path: Path) -> bytes:
    """Return a recording of the data folder as Opus in WebM, which browsers play: a tenth of the size of FLAC.

    It has 32 kbit/s.

    Raises:
        AudioFileError: The file is missing, holds no audio or is broken.
    """
    import av  # takes 50 ms: most commands do without it

    webm = BytesIO()
    blocks = to_pcm16(read_kept(path).samples)
    frame = av.AudioFrame.from_ndarray(np.frombuffer(blocks, "<i2")[np.newaxis], format="s16", layout="mono")
    frame.sample_rate = LISTENING_RATE
    with av.open(webm, "w", format="webm") as container:
        # complexity 0: speech sounds the same, four minutes take 0.3 s
        stream = container.add_stream("libopus", rate=LISTENING_RATE, layout="mono", options={"compression_level": "0"})
        stream.bit_rate = 32_000
        for packet in chain(stream.encode(frame), stream.encode(None)):
            container.mux(packet)
    return webm.getvalue()


def read_clip(path: Path) -> AudioClip:
    """Read a file that ``write_audio`` wrote, at its own rate.

    Raises:
        AudioFileError: The file is missing or broken.
    """
    try:
        samples, sample_rate = soundfile.read(path, dtype="float32")
    except (OSError, soundfile.SoundFileError) as error:
        raise AudioFileError(f"{path} cannot be read: {error}.") from error
    return AudioClip(samples, sample_rate)


def write_audio(path: Path, clip: AudioClip) -> None:
    """Write a clip as private 16-bit audio, whole or not at all; the suffix decides the format.

    Raises:
        StorageError: The file cannot be written.
    """
    kind = path.suffix.lstrip(".")
    try:
        with replacing(path) as unfinished:
            start_file(unfinished)
            soundfile.write(unfinished, clip.samples, clip.sample_rate, format=kind, subtype="PCM_16")
    except (OSError, soundfile.SoundFileError) as error:
        raise StorageError(f"{path} cannot be written: {error}. Is the disk full?") from error


def compress_recording(recording: Path, target: Path) -> None:
    """Copy a finished recording as FLAC, block by block to save memory, and return when the disk holds it.

    Raises:
        StorageError: The FLAC cannot be written. The recording is kept in any case.
    """
    try:
        with replacing(target) as unfinished:
            start_file(unfinished)
            _copy_as_flac(recording, unfinished)
            settle_file(unfinished)
        settle_folder(target.parent)
    except (OSError, soundfile.SoundFileError) as error:
        if not recording.exists():
            raise StorageError(f"{recording} is gone: it was removed, or its disk is no longer there.") from error
        is_space_gone = is_full(target.parent) or getattr(error, "errno", None) == errno.ENOSPC
        reason = "the disk is full" if is_space_gone else error
        raise StorageError(f"{target} cannot be written: {reason}. The recording is kept as {recording}.") from error


def _copy_as_flac(recording: Path, target: Path) -> None:
    with (
        soundfile.SoundFile(recording) as source,
        soundfile.SoundFile(target, "w", source.samplerate, source.channels, subtype="PCM_16", format="FLAC") as sink,
    ):
        for block in source.blocks(blocksize=source.samplerate * 10, dtype="int16"):
            try:
                sink.write(block)
            except soundfile.SoundFileError as error:
                # asked before the unfinished file is removed; libsndfile's own error does not say it
                if is_full(target.parent):
                    raise OSError(errno.ENOSPC, "the disk is full") from error
                raise


class RecordingFile:
    """A 16-bit WAV file at 16 kHz that grows while the candidate speaks and stays readable if the program dies.

    The header claims the longest length that WAV can hold until ``close`` corrects it, so players and libav read up to
    the end of the file. Nothing is buffered: the operating system has every appended frame, even if this process is
    killed. Twice a second of sound the disk is asked to flush, on a thread of its own, because a disk may be slow.

    Raises:
        StorageError: From any method, if the disk refuses.
    """

    HEADER_BYTES: Final = HEADER.size
    _CLAIMED_BYTES: Final = 0x7FFFFE00

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._explaining():
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | O_BINARY, 0o600)
            self._file = os.fdopen(descriptor, "r+b", buffering=0)
            try:
                self._write(self._header(self._CLAIMED_BYTES))
            except OSError:
                self._file.close()
                raise
        self._unsettled_samples = 0
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recording")
        self._settling: Future[None] = self._disk.submit(settle_folder, path.parent)

    def append(self, frame: Samples) -> None:
        """Write samples at 16 kHz."""
        with self._explaining():
            self._write(to_pcm16(frame))
            self._unsettled_samples += len(frame)
            if self._unsettled_samples >= SETTLED_EVERY_S * LISTENING_RATE and self._settling.done():
                self._settling.result()
                self._settling = self._disk.submit(settle, self._file.fileno())
                self._unsettled_samples = 0

    def read(self, first: int, last: int | None = None) -> Samples:
        """Return the samples from one to another, or to the end."""
        with self._explaining():
            self._file.seek(self.HEADER_BYTES + 2 * first)
            data = self._file.read(-1 if last is None else 2 * (last - first))
            self._file.seek(0, os.SEEK_END)
        return from_pcm16(data)

    def keep_first(self, count: int) -> None:
        """Cut off all but this many samples."""
        with self._explaining():
            self._file.truncate(self.HEADER_BYTES + 2 * count)
            self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        """Correct the header and close the file; a second call does nothing."""
        if self._file.closed:
            return
        self._disk.shutdown()
        with self._explaining(), self._file:
            size = self._file.seek(0, os.SEEK_END)
            self._file.seek(0)
            self._write(self._header(size - HEADER.size))

    def _write(self, data: bytes) -> None:
        """Write all the data: one call of an unbuffered file may write a part only."""
        while data:
            data = data[self._file.write(data) :]

    @classmethod
    def _header(cls, data_bytes: int) -> bytes:
        """Return the header of a WAV file: format 1 (PCM), one channel, 16 bits."""
        riff = (b"RIFF", HEADER.size - 8 + data_bytes, b"WAVE")
        layout = (b"fmt ", 16, 1, 1, LISTENING_RATE, LISTENING_RATE * 2, 2, 16)
        return HEADER.pack(*riff, *layout, b"data", data_bytes)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                f"{self.path} cannot be written: {error.strerror or error}. Free some disk space and try again."
            ) from error


def read_recording(path: Path) -> AudioClip:
    """Read the sound of a ``RecordingFile``, whatever its header says: after a power cut it may be empty.

    Raises:
        AudioFileError: The file is missing or cannot be read.
    """
    try:
        data = read_own(path)[RecordingFile.HEADER_BYTES :]
    except OSError as error:
        raise AudioFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    return AudioClip(from_pcm16(data), LISTENING_RATE)
