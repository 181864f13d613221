"""``voicemock job``: add, list, show, delete."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.commands import voicemock
from tests.practice.jobs.pdfs import pdf_of
from voicemock.models import JobCard

POSTING = "We need a technical program manager for Kafka migrations, vendors and reliability."


@pytest.fixture
def posting(tmp_path: Path) -> Path:
    path = tmp_path / "posting.txt"
    path.write_text(POSTING, encoding="utf-8")
    return path


def job(*arguments: str, **options: Any) -> Result:
    return voicemock("job", *arguments, **options)


def cards(*arguments: str) -> list[JobCard]:
    return [JobCard.model_validate_json(line) for line in job(*arguments, "--json").stdout.splitlines()]


def test_a_job_is_kept_and_explained(posting: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.pdf"
    notes.write_bytes(pdf_of("They say frugality matters most to them, and so does ownership."))
    result = job("add", "Amazon TPM", "--description", str(posting), "--notes", str(notes))
    assert result.exit_code == 0, result.output
    for shown in ("Messages and events: Kafka", "frugality", "amazon", "Questions that come up"):
        assert shown in result.stdout
    (card,) = cards("list")
    assert (card.job.name, card.job.company, card.job.description) == ("Amazon TPM", "amazon", POSTING)
    assert [each.id for each in card.questions if each.id in result.stdout] == [each.id for each in card.questions]
    assert cards("show", "amazon-tpm") == [card]
    assert "Amazon TPM" in job("list").stdout


def test_what_is_kept_is_for_its_owner_alone(home: Path, posting: Path) -> None:
    job("add", "Acme", "--description", str(posting))
    folder = home / "data" / "jobs"
    assert [path.name for path in folder.iterdir()] == ["acme.json"]
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "acme.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "company"),
    [
        (("Acme",), None),
        (("Google TPM",), "google"),
        (("Acme", "--company", "Meta"), "meta"),
        (("Acme", "--company", "Initech Inc"), "initech-inc"),
    ],
)
def test_the_company_is_what_was_said_or_what_the_name_says(
    posting: Path, arguments: tuple[str, ...], company: str | None
) -> None:
    result = job("add", *arguments, "--description", str(posting))
    assert result.exit_code == 0, result.output
    assert cards("list")[0].job.company == company
    assert ("voicemock questions add" in result.stderr) == (company == "initech-inc")


def test_one_of_the_same_name_is_replaced_only_after_asking(posting: Path) -> None:
    job("add", "Acme", "--description", str(posting))
    posting.write_text("Another posting.", encoding="utf-8")
    again = ("add", "ACME", "--description", str(posting))
    assert job(*again, input="n\n").exit_code == 1
    assert cards("list")[0].job.description == POSTING
    assert job(*again, "--yes").exit_code == 0
    assert cards("list")[0].job.description == "Another posting."


@pytest.mark.parametrize("verb", ["delete", "remove"])
def test_a_deleted_job_is_gone(home: Path, posting: Path, verb: str) -> None:
    job("add", "Acme", "--description", str(posting))
    assert job(verb, "acme", input="n\n").exit_code == 1
    assert len(cards("list")) == 1
    (home / "data" / "jobs" / ".acme.json.part").touch()  # of a process that was killed while it wrote
    assert job(verb, "acme", "--yes").exit_code == 0
    assert list((home / "data" / "jobs").iterdir()) == []


def test_everything_that_is_deleted_is_jobs_too(home: Path, posting: Path) -> None:
    job("add", "Acme", "--description", str(posting))
    assert voicemock("delete", "--everything", "--yes").exit_code == 0
    assert not (home / "data" / "jobs").exists()


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("show", "payments"), 1, "Did you mean acme-payments"),
        (("show", "zzz"), 1, "voicemock job add"),
        (("show", "../../etc/passwd"), 1, "There is no job"),
        (("show", "?!"), 1, "not a name for a job"),
        (("delete", "acme-paymets", "--yes"), 1, "Did you mean acme-payments"),
        (("add", "x"), 2, "--description"),
        (("add", "x", "--description", "missing.pdf"), 1, "cannot be read"),
        (("add", "x" * 61, "--notes", "POSTING"), 1, "at most 60"),
    ],
)
def test_what_cannot_be_is_told(posting: Path, arguments: tuple[str, ...], exit_code: int, message: str) -> None:
    job("add", "Acme payments", "--description", str(posting))
    result = job(*(str(posting) if each == "POSTING" else each for each in arguments))
    assert result.exit_code == exit_code, result.output
    assert message in " ".join(result.output.replace("\N{BOX DRAWINGS LIGHT VERTICAL}", " ").split())
    assert len(cards("list")) == 1


def test_a_file_that_makes_no_sense_is_named(home: Path, posting: Path) -> None:
    job("add", "Acme", "--description", str(posting))
    path = home / "data" / "jobs" / "acme.json"
    path.write_text(json.dumps({"name": 3}), encoding="utf-8")
    result = job("show", "acme")
    assert result.exit_code == 5
    assert "add the job again" in result.output


def test_no_job_yet_says_how_to_begin() -> None:
    for arguments in ((), ("list",)):
        assert "job add" in job(*arguments).stdout


def test_hostile_words_reach_no_terminal(posting: Path) -> None:
    posting.write_text("\x1b]0;owned\x07 [bold]kafka[/bold] migrating\u202e\x1b[31m", encoding="utf-8")
    result = job("add", "\x1b[31mRed [bold]x[/bold]", "--description", str(posting))
    for shown in (result.stdout, job("list").stdout, job("show", "31mRed bold x bold").stdout):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "[bold]x[/bold]" in shown


def test_only_what_is_given_is_changed(posting: Path, tmp_path: Path) -> None:
    job("add", "Amazon TPM", "--description", str(posting))
    (before,) = cards("list")
    notes = tmp_path / "notes.md"
    notes.write_text("They asked about vendors on the phone.", encoding="utf-8")
    result = job("edit", "amazon tpm", "--notes", str(notes))
    assert result.exit_code == 0, result.output
    (after,) = cards("list")
    changed = {"notes": "They asked about vendors on the phone."}
    assert after.job == before.job.model_copy(update=changed)
    assert job("edit", "amazon tpm", "--company", "google").exit_code == 0
    assert [card.job for card in cards("list")] == [after.job.model_copy(update={"company": "google"})]


@pytest.mark.parametrize(
    ("arguments", "exit_code"), [(("edit", "nobody's", "--company", "google"), 1), (("edit", "x"), 2)]
)
def test_a_change_of_nothing_or_of_no_job_is_refused(arguments: tuple[str, ...], exit_code: int) -> None:
    assert job(*arguments).exit_code == exit_code
