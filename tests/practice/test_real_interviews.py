"""Real interviews: their questions, and practice held against outcomes, with few numbers and no prediction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.interviews import bank
from tests.progresses import NOW, measured, take
from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.content.own_questions import load_own_questions
from voicemock.content.questions import QuestionBank
from voicemock.errors import ContentError, InputError, TranscriptFileError
from voicemock.models import Agreement, Measured, Outcome, RealInterview, RealInterviews
from voicemock.practice.asked_framework import framework_asked
from voicemock.practice.real_interviews import (
    LARGEST_FILE,
    KeptQuestion,
    agreement_of,
    card_of,
    keep_imported,
    keep_questions,
    read_real_interviews,
    read_went,
)
from voicemock.report.real_interviews import agreement_view, kept_questions
from voicemock.store.real_interviews import RealInterviewLog
from voicemock.store.rows import MeasuredTake

TODAY = NOW.date()


def interview(weeks_ago: float = 0, outcome: Outcome = "waiting", **fields: object) -> RealInterview:
    given = {"company": "Acme", "held_on": TODAY - timedelta(days=round(7 * weeks_ago)), "outcome": outcome}
    return RealInterview.made((), **given | fields, updated_at=NOW)


def before(weeks_ago: float, *numbers: Measured) -> list[MeasuredTake]:
    """Answers in the week before an interview that was this many weeks ago, at noon."""
    return [take(weeks_ago + 0.2 + place / 50, each) for place, each in enumerate(numbers)]


GOOD = measured(measured_results=1, filled_pauses=5)
POOR = measured(measured_results=0, filled_pauses=30)
SPREAD = (0, 5, 10, 15, 20, 25)
"""Weeks ago, so far apart that no answer counts before two interviews."""


def history(*ended: tuple[Outcome, Measured], answers: int = 3) -> Agreement | None:
    """Interviews that ended so after such practice."""
    held = list(zip(SPREAD, ended, strict=False))
    takes = [each for weeks, (_, numbers) in held for each in before(weeks, *[numbers] * answers)]
    return agreement_of([interview(weeks, outcome) for weeks, (outcome, _) in held], takes)


def test_below_five_outcomes_nothing_is_said() -> None:
    four = [("passed", GOOD), ("failed", POOR), ("passed", GOOD), ("failed", POOR)]
    assert history(*four) is None
    assert history(*four, ("waiting", POOR)) is None
    assert history(*four, ("failed", POOR)) is not None
    assert agreement_of((), ()) is None


@pytest.mark.parametrize(
    ("ended", "relation", "pairs"),
    [
        ([("passed", GOOD)] * 3 + [("failed", POOR)] * 2, "agrees", (6, 0, 6)),
        ([("passed", POOR)] * 3 + [("failed", GOOD)] * 2, "disagrees", (0, 6, 6)),
        ([("passed", GOOD)] * 3 + [("failed", GOOD)] * 2, "no_clear_relation", (0, 0, 6)),
        ([("passed", GOOD), ("passed", POOR)] + [("failed", GOOD)] * 2 + [("failed", POOR)], "no_clear_relation", None),
    ],
)
def test_practice_and_outcomes_agree_or_not(
    ended: list[tuple[Outcome, Measured]], relation: str, pairs: tuple[int, int, int] | None
) -> None:
    found = history(*ended)
    assert found is not None
    by_name = {each.name: each for each in found.measures}
    for name in ("with_result", "filled_pauses"):  # of filled pauses, fewer are better
        assert by_name[name].relation == relation
        if pairs:
            assert (by_name[name].better_in, by_name[name].worse_in, by_name[name].pairs) == pairs
    assert by_name["on_target"].relation == "no_clear_relation"


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, True),
        ({"kind": "follow_up"}, False),
        ({"analysis_version": ANALYSIS_VERSION - 1}, False),
        ({"relevance": "off_topic"}, False),
    ],
)
def test_only_whole_answers_by_todays_rules_are_practice(changes: dict[str, object], counted: bool) -> None:
    good, poor = (Measured.model_validate({**each.model_dump(), **changes}) for each in (GOOD, POOR))
    found = history(*[("passed", good)] * 3, *[("failed", poor)] * 2)
    assert found is not None
    assert ((found.passed, found.failed) == (3, 2)) is counted
    assert bool(found.measures) is counted


@pytest.mark.parametrize(("days_before", "counts"), [(0, False), (1, True), (28, True), (29, False), (-1, False)])
def test_practice_counts_in_the_four_weeks_before_the_day(days_before: int, counts: bool) -> None:
    noted = [interview(0, "passed" if number % 2 else "failed") for number in range(5)]
    takes = [take(days_before / 7, GOOD) for _ in range(3)]
    found = agreement_of(noted, takes)
    assert found is not None
    assert found.passed + found.failed == (5 if counts else 0)


def test_what_was_not_measured_is_not_compared() -> None:
    text = measured(duration_s=None, measured_results=None)
    found = history(*[("passed", text)] * 3, *[("failed", text)] * 2)
    assert found is not None
    assert [each.name for each in found.measures] == ["whole", "filled_pauses"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (history(*[("passed", GOOD)] * 3, *[("failed", POOR)] * 2), "2 agree with the outcomes, 0 go the"),
        (history(*[("passed", GOOD)] * 5), "They all ended the same way, so there is nothing to compare."),
        (history(*[("passed", GOOD)] * 3, *[("failed", POOR)] * 2, answers=2), "That is too few to compare."),
    ],
)
def test_it_is_said_plainly_with_its_small_number(found: Agreement, said: str) -> None:
    view = agreement_view(found)
    assert view.summary.startswith("5 real interviews have an outcome.")
    assert said in view.summary
    if view.rows:
        assert view.caution.startswith("5 interviews are few: chance alone can produce this much agreement.")
        assert {row.relation for row in view.rows} == {
            "agrees: better in 6, worse in 0 of 6 pairs",
            "no clear relation: better in 0, worse in 0 of 6 pairs",
        }
        assert ("Filled pauses", "1.0 per 100 words", "6.0 per 100 words") in [row[:3] for row in view.rows]


# --- questions -------------------------------------------------------------------------------------------


def no_framework(text: str) -> None:
    """No question is like any other."""


def test_what_was_asked_becomes_the_candidates_own_once(tmp_path: Path) -> None:
    known = bank().get("failed-program").text
    asked = ("How do you tell a vice president no?", "Kafka?", known.upper(), " how do you tell a  vice president no? ")
    noted = interview(asked=asked, company="Acme, Inc.")
    assert noted.asked == ("How do you tell a vice president no?", "Kafka?", known.upper())
    ((added, is_assumed),) = keep_questions([noted, noted], bank(), tmp_path, no_framework)
    assert (added.framework, is_assumed) == ("star", True)
    assert (added.text, added.companies, added.own) == (asked[0], ("acme-inc",), True)
    assert [each for each, _ in load_own_questions(tmp_path)] == [added]
    assert card_of(noted, bank()).question_ids == (None, None, "failed-program")


def test_a_broken_file_of_questions_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("- text: 3\n  pillar: none\n")
    with pytest.raises(ContentError, match=r"own\.yaml"):
        keep_questions([interview(asked=["How do you tell a vice president no?"])], bank(), tmp_path, no_framework)


def test_a_question_takes_the_framework_that_is_found(tmp_path: Path) -> None:
    noted = interview(asked=["Your dependency is four weeks late. What now?"])
    ((added, is_assumed),) = keep_questions([noted], bank(), tmp_path, lambda text: "triage")
    assert (added.framework, added.pillar, is_assumed) == ("triage", "program_sense", False)
    told = kept_questions([KeptQuestion(added, is_assumed)], bank())
    assert told[1].endswith("is measured as: Dependency triage.")
    assert "--framework" in kept_questions([KeptQuestion(added, True)], bank())[1]


@pytest.mark.parametrize(
    ("nearest", "found"),
    [
        (["triage"] * 5, "triage"),
        (["triage"] * 4 + ["star"], "triage"),
        (["triage"] * 3 + ["star"] * 2, None),
    ],
)
def test_a_framework_is_found_where_four_of_the_five_nearest_questions_agree(nearest: list[str], found: str) -> None:
    """The others are far away, and a question of the candidate's own is no witness."""
    near = [each.model_copy(update={"framework": name}) for each, name in zip(bank().questions, nearest, strict=False)]
    far = [each.model_copy(update={"framework": "design"}) for each in bank().questions[5:20]]
    own = [each.model_copy(update={"framework": "pitch", "own": True}) for each in bank().questions[20:30]]
    texts = {each.text for each in (*near, *own)}

    def encode(asked: Sequence[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] if text in texts or text == "New?" else [0.0, 1.0] for text in asked])

    assert framework_asked("New?", QuestionBank((*far, *own, *near)), encode) == found


