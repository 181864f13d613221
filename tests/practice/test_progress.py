"""Progress: trends by session and week, best takes, next steps, and too few answers to tell."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.interviews import bank, fixture_answer
from tests.progresses import NOW, measured, take
from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.models import Measured, Ratings
from voicemock.practice.periods import AnswerPlace, Point, charted_by, sessions, weeks, weighted_median
from voicemock.practice.progress import Chosen, Progress, Step, look_back, rank, stories_of
from voicemock.practice.trends import Goal, Trend, direction, trend
from voicemock.store.rows import MeasuredTake

MONDAY = date(2026, 11, 23)
MOST_SIX = Goal(high=6.0)


def looked_back(takes: list[MeasuredTake], chosen: Chosen = Chosen()) -> Progress:
    in_order = sorted(takes, key=lambda each: each.recorded_at)
    return look_back(in_order, bank().frameworks, current_version=ANALYSIS_VERSION, now=NOW, chosen=chosen)


def trend_of(progress: Progress, section: str, name: str) -> Trend:
    (group,) = [each for each in progress.sections if each.name == section]
    return next(each for each in group.trends if each.name == name)


# --- a measure over weeks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "gap"), [(2.0, -1.0), (3.0, 0.0), (3.5, 0.0), (4.0, 0.0), (4.5, 0.5)], ids=lambda value: f"{value}"
)
def test_both_ends_of_a_goal_are_on_it(value, gap):
    assert Goal(low=3.0, high=4.0).gap(value) == gap


@pytest.mark.parametrize(
    ("values", "goal", "expected"),
    [
        ([], MOST_SIX, "few"),
        ([9, 9, 2, 2], MOST_SIX, "few"),
        ([9, 9, 2, 2, 2], MOST_SIX, "no_clear_change"),  # so few halves differ by chance
        ([9, 10, 9, 10, 3, 2, 3, 2], MOST_SIX, "better"),
        ([3, 2, 3, 2, 9, 10, 9, 10], MOST_SIX, "worse"),
        ([5, 5.1, 5, 5.1, 3, 2, 3, 2], MOST_SIX, "down"),  # on its goal all the time
        ([9, 10, 9, 10, 3, 2, 3, 2], None, "down"),
        ([3, 2, 3, 2, 9, 10, 9, 10], None, "up"),
        ([9, 2, 10, 3, 8, 2, 9, 4], MOST_SIX, "no_clear_change"),
        ([9.0, 9.1, 9.0, 9.1, 8.9, 8.8, 8.9, 8.8], MOST_SIX, "no_clear_change"),  # sure, but not worth telling
        ([7, 7, 7, 7, 7, 7, 7, 7], MOST_SIX, "no_clear_change"),
    ],
)
def test_where_a_measure_went(values, goal, expected):
    assert direction(values, goal, 0.5) == expected


def point(value: float, on: date = MONDAY, session: str = "a", position: int = 1) -> Point:
    return Point(AnswerPlace(session=session, position=position, on=on), value)


@pytest.mark.parametrize(
    ("weighted", "middle"),
    [
        ([(1.0, 1.0), (3.0, 1.0)], 2.0),
        ([(1.0, 1.0), (2.0, 1.0), (9.0, 1.0)], 2.0),
        ([(5.0, 1.0), (1.0, 1 / 3), (1.0, 1 / 3)], 5.0),
        ([(4.0, 1.0), (5.0, 1.0), (1.0, 1 / 3), (1.0, 1 / 3), (1.0, 1 / 3)], 4.0),
    ],
)
def test_a_follow_up_counts_less_than_a_story(weighted: list[tuple[float, float]], middle: float) -> None:
    points = [point(value)._replace(weight=weight) for value, weight in weighted]
    assert weighted_median(points) == pytest.approx(middle)


def test_weeks_have_medians_and_counts_and_the_days_of_the_practice():
    wednesday, friday = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
    before = wednesday - timedelta(weeks=2)
    points = [point(4.0, before), point(1.0, wednesday), point(9.0, wednesday), point(2.0, friday)]
    found = [
        (week.starts_on, week.first_on, week.last_on, week.median, week.answers, week.is_few) for week in weeks(points)
    ]
    assert found == [
        (MONDAY - timedelta(weeks=2), before, before, 4.0, 1, True),
        (MONDAY, wednesday, friday, 2.0, 3, False),
    ]


def test_sessions_have_medians_and_their_own_day():
    points = [point(4.0, MONDAY, "a"), point(1.0, MONDAY, "b"), point(2.0, MONDAY, "b"), point(7.0, MONDAY, "c")]
    assert [(each.session, each.on, each.median, each.answers) for each in sessions(points)] == [
        ("a", MONDAY, 4.0, 1),
        ("b", MONDAY, 1.5, 2),
        ("c", MONDAY, 7.0, 1),
    ]


def test_of_many_sessions_the_newest_are_charted():
    points = [point(1.0, MONDAY, f"{number:02}") for number in range(30)]
    assert [each.session for each in sessions(points)] == [f"{number:02}" for number in range(18, 30)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], "session"),
        ([0, 1, 2], "session"),
        ([0, 7, 14, 21, 28], "session"),
        ([0, 7, 14, 21, 28, 35], "week"),
        ([0, 60, 120], "session"),  # few weeks with answers, however far apart
        ([*range(42)], "week"),
    ],
)
def test_the_first_weeks_are_charted_by_session(days, expected):
    assert charted_by(MONDAY + timedelta(days=each) for each in days) == expected


def test_a_measure_names_the_answers_that_miss_its_goal_farthest_first():
    points = [point(value, position=number) for number, value in enumerate((9.0, 2.0, 7.0, 12.0, 8.0), start=1)]
    assert [place.position for place in trend("x", "X", "count", MOST_SIX, points).see] == [4, 1, 5]
    assert trend("x", "X", "count", None, points).see == ()


def test_a_part_names_the_answers_without_it_newest_first():
    result = trend_of(looked_back([take(3, WITHOUT_RESULT), take(2), take(1, WITHOUT_RESULT)]), "star", "result")
    assert [place.session for place in result.see] == [take(weeks_ago).session for weeks_ago in (1, 3)]


def test_the_newest_sessions_are_named_with_their_day():
    found = looked_back([take(2), take(1), take(1)])
    assert found.charted_by == "session"
    assert [(each.session, each.answers) for each in found.sessions] == [(take(2).session, 1), (take(1).session, 2)]
    assert found.sessions[-1].on == take(1).recorded_at.astimezone().date()


@pytest.mark.parametrize(("count", "is_on_goal"), [(4, None), (5, True)])
def test_few_answers_are_not_held_against_a_goal(count, is_on_goal):
    assert trend("x", "X", "count", Goal(low=1.0), [point(2.0)] * count).is_on_goal is is_on_goal


def test_where_it_stands_now_is_the_median_of_the_newest_ten():
    points = [point(value) for value in (100.0, *range(10))]
    assert trend("x", "X", "count", None, points).now == 4.5


# --- which answers, in which group -------------------------------------------------------------------------


def test_sections_hold_what_belongs_to_them():
    triage = measured(pillar="program_sense", framework="triage", parts=())
    story = measured(question=None, pillar=None)
    found = looked_back([take(1), take(1), take(1, triage), take(1, story)])
    assert [(section.kind, section.name, section.answers) for section in found.sections] == [
        ("all", "all", 4),
        ("pillar", "program_sense", 1),
        ("pillar", "behavioral", 2),
        ("framework", "star", 3),
        ("framework", "triage", 1),
    ]


@pytest.mark.parametrize(
    ("chosen", "answers"),
    [
        (Chosen(), 3),
        (Chosen(pillar="behavioral"), 2),
        (Chosen(framework="triage"), 1),
        (Chosen(since=NOW - timedelta(weeks=2)), 2),
    ],
)
def test_what_is_chosen(chosen, answers):
    triage = measured(pillar="program_sense", framework="triage", parts=())
    assert looked_back([take(5), take(1), take(1, triage)], chosen).answers == answers


def test_what_other_rules_measured_is_left_out_and_counted():
    found = looked_back(
        [take(3, measured(analysis_version=None)), take(2, measured(analysis_version=ANALYSIS_VERSION + 1)), take(1)]
    )
    assert (found.answers, found.older_rules) == (1, 2)


def test_what_is_no_answer_is_left_out_and_counted():
    found = looked_back([take(2, measured(relevance="no_answer", duration_s=2.0)), take(1)])
    assert (found.answers, found.no_answers) == (1, 1)


def test_what_was_not_measured_stays_out_and_is_never_zero():
    unheard = measured(pauses=None, words_per_minute=None, duration_s=None, word_count=0, measured_results=None)
    found = looked_back([take(2), take(1, unheard)])
    for section, name in (("all", "pace"), ("all", "pauses"), ("behavioral", "length"), ("all", "filled_pauses")):
        assert trend_of(found, section, name).answers == 1
    nothing = looked_back([take(1, unheard)])
    assert trend_of(nothing, "all", "pace").now is None
    assert trend_of(nothing, "all", "pace").weeks == ()


def test_the_melody_is_followed_where_it_was_measured_and_has_no_goal():
    spoken = [take(week, measured(pitch_sd_semitones=2.0 + week / 10)) for week in (3, 2, 1)]
    melody = trend_of(looked_back([*spoken, take(0)]), "all", "pitch_variety")
    assert (melody.answers, melody.goal, melody.now) == (3, None, 2.2)
    assert all(each.name != "pitch_variety" for section in looked_back([take(1)]).sections for each in section.trends)


def test_a_missing_part_has_no_share_and_is_counted():
    result = trend_of(looked_back([take(2), take(1, measured(shares=(0.2, 0.1, 0.7, None)))]), "star", "result")
    assert (result.answers, result.now, result.missing, result.looked_at) == (1, 0.2, 1, 2)


def test_the_length_has_a_goal_where_all_had_the_same():
    other = measured(target_min_s=300.0, target_max_s=480.0)
    assert trend_of(looked_back([take(1)]), "behavioral", "length").goal == Goal(low=180.0, high=240.0)
    assert trend_of(looked_back([take(2), take(1, other)]), "behavioral", "length").goal is None


# --- stories -----------------------------------------------------------------------------------------------

WITHOUT_RESULT = measured(shares=(0.2, 0.1, 0.7, None))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (measured(duration_s=500.0), WITHOUT_RESULT),
        (measured(duration_s=170.0, measured_results=0), measured(duration_s=300.0)),
        (measured(filled_pauses=50), measured(measured_results=0)),
        (measured(filled_pauses=5), measured(filled_pauses=10)),
        (measured(), measured(duration_s=None)),
        (measured(shares=(None, None, 1.0, None)), measured(parts=())),
    ],
    ids=["parts", "length", "result", "fillers", "length not measured", "parts not measured"],
)
def test_the_rule_of_the_best_take(better, worse):
    assert rank(better) < rank(worse)


def test_best_and_latest_take():
    takes = [take(3, story="A"), take(2, measured(filled_pauses=1), story="A"), take(1, WITHOUT_RESULT, story="A")]
    (story,) = stories_of(takes, ANALYSIS_VERSION)
    assert story.best is not None
    assert (story.takes, story.best.take, story.latest.take, story.latest.missing) == (3, 2, 3, ("result",))


def test_of_equal_takes_the_newest_is_the_best():
    (story,) = stories_of([take(3, story="A"), take(2, story="A")], ANALYSIS_VERSION)
    assert story.best == story.latest


def test_a_take_by_older_rules_is_not_the_best():
    (story,) = stories_of([take(3, measured(analysis_version=None), story="A")], ANALYSIS_VERSION)
    assert story.best is None


# --- what to practice next ---------------------------------------------------------------------------------

OTHERS = [take(0, measured(pillar=pillar, framework=None, parts=())) for pillar in ("program_sense", "system_design")]


@pytest.mark.parametrize(
    ("takes", "steps"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([take(0)] * 6, [("pillar", "program sense")], id="a pillar never practiced"),
        pytest.param([take(0)] * 6 + OTHERS, [], id="all is well"),
        pytest.param([take(3)] * 6 + OTHERS, [("pillar", "behavioral")], id="a pillar not practiced for long"),
        pytest.param(
            [take(0)] * 3 + [take(0, WITHOUT_RESULT)] * 3 + OTHERS, [("part", "Result")], id="a part keeps missing"
        ),
        pytest.param([take(0)] * 4 + [take(0, WITHOUT_RESULT)] * 2 + OTHERS, [], id="a part was missing twice"),
        pytest.param([take(0, WITHOUT_RESULT)] * 4 + OTHERS, [], id="four answers are few"),
        pytest.param(
            [take(0, measured(filled_pauses=60, duration_s=300.0))] * 9 + OTHERS,
            [("measure", "filled pauses")],
            id="the measure farthest off its goal",
        ),
        pytest.param([take(0, measured(filled_pauses=31))] * 9 + OTHERS, [], id="near enough"),
        pytest.param(
            [take(0)] * 5 + OTHERS + [take(3, story="Late vendor"), take(4, story="Kafka's")],
            [("story", "Kafka's")],
            id="the story not told for longest",
        ),
    ],
)
def test_what_to_practice_next(takes, steps):
    found = looked_back(takes).next_steps
    assert [step.kind for step in found] == [kind for kind, _ in steps]
    assert all(what in step.what for step, (_, what) in zip(found, steps, strict=True))


def test_at_most_three_steps_and_each_has_a_command():
    worst = measured(shares=(0.5, 0.1, 0.4, None), filled_pauses=90)
    found = looked_back([take(4, worst, story="Kafka's")] * 6).next_steps
    assert [step.kind for step in found] == ["part", "measure", "pillar"]
    assert [step.command.split()[0] for step in found] == ["voicemock"] * 3


LONG = measured(shares=(0.2, 0.1, 0.7, None), duration_s=400.0)
CROWDED = measured(shares=(0.03, 0.02, 0.95, None))
"""Its weakest measure is a part's share, so two steps of one framework would have one command."""


