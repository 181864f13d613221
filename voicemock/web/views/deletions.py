"""Deletions: a session or one answer, for good, after a question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.errors import StorageError, UnknownNameError
from voicemock.models import Session
from voicemock.report.deletion import (
    FOR_GOOD,
    NOTES_GO,
    QUESTIONS_GO,
    WHAT_GOES,
    answer_question,
    no_answer,
    session_question,
    written_notes,
)
from voicemock.report.page import day_and_time
from voicemock.store.store import Store
from voicemock.web.pages import open_store, page

_BOTH: Final = ["GET", "POST"]


class Asked(NamedTuple):
    """What is asked before a deletion."""

    question: str
    what: str
    """The question that was answered, or the story."""
    goes: str
    back: str
    """Where the link leads that deletes nothing."""


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/sessions/{session}/delete", delete_session, methods=_BOTH),
        Route("/sessions/{session}/answers/{position:int}/delete", delete_answer, methods=_BOTH),
    ]


def delete_session(request: Request) -> Response:
    """Ask whether to delete a session, and delete it."""
    with _found(request) as (store, session):
        back = f"/sessions/{quote(session.id)}"
        problem = ""
        if request.method == "POST":
            try:
                store.delete_session(session)
            except StorageError as error:
                problem = str(error)
            else:
                return RedirectResponse("/sessions?gone", 303)
        question = session_question(session, len(store.sessions.positions(session)))
        title = session.story or "Interview"
        return _asked(request, store, session, Asked(question, title, _goes(session), back), problem)


def delete_answer(request: Request) -> Response:
    """Ask whether to delete an answer, and delete it."""
    position: int = request.path_params["position"]
    with _found(request) as (store, session):
        positions = store.sessions.positions(session)
        if position not in positions:
            raise no_answer(session, position, positions)
        back, problem = f"/sessions/{quote(session.id)}", ""
        if request.method == "POST":
            try:
                store.delete_answer(session, position)
            except StorageError as error:
                problem = str(error)
            else:
                return RedirectResponse(f"{back}?gone", 303)
        asked = Asked(
            answer_question(session, position),
            _title(store, session, position),
            f"{_goes(session)} {QUESTIONS_GO}",
            f"{back}#answer-{position}",
        )
        return _asked(request, store, session, asked, problem)


@contextmanager
def _found(request: Request) -> Iterator[tuple[Store, Session]]:
    """Yield the store, and the session of the path, which has to be its whole id.

    Raises:
        UnknownNameError: There is none.
    """
    name = request.path_params["session"]
    with open_store(request) as store:
        session = store.sessions.find(name)
        if session.id != name:
            raise UnknownNameError(f"No session has the id {name!r}.")
        yield store, session


def _goes(session: Session) -> str:
    return f"{WHAT_GOES} {NOTES_GO}" if session.story else WHAT_GOES


def _title(store: Store, session: Session, position: int) -> str:
    """Return the question of an answer, or its story; an answer that cannot be read has none."""
    try:
        answers = store.sessions.answers(session)
    except StorageError:
        answers = ()
    question = next((answer.question for answer in answers if answer.position == position), None)
    return question.text if question else session.story or "Interview"


def _asked(request: Request, store: Store, session: Session, asked: Asked, problem: str) -> Response:
    """Show the question with what goes and what stays, and why it could not be done."""
    return page(
        request,
        "delete.html.j2",
        409 if problem else 200,
        **asked._asdict(),
        for_good=FOR_GOOD,
        stays=written_notes(store, session),
        started=day_and_time(session.started_at),
        problem=problem,
    )
