"""Conversations: what is said on the socket between a page and the stage."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from voicemock.errors import UnknownNameError
from voicemock.web.line import Line
from voicemock.web.messages import Event, Hello, MessageError, Start, read_block, read_message
from voicemock.web.stage import Stage

BUSY: Final = 4001
"""Close code: the interview is open in another tab."""
TAKEN_OVER: Final = 4002
"""Close code: another tab has taken the interview over."""
NOT_UNDERSTOOD: Final = 1008

Outgoing = asyncio.Queue[str | bytes | None]


@dataclass(slots=True, eq=False)
class Visitor:
    """The tab that has the interview."""

    tab: str
    outgoing: Outgoing
    loop: asyncio.AbstractEventLoop
    is_taken_over: bool = False

    def send(self, message: str | bytes | None) -> None:
        """Send a message, or None to close; called on any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.outgoing.put_nowait, message)


async def converse(socket: WebSocket) -> None:
    """Connect a page with the interview, until it goes away."""
    await socket.accept()
    try:
        hello = await _greeting(socket)
        visitor = Visitor(hello.tab, asyncio.Queue(), asyncio.get_running_loop())
        if not _admit(socket, visitor, takes_over=hello.takes_over):
            await _say(socket, {"type": "busy"})
            await socket.close(BUSY)
            return
        await _serve(socket, visitor)
    except MessageError as error:
        await socket.close(NOT_UNDERSTOOD, str(error)[:100])
    except WebSocketDisconnect:
        pass


def _admit(socket: WebSocket, visitor: Visitor, *, takes_over: bool) -> bool:
    """Give a tab the interview, unless another tab has it and this one does not take it over."""
    state = socket.app.state
    present: Visitor | None = state.visitor
    if present is not None and present.tab != visitor.tab and not takes_over:
        return False
    if present is not None:
        present.is_taken_over = True
        present.send(None)
    state.visitor = visitor
    return True


async def _serve(socket: WebSocket, visitor: Visitor) -> None:
    """Carry messages both ways until the page is gone or another tab has taken over."""
    state = socket.app.state
    writing = asyncio.create_task(_write(socket, visitor))
    reading = asyncio.create_task(_read(socket, visitor))
    try:
        done, _ = await asyncio.wait((writing, reading), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (writing, reading):
            task.cancel()
        if state.visitor is visitor:
            state.visitor = None
    for task in done:
        task.result()


async def _write(socket: WebSocket, visitor: Visitor) -> None:
    while (message := await visitor.outgoing.get()) is not None:
        if isinstance(message, str):
            await socket.send_text(message)
        else:
            await socket.send_bytes(message)
    await _say(socket, {"type": "taken_over"})
    await socket.close(TAKEN_OVER)


async def _read(socket: WebSocket, visitor: Visitor) -> None:
    stage: Stage = socket.app.state.stage
    line, page = stage.line, 0
    if line is not None:
        page = line.attach(visitor.send)
    else:
        visitor.send(json.dumps({"type": "idle"}))
    try:
        while True:
            received = await socket.receive()
            if received["type"] == "websocket.disconnect":
                return
            if (data := received.get("bytes")) is not None:
                if line is not None:
                    line.take_block(read_block(data))
                continue
            message = read_message(received.get("text") or "")
            if isinstance(message, Start):
                line, page = await _begin(stage, message, visitor, line, page)
            elif isinstance(message, Hello):
                raise MessageError("a second greeting")
            elif line is not None:
                line.take(message)
    finally:
        if line is not None:
            line.detach(page)


async def _begin(stage: Stage, start: Start, visitor: Visitor, line: Line | None, page: int) -> tuple[Line | None, int]:
    """Begin an interview and return its line; the present one if there is one, or if there is no such question."""
    try:
        begun = await asyncio.to_thread(stage.begin, start.choice)
    except UnknownNameError as error:
        visitor.send(json.dumps({"type": "finished", "problem": str(error), "session": ""}))
        return line, page
    if begun is None:
        return line, page
    return begun, begun.attach(visitor.send)


async def _greeting(socket: WebSocket) -> Hello:
    received = await socket.receive()
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect
    hello = read_message(received.get("text") or "")
    if not isinstance(hello, Hello):
        raise MessageError("the first message is no greeting")
    return hello


async def _say(socket: WebSocket, event: Event) -> None:
    await socket.send_text(json.dumps(event))
