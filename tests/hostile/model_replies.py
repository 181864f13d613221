"""Replies of a server that calls itself a language model: any body with any status."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.coaching.language_model.answers import SAID, assessment, question, star
from tests.coaching.language_model.scripted_server import Handler, serving
from tests.hostile.mutations import broken
from tests.hostile.outputs import check_plain
from tests.hostile.session_files import RAW, STRANGE
from tests.hostile.texts import texts
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.judge import questions_for
from voicemock.coaching.language_model.probing import brief_probe
from voicemock.coaching.language_model.rewriting import plan_rewrite, rewrite_by
from voicemock.coaching.language_model.second_opinion import ask_further, judge
from voicemock.coaching.language_model.server import OpenAiCompatible
from voicemock.coaching.language_model.tokens import numbers_of

PATIENCE_S = 20.0
PROBE = {
    "move": "ask",
    "about": "from six weeks to two",
    "question": "What did it cost you to get from six weeks to two?",
}
TABLE = {each.name: "5" for each in questions_for(star(), load_guidance())}
WORDED = {
    part.part.name: [line.reads for line in part.lines]
    for part in plan_rewrite(assessment(), star(), load_guidance()).parts
    if part.lines
}
WRAPPINGS = ("{}", "```json\n{}\n```", "<think>x</think>{}", "<think>{}", "{}{}", "Sure! {}", '[{}]"', "{}\x00")


def _body(content: object) -> bytes:
    reply = {"choices": [{"message": {"role": "assistant", "content": content}}]}
    return json.dumps(reply).encode("utf-8", "surrogatepass")


@st.composite
def replied(draw: Any) -> bytes:
    """An answer of the right form, with other words in it, or other names."""
    said: dict[str, Any] = dict(draw(st.sampled_from((TABLE, PROBE, WORDED))))
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from((*said, "result", "", "question", "about")))
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
    replied(),
    replied(),
    texts.map(_body),
    st.sampled_from(STRANGE).map(_body),
    st.sampled_from(RAW).map(lambda raw: _body(raw.decode("utf-8", "replace"))),
    st.sampled_from(RAW),
    broken(
        (_body(json.dumps(TABLE)), _body(json.dumps(WORDED)), _body(json.dumps(PROBE)), b'{"error": {"message": "no"}}')
    ),
    st.binary(max_size=200),
)
cases = st.tuples(st.sampled_from((200, 200, 200, 200, 204, 302, 400, 404, 500, 503)), _bodies)


def check(case: tuple[int, bytes], folder: Path) -> None:
    """Ask for a table, a question and a rewrite: what is used of them is plain, short and rests on what was said."""
    status, body = case
    brief, plan = _asked()
    with serving(lambda handler, _: _send(handler, body, status)) as server:
        model = OpenAiCompatible(server.url, model="any", timeout_s=PATIENCE_S)
        opinion = judge(assessment(), star(), model, load_guidance())
        asked = ask_further(brief, model, load_guidance())
        said = rewrite_by(model, plan, load_guidance())
    assert (opinion.reason is None) == bool(opinion.opinions)
    assert all(each.quote in SAID for each in opinion.opinions if each.quote)
    if asked.question is not None:
        check_plain(asked.question.text)
        assert asked.question.text.endswith("?")
    for part in said.parts:
        for sentence in part.sentences:
            check_plain(sentence.text)
            if sentence.by == "model":
                assert set(numbers_of(sentence.text)) <= set(numbers_of(" ".join(sentence.sources)))
                assert all(source in SAID for source in sentence.sources)


def _send(handler: Handler, body: bytes, status: int) -> None:
    with suppress(ConnectionError):  # who was told too much has left
        handler.send(body, status)


@cache
def _asked() -> Any:
    brief = brief_probe([(question().text, assessment())], question(), load_guidance())
    return brief, plan_rewrite(assessment(), star(), load_guidance())
