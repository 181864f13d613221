"""Transcribing while the candidate talks: nothing twice, nothing lost, every word on the answer's clock."""

from __future__ import annotations

import signal
import sys
from threading import Event, Thread, get_ident
from threading import enumerate as enumerate_threads

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import Script, ScriptedDetector, ScriptedTranscriber, quiet, says
from voicemock.errors import EngineError
from voicemock.models import SpeechSpan, Transcript, Word
from voicemock.speech.clip import LISTENING_RATE, AudioClip, silence
from voicemock.speech.endpointing import Chunk, Ending, chunks_of
from voicemock.speech.transcription import Dictation, TranscriptionWorker, on_answer_clock, transcribe_recording
from voicemock.speech.vad import speech_flags, speech_spans

STORY = Script(
    quiet(1.2),
    says("we had a launch that was about to slip by a month so I", 12),
    quiet(2.1),
    says("cut the scope in half with the two other teams", 9),
    quiet(3.0),
    says("and we shipped on the day", 4),
    quiet(4.2),
)


class GatedTranscriber:
    """Transcribes a clip only once the gate is open; a clip's one word is its length."""

    name = "gated"

    def __init__(self) -> None:
        self.gate = Event()
        self.started = Event()
        self.lengths_s: list[float] = []

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        self.started.set()
        assert self.gate.wait(10)
        self.lengths_s.append(clip.duration_s)
        return (Word(text=f"{clip.duration_s:g}", start_s=0.0, end_s=clip.duration_s),)


def chunk_and_clip(start_s: float, end_s: float) -> tuple[Chunk, AudioClip]:
    return Chunk(start_s, end_s), silence(end_s - start_s)


# --- the worker ----------------------------------------------------------------------------------------


def test_the_transcriber_is_loaded_and_run_on_a_thread_of_its_own() -> None:
    threads = []
    loaded = Event()

    def load() -> ScriptedTranscriber:
        threads.append(get_ident())
        loaded.set()
        return STORY.transcriber(before=lambda clip: threads.append(get_ident()))

    with TranscriptionWorker(load) as worker:
        assert loaded.wait(10)
        worker.submit(silence(1)).result()
    assert len(set(threads)) == 1
    assert get_ident() not in threads


def test_a_transcriber_that_does_not_load_is_told_by_whatever_is_asked_first() -> None:
    def load() -> ScriptedTranscriber:
        raise EngineError("The model is damaged.")

    with TranscriptionWorker(load) as worker:
        with pytest.raises(EngineError, match="damaged"):
            worker.submit(silence(1)).result()
        with pytest.raises(EngineError, match="damaged"):
            worker.name()
        with pytest.raises(EngineError, match="damaged"):
            Dictation(worker, "en").transcript(())


def test_closing_finishes_what_runs_and_drops_what_waits() -> None:
    transcriber = GatedTranscriber()
    worker = TranscriptionWorker(lambda: transcriber)
    running, waiting = worker.submit(silence(1)), worker.submit(silence(2))
    assert transcriber.started.wait(10)
    waiting.add_done_callback(lambda _: transcriber.gate.set())
    worker.close()
    assert waiting.cancelled()
    assert [word.text for word in running.result()] == ["1"]


@pytest.mark.skipif(sys.platform == "win32", reason="there, Ctrl-C does not reach who waits for a thread")
def test_ctrl_c_breaks_the_wait_off_and_the_thread_still_counts_as_running() -> None:
    others = set(enumerate_threads())
    transcriber = GatedTranscriber()
    worker = TranscriptionWorker(lambda: transcriber)
    worker.submit(silence(1))
    assert transcriber.started.wait(10)
    (thread,) = (each for each in set(enumerate_threads()) - others if each.name.startswith("transcription"))
    closing = Event()
    presser = Thread(target=interrupt_when_waiting, args=(get_ident(), closing))
    presser.start()
    closing.set()
    with pytest.raises(KeyboardInterrupt):
        worker.close()
    presser.join()
    assert thread.is_alive()
    transcriber.gate.set()
    worker.close()
    assert not thread.is_alive()


