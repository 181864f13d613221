"""Recordings: the sound of kept answers, to play again."""

from __future__ import annotations

import re
from pathlib import Path
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
    """Send a recording, or the part of it that the browser asks for."""
    session, name = request.path_params["session"], request.path_params["recording"]
    folder = request.app.state.settings.data_dir / SESSIONS_FOLDER / session
    path = recording_of(folder, name) if _SESSION.fullmatch(session) else None
    if path is None:
        return PlainTextResponse("There is no such recording.", 404)
    return FileResponse(path, media_type="audio/flac")


def recording_of(folder: Path, name: str) -> Path | None:
    """Return a recording of a session's folder; None if there is none of that name. No link is followed."""
    path = folder / name
    try:
        if not _RECORDING.fullmatch(name) or folder.is_symlink():
            return None
        refuse_foreign(path)
    except OSError:
        return None
    return path
