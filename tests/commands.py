"""Runs ``voicemock`` commands in this process, and code in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from voicemock.cli import app


def voicemock(*arguments: object, encoding: str = "utf-8", **options: Any) -> Result:
    """Return what a command wrote, and its exit code."""
    return CliRunner(charset=encoding).invoke(app, [str(argument) for argument in arguments], **options)


def lines(*arguments: object) -> list[Any]:
    """Return the lines of JSON that a command prints with ``--json``."""
    return [json.loads(line) for line in voicemock(*arguments, "--json").stdout.splitlines()]


def python(code: str, folder: Path, **environment: str) -> str:
    """Run code in a process of its own, in a folder and without input, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
