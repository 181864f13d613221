"""The recordings of a cohort: what a folder, a pattern, a bucket or a manifest names."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from voicemock.coaching.spoken_numbers import counted
from voicemock.cohort.places import WILD, Place, found_at, is_file, open_place, spelled
from voicemock.cohort.rows import JOURNAL, REPORT, TABLES
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError, UnknownNameError
from voicemock.speech.devices import AUDIO_SUFFIXES
from voicemock.speech.transcripts.reading import is_transcript

MANIFEST_SUFFIXES: Final = frozenset({".csv", ".parquet"})
COLUMNS: Final = ("path", "candidate", "question", "date")
"""Of a manifest. Only ``path`` is needed; other columns are not read."""
MOST_NAMED: Final = 5
"""Mistakes of one kind that a message names."""
_SEPARATORS: Final = {";": "semicolons", "\t": "tabs"}
"""Of columns, where they are not commas."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One input: a recording or transcript, and what is known about it."""

    source: str
    """Its path in the one spelling that every run gives it: absolute, or an address. Each is there once in a cohort."""
    candidate: str | None = None
    question_id: str | None = None
    date: dt.date | None = None
    """The day on which it was made."""
    url: str = ""
    """Where every worker finds it: an absolute path, or an address such as ``s3://bucket/name``."""
    size_bytes: int = 0
    """0 where it is not known."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a place holds."""

    recordings: tuple[Recording, ...] = ()
    """In the order of their sources, or of the manifest."""
    transcripts: int = 0
    """Files of a folder that are texts and were left out: most stand beside the recording of the same answer."""
    others: int = 0
    """Files of a folder that are neither, and were left out."""


def find_recordings(place: str, question_id: str | None = None, results: Path | None = None) -> Found:
    """Return the recordings that a place names.

    Args:
        place: A folder with everything in it, a pattern (``*.flac``), a file, a manifest (CSV or Parquet), or an
            address of fsspec for one of them.
        question_id: The question that they answer, where the manifest names none.
        results: The folder for the tables; what runs and reports have written there is left out.

    Raises:
        InputError: There is nothing, a manifest has a mistake, or the package for such an address is missing.
    """
    bank = QuestionBank.load()
    question_id = bank.get(question_id).id if question_id else None
    try:
        opened = open_place(place)
        if PurePosixPath(opened.path).suffix.lower() in MANIFEST_SUFFIXES and is_file(opened):
            return Found(_of_manifest(opened, place, question_id, bank))
        found = _found(opened, question_id, results)
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror or error}.") from error
    if not found.recordings:
        raise InputError(_nothing_text(place, found))
    return found


def _nothing_text(place: str, found: Found) -> str:
    if found.transcripts:
        return (
            f"{place} contains no recordings. To measure its transcripts, name them by a pattern such as 'takes/*.vtt' "
            "or by a manifest."
        )
    return f"{place} contains no recordings. Name a folder, a pattern such as 'takes/*.m4a', or a manifest."


def _found(place: Place, question_id: str | None, results: Path | None) -> Found:
    """Return what stands at a place that is no manifest. Hidden files are left out."""
    kind, infos = found_at(place)
    ending = PurePosixPath(place.path).suffix
    is_named = kind == "file" or (kind == "pattern" and bool(ending) and not WILD & set(ending))
    written = _written(results) if results else ()
    recordings, transcripts, others = [], 0, 0
    for info in infos:
        path = Path(info["name"])
        if path.name.startswith(".") or any(path.is_relative_to(each) for each in written):
            continue
        if _is_recording(path, is_named=is_named):
            recordings.append(_recording(place, info, question_id))
        elif is_transcript(path):
            transcripts += 1
        else:
            others += 1
    return Found(tuple(sorted(recordings, key=lambda each: each.source)), transcripts, others)


def _is_recording(path: Path, *, is_named: bool) -> bool:
    """Return whether a file is taken: by its ending, or because the user has named that ending."""
    suffix = path.suffix.lower()
    return suffix not in MANIFEST_SUFFIXES if is_named else suffix in AUDIO_SUFFIXES


def _recording(place: Place, info: Mapping[str, Any], question_id: str | None) -> Recording:
    url = place.address(info["name"])
    source = url.encode("utf-8", "backslashreplace").decode("utf-8")
    return Recording(source, question_id=question_id, url=url, size_bytes=info.get("size") or 0)


def _written(results: Path) -> tuple[Path, ...]:
    """Return the folders of what runs and reports have written, as fsspec names them: absolute, the links stay."""
    return tuple(Path(os.path.abspath(results / name)) for name in (*TABLES, JOURNAL, REPORT))  # noqa: PTH100


