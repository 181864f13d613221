"""From an analysis to what an interviewer says: one strength, at most two priorities, each with evidence.

``priorities`` and ``strengths`` decide what is worth saying, ``quoting`` finds the candidate's words for it, and
``phrases`` holds the wording, which is data. The same words in give the same feedback out.
"""

from __future__ import annotations

from voicemock.feedback.findings import Finding, Heard, length_values
from voicemock.feedback.numerals import clock, percent
from voicemock.feedback.phrases import FeedbackPhrases, load_phrases, word
from voicemock.feedback.priorities import find_priorities
from voicemock.feedback.quoting import spoken_quote, written_quote
from voicemock.feedback.strengths import find_strength
from voicemock.models import Analysis, Feedback, FeedbackPoint, Framework, Transcript

SPOKEN_WORDS = 100
"""Most words said aloud: 36 s at the median pace of 165 words a minute; nobody listens to feedback for 45 s."""

MOST_PRIORITIES = 2
"""What a person can work on before the next answer."""


def give_feedback(
    analysis: Analysis, transcript: Transcript, *, framework: Framework, phrases: FeedbackPhrases
) -> Feedback:
    """Say what to fix first, what went well and what to do next time.

    Args:
        analysis: What was measured. What is None there is not spoken of.
        transcript: What was said; quotes are exact stretches of its text.
        framework: The framework that the analysis was made with.
        phrases: The wording.
    """
    if not transcript.text.strip():
        nothing = phrases.no_text if analysis.recording_s is None else phrases.no_speech
        return Feedback(spoken=word(nothing, {}, f"{analysis.recording_s}"), points=())
    heard = Heard(analysis, framework)
    findings = find_priorities(heard)
    priorities = findings[:MOST_PRIORITIES]
    strength = find_strength(heard, findings)
    points = [_point(finding, transcript, phrases) for finding in ((strength,) if strength else ()) + priorities]
    return Feedback(spoken=_spoken(heard, transcript, priorities[0], strength, phrases), points=tuple(points))


def _point(finding: Finding, transcript: Transcript, phrases: FeedbackPhrases) -> FeedbackPoint:
    """Put a finding in writing, with the quote beside it."""
    quote, start_s = written_quote(transcript, finding.evidence)
    seed = f"{transcript.text}|{finding.name}|written"
    if finding.name in phrases.strengths:
        text = word(phrases.strengths[finding.name].written, finding.values, seed)
        return FeedbackPoint(kind="strength", text=text, quote=quote, start_s=start_s)
    text = word(phrases.priorities[finding.name].written, finding.values, seed)
    return FeedbackPoint(kind="priority", text=text, quote=quote, start_s=start_s)


def _spoken(
    heard: Heard, transcript: Transcript, priority: Finding, strength: Finding | None, phrases: FeedbackPhrases
) -> str:
    """Put it the way a person says it: the length, what to fix, what was good, what to do next time."""
    wording = phrases.priorities[priority.name]
    pieces = {
        "lead": "" if heard.is_no_answer or priority.name == "brief" else _lead(heard, transcript, phrases),
        "fix": _said(wording.spoken, priority, spoken_quote(transcript, priority.evidence), transcript),
        "strength": "",
        "next": word(wording.next, priority.values, f"{transcript.text}|{priority.name}|next"),
    }
    if strength:
        quote = spoken_quote(transcript, strength.evidence)
        pieces["strength"] = _said(phrases.strengths[strength.name].spoken, strength, quote, transcript)
    for left_out in ("strength", "lead", "next"):
        if sum(len(piece.split()) for piece in pieces.values()) > SPOKEN_WORDS:
            pieces[left_out] = ""
    return " ".join(piece[0].upper() + piece[1:] for piece in pieces.values() if piece)


def _said(templates: tuple[str, ...], finding: Finding, quote: str | None, transcript: Transcript) -> str:
    values = dict(finding.values) if quote is None else {**finding.values, "quote": quote}
    return word(templates, values, f"{transcript.text}|{finding.name}|spoken")


def _lead(heard: Heard, transcript: Transcript, phrases: FeedbackPhrases) -> str:
    """Open with the length against the target; nothing where it was not measured."""
    analysis = heard.analysis
    if analysis.duration_s is None or analysis.length is None:
        return ""
    values = length_values(heard, analysis.duration_s)
    return word(getattr(phrases.lead, analysis.length), values, f"{transcript.text}|lead")


__all__ = [
    "MOST_PRIORITIES",
    "SPOKEN_WORDS",
    "FeedbackPhrases",
    "clock",
    "give_feedback",
    "load_phrases",
    "percent",
]
