"""Answers with evidence made by hand, so that what is cut does not hang on the reader's weights."""

from __future__ import annotations

from collections.abc import Sequence

from tests.readers import ScriptedReader
from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.content.questions import QuestionBank
from voicemock.models import Assessment, Feedback, Framework, Transcript, transcript_of_text

BANK = QuestionBank.load()
STAR = BANK.framework("star")

STORY = (
    ("Okay, let me think of a good one.", "talk_about_answering"),
    ("So this was at a freight company with four regions.", "situation happened"),
    ("The company had been founded in the eighties.", "situation happened"),
    ("The depots were spread over nine states and three time zones.", "situation happened"),
    ("Our building stood next to the airport, by the way.", "aside"),
    ("My job was to get one number by the first of May.", "task"),
    ("I pulled the raw scans, um, for two hundred shipments.", "action speaker_acts data_used"),
    ("I decided to drop the regional clocks.", "action speaker_acts decision"),
    ("I, I asked each region for an engineer.", "action speaker_acts"),
    ("We moved the feed to one queue.", "action team_acts"),
    ("So we cut the late deliveries from 12 percent to 4 percent.", "result outcome_figure before_after"),
    ("The regions kept the queue.", "result"),
)
"""A story with everything that may go, and a result that can lead."""
LONG_BACKGROUND = [STORY[2][0], STORY[3][0]]


def assessed(
    told: Sequence[tuple[str, str]], framework: Framework = STAR, transcript: Transcript | None = None
) -> Assessment:
    """Measure sentences, each with the evidence in it."""
    transcript = transcript or transcript_of_text(" ".join(text for text, _ in told))
    found = analyze(
        transcript,
        framework=framework,
        target=(180, 240),
        lexicon=Lexicon.load(),
        reader=ScriptedReader(dict(told)),
    )
    feedback = Feedback(spoken="", points=())
    return Assessment(source="a.txt", question=None, transcript=transcript, analysis=found.analysis, feedback=feedback)
