"""Filling days with topics: what is due and weighs most comes first, and no day asks for more than it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from voicemock.models import PlanItem, PlanItemKind
from voicemock.plan.topics import LONGEST_EVERY_DAYS, PracticeTopic

MOST_ITEMS: Final = 4
"""Of a day."""
_TWO_A_DAY: Final[frozenset[PlanItemKind]] = frozenset({"story", "competency"})


@dataclass(slots=True)
class Calendar:
    """Which topic is due when, as days are filled one after another, from today on."""

    topics: Sequence[PracticeTopic]
    today: date
    _due: dict[int, date] = field(init=False)
    """By place in ``topics``; without one that does not come again."""
    _times: Counter[int] = field(default_factory=Counter, init=False)

    def __post_init__(self) -> None:
        self._due = {place: self.today + timedelta(days=topic.first_in_days) for place, topic in enumerate(self.topics)}

    def fill(self, day: date, minutes: int) -> tuple[PlanItem, ...]:
        """Return what a day holds, and count it as done; days are filled in order."""
        chosen: list[int] = []
        left = minutes
        for place in self._by_need(day):
            topic = self.topics[place]
            needed = min(topic.minutes, minutes)  # a day of ten minutes takes what it can of fifteen
            is_early = self._due[place] > day and bool(chosen)
            if is_early or needed > left or len(chosen) == MOST_ITEMS or not self._fits(topic, chosen):
                continue
            chosen.append(place)
            left -= needed
        items = tuple(self._item(place, minutes) for place in chosen)
        for place in chosen:
            self._count(place, day)
        return items

    def _by_need(self, day: date) -> Iterable[int]:
        """What is due, the weightiest first; then what will be."""
        return sorted(
            self._due,
            key=lambda place: (
                (False, self.topics[place].weight, self._due[place], place)
                if self._due[place] <= day
                else (True, self._due[place].toordinal(), date.max, place)
            ),
        )

    def _fits(self, topic: PracticeTopic, chosen: Sequence[int]) -> bool:
        of_kind = [place for place in chosen if self.topics[place].kind == topic.kind]
        same = any(self.topics[place].command == topic.command for place in chosen)
        return not same and len(of_kind) < (2 if topic.kind in _TWO_A_DAY else 1)

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
        """Days from the last time to the next."""
        topic = self.topics[place]
        every = topic.every_days or 0
        return min(every * 2 ** (self._times[place] - 1), max(LONGEST_EVERY_DAYS, every)) if topic.grows else every

    def _count(self, place: int, day: date) -> None:
        self._times[place] += 1
        if self.topics[place].every_days is None:
            del self._due[place]
        else:
            self._due[place] = day + timedelta(days=max(1, self._interval(place)))