def interrupt_when_waiting(thread: int, from_then_on: Event) -> None:
    """Press Ctrl-C as soon as a thread waits for another one."""
    assert from_then_on.wait(10)
    while sys._current_frames()[thread].f_code.co_name not in {"wait", "_wait_for_tstate_lock"}:
        pass
    signal.pthread_kill(thread, signal.SIGINT)


# --- the dictation -------------------------------------------------------------------------------------


def test_a_skipped_answer_does_not_keep_the_next_one_waiting() -> None:
    transcriber = GatedTranscriber()
    with TranscriptionWorker(lambda: transcriber) as worker:
        skipped, following = Dictation(worker, "en"), Dictation(worker, "en")
        skipped.add(*chunk_and_clip(0, 1))
        assert transcriber.started.wait(10)
        skipped.add(*chunk_and_clip(1, 20))
        skipped.guess(*chunk_and_clip(20, 25))
        skipped.drop()
        following.add(*chunk_and_clip(0, 2))
        transcriber.gate.set()
        assert following.transcript(()).text == "2"
    assert transcriber.lengths_s == [1, 2]  # only what was running when it was skipped


def test_a_right_guess_is_not_transcribed_again() -> None:
    transcriber = GatedTranscriber()
    transcriber.gate.set()
    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en")
        dictation.guess(*chunk_and_clip(0, 3))
        dictation.add(*chunk_and_clip(0, 3))
        assert dictation.transcript(()).text == "3"
    assert transcriber.lengths_s == [3]


def test_a_dropped_guess_that_is_right_after_all_is_not_transcribed_again() -> None:
    transcriber = GatedTranscriber()
    transcriber.gate.set()
    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en")
        dictation.guess(*chunk_and_clip(0, 3))
        dictation.judge((), silence(1))
        assert dictation.ending(wait=True) is None
        dictation.resume()  # a cough
        dictation.guess(*chunk_and_clip(0, 3))
        dictation.resume()  # the next word
        dictation.add(*chunk_and_clip(0, 3))
        dictation.add(*chunk_and_clip(3, 9))
        assert dictation.transcript(()).text == "3 6"
    assert transcriber.lengths_s == [3, 6]


def test_a_wrong_guess_leaves_no_trace() -> None:
    transcriber = GatedTranscriber()
    transcriber.gate.set()
    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en")
        dictation.guess(*chunk_and_clip(0, 3))
        dictation.guess(*chunk_and_clip(0, 5))
        dictation.add(*chunk_and_clip(0, 8))
        assert dictation.transcript(()).text == "8"


def test_a_guess_waits_behind_the_chunks_that_are_still_transcribed() -> None:
    transcriber = GatedTranscriber()
    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en")
        dictation.add(*chunk_and_clip(0, 20))
        assert transcriber.started.wait(10)
        dictation.guess(*chunk_and_clip(20, 23))
        transcriber.gate.set()
        worker.submit(silence(1)).result()
        assert transcriber.lengths_s == [20, 3, 1]
        dictation.add(*chunk_and_clip(20, 23))
        assert dictation.transcript(()).text == "20 3"
    assert transcriber.lengths_s == [20, 3, 1]


def test_a_wrong_guess_that_still_waits_costs_nothing() -> None:
    transcriber = GatedTranscriber()
    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en")
        dictation.add(*chunk_and_clip(0, 20))
        assert transcriber.started.wait(10)
        dictation.guess(*chunk_and_clip(20, 23))
        dictation.add(*chunk_and_clip(20, 27))
        transcriber.gate.set()
        assert dictation.transcript(()).text == "20 7"
    assert transcriber.lengths_s == [20, 7]


