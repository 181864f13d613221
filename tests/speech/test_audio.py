"""Clips, frames and audio files, and what is on the disk at every moment of a recording."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import wait
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from voicemock.errors import AudioFileError, StorageError
from voicemock.speech.audio_files import (
    SETTLED_EVERY_S,
    RecordingFile,
    compress_recording,
    read_audio,
    read_clip,
    write_audio,
)
from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE, AudioClip, Samples, frames_of, silence, to_pcm16


def tone(duration_s: float, sample_rate: int = LISTENING_RATE, level: float = 0.5) -> AudioClip:
    t = np.arange(round(duration_s * sample_rate)) / sample_rate
    return AudioClip((level * np.sin(2 * np.pi * 440 * t)).astype(np.float32), sample_rate)


def frame_of(level: float) -> Samples:
    return np.full(FRAME_SAMPLES, level, np.float32)


def loudness(clip: AudioClip) -> float:
    return float(np.sqrt(np.mean(clip.samples**2)))


# --- clips ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start_s", "end_s", "length_s"), [(0.5, 1.5, 1.0), (-1, 0.5, 0.5), (1.5, 9, 0.5), (1.2, 1.1, 0), (5, 6, 0)]
)
def test_a_stretch_is_cut_to_the_clips_own_ends(start_s: float, end_s: float, length_s: float) -> None:
    assert tone(2.0).between(start_s, end_s).duration_s == pytest.approx(length_s)


@pytest.mark.parametrize("sample_rate", [8_000, 44_100, 48_000])
def test_another_rate_is_the_same_sound(sample_rate: int) -> None:
    clip = tone(1.0, sample_rate).at_rate(LISTENING_RATE)
    assert clip.duration_s == pytest.approx(1.0, abs=0.001)
    assert clip.samples.dtype == np.float32
    assert loudness(clip) == pytest.approx(loudness(tone(1.0)), rel=0.01)


def test_nothing_at_another_rate_is_nothing() -> None:
    clip = silence(0, 44_100).at_rate(LISTENING_RATE)
    assert (len(clip.samples), clip.sample_rate) == (0, LISTENING_RATE)


@given(st.integers(0, 5 * FRAME_SAMPLES))
def test_frames_hold_the_whole_clip_and_then_silence(length: int) -> None:
    clip = AudioClip(np.full(length, 0.5, np.float32), LISTENING_RATE)
    frames = list(frames_of(clip))
    assert all(frame.shape == (FRAME_SAMPLES,) for frame in frames)
    joined = np.concatenate(frames) if frames else np.zeros(0, np.float32)
    np.testing.assert_array_equal(joined[:length], clip.samples)
    assert len(joined) - length < FRAME_SAMPLES
    assert not joined[length:].any()


def test_pcm_is_clipped_and_never_wraps_around() -> None:
    pcm = np.frombuffer(to_pcm16(np.array([0, 1, -1, 2, -2, 0.5], np.float32)), "<i2")
    assert pcm.tolist() == [0, 32767, -32768, 32767, -32768, 16384]


def test_pcm_that_was_read_is_written_back_bit_by_bit(tmp_path: Path) -> None:
    every_value = np.arange(-32768, 32768, dtype="<i2")
    soundfile.write(tmp_path / "all.wav", every_value, LISTENING_RATE, subtype="PCM_16")
    assert to_pcm16(read_audio(tmp_path / "all.wav").samples) == every_value.tobytes()


# --- reading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
@pytest.mark.parametrize(("channels", "sample_rate"), [(1, 16_000), (2, 44_100), (1, 8_000)])
def test_every_format_is_read_as_mono_at_16_khz(tmp_path: Path, suffix: str, channels: int, sample_rate: int) -> None:
    path = tmp_path / f"take{suffix}"
    soundfile.write(path, np.repeat(tone(1.0, sample_rate).samples[:, None], channels, axis=1), sample_rate)
    clip = read_audio(path)
    assert clip.sample_rate == LISTENING_RATE
    assert clip.duration_s == pytest.approx(1.0, abs=0.08)  # MP3 fills up its last block
    assert loudness(clip.between(0.2, 0.8)) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_a_text_named_like_audio_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.flac").write_text("These are notes, and no FLAC.\n")
    with pytest.raises(AudioFileError, match=r"notes\.flac"):
        read_audio(tmp_path / "notes.flac")


def test_a_file_without_a_sample_is_no_sound_and_no_error(tmp_path: Path) -> None:
    write_audio(tmp_path / "empty.wav", silence(0))
    assert read_audio(tmp_path / "empty.wav").duration_s == 0


@pytest.mark.parametrize("name", ["take:1.wav", "-take.wav", "take 1 (ümlaut).wav", "http:take.wav", "%03d.wav"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no colons in names")
def test_any_file_name_is_a_file_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    write_audio(Path(name), silence(0.5))
    assert read_audio(Path(name)).duration_s == pytest.approx(0.5)


BROKEN = {
    "missing.wav": None,
    "nothing.wav": b"",
    "text.mp3": b"Dear diary, today I spoke to nobody.\n" * 50,
    "cut.flac": b"fLaC\x00\x00\x00\x22",
    "noise.ogg": bytes(range(256)) * 40,
}


@pytest.mark.parametrize(("name", "content"), BROKEN.items(), ids=BROKEN.keys())
def test_what_is_not_audio_is_said_so_with_its_name(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AudioFileError, match=name):
        read_audio(path)


def test_a_folder_is_not_audio(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="is a folder"):
        read_audio(tmp_path)


def test_a_name_too_long_for_the_disk_is_not_audio(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="xxx"):
        read_audio(tmp_path / ("x" * 300))


def test_a_picture_is_not_audio(tmp_path: Path) -> None:
    import av

    path = tmp_path / "slide.png"
    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "rgb24"
        picture = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
        container.mux([*stream.encode(picture), *stream.encode(None)])
    with pytest.raises(AudioFileError, match=r"slide\.png"):
        read_audio(path)


def test_a_sound_that_changes_its_channels_in_the_middle_does_not_crash(tmp_path: Path) -> None:
    for name, channels in (("mono.mp3", 1), ("stereo.mp3", 2)):
        soundfile.write(tmp_path / name, np.repeat(tone(1.0).samples[:, None], channels, axis=1), LISTENING_RATE)
    both = tmp_path / "both.mp3"
    both.write_bytes((tmp_path / "mono.mp3").read_bytes() + (tmp_path / "stereo.mp3").read_bytes())
    assert read_audio(both).duration_s == pytest.approx(2.0, abs=0.2)


# --- recording -----------------------------------------------------------------------------------------


def test_a_recording_can_be_read_at_any_moment_before_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "answer.recording.wav"
    recording = RecordingFile(path)
    for count in range(5):
        clip = read_audio(path)
        assert len(clip.samples) == count * FRAME_SAMPLES
        np.testing.assert_allclose(clip.samples, 0.25, atol=1e-4)
        recording.append(frame_of(0.25))
    recording.close()
    assert len(read_audio(path).samples) == 5 * FRAME_SAMPLES


def test_a_killed_process_leaves_every_frame_that_it_recorded(tmp_path: Path) -> None:
    code = """
