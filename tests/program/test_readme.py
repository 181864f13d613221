"""What README and the first pages say: the commands work as typed, and nothing is left out."""

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
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
TYPED = re.compile(r"(?:^    |`)(?:\.venv/bin/)?(voicemock [^`\n]*)", re.MULTILINE)
COMMANDS = [
    line.strip()
    for page in (ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("start", "practice", "commands")))
    for line in TYPED.findall(page.read_text(encoding="utf-8"))
    if "..." not in line
]


@pytest.mark.parametrize("line", dict.fromkeys(COMMANDS))
def test_every_command_is_one_that_voicemock_takes(line: str):
    words = shlex.split(line, comments=True)[1:]
    if words[0].startswith("--"):
        return
    group = typer.main.get_command(app)
    group.commands[words[0]].make_context(words[0], words[1:])  # type: ignore[attr-defined]


def test_the_commands_page_shows_every_command():
    group = typer.main.get_command(app)
    shown = {line.split()[1] for line in re.findall(r"^    (voicemock .*)$", COMMANDS_PAGE, re.MULTILINE)}
    assert shown == set(group.commands)  # type: ignore[attr-defined]


def test_the_readme_begins_with_a_picture_and_three_lines_and_is_short():
    picture, *lines = [line for line in README.splitlines()[1:] if line][:4]
    assert re.match(r"!\[.+\]\(docs/pictures/[\w-]+\.png\)", picture)
    assert "mock interviewer" in lines[0]
    assert "Nothing leaves your machine" in lines[1]
    assert ".venv/bin/voicemock" in lines[2]
    assert len(README.splitlines()) < 120


def test_what_the_readme_has_one_type_in_a_block_works_without_an_activated_environment():
    typed = re.findall(r"^    (\S+)", README, re.MULTILINE)
    assert set(typed) == {"make", ".venv/bin/voicemock"}


def test_each_make_target_that_a_page_names_is_there():
    there = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    named = {
        target
        for page in pages
        for target in re.findall(r"(?:`|^    )make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {"setup", "demo", "test", "docs"} <= named
    assert named <= there


EXAMPLES = {
    f"{page} {number}": code
    for page in ("docs/api.md",)
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
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", COMMANDS_PAGE, re.MULTILINE)}
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.VoicemockError)
    ]
    raised = {kind.exit_code for kind in kinds}
    assert documented == raised | {0, 2, INTERRUPTED, 129, 141, 143}  # 2: wrong usage, told by Typer
