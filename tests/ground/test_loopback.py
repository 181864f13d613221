"""Only addresses of this machine are accepted."""

from __future__ import annotations

import pytest

from voicemock.errors import ContentError
from voicemock.settings import load_settings, loopback_url

HERE = [
    ("http://localhost:11434/v1", "http://127.0.0.1:11434/v1"),
    ("http://LOCALHOST:1234", "http://127.0.0.1:1234/v1"),
    ("HTTP://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
    ("http://127.8.9.10:8080/api/v1", "http://127.8.9.10:8080/api/v1"),
    ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]:80/v1"),
    ("http://127.0.0.1", "http://127.0.0.1:80/v1"),
]

ELSEWHERE = [
    "http://example.org/v1",
    "http://localhost.example.org/v1",
    "http://127.0.0.1.example.org/v1",
    "http://10.0.0.5:8080/v1",
    "http://0.0.0.0:8080/v1",
    "http://[::]:8080/v1",
    "http://[::ffff:10.0.0.5]/v1",
    "http://2130706433/v1",
    "http://127.1/v1",
    "http://0x7f.0.0.1/v1",
    "http://my-server:8080",
    "http://localhost./v1",
    "http:///v1",
    "http://",
    "https://localhost:8080/v1",
    "ftp://localhost/v1",
    "file:///etc/passwd",
    "//localhost/v1",
    "http://localhost@example.org/v1",
    "http://example.org@localhost/v1",
    "http://user:secret@localhost/v1",
    "http://localhost:99999/v1",
    "http://localhost:port/v1",
    "http://localhost/v1?to=http://example.org",
    "http://localhost/v1#there",
    "http://localhost\\@example.org/v1",
    "http://localhost/\\example.org",
    "http://localhost/v1/../admin",
    "http://localhost/%2e%2e/v1",
    "http://localhost/v1 HTTP/1.1",
    "http://loc\u0430lhost/v1",
    "http://[::1/v1",
    "\x1b[2Jhttp://example.org",
]


@pytest.mark.parametrize("given", ["127.0.0.1:11434", "localhost:11434/v1"])
def test_the_setting_may_lack_its_http(given: str) -> None:
    assert load_settings(language_model=given).language_model == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize("given", ["10.0.0.5:8080", "[::2]:8080"])
def test_another_machine_is_refused_without_http_too(given: str) -> None:
    with pytest.raises(ContentError):
        load_settings(language_model=given)


@pytest.mark.parametrize(("given", "taken"), HERE)
def test_an_address_of_this_machine_is_put_together_anew(given: str, taken: str) -> None:
    assert loopback_url(given) == taken


@pytest.mark.parametrize("given", ELSEWHERE)
def test_every_other_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        loopback_url(given)
    assert str(caught.value).isprintable()


def test_the_settings_refuse_it_and_say_what_to_do() -> None:
    with pytest.raises(ContentError, match=r"language_model .*not on this machine.*use localhost"):
        load_settings(language_model="http://example.org/v1")


def test_the_language_model_is_off() -> None:
    settings = load_settings()
    assert settings.language_model is None
    assert load_settings(language_model="").language_model is None
    assert settings.second_opinion is None
    assert settings.language_model_shares == "transcript"
