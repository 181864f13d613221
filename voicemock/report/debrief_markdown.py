"""A debrief as Markdown, for exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voicemock.models import CompetencyEvidence, Debrief, Pattern, Scorecard
from voicemock.report.debrief_words import (
    NO_VERDICT,
    Row,
    about_text,
    competency_text,
    follow_up_row,
    heading_text,
    numbers_text,
    open_items,
    outcome_text,
    pattern_text,
    rows_of,
    source_text,
    support_rows,
)
from voicemock.report.exports import plain_markdown


def debrief_in_markdown(debrief: Debrief, spoken: str) -> Iterator[str]:
    """Yield the lines of a whole debrief, with a card for each question."""
    yield from summary_in_markdown(debrief, spoken)
    yield from ("### Question by question", "", NO_VERDICT, "")
    for card in debrief.scorecards:
        yield from _card(card)
    if debrief.competencies:
        yield from ("### By competency", "")
    for evidence in debrief.competencies:
        yield from _competency(evidence)


def summary_in_markdown(debrief: Debrief, spoken: str) -> Iterator[str]:
    """Yield what the answers have in common, and what to work on next."""
    yield from ("## Debrief", "", plain_markdown(spoken), "")
    yield from _patterns("Good", debrief.strengths)
    yield from _patterns("What recurs", debrief.to_work_on)
    if debrief.next_work is not None:
        yield from ("### Work on next", "", plain_markdown(debrief.next_work.text), "")
        if debrief.next_work.drill is not None:
            yield from (f"Drill: {plain_markdown(debrief.next_work.drill)}", "")
    if debrief.was_asked_back:
        yield from ("### You asked", "")
        asked = [_quoted(each.quote, source_text(each.position, each.start_s)) for each in debrief.asked_back]
        yield from (*(f"- {line}" for line in asked or ["No question was heard."]), "")


def _patterns(title: str, patterns: Iterable[Pattern]) -> Iterator[str]:
    lines = [f"- {plain_markdown(pattern_text(each))}{_quote_of(each)}" for each in patterns]
    if lines:
        yield from (f"### {title}", "", *lines, "")


def _quote_of(pattern: Pattern) -> str:
    if pattern.quote is None:
        return ""
    return f" {_quoted(pattern.quote, source_text(pattern.quote_position, pattern.start_s))}"


def _card(card: Scorecard) -> Iterator[str]:
    yield from (f"#### {card.position}. {plain_markdown(heading_text(card))}", "")
    for text in (about_text(card), outcome_text(card)):
        if text:
            yield from (plain_markdown(text), "")
    if card.observations:
        yield from ("| listened for | observed | words |", "| --- | --- | --- |")
        yield from (f"| {plain_markdown(row.title)} | {row.verdict} | {_words(row)} |" for row in rows_of(card))
        yield ""
    for each in card.follow_ups:
        row = follow_up_row(each)
        asked = f" ({row.detail})" if row.detail else ""
        yield f"- {each.position}. {plain_markdown(row.title)}{asked}: {row.verdict}. {_words(row._replace(detail=''))}"
    if card.follow_ups:
        yield ""


def _competency(evidence: CompetencyEvidence) -> Iterator[str]:
    yield from (f"#### {plain_markdown(competency_text(evidence))}", "")
    for row, _, source in support_rows(evidence):
        words = (
            f": {_quoted(row.quote, source)}" if row.quote else f": {plain_markdown(row.detail)}" if row.detail else ""
        )
        yield f"- seen: {plain_markdown(row.title)}{words}"
    for item in open_items(evidence):
        yield f"- open: {plain_markdown(item.title)}{f': {plain_markdown(item.detail)}' if item.detail else ''}"
    if evidence.unanswered:
        yield f"- no answer to judge: {numbers_text(evidence.unanswered)}"
    yield ""


def _words(row: Row) -> str:
    return " ".join(
        part for part in (plain_markdown(row.detail), _quoted(row.quote, row.moment) if row.quote else "") if part
    )


def _quoted(quote: str, source: str) -> str:
    return f'"{plain_markdown(quote)}"{f" ({source})" if source else ""}'
