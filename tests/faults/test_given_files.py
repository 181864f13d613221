"""Broken, enormous and hostile recordings, transcripts and settings, given to real commands."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.faults.processes import Processes
from tests.hostile.audio_files import PLAYLISTS, originals
from tests.hostile.outputs import check_plain
from tests.hostile.texts import ESCAPES
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import AudioClip

STORY = "I led the launch. We cut the cost by 40 percent. "
Make = Callable[[Path], object]


def written(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def wav(rate: int = 16_000, channels: int = 1, claimed: int = 32_000, sound: bytes = bytes(32_000)) -> bytes:
    """Return a WAV file with a header that says what it likes."""
    layout = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    riff = struct.pack("<4sI4s4sI", b"RIFF", claimed + 36, b"WAVE", b"fmt ", 16)
    return riff + layout + struct.pack("<4sI", b"data", claimed) + sound


def three_hours(path: Path) -> None:
    """Make a recording of few bytes that is longer than any may be."""
    write_audio(path, AudioClip(np.zeros(3 * 3_600 * 1_000, np.float32), 1_000))


REFUSED_AUDIO: dict[str, tuple[str, Make]] = {
    "a FLAC that is cut in its header": ("take.flac", written(b"fLaC" + bytes(20))),
    "noise": ("take.wav", written(bytes(np.random.default_rng(1).integers(0, 256, 5_000, np.uint8)))),
    "a text named .wav": ("take.wav", written(STORY.encode())),
    "a PNG named .mp3": ("take.mp3", written(b"\x89PNG\r\n\x1a\n" + bytes(200))),
    "a PDF named .m4a": ("take.m4a", written(b"%PDF-1.4\n" + bytes(200))),
    "a playlist named .wav": ("take.wav", written(PLAYLISTS[0])),
    "an address named .wav": ("take.wav", written(PLAYLISTS[3])),
    "three hours": ("take.flac", three_hours),
    "a rate of 0 Hz": ("take.wav", written(wav(rate=0))),
    "a rate of 1 Hz": ("take.wav", written(wav(rate=1))),
    "10 MHz": ("take.wav", written(wav(rate=10_000_000))),
    "255 channels": ("take.wav", written(wav(channels=255))),
    "a device": ("take.wav", lambda path: path.symlink_to("/dev/zero")),
    "a folder": ("take.wav", Path.mkdir),
    "a link to itself": ("take.wav", lambda path: path.symlink_to(path)),
    "no byte": ("take.wav", written(b"")),
    "nothing at that place": ("take.wav", lambda path: None),
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def check_refused(processes: Processes, good: Path, *paths: Path) -> dict[str, str]:
    """See that each of some files is told on its line, and that one behind them is measured; return what was told."""
    done = processes.run("analyze", *paths, good, "--json")
    assert (done.code, done.stderr) == (1, "")
    *told, last = map(json.loads, done.stdout.splitlines())
    assert last["transcript"]["text"] == STORY
    assert [each["source"] for each in told] == [str(path) for path in paths]
    for line in done.stdout.splitlines():
        check_plain(line)
    for each in told:
        assert each["error"]["message"].startswith(each["source"])
    return {each["source"]: each["error"]["message"] for each in told}


def test_audio_that_cannot_be_used_is_told_file_by_file_and_the_others_run(processes: Processes, good: Path) -> None:
    paths = {}
    for number, (what, (name, make)) in enumerate(REFUSED_AUDIO.items()):
        paths[what] = processes.folder / f"{number:02}-{name}"
        make(paths[what])
    told = check_refused(processes, good, *paths.values())
    assert "is too long: more than 120 minutes" in told[str(paths["three hours"])]


def test_a_text_on_the_terminal_says_it_in_one_line(processes: Processes) -> None:
    path = processes.folder / "take.wav"
    path.write_text(STORY, encoding="utf-8")
    done = processes.run("analyze", path)
    assert (done.code, done.stdout) == (1, "")
    assert str(path) in done.told()


MEASURED: dict[str, bytes] = {
    "a header without a sample.wav": wav(claimed=0, sound=b""),
    "nobody speaks.wav": wav(),
    "a length that is a lie.wav": wav(claimed=2**32 - 64),
    "in truth WAV.mp3": originals()[0],
    "in truth AAC.wav": originals()[-1],
}


@pytest.mark.models
def test_audio_without_speech_and_audio_that_is_named_wrongly_is_measured(processes: Processes) -> None:
    for name, content in MEASURED.items():
        (processes.folder / name).write_bytes(content)
    done = processes.run("analyze", *(processes.folder / name for name in MEASURED), "--json", model="tiny.en")
    assert (done.code, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["transcript"]["text"] for each in found] == [""] * len(MEASURED)


# --- transcripts ----------------------------------------------------------------------------------------

REFUSED_TEXT: dict[str, bytes] = {
    "not UTF-8": STORY.encode() + b"\xff\xfe",
    "UTF-16": STORY.encode("utf-16"),
    "a recording named .txt": wav(),
    "too long": STORY.encode() * 5_000,
    "too long, in one word": b"a" * 300_000,
}


def test_a_text_that_cannot_be_used_is_told_and_the_others_run(processes: Processes, good: Path) -> None:
    for what, content in REFUSED_TEXT.items():
        (processes.folder / f"{what}.txt").write_bytes(content)
    paths = [processes.folder / f"{what}.txt" for what in REFUSED_TEXT]
    told = check_refused(processes, good, *paths)
    assert "200,000" in told[str(processes.folder / "too long.txt")]


@pytest.mark.parametrize("flag", ["--json", "--clean"])
def test_what_steers_a_terminal_in_a_text_does_not_reach_it(processes: Processes, flag: str) -> None:
    path = processes.folder / "take.txt"
    said = STORY + " ".join(escape for escape in ESCAPES if escape.isascii() or escape.isprintable()) + " [red]x[/]"
    path.write_bytes(said.encode("utf-8", "surrogatepass"))
    done = processes.run("analyze", path, flag)
    assert (done.code, done.stderr) == (0, "")
    for line in done.stdout.splitlines():
        check_plain(line)


# --- settings -------------------------------------------------------------------------------------------

REFUSED_SETTINGS: dict[str, bytes] = {
    "not TOML": b"model base\n",
    "not UTF-8": b'model = "\xff"\n',
    "a zero byte": b"model = \0\n",
    "of an unknown name": b'modell = "base"\n',
    "of another kind": b"patience = []\n",
    "out of range": b"patience = -1\n",
    "no number": b"patience = nan\n",
    "too large": b"patience = 1e400\n",
    "nested without end": b"model = " + b"[" * 5_000 + b"]" * 5_000,
    "a number without end": b"seed = " + b"9" * 5_000,
    "steering a terminal": b'"\\u001b[31m" = 1\n',
}


@pytest.mark.parametrize("what", REFUSED_SETTINGS)
def test_settings_that_cannot_be_are_told_in_one_line(processes: Processes, scripted: Path, what: str) -> None:
    config = processes.folder / "config.toml"
    config.write_bytes(REFUSED_SETTINGS[what])
    done = processes.run("practice", "--question", "failed-program", "--mic", scripted, "--silent")
    assert (done.code, done.stdout) == (1, "")
    check_plain(done.told())
    assert str(config) in done.told()


def test_a_variable_that_cannot_be_is_told_in_one_line(processes: Processes, scripted: Path) -> None:
    done = processes.run("practice", "--mic", scripted, "--silent", patience="\x1b[31mx")
    assert (done.code, done.stdout) == (1, "")
    check_plain(done.told())
