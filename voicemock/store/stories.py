"""Keeps stories, which sessions are told under, and the notes about them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from voicemock.errors import StorageError, UnknownNameError
from voicemock.models import NOTE_FIELDS, BankedStory, Session, Story, StoryNotes
from voicemock.store.database import Change, Database
from voicemock.store.overviews import Overviews
from voicemock.store.rows import MOMENT, understood, utc

MOSTLY: Final = 0.5
"""Share of a field's runs of words that stand in the telling it was taken from; joints of its sentences do not."""
FEWEST_WORDS: Final = 4
"""A shorter sentence was not taken from a telling because it is told there as well: "It worked."."""

RUN: Final = 8
"""Words in a row that a text has from a telling, not by chance."""

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?;:])[ \t]+")


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

    def get(self, name: str) -> Story:
        """Return the story of a name.

        Raises:
            InputError: The name cannot be a story's.
            UnknownNameError: No story has it.
        """
        story = self.find(name)
        if story is None:
            raise UnknownNameError(f"No story {name!r} is kept. See: voicemock time")
        return story

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
        self._database.write_all(*_keeping(story, notes, updated_at))

    def keep_notes_if_unchanged(
        self, story: Story, notes: StoryNotes, updated_at: datetime, seen_at: datetime | None
    ) -> bool:
        """Replace the notes of a story, unless they were changed or deleted meanwhile; return whether they are kept.

        Args:
            story: Kept itself if it is new.
            notes: The new notes.
            updated_at: Now.
            seen_at: When the notes had been changed last, for whoever changes them now; None if there were none.
        """
        condition = "SELECT 1 WHERE (SELECT updated_at FROM story_notes WHERE slug = ?) IS ?"
        seen = utc(seen_at) if seen_at is not None else None
        return self._database.write_all_if((condition, (story.slug, seen)), *_keeping(story, notes, updated_at))

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

    def without_telling(self, session: Session, position: int | None = None) -> tuple[Change, ...]:
        """Return the changes that take what was told in a session out of the notes that were made from it.

        The notes of the story that is told lose the words of this telling. Those of any other story lose the fields
        that hold them as they were told.

        Args:
            session: Tells a story, or is an interview, whose answers notes may have been made from.
            position: The answer of it whose words go; None for all.
        """
        slug = self._slug_told_in(session)
        gone = [text for place, text in self._said_in(session) if position in (None, place)]
        changes: list[Change] = []
        for row in self._database.read("SELECT slug, document FROM story_notes"):
            is_told = row["slug"] == slug
            try:
                notes = _notes(row, row["slug"], self._database.path)
            except StorageError:  # what is wrong with other notes is told where they are read
                if is_told:
                    raise
                continue
            if not is_told and not _holds(notes, gone):
                continue
            kept = self._told_elsewhere(row["slug"], session, position)
            left = notes_without(notes, gone, kept, only_spoken=not is_told)
            if left.is_empty:
                changes.append(("DELETE FROM story_notes WHERE slug = ?", (row["slug"],)))
            elif left != notes:
                changes.append(
                    ("UPDATE story_notes SET document = ? WHERE slug = ?", (left.model_dump_json(), row["slug"]))
                )
        return tuple(changes)

    def _slug_told_in(self, session: Session) -> str | None:
        rows = self._database.read("SELECT story_slug FROM sessions WHERE id = ?", session.id)
        return rows[0]["story_slug"] if rows else None

    def _said_in(self, session: Session) -> list[tuple[int, str]]:
        """Return what was said in each answer of a session, with its position."""
        rows = self._database.read(
            "SELECT position, json_extract(document, '$.assessment.transcript.text') AS text FROM answers "
            "WHERE session_id = ? AND json_valid(document)",
            session.id,
        )
        return [(row["position"], str(row["text"] or "")) for row in rows]

    def _told_elsewhere(self, slug: str, session: Session, position: int | None) -> list[str]:
        """Return what was said in the tellings of a story, but for those that are deleted."""
        rows = self._database.read(
            "SELECT session_id, position, json_extract(document, '$.assessment.transcript.text') AS text FROM answers "
            "JOIN sessions ON sessions.id = session_id WHERE story_slug = ? AND json_valid(document)",
            slug,
        )
        return [
            str(row["text"] or "")
            for row in rows
            if not (row["session_id"] == session.id and position in (None, row["position"]))
        ]


