"""``voicemock debrief``, and the debrief at the end of ``show`` and of exports."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.commands import voicemock
from tests.debriefs import alone, asked, reply, told, unheard
from tests.interviews import STARTED, fixture_answer, keep
from voicemock.models import Story
from voicemock.store.store import Store

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "debrief.schema.json"
EVIL = "I said [bold]this[/bold] | </td> \x1b[31mred and *then* we shipped it, which was a trade-off. " * 3


DAY = (
    alone(fixture_answer("strong-story", 1)),
    reply("The error rate went down by thirty percent.", 2, follows=1),
    alone(fixture_answer("rambling-no-result", 3)),
    alone(fixture_answer("triage-answer", 4)),
    unheard(5),
    asked("What does a good first year look like?", 6),
)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("day")
    keep(folder, *DAY)
    return folder


@pytest.mark.parametrize("columns", ["80", "40"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_day_on_the_terminal(day, columns, encoding, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    result = voicemock("debrief", "--data-dir", day, encoding=encoding)
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= max(int(columns), len(result.output.splitlines()[0]))
    shown = " ".join(result.output.split())
    for expected in (
        "Debrief",
        "4 questions, 3 with an answer to judge, 1 follow-up.",
        "Question by question",
        "Skipped.",
    ):
        assert expected in shown
    for expected in ("By competency", "You asked", "not seen", "asked for a number", "not measured"):
        assert expected in shown


def test_json_fits_its_schema(day):
    result = voicemock("debrief", "--data-dir", day, "--json")
    assert result.stdout.count("\n") == 1
    report = json.loads(result.stdout)
    jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert report["debrief"]["answered"] == 3
    assert report["spoken"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], "No answers are saved."),
        ([unheard(1)], "1 question, 0 with an answer to judge."),
        ([unheard(1, "interrupted")], "Interrupted before it was analyzed."),
        ([told("banana " * 60, 1)], "the same words over and over"),
        ([alone(fixture_answer("strong-story"))], "1 question, 1 with an answer to judge."),
    ],
)
def test_a_session_with_little_in_it(tmp_path, answers, expected):
    keep(tmp_path, *answers)
    result = voicemock("debrief", "--data-dir", tmp_path)
    assert result.exit_code == 0, result.output
    assert expected in " ".join(result.output.split())


@pytest.mark.parametrize(("level", "shown"), [("staff", "Staff stories"), ("Senior", "Senior stories")])
def test_any_interview_can_be_read_at_a_level(tmp_path, level, shown):
    keep(tmp_path, told("We had four product teams on it, and I asked each of them for its numbers. " * 6, 1))
    plain = voicemock("debrief", "--data-dir", tmp_path).output
    read = " ".join(voicemock("debrief", "--level", level, "--data-dir", tmp_path).output.split())
    assert "What is usual at" not in plain
    assert f"What is usual at {level.lower()} level" in read
    assert f"You named four product teams. {shown}" in read


def test_a_session_keeps_its_level_through_an_export(tmp_path):
    with Store(tmp_path / "data") as store:
        session = store.sessions.start("tpm", "0.1.0", STARTED, None, "principal")
        store.sessions.add_answer(session, alone(fixture_answer("strong-story")))
    exported = voicemock("export", "--format", "json", "--data-dir", tmp_path / "data", "--to", tmp_path)
    back = voicemock("import", exported.stdout.strip(), "--data-dir", tmp_path / "other")
    assert back.exit_code == 0, back.output
    for folder in ("data", "other"):
        assert "What is usual at principal level" in voicemock("debrief", "--data-dir", tmp_path / folder).output


def test_a_level_that_there_is_not_is_refused(day):
    result = voicemock("debrief", "--level", "wizard", "--data-dir", day)
    assert result.exit_code == 1
    assert "setting level (given on the command line)" in result.stderr
    assert "'principal'" in result.stderr


def test_a_story_is_summed_up_under_its_name(tmp_path):
    with Store(tmp_path) as store:
        session = store.sessions.start(None, "0.1.0", STARTED, Story.named("Kafka migration"))
        store.sessions.add_answer(session, alone(fixture_answer("strong-story")).model_copy(update={"question": None}))
    result = voicemock("debrief", "kafka migration", "--data-dir", tmp_path)
    assert result.exit_code == 0
    assert "The story" in result.output


@pytest.mark.parametrize(("arguments", "code"), [(["nothing-like-it"], 1), (["--no-such-option"], 2)])
def test_what_it_does_not_take(day, arguments, code):
    assert voicemock("debrief", *arguments, "--data-dir", day).exit_code == code


def test_show_ends_with_what_several_answers_have_in_common(day, tmp_path):
    assert "Scorecards: voicemock debrief" in voicemock("show", "--data-dir", day).output
    keep(tmp_path, alone(fixture_answer("strong-story")))
    assert "Debrief" not in voicemock("show", "--data-dir", tmp_path).output


@pytest.mark.parametrize(("form", "has_cards"), [("md", True), ("notes", False)])
def test_exports_hold_it(day, tmp_path, form, has_cards):
    result = voicemock("export", "--data-dir", day, "--format", form, "--to", tmp_path)
    text = Path(result.stdout.strip()).read_text(encoding="utf-8")
    assert "## Debrief" in text
    assert ("| listened for | observed | words |" in text) == has_cards


def test_a_single_answer_is_exported_without_it(tmp_path):
    keep(tmp_path / "data", alone(fixture_answer("strong-story")))
    result = voicemock("export", "--data-dir", tmp_path / "data", "--to", tmp_path)
    assert "Debrief" not in Path(result.stdout.strip()).read_text(encoding="utf-8")


def test_no_word_has_an_effect(tmp_path):
    keep(tmp_path / "data", told(EVIL, 1), told(EVIL, 2))
    shown = voicemock("debrief", "--data-dir", tmp_path / "data").output
    assert "\x1b[31m" not in shown
    assert "[bold]this[/bold]" in " ".join(shown.split())
    result = voicemock("export", "--data-dir", tmp_path / "data", "--to", tmp_path)
    exported = Path(result.stdout.strip()).read_text(encoding="utf-8")
    rows = [line for line in exported.splitlines() if line.startswith("| ") and "seen" in line]
    assert rows
    assert all(line.replace("\\|", "").count("|") == 4 for line in rows)
    assert "</td>" not in exported
