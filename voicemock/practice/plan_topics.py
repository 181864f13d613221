"""Topics for a practice plan: each with its weight, length, reason, and how soon it comes again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, partial
from shlex import quote
from typing import Final

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.coaching.spoken_numbers import clock, percent
from voicemock.content.questions import QuestionBank, spelled, titled
from voicemock.content.wording import times
from voicemock.models import BankedStory, Framework, Loop, Pillar, PlanItemKind, Question
from voicemock.practice.progress import Progress, Step, StoryProgress, look_back, recurring_parts, weak_measures
from voicemock.practice.story_coverage import coverage
from voicemock.practice.story_spacing import Spacing, Telling, how_it_went, shortcoming_of, spacing_of
from voicemock.practice.trends import PILLARS, RECENT, Trend, Unit
from voicemock.store.rows import MeasuredTake

MOST_WEAKNESSES: Final = 2
"""Most weak parts, and most weak measures: working on five things is working on none."""
MOST_GAPS: Final = 6
MOST_QUESTIONS: Final = 6
AGAIN: Final = "Again, at growing intervals: spacing makes a story stick."
UNTOLD_AGAIN_DAYS: Final = 7
"""Days until a story is brought up again that was not told when the plan first asked for it."""
UNTOLD_AGAIN: Final = "A reminder, if you have not told it by then. Once you have, it comes back at growing intervals."
FIRST_STORIES: Final = ("First program", "Second program", "Third program")
"""Names for a beginner's stories. Three programs are enough to answer most questions."""
LONGEST_EVERY_DAYS: Final = 21
TELLS: Final = "voicemock time"
"""The command that tells a story."""
ASKS: Final = "voicemock practice --question"
"""The command that asks one question."""

_TITLES: Final[dict[Pillar, str]] = {
    "program_sense": "A question of program sense",
    "system_design": "A system design question",
    "behavioral": "A behavioral question",
}

_UNITS: Final[dict[Unit, str]] = {
    "words_per_minute": " words per minute",
    "per_hundred_words": " in 100 words",
    "per_minute": " a minute",
}


@dataclass(frozen=True)
class PracticeState:
    """Everything that decides what to practice.

    Attributes:
        progress: By the current rules of the analysis.
        takes: Every answer, oldest first.
        questions: The questions of the bank.
        frameworks: By name.
        loop: The loop to prepare for; None if unknown.
        untold: Names of stories that are written but not told yet.
        uncovered: Competencies of the loop's company that no story shows; None if that is unknown.
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
        """The answers without replies to follow-ups."""
        return tuple(take for take in self.takes if take.measured.is_whole)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was practiced yet."""
        return not self.answers

    @cached_property
    def last_by_question(self) -> dict[str, MeasuredTake]:
        """The newest answer to each question, by its id."""
        return {take.measured.question: take for take in self.answers if take.measured.question is not None}

    @cached_property
    def tellings(self) -> dict[str, tuple[Telling, ...]]:
        """The tellings of each story, oldest first, by its name."""
        told: dict[str, list[Telling]] = {}
        for take in self.answers:
            if take.story is not None:
                told.setdefault(take.story, []).append(Telling(answered_on(take), shortcoming_of(take.measured)))
        return {name: tuple(found) for name, found in told.items()}

    @cached_property
    def spacings(self) -> dict[str, Spacing]:
        """When each told story comes back, by its name."""
        return {name: spacing_of(tellings) for name, tellings in self.tellings.items()}

    def due_stories(self, today: date) -> list[StoryProgress]:
        """Return the told stories whose day has come."""
        return [story for story in self.progress.stories if self.spacings[story.name].due <= today]

    def was_told_on(self, name: str, day: date) -> bool:
        """Return whether a story was told last on a day."""
        return self.tellings[name][-1].on == day

    @cached_property
    def last_by_pillar(self) -> dict[Pillar, date]:
        """The day on which each pillar was last practiced."""
        return {take.measured.pillar: answered_on(take) for take in self.answers if take.measured.pillar is not None}

    @cached_property
    def practiced_competencies(self) -> frozenset[str]:
        """Competencies with an answered question."""
        by_id = {question.id: question.competency for question in self.questions}
        return frozenset(by_id[name] for name in self.last_by_question if name in by_id)

    def competencies(self) -> Iterator[str]:
        """Yield the loop's competencies, one from each round in turn, so that no round comes last as a whole."""
        rounds = [list(block.competencies) for block in self.loop.rounds] if self.loop else []
        for place in range(max(map(len, rounds), default=0)):
            for block in rounds:
                if place < len(block):
                    yield block[place]

    def question_of(self, competency: str) -> Question | None:
        """Return the first question about a competency, preferring the loop's company, then questions of no company."""
        found = [question for question in self.questions if question.competency == competency]
        company = self.loop.company if self.loop else None
        return min(found, key=lambda each: (company not in each.companies, bool(each.companies)), default=None)


