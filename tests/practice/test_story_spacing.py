"""When stories come back: each story alone, and six weeks of practice by the plan."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from shlex import split

import pytest

from tests.interviews import bank
from tests.progresses import NOW, measured
from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.models import Measured, Part
from voicemock.practice.plan import plan_for
from voicemock.practice.plan_topics import TELLS, PracticeState
from voicemock.practice.progress import look_back
from voicemock.practice.story_spacing import (
    INTERVALS_DAYS,
    MOST_STORIES_A_DAY,
    STUCK_FROM,
    Telling,
    shortcoming_of,
    spacing_of,
)
from voicemock.store.rows import MeasuredTake

DAY = date(2026, 11, 25)
WEEKS = 6


def told_on_each_due_day(takes: str) -> list[int]:
    """The days, from 0, on which a story is told whose tellings go so: G well, B badly."""
    tellings: list[Telling] = []
    on = DAY
    for how in takes:
        tellings.append(Telling(on, None if how == "G" else "No measured result"))
        on = spacing_of(tellings).due
    return [(telling.on - DAY).days for telling in tellings]


@pytest.mark.parametrize(
    ("takes", "days"),
    [
        ("GGGGGGG", [0, 1, 4, 11, 25, 46, 67]),  # 1, 3, 7, 14, then 21 days
        ("BGGGG", [0, 1, 4, 11, 25]),  # the first telling leads to the next day in any case
        ("BBGGG", [0, 1, 2, 5, 12]),
        ("GGGBGGG", [0, 1, 4, 11, 12, 15, 22]),  # back the next day, and up again
        ("GGGGBBGG", [0, 1, 4, 11, 25, 26, 27, 30]),
        ("BBBBBBBBB", [0, 1, 2, 5, 8, 11, 18, 25, 32]),  # telling it the next day has not helped
        ("BBBGG", [0, 1, 2, 5, 8]),
        ("GBGBGB", [0, 1, 2, 5, 6, 9]),
    ],
)
def test_a_story_comes_back_after_growing_intervals_and_sooner_when_it_went_badly(takes: str, days: list[int]) -> None:
    assert told_on_each_due_day(takes) == days


@pytest.mark.parametrize(
    ("tellings", "step", "due"),
    [
        ([(0, "G"), (0, "G"), (0, "G")], 0, 1),  # one day is one step, however often it was told
        ([(0, "B"), (0, "G")], 0, 1),  # the last telling of a day stands for it
        ([(0, "G"), (1, "G"), (2, "G")], 1, 5),  # told before its day: no step, the days count anew
        ([(0, "G"), (1, "G"), (30, "G")], 2, 37),  # late is not punished
        ([(0, "G"), (1, "G"), (4, "G"), (5, "B")], 0, 6),  # badly before its day is badly
    ],
)
def test_tellings_that_the_plan_did_not_ask_for(tellings: list[tuple[int, str]], step: int, due: int) -> None:
    spacing = spacing_of(
        Telling(DAY + timedelta(days=day), None if how == "G" else "No result") for day, how in tellings
    )
    assert (spacing.step, (spacing.due - DAY).days) == (step, due)


def test_what_was_never_told_has_no_interval() -> None:
    with pytest.raises(ValueError, match="never told"):
        spacing_of([])


NO_RESULT_PART = [Part(name="options", present=True), Part(name="decision", present=True)]


@pytest.mark.parametrize(
    ("numbers", "shortcoming"),
    [
        (measured(), None),
        (measured(shares=(0.2, None, 0.8, None)), "No task or result"),
        (measured(measured_results=0), "No measured result"),
        (measured(measured_results=None), None),  # not measured is not missing
        (measured(parts=NO_RESULT_PART, measured_results=0), None),  # nothing asks for a number there
        (measured(duration_s=400.0), "Far from its target length"),
        (measured(duration_s=301.0), "Far from its target length"),
        (measured(duration_s=300.0), None),
        (measured(duration_s=134.0), "Far from its target length"),
        (measured(duration_s=None), None),
    ],
)
def test_what_a_telling_lacked(numbers: Measured, shortcoming: str | None) -> None:
    assert shortcoming_of(numbers) == shortcoming


# --- six weeks of practice ---------------------------------------------------------------------------------

WELL, BADLY = measured(question=None), measured(question=None, measured_results=0)
GoesWell = Callable[[str, int], bool]
"""Says whether a story's telling of this number, counted from 1, goes well."""


def practiced(stories: tuple[str, ...], goes_well: GoesWell, **options: object) -> dict[str, list[int]]:
    """Tell each day what the plan of that day asks for; return the days on which each story was told."""
    takes: list[MeasuredTake] = []
    days: dict[str, list[int]] = {name: [] for name in stories}
    for number in range(7 * WEEKS):
        now = NOW + timedelta(days=number)
        untold = tuple(name for name, told in days.items() if not told)
        state = PracticeState(
            progress=look_back(takes, bank().frameworks, current_version=ANALYSIS_VERSION, now=now),
            takes=tuple(takes),
            questions=bank().questions,
            frameworks={str(framework.name): framework for framework in bank().frameworks},
            untold=untold,
        )
        today = now.astimezone().date()
        plan = plan_for(today, today + timedelta(days=10), state, **options)  # type: ignore[arg-type]
        block = next((block for block in plan.blocks if block.starts_on == today), None)
        for item in block.items if block else ():
            if item.command is not None and item.command.startswith(TELLS):
                *_, name = split(item.command)
                days[name].append(number)
                numbers = WELL if goes_well(name, len(days[name])) else BADLY
                takes.append(MeasuredTake(f"{number:03}-{name}", 1, now, name, numbers))
    return days


def test_six_weeks_of_practice() -> None:
    bad = {"Always well": (), "Badly at first": (1, 2), "Never well": range(1, 99), "Slips once": (4,)}
    assert practiced(tuple(bad), lambda name, telling: telling not in bad[name]) == {
        "Always well": [0, 1, 5, 12, 26],  # the fourth day was full
        "Badly at first": [1, 2, 3, 6, 13, 27],
        "Never well": [2, 4, 5, 8, 11, 14, 21, 28, 35],
        "Slips once": [3, 4, 7, 14, 15, 18, 25, 39],
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("days_off", [frozenset(), frozenset({5, 6})], ids=["every day", "no weekend"])
def test_however_it_goes_no_story_is_told_too_often(seed: int, days_off: frozenset[int]) -> None:
    dice = random.Random(seed)
    went: dict[tuple[str, int], bool] = {}

    def goes_well(name: str, telling: int) -> bool:
        return went.setdefault((name, telling), dice.random() < 0.6)

    stories = tuple(f"Story {number}" for number in range(5))
    days = practiced(stories, goes_well, days_off=days_off, minutes_per_day=60)
    every = sorted(day for told in days.values() for day in told)
    assert all(every.count(day) <= MOST_STORIES_A_DAY for day in every)
    for name, told in days.items():
        assert len(told) == len(set(told)), "twice on a day"
        for telling, (day, after) in enumerate(pairwise(told), start=1):
            newest = [went[name, each] for each in range(1, telling + 1)]
            assert after - day >= shortest_wait(newest), (name, newest, told)


def shortest_wait(went: list[bool]) -> int:
    """The days that a story has to wait at least, by how all its tellings went."""
    if all(went):
        return INTERVALS_DAYS[min(len(went), len(INTERVALS_DAYS)) - 1]
    if len(went) >= STUCK_FROM and not any(went[-STUCK_FROM:]):
        return INTERVALS_DAYS[1]
    return INTERVALS_DAYS[0]
