"""The application: all views behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError, UnknownNameError, VoicemockError
from voicemock.report.settings import rows_of
from voicemock.report.sheet import shared_files
from voicemock.settings import Settings
from voicemock.web.guard import Access, Guard, TooLargeError
from voicemock.web.late import Late, imported
from voicemock.web.links import pages_named
from voicemock.web.pages import FOLDER, is_on, page
from voicemock.web.views import practice

if TYPE_CHECKING:
    from voicemock.web.stage import Stage

VIEWS: Final = (
    "line",
    "recordings",
    "unfinished",
    "comparisons",  # before reviews, whose sessions have any name
    "reviews",
    "tighter",
    "second_opinions",
    "deletions",
    "mentor_reviews",  # before exports, whose formats have any name
    "exports",
    "search",
    "jobs",
    "questions",
    "speech",
    "settings",
    "doctor",
    "progress",
    "story_forms",  # before stories, whose names are any
    "stories",
    "dictation",
    "plans",
    "real_interviews",
)
"""All views except the first page, which does not wait for them: their libraries take longer to load than all the
rest. A new view is a module in ``views``, a line here, and one in ``pages.NAVIGATION``."""


def create_app(
    access: Access,
    settings: Settings,
    bank: QuestionBank,
    stage: Late[Stage],
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

    others = Late(_other_views)

    async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
        router = others.get() if others.is_made else await run_in_threadpool(others.get)
        await router(scope, receive, send)

    def prepare() -> None:
        others.get()
        stage.get()

    app = Starlette(
        routes=[
            *practice.routes(),
            *(Route(f"/static/{name}", _shared) for name in shared_files()),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
            Mount("", pass_on),
        ],
        middleware=[Middleware(Guard, access=access, largest=lambda: imported("views.jobs:LARGEST"))],
        exception_handlers={HTTPException: _not_found, TooLargeError: _too_large, VoicemockError: _told},
        lifespan=lifespan,
    )
    app.state.setting_rows = rows_of(settings)
    app.state.settings, app.state.bank, app.state.stage, app.state.visitor = settings, bank, stage, None
    app.state.prepare = prepare
    return app


def _other_views() -> Router:
    return Router([route for view in VIEWS for route in imported(f"views.{view}:routes")()])


def _shared(request: Request) -> Response:
    """Send a style or script that all our pages share."""
    name = request.url.path.rpartition("/")[2]
    return Response(shared_files()[name], media_type="text/css" if name.endswith(".css") else "text/javascript")


def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return page(request, "message.html.j2", status, title="Not found", text="There is no such page.")


def _told(request: Request, error: Exception) -> Response:
    """Say what the command line would say."""
    text = str(error)
    links = pages_named(text) | ({"/interview": "The interview in progress"} if is_on(request) else {})
    if isinstance(error, UnknownNameError):
        return page(request, "message.html.j2", 404, title="Not found", text=text, links=links)
    status = 400 if isinstance(error, InputError) else 500
    return page(request, "message.html.j2", status, title="That did not work", text=text, links=links)


def _too_large(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("That is too large to be sent here.", 413)
