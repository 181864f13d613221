"""``voicemock plan``: dates, days off, loops, and a plan that fits the terminal."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from inspect import signature
from pathlib import Path
from typing import get_args, get_type_hints

import jsonschema
import pytest
from typer.testing import Result

from tests.commands import voicemock
from tests.interviews import STARTED
from tests.progresses import practiced
from voicemock.cli.plan import plan as plan_command
from voicemock.models import Story, StoryNotes
from voicemock.practice.plan import MINUTES_PER_DAY
from voicemock.practice.plan_request import FEWEST_MINUTES, MOST_MINUTES
from voicemock.store.store import Store

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "plan.schema.json"


def plan(data_dir: Path, in_days: int | str, *arguments: str, encoding: str = "utf-8") -> Result:
    day = str(date.today() + timedelta(days=in_days)) if isinstance(in_days, int) else in_days
    given = ["plan", "--data-dir", str(data_dir), "--date", day, *arguments]
    return voicemock(*given, encoding=encoding)


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quarter")
    practiced(folder, datetime.now(UTC))
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("days", [10, 180])
def test_it_fits_80_columns_but_for_what_is_copied(quarter, days, encoding, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = plan(quarter, days, "--loop", "amazon", encoding=encoding)
    assert result.exit_code == 0, result.output
    lines = [line for line in result.output.splitlines() if not line.startswith("    voicemock")]
    assert max(map(len, lines)) <= 80
    for expected in ("It is based on your", "rehearsal", "a light day", "the interview", "amazon loop"):
        assert expected in " ".join(result.output.split())


def test_with_no_answer_it_says_that_it_rests_on_nothing(tmp_path):
    result = plan(tmp_path, 10)
    assert "This is a beginner's plan" in result.output
    assert "(tpm loop)" in result.output


@pytest.mark.parametrize(("in_days", "said"), [(0, "today"), (1, "tomorrow"), (2, "in 2 days")])
def test_when_it_is(tmp_path, in_days, said):
    result = plan(tmp_path, in_days)
    assert result.exit_code == 0
    assert said in result.output.splitlines()[0]


def test_the_loop_of_the_last_interview_is_prepared_for(tmp_path):
    with Store(tmp_path) as store:
        store.sessions.start("google", "0.1.0", STARTED)
        store.sessions.start("a loop that is gone", "0.1.0", STARTED + timedelta(days=1))
        store.sessions.start(None, "0.1.0", STARTED + timedelta(days=2))
    assert json.loads(plan(tmp_path, 10, "--json").stdout)["loop"] == "google"
    assert json.loads(plan(tmp_path, 10, "--company", "Meta", "--json").stdout)["loop"] == "meta"


@pytest.mark.parametrize(
    ("in_days", "arguments", "code", "complaint"),
    [
        (-1, (), 2, "is in the past; today is"),
        (181, (), 2, "is 181 days away; a plan reaches 180"),
        ("18.12.2026", (), 2, "18.12.2026"),
        ("2026-02-30", (), 2, "2026-02-30"),
        (5, ("--loop", "nowhere"), 1, "There is no loop"),
        (5, ("--days-off", "sat,someday"), 2, "'someday' is not a weekday"),
        (5, ("--days-off", "s"), 2, "'s' is not a weekday"),
        (5, ("--days-off", "mon,tue,wed,thu,fri,sat,sun"), 2, "leaves no days"),
        (5, ("--minutes-per-day", "5"), 2, "--minutes-per-day"),
    ],
)
def test_what_it_does_not_take(tmp_path, in_days, arguments, code, complaint):
    result = plan(tmp_path, in_days, *arguments)
    assert result.exit_code == code
    assert complaint in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize(("shows", "is_told"), [((), False), (("ownership",), True)])
def test_what_no_story_shows_is_told_once_stories_are_linked(tmp_path, shows, is_told):
    with Store(tmp_path) as store:
        store.stories.keep_notes(
            Story.named("Kafka migration"), StoryNotes(situation="We moved.", shows=shows), STARTED
        )
    result = plan(tmp_path, 10, "--loop", "amazon")
    assert result.exit_code == 0, result.output
    assert ("No story of yours shows it." in result.output) == is_told
    assert "--shows ownership" not in result.output


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_without_a_date_it_plans_two_weeks_and_says_so(tmp_path, arguments):
    result = voicemock("plan", "--data-dir", str(tmp_path), *arguments)
    day = date.today() + timedelta(days=14)
    assert result.exit_code == 0
    assert (
        result.stderr == f"No date was given, so this is a plan for an interview on {day}. Name yours: --date {day}\n"
    )
    assert result.stdout == plan(tmp_path, 14, *arguments).stdout


@pytest.mark.parametrize("days_off", ["sat,sun", "Saturday, Sunday", "sat sun"])
def test_json_fits_its_schema(quarter, days_off):
    result = plan(quarter, 40, "--days-off", days_off, "--json")
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert found["days_off"] == ["saturday", "sunday"]


def test_its_minutes_are_those_of_the_plan():
    """They stand in the command as numbers, because its help loads no plan."""
    _, option = get_args(get_type_hints(plan_command, include_extras=True)["minutes_per_day"])
    assert (option.min, option.max) == (FEWEST_MINUTES, MOST_MINUTES)
    assert signature(plan_command).parameters["minutes_per_day"].default == MINUTES_PER_DAY


def test_the_only_day_left_is_off(tmp_path):
    today = f"{date.today():%a}".lower()
    result = plan(tmp_path, 1, "--days-off", today)
    assert result.exit_code == 0
    assert "the interview" in result.output
