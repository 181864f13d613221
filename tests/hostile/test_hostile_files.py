"""Hostile files, one by one: what fuzzing found, and what it cannot generate."""

from __future__ import annotations

import os
import sqlite3
import struct
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.hostile.prompt_files import BOMBS
from tests.interviews import STARTED, bank, fixture_answer, keep
from voicemock.coaching.assess import Analyzer
from voicemock.content.yaml_files import load_yaml
from voicemock.errors import AudioFileError, ContentError, DocumentError, StorageError, TranscriptFileError
from voicemock.interview.imports import read_exported
from voicemock.models import Answer, Session
from voicemock.practice.jobs import read_document
from voicemock.settings import Settings, load_settings
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.audio_quality import quality_of
from voicemock.speech.clip import LISTENING_RATE, AudioClip, silence
from voicemock.speech.devices import AudioFileMicrophone
from voicemock.speech.transcripts.reading import read_transcript
from voicemock.store.store import Store

# --- recordings ----------------------------------------------------------------------------------------


def wav(
    rate: int = LISTENING_RATE, channels: int = 1, claimed: int | None = None, samples: bytes = bytes(2000)
) -> bytes:
    """A WAV file with a header that says anything."""
    block = 2 * channels & 0xFFFF
    layout = struct.pack("<HHIIHH", 1, channels, rate, rate * block & 0xFFFFFFFF, block, 16)
    size = len(samples) if claimed is None else claimed
    return (
        b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt \x10\0\0\0" + layout + b"data" + struct.pack("<I", size) + samples
    )


@pytest.mark.parametrize(
    "header",
    [
        {"rate": 0},
        {"rate": 1},
        {"rate": 999},
        {"rate": 10_000_000},
        {"rate": 2**32 - 1},
        {"channels": 0},
        {"channels": 255},
    ],
    ids=str,
)
def test_a_header_that_no_recorder_writes_is_refused(tmp_path: Path, header: dict[str, int]) -> None:
    (tmp_path / "a.wav").write_bytes(wav(**header))
    with pytest.raises(AudioFileError):
        read_audio(tmp_path / "a.wav")


def test_a_length_that_is_a_lie_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(claimed=2**32 - 100))
    assert read_audio(tmp_path / "a.wav").duration_s == pytest.approx(1000 / LISTENING_RATE)


@pytest.mark.parametrize("channels", [7, 8])
def test_many_channels_are_one_sound(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, np.full((8000, channels), 0.25, np.float32), LISTENING_RATE)
    np.testing.assert_allclose(read_audio(path).samples, 0.25, atol=0.001)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_samples_that_are_no_numbers_are_sound_all_the_same(tmp_path: Path, value: float) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.full((1000, 2), value, np.float32), LISTENING_RATE, subtype="FLOAT")
    samples = read_audio(path).samples
    assert np.isfinite(samples).all()
    assert (np.abs(samples) <= 1).all()


