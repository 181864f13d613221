"""Replies of a server that calls itself a language model: any body with any status."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.coaching.language_model.answers import DRILL, IN_OTHER_WORDS, SAID, SENTENCES, assessment, question
from tests.coaching.language_model.scripted_server import Handler, serving
from tests.hostile.mutations import broken
from tests.hostile.outputs import check_plain
from tests.hostile.session_files import RAW, STRANGE
from tests.hostile.texts import texts
from voicemock.coaching.language_model.briefing import Guidance, load_guidance
from voicemock.coaching.language_model.phrasing import Request, ask_further, reword
from voicemock.coaching.language_model.server import OpenAiCompatible

PATIENCE_S = 20.0
PROBE = {"about": "from six weeks to two", "question": "What did it cost you to get from six weeks to two?"}
WRAPPINGS = ("{}", "```json\n{}\n```", "<think>x</think>{}", "<think>{}", "{}{}", "Sure! {}", '[{}]"', "{}\x00")


def _body(content: object) -> bytes:
    reply = {"choices": [{"message": {"role": "assistant", "content": content}}]}
    return json.dumps(reply).encode("utf-8", "surrogatepass")


@st.composite
def reworded(draw: Any) -> bytes:
    """An answer of the right form, with other words in it, or other names."""
    said: dict[str, Any] = dict(draw(st.sampled_from((IN_OTHER_WORDS, PROBE))))
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from((*said, "s5", "", "question", "about")))
        before = str(said.get(name, ""))
        match draw(st.sampled_from(("text", "before", "within", "strange", "gone"))):
            case "text":
                said[name] = draw(texts)
            case "before":
                said[name] = f"{draw(texts)[:200]} {before}"
            case "within":
                place = draw(st.integers(0, len(before)))
                said[name] = before[:place] + draw(texts)[:50] + before[place:]
            case "strange":
                said[name] = draw(st.sampled_from(STRANGE))
            case "gone":
                said.pop(name, None)
    return _body(draw(st.sampled_from(WRAPPINGS)).replace("{}", json.dumps(said, ensure_ascii=draw(st.booleans()))))


_bodies = st.one_of(
    reworded(),
    reworded(),
    texts.map(_body),
    st.sampled_from(STRANGE).map(_body),
    st.sampled_from(RAW).map(lambda raw: _body(raw.decode("utf-8", "replace"))),
    st.sampled_from(RAW),
    broken((_body(json.dumps(IN_OTHER_WORDS)), _body(json.dumps(PROBE)), b'{"error": {"message": "no"}}')),
    st.binary(max_size=200),
)
cases = st.tuples(st.sampled_from((200, 200, 200, 200, 204, 302, 400, 404, 500, 503)), _bodies)


def check(case: tuple[int, bytes], folder: Path) -> None:
    """Ask for other words and for a question: what may be said is plain, short and rests on what was said."""
    status, body = case
    request = Request(assessment(), question(), probes=True)
    with serving(lambda handler, _: _send(handler, body, status)) as server:
        feedback = reword(
            request, OpenAiCompatible(server.url, model="any", timeout_s=PATIENCE_S), "quotes", _guidance()
        )
        probe, _ = ask_further(
            request, OpenAiCompatible(server.url, model="any", timeout_s=PATIENCE_S), "transcript", _guidance()
        )
    assert feedback.phrased_by is not None
    check_plain(feedback.spoken)
    assert feedback.spoken.endswith(DRILL)
    assert len(feedback.spoken.split()) <= max(110, len(" ".join((*SENTENCES, DRILL)).split()))
    assert feedback.points == assessment().feedback.points
    for quote in feedback.spoken.split('"')[1::2]:
        assert quote.strip(" .,") in SAID
    if probe is not None:
        check_plain(probe.text)
        assert probe.text.endswith("?")


def _send(handler: Handler, body: bytes, status: int) -> None:
    with suppress(ConnectionError):  # who was told too much has left
        handler.send(body, status)


@cache
def _guidance() -> Guidance:
    return load_guidance()
