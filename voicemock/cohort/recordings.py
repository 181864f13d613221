"""The recordings of a cohort: what a folder, a pattern, a bucket or a manifest names.

Places are read through fsspec: paths of this machine, ``file://``, and what its packages add (``s3://`` with s3fs,
``gs://`` with gcsfs).
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from voicemock.cohort.rows import JOURNAL, REPORT, TABLES
from voicemock.errors import InputError
from voicemock.speech.transcripts.reading import is_transcript

MANIFEST_SUFFIXES: Final = frozenset({".csv", ".parquet"})
COLUMNS: Final = ("path", "candidate", "question", "date")
"""Of a manifest. Only ``path`` is needed; other columns are not read."""
_WILD: Final = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Recording:
    """One input: a recording or transcript, and what is known about it."""

    source: str
    """Its path as it was given or found. Each is there once in a cohort."""
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

    recordings: tuple[Recording, ...]
    """In the order of their sources, or of the manifest."""
    transcripts: int = 0
    """Files of a folder that are texts and were left out: most stand beside the recording of the same answer."""


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
    files = _file_system(place)
    try:
        if Path(place).suffix.lower() in MANIFEST_SUFFIXES and files.isfile(place):
            return Found(_of_manifest(files, place, question_id))
        found = _found(files, place, question_id, results)
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror or error}.") from error
    if not found.recordings:
        raise InputError(
            f"{place} contains no recordings. Name a folder, a pattern such as 'takes/*.m4a', or a manifest."
        )
    return found


def _file_system(place: str) -> Any:
    """Return the file system of a path or address.

    Raises:
        InputError: No package for it is installed.
    """
    from fsspec.core import url_to_fs

    try:
        return url_to_fs(place)[0]
    except (ImportError, ValueError) as error:
        raise InputError(f"{place} cannot be opened: {error}") from error


def _found(files: Any, place: str, question_id: str | None, results: Path | None) -> Found:
    """Return what stands at a place that is no manifest. Hidden files are left out."""
    if _WILD & set(place) and not files.exists(place):
        infos, is_folder = files.glob(place, detail=True), False
    else:
        infos, is_folder = files.find(place, detail=True), files.isdir(place)
    written = _written(results) if results else ()
    known = [
        info
        for path, info in infos.items()
        if info["type"] == "file"
        and not _is_hidden(path)
        and not any(Path(path).is_relative_to(each) for each in written)
    ]
    texts = {info["name"] for info in known if is_folder and is_transcript(Path(info["name"]))}
    recordings = [
        Recording(
            source=_source(files, place, info["name"]),
            question_id=question_id,
            url=_url(files, info["name"]),
            size_bytes=info.get("size") or 0,
        )
        for info in known
        if info["name"] not in texts
    ]
    return Found(tuple(sorted(recordings, key=lambda each: each.source)), len(texts))


def _written(results: Path) -> tuple[Path, ...]:
    """Return the folders of what runs and reports have written, as fsspec names them: absolute, the links stay."""
    return tuple(Path(os.path.abspath(results / name)) for name in (*TABLES, JOURNAL, REPORT))  # noqa: PTH100


def _is_hidden(path: str) -> bool:
    return PurePosixPath(path).name.startswith(".")


def _is_local(files: Any) -> bool:
    return "file" in (files.protocol if isinstance(files.protocol, tuple) else (files.protocol,))


def _url(files: Any, name: str) -> str:
    return name if _is_local(files) else str(files.unstrip_protocol(name))


def _source(files: Any, place: str, name: str) -> str:
    """Return a path as the user sees it: relative where the place was given so."""
    is_address = "://" in place
    if not _is_local(files) or is_address:
        shown = str(files.unstrip_protocol(name))
    else:
        shown = name if Path(place).is_absolute() else os.path.relpath(name)
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def _of_manifest(files: Any, place: str, question_id: str | None) -> tuple[Recording, ...]:
    """Return what a manifest names. A relative path counts from the manifest's folder.

    Raises:
        InputError: A row has a mistake; the message names it.
    """
    rows = list(_csv_rows(files, place) if place.lower().endswith(".csv") else _parquet_rows(files, place))
    if not rows:
        raise InputError(f"{place} names no recording.")
    folder = place.rpartition("/")[0] if "://" in place else str(Path(place).parent)
    found = [_of_row(f"{place}, row {number}", folder, row, question_id) for number, row in enumerate(rows, start=2)]
    twice = [source for source, count in Counter(each.source for each in found).items() if count > 1]
    if twice:
        raise InputError(f"{place} names {twice[0]} more than once. Each recording has one row.")
    return tuple(found)


def _of_row(where: str, folder: str, row: Mapping[str, Any], question_id: str | None) -> Recording:
    path = str(row.get("path") or "").strip()
    if not path:
        raise InputError(f"{where} has no path.")
    if "://" not in path and not Path(path).is_absolute():
        path = f"{folder}/{path}" if "://" in folder else str(Path(folder) / path)
    return Recording(
        source=path,
        candidate=_text(row, "candidate"),
        question_id=_text(row, "question") or question_id,
        date=_date(where, row.get("date")),
        url=path if "://" in path else os.path.abspath(path),  # noqa: PTH100 - the links in it stay
        size_bytes=_size(path),
    )


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
    except OSError:
        return 0


def _csv_rows(files: Any, place: str) -> Iterable[Mapping[str, Any]]:
    try:
        with files.open(place, "rt", encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            _check_columns(place, rows.fieldnames or ())
            return list(rows)
    except UnicodeDecodeError as error:
        raise InputError(f"{place} is not UTF-8 text. Save it as CSV in UTF-8.") from error
    except csv.Error as error:
        raise InputError(f"{place} is not CSV: {error}.") from error


def _parquet_rows(files: Any, place: str) -> Iterable[Mapping[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with files.open(place, "rb") as file:
            table = pq.read_table(file)
    except pa.ArrowInvalid as error:
        raise InputError(f"{place} is not a Parquet file: {error}") from error
    _check_columns(place, table.column_names)
    rows: list[Mapping[str, Any]] = table.select([name for name in COLUMNS if name in table.column_names]).to_pylist()
    return rows


def _check_columns(place: str, names: Iterable[str]) -> None:
    if "path" not in names:
        raise InputError(f"{place} has no column path. A manifest has the columns {', '.join(COLUMNS)}.")
