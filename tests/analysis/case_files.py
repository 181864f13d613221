"""Reads the case files in ``data/``: plain text that can be extended without Python.

Lines that begin with ``#`` are comments. In marked files every other line is a case: ``[...]`` and ``{...}`` mark
what must be found, and nothing else may be. In block files a case begins with ``== its name``. Timed files are block
files whose first lines are words with their times, and whose lines after ``---`` are what is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from voicemock.models import SpeechSpan, Word

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


def timed_cases(name: str):
    cases = []
    for case in block_cases(name):
        (lines,) = case.values
        cut = lines.index("---")
        said = [line for line in lines[:cut] if not line.startswith("speech ")]
        speech = [span for line in lines[:cut] if line.startswith("speech ") for span in line.split()[1:]]
        spans = tuple(SpeechSpan(*map(float, span.split("-"))) for span in speech) if speech else None
        cases.append(pytest.param(_timed_words(" ".join(said).split()), spans, lines[cut + 1 :], id=case.id))
    return cases


def _timed_words(pieces: list[str]) -> list[Word]:
    """Read ``word@start`` and ``word@start-end``; without an end a word lasts until the next begins.

    ``word@start-end/0.2`` also has a probability.
    """
    texts, times = zip(*(piece.rsplit("@", 1) for piece in pieces), strict=True)
    sure = [float(time.partition("/")[2] or 0.9) for time in times]
    times = [time.partition("/")[0] for time in times]
    spans = [time.split("-") for time in times]
    ends = [span[-1] if len(span) > 1 else later[0] for span, later in zip(spans, [*spans[1:], [""]], strict=True)]
    return [
        Word(text=text, start_s=float(span[0]), end_s=float(end), probability=probability)
        for text, span, end, probability in zip(texts, spans, ends, sure, strict=True)
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
