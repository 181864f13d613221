"""The layouts of the SQLite file: what leads from each to the next."""

from __future__ import annotations

from typing import Final

MATCH_START: Final = "\x01"
MATCH_END: Final = "\x02"
"""Stand around what was found. The index holds a space where a transcript has one of them."""

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
)
"""Statements that lead from each layout of the file to the next; what was released is never edited."""
