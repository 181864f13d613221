"""The story bank of a server: opened for a request, with the measures of notes at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Final

from starlette.requests import Request

from voicemock.errors import UnknownNameError
from voicemock.models import Analysis
from voicemock.practice.story_bank import StoryBank, notes_reader
from voicemock.practice.story_notes import ReadNotes
from voicemock.web.pages import bank_of, open_store

MEASURED: Final = 256
"""Texts whose measures are at hand: two a story."""
_making = Lock()


@contextmanager
def open_shelf(request: Request) -> Iterator[StoryBank]:
    """Open the stories of the server while the block runs.

    Raises:
        StorageError: The data folder cannot be used.
    """
    with open_store(request) as store:
        yield StoryBank(store, bank_of(request), _reader(request))


def text_of_answer(shelf: StoryBank, name: str) -> str:
    """Return what was said in a kept answer, named as the command line does: "SESSION/2".

    Raises:
        UnknownNameError: It is not kept, or nothing was said in it.
    """
    session_name, _, position = name.partition("/")
    session = shelf.store.sessions.find(session_name)
    answers = {str(answer.position): answer for answer in shelf.store.sessions.answers(session)}
    answer = answers.get(position)
    if answer is None or answer.assessment is None or not answer.assessment.transcript.text.strip():
        raise UnknownNameError(f"Nothing that was said is kept of answer {name!r}.")
    return answer.assessment.transcript.text


def _reader(request: Request) -> ReadNotes:
    """Return what measures notes; it is made once, and measures one text at a time."""
    state = request.app.state
    with _making:
        if not hasattr(state, "read_notes"):
            state.read_notes = _remembering(notes_reader(state.settings, state.bank))
    read: ReadNotes = state.read_notes
    return read


def _remembering(read: ReadNotes) -> ReadNotes:
    one_at_a_time = Lock()

    @lru_cache(maxsize=MEASURED)
    def measured(text: str) -> Analysis:
        with one_at_a_time:
            return read(text)

    return measured
