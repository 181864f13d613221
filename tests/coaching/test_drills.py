"""A drill is never what a reply has just done."""

from __future__ import annotations

import pytest

from tests.interviews import analyzer, bank
from voicemock.coaching.drills import drill_is_done, first_finding
from voicemock.models import AsksFor, Assessment, Question, transcript_of_text

STORY = bank().get("failed-program")
NO_RESULT = (
    "Two years ago our billing program kept failing at the end of each month. My job was to get it stable before the "
    "audit. I split the batch into pieces, wrote a queue for the retries and tested it with the team every evening. "
    "Then I wrote the plan for the rest of the year and talked with the vendor about it."
)


def assessed(text: str, question: Question) -> Assessment:
    return analyzer().assess(transcript_of_text(text), source="", question=question)


def asking_for(asks_for: AsksFor) -> Question:
    return STORY.model_copy(update={"id": "probe-x", "kind": "follow_up", "asks_for": asks_for})


@pytest.mark.parametrize(
    ("asks_for", "reply", "is_done"),
    [
        ("number", "Failed runs went down by 40 percent within a quarter.", True),
        ("number", "I don't know, we never measured that.", False),
        ("lesson", "I learned to test the plan first, and since then I always do.", False),
    ],
)
def test_a_drill_is_done_when_the_reply_held_what_it_wants(asks_for: AsksFor, reply: str, is_done: bool) -> None:
    main, question = assessed(NO_RESULT, STORY), asking_for(asks_for)
    point = main.feedback.points[-1].model_copy(update={"kind": "priority", "name": "missing_result"})
    main = main.model_copy(update={"feedback": main.feedback.model_copy(update={"points": (point,)})})
    assert first_finding(main) == "missing_result"
    assert drill_is_done(main, [(question, assessed(reply, question))]) is is_done
