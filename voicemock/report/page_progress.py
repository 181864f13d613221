"""The progress page: a chart and a table for each measure, by group of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicemock.practice.progress import Progress
from voicemock.practice.trends import FEW_IN_ALL, FEW_IN_WEEK, RECENT
from voicemock.report.page import render
from voicemock.report.page_answer import SHARE_OF_A_PART
from voicemock.report.progress import TrendView, progress_view


def render_progress(progress: Progress, definitions: Mapping[str, str]) -> str:
    """Return the page; ``definitions`` has the meaning of each measure by its title."""
    return render(
        "progress.html.j2",
        "progress.js",
        view=progress_view(progress),
        definitions=definitions,
        share_of_a_part=SHARE_OF_A_PART,
        drawn=_drawn,
        few_in_week=FEW_IN_WEEK,
        few_in_all=FEW_IN_ALL,
        recent=RECENT,
    )


def _drawn(view: TrendView) -> Mapping[str, Any]:
    """Return what the script draws. A week is a day number, so that weeks without answers leave a gap."""
    trend = view.trend
    return {
        "unit": trend.unit,
        "low": trend.goal.low if trend.goal else None,
        "high": trend.goal.high if trend.goal else None,
        "weeks": [
            {
                "day": week.starts_on.toordinal(),
                "label": f"{week.starts_on.day} {week.starts_on:%b}",
                "value": week.median,
                "text": row.median,
                "answers": week.answers,
                "few": week.is_few,
            }
            for week, row in zip(trend.weeks, view.weeks, strict=True)
        ],
    }