@pytest.mark.parametrize(("text", "went"), [("1", 1), (" 5 ", 5), ("unknown", None), ("", None), ("Unknown", None)])
def test_how_it_went_is_read(text: str, went: int | None) -> None:
    assert read_went(text) == went


@pytest.mark.parametrize("text", ["0", "6", "well", "1.5", "\N{SUPERSCRIPT TWO}", "-1"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="does not say how it went"):
        read_went(text)


# --- ids and files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("company", "taken", "made"),
    [
        ("Acme", (), "2026-12-01-acme"),
        ("Acme, Inc.", (), "2026-12-01-acme-inc"),
        ("ACME", ("2026-12-01-acme",), "2026-12-01-acme-2"),
        ("Acme", ("2026-12-01-acme", "2026-12-01-acme-2"), "2026-12-01-acme-3"),
        ("x" * 60, (), f"2026-12-01-{'x' * 40}"),
        ("a" * 39 + " b", (), f"2026-12-01-{'a' * 39}"),
        ("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 20, (), None),
        ("../../etc", (), "2026-12-01-etc"),
    ],
)
def test_an_id_is_a_day_and_a_company_and_fits_a_file_name(
    company: str, taken: tuple[str, ...], made: str | None
) -> None:
    noted = RealInterview.made(taken, company=company, held_on=date(2026, 12, 1), updated_at=NOW)
    assert noted.id == (made or noted.id)
    assert len(f".{noted.id}.json.part".encode()) < 255


def exported(folder: Path, content: bytes) -> Path:
    (folder / "x.json").write_bytes(content)
    return folder / "x.json"


def test_a_file_of_interviews_comes_back_the_same_and_replaces(tmp_path: Path) -> None:
    noted = (interview(asked=["Why us, of all companies?"], round="onsite", went=4), interview(2, "failed"))
    path = exported(tmp_path, RealInterviews(interviews=noted).model_dump_json().encode())
    log = RealInterviewLog(tmp_path / "data")
    assert keep_imported(log, read_real_interviews(path)) == 0
    assert keep_imported(log, read_real_interviews(path)) == 2
    assert log.interviews() == noted


GIVEN = json.loads(RealInterviews(interviews=(interview(),)).model_dump_json())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "../../x"}, "id"),
        ({"id": "2026-12-01-acme/../x"}, "id"),
        ({"id": "2020-01-01-other"}, "is not the id of an interview on that day"),
        ({"company": ""}, "company"),
        ({"company": "?!"}, "not a name for a company"),
        ({"company": "x" * 61}, "company"),
        ({"asked": ["x" * 501]}, "asked"),
        ({"asked": [f"Question {number}" for number in range(31)]}, "asked"),
        ({"went": 6}, "went"),
        ({"outcome": "hired"}, "outcome"),
        ({"held_on": "1066-10-14"}, "held_on"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_whole(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    other = interview(1).model_dump(mode="json")
    content = GIVEN | {"interviews": [other, GIVEN["interviews"][0] | changes]}
    log = RealInterviewLog(tmp_path / "data")
    with pytest.raises(InputError, match=told):
        keep_imported(log, read_real_interviews(exported(tmp_path, json.dumps(content).encode())))
    assert log.interviews() == ()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"{}", ContentError),
        (b"[" * 100_000, ContentError),
        (b"\xff\xfe", ContentError),
        (b'{"kind": "voicemock-real-interviews", "interviews": null}', ContentError),
        (b" " * (LARGEST_FILE + 1), TranscriptFileError),
    ],
)
def test_what_is_no_such_file_is_told(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_real_interviews(exported(tmp_path, content))
