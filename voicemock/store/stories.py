"""Stories: names that sessions are told under."""

from __future__ import annotations

from datetime import datetime

from voicemock.models import Story
from voicemock.store.database import Database
from voicemock.store.rows import understood, utc


def find_story(database: Database, name: str) -> Story | None:
    """Return the story of a name, however it is spaced and capitalized; None where there is none.

    Raises:
        InputError: It cannot be the name of a story.
        StorageError: The file cannot be read.
    """
    rows = database.read(
        "SELECT slug, name, framework FROM stories WHERE replace(slug, '-', '') = ?", Story.named(name).key
    )
    with understood(database.path):
        return Story.model_validate(dict(rows[0])) if rows else None


def story_kept(story: Story, created_at: datetime) -> tuple[str, tuple[object, ...]]:
    """Return the statement that keeps a story; the name it was first given stays."""
    statement = """
        INSERT INTO stories (slug, name, framework, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (slug) DO UPDATE SET framework = excluded.framework
    """
    return statement, (story.slug, story.name, story.framework, utc(created_at))
