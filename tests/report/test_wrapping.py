"""Lines on a terminal are broken between words, never inside one."""

from __future__ import annotations

import pytest

from voicemock.report.safe_text import cited, wrapped

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


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("We lost no invoice at all.", "We lost no invoice at all."),
        ("we lost no invoice at all, and it cost less,", "... we lost no invoice at all, and it cost less ..."),
        ("I asked each team which of the forty interfaces", "I asked each team which of the forty interfaces ..."),
        ('He said "no."', 'He said "no."'),
        ("Was it late?", "Was it late?"),
        ("", ""),
    ],
)
def test_a_quote_that_is_cut_says_so(quote: str, shown: str) -> None:
    assert cited(quote) == shown
