"""A real server with a real model, however small: what it says is checked like any other, and it is held to its time.

Runs where ``VOICEMOCK_TEST_LANGUAGE_MODEL`` names one: see scripts/llama-server.
"""

from __future__ import annotations

import os

import pytest
from voicemock.coaching.language_model.phrasing import Phrasing, try_out

from tests.coaching.language_model.answers import DRILL, SAID, SENTENCES, assessment, question
from voicemock.coaching.language_model.briefing import Shares, load_guidance
from voicemock.coaching.language_model.server import OpenAiCompatible
from voicemock.errors import LanguageModelError

URL = os.environ.get("VOICEMOCK_TEST_LANGUAGE_MODEL", "")
GUIDANCE = load_guidance()

pytestmark = [pytest.mark.llm, pytest.mark.skipif(not URL, reason="VOICEMOCK_TEST_LANGUAGE_MODEL names no server")]


def test_it_names_its_model_and_answers() -> None:
    model = OpenAiCompatible(URL, timeout_s=300)
    assert len(model.models()) >= 1
    assert try_out(model, GUIDANCE).took_s > 0
    assert not model.name.startswith("http")


@pytest.mark.parametrize("shares", ["findings", "quotes", "transcript"])
def test_what_is_said_in_the_end_keeps_to_the_rules(shares: Shares) -> None:
    phrasing = Phrasing(lambda: OpenAiCompatible(URL, timeout_s=300), shares=shares, guidance=GUIDANCE)
    phrasing.begin(assessment(), question(), probes=True)
    feedback, probe = phrasing.feedback(300), phrasing.probe(300)
    phrasing.close()
    assert feedback is not None
    assert feedback.phrased_by is not None
    assert (feedback.phrased_by.reworded > 0) == (feedback.phrased_by.reason is None)
    assert feedback.phrased_by.reworded or feedback.spoken == " ".join((*SENTENCES, DRILL))
    assert feedback.spoken.endswith(DRILL)
    assert "hired" not in feedback.spoken
    assert all(quote in SAID for quote in feedback.spoken.split('"')[1::2])
    assert probe is None or probe.text.endswith("?")


def test_it_is_held_to_its_time() -> None:
    model = OpenAiCompatible(URL, timeout_s=0.05)
    with pytest.raises(LanguageModelError) as caught:
        try_out(model, GUIDANCE)
    assert caught.value.reason == "timeout"
