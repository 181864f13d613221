"""Drills in a conversation: which one an answer got, and whether a reply has done it already."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from voicemock.coaching.feedback import find_changes
from voicemock.coaching.findings import HeardAnswer
from voicemock.coaching.replies import judge_reply
from voicemock.content.wording import FeedbackPhrases, word
from voicemock.models import AsksFor, Assessment, Framework, Question

DRILL_S: Final = (10.0, 60.0)
"""Shortest and longest good drill."""
DRILL_ID: Final = "drill-"
"""Begins the id of a drill."""
_GAINS: Final = ("number_gained", "part_gained", "more_i", "fewer_fillers")
"""What a drill may gain. It is no whole answer, so what it lacks is no loss."""

ASKS_FOR: Final = MappingProxyType(
    {
        **dict.fromkeys(
            ("missing_result", "buried_result", "no_number", "no_numbers", "no_size", "number_in_background"), "number"
        ),
        **dict.fromkeys(("no_own_action", "we_in_actions", "coordinator", "passive"), "own_part"),
        **dict.fromkeys(("no_trade_off", "missing_cost", "overcomplicated"), "trade_off"),
        "no_lesson": "lesson",
        "no_decision": "decision",
        "no_reasons": "reason",
    }
)
"""What the drill of a finding wants to hear; drills for the rest want the whole answer, or the way it is spoken."""


def first_finding(assessment: Assessment) -> str | None:
    """Return the name of what was to be fixed first; None if nothing was."""
    return next((point.name for point in assessment.feedback.points if point.kind == "priority"), None)


def asked_by_drill(assessment: Assessment) -> AsksFor | None:
    """Return what the drill of an answer asks for; None where it asks for no single thing."""
    finding = first_finding(assessment)
    found: AsksFor | None = ASKS_FOR.get(finding) if finding else None  # type: ignore[assignment]
    return found


def drill_is_done(main: Assessment, replies: Sequence[tuple[Question, Assessment]]) -> bool:
    """Return whether the reply to a follow-up held what the drill of the main answer wants to hear."""
    wanted = asked_by_drill(main)
    return wanted is not None and any(
        question.asks_for == wanted and bool(judge_reply(wanted, assessment.analysis, assessment.transcript).holds)
        for question, assessment in replies
    )


def drill_question(question: Question, assessment: Assessment) -> Question | None:
    """Return a drill as an answer to its own question, whose text it keeps; None where there is no drill."""
    drill, finding = assessment.feedback.drill, first_finding(assessment)
    if not drill or finding is None:
        return None
    return question.model_copy(
        update={
            "id": f"{DRILL_ID}{finding.replace('_', '-')}",
            "kind": "follow_up",
            "asks_for": asked_by_drill(assessment),
            "target_min_s": DRILL_S[0],
            "target_max_s": DRILL_S[1],
        }
    )


def compared(
    before: Assessment, drilled: Assessment, framework: Framework, question: Question, phrases: FeedbackPhrases
) -> Assessment:
    """Return a drill with what it gained over the answer, said and written.

    Args:
        before: The answer.
        drilled: The drill.
        framework: Of the answer.
        question: Of the answer.
        phrases: The wording.
    """
    changes = find_changes(HeardAnswer(drilled.analysis, framework, question), before.analysis)
    seed = drilled.transcript.text
    gains = tuple(
        word(phrases.since_last[each.name], each.values, f"{seed}|{each.name}|since")
        for each in changes
        if each.name in _GAINS
    )
    spoken = " ".join((*gains[:1], drilled.feedback.spoken))
    feedback = drilled.feedback.model_copy(update={"since_last": gains, "spoken": spoken})
    return drilled.model_copy(update={"feedback": feedback})
