from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cohort.made import answer, cohort, error, write
from voicemock.cohort.groups import pseudonyms_of
from voicemock.cohort.summary import Group, Moves, Report, report_of
from voicemock.cohort.tables import measure, open_tables


def summed(results: Path, *, with_names: bool = True, not_whole: tuple[str, ...] = ()) -> Report:
    with open_tables(results, results) as tables:
        measure(tables.database, None if with_names else pseudonyms_of(results), not_whole)
        return report_of(tables.database, with_names=with_names)


def sizes(groups: tuple[Group, ...]) -> dict[str, tuple[int, int]]:
    return {each.label: (each.candidates, each.answers) for each in groups}


def test_the_quartiles_are_those_of_what_was_measured(tmp_path: Path) -> None:
    rows = [answer(f"{pace}.flac", f"c-{pace}", words_per_minute=float(pace)) for pace in (100, 110, 120, 130, 140)]
    rows.append(answer("written.txt", "c-0", words_per_minute=None))
    (everything,) = summed(write(tmp_path, rows)).by("all")
    pace = everything.spreads["pace"]
    assert (pace.measured, pace.candidates, pace.quartiles) == (5, 5, (110.0, 120.0, 130.0))
    assert everything.answers == 6


@pytest.mark.parametrize(("measured", "is_withheld"), [(0, False), (4, True)])
def test_what_was_measured_of_too_few_is_not_shown(tmp_path: Path, measured: int, is_withheld: bool) -> None:
    rows = [*cohort(measured), *cohort(9 - measured, first=measured, words_per_minute=None)]
    (everything,) = summed(write(tmp_path, rows)).by("all")
    pace = everything.spreads["pace"]
    assert (pace.measured, pace.quartiles, pace.is_withheld) == (measured, None, is_withheld)


def test_fewer_than_five_candidates_have_no_numbers(tmp_path: Path) -> None:
    report = summed(write(tmp_path, cohort(4)), with_names=False)
    assert (report.answers, report.candidates, report.groups) == (4, 4, ())


def test_answers_without_a_candidate_count_as_those_of_one(tmp_path: Path) -> None:
    report = summed(write(tmp_path, [answer(f"{each}.flac") for each in range(20)]))
    assert (report.candidates, report.without_candidate, report.groups) == (1, 20, ())


def test_a_small_question_cannot_be_told_from_its_competency(tmp_path: Path) -> None:
    rows = [
        *cohort(9, "large"),
        *cohort(6, "next"),
        *cohort(2, "small"),
        *cohort(7, "elsewhere", competency="conflict"),
    ]
    report = summed(write(tmp_path, rows))
    assert sizes(report.by("competency")) == {"conflict": (7, 7), "failure": (9, 17)}
    assert sizes(report.by("question")) == {
        "elsewhere": (7, 7),
        "large": (9, 9),
        "2 other questions of failure": (6, 8),
    }
    assert [each.label for each in report.worst_first] == ["elsewhere", "large"]


def test_a_small_competency_hides_its_questions(tmp_path: Path) -> None:
    rows = [*cohort(9, "large"), *cohort(6, "b", competency="b"), *cohort(2, "c", competency="c")]
    report = summed(write(tmp_path, rows))
    assert sizes(report.by("competency")) == {"failure": (9, 9), "2 other competencies": (6, 8)}
    assert sizes(report.by("question")) == {"large": (9, 9), "2 questions of 2 other competencies": (6, 8)}


def test_weeks_begin_on_monday(tmp_path: Path) -> None:
    rows = [*cohort(5, "a", day=1), *cohort(5, "b", day=7), *cohort(5, "c", day=8), *cohort(6, "d", day=None)]
    found = sizes(summed(write(tmp_path, rows)).by("week"))
    assert found == {"2026-06-01": (5, 10), "2026-06-08": (5, 5), "no date": (6, 6)}


def test_answers_without_a_question_are_a_group_of_their_own(tmp_path: Path) -> None:
    report = summed(write(tmp_path, [*cohort(5), *cohort(5, None, competency=None)]))
    assert sizes(report.by("question")) == {"failed-program": (5, 5), "no question": (5, 5)}
    assert sizes(report.by("competency")) == {"failure": (5, 5), "no competency": (5, 5)}


def test_missing_parts_and_priorities_are_counted_by_answer(tmp_path: Path) -> None:
    rows = [
        *cohort(6, missing=["result"], priorities=["no_number", "no_number"]),
        *cohort(2, first=6, missing=[], priorities=[]),
    ]
    (question,) = summed(write(tmp_path, rows)).by("question")
    assert [(each.name, each.answers, each.share) for each in question.missing] == [("result", 6, 0.75)]
    assert [(each.name, each.answers) for each in question.priorities] == [("no_number", 6)]


def test_the_worst_question_is_the_one_whose_first_thing_to_fix_weighs_most(tmp_path: Path) -> None:
    rows = [*cohort(5, "bad", severity=90.0), *cohort(5, "good", severity=10.0), *cohort(5, "middling", severity=50.0)]
    assert [each.label for each in summed(write(tmp_path, rows)).worst_first] == ["bad", "middling", "good"]