@pytest.mark.parametrize(
    ("takes", "commands"),
    [
        pytest.param(
            [take(0, CROWDED)] * 6 + OTHERS,
            ["voicemock practice --framework star", "voicemock practice --question failed-program"],
            id="two steps of one framework",
        ),
        pytest.param(
            [take(0, CROWDED.model_copy(update={"question": None}))] * 6 + OTHERS,
            ["voicemock practice --framework star"],
            id="two steps of one framework, and no question to ask again",
        ),
        pytest.param(
            [take(0, CROWDED.model_copy(update={"question": "removed"}))] * 6 + OTHERS,
            ["voicemock practice --framework star"],
            id="two steps of one framework, and the question is gone",
        ),
        pytest.param(
            [take(0, LONG)] * 6 + OTHERS,
            ["voicemock practice --framework star", "voicemock practice --pillar behavioral"],
            id="a part and a measure of the same questions",
        ),
        pytest.param(
            [take(0, LONG.model_copy(update={"question": None}))] * 6 + OTHERS,
            ["voicemock practice --framework star", "voicemock practice --pillar behavioral"],
            id="no question to ask again",
        ),
        pytest.param(
            [take(0, LONG.model_copy(update={"question": "removed"}))] * 6 + OTHERS,
            ["voicemock practice --framework star", "voicemock practice --pillar behavioral"],
            id="the question is gone",
        ),
        pytest.param(
            [take(5, WITHOUT_RESULT)] * 6 + OTHERS,
            ["voicemock practice --framework star", "voicemock practice --pillar behavioral"],
            id="a part, and the pillar not practiced for long",
        ),
    ],
)
def test_no_two_steps_have_the_same_command(takes, commands):
    in_order = sorted(takes, key=lambda each: each.recorded_at)
    found = look_back(
        in_order,
        bank().frameworks,
        current_version=ANALYSIS_VERSION,
        now=NOW,
        questions={question.id for question in bank().questions},
    )
    assert [step.command for step in found.next_steps] == commands


