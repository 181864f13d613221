"""Speech on disk, so that what a voice has said once it can say at once. Who calls decides which texts may be kept."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from voicemock.audio import AudioClip, read_clip, write_audio
from voicemock.errors import AudioFileError, StorageError
from voicemock.private_files import make_folder

LARGEST_BYTES: Final = 50_000_000
"""Piper says all 225 questions of the bank in 33 MB of FLAC."""

_LAYOUT: Final = "voicemock speech 1"
"""Part of every name: a change of the format, or of how sentences are joined, makes everything anew."""


class SpeechCache:
    """One voice's speech as FLAC files that only their owner can read, the oldest removed when there are too many.

    A file is named by a hash of voice and text and a hash of what is in it, so a damaged one is never played. A disk
    that is full or cannot be written means that nothing is kept, never an error.

    Args:
        folder: Where the files are; made when the first is written.
        voice: What tells this voice's speech from any other's: engine, version, voice and rate.
        largest_bytes: How much all files together may take.
    """

    def __init__(self, folder: Path, voice: str, largest_bytes: int = LARGEST_BYTES) -> None:
        self.voice = voice
        self._folder = folder
        self._largest_bytes = largest_bytes

    def get(self, text: str) -> AudioClip | None:
        """Return a text as it was said before; None when it was not, or the file is damaged."""
        for path in self._folder.glob(f"{self._key(text)}.*.flac"):
            with suppress(OSError, AudioFileError):
                if path.name.split(".")[1] == _digest(path):
                    clip = read_clip(path)
                    os.utime(path)
                    return clip
        return None

    def put(self, text: str, clip: AudioClip) -> None:
        """Keep a text's speech, if the disk lets it."""
        if not len(clip.samples):
            return  # FLAC cannot hold nothing
        key = self._key(text)
        unfinished = self._folder / f".{key}.{os.getpid()}.flac"
        with suppress(OSError, StorageError):
            try:
                make_folder(self._folder)
                write_audio(unfinished, clip)
                for damaged in self._folder.glob(f"{key}.*.flac"):
                    damaged.unlink()
                unfinished.replace(self._folder / f"{key}.{_digest(unfinished)}.flac")
                self._remove_oldest()
            finally:
                unfinished.unlink(missing_ok=True)

    def _remove_oldest(self) -> None:
        """Remove what was not used for longest, and what a killed program left, until the rest is small enough."""
        files = [(path.stat(), path) for path in self._folder.glob("*.flac*")]
        too_many = sum(stat.st_size for stat, _ in files) - self._largest_bytes
        for stat, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
            if too_many <= 0:
                break
            path.unlink()
            too_many -= stat.st_size

    def _key(self, text: str) -> str:
        return hashlib.sha256("\0".join((_LAYOUT, self.voice, text)).encode("utf-8", "surrogatepass")).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
