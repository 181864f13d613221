"""The report of a cohort as a page and as CSV files: how its numbers are worded and drawn."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from voicemock.coaching.spoken_numbers import counted, percent
from voicemock.cohort.groups import LEAST_CANDIDATES
from voicemock.cohort.summary import GROUPED_BY, NONE, Group, GroupedBy, Named, Report, Spread
from voicemock.cohort.tables import COMPARED, LENGTH, MEASURES, SEVERITY, Measure
from voicemock.practice.trends import LEAST_CHANGES
from voicemock.report.cohort import reasons_text
from voicemock.report.page import render
from voicemock.report.progress import UNITS, value_text
from voicemock.report.rows import NOT_MEASURED
from voicemock.report.safe_text import spreadsheet_cell

FEW: Final = f"fewer than {LEAST_CANDIDATES} candidates"
MOST_QUESTIONS: Final = 10
"""Questions answered worst that the page lists."""
MOST_NAMED: Final = 4
"""Missing parts, and priorities, that the page lists of a question."""
MOST_CANDIDATES: Final = 50
"""Candidates that the page lists; the CSV file has all."""
TITLES: Final[dict[GroupedBy, str]] = {"question": "By question", "competency": "By competency", "week": "By week"}
_COLUMNS: Final[dict[GroupedBy, str]] = {"question": "Question", "competency": "Competency", "week": "Week from"}
_IDENTITY: Final = ("grouped_by", "group", "groups", "candidates", "answers")
"""The columns of a CSV file that say which answers a row is about."""
_WIDTH: Final = 100.0
"""Of a drawing, in its own units."""


class SpreadRow(NamedTuple):
    """A group in the table of a measure."""

    label: str
    group: Group
    median: str
    half: str
    """Lower and upper quartile; empty where they are not shown."""
    answers: str
    drawn: tuple[float, float, float] | None
    """Where lower quartile, median and upper quartile stand, from 0 to 100."""


class MeasureView(NamedTuple):
    """The table of a measure."""

    title: str
    unit: str
    rows: tuple[SpreadRow, ...]


class SectionView(NamedTuple):
    """The tables of one way to group."""

    id: str
    title: str
    column: str
    groups: int
    measures: tuple[MeasureView, ...]


def render_report(report: Report, *, unpacked: int, with_names: bool) -> str:
    """Return the page.

    Args:
        report: What it shows.
        unpacked: Journals whose rows are not in it.
        with_names: Whether candidates have their own names.
    """
    return render(
        "cohort.html.j2",
        None,
        has_chart=False,
        report=report,
        summary=summary_text(report),
        remarks=remarks(report, unpacked),
        least=LEAST_CANDIDATES,
        few=FEW,
        overall=[_row(group, each) for group in report.by("all") for each in MEASURES],
        titles=[(each.title, _unit(each)) for each in MEASURES],
        worst=report.worst_first[:MOST_QUESTIONS],
        named=_named_text,
        moves=[(each.title, report.takes.moves[each.name], goal_text(each)) for each in COMPARED],
        candidates=report.takes.candidates[:MOST_CANDIDATES],
        with_names=with_names,
        sections=[_section(report.by(each), each) for each in TITLES] if report.groups else [],
    )


def summary_text(report: Report) -> str:
    """Return what the report is about, in a sentence."""
    people = counted(report.candidates, "candidate") if report.candidates >= LEAST_CANDIDATES else FEW
    weeks = [each.label for each in report.by("week") if each.groups == 1 and each.label != NONE["week"]]
    when = f", in the weeks from {min(weeks)} to {max(weeks)}" if weeks else ""
    return f"{report.answers:,} {'answer' if report.answers == 1 else 'answers'} of {people}{when}."


def remarks(report: Report, unpacked: int) -> list[str]:
    """Return what must be known to read the numbers, a sentence or two each."""
    found = []
    if not report.groups:
        found.append(f"There are {FEW}, so no numbers are shown.")
    if report.without_candidate:
        found.append(
            f"{report.without_candidate:,} of the answers name no candidate and count as those of one. "
            "A manifest names them: docs/cohort.md."
        )
    if report.errors:
        why = reasons_text(report.errors)
        found.append(
            f"{counted(sum(report.errors.values()), 'recording')} could not be measured{f': {why}' if why else ''}."
        )
    if report.damaged:
        found.append(
            f"Sound of {counted(report.damaged, 'recording')} could not be decoded, as when a file was cut off. The "
            "length of such an answer, and what is missing in it, is not measured."
        )
    if len(report.versions) > 1:
        versions = ", ".join(map(str, report.versions))
        found.append(f"Versions {versions} of the rules measured them: the same words may have other numbers.")
    if unpacked:
        found.append(
            "A run is under way or was stopped. What it has not packed yet is not in here: give its command again."
        )
    return found


def _unit(measure: Measure) -> str:
    return "of 100" if measure is SEVERITY else UNITS[measure.unit]


def goal_text(measure: Measure) -> str:
    """Return the goal of a measure in words, with the smallest change that counts."""
    goal = "the question's own target" if measure is LENGTH else "none"
    if measure.goal and measure.goal.high != 0:
        goal = measure.goal.worded(partial(value_text, measure.unit))
    return f"{goal}; a change from {LEAST_CHANGES[measure.unit]:g}{' s' if measure.unit == 's' else ''} on counts"


def _section(groups: Sequence[Group], grouped_by: GroupedBy) -> SectionView:
    views = []
    for each in MEASURES:
        spreads = [group.spreads[each.name] for group in groups]
        low, high = _ends(spreads)
        rows = tuple(_row(group, each, low, high) for group in groups)
        views.append(MeasureView(each.title, _unit(each), rows))
    return SectionView(grouped_by, TITLES[grouped_by], _COLUMNS[grouped_by], len(groups), tuple(views))


def _ends(spreads: Iterable[Spread]) -> tuple[float, float]:
    """Return the lowest and the highest quartile, which all drawings of a measure share."""
    values = [value for spread in spreads for value in spread.quartiles or ()]
    return (min(values), max(values)) if values else (0.0, 0.0)


def _row(group: Group, measure: Measure, low: float = 0.0, high: float = 0.0) -> SpreadRow:
    spread = group.spreads[measure.name]
    if spread.quartiles is None:
        return SpreadRow(group.label, group, FEW if spread.is_withheld else NOT_MEASURED, "", "", None)
    first, median, third = spread.quartiles
    others = group.answers - spread.measured
    answers = f"{spread.measured:,}{f', {others:,} not measured' if others else ''}"
    drawn = None
    if high > low:
        drawn = tuple(round(_WIDTH * (value - low) / (high - low), 1) for value in spread.quartiles)
    shown = partial(value_text, measure.unit)
    half = f"{shown(first)} to {shown(third)}"
    return SpreadRow(group.label, group, shown(median), half, answers, drawn)  # type: ignore[arg-type]


def _named_text(named: Sequence[Named]) -> str:
    """Return the most frequent of what is named, with its share."""
    return ", ".join(f"{each.name.replace('_', ' ')} {percent(each.share)}" for each in named[:MOST_NAMED])


def csv_files(report: Report) -> dict[str, str]:
    """Return the CSV files of a report by name: the numbers of the page, and all candidates."""
    return {
        "measures.csv": _csv(
            (
                *_IDENTITY,
                *("measure", "measured", "not_measured", "lower_quartile", "median", "upper_quartile", "remark"),
            ),
            (_cells(group, measure) for group in _ordered(report) for measure in MEASURES),
        ),
        "findings.csv": _csv(
            (*_IDENTITY, "kind", "name", "answers_with_it"),
            (
                (*_identity(group), kind, each.name, each.answers)
                for group in _ordered(report)
                for kind, named in (("missing_part", group.missing), ("priority", group.priorities))
                for each in named
            ),
        ),
        "candidates.csv": _csv(
            ("candidate", "questions", "better", "same", "worse"),
            ((each.candidate, each.questions, each.better, each.same, each.worse) for each in report.takes.candidates),
        ),
    }


def _ordered(report: Report) -> Iterable[Group]:
    return (group for grouped_by in GROUPED_BY for group in report.by(grouped_by))


def _identity(group: Group) -> tuple[object, ...]:
    return (group.grouped_by, group.label, group.groups, group.candidates, group.answers)


def _cells(group: Group, measure: Measure) -> tuple[object, ...]:
    spread = group.spreads[measure.name]
    name = f"{measure.name}_s" if measure.unit == "s" else measure.name
    if spread.is_withheld:
        return (*_identity(group), name, "", "", "", "", "", FEW)
    counts = (spread.measured, group.answers - spread.measured)
    values = [f"{value:.2f}".rstrip("0").rstrip(".") for value in spread.quartiles or ()] or ["", "", ""]
    return (*_identity(group), name, *counts, *values, "" if spread.measured else NOT_MEASURED)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([spreadsheet_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
