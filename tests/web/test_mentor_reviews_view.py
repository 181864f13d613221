"""Reviews by somebody else in the page: the page to send, the file that comes back, and what is shown of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx2 import Response

from tests.interview.test_mentor_reviews import ANSWER, sent
from tests.interviews import fixture_answer, keep
from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN, Server
from voicemock.interview.mentor_reviews import LARGEST_FILE
from voicemock.models import Session

MARKUP = '"><script>alert(1)</script>{{ 7 * 7 }}'


def opened(open_server: OpenServer) -> tuple[Server, Session]:
    server = open_server()
    return server, keep(server.settings.data_dir, ANSWER, fixture_answer("triage-answer", 2))


def imported(server: Server, content: bytes) -> Response:
    headers = {"origin": ORIGIN, "content-type": "application/json"}
    return server.client().post("/reviews/import", params={"name": "r.json"}, headers=headers, content=content)


def test_the_page_to_send_has_the_words_and_sound_only_if_it_is_wanted(open_server: OpenServer) -> None:
    server, session = opened(open_server)
    address = f"/sessions/{session.id}/export/for-review"
    assert f'href="{address}"' in server.client().get(f"/sessions/{session.id}").text
    silent, heard = (server.client().get(f"{address}{query}") for query in ("", "?sound"))
    assert silent.headers["content-disposition"] == f'attachment; filename="review-{session.id}.html"'
    assert "data:audio" not in silent.text
    assert "data:audio/webm;base64," in heard.text
    for reply in (silent, heard):
        assert "ledger" in reply.text
        assert "<script src" not in reply.text
        assert "Work on" not in reply.text  # nothing of the feedback


def test_a_review_is_kept_and_shown_where_it_leads(open_server: OpenServer) -> None:
    server, session = opened(open_server)
    reply = imported(server, sent(session, {"start_char": 0, "end_char": 1, "text": MARKUP}, reviewer=f"Dana {MARKUP}"))
    assert reply.status_code == 200, reply.text
    address = reply.json()["address"]
    assert address == f"/sessions/{session.id}?reviewed#answer-1-reviews"
    page = server.client().get(address.partition("#")[0]).text
    assert "The review is saved with the answers it is about." in page
    assert 'id="answer-1-reviews"' in page
    assert page.count("Say it earlier.") == 2  # in the debrief and at the answer
    assert "Length 4 of 5, result 2 of 5" in page
    assert "<script>alert" not in page
    assert "Say it earlier." in server.client().get(f"/sessions/{session.id}/debrief").text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"session": "20200101-000000-0000"}, "r.json is about a session that is not kept here."),
        ({"transcript_sha256": "0" * 64}, "does not match the words"),
        ({"reviewer": ""}, "r.json is not a review"),
    ],
)
def test_what_does_not_fit_is_told(open_server: OpenServer, changes: dict[str, Any], told: str) -> None:
    server, session = opened(open_server)
    reply = imported(server, sent(session, **changes))
    assert reply.status_code == 422
    assert told in reply.text


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"[" * 1000, 422), (b" " * (LARGEST_FILE + 1), 413)],
    ids=["nothing", "deep", "large"],
)
def test_what_is_no_review_is_told(open_server: OpenServer, content: bytes, status: int) -> None:
    server, _ = opened(open_server)
    assert imported(server, content).status_code == status


def test_another_page_cannot_send_one(open_server: OpenServer) -> None:
    server, session = opened(open_server)
    reply = server.client().post("/reviews/import", headers={"origin": "http://evil.test"}, content=sent(session))
    assert reply.status_code == 403
    assert json.loads(sent(session))["kind"] == "voicemock-review"
