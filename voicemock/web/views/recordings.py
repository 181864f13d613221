"""Recordings: the sound of kept answers, to play again."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from voicemock.files import refuse_foreign
from voicemock.store.deletion import SESSIONS_FOLDER

_SESSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_RECORDING: Final = re.compile(r"answer-\d{2,}\.flac")


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [Route("/recordings/{session}/{recording}", recording)]


def recording(request: Request) -> Response:
    """Send a recording, or the part of it that the browser asks for. No link is followed."""
    session, name = request.path_params["session"], request.path_params["recording"]
    path = request.app.state.settings.data_dir / SESSIONS_FOLDER / session / name
    try:
        if not (_SESSION.fullmatch(session) and _RECORDING.fullmatch(name)) or path.parent.is_symlink():
            raise FileNotFoundError
        refuse_foreign(path)
    except OSError:
        return PlainTextResponse("There is no such recording.", 404)
    return FileResponse(path, media_type="audio/flac")
