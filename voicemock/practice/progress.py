"""Progress: a trend for each measure, the best take of each story, and what to practice next.

It is computed from numbers alone. What was not measured is left out, and so are answers that an older version of the
analysis measured; those are counted.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from math import inf
from shlex import quote
from typing import Final, Literal, NamedTuple

from pydantic import AwareDatetime

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.coaching.findings import NO_ANSWERS
from voicemock.content.questions import QuestionBank
from voicemock.models import SCHEMA_VERSION, Framework, FrameworkName, Measured, Model, Pillar
from voicemock.practice.periods import (
    AnswerPlace,
    ChartedBy,
    PracticedSession,
    charted_by,
    place_of,
    practiced_sessions,
)
from voicemock.practice.trends import FEW_IN_ALL, PILLARS, Section, Trend, pillar_title, sections_of
from voicemock.store.rows import MeasuredTake
from voicemock.store.store import Store

MOST_STEPS: Final = 3
LONG_AGO_DAYS: Final = 14
MISSING_FROM: Final = 3
"""Answers in which a part was missing. It must also be half of the newest ones."""
GOAL_MARGIN: Final = 0.1
"""Share of the nearest end of the goal. A smaller gap is near enough."""

_ADVICE: Final = {
    "length": ("Say more", "Be shorter"),
    "pace": ("Speak faster", "Speak slower"),
    "filled_pauses": ("", "Fewer filled pauses: stay silent when an um is coming"),
    "filler_phrases": ("", "Fewer filler phrases: leave the words out"),
    "pauses": ("", "Fewer long pauses: know your next sentence before you end this one"),
    "measured_results": ("End on a measured number", ""),
}
"""Advice for a measure that is too low, and for one that is too high."""


class Step(Model):
    """One thing to practice."""

    kind: Literal["part", "measure", "pillar", "story"]
    what: str
    trend: Trend | None = None
    """For a part or measure."""
    section: str | None = None
    """Title of the group of answers."""
    days_ago: int | None = None
    """For a pillar or story: days since it was practiced; None: never."""
    command: str
    answers: tuple[AnswerPlace, ...] = ()
    """Kept answers that show why."""


class ToldTake(Model):
    """One telling of a story, with the numbers that rank it."""

    session: str
    position: int
    recorded_at: AwareDatetime
    take: int
    """Number of the telling, counted from 1."""
    duration_s: float | None
    missing: tuple[str, ...] | None
    """Names of parts; None if they were not looked for."""
    measured_results: int | None
    fillers_per_hundred_words: float | None
    """Filled pauses and filler phrases."""


class StoryProgress(Model):
    """A story and its takes."""

    name: str
    takes: int
    best: ToldTake | None
    """None if no take was measured by the current rules."""
    latest: ToldTake


class Chosen(NamedTuple):
    """A filter for answers; None accepts any."""

    pillar: Pillar | None = None
    framework: FrameworkName | None = None
    since: datetime | None = None


class Progress(Model):
    """A candidate's progress."""

    schema_version: Literal[1] = SCHEMA_VERSION
    first_at: AwareDatetime | None
    last_at: AwareDatetime | None
    answers: int
    older_rules: int
    """Answers left out because another version of the rules measured them."""
    no_answers: int
    """Replies left out because they are no answers."""
    charted_by: ChartedBy
    """By session for the first weeks."""
    sessions: tuple[PracticedSession, ...]
    """The newest ones, oldest first."""
    sections: tuple[Section, ...]
    stories: tuple[StoryProgress, ...]
    next_steps: tuple[Step, ...]


def progress_in(store: Store, bank: QuestionBank, chosen: Chosen, now: datetime) -> Progress:
    """Return the progress over the answers in a store, by today's rules."""
    return look_back(
        store.takes.measured(),
        bank.frameworks,
        current_version=ANALYSIS_VERSION,
        now=now,
        chosen=chosen,
        questions={question.id for question in bank.questions},
    )


