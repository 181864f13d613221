"""Second opinions on the page: on the review, and an answer said again; only where they are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.coaching.language_model.answers import star
from tests.coaching.language_model.scripted_server import Handler, ScriptedServer, listing, saying, serving
from tests.interviews import analyzer, fixture_answer, keep
from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN
from tests.web.test_reviews import words_of
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.judge import questions_for
from voicemock.coaching.language_model.providers import NONE_FOUND, WHAT_IT_GETS, agree, find_servers
from voicemock.models import Answer, Opinion, SecondOpinion
from voicemock.store.store import Store

POST = {"origin": ORIGIN}
TABLE = {each.name: "no" for each in questions_for(star(), load_guidance())}


def read_answer() -> Answer:
    """The strong story as the reader reads it."""
    answer = fixture_answer("strong-story")
    assert answer.assessment is not None
    transcript = answer.assessment.transcript
    found = analyzer().assess(transcript, source="answer.flac", question=answer.question)
    return answer.model_copy(update={"assessment": found})


def test_a_kept_second_opinion_is_on_the_review(open_server: OpenServer):
    server = open_server()
    told = Opinion(name="result", coach="there", model="there", standing="both", is_there=True, quote="It <b>rose</b>.")
    opinion = SecondOpinion(model="small", took_s=9.0, opinions=(told,))
    session = keep(server.settings.data_dir, read_answer().model_copy(update={"second_opinion": opinion}))
    html = server.client().get(f"/sessions/{session.id}").text
    for expected in ("Second opinion", "Both hear the result.", "By small, in 9 s."):
        assert expected in words_of(html)
    assert "<b>rose" not in html
    assert "Ask for a" not in html


def test_it_can_be_asked_for_where_a_model_is_set_up(open_server: OpenServer):
    with serving(lambda handler, request: handler.send(saying(json.dumps(TABLE)))) as model:
        server = open_server(language_model=model.url, language_model_name="small")
        session = keep(server.settings.data_dir, read_answer())
        client = server.client()
        assert "Ask for a second opinion" in client.get(f"/sessions/{session.id}").text
        reply = client.post(f"/sessions/{session.id}/answers/1/second-opinion", headers=POST, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, f"/sessions/{session.id}#answer-1")
    with Store(server.settings.data_dir) as store:
        (answer,) = store.sessions.answers(session)
    assert answer.second_opinion is not None
    assert (answer.second_opinion.model, answer.second_opinion.reason) == ("small", None)


@pytest.mark.parametrize("is_table", [True, False])
def test_asking_again_loses_no_opinion_and_no_refused_follow_up(open_server: OpenServer, is_table: bool):
    reply = json.dumps(TABLE) if is_table else "I would rather not."
    kept = SecondOpinion(model="large", took_s=9.0, follow_ups_refused=("length",))
    with serving(lambda handler, request: handler.send(saying(reply))) as model:
        server = open_server(language_model=model.url, language_model_name="small")
        session = keep(server.settings.data_dir, read_answer().model_copy(update={"second_opinion": kept}))
        told = server.client().post(f"/sessions/{session.id}/answers/1/second-opinion", headers=POST)
    with Store(server.settings.data_dir) as store:
        (answer,) = store.sessions.answers(session)
    assert answer.second_opinion is not None
    assert answer.second_opinion.model == ("small" if is_table else "large")
    assert answer.second_opinion.follow_ups_refused == ("length",)
    assert ("small gave no second opinion" in words_of(told.text)) == (not is_table)
    assert ("Back to the review" in words_of(told.text)) == (not is_table)


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """Run a language model where Ollama's is looked for."""

    def script(handler: Handler, request: dict[str, Any]) -> None:
        handler.send(saying(json.dumps(TABLE)) if request else listing("small", "<b>large"))

    with serving(script) as server:
        places = [("Ollama", urlsplit(server.url).port or 0)]
        monkeypatch.setattr("voicemock.web.views.second_opinions.find_servers", lambda: find_servers(places, 20))
        yield server


