"""Makes the analyzer of notes once, because that takes a second."""

from __future__ import annotations

import pytest

from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.content.yaml_files import prompts_folder
from voicemock.models import Analysis, transcript_of_text
from voicemock.practice.story_notes import ReadNotes
from voicemock.settings import Settings


@pytest.fixture(scope="session")
def read() -> ReadNotes:
    """Return what the commands measure notes by."""
    analyzer = Analyzer(Settings(), QuestionBank.load(prompts_folder()))

    def measure(text: str) -> Analysis:
        return analyzer.assess(transcript_of_text(text), source="", framework="star").analysis

    return measure
