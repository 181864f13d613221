from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from adbc_driver_postgresql import dbapi

from tests.cohort.made import answer, cohort, error, write
from tests.cohort.postgresql import PASSWORD, programs, server
from tests.commands import voicemock
from voicemock.cohort.database import is_address, refuse_unreadable
from voicemock.errors import InputError


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server is installed")
    with server(found) as address:
        yield address


@pytest.fixture
def address(running: str) -> Iterator[str]:
    yield running
    query(running, "drop table if exists voicemock_answers, voicemock_errors")


def query(address: str, statement: str) -> list[tuple[Any, ...]]:
    with dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if statement.startswith("select") else []
        connection.commit()
        return rows


def loaded(results: Path, address: str, *options: str) -> str:
    result = voicemock("cohort", "report", results, "--to", address, *options)
    assert result.exit_code == 0, result.output
    return result.output


def test_loaded_twice_is_loaded_once(tmp_path: Path, address: str) -> None:
    write(tmp_path, cohort(3), [error("broken.flac", "c-9")])
    for _ in range(2):
        assert "3 in voicemock_answers and 1 in voicemock_errors" in loaded(tmp_path, address)
    assert query(address, "select count(*), count(distinct source) from voicemock_answers") == [(3, 3)]


def test_with_names_the_same_rows_have_names(tmp_path: Path, address: str) -> None:
    write(tmp_path, cohort(2), [error("c-1.flac", "c-1")])
    loaded(tmp_path, address)
    hidden = query(address, "select candidate, source, '' from voicemock_answers") + query(
        address, "select candidate, source, message from voicemock_errors"
    )
    assert not [cell for row in hidden for cell in row if "c-1" in cell or "failed-program" in cell]
    assert all(source in message for _, source, message in hidden if message)
    loaded(tmp_path, address, "--names")
    assert query(address, "select candidate from voicemock_answers order by 1") == [("c-0",), ("c-1",)]


def test_rows_that_are_gone_leave_the_server(tmp_path: Path, address: str) -> None:
    loaded(write(tmp_path, cohort(3)), address)
    write(tmp_path, cohort(1))
    loaded(tmp_path, address)
    assert query(address, "select count(*) from voicemock_answers") == [(1,)]


def test_two_results_stand_side_by_side(tmp_path: Path, address: str) -> None:
    for name in ("spring", "fall"):
        loaded(write(tmp_path / name, cohort(2)), address)
    assert query(address, "select count(*), count(distinct results_id) from voicemock_answers") == [(4, 2)]


def test_the_columns_are_typed_and_what_is_nested_is_jsonb(tmp_path: Path, address: str) -> None:
    loaded(write(tmp_path, [answer("a.flac", "c-1", missing=["result"], duration_s=61.5)]), address)
    rows = query(
        address,
        "select duration_s, date::text, structure->'missing'->>0, jsonb_typeof(transcript->'words'), "
        "jsonb_typeof(evidence), headline_s from voicemock_answers",
    )
    assert [row[:4] for row in rows] == [(61.5, "2026-06-01", "result", "array")]


def test_a_file_of_an_earlier_version_has_null_where_a_column_lacks(tmp_path: Path, address: str) -> None:
    older = write(tmp_path, cohort(2, "b"), number=2) / "answers" / "000002.parquet"
    pq.write_table(pq.read_table(older, partitioning=None).drop_columns(["substance", "headline_s"]), older)
    loaded(write(tmp_path, cohort(3)), address)
    assert query(address, "select count(*), count(substance) from voicemock_answers") == [(5, 3)]


def test_of_two_rows_for_a_source_the_newer_is_loaded(tmp_path: Path, address: str) -> None:
    write(tmp_path, cohort(2), [error("late.flac", "c-9")])
    write(tmp_path, [answer("late.flac", "c-9")], number=2)
    assert "3 in voicemock_answers and 0 in voicemock_errors" in loaded(tmp_path, address)


def test_a_column_that_a_later_version_brings_is_added(tmp_path: Path, address: str) -> None:
    loaded(write(tmp_path, cohort(2)), address)
    query(address, "alter table voicemock_answers drop column words_per_minute")
    loaded(tmp_path, address)
    assert query(address, "select count(words_per_minute) from voicemock_answers") == [(2,)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a\0\0b", "ab"),
        ("back\\slash \\0 \\u0000 \\", "back\\slash \\0 \\u0000 \\"),
        ("'); drop table voicemock_answers; --", "'); drop table voicemock_answers; --"),
        ("two\nlines\tand \N{SNOWMAN} \N{GRINNING FACE} \x01", "two\nlines\tand \N{SNOWMAN} \N{GRINNING FACE} \x01"),
    ],
)
def test_hostile_words_arrive_as_words(tmp_path: Path, address: str, said: str, kept: str) -> None:
    row = answer(f"{said}.flac", said)
    row["transcript"]["text"] = said
    loaded(write(tmp_path, [row]), address, "--names")
    found = query(address, "select candidate, source, transcript->>'text' from voicemock_answers")
    assert found == [(kept, f"{kept}.flac", kept)]


def test_a_failure_changes_nothing_on_the_server(tmp_path: Path, address: str) -> None:
    loaded(write(tmp_path, cohort(2)), address)
    query(address, "alter table voicemock_errors add constraint none check (kind = 'none')")
    write(tmp_path, cohort(5), [error("broken.flac", "Ada Lovelace")])
    result = voicemock("cohort", "report", tmp_path, "--to", address)
    assert (result.exit_code, "did not take the tables" in result.output) == (1, True)
    assert "Lovelace" not in result.output
    assert query(address, "select count(*) from voicemock_answers") == [(2,)]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda address: address.replace("s3cret", "wr0ng"), id="a wrong password"),
        pytest.param(lambda address: address.replace("/postgres", "/no_such_database"), id="no such database"),
        pytest.param(lambda address: address.replace("127.0.0.1:", "127.0.0.1:1"), id="no such port"),
        pytest.param(lambda address: address.replace("%2F", "/"), id="a password that is not escaped"),
    ],
)
def test_no_message_holds_the_password(tmp_path: Path, running: str, changed: Any) -> None:
    result = voicemock("cohort", "report", write(tmp_path, cohort(1)), "--to", changed(running))
    assert result.exit_code == 1
    assert not [piece for piece in ("s3cret", "wr0ng", "p@ss", "p%40ss", PASSWORD) if piece in result.output]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("postgresql://host/db", True),
        ("postgres://host/db", True),
        ("PostgreSQL://host", True),
        ("postgresql", False),
        ("reports/june", False),
        ("https://host", False),
    ],
)
def test_an_address_is_told_from_a_folder(place: str, expected: bool) -> None:
    assert is_address(place) is expected


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:pa/ss@host/db",
        "postgresql://me:pa@ss@host/db",
        "postgresql://me:pa:ss@host/db",
        "postgresql://me:pa#ss@host/db",
        "postgresql://me:pass@host:port/db",
        "postgresql://me:pa[ss@host/db",
    ],
)
def test_an_address_that_would_be_misread_is_refused(address: str) -> None:
    with pytest.raises(InputError) as refused:
        refuse_unreadable(address)
    assert "ss@" not in str(refused.value)


@pytest.mark.parametrize(
    "address", ["postgresql://host/db", "postgresql://me@host:5432/db?sslmode=require", "postgresql:///db"]
)
def test_a_plain_address_is_taken(address: str) -> None:
    refuse_unreadable(address)
