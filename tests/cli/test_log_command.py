"""``voicemock log``: note, list, change, delete, export and import real interviews."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.commands import voicemock
from tests.progresses import practiced
from voicemock.content.questions import QuestionBank
from voicemock.models import RealInterviewCard

ASKED = "How do you tell a vice president no?"
NOTE = ("add", "--company", "Acme", "--round", "onsite", "--date", "2026-11-20", "--asked", ASKED, "--went", "3")


def log(*arguments: str, **options: Any) -> Result:
    return voicemock("log", *arguments, **options)


def cards() -> list[RealInterviewCard]:
    return [RealInterviewCard.model_validate_json(line) for line in log("list", "--json").stdout.splitlines()]


def test_an_interview_is_noted_and_its_question_practiced_again(home: Path) -> None:
    result = log(*NOTE)
    assert result.exit_code == 0, result.output
    (card,) = cards()
    (question_id,) = card.question_ids
    assert (card.interview.id, card.interview.went, card.interview.outcome) == ("2026-11-20-acme", 3, "waiting")
    assert f"voicemock practice --question {question_id}" in result.stdout
    question = QuestionBank.load().get(question_id or "")
    assert (question.text, question.companies, question.own) == (ASKED, ("acme",), True)
    shown = log("list").stdout
    for each in ("Acme", "onsite, 2026-11-20", "waiting, went 3 of 5", ASKED, f"--question {question_id}"):
        assert each in shown
    assert "Practice and outcomes" not in shown


def test_what_is_kept_is_for_its_owner_alone_and_goes_with_everything(home: Path) -> None:
    log(*NOTE)
    folder = home / "data" / "real"
    assert [path.name for path in folder.iterdir()] == ["2026-11-20-acme.json"]
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "2026-11-20-acme.json").stat().st_mode & 0o777 == 0o600
    assert voicemock("delete", "--everything", "--yes").exit_code == 0
    assert not folder.exists()


def test_behind_a_link_only_what_is_ours_goes(home: Path, tmp_path: Path) -> None:
    log(*NOTE)
    elsewhere = tmp_path / "elsewhere"
    (home / "data" / "real").rename(elsewhere)
    (home / "data" / "real").symlink_to(elsewhere)
    (elsewhere / "mine.json").write_text("{}")
    (elsewhere / ".2026-11-20-acme.json.part").touch()
    assert voicemock("delete", "--everything", "--yes").exit_code == 0
    assert [path.name for path in elsewhere.iterdir()] == ["mine.json"]


def test_a_note_is_changed_when_they_call(home: Path) -> None:
    log(*NOTE)
    result = log("edit", "2026-11", "--outcome", "Passed", "--went", "unknown", "--asked", "Why did you leave them?")
    assert result.exit_code == 0, result.output
    (card,) = cards()
    assert (card.interview.outcome, card.interview.went) == ("passed", None)
    assert card.interview.asked == ("Why did you leave them?",)
    assert (card.interview.round, card.interview.id) == ("onsite", "2026-11-20-acme")


def test_without_options_it_asks_and_a_wrong_answer_is_asked_again() -> None:
    asked = ["Globex", "phone", "2099-01-01", "yesterday", "2026-11-01", ASKED, "", "9", "4", "maybe", "failed"]
    result = log("add", input="".join(f"{line}\n" for line in asked))
    assert result.exit_code == 0, result.output
    (card,) = cards()
    assert (card.interview.company, card.interview.held_on) == ("Globex", date(2026, 11, 1))
    assert (card.interview.asked, card.interview.went, card.interview.outcome) == ((ASKED,), 4, "failed")
    assert log("edit", "last", input="\n" * 20).exit_code == 0
    assert cards()[0].interview.model_copy(update={"updated_at": card.interview.updated_at}) == card.interview


def test_who_leaves_notes_nothing() -> None:
    assert log("add", input="\n").exit_code == 1
    assert log("add", input="Acme\nphone\n").exit_code == 1
    assert cards() == []


def test_two_of_a_day_are_two_and_both_are_deleted_one_by_one() -> None:
    log(*NOTE)
    log(*NOTE)
    assert [card.interview.id for card in cards()] == ["2026-11-20-acme-2", "2026-11-20-acme"]
    assert log("delete", "2026-11-20-acme-2", input="n\n").exit_code == 1
    assert (
        log("delete", "2026-11-20-acme-2", "--yes").stdout
        == "The note is deleted. Its questions stay among your own.\n"
    )
    assert [card.interview.id for card in cards()] == ["2026-11-20-acme"]


def test_all_of_it_is_exported_and_imported(home: Path, tmp_path: Path) -> None:
    log(*NOTE)
    before, file = cards(), str(tmp_path / "real.json")
    assert log("export", file).exit_code == 0
    assert log("export", file).exit_code == 1
    assert log("export", str(home / "data" / "x.json")).exit_code == 1
    assert voicemock("delete", "--everything", "--yes").exit_code == 0
    (home / "questions" / "own.yaml").unlink()
    result = voicemock("import", file)
    assert (result.exit_code, cards()) == (0, before)
    assert "1 real interview. 1 question asked there is now among your own." in result.stdout
    assert "1 of them in place of an earlier note" in voicemock("import", file).stdout


def test_from_five_outcomes_on_practice_is_held_against_them(home: Path) -> None:
    practiced(home / "data")
    last = date(2026, 11, 27)
    for number in range(5):
        day = str(last - timedelta(weeks=2 * number))
        assert "Practice and outcomes" not in log("list").stdout
        log("add", "--company", "Acme", "--date", day, "--outcome", "passed" if number < 3 else "failed")
    shown = " ".join(log("list").stdout.split())
    assert "5 real interviews have an outcome. 5 of them had 3 or more practiced answers in the 4 weeks before" in shown
    assert "5 interviews are few" in shown
    assert "says nothing about the next one" in shown


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("add", "--company", "?!"), 1, "not a name for a company"),
        (("add", "--company", "x" * 61), 1, "at most 60"),
        (("add", "--round", "phone"), 2, "--company NAME"),
        (("add", "--company", "A", "--date", "2099-01-01"), 1, "is in the future"),
        (("add", "--company", "A", "--date", "1066-10-14"), 1, "that year cannot be right"),
        (("add", "--company", "A", "--went", "6"), 2, "does not say how it went"),
        (("add", "--company", "A", "--outcome", "hired"), 2, "passed, failed or waiting"),
        (("add", "--company", "A", "--asked", "x" * 501), 1, "asked"),
        (("list", "--company", "A"), 2, "no option --company"),
        (("add", "--company", "A", "--json"), 2, "no option --json"),
        (("edit", "zzz", "--went", "3"), 1, "The latest are: 2026-11-20-acme"),
        (("edit", "last", "--company", "?!"), 1, "not a name for a company"),
        (("delete", "../../etc/passwd", "--yes"), 1, "No real interview"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(arguments: tuple[str, ...], exit_code: int, message: str) -> None:
    log(*NOTE)
    before = cards()
    result = log(*arguments)
    assert result.exit_code == exit_code, result.output
    assert message in " ".join(result.output.replace("\N{BOX DRAWINGS LIGHT VERTICAL}", " ").split())
    assert cards() == before


def test_a_broken_question_file_loses_no_note(home: Path) -> None:
    (home / "questions").mkdir()
    log("add", "--company", "Acme")
    (home / "questions" / "own.yaml").write_text("- text: 3\n")
    result = log(*NOTE)
    assert result.exit_code == 1
    assert sorted(json.loads(path.read_text())["round"] for path in (home / "data" / "real").iterdir()) == [
        "",
        "onsite",
    ]


def test_a_note_that_was_broken_by_hand_is_told(home: Path) -> None:
    log(*NOTE)
    (home / "data" / "real" / "2026-11-20-acme.json").write_text("{}")
    result = log("list")
    assert (result.exit_code, "fields are wrong" in result.stderr) == (5, True)
