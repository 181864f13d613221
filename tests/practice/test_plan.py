"""Practice plans: from the candidate's own numbers, the same for the same state, and never 180 equal rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise, product
from shlex import split

import pytest
from typer.main import get_command

from tests.interviews import bank
from tests.progresses import NOW, measured, take
from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.cli import app
from voicemock.models import Measured, Part, PlanBlock, PlanItem, PracticePlan
from voicemock.practice.plan import LONGEST_SPAN_DAYS, Calendar, days_until, far_weeks, plan_for
from voicemock.practice.plan_topics import FIRST_STORIES, PracticeState, PracticeTopic, practice_topics
from voicemock.practice.progress import look_back
from voicemock.store.rows import MeasuredTake

TODAY = NOW.astimezone().date()
WEEKEND = frozenset({5, 6})


def state_of(
    takes: Sequence[MeasuredTake] = (), *, loop: str | None = "amazon", uncovered=None, untold=()
) -> PracticeState:
    in_order = tuple(sorted(takes, key=lambda each: each.recorded_at))
    return PracticeState(
        progress=look_back(in_order, bank().frameworks, current_version=ANALYSIS_VERSION, now=NOW),
        takes=in_order,
        questions=bank().questions,
        frameworks={str(framework.name): framework for framework in bank().frameworks},
        loop=bank().loop(loop) if loop else None,
        uncovered=uncovered,
        untold=untold,
    )


def planned(days: int, state: PracticeState | None = None, **options) -> PracticePlan:
    return plan_for(TODAY, TODAY + timedelta(days=days), state or state_of(), **options)


def items_of(plan: PracticePlan, *kinds: str) -> list[PlanItem]:
    return [item for block in plan.blocks for item in block.items if not kinds or item.kind in kinds]


def block_on(plan: PracticePlan, days: int) -> PlanBlock:
    day = TODAY + timedelta(days=days)
    return next(block for block in plan.blocks if block.starts_on <= day <= block.ends_on)


HABITS = [take(0.1, measured(shares=(0.2, 0.1, 0.7, None), measured_results=0))] * 3 + [take(0.2)] * 2


# --- which days ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "days_off", "rehearsal", "light"),
    [
        (0, frozenset(), None, None),
        (1, frozenset(), None, 0),
        (2, frozenset(), 0, 1),
        (10, frozenset(), 8, 9),
        (10, frozenset({(TODAY + timedelta(days=8)).weekday()}), 7, 9),  # three days before
        (5, WEEKEND, 1, 2),  # Wednesday to Monday: the weekend before is off
    ],
)
def test_a_full_loop_two_or_three_days_before_and_a_light_day_last(days, days_off, rehearsal, light):
    found = days_until(TODAY, TODAY + timedelta(days=days), days_off)
    wanted = [None if number is None else TODAY + timedelta(days=number) for number in (rehearsal, light)]
    assert [found.rehearsal, found.light] == wanted


def test_days_off_hold_nothing():
    plan = planned(20, days_off=WEEKEND)
    assert all(block.starts_on.weekday() not in WEEKEND for block in plan.blocks if block.kind == "day")
    assert plan.days_off == ("saturday", "sunday")


@pytest.mark.parametrize("days", [1, 2, 3, 7, 14])
def test_near_days_are_each_shown(days):
    plan = planned(days)
    assert "weeks" not in {block.kind for block in plan.blocks}
    assert len(plan.blocks) == days + 1  # with the interview itself


@pytest.mark.parametrize("days", [15, 21, 40, 90, LONGEST_SPAN_DAYS])
def test_far_days_are_planned_together(days):
    plan = planned(days)
    assert len(plan.blocks) <= 7 + 4 + 7 + 1
    assert sum(block.practice_days for block in plan.blocks) == days + 1
    assert all(len(block.items) <= 8 for block in plan.blocks)


@pytest.mark.parametrize("days_off", [frozenset(), WEEKEND])
def test_no_day_is_in_two_blocks(days_off):
    blocks = planned(90, days_off=days_off).blocks
    assert all(first.ends_on < second.starts_on for first, second in pairwise(blocks))


def test_weeks_in_the_middle_are_far():
    days = [TODAY + timedelta(days=number) for number in range(60)]
    far = far_weeks(days, TODAY, TODAY + timedelta(days=60))
    assert far[0][0] == TODAY + timedelta(days=7)
    assert far[-1][-1] == TODAY + timedelta(days=52)
    assert far_weeks(days, TODAY, TODAY + timedelta(days=14)) == ()


@pytest.mark.parametrize(("days", "days_off"), [(-1, frozenset()), (181, frozenset()), (5, frozenset(range(7)))])
def test_there_is_no_plan_for_what_cannot_be_planned(days, days_off):
    with pytest.raises(ValueError, match="no plan"):
        planned(days, days_off=days_off)


# --- what is planned -----------------------------------------------------------------------------------------


def test_who_begins_gets_stories_every_pillar_and_what_the_loop_asks():
    plan = planned(14)
    assert plan.rests_on == 0
    told = {f"voicemock time '{name}'" for name in FIRST_STORIES}
    assert {item.command for item in items_of(plan, "new_story")} == {"voicemock stories add --guided", *told}
    assert len({item.command for item in items_of(plan, "pillar")}) == 3
    assert items_of(plan, "competency")
    assert not items_of(plan, "part", "measure", "question")  # nothing is known that could be weak


@pytest.mark.parametrize("untold", [(), ("Kafka migration", "Late vendor")], ids=["none written", "two written"])
def test_a_story_that_was_never_told_comes_once_and_again_after_a_week(untold):
    days: dict[str, list[int]] = {}
    for block in planned(14, state_of(loop="tpm", untold=untold)).blocks:
        for item in block.items:
            if item.kind == "new_story" and item.command.startswith("voicemock time"):
                days.setdefault(item.command, []).append((block.starts_on - TODAY).days)
    assert len(days) == len(untold or FIRST_STORIES)
    assert all(later - day >= 7 for found in days.values() for day, later in pairwise(found)), days


def question_of(item: PlanItem) -> str | None:
    words = split(item.command or "")
    return words[words.index("--question") + 1] if "--question" in words else None


@pytest.mark.parametrize("loop", ["tpm", None])
@pytest.mark.parametrize("days", [4, 7, 14])
def test_no_question_comes_on_two_days_running(days, loop):
    """Not even after today's answers have left nothing else to do."""
    answered = [
        take(0, measured(question=each.id, pillar=each.pillar, shares=(0.2, None, 0.8, None)))
        for each in (bank().get("failed-program"), *bank().select(pillar="system_design", count=1, seed=1))
    ]
    plan = planned(days, state_of(answered, loop=loop))
    asked = [{question_of(item) for item in block.items} - {None} for block in plan.blocks]
    assert not any(first & then for first, then in pairwise(asked))
    assert not asked[0] & {each.measured.question for each in answered}


