"""Signals, full disks and the like at every stage of an interview: no traceback, an honest last word, nothing lost."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.faults.processes import QUESTION, SCRIPTED, Ended, Processes, answers
from tests.faults.program import ANSWER, IN_MID_ANSWER_S, STAGES
from voicemock.cli.output import INTERRUPTED
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import FRAME_S, LISTENING_RATE

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


def held(processes: Processes, scripted: Path, stages: str, fault: str, **options: object) -> Ended:
    """Hold an interview in which a fault comes about in each of some stages, once."""
    return processes.run(
        *("practice", *QUESTION, "--mic", scripted),
        *("--speaker", processes.folder / "interviewer.wav"),
        arranged=(*SCRIPTED, ("busy timeout", 0.1), ("struck at", stages, fault)),
        **options,
    )


def recorded_s(data: Path) -> float:
    """Seconds of sound that are kept."""
    found = [path for pattern in ("*.flac", "*.wav") for path in data.rglob(pattern) if path.stat().st_size]
    return read_audio(found[0], LISTENING_RATE).duration_s if found else 0.0


def heard_s(stages: str) -> float:
    """Seconds that the candidate has given when a fault comes."""
    first = stages.split()[0]
    return {"question": 0.0, "listening": IN_MID_ANSWER_S - FRAME_S}.get(first, ANSWER_S)


@pytest.mark.parametrize(("stages", "fault"), [*SIGNALS, *IMPATIENT])
def test_a_signal_ends_it_at_any_stage_and_no_sound_is_lost(
    processes: Processes, scripted: Path, stages: str, fault: str
) -> None:
    interview = held(processes, scripted, stages, fault)
    assert (interview.code, interview.stderr) == (ENDED_BY[fault], "")
    assert recorded_s(processes.data) >= heard_s(stages)


@pytest.mark.parametrize(("stage", "fault"), STOPS)
def test_an_interview_that_was_stopped_goes_on(processes: Processes, scripted: Path, stage: str, fault: str) -> None:
    interview = held(processes, scripted, stage, fault)
    assert (interview.code, interview.stops, interview.stderr) == (0, 1, "")
    (answer,) = answers(processes.data)
    assert answer.assessment is not None
    assert answer.assessment.transcript.text == " ".join(ANSWER.words)


@pytest.mark.parametrize(("stage", "fault"), FULL)
def test_a_disk_that_is_full_is_named_and_costs_no_second_that_was_recorded(
    processes: Processes, scripted: Path, stage: str, fault: str
) -> None:
    disk = processes.mount(processes.folder / "disk", "size=4m,mode=700")
    interview = held(processes, scripted, stage, fault, data_dir=disk.folder / "data")
    assert recorded_s(disk.taken(processes.folder / "taken")) >= heard_s(stage)
    if stage in ("feedback", "closing"):  # there is room in what the database has already
        assert interview.code in (0, 5)
    else:
        assert interview.code == 5
    if interview.code == 5:
        assert "The disk is full" in interview.stderr or "No space left" in interview.stderr
    assert "decoder" not in interview.stdout + interview.stderr


@pytest.mark.parametrize(("stage", "fault"), LOCKED)
def test_a_database_that_another_process_holds_is_told_and_costs_no_sound(
    processes: Processes, scripted: Path, stage: str, fault: str
) -> None:
    interview = held(processes, scripted, stage, fault)
    assert interview.code == 5
    assert interview.stderr.startswith("voicemock: ")
    assert "Another voicemock is using it. Close that one" in interview.stderr
    assert len(interview.stderr.splitlines()) == 1
    assert recorded_s(processes.data) >= heard_s(stage)
    if heard_s(stage):
        assert "voicemock recover" in interview.stdout


@pytest.mark.parametrize(("stage", "fault"), REMOVED)
def test_nothing_is_said_to_be_kept_in_a_folder_that_is_gone(
    processes: Processes, scripted: Path, stage: str, fault: str
) -> None:
    interview = held(processes, scripted, stage, fault)
    assert interview.code == 5
    assert "is gone" in interview.stderr
    assert len(interview.stderr.splitlines()) == 1
    assert "kept" not in interview.stdout


@pytest.mark.parametrize(("stage", "fault"), MEMORY)
def test_whisper_without_memory_is_told_and_the_recording_is_kept(
    processes: Processes, scripted: Path, stage: str, fault: str
) -> None:
    interview = held(processes, scripted, stage, fault)
    assert interview.code == 4
    assert "not enough memory" in interview.stderr
    assert len(interview.stderr.splitlines()) == 1
    assert recorded_s(processes.data) >= ANSWER_S
    assert "What you said is kept. Analyze the last answer with: voicemock recover" in interview.stdout
    assert [answer.status for answer in answers(processes.data)] == ["interrupted"]


def test_a_clock_that_is_put_back_changes_no_length(processes: Processes, scripted: Path) -> None:
    interview = held(processes, scripted, *CLOCK)
    assert (interview.code, interview.stderr) == (0, "")
    (answer,) = answers(processes.data)
    assert answer.assessment is not None
    assert answer.assessment.analysis.duration_s == pytest.approx(9, abs=0.1)
    assert recorded_s(processes.data) >= ANSWER_S
