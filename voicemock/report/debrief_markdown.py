"""A debrief as Markdown, for exports."""

from __future__ import annotations

from collections.abc import Iterator

from voicemock.models import Debrief
from voicemock.report.debrief_words import CardView, Citation, CompetencyView, DebriefPoint, DebriefView, debrief_view
from voicemock.report.exports import markdown_list, plain_markdown


def debrief_in_markdown(debrief: Debrief, spoken: str) -> Iterator[str]:
    """Yield the lines of a whole debrief, with a card for each question."""
    view = debrief_view(debrief, spoken)
    yield from _summary(view)
    yield from ("### Question by question", "", view.no_verdict, "")
    for card in view.cards:
        yield from _card(card)
    if view.competencies:
        yield from ("### By competency", "")
    for competency in view.competencies:
        yield from _competency(competency)


def summary_in_markdown(debrief: Debrief, spoken: str) -> Iterator[str]:
    """Yield what the answers have in common, and what to work on next."""
    yield from _summary(debrief_view(debrief, spoken))


def _summary(view: DebriefView) -> Iterator[str]:
    good = [point for group in view.groups if group.kind != "recurring" for point in group.points]
    recurring = [point for group in view.groups if group.kind == "recurring" for point in group.points]
    yield from ("## Debrief", "", plain_markdown(view.spoken), "")
    yield from markdown_list("Good", map(_pattern, good))
    yield from markdown_list("What recurs", map(_pattern, recurring))
    if view.next_work is not None:
        yield from ("### Work on next", "", plain_markdown(view.next_work.text), "")
        if view.next_work.drill:
            yield from (f"Drill: {plain_markdown(view.next_work.drill)}", "")
    if view.was_asked_back:
        asked = [_cited(question, question.source) for question in view.asked_back]
        yield from markdown_list("You asked", asked or ["No question was heard."])


def _pattern(point: DebriefPoint) -> str:
    quote = f" {_cited(point.citation, point.citation.source)}" if point.citation else ""
    return f"{plain_markdown(point.text)}{quote}"


def _card(card: CardView) -> Iterator[str]:
    yield from (f"#### {card.position}. {plain_markdown(card.heading)}", "")
    for text in filter(None, (card.about, card.outcome)):
        yield from (plain_markdown(text), "")
    if card.rows:
        yield from ("| listened for | observed | words |", "| --- | --- | --- |")
        for row in card.rows:
            words = " ".join(filter(None, (plain_markdown(row.detail), _moment(row.citation))))
            yield f"| {plain_markdown(row.title)} | {row.verdict} | {words} |"
        yield ""
    for position, row in card.follow_ups:
        asked = f" ({row.detail})" if row.detail else ""
        yield f"- {position}. {plain_markdown(row.title)}{asked}: {row.verdict}. {_moment(row.citation)}"
    if card.follow_ups:
        yield ""


def _competency(view: CompetencyView) -> Iterator[str]:
    yield from (f"#### {plain_markdown(view.title)}", "")
    for point in view.supports:
        quote = f": {_cited(point.citation, point.citation.source)}" if point.citation else ""
        yield f"- seen: {plain_markdown(point.text)}{quote}"
    for item in view.open:
        yield f"- open: {plain_markdown(item.title)}{f': {plain_markdown(item.detail)}' if item.detail else ''}"
    if view.unanswered:
        yield f"- no answer to judge: {view.unanswered}"
    yield ""


def _moment(citation: Citation | None) -> str:
    """Return the words and when they were said; nothing without words."""
    return _cited(citation, citation.moment) if citation else ""


def _cited(citation: Citation, place: str) -> str:
    return f'"{plain_markdown(citation.words)}"{f" ({place})" if place else ""}'
