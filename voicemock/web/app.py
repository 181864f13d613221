"""The application: all views behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from voicemock.content.questions import QuestionBank
from voicemock.report.page import stylesheet
from voicemock.report.settings import rows_of
from voicemock.settings import Settings
from voicemock.web.guard import Access, Guard, TooLargeError
from voicemock.web.pages import FOLDER, page
from voicemock.web.stage import Stage
from voicemock.web.views import (
    doctor,
    jobs,
    practice,
    questions,
    recordings,
    speech,
    unfinished,
)
from voicemock.web.views import (
    settings as settings_view,
)

VIEWS: tuple[Callable[[], list[BaseRoute]], ...] = (
    practice.routes,
    recordings.routes,
    unfinished.routes,
    jobs.routes,
    questions.routes,
    speech.routes,
    settings_view.routes,
    doctor.routes,
)
"""The routes of each view. A new view is a module in ``views``, a line here, and one in ``pages.NAVIGATION``."""


def create_app(
    access: Access,
    settings: Settings,
    bank: QuestionBank,
    stage: Stage,
    on_ready: Callable[[], None] = lambda: None,
) -> Starlette:
    """Return the application.

    Args:
        access: What opens it.
        settings: Of voicemock.
        bank: The questions.
        stage: Holds the interviews.
        on_ready: Called when it takes requests.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        on_ready()
        yield

    app = Starlette(
        routes=[
            *(route for view in VIEWS for route in view()),
            Route("/static/page.css", _style),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
        ],
        middleware=[Middleware(Guard, access=access, largest=jobs.LARGEST)],
        exception_handlers={HTTPException: _not_found, TooLargeError: _too_large},
        lifespan=lifespan,
    )
    app.state.setting_rows = rows_of(settings)
    app.state.settings, app.state.bank, app.state.stage, app.state.visitor = settings, bank, stage, None
    return app


def _style(_request: Request) -> Response:
    """Send the style that all our pages share."""
    return Response(stylesheet(), media_type="text/css")


def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return page(request, "message.html.j2", status, title="Not found", text="There is no such page.")


def _too_large(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("That is too large to be sent here.", 413)