def look_back(
    takes: Iterable[MeasuredTake],
    frameworks: Iterable[Framework],
    *,
    current_version: int,
    now: datetime,
    chosen: Chosen = Chosen(),
    questions: Container[str] | None = None,
) -> Progress:
    """Return the progress over answers, oldest first.

    Args:
        takes: The answers, oldest first.
        frameworks: Name the parts.
        current_version: Of the rules; what others measured is left out.
        now: Aware.
        chosen: Which answers to look at.
        questions: Ids of those that can be asked again; None for any.
    """
    by_name = {str(framework.name): framework for framework in frameworks}
    asked_for = [take for take in takes if _is_chosen(take, chosen)]
    current = [take for take in asked_for if take.measured.analysis_version == current_version]
    answers = [take for take in current if take.measured.relevance not in NO_ANSWERS]
    sections, whole = sections_of(answers, by_name), [take for take in asked_for if take.measured.is_whole]
    places = [place_of(take) for take in answers]
    return Progress(
        first_at=answers[0].recorded_at if answers else None,
        last_at=answers[-1].recorded_at if answers else None,
        answers=len(answers),
        older_rules=len(asked_for) - len(current),
        no_answers=len(current) - len(answers),
        charted_by=charted_by(place.on for place in places),
        sessions=practiced_sessions(places),
        sections=sections,
        stories=stories_of(whole, current_version),
        next_steps=next_steps(sections, whole, by_name, now, chosen == Chosen(), questions),
    )


def _is_chosen(take: MeasuredTake, chosen: Chosen) -> bool:
    return (
        (chosen.pillar is None or take.measured.pillar == chosen.pillar)
        and (chosen.framework is None or take.measured.framework == chosen.framework)
        and (chosen.since is None or take.recorded_at >= chosen.since)
    )


class Weakness(NamedTuple):
    """A measure that misses its goal."""

    section: Section
    trend: Trend
    off: float
    """Share of the nearest end of the goal, at most 1; negative if the measure is too low."""


def next_steps(
    sections: Sequence[Section],
    takes: Sequence[MeasuredTake],
    frameworks: Mapping[str, Framework],
    now: datetime,
    is_everything: bool,
    questions: Container[str] | None = None,
) -> tuple[Step, ...]:
    """Return what to practice: a part that keeps missing, the weakest measure, then what was not done for long.

    No two have the same command: a step whose command is taken asks one of its answers again, or is left out. Unless
    the takes are all there are (``is_everything``), they do not tell which pillar is the oldest.
    """
    steps = (
        *recurring_parts(sections, frameworks)[:1],
        *weak_measures(sections)[:1],
        *(_oldest_pillar(takes, now) if is_everything else ()),
        *_oldest_story(takes, now),
    )
    return tuple(islice(_of_their_own(steps, questions), MOST_STEPS))


def _of_their_own(steps: Iterable[Step], questions: Container[str] | None) -> Iterator[Step]:
    """Yield steps, each with a command that none before has."""
    taken: set[str] = set()
    for step in steps:
        again = (
            f"voicemock practice --question {quote(each.question)}"
            for each in step.answers
            if each.question and (questions is None or each.question in questions)
        )
        command = next((each for each in (step.command, *again) if each not in taken), None)
        if command is not None:
            taken.add(command)
            yield step.model_copy(update={"command": command})


def recurring_parts(sections: Iterable[Section], frameworks: Mapping[str, Framework]) -> tuple[Step, ...]:
    """Return the parts that keep missing, the most often missing first."""
    found = [
        (trend.missing / trend.looked_at, section, trend)
        for section in sections
        for trend in section.trends
        if trend.missing
        and trend.looked_at
        and trend.looked_at >= FEW_IN_ALL
        and trend.missing >= max(MISSING_FROM, trend.looked_at / 2)
    ]
    return tuple(
        _part_step(section, trend, frameworks) for _, section, trend in sorted(found, key=lambda each: -each[0])
    )


def _part_step(section: Section, trend: Trend, frameworks: Mapping[str, Framework]) -> Step:
    part = next(part for part in frameworks[section.name].parts if part.name == trend.name)
    return Step(
        kind="part",
        what=f"{trend.title}: {part.when_missing}",
        trend=trend,
        section=section.title,
        command=_practice(section),
        answers=trend.see,
    )


def weak_measures(sections: Iterable[Section]) -> tuple[Step, ...]:
    """Return the measures that miss their goals, the furthest off first, and of equals the wider group."""
    measured = [section for section in sections if section.kind != "own_view"]  # a view of oneself is no weakness
    found = [weakness for section in measured for trend in section.trends if (weakness := _weakness(section, trend))]
    return tuple(map(_measure_step, sorted(found, key=lambda each: -abs(each.off))))