# --- manifests ------------------------------------------------------------------------------------------


_Row = tuple[int, Mapping[str, Any]]
"""Its number, with that of the columns 1, and its cells."""


def _of_manifest(opened: Place, place: str, question_id: str | None, bank: QuestionBank) -> tuple[Recording, ...]:
    """Return what a manifest names. A relative path counts from the manifest's folder.

    Raises:
        InputError: A row has a mistake; the message names it.
    """
    content = opened.content()
    rows = _csv_rows(content, place) if opened.path.lower().endswith(".csv") else _parquet_rows(content, place)
    if not rows:
        raise InputError(f"{place} names no recording.")
    questions = _questions(place, rows, bank)
    folder = opened.address(opened.path).replace(os.sep, "/").rpartition("/")[0]
    found: dict[str, Recording] = {}
    for number, row in rows:
        where = f"{place}, row {number}"
        each = _of_row(where, folder, row, questions.get(_text(row, "question") or "", question_id))
        if each.source in found:
            raise InputError(f"{where} names {_text(row, 'path')} again. Each recording has one row.")
        found[each.source] = each
    return tuple(found.values())


def _questions(place: str, rows: Sequence[_Row], bank: QuestionBank) -> dict[str, str]:
    """Return the id of each question that a manifest names, however it spells it.

    Raises:
        InputError: There is no such question.
    """
    found: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for number, row in rows:
        name = _text(row, "question")
        if name is None or name in found or name in unknown:
            continue
        try:
            found[name] = bank.get(name).id
        except UnknownNameError as error:
            unknown[name] = f"row {number}: {error}"
    if unknown:
        first = " ".join(f"{place}, {each}" for each in list(unknown.values())[:MOST_NAMED])
        more = len(unknown) - MOST_NAMED
        raise InputError(f"{first} Unknown, too: {counted(more, 'other question')}." if more > 0 else first)
    return found


def _of_row(where: str, folder: str, row: Mapping[str, Any], question_id: str | None) -> Recording:
    path = _text(row, "path")
    if not path:
        raise InputError(f"{where} has no path.")
    if "://" not in path and not Path(path).is_absolute():
        path = f"{folder}/{path}"
    try:
        url = spelled(path)
    except OSError as error:
        raise InputError(f"{where}: {path} cannot be read: {error.strerror or error}.") from error
    return Recording(url, _text(row, "candidate"), question_id, _date(where, row.get("date")), url, _size(url))


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    return str(value).strip() or None if value is not None else None


def _date(where: str, value: object) -> dt.date | None:
    """Read a date from a cell."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value or "").strip()
    try:
        return dt.datetime.fromisoformat(text).date() if text else None
    except ValueError:
        raise InputError(f"{where}: {text!r} is not a date. Write 2026-11-30.") from None


def _size(path: str) -> int:
    """Return the size of a local file; 0 for one that is missing, which is reported when it is read."""
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


def _csv_rows(content: bytes, place: str) -> list[_Row]:
    try:
        columns, *rows = [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))] or [[]]
    except UnicodeDecodeError as error:
        raise InputError(f"{place} is not UTF-8 text. Save it as CSV in UTF-8.") from error
    except csv.Error as error:
        raise InputError(f"{place} is not CSV: {error}.") from error
    names = [name.strip() for name in columns]
    _check_columns(place, names)
    found: list[_Row] = []
    for number, row in enumerate(rows, start=2):
        if row and len(row) != len(names):
            raise InputError(
                f"{place}, row {number} has {counted(len(row), 'cell')} for {counted(len(names), 'column')}. "
                "Leave a cell empty, not out, and put text with commas in quotes."
            )
        if row:
            found.append((number, dict(zip(names, row, strict=True))))
    return found


def _parquet_rows(content: bytes, place: str) -> list[_Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        names = file.schema_arrow.names
        _check_columns(place, names)
        rows = file.read([name for name in COLUMNS if name in names]).to_pylist()
    except pa.ArrowInvalid as error:
        raise InputError(f"{place} is not a Parquet file: {error}") from error
    return list(enumerate(rows, start=2))


def _check_columns(place: str, names: Sequence[str]) -> None:
    """Refuse columns that are missing, or are there twice."""
    if "path" not in names:
        (first, *_) = (*names, "")
        by = next((name for separator, name in _SEPARATORS.items() if separator in first), None)
        hint = f" Its columns are separated by {by}; voicemock needs commas." if by else ""
        raise InputError(f"{place} has no column path. A manifest has the columns {', '.join(COLUMNS)}.{hint}")
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise InputError(f"{place} has the column {twice[0]} more than once. Leave one of them out.")
