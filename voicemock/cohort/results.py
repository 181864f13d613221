"""The results of a cohort on disk: two tables of Parquet files, and a journal of what is not in them yet.

    answers/000001.parquet   a row an answer
    errors/000001.parquet    a row an input that could not be measured
    journal/000002.jsonl     rows of the next files, a line each, on disk before the next one is waited for

One process writes, the one that runs the cohort; a lock keeps a second one out. A full journal is packed into files of
its own number, which replace those of a packing that was cut off; then it is removed. Before that, older rows of the
same sources leave the tables, so that no source has two: docs/adr/0020-cohort.md tells why.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from voicemock.cohort.rows import (
    ANSWERS,
    ERRORS,
    JOURNAL,
    TABLES,
    answer_schema,
    error_schema,
    foreign,
    table_files,
    table_of,
)
from voicemock.cohort.work import Known
from voicemock.errors import StorageError
from voicemock.files import is_full, make_folder, replacing, settle, settle_file, settle_folder, start_file

ROWS_A_FILE: Final = 1000
"""Rows of a journal before it is packed: 100,000 answers are 100 files."""
ROWS_AT_ONCE: Final = 100
"""Rows in memory while a journal is packed; an answer of four minutes takes about 0.5 MB."""
_KNOWN: Final = ("source", "answer_id", "candidate", "question_id", "date")
"""Columns of both tables that a plan needs."""


class Results:
    """The tables in a folder. Use it as a context: it holds the lock, and packs what an earlier run left behind.

    Args:
        folder: Made if it is missing, for its owner alone.
        rows_a_file: Rows of a journal before it is packed.

    Raises:
        StorageError: The folder cannot be used, or another run writes there.
    """

    def __init__(self, folder: Path, *, rows_a_file: int = ROWS_A_FILE) -> None:
        self.folder = folder
        self._rows_a_file = rows_a_file
        self._lock = FileLock(folder / ".lock", mode=0o600)
        self._number = 0
        self._added: set[str] = set()
        """Sources in the journal."""
        self._packed: set[str] = set()
        """Sources in the tables."""
        self._journal: IO[bytes] | None = None

    def __enter__(self) -> Self:
        with self._explaining():
            for name in (*TABLES, JOURNAL):
                make_folder(self.folder / name)
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                raise StorageError(
                    f"Another run is writing to {self.folder}. Wait for it, or name another folder."
                ) from None
            try:
                self._settle()
            except BaseException:
                self._lock.release()
                raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None or not issubclass(kind, StorageError):  # a full disk holds no second copy
                self.pack()
        finally:
            self._close()
            self._lock.release()

    def add(self, table: str, row: dict[str, Any]) -> None:
        """Write a row; it is on disk when this returns.

        Raises:
            StorageError: The disk is full, or cannot be written. Everything added before is kept.
        """
        with self._explaining():
            if self._journal is None:
                self._number += 1
                path = self._path(JOURNAL, self._number)
                start_file(path)
                self._journal = path.open("ab")
                settle_folder(path.parent)
            line = json.dumps({"table": table, "row": row}, ensure_ascii=False, separators=(",", ":"))
            self._journal.write(line.encode() + b"\n")
            self._journal.flush()
            settle(self._journal.fileno())
            self._added.add(row["source"])
            if len(self._added) >= self._rows_a_file:
                self.pack()

    def pack(self) -> None:
        """Turn the journal into Parquet files."""
        if self._journal is None:
            return
        with self._explaining():
            self._close()
            self._pack(self._number, self._added)
            self._added = set()

    def known(self) -> dict[str, Known]:
        """Return what the tables say of each source."""
        found: dict[str, Known] = {}
        with self._explaining():
            for _, table, path in table_files(self.folder):
                for row in _read(path, (*_KNOWN, *(("kind",) if table == ERRORS else ()))).to_pylist():
                    date = row["date"].isoformat() if row["date"] else None
                    found[row["source"]] = Known(
                        table, row["answer_id"], row["candidate"], row["question_id"], date, row.get("kind")
                    )
        return found

    def rows_of(self, answer_ids: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield, for each of these results, its table and one of its rows."""
        left = set(answer_ids)
        for _, table, path in reversed(table_files(self.folder)):
            if not left:
                return
            with self._explaining():
                ours = pc.is_in(_read(path, ("answer_id",))["answer_id"], pa.array(sorted(left), pa.string()))
                found = pq.read_table(path, partitioning=None).filter(ours) if pc.any(ours).as_py() else None
            for row in found.to_pylist(maps_as_pydicts="strict") if found else ():
                if row["answer_id"] in left:
                    left.remove(row["answer_id"])
                    yield table, row | {"date": row["date"] and row["date"].isoformat()}

    def _settle(self) -> None:
        """Pack what a run that was killed has left, and remove rows that a later one replaces."""
        sources = {path: _sources(path) for _, _, path in table_files(self.folder)}
        newest = {source: path for path, each in sources.items() for source in each}
        for path, each in sources.items():
            _keep(path, [newest[source] == path for source in each])
        self._packed = set(newest)
        for path in sorted((self.folder / JOURNAL).glob("*.jsonl")):
            self._pack(int(path.stem), {each["row"]["source"] for each in _lines(path)})
        self._number = max((number for number, _, _ in table_files(self.folder)), default=0)

    def _pack(self, number: int, sources: set[str]) -> None:
        """Pack the journal of a number, in which these sources have their rows."""
        journal = self._path(JOURNAL, number)
        if not sources.isdisjoint(self._packed):
            for its_number, _, path in table_files(self.folder):
                if its_number != number:
                    _keep(path, [source not in sources for source in _sources(path)])
        self._packed |= sources
        schemas = {ANSWERS: answer_schema(), ERRORS: error_schema()}
        for table, schema in schemas.items():
            rows = (each["row"] for each in _lines(journal) if each["table"] == table)
            _write(self._path(table, number), schema, rows)
        journal.unlink()
        settle_folder(journal.parent)

    def _path(self, table: str, number: int) -> Path:
        return self.folder / table / f"{number:06}.{'jsonl' if table == JOURNAL else 'parquet'}"

    def _close(self) -> None:
        journal, self._journal = self._journal, None
        if journal is not None:
            with suppress(OSError):  # only a row whose writing has failed, and was told, is still to be written
                journal.close()

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = "the disk is full" if is_full(self.folder) else error.strerror or error
            raise StorageError(
                f"{self.folder} cannot be written or read: {reason}. What was measured before is kept. "
                "Once that is fixed, run the same command again."
            ) from error


