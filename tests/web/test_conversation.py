"""A whole interview over a socket: asked, heard, answered, kept, whatever happens to the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.fakes import Script, quiet, says
from tests.web.conftest import OpenServer
from tests.web.stages import OWN, PageOnALine, Server
from voicemock.models import Ratings
from voicemock.store.store import Store
from voicemock.web.conversation import BUSY, NOT_UNDERSTOOD, TAKEN_OVER
from voicemock.web.stage import STOPPED

ANSWER = Script(quiet(0.6), says("our launch was late so I cut the scope and we shipped on time", 9), quiet(10))
CHOICE = {"question": "failed-program"}


@contextmanager
def page_of(server: Server, tab: str = "tab", **hello: bool) -> Iterator[PageOnALine]:
    with server.client().websocket_connect("/interview/line", headers=OWN) as socket:
        yield PageOnALine(socket, tab, **hello)


@contextmanager
def asked(server: Server, **choice: object) -> Iterator[PageOnALine]:
    """A page that was asked its first question, and is listened to."""
    with page_of(server, begins=True) as page:
        page.say(type="start", choice={**CHOICE, **choice})
        page.say(type="microphone", name="USB <b>headset</b>")
        page.until("listen")
        yield page


def test_an_interview_from_the_question_to_the_feedback(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server) as page:
        question = next(event for event in page.events if event["type"] == "question")
        assert question["title"] == "Question 1 of 1"
        assert question["text"].startswith("Tell me about a program of yours that failed")
        phases = [event for event in page.events if event["type"] == "phase"]
        assert phases == [{"type": "phase", "phase": "listening", "microphone": "USB <b>headset</b>"}]
        page.speak(ANSWER)
        assessed = page.until("assessed")
        finished = page.until("finished")
    assert assessed["transcript"] == "our launch was late so I cut the scope and we shipped on time"
    assert assessed["spoken"] in " ".join(server.voice.texts)
    assert [figure[0] for figure in assessed["figures"]][:3] == ["Length", "Pace", "Fillers"]
    assert finished["problem"] == ""
    assert assessed["recording"] == f"/recordings/{finished['session']}/answer-01.flac"
    assert server.client().get(assessed["recording"]).status_code == 200
    assert server.statuses == ["answered"]


def test_the_clock_the_words_and_the_level_are_shown_meanwhile(open_server: OpenServer):
    with asked(open_server(ANSWER)) as page:
        page.speak(ANSWER)
        page.until("assessed")
        clocks = [event for event in page.events if event["type"] == "clock"]
    assert clocks[0]["text"] == "Listening. Begin when you are ready."
    assert clocks[0]["target_s"] == [180.0, 240.0]
    assert clocks[-1]["standing"] == "below"
    assert "of 3:00 to 4:00" in clocks[-1]["text"]
    words = [event for event in page.events if event["type"] == "words"]
    assert "".join(piece for piece, _ in words[-1]["pieces"]).startswith("our launch was late")


def test_calm_shows_the_clock_alone(open_server: OpenServer):
    with asked(open_server(ANSWER), calm=True) as page:
        page.speak(ANSWER)
        page.until("assessed")
    assert "words" not in {event["type"] for event in page.events}
    assert {event["level"] for event in page.events if event["type"] == "clock"} == {None}


def rated(page: PageOnALine, *commands: str) -> list[str]:
    """Press something for each item that is asked for; return the items."""
    items = []
    for command in commands:
        items.append(page.until("rate")["item"])
        page.say(type="press", command=command)
    return items


def test_an_interview_that_is_going_on_is_on_its_page_again(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server):
        reply = server.client().get("/interview")
    assert (reply.status_code, 'data-on="yes"' in reply.text) == (200, True)


def test_an_answer_is_rated_before_the_feedback_is_shown(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server, rate_yourself=True) as page:
        page.speak(ANSWER)
        assert rated(page, "5", "end", "1", "4") == ["length", "structure", "result", "delivery"]
        assert "assessed" not in {event["type"] for event in page.events}
        page.until("assessed")
        shown = page.until("own_view")
        page.until("finished")
    assert [line.split(",")[0] for line in shown["lines"]] == [
        "Length: you said 5",
        "Result: you said 1",
        "Delivery: you said 4; not measured.",  # of so few words
    ]
    with Store(server.settings.data_dir) as store:
        (answer,) = store.sessions.answers(store.sessions.find())
    assert answer.self_rating == Ratings(length=5, result=1, delivery=4)


@pytest.mark.parametrize(
    ("setting", "choice", "asks"), [(False, {}, False), (True, {}, True), (True, {"rate_yourself": False}, False)]
)
def test_a_rating_is_asked_for_as_the_setting_says_unless_it_was_chosen(
    open_server: OpenServer, setting: bool, choice: dict[str, bool], asks: bool
):
    server = open_server(ANSWER, rate_yourself=setting)
    with asked(server, **choice) as page:
        page.speak(ANSWER)
        if asks:
            rated(page, "end", "end", "end", "end")
        page.until("finished")
    assert ("rate" in {event["type"] for event in page.events}) is asks
    assert "own_view" not in {event["type"] for event in page.events}


def test_a_page_that_is_reloaded_goes_on_rating(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server, rate_yourself=True) as page:
        page.speak(ANSWER)
        rated(page, "5")
        page.until("rate", item="structure")
    with page_of(server) as again:
        again.until("shown")
        assert [event["item"] for event in again.events if event["type"] == "rate"] == ["structure"]
        again.say(type="press", command="3")
        rated(again, "2", "1")
        again.until("finished")
    with Store(server.settings.data_dir) as store:
        (answer,) = store.sessions.answers(store.sessions.find())
    assert answer.self_rating == Ratings(length=5, structure=3, result=2, delivery=1)


def test_who_leaves_while_rating_keeps_what_was_rated(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server, rate_yourself=True) as page:
        page.speak(ANSWER)
        rated(page, "2", "quit")
        page.until("finished")
    with Store(server.settings.data_dir) as store:
        (answer,) = store.sessions.answers(store.sessions.find())
    assert answer.self_rating == Ratings(length=2)


@pytest.mark.parametrize(
    ("command", "statuses"), [("end", ["answered"]), ("skip", ["skipped"]), ("quit", ["answered"])]
)
def test_keys_end_an_answer(open_server: OpenServer, command: str, statuses: list[str]):
    server = open_server(ANSWER)
    with asked(server) as page:
        page.speak(ANSWER, upto_s=5.0)
        page.until("clock", standing="below")
        page.say(type="press", command=command)
        page.until("finished")
    assert server.statuses == statuses


def test_the_question_is_repeated(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server) as page:
        spoken = len(server.voice.texts)
        page.say(type="press", command="repeat")
        page.until("listen")
        assert server.voice.texts[:spoken] == server.voice.texts[spoken:]
        page.say(type="press", command="quit")
        page.until("finished")


def test_a_page_that_is_reloaded_goes_on_in_mid_answer(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server) as page:
        page.speak(ANSWER, upto_s=4.0)
        page.until("clock", standing="below")
        position = page.position
    with page_of(server) as again:
        again.until("listen")
        shown = [event["type"] for event in again.events]
        assert shown.index("question") < shown.index("phase") < shown.index("shown")
        again.position = position
        again.speak(ANSWER)
        transcript = again.until("assessed")["transcript"]
        again.until("finished")
    assert transcript == "our launch was late so I cut the scope and we shipped on time"
    assert server.statuses == ["answered"]


def test_a_page_that_does_not_come_back_leaves_a_finished_answer(open_server: OpenServer):
    server = open_server(ANSWER, grace_s=0.0)
    with asked(server) as page:
        page.speak(ANSWER, upto_s=6.0)
        page.until("clock", standing="below")
    server.stage.join()
    assert server.statuses == ["answered"]
    with page_of(server) as later:
        assert later.until("finished")["problem"] == "The page was closed and did not come back."


def test_a_server_that_ends_keeps_what_was_recorded(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server) as page:
        page.speak(ANSWER, upto_s=6.0)
        page.until("clock", standing="below")
        server.stage.stop()
        assert page.until("finished")["problem"] == STOPPED
    assert server.statuses == ["interrupted"]


def test_a_microphone_that_goes_away_is_replaced_and_nothing_is_lost(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server, question=None, count=2, follow_ups=0) as page:
        page.speak(ANSWER, upto_s=9.0)
        page.until("clock", standing="below")
        page.say(type="microphone_lost")
        assert "was disconnected" in page.until("phase", phase="no_microphone")["problem"]
        page.say(type="microphone", name="another")
        page.until("phase", phase="listening", microphone="another")
        page.say(type="press", command="quit")
        page.until("finished")
    assert server.statuses == ["answered", "skipped"]


def test_one_interview_at_a_time(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server) as page, server.client().websocket_connect("/interview/line", headers=OWN) as socket:
        socket.send_text(json.dumps({"type": "hello", "tab": "another"}))
        assert socket.receive_json() == {"type": "busy"}
        assert socket.receive()["code"] == BUSY
        page.say(type="press", command="quit")
        page.until("finished")


def test_another_tab_may_take_the_interview_over(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server) as page, page_of(server, "another", takes_over=True) as other:
        assert page.until("taken_over")
        assert page.socket.receive()["code"] == TAKEN_OVER
        other.until("listen")
        other.say(type="press", command="quit")
        other.until("finished")


def test_an_interview_that_goes_on_is_not_begun_again(open_server: OpenServer):
    server = open_server(ANSWER)
    with asked(server) as page:
        line = server.stage.line
        page.say(type="start", choice={"question": "most-complex-program"})
        page.say(type="press", command="quit")
        page.until("finished")
    assert server.stage.line is line


def test_a_page_without_an_interview_is_told_so(open_server: OpenServer):
    with page_of(open_server()) as page:
        page.until("idle")


def test_what_cannot_be_practiced_is_told(open_server: OpenServer):
    with page_of(open_server(), begins=True) as page:
        page.say(type="start", choice={"question": "no-such-question"})
        assert "There is no question 'no-such-question'" in page.until("finished")["problem"]


@pytest.mark.parametrize(
    "sent",
    ["", "{", '{"type": "press", "command": "end"}', '{"type": "hello"}', '{"type": "hello", "tab": "x", "a": 1}'],
)
def test_a_first_message_that_is_no_greeting_closes_the_socket(open_server: OpenServer, sent: str):
    with open_server().client().websocket_connect("/interview/line", headers=OWN) as socket:
        socket.send_text(sent)
        assert socket.receive()["code"] == NOT_UNDERSTOOD


@pytest.mark.parametrize("sent", ["{", b"", b"\0" * 13, b"\0" * (1 << 20), '{"type": "hello", "tab": "tab"}'])
def test_what_is_no_message_closes_the_socket_and_not_the_interview(open_server: OpenServer, sent: str | bytes):
    server = open_server(ANSWER)
    with asked(server) as page:
        if isinstance(sent, str):
            page.socket.send_text(sent)
        else:
            page.socket.send_bytes(sent)
        with pytest.raises(AssertionError, match=f"closed with {NOT_UNDERSTOOD}"):
            page.until("finished")
    with page_of(server) as again:
        again.until("listen")
        again.say(type="press", command="quit")
        again.until("finished")


def test_a_browser_that_leaves_while_it_is_prepared_is_waited_for(open_server: OpenServer):
    opened = Event()
    server = open_server(ANSWER, opened=opened)
    with page_of(server, begins=True) as page:
        page.say(type="start", choice=CHOICE)
        while not server.stage.is_on:
            pass
    opened.set()
    with page_of(server) as again:
        again.until("listen")
        again.say(type="press", command="quit")
        again.until("finished")


def test_an_error_of_ours_is_told_and_ends_the_interview(open_server: OpenServer, monkeypatch):
    monkeypatch.setattr("voicemock.interview.interview.Interview.run", lambda self: 1 / 0)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    with page_of(open_server(ANSWER), begins=True) as page:
        page.say(type="start", choice=CHOICE)
        assert "a bug in voicemock (ZeroDivisionError)" in page.until("finished")["problem"]


def test_no_more_socket_is_taken_for_a_tab_that_never_greets(open_server: OpenServer):
    client = open_server().client()
    with client.websocket_connect("/interview/line", headers=OWN):
        pass
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/interview/nothing", headers=OWN):
        pass
