"""The socket that a field is dictated through: sound comes in, words go back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from queue import Queue
from typing import Any, Final

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from voicemock.errors import VoicemockError
from voicemock.settings import Settings
from voicemock.speech.engines import load_detector, transcriber_loader
from voicemock.speech.transcription import TranscriptionWorker
from voicemock.web.dictation import frames_of_blocks, write_down
from voicemock.web.messages import Block, Event, MessageError, read_block
from voicemock.web.stage import NO_MEMORY, Stage

INTERVIEW_ON: Final = "An interview is in progress. Dictate when it is over."
ALREADY: Final = "Another field is being dictated, perhaps in another tab. Stop it there first."
NOTHING_HEARD: Final = "Nothing was heard, so nothing was written down."
NOT_UNDERSTOOD: Final = 1008

Blocks = Queue[Block | None]
"""None ends it."""


def routes() -> list[BaseRoute]:
    """Return the routes of this view."""
    return [WebSocketRoute("/dictation", dictate)]


async def dictate(socket: WebSocket) -> None:
    """Write down what is said into a page's microphone until the page says that it is over."""
    await socket.accept()
    state = socket.app.state
    stage: Stage = state.stage.get()
    in_the_way = INTERVIEW_ON if stage.is_on else ALREADY if getattr(state, "is_dictating", False) else ""
    if in_the_way:
        await _tell(socket, {"type": "problem", "text": in_the_way})
        await socket.close()
        return
    state.is_dictating = True
    try:
        await _dictate(socket, state.settings)
    except MessageError as error:
        await socket.close(NOT_UNDERSTOOD, str(error)[:100])
    except WebSocketDisconnect:
        pass  # the page is gone, and with it the field
    finally:
        state.is_dictating = False


async def _dictate(socket: WebSocket, settings: Settings) -> None:
    blocks: Blocks = Queue()
    loop = asyncio.get_running_loop()
    outgoing: asyncio.Queue[Event | None] = asyncio.Queue()

    def tell(event: Event | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(outgoing.put_nowait, event)

    reading = asyncio.create_task(_read(socket, blocks))
    writing = asyncio.create_task(_write(socket, outgoing))
    working = loop.run_in_executor(None, _work, settings, blocks, tell)
    try:
        await asyncio.wait((reading, writing), return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            reading.result()  # raises what is in the way
        await writing
        await socket.close()
    finally:
        blocks.put(None)
        for task in (reading, writing):
            task.cancel()
        await working


async def _read(socket: WebSocket, blocks: Blocks) -> None:
    """Take sound until the page says that it is over.

    Raises:
        MessageError: It says something else.
        WebSocketDisconnect: It is gone.
    """
    while True:
        received = await socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect
        if (data := received.get("bytes")) is not None:
            blocks.put(read_block(data))
        elif received.get("text") == "stop":
            blocks.put(None)
            return
        else:
            raise MessageError("neither sound nor its end")


async def _write(socket: WebSocket, outgoing: asyncio.Queue[Event | None]) -> None:
    while (event := await outgoing.get()) is not None:
        await _tell(socket, event)


def _work(settings: Settings, blocks: Blocks, tell: Callable[[Event | None], None]) -> None:
    """Write down what is said, on a thread of its own, and say how it ended."""
    try:
        with TranscriptionWorker(transcriber_loader(settings)) as worker:
            transcript = write_down(
                frames_of_blocks(_until_none(blocks)),
                load_detector(settings),
                worker,
                settings.language,
                lambda text: tell({"type": "words", "text": text}),
            )
        ended: Event = {"type": "done", "text": transcript.text, "notice": "" if transcript.text else NOTHING_HEARD}
    except VoicemockError as error:
        ended = {"type": "problem", "text": str(error)}
    except MemoryError:
        ended = {"type": "problem", "text": NO_MEMORY}
    tell(ended)
    tell(None)


def _until_none(blocks: Blocks) -> Iterator[Block]:
    while (block := blocks.get()) is not None:
        yield block


async def _tell(socket: WebSocket, event: dict[str, Any]) -> None:
    await socket.send_text(json.dumps(event))
