"""Describes answers that were recorded and not analyzed, and why one cannot be finished."""

from __future__ import annotations

from voicemock.coaching.spoken_numbers import clock
from voicemock.errors import VoicemockError
from voicemock.interview.recovery import recorded_s
from voicemock.report.safe_text import printable
from voicemock.store.unfinished import UnfinishedAnswer


def described(left: UnfinishedAnswer) -> str:
    """Return what an answer is and how much of it was recorded."""
    answer, mark = left.answer, left.mark
    question = answer.question if answer else mark.question if mark else None
    what = (
        "An answer was recorded and not analyzed" if left.is_over else "An interview ended in the middle of an answer"
    )
    subject = ""
    if question:
        subject = f', question {printable(question.id)}: "{printable(question.text)}"'
    elif mark and mark.story:
        subject = f", story {printable(mark.story.name)}"
    return f"{what} ({clock(recorded_s(left))} recorded{subject})."


def problem_with(left: UnfinishedAnswer, error: Exception) -> str:
    """Return why an answer cannot be finished.

    The text of an unexpected error is left out: it may contain words of the answer.
    """
    if isinstance(error, VoicemockError):
        return str(error)
    return (
        f"Answer {left.position} of session {left.session_id} cannot be finished: {type(error).__name__}. "
        f"That is a bug in voicemock. {left.recordings[0]} stays where it is, and the others are finished."
    )
