"""A whole interview on scripted devices and engines: asked, heard, written down, advised, and always kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes import (
    ListeningSpeaker,
    Script,
    ScriptedSynthesizer,
    Stretch,
    quiet,
    says,
)
from tests.interview.rooms import (
    ABOUT_TWO_FRAMES,
    LAUNCH,
    OVERTIME,
    RESULT,
    STYLE,
    OpenRoom,
    Room,
    ScriptedProber,
    closing,
    probe,
    with_follow_ups,
)
from voicemock.coaching.language_model.briefing import load_guidance
from voicemock.coaching.language_model.probing import ProbeBrief
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import (
    FILE_ENDED,
    HEARD_AGAIN,
    LOST,
    MOVING_ON,
    NOTHING_HEARD,
    SHOWN_INSTEAD,
    STUCK,
    load_style,
)
from voicemock.errors import DeviceError, EngineError, SpeechSynthesisError, StorageError, VoicemockError
from voicemock.interview.agenda import Agenda, day_of
from voicemock.interview.interview import report_of
from voicemock.models import (
    AnswerReport,
    Assessment,
    Framework,
    Loop,
    LoopRound,
    Opinion,
    Question,
    SecondOpinion,
    Transcript,
)
from voicemock.speech.audio_files import read_audio, write_audio
from voicemock.speech.clip import FRAME_S, LISTENING_RATE, AudioClip
from voicemock.speech.devices import AudioFileMicrophone
from voicemock.speech.endpointing import SILENCE_S, Chunker, Ending
from voicemock.speech.narrator import Narrator, sentences_to_say
from voicemock.speech.recorder import Command, Progress
from voicemock.speech.transcription import Transcriber

OPEN_S = SILENCE_S[Ending.OPEN]

# --- the usual course ----------------------------------------------------------------------------------


def test_two_questions_are_asked_answered_and_kept(room: OpenRoom) -> None:
    here = room(quiet(1.5), LAUNCH, quiet(7.2), quiet(2.1), RESULT, quiet(7.2), count=2)
    report = here.run()
    assert [answer.transcript.text for answer in report.answers] == [" ".join(s.words) for s in (LAUNCH, RESULT)]
    assert [answer.status for answer in report.answers] == ["answered", "answered"]
    assert [answer.question.id for answer in report.answers if answer.question] == ["first-launch", "second-launch"]
    assert here.screen.asked == [("first-launch", 1, 2), ("second-launch", 2, 2)]
    assert [assessment.transcript.text for assessment in here.screen.assessments] == [
        answer.transcript.text for answer in report.answers
    ]
    assert here.microphone.openings == 2
    assert not here.microphone.is_open
    assert report.session.ended_at is not None


def test_question_feedback_and_farewell_are_spoken_in_this_order(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2))
    (answer,) = here.run().answers
    assert here.said == f"Tell me about your first launch. {answer.feedback.spoken} {closing(1)}"
    assert len(here.speaker.clips) == len(here.voice.texts)


def test_the_report_is_what_the_store_gives_back(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2), RESULT, quiet(7.2), count=2)
    report = here.run()
    assert report_of(here.session, here.answers).model_dump_json() == report.model_dump_json()


def test_recordings_are_flac_and_nothing_else_is_left(room: OpenRoom) -> None:
    here = room(quiet(1.5), LAUNCH, quiet(7.2), RESULT, quiet(7.2), count=2)
    here.run()
    assert here.files == ["answer-01.flac", "answer-02.flac"]
    assert here.sound("answer-01.flac").duration_s == pytest.approx(1.5 + 12 + OPEN_S, abs=ABOUT_TWO_FRAMES)
    assert here.sound("answer-02.flac").duration_s == pytest.approx(7.2 + 6, abs=3 * ABOUT_TWO_FRAMES)
    assert here.store.unfinished.find(everything=True) == ()


def test_the_recording_is_the_source_and_analyzing_it_again_gives_the_same_words(room: OpenRoom) -> None:
    here = room(quiet(1.5), LAUNCH, quiet(2.1), RESULT, quiet(7.2))
    (answer,) = here.run().answers
    assert Path(answer.source) == here.store.sessions.folder(here.session) / "answer-01.flac"
    again = here.script.transcriber().transcribe(read_audio(Path(answer.source)))
    assert [word.text for word in again] == answer.transcript.text.split()


# --- thinking ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pause_s", [0.6, 1.5, 3.0, 4.5, 6.0])
def test_thinking_never_ends_an_answer(room: OpenRoom, pause_s: float) -> None:
    here = room(LAUNCH, quiet(pause_s), RESULT, quiet(pause_s), says("and that was great", 3), quiet(7.2))
    (answer,) = here.run().answers
    assert answer.transcript.text == " ".join(here.script.words)


BANK = QuestionBank.load()
DONE = says("we shipped on the day. That's my answer.", 3)
RESULT_TOLD = says("As a result we shipped on the day and cut support tickets by forty percent.", 12)


@pytest.mark.parametrize(
    ("last_words", "silence_s"), [(DONE, 1.5), (RESULT_TOLD, 4.4), (LAUNCH, OPEN_S)], ids=["said so", "result", "open"]
)
@pytest.mark.parametrize("patience", [1.0, 2.0])
def test_the_last_words_decide_how_long_is_waited(
    room: OpenRoom, last_words: Stretch, silence_s: float, patience: float
) -> None:
    here = room(LAUNCH, quiet(0.9), last_words, quiet(30), settings={"patience": patience})
    (answer,) = here.run().answers
    waited_s = answer.timings.declared_over_s - answer.timings.speech_ended_s  # type: ignore[operator]
    assert waited_s == pytest.approx(patience * silence_s, abs=ABOUT_TWO_FRAMES)


def test_who_is_stuck_gets_a_kind_word_once_and_can_go_on(room: OpenRoom) -> None:
    stuck = says("and then we decided to move it because um", 4)
    here = room(LAUNCH, quiet(0.9), stuck, quiet(8.1), quiet(7.5), stuck, quiet(30))
    (answer,) = here.run().answers
    assert answer.transcript.text == " ".join(here.script.words)
    assert here.said.count(STUCK) == here.screen.notices.count(STUCK) == 1
    assert here.microphone.openings == 2


def test_a_key_in_the_kind_word_ends_the_answer(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(0.9), says("and then um", 2), quiet(60), skips=STUCK)
    (answer,) = here.run().answers
    assert answer.timings.declared_over_s == pytest.approx(12 + 0.9 + 2 + 8, abs=0.3)


def test_who_stays_stuck_is_not_waited_for_for_ever(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(0.9), says("and then um", 2), quiet(60))
    (answer,) = here.run().answers
    assert answer.timings.declared_over_s == pytest.approx(12 + 0.9 + 2 + 8 + 8, abs=0.3)


def test_at_twice_the_target_the_candidate_is_asked_to_come_to_the_end_in_a_pause(room: OpenRoom) -> None:
    long = {"target_min_s": 5, "target_max_s": 10, "wrap_up": True}
    here = room(LAUNCH, quiet(0.9), LAUNCH, quiet(0.9), RESULT, quiet(0.9), RESULT, quiet(30), settings=long)
    (answer,) = here.run().answers
    assert answer.transcript.text == " ".join(here.script.words)
    assert here.screen.notices.count(OVERTIME) == 1
    assert here.said.count(OVERTIME) == 1


def test_nobody_is_asked_to_come_to_the_end_unless_wanted(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(0.9), RESULT, quiet(30), settings={"target_min_s": 1, "target_max_s": 2})
    here.run()
    assert OVERTIME not in here.said


def test_the_first_sentence_of_the_feedback_is_there_when_the_answer_is_over(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(0.9), RESULT, quiet(30))
    (answer,) = here.run().answers
    first = sentences_to_say(answer.feedback.spoken)[0]
    assert here.voice.texts.count(first) == 1


# --- the clock -----------------------------------------------------------------------------------------


def in_order(answer: AnswerReport) -> bool:
    timings = answer.timings
    moments = [
        timings.question_ended_s,
        timings.speech_started_s,
        timings.speech_ended_s,
        timings.declared_over_s,
        timings.transcript_complete_s,
        timings.feedback_started_s,
    ]
    return None not in moments and moments == sorted(moments)  # type: ignore[type-var]


def test_timings_are_on_the_microphones_clock(room: OpenRoom) -> None:
    here = room(quiet(1.5), LAUNCH, quiet(7.2), quiet(2.1), RESULT, quiet(7.2), count=2)
    first, second = here.run().answers
    assert first.timings.question_ended_s == 0
    assert first.timings.speech_started_s == pytest.approx(1.5, abs=FRAME_S)
    assert first.timings.speech_ended_s == pytest.approx(13.5, abs=FRAME_S)
    assert first.timings.declared_over_s == pytest.approx(13.5 + OPEN_S, abs=FRAME_S)
    assert second.timings.question_ended_s == first.timings.declared_over_s
    assert second.timings.speech_started_s == pytest.approx(22.8, abs=FRAME_S)
    assert second.timings.declared_over_s == pytest.approx(here.microphone.position * FRAME_S)
    assert in_order(first)
    assert in_order(second)


def test_words_are_on_the_answers_own_clock(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2), quiet(2.1), RESULT, quiet(7.2), count=2)
    _, second = here.run().answers
    assert second.transcript.words[0].start_s == pytest.approx(7.2 - OPEN_S + 2.1, abs=ABOUT_TWO_FRAMES)
    assert second.analysis.duration_s == pytest.approx(6.0, abs=ABOUT_TWO_FRAMES)


def test_a_repeated_question_does_not_stop_the_clock(room: OpenRoom) -> None:
    here = room(quiet(3), LAUNCH, quiet(7.2), keys={1.5: Command.REPEAT})
    (answer,) = here.run().answers
    assert answer.timings.question_ended_s == 0
    assert answer.timings.speech_started_s == pytest.approx(3, abs=FRAME_S)
    assert in_order(answer)


# --- nothing heard -------------------------------------------------------------------------------------


def test_silence_is_asked_once_more_and_then_passed_over(room: OpenRoom) -> None:
    here = room(quiet(60), RESULT, quiet(7.2), count=2)
    silent, second = here.run().answers
    assert silent.status == "no_speech"
    assert here.said.startswith(
        f"Tell me about your first launch. {NOTHING_HEARD} Tell me about your first launch. {MOVING_ON} "
        "Tell me about your second launch."
    )
    assert here.screen.notices[:2] == [NOTHING_HEARD, MOVING_ON]
    assert (silent.transcript.text, silent.transcript.words) == ("", ())
    assert silent.analysis.duration_s is None
    assert silent.analysis.fillers == ()
    assert set(silent.timings.model_dump(exclude={"question_ended_s"}).values()) == {None}
    assert second.timings.question_ended_s == pytest.approx(60)
    assert here.files == ["answer-01.flac", "answer-02.flac"]


def test_an_answer_after_the_second_asking_counts(room: OpenRoom) -> None:
    here = room(quiet(35), RESULT, quiet(7.2))
    (answer,) = here.run().answers
    assert (answer.status, answer.transcript.text) == ("answered", " ".join(RESULT.words))
    assert here.microphone.openings == 2
    assert here.sound("answer-01.flac").duration_s == pytest.approx(41 + OPEN_S, abs=0.1)


def test_a_click_is_no_answer_and_no_word(room: OpenRoom) -> None:
    here = room(quiet(9), says("click", 0.06), quiet(60))
    (answer,) = here.run().answers
    assert (answer.status, answer.transcript.text) == ("no_speech", "")


# --- keys ----------------------------------------------------------------------------------------------


def test_enter_ends_the_answer_at_once(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(0.6), RESULT, keys={12.3: Command.END})
    (answer,) = here.run().answers
    assert answer.transcript.text == " ".join(LAUNCH.words)
    assert answer.timings.declared_over_s == pytest.approx(12.3, abs=FRAME_S)
    assert closing(1) in here.said


def test_r_repeats_the_question_and_the_same_answer_goes_on(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(3.6), quiet(3.6), RESULT, quiet(7.2), keys={15.3: Command.REPEAT})
    (answer,) = here.run().answers
    assert answer.transcript.text == " ".join(here.script.words)
    assert here.said.count("Tell me about your first launch.") == 2
    assert here.microphone.openings == 2
    assert here.files == ["answer-01.flac"]


def test_r_gives_the_whole_time_to_begin_again(room: OpenRoom) -> None:
    here = room(quiet(50), RESULT, quiet(7.2), keys={27.0: Command.REPEAT})
    (answer,) = here.run().answers
    assert answer.status == "answered"
    assert NOTHING_HEARD not in here.said


def test_s_skips_the_question_and_keeps_the_recording(room: OpenRoom) -> None:
    here = room(LAUNCH, RESULT, quiet(7.2), count=2, keys={6.0: Command.SKIP})
    (answer,) = here.run().answers
    assert answer.question is not None
    assert answer.question.id == "second-launch"
    skipped, _ = here.answers
    assert (skipped.status, skipped.audio_file, skipped.assessment) == ("skipped", "answer-01.flac", None)
    assert here.sound("answer-01.flac").duration_s == pytest.approx(6.0)
    assert len(here.screen.assessments) == 1


def test_q_ends_the_interview_and_keeps_and_shows_what_was_said(room: OpenRoom) -> None:
    here = room(LAUNCH, count=3, keys={6.0: Command.QUIT})
    (answer,) = here.run().answers
    assert answer.transcript.text.split() == here.script.words[: len(answer.transcript.words)]
    assert len(answer.transcript.words) >= 9
    assert here.screen.asked == [("first-launch", 1, 3)]
    assert here.screen.assessments == [here.answers[0].assessment]
    assert here.said == "Tell me about your first launch."
    assert in_order(answer)


def test_q_before_a_word_leaves_nothing_to_analyze(room: OpenRoom) -> None:
    here = room(quiet(60), count=3, keys={1.5: Command.QUIT})
    assert here.run().answers == ()
    assert [answer.status for answer in here.answers] == ["skipped"]
    assert here.files == ["answer-01.flac"]


# --- when something fails ------------------------------------------------------------------------------


def test_ctrl_c_in_mid_answer_keeps_the_recording(room: OpenRoom) -> None:
    here = room(LAUNCH, count=2, keys={6.0: KeyboardInterrupt})
    here.fails(KeyboardInterrupt)
    (answer,) = here.answers
    assert (answer.status, answer.audio_file, answer.assessment) == ("interrupted", "answer-01.flac", None)
    assert answer.timings is not None
    assert answer.timings.declared_over_s is None
    assert here.sound("answer-01.flac").duration_s == pytest.approx(6.0)
    assert here.files == ["answer-01.flac"]


def test_ctrl_c_while_the_question_is_repeated_keeps_the_recording(room: OpenRoom) -> None:
    class Impatient(ListeningSpeaker):
        def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
            if len(self.clips) == 1:
                raise KeyboardInterrupt
            super().play(clip, is_skipped)

    here = room(LAUNCH, keys={6.0: Command.REPEAT}, speaker=Impatient())
    here.fails(KeyboardInterrupt)
    assert [answer.status for answer in here.answers] == ["interrupted"]
    assert here.files == ["answer-01.flac"]


def test_ctrl_c_while_it_is_written_down_keeps_the_recording(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2))

    def impatient(done: int, count: int) -> None:
        raise KeyboardInterrupt

    here.screen.transcribing = impatient  # type: ignore[method-assign]
    here.fails(KeyboardInterrupt)
    assert [(answer.status, answer.audio_file) for answer in here.answers] == [("interrupted", "answer-01.flac")]


def test_a_microphone_lost_in_mid_answer_keeps_and_analyzes_what_was_said(room: OpenRoom) -> None:
    here = room(LAUNCH, RESULT, count=2, unplugged_at_s=13.5)
    here.fails(DeviceError, "Plug it in again")
    (answer,) = here.answers
    assert answer.status == "answered"
    assert answer.assessment is not None
    assert answer.assessment.transcript.text.startswith(" ".join(LAUNCH.words))
    assert here.screen.assessments == [answer.assessment]
    assert here.screen.notices == [LOST]
    assert here.files == ["answer-01.flac"]
    assert here.screen.asked == [("first-launch", 1, 2)]


def test_a_microphone_lost_before_a_word_ends_the_interview(room: OpenRoom) -> None:
    here = room(quiet(60), count=2, unplugged_at_s=3.0)
    here.fails(DeviceError)
    assert [(answer.status, answer.audio_file) for answer in here.answers] == [("interrupted", "answer-01.flac")]
    assert here.screen.notices == []


def test_with_another_microphone_the_interview_goes_on(room: OpenRoom) -> None:
    spare = Script(RESULT, quiet(7.2)).microphone()
    here = room(LAUNCH, RESULT, count=2, unplugged_at_s=13.5, spare=[spare])
    assert [answer.status for answer in here.run().answers] == ["answered", "answered"]
    assert here.desk.lost == ["The microphone is gone. Plug it in again."]
    assert here.screen.notices == [LOST, "Now using the microphone scripted microphone.", closing(2)]
    assert spare.openings == 1


def test_a_microphone_lost_before_a_word_is_replaced_and_the_question_is_asked_again(room: OpenRoom) -> None:
    script = Script(LAUNCH, quiet(7.2))
    here = room(quiet(60), unplugged_at_s=3.0, spare=[script.microphone()])
    here.script.words.extend(script.words)
    (answer,) = here.run().answers
    assert answer.status == "answered"
    assert answer.timings.speech_started_s == pytest.approx(3.0, abs=FRAME_S)
    assert here.said.count("Tell me about your first launch.") == 2
    assert here.files == ["answer-01.flac"]


@pytest.mark.parametrize("unplugged_at_s", [3.0, 13.5])
def test_who_has_had_enough_ends_the_interview_without_an_error(room: OpenRoom, unplugged_at_s: float) -> None:
    here = room(quiet(4), LAUNCH, count=2, unplugged_at_s=unplugged_at_s, spare=[None])
    here.run()
    assert [answer.status for answer in here.answers] == ["skipped" if unplugged_at_s < 4 else "answered"]
    assert len(here.screen.asked) == 1


def test_sound_that_was_dropped_is_counted_shown_and_saved(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2))
    here.microphone.overflows = 3  # before this answer

    def drop(progress: Progress) -> None:
        here.microphone.overflows = 5

    here.screen.progress = drop  # type: ignore[method-assign]
    (answer,) = here.run().answers
    assert answer.overflows == here.answers[0].overflows == 2
    assert here.screen.notices[0].startswith("Sound was dropped twice")


def test_a_speaker_that_is_gone_is_told_once_and_listening_goes_on(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2), speaker=ListeningSpeaker(DeviceError("The speaker is gone.")))
    (answer,) = here.run().answers
    assert answer.status == "answered"
    assert in_order(answer)
    assert here.screen.notices == [f"The speaker is gone. {SHOWN_INSTEAD}", closing(1)]


def test_a_speaker_that_is_back_is_used_again(room: OpenRoom) -> None:
    class Loose(ListeningSpeaker):
        def play(self, clip: AudioClip, is_skipped: Callable[[], bool] = lambda: False) -> None:
            self._error, error = None, self._error
            if error is not None:
                raise error
            super().play(clip, is_skipped)

    here = room(LAUNCH, quiet(7.2), speaker=Loose(DeviceError("The speaker is gone.")))
    here.run()
    assert here.screen.notices[:2] == [f"The speaker is gone. {SHOWN_INSTEAD}", HEARD_AGAIN]
    assert here.speaker.clips


def test_a_voice_that_fails_is_told_once_and_texts_are_shown_instead(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.2), RESULT, quiet(7.2), count=2, voice=ScriptedSynthesizer(fails_on="Tell me"))
    report = here.run()
    assert [answer.status for answer in report.answers] == ["answered", "answered"]
    assert all(in_order(answer) for answer in report.answers)
    assert here.speaker.clips == []
    assert here.screen.notices == [
        "The voice is hoarse. Choose another with --voice. The text is shown instead.",
        closing(2),
    ]


def test_feedback_began_with_its_first_sound_even_if_the_voice_fails_later(
    room: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[float] = []

    class Breaking(Narrator):
        def say(self, text: str, on_start: Callable[[], None] = lambda: None, *_: Any) -> None:
            on_start()
            if here.screen.assessments:
                began.append(clock[0])
                clock[0] += 5.0
                raise SpeechSynthesisError("The voice broke.")

    clock = [100.0]
    for module in ("interview.interview", "interview.listener", "interview.answer_store"):
        monkeypatch.setattr(f"voicemock.{module}.perf_counter", lambda: clock[0])
    here = room(LAUNCH, quiet(7.2), narrator=Breaking(None, None))
    (answer,) = here.run().answers
    assert began == [100.0]
    assert answer.timings.feedback_started_s == answer.timings.declared_over_s


class Ears:
    """Hears every voice the same way, as Smart Turn would."""

    def __init__(self, probability: float | None) -> None:
        self._probability = probability

    def probability(self, tail: AudioClip) -> float:
        assert tail.duration_s > Chunker.MARGIN_S
        if self._probability is None:
            raise EngineError("Smart Turn cannot be loaded.")
        return self._probability


@pytest.mark.parametrize(
    ("said", "ears", "waits_s"),
    [
        ("we agreed on the plan.", Ears(0.99), 4.4),
        ("we agreed on the plan.", Ears(0.5), OPEN_S),
        ("we agreed on the plan.", Ears(None), OPEN_S),
        ("we agreed on the plan.", None, OPEN_S),
        ("we agreed on a.", Ears(0.99), 16.0),
    ],
)
def test_a_finished_sentence_is_waited_for_less_where_the_voice_is_finished_too(
    room: OpenRoom, said: str, ears: Ears | None, waits_s: float
) -> None:
    here = room(says(said, 6), quiet(20), ears=ears)
    (answer,) = here.run().answers
    waited_s = answer.timings.declared_over_s - answer.timings.speech_ended_s  # type: ignore[operator]
    assert waited_s == pytest.approx(waits_s, abs=0.3)


@pytest.mark.parametrize("error", [EngineError("The model is damaged."), RuntimeError("out of memory")])
def test_a_transcriber_that_does_not_load_leaves_the_recording(room: OpenRoom, error: Exception) -> None:
    def load() -> Transcriber:
        raise error

    here = room(LAUNCH, quiet(7.2), count=2, load=load)
    here.fails(type(error), str(error))
    assert [(answer.status, answer.audio_file) for answer in here.answers] == [("interrupted", "answer-01.flac")]
    assert here.files == ["answer-01.flac"]


def test_a_disk_that_takes_no_flac_leaves_the_recording_as_it_is(
    room: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(recording: Path, target: Path) -> None:
        raise StorageError("No space left.")

    monkeypatch.setattr("voicemock.interview.answer_store.compress_recording", refused)
    here = room(LAUNCH, quiet(7.2))
    (answer,) = here.run().answers
    assert Path(answer.source).name == "answer-01.recording.wav"
    assert here.files == ["answer-01.recording.wav"]
    assert here.answers[0].audio_file == "answer-01.recording.wav"
    assert "No space left." in here.screen.notices


@pytest.mark.parametrize("error", [StorageError("The disk is full."), VoicemockError("Something else.")])
def test_whatever_fails_while_listening_the_recording_is_filed(
    room: OpenRoom, monkeypatch: pytest.MonkeyPatch, error: VoicemockError
) -> None:
    here = room(LAUNCH, quiet(7.2), microphone=Script(LAUNCH).microphone(fails_after_s=6.0, error=error))
    here.fails(type(error))
    assert [answer.status for answer in here.answers] == ["interrupted"]
    assert here.sound("answer-01.flac").duration_s == pytest.approx(6.0)


def test_every_chunk_is_on_disk_before_it_is_transcribed(room: OpenRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    here = room(says("one two three four five six seven", 30), says("eight", 3), quiet(7.2))
    submit, submitted_s, on_disk_s = here.worker.submit, [0.0], []

    def watched(clip: AudioClip) -> Any:
        submitted_s.append(submitted_s[-1] + clip.duration_s)
        on_disk_s.append(here.sound("answer-01.recording.wav").duration_s)
        return submit(clip)

    monkeypatch.setattr(here.worker, "submit", watched)
    here.run()
    assert len(on_disk_s) == 2
    assert all(written_s >= so_far_s for written_s, so_far_s in zip(on_disk_s, submitted_s[1:], strict=True))


def test_every_spoken_text_is_shown_too(room: OpenRoom) -> None:
    here = room(quiet(60), LAUNCH, quiet(7.2), count=2)
    here.run()
    shown = " ".join(
        [
            *here.screen.notices,
            *(item.question.text for item in here.interview.agenda.items),
            *(assessment.feedback.spoken for assessment in here.screen.assessments),
        ]
    )
    for text in here.voice.texts:
        assert text in shown


# --- follow-ups, takes, styles and whole days --------------------------------------------------------


def test_a_follow_up_is_asked_heard_and_kept_as_an_answer_of_its_own(room: OpenRoom) -> None:
    here = room(
        LAUNCH, quiet(7.5), RESULT, quiet(7.5), agenda=with_follow_ups(1), prober=ScriptedProber("cost", "team")
    )
    main, reply = here.run().answers
    assert (main.follows, reply.follows) == (None, 1)
    assert reply.question.id == "probe-cost"
    assert reply.transcript.text == " ".join(RESULT.words)
    assert reply.analysis.target_max_s == 60.0
    assert here.screen.asked == [("first-launch", 1, 1), ("probe-cost", 1, 1)]


def test_feedback_comes_once_after_the_last_follow_up(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), agenda=with_follow_ups(1), prober=ScriptedProber("cost"))
    main, _ = here.run().answers
    assert here.said.count(main.feedback.spoken) == 1
    assert here.screen.assessments[0].feedback == main.feedback, "what is said of the replies too is shown and kept"
    assert here.said.index("What about the cost?") < here.said.index(main.feedback.spoken)
    assert [shown.transcript.text for shown in here.screen.assessments] == [
        " ".join(LAUNCH.words),
        " ".join(RESULT.words),
    ]


def test_a_nod_comes_before_a_follow_up(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), agenda=with_follow_ups(1), prober=ScriptedProber("cost"))
    here.run()
    nods = STYLE.remarks["acknowledged"]
    assert any(f"{nod} What about the cost?" in here.said for nod in nods)


def test_no_follow_up_is_asked_twice_and_no_more_than_wanted(room: OpenRoom) -> None:
    prober = ScriptedProber("cost", "team", "risk")
    here = room(*(4 * (LAUNCH, quiet(7.5))), count=2, agenda=with_follow_ups(1), prober=prober)
    report = here.run()
    assert [answer.question.id for answer in report.answers] == [
        "first-launch",
        "probe-cost",
        "second-launch",
        "probe-team",
    ]
    assert [answer.follows for answer in report.answers] == [None, 1, None, 3]


@pytest.mark.parametrize("waiting", [(), ("cost",)])
def test_without_a_follow_up_left_or_wanted_feedback_comes_at_once(room: OpenRoom, waiting: tuple[str, ...]) -> None:
    here = room(LAUNCH, quiet(7.5), agenda=with_follow_ups(len(waiting) and 0), prober=ScriptedProber(*waiting))
    (answer,) = here.run().answers
    assert answer.feedback.spoken in here.said


def test_silence_gets_no_follow_up(room: OpenRoom) -> None:
    here = room(quiet(60), agenda=with_follow_ups(2), prober=ScriptedProber("cost"))
    (answer,) = here.run().answers
    assert answer.status == "no_speech"
    assert "cost" not in here.said


def test_silence_after_a_follow_up_still_gets_the_feedback_on_the_answer(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(80), agenda=with_follow_ups(2), prober=ScriptedProber("cost", "team"))
    main, reply = here.run().answers
    assert (reply.status, reply.follows) == ("no_speech", 1)
    assert f"{MOVING_ON} {main.feedback.spoken}" in here.said
    assert "team" not in here.said


def test_a_skipped_follow_up_still_gets_the_feedback_on_the_answer(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(80), agenda=with_follow_ups(2), prober=ScriptedProber("cost"), keys={21.0: Command.SKIP})
    (main,) = here.run().answers
    assert [answer.status for answer in here.answers] == ["answered", "skipped"]
    assert main.feedback.spoken in here.said


def test_q_in_a_follow_up_ends_the_interview_and_shows_what_was_said(room: OpenRoom) -> None:
    here = room(
        LAUNCH,
        quiet(7.5),
        RESULT,
        quiet(7.5),
        count=2,
        agenda=with_follow_ups(1),
        prober=ScriptedProber("cost"),
        keys={24.0: Command.QUIT},
    )
    assert len(here.run().answers) == 2
    assert "second launch" not in here.said
    assert len(here.screen.assessments) == 2


def test_the_same_question_is_taken_again_with_feedback_in_between(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), agenda=lambda asked: Agenda.of(asked, takes=2))
    first, second = here.run().answers
    assert first.question == second.question
    assert (first.follows, second.follows) == (None, None)
    again = STYLE.say("again", "1")
    assert f"{first.feedback.spoken} {again} Tell me about your first launch." in here.said


@pytest.mark.parametrize("can_pause", [False, True], ids=["no keys", "keys"])
@pytest.mark.parametrize(
    "parts", [{"takes": 2}, {"takes": 1}, {"follow_ups": 1}], ids=["two takes", "two questions", "follow-ups"]
)
def test_an_interview_with_a_file_ends_with_the_file_and_says_so(
    room: OpenRoom, tmp_path: Path, parts: dict[str, int], can_pause: bool
) -> None:
    write_audio(tmp_path / "take.wav", AudioClip(np.zeros(480 * 10, np.float32), LISTENING_RATE))
    microphone = AudioFileMicrophone(tmp_path / "take.wav")
    here = room(microphone=microphone, agenda=lambda asked: Agenda.of(asked, **parts), count=2)
    here.screen.can_pause = can_pause
    assert [answer.status for answer in here.run().answers] == ["no_speech"]
    ended = FILE_ENDED.format(microphone=microphone.name)
    assert str(tmp_path / "take.wav") in ended
    assert here.screen.notices.count(ended) == 1
    told = f"{here.said} {here.screen.notices}"
    assert not any(wrong in told for wrong in ("Are you there?", "check", "launch. Tell me about your second"))


def a_day(asked: list[Question], **parts: Any) -> Agenda:
    block = LoopRound(title="Launches", count=1)
    rounds = [(block, asked[:1]), (block, asked[1:])]
    wanted = {"loop": "amazon", "style": STYLE, "minutes": 60, "follow_ups": 0, **parts}
    return day_of(rounds, **wanted)


def test_a_day_goes_from_the_opening_to_the_farewell(room: OpenRoom) -> None:
    here = room(*(3 * (LAUNCH, quiet(7.5))), count=2, agenda=a_day)
    report = here.run()
    assert [answer.question.id for answer in report.answers] == ["first-launch", "second-launch", "ask-back"]
    assert report.session.loop == "amazon"
    agenda = here.interview.agenda
    told = [
        agenda.opening,
        "Tell me about your first launch.",
        agenda.items[1].introduction,
        "Tell me about your second launch.",
        agenda.ask_back.text,
        STYLE.say("asked_back", "3"),
        here.screen.debriefs[0][1],
    ]
    places = [here.said.index(text) for text in told]
    assert places == sorted(places)
    assert report.answers[0].feedback.spoken not in here.said, "feedback is kept for the end"


def test_who_leaves_a_day_reads_the_debrief_and_hears_nothing_more(room: OpenRoom) -> None:
    here = room(*(2 * (LAUNCH, quiet(7.5))), count=2, agenda=a_day, keys={24.0: Command.QUIT})
    here.run()
    ((debrief, spoken),) = here.screen.debriefs
    assert debrief.questions == 2
    assert spoken not in here.said


def test_who_asks_nothing_back_is_let_go(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(100), agenda=a_day)
    here.run()
    assert STYLE.say("nothing_asked", "2") in here.said
    assert MOVING_ON not in here.said


def test_when_the_time_is_up_the_other_questions_are_left_out(room: OpenRoom) -> None:
    long_story = [says("so we went on and on about the launch and", 60), quiet(0.6)] * 4
    here = room(*long_story, quiet(8.5), LAUNCH, quiet(8.5), count=3, agenda=partial(a_day, minutes=6))
    report = here.run()
    assert [answer.question.id for answer in report.answers] == ["first-launch", "ask-back"]
    assert STYLE.say("out_of_time", "1") in here.said


def test_a_pressing_interviewer_cuts_in_and_then_takes_the_turn(room: OpenRoom) -> None:
    pressing = load_style("pressing")
    here = room(
        *(4 * (LAUNCH, quiet(0.9))),
        quiet(30),
        style="pressing",
        agenda=with_follow_ups(1),
        prober=ScriptedProber("cost"),
        settings={"target_min_s": 5, "target_max_s": 20},
    )
    main, _ = here.run().answers
    assert pressing.say("interruption", "1") in here.said
    assert pressing.say("cut", "1") in here.said
    assert here.screen.asked[-1][0] == "probe-cost"
    assert main.analysis.duration_s == pytest.approx(38, abs=1.5), "three of four stretches"


def seen_before(here: Room) -> list[tuple[str, str | None]]:
    """Make the analyzer note what every kept answer is compared with: by their sources, the text of the take before."""
    seen: list[tuple[str, str | None]] = []
    analyzer = here.interview.answer_store.analyzer
    assess = analyzer.assess

    def noting(transcript: Transcript, **parts: Any) -> Assessment:
        if parts["source"]:
            before = parts["before"]
            seen.append((parts["question"].id, None if before is None else before.analysis.structure.sentences[0].text))
        return assess(transcript, **parts)

    analyzer.assess = noting
    return seen


def test_the_second_take_is_compared_with_the_first(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), agenda=lambda asked: Agenda.of(asked, takes=2))
    seen = seen_before(here)
    here.run()
    assert [(name, before is None) for name, before in seen] == [("first-launch", True), ("first-launch", False)]
    assert seen[1][1].startswith("our launch was going to slip")


def test_a_follow_up_is_compared_with_nothing(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), agenda=with_follow_ups(1), prober=ScriptedProber("cost"))
    seen = seen_before(here)
    here.run()
    assert seen == [("first-launch", None), ("probe-cost", None)]


def test_a_take_that_other_rules_measured_is_not_compared_with(room: OpenRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    here = room(LAUNCH, quiet(7.5), RESULT, quiet(7.5), agenda=lambda asked: Agenda.of(asked, takes=2))
    monkeypatch.setattr("voicemock.interview.recovery.ANALYSIS_VERSION", -1)
    seen = seen_before(here)
    here.run()
    assert [before for _, before in seen] == [None, None]


class ScriptedModel:
    """Gives second opinions at once, and has one more question.

    Args:
        further: That question, or None.
        is_slow: Whether its opinions come only when it is closed.
    """

    def __init__(self, further: Question | None = None, *, is_slow: bool = False) -> None:
        self.guidance, self.shares = load_guidance(), "transcript"
        self._further, self._is_slow = further, is_slow
        self._judged: dict[int, SecondOpinion] = {}
        self.begun: list[ProbeBrief | None] = []

    def begin(self, brief: ProbeBrief | None, answer: int) -> None:
        self.begun.append(brief)

    def probe(self, brief: ProbeBrief | None, within_s: float) -> Question | None:
        return self._further

    def judge(self, assessment: Assessment, framework: Framework, answer: int) -> None:
        told = Opinion(name="result", coach="there", model="there", standing="both", is_there=True, quote="It rose.")
        self._judged[answer] = SecondOpinion(model="scripted", took_s=1.0, opinions=(told,))

    def clarify(self, question: Question, asked: str, answer: int, within_s: float) -> str | None:
        return None if self._is_slow else f"There are nine of those. You asked: {asked}"

    def opinions(self, within_s: float = 0.0) -> dict[int, SecondOpinion]:
        return {} if self._is_slow else self.close()

    def close(self) -> dict[int, SecondOpinion]:
        judged, self._judged = self._judged, {}
        return judged


SECOND = "A second opinion, from the language model on this machine. It also hears the result."


def test_a_second_opinion_is_said_after_the_coach_and_kept(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), model=ScriptedModel())
    (answer,) = here.run().answers
    assert answer.feedback.phrased_by is None
    assert here.said.index(answer.feedback.spoken) < here.said.index(SECOND)
    assert answer.second_opinion is not None
    assert answer.second_opinion == here.answers[0].second_opinion
    assert answer.second_opinion.model == "scripted"


def test_a_slow_one_is_kept_and_not_said(room: OpenRoom) -> None:
    here = room(LAUNCH, quiet(7.5), model=ScriptedModel(is_slow=True))
    (answer,) = here.run().answers
    assert SECOND not in here.said
    assert answer.second_opinion is not None


def test_its_question_comes_second(room: OpenRoom) -> None:
    model = ScriptedModel(further=probe("vendor"))
    here = room(
        *(3 * (LAUNCH, quiet(7.5))), agenda=with_follow_ups(2), prober=ScriptedProber("cost", "team"), model=model
    )
    report = here.run()
    assert [answer.question.id for answer in report.answers] == ["first-launch", "probe-cost", "probe-vendor"]
    assert [answer.second_opinion is not None for answer in report.answers] == [True, False, False]
    assert model.begun[0] is not None
    assert len(model.begun[-1].turns) == 2


def test_it_is_asked_where_the_interviewer_has_nothing_left(room: OpenRoom) -> None:
    here = room(
        *(2 * (LAUNCH, quiet(7.5))),
        agenda=with_follow_ups(2),
        prober=ScriptedProber(),
        model=ScriptedModel(further=probe("vendor")),
    )
    assert [answer.question.id for answer in here.run().answers] == ["first-launch", "probe-vendor"]


def test_a_day_without_feedback_in_between_asks_no_model(room: OpenRoom) -> None:
    model = ScriptedModel()
    here = room(*(3 * (LAUNCH, quiet(7.5))), count=2, agenda=a_day, model=model)
    here.run()
    assert model.begun == []


def test_each_interviewer_of_a_day_asks_and_responds_in_a_voice(room: OpenRoom) -> None:
    first, second = ScriptedSynthesizer(), ScriptedSynthesizer()

    def day(asked: list[Question]) -> Agenda:
        blocks = (LoopRound(title="Launches", count=1, interviewer=n) for n in (1, 2))
        rounds = [(block, [each]) for block, each in zip(blocks, asked, strict=True)]
        return day_of(rounds, loop="amazon", style=STYLE, minutes=60, follow_ups=0)

    narrator = Narrator(first, ListeningSpeaker(), {2: second})
    here = room(*(3 * (LAUNCH, quiet(7.5))), count=2, agenda=day, narrator=narrator)
    here.run()
    agenda = here.interview.agenda
    assert agenda.opening in " ".join(first.texts)
    assert first.texts[-1] in STYLE.remarks["acknowledged"]
    assert " ".join(second.texts).startswith(f"{agenda.items[1].introduction} {agenda.items[1].question.text}")
    assert here.screen.debriefs[0][1] in " ".join(second.texts)


RETROSPECTIVES = [loop for loop in BANK.loops if loop.name.startswith("retrospective-")]
KINDS = [*(loop for loop in BANK.loops if loop not in RETROSPECTIVES), RETROSPECTIVES[0]]


@pytest.mark.parametrize("loop", KINDS, ids=lambda loop: loop.name)
def test_a_loop_of_every_kind_is_held_to_its_end(room: OpenRoom, loop: Loop) -> None:
    rounds = BANK.rounds_of(loop, seed=3)
    planned = [question.id for _, asked in rounds for question in asked]

    def day(_: list[Question]) -> Agenda:
        return day_of(rounds, loop=loop.name, style=STYLE, minutes=loop.minutes, follow_ups=0)

    here = room(*((len(planned) + 1) * (LAUNCH, quiet(16.5))), agenda=day)
    report = here.run()
    assert [answer.question.id for answer in report.answers] == [*planned, "ask-back"]
    assert {answer.status for answer in report.answers} == {"answered"}
    ((debrief, spoken),) = here.screen.debriefs
    assert debrief.questions == len(planned)
    assert spoken in here.said
