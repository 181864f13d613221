"""Reviews by somebody else: the page to send, and the file that comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.errors import VoicemockError
from voicemock.interview.mentor_reviews import KeptReview, keep_review, parse_review
from voicemock.report.page import embedded_recordings
from voicemock.report.page_for_review import render_for_review
from voicemock.web.pages import open_store
from voicemock.web.views.exports import download

IMPORT: Final = "/reviews/import"


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/sessions/{session}/export/for-review", export_for_review),
        Route(IMPORT, import_review, methods=["POST"]),
    ]


def export_for_review(request: Request) -> Response:
    """Send the page on which somebody else comments; ``?sound`` puts the recordings into it."""
    with open_store(request) as store:
        session = store.sessions.find(request.path_params["session"])
        answers = store.sessions.answers(session)
        folder = store.sessions.folder(session)
    audio = embedded_recordings(answers, folder) if "sound" in request.query_params else {}
    return download(f"review-{session.id}.html", render_for_review(session, answers, audio).encode("utf-8", "replace"))


async def import_review(request: Request) -> Response:
    """Keep a review: the body is the file, ``?name=`` its name. Return the address of what it is about."""
    content, name = await request.body(), request.query_params.get("name", "")
    try:
        kept = await run_in_threadpool(_keep, request, content, name or "The file")
    except VoicemockError as error:
        return PlainTextResponse(str(error), 422)
    return JSONResponse({"address": f"/sessions/{quote(kept.session.id)}?reviewed#answer-{kept.positions[0]}-reviews"})


def _keep(request: Request, content: bytes, name: str) -> KeptReview:
    sent = parse_review(content, name)
    with open_store(request) as store:
        return keep_review(store, name, sent, datetime.now(UTC))
