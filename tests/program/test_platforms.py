"""What a platform lacks: each place that uses it is listed, and works where it is hidden."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.commands import python

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "voicemock"

UNIX_MODULES = frozenset({"fcntl", "termios", "tty", "pty", "resource", "pwd", "grp", "syslog", "readline", "curses"})
WINDOWS_MODULES = frozenset(["msvcrt", "winreg", "winsound", "_winapi"])
USED_MODULES = {"voicemock/files.py": {"fcntl", "resource"}, "voicemock/cli/keys.py": {"termios", "tty"}}
"""Every module that a platform lacks, by the file that imports it."""

HIDDEN_NAMES = {"SIGTSTP", "SIGCONT", "SIGHUP", "tcgetpgrp", "getpgrp", "fpathconf", "pthread_kill"}
"""Attributes of ``os`` and ``signal`` that voicemock uses and Windows lacks. ``mypy --platform win32`` finds each."""

FILES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}


def modules_of(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_each_module_that_a_platform_lacks_is_listed_with_its_place() -> None:
    found = {name: modules_of(tree) & (UNIX_MODULES | WINDOWS_MODULES) for name, tree in FILES.items()}
    assert {name: modules for name, modules in found.items() if modules} == USED_MODULES


def test_the_checks_look_at_the_code_as_windows_would() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(BIN)/mypy --platform win32" in makefile


def test_nothing_reads_the_files_of_one_kernel() -> None:
    said = {
        (name, node.value)
        for name, tree in FILES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(("/proc", "/sys/"))
    }
    assert said == set()


def test_the_page_for_developers_lists_the_same_modules() -> None:
    page = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8").partition("## What a platform lacks")[2]
    for place, names in USED_MODULES.items():
        assert all(f"`{name}`" in page for name in names)
        assert place in page


OTHER = sorted(
    {
        "asyncio",
        "av",
        "soundfile",
        "soxr",
        "filelock",
        "platformdirs",
        "pydantic",
        "rich.console",
        "tempfile",
        "onnxruntime",
        "sqlite3",
        "typer.main",
        "zoneinfo",
    }
)
"""Libraries of these commands that choose by the system."""

HIDDEN = """
import importlib, importlib.abc, os, runpy, signal, sys

class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {modules!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

for name in {other!r}:  # libraries choose by the system when they are imported: let them have the one they run on
    importlib.import_module(name)
import sysconfig
sysconfig.get_config_vars()
for name in {modules!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Hidden())
for module in (os, signal):
    for name in {names!r}:
        if hasattr(module, name):
            delattr(module, name)
sys.platform = {platform!r}
for arguments in {commands!r}:
    sys.argv = ["voicemock", *arguments]
    print("$", *arguments, flush=True)
    try:
        runpy.run_module("voicemock", run_name="__main__")
    except SystemExit as error:
        assert not error.code, (arguments, error.code)
"""


COMMANDS = {
    ("--help",): "This machine",
    ("practice", "--help"): "--loop",
    ("questions", "failed-program", "--json"): "failed-program",
    ("sessions",): "",
    ("analyze", "answer.txt", "--json"): "by 40%",
}
"""What is run, and what of its output must be there."""


def run_without(platform: str, modules: set[str], names: set[str], folder: Path) -> str:
    """Run the commands in one process where the modules and names are hidden; return what they print."""
    code = HIDDEN.format(
        other=OTHER, modules=sorted(modules), names=sorted(names), platform=platform, commands=list(COMMANDS)
    )
    return python(code, folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lacks them")
@pytest.mark.parametrize(
    ("platform", "modules", "names"),
    [
        ("win32", set().union(*USED_MODULES.values()), HIDDEN_NAMES),
        ("darwin", set(), {"sched_getaffinity"}),
        ("linux", set(), {"pthread_kill", "SIGHUP"}),
    ],
    ids=["as-on-windows", "as-on-macos", "without-signals"],
)
def test_the_program_runs_where_they_are_hidden(
    platform: str, modules: set[str], names: set[str], tmp_path: Path
) -> None:
    (tmp_path / "answer.txt").write_text("I cut the scope, um, and we reduced tickets by 40%.", encoding="utf-8")
    _, *shown = re.split(r"^\$ .*$", run_without(platform, modules, names, tmp_path), flags=re.MULTILINE)
    assert len(shown) == len(COMMANDS)
    for output, told in zip(shown, COMMANDS.values(), strict=True):
        assert told in output
