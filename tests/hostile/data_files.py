"""Damaged data files."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.hostile.mutations import NUMBERS, broken
from tests.hostile.texts import texts
from tests.interviews import STARTED, fixture_answer, keep
from voicemock.errors import VoicemockError
from voicemock.models import Story, StoryNotes
from voicemock.store.store import Store

COLUMNS = (
    ("sessions", ("id", "started_at", "ended_at", "loop", "story_slug", "voicemock_version")),
    (
        "answers",
        ("session_id", "position", "question_id", "status", "recorded_at", "duration_s", "audio_file", "document"),
    ),
    ("measured", ("document",)),
    ("story_notes", ("slug", "updated_at", "document")),
    ("stories", ("slug", "name", "framework", "created_at")),
)
STATEMENTS = (
    "DROP TABLE answers",
    "UPDATE answers SET status = 'interrupted'",
    "DROP TABLE sessions",
    "DROP TABLE spoken",
    "DROP TABLE measured",
    "DELETE FROM sessions",
    "PRAGMA user_version = 99",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = -1",
    "PRAGMA user_version = 0",
    "CREATE TRIGGER evil AFTER UPDATE ON answers BEGIN DELETE FROM sessions; END",
    "PRAGMA encoding = 'UTF-16'",
    "ALTER TABLE answers RENAME COLUMN document TO other",
)


@cache
def _original() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        keep(Path(folder), fixture_answer("too-short"), fixture_answer("triage-answer", 2))
        with Store(Path(folder)) as store:
            store.stories.keep_notes(Story.named("Kafka"), StoryNotes(), STARTED)
        with closing(sqlite3.connect(Path(folder) / "voicemock.db")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode = DELETE")
        return (Path(folder) / "voicemock.db").read_bytes()


@st.composite
def rewritten(draw: Any) -> tuple[bytes, tuple[tuple[str, Any], ...]]:
    """The file, and statements that are run on it before voicemock opens it."""
    changes = []
    for _ in range(draw(st.integers(1, 3))):
        if not draw(st.integers(0, 4)):
            changes.append((draw(st.sampled_from(STATEMENTS)), None))
            continue
        table, columns = draw(st.sampled_from(COLUMNS))
        value = draw(
            st.one_of(
                st.none(),
                st.sampled_from([n for n in NUMBERS if abs(n) < 2**63]),
                st.floats(),
                st.binary(max_size=20),
                texts,
                st.just("../../../x"),
                st.just("null"),
            )
        )
        if isinstance(value, str):
            value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        changes.append((f"UPDATE {table} SET {draw(st.sampled_from(columns))} = ?", value))
    return _original(), tuple(changes)


cases = st.one_of(st.tuples(st.builds(_original).flatmap(lambda content: broken((content,))), st.just(())), rewritten())


def check(case: tuple[bytes, tuple[tuple[str, Any], ...]], folder: Path) -> None:
    """Open it and ask for everything."""
    content, changes = case
    data = folder / "data"
    data.mkdir()
    path = data / "voicemock.db"
    path.write_bytes(content)
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement, value in changes:
            with suppress(sqlite3.Error):
                database.execute(statement, () if value is None and "?" not in statement else (value,))
    try:
        with suppress(VoicemockError), Store(data) as store:
            _ask(store, data)
    finally:
        shutil.rmtree(data)
    assert not list(folder.iterdir()), "something was written outside the data folder"


def _ask(store: Store, data: Path) -> None:
    for ask in (
        lambda: [each.model_dump_json() for each in store.overviews.sessions()],
        store.overviews.stories,
        store.takes.measured,
        lambda: store.unfinished.find(everything=True),
        store.unfinished.without_recordings,
        store.stories.banked,
        store.integrity,
        lambda: list(store.takes.all()),
        lambda: store.overviews.search("team"),
        lambda: store.stories.find("x"),
    ):
        with suppress(VoicemockError):
            ask()
    with suppress(VoicemockError):
        session = store.sessions.find()
        assert data in (store.sessions.folder(session) / "x").resolve().parents
        for answer in store.sessions.answers(session):
            assert answer.audio_file is None or Path(answer.audio_file).name == answer.audio_file
        store.takes.of_session(session)
        store.delete_session(session)
