"""The server: runs the application until the program is told to end, and ends with everything kept."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.types import ASGIApp

from voicemock.content.questions import QuestionBank
from voicemock.settings import Settings
from voicemock.store.store import Store
from voicemock.web.address import Address, encryption, listening_socket, refuse_exposed
from voicemock.web.app import create_app
from voicemock.web.guard import Access
from voicemock.web.late import Late, imported

if TYPE_CHECKING:
    from voicemock.web.stage import Stage

LARGEST_MESSAGE: Final = 1 << 19
"""Bytes of a message on a socket. A block of the microphone has 8 KB."""
CLOSED_WITHIN_S: Final = 2
"""Seconds that open connections get at the end."""
ASKED_EVERY_S: Final = 0.5


@contextmanager
def serving(
    settings: Settings,
    *,
    host: str,
    port: int | None = None,
    cert: Path | None = None,
    key: Path | None = None,
    new_stage: Callable[[Settings, QuestionBank], Stage] | None = None,
) -> Iterator[tuple[Access, Callable[[], None]]]:
    """Serve while the block runs; then end the interview, with everything kept.

    Yields what opens the server, and a function that waits until it ends by itself, which it does only when it fails.

    Raises:
        InputError: The host needs encryption, or the certificate cannot be used.
        DeviceError: The address cannot be used.
        StorageError: The data folder cannot be used.
    """
    refuse_exposed(host, cert, key)
    context = encryption(cert, key) if cert and key else None
    Store(settings.data_dir).close()  # a folder that cannot be used is told now
    with listening_socket(host, port) as listening:
        access = Access(Address(host, listening.getsockname()[1], is_encrypted=context is not None))
        bank = QuestionBank.load()
        stage = Late(lambda: (new_stage or imported("stage:Stage"))(settings, bank))
        ready, over = threading.Event(), threading.Event()
        server = uvicorn.Server(_config(create_app(access, settings, bank, stage, ready.set), context))
        thread = threading.Thread(target=_run, args=(server, listening, over), name="server")
        thread.start()
        try:
            while not (over.is_set() or ready.wait(ASKED_EVERY_S)):
                pass
            yield access, lambda: _wait_for(over)
        finally:
            if stage.is_made:
                stage.get().stop()
            server.should_exit = True
            thread.join()


def _run(server: uvicorn.Server, listening: socket.socket, over: threading.Event) -> None:
    try:
        server.run([listening])
    finally:
        over.set()


def _wait_for(over: threading.Event) -> None:
    """Wait for the end in parts, so that a signal is heeded on every system.

    Not by joining the thread: up to Python 3.12 a signal in the middle of that makes a running thread count as ended.
    """
    while not over.wait(ASKED_EVERY_S):
        pass


def _config(app: ASGIApp, context: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=CLOSED_WITHIN_S,
        ssl_context_factory=None if context is None else (lambda _config, _default: context),
    )
