"""The guard: lets in only the browser that has the printed address, from the page's own origin.

A page of somebody else can reach 127.0.0.1 from the user's browser, and DNS rebinding lets it do so under its own name.
So the name that was called (Host), the page that calls (Origin, Sec-Fetch-Site) and the browser itself (a cookie, given
for the token in the printed address) are each checked, on every request and on every socket.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voicemock.web.address import Address

LARGEST_BODY: Final = 1 << 20
"""Bytes of a request, unless its path has its own limit."""
_MOST_DIGITS: Final = 18
"""Most digits of a length. Python refuses to read numbers with thousands of digits."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Access:
    """What opens this server. Both secrets are new with every start.

    Attributes:
        address: Where it is.
        token: Stands in the printed address.
        pass_: The value of the cookie that the token is exchanged for.
    """

    address: Address
    token: str = field(default_factory=_secret, repr=False)
    pass_: str = field(default_factory=_secret, repr=False)

    @property
    def cookie(self) -> str:
        """Name of the cookie. Cookies are shared by all ports of a host, so the port is in it."""
        return f"voicemock-{self.address.port}"

    @property
    def url(self) -> str:
        """The address to open."""
        return f"{self.address.origin}/?token={self.token}"


class Verdict(Enum):
    """Decision about a request."""

    LET_IN = "let in"
    INVITED = "the printed address was opened"
    WRONG_HOST = "This page was opened under a name that is not its own."
    WRONG_ORIGIN = "Another page may not call this one."
    UNKNOWN = "Open the address that voicemock serve printed: it holds a token that lets this browser in."


@dataclass(frozen=True, slots=True)
class Knock:
    """What a request says about where it comes from. None stands for a header that is missing."""

    method: str
    """"WEBSOCKET" for a socket."""
    host: str | None = None
    origin: str | None = None
    site: str | None = None
    """Sec-Fetch-Site."""
    token: str | None = None
    passed: str | None = None
    """Value of the cookie."""

    @classmethod
    def of(cls, scope: Scope, cookie: str) -> Knock:
        """Read it from an ASGI scope. A header that comes twice counts as one that is missing."""
        headers = Headers(scope=scope)

        def only(name: str) -> str | None:
            values = headers.getlist(name)
            return values[0] if len(values) == 1 else None

        tokens = [value for key, value in parse_qsl(scope["query_string"].decode("latin-1")) if key == "token"]
        return cls(
            method="WEBSOCKET" if scope["type"] == "websocket" else scope["method"],
            host=only("host"),
            origin=only("origin"),
            site=only("sec-fetch-site"),
            token=tokens[0] if len(tokens) == 1 else None,
            passed=_cookie(headers.get("cookie", ""), cookie),
        )


def verdict_on(knock: Knock, access: Access) -> Verdict:
    """Return the decision about a request."""
    if knock.host is None or knock.host.lower() not in access.address.hosts:
        return Verdict.WRONG_HOST
    needs_origin = knock.method not in SAFE_METHODS
    if (knock.origin is not None or needs_origin) and knock.origin not in access.address.origins:
        return Verdict.WRONG_ORIGIN
    if (
        knock.token is not None
        and knock.method == "GET"
        and hmac.compare_digest(knock.token.encode(), access.token.encode())
    ):
        return Verdict.INVITED
    if knock.site not in (None, "same-origin", "none"):
        return Verdict.WRONG_ORIGIN
    if knock.passed is None or not hmac.compare_digest(knock.passed.encode(), access.pass_.encode()):
        return Verdict.UNKNOWN
    return Verdict.LET_IN


def security_headers(host: str, *, is_encrypted: bool) -> dict[str, str]:
    """Return the headers of every answer; ``host`` is the checked header Host of the request."""
    socket = f"{'wss' if is_encrypted else 'ws'}://{host}"  # Safari does not count sockets as 'self'
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "media-src": "'self'",
        "connect-src": f"'self' {socket}",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{directive} {sources}" for directive, sources in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), display-capture=()",
        "Referrer-Policy": "same-origin",  # with "no-referrer" a browser calls the origin of a form "null"
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
    }


class Guard:
    """The ASGI middleware that carries the verdicts out, and limits bodies.

    A view may set a header of its own in place of one of ``security_headers``.

    Args:
        app: What is guarded.
        access: What opens it.
        largest: Returns the bytes of a request to paths that take more, or less, than ``LARGEST_BODY``.
    """

    def __init__(self, app: ASGIApp, access: Access, largest: Callable[[], Mapping[str, int]] = dict) -> None:
        self._app = app
        self._access = access
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        verdict = verdict_on(Knock.of(scope, self._access.cookie), self._access)
        if scope["type"] == "websocket":
            if verdict is Verdict.LET_IN:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008, "reason": verdict.value})
            return
        host = Headers(scope=scope).get("host", "") if verdict is not Verdict.WRONG_HOST else ""
        largest = self._most_of(scope)
        body = _Body(scope, receive, largest)
        headers = security_headers(host, is_encrypted=self._access.address.is_encrypted)
        guarded = _with_headers(send, headers, body)
        if verdict is Verdict.LET_IN and body.is_within:
            await self._app(scope, body.receive, guarded)
        else:
            await self._reply(verdict, largest)(scope, body.receive, guarded)

    def _most_of(self, scope: Scope) -> int:
        """Return how many bytes a request may have. What is only read asks no view."""
        return LARGEST_BODY if scope["method"] in SAFE_METHODS else self._largest().get(scope["path"], LARGEST_BODY)

    def _reply(self, verdict: Verdict, largest: int) -> Response:
        if verdict is Verdict.LET_IN:
            return PlainTextResponse(f"More than {largest / 1e6:.0f} MB cannot be sent here.", 413)
        if verdict is not Verdict.INVITED:
            return PlainTextResponse(verdict.value, 403)
        reply = RedirectResponse("/", 303)
        reply.set_cookie(
            self._access.cookie,
            self._access.pass_,
            httponly=True,
            samesite="strict",
            secure=self._access.address.is_encrypted,
        )
        return reply


class TooLargeError(Exception):
    """A body is larger than announced, or larger than allowed."""


class _Body:
    """The body of a request, of which no more is read than may be.

    Args:
        scope: Of the request.
        receive: Gives its pieces.
        largest: Bytes that it may have.

    Attributes:
        is_within: Whether its length may be, or is not told.
        is_left: Whether there is more of it.
    """

    def __init__(self, scope: Scope, receive: Receive, largest: int) -> None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        self.is_within = (
            length.isascii() and length.isdecimal() and len(length) <= _MOST_DIGITS and int(length) <= largest
        )
        self.is_left = length != "0" or "transfer-encoding" in headers
        self._largest = largest
        self._receive = receive
        self._taken = 0

    async def receive(self) -> Message:
        """Return its next piece; raise TooLargeError once a body without a length is too long."""
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > self._largest:
            raise TooLargeError
        self.is_left = message.get("more_body", False)
        return message


def _with_headers(send: Send, headers: dict[str, str], body: _Body) -> Send:
    """Return a send that adds headers, and ends the connection if the answer comes before the end of the body.

    Otherwise the server would read the rest, however long it is, to keep the connection.
    """

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent = MutableHeaders(scope=message)
            for name, value in headers.items():
                sent.setdefault(name, value)
            if body.is_left:
                sent["Connection"] = "close"
        await send(message)

    return guarded


def _cookie(header: str, name: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None
