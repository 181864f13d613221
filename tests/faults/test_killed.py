"""A process that the system ends at any stage, or that gets no memory: the next one finishes what it left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import Ended, Processes
from tests.faults.program import ANSWER, IN_MID_ANSWER_S, STAGES
from voicemock.audio import LISTENING_RATE
from voicemock.recovery import recorded_s
from voicemock.store import Store

SCRIPTED = ("scripted ears", "scripted voice")
QUESTION = ("--question", "failed-program")
WAITS = ("listening", "compressing", "saving", "transcribing")
"""Stages after which an answer waits to be finished: before them nothing was said, behind them all is kept."""


@pytest.mark.parametrize("stage", STAGES)
def test_the_next_interview_offers_what_a_killed_one_left_and_recover_finishes_it(
    processes: Processes, scripted: Path, stage: str
) -> None:
    practice = ("practice", *QUESTION, "--mic", scripted, "--speaker", processes.folder / "interviewer.wav")
    killed = processes.run(*practice, arranged=(*SCRIPTED, ("struck at", stage, "SIGKILL")))
    assert (killed.code, killed.stderr) == (-9, "")
    waits = stage in WAITS
    following = processes.run(*practice, arranged=SCRIPTED)
    assert (following.code, following.stderr) == (0, "")
    assert ("Finish it with: voicemock recover" in following.stdout) == waits
    if waits:
        recovered = processes.run("recover", "--yes", arranged=SCRIPTED)
        assert (recovered.code, recovered.stderr) == (0, "")
        assert "Filed as answer 1" in recovered.stdout
    with Store(processes.data) as store:
        assert store.integrity() is None
        assert store.unfinished.find(everything=True) == ()
        first = store.session(store.sessions()[-1].id)
        kept = store.answers(first)
    if stage == "question":
        assert kept == ()
        return
    (answer,) = kept
    assert answer.assessment is not None
    heard_s = IN_MID_ANSWER_S if stage == "listening" else len(ANSWER.samples) / LISTENING_RATE
    assert (answer.assessment.analysis.recording_s or 0.0) >= heard_s - 0.1
    assert [path.name for path in (processes.data / "sessions" / first.id).iterdir()] == ["answer-01.flac"]


# --- no memory ------------------------------------------------------------------------------------------


def practiced(processes: Processes, spoken: Path, moment: str, megabytes: int) -> Ended:
    """Hold an interview with Whisper that gets so much more memory from a moment on."""
    practice = ("practice", *QUESTION, "--mic", spoken, "--silent")
    return processes.run(*practice, arranged=(("little memory", moment, megabytes),), model="tiny.en")


@pytest.mark.models
@pytest.mark.parametrize(("moment", "megabytes"), [("loads", 60), ("hears", 1)])
def test_without_memory_it_ends_with_a_word_or_by_a_library_and_the_recording_is_kept(
    processes: Processes, spoken: Path, moment: str, megabytes: int
) -> None:
    interview = practiced(processes, spoken, moment, megabytes)
    assert interview.code != 0
    if interview.code == 4:  # else OpenMP or a C++ library has ended the process without asking anybody
        assert "memory" in interview.told()
        assert "smaller model" in interview.told()
    with Store(processes.data) as store:
        (left,) = store.unfinished.find(everything=True)
    assert recorded_s(left) > 0


@pytest.mark.models
def test_what_got_no_memory_is_finished_once_there_is_some(processes: Processes, spoken: Path) -> None:
    assert practiced(processes, spoken, "hears", 10).code != 0
    recovered = processes.run("recover", "--all", "--yes", model="tiny.en")
    assert (recovered.code, recovered.stderr) == (0, "")
    with Store(processes.data) as store:
        (answer,) = store.answers(store.session())
    assert answer.assessment is not None
    assert "I took over the program" in answer.assessment.transcript.text
