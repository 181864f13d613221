"""Pages: the templates, and the pieces that every page has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl

from jinja2 import Template
from markupsafe import Markup, escape
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from voicemock.content.questions import QuestionBank
from voicemock.report.safe_text import printable_lines
from voicemock.report.sheet import environment
from voicemock.store.store import Store
from voicemock.web.late import Late

if TYPE_CHECKING:
    from voicemock.web.stage import Stage

FOLDER: Final = Path(__file__).parent


class Place(NamedTuple):
    """An entry of the navigation."""

    path: str
    title: str
    also: str | None = None
    """A page that lies elsewhere and is reached from this one."""

    def holds(self, path: str) -> bool:
        """Whether a page lies in this part of the server."""
        return path in (self.path, self.also) or (self.path != "/" and path.startswith(f"{self.path}/"))


NAVIGATION: Final = (
    Place("/", "Practice"),
    Place("/sessions", "Reviews"),
    Place("/progress", "Progress"),
    Place("/stories", "Stories"),
    Place("/plan", "Plan"),
    Place("/jobs", "Jobs"),
    Place("/log", "Real interviews"),
    Place("/questions", "Questions"),
    Place("/settings", "Settings", also="/doctor"),
)
"""The views that stand at the top of each page, in their order."""


def stage_of(request: Request) -> Stage:
    """Return the stage of the server."""
    stage: Late[Stage] = request.app.state.stage
    return stage.get()


def is_on(request: Request) -> bool:
    """Return whether an interview is going on. Before the first one there is no stage."""
    stage: Late[Stage] = request.app.state.stage
    return stage.is_made and stage.get().is_on


def bank_of(request: Request) -> QuestionBank:
    """Return the questions of the server."""
    bank: QuestionBank = request.app.state.bank
    return bank


def open_store(request: Request) -> Store:
    """Open the data folder of the server; close it after use.

    Raises:
        StorageError: It cannot be used.
    """
    return Store(request.app.state.settings.data_dir)


def page(
    request: Request, template: str, status: int = 200, *, then: BackgroundTask | None = None, **values: Any
) -> HTMLResponse:
    """Return a page from a template that extends ``frame.html.j2``.

    Args:
        request: That asks for it.
        template: Its name.
        status: Of HTTP.
        then: What to do when it is sent.
        values: For the template.
    """
    html = _template(template).render(**_frame(request), **values)
    return HTMLResponse(html, status_code=status, background=then)


def streamed(request: Request, template: str, **values: Any) -> Response:
    """Return a page that is sent piece by piece, as its values come in."""
    pieces = _template(template).generate(**_frame(request), **values)
    return StreamingResponse(pieces, media_type="text/html")


def renew_bank(request: Request) -> None:
    """Read the questions again, so that pages and interviews include new ones.

    Raises:
        ContentError: A file of questions breaks the schema.
    """
    request.app.state.bank = stage_of(request).bank = QuestionBank.load()


def _template(name: str) -> Template:
    return environment(FOLDER / "templates").get_template(name)


def _frame(request: Request) -> dict[str, Any]:
    return {"navigation": NAVIGATION, "path": request.url.path, "is_on": is_on(request)}


async def fields(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent (``application/x-www-form-urlencoded``), empty ones included."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def in_lines(text: str) -> Markup:
    """Return a text of several lines for a template, in which a text otherwise is one line."""
    return escape(printable_lines(text))


def taking_fields(act: Callable[[Request, dict[str, str]], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Make a handler of a function that takes the fields of a form, and may touch the disk or compute."""

    async def handle(request: Request) -> Response:
        return await run_in_threadpool(act, request, await fields(request))

    return handle
