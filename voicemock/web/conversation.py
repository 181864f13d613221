"""Conversations: what is said on the socket between a page and the stage."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from voicemock.errors import VoicemockError
from voicemock.web.line import Line
from voicemock.web.messages import Event, Hello, Message, MessageError, Start, read_block, read_message
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
    begins: bool
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
        visitor = Visitor(hello.tab, hello.begins, asyncio.Queue(), asyncio.get_running_loop())
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
    conversation = _Conversation(state.stage.get(), visitor)
    writing = asyncio.create_task(_write(socket, visitor))
    reading = asyncio.create_task(_read(socket, conversation))
    try:
        done, _ = await asyncio.wait((writing, reading), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (writing, reading):
            task.cancel()
        conversation.leave()
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


async def _read(socket: WebSocket, conversation: _Conversation) -> None:
    while (received := await socket.receive())["type"] != "websocket.disconnect":
        if (data := received.get("bytes")) is not None:
            conversation.hear(data)
        else:
            await conversation.take(read_message(received.get("text") or ""))


class _Conversation:
    """What a page says, handed to the interview that it is connected with.

    Args:
        stage: Holds the interviews.
        visitor: The page. One that is about to begin an interview is not shown the last one.
    """

    def __init__(self, stage: Stage, visitor: Visitor) -> None:
        self._stage = stage
        self._visitor = visitor
        self._line: Line | None = None
        self._page = 0
        if stage.line is not None and (stage.is_on or not visitor.begins):
            self._connect(stage.line)
        elif not visitor.begins:
            self._tell({"type": "idle"})

    def hear(self, data: bytes) -> None:
        """Take a block of sound."""
        if self._line is not None:
            self._line.take_block(read_block(data))

    async def take(self, message: Message) -> None:
        """Take a message."""
        if isinstance(message, Hello):
            raise MessageError("a second greeting")
        if isinstance(message, Start):
            await self._begin(message)
        elif self._line is not None:
            self._line.take(message)

    def leave(self) -> None:
        """Note that the page is gone."""
        if self._line is not None:
            self._line.detach(self._page)

    async def _begin(self, start: Start) -> None:
        """Begin an interview, unless one is going on."""
        try:
            begun = await asyncio.to_thread(self._stage.begin, start.choice)
        except VoicemockError as error:
            self._tell({"type": "finished", "problem": str(error), "session": "", "story": ""})
            return
        if begun is not None:
            self._connect(begun)

    def _connect(self, line: Line) -> None:
        self._line, self._page = line, line.attach(self._visitor.send)

    def _tell(self, event: Event) -> None:
        self._visitor.send(json.dumps(event))


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
