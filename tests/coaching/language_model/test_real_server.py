"""A real server with a real model, however small: what it says is checked like any other, and it is held to its time.

Runs where ``VOICEMOCK_TEST_LANGUAGE_MODEL`` names one: see scripts/llama-server.
"""

from __future__ import annotations

import os

import pytest

from tests.coaching.language_model.answers import INJECTED, SAID, assessment, question, star
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.probing import brief_probe
from voicemock.coaching.language_model.rewriting import plan_rewrite, rewrite_by
from voicemock.coaching.language_model.second_opinion import ask_further, judge, try_out
from voicemock.coaching.language_model.server import OpenAiCompatible
from voicemock.coaching.language_model.tokens import numbers_of
from voicemock.errors import LanguageModelError

URL = os.environ.get("VOICEMOCK_TEST_LANGUAGE_MODEL", "")
GUIDANCE = load_guidance()

pytestmark = [pytest.mark.llm, pytest.mark.skipif(not URL, reason="VOICEMOCK_TEST_LANGUAGE_MODEL names no server")]


def model(timeout_s: float = 300) -> OpenAiCompatible:
    return OpenAiCompatible(URL, timeout_s=timeout_s)


def test_it_names_its_model_and_answers() -> None:
    asked = model()
    assert len(asked.models()) >= 1
    assert try_out(asked, star(), GUIDANCE).took_s > 0
    assert not asked.name.startswith("http")


def test_its_table_is_one_and_quotes_what_was_said() -> None:
    found = judge(assessment(), star(), model(), GUIDANCE)
    assert found.reason is None
    assert all(each.quote in SAID and each.quote != INJECTED for each in found.opinions if each.quote)


def test_its_question_keeps_to_the_rules() -> None:
    brief = brief_probe([(question().text, assessment())], question(), GUIDANCE)
    assert brief is not None
    asked = ask_further(brief, model(), GUIDANCE)
    assert (asked.question is None) == (asked.refused is not None)
    assert asked.question is None or asked.question.text.endswith("?")


def test_its_rewrite_holds_no_number_that_was_not_said() -> None:
    found = rewrite_by(model(), plan_rewrite(assessment(), star(), GUIDANCE), GUIDANCE)
    texts = [each.text for part in found.parts for each in part.sentences if each.by == "model"]
    assert set(numbers_of(" ".join(texts))) <= set(numbers_of(SAID))
    assert not any("hired" in text for text in texts)


def test_it_is_held_to_its_time() -> None:
    with pytest.raises(LanguageModelError) as caught:
        try_out(model(0.05), star(), GUIDANCE)
    assert caught.value.reason == "timeout"
