"""What stands on one screen adds up, and says the same thing with the same number."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest

from tests.interviews import bank, fixture_answer
from voicemock.coaching.spoken_numbers import clock
from voicemock.models import Analysis, Part, Structure
from voicemock.practice.comparison import ComparedTake, Comparison, Measure
from voicemock.report.comparison import show_comparison
from voicemock.report.rows import NOT_IN_SHARES, REST_TITLE, content_rows, coverage_rows, rest_s, structure_rows
from voicemock.report.stories import show_story_clock
from voicemock.report.terminal import Terminal

STAR = bank().framework("star")
NAMES = [part.name for part in STAR.parts]


def analysis_of(duration_s: float | None, *parts_s: float | None) -> Analysis:
    """An analysis in which the parts took these seconds; None for one that was not heard."""
    found = fixture_answer("strong-story").assessment.analysis
    total_s = sum(each or 0.0 for each in parts_s)
    parts = tuple(
        Part(name=name, present=each is not None, duration_s=each or 0.0, share=(each or 0.0) / total_s)
        for name, each in zip(NAMES, parts_s, strict=True)
    )
    structure = found.structure.model_copy(update={"parts": parts})
    return found.model_copy(update={"duration_s": duration_s, "structure": structure})


@pytest.mark.parametrize(
    ("duration_s", "parts_s"),
    [
        (178.0, (67.4, None, 35.3, None)),
        (222.4, (25.4, 19.4, 101.4, 45.4)),  # each is shown as less than it is
        (221.6, (24.6, 18.6, 100.6, 44.6)),  # each as more
        (10.5, (2.5, 2.5, 2.5, 2.5)),  # the halves alone are more than the whole
        (60.0, (15.0, 15.0, 15.0, 15.0)),
    ],
)
def test_the_parts_and_the_rest_add_up_to_the_length(duration_s: float, parts_s: tuple[float | None, ...]) -> None:
    analysis = analysis_of(duration_s, *parts_s)
    console = Terminal(file=io.StringIO(), width=80)
    show_story_clock(console, analysis, STAR)
    shown = {
        line.split("  ")[0]: int(match[1]) * 60 + int(match[2])
        for line in map(str.strip, console.file.getvalue().splitlines())
        if (match := re.search(r"  (\d+):(\d\d)\b", line))
    }
    total_s = shown.pop("Total")
    assert clock(total_s) == clock(duration_s)
    assert sum(shown.values()) == max(total_s, sum(shown.values()) - shown[REST_TITLE])
    assert f"{REST_TITLE}  " in console.file.getvalue()
    assert NOT_IN_SHARES in console.file.getvalue()


@pytest.mark.parametrize(
    ("analysis", "rest"),
    [
        (analysis_of(178.0, 67.0, None, 35.0, None), "1:16"),
        (analysis_of(60.0, 15.0, 15.0, 15.0, 15.0), None),
        (analysis_of(None, 67.0, None, 35.0, None), "21 words"),
    ],
)
def test_the_measures_say_what_the_shares_leave_out(analysis: Analysis, rest: str | None) -> None:
    loose = [len(each.text.split()) for each in analysis.structure.sentences if each.part is None]
    if rest is not None and rest.endswith("words"):
        rest = f"{sum(loose)} words" if loose else None
    rows = {title: (value, beside) for title, value, beside in structure_rows(analysis, STAR)}
    assert rows.get(REST_TITLE) == (None if rest is None else (rest, NOT_IN_SHARES))


def test_where_there_is_no_part_there_is_no_rest() -> None:
    gone = Structure(
        framework="star",
        sentences=(),
        parts=tuple(Part(name=name, present=False, duration_s=0.0, share=None) for name in NAMES),
        missing=tuple(NAMES),
    )
    analysis = analysis_of(60.0, 1.0, 1.0, 1.0, 1.0).model_copy(update={"structure": gone})
    assert REST_TITLE not in {title for title, *_ in structure_rows(analysis, STAR)}
    assert rest_s(analysis.model_copy(update={"structure": None})) is None


def take(at: int, unit: str, value: float) -> ComparedTake:
    return ComparedTake(
        session=f"2026112{at}-091500-7f3a",
        position=1,
        recorded_at=datetime(2026, 11, 20 + at, 9, 15, tzinfo=UTC),
        analysis_version=1,
        measures=(Measure(name="length", title="Length", unit=unit, value=value),),
    )


@pytest.mark.parametrize(
    ("unit", "before", "after", "line"),
    [
        ("s", 122.4, 113.5, "2:02 1:54 -0:08"),
        ("s", 113.6, 122.4, "1:54 2:02 +0:08"),
        ("per_minute", 1.04, 2.06, "1.0 2.1 +1.1"),
        ("words_per_minute", 150.4, 160.6, "150 161 +11"),
    ],
)
def test_a_change_is_the_difference_of_what_is_shown(unit: str, before: float, after: float, line: str) -> None:
    takes = (take(1, unit, before), take(2, unit, after))
    console = Terminal(file=io.StringIO(), width=80)
    found = Comparison(story="Kafka", question=None, is_level=True, takes=takes)
    show_comparison(console, found, "Kafka", 1)
    assert line in re.sub(r" +", " ", console.file.getvalue())


def test_what_is_said_again_is_counted_once_for_the_row_and_the_feedback() -> None:
    analysis = fixture_answer("strong-story").assessment.analysis
    (first, second, *rest) = analysis.evidence.sentences
    for repeated, shown in ((0, None), (1, "once"), (2, "twice")):
        said = [each | {"repetition": 0.9 * (at < repeated)} for at, each in enumerate((first, second))]
        without = [each | {"repetition": 0.0} for each in rest]
        evidence = analysis.evidence.model_copy(update={"sentences": (*said, *without)})
        rows = {title: value for title, value, _ in content_rows(analysis.model_copy(update={"evidence": evidence}))}
        assert rows.get("Said again") == shown


def test_a_point_that_may_have_been_there_has_no_row() -> None:
    analysis = fixture_answer("triage-answer").assessment.analysis
    coverage = analysis.coverage
    untold = [item for item in coverage.items if item.expected and not item.covered]
    only_one = coverage.model_copy(update={"missing": (untold[0].name,)})
    rows = list(coverage_rows(only_one))
    assert [title for title, words, _ in rows if not words] == [untold[0].title]
    assert len(rows) == sum(item.covered is not None for item in coverage.items) + 1
    shown = {title: text for title, text, _ in content_rows(analysis.model_copy(update={"coverage": only_one}))}
    assert shown["Covered"] == f"{coverage.covered} expected points; 1 not heard"
