"""Answers that a killed server left behind: the next page offers to finish them."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN, OWN, PageOnALine
from tests.web.test_conversation import ANSWER, CHOICE
from voicemock.coaching.assess import Analyzer
from voicemock.errors import WeightsError
from voicemock.interview.recovery import Recovery
from voicemock.speech.transcription import TranscriptionWorker

POST = {"origin": ORIGIN}


@pytest.fixture
def left_behind(open_server: OpenServer):
    """A server that was stopped in mid-answer."""
    server = open_server(ANSWER)
    with server.client().websocket_connect("/interview/line", headers=OWN) as socket:
        page = PageOnALine(socket, begins=True)
        page.say(type="start", choice=CHOICE)
        page.until("listen")
        page.speak(ANSWER, upto_s=8.0)
        page.until("clock", standing="below")
        server.stage.stop()
        page.until("finished")
    return server


def test_the_page_offers_to_finish_it_and_does(left_behind, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def open_recovery(settings, store, version):
        with TranscriptionWorker(left_behind.script.transcriber) as worker:
            yield Recovery(store, Analyzer(settings, left_behind.bank), worker, version)

    monkeypatch.setattr("voicemock.web.views.unfinished.open_recovery", open_recovery)
    client = left_behind.client()
    assert "An interview ended in the middle of an answer" in client.get("/").text
    done = client.post("/unfinished", headers=POST)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert "in the middle of an answer" not in client.get("/").text


@pytest.mark.parametrize(
    ("then", "shown"),
    [("", "/"), ("?then=/sessions", "/sessions"), ("?then=//evil.example", "/"), ("?then=http://evil.example", "/")],
)
def test_afterward_the_page_that_offered_it_is_shown_again(
    left_behind, monkeypatch: pytest.MonkeyPatch, then: str, shown: str
):
    monkeypatch.setattr("voicemock.web.views.unfinished.finished", lambda settings: [])
    assert left_behind.client().post(f"/unfinished{then}", headers=POST).headers["location"] == shown


def test_what_keeps_it_from_being_finished_is_told(left_behind, monkeypatch: pytest.MonkeyPatch):
    def broken(*_):
        raise WeightsError("The weights are gone.")

    monkeypatch.setattr("voicemock.web.views.unfinished.open_recovery", broken)
    told = left_behind.client().post("/unfinished", headers=POST)
    assert (told.status_code, "The weights are gone." in told.text) == (409, True)


def test_no_other_page_starts_it(left_behind):
    assert left_behind.client().post("/unfinished", headers={"origin": "http://evil.example"}).status_code == 403
    assert left_behind.client().post("/unfinished").status_code == 403
