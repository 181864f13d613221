"""The socket between an interview and its page."""

from __future__ import annotations

from starlette.routing import BaseRoute, WebSocketRoute

from voicemock.web.conversation import converse


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [WebSocketRoute("/interview/line", converse)]
