"""The melody of an answer, measured on tracks made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from voicemock.models import AudioQuality, PacePoint, Prosody, Sentence, SpeechSpan
from voicemock.speech.pitch import STEP_S, VoiceTrack
from voicemock.speech.prosody import measure_prosody

LENGTH_S = 30.0
MIDDLE = 88.0
"""Semitones above 1 Hz: about 160 Hz."""
ALL = (SpeechSpan(0.0, LENGTH_S),)
STRETCHES = tuple(PacePoint(start_s=at, end_s=at + 15.0, words_per_minute=150.0) for at in (0.0, 15.0))


def moments(length_s: float = LENGTH_S) -> np.ndarray:
    return np.arange(round(length_s / STEP_S)) * STEP_S


def wave(size: float, middle: float = MIDDLE) -> np.ndarray:
    """A pitch that swings by ``size`` semitones around a middle, once in two seconds."""
    return middle + size * np.sin(np.pi * moments())


def track(semitones=None, level_db=None, confidence=1.0) -> VoiceTrack:
    pitch = wave(4.0) if semitones is None else semitones
    at_s = moments()[: len(pitch)]
    level = np.full(len(pitch), -30.0) if level_db is None else level_db
    return VoiceTrack(at_s, pitch, np.broadcast_to(confidence, len(pitch)), level)


def quality(*problems: str) -> AudioQuality:
    return AudioQuality(
        speech_db=-30.0, noise_db=-60.0, speech_over_noise_db=30.0, clipped_share=0.0, problems=problems
    )


def sentence(start_s: float | None, end_s: float | None, text: str = "We shipped it.") -> Sentence:
    return Sentence(text=text, start_s=start_s, end_s=end_s, start_char=0, end_char=len(text))


def measured(found: VoiceTrack, *sentences: Sentence, speech=ALL, problems: tuple[str, ...] = ()) -> Prosody | None:
    return measure_prosody(found, sentences, STRETCHES, speech, quality(*problems))


# --- pitch ------------------------------------------------------------------------------------------------


def test_livelier_speech_has_more_variety_and_a_wider_range():
    found = [measured(track(wave(size))) for size in (0.0, 1.0, 2.0, 4.0)]
    assert [each.pitch_sd_semitones for each in found] == pytest.approx([0.0, 0.88, 1.75, 3.51], abs=0.02)
    assert [each.pitch_range_semitones for each in found] == pytest.approx([0.0, 2.0, 3.9, 7.9], abs=0.1)


def test_a_high_and_a_low_voice_with_the_same_melody_get_the_same_numbers():
    low, high = (measured(track(wave(3.0, middle))) for middle in (80.0, 95.0))
    assert low == high


@pytest.mark.parametrize("off", [12.0, -12.0, 19.0])
def test_octave_errors_do_not_move_it(off: float):
    pitch = wave(3.0)
    pitch[::20] += off
    clean, wrong = measured(track(wave(3.0))), measured(track(pitch))
    assert wrong.pitch_sd_semitones == pytest.approx(clean.pitch_sd_semitones, rel=0.1)


def test_only_frames_with_a_voice_in_speech_count():
    pitch, confidence = wave(3.0), np.ones(len(moments()))
    pitch[:500], confidence[:500] = 70.0, 0.4  # breath
    found = measured(track(pitch, confidence=confidence), speech=(SpeechSpan(0.0, 24.0),))
    assert found.voiced_s == pytest.approx(16.0)
    assert found.pitch_range_semitones == pytest.approx(5.9, abs=0.2)
    assert found.contour[0] is None
    assert found.contour[60] is not None
    assert found.contour[130] is None


def test_the_contour_goes_around_the_speakers_own_middle():
    found = measured(track(wave(4.0)))
    assert len(found.contour) == LENGTH_S / found.contour_step_s
    assert (found.contour[2], found.contour[7]) == pytest.approx((4.0, -4.0), abs=0.2)


def test_where_it_stays_on_nearly_one_note_is_told():
    pitch = np.where(moments() < 15.0, wave(4.0), wave(0.5))
    (one,) = measured(track(pitch)).one_note
    assert (one.start_s, one.end_s) == (15.0, 30.0)
    assert one.pitch_sd_semitones < 1.0
    (whole,) = measured(track(wave(0.5))).one_note
    assert (whole.start_s, whole.end_s) == (0.0, 30.0)
    assert measured(track(wave(4.0))).one_note == ()


# --- loudness ---------------------------------------------------------------------------------------------


def test_loudness_varies_by_its_syllables():
    louder = np.where(moments() % 2 < 1, -24.0, -34.0)
    assert measured(track()).loudness_sd_db == 0.0
    assert measured(track(level_db=louder)).loudness_sd_db == pytest.approx(5.0, abs=0.2)


@pytest.mark.parametrize(("last_db", "fade_db"), [(-30.0, 0.0), (-39.0, 9.0), (-27.0, -3.0)])
def test_the_last_words_are_compared_with_the_first(last_db: float, fade_db: float):
    assert measured(track(level_db=np.where(moments() < 24.0, -30.0, last_db))).fade_db == fade_db


def test_each_stretch_has_its_level_against_the_middle():
    found = measured(track(level_db=np.where(moments() < 15.0, -30.0, -36.0)))
    assert [stretch.level_db for stretch in found.stretches] == pytest.approx([3.0, -3.0], abs=3.1)
    assert found.stretches[0].level_db - found.stretches[1].level_db == pytest.approx(6.0)


# --- ends of sentences ------------------------------------------------------------------------------------


def test_the_last_half_second_of_voice_is_compared_with_the_rest_of_its_sentence():
    at_s = moments()
    level = np.where((at_s > 9.5) & (at_s < 10.0), -38.0, -30.0)
    trailing, level_one = measured(
        track(level_db=level), sentence(5.0, 10.0), sentence(10.0, 15.0), sentence(20.0, 21.0)
    ).ends  # the third is too short
    assert (trailing.drop_db, level_one.drop_db) == (8.0, 0.0)
    assert trailing.at_s == pytest.approx(9.5, abs=0.05)


def test_silence_after_the_last_word_does_not_count_as_its_end():
    at_s = moments()
    silent = (at_s > 8.0) & (at_s < 10.0)
    level = np.where((at_s > 7.5) & (at_s <= 8.0), -38.0, np.where(silent, -70.0, -30.0))
    (end,) = measured(track(level_db=level, confidence=np.where(silent, 0.1, 1.0)), sentence(5.0, 10.0)).ends
    assert end.drop_db == pytest.approx(8.0)


def test_fewer_than_three_ends_have_no_median():
    two, three = ([sentence(5.0 * at, 5.0 * at + 5.0) for at in range(count)] for count in (2, 3))
    assert measured(track(), *two).sentence_end_drop_db is None
    assert measured(track(), *three).sentence_end_drop_db == 0.0


@pytest.mark.parametrize(
    ("text", "step", "rise"),
    [
        ("We shipped it.", 4.0, 4.0),
        ("We shipped it.", -5.0, -5.0),
        ("We shipped it.", 11.0, None),  # an octave error rather than a voice
        ("Did we ship it?", 4.0, None),
    ],
)
def test_the_pitch_at_the_very_end_of_a_statement(text: str, step: float, rise: float | None):
    pitch = np.where((moments() > 9.92) & (moments() < 10.0), MIDDLE + step, MIDDLE)
    (end,) = measured(track(pitch), sentence(5.0, 10.0, text)).ends
    assert end.rise_semitones == (None if rise is None else pytest.approx(rise))


def test_a_sentence_without_times_has_no_end():
    assert measured(track(), sentence(None, None)).ends == ()


# --- not measured -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problems", "is_measured"),
    [((), True), (("quiet",), True), (("noisy",), False), (("clipped",), False), (("noisy", "quiet"), False)],
)
def test_a_poor_recording_is_not_measured(problems: tuple[str, ...], is_measured: bool):
    assert (measured(track(), problems=problems) is not None) is is_measured


@pytest.mark.parametrize(("voiced_s", "is_measured"), [(9.9, False), (10.1, True)])
def test_ten_seconds_of_voice_are_needed(voiced_s: float, is_measured: bool):
    found = measured(track(confidence=np.where(moments() < voiced_s, 1.0, 0.0)))
    assert (found is not None) is is_measured


def test_a_whisper_is_not_measured():
    """Now and then a frame of it passes for voiced."""
    voiced = np.where(np.arange(len(moments())) % 10 < 2, 1.0, 0.0)
    long = VoiceTrack(*(np.tile(each, 3) for each in (moments(), wave(3.0), voiced, np.full(len(voiced), -40.0))))
    whisper = VoiceTrack(np.arange(len(long.at_s)) * STEP_S, long.semitones, long.confidence, long.level_db)
    assert measured(whisper, speech=(SpeechSpan(0.0, 90.0),)) is None


def test_silence_is_not_measured():
    assert measured(track(confidence=0.0), speech=()) is None
    assert measured(track(np.zeros(0)), speech=()) is None
