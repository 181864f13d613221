"""Addresses on this machine, and nothing else."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_PATH: Final = re.compile(r"[A-Za-z0-9._~/-]*")

LOCALHOST: Final = "127.0.0.1"
"""What ``localhost`` is taken for, so that no name is ever looked up."""


def loopback_url(text: str) -> str:
    """Return the base address of a server on this machine, put together anew from its checked parts.

    ``localhost`` becomes 127.0.0.1. Without a path it is ``/v1``, where servers like OpenAI's have theirs.

    Raises:
        ValueError: It is no http address, names another machine, or carries a password, a query or odd characters.
    """
    shown = text if text.isprintable() and len(text) <= 100 else "the address"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(f"{shown} is no address: {error}") from None
    if parts.scheme != "http":
        raise ValueError(f"{shown} must begin with http://, as in http://127.0.0.1:11434/v1")
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError(f"{shown} may hold a host, a port and a path, nothing else")
    if not text.isascii() or not _PATH.fullmatch(parts.path) or ".." in parts.path:
        raise ValueError(f"{shown} has characters that no path of a server needs")
    address = f"{_address(host, shown)}:{80 if port is None else port}"
    return f"http://{address}{parts.path.rstrip('/') or '/v1'}"


def _address(host: str, shown: str) -> str:
    """Return the address of a host of this machine as it stands in a URL."""
    if host == "localhost":
        return LOCALHOST
    try:
        address = ip_address(host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise ValueError(
            f"{shown} is not on this machine, and nothing that you say may leave it: use localhost or 127.0.0.1"
        )
    return f"[{address.compressed}]" if address.version == 6 else address.compressed
