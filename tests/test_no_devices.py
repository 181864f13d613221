"""A machine without PortAudio, or without any sound device: real processes that say what to do, in one line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA and mounts are Linux's")

ROOT = Path(__file__).parent.parent
SPEECH = ROOT / "fixtures" / "audio" / "too-short.flac"
PRACTICE = ("practice", "--question", "failed-program")

MISSING = (
    "voicemock: The PortAudio library is missing. "
    "Run: sudo apt install libportaudio2   (Fedora: sudo dnf install portaudio)\n"
)
WHERE_PORTAUDIO_IS = "import sounddevice; print(open('/proc/self/maps').read())"

NO_DEVICE = "pcm.gone { type hw card 31 }\n"
"""A configuration of ALSA with one name, of a card that is not there. PortAudio 19.6 aborts where there is no name."""


def run(
    *command: str | Path, around: tuple[str, ...] = (), environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*around, sys.executable, "-m", "voicemock", *map(str, command)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        check=False,
    )


@pytest.fixture(scope="module")
def without_portaudio() -> tuple[str, ...]:
    """Return what runs a command on a system whose PortAudio library is an empty file."""
    apart = ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--mount", "--"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount anything")
    loaded = subprocess.run([sys.executable, "-c", WHERE_PORTAUDIO_IS], capture_output=True, text=True, check=False)
    paths = sorted(set(re.findall(r"/\S*portaudio\S*", loaded.stdout)))
    hide = "".join(f"mount --bind /dev/null '{path}' && " for path in paths)
    return (*apart, "sh", "-c", f'{hide}exec "$@"', "sh")


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
    without_portaudio: tuple[str, ...], command: tuple[str | Path, ...]
) -> None:
    done = run(*command, around=without_portaudio)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", MISSING)


def test_the_doctor_names_the_package_too(without_portaudio: tuple[str, ...]) -> None:
    done = run("doctor", "--voice", "silent", around=without_portaudio)
    told = " ".join(done.stdout.split())
    assert (done.returncode, done.stderr) == (1, "")
    assert "FAILED PortAudio The PortAudio library is missing." in told
    assert "-> sudo apt install libportaudio2" in told


def test_a_list_of_no_devices_says_what_can_take_their_place(without_devices: dict[str, str]) -> None:
    done = run("devices", environment=without_devices)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No sound device is known to the system. Plug one in, or use audio files")


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
    done = run(*PRACTICE, *options, environment=without_devices)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"voicemock: {told}")
    assert len(done.stderr.splitlines()) == 1