def _lines(journal: Path) -> Iterator[dict[str, Any]]:
    """Yield the whole lines of a journal. A run that was killed, or a full disk, may leave half of one at the end."""
    with journal.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield json.loads(line)


def _write(path: Path, schema: pa.Schema, rows: Iterator[dict[str, Any]]) -> None:
    """Write a Parquet file, whole or not at all, for its owner alone. Without rows there is no file."""
    first = list(islice(rows, ROWS_AT_ONCE))
    if not first:
        path.unlink(missing_ok=True)
        return
    with replacing(path) as unfinished:
        start_file(unfinished)
        with pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            while first:
                writer.write_table(table_of(first, schema))
                first = list(islice(rows, ROWS_AT_ONCE))
        settle_file(unfinished)
    settle_folder(path.parent)


def _keep(path: Path, kept: list[bool]) -> None:
    """Rewrite a file with some of its rows, or remove it; one that keeps all stays as it is."""
    if all(kept):
        return
    table = pq.read_table(path, partitioning=None).filter(pa.array(kept))
    if not table.num_rows:
        path.unlink()
        return
    with replacing(path) as unfinished:
        start_file(unfinished)
        pq.write_table(table, unfinished, compression="zstd", row_group_size=ROWS_AT_ONCE)
        settle_file(unfinished)
    settle_folder(path.parent)


def _sources(path: Path) -> list[str]:
    found: list[str] = _read(path, ("source",))["source"].to_pylist()
    return found


def _read(path: Path, columns: tuple[str, ...]) -> pa.Table:
    try:
        return pq.read_table(path, columns=list(columns), partitioning=None)
    except pa.ArrowInvalid as error:
        raise foreign(path) from error
