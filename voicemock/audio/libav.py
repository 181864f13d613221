"""Any audio that libav can decode, and nothing else that a file may ask of it; and sound for browsers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voicemock.audio.clip import LISTENING_RATE, AudioClip, Samples, to_pcm16
from voicemock.errors import AudioFileError
from voicemock.input_files import refuse_special

if TYPE_CHECKING:
    from av import AudioFrame

RATES = range(1_000, 1_000_001)
"""Hz. Below telephones and above studios nothing is a recording; libav dies of a rate of 1 Hz."""

MOST_SAMPLES_A_SECOND = 192_000
"""Of all channels, as they are decoded: stereo at 96 kHz. By it, what takes long to decode is refused early."""

_OTHER_FILES = frozenset({
    "concat", "dash", "hls", "image2", "imf", "lavfi", "mlv", "rtp", "rtsp", "sap", "sdp", "vobsub",
    "webm_dash_manifest",
})  # fmt: skip
"""Formats of libav that name further files, or addresses in a network, to be read."""


def read_audio(path: Path, sample_rate: int = LISTENING_RATE, longest_s: float = math.inf) -> AudioClip:
    """Read any audio that libav can decode, mixed to mono at ``sample_rate``.

    Args:
        path: The file; no other file is read, whatever it names.
        sample_rate: Hz.
        longest_s: Reading ends with an error after so many seconds of sound, whatever the file says of its length.

    Raises:
        AudioFileError: The file is missing, holds no audio, is broken or too long.
    """
    import av

    try:
        refuse_special(path)
        # "file:" keeps libav from taking "take:1.wav" for a network protocol.
        with av.open(f"file:{path}", metadata_errors="ignore", options=_this_file_alone()) as container:
            # libav trusts a suffix: a text named .flac opens as FLAC, but has no sample rate
            # and one whose codec it does not know has no attribute "rate" at all
            if not container.streams.audio or not getattr(container.streams.audio[0], "rate", 0):
                raise AudioFileError(f"{path} holds no audio.")
            frames = _sane_frames(container.decode(audio=0), path, longest_s)
            samples = _joined(_mono_blocks(frames, sample_rate))
    except av.FFmpegError as error:
        raise AudioFileError(f"{path} cannot be read as audio: {error.strerror or error}.") from error
    except OSError as error:
        raise AudioFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeEncodeError as error:
        raise AudioFileError(f"{path} cannot be read: libav takes no name that is not UTF-8. Rename it.") from error
    return AudioClip(samples, sample_rate)


def as_webm(path: Path) -> bytes:
    """Return any audio as Opus in WebM, at 32 kbit/s, which browsers play: a tenth of FLAC.

    Raises:
        AudioFileError: The file is missing, holds no audio or is broken.
    """
    import av

    webm = BytesIO()
    blocks = to_pcm16(read_audio(path, LISTENING_RATE).samples)
    frame = av.AudioFrame.from_ndarray(np.frombuffer(blocks, "<i2")[np.newaxis], format="s16", layout="mono")
    frame.sample_rate = LISTENING_RATE
    with av.open(webm, "w", format="webm") as container:
        # complexity 0: speech sounds the same, four minutes take 0.3 s
        stream = container.add_stream("libopus", rate=LISTENING_RATE, layout="mono", options={"compression_level": "0"})
        stream.bit_rate = 32_000
        for packet in chain(stream.encode(frame), stream.encode(None)):
            container.mux(packet)
    return webm.getvalue()


@cache
def _this_file_alone() -> dict[str, str]:
    """Return libav's options that keep it from opening anything but the file that it is given."""
    import av

    formats = {name for names in av.formats_available for name in names.split(",")}
    return {"protocol_whitelist": "file", "format_whitelist": ",".join(sorted(formats - _OTHER_FILES))}


def _sane_frames(frames: Iterator[AudioFrame], path: Path, longest_s: float) -> Iterator[AudioFrame]:
    """Yield frames as long as they may be a recording of speech.

    Raises:
        AudioFileError: They are none, or too many.
    """
    duration_s, samples = 0.0, 0
    for frame in frames:
        if frame.sample_rate not in RATES:
            raise AudioFileError(f"{path} cannot be read: {frame.sample_rate} Hz is no sample rate of a recording.")
        duration_s += frame.samples / frame.sample_rate
        samples += frame.samples * frame.layout.nb_channels
        if duration_s > longest_s or samples > longest_s * MOST_SAMPLES_A_SECOND:
            raise AudioFileError(
                f"{path} is too long: more than {longest_s / 60:g} minutes of sound. Cut it into its answers, or raise "
                "the setting longest_recording_s."
            )
        yield frame


def _joined(blocks: Iterator[Samples]) -> Samples:
    """Join blocks in one piece of memory that grows in place: a list of them would need twice as much."""
    samples, count = np.empty(0, np.float32), 0
    for block in blocks:
        if count + len(block) > len(samples):
            samples.resize(round(1.25 * (count + len(block))), refcheck=False)  # nobody else holds it
        samples[count : count + len(block)] = block
        count += len(block)
    return samples[:count]


def _mono_blocks(frames: Iterator[AudioFrame], sample_rate: int) -> Iterator[Samples]:
    """Yield frames as mono blocks; format, channels and rate may change from one frame to the next.

    Channels are averaged here, because libav adds them with a gain of 0.7 each, which clips a loud stereo file.
    Packed, because PyAV reads past the last plane of a planar frame with eight channels.
    """
    import av

    for _, alike in groupby(frames, key=lambda frame: (frame.format.name, frame.layout.name, frame.sample_rate)):
        resampler = av.AudioResampler(format="flt", rate=sample_rate)
        for frame in chain(alike, (None,)):
            for block in resampler.resample(frame):
                channels = block.to_ndarray().reshape(-1, block.layout.nb_channels)
                sane = np.nan_to_num(channels, nan=0.0, posinf=1.0, neginf=-1.0).clip(-1.0, 1.0)
                yield sane.mean(axis=1, dtype=np.float32)
