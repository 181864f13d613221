"""Texts about a deletion: the question before it, and what stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from voicemock.coaching.spoken_numbers import counted
from voicemock.errors import UnknownNameError
from voicemock.models import NOTE_FIELDS, Session
from voicemock.report.safe_text import printable
from voicemock.store.store import Store

FOR_GOOD: Final = "This cannot be undone."
GONE: Final = "It has been deleted."
WHAT_GOES: Final = "Recordings, transcripts, search index and backups: none of it is left in the data folder."
NOTES_GO: Final = "Story notes that were taken from it are deleted too."
QUESTIONS_GO: Final = "Follow-ups to it keep their replies but lose their questions, which may quote it."


def session_question(session: Session, answers: int) -> str:
    """Return the question before a session is deleted."""
    return f"Delete session {session.id} with {counted(answers, 'answer')}?"


def answer_question(session: Session, position: int) -> str:
    """Return the question before an answer is deleted."""
    return f"Delete answer {position} of session {session.id}?"


def no_answer(session: Session, position: int, positions: Iterable[int]) -> UnknownNameError:
    """Return the error for an answer that a session does not have."""
    there = ", ".join(map(str, positions)) or "none"
    return UnknownNameError(f"Session {session.id} has no answer {position}. Its answers are: {there}.")


def written_notes(store: Store, session: Session) -> str:
    """Return that notes of a session's story stay which were written, not taken from a telling; empty without any."""
    found = (each.notes for each in store.stories.banked() if each.story.name == session.story)
    if any(notes.text_of(field) for notes in found for field in NOTE_FIELDS if field not in notes.spoken):
        return f"What you wrote yourself in the notes of {printable(session.story or '')!r} stays."
    return ""