@pytest.mark.parametrize("stories", [(), ("A",), ("A", "B")])
def test_the_last_two_days_do_not_warm_up_with_the_same(stories):
    *_, light, interview = planned(5, state_of([take(1, story=name) for name in stories])).blocks
    assert (light.kind, interview.kind) == ("light", "interview")
    assert light.items[0].command != interview.items[0].command


def test_stories_that_were_written_and_not_told_are_told():
    for takes in ([], [take(0.1, story="Late vendor")]):
        state = state_of(takes, untold=("Kafka migration",))
        assert [item.command for item in items_of(planned(5, state), "new_story")][:1] == [
            "voicemock time 'Kafka migration'"
        ]


def test_what_keeps_missing_comes_first_with_its_numbers():
    first = planned(10, state_of(HABITS)).blocks[0].items[0]
    assert first.kind == "part"
    assert first.why == "Missing in 3 of your last 5 stories."
    assert first.command == "voicemock practice --framework star --count 1 --takes 2"


def test_a_part_is_practiced_on_a_story_that_lacked_it():
    lacking = measured(shares=(0.2, 0.1, 0.7, None), question=None)
    state = state_of([*[take(0.2, lacking, story="Late vendor")] * 4, take(0.1, story="Kafka migration")])
    assert planned(10, state).blocks[0].items[0].command == "voicemock time 'Late vendor'"


