"""Every help is whole: nothing is cut off, nothing is wider than the terminal, and every command has one."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from tests.commands import voicemock
from voicemock.cli import app
from voicemock.cli.help_text import first_paragraph


def paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the path of every command, hidden ones too, with the command."""
    command = getattr(command, "command", command)
    yield path, command
    for name, each in getattr(command, "commands", {}).items():
        yield from paths(each, (*path, name))


COMMANDS = dict(paths(typer.main.get_command(app)))


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_help_is_whole(path: tuple[str, ...], width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = voicemock(*path, "--help")
    assert result.exit_code == 0
    assert not re.search(r"\w\.\.\.$", result.output, re.MULTILINE)
    words = " ".join(result.output.split())
    for name, each in getattr(COMMANDS[path], "commands", {}).items():
        if not each.hidden:
            assert f" {name} {first_paragraph(each.help)}" in words
    assert not [line for line in result.output.splitlines() if len(line) > width and len(line.split()) > 1]


WHOLE_AND_LIGHT = """
import contextlib, io, json, sys
from voicemock import cli

def help_of(path):
    with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):
        cli.app([*path, "--help"])
    return shown.getvalue()

paths = [*json.loads(sys.argv[1]), ["questions", "--company", "amazon"]]
help_of([])
slow = sorted({"filelock", "importlib.metadata"} & set(sys.modules))  # Typer loads the latter for a command's own help
light = [help_of(path) for path in paths]
slow += sorted({"filelock", "numpy", "rich", "yaml", "voicemock.models"} & set(sys.modules))
cli._HELP = frozenset()
whole = [help_of(path) for path in paths]
print(json.dumps([slow, light, whole]))
"""


def test_a_help_loads_nothing_slow_and_says_the_same_as_the_whole_program() -> None:
    command = [sys.executable, "-c", WHOLE_AND_LIGHT, json.dumps(list(COMMANDS))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    slow, light, whole = json.loads(done.stdout)
    assert slow == []
    assert light == whole
    assert all("Usage: " in each for each in light)


def test_help_that_is_a_word_to_look_for_is_none() -> None:
    assert voicemock("search", "--", "--help").exit_code == 0
    assert voicemock("practice", "--nonsense", "--help").exit_code == 2


def test_the_list_of_commands_fits_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, *sections = re.split(
        r"^(?=\w[\w ]*:$)", voicemock("--help").output.partition("  Exit codes")[0], flags=re.MULTILINE
    )
    groups = [[line.split()[0] for line in section.splitlines()[1:] if line] for section in sections[1:]]
    assert [name for group in groups for name in group] == [path[0] for path in COMMANDS if len(path) == 1]
    assert max(map(len, groups)) <= 7


@pytest.mark.parametrize("path", [path for path in COMMANDS if path and not hasattr(COMMANDS[path], "commands")])
def test_a_help_names_no_command_or_option_that_is_not_there(path: tuple[str, ...]) -> None:
    for example in re.findall(r"voicemock [^\n,]*", COMMANDS[path].help or ""):
        words = shlex.split(example.replace("'", "").split(" (")[0].rstrip("."))[1:]
        command: Any = typer.main.get_command(app)
        while words and hasattr(command, "commands"):
            words = command.with_verb(words) if hasattr(command, "with_verb") else words
            command = command.commands[words.pop(0)]
            command = getattr(command, "command", command)
        assert command is not typer.main.get_command(app), example
        known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
        assert {word.split("=")[0] for word in words if word.startswith("--")} <= known, example


def test_things_are_deleted_by_one_verb() -> None:
    verbs = {
        path[-1] for path, command in COMMANDS.items() if "for good" in (command.help or "") and not command.hidden
    }
    assert {verb for verb in verbs if verb in ("remove", "delete", "forget", "drop")} == {"delete"}
    assert ("job", "remove") not in COMMANDS
