"""Interviews that the system kills at any stage, or that get no memory: the next process finishes what they left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import QUESTION, SCRIPTED, Processes, answers
from tests.faults.program import ANSWER, IN_MID_ANSWER_S, STAGES
from voicemock.interview.recovery import recorded_s
from voicemock.speech.clip import LISTENING_RATE
from voicemock.store.store import Store

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
        assert (recovered.code, recovered.complaints) == (0, "")
        assert "Filed as answer 1" in recovered.stdout
    with Store(processes.data) as store:
        assert store.integrity() is None
        assert store.unfinished.find(everything=True) == ()
        first = store.sessions.find(store.overviews.sessions()[-1].id)
        kept = store.sessions.answers(first)
    if stage == "question":
        assert kept == ()
        return
    (answer,) = kept
    assert answer.assessment is not None
    heard_s = IN_MID_ANSWER_S if stage == "listening" else len(ANSWER.samples) / LISTENING_RATE
    assert (answer.assessment.analysis.recording_s or 0.0) >= heard_s - 0.1
    assert [path.name for path in (processes.data / "sessions" / first.id).iterdir()] == ["answer-01.flac"]


# --- no memory ------------------------------------------------------------------------------------------


@pytest.mark.models
def test_what_got_no_memory_is_finished_once_there_is_some(processes: Processes, spoken: Path) -> None:
    practice = ("practice", *QUESTION, "--mic", spoken, "--silent")
    limited = processes.start(*practice, arranged=(("little memory", 10),), model="tiny.en")
    interview = processes.wait(limited, in_any_way=True)  # OpenMP or a C++ library may end it without asking anybody
    assert interview.code != 0
    if interview.code == 4:
        assert "memory" in interview.told()
    with Store(processes.data) as store:
        (left,) = store.unfinished.find(everything=True)
    assert recorded_s(left) > 0
    recovered = processes.run("recover", "--all", "--yes", model="tiny.en")
    assert (recovered.code, recovered.complaints) == (0, "")
    (answer,) = answers(processes.data)
    assert answer.assessment is not None
    assert "I took over the program" in answer.assessment.transcript.text
