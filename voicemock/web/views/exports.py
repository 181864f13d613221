"""Exports: a session as a file to download; several files come in one archive."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import chain, islice
from pathlib import PurePath
from typing import Final
from zipfile import ZipFile

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicemock.analysis.structure import Encode
from voicemock.coaching.same_story import subjects_encoder
from voicemock.report.export_files import NOTHING_TO_WRITE, exported
from voicemock.report.formats import Format
from voicemock.report.page import whole_page
from voicemock.web.pages import bank_of, open_store, page

FORMAT_TITLES: Final = {
    Format.MD: "Everything, for reading (Markdown)",
    Format.NOTES: "Practice notes, for a notebook (Markdown)",
    Format.JSON: "Everything, for programs (JSON)",
    Format.CSV: "The measures, for a spreadsheet (CSV)",
    Format.SRT: "Subtitles (SRT)",
    Format.VTT: "Subtitles (WebVTT)",
    Format.AUDIO: "Recordings (FLAC)",
}
_MEDIA_TYPES: Final = {
    ".md": "text/markdown",
    ".json": "application/json",
    ".csv": "text/csv",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".zip": "application/zip",
    ".html": "text/html",
}


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [
        Route("/sessions/{session}/export/page", export_page),
        Route("/sessions/{session}/export/{form}", export),
    ]


def export_page(request: Request) -> Response:
    """Send the review page of a session, with its recordings in it."""
    with open_store(request) as store:
        session = store.sessions.find(request.path_params["session"])
        answers = store.sessions.answers(session)
        folder = store.sessions.folder(session)
    html = whole_page(session, answers, folder, bank_of(request), _encode(request))
    return download(f"{session.id}.html", html.encode("utf-8", "replace"))


def export(request: Request) -> Response:
    """Send a session in a format."""
    name = request.path_params["form"]
    if name not in list(Format):
        raise HTTPException(404)
    form = Format(name)
    with open_store(request) as store:
        session = store.sessions.find(request.path_params["session"])
        answers = store.sessions.answers(session)
        folder = store.sessions.folder(session)
    files = exported(form, session, answers, folder, bank_of(request), _encode(request))
    first = list(islice(files, 2))
    if not first:
        return page(request, "message.html.j2", 404, title="Nothing to export", text=NOTHING_TO_WRITE)
    if len(first) == 1:
        return download(*first[0])
    return download(f"{session.id}-{form.value}.zip", _zipped(chain(first, files)))


def _encode(request: Request) -> Encode:
    return subjects_encoder(request.app.state.settings.cache_dir)


def download(name: str, content: bytes | memoryview) -> Response:
    """Send a file to be saved."""
    return Response(
        content,
        media_type=_MEDIA_TYPES[PurePath(name).suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _zipped(files: Iterable[tuple[str, bytes]]) -> memoryview:
    """Return an archive. Nothing is compressed: recordings are already, and the rest is small."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getbuffer()
