"""Hostile visitors: uploads that do not end, and markup wherever a page may send text."""

from __future__ import annotations

import re
import socket
import sys
import tracemalloc
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN, OWN, PageOnALine
from voicemock.web import app
from voicemock.web.guard import LARGEST_BODY, Access
from voicemock.web.pages import FOLDER, fields
from voicemock.web.server import serving

UPLOAD = 1_000_000_000
PIECE = 1 << 16
IN_BUFFERS = 16 << 20
"""Bytes that may be on their way when a server has stopped reading."""
MARKUP = "<img src=x onerror=owned()><script>owned()</script>"


async def read_all(request: Request) -> Response:
    return PlainTextResponse(str(len(await fields(request))))


def ignore_all(request: Request) -> Response:
    return PlainTextResponse("not read")


@pytest.fixture
def access(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Access]:
    """A server with two views more: one that reads a body and one that does not."""
    routes = [Route("/reads", read_all, methods=["POST"]), Route("/ignores", ignore_all, methods=["POST"])]
    monkeypatch.setitem(sys.modules, "voicemock.web.views.tried", SimpleNamespace(routes=lambda: routes))  # type: ignore[arg-type]
    monkeypatch.setattr(app, "VIEWS", (*app.VIEWS, "tried"))
    server = open_server()
    with serving(server.settings, host="127.0.0.1", port=0, new_stage=lambda *_: server.stage) as (access, _wait):
        yield access


def upload(access: Access, path: str, *, length: int | None, has_pass: bool = True) -> tuple[int, bytes]:
    """Send a body as long as the server takes it; return how much was sent, and the first line of the answer."""
    here = access.address
    headers = [f"POST {path} HTTP/1.1", f"Host: {here.host}:{here.port}", f"Origin: {here.origin}"]
    headers += [f"Cookie: {access.cookie}={access.pass_}"] if has_pass else []
    headers += ["Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}", "", ""]
    piece = b"x" * PIECE if length is not None else b"%x\r\n%s\r\n" % (PIECE, b"x" * PIECE)
    sent = 0
    with socket.create_connection((here.host, here.port), timeout=60) as line:
        try:
            line.sendall("\r\n".join(headers).encode())
            while sent < UPLOAD:
                line.sendall(piece)
                sent += PIECE
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            return sent, line.recv(PIECE).split(b"\r\n")[0]
        except ConnectionResetError:  # the answer went under with what was not read
            return sent, b""


@pytest.mark.parametrize("length", [UPLOAD, None], ids=["said", "unsaid"])
@pytest.mark.parametrize(
    ("path", "has_pass", "status"),
    [("/reads", True, b"413"), ("/ignores", True, b""), ("/nothing", True, b""), ("/reads", False, b"403")],
)
def test_an_upload_that_does_not_end_is_refused_early(
    access: Access, path: str, has_pass: bool, status: bytes, length: int | None
):
    tracemalloc.start()
    sent, answer = upload(access, path, length=length, has_pass=has_pass)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent < LARGEST_BODY + IN_BUFFERS
    assert most < LARGEST_BODY + IN_BUFFERS
    assert status in answer or not answer


def test_an_upload_as_large_as_may_be_is_read(access: Access):
    with socket.create_connection((access.address.host, access.address.port), timeout=60) as line:
        headers = (
            f"POST /reads HTTP/1.1\r\nHost: {access.address.host}:{access.address.port}\r\n"
            f"Origin: {access.address.origin}\r\nCookie: {access.cookie}={access.pass_}\r\n"
            f"Content-Length: {LARGEST_BODY}\r\n\r\n"
        )
        line.sendall(headers.encode() + b"x=" + b"y" * (LARGEST_BODY - 2))
        assert line.recv(PIECE).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("field", ["loop", "question", "pillar", "style"])
def test_markup_in_a_choice_comes_back_as_text_or_not_at_all(open_server: OpenServer, field: str):
    client = open_server().client()
    reply = client.get("/interview", params={field: MARKUP})
    assert reply.status_code == 404
    assert MARKUP not in reply.text
    if field in ("loop", "question"):  # the others are no message
        with client.websocket_connect("/interview/line", headers=OWN) as line:
            page = PageOnALine(line, MARKUP, begins=True)
            page.say(type="start", choice={field: MARKUP})
            assert MARKUP in page.until("finished")["problem"]  # JSON, which the page shows as text


@pytest.mark.parametrize("path", ["/" + MARKUP, "/interview/" + MARKUP, "/recordings/" + MARKUP + "/" + MARKUP])
def test_markup_in_an_address_is_not_in_the_answer(open_server: OpenServer, path: str):
    reply = open_server().client().get(path, headers={"referer": f"{ORIGIN}/{MARKUP}", "user-agent": MARKUP})
    assert reply.status_code == 404
    assert "owned" not in reply.text


def test_no_script_of_ours_makes_markup_of_text():
    makers = r"(inner|outer|insertAdjacent)HTML|HTMLUnsafe|document\.write|ContextualFragment|DOMParser|srcdoc|\beval\b"
    for script in (FOLDER / "static").glob("*.js"):
        assert not re.findall(makers, script.read_text(encoding="utf-8")), script.name
