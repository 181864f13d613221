"""``voicemock progress``, and the numbers it rests on in the store."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from tests.commands import voicemock
from tests.interviews import fixture_answer, keep
from tests.progresses import practiced
from voicemock.models import Measured
from voicemock.practice.periods import Week
from voicemock.practice.trends import Goal
from voicemock.report.progress_lines import sparkline
from voicemock.store.store import Store


def progress(data_dir: Path, *arguments: str, **options: object) -> Result:
    return voicemock("progress", "--data-dir", data_dir, *arguments, **options)


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quarter")
    practiced(folder, datetime.now(UTC))
    return folder


def numbers_in(data_dir: Path) -> list[str]:
    with closing(sqlite3.connect(data_dir / "voicemock.db")) as connection:
        return [row[0] for row in connection.execute("SELECT document FROM measured")]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_it_fits_80_columns_in_any_encoding(quarter, encoding, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = voicemock("progress", "--data-dir", quarter, encoding=encoding)
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80
    for expected in ("All answers", "Filled pauses", "STAR story", "Kafka migration", "Practice next", "at most 6.0"):
        assert expected in result.output


def test_the_own_view_is_told_beside_the_measures(quarter, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    section = progress(quarter).output.split("Your own view, minus the measure")[1].split("\n\n")[0]
    rows = [line.split() for line in section.splitlines()[1:]]
    assert [row[0] for row in rows] == ["Length", "Structure", "Result", "Delivery"], "each fits a line"
    assert all("-0.5 to +0.5" in " ".join(row) for row in rows)
    assert {row[-2].rstrip(",") for row in rows} <= {"close", "higher", "lower", "no"}


def test_few_answers_are_called_few_and_none_is_no_error(tmp_path):
    assert "No answer to look at." in progress(tmp_path).output
    keep(tmp_path, fixture_answer("strong-story"))
    output = progress(tmp_path).output
    assert "That is few" in output
    assert "on goal" not in output


def test_json_and_filters(quarter):
    found = json.loads(progress(quarter, "--json", "--pillar", "program-sense").stdout)
    assert found["schema_version"] == 1
    assert {section["name"] for section in found["sections"]} == {"all", "program_sense", "triage", "own_view"}
    assert (
        json.loads(progress(quarter, "--json", "--framework", "STAR", "--since", "2999-01-01").stdout)["answers"] == 0
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--pillar", "cooking"), 2), (("--framework", "cooking"), 1), (("--json", "--page"), 2)],
)
def test_what_it_does_not_take(tmp_path, arguments, code):
    assert progress(tmp_path, *arguments).exit_code == code


def test_older_rules_are_left_out_with_a_hint(tmp_path):
    answer = fixture_answer("strong-story")
    analysis = answer.assessment.analysis.model_copy(update={"analysis_version": None})
    keep(
        tmp_path, answer.model_copy(update={"assessment": answer.assessment.model_copy(update={"analysis": analysis})})
    )
    assert "voicemock reanalyze --all" in progress(tmp_path).output


def test_the_page_goes_with_what_it_tells_of(tmp_path):
    session = keep(tmp_path, fixture_answer("strong-story"))
    assert progress(tmp_path, "--page", "--no-open").output.strip() == str(tmp_path / "progress.html")
    with Store(tmp_path) as store:
        store.delete_session(session)
    assert not (tmp_path / "progress.html").exists()
    assert numbers_in(tmp_path) == []


# --- the numbers in the store ------------------------------------------------------------------------------


def test_the_numbers_of_an_answer_are_kept_with_it(tmp_path):
    answer = fixture_answer("strong-story")
    keep(tmp_path, answer)
    assert [Measured.model_validate_json(text) for text in numbers_in(tmp_path)] == [Measured.of(answer)]


@pytest.mark.parametrize("change", ["DELETE FROM measured", "UPDATE measured SET document = '{}'"])
def test_numbers_that_are_not_there_or_of_another_version_are_made_again(tmp_path, change):
    answer = fixture_answer("strong-story")
    keep(tmp_path, answer)
    with closing(sqlite3.connect(tmp_path / "voicemock.db")) as connection, connection:
        connection.execute(change)
    with Store(tmp_path) as store:
        assert [each.measured for each in store.takes.measured()] == [Measured.of(answer)]
    assert len(numbers_in(tmp_path)) == 1


def test_an_answer_that_was_measured_again_has_new_numbers(tmp_path):
    answer = fixture_answer("strong-story")
    keep(tmp_path, answer)
    other = answer.assessment.model_copy(
        update={"analysis": answer.assessment.analysis.model_copy(update={"words_per_minute": 99.0})}
    )
    with Store(tmp_path) as store:
        store.takes.reassess(next(store.takes.all()), other, datetime.now(UTC))
        assert [each.measured.words_per_minute for each in store.takes.measured()] == [99.0]


def test_what_was_skipped_has_no_numbers(tmp_path):
    skipped = {"status": "skipped", "assessment": None, "audio_file": None}
    keep(tmp_path, fixture_answer("strong-story").model_copy(update=skipped))
    with Store(tmp_path) as store:
        assert store.takes.measured() == ()


# --- sparklines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("medians", "goal", "ascii_only", "line"),
    [
        ([1, 8], None, True, "18"),
        ([1, 8], None, False, "▁█"),
        ([1, None, 8], None, True, "1.8"),
        ([5, 5], None, True, "55"),
        ([2, 2], (2.0, 4.0), True, "11"),
        ([4, 4], (2.0, 4.0), True, "88"),
        ([None, None], None, True, ".."),
    ],
)
def test_a_sign_for_each_point(medians, goal, ascii_only, line):
    day = date(2026, 11, 24)
    points = [
        None if value is None else Week(starts_on=day, first_on=day, last_on=day, answers=3, median=value)
        for value in medians
    ]
    scale = Goal(low=goal[0], high=goal[1]) if goal else None
    cells = sparkline(points, scale, ascii_only=ascii_only)
    assert "".join(cell.sign for cell in cells) == line


# --- the first weeks ---------------------------------------------------------------------------------------


@pytest.fixture
def fortnight(tmp_path: Path) -> Path:
    """Three sessions within two weeks, the last of two answers."""
    first = fixture_answer("strong-story")
    for day, count in ((9, 1), (12, 1), (20, 2)):
        at = datetime(2026, 11, day, 12, tzinfo=UTC)
        answers = [
            first.model_copy(update={"position": number, "recorded_at": at + timedelta(minutes=number)})
            for number in range(1, count + 1)
        ]
        with Store(tmp_path) as store:
            session = store.sessions.start(None, "0.1.0", at)
            for answer in answers:
                store.sessions.add_answer(session, answer)
    return tmp_path


def test_the_first_weeks_are_shown_by_session_with_the_days_of_the_practice(fortnight):
    output = progress(fortnight).output
    assert "the median of a session" in output
    assert "9 to 20 Nov 2026" in output
    assert "20 Nov 2026 2 answers voicemock show 20261120-" in output
    pace = next(line for line in output.splitlines() if line.strip().startswith("Pace"))
    assert pace.split()[1] in {"▅▅▅", "▁▁▁", "███", "▂▂▂", "▃▃▃", "▄▄▄", "▆▆▆", "▇▇▇"}


def test_the_page_of_the_first_weeks_goes_by_session_and_names_the_command_for_each(fortnight):
    page = Path(progress(fortnight, "--page", "--no-open").output.strip()).read_text(encoding="utf-8")
    assert "session by session" in page
    assert "week by week" not in page
    for session in json.loads(progress(fortnight, "--json").stdout)["sessions"]:
        assert f"voicemock show {session['session']}" in page
    assert "Week from" not in page


def test_every_command_of_the_progress_opens_something(fortnight):
    commands = set(re.findall(r"voicemock show \S+", progress(fortnight).output))
    assert len(commands) >= 3
    for command in commands:
        result = voicemock(*command.split()[1:], "--data-dir", fortnight)
        assert result.exit_code == 0, command


@pytest.mark.parametrize(("name", "answers", "code"), [("{}", 2, 0), ("{}/2", 1, 0), ("last/1", 1, 0), ("{}/3", 0, 1)])
def test_one_answer_is_shown_alone(fortnight, name, answers, code):
    session = json.loads(progress(fortnight, "--json").stdout)["sessions"][-1]["session"]
    result = voicemock("show", name.format(session), "--json", "--data-dir", fortnight)
    assert result.exit_code == code
    if code == 0:
        assert len(json.loads(result.stdout)["answers"]) == answers
    else:
        assert "Its answers are: 1, 2." in result.output + result.stderr
