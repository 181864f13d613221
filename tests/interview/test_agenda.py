"""Agendas: what a day says and asks, what fits into its time, and when the time is up."""

from __future__ import annotations

from itertools import pairwise

import pytest

from voicemock.content.questions import QuestionBank
from voicemock.content.styles import load_style
from voicemock.interview.agenda import Agenda, day_of, questions_that_fit
from voicemock.models import Loop, LoopRound

BANK = QuestionBank.load()
STYLE = load_style("warm")


def day(**parts: object) -> Agenda:
    wanted = {"loop": "amazon", "style": STYLE, "minutes": 45, "follow_ups": 1, "seed": "7", **parts}
    return day_of(BANK.rounds_of("amazon", seed=7, count=8), **wanted)  # type: ignore[arg-type]


def test_a_day_opens_with_its_time_and_its_number_of_questions() -> None:
    opening = day().opening
    assert "forty-five minutes" in opening
    assert "eight questions" in opening


def test_every_round_but_the_first_is_announced_once() -> None:
    rounds = BANK.rounds_of("amazon", seed=7, count=8)
    announced = [item.introduction for item in day().items if item.introduction]
    titles = [block.title for block, questions in rounds if questions][1:]
    assert len(announced) == len(titles)
    assert all(title in text for title, text in zip(titles, announced, strict=True))


@pytest.mark.parametrize(
    ("interviewers", "remarks"),
    [
        ((1, 1, 1), ("next_round", "next_round")),
        ((1, 2, 2), ("next_interviewer", "next_round")),
        ((1, 2, 3), ("next_interviewer", "next_interviewer")),
    ],
)
def test_somebody_who_takes_over_says_so(interviewers: tuple[int, ...], remarks: tuple[str, ...]) -> None:
    rounds = [(LoopRound(title="Launches", count=1, interviewer=n), BANK.questions[:2]) for n in interviewers]
    agenda = day_of(rounds, loop="x", style=STYLE, minutes=60, follow_ups=0)
    expected = [STYLE.say(remark, str(number), title="Launches") for number, remark in enumerate(remarks, start=1)]
    assert [item.introduction for item in agenda.items if item.introduction] == expected
    assert [item.interviewer for item in agenda.items] == [n for n in interviewers for _ in range(2)]


@pytest.mark.parametrize("loop", BANK.loops, ids=lambda loop: loop.name)
def test_the_first_interviewer_begins_and_nobody_comes_back(loop: Loop) -> None:
    numbers = [block.interviewer for block in loop.rounds]
    assert numbers[0] == 1
    assert all(following - number in (0, 1) for number, following in pairwise(numbers))


def test_a_round_without_a_question_is_not_announced() -> None:
    block = LoopRound(title="Nobody asks this", count=1)
    agenda = day_of(
        [(block, ()), (block, BANK.questions[:1])], loop="x", style=STYLE, minutes=10, follow_ups=0, feedback_each=True
    )
    assert [item.introduction for item in agenda.items] == [""]


def test_a_day_ends_with_the_candidates_own_questions_and_a_debrief() -> None:
    agenda = day()
    assert agenda.ask_back is not None
    assert agenda.ask_back.kind == "ask_back"
    assert agenda.debrief
    assert not agenda.feedback_each


@pytest.mark.parametrize(
    ("minutes", "follow_ups", "feedback_each", "count"),
    [
        (90, 1, False, 17),
        (45, 0, False, 11),
        (45, 1, False, 8),
        (45, 2, False, 6),
        (45, 1, True, 7),
        (10, 1, False, 1),
        (5, 3, True, 1),
    ],
)
def test_as_many_questions_as_fit(minutes: float, follow_ups: int, feedback_each: bool, count: int) -> None:
    assert questions_that_fit(minutes, follow_ups=follow_ups, feedback_each=feedback_each) == count


@pytest.mark.parametrize(
    ("elapsed_s", "asks", "probes"),
    [(0, True, True), (2400, True, True), (2431, False, True), (2474, False, True), (2476, False, False)],
)
def test_nothing_is_begun_that_would_run_into_the_closing(elapsed_s: float, asks: bool, probes: bool) -> None:
    agenda = day()  # 2,700 s, of which 195 are kept for asking back and closing
    assert agenda.has_time_to_ask(elapsed_s) == asks
    assert agenda.has_time_to_probe(elapsed_s) == probes


def test_without_a_time_box_there_is_always_time() -> None:
    agenda = Agenda.of(BANK.questions[:3], follow_ups=2, takes=2)
    assert agenda.left_s(1e6) is None
    assert agenda.has_time_to_ask(1e6)
    assert agenda.has_time_to_probe(1e6)
    assert (len(agenda.items), agenda.follow_ups, agenda.takes, agenda.ask_back) == (3, 2, 2, None)
