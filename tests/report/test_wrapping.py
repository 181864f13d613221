"""Lines on a terminal are broken between words, never inside one."""

from __future__ import annotations

import pytest

from voicemock.report.safe_text import wrapped

COMMAND = "voicemock show --data-dir /home/somebody/interviews"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Short.", ["Short."]),
        ("this is what the interviewer scores", ["this is what the", "interviewer scores"]),
        ("  indented words go on below", ["  indented words go", "  on below"]),
        ("It is in /a/very/long/path/that/is/copied", ["It is in", "/a/very/long/path/that/is/copied"]),
        (f"Look at it with: {COMMAND}", ["Look at it with:", COMMAND]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("a well-known-and-hyphenated word", ["a", "well-known-and-hyphenated", "word"]),
    ],
)
def test_lines_break_between_words(text: str, lines: list[str]) -> None:
    assert wrapped(text, 20).split("\n") == lines
