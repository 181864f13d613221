"""Files of every kind and condition: joined, cut, damaged, with lying sizes, many tracks and channels."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from voicemock.errors import AudioFileError
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import LISTENING_RATE, Samples
from voicemock.speech.decoding import Decoded, decode

VOICE = read_audio(Path(__file__).parents[2] / "fixtures" / "audio" / "too-short.flac").between(0.0, 12.0).samples
SECONDS = len(VOICE) / LISTENING_RATE
NOTHING = np.zeros_like(VOICE)
T = np.arange(len(VOICE)) / LISTENING_RATE
MUSIC = sum(0.08 * np.sin(2 * np.pi * hz * T) * (1 + np.sin(9 * T + hz)) for hz in (220, 277, 330, 440)).astype(
    np.float32
)
HISS = np.random.default_rng(3).normal(0, 0.004, len(VOICE)).astype(np.float32)


def loudness_db(samples: Samples) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


def read(folder: Path, name: str, content: bytes) -> Decoded:
    (folder / name).write_bytes(content)
    return decode(folder / name)


def encoded(form: str, codec: str, *tracks: Samples, rate: int = LISTENING_RATE, **options: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=form, options=options) as container:
        streams = [container.add_stream(codec, rate=rate, layout="mono") for _ in tracks]
        for stream, samples in zip(streams, tracks, strict=True):
            pcm = (samples * 32767).astype(np.int16)[np.newaxis]
            frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
            frame.sample_rate = LISTENING_RATE
            for packet in (*stream.encode(frame), *stream.encode(None)):
                container.mux(packet)
    return file.getvalue()


def written(kind: str, *channels: Samples, subtype: str | None = None, rate: int = LISTENING_RATE) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.stack(channels, axis=1), rate, format=kind, subtype=subtype)
    return file.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "take.flac": lambda: written("FLAC", VOICE),
    "take.ogg": lambda: written("OGG", VOICE),
    "take.mp3": lambda: written("MP3", VOICE),
    "take.opus": lambda: encoded("ogg", "libopus", VOICE, rate=48_000),
    "take.webm": lambda: encoded("webm", "libopus", VOICE, rate=48_000, live="1"),
    "take.aac": lambda: encoded("adts", "aac", VOICE),
    "take.m4a": lambda: encoded("ipod", "aac", VOICE),
    "browser.mp4": lambda: encoded(
        "mp4", "aac", VOICE, movflags="frag_keyframe+empty_moov+default_base_moof", frag_duration="1000000"
    ),
}
SAY_HOW_LONG_THEY_WERE = {"take.flac", "take.mp3", "browser.mp4"}


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_has_lost_nothing(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, name, FILES[name]())
    assert found.clip.duration_s == pytest.approx(SECONDS, abs=0.1)
    assert found.source.lost == ()


@pytest.mark.parametrize("name", FILES)
def test_files_that_were_joined_are_heard_to_the_end(tmp_path: Path, name: str) -> None:
    content = FILES[name]()
    found = read(tmp_path, name, content + content)
    assert found.clip.duration_s == pytest.approx(2 * SECONDS, abs=0.2)
    assert found.source.lost == ()


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"take.m4a"}))
def test_of_a_file_that_was_cut_off_the_beginning_is_heard(tmp_path: Path, name: str) -> None:
    content = FILES[name]()
    found = read(tmp_path, name, content[: len(content) * 2 // 3])
    assert 0.5 * SECONDS < found.clip.duration_s < 0.75 * SECONDS
    if name in SAY_HOW_LONG_THEY_WERE - {"browser.mp4"}:
        assert found.clip.duration_s + found.source.lost_s == pytest.approx(SECONDS, abs=0.2)
        assert found.source.lost[0].at_s == pytest.approx(found.clip.duration_s, abs=0.1)


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"browser.mp4"}))
@pytest.mark.parametrize("damage", ["nothing there", "noise there"])
def test_of_a_file_with_a_hole_the_rest_is_heard(tmp_path: Path, name: str, damage: str) -> None:
    content = bytearray(FILES[name]())
    half, length = len(content) // 2, len(content) // 10
    content[half : half + length] = (
        bytes(length) if damage == "nothing there" else np.random.default_rng(5).bytes(length)
    )
    found = read(tmp_path, name, bytes(content))
    assert found.clip.duration_s > 0.75 * SECONDS
    if name != "take.aac":  # its packets have no times
        assert found.clip.duration_s + found.source.lost_s == pytest.approx(SECONDS, abs=0.6)
        assert found.source.lost[0].at_s == pytest.approx(SECONDS / 2, abs=1.0)


def test_a_recording_without_its_index_is_explained(tmp_path: Path) -> None:
    content = FILES["take.m4a"]()
    with pytest.raises(AudioFileError, match=r"a\.m4a.*index is missing"):
        read(tmp_path, "a.m4a", content[: len(content) // 2])


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"a\.wav is empty"):
        read(tmp_path, "a.wav", b"")


@pytest.mark.parametrize("name", ["a.mp3", "a.aac", "a.wav", "a.flac", "a.m4a", "a.ogg"])
@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_are_no_recording(tmp_path: Path, name: str, seed: int) -> None:
    with pytest.raises(AudioFileError, match=r"a\.\w+"):
        read(tmp_path, name, np.random.default_rng(seed).bytes(100_000))


# --- WAV -----------------------------------------------------------------------------------------------

PCM = (VOICE * 32767).astype("<i2").tobytes()
SIZE = len(PCM)
INFO = b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + b"Lavf58.20.100\0"


def wav(claimed: int = SIZE, *, before: bytes = b"", name: bytes = b"RIFF", rate: int = LISTENING_RATE) -> bytes:
    """The header of a WAV file."""
    fmt = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
    return (
        name
        + struct.pack("<I", 36 + claimed & 0xFFFFFFFF)
        + b"WAVE"
        + before
        + fmt
        + b"data"
        + struct.pack("<I", claimed)
    )


def ds64(claimed: int) -> bytes:
    return b"ds64" + struct.pack("<IQQQI", 28, claimed + 72, claimed, claimed // 2, 0)


UNKNOWN = 0xFFFFFFFF
WAVS = {
    "as it should be": (wav() + PCM, 1, 0),
    "size 0": (wav(0) + PCM, 1, 0),
    "size unknown": (wav(UNKNOWN) + PCM, 1, 0),
    "the largest size": (wav(0x7FFFFFFF) + PCM, 1, 0),
    "a third of its size": (wav(SIZE // 3) + PCM, 1, 0),
    "an odd size": (wav(SIZE - 1) + PCM[:-1], 1, 0),
    "notes before": (wav(before=INFO) + PCM, 1, 0),
    "notes behind": (wav() + PCM + INFO, 1, 0),
    "notes before, size 0": (wav(0, before=INFO) + PCM, 1, 0),
    "padding before": (wav(before=b"JUNK" + struct.pack("<I", 28) + bytes(28)) + PCM, 1, 0),
    "two joined": ((wav() + PCM) * 2, 2, 0),
    "three joined, with notes": ((wav(before=INFO) + PCM + INFO) * 3, 3, 0),
    "two joined, sizes unknown": ((wav(UNKNOWN) + PCM) * 2, 2, 0),
    "two joined, of other rates": (wav() + PCM + wav(SIZE // 2, rate=8_000) + PCM[: SIZE // 2], 2, 0),
    "a header in the middle": (wav(SIZE // 2) + PCM[: SIZE // 2] + wav(SIZE // 2) + PCM[SIZE // 2 :], 1, 0),
    "a header behind a header": (wav(SIZE + 44) + wav() + PCM, 1, 0),
    "RF64": (wav(UNKNOWN, before=ds64(SIZE), name=b"RF64") + PCM, 1, 0),
    "RF64, size 0": (wav(UNKNOWN, before=ds64(0), name=b"RF64") + PCM, 1, 0),
    "cut off": (wav() + PCM[: SIZE // 2], 0.5, 0.5),
}


@pytest.mark.parametrize(("content", "times", "lost"), WAVS.values(), ids=WAVS)
def test_whatever_a_wav_file_says_of_its_size_all_of_it_is_heard(
    tmp_path: Path, content: bytes, times: float, lost: float
) -> None:
    found = read(tmp_path, "a.wav", content)
    assert found.clip.duration_s == pytest.approx(times * SECONDS, abs=0.01)
    assert loudness_db(found.clip.samples) == pytest.approx(loudness_db(VOICE), abs=1.5)
    assert found.source.lost_s == pytest.approx(lost * SECONDS, abs=0.01)


@pytest.mark.parametrize("content", [wav(0), wav(SIZE), wav(UNKNOWN), wav(0) + INFO], ids=len)
def test_a_wav_file_without_a_sample_holds_no_sound(tmp_path: Path, content: bytes) -> None:
    if content == wav(SIZE):
        with pytest.raises(AudioFileError, match="damaged"):
            read(tmp_path, "a.wav", content)
    else:
        assert read(tmp_path, "a.wav", content).clip.duration_s < 0.01


@pytest.mark.parametrize(
    ("kind", "subtype"),
    [
        ("WAV", "PCM_U8"),
        ("WAV", "PCM_24"),
        ("WAV", "PCM_32"),
        ("WAV", "FLOAT"),
        ("WAV", "DOUBLE"),
        ("WAV", "ALAW"),
        ("WAV", "ULAW"),
        ("WAV", "IMA_ADPCM"),
        ("AIFF", "PCM_16"),
        ("CAF", "PCM_16"),
        ("AU", "PCM_16"),
        ("W64", "PCM_16"),
        ("RF64", "PCM_16"),
    ],
)
def test_every_way_to_write_samples_is_read(tmp_path: Path, kind: str, subtype: str) -> None:
    found = read(tmp_path, f"a.{kind.lower()}", written(kind, VOICE, subtype=subtype))
    assert found.clip.duration_s == pytest.approx(SECONDS, abs=0.05)
    assert loudness_db(found.clip.samples) == pytest.approx(loudness_db(VOICE), abs=0.5)


# --- channels and tracks ---------------------------------------------------------------------------------

CHANNELS = {
    "twins": ((VOICE, VOICE), (1, 2)),
    "one inverted": ((VOICE, -VOICE), (1, 2)),
    "one inverted, with hiss": ((VOICE + HISS, HISS - VOICE), (1, 2)),
    "one inverted and quieter": ((VOICE, -0.3 * VOICE), (1,)),
    "left alone": ((VOICE, NOTHING), (1,)),
    "right alone": ((NOTHING, VOICE), (2,)),
    "hiss on the left": ((HISS, VOICE), (2,)),
    "music on the left": ((MUSIC, VOICE), (2,)),
    "an offset on the right": ((VOICE, NOTHING + np.float32(0.1)), (1,)),
    "hum on the left": (((0.2 * np.sin(2 * np.pi * 50 * T)).astype(np.float32), VOICE), (2,)),
    "5.1, voice in the center": ((NOTHING, NOTHING, VOICE, NOTHING, NOTHING, NOTHING), (3,)),
    "5.1, music around": ((MUSIC, MUSIC, VOICE, NOTHING, HISS, HISS), (3,)),
    "the sixth of eight": ((*[NOTHING] * 5, VOICE, NOTHING, NOTHING), (6,)),
}


@pytest.mark.parametrize(("channels", "heard"), CHANNELS.values(), ids=CHANNELS)
def test_the_voice_is_heard_at_its_level_on_whatever_channel(
    tmp_path: Path, channels: tuple[Samples, ...], heard: tuple[int, ...]
) -> None:
    found = read(tmp_path, "a.wav", written("WAV", *channels))
    assert found.source.heard_channels == heard
    assert (found.source.channels, found.source.tracks) == (len(channels), 1)
    assert found.source.is_inverted == (len(heard) > 1 and channels[1] is not VOICE)
    assert loudness_db(found.clip.samples) == pytest.approx(loudness_db(VOICE), abs=0.5)
    assert abs(np.corrcoef(found.clip.samples, VOICE)[0, 1]) > 0.97


TRACKS = {
    "first silent": ((NOTHING, VOICE), 2),
    "second silent": ((VOICE, NOTHING), 1),
    "music first": ((MUSIC, VOICE), 2),
    "hiss first": ((HISS, VOICE), 2),
    "three": ((NOTHING, VOICE, MUSIC), 2),
}


@pytest.mark.parametrize(("tracks", "heard"), TRACKS.values(), ids=TRACKS)
@pytest.mark.parametrize(("form", "codec", "rate"), [("mp4", "aac", 16_000), ("matroska", "libopus", 48_000)])
def test_the_track_with_the_voice_is_heard_in_a_file(
    tmp_path: Path, form: str, codec: str, rate: int, tracks: tuple[Samples, ...], heard: int
) -> None:
    found = read(tmp_path, "a.mkv", encoded(form, codec, *tracks, rate=rate))
    assert (found.source.track, found.source.tracks) == (heard, len(tracks))
    assert loudness_db(found.clip.samples) == pytest.approx(loudness_db(VOICE), abs=1.0)
    assert found.source.lost == ()


def test_a_video_that_goes_on_behind_its_sound_has_lost_none(tmp_path: Path) -> None:
    path = tmp_path / "screen.mkv"
    with av.open(path, "w", format="matroska") as container:
        video, audio = (
            container.add_stream("mpeg4", rate=5),
            container.add_stream("libopus", rate=48_000, layout="mono"),
        )
        video.width = video.height = 64
        video.pix_fmt = "yuv420p"
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        for _ in range(5 * round(SECONDS + 10)):
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        frame = av.AudioFrame.from_ndarray((VOICE * 32767).astype(np.int16)[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = LISTENING_RATE
        container.mux([*audio.encode(frame), *audio.encode(None)])
    found = decode(path)
    assert found.clip.duration_s == pytest.approx(SECONDS, abs=0.1)
    assert found.source.lost == ()
