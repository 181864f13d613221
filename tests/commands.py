"""Runs ``voicemock`` commands in this process."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from voicemock.cli import app


def voicemock(*arguments: object, encoding: str = "utf-8", **options: Any) -> Result:
    """Return what a command wrote, and its exit code."""
    return CliRunner(charset=encoding).invoke(app, [str(argument) for argument in arguments], **options)


def lines(*arguments: object) -> list[Any]:
    """Return the lines of JSON that a command prints with ``--json``."""
    return [json.loads(line) for line in voicemock(*arguments, "--json").stdout.splitlines()]
