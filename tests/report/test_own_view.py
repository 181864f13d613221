"""The candidate's own view beside the measures: one short sentence an item, the same on every screen."""

from __future__ import annotations

import csv
import io

import pytest
from rich.console import Console

from tests.interviews import STARTED, bank, fixture_answer
from tests.progresses import measured
from voicemock.models import Answer, Measured, Ratings, Session
from voicemock.report.exports import to_csv, to_markdown
from voicemock.report.own_view import lines_of, own_view_lines
from voicemock.report.page import render_page
from voicemock.report.rows import load_measures
from voicemock.report.terminal import show_own_view

RATED = fixture_answer("strong-story").model_copy(update={"self_rating": Ratings(length=5, result=2)})
SESSION = Session(id="20261124-091500-7f3a", started_at=STARTED, voicemock_version="0.1.0")


@pytest.mark.parametrize(
    ("numbers", "own", "line"),
    [
        (
            measured(duration_s=330.0),
            Ratings(length=5),
            "Length: you said 5, the measure says 2 (5:30, target 3:00 to 4:00).",
        ),
        (measured(), Ratings(length=5), "Length: you said 5, and so does the measure (3:20, target 3:00 to 4:00)."),
        (measured(duration_s=None), Ratings(length=4), "Length: you said 4; not measured."),
        (
            measured(shares=(0.2, None, 0.8, None)),
            Ratings(structure=4),
            "Structure: you said 4, the measure says 3 (missing: task, result).",
        ),
        (measured(), Ratings(structure=2), "Structure: you said 2, the measure says 5 (all 4 parts)."),
        (measured(), Ratings(result=3), "Result: you said 3, the measure says 5 (a result with a number)."),
        (
            measured(measured_results=0),
            Ratings(result=5),
            "Result: you said 5, the measure says 3 (a result without a number).",
        ),
        (
            measured(shares=(0.2, 0.1, 0.7, None)),
            Ratings(result=5),
            "Result: you said 5, the measure says 4 (a number, but not in a result).",
        ),
        (
            measured(shares=(0.2, 0.1, 0.7, None), measured_results=0),
            Ratings(result=1),
            "Result: you said 1, and so does the measure (no result).",
        ),
        (measured(parts=()), Ratings(result=1), "Result: you said 1; not measured."),
        (
            measured(),
            Ratings(delivery=1),
            "Delivery: you said 1, the measure says 4 "
            "(150 words per minute, most people 126 to 197; 3.0 fillers in 100 words).",
        ),
    ],
)
def test_an_item_is_told_in_one_sentence(numbers: Measured, own: Ratings, line: str) -> None:
    assert list(lines_of(numbers.model_copy(update={"self_rating": own}))) == [line]


def test_what_was_not_rated_is_not_told() -> None:
    assert len(own_view_lines(RATED)) == 2
    assert own_view_lines(fixture_answer("strong-story")) == ()
    assert own_view_lines(RATED.model_copy(update={"assessment": None})) == ()


def page_of(answer: Answer) -> str:
    return render_page(SESSION, [answer], [bank().framework("star")], {}, load_measures())


def terminal_of(answer: Answer) -> str:
    console = Console(file=io.StringIO(), width=200)
    show_own_view(console, answer)
    return console.file.getvalue()  # type: ignore[attr-defined]


def markdown_of(answer: Answer) -> str:
    return to_markdown(SESSION, [answer], [bank().framework("star")])


@pytest.mark.parametrize("shown", [page_of, terminal_of, markdown_of])
def test_every_screen_says_the_same(shown) -> None:
    text = shown(RATED)
    assert all(line in text for line in own_view_lines(RATED))
    assert "Your own view" in text
    assert "Your own view" not in shown(fixture_answer("strong-story"))


def test_a_spreadsheet_has_the_ratings_of_those_who_rated() -> None:
    (row,) = csv.DictReader(io.StringIO(to_csv(SESSION, [RATED], [bank().framework("star")])))
    assert [row[f"self_{item}"] for item in ("length", "structure", "result", "delivery")] == ["5", "", "2", ""]
    assert "self_length" not in to_csv(SESSION, [fixture_answer("strong-story")], [bank().framework("star")])
