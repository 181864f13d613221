"""The spacing of stories: what a telling lacked, and when the story comes back.

A story climbs through growing intervals while its tellings go well, and falls back to the first one when they do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from voicemock.coaching.delivery import FAR_OFF
from voicemock.coaching.self_rating import RESULT_PART
from voicemock.coaching.spoken_numbers import counted, enumerate_words
from voicemock.models import Measured

INTERVALS_DAYS: Final = (1, 3, 7, 14, 21)
"""Days between tellings. A telling that goes well on its day moves on to the next interval; the last one repeats."""
MOST_STORIES_A_DAY: Final = 2
STUCK_FROM: Final = 3
"""Bad days in a row after which a story waits longer: telling it again so soon has not helped."""
LONGEST_STUCK_STEP: Final = 2
"""Index of the longest interval for a story that keeps going badly: it must not be forgotten."""


class Telling(NamedTuple):
    """One telling of a story, or one answer to a question."""

    on: date
    shortcoming: str | None
    """None if nothing was missing."""


class Spacing(NamedTuple):
    """When a story comes back.

    Attributes:
        step: Place of the interval in ``INTERVALS_DAYS``.
        due: The first day on which it should be told again.
        bad_in_a_row: How many of the newest days of telling it went badly.
    """

    step: int
    due: date
    bad_in_a_row: int

    @property
    def is_stuck(self) -> bool:
        """Whether telling it again soon has not helped."""
        return self.bad_in_a_row >= STUCK_FROM

    @property
    def interval_days(self) -> int:
        """Days from the last telling to the next."""
        stuck = min(self.bad_in_a_row // STUCK_FROM, LONGEST_STUCK_STEP)
        return INTERVALS_DAYS[stuck if self.bad_in_a_row else self.step]

    @property
    def later_days(self) -> tuple[int, ...]:
        """The intervals after the next telling, if that goes well."""
        return INTERVALS_DAYS[min(self.step + 1, len(INTERVALS_DAYS) - 1) :]


def spacing_of(tellings: Iterable[Telling]) -> Spacing:
    """Return when a story comes back, from its tellings, oldest first.

    The last telling of a day stands for the day. A good one before its day counts the days anew and climbs no step.

    Raises:
        ValueError: There is no telling.
    """
    found: Spacing | None = None
    for day, group in groupby(tellings, key=lambda telling: telling.on):
        *_, last = group
        found = _after(found, day, went_well=last.shortcoming is None)
    if found is None:
        raise ValueError("a story that was never told has no interval")
    return found


def _after(before: Spacing | None, day: date, *, went_well: bool) -> Spacing:
    """Return the spacing after a day on which a story was told."""
    bad, step = 0, before.step if before else 0
    if not went_well:
        bad, step = (before.bad_in_a_row if before else 0) + 1, 0
    elif before and day >= before.due:
        step = min(step + 1, len(INTERVALS_DAYS) - 1)
    spacing = Spacing(step, day, bad)
    return spacing._replace(due=day + timedelta(days=spacing.interval_days))


def how_it_went(last: Telling, spacing: Spacing) -> str:
    """Return why a story comes back when it does, in a sentence."""
    if spacing.is_stuck:
        days = f"each of the last {spacing.bad_in_a_row} days you told it"
        return f"{last.shortcoming} the last time, and something was wrong on {days}: change its notes first."
    if last.shortcoming is not None:
        return f"{last.shortcoming} the last time, so it comes back sooner."
    return f"Nothing was missing the last time: back after {counted(spacing.interval_days, 'day')}."


def shortcoming_of(measured: Measured) -> str | None:
    """Return what an answer lacked: a part, a measured result where one is asked for, or nearly its target length."""
    missing = [part.name.replace("_", " ") for part in measured.parts if not part.present]
    if missing:
        return f"No {enumerate_words(tuple(missing), conjunction='or')}"
    asks_for_result = any(part.name == RESULT_PART for part in measured.parts)
    if asks_for_result and measured.measured_results == 0:
        return "No measured result"
    return "Far from its target length" if is_far_off(measured) else None


def is_far_off(measured: Measured) -> bool:
    """Return whether an answer is much shorter or longer than its target."""
    if measured.duration_s is None:
        return False
    shortest, longest = measured.target_min_s * (1 - FAR_OFF), measured.target_max_s * (1 + FAR_OFF)
    return not shortest <= measured.duration_s <= longest
