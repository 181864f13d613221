"""Sessions: rows of the file, each with a folder of recordings."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from voicemock.errors import InputError, UnknownNameError
from voicemock.models import Session, Story
from voicemock.store.database import Change, Database, unusable
from voicemock.store.rows import SESSIONS, session_of, utc
from voicemock.store.stories import find_story, story_kept
from voicemock.store.takes import read_last_take

_PREFIX_HINTS = 5
"""Session ids named in an error message."""

_NEWEST_FIRST = "ORDER BY started_at DESC, id DESC"

_ADD_SESSION = """
    INSERT INTO sessions (id, started_at, loop, story_slug, voicemock_version) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING
"""


def claim_folder(folders: Path, started_at: datetime) -> str:
    """Make a session folder that nobody else has, and return its name: "20261123-091500-7f3a", in local time.

    Raises:
        StorageError: It cannot be made.
    """
    while True:
        session_id = f"{started_at.astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        try:
            (folders / session_id).mkdir(mode=0o700)
        except FileExistsError:
            continue
        except OSError as error:
            raise unusable(folders / session_id, error) from error
        return session_id


def keep_session(database: Database, session: Session, story: Story | None) -> None:
    """Keep a session and the story that it tells; a session that is kept stays as it is.

    Raises:
        StorageError: It cannot be written.
    """
    database.write_all(*opening(session, story))


def opening(session: Session, story: Story | None) -> tuple[Change, ...]:
    """Return the changes that keep a session and the story that it tells."""
    slug = story.slug if story else None
    row = (session.id, utc(session.started_at), session.loop, slug, session.voicemock_version)
    return (*([story_kept(story, session.started_at)] if story else []), (_ADD_SESSION, row))


def end_session(database: Database, session: Session, ended_at: datetime) -> Session:
    """Note when a session ended, not before it began even where the clock was put back, and return it so.

    Raises:
        StorageError: It cannot be written.
    """
    ended, change = ending(session, ended_at)
    database.write_all(change)
    return ended


def ending(session: Session, ended_at: datetime) -> tuple[Session, Change]:
    """Return a session that ended, not before it began, and the change that notes it."""
    ended_at = max(ended_at, session.started_at)
    change = ("UPDATE sessions SET ended_at = ? WHERE id = ?", (utc(ended_at), session.id))
    return session.model_copy(update={"ended_at": ended_at}), change


def find_session(database: Database, name: str) -> Session:
    """Return the session with an id, the only one whose id begins so, the last of a story, or the "last" one.

    Raises:
        UnknownNameError: None has that id, or several begin so.
        StorageError: The file cannot be read.
    """
    newest = database.read(f"{SESSIONS} {_NEWEST_FIRST} LIMIT {_PREFIX_HINTS}")
    if not newest:
        raise UnknownNameError("No interview is kept yet. Start one with: voicemock practice")
    if name == "last":
        return session_of(newest[0], database.path)
    found = _ids_that_begin(database, name)
    if len(found) == 1:
        return session_of(database.read(f"{SESSIONS} WHERE id = ?", found[0])[0], database.path)
    if not found and (told := _last_of_story(database, name)):
        return told
    ids = ", ".join(str(each) for each in (found or [row["id"] for row in newest])[:_PREFIX_HINTS])
    if found:
        raise UnknownNameError(f"{len(found)} sessions begin with {name!r}: {ids}. Type more of the id.")
    raise UnknownNameError(f"No session {name!r}. The latest are: {ids}. See: voicemock sessions")


def sessions_of(database: Database, story: Story) -> tuple[Session, ...]:
    """Return every session of a story, also those in which nothing was said.

    Raises:
        StorageError: The file cannot be read.
    """
    rows = database.read(f"{SESSIONS} WHERE story_slug = ? ORDER BY started_at, id", story.slug)
    return tuple(session_of(row, database.path) for row in rows)


def _last_of_story(database: Database, name: str) -> Session | None:
    try:
        story = find_story(database, name)
    except InputError:
        return None
    last = read_last_take(database, "story_slug = ?", story.slug) if story else None
    return last.session if last else None


def _ids_that_begin(database: Database, name: str) -> list[object]:
    """Return the id that is the name, or those that begin with it, the newest first."""
    ids = [row["id"] for row in database.read(f"SELECT id FROM sessions {_NEWEST_FIRST}")]  # noqa: S608 - ours
    return [each for each in ids if each == name] or [each for each in ids if name and str(each).startswith(name)]
