"""What measures notes, made once: it takes a second."""

from __future__ import annotations

import pytest

from voicemock.analysis import transcript_of_text
from voicemock.analyzer import Analyzer
from voicemock.content import prompts_folder
from voicemock.models import Analysis
from voicemock.questions import QuestionBank
from voicemock.settings import Settings
from voicemock.story_bank import ReadNotes


@pytest.fixture(scope="session")
def read() -> ReadNotes:
    """Return what the commands measure notes by."""
    analyzer = Analyzer(Settings(), QuestionBank.load(prompts_folder()))

    def measure(text: str) -> Analysis:
        return analyzer.assess(transcript_of_text(text), source="", framework="star").analysis

    return measure
