"""A machine without PortAudio, or without any sound device: real processes that say what to do, in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA and its linker are Linux's")

ROOT = Path(__file__).parents[2]
SPEECH = ROOT / "fixtures" / "audio" / "too-short.flac"
PRACTICE = ("practice", "--question", "failed-program")

MISSING = (
    "voicemock: The PortAudio library is missing. "
    "Run: sudo apt install libportaudio2   (Fedora: sudo dnf install portaudio)\n"
)

NO_DEVICE = "pcm.gone { type hw card 31 }\n"
"""A configuration of ALSA with one name, of a card that is not there. PortAudio 19.6 aborts where there is no name."""


def run(environment: Mapping[str, str], *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voicemock", *map(str, command)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )


@pytest.fixture
def without_portaudio(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a system whose PortAudio library is an empty file, which the linker finds first."""
    (tmp_path / "libportaudio.so.2").touch()
    return {"LD_LIBRARY_PATH": str(tmp_path)}


@pytest.fixture
def without_devices(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a system that has sound libraries and no device."""
    (tmp_path / "alsa.conf").write_text(NO_DEVICE, encoding="utf-8")
    nowhere = str(tmp_path / "nowhere")
    return {
        "ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf"),
        "PULSE_SERVER": f"unix:{nowhere}",
        "JACK_DEFAULT_SERVER": nowhere,
    }


@pytest.mark.parametrize(
    "command",
    [
        ("devices",),
        pytest.param((*PRACTICE, "--silent"), marks=pytest.mark.models),
    ],
)
def test_without_portaudio_the_package_is_named(
    without_portaudio: dict[str, str], command: tuple[str | Path, ...]
) -> None:
    done = run(without_portaudio, *command)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", MISSING)


@pytest.mark.models
def test_who_is_heard_from_a_file_and_reads_the_questions_needs_no_portaudio(
    without_portaudio: dict[str, str], tmp_path: Path
) -> None:
    done = run(without_portaudio, *PRACTICE, "--silent", "--mic", SPEECH, "--data-dir", tmp_path / "data")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_doctor_names_the_package_too(without_portaudio: dict[str, str]) -> None:
    done = run(without_portaudio, "doctor", "--voice", "silent")
    told = " ".join(done.stdout.split())
    assert (done.returncode, done.stderr) == (1, "")
    assert "FAILED PortAudio The PortAudio library is missing" in told
    assert told.count("sudo apt install libportaudio2") == 1
    assert "-> Run: sudo apt install libportaudio2" in told


def test_a_list_of_no_devices_says_what_can_take_their_place(without_devices: dict[str, str]) -> None:
    done = run(without_devices, "devices")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The system has no sound device. Plug one in, or use audio files")


@pytest.mark.models
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--silent",), "There is no default microphone. Plug one in, or choose with --mic DEVICE or an audio file."),
        (("--silent", "--mic", "headset"), "There is no microphone, so none matches 'headset'. Plug one in"),
        (("--mic", SPEECH), "There is no default speaker. Plug one in, or choose with --speaker DEVICE"),
    ],
)
def test_without_any_device_it_is_told_what_to_do(
    without_devices: dict[str, str], options: tuple[str | Path, ...], told: str
) -> None:
    done = run(without_devices, *PRACTICE, *options)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"voicemock: {told}")
    assert len(done.stderr.splitlines()) == 1
