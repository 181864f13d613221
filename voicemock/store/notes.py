"""What is written down about stories."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from voicemock.errors import StorageError
from voicemock.models import BankedStory, Story, StoryNotes
from voicemock.store.database import Database
from voicemock.store.overviews import list_stories
from voicemock.store.rows import understood, utc
from voicemock.store.stories import story_kept

_MOMENT: TypeAdapter[AwareDatetime] = TypeAdapter(AwareDatetime)


def banked_stories(database: Database) -> tuple[BankedStory, ...]:
    """Return every story with its notes, in the order of their names.

    Raises:
        StorageError: The file cannot be read, or notes in it make no sense.
    """
    written = {row["slug"]: row for row in database.read("SELECT slug, updated_at, document FROM story_notes")}
    found = []
    for overview in sorted(list_stories(database), key=lambda overview: overview.slug):
        row = written.get(overview.slug)
        notes = _notes(row, overview.name, database.path) if row else StoryNotes()
        with understood(database.path):
            found.append(
                BankedStory(
                    story=Story(slug=overview.slug, name=overview.name, framework=overview.framework),
                    notes=notes,
                    updated_at=_MOMENT.validate_python(row["updated_at"]) if row else None,
                    takes=overview.takes,
                    last_told_at=overview.last_told_at,
                    last_duration_s=overview.last_duration_s,
                )
            )
    return tuple(found)


def keep_notes(database: Database, story: Story, notes: StoryNotes, updated_at: datetime) -> None:
    """Keep the notes of a story in the place of those that were there; a new story is kept with them.

    Raises:
        StorageError: They cannot be written.
    """
    database.write_all(
        story_kept(story, updated_at),
        (
            """
            INSERT INTO story_notes (slug, updated_at, document) VALUES (?, ?, ?)
            ON CONFLICT (slug) DO UPDATE SET updated_at = excluded.updated_at, document = excluded.document
            """,
            (story.slug, utc(updated_at), notes.model_dump_json()),
        ),
    )


def delete_notes(database: Database, story: Story) -> None:
    """Delete the notes of a story, and the story itself where no session tells it.

    Raises:
        StorageError: They cannot be deleted.
    """
    database.be_alone()
    database.forget(
        ("DELETE FROM story_notes WHERE slug = ?", (story.slug,)),
        (
            "DELETE FROM stories WHERE slug = ? AND NOT EXISTS (SELECT 1 FROM sessions WHERE story_slug = ?)",
            (story.slug, story.slug),
        ),
    )


def _notes(row: sqlite3.Row, name: str, path: Path) -> StoryNotes:
    try:
        return StoryNotes.model_validate_json(row["document"])
    except ValidationError as error:
        raise StorageError(
            f"{path}: the notes of the story {name!r} cannot be read ({error.error_count()} fields are wrong). "
            f"Write them again after: voicemock stories delete {row['slug']}"
        ) from error
