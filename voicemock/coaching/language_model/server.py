"""Client for a local server with OpenAI's protocol: Ollama, llama.cpp, LM Studio."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, Final, TypeVar

from httpx2 import AsyncClient, ReadError, Response, TransportError
from pydantic import BaseModel, ValidationError

from voicemock.coaching.language_model.briefing import Message
from voicemock.coaching.language_model.checks import holds_an_object
from voicemock.errors import LanguageModelError
from voicemock.settings import loopback_url

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

MOST_BYTES: Final = 256_000
"""A hundred times the longest answer requested."""
MOST_TOKENS: Final = 2000
"""Three times what a rewritten answer of 450 words needs; the rest is for a model that thinks first."""
MOST_STREAMED_BYTES: Final = 4_000_000
"""Each token comes in an event of its own, of about 250 bytes: four times what the tokens need, thoughts included."""
_MOST_OF_A_NAME: Final = 100
TEMPERATURE: Final = 0.3
SEED: Final = 7

_REFUSES_SCHEMAS: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.NOT_IMPLEMENTED,
    }
)
"""How servers refuse a ``response_format`` of the kind "json_schema" that they do not support."""

_ELSEWHERE: Final = re.compile(r"[:-]cloud$", re.IGNORECASE)
"""Ending of the names of models that Ollama runs on its maker's machines."""


class _ModelEntry(BaseModel):
    id: str


class _ModelList(BaseModel):
    data: list[_ModelEntry]


