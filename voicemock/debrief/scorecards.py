"""A card for each question: what was observed in the answer, and what its follow-ups brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from voicemock.debrief.judged import Judged, Quote
from voicemock.debrief.observations import first_sentence, observe
from voicemock.feedback.findings import quoting
from voicemock.feedback.replies import Reply
from voicemock.models import Analysis, AsksFor, FollowUpCard, Observation, Scorecard, Seen, Transcript

JudgeReply = Callable[[AsksFor, Analysis, Transcript], Reply]
"""Says whether a reply holds what was asked for, and where."""


def scorecard(judged: Judged, follow_ups: Iterable[Judged], judge_reply: JudgeReply, *, takes: int = 1) -> Scorecard:
    """Put together what there is to say of one question.

    Args:
        judged: The answer to it.
        follow_ups: The answers to its follow-ups, in order.
        judge_reply: Says whether a reply holds what was asked for.
        takes: How often the question was answered in this session.
    """
    question, heard = judged.answer.question, judged.heard
    analysis = heard.analysis if heard else None
    relevance = analysis.relevance.kind if analysis and analysis.relevance else None
    return Scorecard(
        position=judged.position,
        question=question.summary() if question else None,
        competency=question.competency if question else None,
        takes=takes,
        outcome=judged.outcome,
        relevance=relevance if judged.outcome == "not_an_answer" else None,
        duration_s=analysis.duration_s if analysis else None,
        target_min_s=analysis.target_min_s if analysis else None,
        target_max_s=analysis.target_max_s if analysis else None,
        length=analysis.length if analysis and judged.is_observed else None,
        observations=observe(judged),
        follow_ups=tuple(_follow_up_card(each, judge_reply) for each in follow_ups),
    )


def observation_of(card: FollowUpCard) -> Observation:
    """Return a follow-up as one more thing that was listened for."""
    return Observation(
        position=card.position,
        kind="follow_up",
        name=card.asks_for or "follow_up",
        title="Follow-up",
        seen=card.seen,
        detail=card.text,
        quote=card.quote if card.seen == "seen" else None,
        start_s=card.start_s if card.seen == "seen" else None,
    )


def _follow_up_card(judged: Judged, judge_reply: JudgeReply) -> FollowUpCard:
    """Quote the words that hold what was asked for, else the beginning of the reply."""
    question, assessment = judged.answer.question, judged.answer.assessment
    asks_for, reply = question.asks_for if question else None, None
    if judged.is_observed and asks_for is not None and assessment is not None:
        reply = judge_reply(asks_for, assessment.analysis, assessment.transcript)
    shown = quoting(reply.sentence, focus=reply.focus) if reply else None
    quote = judged.quote(shown or (first_sentence(judged.heard) if judged.heard else None)) or Quote("", None)
    return FollowUpCard(
        position=judged.position,
        text=question.text if question else "",
        asks_for=asks_for,
        outcome=judged.outcome,
        seen=_seen(judged, reply),
        quote=quote.text or None,
        start_s=quote.start_s,
    )


def _seen(judged: Judged, reply: Reply | None) -> Seen:
    """A question that was skipped or not answered got nothing of what it asked for."""
    if judged.outcome == "interrupted":
        return "not_measured"
    if not judged.is_observed:
        return "not_seen"
    if reply is None or reply.holds is None:
        return "not_measured"
    return "seen" if reply.holds else "not_seen"
