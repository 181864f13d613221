"""A sound system with nothing plugged in, and one without the device that is asked for: real processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.soundcard.conftest import SoundCard

pytestmark = pytest.mark.soundcard


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voicemock", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.models
def test_a_name_that_nothing_has_lists_what_there_is(sound_card: SoundCard) -> None:
    done = run("practice", "--question", "failed-program", "--silent", "--mic", "headset")
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("voicemock: No microphone matches 'headset'. Choose one by index: ")
    assert "microphone (ALSA)" in line


@pytest.mark.models
def test_where_nothing_is_plugged_in_one_line_says_so(fragile_card: SoundCard) -> None:
    fragile_card.unplug("module-remap-source", "module-null-sink")
    done = run("practice", "--question", "failed-program", "--silent")
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("voicemock: The microphone default cannot be used: ")
    assert "Check that one is plugged in" in line


def test_the_doctor_says_so_too_and_no_library_writes_in_between(fragile_card: SoundCard) -> None:
    fragile_card.unplug("module-remap-source", "module-null-sink")
    done = run("doctor", "--voice", "silent")
    assert (done.returncode, done.stderr) == (1, "")
    assert "FAILED microphone" in done.stdout
    assert "FAILED speaker" in done.stdout
