"""Opens the SQLite file of a data folder, upgrades its layout, runs transactions, and explains errors."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from voicemock.errors import StorageError
from voicemock.files import is_full, make_folder

MATCH_START: Final = "\x01"
MATCH_END: Final = "\x02"
"""Mark where a search hit starts and ends. The index holds spaces in place of these characters."""

_TEXT = "json_extract(new.document, '$.assessment.transcript.text')"
_SPOKEN = f"""
    INSERT INTO spoken (rowid, text) SELECT new.id, replace(replace({_TEXT}, char(1), ' '), char(2), ' ')
"""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY NOT NULL,
            started_at TEXT NOT NULL,
            ended_at TEXT,
            loop TEXT,
            voicemock_version TEXT NOT NULL
        )
        """,
        "CREATE INDEX sessions_by_start ON sessions (started_at)",
        """
        CREATE TABLE answers (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 1),
            question_id TEXT NOT NULL,
            status TEXT NOT NULL,
            recorded_at TEXT NOT NULL,
            duration_s REAL,
            audio_file TEXT,
            document TEXT NOT NULL,
            PRIMARY KEY (session_id, position)
        )
        """,
        "CREATE INDEX answers_by_question ON answers (question_id, recorded_at)",
    ),
    (
        """
        CREATE TABLE stories (
            slug TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            framework TEXT NOT NULL,
            created_at TEXT NOT NULL
        )
        """,
        "ALTER TABLE sessions ADD COLUMN story_slug TEXT REFERENCES stories (slug) ON DELETE SET NULL",
        "CREATE INDEX sessions_by_story ON sessions (story_slug, started_at)",
        "ALTER TABLE answers RENAME TO answers_of_layout_1",
        "DROP INDEX answers_by_question",
        """
        CREATE TABLE answers (
            id INTEGER PRIMARY KEY,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 1),
            question_id TEXT,
            status TEXT NOT NULL,
            recorded_at TEXT NOT NULL,
            duration_s REAL,
            audio_file TEXT,
            document TEXT NOT NULL,
            UNIQUE (session_id, position)
        )
        """,
        """
        CREATE TABLE replaced_assessments (
            answer_id INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
            replaced_at TEXT NOT NULL,
            document TEXT NOT NULL
        )
        """,
        "CREATE INDEX replaced_by_answer ON replaced_assessments (answer_id, replaced_at)",
        "CREATE VIRTUAL TABLE spoken USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2')",
        f"CREATE TRIGGER answer_said AFTER INSERT ON answers WHEN {_TEXT} NOT NULL BEGIN {_SPOKEN}; END",
        f"""
        CREATE TRIGGER answer_said_otherwise AFTER UPDATE ON answers BEGIN
            DELETE FROM spoken WHERE rowid = old.id;
            {_SPOKEN} WHERE {_TEXT} NOT NULL;
        END
        """,  # noqa: S608 - nothing in it comes from outside
        "CREATE TRIGGER answer_taken_back AFTER DELETE ON answers BEGIN DELETE FROM spoken WHERE rowid = old.id; END",
        """
        INSERT INTO answers
            (session_id, position, question_id, status, recorded_at, duration_s, audio_file, document)
        SELECT session_id, position, question_id, status, recorded_at, duration_s, audio_file, document
        FROM answers_of_layout_1
        """,
        "DROP TABLE answers_of_layout_1",
        "CREATE INDEX answers_by_question ON answers (question_id, recorded_at)",
    ),
    (
        """
        CREATE TABLE measured (
            answer_id INTEGER PRIMARY KEY REFERENCES answers (id) ON DELETE CASCADE,
            document TEXT NOT NULL
        )
        """,
        """
        CREATE TRIGGER answer_measured_otherwise AFTER UPDATE OF document ON answers BEGIN
            DELETE FROM measured WHERE answer_id = old.id;
        END
        """,
    ),
    (
        """
        CREATE TABLE story_notes (
            slug TEXT PRIMARY KEY NOT NULL REFERENCES stories (slug) ON DELETE CASCADE,
            updated_at TEXT NOT NULL,
            document TEXT NOT NULL
        )
        """,
    ),
    ("ALTER TABLE sessions ADD COLUMN level TEXT",),
)
"""Statements that lead from each layout of the file to the next. Released ones are never edited."""

