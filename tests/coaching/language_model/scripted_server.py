"""A local server that sends scripted responses, byte by byte if needed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Handler", dict[str, Any]], None]


@dataclass
class ScriptedServer:
    """What was asked of it, and its address."""

    url: str = ""
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when the client has gone away before the answer."""


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the script."""

    script: Reply
    server_record: ScriptedServer

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def _answer(self, body: dict[str, Any]) -> None:
        self.server_record.requests.append((self.path, body))
        self.server_record.headers.append({name.casefold(): value for name, value in self.headers.items()})
        type(self).script(self, body)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *what: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(script: Reply) -> Iterator[ScriptedServer]:
    """Run a server for as long as the block lasts."""
    record = ScriptedServer()
    handler = type("ScriptedHandler", (Handler,), {"script": staticmethod(script), "server_record": record})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        record.url = f"http://localhost:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield record
        server.shutdown()
        thread.join()


def saying(content: Any) -> bytes:
    """A chat completion as OpenAI's servers send it."""
    return json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]}).encode()


def listing(*models: str) -> bytes:
    return json.dumps({"object": "list", "data": [{"id": model, "object": "model"} for model in models]}).encode()


def streaming(*pieces: str, ends: bool = True) -> bytes:
    """A chat completion as OpenAI's servers stream it, piece by piece."""
    events = [json.dumps({"choices": [{"index": 0, "delta": {"content": piece}}]}) for piece in pieces]
    return "".join(f"data: {event}\n\n" for event in [*events, *(["[DONE]"] if ends else [])]).encode()
