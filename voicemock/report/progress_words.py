"""The numbers of the progress in words: the same on the terminal and on the page."""

from __future__ import annotations

from datetime import date
from typing import Final

from voicemock.feedback import clock, percent
from voicemock.progress import FEW_IN_ALL, RECENT, Direction, Goal, Progress, Step, ToldTake, Trend, Unit
from voicemock.report.delivery_rows import NOT_MEASURED

UNITS: Final[dict[Unit, str]] = {
    "s": "",
    "words_per_minute": "words per minute",
    "per_hundred_words": "per 100 words",
    "per_minute": "per minute",
    "share": "",
    "count": "",
}
NO_COMMON_GOAL: Final = "varies"
"""The answers had different targets."""
REANALYZE: Final = "voicemock reanalyze --all"

_DIRECTIONS: Final[dict[Direction, str]] = {
    "few": "few answers",
    "no_clear_change": "no trend",
    "better": "better",
    "worse": "worse",
    "up": "up",
    "down": "down",
}


def value_text(unit: Unit, value: float | None) -> str:
    """Return a number without its unit; "not measured" where there is none."""
    if value is None:
        return NOT_MEASURED
    if unit == "s":
        return clock(value)
    if unit == "share":
        return percent(value)
    if unit == "count":
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.0f}" if unit == "words_per_minute" else f"{value:.1f}"


def goal_text(unit: Unit, goal: Goal | None) -> str:
    """Return a goal in words: "3:00 to 4:00", "at most 6.0"."""
    if goal is None:
        return NO_COMMON_GOAL
    ends = [None if end is None else _end_text(unit, end) for end in (goal.low, goal.high)]
    if ends[0] is None:
        return f"at most {ends[1]}"
    return f"at least {ends[0]}" if ends[1] is None else f"{ends[0]} to {ends[1]}"


def direction_text(trend: Trend) -> str:
    """Return where a measure went; that few answers say nothing comes first."""
    return _DIRECTIONS[trend.direction] if trend.answers else ""


def missing_text(trend: Trend) -> str:
    """Return in how many of the newest answers a part was missing; nothing where in none."""
    return f"missing {trend.missing} of {trend.looked_at}" if trend.missing else ""


def verdict_text(trend: Trend) -> str:
    """Return whether a measure is on its goal; nothing where that is not known."""
    if trend.is_on_goal is None or trend.goal is None or trend.now is None:
        return ""
    if trend.is_on_goal:
        return "on goal"
    return "above goal" if trend.goal.gap(trend.now) > 0 else "below goal"


def why_text(step: Step) -> str:
    """Return why something is to be practiced, with the numbers."""
    trend = step.trend
    if trend is None:
        return "Never practiced." if step.days_ago is None else f"Last practiced {step.days_ago} days ago."
    if step.kind == "part":
        return f"Missing in {trend.missing} of the last {trend.looked_at} answers ({step.section})."
    unit = f" {UNITS[trend.unit]}" if UNITS[trend.unit] else ""
    newest = min(trend.answers, RECENT)
    value, goal = value_text(trend.unit, trend.now), goal_text(trend.unit, trend.goal)
    return f"{trend.title} {value}{unit}, goal {goal}; median of the last {newest} ({step.section})."


def take_text(take: ToldTake | None) -> str:
    """Return a telling of a story by its numbers."""
    if take is None:
        return "no take was measured by today's rules"
    results = {None: f"results {NOT_MEASURED}", 0: "no result", 1: "1 result"}.get(
        take.measured_results, f"{take.measured_results} results"
    )
    rate = take.fillers_per_hundred_words
    fillers = f"fillers {NOT_MEASURED}" if rate is None else f"{rate:.1f} fillers/100"
    length = value_text("s", take.duration_s)
    day = day_text(take.recorded_at.astimezone().date())
    return f"take {take.take}, {day}: {length}, {_parts_text(take)}, {results}, {fillers}"


def summary_text(progress: Progress) -> str:
    """Return how many answers there are, and from when to when."""
    if progress.first_at is None or progress.last_at is None:
        return "No answer to look at."
    first, last = (moment.astimezone().date() for moment in (progress.first_at, progress.last_at))
    answers = f"{progress.answers} answer{'' if progress.answers == 1 else 's'}"
    few = f" These are few: from {FEW_IN_ALL} on they are held against their goals." if is_few(progress) else ""
    return f"{answers}, {day_text(first)} to {day_text(last)}.{few}"


def left_out_texts(progress: Progress) -> tuple[str, ...]:
    """Return what is not in the trends, and why."""
    found = []
    if progress.older_rules:
        found.append(f"Left out: {progress.older_rules} measured by older rules. See: {REANALYZE}")
    if progress.no_answers:
        found.append(f"Left out: {progress.no_answers} in which the question was not answered.")
    return tuple(found)


def is_few(progress: Progress) -> bool:
    """Whether there are too few answers to say anything of them."""
    return progress.answers < FEW_IN_ALL


def day_text(day: date) -> str:
    """Return a day as people write it: "24 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def _parts_text(take: ToldTake) -> str:
    if take.missing is None:
        return f"parts {NOT_MEASURED}"
    return f"without {', '.join(name.replace('_', ' ') for name in take.missing)}" if take.missing else "all parts"


def _end_text(unit: Unit, end: float) -> str:
    return value_text(unit, end)