def test_progress_is_told_chunk_by_chunk() -> None:
    told: list[tuple[int, int]] = []
    with TranscriptionWorker(STORY.transcriber) as worker:
        dictation = Dictation(worker, "en")
        for start_s in (0, 10, 20):
            dictation.add(*chunk_and_clip(start_s, start_s + 5))
        dictation.transcript((), lambda done, count: told.append((done, count)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_recording_is_written_down_whole_and_in_order() -> None:
    clip = AudioClip(STORY.samples, LISTENING_RATE)
    flags = speech_flags(clip, ScriptedDetector())
    spans = speech_spans(flags)
    with TranscriptionWorker(STORY.transcriber) as worker:
        transcript = transcribe_recording(clip, flags, spans, Dictation(worker, "en"))
    assert len(chunks_of(flags)) == 2
    assert transcript.text.split() == STORY.words
    assert [word.text for word in transcript.words] == STORY.words
    assert (transcript.language, transcript.engine) == ("en", "scripted")
    first, last = transcript.words[0], transcript.words[-1]
    assert first.start_s == pytest.approx(1.2, abs=0.03)
    assert last.end_s == pytest.approx(1.2 + 12 + 2.1 + 9 + 3 + 4, abs=0.15)


def test_no_speech_is_an_empty_transcript_by_a_named_engine() -> None:
    clip = silence(5)
    flags = speech_flags(clip, ScriptedDetector())
    with TranscriptionWorker(STORY.transcriber) as worker:
        transcript = transcribe_recording(clip, flags, (), Dictation(worker, "en"))
    assert (transcript.text, transcript.words, transcript.engine) == ("", (), "scripted")


# --- the clock -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "speech", "on_the_clock"),
    [
        ((1.0, 1.5), [(10.0, 20.0)], (11.0, 11.5)),  # moved by the chunk's start
        ((0.0, 0.9), [(10.4, 20.0)], (10.4, 10.9)),  # drawn in where speech begins
        ((4.0, 5.6), [(10.0, 15.0), (18.0, 20.0)], (14.0, 15.0)),  # and where it ends
        ((4.0, 8.5), [(10.0, 15.0), (18.0, 20.0)], (14.0, 18.5)),  # spoken on both sides of a pause
        ((6.0, 6.4), [(10.0, 15.0), (18.0, 20.0)], (16.0, 16.4)),  # the detector missed it
        ((9.0, 12.0), [(10.0, 20.0)], (19.0, 20.0)),  # Whisper's times may reach beyond the sound
        ((12.0, 12.5), [(10.0, 20.0)], (20.0, 20.0)),
    ],
)
def test_a_word_moves_to_the_answers_clock_and_off_the_silence(
    word: tuple[float, float], speech: list[tuple[float, float]], on_the_clock: tuple[float, float]
) -> None:
    heard = (Word(text="we", start_s=word[0], end_s=word[1]),)
    (moved,) = on_answer_clock(heard, Chunk(10.0, 20.0), tuple(SpeechSpan(*span) for span in speech))
    assert (moved.start_s, moved.end_s) == pytest.approx(on_the_clock)


times = st.floats(-1, 31, allow_nan=False)


@given(
    st.lists(st.tuples(times, times), max_size=12),
    st.lists(st.booleans(), min_size=300, max_size=700),
    st.integers(0, 300),
)
def test_words_stay_in_order_and_inside_their_chunk(
    pairs: list[tuple[float, float]], verdicts: list[bool], start: int
) -> None:
    chunk = Chunk(start * 0.03, start * 0.03 + 9)
    words = tuple(Word(text="we", start_s=start_s, end_s=end_s) for start_s, end_s in pairs)
    moved = on_answer_clock(words, chunk, speech_spans(verdicts))
    clock = [moment for word in moved for moment in (word.start_s, word.end_s)]
    assert len(moved) == len(words)
    assert clock == sorted(clock)
    assert np.all(np.diff([chunk.start_s - 0.001, *clock, chunk.end_s + 0.001]) >= 0)


# --- judging what was said so far ----------------------------------------------------------------------


def test_the_judge_sees_all_that_was_said_and_the_guess_is_not_transcribed_twice() -> None:
    seen: list[str] = []
    transcriber = GatedTranscriber()
    transcriber.gate.set()

    def judge(transcript: Transcript, speech: tuple[SpeechSpan, ...], tail: AudioClip) -> Ending:
        seen.append(transcript.text)
        return Ending.FINISHED

    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en", judge)
        dictation.add(*chunk_and_clip(0, 16))
        dictation.guess(*chunk_and_clip(18, 23))
        dictation.judge((), silence(1))
        assert dictation.ending(wait=True) is Ending.FINISHED
        assert [word.text for word in dictation.words] == ["16", "5"]
        dictation.add(*chunk_and_clip(18, 23))
        assert dictation.ending(wait=False) is Ending.FINISHED
        assert dictation.transcript(()).text == "16 5"
    assert seen == ["16 5"]
    assert transcriber.lengths_s == [16, 5]


def test_a_verdict_is_not_waited_for_unless_asked_and_forgotten_when_more_is_said() -> None:
    transcriber = GatedTranscriber()
    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en", lambda transcript, speech, tail: Ending.FINISHED)
        dictation.guess(*chunk_and_clip(0, 5))
        dictation.judge((), silence(1))
        assert dictation.ending(wait=False) is None
        dictation.resume()
        transcriber.gate.set()
        assert dictation.ending(wait=True) is None


def test_a_transcriber_that_fails_gives_no_verdict_and_is_told_at_the_end() -> None:
    def load() -> ScriptedTranscriber:
        raise EngineError("The model is damaged.")

    with TranscriptionWorker(load) as worker:
        dictation = Dictation(worker, "en", lambda transcript, speech, tail: Ending.FINISHED)
        dictation.guess(*chunk_and_clip(0, 5))
        dictation.judge((), silence(1))
        assert dictation.ending(wait=True) is None
        dictation.add(*chunk_and_clip(0, 5))
        with pytest.raises(EngineError, match="damaged"):
            dictation.transcript(())


def test_words_can_be_read_while_the_candidate_talks() -> None:
    transcriber = GatedTranscriber()
    transcriber.gate.set()
    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en")
        dictation.add(*chunk_and_clip(0, 16))
        dictation.preview(*chunk_and_clip(18, 21))
        worker.run(lambda: None).result()
        assert dictation.is_idle
        assert [word.text for word in dictation.words] == ["16", "3"]
        dictation.add(*chunk_and_clip(18, 23))
        assert dictation.transcript(()).text == "16 5"


def test_a_screen_is_shown_a_sketch_where_the_transcriber_can_sketch() -> None:
    class Sketching(GatedTranscriber):
        def sketch(self, clip: AudioClip) -> tuple[Word, ...]:
            return (Word(text="about", start_s=0.0, end_s=clip.duration_s),)

    transcriber = Sketching()
    transcriber.gate.set()
    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en")
        dictation.preview(*chunk_and_clip(0, 3))
        worker.run(lambda: None).result()
        assert [word.text for word in dictation.words] == ["about"]
        dictation.add(*chunk_and_clip(0, 3))
        assert dictation.transcript(()).text == "3"


def test_a_judge_that_fails_ends_no_answer_and_is_told_when_all_is_written_down() -> None:
    transcriber = GatedTranscriber()
    transcriber.gate.set()

    def judge(transcript: Transcript, speech: tuple[SpeechSpan, ...], tail: AudioClip) -> Ending:
        raise ValueError("the phrases are broken")

    with TranscriptionWorker(lambda: transcriber) as worker:
        dictation = Dictation(worker, "en", judge)
        dictation.guess(*chunk_and_clip(0, 5))
        dictation.judge((), silence(1))
        assert dictation.ending(wait=True) is None
        dictation.add(*chunk_and_clip(0, 5))
        with pytest.raises(ValueError, match="broken"):
            dictation.transcript(())
