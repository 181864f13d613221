"""Days that are not like the others: the rehearsal, the light day before, the day itself, and a short loop a week."""

from __future__ import annotations

from datetime import date
from typing import Final

from voicemock.models import Loop, PlanBlock, PlanItem
from voicemock.plan.state import PracticeState
from voicemock.plan.topics import asking_command, telling_command

SHORTEST_LOOP: Final = 15
"""Minutes; in less there is no time for more than one question."""
LIGHT_MINUTES: Final = 20
FULL_MINUTES: Final = 30
"""A rehearsal shorter than this is none."""


def rehearsal_day(day: date, interview_on: date, state: PracticeState, minutes: int) -> PlanBlock:
    """Return the day of a full loop; where days are short, as much of one as twice a day's time allows."""
    before = (interview_on - day).days
    when = "The day before" if before == 1 else f"{before} days before"
    why = f"{when}: late enough to be true, early enough to mend one thing and to rest."
    if state.loop is None:
        item = PlanItem(
            kind="loop", what="A whole interview", command="voicemock practice --count 3", minutes=minutes, why=why
        )
    else:
        full = round(state.loop.minutes)
        box = min(full, max(FULL_MINUTES, 2 * minutes))
        what = f"A full loop: {state.loop.title}" if box == full else f"A loop in {box} minutes: {state.loop.title}"
        item = PlanItem(kind="loop", what=what, command=_command(state.loop, box), minutes=box, why=why)
    return _day("rehearsal", day, item)


def light_day(day: date, state: PracticeState, minutes: int) -> PlanBlock:
    """Return the last day: nothing new."""
    each = min(10, minutes)
    items = [_opening_story(state, each)]
    if minutes >= LIGHT_MINUTES:
        items.append(
            PlanItem(
                kind="light",
                what="Read the debrief of your last loop, and write down two questions to ask back",
                command="voicemock debrief",
                minutes=each,
                why="Nothing new today. What is not ready now is not needed tomorrow.",
            )
        )
    return _day("light", day, *items)


def interview_day(day: date, state: PracticeState) -> PlanBlock:
    """Return the day itself: the voice is warmed up, no more."""
    return _day("interview", day, _opening_story(state, 5))


def short_loop(state: PracticeState, minutes: int) -> PlanItem | None:
    """Return a loop in the time of one day; None where there is no loop, or no time for one."""
    if state.loop is None or minutes < SHORTEST_LOOP:
        return None
    box = min(minutes, round(state.loop.minutes))
    return PlanItem(
        kind="loop",
        what=f"A short loop: {state.loop.title}",
        command=_command(state.loop, box),
        minutes=box,
        why="Once a week, to see how the parts hold together when questions come one after another.",
    )


def _opening_story(state: PracticeState, minutes: int) -> PlanItem:
    """Return the story that is told best, to be told once."""
    told = [story for story in state.progress.stories if story.best is not None]
    ready = min(told or state.progress.stories, key=lambda story: len(story.latest.missing or ()), default=None)
    command = telling_command(ready.name) if ready else asking_command("behavioral")
    what = f'Tell "{ready.name}" once, and no more' if ready else "One question out loud, and no more"
    return PlanItem(
        kind="light", what=what, command=command, minutes=minutes, why="It warms the voice up and tires nobody."
    )


def _command(loop: Loop, minutes: int) -> str:
    box = "" if minutes == round(loop.minutes) else f" --minutes {minutes}"
    return f"voicemock practice --loop {loop.name}{box}"


def _day(kind: str, day: date, *items: PlanItem) -> PlanBlock:
    return PlanBlock.model_validate(
        {"kind": kind, "starts_on": day, "ends_on": day, "practice_days": 1, "items": items}
    )
