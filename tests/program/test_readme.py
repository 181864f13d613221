"""The commands in the README work as printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from voicemock import errors
from voicemock.cli import app
from voicemock.cli.output import INTERRUPTED

ROOT = Path(__file__).parents[2]
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


EXAMPLES = {
    f"{page} {number}": code
    for page in ("README.md", "docs/api.md")
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL), 1)
}


@pytest.mark.models
@pytest.mark.parametrize("name", EXAMPLES)
def test_library_examples_run(name: str, tmp_path: Path):
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    result = subprocess.run([sys.executable, "-c", EXAMPLES[name]], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "result" in result.stdout or "migration" in result.stdout


def test_exit_codes_are_the_documented_ones():
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.VoicemockError)
    ]
    raised = {kind.exit_code for kind in kinds}
    assert documented == raised | {0, 2, INTERRUPTED, 129, 141, 143}  # 2: wrong usage, told by Typer
