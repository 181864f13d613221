"""Rows and columns of the two tables that a cohort becomes: answers and errors.

The columns follow from the records of ``voicemock.models``, so a new measure is a new column. A row is a dictionary
that JSON can hold.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
from pydantic import BaseModel

from voicemock.errors import StorageError
from voicemock.models import SCHEMA_VERSION, Analysis, Assessment, Failure, Feedback, QuestionSummary, Transcript

if TYPE_CHECKING:  # a report reads tables without anything that reads recordings
    from voicemock.cohort.recordings import Recording

COHORT_SCHEMA_VERSION: Final = 1
"""Version of the columns. A new column leaves it as it is; one that is renamed or means something else raises it."""
ANSWERS: Final = "answers"
ERRORS: Final = "errors"
TABLES: Final = (ANSWERS, ERRORS)
JOURNAL: Final = "journal"
"""Folder of the rows that are in no table yet."""
REPORT: Final = "report"
"""Folder of the page and the CSV files, unless another one is named."""

_IDENTITY: Final[dict[str, Any]] = {
    "schema_version": int,
    "source": str,
    "content_hash": str | None,
    "answer_id": str | None,
    "candidate": str | None,
    "question_id": str | None,
    "competency": str | None,
    "date": dt.date | None,
}
"""What both tables begin with."""
_SCALARS: Final[dict[Any, pa.DataType]] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    dt.date: pa.date32(),
}


@cache
def answer_schema() -> pa.Schema:
    """Return the columns of ``answers/*.parquet``: who and what, every measure of ``Analysis``, then what is nested."""
    nested = {"question": QuestionSummary | None, "transcript": Transcript, "feedback": Feedback}
    return _schema(_IDENTITY | get_type_hints(Analysis) | nested)


@cache
def error_schema() -> pa.Schema:
    """Return the columns of ``errors/*.parquet``."""
    return _schema(_IDENTITY | {"analysis_version": int, "kind": str, "message": str})


def table_files(results: Path) -> list[tuple[int, str, Path]]:
    """Return number, table and path of the Parquet files of a RESULTS, lowest numbers first.

    Raises:
        StorageError: One has no number, so it is not known what it replaces.
    """
    found = []
    for table in TABLES:
        for path in (results / table).glob("*.parquet"):
            if not path.stem.isdecimal():
                raise foreign(path)
            found.append((int(path.stem), table, path))
    return sorted(found)


def foreign(path: Path) -> StorageError:
    """Return the error about a file among the tables that no run has written."""
    return StorageError(f"{path} is not a Parquet file of voicemock. Move it away, and run the command again.")


def answer_row(
    recording: Recording, content_hash: str, answer_id: str, assessment: Assessment, competency: str | None
) -> dict[str, Any]:
    """Return the row of an answer.

    Args:
        recording: The input.
        content_hash: SHA-256 of its bytes, in hexadecimal.
        answer_id: Names the content, the question and how it was measured.
        assessment: Everything that was measured.
        competency: What the question asks for; None without a question.
    """
    measured: dict[str, Any] = assessment.model_dump(mode="json")
    row: dict[str, Any] = _identity(recording, content_hash, answer_id, competency) | measured["analysis"]
    return row | {name: measured[name] for name in ("question", "transcript", "feedback")}


def error_row(
    recording: Recording, content_hash: str | None, answer_id: str | None, analysis_version: int, failure: Failure
) -> dict[str, Any]:
    """Return the row of an input that could not be measured; without a hash, it could not even be read."""
    row = _identity(recording, content_hash, answer_id, None)
    return row | {"analysis_version": analysis_version, "kind": failure.kind, "message": failure.message}


def with_identity(row: dict[str, Any], recording: Recording) -> dict[str, Any]:
    """Return the row of the same content under another name, or of another candidate."""
    ours = row | _identity(recording, row["content_hash"], row["answer_id"], row["competency"])
    if "message" in row:
        ours["message"] = row["message"].replace(row["source"], recording.source)
    return ours


def _identity(
    recording: Recording, content_hash: str | None, answer_id: str | None, competency: str | None
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "source": recording.source,
        "content_hash": content_hash,
        "answer_id": answer_id,
        "candidate": recording.candidate,
        "question_id": recording.question_id,
        "competency": competency,
        "date": recording.date.isoformat() if recording.date else None,
    }


def table_of(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as a typed table."""
    dated = [row | {"date": row["date"] and dt.date.fromisoformat(row["date"])} for row in rows]
    return pa.Table.from_pylist([_with_pairs(row, schema) for row in dated], schema=schema)


def _with_pairs(value: Any, kind: pa.DataType | pa.Schema) -> Any:
    """Return a value of JSON as Arrow takes it: a map is a list of pairs."""
    if value is None:
        return None
    if isinstance(kind, pa.Schema) or pa.types.is_struct(kind):
        return {field.name: _with_pairs(value[field.name], field.type) for field in kind}
    if pa.types.is_map(kind):
        return sorted(value.items())
    if pa.types.is_list(kind):
        return [_with_pairs(each, kind.value_type) for each in value]
    return value


def _schema(hints: dict[str, Any]) -> pa.Schema:
    version = {"voicemock_cohort_schema": str(COHORT_SCHEMA_VERSION)}
    return pa.schema([_field(name, hint) for name, hint in hints.items()], metadata=version)


def _field(name: str, hint: Any) -> pa.Field:
    kinds = get_args(hint) if get_origin(hint) in {UnionType, Union} else (hint,)
    (kind,) = (each for each in kinds if each is not type(None))
    return pa.field(name, _type(kind), nullable=type(None) in kinds)


def _type(hint: Any) -> pa.DataType:
    """Return the Arrow type of an annotation of our records.

    Raises:
        TypeError: No record has had one like it before.
    """
    kind, parts = get_origin(hint), get_args(hint)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if kind is Literal:
        return _SCALARS[type(parts[0])]
    if kind is tuple:
        return pa.list_(_field("element", parts[0]))
    if kind is dict:
        return pa.map_(_type(parts[0]), _type(parts[1]))
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return pa.struct(
            [_field(name, each) for name, each in get_type_hints(hint).items() if name in hint.model_fields]
        )
    raise TypeError(f"There is no column type for {hint}.")
