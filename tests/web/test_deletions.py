"""Deletions in the page: asked about first, complete, and only by the page itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.web.conftest import OpenServer
from tests.web.kept_sessions import keep
from tests.web.stages import ORIGIN, Server
from tests.web.test_reviews import words_of
from voicemock.models import Story, StoryNotes
from voicemock.store.store import Store

POST = {"origin": ORIGIN}
SECRET = "Quetzalcoatlus"


def is_anywhere(server: Server, text: str) -> bool:
    content = b"".join(path.read_bytes() for path in server.settings.data_dir.rglob("*") if path.is_file())
    return text.lower().encode() in content.lower()


def test_a_session_is_asked_about_and_then_gone(open_server: OpenServer):
    server = open_server()
    session = keep(server, SECRET, SECRET)
    client = server.client()
    asked = client.get(f"/sessions/{session.id}/delete")
    assert f"Delete session {session.id} with 2 answers?" in words_of(asked.text)
    assert "This cannot be undone." in asked.text
    assert is_anywhere(server, SECRET)
    done = client.post(f"/sessions/{session.id}/delete", headers=POST)
    assert (done.status_code, done.headers["location"]) == (303, "/sessions?gone")
    assert "It has been deleted." in client.get("/sessions?gone").text
    assert not is_anywhere(server, SECRET)
    assert not (server.settings.data_dir / "sessions" / session.id).exists()


def test_an_answer_is_asked_about_and_the_others_stay(open_server: OpenServer):
    server = open_server()
    session = keep(server, "Archaeopteryx", SECRET)
    client = server.client()
    asked = client.get(f"/sessions/{session.id}/answers/2/delete")
    assert f"Delete answer 2 of session {session.id}?" in words_of(asked.text)
    assert f'href="/sessions/{session.id}#answer-2"' in asked.text
    done = client.post(f"/sessions/{session.id}/answers/2/delete", headers=POST)
    assert (done.status_code, done.headers["location"]) == (303, f"/sessions/{session.id}?gone")
    assert not is_anywhere(server, SECRET)
    assert is_anywhere(server, "Archaeopteryx")
    missing = client.get(f"/sessions/{session.id}/answers/2/delete")
    assert missing.status_code == 404
    assert f"Session {session.id} has no answer 2. Its answers are: 1." in missing.text


@pytest.mark.parametrize("rest", ["delete", "answers/1/delete"])
def test_a_session_in_use_is_kept_and_why_is_told(open_server: OpenServer, rest: str):
    server = open_server()
    with Store(server.settings.data_dir) as store:
        held = store.sessions.start(None, "0.1.0", datetime(2026, 11, 23, tzinfo=UTC))
        done = keep(server, SECRET)
        with store.unfinished.holding(done.id):
            refused = server.client().post(f"/sessions/{done.id}/{rest}", headers=POST)
        assert refused.status_code == 409
        assert 'role="alert"' in refused.text
        assert "Delete it" in refused.text
        assert is_anywhere(server, SECRET)
        assert held.id != done.id


@pytest.mark.parametrize("name", ["last", "2026", "kafka"])
def test_only_the_whole_id_deletes(open_server: OpenServer, name: str):
    server = open_server()
    keep(server, SECRET, story="Kafka")
    assert server.client().post(f"/sessions/{name}/delete", headers=POST).status_code == 404
    assert is_anywhere(server, SECRET)


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}, POST | {"sec-fetch-site": "cross-site"}])
def test_no_other_page_deletes(open_server: OpenServer, headers: dict[str, str]):
    server = open_server()
    session = keep(server, SECRET)
    assert server.client().post(f"/sessions/{session.id}/delete", headers=headers).status_code == 403
    assert is_anywhere(server, SECRET)


def test_notes_that_were_written_stay_and_it_is_said(open_server: OpenServer):
    server = open_server()
    session = keep(server, "we moved it", story="Kafka")
    with Store(server.settings.data_dir) as store:
        store.stories.keep_notes(
            Story.named("Kafka"), StoryNotes(action="Written by hand, long ago."), datetime.now(UTC)
        )
    asked = server.client().get(f"/sessions/{session.id}/delete").text
    assert "What you wrote yourself in the notes of &#39;Kafka&#39; stays." in asked
