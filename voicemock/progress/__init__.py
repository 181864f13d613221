"""Progress over weeks: a trend for each measure, the best take of each story, and what to practice next.

Nothing here reads a file or a word that was said: numbers in, decisions out. What was not measured stays out; few
numbers are called few; what other rules measured is left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import AwareDatetime

from voicemock.feedback.findings import NO_ANSWERS
from voicemock.models import SCHEMA_VERSION, Framework, FrameworkName, Model, Pillar
from voicemock.progress.next_steps import Step, next_steps, recurring_parts, weak_measures
from voicemock.progress.sections import Section, sections_of
from voicemock.progress.stories import StoryProgress, ToldTake, stories_of
from voicemock.progress.trends import FEW_IN_ALL, FEW_IN_WEEK, RECENT, Direction, Goal, Trend, Unit, Week
from voicemock.store import MeasuredTake


class Chosen(NamedTuple):
    """Which answers are looked at; None leaves it open."""

    pillar: Pillar | None = None
    framework: FrameworkName | None = None
    since: datetime | None = None


class Progress(Model):
    """Everything that is shown of the progress."""

    schema_version: Literal[1] = SCHEMA_VERSION
    first_at: AwareDatetime | None
    last_at: AwareDatetime | None
    answers: int
    older_rules: int
    """Answers left out because other rules measured them."""
    no_answers: int
    """Left out because what was said is no answer."""
    sections: tuple[Section, ...]
    stories: tuple[StoryProgress, ...]
    next_steps: tuple[Step, ...]


def look_back(
    takes: Iterable[MeasuredTake],
    frameworks: Iterable[Framework],
    *,
    current_version: int,
    now: datetime,
    chosen: Chosen = Chosen(),
) -> Progress:
    """Put together what became of the answers, which come in the order of time."""
    by_name = {str(framework.name): framework for framework in frameworks}
    asked_for = [take for take in takes if _is_chosen(take, chosen)]
    level = [take for take in asked_for if take.measured.analysis_version == current_version]
    answers = [take for take in level if take.measured.relevance not in NO_ANSWERS]
    sections, whole = sections_of(answers, by_name), [take for take in asked_for if take.measured.is_whole]
    return Progress(
        first_at=answers[0].recorded_at if answers else None,
        last_at=answers[-1].recorded_at if answers else None,
        answers=len(answers),
        older_rules=len(asked_for) - len(level),
        no_answers=len(level) - len(answers),
        sections=sections,
        stories=stories_of(whole, current_version),
        next_steps=next_steps(sections, whole, by_name, now, chosen == Chosen()),
    )


def _is_chosen(take: MeasuredTake, chosen: Chosen) -> bool:
    return (
        (chosen.pillar is None or take.measured.pillar == chosen.pillar)
        and (chosen.framework is None or take.measured.framework == chosen.framework)
        and (chosen.since is None or take.recorded_at >= chosen.since)
    )


__all__ = [
    "FEW_IN_ALL",
    "FEW_IN_WEEK",
    "RECENT",
    "Chosen",
    "Direction",
    "Goal",
    "Progress",
    "Section",
    "Step",
    "StoryProgress",
    "ToldTake",
    "Trend",
    "Unit",
    "Week",
    "look_back",
    "recurring_parts",
    "weak_measures",
]
