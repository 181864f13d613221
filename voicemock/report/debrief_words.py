"""A debrief in words: the same on the terminal, on the page and in an export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from voicemock.feedback import clock
from voicemock.models import (
    AnswerOutcome,
    AsksFor,
    CompetencyEvidence,
    Debrief,
    FollowUpCard,
    Observation,
    Pattern,
    RelevanceKind,
    Scorecard,
    Seen,
)
from voicemock.report.passages import printable

SEEN: Final[dict[Seen, str]] = {"seen": "seen", "not_seen": "not seen", "not_measured": "not measured"}
ASKED_FOR: Final[dict[AsksFor, str]] = {
    "number": "a number",
    "mechanism": "how it works",
    "decision": "a decision",
    "trade_off": "a trade-off",
    "own_part": "your own part",
    "reason": "a reason",
    "risk": "a risk",
    "lesson": "a lesson",
    "position": "where you stand",
}
NO_VERDICT: Final = "What was observed, and no verdict: seen, not seen, or not measured."
"""Stands above the scorecards."""

_OUTCOMES: Final[dict[AnswerOutcome, str]] = {
    "answered": "",
    "brief": "Too short to judge.",
    "not_an_answer": "Did not answer the question",
    "no_speech": "No answer was heard.",
    "skipped": "Skipped.",
    "interrupted": "Interrupted before it was analyzed.",
}
_RELEVANCE: Final[dict[RelevanceKind, str]] = {
    "off_topic": "about something else",
    "question_read": "the question again",
    "no_answer": "no answer given",
    "other_language": "not in English",
    "repeated_word": "the same words over and over",
    "hostile": "not friendly",
}
_LENGTHS: Final = {"short": "below target", "on_target": "on target", "long": "above target"}


class Row(NamedTuple):
    """One observation to show."""

    title: str
    seen: Seen
    verdict: str
    detail: str
    """Numbers, or the points of a checklist that were not recognized."""
    quote: str
    start_s: float | None

    @property
    def moment(self) -> str:
        """When the quote was said; empty where that is not known."""
        return _moment(self.start_s)


class Support(NamedTuple):
    """Something that supports a competency."""

    row: Row
    position: int
    source: str
    """Where the quote stands; empty without one."""


class OpenItem(NamedTuple):
    """Something that the answers about a competency leave open."""

    title: str
    detail: str


def summary_text(debrief: Debrief) -> str:
    """Return how many questions there were, and how many brought an answer."""
    if not debrief.questions:
        return "No answer is kept."
    if debrief.is_story:
        return "A story." if debrief.answered else "A story of which nothing can be said."
    noun = "question" if debrief.questions == 1 else "questions"
    followed = sum(len(card.follow_ups) for card in debrief.scorecards)
    extra = f", {followed} follow-up{'' if followed == 1 else 's'}" if followed else ""
    return f"{debrief.questions} {noun}, {debrief.answered} with an answer to judge{extra}."


def heading_text(card: Scorecard) -> str:
    """Return the question."""
    return printable(card.question.text) if card.question else "The story"


def outcome_text(card: Scorecard) -> str:
    """Return what became of the question; nothing for an answer like any other."""
    text = _OUTCOMES[card.outcome]
    if card.relevance is not None and card.relevance in _RELEVANCE:
        return f"{text}: {_RELEVANCE[card.relevance]}."
    return text


def about_text(card: Scorecard) -> str:
    """Return pillar, competency and length of an answer."""
    named = [card.question.pillar.replace("_", " "), words_of(card.competency or "")] if card.question else []
    if card.takes > 1:
        named.append(f"answered {card.takes} times, this is the last")
    if card.outcome == "answered" or card.duration_s is not None:
        named.append(_length_text(card))
    return ", ".join(name for name in named if name)


def rows_of(card: Scorecard) -> Iterator[Row]:
    """Yield what was observed; the points of a checklist that were not recognized share a row."""
    open_points = []
    for each in card.observations:
        if each.kind == "checklist" and each.seen == "not_seen":
            open_points.append(each.title)
        else:
            yield row_of(each)
    if open_points:
        yield Row("Other expected points", "not_seen", SEEN["not_seen"], ", ".join(open_points), "", None)


def row_of(observation: Observation) -> Row:
    """Return an observation as it is shown."""
    return Row(
        title=printable(observation.title),
        seen=observation.seen,
        verdict=SEEN[observation.seen],
        detail=printable(observation.detail or ""),
        quote=_one_line(observation.quote),
        start_s=observation.start_s,
    )


def follow_up_row(card: FollowUpCard) -> Row:
    """Return a follow-up with what became of it."""
    wanted = f"asked for {ASKED_FOR[card.asks_for]}" if card.asks_for else ""
    verdict = SEEN[card.seen]
    if card.outcome != "answered":
        verdict = _OUTCOMES[card.outcome].rstrip(".").lower()
    return Row(_one_line(card.text), card.seen, verdict, wanted, _one_line(card.quote), card.start_s)


def support_rows(evidence: CompetencyEvidence) -> Iterator[Support]:
    """Yield what supports a competency; the points of a checklist share a row."""
    points = [each for each in evidence.supported_by if each.kind == "checklist"]
    for each in evidence.supported_by:
        if each.kind != "checklist":
            title = f"Follow-up {each.position}" if each.kind == "follow_up" else printable(each.title)
            source = source_text(each.position, each.start_s)
            yield Support(row_of(each)._replace(title=title, detail=""), each.position, source)
    if points:
        named = ", ".join(dict.fromkeys(printable(point.title) for point in points))
        yield Support(Row("Expected points", "seen", SEEN["seen"], named, "", None), points[0].position, "")


def open_items(evidence: CompetencyEvidence) -> Iterator[OpenItem]:
    """Yield what is open; the points of a checklist share an item."""
    points = [each.title for each in evidence.left_open if each.kind == "checklist"]
    for each in evidence.left_open:
        if each.kind == "follow_up":
            yield OpenItem(f"Follow-up {each.position}", _one_line(each.detail))
        elif each.kind != "checklist":
            yield OpenItem(printable(each.title), "")
    if points:
        yield OpenItem("Expected points", ", ".join(map(printable, points)))


def competency_text(evidence: CompetencyEvidence) -> str:
    """Return a competency with the answers about it: "Risk management (answers 2, 5)"."""
    return f"{words_of(evidence.competency).capitalize()} ({numbers_text(evidence.positions)})"


def pattern_text(pattern: Pattern) -> str:
    """Return a pattern with the answers that show it."""
    if pattern.of == 1:
        return pattern.text
    return f"{pattern.text} ({numbers_text(pattern.positions)})"


def numbers_text(positions: Iterable[int]) -> str:
    """Return the numbers of answers: "answer 2", "answers 2, 5"."""
    numbers = [str(position) for position in positions]
    return f"answer{'' if len(numbers) == 1 else 's'} {', '.join(numbers)}"


def words_of(name: str) -> str:
    """Return a competency as people write it."""
    return name.replace("-", " ")


def source_text(position: int | None, start_s: float | None) -> str:
    """Return where a quote stands: "answer 2, 1:24"."""
    named = [f"answer {position}"] if position is not None else []
    return ", ".join([*named, _moment(start_s)] if start_s is not None else named)


def _length_text(card: Scorecard) -> str:
    if card.duration_s is None or card.target_min_s is None or card.target_max_s is None:
        return "length not measured"
    aim = f"{clock(card.duration_s)} of {clock(card.target_min_s)} to {clock(card.target_max_s)}"
    return f"{aim} ({_LENGTHS[card.length]})" if card.length else aim


def _moment(start_s: float | None) -> str:
    return clock(start_s) if start_s is not None else ""


def _one_line(text: str | None) -> str:
    return " ".join(printable(text or "").split())