def state_of(
    takes: tuple[MeasuredTake, ...], stories: tuple[BankedStory, ...], loop: Loop, bank: QuestionBank, now: datetime
) -> PracticeState:
    """Return the state to plan a loop from, with every take (oldest first) and story in the store.

    The gaps of a company's competencies are known only if stories are linked to competencies.
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


@dataclass(frozen=True, slots=True)
class PracticeTopic:
    """Something to practice."""

    kind: PlanItemKind
    what: str
    command: str
    minutes: int
    """Length with the feedback and a second try."""
    why: str
    """Reason for the first time."""
    weight: int
    """Order among topics that are due; the lowest comes first."""
    first_in_days: int = 0
    every_days: int | None = None
    """Days until it is due again; None: never again."""
    grows: bool = False
    """Whether that interval doubles each time."""
    intervals: tuple[int, ...] = ()
    """Days from each time to the next, in place of ``every_days``; the last one is repeated."""
    why_again: str | None = None
    """Reason for later times; None: the same."""

    @property
    def tells_story(self) -> bool:
        """Whether a story is told; none is told before its day, or twice on a day."""
        return self.command.startswith(TELLS)

    @property
    def question(self) -> str | None:
        """The id of the question that is asked; None where the program chooses one, or where none is asked."""
        return self.command.removeprefix(f"{ASKS} ").split()[0] if self.command.startswith(f"{ASKS} ") else None


def practice_topics(state: PracticeState, today: date) -> tuple[PracticeTopic, ...]:
    """Return everything worth practicing, in a stable order. A story that was told today waits until tomorrow."""
    told = {telling_command(name) for name in state.tellings if state.was_told_on(name, today)}
    return tuple(
        replace(topic, first_in_days=max(1, topic.first_in_days)) if topic.command in told else topic
        for topic in _topics(state, today)
    )


def _topics(state: PracticeState, today: date) -> tuple[PracticeTopic, ...]:
    return (
        *_weak_parts(state, today),
        *_weak_measures(state, today),
        *_new_stories(state),
        *_gaps(state),
        *_stories(state, today),
        *_questions(state, today),
        *_new_competencies(state),
        *_pillars(state, today),
        *_follow_ups(state),
    )


def _weak_parts(state: PracticeState, today: date) -> Iterator[PracticeTopic]:
    """Yield parts that keep missing, each with two takes so that the second can mend it."""
    for step in recurring_parts(state.progress.sections, state.frameworks)[:MOST_WEAKNESSES]:
        if step.trend is None:
            continue
        section = next(each for each in state.progress.sections if each.title == step.section)
        framework = state.frameworks[section.name]
        command = f"voicemock practice --framework {framework.name} --count 1 --takes 2"
        without = [story for story in state.due_stories(today) if step.trend.name in (story.latest.missing or ())]
        story = _oldest(without) if framework.name == "star" else None
        topic = PracticeTopic("part", step.what, command, 15, part_reason(step.trend, framework), 0, every_days=3)
        yield from _first_on(story, topic)


def _weak_measures(state: PracticeState, today: date) -> Iterator[PracticeTopic]:
    """Yield weak measures, each once even if it is weak in several groups of answers."""
    named: set[str] = set()
    for step in weak_measures(state.progress.sections):
        if step.trend is None or step.trend.name in named or len(named) == MOST_WEAKNESSES:
            continue
        named.add(step.trend.name)
        lacking = [story for story in state.due_stories(today) if state.tellings[story.name][-1].shortcoming]
        story = _oldest(lacking) if step.trend.name == "length" else None
        command, why = f"{step.command} --count 1 --takes 2", measure_reason(step)
        topic = PracticeTopic("measure", step.what, command, 15, why, 1, first_in_days=1, every_days=4)
        yield from _first_on(story, topic)


def _first_on(story: StoryProgress | None, topic: PracticeTopic) -> Iterator[PracticeTopic]:
    """Yield a weakness, the first time on a story that shows it and is due, if there is one."""
    if story is not None:
        yield replace(topic, command=telling_command(story.name), every_days=None)
        topic = replace(topic, first_in_days=topic.first_in_days + (topic.every_days or 0))
    yield topic


def _oldest(stories: Sequence[StoryProgress]) -> StoryProgress | None:
    return min(stories, key=lambda story: story.latest.recorded_at, default=None)


def _new_stories(state: PracticeState) -> Iterator[PracticeTopic]:
    """Yield stories that are written but not told, or for a beginner three programs to write down and tell."""
    for place, name in enumerate(state.untold):
        what = f'Tell "{name}" for the first time'
        yield _new_story(what, name, "You wrote it down and have not told it yet.", place)
    if state.progress.stories or state.untold:
        return
    why = "You have not told a story yet. Three programs, told in three to four minutes, answer most questions."
    write = "Write three programs down, with numbers and trade-offs"
    yield PracticeTopic("new_story", write, "voicemock stories add --guided", 30, why, 2)
    for place, name in enumerate(FIRST_STORIES):
        what = f"Tell a program that you led ({name.lower()}; give it a name of your own)"
        yield _new_story(what, name, why, 1 + 2 * place)


def _new_story(what: str, name: str, why: str, first_in_days: int) -> PracticeTopic:
    return PracticeTopic(
        "new_story",
        what,
        telling_command(name),
        15,
        why,
        2,
        first_in_days,
        every_days=UNTOLD_AGAIN_DAYS,
        why_again=UNTOLD_AGAIN,
    )


def _gaps(state: PracticeState) -> Iterator[PracticeTopic]:
    """Yield competencies that no story shows."""
    for place, competency in enumerate((state.uncovered or ())[:MOST_GAPS]):
        name = spelled(competency)
        command = f"voicemock stories add {quote(f'Story of {name}')} --shows {competency}"
        what = f"Find and write a story that shows {name}"
        yield PracticeTopic("story_gap", what, command, 20, "No story of yours shows it.", 3, place)


def _stories(state: PracticeState, today: date) -> Iterator[PracticeTopic]:
    """Yield told stories, at intervals that grow while they go well."""
    for story in state.progress.stories:
        tellings = state.tellings[story.name]
        spacing, told = state.spacings[story.name], times(len(tellings))
        why = f"Told {told}. {age_reason(tellings[-1].on, today, 'told')} {how_it_went(tellings[-1], spacing)}"
        yield PracticeTopic(
            "story",
            f'Tell "{story.name}" again',
            telling_command(story.name),
            10,
            why,
            4,
            first_in_days=max(0, (spacing.due - today).days),
            intervals=spacing.later_days,
            why_again=AGAIN,
        )


def _questions(state: PracticeState, today: date) -> Iterator[PracticeTopic]:
    """Yield questions whose last answer left something open, the oldest first."""
    known = {question.id: question for question in state.questions}
    found = [
        (name, take, shortcoming)
        for name, take in state.last_by_question.items()
        if name in known and (shortcoming := shortcoming_of(take.measured)) is not None
    ]
    for name, take, shortcoming in sorted(found, key=lambda each: (each[1].recorded_at, each[0]))[:MOST_QUESTIONS]:
        yield PracticeTopic(
            "question",
            f"Answer again: {known[name].text}",
            f"{ASKS} {name}",
            10,
            f"{shortcoming} the last time. {age_reason(answered_on(take), today, 'answered')}",
            5,
            first_in_days=max(0, 3 - (today - answered_on(take)).days),
            every_days=5,
            grows=True,
            why_again=AGAIN,
        )


def _new_competencies(state: PracticeState) -> Iterator[PracticeTopic]:
    """Yield competencies of the loop that were never practiced."""
    for competency in state.competencies():
        question = state.question_of(competency)
        if competency in state.practiced_competencies or question is None or state.loop is None:
            continue
        what = f"{titled(competency)}: {question.text}"
        why = f"The {state.loop.name} loop asks about it, and you have not practiced it."
        command = f"{ASKS} {question.id} --follow-ups 1"
        again = "Again, after a few weeks, to see what stuck."
        yield PracticeTopic("competency", what, command, 15, why, 6, every_days=LONGEST_EVERY_DAYS, why_again=again)


def _pillars(state: PracticeState, today: date) -> Iterator[PracticeTopic]:
    """Yield every pillar once a week. One that was never practiced comes before stories and questions."""
    for place, pillar in enumerate(PILLARS):
        last = state.last_by_pillar.get(pillar)
        due = place if last is None else max(0, 7 - (today - last).days)
        why = age_reason(last, today, "practiced")
        weight = 2 if last is None else 7
        what, command = _TITLES[pillar], asking_command(pillar)
        yield PracticeTopic("pillar", what, command, 10, why, weight, due, every_days=7, why_again="Once a week.")


def _follow_ups(state: PracticeState) -> Iterator[PracticeTopic]:
    """Yield a story with follow-ups, later for a beginner."""
    command = asking_command("behavioral", " --follow-ups 2 --style pressing")
    what, why = "One story with two follow-ups", "Real interviewers rarely stop at one question."
    yield PracticeTopic("follow_ups", what, command, 15, why, 7, 5 if state.is_empty else 2, every_days=7)


def telling_command(name: str) -> str:
    """Return the command that times a story."""
    return f"{TELLS} {quote(name)}"


def asking_command(pillar: Pillar, more: str = "") -> str:
    """Return the command that asks one question of a pillar."""
    return f"voicemock practice --pillar {pillar.replace('_', '-')} --count 1{more}"


def answered_on(take: MeasuredTake) -> date:
    """Return the local day of an answer."""
    return take.recorded_at.astimezone().date()


def part_reason(trend: Trend, framework: Framework) -> str:
    """Return in how many of the newest answers a part was missing."""
    return f"Missing in {trend.missing} of your last {trend.looked_at} {framework.answers}."


def measure_reason(step: Step) -> str:
    """Return a measure's value and its goal in words."""
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
