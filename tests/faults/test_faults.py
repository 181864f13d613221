"""Signals, full disks and the like at every stage of an interview: no traceback, an honest last word, nothing lost.

Each row is a real process of ``tests/faults/program.py``; what is not real there is said there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.program import ANSWER, IN_MID_ANSWER_S, STAGES
from voicemock.cli.output import INTERRUPTED
from voicemock.models import Answer
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import FRAME_S, LISTENING_RATE
from voicemock.store.store import Store

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks, signals and mounts are Linux's")

ROOT = Path(__file__).parents[2]

ENDED_BY = {"SIGINT": INTERRUPTED, "SIGTERM": 128 + signal.SIGTERM, "SIGHUP": 128 + signal.SIGHUP}
"""Exit codes."""

SIGNALS = [(stage, fault) for fault in ENDED_BY for stage in STAGES]
IMPATIENT = [("listening compressing", "SIGINT"), ("listening saving", "SIGINT"), ("transcribing closing", "SIGINT")]
STOPS = [(stage, "SIGTSTP") for stage in STAGES]
FULL = [(stage, "disk full") for stage in STAGES]
LOCKED = [(stage, "database locked") for stage in ("question", "saving", "transcribing")]
REMOVED = [(stage, "folder removed") for stage in ("question", "listening", "compressing", "transcribing", "feedback")]
MEMORY = [("writing", "no memory")]
CLOCK = ("listening", "clock put back")

ANSWER_S = len(ANSWER.samples) / LISTENING_RATE


@dataclass(frozen=True)
class Ended:
    """An interview that something happened to.

    Attributes:
        how: The exit code; negative for a signal. Before it, how often it was stopped.
        stdout, stderr: What it wrote.
        data: Its data folder, as it was then.
    """

    how: str
    stdout: str
    stderr: str
    data: Path

    @property
    def recorded_s(self) -> float:
        """Seconds of sound that are kept."""
        found = [path for pattern in ("*.flac", "*.wav") for path in self.data.rglob(pattern)]
        held = [path for path in found if path.stat().st_size]
        return read_audio(held[0], LISTENING_RATE).duration_s if held else 0.0

    @property
    def answers(self) -> tuple[Answer, ...]:
        with Store(self.data) as store:
            return store.sessions.answers(store.sessions.find())


def hold(folder: Path, cases: list[tuple[str, str]], *around: str) -> Callable[[str, str], Ended]:
    """Hold an interview for each case; return what tells how one ended."""
    names = {case: f"{number:02}" for number, case in enumerate(cases)}
    command = [*around, sys.executable, "-m", "tests.faults.program", str(folder)]
    request = json.dumps([[name, *case] for case, name in names.items()])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=request, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    def ended(stages: str, fault: str) -> Ended:
        home = folder / names[stages, fault]
        data = home / ("kept" if fault == "disk full" else "data")
        return Ended(*((home / each).read_text(encoding="utf-8") for each in ("ended", "stdout", "stderr")), data)

    return ended


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Ended]:
    cases = [*SIGNALS, *IMPATIENT, *STOPS, *LOCKED, *REMOVED, *MEMORY, CLOCK]
    return hold(tmp_path_factory.mktemp("faults"), cases)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Ended]:
    """Interviews on a disk of their own, four megabytes large, that somebody else fills."""
    apart = ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--mount", "--"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a disk")
    return hold(tmp_path_factory.mktemp("full"), FULL, *apart)


def heard_s(stages: str) -> float:
    """Seconds that the candidate has given when a fault comes."""
    first = stages.split()[0]
    return {"question": 0.0, "listening": IN_MID_ANSWER_S - FRAME_S}.get(first, ANSWER_S)


@pytest.mark.parametrize(("stages", "fault"), [*SIGNALS, *IMPATIENT])
def test_a_signal_ends_it_at_any_stage_and_no_sound_is_lost(
    ended: Callable[[str, str], Ended], stages: str, fault: str
) -> None:
    interview = ended(stages, fault)
    assert (interview.how, interview.stderr) == (str(ENDED_BY[fault]), "")
    assert interview.recorded_s >= heard_s(stages)


@pytest.mark.parametrize(("stage", "fault"), STOPS)
def test_an_interview_that_was_stopped_goes_on(ended: Callable[[str, str], Ended], stage: str, fault: str) -> None:
    interview = ended(stage, fault)
    assert (interview.how, interview.stderr) == ("stopped 0", "")
    (answer,) = interview.answers
    assert answer.assessment is not None
    assert answer.assessment.transcript.text == " ".join(ANSWER.words)


@pytest.mark.parametrize(("stage", "fault"), FULL)
def test_a_disk_that_is_full_is_named_and_costs_no_second_that_was_recorded(
    full: Callable[[str, str], Ended], stage: str, fault: str
) -> None:
    interview = full(stage, fault)
    assert "Traceback" not in interview.stderr
    assert interview.recorded_s >= heard_s(stage)
    if stage in ("feedback", "closing"):  # there is room in what the database has already
        assert interview.how in ("0", "5")
    else:
        assert interview.how == "5"
    if interview.how == "5":
        assert "The disk is full" in interview.stderr or "No space left" in interview.stderr
    assert "decoder" not in interview.stdout + interview.stderr


@pytest.mark.parametrize(("stage", "fault"), LOCKED)
def test_a_database_that_another_process_holds_is_told_and_costs_no_sound(
    ended: Callable[[str, str], Ended], stage: str, fault: str
) -> None:
    interview = ended(stage, fault)
    assert interview.how == "5"
    assert interview.stderr.startswith("voicemock: ")
    assert "Another voicemock is using it. Close that one" in interview.stderr
    assert len(interview.stderr.splitlines()) == 1
    assert interview.recorded_s >= heard_s(stage)
    if heard_s(stage):
        assert "voicemock recover" in interview.stdout


@pytest.mark.parametrize(("stage", "fault"), REMOVED)
def test_nothing_is_said_to_be_kept_in_a_folder_that_is_gone(
    ended: Callable[[str, str], Ended], stage: str, fault: str
) -> None:
    interview = ended(stage, fault)
    assert interview.how == "5"
    assert "is gone" in interview.stderr
    assert len(interview.stderr.splitlines()) == 1
    assert "kept" not in interview.stdout


@pytest.mark.parametrize(("stage", "fault"), MEMORY)
def test_whisper_without_memory_is_told_and_the_recording_is_kept(
    ended: Callable[[str, str], Ended], stage: str, fault: str
) -> None:
    interview = ended(stage, fault)
    assert interview.how == "4"
    assert "not enough memory" in interview.stderr
    assert len(interview.stderr.splitlines()) == 1
    assert interview.recorded_s >= ANSWER_S
    assert "What you said is kept. Analyze the last answer with: voicemock recover" in interview.stdout
    assert [answer.status for answer in interview.answers] == ["interrupted"]


def test_a_clock_that_is_put_back_changes_no_length(ended: Callable[[str, str], Ended]) -> None:
    interview = ended(*CLOCK)
    assert (interview.how, interview.stderr) == ("0", "")
    (answer,) = interview.answers
    assert answer.assessment is not None
    assert answer.assessment.analysis.duration_s == pytest.approx(9, abs=0.1)
    assert interview.recorded_s >= ANSWER_S
