"""The tables of a cohort, opened with DuckDB: as they are, and with the numbers of each answer without its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from voicemock.cohort.groups import Pseudonyms
from voicemock.cohort.rows import (
    ANSWERS,
    COHORT_SCHEMA_VERSION,
    JOURNAL,
    TABLES,
    answer_schema,
    error_schema,
    foreign,
    table_files,
)
from voicemock.errors import InputError, StorageError
from voicemock.practice.trends import DELIVERY, RESULTS, Goal, Unit

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

MEMORY: Final = "500MB"
"""What DuckDB may take; beyond it writes to the disk."""


class Measure(NamedTuple):
    """A number of an answer that is shown as a distribution."""

    name: str
    title: str
    unit: Unit
    sql: str
    """Its value, from the columns of ``answers``; null where it was not measured."""
    goal: Goal | None = None
    """None: the answer's own target, or no goal."""


_SQL: Final = {  # a field says whether a struct is there: the struct itself would be read with all its sentences
    "pace": "words_per_minute",
    "filled_pauses": "100 * len(list_filter(fillers, lambda each: each.kind = 'filled_pause')) / nullif(word_count, 0)",
    "filler_phrases": "100 * len(list_filter(fillers, lambda each: each.kind = 'discourse_marker'))"
    " / nullif(word_count, 0)",
    "pauses": "60 * len(pauses) / nullif(duration_s, 0)",
    "measured_results": "case when structure.framework is not null then len(quantified_results) end",
}
LENGTH: Final = Measure("length", "Length", "s", "case when not is_damaged then duration_s end")
MISSING: Final = Measure(
    "missing_parts", "Parts missing", "count", "case when is_whole then len(structure.missing) end", Goal(high=0.0)
)
SEVERITY: Final = Measure(
    "severity",
    "First thing to fix",
    "count",
    "case when is_whole and structure.framework is not null then coalesce(feedback.findings[1].severity, 0) end",
)
"""How much the first thing to fix limits the answer, from 0 (there was none) to 100: docs/coaching.md."""
MEASURES: Final = (
    LENGTH,
    *(Measure(each.name, each.title, each.unit, _SQL[each.name], each.goal) for each in (*DELIVERY, RESULTS)),
    MISSING,
    SEVERITY,
)
COMPARED: Final = tuple(each for each in MEASURES if each.goal or each is LENGTH)
"""Those that have a goal, so that a take can be better than another."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables that are open: ``answers``, ``errors`` as they are on disk, ``answer`` and ``failed`` for the report."""

    database: DuckDBPyConnection
    files: Mapping[str, Sequence[Path]]
    """By the name of the table."""
    unpacked: int
    """Journals that a run has not packed yet: their rows are in no table."""

    def count(self) -> int:
        """Return how many inputs there are."""
        ((count,),) = self.database.execute("select count(*) from newest").fetchall()
        return int(count)


@contextmanager
def open_tables(results: Path, scratch: Path) -> Iterator[Tables]:
    """Yield the tables of a cohort; of two rows for one source the newer one is there.

    Args:
        results: The folder that ``voicemock cohort run`` was given with ``--to``.
        scratch: Where DuckDB may put what does not fit into its memory.

    Raises:
        InputError: There are no tables, or they are of another version.
        StorageError: One is damaged.
    """
    found = table_files(results)
    if not found:
        raise InputError(f"{results} holds no results. Make them with: voicemock cohort run RECORDINGS --to {results}")
    for _, _, path in found:
        _refuse_version(path)
    files = {table: [path for _, its_table, path in found if its_table == table] for table in TABLES}
    settings = {
        "memory_limit": MEMORY,
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=settings) as database:
        with explaining(results):
            database.execute("set parquet_metadata_cache = true")  # the columns of each file are asked for many times
            for table, paths in files.items():
                _read(database, table, paths)
            _keep_newest(database)
        yield Tables(database, files, len(list((results / JOURNAL).glob("*.jsonl"))))


