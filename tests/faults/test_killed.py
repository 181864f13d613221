"""A process that the system ends at any stage, or that gets no memory: the next one finishes what it left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import Processes
from tests.faults.program import ANSWER, IN_MID_ANSWER_S, STAGES
from voicemock.audio import LISTENING_RATE
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
    recovered = processes.run("recover", "--yes", arranged=SCRIPTED)
    assert (recovered.code, recovered.stderr) == (0, "")
    assert ("Filed as answer 1" in recovered.stdout) == waits
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
