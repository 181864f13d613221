"""Why something is to be practiced, from the candidate's own numbers."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from voicemock.feedback import clock, percent
from voicemock.models import FrameworkName
from voicemock.progress import RECENT, Step, Trend, Unit

_ANSWERS: Final[dict[FrameworkName, str]] = {
    "star": "stories",
    "triage": "dependency answers",
    "design": "design answers",
}
_UNITS: Final[dict[Unit, str]] = {
    "words_per_minute": " words per minute",
    "per_hundred_words": " in 100 words",
    "per_minute": " a minute",
}


def part_reason(trend: Trend, framework: FrameworkName) -> str:
    """Return in how many of the newest answers a part was missing."""
    return f"Missing in {trend.missing} of your last {trend.looked_at} {_ANSWERS[framework]}."


def measure_reason(step: Step) -> str:
    """Return where a measure stands and where it should be."""
    trend = step.trend
    if trend is None or trend.now is None or trend.goal is None:
        return ""
    shown = partial(_value, trend.unit)
    now, unit, newest = shown(trend.now), _UNITS.get(trend.unit, ""), min(trend.answers, RECENT)
    return f"{trend.title}: {now}{unit} over your last {newest}, aim for {trend.goal.worded(shown)}."


def age_reason(last: date | None, today: date, what: str) -> str:
    """Return how long ago something was done: "Last told 12 days ago"."""
    if last is None:
        return f"Never {what}."
    days = (today - last).days
    return f"Last {what} {'today' if days <= 0 else 'yesterday' if days == 1 else f'{days} days ago'}."


def _value(unit: Unit, value: float) -> str:
    if unit == "s":
        return clock(value)
    if unit == "share":
        return percent(value)
    return f"{value:.1f}".removesuffix(".0") if unit != "words_per_minute" else f"{value:.0f}"
