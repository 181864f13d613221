"""An answer is analyzed whatever is installed."""

from __future__ import annotations

import pytest

from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.models import transcript_of_text
from voicemock.packaged import is_installed
from voicemock.settings import load_settings

STORY = "At my last company we were late. My job was to fix that. First I cut the scope. As a result we shipped in May."


def test_without_the_weights_rules_tell_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.weights.is_installed", lambda model: False)
    structure = (
        Analyzer(load_settings(), QuestionBank.load()).assess(transcript_of_text(STORY), source="x").analysis.structure
    )
    assert structure is not None
    assert [sentence.part for sentence in structure.sentences] == ["situation", "task", "action", "result"]
    assert {sentence.score for sentence in structure.sentences} == {None}


def test_with_the_weights_the_model_says_how_sure_it_is() -> None:
    from voicemock.packaged import MINILM

    if not is_installed(MINILM):
        pytest.skip("voicemock[structure] is not installed")
    structure = (
        Analyzer(load_settings(), QuestionBank.load()).assess(transcript_of_text(STORY), source="x").analysis.structure
    )
    assert structure is not None
    assert [sentence.part for sentence in structure.sentences] == ["situation", "task", "action", "result"]
    assert all(sentence.score is not None and sentence.score >= 0.35 for sentence in structure.sentences)
