"""A voice that is ready before it is needed, and caches nothing but public texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import ScriptedSynthesizer
from voicemock.errors import EngineError, SpeechSynthesisError
from voicemock.speech.narrator import PreparedVoice, SpeechCache
from voicemock.speech.synthesizer import Synthesizer

QUESTION = "What went wrong?"
PRIVATE = "You said that Ada left."


class Anna(ScriptedSynthesizer):
    name = "anna"
    fingerprint = "anna 1"


def no_voice() -> Synthesizer:
    raise SpeechSynthesisError("It has no voice.")


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path, "anna 1")


def kept(folder: Path) -> int:
    return len(list(folder.iterdir()))


def test_what_was_prepared_is_not_synthesized_again() -> None:
    anna = Anna()
    voice = PreparedVoice(lambda: anna, [], None)
    voice.prepare([QUESTION, QUESTION])
    assert voice.synthesize(QUESTION) is voice.synthesize(QUESTION)
    assert anna.texts == [QUESTION]


def test_anything_else_is_said_anew() -> None:
    anna = Anna()
    voice = PreparedVoice(lambda: anna, [QUESTION], None)
    voice.synthesize(PRIVATE)
    voice.synthesize(PRIVATE)
    assert anna.texts == [PRIVATE, PRIVATE]


def test_a_public_text_is_kept_for_the_next_interview(cache: SpeechCache) -> None:
    PreparedVoice(Anna, [QUESTION], cache).synthesize(QUESTION)
    later = PreparedVoice(no_voice, [QUESTION], cache)
    assert later.recall([QUESTION])
    assert later.synthesize(QUESTION).duration_s == pytest.approx(0.1)


@pytest.mark.parametrize("say", [PreparedVoice.synthesize, lambda voice, text: voice.prepare([text])])
@pytest.mark.parametrize("text", [PRIVATE, f"{QUESTION} {PRIVATE}", QUESTION.lower()])
def test_no_other_text_is_ever_kept(tmp_path: Path, cache: SpeechCache, say: object, text: str) -> None:
    say(PreparedVoice(Anna, [QUESTION], cache), text)  # type: ignore[operator]
    assert kept(tmp_path) == 0


def test_nothing_is_recalled_that_is_not_public(cache: SpeechCache) -> None:
    PreparedVoice(Anna, [QUESTION], cache).synthesize(QUESTION)
    assert not PreparedVoice(Anna, [], cache).recall([QUESTION])


@pytest.mark.parametrize("texts", [[QUESTION, "And then?"], ["And then?"]])
def test_one_text_that_is_not_there_is_told(cache: SpeechCache, texts: list[str]) -> None:
    PreparedVoice(Anna, [QUESTION], cache).synthesize(QUESTION)
    assert not PreparedVoice(Anna, [QUESTION, "And then?"], cache).recall(texts)


def test_another_voice_than_the_expected_is_not_kept(tmp_path: Path, cache: SpeechCache) -> None:
    PreparedVoice(ScriptedSynthesizer, [QUESTION], cache).synthesize(QUESTION)
    assert kept(tmp_path) == 0


def test_the_voice_is_loaded_once_and_named() -> None:
    loaded = []

    def load() -> Synthesizer:
        loaded.append(Anna())
        return loaded[-1]

    voice = PreparedVoice(load, [], None)
    assert voice.load() is voice.load()
    voice.synthesize(PRIVATE)
    assert len(loaded) == 1
    assert voice.name == "anna"


def test_a_voice_that_fails_is_told_when_it_is_needed() -> None:
    voice = PreparedVoice(no_voice, [QUESTION], None)
    voice.prepare([QUESTION])
    with pytest.raises(EngineError, match="no voice"):
        voice.synthesize(QUESTION)


def test_a_voice_that_failed_is_not_tried_again() -> None:
    class Hoarse(Anna):
        def synthesize(self, text: str) -> object:  # type: ignore[override]
            self.texts.append(text)
            raise SpeechSynthesisError("It is hoarse.")

    hoarse = Hoarse()
    voice = PreparedVoice(lambda: hoarse, [], None)  # type: ignore[arg-type,return-value]
    voice.prepare(["One.", "Two."])
    for text in ("One.", "Three."):
        with pytest.raises(EngineError, match="hoarse"):
            voice.synthesize(text)
    assert hoarse.texts == ["One."]


def test_nothing_more_is_prepared_when_the_interview_is_over() -> None:
    class Leaving(Anna):
        def synthesize(self, text: str) -> object:  # type: ignore[override]
            voice.close()
            return super().synthesize(text)

    leaving = Leaving()
    voice = PreparedVoice(lambda: leaving, [], None)  # type: ignore[arg-type,return-value]
    voice.prepare(["One.", "Two."])
    assert leaving.texts == ["One."]
