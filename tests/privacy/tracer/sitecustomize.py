"""Loaded by every Python that finds this folder on its path: notes what asks for a network, and lets none of it happen.

What is noted goes into the file that ``VOICEMOCK_NETWORK_LOG`` names, a line each.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ASKS_FOR_A_NETWORK = (
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
    "urllib.Request",
    "http.client.connect",
    "webbrowser.open",
)


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in ASKS_FOR_A_NETWORK:
        with Path(os.environ["VOICEMOCK_NETWORK_LOG"]).open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"{event} {arguments!r}\n")
        raise ConnectionRefusedError(f"{event} is not allowed here")


sys.addaudithook(refuse)
