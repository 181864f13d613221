"""The search in the page: the passage, its moment, and a link to it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.web.conftest import OpenServer
from tests.web.kept_sessions import keep
from tests.web.test_reviews import MARKUP, words_of
from voicemock.report.session_lines import NOT_SAID


def test_what_was_said_is_found_with_a_link_to_its_moment(open_server: OpenServer):
    server = open_server()
    session = keep(server, "Nothing here.", "We moved the Kafka cluster.", questions=("failed-program",) * 2)
    html = server.client().get("/search?q=kafka").text
    assert re.findall(r'href="(/sessions/2[^"]*)"', html) == [f"/sessions/{session.id}?at=3.0#answer-2"]
    assert '<mark class="found">Kafka</mark>' in html
    text = words_of(html)
    assert "1 answer." in text
    assert "answer 2, at 0:03" in text
    assert "Tell me about a program of yours that failed" in text
    assert 'value="kafka"' in html


def test_it_is_narrowed_as_on_the_command_line(open_server: OpenServer):
    server = open_server()
    told = keep(server, "We moved Kafka.", story="Kafka")
    asked = keep(server, "We moved Kafka.", day=3, loop="amazon", questions=("failed-program",))

    def found(query: str) -> list[str]:
        html = server.client().get(f"/search?q=kafka&{query}").text
        return sorted(re.findall(r'href="/sessions/(2[\d-]+[0-9a-f]{4})\?', html))

    assert found("") == sorted([told.id, asked.id])
    assert found("since=2026-11-24") == found("pillar=behavioral") == found("loop=amazon") == [asked.id]
    assert found("until=2026-11-23") == found("story=kafka") == [told.id]
    assert found("since=&until=&pillar=&company=&loop=&story=") == sorted([told.id, asked.id])


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("q=", 200, "Narrow it down"),
        ("q=nothing", 200, NOT_SAID),
        ("q=%21%21", 400, "There is no word to search for in '!!'"),
        ("q=kafka&since=yesterday", 400, "'yesterday' is not a date. Write it like this: 2026-12-18"),
        ("q=kafka&story=Nothing", 400, "No story 'Nothing' is kept."),
    ],
)
def test_what_cannot_be_found_is_told(open_server: OpenServer, query: str, status: int, told: str):
    server = open_server()
    keep(server, "We moved Kafka.")
    reply = server.client().get(f"/search?{query}")
    assert reply.status_code == status
    assert told in words_of(reply.text)


def test_more_are_shown_when_asked_for(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("voicemock.web.views.search.BEST", 2)
    server = open_server()
    keep(server, *["We moved Kafka."] * 3)
    html = server.client().get("/search?q=kafka").text
    assert html.count("#answer-") == 2
    (more,) = re.findall(r'href="(/search\?[^"]*)">Show more', html)
    assert server.client().get(more.replace("&amp;", "&")).text.count("#answer-") == 3


@pytest.mark.parametrize("field", ["q", "since", "until", "pillar", "company", "loop", "story"])
def test_each_field_is_text(open_server: OpenServer, field: str):
    server = open_server()
    keep(server, MARKUP, story="Kafka <i>co</i>")
    html = server.client().get(f"/search?q=alert&{field}={quote(MARKUP)}").text
    assert "<img" not in html
    assert "<script>alert" not in html
    assert "<i>" not in html
