"""A whole interview over the sound card: the speaker asks, a candidate talks into the microphone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soundcard.conftest import RATE, SoundCard
from voicemock.content.questions import QuestionBank
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.endpointing import SILENCE_S, Ending
from voicemock.speech.whisper import FasterWhisper
from voicemock.weights import resolve_model

ANSWER = Path(__file__).parents[2] / "fixtures" / "audio" / "too-short.flac"
QUESTION = "failed-program"

pytestmark = [pytest.mark.soundcard, pytest.mark.models]


def words(text: str) -> set[str]:
    return {word.strip(".,?!").lower() for word in text.split()}


def heard_by_a_person(clip: AudioClip) -> str:
    """What was said in a clip, as Whisper hears it, in stretches it can take."""
    listener = FasterWhisper(resolve_model("base", load_settings().cache_dir))
    stretches = [clip.between(start, start + 25) for start in range(0, int(clip.duration_s) + 1, 25)]
    return " ".join(word.text for stretch in stretches for word in listener.transcribe(stretch))


def test_question_is_heard_and_answer_is_understood(sound_card: SoundCard, tmp_path: Path):
    command = [sys.executable, "-m", "voicemock", "practice", "--question", QUESTION, "--json"]
    with sound_card.listening() as ear:
        interview = subprocess.Popen(
            [*command, "--voice", "piper", "--data-dir", str(tmp_path / "data")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert interview.stderr is not None
        shown = []
        for line in interview.stderr:
            shown.append(line)
            if line.startswith("Listening"):
                break
        question_heard = ear.samples
        sound_card.talk(read_audio(ANSWER, RATE)).wait()
        output, rest = interview.communicate()
    assert interview.returncode == 0, "".join(shown) + rest

    question = QuestionBank.load().get(QUESTION)
    asked = words(heard_by_a_person(AudioClip(question_heard, RATE).at_rate(LISTENING_RATE)))
    assert len(asked & words(question.text)) >= 0.7 * len(words(question.text))

    answer = json.loads(output)["answers"][0]
    understood = words(answer["transcript"]["text"])
    said = {"migration", "storage", "team", "behind", "manager", "worked", "plan", "story"}
    assert len(understood & said) >= 6, answer["transcript"]["text"]
    assert not understood & {"failed", "failure"}, "the interviewer heard its own question"

    timings = answer["timings"]
    assert timings["declared_over_s"] - timings["speech_ended_s"] == pytest.approx(SILENCE_S[Ending.OPEN], abs=0.2)
    feedback = AudioClip(ear.samples[len(question_heard) :], RATE).at_rate(LISTENING_RATE)
    spoken = words(answer["feedback"]["spoken"])
    assert len(words(heard_by_a_person(feedback)) & spoken) >= 0.6 * len(spoken)
