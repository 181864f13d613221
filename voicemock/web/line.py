"""The line between an interview, which runs on a thread of its own, and its page, which comes and goes.

What the page has to show is kept here, so that a page that is opened again shows the same. While no page is there, the
interview stands still; after a while it is told that the candidate has left.
"""

from __future__ import annotations

import json
import math
import time
from collections import deque
from collections.abc import Callable, Generator
from enum import Enum
from threading import Condition
from typing import Final, TypeVar

import numpy as np

from voicemock.errors import DeviceError
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.web.messages import Block, Event, Key, MicrophoneLost, MicrophoneReady, Played, Press, voice_message

GRACE_S: Final = 120.0
"""An interview waits this long for its page to come back: after a reload, a closed tab, a broken connection."""
MOST_BLOCKS: Final = 1 << 13
"""Most blocks that wait to be taken: six minutes of sound."""
_QUIET_SAMPLES: Final = LISTENING_RATE // 10

Send = Callable[[str | bytes], None]
"""Sends a message to the page; called on any thread, and returns at once."""
Found = TypeVar("Found")


class ServerStoppingError(KeyboardInterrupt):
    """The server is stopping. The interview ends as with Ctrl-C: what was recorded is kept."""


class PageGoneError(DeviceError):
    """The page was closed and did not come back."""

    def __init__(self) -> None:
        super().__init__("The page was closed and did not come back.")


class Keep(Enum):
    """For how long an event is shown."""

    NOT = "only now"
    LATEST = "until the next of its type"
    ALL = "as long as the interview"


