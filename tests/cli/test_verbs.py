"""Commands on one kind of thing: the same verbs everywhere, and a message that names the right one."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from tests.commands import lines, voicemock
from voicemock.cli import app
from voicemock.cli.suggestions import named_in_help, wrong_option
from voicemock.cli.verbs import Verbs

GROUPS: dict[str, Any] = {
    name: each.command
    for name, each in typer.main.get_command(app).commands.items()  # type: ignore[attr-defined]
    if isinstance(each.command, Verbs)
}


def test_things_are_added_listed_changed_and_deleted_by_the_same_verbs() -> None:
    assert set(GROUPS) == {"questions", "stories", "job", "log"}
    for name in ("stories", "job", "log"):
        assert {"add", "list", "edit", "delete"} <= set(GROUPS[name].commands)
    assert {"add", "list", "show"} == set(GROUPS["questions"].commands)  # a file by hand changes and deletes one


@pytest.mark.parametrize(
    ("group", "typed", "whole"),
    [
        ("stories", (), ("list",)),
        ("stories", ("--json",), ("list", "--json")),
        ("stories", ("add", "Kafka"), ("add", "Kafka")),
        ("stories", ("--help",), ("--help",)),
        ("stories", ("ad",), ("ad",)),
        ("questions", ("--company", "amazon"), ("list", "--company", "amazon")),
        ("questions", ("failed-program", "--json"), ("show", "failed-program", "--json")),
        ("questions", ("--add", "Why us?", "--company", "a"), ("add", "Why us?", "--company", "a")),
        ("questions", ("--add=Why us?",), ("add", "Why us?")),
        ("questions", ("add", "--add"), ("add", "--add")),
        ("log", (), ("list",)),
        ("log", ("--list", "--json"), ("list", "--json")),
        ("log", ("--json", "--list"), ("list", "--json")),
        ("log", ("--edit", "last", "--outcome", "passed"), ("edit", "last", "--outcome", "passed")),
        ("log", ("--outcome", "passed", "--edit", "last"), ("edit", "--outcome", "passed", "last")),
        ("log", ("--company", "Acme"), ("add", "--company", "Acme")),
        ("log", ("--delete=x", "--yes"), ("delete", "x", "--yes")),
        ("job", ("remove", "x", "--yes"), ("delete", "x", "--yes")),
    ],
)
def test_a_verb_that_is_not_typed_is_filled_in(group: str, typed: tuple[str, ...], whole: tuple[str, ...]) -> None:
    assert GROUPS[group].with_verb(typed) == list(whole)


def test_a_spelling_of_version_0_1_works_and_says_how_to_write_it() -> None:
    text = "Tell me about a time you told a vice president no."
    result = voicemock("questions", "--add", text)
    assert result.exit_code == 0
    assert "questions add. The old spelling will be removed." in result.stderr
    (line,) = lines("questions", "--own")
    assert line["text"] == text
    assert voicemock("questions", "list", "--own").stderr == ""


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        (("job", "remove", "x", "--yes"), "job delete"),
        (("job", "remove", "--help"), "job delete"),
        (("log", "--list", "--help"), "log list"),
        (("log", "--json", "--list"), "log list"),
    ],
)
def test_an_old_spelling_says_so_once_in_a_help_too(typed: tuple[str, ...], verb: str) -> None:
    notes = [line for line in voicemock(*typed).stderr.splitlines() if "From now on" in line]
    assert [each.endswith(f"{verb}. The old spelling will be removed.") for each in notes] == [True]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("practise",), "No such command 'practise'. Did you mean 'practice'?"),
        (("browser",), "No such command 'browser'. Did you mean 'serve'?"),
        (("microphones",), "No such command 'microphones'. Did you mean 'devices'?"),
        (("xyzzy",), "No such command 'xyzzy'."),
        (("stories", "lst"), "No such command 'lst'. Did you mean 'list'?"),
        (("practice", "--loops", "amazon"), "There is no option --loops. Did you mean --loop?"),
        (("analyze", "--qestion", "x"), "There is no option --qestion. Did you mean --question?"),
        (("stories", "add", "--guide"), "There is no option --guide. Did you mean --guided?"),
        (("--filler", "3"), "There is no option --filler here. It belongs to: voicemock play"),
        (("show", "--takes", "2"), "It belongs to: voicemock practice, voicemock stories delete"),
        (("show", "--zzzz"), "There is no option --zzzz here."),
        (
            ("practice", "--company", "amazon"),
            "There is no option --company. Did you mean --loop?",
        ),  # one option in plan
        (("practice", "--date", "2026-12-01"), "There is no option --date here. It belongs to: voicemock plan"),
    ],
)
def test_what_is_not_there_names_what_is(typed: tuple[str, ...], told: str) -> None:
    result = voicemock(*typed)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("near", "others", "told"),
    [
        (["--loop", "--level"], ["plan"], "There is no option --lop. Did you mean --loop?"),
        ([], ["plan", "stories coverage"], "It belongs to: voicemock plan, voicemock stories coverage"),
        ([], [str(number) for number in range(9)], "There is no option --lop here."),
        ([], [], "There is no option --lop here."),
    ],
)
def test_the_closest_option_is_named_before_other_commands(near: list[str], others: list[str], told: str) -> None:
    assert wrong_option("--lop", near, others).endswith(told)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("plan", "--date", "tomorrow"), "Invalid value for '--date': 'tomorrow' is not a date. Write it like this:"),
        (("log", "add", "--date", "9/12"), "Invalid value for '--date': '9/12' is not a date. Write it like this:"),
        (("search", "x", "--since", "May"), "Invalid value for '--since': 'May' is not a date. Write it like this:"),
        (("import", "x.txt", "--date", "May"), "Invalid value for '--date': 'May' is not a date. Write it like this:"),
        (("plan", "--minutes-per-day", "many"), "Invalid value for '--minutes-per-day':"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_in_plain_words(typed: tuple[str, ...], told: str) -> None:
    result = voicemock(*typed)
    assert result.exit_code == 2
    shown = " ".join(result.stderr.split())
    assert told in shown
    assert "Value error" not in shown


def test_a_word_of_a_help_leads_to_its_command() -> None:
    helps = {"serve": "Practice in the browser, on a page.", "doctor": "Look at this machine."}
    assert named_in_help("Browser", helps) == ["serve"]
    assert named_in_help("brow", helps) == []