class _ReplyMessage(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _ReplyMessage


class _Reply(BaseModel):
    choices: list[_Choice]


class _Delta(BaseModel):
    content: str | None = None
    """Thoughts have a field of their own on some servers, which is not read."""


class _PieceChoice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Piece(BaseModel):
    choices: list[_PieceChoice] = []


class OpenAiCompatible:
    """Asks a server on this machine. No proxy, no redirect, no other host, and limits on time and size.

    Args:
        url: Base address, e.g. ``http://127.0.0.1:11434/v1``.
        model: Name of the model; None if the server has only one.
        timeout_s: Total seconds that one call may take.

    Raises:
        ValueError: The address is not on this machine.
        LanguageModelError: The model is one that Ollama runs elsewhere.
    """

    def __init__(self, url: str, *, model: str | None = None, timeout_s: float = 6.0) -> None:
        self._url = loopback_url(url)
        self._model = _of_this_machine(model) if model else None
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._is_closed = False
        self._give_up: Callable[[], object] | None = None

    @property
    def name(self) -> str:
        """The server's name for the model; the address until that is known."""
        if self._model is None:
            return self._url
        file = self._model.replace("\\", "/").rpartition("/")[2]
        name = file if file.endswith(".gguf") else self._model  # llama.cpp names a model by its path
        return "".join(each for each in name if each.isprintable())[:_MOST_OF_A_NAME]

    def models(self) -> tuple[str, ...]:
        """Return the names of the server's models, without those for embeddings.

        Raises:
            LanguageModelError: The server does not list them.
        """
        return self._run(self._models)

    def complete(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the model's answer.

        Raises:
            LanguageModelError: There is none, or not in time.
        """
        return self._run(lambda client: self._complete(client, messages, schema))

    def close(self) -> None:
        """Make running and later calls raise."""
        with self._lock:
            self._is_closed = True
            if self._give_up:
                self._give_up()

    def _run(self, work: Callable[[AsyncClient], Coroutine[Any, Any, T]]) -> T:
        """Run one call on a thread of its own, because the caller may already be in an event loop.

        Ctrl-C ends the call, too: without that, the thread would be waited for.
        """
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="language model call") as executor:
            try:
                return executor.submit(self._run_in_a_loop, work).result()
            except KeyboardInterrupt:
                self.close()
                raise

    def _run_in_a_loop(self, work: Callable[[AsyncClient], Coroutine[Any, Any, T]]) -> T:
        """Run one call in an event loop of its own that ``close`` can reach."""
        with asyncio.Runner() as runner:
            try:
                return runner.run(self._in_time(runner.get_loop(), work))
            except TimeoutError:
                raise LanguageModelError(
                    f"{self.name} did not answer within {self._timeout_s:g} s.", "timeout"
                ) from None
            except asyncio.CancelledError:
                raise LanguageModelError(f"{self.name} is no longer asked.", "closed") from None
            except ReadError as error:
                raise LanguageModelError(
                    f"The server of {self.name} stopped in the middle of its answer.", "broken_off"
                ) from error
            except TransportError as error:
                raise LanguageModelError(
                    f"No language model answers at {self._url} ({error or type(error).__name__}). Start its server, "
                    "or leave the setting language_model out.",
                    "unreachable",
                ) from error

    async def _in_time(
        self, loop: asyncio.AbstractEventLoop, work: Callable[[AsyncClient], Coroutine[Any, Any, T]]
    ) -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs is in a task
        with self._lock:
            if self._is_closed:
                raise asyncio.CancelledError
            self._give_up = lambda: loop.call_soon_threadsafe(task.cancel)
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                AsyncClient(
                    trust_env=False,
                    follow_redirects=False,
                    timeout=None,  # asyncio.timeout limits the whole call
                    verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # trusts no certificate: only plain HTTP is used
                    headers={"accept-encoding": "identity", "user-agent": "voicemock"},
                ) as client,
            ):
                return await work(client)
        finally:
            with self._lock:
                self._give_up = None

    async def _models(self, client: AsyncClient) -> tuple[str, ...]:
        async with client.stream("GET", f"{self._url}/models") as response:
            body = await self._bounded(response)
        if response.status_code != HTTPStatus.OK:
            raise self._refusal(response.status_code, body)
        listed = self._parsed(body, _ModelList)
        return tuple(entry.id for entry in listed.data if "embed" not in entry.id.casefold())

    async def _complete(self, client: AsyncClient, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        if self._model is None:
            self._model = _of_this_machine(_only_one(await self._models(client), self._url))
        question: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "temperature": TEMPERATURE,
            "seed": SEED,
            "max_tokens": MOST_TOKENS,
            "stream": True,
        }
        form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)}}
        status, text = await self._ask(client, {**question, "response_format": form})
        if status in _REFUSES_SCHEMAS:
            status, text = await self._ask(client, question)
        if status != HTTPStatus.OK:
            raise self._refusal(status, text.encode())
        return text

    async def _ask(self, client: AsyncClient, question: dict[str, Any]) -> tuple[int, str]:
        """Return the status of one request, and the answer, or the body of a refusal.

        The answer is read piece by piece. Once its JSON object is complete, the connection is closed: nobody
        waits for a model that goes on talking.
        """
        async with client.stream("POST", f"{self._url}/chat/completions", json=question) as response:
            is_streamed = response.headers.get("content-type", "").startswith("text/event-stream")
            if response.status_code != HTTPStatus.OK or not is_streamed:
                body = await self._bounded(response)
                is_told = response.status_code == HTTPStatus.OK
                return response.status_code, self._whole(body) if is_told else body.decode("utf-8", "replace")
            text = ""
            async for piece in self._pieces(response):
                text += piece
                if piece.rstrip().endswith("}") and holds_an_object(text):
                    break
            if not text:
                raise LanguageModelError(f"{self.name} answered with nothing.", "malformed")
            return response.status_code, text

    def _whole(self, body: bytes) -> str:
        reply = self._parsed(body, _Reply)
        if not reply.choices:
            raise LanguageModelError(f"{self.name} answered with nothing.", "malformed")
        return reply.choices[0].message.content

    async def _pieces(self, response: Response) -> AsyncIterator[str]:
        """Yield the pieces of an answer that is streamed as server-sent events."""
        rest, size, is_begun, is_over = b"", 0, False, False
        self._refuse_compressed(response)
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > MOST_STREAMED_BYTES:
                raise LanguageModelError(f"{self.name} does not stop talking.", "too_large")
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                data = line.removeprefix(b"data:").strip()
                is_over = is_over or data == b"[DONE]"
                if not line.startswith(b"data:") or data == b"[DONE]":
                    continue
                if data.startswith(b'{"error"'):
                    raise self._refusal(HTTPStatus.OK, data)
                for choice in self._parsed(data, _Piece).choices:
                    is_begun, is_over = True, is_over or choice.finish_reason is not None
                    yield choice.delta.content or ""
        if is_begun and not is_over:
            raise LanguageModelError(f"The server of {self.name} stopped in the middle of its answer.", "broken_off")

    async def _bounded(self, response: Response) -> bytes:
        """Return the body of a response; one that is too large or compressed is an error."""
        self._refuse_compressed(response)
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MOST_BYTES:
                raise LanguageModelError(f"{self.name} answered with more than {MOST_BYTES} bytes.", "too_large")
        return bytes(body)

    def _refuse_compressed(self, response: Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise LanguageModelError(f"{self.name} answered in a form that was not asked for.", "malformed")

    def _parsed(self, body: bytes, shape: type[M]) -> M:
        try:
            return shape.model_validate_json(body)
        except ValidationError as error:
            raise LanguageModelError(
                f"What answers at {self._url} does not talk like OpenAI's servers. The address often ends in /v1.",
                "malformed",
            ) from error

    def _refusal(self, status: int, body: bytes) -> LanguageModelError:
        """Return the error for an HTTP error status, with the server's message if it has one."""
        try:
            told = json.loads(body)["error"]
            words = told["message"] if isinstance(told, dict) else told
        except (ValueError, KeyError, TypeError, RecursionError):
            words = ""
        shown = "".join(each for each in str(words) if each.isprintable())[:200] or "no reason given"
        hint = f" The address {self._url} often ends in /v1." if status == HTTPStatus.NOT_FOUND else ""
        return LanguageModelError(f"{self.name} refused with status {status}: {shown}.{hint}", "server_error")


def runs_here(model: str) -> bool:
    """Return whether a model runs on this machine, by its name: Ollama calls those elsewhere "cloud"."""
    return not _ELSEWHERE.search(model)


def _only_one(models: tuple[str, ...], url: str) -> str:
    """Return the one model that a server has; none and several are errors."""
    here = tuple(filter(runs_here, models))
    if len(here) == 1:
        return here[0]
    if not here:
        raise LanguageModelError(f"The server at {url} has no model that runs on this machine. Load one.", "no_model")
    shown = ", ".join(here[:8])
    raise LanguageModelError(
        f"The server at {url} has several models; choose one with language_model_name: {shown}.", "no_model"
    )


def _of_this_machine(model: str) -> str:
    """Return the name of a model that runs here; one that Ollama runs on other machines is an error."""
    if not runs_here(model):
        raise LanguageModelError(
            f"{model} runs on the machines of Ollama's maker, and nothing that you say may leave this one.", "no_model"
        )
    return model
