"""The pages: only for the browser with the printed address, and with everything that was said shown as text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.web.conftest import OpenServer
from tests.web.stages import HOST, ORIGIN, OWN
from voicemock.web.app import VIEWS
from voicemock.web.guard import LARGEST_BODY
from voicemock.web.pages import FOLDER

PATHS = ("/", "/interview", "/static/interview.js", "/static/page.css", "/recordings/a/answer-01.flac", "/nothing")


def test_the_printed_address_is_exchanged_for_a_cookie(open_server: OpenServer):
    client = open_server().client(has_pass=False)
    first = client.get("/?token=the-token")
    assert (first.status_code, first.headers["location"]) == (303, "/")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "the-token" not in cookie
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example:8420"}, {"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}],
)
def test_nothing_is_given_to_another_page(open_server: OpenServer, path: str, headers: dict[str, str]):
    refused = open_server().client().get(path, headers=headers)
    assert refused.status_code == 403
    assert refused.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_given_without_the_cookie(open_server: OpenServer, path: str):
    refused = open_server().client(has_pass=False).get(path)
    assert refused.status_code == 403
    assert "Open the address that voicemock serve printed" in refused.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_no_other_page_may_write_and_none_is_told_that_it_could(open_server: OpenServer, method: str):
    asked = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    refused = open_server().client().request(method, "/", headers=asked)
    assert refused.status_code == 403
    assert not [name for name in refused.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example:8420", "origin": "http://evil.example:8420"},
        {"host": HOST, "origin": "http://evil.example"},
        {"host": HOST, "origin": "http://127.0.0.1:3000"},
        {"host": HOST},
        {"host": HOST, "origin": ORIGIN, "sec-fetch-site": "cross-site"},
    ],
)
def test_no_other_page_opens_the_socket(open_server: OpenServer, headers: dict[str, str]):
    with (
        pytest.raises(WebSocketDisconnect),
        open_server().client().websocket_connect("/interview/line", headers=headers),
    ):
        pass


def test_no_socket_without_the_cookie(open_server: OpenServer):
    client = open_server().client(has_pass=False)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/interview/line", headers=OWN):
        pass
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/interview/line?token=the-token", headers=OWN),
    ):
        pass


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_sealed(open_server: OpenServer, path: str):
    headers = open_server().client().get(path).headers
    assert "script-src 'self';" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/interview",
        "/interview?loop=amazon",
        "/interview?question=failed-program",
        "/interview?story=x",
        "/jobs",
        "/jobs/new",
        "/log",
        "/log/new",
        "/questions",
        "/questions/new",
        "/questions/id/failed-program",
    ],
)
def test_a_page_has_no_inline_script_and_no_style_of_its_own(open_server: OpenServer, path: str):
    html = open_server().client().get(path).text
    assert not re.findall(r"<script(?![^>]*\bsrc=\"/static/)", html)
    assert not re.findall(r"<style|\sstyle=|\son\w+=|javascript:|https?:", html)


@pytest.mark.parametrize(
    "query",
    [
        "loop=nowhere",
        "question=none",
        "pillar=gardening",
        "count=0",
        "count=x",
        "style=rude",
        "more=1",
        'loop="><script>alert(1)</script>',
    ],
)
def test_what_cannot_be_practiced_is_not_found(open_server: OpenServer, query: str):
    reply = open_server().client().get(f"/interview?{query}")
    assert reply.status_code == 404
    assert "There is no such interview." in reply.text
    assert "alert" not in reply.text


@pytest.mark.parametrize(
    "sent", [{"content": b"x" * (LARGEST_BODY + 1)}, {"headers": {"content-length": "1000000000"}}]
)
def test_a_large_body_is_refused(open_server: OpenServer, sent: dict[str, Any]):
    headers = {"origin": ORIGIN, **sent.get("headers", {})}
    assert open_server().client().post("/", headers=headers, content=sent.get("content")).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/recordings/../voicemock.db",
        "/recordings/%2e%2e/voicemock.db",
        "/recordings/s/..%2f..%2fvoicemock.db",
        "/recordings/s/answer-01.recording.wav",
        "/recordings/s/review.html",
        "/recordings/s/answer-02.flac",
        "/recordings/link/answer-01.flac",
        "/recordings/s/answer-03.flac",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
    ],
)
def test_only_recordings_are_sent(open_server: OpenServer, path: str):
    server = open_server()
    sessions: Path = server.settings.data_dir / "sessions"
    (sessions / "s").mkdir(parents=True)
    for name in ("answer-01.flac", "answer-01.recording.wav", "review.html"):
        (sessions / "s" / name).write_bytes(b"sound")
    (sessions / "s" / "answer-03.flac").symlink_to(sessions / "s" / "review.html")
    (sessions / "link").symlink_to(sessions / "s")
    assert server.client().get(path).status_code == 404
    found = server.client().get("/recordings/s/answer-01.flac", headers={"range": "bytes=1-2"})
    assert (found.status_code, found.content, found.headers["content-type"]) == (206, b"ou", "audio/flac")


def test_every_view_is_listed_and_every_file_is_served(open_server: OpenServer):
    client = open_server().client()
    views = {path.stem for path in (FOLDER / "views").glob("*.py")} - {"__init__"}
    assert {"practice", *VIEWS} == views
    for file in (FOLDER / "static").iterdir():
        assert client.get(f"/static/{file.name}").status_code == 200
