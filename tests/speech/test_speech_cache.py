"""The speech cache: kept speech comes back, damaged files do not, and a missing disk is no error."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import numpy as np
import pytest

from voicemock.speech.clip import AudioClip, silence
from voicemock.speech.narrator import SpeechCache


def tone(level: float, sample_rate: int = 22_050) -> AudioClip:
    return AudioClip(np.full(sample_rate, level, np.float32), sample_rate)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "speech"


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_what_was_kept_comes_back_at_its_rate(folder: Path) -> None:
    SpeechCache(folder, "anna").put("Why?", tone(0.25, 16_000))
    clip = SpeechCache(folder, "anna").get("Why?")
    assert clip is not None
    assert clip.sample_rate == 16_000
    np.testing.assert_allclose(clip.samples, tone(0.25, 16_000).samples, atol=1e-4)


@pytest.mark.parametrize(("voice", "text"), [("anna", "Why not?"), ("anna, faster", "Why?"), ("anna", "")])
def test_another_voice_or_text_is_another(folder: Path, voice: str, text: str) -> None:
    SpeechCache(folder, "anna").put("Why?", tone(0.25))
    assert SpeechCache(folder, voice).get(text) is None


def test_no_name_tells_the_text(folder: Path) -> None:
    SpeechCache(folder, "anna").put("Why?", tone(0.25))
    (path,) = files(folder)
    assert "why" not in path.name.lower()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(b"fLaC" + path.read_bytes()[4:][::-1]),
        lambda path: path.rename(path.with_name(f"{path.name.split('.')[0]}.0123456789abcdef.flac")),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["empty", "cut off", "garbage", "another's", "a folder"],
)
def test_a_damaged_file_is_not_played(folder: Path, damage: object) -> None:
    cache = SpeechCache(folder, "anna")
    cache.put("Why?", tone(0.25))
    damage(*files(folder))  # type: ignore[operator]
    assert cache.get("Why?") is None


def test_a_damaged_file_is_made_again(folder: Path) -> None:
    cache = SpeechCache(folder, "anna")
    cache.put("Why?", tone(0.25))
    (path,) = files(folder)
    path.write_bytes(b"not sound")
    cache.put("Why?", tone(0.5))
    (path,) = files(folder)
    clip = cache.get("Why?")
    assert clip is not None
    assert clip.samples[0] == pytest.approx(0.5, abs=1e-4)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_only_the_owner_can_read_it(folder: Path) -> None:
    before = os.umask(0)
    try:
        SpeechCache(folder, "anna").put("Why?", tone(0.25))
    finally:
        os.umask(before)
    (path,) = files(folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_longest_unused_goes_when_there_is_too_much(folder: Path) -> None:
    cache = SpeechCache(folder, "anna")
    for age, text in ((30, "first"), (20, "second"), (10, "third")):
        cache.put(text, tone(0.1))
        for path in files(folder):
            os.utime(path, ns=(0, path.stat().st_mtime_ns - age * 10**9))
    size = sum(path.stat().st_size for path in files(folder))
    assert cache.get("first") is not None  # used again, so it is the newest
    SpeechCache(folder, "anna", largest_bytes=size).put("fourth", tone(0.1))
    assert [text for text in ("first", "second", "third", "fourth") if cache.get(text)] == ["first", "third", "fourth"]


def test_what_a_killed_program_left_goes_too(folder: Path) -> None:
    folder.mkdir(parents=True)
    left = folder / ".abc.1.flac"
    left.write_bytes(bytes(1000))
    os.utime(left, (0, 0))
    SpeechCache(folder, "anna", largest_bytes=900).put("Why?", tone(0.0))
    assert left not in files(folder)


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the folder's place")
    cache = SpeechCache(tmp_path / "cache" / "speech", "anna")
    cache.put("Why?", tone(0.25))
    assert cache.get("Why?") is None


def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache = SpeechCache(folder, "anna")
    cache.put("Why?", tone(0.25))
    assert cache.get("Why?") is None
    assert files(folder) == []


def test_silence_of_no_length_is_not_kept(folder: Path) -> None:
    SpeechCache(folder, "anna").put("...", silence(0))
    assert not folder.exists()
