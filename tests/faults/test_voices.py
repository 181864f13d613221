"""Voices that are missing, die or hang: the interview continues in writing, in processes with real voices."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import Ended, Processes
from voicemock.store.store import Store
from voicemock.weights import piper_voice

pytestmark = pytest.mark.models

QUESTION = "Tell me about a program of yours that failed"


def practiced(processes: Processes, answer: Path, voice: str, *arranged: object) -> Ended:
    """Hold an interview with scripted ears."""
    files = ("--mic", answer, "--speaker", processes.folder / "interviewer.wav")
    return processes.run(
        *("practice", "--question", "failed-program", *files),
        arranged=("scripted ears", *arranged),
        voice=voice,
    )


def check_whole(processes: Processes, interview: Ended, why: str) -> None:
    """See that an interview went on to its end in writing, with a word about it, once."""
    assert (interview.code, interview.stderr) == (0, "")
    assert " ".join(interview.stdout.split()).count(why) == 1
    assert QUESTION in " ".join(interview.stdout.split())
    assert "Feedback" in interview.stdout
    with Store(processes.data) as store:
        (answer,) = store.sessions.answers(store.sessions.find())
    assert (answer.status, answer.assessment is not None) == ("answered", True)
    assert list((processes.cache / "temporary").iterdir()) == []


def test_a_voice_that_dies_in_mid_sentence(processes: Processes, scripted: Path) -> None:
    interview = practiced(processes, scripted, "pyttsx3", ("voice struck", "SIGKILL", 1))
    check_whole(processes, interview, "pyttsx3 does not work here")


def test_a_voice_that_hangs_in_mid_sentence_is_waited_for_once(processes: Processes, scripted: Path) -> None:
    interview = practiced(processes, scripted, "pyttsx3", ("voice struck", "SIGSTOP", 1))
    check_whole(processes, interview, "pyttsx3 did not finish within")


def test_without_any_voice_texts_are_shown_and_why(processes: Processes, scripted: Path, tmp_path: Path) -> None:
    for package in ("piper", "pyttsx3"):
        (tmp_path / "site" / package).mkdir(parents=True)
        (tmp_path / "site" / package / "__init__.py").write_text("raise ImportError('not here')", encoding="utf-8")
    interview = practiced(processes, scripted, "auto", ("installed", str(tmp_path / "site")))
    check_whole(processes, interview, "No voice works here, so text is shown and not spoken.")


def test_a_voice_that_was_asked_for_and_is_not_there_is_told(processes: Processes, scripted: Path) -> None:
    interview = practiced(processes, scripted, "pyttsx3:volap")
    assert interview.code == 4
    assert "pyttsx3 has no voice called 'volap'" in interview.told()


def test_a_piper_voice_that_is_cut_is_told(processes: Processes, scripted: Path, tmp_path: Path) -> None:
    original = piper_voice(None, tmp_path / "cache")
    voice = tmp_path / "mine.onnx"
    voice.write_bytes(original.read_bytes()[:1_000_000])
    voice.with_name("mine.onnx.json").write_bytes(original.with_name(f"{original.name}.json").read_bytes())
    interview = practiced(processes, scripted, f"piper:{voice}")
    assert interview.code == 4
    assert f"{voice} is not a voice that Piper can read" in interview.told()
