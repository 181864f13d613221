"""A card for each question: what was observed in the answer, and what its follow-ups brought."""

from __future__ import annotations

from collections.abc import Iterable

from voicemock.debrief.judged import Holds, Judged, Quote
from voicemock.debrief.observations import first_sentence, observe
from voicemock.models import FollowUpCard, Observation, Scorecard, Seen


def scorecard(judged: Judged, follow_ups: Iterable[Judged], holds: Holds | None, *, takes: int = 1) -> Scorecard:
    """Put together what there is to say of one question.

    Args:
        judged: The answer to it.
        follow_ups: The answers to its follow-ups, in order.
        holds: Judges replies; None where nobody can.
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
        follow_ups=tuple(_follow_up_card(each, holds) for each in follow_ups),
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


def _follow_up_card(judged: Judged, holds: Holds | None) -> FollowUpCard:
    question = judged.answer.question
    quote = (judged.quote(first_sentence(judged.heard)) if judged.heard else None) or Quote("", None)
    return FollowUpCard(
        position=judged.position,
        text=question.text if question else "",
        asks_for=question.asks_for if question else None,
        outcome=judged.outcome,
        seen=_held(judged, holds),
        quote=quote.text or None,
        start_s=quote.start_s,
    )


def _held(judged: Judged, holds: Holds | None) -> Seen:
    """A question that was skipped or not answered got nothing of what it asked for."""
    if judged.outcome == "interrupted":
        return "not_measured"
    if not judged.is_observed or judged.answer.assessment is None:
        return "not_seen"
    asks_for = judged.answer.question.asks_for if judged.answer.question else None
    if holds is None or asks_for is None:
        return "not_measured"
    held = holds(asks_for, judged.answer.assessment.analysis, judged.answer.assessment.transcript)
    return {None: "not_measured", True: "seen", False: "not_seen"}[held]  # type: ignore[return-value]
