"""Reviews: the list of sessions, the review of each with its recordings, and its debrief."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.interviews import fixture_answer, spoken_answer
from tests.interviews import keep as keep_answers
from tests.store.test_store import START
from tests.web.conftest import OpenServer
from tests.web.kept_sessions import keep
from voicemock.report.page_answer import answer_figures
from voicemock.report.session_lines import STILL_IN_PROGRESS
from voicemock.store.store import Store
from voicemock.web.views.reviews import SHOWN

MARKUP = "<img/src=x/onerror=alert(1)> </script><script>alert(1)</script> {{ 7*7 }}"


def words_of(html: str) -> str:
    """What a page shows, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_without_a_session_the_way_to_one_is_shown(open_server: OpenServer):
    html = open_server().client().get("/sessions").text
    assert "No sessions yet. Start one" in words_of(html)
    assert 'href="/">Start one' in html


def test_sessions_stand_newest_first_and_say_what_they_are(open_server: OpenServer):
    server = open_server()
    asked = keep(server, "one", "two", questions=("failed-program", "failed-program"))
    told = keep(server, "three", day=1, story="Kafka <b>migration</b>")
    day = keep(server, "four", day=2, loop="amazon")
    html = server.client().get("/sessions").text
    assert re.findall(r'href="/sessions/([\d-]+[0-9a-f]{4})"', html) == [day.id, told.id, asked.id]
    lines = [words_of(each) for each in re.findall(r"<li>(\s*<a href=\"/sessions/2.*?)</li>", html, re.DOTALL)]
    local = told.started_at.astimezone()
    assert lines[0].startswith("Amazon loop ")
    assert lines[1] == f"Kafka <b>migration</b> {local:%a} {local.day} {local:%b %Y, %H:%M} \xb7 take 1, 3:22"
    assert lines[2].startswith("Tell me about a program of yours that failed")
    assert lines[2].endswith("2 answers")
    assert "<b>migration" not in html


def test_many_sessions_are_listed_when_asked_for(open_server: OpenServer):
    server = open_server()
    kept = [keep(server, "word", day=day, has_sound=False).id for day in range(SHOWN + 1)]
    html = server.client().get("/sessions").text
    assert kept[0] not in html
    assert 'href="/sessions?all"' in html
    html = server.client().get("/sessions?all").text
    assert kept[0] in html
    assert 'href="/sessions?all"' not in html


def test_a_review_has_what_the_review_page_has(open_server: OpenServer):
    server = open_server()
    told = fixture_answer("strong-story")
    session = keep_answers(server.settings.data_dir, told, fixture_answer("triage-answer", 2))
    html = server.client().get(f"/sessions/{session.id}").text
    text = words_of(html)
    assert told.assessment is not None
    for figure in answer_figures(told.assessment.analysis, server.bank.framework("star")):
        assert f"{figure.title} {figure.value}" in text
    for expected in ("Debrief", "Timeline", "What you said", "Measures", "What a strong answer covers"):
        assert expected in text
    assert told.assessment.feedback.spoken in text
    assert 'data-w="300"' in html


def test_its_recordings_are_played_through_the_server_in_parts(open_server: OpenServer):
    server = open_server()
    session = keep_answers(server.settings.data_dir, spoken_answer("We cut the scope and shipped."))
    client = server.client()
    (source,) = re.findall(r'<audio [^>]*src="([^"]*)"', client.get(f"/sessions/{session.id}").text)
    assert source == f"/recordings/{session.id}/answer-01.flac"
    part = client.get(source, headers={"range": "bytes=100-199"})
    assert (part.status_code, len(part.content)) == (206, 100)


def test_a_recording_that_is_gone_or_a_link_is_not_offered(open_server: OpenServer):
    server = open_server()
    session = keep(server, "one", "two", questions=("failed-program", "failed-program"))
    folder = server.settings.data_dir / "sessions" / session.id
    (folder / "answer-01.flac").unlink()
    (folder / "answer-02.flac").rename(folder / "elsewhere")
    (folder / "answer-02.flac").symlink_to(folder / "elsewhere")
    html = server.client().get(f"/sessions/{session.id}").text
    assert "<audio" not in html
    assert html.count("The recording is no longer there.") == 2


