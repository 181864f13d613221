"""Feedback on an answer: what went well, what to fix first, what changed since the last take, and a drill."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from voicemock.analysis.closeness import Closeness
from voicemock.feedback.asking_back import give_feedback_on_asking
from voicemock.feedback.findings import NO_ANSWERS, Finding, HeardAnswer
from voicemock.feedback.phrases import FeedbackPhrases, word
from voicemock.feedback.priorities import find_priorities, keep_findings
from voicemock.feedback.reply_feedback import give_feedback_on_reply
from voicemock.feedback.since_last import since_last
from voicemock.feedback.strengths import find_strength
from voicemock.feedback.wording import drill_for, joined, lead, said, written_point
from voicemock.models import Analysis, Assessment, Feedback, Framework, Question, Transcript

MOST_PRIORITIES: Final = 2
"""What a person can work on before the next answer."""

_LENGTHS: Final = ("too_long", "too_short", "a_little_long", "a_little_short")
"""Findings that the opening sentence leads to."""

_ORDER: Final = ("lead", "since_last", "strength", "length", "fix", "end")
_LEFT_OUT_FIRST: Final = ("strength", "lead", "since_last", "end")
"""Where it would take too long."""


def give_feedback(
    analysis: Analysis,
    transcript: Transcript,
    *,
    framework: Framework,
    phrases: FeedbackPhrases,
    question: Question | None = None,
    before: Assessment | None = None,
    closeness: Closeness | None = None,
) -> Feedback:
    """Say what went well, what to fix first and how to practice it; the arguments make up a ``HeardAnswer``."""
    return feedback_on(HeardAnswer(analysis, framework, question, closeness), transcript, phrases, before)


def feedback_on(
    heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases, before: Assessment | None = None
) -> Feedback:
    """Say what went well, what to fix first and how to practice it.

    Args:
        heard: What was measured. What is None there is not spoken of.
        transcript: What was said; quotes are exact stretches of its text.
        phrases: The wording.
        before: The last take of the same question or story, if there is one.
    """
    if not transcript.text.strip():
        nothing = phrases.no_text if heard.analysis.recording_s is None else phrases.no_speech
        return Feedback(spoken=word(nothing, {}, f"{heard.analysis.recording_s}"), points=())
    if heard.question is not None and heard.question.kind == "follow_up":
        return give_feedback_on_reply(heard, transcript, phrases)
    if heard.question is not None and heard.question.kind == "ask_back":
        return give_feedback_on_asking(heard, transcript, phrases)
    findings = find_priorities(heard, phrases.priorities)
    strength = find_strength(heard, findings)
    first = _in_other_words(findings[0], strength)
    points = (*((strength,) if strength else ()), first, *findings[1:MOST_PRIORITIES])
    drill = drill_for(first, heard, transcript, phrases)
    changes, aloud = since_last(heard, findings, before, transcript.text, phrases) if before is not None else ((), ())
    pieces = _pieces(heard, transcript, first, strength, drill, phrases)
    return Feedback(
        spoken=joined({**pieces, "since_last": " ".join(aloud)}, _ORDER, _LEFT_OUT_FIRST),
        points=tuple(written_point(finding, transcript, phrases) for finding in points),
        findings=keep_findings(findings, heard, phrases.priorities),
        drill=drill,
        since_last=changes,
    )


def _in_other_words(priority: Finding, strength: Finding | None) -> Finding:
    """Return the priority without its quote where the strength has the same: nobody likes to hear it twice."""
    if strength is None or strength.evidence is None or priority.evidence is None:
        return priority
    is_same = strength.evidence.start_char == priority.evidence.start_char
    return replace(priority, evidence=None) if is_same else priority


def _pieces(
    heard: HeardAnswer,
    transcript: Transcript,
    priority: Finding,
    strength: Finding | None,
    drill: str | None,
    phrases: FeedbackPhrases,
) -> dict[str, str]:
    """Put it the way a person says it: the length, what was good, what to fix and how to practice it."""
    wording = phrases.priorities[priority.name]
    opening = "" if priority.name in (*NO_ANSWERS, "brief") else lead(heard, transcript, phrases)
    praise = said(strength, phrases.strengths[strength.name].spoken, heard, transcript) if strength else ""
    return {
        "lead": opening,
        "strength": praise,
        "length": opening if priority.name in _LENGTHS else "",
        "fix": said(priority, wording.spoken, heard, transcript),
        "end": drill or word(wording.next, priority.values, f"{transcript.text}|{priority.name}|next"),
    } | ({"lead": ""} if priority.name in _LENGTHS else {})
