"""Assessments of written answers, and functions that stand for the work on a recording."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.models import Assessment, Failure, SpeechSpan, transcript_of_text, transcript_of_words
from voicemock.settings import Settings

TEXT = "Our checkout failed every Friday. I set up a queue with the payments team, um, and errors fell by 40%."


@cache
def _analyzer() -> Analyzer:
    return Analyzer(Settings(), QuestionBank.load())


@cache
def spoken(text: str = TEXT, question_id: str | None = None) -> Assessment:
    """Return what is measured of a text as if it were spoken evenly."""
    words = transcript_of_text(text).words
    timed = [word.model_copy(update={"start_s": 0.4 * i, "end_s": 0.4 * i + 0.4}) for i, word in enumerate(words)]
    ends_s = 0.4 * len(words)
    return _analyzer().assess(
        transcript_of_words(timed, language="en", engine="scripted"),
        source="here",
        question=_analyzer()._bank.get(question_id) if question_id else None,
        speech=(SpeechSpan(0.0, ends_s),),
        recording_s=ends_s,
    )


def written(text: str = TEXT) -> Assessment:
    """Return what is measured of a text."""
    return _analyzer().assess(transcript_of_text(text), source="here")


def measured(url: str, question_id: str | None, how: Any) -> Assessment | Failure:
    """Stand for a measurement: a file that begins with "broken" fails."""
    text = Path(url).read_text(encoding="utf-8")
    if text.startswith("broken"):
        return Failure(kind="audio_file", message=f"{url} holds no sound.")
    return spoken(text)


def poisoned(number: int) -> int:
    """End the process at the third job, and be wrong about the fifth."""
    if number == 2:
        os._exit(9)
    if number == 4:
        raise ValueError("no such number")
    return number * number


def ended_once(number: int, mark: str) -> int:
    """End the process the first time that the third job is begun."""
    if number == 2 and not Path(mark).exists():
        Path(mark).touch()
        os._exit(9)
    return number * number
