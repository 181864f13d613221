"""Audio clips, frames, resampling and files: the only package that knows PCM.

`clip` is sound in memory. Each way to a file has a module: `libav` reads whatever people have, `recording_file` is
what grows while somebody speaks, `sound_files` is what is kept.
"""

from voicemock.audio.clip import (
    FRAME_S,
    FRAME_SAMPLES,
    LISTENING_RATE,
    AudioClip,
    Samples,
    frames_in,
    frames_of,
    silence,
    to_pcm16,
)
from voicemock.audio.libav import as_webm, read_audio
from voicemock.audio.recording_file import SETTLED_EVERY_S, RecordingFile, read_recording
from voicemock.audio.sound_files import compress_recording, read_clip, write_audio

__all__ = [
    "FRAME_S",
    "FRAME_SAMPLES",
    "LISTENING_RATE",
    "SETTLED_EVERY_S",
    "AudioClip",
    "RecordingFile",
    "Samples",
    "as_webm",
    "compress_recording",
    "frames_in",
    "frames_of",
    "read_audio",
    "read_clip",
    "read_recording",
    "silence",
    "to_pcm16",
    "write_audio",
]
