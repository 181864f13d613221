"""Reads the case files in ``data/``: plain text that anybody can extend without Python.

Lines that begin with ``#`` are comments. In marked files every other line is a case: ``[...]`` and ``{...}`` mark
what must be found, and nothing else may be. In block files a case begins with ``== its name``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "data"
_MARK = re.compile(r"\[([^\]]*)\]|\{([^}]*)\}")


@dataclass(frozen=True)
class Marked:
    text: str
    square: list[tuple[int, int]] = field(default_factory=list)
    curly: list[tuple[int, int]] = field(default_factory=list)

    def quotes(self, spans: list[tuple[int, int]]) -> list[str]:
        return [self.text[start:end] for start, end in spans]


def marked_cases(name: str):
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(_unmark(line), id=line) for line in lines if line.strip() and not line.startswith("#")]


def table_cases(name: str):
    """Rows whose columns are separated by `` | ``."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(line.split(" | "), id=line) for line in lines if line.strip() and not line.startswith("#")]


def block_cases(name: str):
    text = (FOLDER / name).read_text(encoding="utf-8")
    blocks = re.split(r"^== (.*)$", text, flags=re.MULTILINE)[1:]
    return [
        pytest.param([line for line in body.strip("\n").splitlines() if not line.startswith("#")], id=title)
        for title, body in zip(blocks[::2], blocks[1::2], strict=True)
    ]


def _unmark(line: str) -> Marked:
    case = Marked(_MARK.sub(lambda mark: mark[1] or mark[2], line))
    removed = 0
    for mark in _MARK.finditer(line):
        start = mark.start() - removed
        inner = mark[1] or mark[2]
        (case.square if mark[1] else case.curly).append((start, start + len(inner)))
        removed += 2
    return case
