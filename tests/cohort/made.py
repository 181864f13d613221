"""Results of a cohort that never was, as small Parquet files."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from tests.cohort.answers import spoken
from voicemock.cohort.recordings import Recording
from voicemock.cohort.rows import ANSWERS, ERRORS, answer_row, answer_schema, error_row, error_schema, table_of
from voicemock.models import Failure

SCHEMAS: Final = {ANSWERS: answer_schema(), ERRORS: error_schema()}


def answer(
    source: str,
    candidate: str | None = None,
    question: str | None = "failed-program",
    day: int | None = 1,
    competency: str | None = "failure",
    **measures: Any,
) -> dict[str, Any]:
    """Return the row of an answer; ``day`` is one of June 2026, ``missing`` and ``priorities`` are names."""
    date = dt.date(2026, 6, day) if day else None
    made = answer_row(Recording(source, candidate, question, date), "ab12", source, spoken(), competency)
    row = copy.deepcopy(made)
    if "missing" in measures:
        row["structure"]["missing"] = measures.pop("missing")
    if "priorities" in measures:
        row["feedback"]["points"] = [
            {"kind": "priority", "name": name, "text": "Mend it.", "quote": None, "start_s": None}
            for name in measures.pop("priorities")
        ]
    if "severity" in measures:
        row["feedback"]["findings"] = [_finding(measures.pop("severity"))]
    return row | measures


def _finding(severity: float) -> dict[str, Any]:
    places = ("part", "start_char", "end_char", "start_s", "focus")
    return {"name": "missing_result", "severity": severity, "extent": 1.0, "values": {}} | dict.fromkeys(places)


def error(source: str, candidate: str | None = None, kind: str = "audio_file") -> dict[str, Any]:
    """Return the row of an input that could not be measured."""
    failure = Failure(kind=kind, message=f"{source} holds no sound.")
    return error_row(Recording(source, candidate, None, None), "ab12", source, 1, failure)


def write(
    results: Path, answers: Iterable[dict[str, Any]] = (), errors: Iterable[dict[str, Any]] = (), number: int = 1
) -> Path:
    """Write rows into files of this number, and return the folder."""
    for table, rows in ((ANSWERS, list(answers)), (ERRORS, list(errors))):
        if rows:
            (results / table).mkdir(parents=True, exist_ok=True)
            pq.write_table(table_of(rows, SCHEMAS[table]), results / table / f"{number:06}.parquet")
    return results


def cohort(
    candidates: int, question: str | None = "failed-program", first: int = 0, **given: Any
) -> list[dict[str, Any]]:
    """Return an answer of each of several candidates to a question."""
    return [
        answer(f"{question}/{each}.flac", f"c-{each}", question, **given) for each in range(first, first + candidates)
    ]
