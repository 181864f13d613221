"""The page of the progress: a chart and a table for each measure, by group of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from voicemock.progress import FEW_IN_ALL, FEW_IN_WEEK, RECENT, Progress, Section, Trend
from voicemock.report.progress_words import (
    UNITS,
    day_text,
    direction_text,
    goal_text,
    left_out_texts,
    missing_text,
    summary_text,
    take_text,
    value_text,
    verdict_text,
    why_text,
)
from voicemock.report.sheet import render

_SHARE: Final = "Share of a part"
"""Title of the definition that all parts have in common."""


class WeekRow(NamedTuple):
    """A row of the table beside a chart."""

    week: str
    median: str
    answers: str


class TrendView(NamedTuple):
    """A measure as the template shows it; ``data`` is what the script draws."""

    title: str
    now: str
    unit: str
    goal: str
    remarks: str
    definition: str
    rows: tuple[WeekRow, ...]
    data: Mapping[str, Any]


class SectionView(NamedTuple):
    """A group of answers as the template shows it."""

    id: str
    title: str
    note: str
    trends: tuple[TrendView, ...]


class StoryView(NamedTuple):
    """A story with its takes in words."""

    name: str
    best: str
    latest: str


class StepView(NamedTuple):
    """What to practice, why, and the command."""

    what: str
    why: str
    command: str


def render_progress(progress: Progress, definitions: Mapping[str, str]) -> str:
    """Return the page.

    Args:
        progress: What is shown.
        definitions: What the measures mean, by their titles.
    """
    return render(
        "progress.html.j2",
        "progress.js",
        summary=summary_text(progress),
        left_out=left_out_texts(progress),
        sections=[_section(section, definitions) for section in progress.sections],
        stories=[StoryView(each.name, take_text(each.best), take_text(each.latest)) for each in progress.stories],
        steps=[StepView(step.what, why_text(step), step.command) for step in progress.next_steps],
        few_in_week=FEW_IN_WEEK,
        few_in_all=FEW_IN_ALL,
        recent=RECENT,
    )


def _section(section: Section, definitions: Mapping[str, str]) -> SectionView:
    answers = f"{section.answers} answer{'' if section.answers == 1 else 's'}"
    note = f"{answers}: few, so no trend is told" if section.is_few else answers
    trends = tuple(_trend(trend, definitions) for trend in section.trends)
    return SectionView(f"{section.kind}-{section.name}", section.title, note, trends)


def _trend(trend: Trend, definitions: Mapping[str, str]) -> TrendView:
    remarks = (missing_text(trend), verdict_text(trend), direction_text(trend))
    rows = tuple(
        WeekRow(
            day_text(week.starts_on),
            value_text(trend.unit, week.median),
            f"{week.answers}, few" if week.is_few else str(week.answers),
        )
        for week in trend.weeks
    )
    return TrendView(
        title=trend.title,
        now=value_text(trend.unit, trend.now),
        unit=UNITS[trend.unit],
        goal=goal_text(trend.unit, trend.goal),
        remarks=", ".join(filter(None, remarks)),
        definition=definitions[_SHARE if trend.unit == "share" else trend.title],
        rows=rows,
        data=_data(trend),
    )


def _data(trend: Trend) -> Mapping[str, Any]:
    """Return what the script draws; a week is its day number, so that weeks without answers leave room."""
    return {
        "unit": trend.unit,
        "low": trend.goal.low if trend.goal else None,
        "high": trend.goal.high if trend.goal else None,
        "weeks": [
            {
                "day": week.starts_on.toordinal(),
                "label": f"{week.starts_on.day} {week.starts_on:%b}",
                "value": week.median,
                "text": value_text(trend.unit, week.median),
                "answers": week.answers,
                "few": week.is_few,
            }
            for week in trend.weeks
        ],
    }
