"""Second opinions on the page: on the review, and an answer said again; only where they are asked for."""

from __future__ import annotations

import json

import pytest

from tests.coaching.language_model.answers import star
from tests.coaching.language_model.scripted_server import saying, serving
from tests.interviews import analyzer, fixture_answer, keep
from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN
from tests.web.test_reviews import words_of
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.judge import questions_for
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