def shown_by(steps: tuple[Step, ...]) -> list[tuple[str, int]]:
    return [(step.kind, len(step.answers)) for step in steps]


def test_a_step_names_answers_that_show_why():
    takes = [take(0)] * 3 + [take(0, WITHOUT_RESULT)] * 4 + OTHERS + [take(3, story="Late vendor")]
    assert shown_by(looked_back(takes).next_steps) == [("part", 3), ("story", 1)]


def test_no_pillar_is_missed_where_not_everything_was_looked_at():
    assert looked_back([take(0)] * 6, Chosen(pillar="behavioral")).next_steps == ()


# --- replies to follow-ups ---------------------------------------------------------------------------------


REPLY = measured(
    kind="follow_up",
    duration_s=20.0,
    word_count=60,
    shares=(None, None, 1.0, None),
    target_min_s=30.0,
    target_max_s=60.0,
)
ASKED_BACK = measured(kind="ask_back", duration_s=30.0, shares=(None, None, None, None), measured_results=0)


@pytest.mark.parametrize("reply", [REPLY, ASKED_BACK])
def test_replies_count_for_delivery_but_not_as_whole_answers(reply):
    alone, among = looked_back([take(1)] * 5), looked_back([take(1)] * 5 + [take(1, reply)] * 5)
    assert trend_of(among, "all", "pace").answers == 10
    for section in ("behavioral", "star"):
        (before,), (after,) = ([each for each in found.sections if each.name == section] for found in (alone, among))
        assert before == after
    assert "part" not in {step.kind for step in among.next_steps}