@contextmanager
def explaining(results: Path) -> Iterator[None]:
    """Say of an error of DuckDB which results it is about."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise StorageError(f"There is too little memory or disk to read {results}.") from error
    except duckdb.Error as error:
        raise StorageError(
            f"{results} cannot be read: {str(error).splitlines()[0]} Measure it again into another folder."
        ) from error


def _refuse_version(path: Path) -> None:
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException) as error:
        raise foreign(path) from error
    version = metadata.get(b"voicemock_cohort_schema", b"none").decode(errors="replace")
    if version != str(COHORT_SCHEMA_VERSION):
        raise InputError(
            f"{path} has columns of version {version}; this voicemock reads {COHORT_SCHEMA_VERSION}. "
            "Measure the recordings again into another folder."
        )


def _read(database: DuckDBPyConnection, table: str, paths: list[Path]) -> None:
    """Make the view ``all_answers`` or ``all_errors`` of the files; an empty one where there is none."""
    if paths:
        read(database, paths).create_view(f"all_{table}")
        return
    schema = (answer_schema() if table == ANSWERS else error_schema()).append(pa.field("filename", pa.string()))
    database.register(f"all_{table}", schema.empty_table())


def read(database: DuckDBPyConnection, paths: Sequence[Path]) -> DuckDBPyRelation:
    """Return the rows of Parquet files, with the name of the file of each as ``filename``."""
    return database.read_parquet([_literal(path) for path in paths], union_by_name=True, filename=True)


def _literal(path: Path) -> str:
    """Return a path without anything that DuckDB takes for a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", str(path.absolute()))


def _keep_newest(database: DuckDBPyConnection) -> None:
    """Make the views ``answers`` and ``errors``: the row with the highest number of each source, in either table."""
    each = "select source, filename, '{0}' as kept_in from all_{0}"
    database.execute(
        f"""
        create temp table newest as
        select source, filename from ({" union all ".join(each.format(table) for table in TABLES)})
        qualify row_number() over (
            partition by source order by cast(regexp_extract(filename, '(\\d+)\\.parquet$', 1) as bigint) desc, kept_in
        ) = 1
        """
    )
    for table in TABLES:
        database.execute(
            f"create temp view {table} as select * exclude (filename) from all_{table} "
            "semi join newest using (source, filename)"
        )


def measure(database: DuckDBPyConnection, pseudonyms: Pseudonyms | None, not_whole: Collection[str]) -> None:
    """Make the tables ``answer`` and ``failed``: a row an input, its numbers and names, without a word of the answer.

    Where no candidate is named, ``candidate`` is "".

    Args:
        database: As ``open_tables`` opened it.
        pseudonyms: Stand for the candidates; None for their own names.
        not_whole: Questions whose answers are no whole ones: follow-ups, and "what would you like to ask me?".
    """
    database.register("not_whole", pa.table({"question_id": pa.array(sorted(not_whole), pa.string())}))
    _name(database, pseudonyms)
    measures = ", ".join(f"cast({each.sql} as double) as {each.name}" for each in MEASURES)
    database.execute(
        f"""
        create temp table answer as
        with whole as (
            select *, coalesce(len(audio_source.lost) > 0, false) as is_damaged,
                not is_damaged and (
                    question_id is null or question_id not in (select question_id from not_whole)
                ) as is_whole
            from answers
        )
        select
            coalesce(named.shown, '') as candidate, question_id, competency, date, analysis_version,
            is_damaged, target_min_s, target_max_s, question.text as question_text, {measures},
            case when is_whole then structure.missing end as missing,
            list_transform(
                list_filter(feedback.points, lambda each: each.kind = 'priority'), lambda each: each.name
            ) as priorities
        from whole left join named using (candidate)
        """
    )
    database.execute(
        "create temp table failed as "
        "select coalesce(named.shown, '') as candidate, kind from errors left join named using (candidate)"
    )


def _name(database: DuckDBPyConnection, pseudonyms: Pseudonyms | None) -> None:
    """Make the table ``named``: each candidate as shown."""
    found = database.execute(
        "select distinct candidate from (select candidate from answers union all select candidate from errors) "
        "where candidate is not null"
    ).fetchall()
    names = sorted(name for (name,) in found)
    shown = [pseudonyms.of("candidate", name) if pseudonyms else name for name in names]
    columns: dict[str, Any] = {"candidate": pa.array(names, pa.string()), "shown": pa.array(shown, pa.string())}
    database.register("named", pa.table(columns))
