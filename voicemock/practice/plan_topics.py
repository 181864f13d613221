"""Why something is to be practiced, from the candidate's own numbers.

What a plan is made from: what was practiced, what the loop asks for, and what no story covers yet.

What may be planned: each thing to practice with its weight, its length, its reason and how soon it comes again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from shlex import quote
from typing import Final, get_args

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.coaching.delivery import FAR_OFF
from voicemock.coaching.numerals import clock, percent
from voicemock.content.questions import QuestionBank
from voicemock.models import BankedStory, Framework, FrameworkName, Loop, Measured, Pillar, PlanItemKind, Question
from voicemock.practice.progress import Progress, Step, StoryProgress, look_back, recurring_parts, weak_measures
from voicemock.practice.story_coverage import coverage
from voicemock.practice.trends import RECENT, Trend, Unit
from voicemock.store.rows import MeasuredTake

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


@dataclass(frozen=True)
class PracticeState:
    """Everything that decides what to practice.

    Attributes:
        progress: Looked back at, with today's rules.
        takes: Every answer, in the order of time.
        questions: Of the bank.
        frameworks: By name.
        loop: What is prepared for; None where that is not known.
        untold: Names of stories that were written down and not told yet.
        uncovered: Competencies of the loop's company that no story of the candidate shows; None where nobody knows.
    """

    progress: Progress
    takes: tuple[MeasuredTake, ...] = ()
    questions: tuple[Question, ...] = ()
    frameworks: dict[str, Framework] = field(default_factory=dict)
    loop: Loop | None = None
    untold: tuple[str, ...] = ()
    uncovered: tuple[str, ...] | None = None

    @cached_property
    def answers(self) -> tuple[MeasuredTake, ...]:
        """Answers of their own, no replies to follow-ups."""
        return tuple(take for take in self.takes if take.measured.is_whole)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was practiced yet."""
        return not self.answers

    @cached_property
    def last_by_question(self) -> dict[str, MeasuredTake]:
        """The newest answer to each question."""
        return {take.measured.question: take for take in self.answers if take.measured.question is not None}

    @cached_property
    def last_by_pillar(self) -> dict[Pillar, date]:
        """When each pillar was practiced last."""
        return {take.measured.pillar: answered_on(take) for take in self.answers if take.measured.pillar is not None}

    @cached_property
    def practiced_competencies(self) -> frozenset[str]:
        """Competencies of which a question was answered."""
        by_id = {question.id: question.competency for question in self.questions}
        return frozenset(by_id[name] for name in self.last_by_question if name in by_id)

    def competencies(self) -> Iterator[str]:
        """Yield those that the loop asks about; its rounds take turns, so that none waits for all others."""
        rounds = [list(block.competencies) for block in self.loop.rounds] if self.loop else []
        for place in range(max(map(len, rounds), default=0)):
            for block in rounds:
                if place < len(block):
                    yield block[place]

    def question_of(self, competency: str) -> Question | None:
        """Return the first question about a competency, one of the loop's company before one that everybody asks."""
        found = [question for question in self.questions if question.competency == competency]
        company = self.loop.company if self.loop else None
        return min(found, key=lambda each: (company not in each.companies, bool(each.companies)), default=None)


def state_of(
    takes: tuple[MeasuredTake, ...], stories: tuple[BankedStory, ...], loop: Loop, bank: QuestionBank, now: datetime
) -> PracticeState:
    """Return what a plan for a loop is made from; its gaps are known only where stories are linked.

    Args:
        takes: Every answer that is kept, in the order of time.
        stories: Every story that is kept.
        loop: What is prepared for.
        bank: Has the questions.
        now: What a trend is looked back from.
    """
    are_linked = any(banked.notes.shows for banked in stories)
    return PracticeState(
        progress=look_back(takes, bank.frameworks, current_version=ANALYSIS_VERSION, now=now),
        takes=takes,
        questions=bank.questions,
        frameworks={str(framework.name): framework for framework in bank.frameworks},
        loop=loop,
        untold=tuple(banked.story.name for banked in stories if not banked.takes),
        uncovered=coverage(loop.company, bank, stories).gaps if loop.company and are_linked else None,
    )


def answered_on(take: MeasuredTake) -> date:
    """Return the local day of an answer."""
    return take.recorded_at.astimezone().date()


def lacks(measured: Measured) -> tuple[str, ...]:
    """Return the parts that an answer lacked."""
    return tuple(part.name for part in measured.parts if not part.present)