class Line:
    """The line of one interview.

    Args:
        grace_s: Seconds without a page after which the candidate counts as gone.
        now: A clock in seconds.

    Attributes:
        microphone: Display name of the page's microphone.
        lost_blocks: How often blocks of sound are missing.
    """

    def __init__(self, grace_s: float = GRACE_S, now: Callable[[], float] = time.monotonic) -> None:
        self.microphone = "the browser's microphone"
        self.lost_blocks = 0
        self._grace_s = grace_s
        self._now = now
        self._changed = Condition()
        self._send: Send | None = None
        self._page = 0
        self._gone_at: float | None = now()
        self._is_stopping = False
        self._shown: dict[str, str] = {}
        self._told = 0
        self._keys: deque[Key] = deque()
        self._stretch = 0
        self._is_listening = False
        self._blocks: deque[Block] = deque()
        self._awaited = 0
        self._is_microphone_lost = False
        self._clip = 0
        self._playing: AudioClip | None = None
        self._played = 0

    # --- the page's side: on the server's thread -----------------------------------------------------------------

    def attach(self, send: Send) -> int:
        """Connect a page in place of any other, show it everything, and return its number."""
        with self._changed:
            self._page += 1
            self._send, self._gone_at = send, None
            for event in self._shown.values():
                send(event)
            send(_json({"type": "shown"}))
            if self._is_listening:
                send(_json(self._listen_event()))
            if self._playing is not None:
                self._send_clip(self._playing)
            self._changed.notify_all()
            return self._page

    def detach(self, page: int) -> None:
        """Note that a page is gone, unless another has taken its place."""
        with self._changed:
            if page == self._page and self._send is not None:
                self._send, self._gone_at = None, self._now()
                self._changed.notify_all()

    def take(self, message: MicrophoneReady | MicrophoneLost | Press | Played) -> None:
        """Take a message of the page."""
        with self._changed:
            match message:
                case MicrophoneReady(name=name):
                    self.microphone, self._is_microphone_lost = name or self.microphone, False
                case MicrophoneLost():
                    self._is_microphone_lost = True
                case Press(command=command):
                    self._keys.append(command)
                case Played(clip=clip):
                    self._played = max(self._played, clip)
            self._changed.notify_all()

    def take_block(self, block: Block) -> None:
        """Take sound from the page's microphone. Sound of an earlier stretch, or that arrived before, is dropped."""
        with self._changed:
            if not self._is_listening or block.stretch != self._stretch or block.sequence < self._awaited:
                return
            if block.sequence > self._awaited or len(self._blocks) >= MOST_BLOCKS:
                self.lost_blocks += 1
            if len(self._blocks) < MOST_BLOCKS:
                self._blocks.append(block)
            self._awaited = block.sequence + 1
            self._changed.notify_all()

    def stop(self) -> None:
        """End the interview at its next wait: the server ends."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()

    @property
    def is_attached(self) -> bool:
        """Return whether a page is there."""
        return self._send is not None

    # --- the interview's side: on its own thread -----------------------------------------------------------------

    def tell(self, event: Event, keep: Keep = Keep.NOT) -> None:
        """Show an event on the page, now and when it is opened again."""
        text = _json(event)
        with self._changed:
            if keep is not Keep.NOT:
                self._told += 1
                key = str(event["type"]) if keep is Keep.LATEST else str(self._told)
                self._shown.pop(key, None)
                self._shown[key] = text
            if self._send is not None:
                self._send(text)

    def pressed(self) -> list[Key]:
        """Return the keys pressed since the last call."""
        with self._changed:
            pressed = list(self._keys)
            self._keys.clear()
            return pressed

    def listen(self) -> Generator[Block, None, None]:
        """Yield the blocks of one stretch of listening until it is closed.

        A key pressed while there is no sound yields a moment of silence, so that it takes effect.

        Raises:
            DeviceError: The microphone went away, or the page did not come back.
            ServerStoppingError: The server ends.
        """
        with self._changed:
            self._stretch += 1
            self._is_listening, self._awaited = True, 0
            self._blocks.clear()
            self._tell_now(self._listen_event())
        try:
            while True:
                yield self._wait_for(self._next_block)
        finally:
            with self._changed:
                self._is_listening = False
                self._tell_now({"type": "hush"})

    def play(self, clip: AudioClip, is_skipped: Callable[[], bool]) -> None:
        """Play a clip on the page, and return after its last sound, or when the rest is skipped.

        A page that is opened again meanwhile plays it from the beginning.

        Raises:
            PageGoneError: The page did not come back.
            ServerStoppingError: The server ends.
        """
        with self._changed:
            self._clip += 1
            number, self._playing = self._clip, clip
            self._send_clip(clip)

        def is_over() -> str | None:
            if self._played >= number:
                return "played"
            return "skipped" if is_skipped() else None

        try:
            outcome = self._wait_for(is_over)
        finally:
            with self._changed:
                self._playing = None
        if outcome == "skipped":
            self._tell_now({"type": "silence"})

    def wait_for_choice(self) -> bool:
        """Wait until the page has a microphone again; return False if the candidate ends the interview instead.

        Raises:
            PageGoneError: The page did not come back.
            ServerStoppingError: The server ends.
        """

        def choice() -> bool | None:
            if "quit" in self.pressed():
                return False
            return None if self._is_microphone_lost else True

        return self._wait_for(choice)

    def wait_for_key(self, *keys: Key, within_s: float = math.inf) -> Key | None:
        """Return the first of these keys that is pressed from now on; None if none is within some seconds.

        Raises:
            PageGoneError: The page did not come back.
            ServerStoppingError: The server ends.
        """
        until = self._now() + within_s

        def outcome() -> tuple[Key | None] | None:
            found = next((each for each in self.pressed() if each in keys), None)
            return (found,) if found is not None or self._now() >= until else None

        return self._wait_for(outcome, until)[0]

    # --- both ----------------------------------------------------------------------------------------------------

    def _wait_for(self, look: Callable[[], Found | None], until: float = math.inf) -> Found:
        """Return what ``look`` finds; it is called again whenever anything has changed, and at a moment."""
        with self._changed:
            while True:
                if self._is_stopping:
                    raise ServerStoppingError
                if (found := look()) is not None:
                    return found
                now = self._now()
                gone_s = math.inf if self._gone_at is None else self._gone_at + self._grace_s - now
                if gone_s <= 0:
                    raise PageGoneError
                left_s = min(gone_s, until - now)
                self._changed.wait(None if math.isinf(left_s) else max(0.0, left_s))

    def _next_block(self) -> Block | None:
        if self._blocks:
            return self._blocks.popleft()
        if self._is_microphone_lost:
            raise DeviceError(f"{self.microphone} was disconnected.")
        if self._keys:
            return Block(self._stretch, self._awaited, LISTENING_RATE, np.zeros(_QUIET_SAMPLES, np.float32))
        return None

    def _listen_event(self) -> Event:
        return {"type": "listen", "stretch": self._stretch, "from": self._awaited}

    def _send_clip(self, clip: AudioClip) -> None:
        if self._send is not None:
            self._send(_json({"type": "voice", "clip": self._clip, "duration_s": round(clip.duration_s, 2)}))
            self._send(voice_message(self._clip, clip))

    def _tell_now(self, event: Event) -> None:
        with self._changed:
            if self._send is not None:
                self._send(_json(event))


def _json(event: Event) -> str:
    return json.dumps(event, ensure_ascii=False, allow_nan=False)