@pytest.mark.parametrize("name", ["last", "2026", "kafka"])
def test_a_session_is_found_as_on_the_command_line(open_server: OpenServer, name: str):
    server = open_server()
    session = keep(server, "one", story="Kafka")
    found = server.client().get(f"/sessions/{name}")
    assert (found.status_code, found.headers["location"]) == (303, f"/sessions/{session.id}")


@pytest.mark.parametrize("rest", ["", "/debrief", "/delete", "/export/md", "/answers/1/delete", "/answers/1/tighter"])
def test_a_session_that_is_not_there_is_told(open_server: OpenServer, rest: str):
    server = open_server()
    keep(server, "one")
    for name in ("nothing", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"):
        missing = server.client().get(f"/sessions/{name}{rest}")
        assert missing.status_code == 404
        assert "<script>alert" not in missing.text
    assert "No session &#39;nothing&#39;. The latest are: 2026" in server.client().get(f"/sessions/nothing{rest}").text


def test_a_debrief_leads_to_the_moments_of_the_review(open_server: OpenServer):
    server = open_server()
    session = keep_answers(server.settings.data_dir, fixture_answer("strong-story"), fixture_answer("triage-answer", 2))
    html = server.client().get(f"/sessions/{session.id}/debrief").text
    hrefs = set(re.findall(r'class="source" href="([^"]*)"', html))
    assert hrefs
    assert all(re.fullmatch(rf"/sessions/{session.id}(\?at=[\d.]+)?#answer-[12]", href) for href in hrefs)
    assert "2 questions, 2 with an answer to judge" in words_of(html)


@pytest.mark.parametrize("path", ["", "/debrief", "/delete", "/answers/1/delete"])
def test_what_was_said_and_named_is_text(open_server: OpenServer, path: str):
    server = open_server()
    said = spoken_answer(f"I said {MARKUP} and then we shipped it.")
    question = said.question.model_copy(update={"text": MARKUP}) if said.question else None
    session = keep_answers(server.settings.data_dir, said.model_copy(update={"question": question}))
    html = server.client().get(f"/sessions/{session.id}{path}").text
    assert "<img" not in html
    assert "<script>alert" not in html
    assert "49" not in re.findall(r"<h2[^>]*>(.*?)</h2>", html)
    assert not re.findall(r"<script(?![^>]*(\bsrc=\"/static/|type=\"application/json\"))", html)
    assert not re.findall(r"<style|\sstyle=|\son\w+=\"|javascript:|https?:", html)


def test_a_data_folder_that_cannot_be_used_is_told(open_server: OpenServer):
    server = open_server()
    keep(server, "one")
    database = server.settings.data_dir / "voicemock.db"
    database.write_bytes(b"no database" * 1000)
    told = server.client().get("/sessions")
    assert told.status_code == 500
    assert "voicemock.db" in told.text


def test_what_was_left_behind_is_offered_here_too(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("voicemock.web.views.reviews.waiting", lambda request: ["An answer was recorded."])
    html = open_server().client().get("/sessions").text
    assert "An answer was recorded." in html
    assert 'action="/unfinished?then=/sessions"' in html


PATHS = ("/sessions", "/sessions/last", "/sessions/last/debrief", "/sessions/compare", "/search?q=one")


@pytest.mark.parametrize("path", [*PATHS, "/sessions/last/export/md", "/sessions/last/delete"])
def test_nothing_is_given_to_another_page_or_browser(open_server: OpenServer, path: str):
    server = open_server()
    keep(server, "one")
    assert server.client(has_pass=False).get(path).status_code == 403
    assert server.client().get(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_an_interview_in_progress_says_so(open_server: OpenServer):
    server = open_server()
    with Store(server.settings.data_dir) as store:
        session = store.sessions.start(None, "0.1.0", START)
        assert "in progress, no answer" in words_of(server.client().get("/sessions").text)
        assert STILL_IN_PROGRESS in words_of(server.client().get(f"/sessions/{session.id}").text)
    assert STILL_IN_PROGRESS not in words_of(server.client().get(f"/sessions/{session.id}").text)
