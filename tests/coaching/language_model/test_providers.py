"""Servers on this machine are found on their usual ports, and used once the candidate has agreed."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.coaching.language_model.scripted_server import listing, serving
from voicemock.coaching.language_model.providers import (
    USUAL,
    agree,
    find_servers,
    has_model,
    wanting,
    with_known_server,
    withdraw,
)
from voicemock.settings import SECOND_OPINION_FILE, load_settings

URL = "http://127.0.0.1:11434/v1"


def test_the_usual_ports() -> None:
    assert dict(USUAL) == {"Ollama": 11434, "llama.cpp": 8080, "LM Studio": 1234}


def test_a_server_that_answers_is_found_with_the_models_that_run_here() -> None:
    models = listing("qwen3:4b", "gpt-oss:120b-cloud", "text-embedding-nomic")
    with serving(lambda handler, request: handler.send(models)) as server:
        port = urlsplit(server.url).port
        assert port is not None
        (found,) = find_servers((("Ollama", port), ("nobody", 9)), timeout_s=20)
    assert (found.title, found.url, found.models) == ("Ollama", f"http://127.0.0.1:{port}/v1", ("qwen3:4b",))
    assert [path for path, _ in server.requests] == ["/v1/models"]


@pytest.mark.parametrize("body", [b"<html>", listing(), listing("gpt-oss:120b-cloud")])
def test_another_program_on_the_port_and_a_server_without_a_model_are_passed_over(body: bytes) -> None:
    with serving(lambda handler, request: handler.send(body)) as server:
        assert find_servers((("Ollama", urlsplit(server.url).port or 0),), timeout_s=20) == ()


def test_what_was_agreed_to_is_used_where_a_second_opinion_is_wanted(tmp_path: Path) -> None:
    agree(tmp_path / "data", URL, "qwen3:4b")
    wanted = with_known_server(load_settings(data_dir=tmp_path / "data", second_opinion=True))
    assert (wanted.language_model, wanted.language_model_name) == (URL, "qwen3:4b")
    for given in ({}, {"second_opinion": False}):
        assert with_known_server(load_settings(data_dir=tmp_path / "data", **given)).language_model is None


def test_who_asks_on_a_page_wants_one_unless_the_settings_say_no(tmp_path: Path) -> None:
    agree(tmp_path, URL, None)
    for given, is_asked in (({}, True), ({"second_opinion": True}, True), ({"second_opinion": False}, False)):
        assert has_model(wanting(load_settings(data_dir=tmp_path, **given))) == is_asked
    assert not has_model(load_settings(data_dir=tmp_path))


def test_consent_can_be_withdrawn(tmp_path: Path) -> None:
    agree(tmp_path, URL, None)
    for _ in range(2):
        withdraw(tmp_path)
        assert not has_model(load_settings(data_dir=tmp_path, second_opinion=True))


def test_an_address_in_the_settings_goes_first(tmp_path: Path) -> None:
    agree(tmp_path, URL, None)
    given = load_settings(data_dir=tmp_path, second_opinion=True, language_model="http://127.0.0.1:1/v1")
    assert with_known_server(given) == given


@pytest.mark.parametrize(
    "text", ["", "[]", json.dumps({"url": "http://example.org/v1"}), json.dumps({"url": "http://10.0.0.1:11434/v1"})]
)
def test_a_file_that_names_another_machine_or_nothing_is_not_followed(tmp_path: Path, text: str) -> None:
    (tmp_path / SECOND_OPINION_FILE).write_text(text, encoding="utf-8")
    assert with_known_server(load_settings(data_dir=tmp_path, second_opinion=True)).language_model is None
