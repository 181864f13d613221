"""An answer is analyzed whatever is installed."""

from __future__ import annotations

from typing import Any

import pytest

from voicemock.analysis.analyze import Analyzed, analyze
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.models import Analysis, SpeechSpan, Transcript, transcript_of_text
from voicemock.packaged import MINILM, is_installed
from voicemock.settings import load_settings

STORY = (
    "At my last company the reports took three days. My job was to make them faster before the summer. First I moved "
    "the slow ones to a copy of the database. As a result they went from three days to forty minutes."
)


def analyzed() -> Analysis:
    analyzer = Analyzer(load_settings(), QuestionBank.load())
    return analyzer.assess(transcript_of_text(STORY), source="x").analysis


def test_the_reader_says_how_sure_it_is_of_each_part() -> None:
    analysis = analyzed()
    assert analysis.structure is not None
    assert analysis.evidence is not None
    assert len(analysis.evidence.sentences) == len(analysis.structure.sentences) == 4
    assert {sentence.part for sentence in analysis.structure.sentences} >= {"action", "result"}
    assert all((sentence.part is None) == (sentence.score is None) for sentence in analysis.structure.sentences)


def test_the_reader_says_the_same_without_the_weights_of_the_sentence_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_installed(MINILM):
        pytest.skip("voicemock[structure] is not installed")
    with_weights = analyzed()
    monkeypatch.setattr("voicemock.weights.is_installed", lambda model: False)
    assert analyzed() == with_weights


def test_the_same_words_are_analyzed_once_whatever_is_known_of_their_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    analyzer, texts = Analyzer(load_settings(), QuestionBank.load()), []

    def counted(transcript: Transcript, **options: Any) -> Analyzed:
        texts.append(transcript.text)
        return analyze(transcript, **options)

    monkeypatch.setattr("voicemock.coaching.assess.analyze", counted)
    silent = (SpeechSpan(0.0, 20.0),)
    guessed = analyzer.assess(transcript_of_text(STORY), source="", speech=silent)
    kept = analyzer.assess(transcript_of_text(STORY), source="x.flac", speech=silent, recording_s=21.5)
    assert texts == [STORY]
    assert kept.analysis == guessed.analysis.model_copy(update={"recording_s": 21.5})
    assert (kept.source, kept.feedback) == ("x.flac", guessed.feedback)
    analyzer.assess(transcript_of_text(STORY), source="", speech=(SpeechSpan(0.0, 25.0),))
    analyzer.assess(transcript_of_text("We began."), source="")
    assert texts == [STORY, STORY, "We began."]
