"""Speaking sentence by sentence, in order; the moment of the first sound is noted once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ListeningSpeaker, ScriptedSynthesizer
from voicemock.errors import DeviceError, SpeechSynthesisError
from voicemock.speech.clip import AudioClip, silence
from voicemock.speech.narrator import Narrator, sentences_to_say


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("  \n", []),
        ("Tell me more", ["Tell me more"]),
        ("Thank you. Tell me more.", ["Thank you.", "Tell me more."]),
        ("Really?  Yes! \"Quite\" so. 'Good.'", ["Really?", "Yes!", '"Quite" so.', "'Good.'"]),
        ("It took 2.5 weeks. 3 people did it.", ["It took 2.5 weeks.", "3 people did it."]),
        ("You said e.g. this one, and so on.", ["You said e.g. this one, and so on."]),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, pieces: list[str]) -> None:
    assert sentences_to_say(text) == pieces


@given(st.text(alphabet="aB1 .!?\"'\n", max_size=80))
def test_no_word_is_lost_between_sentences(text: str) -> None:
    pieces = sentences_to_say(text)
    assert " ".join(pieces).split() == text.split()
    assert all(pieces)


def test_every_sentence_is_played_in_order_and_the_start_noted_once() -> None:
    voice, speaker = ScriptedSynthesizer(), ListeningSpeaker()
    clips_at_start: list[int] = []
    Narrator(voice, speaker).say("One. Two. Three.", lambda: clips_at_start.append(len(speaker.clips)))
    assert voice.texts == ["One.", "Two.", "Three."]
    assert len(speaker.clips) == 3
    assert clips_at_start == [0]


def test_the_next_sentence_is_synthesized_while_one_is_played() -> None:
    second_is_ready = Event()

    class Voice(ScriptedSynthesizer):
        def synthesize(self, text: str) -> AudioClip:
            if text == "Two.":
                second_is_ready.set()
            return silence(0.1)

    class Speaker(ListeningSpeaker):
        def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
            assert second_is_ready.wait(10)
            super().play(clip, is_skipped)

    speaker = Speaker()
    Narrator(Voice(), speaker).say("One. Two.")
    assert len(speaker.clips) == 2


@pytest.mark.parametrize(
    "narrator", [Narrator(None, None), Narrator(None, ListeningSpeaker()), Narrator(ScriptedSynthesizer(), None)]
)
def test_without_a_voice_or_a_speaker_it_starts_at_once_and_is_silent(narrator: Narrator) -> None:
    started: list[bool] = []
    narrator.say("One. Two.", lambda: started.append(True))
    assert narrator.is_silent
    assert started == [True]


def test_with_both_it_is_not_silent() -> None:
    assert not Narrator(ScriptedSynthesizer(), ListeningSpeaker()).is_silent


def test_a_text_with_nothing_to_say_starts_too() -> None:
    started: list[bool] = []
    Narrator(ScriptedSynthesizer(), ListeningSpeaker()).say(" ", lambda: started.append(True))
    assert started == [True]


def test_a_voice_that_fails_before_the_first_sound_never_started() -> None:
    started: list[bool] = []
    speaker = ListeningSpeaker()
    with pytest.raises(SpeechSynthesisError):
        Narrator(ScriptedSynthesizer(fails_on="One"), speaker).say("One. Two.", lambda: started.append(True))
    assert started == []
    assert speaker.clips == []


def test_a_voice_that_fails_later_has_said_what_came_before() -> None:
    speaker = ListeningSpeaker()
    with pytest.raises(SpeechSynthesisError):
        Narrator(ScriptedSynthesizer(fails_on="Two"), speaker).say("One. Two. Three.")
    assert len(speaker.clips) == 1


def test_a_speaker_that_is_gone_is_told() -> None:
    with pytest.raises(DeviceError, match="unplugged"):
        Narrator(ScriptedSynthesizer(), ListeningSpeaker(DeviceError("It was unplugged."))).say("One. Two.")


@pytest.mark.parametrize(("asked", "heard"), [(0, 0), (2, 1), (4, 2), (6, 3)])
def test_a_key_leaves_the_rest_unsaid_and_it_has_started_all_the_same(asked: int, heard: int) -> None:
    started: list[bool] = []
    speaker, questions = ListeningSpeaker(), count()
    Narrator(ScriptedSynthesizer(), speaker).say(
        "One. Two. Three.", lambda: started.append(True), lambda: next(questions) == asked
    )
    assert (len(speaker.clips), started) == (heard, [True])


@pytest.mark.parametrize(
    ("interviewers", "said"),
    [
        ((1, 1), {1: ["One.", "Two."], 2: []}),
        ((1, 2), {1: ["One."], 2: ["Two."]}),
        ((2, 1), {1: ["Two."], 2: ["One."]}),
        ((2, 3), {1: ["Two."], 2: ["One."]}),
    ],
    ids=["one person", "a second takes over", "the first comes back", "a third without a voice"],
)
def test_each_interviewer_has_a_voice(interviewers: tuple[int, int], said: dict[int, list[str]]) -> None:
    voices = {1: ScriptedSynthesizer(), 2: ScriptedSynthesizer()}
    narrator = Narrator(voices[1], ListeningSpeaker(), {2: voices[2]})
    for interviewer, text in zip(interviewers, ("One.", "Two."), strict=True):
        narrator.hand_over(interviewer)
        narrator.say(text)
    assert {number: voice.texts for number, voice in voices.items()} == said


def test_what_was_prepared_is_not_said_in_the_voice_of_somebody_else() -> None:
    first, second, speaker = ScriptedSynthesizer(), ScriptedSynthesizer(), ListeningSpeaker()
    narrator = Narrator(first, speaker, {2: second})
    narrator.prepare("Thank you.")
    narrator.hand_over(2)
    narrator.say("Thank you.")
    assert second.texts == ["Thank you."]


@pytest.mark.parametrize("others", [{}, {2: ScriptedSynthesizer()}])
def test_a_silent_interviewer_hands_over_in_silence(others: dict[int, ScriptedSynthesizer]) -> None:
    narrator = Narrator(None, None, others)
    narrator.hand_over(2)
    assert narrator.is_silent
    assert narrator.say("One.")