def test_a_measure_off_its_goal_says_where_it_stands():
    state = state_of([take(0.1, measured(duration_s=330.0))] * 6)
    (found,) = {(item.what, item.why) for item in items_of(planned(10, state), "measure") if "Length" in item.why}
    assert found == ("Be shorter", "Length: 5:30 over your last 6, aim for 3:00 to 4:00.")


def told(*days_ago: int, numbers: Measured | None = None) -> list[MeasuredTake]:
    return [take(days / 7, numbers or measured(question=None), story="Kafka migration") for days in days_ago]


LACKING = measured(question=None, shares=(0.2, 0.1, 0.7, None))


@pytest.mark.parametrize(
    ("takes", "due", "then", "why"),
    [
        (
            told(0),
            1,
            (3, 7, 14, 21),
            "Told once. Last told today. Nothing was missing the last time: back after 1 day.",
        ),
        (told(3), 0, (3, 7, 14, 21), "Last told 3 days ago. Nothing was missing the last time: back after 1 day."),
        (told(1, 0), 3, (7, 14, 21), "Told twice. Last told today. Nothing was missing the last time: back after 3"),
        (told(0, 0), 1, (3, 7, 14, 21), "Told twice."),  # two on one day are one
        (told(60, 50, 40, 30, 0), 21, (21,), "back after 21 days."),
        (told(60, 50, 40, 2), 12, (21,), "back after 14 days."),
        (
            [*told(60, 50, 40), *told(0, numbers=LACKING)],
            1,
            (3, 7, 14, 21),
            "No result the last time, so it comes back sooner.",
        ),
        (
            told(2, 1, 0, numbers=LACKING),
            3,
            (3, 7, 14, 21),
            "each of the last 3 days you told it: change its notes first.",
        ),
    ],
)
def test_a_story_comes_back_as_its_tellings_went(takes, due, then, why):
    (topic,) = [topic for topic in practice_topics(state_of(takes), TODAY) if topic.kind == "story"]
    assert (topic.first_in_days, topic.intervals) == (due, then)
    assert why in topic.why


def test_a_weak_part_is_practiced_once_on_a_story_that_is_due_and_then_on_questions():
    takes = [take(0.1 * day, LACKING, story="Late vendor") for day in range(2, 8)]
    topics = [topic for topic in practice_topics(state_of(takes), TODAY) if topic.kind == "part"]
    assert [(topic.command, topic.first_in_days, topic.every_days) for topic in topics] == [
        ("voicemock practice --framework star --count 1 --takes 2", 0, 3)
    ], "told on three days in a row without success: it waits"
    takes = [take(0.1, question) for question in [measured(shares=(0.2, 0.1, 0.7, None))] * 5]
    topics = [
        (topic.command, topic.first_in_days, topic.every_days)
        for topic in practice_topics(state_of([*takes, take(1, LACKING, story="Late vendor")]), TODAY)
        if topic.kind == "part"
    ]
    assert topics == [
        ("voicemock time 'Late vendor'", 0, None),
        ("voicemock practice --framework star --count 1 --takes 2", 3, 3),
    ]


def test_no_story_that_was_told_today_is_planned_for_today():
    takes = [*told(0), *told(7, 6, 5, 4, 3)]
    for days in (0, 1, 2, 10):
        assert "voicemock time 'Kafka migration'" not in {
            item.command for item in block_on(planned(days, state_of(takes)), 0).items
        }