def _holds(notes: StoryNotes, said: Iterable[str]) -> bool:
    """Return whether a field holds words of these as they were told."""
    told = _Runs(said) if notes.spoken else None
    return told is not None and any(told.share(notes.text_of(field)) >= MOSTLY for field in notes.spoken)


def notes_without(
    notes: StoryNotes, gone: Iterable[str], kept: Iterable[str], *, only_spoken: bool = False
) -> StoryNotes:
    """Return notes without the words that they have from tellings that are deleted.

    A field that holds words as they were told goes whole. A field that was written or edited loses the runs of words
    and the sentences that were told word for word. What a telling that is kept holds as well stays.

    Args:
        notes: The notes.
        gone: What was said in the tellings that are deleted.
        kept: What was said in the others.
        only_spoken: Whether what was written or edited stays as it is.
    """
    told, others = _Runs(gone), _Runs(kept)
    left: dict[str, str] = {}
    for field in NOTE_FIELDS:
        text = notes.text_of(field)
        if field in notes.spoken:
            share = told.share(text)
            left[field] = "" if share >= MOSTLY and share > others.share(text) else text
        elif only_spoken:
            left[field] = text
        else:
            left[field] = _without_sentences(_without_runs(text, told, others), told, others)
    spoken = tuple(field for field in notes.spoken if left[field])
    return notes.model_copy(update={**left, "spoken": spoken})


def _without_runs(text: str, told: _Runs, others: _Runs) -> str:
    """Return a text without its long runs of words that were told, whatever stands between the words."""
    gone = told.places(text) - others.places(text)
    if not gone:
        return text
    starts = [word.start() for word in _WORD.finditer(text)]
    pieces = [text[start:end] for start, end in pairwise((*starts, len(text)))]
    left = ("".join(piece.partition("\n")[1:]) if place in gone else piece for place, piece in enumerate(pieces))
    return "\n".join(line.rstrip() for line in "".join((text[: starts[0]], *left)).split("\n") if _WORD.search(line))


def _without_sentences(text: str, told: _Runs, others: _Runs) -> str:
    """Return a text without its sentences that were told word for word, but for very short ones."""
    lines = []
    for line in text.split("\n"):
        sentences = _SENTENCE_END.split(line)
        own = [
            each
            for each in sentences
            if len(each.split()) < FEWEST_WORDS or told.share(each) < 1 or others.share(each) == 1
        ]
        if own:
            lines.append(line if own == sentences else " ".join(own))
    return "\n".join(lines)


class _Runs:
    """The runs of words in some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        told = [_words(text) for text in texts]
        self._by_length = {
            length: frozenset(run for words in told for run in _runs(words, length)) for length in (1, 2, 3, RUN)
        }

    def share(self, text: str) -> float:
        """Return the share of the runs of a text that stand in these."""
        words = _words(text)
        length = min(len(words), 3)
        runs = _runs(words, length) if words else []
        return sum(run in self._by_length[length] for run in runs) / len(runs) if runs else 0.0

    def places(self, text: str) -> set[int]:
        """Return which words of a text stand in a long run of these, counted from 0."""
        runs = enumerate(_runs(_words(text), RUN))
        return {place for start, run in runs if run in self._by_length[RUN] for place in range(start, start + RUN)}


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _runs(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[start:] for start in range(length)), strict=False))


def story_kept(story: Story, created_at: datetime) -> Change:
    """Return the change that keeps a story. A story that exists keeps its name and takes the framework."""
    statement = """
        INSERT INTO stories (slug, name, framework, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (slug) DO UPDATE SET framework = excluded.framework
    """
    return statement, (story.slug, story.name, story.framework, utc(created_at))


def _keeping(story: Story, notes: StoryNotes, updated_at: datetime) -> tuple[Change, ...]:
    """Return the changes that keep a story and its notes."""
    statement = """
        INSERT INTO story_notes (slug, updated_at, document) VALUES (?, ?, ?)
        ON CONFLICT (slug) DO UPDATE SET updated_at = excluded.updated_at, document = excluded.document
    """
    return story_kept(story, updated_at), (statement, (story.slug, utc(updated_at), notes.model_dump_json()))


def _notes(row: sqlite3.Row, name: str, path: Path) -> StoryNotes:
    try:
        return StoryNotes.model_validate_json(row["document"])
    except ValidationError as error:
        raise StorageError(
            f"{path}: the notes of the story {name!r} cannot be read ({error.error_count()} fields are wrong). "
            f"Write them again after: voicemock stories delete {row['slug']}"
        ) from error
