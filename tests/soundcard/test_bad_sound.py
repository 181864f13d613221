"""Sound that arrives badly or not at all: what a candidate reads meanwhile, and what is kept of the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sounddevice
from typer.testing import CliRunner

from tests.soundcard.conftest import SoundCard, pactl
from tests.soundcard.rehearsal import VOICE_HZ, Reader, Rehearsal, heard, hum
from voicemock.cli import app
from voicemock.content.styles import MOVING_ON, NOTHING_HEARD, dropped_sound
from voicemock.models import Answer
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import AudioClip
from voicemock.store.store import Store

pytestmark = [pytest.mark.soundcard, pytest.mark.usefixtures("by_loudness")]

SPEECH = Path(__file__).parents[2] / "fixtures" / "audio" / "too-short.flac"
MUTED = "No sound at all from default. Is it muted, or the wrong microphone?"
TOO_LOUD = "Too loud: your voice is cut off. Move back, or turn down default."
DROPPED = "The computer is too busy: sound was dropped. Close other programs."


def only_answer(folder: Path) -> Answer:
    with Store(folder / "data") as store:
        (answer,) = store.sessions.answers(store.sessions.find("last"))
    return answer


def test_a_muted_microphone_is_told_while_it_is_muted_and_then_the_answer_is_heard(
    fragile_card: SoundCard, tmp_path: Path
) -> None:
    reader = Reader(fragile_card)
    reader.says_at = {1: hum(30.0, VOICE_HZ)}
    heard_before: list[bool] = []

    def unmuted_once_it_is_told() -> bool:
        progress = reader.progresses[-1]
        if MUTED in reader.read and not heard_before:
            heard_before.append(progress.speaking)
            pactl("set-source-mute", "microphone", "0")
        return progress.elapsed_s > 0.5

    reader.ends = unmuted_once_it_is_told
    pactl("set-source-mute", "microphone", "1")
    here = Rehearsal(tmp_path, fragile_card, count=1, candidate=reader, no_speech_s=30.0)
    assert heard(here.run()) == [("answered", True)]
    assert heard_before == [False]


def test_the_doctor_says_how_a_microphone_is_unmuted(fragile_card: SoundCard) -> None:
    pactl("set-source-mute", "microphone", "1")
    with fragile_card.talk(hum(30.0, VOICE_HZ)) as mouth:
        result = CliRunner().invoke(app, ["doctor", "--voice", "silent"])
        assert mouth.poll() is None
        mouth.terminate()
    told = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert "FAILED microphone test silent: no sound at all comes in" in told
    assert "-> Look for a mute key, then: pactl set-source-mute @DEFAULT_SOURCE@ 0" in told


def test_to_silence_the_question_is_asked_once_more_and_the_recording_is_kept(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    reader = Reader(sound_card)
    reader.begins = lambda: False
    here = Rehearsal(tmp_path, sound_card, count=1, candidate=reader)
    (answer,) = here.run().answers
    assert answer.status == "no_speech"
    assert reader.notices[:2] == [NOTHING_HEARD, MOVING_ON]
    (recording,) = (tmp_path / "data").rglob("answer-*.flac")
    assert read_audio(recording).duration_s == pytest.approx(2 * 1.0, abs=0.1)


def test_speech_at_full_scale_is_told_while_somebody_talks_and_in_the_measures(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    reader = Reader(sound_card)
    reader.ends = lambda: TOO_LOUD in reader.read
    clip = read_audio(SPEECH).between(0.0, 8.0)
    reader.says_at = {1: AudioClip(np.clip(40 * clip.samples, -1, 1), clip.sample_rate)}
    here = Rehearsal(tmp_path, sound_card, count=1, candidate=reader, patience=1.0, no_speech_s=10.0)
    assert heard(here.run()) == [("answered", True)]
    assert TOO_LOUD in reader.read
    assessment = only_answer(tmp_path).assessment
    assert assessment is not None
    assert assessment.analysis.audio_quality is not None
    assert "clipped" in assessment.analysis.audio_quality.problems


class Dropping:
    """A microphone's real stream whose block is lost now and then, as PortAudio tells it: with the next one.

    PulseAudio keeps 24 s for a program that does not take them, and does not say what it drops afterward, so that
    its own overflow cannot be brought about.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drops = 0
        self._real = sounddevice.InputStream
        monkeypatch.setattr(sounddevice, "InputStream", self._stream)

    def _stream(self, *, callback: Any, **options: Any) -> Any:
        lost: list[Any] = []

        def loses(heard: Any, frames: int, time: Any, status: sounddevice.CallbackFlags) -> None:
            if self.drops and not lost:
                self.drops -= 1
                lost.append(heard)
                return
            if lost:
                lost.clear()
                status.input_overflow = True
            callback(heard, frames, time, status)

        return self._real(callback=loses, **options)


def test_dropped_sound_is_told_while_somebody_talks_and_counted(
    sound_card: SoundCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, stream = Reader(sound_card), Dropping(monkeypatch)

    def drop() -> None:
        stream.drops = 3

    reader.in_mid_answer = drop
    here = Rehearsal(tmp_path, sound_card, count=1, candidate=reader)
    assert heard(here.run()) == [("answered", True)]
    assert f"! {DROPPED}" in reader.read
    assert dropped_sound(3) in reader.notices
    assert only_answer(tmp_path).overflows == 3