def test_what_was_asked_back_practices_no_pillar():
    found = looked_back([*[take(5)] * 6, *OTHERS, take(0, ASKED_BACK)])
    assert [step.days_ago for step in found.next_steps if step.kind == "pillar"] == [35]


def test_the_numbers_know_what_was_answered():
    answer = fixture_answer("strong-story")
    assert answer.question is not None
    probe = answer.question.model_copy(update={"kind": "follow_up"})
    assert Measured.of(answer).is_whole
    assert not Measured.of(answer.model_copy(update={"question": probe})).is_whole
    older = Measured.of(answer).model_dump()
    del older["kind"]
    assert Measured.model_validate(older).is_whole


# --- the own view ------------------------------------------------------------------------------------------


def rated(weeks_ago: float, **ratings: int) -> MeasuredTake:
    """A story that was measured as 5 for its length, 5 for its structure and 4 for its delivery."""
    return take(weeks_ago, measured(self_rating=Ratings(**ratings)))


def test_the_own_view_is_followed_as_its_distance_from_the_measure():
    found = looked_back([rated(2, length=5, delivery=5), rated(1, length=3, delivery=3), take(0.5)])
    (section,) = [each for each in found.sections if each.kind == "own_view"]
    assert section.answers == 2
    assert {each.name: (each.answers, each.now) for each in section.trends} == {
        "own_length": (2, -1.0),
        "own_structure": (0, None),
        "own_result": (0, None),
        "own_delivery": (2, 0.0),
    }
    assert [week.median for week in trend_of(found, "own_view", "own_delivery").weeks] == [1.0, -1.0]


def test_an_own_view_that_comes_nearer_to_the_measure_is_better():
    found = looked_back([rated(10 - week, delivery=5 if week < 5 else 4) for week in range(10)])
    assert trend_of(found, "own_view", "own_delivery").direction == "better"
    assert trend_of(found, "own_view", "own_delivery").is_on_goal  # the median of ten is half a point


def test_a_view_of_oneself_is_no_weakness():
    found = looked_back([rated(0.1 * day, delivery=1) for day in range(8)])
    assert trend_of(found, "own_view", "own_delivery").now == -3.0
    assert not [step for step in found.next_steps if step.kind == "measure"]


def test_who_never_rated_has_no_such_section():
    assert "own_view" not in {each.kind for each in looked_back([take(1), take(2)]).sections}
