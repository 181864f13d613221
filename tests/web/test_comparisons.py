"""Takes side by side in the page: the same numbers as on the terminal."""

from __future__ import annotations

import re

import pytest

from tests.commands import voicemock
from tests.web.conftest import OpenServer
from tests.web.kept_sessions import keep
from tests.web.test_reviews import words_of
from voicemock.practice.comparison import NOTHING_TO_COMPARE, TOO_MANY_NAMES


def cells(html: str) -> list[list[str]]:
    """The rows of the tables."""
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [[words_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


@pytest.mark.parametrize("names", [(), ("kafka",), ("20261123", "20261124")])
def test_takes_stand_beside_each_other_as_on_the_terminal(open_server: OpenServer, names: tuple[str, ...]):
    server = open_server()
    kept = [keep(server, "We moved it.", day=day, story="Kafka") for day in range(2)]
    query = "&".join(f"name={name}" for name in names)
    html = server.client().get(f"/sessions/compare?{query}").text
    printed = voicemock("compare", *names, "--data-dir", server.settings.data_dir).stdout
    shown = cells(html)
    lines = [line.split() for line in printed.splitlines()]
    assert all(" ".join(row).split() in lines for row in shown[1:])
    assert ["Length", "3:22", "3:22", "="] in shown
    for session in kept:
        assert f'href="/sessions/{session.id}#answer-1"' in html
    assert "older rules" in html


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("", 200, NOTHING_TO_COMPARE),
        ("name=Kafka", 400, NOTHING_TO_COMPARE),
        ("name=%3Cb%3E", 400, "No session '<b>'"),
        ("name=a&name=b&name=c", 400, TOO_MANY_NAMES),
    ],
)
def test_what_cannot_be_compared_is_told(open_server: OpenServer, query: str, status: int, told: str):
    server = open_server()
    keep(server, "We moved it.", story="Kafka")
    reply = server.client().get(f"/sessions/compare?{query}")
    assert reply.status_code == status
    assert told in words_of(reply.text)
    assert "<b>" not in reply.text


def test_what_has_two_takes_is_listed_and_the_newest_are_shown(open_server: OpenServer):
    server = open_server()
    for day in range(7):
        keep(server, "We moved it.", day=day, questions=("failed-program",))
    for day in (8, 9):
        keep(server, "We moved it.", day=day, story="Kafka & co")
    client = server.client()
    html = client.get("/sessions/compare").text
    assert re.findall(r'href="(/sessions/compare\?name=[^"]*)"', html) == [
        "/sessions/compare?name=Kafka%20%26%20co",
        "/sessions/compare?name=failed-program",
    ]
    html = client.get("/sessions/compare?name=failed-program").text
    assert len(cells(html)[0]) == 7
    assert 'href="/sessions/compare?name=failed-program&amp;all">Show all 7 takes' in html
    assert len(cells(client.get("/sessions/compare?name=failed-program&all").text)[0]) == 9


def test_a_review_leads_to_the_other_takes(open_server: OpenServer):
    server = open_server()
    first = keep(server, "We moved it.", story="Kafka")
    client = server.client()
    assert "Compare your" not in client.get(f"/sessions/{first.id}").text
    keep(server, "We moved it.", day=1, story="Kafka")
    assert 'href="/sessions/compare?name=Kafka">Compare your 2 takes' in client.get(f"/sessions/{first.id}").text