MOST_WEAKNESSES: Final = 2
"""Of parts, and of measures: who works on five things works on none."""
MOST_GAPS: Final = 6
MOST_QUESTIONS: Final = 6
AGAIN: Final = "Again, at a growing interval: what is told so stays."
FIRST_STORIES: Final = ("First program", "Second program", "Third program")
"""Names that a beginner's stories begin with: three programs are enough to answer most questions."""
STORY_EVERY_DAYS: Final = 2
LONGEST_EVERY_DAYS: Final = 21

_PILLARS: Final[tuple[Pillar, ...]] = get_args(Pillar)
_FRAMEWORKS: Final[dict[str, FrameworkName]] = {"star": "star", "triage": "triage", "design": "design"}
_PILLAR_OF: Final[dict[str, Pillar]] = {"star": "behavioral", "triage": "program_sense", "design": "system_design"}
_TITLES: Final[dict[Pillar, str]] = {
    "program_sense": "A question of program sense",
    "system_design": "A system design question",
    "behavioral": "A behavioral question",
}


@dataclass(frozen=True, slots=True)
class PracticeTopic:
    """Something that can be planned."""

    kind: PlanItemKind
    what: str
    command: str
    minutes: int
    """With the feedback and a second try."""
    why: str
    """The first time."""
    weight: int
    """The lower, the sooner where several are due."""
    first_in_days: int = 0
    every_days: int | None = None
    """Until it is due again; None: never again."""
    grows: bool = False
    """Whether that time doubles with each time."""
    why_again: str | None = None
    """The next times; None: for the same reason."""


def practice_topics(state: PracticeState, today: date) -> tuple[PracticeTopic, ...]:
    """Return everything that is worth planning, in an order that never changes for the same state."""
    return (
        *_weak_parts(state),
        *_weak_measures(state),
        *_new_stories(state),
        *_gaps(state),
        *_stories(state, today),
        *_questions(state, today),
        *_new_competencies(state),
        *_pillars(state, today),
        *_follow_ups(state),
    )


def oldest_story(stories: Sequence[StoryProgress]) -> StoryProgress | None:
    """Return the story that was told longest ago."""
    return min(stories, key=lambda story: story.latest.recorded_at, default=None)


def telling_command(name: str) -> str:
    """Return the command that times a story."""
    return f"voicemock time {quote(name)}"


def asking_command(pillar: Pillar, more: str = "") -> str:
    """Return the command that asks one question of a pillar."""
    return f"voicemock practice --pillar {pillar.replace('_', '-')} --count 1{more}"


def _weak_parts(state: PracticeState) -> Iterator[PracticeTopic]:
    """Parts that keep missing: twice in a row, so that the second take mends it."""
    for step in recurring_parts(state.progress.sections, state.frameworks)[:MOST_WEAKNESSES]:
        if step.trend is None:
            continue
        section = next(each for each in state.progress.sections if each.title == step.section)
        framework = _FRAMEWORKS[section.name]
        command = asking_command(_PILLAR_OF[framework], " --takes 2")
        without = [story for story in state.progress.stories if step.trend.name in (story.latest.missing or ())]
        if framework == "star" and (story := oldest_story(without)):
            command = telling_command(story.name)
        yield PracticeTopic("part", step.what, command, 15, part_reason(step.trend, framework), 0, every_days=3)


def _weak_measures(state: PracticeState) -> Iterator[PracticeTopic]:
    """Each measure once, however many groups of answers it is weak in."""
    named: set[str] = set()
    for step in weak_measures(state.progress.sections):
        if step.trend is None or step.trend.name in named or len(named) == MOST_WEAKNESSES:
            continue
        named.add(step.trend.name)
        story = oldest_story(state.progress.stories) if step.trend.name == "length" else None
        command = telling_command(story.name) if story else f"{step.command} --count 1 --takes 2"
        yield PracticeTopic("measure", step.what, command, 15, measure_reason(step), 1, first_in_days=1, every_days=4)


def _new_stories(state: PracticeState) -> Iterator[PracticeTopic]:
    """Stories that were written and not told; for who has none at all, three programs to write down and tell."""
    for place, name in enumerate(state.untold):
        what = f'Tell "{name}" for the first time'
        yield _new_story(what, name, "You wrote it down and have not told it yet.", place)
    if state.progress.stories or state.untold:
        return
    why = "No story was told yet. Three programs, told in three to four minutes, answer most questions."
    write = "Write three programs down, with numbers and trade-offs"
    yield PracticeTopic("new_story", write, "voicemock stories add --guided", 30, why, 2)
    for place, name in enumerate(FIRST_STORIES):
        what = f"Tell a program that you led ({name.lower()}; give it a name of your own)"
        yield _new_story(what, name, why, 1 + 2 * place)