def test_an_answer_that_needs_no_number_is_not_left_open_for_want_of_one():
    parts = [Part(name=name, present=True, share=0.25) for name in ("impact", "options", "decision", "follow_through")]
    answered = measured(parts=parts, framework="triage", pillar="program_sense", measured_results=0)
    assert not [topic for topic in practice_topics(state_of([take(1, answered)]), TODAY) if topic.kind == "question"]


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        (measured(shares=(0.2, None, 0.8, None)), "No task or result the last time."),
        (measured(measured_results=0), "No measured result the last time."),
        (measured(duration_s=400.0), "Far from its target length the last time."),
    ],
)
def test_a_question_that_was_left_open_comes_again(numbers, reason):
    (topic,) = [topic for topic in practice_topics(state_of([take(1, numbers)]), TODAY) if topic.kind == "question"]
    assert topic.why == f"{reason} Last answered 7 days ago."
    assert topic.command == "voicemock practice --question failed-program"


def test_a_question_that_was_answered_well_does_not_come_again():
    assert not [topic for topic in practice_topics(state_of([take(1)]), TODAY) if topic.kind == "question"]


def test_only_what_was_not_practiced_of_the_loop_is_new():
    answered = bank().select(competency="ownership")[0]
    commands = [
        topic.command
        for topic in practice_topics(state_of([take(1, measured(question=answered.id))]), TODAY)
        if topic.kind == "competency"
    ]
    assert commands
    assert not any("ownership" in command for command in commands)


def test_gaps_of_the_stories_are_filled_one_by_one():
    plan = planned(10, state_of([take(0.1)], uncovered=("frugality", "think-big")))
    assert [item.command for item in items_of(plan, "story_gap")] == [
        "voicemock stories add 'Story of frugality' --shows frugality",
        "voicemock stories add 'Story of think big' --shows think-big",
    ]
    assert not items_of(planned(10, state_of([take(0.1)])), "story_gap")  # it is unknown


def test_replies_to_follow_ups_are_no_practice_of_their_pillar():
    reply = measured(kind="follow_up", pillar="system_design", question="probe")
    state = state_of([take(0.1), take(0, reply)])
    assert planned(10, state).rests_on == 1
    assert "system_design" not in state.last_by_pillar


def test_without_a_loop_the_rehearsal_is_an_interview():
    plan = planned(10, state_of(loop=None))
    (rehearsal,) = [block for block in plan.blocks if block.kind == "rehearsal"]
    assert rehearsal.items[0].command == "voicemock practice --count 3"
    assert plan.loop is None


@pytest.mark.parametrize(
    ("minutes", "command"),
    [
        (60, "voicemock practice --loop amazon"),
        (45, "voicemock practice --loop amazon"),
        (20, "voicemock practice --loop amazon --minutes 40"),
        (10, "voicemock practice --loop amazon --minutes 30"),
    ],
)
def test_a_rehearsal_takes_twice_a_day_at_most(minutes, command):
    (rehearsal,) = [block for block in planned(10, minutes_per_day=minutes).blocks if block.kind == "rehearsal"]
    assert rehearsal.items[0].command == command


# --- every plan ----------------------------------------------------------------------------------------------

