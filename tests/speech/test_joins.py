"""Filled pauses that Whisper half heard: which joins of the transcript it means, which count, and where they lie."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from tests.voices import hush, talk, uh
from voicemock.models import Word
from voicemock.speech.acoustics import describe
from voicemock.speech.joins import Step, joins_in, with_fillers_at_joins


def said(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text=text, start_s=float(at), end_s=at + 0.5) for at, text in enumerate(texts))


@pytest.mark.parametrize(
    ("steps", "words", "joins"),
    [
        pytest.param([(" We", 0.1), (" shipped", 0.4)], "We shipped", {0: 0.1, 1: 0.4}, id="before each word"),
        pytest.param([(" We", 0.1), (" ship", 0.2), ("ped", 0.9)], "We shipped", {0: 0.1, 1: 0.2}, id="not inside one"),
        pytest.param(
            [(" We", 0.0), (",", 0.1), (" shipped", 0.6)], "We shipped", {0: 0.0, 1: 0.6}, id="behind a comma"
        ),
        pytest.param(
            [(" We", 0.0), (",", 0.6), (" shipped", 0.1)], "We shipped", {0: 0.0, 1: 0.6}, id="before a comma"
        ),
        pytest.param([("", 0.3), (" We", 0.1)], "We", {0: 0.3}, id="before a time mark"),
        pytest.param([(" We", 0.0), ("", 0.5)], "We", {0: 0.0, 1: 0.5}, id="after the last word"),
        pytest.param(
            [(" We", 0.0), (" um", 0.7), (",", 0.0), (" shipped", 0.1)], "We shipped", {0: 0.0, 1: 0.7}, id="written"
        ),
        pytest.param(
            [(" He", 0.3), (" ships", 0.4), (" it.", 0.2)], "We ship it", {0: 0.3, 2: 0.2}, id="heard otherwise"
        ),
        pytest.param([], "We shipped", {}, id="nothing heard"),
    ],
)
def test_joins_are_those_of_the_transcript(steps: list[tuple[str, float]], words: str, joins: dict[int, float]) -> None:
    assert joins_in([Step(*step) for step in steps], said(*words.split())) == joins


class ScriptedWhisper:
    """Scores the transcript the same with and without a filled pause, but for ``gain``, and times it as told."""

    def __init__(self, *, probability: float = 0.5, gain: float = 0.0, at: tuple[float, float] = (1.3, 1.8)) -> None:
        self._probability = probability
        self._gain = gain
        self._at = at
        self.asked: list[str] = []

    def score(self, before: str, then: str) -> tuple[float, ...]:
        self.asked.append(then)
        if not then.lower().lstrip().startswith(("um", "uh")):
            return (-5.0,)
        probability = math.log(self._probability)
        return (probability, -5.0 + self._gain - probability)

    def time(self, texts: Sequence[str]) -> tuple[Word, ...]:
        words = []
        for text in texts:
            start_s, end_s = self._at if text in {"um", "uh"} else {"We": (0.0, 0.9), "shipped.": (2.25, 2.9)}[text]
            words.append(Word(text=text, start_s=start_s, end_s=end_s))
        return tuple(words)


WORDS = (Word(text="We", start_s=0.0, end_s=1.6), Word(text="shipped.", start_s=1.6, end_s=2.9))
CLIP = np.concatenate([hush(0.1), talk(0.8), hush(0.4), uh(), hush(0.6), talk(0.5), hush(0.2)])


def heard(
    whisper: ScriptedWhisper, joins: dict[int, float], words: tuple[Word, ...] = WORDS, clip: np.ndarray = CLIP
) -> list[str]:
    found = with_fillers_at_joins(words, joins, describe(clip), whisper.score, whisper.time)
    return [word.text for word in found]


def test_a_filled_pause_takes_its_place_from_the_words_around_it() -> None:
    whisper = ScriptedWhisper()
    we, uh_, shipped = with_fillers_at_joins(WORDS, {1: 0.7}, describe(CLIP), whisper.score, whisper.time)
    assert (we.text, uh_.probability, uh_.heard_as, shipped.text) == ("We", 0.7, "word", "shipped.")
    assert uh_.start_s == pytest.approx(1.35, abs=0.06)
    assert uh_.end_s == pytest.approx(1.7, abs=0.06)
    assert (we.end_s, shipped.start_s) == (uh_.start_s, uh_.end_s)


def test_one_as_quiet_as_the_room_has_its_place_too() -> None:
    faint = np.concatenate([hush(0.1), talk(0.8), hush(0.4), uh() * 0.004, hush(0.6), talk(0.5), hush(0.2)])
    assert describe(faint).clear_voice[-1].start_s > 2.0
    assert len(heard(ScriptedWhisper(), {1: 0.7}, clip=faint)) == 3


@pytest.mark.parametrize(
    ("whisper", "probability"),
    [
        pytest.param(ScriptedWhisper(), 0.05, id="improbable there"),
        pytest.param(ScriptedWhisper(gain=-7.5), 0.7, id="makes the words much less probable"),
        pytest.param(ScriptedWhisper(probability=0.01), 0.7, id="improbable after the words before it"),
        pytest.param(ScriptedWhisper(gain=-4.0, probability=0.08), 0.7, id="somewhat of both"),
        pytest.param(ScriptedWhisper(at=(1.75, 2.3)), 0.7, id="in silence"),
    ],
)
def test_one_that_does_not_fit_was_not_said(whisper: ScriptedWhisper, probability: float) -> None:
    assert heard(whisper, {1: probability}) == ["We", "shipped."]


def test_a_likely_one_may_cost_the_transcript_more() -> None:
    assert len(heard(ScriptedWhisper(gain=-4.0, probability=0.3), {1: 0.7})) == 3


@pytest.mark.parametrize(("probability", "count"), [(0.05, 2), (0.2, 3)])
def test_after_the_last_word_its_own_probability_decides(probability: float, count: int) -> None:
    whisper = ScriptedWhisper(probability=probability, gain=20.0, at=(1.3, 1.8))
    words = (Word(text="We", start_s=0.0, end_s=0.9), Word(text="We", start_s=0.9, end_s=1.0))
    clip = np.concatenate([hush(0.1), talk(0.8), hush(0.4), uh(), hush(0.2)])
    assert len(heard(whisper, {2: 0.7}, words, clip)) == count


def test_a_join_beside_a_written_one_is_not_asked_about() -> None:
    whisper = ScriptedWhisper()
    words = (WORDS[0], Word(text="Um,", start_s=1.3, end_s=1.8), WORDS[1])
    assert heard(whisper, {1: 0.9}, words) == ["We", "Um,", "shipped."]
    assert heard(whisper, {2: 0.9}, words) == ["We", "Um,", "shipped."]
    assert whisper.asked == []
