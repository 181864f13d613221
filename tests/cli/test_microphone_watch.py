"""Warnings about the microphone: from seconds of sound, and never flickering."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from voicemock.speech.audio_quality import Trouble
from voicemock.speech.clip import FRAME_S, frames_in
from voicemock.speech.microphone_watch import HELD_S, MicrophoneWatch, trouble_heard, warning_text
from voicemock.speech.recorder import Progress


def level_of(decibels: float) -> float:
    return 10 ** (decibels / 20)


def sound(script: str) -> list[Progress]:
    """Return progress for "room 2 -70, speech 3 -30": what is heard, for how many seconds, at how many decibels.

    Speech goes up and down by 15 dB, a room by 3; ``zero`` is no sound at all, ``clipping`` is speech whose loud
    half touches full scale.
    """
    heard: list[Progress] = []
    dice, began, silent_frames = Random(7), False, 0
    for stretch in script.split(", "):
        what, seconds, *decibels = stretch.split()
        for _ in range(frames_in(float(seconds))):
            is_speech = what in {"speech", "clipping"}
            began, silent_frames = began or is_speech, 0 if is_speech else silent_frames + 1
            swing = dice.uniform(-7.5, 7.5) if is_speech else dice.uniform(-1.5, 1.5)
            level = 0.0 if what == "zero" else level_of(float(decibels[0] if decibels else -20) + swing)
            peak = 1.0 if what == "clipping" and swing > 0 else min(0.98, 3 * level)
            heard.append(Progress(0.0, silent_frames * FRAME_S, level, peak, speaking=began))
    return heard


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        # before the first word
        ("zero 2.9", None),
        ("zero 3", Trouble.MUTED),
        ("room 3 -70", None),
        ("room 7.9 -70", None),
        ("room 8.1 -70", Trouble.UNHEARD),
        ("room 12 -46", None),
        ("room 3 -30", Trouble.NOISY),
        ("room 3 -45", None),
        # good speech
        ("room 2 -70, speech 10 -30", None),
        ("room 2 -70, speech 10 -40, room 3 -70", None),
        ("speech 15 -20", None),
        # muted in the middle, by hand; and a system that cleans the pauses between words and sentences
        ("room 2 -70, speech 5 -30, room 1 -70, speech 2 -30, zero 3", Trouble.MUTED),
        ("room 2 -70, speech 5 -30, zero 2.9", None),
        ("room 0.03 -70, zero 3", Trouble.MUTED),
        ("zero 1, speech 3 -30, zero 1, speech 3 -30, zero 3", None),
        # too quiet, too loud, too noisy
        ("room 2 -80, speech 6 -56", Trouble.QUIET),
        ("room 2 -70, speech 3 -30, clipping 3", Trouble.CLIPPED),
        ("room 2 -70, clipping 0.4, room 1 -70", None),
        ("room 2 -70, clipping 3, speech 4 -30", None),
        ("room 3 -44, speech 5 -36, room 1 -44", Trouble.NOISY),
        ("room 3 -50, speech 5 -30, room 1 -50", None),
        # the worst comes first
        ("room 2 -38, clipping 4", Trouble.CLIPPED),
    ],
)
def test_what_is_wrong_with_the_sound(script: str, trouble: Trouble | None) -> None:
    assert trouble_heard(sound(script)) is trouble


def test_nothing_is_wrong_with_nothing() -> None:
    assert trouble_heard([]) is None


def test_dropped_sound_is_told_once_it_drops() -> None:
    before = sound("speech 5 -30")
    assert trouble_heard([replace(progress, overflows=3) for progress in before]) is None
    assert trouble_heard([*before, replace(before[-1], overflows=1)]) is Trouble.DROPPED


def warnings(script: str) -> list[tuple[float, Trouble | None]]:
    """Return when the warning changed, in seconds, and to what."""
    watch = MicrophoneWatch()
    changes: list[tuple[float, Trouble | None]] = [(0.0, None)]
    for frame, progress in enumerate(sound(script), start=1):
        watch.take(progress)
        if watch.trouble is not changes[-1][1]:
            changes.append((frame * FRAME_S, watch.trouble))
    return changes[1:]


def test_a_warning_comes_within_seconds_and_stays_long_enough_to_read() -> None:
    (came, muted), (went, nothing) = warnings("zero 4, room 6 -45")
    assert (muted, nothing) == (Trouble.MUTED, None)
    assert 3 <= came <= 3.3
    assert went >= 4 + HELD_S - 0.5


def test_a_warning_does_not_flicker_while_its_cause_comes_and_goes() -> None:
    script = "room 1 -70, " + ", ".join(["clipping 3, speech 4 -30"] * 4)
    assert [trouble for _, trouble in warnings(script)] == [Trouble.CLIPPED]


def test_something_worse_is_told_at_once_and_something_milder_later() -> None:
    assert [trouble for _, trouble in warnings("room 6 -30, zero 4")] == [Trouble.NOISY, Trouble.MUTED]
    (muted_at, muted), (noisy_at, noisy) = warnings("zero 4, room 9 -30")[:2]
    assert (muted, noisy) == (Trouble.MUTED, Trouble.NOISY)
    assert noisy_at - muted_at >= HELD_S


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_text_that_names_what_to_do(trouble: Trouble) -> None:
    text = warning_text(trouble, "Fake {0} Card")
    assert text.endswith((".", "?"))
    assert "{}" not in text
    assert ("Fake {0} Card" in text) == (trouble not in {Trouble.DROPPED, Trouble.NOISY})
