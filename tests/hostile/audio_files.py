"""Recordings: broken, mislabeled, and with headers that lie."""

from __future__ import annotations

import io
import struct
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.hostile.mutations import broken
from voicemock.errors import VoicemockError
from voicemock.speech.audio_files import read_audio
from voicemock.speech.audio_quality import quality_of
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.vad import WebRtc, speech_flags, speech_spans

LONGEST_S = 60.0
SUFFIXES = (
    ".wav",
    ".flac",
    ".mp3",
    ".m4a",
    ".ogg",
    ".opus",
    ".webm",
    ".aiff",
    ".mp4",
    ".txt.wav",
    "",
    ".m3u8",
    ".jpg",
    ".sdp",
)
EXTREMES = (
    0,
    1,
    2,
    8,
    9,
    16,
    24,
    32,
    63,
    64,
    65,
    255,
    256,
    999,
    1000,
    8000,
    16000,
    48000,
    65535,
    10_000_000,
    2**31 - 1,
    2**31,
    2**32 - 1,
)
PLAYLISTS = (
    b"ffconcat version 1.0\nfile secret.wav\n",
    b"#EXTM3U\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n",
    b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\nfile:///dev/zero\n",
    b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5555 RTP/AVP 0\n",
    b"# VobSub index file, v7 (do not modify this line!)\nid: en, index: 0\n",
    b"\x89PNG\r\n\x1a\n" + bytes(200),
    b"%PDF-1.4\n",
    b"PK\x03\x04",
    b'<?xml version="1.0"?><MPD><Period/></MPD>',
    b"0 \n-  440+10/50\n",
)


@st.composite
def headers(draw: Any) -> bytes:
    """WAV files with any number in any field."""
    extreme = st.sampled_from(EXTREMES)
    kind, channels, bits = (draw(extreme) & 0xFFFF for _ in range(3))
    kind = draw(st.sampled_from((1, 1, 3, 6, 7, 0xFFFE, kind)))
    block = draw(st.sampled_from((channels * max(bits, 8) // 8 & 0xFFFF, draw(extreme) & 0xFFFF)))
    rate, claimed = draw(extreme), draw(extreme)
    sound = draw(st.binary(max_size=100)) * draw(st.integers(1, 2000))
    layout = struct.pack("<HHIIHH", kind, channels, rate, draw(extreme), block, bits)
    data = struct.pack("<4sI", b"data", claimed) + sound
    return struct.pack("<4sI4s4sI", b"RIFF", draw(extreme), b"WAVE", b"fmt ", 16) + layout + data


@cache
def originals() -> tuple[bytes, ...]:
    """A second of sound in every format that a recorder writes."""
    import av
    import soundfile

    found = []
    tone = (0.3 * np.sin(np.arange(16_000) / 6)).astype(np.float32)
    for kind, subtype in (
        ("WAV", "PCM_16"),
        ("WAV", "FLOAT"),
        ("WAV", "IMA_ADPCM"),
        ("FLAC", "PCM_16"),
        ("AIFF", "PCM_16"),
        ("CAF", "PCM_16"),
        ("OGG", "VORBIS"),
        ("MP3", "MPEG_LAYER_III"),
    ):
        for channels in (1, 2, 8):
            if (channels == 8 and kind not in ("WAV", "FLAC")) or (channels == 8 and subtype == "IMA_ADPCM"):
                continue
            file = io.BytesIO()
            soundfile.write(file, np.repeat(tone[:, None], channels, axis=1), 16_000, format=kind, subtype=subtype)
            found.append(file.getvalue())
    for form, codec in (("ipod", "aac"), ("webm", "libopus"), ("ogg", "libopus"), ("adts", "aac")):
        file = io.BytesIO()
        with av.open(file, "w", format=form) as container:
            stream = container.add_stream(codec, rate=48_000, layout="mono")
            frame = av.AudioFrame.from_ndarray((tone * 20_000).astype(np.int16)[None], format="s16", layout="mono")
            frame.sample_rate = 48_000
            for packet in (*stream.encode(frame), *stream.encode(None)):
                container.mux(packet)
        found.append(file.getvalue())
    return tuple(found)


@st.composite
def files(draw: Any) -> tuple[str, bytes]:
    content = draw(broken(originals()) | broken(originals()) | headers() | broken(PLAYLISTS) | st.binary(max_size=500))
    return draw(st.sampled_from(SUFFIXES)), content


cases = files()


def check(case: tuple[str, bytes], folder: Path) -> None:
    """Read it, and do with the sound what an analysis does before Whisper hears it."""
    suffix, content = case
    path = folder / f"take{suffix}"
    path.write_bytes(content)
    if not (folder / "secret.wav").exists():
        (folder / "secret.wav").write_bytes(originals()[0])
    try:
        clip = read_audio(path, longest_s=LONGEST_S)
    except VoicemockError:
        return
    finally:
        path.unlink()
    assert clip.duration_s <= 2 * LONGEST_S
    assert clip.samples.dtype == np.float32
    assert clip.samples.ndim == 1
    assert np.isfinite(clip.samples).all()
    assert (np.abs(clip.samples) <= 1).all()
    assert content not in PLAYLISTS or not len(clip.samples)
    short = AudioClip(clip.samples[: 5 * LISTENING_RATE], LISTENING_RATE)
    flags = speech_flags(short, WebRtc())
    speech_spans(flags)
    quality_of(short, flags).model_dump_json()
