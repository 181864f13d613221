"""The client of a model server: only this machine, and within its time, whatever the server does."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.coaching.language_model.scripted_server import Handler, Reply, listing, saying, serving, streaming
from voicemock.coaching.language_model.briefing import Message
from voicemock.coaching.language_model.server import OpenAiCompatible
from voicemock.errors import LanguageModelError

MESSAGES = (Message("system", "Be kind."), Message("user", "{}"))
SCHEMA = {"type": "object"}


def always(body: bytes, status: int = 200, **headers: str) -> Reply:
    return lambda handler, request: handler.send(body, status, **headers)


def failure(script: Reply, *, timeout_s: float = 20, model: str | None = "small") -> LanguageModelError:
    with serving(script) as server, pytest.raises(LanguageModelError) as caught:
        OpenAiCompatible(server.url, model=model, timeout_s=timeout_s).complete(MESSAGES, SCHEMA)
    return caught.value


def test_messages_and_schema_are_sent_and_the_content_comes_back() -> None:
    with serving(always(saying('{"s1": "Hello"}'))) as server:
        assert OpenAiCompatible(server.url, model="small").complete(MESSAGES, SCHEMA) == '{"s1": "Hello"}'
    [(path, body)] = server.requests
    assert path == "/v1/chat/completions"
    assert body["model"] == "small"
    assert body["messages"] == [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "{}"}]
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert "authorization" not in server.headers[0]
    assert "cookie" not in server.headers[0]


@pytest.mark.parametrize("status", [400, 422, 500, 501])
def test_a_server_that_knows_no_schemas_is_asked_without_one(status: int) -> None:
    def script(handler: Handler, request: dict[str, Any]) -> None:
        if "response_format" in request:
            handler.send(b'{"error": "unknown field response_format"}', status)
        else:
            handler.send(saying("fine"))

    with serving(script) as server:
        assert OpenAiCompatible(server.url, model="small").complete(MESSAGES, SCHEMA) == "fine"
    assert len(server.requests) == 2


def test_the_only_model_is_found_and_named() -> None:
    def script(handler: Handler, request: dict[str, Any]) -> None:
        embeds = "text-embedding-nomic"
        handler.send(
            listing(embeds, "qwen3:4b", "gpt-oss:120b-cloud") if handler.path == "/v1/models" else saying("fine")
        )

    with serving(script) as server:
        model = OpenAiCompatible(server.url)
        assert model.name.startswith("http://127.0.0.1:")
        assert model.complete(MESSAGES, SCHEMA) == "fine"
    assert model.name == "qwen3:4b"


@pytest.mark.parametrize(
    ("models", "told"),
    [
        (("qwen3:4b", "llama3.2"), "language_model_name: qwen3:4b, llama3.2"),
        ((), "no model that runs on this machine"),
        (("gpt-oss:120b-cloud",), "no model that runs on this machine"),
    ],
)
def test_several_models_or_none_are_not_guessed_among(models: tuple[str, ...], told: str) -> None:
    error = failure(always(listing(*models)), model=None)
    assert error.reason == "no_model"
    assert told in str(error)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("qwen3:4b", "qwen3:4b"),
        ("hf.co/owner/model:Q4_K_M", "hf.co/owner/model:Q4_K_M"),
        ("/home/me/models/small.gguf", "small.gguf"),
        ("C:\\models\\small.gguf", "small.gguf"),
        ("a\x1b[2Jb\n", "a[2Jb"),
        ("x" * 500, "x" * 100),
    ],
)
def test_a_model_is_called_without_folders_and_control_characters(given: str, shown: str) -> None:
    assert OpenAiCompatible("http://localhost:1", model=given).name == shown


@pytest.mark.parametrize("name", ["gpt-oss:120b-cloud", "kimi-k2:CLOUD"])
def test_a_model_on_other_machines_is_refused(name: str) -> None:
    with pytest.raises(LanguageModelError, match="may leave this one"):
        OpenAiCompatible("http://localhost:11434", model=name)


@pytest.mark.parametrize(
    "url", ["http://example.org/v1", "http://192.168.1.5:8080/v1", "https://localhost/v1", "http://0.0.0.0:1/v1"]
)
def test_another_machine_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"localhost or 127|http://127"):
        OpenAiCompatible(url)


# --- streams -------------------------------------------------------------------------------------------

EVENTS = "text/event-stream"


def streamed(body: bytes) -> str:
    with serving(always(body, content_type=EVENTS)) as server:
        return OpenAiCompatible(server.url, model="small", timeout_s=20).complete(MESSAGES, SCHEMA)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (streaming('{"a"', ': "b', '"}'), '{"a": "b"}'),
        (streaming('{"a"', ': "b', '"}', ends=False), '{"a": "b"}'),
        (streaming("<think>{}", "</think>", '{"a": 1}'), '<think>{}</think>{"a": 1}'),
        (streaming('{"a": "}', '"}'), '{"a": "}"}'),
        (streaming("I would rather not."), "I would rather not."),
        (b': ping\n\nevent: x\ndata: {"choices": []}\n\n' + streaming("{}"), "{}"),
        (streaming("{}").replace(b"\n", b"\r\n"), "{}"),
        (b'data: {"choices": [{"delta": {"reasoning_content": "hm"}}]}\n\n' + streaming("{}"), "{}"),
    ],
)
def test_the_pieces_of_a_stream_are_put_together_without_thoughts_of_their_own_field(body: bytes, text: str) -> None:
    assert streamed(body) == text


def test_nobody_waits_for_a_model_that_goes_on_after_its_answer() -> None:
    over = threading.Event()

    def script(handler: Handler, request: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("content-type", EVENTS)
        handler.end_headers()
        handler.wfile.write(streaming('{"a": 1}', ends=False))
        handler.wfile.flush()
        assert over.wait(60)

    with serving(script) as server:
        assert OpenAiCompatible(server.url, model="small", timeout_s=30).complete(MESSAGES, SCHEMA) == '{"a": 1}'
        over.set()


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("malformed", streaming()),
        ("malformed", b"data: hello\n\n"),
        ("malformed", b""),
        ("broken_off", streaming('{"a": ', ends=False)),
        ("server_error", b'data: {"error": {"message": "out of memory"}}\n\n'),
    ],
)
def test_a_stream_that_is_none_is_an_error(reason: str, body: bytes) -> None:
    assert failure(always(body, content_type=EVENTS)).reason == reason


def test_a_stream_without_an_end_is_cut_off() -> None:
    assert failure(always(streaming("word " * 100) * 12_000, content_type=EVENTS)).reason == "too_large"


BROKEN = [
    ("malformed", b"", 200),
    ("malformed", b"<html>hello</html>", 200),
    ("malformed", b'{"choices": []}', 200),
    ("malformed", b'{"choices": [{"message": {"content": null}}]}', 200),
    ("malformed", b'{"choices": [{"message": {}}]}', 200),
    ("malformed", b"[" * 50_000, 200),
    ("malformed", b"\xff\xfe", 200),
    ("server_error", b'{"error": {"message": "model not loaded"}}', 404),
    ("server_error", b"[" * 50_000, 503),
    ("server_error", b'{"error": {}}', 401),
    ("too_large", saying("x" * 300_000), 200),
    ("too_large", b"x" * 300_000, 503),
]


@pytest.mark.parametrize(("reason", "body", "status"), BROKEN)
def test_a_broken_answer_is_told_from_none(reason: str, body: bytes, status: int) -> None:
    assert failure(always(body, status)).reason == reason


def test_what_the_server_says_of_its_failure_is_shown_without_control_characters() -> None:
    error = failure(always(b'{"error": {"message": "\\u001b[2Jno such model"}}', 404))
    assert "status 404: [2Jno such model." in str(error)


def test_a_redirect_is_not_followed() -> None:
    with serving(always(saying("stolen"))) as elsewhere:
        error = failure(always(b"", 307, location=f"{elsewhere.url}/chat/completions"))
    assert error.reason == "server_error"
    assert elsewhere.requests == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(always(saying("through a proxy"))) as proxy, serving(always(saying("fine"))) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert OpenAiCompatible(server.url, model="small").complete(MESSAGES, SCHEMA) == "fine"
    assert proxy.requests == []


def test_a_compressed_answer_is_not_unpacked() -> None:
    assert failure(always(b"\x1f\x8b", 200, content_encoding="gzip")).reason == "malformed"


def test_a_missing_server_is_named_with_its_address() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(LanguageModelError, match=f"127.0.0.1:{port}/v1") as caught:
            OpenAiCompatible(f"http://localhost:{port}", model="small").complete(MESSAGES, SCHEMA)
    assert caught.value.reason == "unreachable"


def test_the_time_is_for_all_of_an_answer_even_if_it_drips() -> None:
    over = threading.Event()

    def script(handler: Handler, request: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not over.wait(0.01):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except OSError:
            over.set()

    assert failure(script, timeout_s=0.2).reason == "timeout"
    assert over.wait(60), "the connection was not closed"


def test_closing_ends_a_running_call_from_another_thread_and_every_later_one() -> None:
    asked, over = threading.Event(), threading.Event()

    def script(handler: Handler, request: dict[str, Any]) -> None:
        asked.set()
        handler.rfile.read(1)  # returns when the client hangs up
        over.set()

    reasons: list[str] = []
    with serving(script) as server:
        model = OpenAiCompatible(server.url, model="small", timeout_s=60)

        def ask() -> None:
            with pytest.raises(LanguageModelError) as caught:
                model.complete(MESSAGES, SCHEMA)
            reasons.append(caught.value.reason)

        thread = threading.Thread(target=ask)
        thread.start()
        assert asked.wait(60)
        model.close()
        thread.join(60)
        assert over.wait(60), "the server goes on after the client left"
        ask()
        model.close()
    assert reasons == ["closed", "closed"]
    assert len(server.requests) == 1


ASKS = """
import sys
from voicemock.cli.output import exit_code_of, heed_signals
from voicemock.coaching.language_model.server import OpenAiCompatible
heed_signals()
try:
    OpenAiCompatible(sys.argv[1], model="small", timeout_s=600).complete((), {})
except KeyboardInterrupt as error:
    sys.exit(exit_code_of(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_wait_for_a_model(number: signal.Signals, exit_code: int) -> None:
    asked = threading.Event()

    def script(handler: Handler, request: dict[str, Any]) -> None:
        asked.set()
        handler.rfile.read(1)  # returns when the client hangs up

    with serving(script) as server, subprocess.Popen([sys.executable, "-c", ASKS, server.url]) as program:
        assert asked.wait(60)
        program.send_signal(number)
        assert program.wait(60) == exit_code


def test_who_asks_may_be_in_an_event_loop() -> None:
    async def ask(url: str) -> str:
        return OpenAiCompatible(url, model="small").complete(MESSAGES, SCHEMA)

    reply = always(saying('{"s1": "Hello"}'))
    # a thread of its own: this one may have a loop already
    with serving(reply) as server, ThreadPoolExecutor(max_workers=1) as executor:
        assert executor.submit(lambda: asyncio.run(ask(server.url))).result() == '{"s1": "Hello"}'
