"""Loads the tables of a cohort into a PostgreSQL server: COPY into a temporary table, then one transaction.

A load replaces all rows that an earlier one has brought from the same RESULTS, so that it may be repeated. Rows that
were taken out of RESULTS leave the server, too. Measures are typed columns; what is nested is ``jsonb``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pyarrow as pa

from voicemock.cohort.groups import Pseudonyms
from voicemock.cohort.rows import TABLES, answer_schema, error_schema
from voicemock.cohort.tables import Tables, read
from voicemock.errors import InputError

if TYPE_CHECKING:
    from adbc_driver_postgresql.dbapi import Connection, Cursor
    from duckdb import DuckDBPyConnection

SCHEMES: Final = ("postgresql", "postgres")
TABLE_NAMES: Final = {"answers": "voicemock_answers", "errors": "voicemock_errors"}
ROWS_AT_ONCE: Final = 200
"""Rows of a batch: about 20 MB of JSON for answers of four minutes."""
_RESULTS_ID: Final = "results_id"
_TYPES: Final = {
    pa.string(): "text",
    pa.bool_(): "boolean",
    pa.int64(): "bigint",
    pa.float64(): "double precision",
    pa.date32(): "date",
}
_WITHOUT_NUL: Final = r"replace(replace(replace(to_json({})::varchar, '\\', chr(1)), '\u0000', ''), chr(1), '\\')"
"""JSON without NUL, which PostgreSQL refuses. chr(1), which no JSON holds, stands for escaped backslashes meanwhile."""
_UNREADABLE: Final = "The address is not one of a PostgreSQL server: postgresql://USER@HOST:PORT/DATABASE"


def is_address(place: str) -> bool:
    """Return whether a place is the address of a PostgreSQL server."""
    return place.split("://", 1)[0].lower() in SCHEMES and "://" in place


def refuse_unreadable(address: str) -> None:
    """Refuse an address that the driver would misread: its own message could hold a piece of the password.

    Raises:
        InputError: It is no address, or its password holds characters that must be written as %40 and the like.
    """
    try:
        parts = urlsplit(address)
        user = parts.netloc.rpartition("@")[0]
        is_plain = parts.port is None or parts.port > 0
    except ValueError:
        is_plain, user = False, ""
    if not is_plain or "@" in user or user.count(":") > 1 or "#" in address:
        raise InputError(
            f"{_UNREADABLE}. In a password write @ as %40, / as %2F, : as %3A, # as %23 and ? as %3F, or leave it out "
            "and set PGPASSWORD."
        )


def load(
    tables: Tables,
    address: str,
    pseudonyms: Pseudonyms,
    *,
    with_names: bool,
    loaded: Callable[[int], None],
) -> dict[str, int]:
    """Load both tables.

    Args:
        tables: Of the RESULTS.
        address: ``postgresql://...``; what it leaves out comes from PGHOST, PGPASSWORD and the like.
        pseudonyms: Stand for candidates and sources, and name the RESULTS.
        with_names: Whether candidates and sources are loaded as they are.
        loaded: Called with the number of rows after each batch.

    Returns:
        How many rows each table of the server has of this RESULTS.

    Raises:
        InputError: The server cannot be reached or refuses; nothing is changed then.
    """
    from adbc_driver_postgresql import dbapi

    refuse_unreadable(address)
    schemas = {"answers": answer_schema(), "errors": error_schema()}
    with _explaining(), dbapi.connect(address) as connection:
        counts = {
            table: _load(connection, tables, table, schemas[table], pseudonyms, with_names=with_names, loaded=loaded)
            for table in TABLES
        }
        connection.commit()
    return counts


@contextmanager
def _explaining() -> Iterator[None]:
    from adbc_driver_manager import Error

    try:
        yield
    except Error as error:
        raise InputError(f"The PostgreSQL server did not take the tables: {_reason(str(error))}") from None


def _reason(message: str) -> str:
    """Return what the server or its driver says, without our own statement or a row."""
    lines = [line.strip() for line in message.split("Query was:")[0].splitlines()]
    return " ".join(line for line in lines if line and not line.startswith(("LINE ", "DETAIL", "CONTEXT", "^")))


def _load(
    connection: Connection,
    tables: Tables,
    table: str,
    schema: pa.Schema,
    pseudonyms: Pseudonyms,
    *,
    with_names: bool,
    loaded: Callable[[int], None],
) -> int:
    name, staged = TABLE_NAMES[table], f"{TABLE_NAMES[table]}_staged"
    with connection.cursor() as cursor:
        _make_table(cursor, name, schema)
        batches = _batches(tables, table, schema, None if with_names else pseudonyms, loaded)
        cursor.adbc_ingest(staged, batches, mode="create", temporary=True)
        cursor.execute(f"lock table {name} in share row exclusive mode")
        cursor.execute(f"delete from {name} where {_RESULTS_ID} = '{pseudonyms.results_id}'")
        names = ", ".join(f'"{field.name}"' for field in schema)
        values = ", ".join(f'"{field.name}"::{_type(field)}' for field in schema)
        cursor.execute(
            f"insert into {name} ({_RESULTS_ID}, {names}) select '{pseudonyms.results_id}', {values} from {staged}"
        )
        cursor.execute(f"select count(*) from {name} where {_RESULTS_ID} = '{pseudonyms.results_id}'")
        (count,) = cursor.fetchone() or (0,)
        cursor.execute(f"drop table {staged}")
    return int(count)


def _make_table(cursor: Cursor, name: str, schema: pa.Schema) -> None:
    """Make the table, or add the columns that it lacks."""
    columns = [f'"{field.name}" {_type(field)}' for field in schema]
    cursor.execute(
        f"create table if not exists {name} ({_RESULTS_ID} text not null, {', '.join(columns)}, "
        f"primary key ({_RESULTS_ID}, source))"
    )
    cursor.execute(f"alter table {name} {', '.join(f'add column if not exists {each}' for each in columns)}")


def _type(field: pa.Field) -> str:
    return _TYPES.get(field.type, "jsonb")


def _batches(
    tables: Tables, table: str, schema: pa.Schema, pseudonyms: Pseudonyms | None, loaded: Callable[[int], None]
) -> pa.RecordBatchReader:
    """Return the rows as columns that COPY takes: scalars as they are, what is nested as text of JSON.

    One file after the other is read, by one thread: what DuckDB holds is the JSON of a few hundred answers.
    """
    hidden = (
        ""
        if pseudonyms is None
        else " left join hidden_candidate using (candidate) left join hidden_source using (source)"
    )
    if pseudonyms is not None:
        _hide(tables.database, pseudonyms)
    tables.database.execute("set threads = 1")

    def told() -> Iterator[pa.RecordBatch]:
        for path in tables.files[table]:
            rows = read(tables.database, [path])
            wanted = ", ".join(
                _expression(field, is_hidden=pseudonyms is not None)
                if field.name in rows.columns
                else f"null as {field.name}"
                for field in schema
            )
            rows.create_view("one_file", replace=True)
            query = f"select {wanted} from one_file semi join newest using (source, filename){hidden}"
            for batch in tables.database.sql(query).to_arrow_reader(ROWS_AT_ONCE):
                yield batch.cast(sent)
                loaded(batch.num_rows)

    sent = pa.schema([(field.name, field.type if field.type in _TYPES else pa.string()) for field in schema])
    return pa.RecordBatchReader.from_batches(sent, told())


def _expression(field: pa.Field, *, is_hidden: bool) -> str:
    name: str = field.name
    if is_hidden and name in {"candidate", "source"}:
        return f"shown_{name} as {name}"
    if is_hidden and name == "message":
        return "replace(message, source, shown_source) as message"
    kind = _type(field)
    if kind == "jsonb":
        return f"{_WITHOUT_NUL.format(name)} as {name}"
    return f"replace({name}, chr(0), '') as {name}" if kind == "text" else name


def _hide(database: DuckDBPyConnection, pseudonyms: Pseudonyms) -> None:
    """Make the tables ``hidden_candidate`` and ``hidden_source``: each name with what stands for it."""
    for column in ("candidate", "source"):
        found = database.execute(
            f"select distinct {column} from (select {column} from answers union all select {column} from errors) "
            f"where {column} is not null"
        ).fetchall()
        names = [name for (name,) in found]
        columns: dict[str, Any] = {column: names, f"shown_{column}": [pseudonyms.of(column, name) for name in names]}
        database.register(
            f"hidden_{column}", pa.table({name: pa.array(each, pa.string()) for name, each in columns.items()})
        )