def _measure_step(weakness: Weakness) -> Step:
    section, trend, off = weakness
    if trend.unit == "share":
        what = f"{trend.title}: {'spend more' if off < 0 else 'spend less'} of the answer on it"
    else:
        what = _ADVICE[trend.name][off > 0]
    return Step(
        kind="measure",
        what=what,
        trend=trend,
        section=section.title,
        command=_practice(section),
        answers=trend.see,
    )


def _weakness(section: Section, trend: Trend) -> Weakness | None:
    if trend.goal is None or trend.now is None or trend.answers < FEW_IN_ALL:
        return None
    gap = trend.goal.gap(trend.now)
    nearest = trend.goal.low if gap < 0 else trend.goal.high
    off = max(-1.0, min(1.0, gap / nearest)) if nearest else 0.0
    return Weakness(section, trend, off) if abs(off) >= GOAL_MARGIN else None


def _oldest_pillar(takes: Sequence[MeasuredTake], now: datetime) -> Iterator[Step]:
    if not takes:
        return
    last = {take.measured.pillar: take.recorded_at for take in takes if take.measured.pillar}
    oldest = min(PILLARS, key=lambda pillar: last[pillar].timestamp() if pillar in last else 0.0)
    days = (now - last[oldest]).days if oldest in last else None
    if days is None or days >= LONG_AGO_DAYS:
        what = f"A question of {pillar_title(oldest).lower()}"
        yield Step(kind="pillar", what=what, days_ago=days, command=_practising("pillar", oldest))


def _oldest_story(takes: Iterable[MeasuredTake], now: datetime) -> Iterator[Step]:
    last = {take.story: take for take in takes if take.story is not None}
    if not last:
        return
    name, told = min(last.items(), key=lambda item: item[1].recorded_at)
    days = (now - told.recorded_at).days
    if days >= LONG_AGO_DAYS:
        what, command = f'The story "{name}"', f"voicemock time {quote(name)}"
        yield Step(kind="story", what=what, days_ago=days, command=command, answers=(place_of(told),))


def _practice(section: Section) -> str:
    return "voicemock practice" if section.kind == "all" else _practising(section.kind, section.name)


def _practising(kind: str, name: str) -> str:
    return f"voicemock practice --{kind} {name.replace('_', '-')}"


def stories_of(takes: Iterable[MeasuredTake], current_version: int) -> tuple[StoryProgress, ...]:
    """Return every story, the last told first. The best take must be measured by the current rules."""
    told: dict[str, list[MeasuredTake]] = {}
    for take in takes:
        if take.story is not None:
            told.setdefault(take.story, []).append(take)
    newest_first = sorted(told.items(), key=lambda item: item[1][-1].recorded_at, reverse=True)
    return tuple(_progress(name, group, current_version) for name, group in newest_first)


def rank(measured: Measured) -> tuple[float, ...]:
    """Return the sort key of takes, the best lowest.

    Fewest parts missing; then nearest to the target length; then with a measured result; then fewest fillers.
    """
    fillers = measured.per_hundred_words(measured.filled_pauses + measured.filler_phrases)
    return (
        sum(not part.present for part in measured.parts) if measured.parts else inf,
        _seconds_off(measured),
        0.0 if measured.measured_results else 1.0,
        inf if fillers is None else fillers,
    )


def _progress(name: str, takes: Sequence[MeasuredTake], current_version: int) -> StoryProgress:
    numbered = list(enumerate(takes, start=1))
    comparable = [each for each in numbered if each[1].measured.analysis_version == current_version]
    # of equals the newest
    best = min(comparable, key=lambda each: (*rank(each[1].measured), -each[0]), default=None)
    return StoryProgress(name=name, takes=len(takes), best=_told(*best) if best else None, latest=_told(*numbered[-1]))


def _told(number: int, take: MeasuredTake) -> ToldTake:
    measured = take.measured
    return ToldTake(
        session=take.session,
        position=take.position,
        recorded_at=take.recorded_at,
        take=number,
        duration_s=measured.duration_s,
        missing=tuple(part.name for part in measured.parts if not part.present) if measured.parts else None,
        measured_results=measured.measured_results,
        fillers_per_hundred_words=measured.per_hundred_words(measured.filled_pauses + measured.filler_phrases),
    )


def _seconds_off(measured: Measured) -> float:
    if measured.duration_s is None:
        return inf
    return max(measured.target_min_s - measured.duration_s, measured.duration_s - measured.target_max_s, 0.0)