STATES = {
    "beginner": state_of(),
    "habits": state_of(HABITS),
    "no loop": state_of(HABITS, loop=None),
    "stories": state_of([take(weeks, story=name) for weeks, name in product((0, 2, 5), ("A", 'It\'s "B"', "C"))]),
    "gaps": state_of([take(4)], uncovered=("frugality", "think-big", "ownership")),
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("days", [0, 1, 2, 5, 13, 30, 180])
@pytest.mark.parametrize("minutes", [10, 45, 240])
def test_no_day_asks_for_more_than_it_has(name, days, minutes):
    plan = planned(days, STATES[name], minutes_per_day=minutes)
    assert all(block.minutes <= minutes for block in plan.blocks if block.kind in ("day", "light"))
    assert all(block.items for block in plan.blocks)
    assert plan == planned(days, STATES[name], minutes_per_day=minutes)
    assert all(item.why for item in items_of(plan))


@pytest.mark.parametrize("name", STATES)
def test_every_command_can_be_run(name):
    known = get_command(app).commands  # type: ignore[attr-defined]
    for item in items_of(planned(180, STATES[name], minutes_per_day=120)):
        assert item.command is not None
        program, command, *arguments = split(item.command)
        assert program == "voicemock"
        group = known[command].command.commands[arguments[0]] if command == "stories" else known[command].command
        options = {name for option in group.params for name in option.opts}
        assert {argument for argument in arguments if argument.startswith("--")} <= options
        if "--question" in arguments:
            bank().get(arguments[arguments.index("--question") + 1])


def test_practice_moves_the_plan_on():
    before = planned(10, state_of([take(2, story="Kafka migration")]))
    after = planned(10, state_of([take(2, story="Kafka migration"), take(0, story="Kafka migration")]))
    assert "story" in {item.kind for item in block_on(before, 0).items}
    assert "story" not in {item.kind for item in block_on(after, 0).items}


# --- filling days --------------------------------------------------------------------------------------------


def topic(name: str, **changes) -> PracticeTopic:
    fields = {"kind": "story", "what": name, "command": name, "minutes": 10, "why": "w", "weight": 1}
    return PracticeTopic(**{**fields, **changes})


def filled(topics: Sequence[PracticeTopic], days: int, minutes: int = 30) -> list[list[str]]:
    calendar = Calendar(topics, TODAY)
    return [[item.what for item in calendar.fill(TODAY + timedelta(days=day), minutes)] for day in range(days)]


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        ([topic("a", weight=2), topic("b", kind="part")], [["b", "a"], [], []]),  # what weighs more comes first
        ([topic("a", every_days=2)], [["a"], ["a"], ["a"]]),  # an empty day takes what is due next
        ([topic("a", every_days=1), topic("b", kind="part", every_days=2)], [["a", "b"], ["a"], ["a", "b"]]),
        ([topic(name) for name in "abc"], [["a", "b"], ["c"], []]),  # two stories a day
        ([topic(name, command=f"voicemock time {name}") for name in "a"], [["a"], [], []]),
        ([topic("a", command="voicemock time a", intervals=(2,))], [["a"], [], ["a"]]),  # no story before its day
        (
            [
                topic(name, command=f"voicemock time {name}", kind=kind)
                for name, kind in zip("abc", ("part", "story", "measure"), strict=True)
            ],
            [["a", "b"], ["c"], []],  # two stories a day, whatever for
        ),
        (
            [
                topic("a", command="voicemock time a", kind="part"),
                topic("b", command="voicemock time a", intervals=(2,)),
            ],
            [["a"], [], ["b"]],  # the part was practiced on the story, which has had its turn
        ),
        (
            [
                topic("a", command="voicemock time a", kind="measure", first_in_days=1),
                topic("b", command="voicemock time a"),
            ],
            [["b"], [], []],  # and the other way round
        ),
        ([topic(name, kind="part") for name in "abc"], [["a"], ["b"], ["c"]]),  # one of other kinds
        (
            [
                topic("a", command="voicemock practice --question q", every_days=1),
                topic("b", kind="part", first_in_days=1),
                topic("c", kind="competency", command="voicemock practice --question q --follow-ups 1"),
            ],
            [["a"], ["b"], ["c"]],  # a question of the day before waits while others are left
        ),
        ([topic("a", command="voicemock practice --question q", every_days=1)], [["a"], ["a"], ["a"]]),
        ([topic("a", minutes=25), topic("b", kind="part")], [["a"], ["b"], []]),  # no more than a day has
        ([topic("a", command="x"), topic("b", command="x", kind="part")], [["a"], ["b"], []]),  # not the same twice
    ],
)
def test_a_day_is_filled(topics, expected):
    assert filled(topics, 3) == expected


def test_a_short_day_takes_what_it_can_of_a_long_thing():
    (item,) = Calendar([topic("a", minutes=15)], TODAY).fill(TODAY, 10)
    assert item.minutes == 10


def test_growing_intervals_grow():
    calendar = Calendar([topic("a", every_days=2, grows=True), topic("b", kind="part", every_days=1)], TODAY)
    told = [day for day in range(40) if "a" in [each.what for each in calendar.fill(TODAY + timedelta(days=day), 30)]]
    assert [after - before for before, after in pairwise(told)] == [2, 4, 8, 16]
