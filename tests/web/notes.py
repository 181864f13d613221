"""Measures notes by a scripted reader: the real one takes a second to load."""

from __future__ import annotations

from functools import cache

from tests.interviews import bank
from tests.practice.stories.test_notes import HEARD
from tests.readers import ScriptedReader
from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.models import Analysis, transcript_of_text
from voicemock.practice.story_notes import ReadNotes


@cache
def scripted_measures() -> ReadNotes:
    """Return what measures notes, by what is heard in ``HEARD``."""
    lexicon, reader, star = Lexicon.load(), ScriptedReader(HEARD), bank().framework("star")

    def measure(text: str) -> Analysis:
        said = transcript_of_text(text)
        return analyze(said, framework=star, target=(180, 240), lexicon=lexicon, reader=reader).analysis

    return measure
