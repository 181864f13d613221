"""Pages: the templates, and the pieces that every page has."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse

from voicemock.report.page import environment
from voicemock.web.stage import Stage

FOLDER: Final = Path(__file__).parent


class Place(NamedTuple):
    """An entry of the navigation."""

    path: str
    title: str


NAVIGATION: Final = (Place("/", "Practice"),)
"""The views that stand at the top of each page, in their order."""


def stage_of(request: Request) -> Stage:
    """Return the stage of the server."""
    stage: Stage = request.app.state.stage
    return stage


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page from a template that extends ``frame.html.j2``."""
    html = environment(FOLDER / "templates").get_template(template)
    return HTMLResponse(
        html.render(navigation=NAVIGATION, path=request.url.path, is_on=stage_of(request).is_on, **values),
        status_code=status,
    )