def test_what_is_longer_than_the_limit_is_refused_whatever_it_claims(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.flac", silence(121.0))
    assert read_audio(tmp_path / "a.flac", longest_s=122.0).duration_s == pytest.approx(121.0)
    with pytest.raises(AudioFileError, match=r"more than 2 minutes.*longest_recording_s"):
        read_audio(tmp_path / "a.flac", longest_s=120.0)
    with pytest.raises(AudioFileError, match="too long"):
        AudioFileMicrophone(tmp_path / "a.flac", longest_s=60.0)


def test_more_samples_than_anybody_records_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    """A small file of silence, eight channels at 655 kHz, takes minutes to decode; its length in seconds is short."""
    path = tmp_path / "a.flac"
    soundfile.write(path, np.zeros((655_350, 8), np.int16), 655_350, subtype="PCM_16")
    assert path.stat().st_size < 20_000
    with pytest.raises(AudioFileError, match="too long"):
        read_audio(path, longest_s=20.0)


PLAYLISTS = {
    "take.wav": "ffconcat version 1.0\nfile other.flac\n",
    "take.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.flac\n#EXT-X-ENDLIST\n",
    "take.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5555 RTP/AVP 0\n",
    "%d.jpg": "",
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_no_other_file_is_read_and_no_address(tmp_path: Path, name: str) -> None:
    write_audio(tmp_path / "other.flac", silence(1.0))
    (tmp_path / name).write_text(PLAYLISTS[name], encoding="utf-8")
    with pytest.raises(AudioFileError):
        read_audio(tmp_path / name)


@pytest.mark.parametrize("frames", range(9))
def test_a_recording_of_a_moment_has_a_quality(frames: int) -> None:
    clip = AudioClip(np.full(frames * 480, 0.1, np.float32), LISTENING_RATE)
    assert quality_of(clip, [True] * frames).speech_db is None


# --- what is no file -------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has none")
def test_nothing_waits_for_a_pipe_or_reads_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    for name in ("pipe", "device"):
        with pytest.raises(AudioFileError, match="a pipe or a device"):
            read_audio(tmp_path / name)
        with pytest.raises(TranscriptFileError, match="a pipe or a device"):
            read_transcript(tmp_path / name, 100)
        with pytest.raises(TranscriptFileError, match="a pipe or a device"):
            read_exported(tmp_path / name)
        with pytest.raises(DocumentError, match="a pipe or a device"):
            read_document((tmp_path / name).rename(tmp_path / f"{name}.txt"))
        (tmp_path / f"{name}.txt").rename(tmp_path / name)
        with pytest.raises(ContentError, match="a pipe or a device"):
            load_yaml(tmp_path / name, list[str])


def test_a_folder_and_a_ring_of_links_are_told(tmp_path: Path) -> None:
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    for path in (tmp_path, tmp_path / "ring"):
        with pytest.raises(AudioFileError):
            read_audio(path)
        with pytest.raises(TranscriptFileError):
            read_transcript(path, 100)


# --- texts -----------------------------------------------------------------------------------------------


def test_a_text_is_as_long_as_the_setting_says(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("ä" * 100, encoding="utf-8")
    assert read_transcript(path, 100) == "ä" * 100
    with pytest.raises(TranscriptFileError, match=r"more than 99 characters.*longest_text"):
        read_transcript(path, 99)
    with pytest.raises(TranscriptFileError, match=r"more than 9 characters.*longest_text"):
        read_transcript(path, 9)
    with pytest.raises(TranscriptFileError, match="too long"):
        Analyzer(Settings(longest_text=50), bank()).analyze_text(path)


# --- settings and prompts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["calm = " + "[" * 5000, 'cache_dir = "~nobody-of-that-name/x"', "patience = nan", "a = " + "9" * 5000]
)
def test_settings_that_cannot_be_are_told(home: Path, text: str) -> None:
    (home / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"config\.toml"):
        load_settings()


@pytest.mark.parametrize("text", BOMBS, ids=lambda text: repr(text[:20]))
def test_a_yaml_bomb_does_not_go_off(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"a\.yaml"):
        load_yaml(tmp_path / "a.yaml", dict[str, dict[str, int]])


# --- what is kept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "..", ".hidden", "a/b", "a\\b", "", "a\nb", "a\n"])
def test_a_name_that_is_a_path_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Session(id=name, started_at=STARTED, voicemock_version="0.1.0")
    answer = fixture_answer("too-short").model_dump()
    with pytest.raises(ValueError, match="pattern"):
        Answer.model_validate(answer | {"audio_file": name})


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("UPDATE sessions SET id = ?", "../../elsewhere"),
        ("UPDATE sessions SET started_at = ?", "yesterday"),
        ("UPDATE sessions SET id = ?", b"\xff"),
        ("UPDATE answers SET audio_file = ?", b"\xff"),
        ("UPDATE answers SET audio_file = ?", "x" * 1000),
        ("UPDATE answers SET document = replace(document, '\"answer-01.flac\"', ?)", '"../../../x.flac"'),
        ("UPDATE answers SET document = ?", "{}"),
        ("UPDATE sessions SET loop = CAST(? AS TEXT)", b"\xff\xfe"),
    ],
)
def test_a_data_file_that_was_written_over_leads_nowhere(tmp_path: Path, statement: str, value: str | bytes) -> None:
    data = tmp_path / "data"
    keep(data, fixture_answer("too-short"))
    with closing(sqlite3.connect(data / "voicemock.db")) as database, database:
        database.execute(statement, (value,))
    with Store(data) as store:
        for ask in (
            lambda: store.unfinished.find(everything=True),
            store.unfinished.without_recordings,
            store.stories.banked,
            store.overviews.sessions,
            store.takes.measured,
            lambda: list(store.takes.all()),
            lambda: store.sessions.answers(store.sessions.find()),
        ):
            with suppress(StorageError):
                ask()
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


@pytest.mark.parametrize("session_id", ["../../elsewhere", "", ".", b"\xff"])
def test_no_answer_is_looked_for_outside_the_data_folder(tmp_path: Path, session_id: str | bytes) -> None:
    data = tmp_path / "data"
    keep(data, fixture_answer("too-short"))
    for folder in (tmp_path / "elsewhere", data / "sessions"):
        folder.mkdir(exist_ok=True)
        (folder / "answer-01.flac").write_bytes(b"of somebody else")
    with closing(sqlite3.connect(data / "voicemock.db")) as database, database:
        database.execute("UPDATE answers SET session_id = ?, status = 'interrupted', document = '{}'", (session_id,))
    with Store(data) as store:
        found = store.unfinished.find(everything=True)
        assert store.unfinished.without_recordings() == ()
    assert {each.session_id for each in found} <= {path.name for path in (data / "sessions").iterdir() if path.is_dir()}
    assert {path.name for path in tmp_path.iterdir()} == {"data", "elsewhere"}
