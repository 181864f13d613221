"""Keeps stories, which sessions are told under, and the notes about them."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from voicemock.errors import StorageError
from voicemock.models import BankedStory, Story, StoryNotes
from voicemock.store.database import Change, Database
from voicemock.store.overviews import Overviews
from voicemock.store.rows import MOMENT, understood, utc


class Stories:
    """The stories of a data folder, with the notes about them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, name: str) -> Story | None:
        """Return the story of a name, regardless of spacing and capitals, or None.

        Raises:
            InputError: The name cannot be a story's.
        """
        rows = self._database.read(
            "SELECT slug, name, framework FROM stories WHERE replace(slug, '-', '') = ?", Story.named(name).key
        )
        with understood(self._database.path):
            return Story.model_validate(dict(rows[0])) if rows else None

    def banked(self) -> tuple[BankedStory, ...]:
        """Return every story with its notes, in the order of their names."""
        rows = self._database.read("SELECT slug, updated_at, document FROM story_notes")
        written = {row["slug"]: row for row in rows}
        found = []
        for overview in sorted(Overviews(self._database).stories(), key=lambda overview: overview.slug):
            row = written.get(overview.slug)
            notes = _notes(row, overview.name, self._database.path) if row else StoryNotes()
            with understood(self._database.path):
                found.append(
                    BankedStory(
                        story=Story(slug=overview.slug, name=overview.name, framework=overview.framework),
                        notes=notes,
                        updated_at=MOMENT.validate_python(row["updated_at"]) if row else None,
                        takes=overview.takes,
                        last_told_at=overview.last_told_at,
                        last_duration_s=overview.last_duration_s,
                    )
                )
        return tuple(found)

    def keep_notes(self, story: Story, notes: StoryNotes, updated_at: datetime) -> None:
        """Replace the notes of a story, and keep the story itself if it is new."""
        self._database.write_all(
            story_kept(story, updated_at),
            (
                """
                INSERT INTO story_notes (slug, updated_at, document) VALUES (?, ?, ?)
                ON CONFLICT (slug) DO UPDATE SET updated_at = excluded.updated_at, document = excluded.document
                """,
                (story.slug, utc(updated_at), notes.model_dump_json()),
            ),
        )

    def delete_notes(self, story: Story) -> None:
        """Delete the notes of a story for good, and the story itself if no session tells it."""
        self._database.checkpoint_exclusively()
        self._database.forget(
            ("DELETE FROM story_notes WHERE slug = ?", (story.slug,)),
            (
                "DELETE FROM stories WHERE slug = ? AND NOT EXISTS (SELECT 1 FROM sessions WHERE story_slug = ?)",
                (story.slug, story.slug),
            ),
        )


def story_kept(story: Story, created_at: datetime) -> Change:
    """Return the change that keeps a story. A story that exists keeps its name and takes the framework."""
    statement = """
        INSERT INTO stories (slug, name, framework, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (slug) DO UPDATE SET framework = excluded.framework
    """
    return statement, (story.slug, story.name, story.framework, utc(created_at))


def _notes(row: sqlite3.Row, name: str, path: Path) -> StoryNotes:
    try:
        return StoryNotes.model_validate_json(row["document"])
    except ValidationError as error:
        raise StorageError(
            f"{path}: the notes of the story {name!r} cannot be read ({error.error_count()} fields are wrong). "
            f"Write them again after: voicemock stories delete {row['slug']}"
        ) from error