def _new_story(what: str, name: str, why: str, first_in_days: int) -> PracticeTopic:
    return PracticeTopic(
        "new_story", what, telling_command(name), 15, why, 2, first_in_days, every_days=3, grows=True, why_again=AGAIN
    )


def _gaps(state: PracticeState) -> Iterator[PracticeTopic]:
    """Principles that no story shows."""
    for place, competency in enumerate((state.uncovered or ())[:MOST_GAPS]):
        name = competency.replace("-", " ")
        command = f"voicemock stories add {quote(f'Story of {name}')} --shows {competency}"
        what = f"Find and write a story that shows {name}"
        yield PracticeTopic("story_gap", what, command, 20, "No story of yours shows it.", 3, place)


def _stories(state: PracticeState, today: date) -> Iterator[PracticeTopic]:
    """Stories at growing intervals: what was told often keeps longer."""
    for story in state.progress.stories:
        last = story.latest.recorded_at.astimezone().date()
        interval = min(STORY_EVERY_DAYS * 2 ** (story.takes - 1), LONGEST_EVERY_DAYS)
        told = "once" if story.takes == 1 else f"{story.takes} times"
        yield PracticeTopic(
            "story",
            f'Tell "{story.name}" again',
            telling_command(story.name),
            10,
            f"Told {told}. {age_reason(last, today, 'told')}",
            4,
            first_in_days=max(0, interval - (today - last).days),
            every_days=interval,
            grows=True,
            why_again=AGAIN,
        )


def _questions(state: PracticeState, today: date) -> Iterator[PracticeTopic]:
    """Questions whose last answer left something open, the oldest first."""
    known = {question.id: question for question in state.questions}
    found = [
        (name, take) for name, take in state.last_by_question.items() if name in known and _left_open(take.measured)
    ]
    for name, take in sorted(found, key=lambda each: (each[1].recorded_at, each[0]))[:MOST_QUESTIONS]:
        yield PracticeTopic(
            "question",
            f"Answer again: {known[name].text}",
            f"voicemock practice --question {name}",
            10,
            f"{_open_reason(take)} {age_reason(answered_on(take), today, 'answered')}",
            5,
            first_in_days=max(0, 3 - (today - answered_on(take)).days),
            every_days=5,
            grows=True,
            why_again=AGAIN,
        )


def _left_open(measured: Measured) -> bool:
    if lacks(measured) or measured.measured_results == 0:
        return True
    if measured.duration_s is None:
        return False
    shortest, longest = measured.target_min_s * (1 - FAR_OFF), measured.target_max_s * (1 + FAR_OFF)
    return not shortest <= measured.duration_s <= longest


def _open_reason(take: MeasuredTake) -> str:
    missing = lacks(take.measured)
    if missing:
        return f"Without {', '.join(name.replace('_', ' ') for name in missing)} the last time."
    if take.measured.framework == "star" and take.measured.measured_results == 0:
        return "No measured result the last time."
    return "Far from its target length the last time."


def _new_competencies(state: PracticeState) -> Iterator[PracticeTopic]:
    """What the loop asks about and was never practiced."""
    for competency in state.competencies():
        question = state.question_of(competency)
        if competency in state.practiced_competencies or question is None or state.loop is None:
            continue
        what = f"{competency.replace('-', ' ').capitalize()}: {question.text}"
        why = f"The {state.loop.name} loop asks about it, and you have not practiced it."
        command = f"voicemock practice --question {question.id} --follow-ups 1"
        again = "Again, after some weeks, to see what stayed."
        yield PracticeTopic("competency", what, command, 15, why, 6, every_days=LONGEST_EVERY_DAYS, why_again=again)


def _pillars(state: PracticeState, today: date) -> Iterator[PracticeTopic]:
    """Every pillar once a week; one that was never practiced comes before stories and questions."""
    for place, pillar in enumerate(_PILLARS):
        last = state.last_by_pillar.get(pillar)
        due = place if last is None else max(0, 7 - (today - last).days)
        why = age_reason(last, today, "practiced")
        weight = 2 if last is None else 7
        what, command = _TITLES[pillar], asking_command(pillar)
        yield PracticeTopic("pillar", what, command, 10, why, weight, due, every_days=7, why_again="Once a week.")


def _follow_ups(state: PracticeState) -> Iterator[PracticeTopic]:
    """Being probed, once there is something to probe."""
    command = asking_command("behavioral", " --follow-ups 2 --style pressing")
    what, why = "One story with two follow-ups", "On the day nobody asks only one question."
    yield PracticeTopic("follow_ups", what, command, 15, why, 7, 5 if state.is_empty else 2, every_days=7)
