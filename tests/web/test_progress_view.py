"""The progress in the page: the same numbers and words as in the terminal, with links in place of commands."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime

import pytest

from tests.commands import voicemock
from tests.progresses import practiced
from tests.web.conftest import OpenServer
from tests.web.stages import Server

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def quarter(open_server: OpenServer) -> Server:
    server = open_server()
    practiced(server.settings.data_dir, datetime.now(UTC))
    return server


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_it_says_what_the_command_says(quarter: Server):
    shown = quarter.client().get("/progress").text
    found = json.loads(voicemock("progress", "--json", "--data-dir", quarter.settings.data_dir).stdout)
    text = text_of(shown)
    for section in found["sections"]:
        assert section["title"] in text
        assert all(trend["title"] in text for trend in section["trends"])
    assert all(step["what"] in text for step in found["next_steps"])
    assert "voicemock practice" not in text  # each command is a link
    assert "voicemock show" not in text
    drawn = [json.loads(html.unescape(data)) for data in re.findall(r'data-drawn="([^"]*)"', shown)]
    assert len(drawn) == sum(bool(trend["weeks"]) for section in found["sections"] for trend in section["trends"])
    assert all(data["points"] for data in drawn)


def test_filters_choose_as_those_of_the_command(quarter: Server):
    shown = text_of(quarter.client().get("/progress?pillar=program_sense&framework=&since=").text)
    assert "Dependency triage" in shown
    assert "Behavioral" not in shown.partition("Since")[2]
    assert "No such answer is kept" in quarter.client().get("/progress?since=2999-01-01").text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("pillar=cooking", "There is no pillar 'cooking'. Choose one of: program-sense"),
        ("framework=cooking", "There is no framework 'cooking'."),
        ("since=18.12.2026", "'18.12.2026' is not a date."),
        (f"since={HOSTILE}", "is not a date."),
        (f"pillar={HOSTILE}", "There is no pillar"),
    ],
)
def test_what_it_does_not_take_is_told_on_the_page(quarter: Server, query: str, told: str):
    refused = quarter.client().get(f"/progress?{query}")
    assert refused.status_code == 400
    assert told in text_of(refused.text)
    assert "<img" not in refused.text


def test_without_an_answer_it_says_how_to_begin(open_server: OpenServer):
    shown = open_server().client().get("/progress")
    assert shown.status_code == 200
    assert 'Your progress shows here after your first answer. <a href="/">' in shown.text


@pytest.mark.parametrize("path", ["/progress", "/plan", "/stories?company=amazon", "/stories/new_story"])
def test_a_page_has_no_inline_script_and_no_style_of_its_own(quarter: Server, path: str):
    shown = quarter.client().get(path)
    assert shown.status_code == 200
    assert not re.findall(r"<script(?![^>]*\bsrc=\"/static/)", shown.text)
    assert not re.findall(r"<style|\sstyle=|\son\w+=|javascript:|https?:", shown.text)
