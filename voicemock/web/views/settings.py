"""Settings: every value, where it comes from, what it is for, and where to change it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicemock.report import settings as words
from voicemock.settings import Settings
from voicemock.web.pages import page


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/settings", show)]


def show(request: Request) -> Response:
    """Show the settings of this server."""
    settings: Settings = request.app.state.settings
    rows: list[words.SettingRow] = request.app.state.setting_rows
    return page(
        request,
        "settings.html.j2",
        rows=rows,
        helps=words.help_of(settings),
        headings=words.HEADINGS,
        order=words.ORDER,
        file=words.file_text(),
    )