def test_a_reply_to_a_follow_up_misses_no_part(tmp_path: Path) -> None:
    report = summed(write(tmp_path, cohort(5, "probe", missing=["result"])), not_whole=("probe",))
    (question,) = report.by("question")
    assert (question.missing, question.spreads["missing_parts"].measured, report.worst_first) == ((), 0, ())


@pytest.mark.parametrize(
    ("name", "first", "last", "expected"),
    [
        ("pace", {"words_per_minute": 230.0}, {"words_per_minute": 180.0}, "better"),
        ("pace", {"words_per_minute": 180.0}, {"words_per_minute": 150.0}, "same"),
        ("pace", {"words_per_minute": 180.0}, {"words_per_minute": 100.0}, "worse"),
        ("length", {"duration_s": 100.0}, {"duration_s": 170.0}, "better"),
        ("length", {"duration_s": 300.0}, {"duration_s": 297.0}, "same"),
        ("length", {"duration_s": 100.0}, {"duration_s": None}, "not_measured"),
        ("missing_parts", {"missing": ["task", "result"]}, {"missing": ["task"]}, "better"),
        ("missing_parts", {"missing": []}, {"missing": ["task"]}, "worse"),
    ],
)
def test_a_take_is_better_if_it_is_nearer_to_the_goal(
    tmp_path: Path, name: str, first: dict[str, Any], last: dict[str, Any], expected: str
) -> None:
    goal = {"target_min_s": 180.0, "target_max_s": 240.0}
    rows = [answer(f"{each}-1.flac", f"c-{each}", day=1, **goal, **first) for each in range(10)]
    rows += [
        answer(f"{each}-2.flac", f"c-{each}", day=9, **goal, **(last if each < 5 else first)) for each in range(10)
    ]
    moved = summed(write(tmp_path, rows)).takes.moves[name]
    counts = {"better": 0, "same": 5, "worse": 0, "not_measured": 0}
    counts[expected] += 5
    assert moved == Moves(**counts, candidates=5 if expected == "not_measured" else 10)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param({"day": 9}, (5, 0, 0), id="another day"),
        pytest.param({"day": 1}, (0, 0, 5), id="the same day"),
        pytest.param({"day": None}, (0, 0, 5), id="no date"),
        pytest.param({"day": 9, "analysis_version": 99}, (0, 5, 0), id="other rules"),
        pytest.param({"day": 9, "question": "another"}, (0, 0, 0), id="another question"),
    ],
)
def test_only_takes_whose_order_and_rules_are_known_are_compared(
    tmp_path: Path, second: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    rows = [*cohort(5), *(answer(f"again-{each}.flac", f"c-{each}", **second) for each in range(5))]
    takes = summed(write(tmp_path, rows)).takes
    assert (takes.pairs, takes.other_rules, takes.one_day) == expected


@pytest.mark.parametrize(("candidates", "with_names", "listed"), [(5, False, 5), (4, False, 0), (4, True, 4)])
def test_candidates_are_listed_if_they_are_five_or_their_names_are_asked_for(
    tmp_path: Path, candidates: int, with_names: bool, listed: int
) -> None:
    rows = [*cohort(candidates), *(answer(f"again-{each}.flac", f"c-{each}", day=9) for each in range(candidates))]
    takes = summed(write(tmp_path, rows), with_names=with_names).takes
    assert (len(takes.candidates), takes.are_withheld) == (listed, listed == 0)
    assert all(each.candidate.startswith("c-" if with_names else "candidate-") for each in takes.candidates)


def test_who_improved_most_comes_first(tmp_path: Path) -> None:
    rows = cohort(5, words_per_minute=230.0)
    for each in range(5):
        rows.append(answer(f"{each}-2.flac", f"c-{each}", day=9, words_per_minute=150.0 if each == 3 else 260.0))
    first, *others = summed(write(tmp_path, rows)).takes.candidates
    assert (first.candidate, first.questions, first.better, first.worse) == ("c-3", 1, 1, 0)
    assert [each.worse for each in others] == [1, 1, 1, 1]


def test_of_two_rows_for_a_source_the_newer_counts(tmp_path: Path) -> None:
    write(tmp_path, cohort(6), [error("late.flac", "c-1")])
    write(
        tmp_path, [answer("late.flac", "c-1")], [error("failed-program/0.flac", "c-0", kind="worker_killed")], number=2
    )
    report = summed(tmp_path)
    assert (report.answers, report.errors) == (6, {"worker_killed": 1})


def test_an_older_version_of_the_rules_is_told(tmp_path: Path) -> None:
    report = summed(write(tmp_path, [*cohort(5, analysis_version=98), *cohort(5, first=5, analysis_version=99)]))
    assert report.versions == (98, 99)


def test_nothing_of_the_report_without_names_holds_one(tmp_path: Path) -> None:
    rows = [*cohort(6), *(answer(f"again-{each}.flac", f"c-{each}", day=9) for each in range(6))]
    report = summed(write(tmp_path, rows, [error("c-1/broken.flac", "c-1")]), with_names=False)
    assert "c-1" not in json.dumps(report, default=repr)
