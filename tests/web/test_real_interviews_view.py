"""Real interviews on the page: noted, changed, deleted and exported as on the command line, in the same words."""

from __future__ import annotations

import html
import re

import pytest
from httpx2 import Response

from tests.commands import voicemock
from tests.progresses import practiced
from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN, Server
from voicemock.models import RealInterview
from voicemock.store.real_interviews import RealInterviewLog

MARKUP = '"><script>alert(1)</script>{{ 7 * 7 }}'
ASKED = "How do you tell a vice president no?"


def interviews(server: Server) -> tuple[RealInterview, ...]:
    return RealInterviewLog(server.settings.data_dir).interviews()


def sent(server: Server, path: str = "/log/new", **fields: str) -> Response:
    given = {"company": "Acme", "held_on": "2026-11-20", "outcome": "waiting"}
    return server.client().post(path, headers={"origin": ORIGIN}, data=given | fields)


def words(reply: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", reply.text)).split())


def test_no_interview_yet_says_how_to_begin(open_server: OpenServer) -> None:
    reply = open_server().client().get("/log")
    assert "No real interviews noted yet." in words(reply)
    assert 'href="/log/new"' in reply.text


def test_an_interview_is_noted_and_its_question_practiced_again(open_server: OpenServer) -> None:
    server = open_server()
    kept = sent(server, round="onsite", asked=f"{ASKED}\r\n\r\nKafka?", went="3")
    location = kept.headers["location"]
    assert (kept.status_code, location.partition("#")[2]) == (303, "2026-11-20-acme")
    assert f'The answer to "{ASKED}" is measured as: ' in words(server.client().get(location))
    (noted,) = interviews(server)
    assert (noted.asked, noted.went, noted.round) == ((ASKED, "Kafka?"), 3, "onsite")
    page = server.client().get("/log")
    assert "onsite, 2026-11-20 · waiting · went 3 of 5" in words(page)
    (question_id,) = re.findall(r"/interview\?question=([a-z0-9-]+)", page.text)
    assert server.client().get(f"/questions/id/{question_id}").status_code == 200
    told = voicemock("log", "list", "--data-dir", server.settings.data_dir).stdout
    assert question_id in told


def test_a_note_is_changed_and_its_form_begins_with_it(open_server: OpenServer) -> None:
    server = open_server()
    sent(server, asked=ASKED, went="2")
    form = server.client().get("/log/id/2026-11-20-acme/edit")
    assert ASKED in form.text
    assert '<option value="2" selected>' in form.text
    kept = sent(server, replaces="2026-11-20-acme", outcome="passed", asked=ASKED)
    assert kept.status_code == 303
    (noted,) = interviews(server)
    assert (noted.outcome, noted.went, noted.asked) == ("passed", None, (ASKED,))


def test_one_is_deleted_after_asking(open_server: OpenServer) -> None:
    server = open_server()
    sent(server)
    asked = server.client().get("/log/id/2026-11-20-acme/delete")
    assert "Delete the note on Acme, 2026-11-20? This cannot be undone." in words(asked)
    assert len(interviews(server)) == 1
    gone = server.client().post("/log/id/2026-11-20-acme/delete", headers={"origin": ORIGIN})
    assert gone.headers["location"] == "/log?gone"
    assert interviews(server) == ()
    assert "Its questions stay among your own." in words(server.client().get("/log?gone"))
    assert server.client().get("/log/id/2026-11-20-acme/delete").status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"company": ""}, "not a name for a company"),
        ({"company": "x" * 61}, "at most 60"),
        ({"held_on": "yesterday"}, "is not a date"),
        ({"held_on": "2099-01-01"}, "is in the future"),
        ({"outcome": "hired"}, "outcome"),
        ({"went": "6"}, "does not say how it went"),
        ({"asked": "x" * 501}, "asked"),
        ({"replaces": "2026-11-20-nobody"}, "No real interview"),
    ],
)
def test_what_cannot_be_kept_is_told_with_the_form_as_it_was(
    open_server: OpenServer, fields: dict[str, str], told: str
) -> None:
    server = open_server()
    reply = sent(server, **{"round": "onsite", "asked": ASKED} | fields)
    assert reply.status_code == 422
    assert told in words(reply)
    assert "onsite" in reply.text
    assert interviews(server) == ()


def test_markup_stays_text(open_server: OpenServer) -> None:
    server = open_server()
    sent(server, company=f"Acme {MARKUP}"[:60], round=MARKUP, asked=MARKUP)
    page = server.client().get("/log")
    assert "<script>alert" not in page.text
    assert "alert(1)" in words(page)
    edit = server.client().get(f"/log/id/{interviews(server)[0].id}/edit")
    assert "<script>alert" not in edit.text


def test_all_of_it_is_downloaded_as_the_command_writes_it(open_server: OpenServer, tmp_path) -> None:
    server = open_server()
    sent(server, asked=ASKED)
    reply = server.client().get("/log/export")
    voicemock("log", "export", tmp_path / "real.json", "--data-dir", server.settings.data_dir)
    assert reply.headers["content-disposition"] == 'attachment; filename="real-interviews.json"'
    assert reply.content == (tmp_path / "real.json").read_bytes()


def test_practice_is_held_against_outcomes_in_the_words_of_the_command_line(open_server: OpenServer) -> None:
    server = open_server()
    practiced(server.settings.data_dir)
    for number, day in enumerate(("2026-11-25", "2026-11-11", "2026-11-04", "2026-10-28", "2026-10-14")):
        assert "Practice and outcomes" not in words(server.client().get("/log"))
        sent(server, held_on=day, outcome="passed" if number < 3 else "failed")
    page = words(server.client().get("/log"))
    assert "5 interviews are few: chance alone can produce this much agreement." in page
    told = " ".join(voicemock("log", "list", "--data-dir", server.settings.data_dir).stdout.split())
    summary = re.search(r"5 real interviews have an outcome\..*?no clear relation\.", told)
    assert summary is not None
    assert summary[0] in page
