"""A server whose interviews are scripted: its devices are a page, its ears and voice are fakes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketTestSession

from tests.fakes import Script, ScriptedSynthesizer
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import Style
from voicemock.interview.agenda import Agenda
from voicemock.interview.answer_store import AnswerStore
from voicemock.interview.exchange import Responder
from voicemock.interview.interview import Interview
from voicemock.interview.listener import Listener
from voicemock.interview.room import Devices, Room, Screen
from voicemock.models import Story
from voicemock.settings import Settings, load_settings
from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE
from voicemock.speech.narrator import Narrator
from voicemock.speech.transcription import TranscriptionWorker
from voicemock.store.store import Store
from voicemock.web.address import Address
from voicemock.web.app import create_app
from voicemock.web.guard import Access
from voicemock.web.late import Late
from voicemock.web.line import Line
from voicemock.web.messages import MICROPHONE_HEADER
from voicemock.web.stage import Stage

HOST = "127.0.0.1:8420"
ORIGIN = f"http://{HOST}"
OWN = {"host": HOST, "origin": ORIGIN, "sec-fetch-site": "same-origin"}


class Server:
    """A server for one test.

    Args:
        folder: Of the test.
        script: What the candidate says.
        grace_s: How long an interview waits for its page.
        before: Called by an interview's thread before it begins.
        rate_yourself: The setting.
        settings: More of them.
    """

    def __init__(
        self,
        folder: Path,
        script: Script | None = None,
        *,
        grace_s: float = 60.0,
        opened: Event | None = None,
        rate_yourself: bool = False,
        **settings: Any,
    ) -> None:
        self.script = script or Script()
        self.settings = load_settings(
            data_dir=folder / "data", vad="webrtc", echo_holdoff_s=0.0, rate_yourself=rate_yourself, **settings
        )
        self.bank = QuestionBank.load()
        self.voice = ScriptedSynthesizer()
        self.access = Access(Address("127.0.0.1", 8420), token="the-token", pass_="the-pass")
        self.stage = Stage(self.settings, self.bank, opens=self._open, new_line=lambda: Line(grace_s))
        self.app: Starlette = create_app(self.access, self.settings, self.bank, Late(lambda: self.stage))
        self._opened = opened

    @contextmanager
    def _open(
        self,
        settings: Settings,
        *,
        agenda: Agenda,
        bank: QuestionBank,
        style: Style,
        screen: Screen,
        devices: Devices,
        topics: frozenset[str] = frozenset(),
        story: Story | None = None,
    ) -> Iterator[Interview]:
        if self._opened is not None:
            self._opened.wait()
        with Store(settings.data_dir) as store, TranscriptionWorker(self.script.transcriber) as worker:
            narrator = Narrator(self.voice, devices.open_speaker())
            room = Room(devices.open_microphone(), devices, narrator, screen)
            answer_store = AnswerStore(store, Analyzer(settings, bank), screen, story.framework if story else None)
            yield Interview(
                agenda=agenda,
                room=room,
                listener=Listener(room, answer_store, worker, settings, style),
                answer_store=answer_store,
                responder=Responder(agenda, style, topics=topics),
                bank=bank,
                story=story,
                rates_self=settings.rate_yourself,
            )

    def client(self, *, has_pass: bool = True) -> TestClient:
        """A browser, with the cookie or without."""
        cookies = {self.access.cookie: self.access.pass_} if has_pass else {}
        return TestClient(self.app, base_url=ORIGIN, cookies=cookies, follow_redirects=False)

    @property
    def statuses(self) -> list[str]:
        """How the kept answers ended."""
        with Store(self.settings.data_dir) as store:
            return [answer.status for answer in store.sessions.answers(store.sessions.find("last"))]


class PageOnALine:
    """A page at the other end of a socket, which plays every clip at once."""

    def __init__(self, socket: WebSocketTestSession, tab: str = "tab", **hello: bool) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []
        self.stretch, self.sequence, self.position = 0, 0, 0
        self.say(type="hello", tab=tab, **hello)

    def say(self, **message: Any) -> None:
        self.socket.send_text(json.dumps(message))

    def until(self, kind: str, **values: Any) -> dict[str, Any]:
        """Take messages up to an event of this type with these values, and return it."""
        while True:
            received = self.socket.receive()
            if received["type"] == "websocket.close":
                raise AssertionError(f"closed with {received['code']} before {kind}: {self.events[-3:]}")
            if received.get("bytes") is not None:
                self.say(type="played", clip=int.from_bytes(received["bytes"][:4], "little"))
                continue
            event = json.loads(received["text"])
            self.events.append(event)
            if event["type"] == "listen":
                self.stretch, self.sequence = event["stretch"], event["from"]
            if event["type"] == kind and values.items() <= event.items():
                return event

    def speak(self, script: Script, upto_s: float | None = None) -> None:
        """Send sound of a script from where the last listening stopped."""
        samples = script.samples
        end = len(samples) if upto_s is None else round(upto_s * LISTENING_RATE)
        while self.position < end:
            block = samples[self.position : self.position + FRAME_SAMPLES]
            header = MICROPHONE_HEADER.pack(self.stretch, self.sequence, LISTENING_RATE)
            self.socket.send_bytes(header + block.astype("<f4").tobytes())
            self.position += FRAME_SAMPLES
            self.sequence += 1

    def be_silent(self, duration_s: float) -> None:
        """Send silence."""
        quiet = np.zeros(FRAME_SAMPLES, "<f4").tobytes()
        for _ in range(round(duration_s * LISTENING_RATE / FRAME_SAMPLES)):
            header = MICROPHONE_HEADER.pack(self.stretch, self.sequence, LISTENING_RATE)
            self.socket.send_bytes(header + quiet)
            self.sequence += 1
