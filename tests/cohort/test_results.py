from __future__ import annotations

import errno
import io
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.cohort.answers import spoken
from voicemock.cohort.recordings import Recording
from voicemock.cohort.results import Results
from voicemock.cohort.rows import ANSWERS, ERRORS, answer_row, error_row
from voicemock.errors import StorageError
from voicemock.models import Failure

BROKEN = Failure(kind="audio_file", message="no sound")


def answer(source: str, answer_id: str = "id") -> tuple[str, dict[str, Any]]:
    return ANSWERS, answer_row(Recording(source), f"hash-{answer_id}", answer_id, spoken(), None)


def error(source: str, answer_id: str = "id") -> tuple[str, dict[str, Any]]:
    return ERRORS, error_row(Recording(source), f"hash-{answer_id}", answer_id, 1, BROKEN)


def fill(folder: Path, *rows: tuple[str, dict[str, Any]]) -> None:
    with Results(folder) as results:
        for row in rows:
            results.add(*row)


def killed(folder: Path, *rows: tuple[str, dict[str, Any]], rows_a_file: int = 1000) -> None:
    """Leave what a run leaves that is killed after these rows."""
    results = Results(folder, rows_a_file=rows_a_file)
    results.__enter__()
    for row in rows:
        results.add(*row)
    results._close()
    results._lock.release()


def there(folder: Path) -> dict[str, list[str]]:
    """Return the sources of both tables, in the order of their files."""
    return {
        table: [
            source
            for path in sorted((folder / table).glob("*.parquet"))
            for source in pq.read_table(path, columns=["source"], partitioning=None)["source"].to_pylist()
        ]
        for table in (ANSWERS, ERRORS)
    }


def journals(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "journal").iterdir())


def test_rows_become_two_tables(tmp_path: Path) -> None:
    fill(tmp_path, answer("a"), error("b"), answer("c"))
    assert there(tmp_path) == {ANSWERS: ["a", "c"], ERRORS: ["b"]}
    assert journals(tmp_path) == []


def test_a_table_without_rows_has_no_file(tmp_path: Path) -> None:
    fill(tmp_path, answer("a"))
    assert list((tmp_path / ERRORS).iterdir()) == []


def test_a_full_journal_is_packed_on_the_way(tmp_path: Path) -> None:
    killed(tmp_path, answer("a"), answer("b"), answer("c"), rows_a_file=2)
    assert there(tmp_path)[ANSWERS] == ["a", "b"]
    assert journals(tmp_path) == ["000002.jsonl"]


def test_a_run_that_was_killed_loses_no_row(tmp_path: Path) -> None:
    killed(tmp_path, answer("a"), error("b"))
    fill(tmp_path, answer("c"))
    assert there(tmp_path) == {ANSWERS: ["a", "c"], ERRORS: ["b"]}


def test_half_a_line_at_the_end_of_a_journal_is_no_row(tmp_path: Path) -> None:
    killed(tmp_path, answer("a"))
    with (tmp_path / "journal" / "000001.jsonl").open("a") as file:
        file.write('{"table":"answers","row":{"sou')
    fill(tmp_path)
    assert there(tmp_path)[ANSWERS] == ["a"]


def test_a_packing_that_was_cut_off_is_done_again_and_adds_no_row(tmp_path: Path) -> None:
    killed(tmp_path, answer("a"), error("b"))
    journal = (tmp_path / "journal" / "000001.jsonl").read_bytes()
    fill(tmp_path)
    (tmp_path / "journal" / "000001.jsonl").write_bytes(journal)  # as if the kill came before it was removed
    (tmp_path / ERRORS / "000001.parquet").unlink()  # and before the second table was written
    fill(tmp_path)
    assert there(tmp_path) == {ANSWERS: ["a"], ERRORS: ["b"]}


def test_of_two_rows_for_a_source_the_later_stays(tmp_path: Path) -> None:
    fill(tmp_path, error("a", "old"), answer("b", "old"), error("c"))
    fill(tmp_path, answer("a", "new"), answer("b", "new"))
    with Results(tmp_path) as results:
        known = results.known()
    assert there(tmp_path) == {ANSWERS: ["a", "b"], ERRORS: ["c"]}
    assert {source: (each.table, each.answer_id) for source, each in known.items()} == {
        "a": (ANSWERS, "new"),
        "b": (ANSWERS, "new"),
        "c": (ERRORS, "id"),
    }


