"""Dictation into a field: the words come back, nothing of the sound is kept, and whatever is in the way is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import numpy as np
import pytest
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from tests.fakes import Script, ScriptedDetector, quiet, says
from tests.web.conftest import OpenServer
from tests.web.stages import OWN, PageOnALine, Server
from voicemock.errors import EngineError, WeightsError
from voicemock.speech.clip import FRAME_SAMPLES, LISTENING_RATE
from voicemock.web.messages import MICROPHONE_HEADER

SAID = Script(
    quiet(0.6), says("first I um mapped the dependencies", 3.0), quiet(2.0), says("then I cut the scope", 2.0)
)
WORDS = "first I um mapped the dependencies then I cut the scope"


@pytest.fixture
def server(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr("voicemock.web.views.dictation.load_detector", lambda settings: ScriptedDetector())
    monkeypatch.setattr("voicemock.web.views.dictation.transcriber_loader", lambda settings: SAID.transcriber)
    return open_server()


@contextmanager
def dictating(server: Server) -> Iterator[WebSocketTestSession]:
    with server.client().websocket_connect("/dictation", headers=OWN) as socket:
        yield socket


def speak(socket: WebSocketTestSession, script: Script = SAID, rate: int = LISTENING_RATE) -> None:
    samples = np.repeat(script.samples, rate // LISTENING_RATE)
    for sequence, start in enumerate(range(0, len(samples), FRAME_SAMPLES)):
        header = MICROPHONE_HEADER.pack(1, sequence, rate)
        socket.send_bytes(header + samples[start : start + FRAME_SAMPLES].astype("<f4").tobytes())


def until_end(socket: WebSocketTestSession) -> dict[str, Any]:
    """Return the last event before the server closes."""
    last: dict[str, Any] = {}
    while True:
        received = socket.receive()
        if received["type"] == "websocket.close":
            return last
        last = json.loads(received["text"])


def test_what_is_said_comes_back_as_words(server: Server):
    with dictating(server) as socket:
        speak(socket)
        socket.send_text("stop")
        assert until_end(socket) == {"type": "done", "text": WORDS, "notice": ""}
    assert not list(server.settings.data_dir.rglob("*.wav"))
    assert not list(server.settings.data_dir.rglob("*.flac"))


def test_silence_writes_nothing_down(server: Server):
    with dictating(server) as socket:
        speak(socket, Script(quiet(1.0)))
        socket.send_text("stop")
        told = until_end(socket)
    assert (told["text"], told["notice"]) == ("", "Nothing was heard, so nothing was written down.")


def test_nothing_said_at_all_is_no_error(server: Server):
    with dictating(server) as socket:
        socket.send_text("stop")
        assert until_end(socket)["text"] == ""


def test_words_are_shown_while_the_rest_is_said(server: Server):
    long = Script(says("one two three four five six seven eight", 16.0), quiet(2.0), says("nine", 1.0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("voicemock.web.views.dictation.transcriber_loader", lambda settings: long.transcriber)
        with dictating(server) as socket:
            speak(socket, long)
            shown = []
            while not shown or shown[-1]["type"] == "words":
                if not shown:
                    socket.send_text("stop")
                shown.append(json.loads(socket.receive()["text"]))
    assert shown[-1]["text"].endswith("eight nine")


def test_it_ends_by_itself_after_some_minutes(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("voicemock.web.dictation.LONGEST_S", 4.0)
    with dictating(server) as socket:
        speak(socket)
        assert until_end(socket)["text"] == "first I um mapped the dependencies"


@pytest.mark.parametrize("message", ["start", "", '{"type": "stop"}', b"", b"x" * 13, b"\0" * 16])
def test_what_is_no_sound_is_refused(server: Server, message: str | bytes):
    with dictating(server) as socket:
        if isinstance(message, bytes):
            socket.send_bytes(message)
        else:
            socket.send_text(message)
        assert socket.receive()["code"] == 1008
    with dictating(server) as socket:  # and the next one is served
        socket.send_text("stop")
        assert until_end(socket)["type"] == "done"


@pytest.mark.parametrize("error", [WeightsError("The weights are missing."), EngineError("It failed."), MemoryError()])
def test_an_engine_that_fails_is_told(server: Server, monkeypatch: pytest.MonkeyPatch, error: Exception):
    def load(settings: object) -> Any:
        raise error

    monkeypatch.setattr("voicemock.web.views.dictation.transcriber_loader", load)
    with dictating(server) as socket:
        told = until_end(socket)
    assert told["type"] == "problem"
    assert (str(error) or "There is not enough memory") in told["text"]


def test_one_field_at_a_time(server: Server):
    with dictating(server) as first:
        with dictating(server) as second:
            assert "Another field is being dictated" in until_end(second)["text"]
        first.send_text("stop")
        assert until_end(first)["type"] == "done"


def test_a_page_that_goes_away_leaves_the_engine_free(server: Server):
    with dictating(server) as socket:
        speak(socket)
    with dictating(server) as socket:
        socket.send_text("stop")
        assert until_end(socket)["type"] == "done"


def test_not_during_an_interview(open_server: OpenServer):
    opened = Event()
    server = open_server(opened=opened)
    with server.client().websocket_connect("/interview/line", headers=OWN) as socket:
        page = PageOnALine(socket, begins=True)
        page.say(type="start", choice={"question": "failed-program"})
        while not server.stage.is_on:
            pass
        with dictating(server) as other:
            assert "An interview is in progress." in until_end(other)["text"]
        opened.set()
        page.say(type="press", command="quit")


@pytest.mark.parametrize("headers", [{**OWN, "origin": "http://evil.example"}, {**OWN, "host": "evil.example"}])
def test_no_other_page_listens(server: Server, headers: dict[str, str]):
    with pytest.raises(WebSocketDisconnect), server.client().websocket_connect("/dictation", headers=headers):
        pass


def test_a_story_is_told_in_the_page_and_kept_under_its_name(open_server: OpenServer):
    server = open_server(
        Script(quiet(0.5), says("my launch was late so I cut the scope and we shipped", 4.0), quiet(9.0))
    )
    with server.client().websocket_connect("/interview/line", headers=OWN) as socket:
        page = PageOnALine(socket, begins=True)
        page.say(type="start", choice={"story": "Late launch"})
        assert page.until("question")["kind"] == "story"
        page.until("listen")
        page.speak(server.script)
        page.until("assessed")
        assert page.until("finished")["story"] == "/stories/late-launch"
    shown = server.client().get("/stories/late-launch").text
    assert "1 take, the last one" in shown
    assert "Take it from your last telling" in shown