import os, sys
from concurrent.futures import wait
from pathlib import Path
from queue import SimpleQueue
from threading import Event
import numpy as np
from voicemock.speech.audio_files import RecordingFile
recording = RecordingFile(Path(sys.argv[1]))
for _ in range(50):
    recording.append(np.full(480, 0.25, np.float32))
os._exit(9)
"""
    path = tmp_path / "answer.recording.wav"
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 9
    assert read_audio(path).duration_s == pytest.approx(1.5)


def test_the_disk_is_asked_twice_a_second_to_have_a_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, settled = tmp_path / "answer.recording.wav", SimpleQueue[int]()
    monkeypatch.setattr("voicemock.speech.audio_files.settle", lambda descriptor: settled.put(path.stat().st_size))
    recording = RecordingFile(path)
    unsettled_s = []
    on_disk_bytes = RecordingFile.HEADER_BYTES
    for count in range(1, 201):
        wait([recording._settling])
        recording.append(frame_of(0.25))
        recorded_bytes = RecordingFile.HEADER_BYTES + count * FRAME_SAMPLES * 2
        if recorded_bytes - on_disk_bytes >= SETTLED_EVERY_S * LISTENING_RATE * 2:
            on_disk_bytes = settled.get(timeout=60)
        unsettled_s.append((recorded_bytes - on_disk_bytes) / LISTENING_RATE / 2)
    recording.close()
    assert max(unsettled_s) < SETTLED_EVERY_S
    assert settled.empty()


def test_the_disk_has_a_compressed_recording_before_it_takes_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, target, asked = tmp_path / "answer.recording.wav", tmp_path / "answer.flac", list[object]()
    soundfile.write(recording, np.zeros(LISTENING_RATE, np.float32), LISTENING_RATE, subtype="PCM_16")

    def settle_file(path: Path) -> None:
        asked.append(("file", target.exists(), soundfile.info(path).frames))

    monkeypatch.setattr("voicemock.speech.audio_files.settle_file", settle_file)
    monkeypatch.setattr(
        "voicemock.speech.audio_files.settle_folder", lambda path: asked.append(("folder", target.exists(), path))
    )
    compress_recording(recording, target)
    assert asked == [("file", False, LISTENING_RATE), ("folder", True, tmp_path)]


def test_a_disk_that_is_slow_is_not_waited_for_and_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, asked = Event(), SimpleQueue[int]()

    def slow(descriptor: int) -> None:
        asked.put(descriptor)
        assert released.wait(timeout=60)

    monkeypatch.setattr("voicemock.speech.audio_files.settle", slow)
    recording = RecordingFile(tmp_path / "answer.recording.wav")
    wait([recording._settling])
    for _ in range(200):
        recording.append(frame_of(0.25))
    assert asked.get(timeout=60)
    assert asked.empty()
    released.set()
    recording.close()


def test_a_disk_that_refuses_is_told_with_the_next_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("voicemock.speech.audio_files.settle", refused)
    recording = RecordingFile(tmp_path / "answer.recording.wav")

    def record_on() -> None:
        for _ in range(200):
            wait([recording._settling])
            recording.append(frame_of(0.25))

    with pytest.raises(StorageError, match="Input/output error"):
        record_on()
    recording.close()


def test_a_closed_recording_has_an_honest_header(tmp_path: Path) -> None:
    recording = RecordingFile(tmp_path / "answer.recording.wav")
    for _ in range(10):
        recording.append(frame_of(0.1))
    recording.close()
    recording.close()
    assert soundfile.info(tmp_path / "answer.recording.wav").frames == 10 * FRAME_SAMPLES


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_only_its_owner_reads_a_recording(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        recording = RecordingFile(tmp_path / "answer.recording.wav")
    finally:
        os.umask(before)
    recording.close()
    assert stat.S_IMODE((tmp_path / "answer.recording.wav").stat().st_mode) == 0o600


def test_a_recording_where_there_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        RecordingFile(tmp_path / "gone" / "answer.recording.wav")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "answer.recording.wav").symlink_to("/dev/full")
    with pytest.raises(StorageError, match=r"No space left on device.*Free some disk space"):
        RecordingFile(tmp_path / "answer.recording.wav")


# --- compressing ---------------------------------------------------------------------------------------


def recorded(path: Path, levels: list[float]) -> Path:
    recording = RecordingFile(path)
    for level in levels:
        recording.append(frame_of(level))
    recording.close()
    return path


@pytest.mark.parametrize("frames", [1, 1000])
def test_a_compressed_recording_is_the_same_sound_and_what_it_was_made_of_stays(tmp_path: Path, frames: int) -> None:
    levels = [(n % 100) / 128 for n in range(frames)]
    compress_recording(recorded(tmp_path / "answer-01.recording.wav", levels), tmp_path / "answer-01.flac")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer-01.flac", "answer-01.recording.wav"]
    samples, _ = soundfile.read(tmp_path / "answer-01.flac", dtype="float32")
    np.testing.assert_allclose(samples, np.repeat(np.array(levels, np.float32), FRAME_SAMPLES), atol=1e-4)


def test_a_recording_that_cannot_be_compressed_stays(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "answer-01.recording.wav", [0.5])
    with pytest.raises(StorageError, match=r"answer-01\.recording\.wav"):
        compress_recording(recording, tmp_path / "gone" / "answer-01.flac")
    assert [path.name for path in tmp_path.iterdir()] == ["answer-01.recording.wav"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interrupted_compression_leaves_only_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    recording = recorded(tmp_path / "answer-01.recording.wav", [0.5] * 10)

    def interrupted(*_: object) -> None:
        raise error

    monkeypatch.setattr(soundfile.SoundFile, "write", interrupted)
    with pytest.raises(error):
        compress_recording(recording, tmp_path / "answer-01.flac")
    assert [path.name for path in tmp_path.iterdir()] == ["answer-01.recording.wav"]


# --- writing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["speech.wav", "speech.flac"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    write_audio(tmp_path / name, tone(0.5))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    np.testing.assert_allclose(read_audio(tmp_path / name).samples, tone(0.5).samples, atol=1e-4)


def test_a_clip_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        write_audio(tmp_path / "gone" / "speech.wav", tone(0.1))


def test_a_clip_is_read_at_its_own_rate(tmp_path: Path) -> None:
    write_audio(tmp_path / "clip.flac", silence(0.5, 22_050))
    clip = read_clip(tmp_path / "clip.flac")
    assert (clip.sample_rate, clip.duration_s) == (22_050, 0.5)


@pytest.mark.parametrize("name", ["gone.flac", "text.flac"])
def test_what_is_no_clip_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.flac").write_text("words")
    with pytest.raises(AudioFileError, match=name):
        read_clip(tmp_path / name)
