from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from voicemock.cohort.recordings import Recording
from voicemock.cohort.rows import ANSWERS, ERRORS
from voicemock.cohort.work import Known, Plan, answer_id, how_measured, plan_of, time_to_go_s
from voicemock.models import Failure
from voicemock.settings import Settings

HOW = how_measured(Settings(model="base"), "base")
TAKE, TWIN, OTHER = Recording("a.wav"), Recording("twin.wav"), Recording("b.wav")
UNREADABLE = Failure(kind="unreadable", message="gone")


def known(recording: Recording, content: str = "one", table: str = ANSWERS) -> dict[str, Known]:
    name = answer_id(content, recording.question_id, HOW)
    date = recording.date.isoformat() if recording.date else None
    return {recording.source: Known(table, name, recording.candidate, recording.question_id, date)}


def sources(plan: Plan) -> dict[str, list[str]]:
    """Return where each input stands in a plan."""
    found = {
        "done": [each.source for each in plan.done],
        "failed": [each.source for each in plan.failed],
        "unread": [each.source for each, _ in plan.unread],
        "copied": [each.source for names in plan.copied.values() for each in names],
        "measured": [each.source for names in plan.measured.values() for each in names],
    }
    return {name: each for name, each in found.items() if each}


@pytest.mark.parametrize(
    ("hashed", "before", "expected"),
    [
        ({TAKE: "one", OTHER: "two"}, {}, {"measured": ["a.wav", "b.wav"]}),
        ({TAKE: "one", OTHER: "two"}, known(TAKE), {"done": ["a.wav"], "measured": ["b.wav"]}),
        ({TAKE: "one"}, known(TAKE, "before it was changed"), {"measured": ["a.wav"]}),
        ({TAKE: "one"}, known(TAKE, table=ERRORS), {"failed": ["a.wav"]}),
        ({TAKE: UNREADABLE}, {}, {"unread": ["a.wav"]}),
        ({TAKE: "one", TWIN: "one"}, known(TAKE), {"done": ["a.wav"], "copied": ["twin.wav"]}),
        ({replace(TAKE, candidate="c-1"): "one"}, known(TAKE), {"copied": ["a.wav"]}),
        ({replace(TAKE, date=dt.date(2026, 11, 30)): "one"}, known(TAKE), {"copied": ["a.wav"]}),
        ({replace(TAKE, question_id="failed-program"): "one"}, known(TAKE), {"measured": ["a.wav"]}),
    ],
    ids=["new", "resumed", "changed", "failed", "unread", "twin", "candidate", "date", "question"],
)
def test_what_is_there_is_not_measured_again(
    hashed: dict[Recording, str | Failure], before: dict[str, Known], expected: dict[str, list[str]]
) -> None:
    assert sources(plan_of(hashed, before, HOW, ANSWERS)) == expected


def test_what_failed_is_tried_again_when_it_is_asked_for() -> None:
    plan = plan_of({TAKE: "one"}, known(TAKE, table=ERRORS), HOW, ANSWERS, retry_errors=True)
    assert sources(plan) == {"measured": ["a.wav"]}


def test_two_names_of_a_file_are_measured_once() -> None:
    plan = plan_of({TAKE: "one", TWIN: "one"}, {}, HOW, ANSWERS)
    assert [[each.source for each in names] for names in plan.measured.values()] == [["a.wav", "twin.wav"]]


@pytest.mark.parametrize(
    "changed",
    [
        Settings(model="tiny.en"),
        Settings(model="base", beam_size=1),
        Settings(model="base", target_min_s=60, target_max_s=90),
        Settings(model="base", extra_fillers=("basically",)),
    ],
    ids=["model", "beam_size", "target", "extra_fillers"],
)
def test_other_settings_give_another_answer(changed: Settings) -> None:
    assert answer_id("one", None, how_measured(changed, "base")) != answer_id("one", None, HOW)


def test_settings_that_measure_nothing_do_not() -> None:
    how = how_measured(Settings(model="base", voice="silent", patience=2), "base")
    assert answer_id("one", None, how) == answer_id("one", None, HOW)


def test_the_best_installed_model_counts_by_its_name() -> None:
    assert how_measured(Settings(), "base") == HOW


@pytest.mark.parametrize(
    ("done", "done_bytes", "left_bytes", "elapsed_s", "expected"),
    [(10, 1000, 500, 60.0, 30.0), (4, 1000, 500, 60.0, None), (10, 0, 0, 60.0, None), (10, 1000, 0, 60.0, 0.0)],
    ids=["by size", "too few to tell", "sizes unknown", "done"],
)
def test_the_time_to_go(done: int, done_bytes: int, left_bytes: int, elapsed_s: float, expected: float | None) -> None:
    assert time_to_go_s(done, done_bytes, left_bytes, elapsed_s) == expected