def test_a_model_is_looked_for_agreed_to_and_used(open_server: OpenServer, ollama: ScriptedServer):
    server = open_server()
    session = keep(server.settings.data_dir, read_answer())
    client, review = server.client(), f"/sessions/{session.id}"
    assert "/second-opinion" in client.get("/settings").text
    assert "Look for one" in client.get("/second-opinion").text
    assert ollama.requests == []
    found = client.get("/second-opinion?look=yes").text
    for told in ("Ollama answers at", WHAT_IT_GETS, "Use small", "Use &lt;b&gt;large"):
        assert told in found
    assert "Ask for a second opinion" not in client.get(review).text
    sent = {"url": ollama.url.replace("localhost", "127.0.0.1"), "model": "small"}
    assert client.post("/second-opinion", data=sent, headers=POST, follow_redirects=False).status_code == 303
    assert "You use small at" in words_of(client.get("/second-opinion").text)
    assert "Ask for a second opinion" in client.get(review).text
    assert 'name="second_opinion"> Ask' in client.get("/interview?question=failed-program").text
    client.post(f"{review}/answers/1/second-opinion", headers=POST)
    assert "By small" in words_of(client.get(review).text)


def test_it_is_used_no_more_once_consent_is_withdrawn(open_server: OpenServer, ollama: ScriptedServer):
    server = open_server()
    agree(server.settings.data_dir, ollama.url, "small")
    session, client = keep(server.settings.data_dir, read_answer()), server.client()
    client.post("/second-opinion", data={"withdraw": "yes"}, headers=POST)
    assert "Look for one" in client.get("/second-opinion").text
    assert "Ask for a second opinion" not in client.get(f"/sessions/{session.id}").text
    assert client.post(f"/sessions/{session.id}/answers/1/second-opinion", headers=POST).status_code == 404
    assert ollama.requests == []


@pytest.mark.parametrize("url", ["http://example.org/v1", "http://127.0.0.1:9/v1", ""])
def test_only_what_answers_here_can_be_agreed_to(open_server: OpenServer, ollama: ScriptedServer, url: str):
    client = open_server().client()
    reply = client.post("/second-opinion", data={"url": url, "model": "small"}, headers=POST)
    assert (reply.status_code, NONE_FOUND in words_of(reply.text)) == (500, True)
    assert "Look for one" in client.get("/second-opinion").text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"second_opinion": False}, "Your settings say that you want none"),
        ({"language_model": "http://127.0.0.1:9/v1"}, "Your settings name the language model at http://127.0.0.1:9/v1"),
    ],
)
def test_settings_go_before_what_the_page_asks(open_server: OpenServer, given: dict[str, Any], told: str):
    server = open_server(**given)
    agree(server.settings.data_dir, "http://127.0.0.1:11434/v1", "small")
    page = words_of(server.client().get("/second-opinion").text)
    assert told in page
    assert "Look for one" not in page


def test_without_a_model_there_is_none_to_ask(open_server: OpenServer):
    server = open_server()
    session = keep(server.settings.data_dir, read_answer())
    assert server.client().post(f"/sessions/{session.id}/answers/1/second-opinion", headers=POST).status_code == 404


def test_an_answer_is_said_again_in_own_words_and_the_model_words_it_on_a_click(open_server: OpenServer):
    with serving(lambda handler, request: handler.send(saying("I would rather not."))) as model:
        server = open_server(language_model=model.url, language_model_name="small")
        session = keep(server.settings.data_dir, read_answer())
        client = server.client()
        assert f'href="/sessions/{session.id}/answers/1/rewrite"' in client.get(f"/sessions/{session.id}").text
        first = client.get(f"/sessions/{session.id}/answers/1/rewrite").text
        assert model.requests == []
        second = client.post(f"/sessions/{session.id}/answers/1/rewrite", headers=POST).text
    assert "Let small word it" in first
    assert "no language model was asked" in words_of(first)
    assert "small was asked, but it did not answer in the form it was asked for" in words_of(second)


@pytest.mark.parametrize("what", ["rewrite", "second-opinion"])
def test_an_answer_that_is_not_there_is_told(open_server: OpenServer, what: str):
    server = open_server()
    session = keep(server.settings.data_dir, read_answer())
    assert server.client().post(f"/sessions/{session.id}/answers/9/{what}", headers=POST).status_code == 404
