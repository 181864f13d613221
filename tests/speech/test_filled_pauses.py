"""Filled pauses found by their sound, in synthetic sound: a buzz is the voice, its filters are the mouth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.voices import buzz, hum, hush, noise, talk, uh
from voicemock.models import SpeechSpan, Word
from voicemock.speech.acoustics import describe
from voicemock.speech.clip import Samples
from voicemock.speech.filled_pauses import dropped_fillers, fillers_by_sound, on_voice, stretched_vowels


def sounds_in(*pieces: Samples, words: tuple[Word, ...] = ()) -> list[tuple[float, float]]:
    found = stretched_vowels(describe(np.concatenate(pieces)), words)
    return [(sound.span.start_s, sound.span.end_s) for sound in found]


def test_a_held_voice_between_silences_is_a_filled_pause() -> None:
    ((start_s, end_s),) = sounds_in(hush(1.0), uh(), hush(1.0))
    assert start_s == pytest.approx(1.0, abs=0.05)
    assert end_s == pytest.approx(1.4, abs=0.05)


@pytest.mark.parametrize(
    "sound",
    [talk(1.2), noise(0.4), buzz(0.4, formants_hz=(300, 2200), glide_hz=500), uh(0.1), uh(2.0), hush(0.4)],
    ids=["talk", "noise", "a gliding vowel", "too short", "a sung note", "silence"],
)
def test_other_sounds_are_none(sound: Samples) -> None:
    assert sounds_in(hush(1.0), sound, hush(1.0)) == []


def test_a_hum_all_the_time_is_none() -> None:
    assert sounds_in(hum(5.0)) == []


def test_a_word_over_the_sound_means_that_it_was_written() -> None:
    written = Word(text="uh", start_s=1.0, end_s=1.4)
    assert sounds_in(hush(1.0), uh(), hush(1.0), words=(written,)) == []


def test_the_end_of_a_word_is_none() -> None:
    assert sounds_in(hush(1.0), talk(0.6), uh(0.3), hush(1.0), words=(Word(text="so", start_s=1.0, end_s=1.6),)) == []


def test_a_clip_shorter_than_a_window_has_no_sounds() -> None:
    assert sounds_in(hush(0.01)) == []
    assert describe(np.zeros(0, np.float32)).sounds == ()


# --- asking the transcriber ----------------------------------------------------------------------------


class ScriptedScorer:
    """Gives each filled pause a probability, and makes the words after it so much more or less probable."""

    def __init__(self, *, um: float = 1e-6, uh: float = 1e-6, gain: float = 0.0) -> None:
        self._probabilities = {"um": um, "uh": uh}
        self._gain = gain
        self.asked: list[tuple[str, str]] = []

    def __call__(self, before: str, then: str) -> tuple[float, ...]:
        self.asked.append((before, then))
        first = then.replace(".", ",").split(",")[0].strip()
        if first not in self._probabilities:
            return (-5.0,)
        probability = math.log(self._probabilities[first])
        return (probability, -5.0 + self._gain - probability)


WORDS = (
    Word(text="We", start_s=0.0, end_s=0.9, probability=0.9),
    Word(text="shipped.", start_s=2.4, end_s=2.9, probability=0.9),
)
CLIP = np.concatenate([hush(0.1), talk(0.8), hush(0.4), uh(), hush(0.6), talk(0.5), hush(0.2)])


def test_a_filled_pause_that_fits_better_than_silence_was_dropped() -> None:
    scorer = ScriptedScorer(um=0.2, uh=0.7)
    (found,) = dropped_fillers(WORDS, describe(CLIP), scorer, {})
    assert (found.text, found.probability, found.heard_as) == ("uh", 0.7, "word")
    assert found.start_s == pytest.approx(1.36, abs=0.1)
    assert all(before == " We" for before, _ in scorer.asked)
    assert {then for _, then in scorer.asked} == {" shipped.", " um, shipped.", " uh, shipped."}


@pytest.mark.parametrize("scorer", [ScriptedScorer(uh=0.5, gain=-4.0), ScriptedScorer(uh=0.05)])
def test_one_that_does_not_fit_was_not_said(scorer: ScriptedScorer) -> None:
    assert dropped_fillers(WORDS, describe(CLIP), scorer, {}) == ()


def test_where_it_was_improbable_the_transcriber_is_not_asked() -> None:
    scorer = ScriptedScorer(uh=0.9)
    assert dropped_fillers(WORDS, describe(CLIP), scorer, {0: 0.9, 1: 0.001, 2: 0.9}) == ()
    assert scorer.asked == []
    assert len(dropped_fillers(WORDS, describe(CLIP), scorer, {1: 0.01})) == 1


def test_without_sound_the_transcriber_is_not_asked() -> None:
    scorer = ScriptedScorer(uh=0.9)
    silent = np.concatenate([hush(0.1), talk(0.8), hush(1.4), talk(0.5), hush(0.2)])
    assert dropped_fillers(WORDS, describe(silent), scorer, {}) == ()
    assert scorer.asked == []


def test_a_held_sound_counts_although_the_transcriber_would_not_have_written_it() -> None:
    scorer = ScriptedScorer(uh=0.001, gain=-6.0)
    assert dropped_fillers(WORDS, describe(CLIP), scorer, {}) == ()
    (found,) = fillers_by_sound(WORDS, describe(CLIP), scorer)
    assert (found.text, found.heard_as) == ("uh", "sound")
    assert found.probability is not None
    assert found.probability > 0.8


def test_a_held_sound_that_is_next_to_impossible_is_none() -> None:
    assert fillers_by_sound(WORDS, describe(CLIP), ScriptedScorer(uh=1e-5, gain=-9.0)) == ()


# --- the voice that speaks it --------------------------------------------------------------------------

VOICES = (SpeechSpan(0.1, 0.9), SpeechSpan(1.3, 1.5), SpeechSpan(1.55, 1.8), SpeechSpan(3.0, 3.4))


@pytest.mark.parametrize(
    ("text", "said", "placed"),
    [
        pytest.param("uh,", (1.3, 1.8), (1.3, 1.8), id="on its voice"),
        pytest.param("Um.", (1.0, 2.6), (1.3, 1.8), id="drawn in from the silence around it"),
        pytest.param("um", (1.0, 3.4), (1.3, 1.8), id="over two voices: the longer one"),
        pytest.param("uh", (1.4, 1.6), (1.4, 1.6), id="a part of a voice"),
        pytest.param("Um.", (1.9, 2.2), (1.3, 1.8), id="in silence: the nearest voice"),
        pytest.param("Hmm...", (2.6, 2.8), (3.0, 3.4), id="the nearest is behind it"),
        pytest.param("uh", (1.2, 1.2), (1.3, 1.8), id="no time for it"),
        pytest.param("uh", (4.5, 4.8), None, id="too far from any"),
        pytest.param("we", (1.9, 2.2), (1.9, 2.2), id="only filled pauses move"),
        pytest.param("umbrella", (1.9, 2.2), (1.9, 2.2), id="a longer word"),
        pytest.param("M", (1.9, 2.2), (1.9, 2.2), id="a letter"),
    ],
)
def test_a_filled_pause_lies_on_a_voice(
    text: str, said: tuple[float, float], placed: tuple[float, float] | None
) -> None:
    found = on_voice([Word(text=text, start_s=said[0], end_s=said[1], probability=0.5)], VOICES)
    assert [(word.text, word.start_s, word.end_s) for word in found] == ([(text, *placed)] if placed else [])


def test_the_voice_of_another_word_is_not_taken() -> None:
    words = [Word(text="so", start_s=1.3, end_s=1.8), Word(text="um,", start_s=1.9, end_s=2.2)]
    assert [word.text for word in on_voice([*words, Word(text="we", start_s=3.0, end_s=3.4)], VOICES)] == ["so", "we"]


def test_a_faint_voice_is_another_room() -> None:
    near, far = uh(), uh() * 10 ** (-35 / 20)
    (voice,) = describe(np.concatenate([hush(0.5) * 0.01, far, hush(0.5) * 0.01, near, hush(0.5) * 0.01])).clear_voice
    assert voice.start_s == pytest.approx(1.4, abs=0.05)


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ("We", {" shipped.", " um, shipped.", " uh, shipped."}),
        ("Done.", {" shipped.", " Um, shipped.", " Uh, shipped."}),
    ],
    ids=["inside a sentence", "at its beginning"],
)
def test_the_transcriber_is_asked_as_it_would_write(before: str, asked: set[str]) -> None:
    scorer = ScriptedScorer()
    dropped_fillers((WORDS[0].model_copy(update={"text": before}), WORDS[1]), describe(CLIP), scorer, {})
    assert {then for _, then in scorer.asked} == asked


def test_at_the_end_it_ends_a_sentence() -> None:
    scorer = ScriptedScorer(um=0.3)
    (found,) = dropped_fillers(WORDS[:1], describe(CLIP[: round(1.9 * 16000)]), scorer, {})
    assert found.text == "um"
    assert {then for _, then in scorer.asked} == {"", " um.", " uh."}
