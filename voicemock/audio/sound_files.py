"""Sound files of our own, through libsndfile: whole or not at all, for their owner alone."""

from __future__ import annotations

import errno
from pathlib import Path

from voicemock.audio.clip import AudioClip
from voicemock.disk import is_full, settle_file, settle_folder
from voicemock.errors import AudioFileError, StorageError
from voicemock.private_files import replacing, start_file


def read_clip(path: Path) -> AudioClip:
    """Read a file that ``write_audio`` wrote, at its own rate.

    Raises:
        AudioFileError: The file is missing or broken.
    """
    import soundfile

    try:
        samples, sample_rate = soundfile.read(path, dtype="float32")
    except (OSError, soundfile.SoundFileError) as error:
        raise AudioFileError(f"{path} cannot be read: {error}.") from error
    return AudioClip(samples, sample_rate)


def write_audio(path: Path, clip: AudioClip) -> None:
    """Write a clip as 16-bit audio for its owner alone, whole or not at all; the suffix says the format.

    Raises:
        StorageError: The file cannot be written.
    """
    import soundfile

    kind = path.suffix.lstrip(".")
    try:
        with replacing(path) as unfinished:
            start_file(unfinished)
            soundfile.write(unfinished, clip.samples, clip.sample_rate, format=kind, subtype="PCM_16")
    except (OSError, soundfile.SoundFileError) as error:
        raise StorageError(f"{path} cannot be written: {error}. Is the disk full?") from error


def compress_recording(recording: Path, target: Path) -> None:
    """Turn a finished recording into FLAC, which is on the disk then; block by block, so that length costs no memory.

    Raises:
        StorageError: The FLAC cannot be written. The recording stays in any case.
    """
    import soundfile

    try:
        with replacing(target) as unfinished:
            start_file(unfinished)
            _copy_as_flac(recording, unfinished)
            settle_file(unfinished)
        settle_folder(target.parent)
    except (OSError, soundfile.SoundFileError) as error:
        if not recording.exists():
            raise StorageError(f"{recording} is gone: it was removed, or its disk is not there any more.") from error
        is_space_gone = is_full(target.parent) or getattr(error, "errno", None) == errno.ENOSPC
        reason = "the disk is full" if is_space_gone else error
        raise StorageError(f"{target} cannot be written: {reason}. The recording is kept as {recording}.") from error


def _copy_as_flac(recording: Path, target: Path) -> None:
    import soundfile

    with (
        soundfile.SoundFile(recording) as source,
        soundfile.SoundFile(target, "w", source.samplerate, source.channels, subtype="PCM_16", format="FLAC") as sink,
    ):
        for block in source.blocks(blocksize=source.samplerate * 10, dtype="int16"):
            try:
                sink.write(block)
            except soundfile.SoundFileError as error:
                if is_full(target.parent):  # as long as what was written is there; libsndfile has no word for it
                    raise OSError(errno.ENOSPC, "the disk is full") from error
                raise