_BUSY_TIMEOUT_S = 10.0
"""Another voicemock writes for milliseconds; a process that holds the file longer than this is stuck."""

_RETRY_AFTER_S = 0.01
"""Creating the layout of a new file takes about this long."""

_IN_USE: Final = "Another voicemock is using it. Close that one and try again."

_CURES: Final = {
    sqlite3.SQLITE_FULL: "The disk is full. Free some space and try again; what was kept before is intact.",
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
    sqlite3.SQLITE_CORRUPT: "The file is damaged. Move it away, or put a backup in its place.",
    sqlite3.SQLITE_NOTADB: "The file is not a database. Move it away, or put a backup in its place.",
    sqlite3.SQLITE_READONLY: "It is not writable. Check its permissions, or choose another folder with --data-dir.",
    sqlite3.SQLITE_PERM: "It is not writable. Check its permissions, or choose another folder with --data-dir.",
    sqlite3.SQLITE_CANTOPEN: "It cannot be opened. Check its permissions, or choose another folder with --data-dir.",
    sqlite3.SQLITE_IOERR: "The disk reports an error. Check the disk, or choose another folder with --data-dir.",
}

Change = tuple[str, Sequence[object] | Mapping[str, object]]
"""A statement that changes rows, with its values in order or by name."""


class Database:
    """One open file, brought to the newest layout.

    Every method raises StorageError if the file cannot be used; opening it also does if a newer voicemock made it.

    Args:
        path: Created if missing, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        _make_file(path)
        self._identity = _identity(path)
        with self._explained():
            self._connection = _connect(path)
        try:
            with self._explained():
                self._write_ahead()
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
            self._migrate()
        except StorageError:
            self._connection.close()
            raise

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def close(self) -> None:
        """Close the file. Closing it twice is harmless."""
        self._connection.close()

    def read(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with self._explained():
            return self._connection.execute(query, values).fetchall()

    def write(self, statement: str, *values: object) -> None:
        """Run one change in a transaction of its own."""
        self.write_all((statement, values))

    def write_all(self, *changes: Change) -> None:
        """Run changes in one transaction: all of them or none."""
        self.check_in_place()
        with self._transaction():
            for statement, values in changes:
                self._connection.execute(statement, values)

    def write_all_if(self, condition: Change, *changes: Change) -> bool:
        """Run changes in one transaction if a query finds a row in it first; return whether it did."""
        self.check_in_place()
        with self._transaction():
            if self._connection.execute(*condition).fetchone() is None:
                return False
            for statement, values in changes:
                self._connection.execute(statement, values)
        return True

    def check_in_place(self) -> None:
        """Refuse to write to a file that was removed: what is written would disappear with this process."""
        if _identity(self._path) != self._identity:
            raise StorageError(
                f"{self._path} is gone: it was removed while voicemock used it, or its disk is no longer there. "
                "Nothing of this session can be filed."
            )

    def checkpoint_exclusively(self) -> None:
        """Empty the write-ahead log, or raise StorageError if another voicemock reads the file."""
        with self._explained():
            busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StorageError(f"{self._path}: another voicemock is using it. Close that one and try again.")

    def forget(self, *changes: Change) -> None:
        """Run deletions, and leave no trace of the deleted rows in the file, its index, its log or its backups.

        The log cannot be emptied while another voicemock reads the file. Call ``checkpoint_exclusively`` first to
        learn of that before anything is deleted.
        """
        with self._explained():
            self._connection.execute("PRAGMA secure_delete = ON")
        self.write_all(*changes, ("INSERT INTO spoken (spoken) VALUES ('optimize')", ()))
        with self._explained():
            self._connection.execute("VACUUM")
        self.checkpoint_exclusively()
        for backup in self._path.parent.glob(f"{self._path.name}.version-*.bak"):
            backup.unlink(missing_ok=True)

    def integrity(self) -> str | None:
        """Return the problem with the file, or None."""
        try:
            problems = [row[0] for row in self.read("PRAGMA integrity_check(5)") if row[0] != "ok"]
            orphans = self.read("PRAGMA foreign_key_check")
        except StorageError as error:
            return str(error)
        if problems:
            return f"{self._path} is damaged: {'; '.join(problems)}. Move it away, or put a backup in its place."
        return f"{self._path} holds {len(orphans)} answers without a session." if orphans else None

    def _write_ahead(self) -> None:
        """Choose the write-ahead log, and wait if another process does so too: SQLite itself does not wait here."""
        give_up = monotonic() + _BUSY_TIMEOUT_S
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > give_up:
                    raise
                sleep(_RETRY_AFTER_S)
            else:
                return

    def _migrate(self) -> None:
        """Bring the file to the newest layout in one transaction, and keep a copy of the old file."""
        if self._version() == len(MIGRATIONS):
            return
        with self._transaction():
            version = self._version()  # again, now that no other process can write
            if version > len(MIGRATIONS):
                raise StorageError(
                    f"{self._path} was made by a newer voicemock (layout {version}, this one knows "
                    f"{len(MIGRATIONS)}). Update voicemock, or choose another folder with --data-dir."
                )
            if 0 < version < len(MIGRATIONS):
                self._back_up(version)
            for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
                for statement in statements:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {number}")

    def _version(self) -> int:
        return int(self.read("PRAGMA user_version")[0][0])

    def _back_up(self, version: int) -> None:
        """Copy the last committed state through a second connection."""
        backup = self._path.with_name(f"{self._path.name}.version-{version}.bak")
        _make_file(backup)
        with closing(_connect(self._path)) as source, closing(_connect(backup)) as target:
            source.backup(target)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit all changes of the block, or none."""
        with self._explained(), self._connection:  # commits, or rolls back on any exception
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn SQLite's errors into ours. An error without a code is a mistake in this module and passes through."""
        try:
            yield
        except UnicodeDecodeError as error:  # SQLite quotes the damaged place in its message
            raise StorageError(f"{self._path} cannot be read. {_CURES[sqlite3.SQLITE_CORRUPT]}") from error
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code is None:
                raise
            kind = code & 0xFF  # the low byte is the kind of error
            if kind == sqlite3.SQLITE_IOERR and is_full(self._path.parent):
                kind = sqlite3.SQLITE_FULL
            cure = _CURES.get(kind, "Run voicemock doctor.")
            raise StorageError(f"{self._path}: {error}. {cure}") from error


def _identity(path: Path) -> tuple[int, int] | None:
    """Return the device and inode of a file, or None if it is missing."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
    connection.execute("PRAGMA temp_store = MEMORY")  # no word of an answer in a file that SQLite puts elsewhere
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda stored: stored.decode("utf-8", "replace")  # damaged text fails validation later
    return connection


def is_ours(path: Path) -> bool:
    """Return whether a file is a database that voicemock made; one that is damaged is not recognized."""
    tables = "SELECT count(*) FROM sqlite_master WHERE name IN ('sessions', 'answers')"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute(tables).fetchone() == (2,))
    except sqlite3.Error:
        return False


def make_data_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter; an existing one stays as it is."""
    with writing(folder):
        make_folder(folder)


def _make_file(path: Path) -> None:
    """Create an empty file that only its owner may read; SQLite gives its side files the same mode."""
    with writing(path):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the system's refusal to write a path into a StorageError that says what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"{path} cannot be written: {reason}. Choose another folder with --data-dir.") from error
