"""What README and docs name is there: commands with their options, settings, files, and the targets of links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from voicemock.cli import app
from voicemock.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
ROOTS = (ROOT, ROOT / "voicemock", ROOT / "prompts", ROOT / "docs", ROOT / "voicemock" / "report")
"""A path in a page begins in one of these."""
OURS = {path.name for path in (*ROOT.iterdir(), *(ROOT / "voicemock").iterdir()) if path.is_dir()} - {"data"}
GENERATED = re.compile(
    r"^(?:dist|build|\.venv[^/]*|jobs|sessions|unfinished|questions|temporary|answers)/|^models/\*\.verified"
)
"""What is no part of a checkout: in the data and cache folders, and of a build."""


class Said(NamedTuple):
    """Code in a page."""

    page: str
    code: str


def code_in(page: Path) -> Iterator[Said]:
    """Yield each line of the blocks and each inline code; output that is shown is none."""
    name, text = str(page.relative_to(ROOT)), page.read_text(encoding="utf-8")
    text = re.sub(r"^```(?!python|toml|json|yaml).*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    for line in re.findall(r"^    (\S.*)$", text, re.MULTILINE):
        yield Said(name, line.removeprefix(".venv/bin/"))
    for code in re.findall(r"`([^`\n]+)`", text):
        yield Said(name, code.removeprefix(".venv/bin/"))


SAID = tuple(dict.fromkeys(said for page in PAGES for said in code_in(page)))


def leaf(words: list[str]) -> tuple[Any, list[str]]:
    """Return the command that words call, and its arguments; raise KeyError if there is none."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands") and (hasattr(command, "with_verb") or (words and words[0][0] != "-")):
        words = command.with_verb(words) if hasattr(command, "with_verb") else words
        if words[0].startswith("-"):
            break
        command = command.commands[words.pop(0)]
        command = getattr(command, "command", command)
    return command, words


def options_of(command: Any) -> set[str]:
    context = command.make_context("voicemock", [], resilient_parsing=True)
    return {name for each in command.get_params(context) for name in (*each.opts, *each.secondary_opts)}


def every_command(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    command = getattr(command, "command", command)
    yield path, command
    for name, each in getattr(command, "commands", {}).items():
        yield from every_command(each, (*path, name))


CALLS = [said for said in SAID if re.match(r"voicemock( |$)", said.code)]


@pytest.mark.parametrize("said", CALLS, ids=lambda said: f"{said.page}: {said.code[:60]}")
def test_a_command_that_is_named_is_there_with_its_options(said: Said) -> None:
    words = shlex.split(said.code.split(" #")[0].replace("|", " ").split(";")[0], comments=True)[1:]
    if words and words[0] in ("...", "COMMAND"):
        return
    command, arguments = leaf(words)
    given = {each.split("=")[0] for each in arguments if re.match(r"--?[a-z]", each)}
    assert given <= options_of(command), said


def test_an_option_that_is_named_alone_is_there() -> None:
    known = {name for _, command in every_command(typer.main.get_command(app)) for name in options_of(command)}
    known |= set(
        re.findall(r'"(--[a-z-]+)"', "".join(path.read_text("utf-8") for path in (ROOT / "bench").rglob("*.py")))
    )
    known |= set(
        re.findall(r'"(--[a-z-]+)"', "".join(path.read_text("utf-8") for path in (ROOT / "scripts").iterdir()))
    )
    alone = {(said.page, name) for said in SAID for name in re.findall(r"^(--[a-z][a-z-]+)", said.code)}
    assert {(page, name) for page, name in alone if name not in known} == set()


def test_a_setting_that_is_named_in_the_environment_is_there() -> None:
    known = {f"VOICEMOCK_{name.upper()}" for name in Settings.model_fields}
    known |= set(
        re.findall(r"VOICEMOCK_[A-Z_]+", "".join(path.read_text("utf-8") for path in ROOT.glob("tests/**/*.py")))
    )
    named = {(said.page, name) for said in SAID for name in re.findall(r"\bVOICEMOCK_[A-Z_]+\b", said.code)}
    assert {(page, name) for page, name in named if name not in known} == set()


def is_there(name: str) -> bool:
    """Return whether a path leads to a file, which may be named without its ".py"."""
    return any(next(root.glob(each), None) is not None for root in ROOTS for each in (name, f"{name}.py"))


def test_a_file_that_is_named_is_there() -> None:
    named = {
        (said.page, path)
        for said in SAID
        if said.page != "CHANGELOG.md" and not said.page.startswith("docs/adr")  # they name what was
        for path in re.findall(r"(?<![\w./~:{-])([\w*-]+(?:/[\w.*-]+)+)(?![\w/{:-])", said.code)
        if path.split("/")[0] in OURS and not GENERATED.match(path)
    }
    assert len(named) > 100
    assert sorted((page, path) for page, path in named if not is_there(path.rstrip("."))) == []


def test_a_link_leads_somewhere() -> None:
    broken = set()
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            place = target.partition("#")[0]
            if place and not re.match(r"[a-z]+:", place) and not (page.parent / place).exists():
                broken.add((str(page.relative_to(ROOT)), target))
    assert broken == set()
