"""A power cut: what the disk is asked to have, and when. The file of a recording: tests/speech/test_audio.py."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest

from tests.interviews import spoken_answer
from voicemock import files
from voicemock.models import OpenAnswer
from voicemock.store import unfinished
from voicemock.store.database import Database
from voicemock.store.store import Store

STARTED = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
MEMORY = 2
FULL = 2
"""What SQLite calls it: a commit returns when the disk has it."""


def test_a_commit_returns_when_the_disk_has_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "voicemock.db")
    assert database.read("PRAGMA synchronous")[0][0] == FULL
    assert database.read("PRAGMA journal_mode")[0][0] == "wal"
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes care of the names in a folder by itself")
def test_the_disk_has_a_mark_before_the_answer_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int, list[str]]] = []

    def settle(descriptor: int) -> None:
        found = os.fstat(descriptor)
        names = sorted(path.name for path in (tmp_path / "unfinished").glob("*answer-*"))
        asked.append((found.st_ino, found.st_size, names))

    monkeypatch.setattr(files, "settle", settle)
    monkeypatch.setattr("os.fsync", settle)
    with Store(tmp_path) as store:
        session = store.sessions.start(None, "0.1.0", STARTED)
        opened = OpenAnswer(session=session, story=None, position=1, question=None, recorded_at=STARTED)
        asked.clear()
        store.unfinished.mark(opened)
        (mark,) = (tmp_path / "unfinished").glob("*.json")
        content, names = asked
    assert content == (mark.stat().st_ino, mark.stat().st_size, [f".{mark.name}.part"])
    assert (names[0], names[2]) == ((tmp_path / "unfinished").stat().st_ino, [mark.name])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="macOS has a call of its own, Windows one of its own")
def test_to_settle_a_file_or_folder_is_to_ask_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, asked = tmp_path / "file", list[int]()
    path.write_bytes(b"words")
    monkeypatch.setattr("os.fsync", lambda descriptor: asked.append(os.fstat(descriptor).st_ino))
    files.settle_file(path)
    files.settle_folder(tmp_path)
    assert asked == [path.stat().st_ino, tmp_path.stat().st_ino]


def test_a_deletion_leaves_no_page_that_held_what_was_deleted(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        kept = store.sessions.start(None, "0.1.0", STARTED)
        gone = store.sessions.start(None, "0.1.0", STARTED)
        told = spoken_answer("I told it at length. " * 20)
        for position in range(1, 41):
            store.sessions.add_answer(gone, told.model_copy(update={"position": position}))
        store.sessions.end(gone, STARTED)
        store.sessions.end(kept, STARTED)
        database = store.sessions._database
        before = database.read("PRAGMA page_count")[0][0]
        store.delete_session(gone)
        assert database.read("PRAGMA freelist_count")[0][0] == 0  # VACUUM: no free page is left in the file
        assert database.read("PRAGMA page_count")[0][0] < before / 2
        assert database.read("PRAGMA secure_delete")[0][0] == 1  # overwritten, even if VACUUM is cut off
        assert database.read("PRAGMA temp_store")[0][0] == MEMORY  # VACUUM's copy is never a file elsewhere
        assert (tmp_path / "voicemock.db-wal").stat().st_size == 0  # nor is it in the log


def test_a_lock_is_taken_again_where_its_file_was_removed_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock, tried = tmp_path / "session.lock", unfinished._lock, list[int]()

    def lock_late(file: IO[bytes]) -> bool:
        is_locked = lock(file)
        tried.append(os.fstat(file.fileno()).st_ino)
        if len(tried) == 1:
            path.unlink()  # its holder released it after this process had opened it
        return is_locked

    monkeypatch.setattr(unfinished, "_lock", lock_late)
    with unfinished.hold(path) as file:
        assert os.path.samestat(os.fstat(file.fileno()), path.stat())
    assert len(tried) == 2


@pytest.mark.parametrize(("later_s", "length_s"), [(-3600, 0), (0, 0), (90, 90)])
def test_a_clock_that_was_put_back_ends_no_session_before_it_began(tmp_path: Path, later_s: int, length_s: int) -> None:
    with Store(tmp_path) as store:
        session = store.sessions.start(None, "0.1.0", STARTED)
        ended = store.sessions.end(session, STARTED + timedelta(seconds=later_s))
        assert ended.ended_at == STARTED + timedelta(seconds=length_s)
        assert store.sessions.find(session.id) == ended
