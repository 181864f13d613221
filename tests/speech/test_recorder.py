"""Recording one answer: every frame is on the disk before it is judged, and every chunk goes out at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import Script, ScriptedDetector, Stretch, flags, quiet, says
from tests.voices import PITCH_HZ, buzz
from voicemock.errors import DeviceError
from voicemock.models import SpeechSpan, Word
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import FRAME_S, AudioClip, Samples
from voicemock.speech.endpointing import SILENCE_S, Chunk, Chunker, Ending, Endpointer, chunks_of
from voicemock.speech.pitch import load_pitch_tracker
from voicemock.speech.recorder import TAIL_S, AnswerRecorder, Command, Outcome, Progress


class RememberedDictation:
    """Remembers the chunks that it is given, and what was guessed when."""

    def __init__(self) -> None:
        self.chunks: list[tuple[Chunk, AudioClip]] = []
        self.guesses: list[Chunk] = []
        self.previews: list[Chunk] = []
        self.words: tuple[Word, ...] = ()
        self.endings: list[Ending | None] = []
        self.judged_at_s: list[float] = []
        self.tails: list[AudioClip] = []
        self.waited: set[bool] = set()
        self._ending: Ending | None = None

    def add(self, chunk: Chunk, clip: AudioClip) -> None:
        self.chunks.append((chunk, clip))

    def guess(self, chunk: Chunk, clip: AudioClip) -> None:
        assert clip.duration_s == pytest.approx(chunk.end_s - chunk.start_s)
        self.guesses.append(chunk)

    def judge(self, speech: tuple[SpeechSpan, ...], tail: AudioClip) -> None:
        self.tails.append(tail)
        self.judged_at_s.append(speech[-1].end_s if speech else 0.0)
        self._ending = self.endings.pop(0) if self.endings else None

    def ending(self, *, wait: bool) -> Ending | None:
        self.waited.add(wait)
        return self._ending

    is_idle = True

    def preview(self, chunk: Chunk, clip: AudioClip) -> None:
        self.previews.append(chunk)

    def resume(self) -> None:
        self._ending = None

    def go_back(self, chunks: list[Chunk], clip_of: Callable[[Chunk], AudioClip]) -> None:
        self.chunks = [(chunk, clip_of(chunk)) for chunk in chunks]


class Listener:
    """An answer recorder with everything around it."""

    def __init__(self, folder: Path) -> None:
        self.dictation = RememberedDictation()
        self.path = folder / "answer-01.recording.wav"
        self.progresses: list[Progress] = []
        self.recorder = AnswerRecorder(
            self.path,
            detector=ScriptedDetector(),
            endpointer=Endpointer(silence_s=4.0, no_speech_s=30.0),
            dictation=self.dictation,  # type: ignore[arg-type]
            on_progress=self.progresses.append,
        )

    def listen(
        self, *stretches: Stretch, command: Callable[[], Command | None] = lambda: None, then: Iterable[Samples] = ()
    ) -> Outcome:
        frames = iter(Script(*stretches).samples.reshape(-1, 480))
        return self.recorder.listen((frame for source in (frames, then) for frame in source), command)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    listener = Listener(tmp_path)
    yield listener
    listener.recorder.finish()


STORY = (quiet(1.5), says("I led the launch", 16), quiet(3), says("and it went well", 9), quiet(4.2))


def test_an_answer_is_over_after_the_silence(listener: Listener) -> None:
    assert listener.listen(*STORY) is Outcome.OVER
    assert listener.recorder.recording_s == pytest.approx(33.5, abs=3 * FRAME_S)


def test_dropped_sound_is_counted_from_where_listening_began(listener: Listener) -> None:
    def listen(*counts: int | None) -> int | None:
        rest = iter(counts)
        frames = iter(Script(quiet(FRAME_S * (len(counts) - 1))).samples.reshape(-1, 480))
        listener.recorder.listen(frames, lambda: None, lambda: next(rest))
        return listener.recorder.overflows

    assert listen(None, None, None) is None
    assert listen(5, 5, 6, 8) == 3  # five were before this answer
    assert listen(8, 8, 9) == 4  # the question was repeated in between
    assert [progress.overflows for progress in listener.progresses] == [0, 0, 0, 1, 3, 3, 4]


def test_the_voice_is_tracked_while_it_is_recorded_and_an_aside_is_forgotten(tmp_path: Path) -> None:
    recorder = AnswerRecorder(
        tmp_path / "answer-01.recording.wav",
        detector=ScriptedDetector(),
        endpointer=Endpointer(silence_s=4.0, no_speech_s=30.0),
        dictation=RememberedDictation(),  # type: ignore[arg-type]
        on_progress=lambda _progress: None,
        pitch=load_pitch_tracker(),
    )
    low, high = (buzz(3.0, formants_hz=formants) for formants in ((500, 1500), (700, 1200)))
    for sound in (low, high):
        recorder.listen(sound.reshape(-1, 480), lambda: None)
        if sound is low:
            recorder.set_aside(1.5, tmp_path / "aside.flac", may_wait=False)
    recorder.finish()
    assert recorder.voice is not None
    assert recorder.voice.at_s[-1] == pytest.approx(4.5, abs=0.05)
    voiced = recorder.voice.confidence >= 0.5
    assert voiced.mean() > 0.8
    assert 2 ** (np.median(recorder.voice.semitones[voiced]) / 12) == pytest.approx(PITCH_HZ, rel=0.02)


def test_nothing_heard(listener: Listener) -> None:
    assert listener.listen(quiet(31)) is Outcome.NOTHING_HEARD
    assert listener.recorder.speech == ()


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        (Command.END, Outcome.ENDED),
        (Command.REPEAT, Outcome.REPEAT),
        (Command.SKIP, Outcome.SKIP),
        (Command.QUIT, Outcome.QUIT),
    ],
)
def test_a_key_decides_at_once(listener: Listener, command: Command, outcome: Outcome) -> None:
    assert listener.listen(*STORY, command=lambda: command if len(listener.progresses) == 100 else None) is outcome
    assert listener.recorder.recording_s == pytest.approx(3.0)


def test_frames_that_run_out_end_the_answer(listener: Listener) -> None:
    assert listener.listen(says("done", 1)) is Outcome.ENDED


def test_chunks_of_listening_are_those_of_the_finished_recording(listener: Listener) -> None:
    listener.listen(*STORY)
    recording = Script(*STORY).samples
    listener.recorder.finish()
    script = "silence 1.5, speech 16, silence 3, speech 9, silence 4.2"
    assert [chunk for chunk, _ in listener.dictation.chunks] == chunks_of(flags(script))
    assert len(listener.dictation.chunks) == 2
    for chunk, clip in listener.dictation.chunks:
        np.testing.assert_array_equal(
            clip.samples, recording[round(chunk.start_s * 16_000) : round(chunk.end_s * 16_000)]
        )


@pytest.mark.parametrize("before_s", [round(0.03 * n, 2) for n in range(0, 300, 7)])
def test_the_tail_is_guessed_once_in_silence_whenever_it_begins(listener: Listener, before_s: float) -> None:
    listener.listen(quiet(before_s), says("that was it", 3), quiet(4.2))
    listener.recorder.finish()
    assert listener.dictation.guesses == [chunk for chunk, _ in listener.dictation.chunks]


def test_a_click_after_the_last_word_is_guessed_again(listener: Listener) -> None:
    listener.listen(says("that was it", 3), quiet(1.8), says("click", 0.09), quiet(4.2))
    listener.recorder.finish()
    assert len(listener.dictation.guesses) == 2
    assert listener.dictation.guesses[-1] == listener.dictation.chunks[-1][0]


def test_only_the_sound_of_the_pending_chunk_is_held_in_memory(listener: Listener) -> None:
    for _ in range(20):
        listener.listen(says("on and on", 12), quiet(1.2))
        assert len(listener.recorder._recent) * FRAME_S < 30


def test_stretches_of_speech_are_those_spoken(listener: Listener) -> None:
    listener.listen(*STORY)
    (first, second) = listener.recorder.speech
    assert first == pytest.approx((1.5, 17.5), abs=FRAME_S)
    assert second == pytest.approx((20.5, 29.5), abs=2 * FRAME_S)


def test_every_frame_is_on_disk_before_it_is_judged(listener: Listener) -> None:
    sizes: list[float] = []

    class WatchingDetector:
        def is_speech(self, frame: Samples) -> bool:
            sizes.append(read_audio(listener.path).duration_s)
            return True

    listener.recorder._detector = WatchingDetector()
    listener.listen(says("hello", 0.3))
    assert sizes == pytest.approx([0.03 * n for n in range(1, 11)])


def test_what_was_recorded_before_the_microphone_was_lost_is_kept(listener: Listener) -> None:
    def unplugged() -> Iterator[Samples]:
        raise DeviceError("The microphone is gone.")
        yield

    with pytest.raises(DeviceError):
        listener.listen(quiet(0.6), says("I led", 2), then=unplugged())
    listener.recorder.finish()
    assert read_audio(listener.path).duration_s == pytest.approx(2.6, abs=FRAME_S)
    assert [(chunk.start_s, chunk.end_s) for chunk, _ in listener.dictation.chunks] == [
        pytest.approx((0.21, 2.6), abs=2 * FRAME_S)
    ]


def test_one_answer_goes_on_over_several_listenings(listener: Listener) -> None:
    assert listener.listen(says("I led", 2), quiet(3.9)) is Outcome.ENDED
    listener.recorder.endpointer.wait_again()
    assert listener.listen(quiet(3.9), says("the launch", 2), quiet(4.2)) is Outcome.OVER
    assert len(listener.recorder.speech) == 2
    assert listener.recorder.recording_s == pytest.approx(15.9, abs=5 * FRAME_S)


def test_progress_tells_level_and_time(listener: Listener) -> None:
    listener.listen(quiet(0.9), says("one", 3), quiet(0.9))
    silent, speaking, last = (listener.progresses[n] for n in (20, 100, -1))
    assert (silent.elapsed_s, silent.level, silent.peak, silent.speaking) == (0.0, 0.0, 0.0, False)
    assert speaking.speaking
    assert speaking.level == pytest.approx(speaking.peak) == pytest.approx(0.25, abs=0.01)
    assert speaking.elapsed_s == pytest.approx(101 * FRAME_S - 0.9)
    assert last.silent_for_s == pytest.approx(0.9)


def test_the_clock_shows_the_length_that_is_measured_afterward(listener: Listener) -> None:
    listener.listen(quiet(2), says("one", 3), quiet(1.5), says("two", 2), quiet(6))
    first, last = listener.recorder.speech[0], listener.recorder.speech[-1]
    shown = [each.elapsed_s for each in listener.progresses]
    assert shown == sorted(shown)
    assert shown[int(6 / FRAME_S)] == pytest.approx(3.0, abs=2 * FRAME_S)  # in the pause it stands still
    assert shown[-1] == pytest.approx(last.end_s - first.start_s, abs=2 * FRAME_S) == pytest.approx(6.5, abs=0.1)


def test_frames_are_taken_only_while_nothing_is_decided(listener: Listener) -> None:
    frames = iter(Script(says("one", 1), quiet(60)).samples.reshape(-1, 480))
    listener.recorder.listen(frames, lambda: None)
    assert len(list(islice(frames, 5000))) * FRAME_S == pytest.approx(56, abs=0.1)


# --- the words decide ----------------------------------------------------------------------------------


def test_an_answer_that_sounds_over_is_over_sooner(listener: Listener) -> None:
    listener.dictation.endings = [Ending.SAID_SO]
    assert listener.listen(says("that's my answer", 3), quiet(30)) is Outcome.OVER
    assert listener.recorder.recording_s == pytest.approx(3 + SILENCE_S[Ending.SAID_SO], abs=2 * FRAME_S)


def test_who_stops_in_the_middle_of_a_thought_is_stuck(listener: Listener) -> None:
    listener.dictation.endings = [Ending.UNFINISHED]
    assert listener.listen(says("and then um", 3), quiet(30)) is Outcome.STUCK
    assert listener.recorder.recording_s == pytest.approx(11, abs=2 * FRAME_S)


def test_the_voice_is_judged_by_the_last_seconds_whatever_was_transcribed_of_them(listener: Listener) -> None:
    listener.listen(says("I led it", 3), quiet(2), says("for a year", 15), quiet(2), says("and well", 2), quiet(30))
    assert [chunk.end_s for chunk, _ in listener.dictation.chunks] == pytest.approx([20.4], abs=3 * FRAME_S)
    lengths_s = [tail.duration_s for tail in listener.dictation.tails]
    assert lengths_s == pytest.approx([3 + Chunker.MARGIN_S, TAIL_S, TAIL_S], abs=3 * FRAME_S)
    last = listener.dictation.tails[-1].samples
    assert np.abs(last[:480]).max() > 0  # of the second stretch
    assert np.abs(last[-480:]).max() == 0


def test_what_was_said_is_judged_at_each_pause(listener: Listener) -> None:
    listener.dictation.endings = [Ending.OPEN, Ending.SAID_SO]
    listener.listen(says("I led it", 3), quiet(2), says("and that was it", 3), quiet(30))
    assert listener.dictation.judged_at_s == pytest.approx([3, 8], abs=2 * FRAME_S)


@pytest.mark.parametrize("sound_waits", [True, False])
def test_only_a_file_waits_for_the_words(listener: Listener, sound_waits: bool) -> None:
    listener.recorder._sound_waits = sound_waits
    listener.listen(says("I led it", 3), quiet(2))
    assert listener.dictation.waited == {sound_waits}


def test_overtime_is_told_once_and_in_a_pause(listener: Listener) -> None:
    listener.recorder._overtime_s = 10
    words = (says("on", 9), quiet(0.3), says("and", 3), quiet(0.9))
    assert listener.listen(*words) is Outcome.OVERTIME
    assert listener.recorder.recording_s == pytest.approx(12.9, abs=2 * FRAME_S)
    assert listener.listen(*words) is Outcome.ENDED


def test_without_a_pause_a_live_transcript_is_written_now_and_then(listener: Listener) -> None:
    fluent = [stretch for _ in range(8) for stretch in (says("on and on", 2), quiet(0.3))]
    listener.listen(*fluent)
    assert listener.dictation.previews == []
    listener.recorder._shows_words = True
    listener.listen(*fluent)
    assert 1 <= len(listener.dictation.previews) <= 3
