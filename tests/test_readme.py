"""What the README tells a user to type works as it stands there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from voicemock import errors
from voicemock.cli import INTERRUPTED, app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line.strip() for line in README.splitlines() if line.startswith("    voicemock ")]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_one_that_voicemock_takes(line: str):
    name, *arguments = shlex.split(line, comments=True)[1:]
    group = typer.main.get_command(app)
    group.commands[name].make_context(name, arguments)  # type: ignore[attr-defined]


def test_the_readme_shows_every_command():
    group = typer.main.get_command(app)
    assert {line.split()[1] for line in COMMANDS} == set(group.commands)  # type: ignore[attr-defined]


@pytest.mark.models
def test_the_library_example_runs():
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example
    result = subprocess.run([sys.executable, "-c", example[1]], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    missing, spoken = result.stdout.splitlines()
    assert "result" in missing
    assert len(spoken.split()) > 20


def test_exit_codes_are_the_documented_ones():
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    raised = {getattr(errors, name).exit_code for name in errors.__all__}
    assert documented == raised | {0, 2, INTERRUPTED}  # 2: wrong usage, told by Typer
