"""Puts findings into words: the written points, and what is said aloud."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from voicemock.coaching.findings import NO_ANSWERS, Finding, HeardAnswer, length_values, strong_point
from voicemock.coaching.quoting import Evidence, spoken_quote, written_quote
from voicemock.coaching.spoken_numbers import spoken_duration
from voicemock.content.wording import FeedbackPhrases, word
from voicemock.models import Feedback, FeedbackPoint, Question, Transcript

SPOKEN_WORDS: Final = 110
"""Most words said aloud: 39 s at 170 words a minute. Listeners tire before 45 s."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[\"'A-Z0-9])")
_WHERE_FROM_S: Final = 75.0
"""In a shorter answer it is clear where something was said."""
_NAMED_WITH_PARTS: Final = ("missing_part", "missing_end")
"""Findings whose drill is that of their part."""
QUOTE_WORDS: Final = 14
"""Quotes of a reply may be longer: a reply is short, and so is the feedback on it."""
_AS_SAID: Final = NO_ANSWERS | {
    "brief",
    "bullets",
    "code_detail",
    "jargon",
    "platitudes",
    "many_fillers",
    "some_fillers",
}
"""Findings about how something was said: their quotes need not be whole sentences."""
_GOOD: Final = frozenset({"reply_held", "asked_well"})


def written_point(finding: Finding, transcript: Transcript, phrases: FeedbackPhrases) -> FeedbackPoint:
    """Put a finding in writing, with the quote beside it."""
    quote, start_s = written_quote(transcript, finding.evidence)
    seed = f"{transcript.text}|{finding.name}|written"
    if finding.name in phrases.strengths:
        text = word(phrases.strengths[finding.name].written, finding.values, seed)
        return FeedbackPoint(kind="strength", name=finding.name, text=text, quote=quote, start_s=start_s)
    text = word(phrases.priorities[finding.name].written, finding.values, seed)
    return FeedbackPoint(kind="priority", name=finding.name, text=text, quote=quote, start_s=start_s)


def drill_for(finding: Finding, heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases) -> str | None:
    """Return a small exercise that fits the finding and the framework; None if there is none."""
    framework = heard.framework.name
    templates = phrases.priorities[finding.name].drill.of(framework)
    if finding.name in _NAMED_WITH_PARTS and finding.part:
        templates = phrases.part_drills.get(framework, {}).get(finding.part, ()) or templates
    values = {**finding.values, **strong_values(heard.question)}
    return word(templates, values, f"{transcript.text}|{finding.name}|drill") or None


def said(finding: Finding, templates: tuple[str, ...], heard: HeardAnswer, transcript: Transcript) -> str:
    """Return what is said of a finding, with the candidate's own words if there are any."""
    own = _own_values(finding.evidence, heard, transcript, as_said=finding.name in _AS_SAID)
    values = {**finding.values, **strong_values(heard.question), **own}
    return word(templates, values, f"{transcript.text}|{finding.name}|spoken")


def lead(heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases) -> str:
    """Return the opening, the length against the target; "" if it was not measured."""
    analysis = heard.analysis
    if analysis.duration_s is None or analysis.length is None:
        return ""
    values = length_values(heard, analysis.duration_s)
    return word(getattr(phrases.lead, analysis.length), values, f"{transcript.text}|lead")


def strong_values(question: Question | None) -> Mapping[str, str]:
    """Return the first point of a strong answer, worded to follow "an answer that"."""
    if question is None or not question.wants_a_whole_answer:
        return {}
    return {"strong": strong_point(question, question.strong_answer[0])}


def joined(
    pieces: Mapping[str, str], order: Sequence[str], left_out_first: Sequence[str], most_words: int = SPOKEN_WORDS
) -> str:
    """Return the pieces in order, each with a capital. Over ``most_words``, pieces are left out one by one."""
    kept = dict(pieces)
    for name in left_out_first:
        if sum(len(piece.split()) for piece in kept.values()) > most_words:
            kept[name] = ""
    return " ".join(capitalized(kept[name]) for name in order if kept.get(name))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence]


def capitalized(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def worded_feedback(
    found: Sequence[Finding], heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases
) -> Feedback:
    """Put findings about a reply, or about questions asked back, into words. The drill is that of the last one.

    Args:
        found: What was good, if anything, then what to fix, if anything.
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


def _own_values(
    evidence: Evidence | None, heard: HeardAnswer, transcript: Transcript, *, as_said: bool
) -> dict[str, str]:
    """Return the candidate's words and where in the answer they were said."""
    quote = spoken_quote(transcript, evidence, as_said=as_said)
    if quote is None or evidence is None:
        return {}
    duration_s, first_s = heard.analysis.duration_s, next((s.start_s for s in heard.sentences), None)
    if evidence.start_s is None or first_s is None or duration_s is None or duration_s < _WHERE_FROM_S:
        return {"quote": quote}
    after_s = evidence.start_s - first_s
    if after_s < duration_s / 8:
        where = "right at the start"
    elif after_s > duration_s * 7 / 8:
        where = "right at the end"
    else:
        where = f"{spoken_duration(after_s)} in"
    return {"quote": quote, "where": where}
