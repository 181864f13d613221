"""Plans practice until the interview: what is weak, what is old and what was never practiced.

Plans are never stored. They are a pure function of the candidate's state and the day, and change with practice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from math import ceil
from typing import Final

from voicemock.models import Loop, PlanBlock, PlanItem, PlanItemKind, PracticePlan
from voicemock.practice.plan_topics import (
    ASKS,
    LONGEST_EVERY_DAYS,
    PracticeState,
    PracticeTopic,
    answered_on,
    asking_command,
    practice_topics,
    telling_command,
)
from voicemock.practice.progress import StoryProgress
from voicemock.practice.story_spacing import MOST_STORIES_A_DAY

LONGEST_SPAN_DAYS: Final = 180
MINUTES_PER_DAY: Final = 45
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
REHEARSAL_DAYS: Final = (2, 3)
"""Days before the interview, the better one first: late enough to be realistic, early enough to fix something."""
ONE_BY_ONE_DAYS: Final = 14
"""Longer plans show only the first and last week day by day."""
NEAR_DAYS: Final = 7
MOST_FAR_BLOCKS: Final = 4
MOST_FAR_ITEMS: Final = 8
MANY_FROM: Final = 3
"""A distant week shows at least this many items of one kind on a single line."""

_MANY: Final[dict[PlanItemKind, str]] = {
    "competency": "What the loop asks about",
    "question": "Questions whose last answer left something open",
    "pillar": "Each pillar in turn",
    "story": "Stories in turn",
    "new_story": "Stories in turn",
    "story_gap": "Stories to write",
}

SHORTEST_LOOP: Final = 15
"""Minutes. Less leaves no time for more than one question."""
LIGHT_MINUTES: Final = 20
FULL_MINUTES: Final = 30
"""Minutes. A shorter rehearsal would not be one."""
INTRODUCTION: Final = "pitch-about-yourself"
"""The question that most interviews begin with."""
MOST_ITEMS: Final = 4
"""Most items of a day."""
_TWO_A_DAY: Final[frozenset[PlanItemKind]] = frozenset({"story", "competency"})


def plan_for(
    today: date,
    interview_on: date,
    state: PracticeState,
    *,
    minutes_per_day: int = MINUTES_PER_DAY,
    days_off: frozenset[int] = frozenset(),
) -> PracticePlan:
    """Propose what to practice on each day until an interview.

    The rehearsal may take longer than an ordinary day's minutes. Days off are weekdays; Monday is 0.

    Raises:
        ValueError: The day is past or too far away, or every weekday is off.
    """
    span = (interview_on - today).days
    if not 0 <= span <= LONGEST_SPAN_DAYS or len(days_off) > 6:
        raise ValueError(f"no plan for {span} days without {len(days_off)} weekdays")
    days = days_until(today, interview_on, days_off)
    blocks = (
        *_ordinary_blocks(days, today, interview_on, state, minutes_per_day),
        *([rehearsal_day(days.rehearsal, interview_on, state, minutes_per_day)] if days.rehearsal else []),
        *([light_day(days.light, state, minutes_per_day)] if days.light else []),
        interview_day(interview_on, state),
    )
    return PracticePlan(
        today=today,
        interview_on=interview_on,
        days_left=span,
        minutes_per_day=minutes_per_day,
        days_off=tuple(WEEKDAYS[number] for number in sorted(days_off)),
        loop=state.loop.name if state.loop else None,
        rests_on=len(state.answers),
        blocks=tuple(sorted(blocks, key=lambda block: block.starts_on)),
    )


def _ordinary_blocks(
    days: Days, today: date, interview_on: date, state: PracticeState, minutes: int
) -> Iterator[PlanBlock]:
    """Yield the ordinary days, with distant ones grouped into weeks."""
    filled = dict(_filled(days, today, state, minutes))
    far = far_weeks(days.ordinary, today, interview_on)
    together = {day for block in far for day in block}
    for day in days.ordinary:
        if day not in together and filled[day]:
            yield PlanBlock(kind="day", starts_on=day, ends_on=day, practice_days=1, items=filled[day])
    for block in far:
        yield far_block(block, (item for day in block for item in filled[day]))


def _filled(days: Days, today: date, state: PracticeState, minutes: int) -> Iterator[tuple[date, tuple[PlanItem, ...]]]:
    answered = {name: answered_on(take) for name, take in state.last_by_question.items()}
    calendar, weekly = Calendar(practice_topics(state, today), today, answered), days.weekly
    for day in days.ordinary:
        loop = short_loop(state, minutes) if day in weekly else None
        yield day, (loop,) if loop else calendar.fill(day, minutes)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of practice, in order.

    Attributes:
        ordinary: Days for what is weak and old.
        rehearsal: The day of a full loop; None if there is no room for one.
        light: The last day; None if no day is left.
    """

    ordinary: tuple[date, ...]
    rehearsal: date | None
    light: date | None

    @property
    def weekly(self) -> frozenset[date]:
        """The last ordinary day of each week but the last, for a short loop."""
        weeks = [list(group) for _, group in groupby(self.ordinary, key=lambda day: day.isocalendar()[:2])]
        return frozenset(week[-1] for week in weeks[:-1] if len(week) > 1)


