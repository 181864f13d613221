"""Questions on the page: found, read, heard, and written, as on the command line."""

from __future__ import annotations

import html
import io
import re
import wave
from pathlib import Path

import pytest
from httpx2 import Response

from tests.commands import lines, voicemock
from tests.fakes import ScriptedSynthesizer
from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN, Server
from voicemock.content.questions import QuestionBank
from voicemock.report.questions import holding

MARKUP = "Tell me about <script>alert(1)</script> and {{ 7 * 7 }}."


def words(reply: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", reply.text)).split())


def listed(reply: Response) -> set[str]:
    return set(re.findall(r'href="/questions/id/([^"]+)"', reply.text))


def add(server: Server, **fields: str) -> Response:
    return server.client().post("/questions/new", headers={"origin": ORIGIN}, data=fields)


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("", ()),
        ("pillar=program_sense", ("--pillar", "program-sense")),
        ("company=amazon", ("--company", "amazon")),
        ("company=NVIDIA&pillar=system_design", ("--company", "nvidia", "--pillar", "system-design")),
    ],
)
def test_filters_find_what_the_command_line_finds(
    open_server: OpenServer, query: str, arguments: tuple[str, ...]
) -> None:
    found = listed(open_server().client().get(f"/questions?{query}"))
    assert found == {question["id"] for question in lines("questions", *arguments)}


def test_a_kind_of_answer_and_words_narrow_it_down(open_server: OpenServer) -> None:
    bank = QuestionBank.load()
    reply = open_server().client().get("/questions?framework=triage&words=VENDOR miss")
    found = listed(reply)
    assert found
    assert {bank.get(each).framework for each in found} == {"triage"}
    assert all("vendor" in bank.get(each).text.lower() for each in found)
    assert f"{len(found)} question" in words(reply)
    assert 'value="VENDOR miss"' in reply.text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("company=acme", "There is no company 'acme'."),
        ("pillar=gardening", "There is no pillar 'gardening'."),
        ("words=xyzzy", "0 questions."),
        ("own=yes", "You have not written any questions yet."),
        ("words=<script>alert(1)</script>", "0 questions."),
    ],
)
def test_nothing_found_is_told(open_server: OpenServer, query: str, told: str) -> None:
    reply = open_server().client().get(f"/questions?{query}")
    assert told in words(reply)
    assert listed(reply) == set()
    assert "<script>alert" not in reply.text


def test_a_question_says_what_the_command_line_says(open_server: OpenServer) -> None:
    page = words(open_server().client().get("/questions/id/failed-program"))
    told = voicemock("questions", "failed-program", env={"COLUMNS": "400"}).stdout
    for line in told.splitlines():
        if "voicemock practice" not in line:
            assert line.strip(" -") in page


def test_a_question_that_is_not_there_is_told(open_server: OpenServer) -> None:
    reply = open_server().client().get("/questions/id/failed-progam")
    assert reply.status_code == 404
    assert "Did you mean failed-program" in words(reply)


def test_a_question_of_your_own_is_kept_and_can_be_practiced_at_once(open_server: OpenServer, home: Path) -> None:
    server = open_server()
    kept = add(server, text="Tell me about a time you told a vice president no.", competency="Say No", companies="Acme")
    assert kept.status_code == 303
    page = server.client().get(kept.headers["location"])
    question_id = "own-tell-me-about-a-time-you"
    assert f"It is kept as {question_id} in {home / 'questions' / 'own.yaml'}" in words(page)
    assert "your own" in words(page)
    assert listed(server.client().get("/questions?own=yes")) == {question_id}
    assert listed(server.client().get("/questions?company=acme")) == {question_id}
    assert server.client().get(f"/interview?question={question_id}").status_code == 200
    assert server.stage.bank.get(question_id).competency == "say-no"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": ""}, "text: "),
        ({"text": "Short"}, "at least 10 characters"),
        ({"text": "Tell me about a failure.", "competency": "???"}, "competency: "),
        ({"text": "Tell me about a failure.", "pillar": "gardening"}, "pillar: "),
        ({"text": "Tell me about a failure.", "level": "intern"}, "level: "),
    ],
)
def test_what_is_no_question_is_told_with_the_form_as_it_was(
    open_server: OpenServer, fields: dict[str, str], told: str
) -> None:
    server = open_server()
    reply = add(server, **{"companies": "initech", **fields})
    assert reply.status_code == 422
    assert told in words(reply)
    assert 'value="initech"' in reply.text
    assert fields["text"] in reply.text
    assert not [question for question in QuestionBank.load().questions if question.own]


def test_a_question_that_is_there_already_is_told(open_server: OpenServer) -> None:
    server = open_server()
    add(server, text="Tell me about a failure of yours.")
    again = add(server, text="tell me about a failure of yours.")
    assert again.status_code == 422
    assert "already contains that question" in words(again)


def test_the_address_may_fill_the_form_in(open_server: OpenServer) -> None:
    reply = open_server().client().get("/questions/new?companies=initech-inc")
    assert 'value="initech-inc"' in reply.text


def test_markup_in_every_field_is_shown_as_text(open_server: OpenServer) -> None:
    server = open_server()
    kept = add(server, text=MARKUP, companies="<b>acme</b>", competency="conflict")
    assert kept.status_code == 303
    for path in (kept.headers["location"], "/questions?own=yes", "/", "/questions/new", "/questions"):
        text = server.client().get(path).text
        assert "<script>alert" not in text
        assert "<b>acme" not in text
        assert "and 49" not in text
    failed = add(server, **dict.fromkeys(("text", "pillar", "competency", "companies", "level"), MARKUP))
    assert failed.status_code == 422
    assert "<script>alert" not in failed.text


def test_words_are_looked_for_in_text_subject_and_name() -> None:
    bank = QuestionBank.load()
    assert bank.get("failed-program") in holding(bank.questions, "FAILED-program")
    assert holding(bank.questions, " ") == bank.questions
    assert all("dive deep" in each.competency.replace("-", " ") for each in holding(bank.questions, "dive deep amazon"))


def heard(reply: Response) -> float:
    """Seconds of a WAV file."""
    with wave.open(io.BytesIO(reply.content)) as file:
        return file.getnframes() / file.getframerate()


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> ScriptedSynthesizer:
    voice = ScriptedSynthesizer()
    monkeypatch.setattr("voicemock.api.load_synthesizer", lambda settings: (voice, None))
    monkeypatch.setattr("voicemock.api.voice_fingerprint", lambda settings: None)
    return voice


@pytest.mark.parametrize("path", ["/speech/question/failed-program", "/speech/test"])
def test_a_question_is_heard(open_server: OpenServer, voice: ScriptedSynthesizer, path: str) -> None:
    reply = open_server().client().get(path)
    assert reply.headers["content-type"] == "audio/wav"
    assert heard(reply) > 0


def test_speech_that_cannot_be_is_told(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    client = open_server().client()
    assert client.get("/speech/question/none").status_code == 404
    monkeypatch.setattr("voicemock.api.load_synthesizer", lambda settings: (None, "No voice works here."))
    monkeypatch.setattr("voicemock.api.voice_fingerprint", lambda settings: None)
    reply = client.get("/speech/test")
    assert (reply.status_code, reply.text) == (409, "No voice works here.")


def test_a_silent_interviewer_is_told(open_server: OpenServer) -> None:
    server = open_server()
    server.app.state.settings = server.settings.model_copy(update={"voice": "silent"})
    assert server.client().get("/speech/test").text == "The interviewer is silent, as you chose."
