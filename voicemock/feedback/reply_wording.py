"""Putting what is said of replies and of questions asked back into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from voicemock.feedback.findings import Finding, HeardAnswer
from voicemock.feedback.phrases import FeedbackPhrases, word
from voicemock.feedback.quoting import spoken_quote, written_quote
from voicemock.feedback.wording import joined
from voicemock.models import Feedback, FeedbackPoint, Transcript

QUOTE_WORDS: Final = 14
"""A reply is short, and so is what is said of it: its words may be quoted at some length."""

_GOOD: Final = frozenset({"reply_held", "asked_well"})


def worded_feedback(
    found: Sequence[Finding], heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases
) -> Feedback:
    """Put findings into words, the good one first; the drill is that of the last one, which is to fix.

    Args:
        found: What was good, if anything, and what to fix, if anything.
        heard: The analysis with the question.
        transcript: What was said.
        phrases: The wording.
    """
    asks_for = heard.question.asks_for if heard.question else None
    replies = phrases.replies
    asked = {"asked": replies.asked[asks_for] if asks_for else replies.asked_otherwise}
    pieces, points, drill = {}, [], None
    for finding in found:
        wording = replies.points[finding.name]
        values, seed = {**finding.values, **asked}, f"{transcript.text}|{finding.name}"
        quote = spoken_quote(transcript, finding.evidence, QUOTE_WORDS)
        pieces[finding.name] = word(wording.spoken, values | ({"quote": quote} if quote else {}), f"{seed}|spoken")
        written, start_s = written_quote(transcript, finding.evidence)
        kind = "strength" if finding.name in _GOOD else "priority"
        text = word(wording.written, values, f"{seed}|written")
        points.append(FeedbackPoint(kind=kind, name=finding.name, text=text, quote=written, start_s=start_s))
        own = replies.drills.get(asks_for, ()) if asks_for and wording.drills_what_was_asked else wording.drill
        drill = word(own, values, f"{seed}|drill") or None
    spoken = joined({**pieces, "end": drill or ""}, (*pieces, "end"), ("end",))
    return Feedback(spoken=spoken, points=tuple(points), drill=drill)
