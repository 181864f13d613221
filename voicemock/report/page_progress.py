"""The progress page: a chart and a table for each measure, by group of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from voicemock.practice.periods import FEW_IN_WEEK, SessionMedian
from voicemock.practice.progress import Progress
from voicemock.practice.trends import FEW_IN_ALL, RECENT, Unit
from voicemock.report.own_view import DEFINED_AS
from voicemock.report.page import render
from voicemock.report.page_answer import SHARE_OF_A_PART
from voicemock.report.progress import TrendView, progress_view

_SHARED: Final[Mapping[Unit, str]] = {"share": SHARE_OF_A_PART, "points": DEFINED_AS}
"""Titles of the definitions that all trends of a unit share."""


def render_progress(progress: Progress, definitions: Mapping[str, str]) -> str:
    """Return the page; ``definitions`` has the meaning of each measure by its title."""
    return render("progress.html.j2", "progress.js", **progress_values(progress, definitions, lambda _: None))


def progress_values(
    progress: Progress, definitions: Mapping[str, str], page_of: Callable[[str], str | None]
) -> dict[str, Any]:
    """Return what the templates of the progress show.

    Args:
        progress: The progress.
        definitions: The meaning of each measure by its title.
        page_of: Returns the address of the page that does what a command does, or None.
    """
    return {
        "view": progress_view(progress),
        "definition_of": lambda trend: definitions[_SHARED.get(trend.unit, trend.title)],
        "drawn": _drawn,
        "few_in_week": FEW_IN_WEEK,
        "few_in_all": FEW_IN_ALL,
        "recent": RECENT,
        "page_of": page_of,
    }


def _drawn(view: TrendView) -> Mapping[str, Any]:
    """Return what the script draws.

    A week stands at the number of its Monday, so that weeks without answers leave a gap; a session stands behind the
    one before.
    """
    goal = view.trend.goal
    return {
        "unit": view.trend.unit,
        "low": goal.low if goal else None,
        "high": goal.high if goal else None,
        "margin": 0.5 if any(isinstance(point, SessionMedian) for point in view.points) else 3,
        "points": [
            {
                "x": number if isinstance(point, SessionMedian) else point.starts_on.toordinal(),
                "label": _label(point.on if isinstance(point, SessionMedian) else point.first_on),
                "title": row.practiced,
                "value": point.median,
                "text": row.median,
                "answers": point.answers,
                "few": not isinstance(point, SessionMedian) and point.is_few,
            }
            for number, (point, row) in enumerate(zip(view.points, view.rows, strict=True))
        ],
    }


def _label(day: date) -> str:
    return f"{day.day} {day:%b}"