def days_until(today: date, interview_on: date, days_off: frozenset[int]) -> Days:
    """Return the days of practice before the interview, including today. Days off are weekdays; Monday is 0."""
    span = (interview_on - today).days
    days = [day for number in range(span) if (day := today + timedelta(days=number)).weekday() not in days_off]
    if not days:
        return Days((), None, None)
    *before, light = days
    before_interview = {(interview_on - day).days: day for day in before}
    rehearsal = next((before_interview[number] for number in REHEARSAL_DAYS if number in before_interview), None)
    if rehearsal is None and before:
        rehearsal = before[-1]  # the two days are days off
    return Days(tuple(day for day in before if day != rehearsal), rehearsal, light)


def far_weeks(days: Sequence[date], today: date, interview_on: date) -> tuple[tuple[date, ...], ...]:
    """Return the ordinary days that are planned together: the weeks between the first and the last."""
    if (interview_on - today).days <= ONE_BY_ONE_DAYS:
        return ()
    near, last = today + timedelta(days=NEAR_DAYS), interview_on - timedelta(days=NEAR_DAYS)
    weeks: dict[int, list[date]] = {}
    for day in days:
        if near <= day < last:
            weeks.setdefault((day - near).days // 7, []).append(day)
    together = max(1, ceil(len(weeks) / MOST_FAR_BLOCKS))
    blocks: dict[int, list[date]] = {}
    for week, found in weeks.items():
        blocks.setdefault(week // together, []).extend(found)
    return tuple(tuple(found) for found in blocks.values())


def far_block(days: Sequence[date], items: Iterable[PlanItem]) -> PlanBlock:
    """Return days as one block with how often each thing is practiced, the longest in all first."""
    by_kind: dict[PlanItemKind, list[PlanItem]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    lines = [line for found in by_kind.values() for line in _together(found)]
    kept = sorted(lines, key=lambda line: -line.minutes * line.times)[:MOST_FAR_ITEMS]
    return PlanBlock(kind="weeks", starts_on=days[0], ends_on=days[-1], practice_days=len(days), items=tuple(kept))


def _together(items: Sequence[PlanItem]) -> Iterator[PlanItem]:
    """Yield one line per command, or a single line for many different ones."""
    by_command: dict[str | None, list[PlanItem]] = {}
    for item in items:
        by_command.setdefault(item.command, []).append(item)
    if len(by_command) < MANY_FROM:
        for same in by_command.values():
            yield same[0].model_copy(update={"times": len(same)})
        return
    first = items[0]
    what = f"{_MANY.get(first.kind, 'In turn')} ({len(by_command)}), the first: {first.what}"
    yield first.model_copy(update={"times": len(items), "what": what})


def rehearsal_day(day: date, interview_on: date, state: PracticeState, minutes: int) -> PlanBlock:
    """Return the day of a full loop, or of as much of one as twice a day's time allows."""
    before = (interview_on - day).days
    when = "The day before" if before == 1 else f"{before} days before"
    why = f"{when}: late enough to be realistic, early enough to fix one thing and to rest."
    if state.loop is None:
        item = PlanItem(
            kind="loop", what="A whole interview", command="voicemock practice --count 3", minutes=minutes, why=why
        )
    else:
        full = round(state.loop.minutes)
        box = min(full, max(FULL_MINUTES, 2 * minutes))
        what = f"A full loop: {state.loop.title}" if box == full else f"A loop in {box} minutes: {state.loop.title}"
        item = PlanItem(kind="loop", what=what, command=_loop_command(state.loop, box), minutes=box, why=why)
    return _day("rehearsal", day, item)


def light_day(day: date, state: PracticeState, minutes: int) -> PlanBlock:
    """Return the last day before the interview, with nothing new."""
    each = min(10, minutes)
    others = _ready_stories(state, day)[1:]
    what, command = _once(others[0]) if others else ("One question out loud, and no more", asking_command("behavioral"))
    items = [_warm_up(what, command, each)]
    if minutes >= LIGHT_MINUTES:
        items.append(
            PlanItem(
                kind="light",
                what="Read the debrief of your last loop, and write down two questions of your own to ask",
                command="voicemock debrief",
                minutes=each,
                why="Nothing new today. You have all you need for tomorrow.",
            )
        )
    return _day("light", day, *items)


def interview_day(day: date, state: PracticeState) -> PlanBlock:
    """Return the interview's day: a warm-up and no more, and not that of the day before."""
    ready = _ready_stories(state, day)
    what, command = _once(ready[0]) if ready else ("Introduce yourself once, and no more", f"{ASKS} {INTRODUCTION}")
    return _day("interview", day, _warm_up(what, command, 5))


def short_loop(state: PracticeState, minutes: int) -> PlanItem | None:
    """Return a loop in the time of one day; None without a loop, or without the time for one."""
    if state.loop is None or minutes < SHORTEST_LOOP:
        return None
    box = min(minutes, round(state.loop.minutes))
    return PlanItem(
        kind="loop",
        what=f"A short loop: {state.loop.title}",
        command=_loop_command(state.loop, box),
        minutes=box,
        why="Once a week, to see how the parts hold together when questions come one after another.",
    )


def _ready_stories(state: PracticeState, day: date) -> list[StoryProgress]:
    """Return the stories to warm up with, the best-told one first; none that was told on that day already."""
    stories = [story for story in state.progress.stories if not state.was_told_on(story.name, day)]
    return sorted(stories, key=lambda story: (story.best is None, len(story.latest.missing or ())))


def _once(story: StoryProgress) -> tuple[str, str]:
    return f'Tell "{story.name}" once, and no more', telling_command(story.name)


def _warm_up(what: str, command: str, minutes: int) -> PlanItem:
    return PlanItem(
        kind="light", what=what, command=command, minutes=minutes, why="It warms up your voice without tiring you."
    )


def _loop_command(loop: Loop, minutes: int) -> str:
    box = "" if minutes == round(loop.minutes) else f" --minutes {minutes}"
    return f"voicemock practice --loop {loop.name}{box}"


def _day(kind: str, day: date, *items: PlanItem) -> PlanBlock:
    return PlanBlock.model_validate(
        {"kind": kind, "starts_on": day, "ends_on": day, "practice_days": 1, "items": items}
    )


@dataclass(slots=True)
class Calendar:
    """When each topic is due. Days are filled in order, from today on."""

    topics: Sequence[PracticeTopic]
    today: date
    answered: Mapping[str, date] = field(default_factory=dict)
    """The day on which each question was last answered, before the plan begins."""
    _asked_on: dict[str, date] = field(init=False)
    _due: dict[int, date] = field(init=False)
    """By place in ``topics``, without topics that do not come again."""
    _times: Counter[int] = field(default_factory=Counter, init=False)

    def __post_init__(self) -> None:
        self._asked_on = dict(self.answered)
        self._due = {place: self.today + timedelta(days=topic.first_in_days) for place, topic in enumerate(self.topics)}

    def fill(self, day: date, minutes: int) -> tuple[PlanItem, ...]:
        """Return the items of a day and count them as done. Due topics come first, the most important ones leading.

        A question of the day before is left out unless the day would be empty without it.
        """
        chosen: list[int] = []
        left = minutes
        for place in self._by_need(day):
            topic = self.topics[place]
            needed = min(topic.minutes, minutes)  # fifteen minutes are shortened to fit a day of ten
            is_early = self._due[place] > day and (bool(chosen) or topic.tells_story)
            is_repeated = self._is_repeated(place, day) and bool(chosen)
            if is_early or is_repeated or needed > left or len(chosen) == MOST_ITEMS or not self._fits(topic, chosen):
                continue
            chosen.append(place)
            left -= needed
        items = tuple(self._item(place, minutes) for place in chosen)
        for place in chosen:
            self._count(place, day)
        return items

    def _by_need(self, day: date) -> Iterable[int]:
        """Return the topics that are due, the most important first, then the others by date, and repeated ones last."""
        return sorted(
            self._due,
            key=lambda place: (
                self._is_repeated(place, day),
                *(
                    (False, self.topics[place].weight, self._due[place], place)
                    if self._due[place] <= day
                    else (True, self._due[place].toordinal(), date.max, place)
                ),
            ),
        )

    def _is_repeated(self, place: int, day: date) -> bool:
        """Return whether a topic asks what was asked the day before, or that day already."""
        question = self.topics[place].question
        last = self._asked_on.get(question) if question else None
        return last is not None and (day - last).days <= 1

    def _fits(self, topic: PracticeTopic, chosen: Sequence[int]) -> bool:
        of_kind = [place for place in chosen if self.topics[place].kind == topic.kind]
        same = any(
            self.topics[place].command == topic.command
            or (topic.question and self.topics[place].question == topic.question)
            for place in chosen
        )
        told = sum(self.topics[place].tells_story for place in chosen)
        has_room = not topic.tells_story or told < MOST_STORIES_A_DAY
        return not same and has_room and len(of_kind) < (2 if topic.kind in _TWO_A_DAY else 1)

    def _item(self, place: int, minutes: int) -> PlanItem:
        topic = self.topics[place]
        return PlanItem(
            kind=topic.kind,
            what=topic.what,
            command=topic.command,
            minutes=min(topic.minutes, minutes),
            why=(topic.why_again or topic.why) if self._times[place] else topic.why,
        )

    def _interval(self, place: int) -> int:
        """Return the days from the last time to the next."""
        topic = self.topics[place]
        if topic.intervals:
            return topic.intervals[min(self._times[place], len(topic.intervals)) - 1]
        every = topic.every_days or 0
        return min(every * 2 ** (self._times[place] - 1), max(LONGEST_EVERY_DAYS, every)) if topic.grows else every

    def _count(self, place: int, day: date) -> None:
        """Count a topic as done; a story that is told is told for all that it was to be told for."""
        topic = self.topics[place]
        if topic.question:
            self._asked_on[topic.question] = day
        same = [other for other in self._due if other != place and self.topics[other].command == topic.command]
        for each in (place, *(same if topic.tells_story else ())):
            self._times[each] += 1
            if self.topics[each].every_days is None and not self.topics[each].intervals:
                del self._due[each]
            else:
                self._due[each] = day + timedelta(days=max(1, self._interval(each)))