@pytest.mark.parametrize("leave", [fill, killed], ids=["stopped", "killed"])
def test_at_no_time_has_a_source_two_rows_in_the_tables(tmp_path: Path, leave: Callable[..., None]) -> None:
    for _ in range(3):
        leave(tmp_path, error("gone"), answer("a"))
        found = there(tmp_path)
        assert len(found[ERRORS]) == len(set(found[ERRORS]))
        assert len(found[ANSWERS]) == len(set(found[ANSWERS]))
    fill(tmp_path)
    assert there(tmp_path) == {ANSWERS: ["a"], ERRORS: ["gone"]}


def test_a_journal_that_is_packed_on_the_way_replaces_older_rows(tmp_path: Path) -> None:
    fill(tmp_path, error("a", "old"), error("b", "old"), error("c", "old"))
    killed(tmp_path, answer("a", "new"), answer("b", "new"), rows_a_file=2)
    assert there(tmp_path) == {ANSWERS: ["a", "b"], ERRORS: ["c"]}


def test_a_kill_between_old_and_new_rows_leaves_none_twice_and_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise KeyboardInterrupt

    fill(tmp_path, error("a", "old"), error("b", "old"))
    with monkeypatch.context() as patch:
        patch.setattr("voicemock.cohort.results._write", end)
        with pytest.raises(KeyboardInterrupt):
            fill(tmp_path, answer("a", "new"))
    assert there(tmp_path) == {ANSWERS: [], ERRORS: ["b"]}
    fill(tmp_path)
    assert there(tmp_path) == {ANSWERS: ["a"], ERRORS: ["b"]}


def test_rows_that_an_older_version_left_twice_are_removed(tmp_path: Path) -> None:
    fill(tmp_path, error("a"), answer("b"))
    (tmp_path / ERRORS / "000002.parquet").write_bytes((tmp_path / ERRORS / "000001.parquet").read_bytes())
    fill(tmp_path)
    assert there(tmp_path) == {ANSWERS: ["b"], ERRORS: ["a"]}


def test_rows_are_found_by_their_answer(tmp_path: Path) -> None:
    fill(tmp_path, answer("a", "one"), answer("b", "two"), error("c", "three"))
    with Results(tmp_path) as results:
        found = {row["answer_id"]: (table, row["source"]) for table, row in results.rows_of(["one", "three", "four"])}
        row = dict(results.rows_of(["one"]))[ANSWERS]
    assert found == {"one": (ANSWERS, "a"), "three": (ERRORS, "c")}
    assert row == answer("a", "one")[1]


def test_only_one_run_writes(tmp_path: Path) -> None:
    with Results(tmp_path), pytest.raises(StorageError, match="Another run is writing to"), Results(tmp_path):
        pass


def test_everything_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    fill(folder, answer("a"), error("b"))
    killed(folder, answer("c"))
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [folder, *folder.rglob("*")] if path.name != ".lock"}
    assert modes == {0}


def test_a_full_disk_is_told_and_costs_no_row_that_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Results(tmp_path) as results:
        results.add(*answer("a"))
        with monkeypatch.context() as patch:
            patch.setattr("voicemock.cohort.results.settle", full)
            with pytest.raises(StorageError, match=r"No space left on device.*run the same command again"):
                results.add(*answer("b"))
    fill(tmp_path)
    assert "a" in there(tmp_path)[ANSWERS]


def test_a_disk_that_stays_full_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def run_out_of_space() -> None:
        with Results(tmp_path) as results:
            results.add(*error("a"))
            results._close()
            results._journal = io.BufferedWriter(Full())
            results.add(*error("b"))

    with pytest.raises(StorageError, match="No space left on device"):
        run_out_of_space()
    with Results(tmp_path):
        assert there(tmp_path)[ERRORS] == ["a"]


@pytest.mark.parametrize("name", ["new.parquet", "copy-of-000001.parquet"])
def test_a_file_without_a_number_is_named(tmp_path: Path, name: str) -> None:
    fill(tmp_path, answer("a"))
    (tmp_path / ANSWERS / name).write_bytes((tmp_path / ANSWERS / "000001.parquet").read_bytes())
    with pytest.raises(StorageError, match=rf"{name} is not a Parquet file of voicemock"), Results(tmp_path):
        pass


def test_a_foreign_file_is_named(tmp_path: Path) -> None:
    fill(tmp_path, answer("a"))
    (tmp_path / ANSWERS / "000009.parquet").write_text("no table")
    with pytest.raises(StorageError, match=r"000009.parquet is not a Parquet file"), Results(tmp_path):
        pass
