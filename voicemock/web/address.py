"""Addresses: where the server listens, and by which names a browser may call it."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from voicemock.errors import DeviceError, InputError
from voicemock.settings import LOCALHOST

USUAL_PORT: Final = 8420
"""A browser remembers the permission for the microphone by host and port, so the port stays the same where it can."""

_USUAL_PORTS: Final = {"http": 80, "https": 443}
_LOOPBACK_NAMES: Final = (LOCALHOST, "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is.

    Attributes:
        host: A name or an IP address, as a browser writes it, without brackets.
        port: 1 to 65535.
        is_encrypted: Whether it speaks TLS.
    """

    host: str
    port: int
    is_encrypted: bool = False

    @property
    def scheme(self) -> str:
        """The scheme of its pages."""
        return "https" if self.is_encrypted else "http"

    @property
    def origin(self) -> str:
        """The origin that is printed."""
        return f"{self.scheme}://{self._with_port(_in_url(self.host))}"

    @property
    def hosts(self) -> frozenset[str]:
        """The values of the header Host that a browser on the right page sends, in lower case."""
        names = _LOOPBACK_NAMES if is_loopback(self.host) else (_in_url(self.host),)
        return frozenset(self._with_port(name.lower()) for name in names)

    @property
    def origins(self) -> frozenset[str]:
        """The origins of its own pages."""
        return frozenset(f"{self.scheme}://{host}" for host in self.hosts)

    def _with_port(self, name: str) -> str:
        return name if self.port == _USUAL_PORTS[self.scheme] else f"{name}:{self.port}"


def is_loopback(host: str) -> bool:
    """Return whether only this machine can call a host."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_exposed(host: str, cert: Path | None, key: Path | None) -> None:
    """Refuse an address that other devices can reach without encryption, or that no name of this machine reaches.

    Raises:
        InputError: It is, or only one of certificate and key is given.
    """
    if (cert is None) != (key is None):
        raise InputError("--cert and --key go together: the certificate and its private key, as PEM files.")
    try:
        is_any = ip_address(host).is_unspecified
    except ValueError:
        is_any = False
    if is_any:
        raise InputError(
            f"--host {host} means every address of this machine, but the page must know which one it is opened under. "
            "Name that one: the machine's name, or its address on your network."
        )
    if not is_loopback(host) and cert is None:
        raise InputError(
            f"With --host {host}, every device on your network can open this page. Without encryption others could "
            "hear what you say, and no browser would give the page a microphone. Give a certificate for this name and "
            "its key: --cert FILE --key FILE. Without --host, only this machine is let in."
        )


def encryption(cert: Path, key: Path) -> ssl.SSLContext:
    """Return the server's side of TLS.

    Raises:
        InputError: A file cannot be used.
    """
    for path in (cert, key):
        if not path.is_file():
            raise InputError(f"{path} is not there. Give a certificate and its key without a password, as PEM.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key, password="")
    except (OSError, ssl.SSLError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{cert} and {key} cannot be used: {reason}. Give a certificate and its key without a password, as PEM."
        ) from error
    return context


def listening_socket(host: str, port: int | None) -> socket.socket:
    """Return a listening socket: on the usual port, or on any free one if that is taken and no port was given.

    Raises:
        DeviceError: The address or port cannot be used.
    """
    try:
        return _bound(host, USUAL_PORT if port is None else port)
    except OSError as error:
        if port is None:
            return _bound(host, 0)
        reason = error.strerror or error
        raise DeviceError(
            f"{host}, port {port}, cannot be used: {reason}. Leave --port out to take a free one."
        ) from error


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(place)
        opened.listen()  # whoever calls from now on waits until the server is ready
    except OSError:
        opened.close()
        raise
    return opened


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
