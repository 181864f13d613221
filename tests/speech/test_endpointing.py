"""Where an answer starts, ends and is cut: no audio, only verdicts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes import flags
from voicemock.speech.clip import FRAME_S
from voicemock.speech.endpointing import Chunk, Chunker, Endpointer, Listening, chunks_of

SPEECH, SILENCE = True, False


def heard(script: str, *, silence_s: float = 4.0, no_speech_s: float = 30.0) -> Endpointer:
    endpointer = Endpointer(silence_s=silence_s, no_speech_s=no_speech_s)
    observe(endpointer, script)
    return endpointer


def observe(endpointer: Endpointer, script: str) -> list[Listening]:
    return [endpointer.observe(flag) for flag in flags(script)]


# --- Endpointer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "standing"),
    [
        ("silence 1", Listening.WAITING),
        ("silence 29.97", Listening.WAITING),
        ("silence 30", Listening.NOTHING_HEARD),
        ("speech 1", Listening.SPEAKING),
        ("silence 29.7, speech 0.09", Listening.WAITING),
        ("silence 29.97, speech 0.15", Listening.SPEAKING),
        ("speech 2, silence 3.9", Listening.SPEAKING),
        ("speech 2, silence 3.99", Listening.SPEAKING),
        ("speech 2, silence 4.02", Listening.OVER),
        ("speech 2, silence 3.99, speech 1, silence 3.99", Listening.SPEAKING),
        ("speech 2, silence 3.9, speech 1, silence 4.02", Listening.OVER),
        ("speech 900", Listening.SPEAKING),
    ],
)
def test_silence_of_four_seconds_ends_an_answer_and_thinking_does_not(script: str, standing: Listening) -> None:
    endpointer = Endpointer(silence_s=4.0, no_speech_s=30.0)
    *before, last = observe(endpointer, script)
    assert last is standing
    assert Listening.OVER not in before


@pytest.mark.parametrize("before_s", [round(0.03 * n, 2) for n in range(0, 400, 13)])
def test_the_length_of_silence_that_ends_an_answer_does_not_depend_on_when_it_begins(before_s: float) -> None:
    endpointer = heard(f"silence {before_s}, speech 0.6", silence_s=3.0)
    standings = observe(endpointer, "silence 3")
    assert standings.index(Listening.OVER) == len(standings) - 1


@pytest.mark.parametrize(
    ("silence_s", "in_mid_thought", "standing"),
    [(1.5, False, Listening.OVER), (6.6, False, Listening.OVER), (8.0, True, Listening.STUCK)],
)
def test_the_words_decide_how_long_is_waited(silence_s: float, in_mid_thought: bool, standing: Listening) -> None:
    endpointer = heard("speech 2, silence 0.9", silence_s=8.0)
    endpointer.expect(silence_s, in_mid_thought=in_mid_thought)
    standings = observe(endpointer, f"silence {silence_s}")
    moment = next(index for index, now in enumerate(standings) if now is not Listening.SPEAKING)
    assert standings[moment] is standing
    assert 0.9 + (moment + 1) * FRAME_S == pytest.approx(silence_s, abs=0.5 * FRAME_S)


def test_the_limit_that_the_words_set_ends_with_the_next_speech() -> None:
    endpointer = heard("speech 2, silence 0.9", silence_s=8.0)
    endpointer.expect(1.5, in_mid_thought=False)
    assert set(observe(endpointer, "speech 1, silence 7.8")) == {Listening.SPEAKING}


def test_a_click_does_not_make_the_words_forgotten() -> None:
    endpointer = heard("speech 2, silence 0.9", silence_s=8.0)
    endpointer.expect(1.5, in_mid_thought=False)
    assert observe(endpointer, "speech 0.06, silence 0.6")[-1] is Listening.OVER


def test_a_word_that_comes_late_ends_the_answer_at_once() -> None:
    endpointer = heard("speech 2, silence 5.1", silence_s=8.0)
    endpointer.expect(1.5, in_mid_thought=False)
    assert endpointer.observe(SILENCE) is Listening.OVER


def test_who_is_stuck_is_encouraged_once_and_then_waited_for_once_more() -> None:
    endpointer = heard("speech 2, silence 0.9", silence_s=8.0)
    endpointer.expect(8.0, in_mid_thought=True)
    assert observe(endpointer, "silence 7.11")[-1] is Listening.STUCK
    endpointer.go_on()
    assert set(observe(endpointer, "silence 7.95")) == {Listening.SPEAKING}
    observe(endpointer, "speech 2, silence 0.9")
    endpointer.expect(8.0, in_mid_thought=True)
    assert observe(endpointer, "silence 7.14")[-1] is Listening.OVER


def test_an_answer_that_stays_stuck_ends() -> None:
    endpointer = heard("speech 2, silence 0.9", silence_s=8.0)
    endpointer.expect(8.0, in_mid_thought=True)
    observe(endpointer, "silence 7.11")
    endpointer.go_on()
    assert observe(endpointer, "silence 8.01")[-1] is Listening.OVER


@pytest.mark.parametrize(
    ("noise", "is_answer"),
    [
        ("speech 0.03", False),
        ("speech 0.12", False),
        ("speech 0.06, silence 0.3, speech 0.06, silence 0.3, speech 0.06, silence 0.3, speech 0.06", False),
        ("speech 0.15", True),
        ("speech 0.09, silence 0.06, speech 0.06", True),
    ],
)
def test_a_click_is_no_answer(noise: str, is_answer: bool) -> None:
    assert (heard(f"silence 1, {noise}, silence 1").speech_started_s is not None) is is_answer


def test_a_click_does_not_prolong_an_answer() -> None:
    standings = observe(heard("speech 2"), "silence 2, speech 0.09, silence 1.95")
    assert standings[-1] is Listening.OVER


def test_speech_is_dated_back_to_its_first_frame_and_ends_with_its_last() -> None:
    endpointer = heard("silence 1.5, speech 3, silence 2")
    assert endpointer.speech_started_s == pytest.approx(1.5)
    assert endpointer.speech_ended_s == pytest.approx(4.5)
    assert endpointer.silent_for_s == pytest.approx(2.0, abs=FRAME_S)


def test_before_anybody_speaks_silence_counts_from_the_opening() -> None:
    endpointer = heard("silence 3")
    assert (endpointer.speech_started_s, endpointer.speech_ended_s) == (None, None)
    assert endpointer.silent_for_s == pytest.approx(3.0)


def test_a_repeated_question_gives_the_whole_waiting_time_again() -> None:
    endpointer = heard("silence 29.9")
    endpointer.wait_again()
    assert observe(endpointer, "silence 29.9")[-1] is Listening.WAITING
    assert observe(endpointer, "silence 0.3")[-1] is Listening.NOTHING_HEARD


def test_a_question_repeated_in_mid_answer_gives_the_whole_waiting_time_again() -> None:
    endpointer = heard("speech 2, silence 3.9")
    endpointer.wait_again()
    assert observe(endpointer, "silence 29.9")[-1] is Listening.SPEAKING
    assert endpointer.speech_ended_s == pytest.approx(2.0, abs=FRAME_S)
    assert observe(endpointer, "silence 0.3")[-1] is Listening.OVER


def test_after_a_repeated_question_silence_counts_as_before_once_the_answer_goes_on() -> None:
    endpointer = heard("speech 2, silence 1")
    endpointer.wait_again()
    assert observe(endpointer, "silence 10, speech 1, silence 3.9")[-1] is Listening.SPEAKING
    assert observe(endpointer, "silence 0.3")[-1] is Listening.OVER


# --- Chunker -------------------------------------------------------------------------------------------


def cut(script: str) -> list[tuple[float, float]]:
    return [(round(chunk.start_s, 2), round(chunk.end_s, 2)) for chunk in chunks_of(flags(script))]


@pytest.mark.parametrize(
    ("script", "chunks"),
    [
        ("silence 10", []),
        ("speech 3", [(0, 3)]),
        ("silence 1.5, speech 3, silence 1.5", [(1.11, 4.89)]),
        # pauses of less than 0.8 s, or in the first 20 s, do not close a chunk
        ("speech 6, silence 3, speech 3, silence 3", [(0, 12.39)]),
        ("speech 20.1, silence 0.6, speech 3", [(0, 23.7)]),
        # later ones do
        ("speech 20.1, silence 0.9, speech 3", [(0, 20.49), (20.61, 24)]),
        ("speech 12, silence 30, speech 3", [(0, 12.39), (41.61, 45)]),
        # what grows too long is cut at its longest gap after 8 s, in the middle of a short one
        ("speech 12, silence 0.6, speech 6, silence 0.3, speech 12", [(0, 12.3), (12.3, 30.9)]),
        ("speech 12, silence 0.3, speech 6, silence 0.6, speech 12", [(0, 18.6), (18.6, 30.9)]),
        ("speech 6, silence 0.6, speech 6, silence 0.3, speech 18", [(0, 12.75), (12.75, 30.9)]),
        # and on both sides of a long one, as where a chunk is closed
        ("speech 12, silence 0.75, speech 12.6", [(0, 12.39), (12.39, 25.35)]),
        ("speech 12, silence 2.1, speech 12", [(0, 12.39), (13.71, 26.1)]),
        # the gap may be the one going on right now
        ("speech 24.6, silence 0.6, speech 3", [(0, 24.78), (24.81, 28.2)]),
        # speech without any gap is cut where it must be
        ("speech 30", [(0, 24.99), (24.99, 30)]),
    ],
)
def test_an_answer_is_cut_at_its_pauses(script: str, chunks: list[tuple[float, float]]) -> None:
    assert cut(script) == chunks


@pytest.mark.parametrize(
    "script",
    [
        "silence 5, speech 0.06, silence 20",
        "silence 5, speech 0.03, silence 5, speech 0.06, silence 20",
        "silence 5, speech 0.06",
    ],
)
def test_a_click_is_not_transcribed(script: str) -> None:
    assert cut(script) == []


def test_a_click_long_before_the_answer_does_not_lengthen_its_chunk() -> None:
    assert cut("silence 1.5, speech 0.03, silence 8.97, speech 3") == [(10.11, 13.5)]


runs = st.lists(
    st.tuples(
        st.booleans(), st.one_of(st.integers(1, 12), st.integers(13, 200), st.sampled_from((666, 667, 833, 834, 1200)))
    ),
    max_size=24,
).map(lambda stretches: [flag for flag, length in stretches for _ in range(length)])


def frames_of(chunk: Chunk) -> range:
    start, end = chunk.start_s / FRAME_S, chunk.end_s / FRAME_S
    assert start == pytest.approx(round(start))
    assert end == pytest.approx(round(end))
    return range(round(start), round(end))


@given(runs)
def test_chunks_are_in_order_apart_short_and_hold_all_speech(verdicts: list[bool]) -> None:
    chunks = [frames_of(chunk) for chunk in chunks_of(verdicts)]
    for chunk, following in pairwise(chunks):
        assert chunk.stop <= following.start
    for chunk in chunks:
        assert 0 <= chunk.start < chunk.stop <= len(verdicts)
        assert len(chunk) * FRAME_S <= Chunker.MAX_S
        assert any(verdicts[chunk.start : chunk.stop])
    covered = {frame for chunk in chunks for frame in chunk}
    sounds = {
        frame
        for first in range(len(verdicts) - 2)
        if all(verdicts[first : first + 3])
        for frame in range(first, first + 3)
    }
    assert sounds <= covered


@given(runs)
def test_what_is_pending_is_what_finishing_would_give(verdicts: list[bool]) -> None:
    chunker = Chunker()
    closed = [chunk for verdict in verdicts if (chunk := chunker.observe(verdict))]
    pending = chunker.pending()
    assert chunks_of(verdicts) == ([*closed, pending] if pending else closed)
    assert chunker.finish() == pending
    assert chunker.finish() is None


@given(runs)
def test_no_chunk_reaches_back_before_what_is_still_needed(verdicts: list[bool]) -> None:
    chunker, needed_from_s = Chunker(), 0.0
    for verdict in verdicts:
        if chunk := chunker.observe(verdict):
            assert chunk.start_s >= needed_from_s
        assert chunker.needed_from_s >= needed_from_s
        needed_from_s = chunker.needed_from_s
        if pending := chunker.pending():
            assert pending.start_s >= needed_from_s


@given(runs, st.integers(14, 130))
@example([SILENCE] * 13 + [SPEECH] * 568 + [SILENCE] * 26 + [SPEECH] * 199, 14)  # the limit falls into the silence
def test_a_tail_guessed_in_silence_is_the_tail_that_finishing_gives(verdicts: list[bool], silent_frames: int) -> None:
    chunker = Chunker()
    for verdict in [*verdicts, SPEECH, *[SILENCE] * 14]:
        chunker.observe(verdict)
    guess = chunker.pending()
    closed = [chunk for _ in range(silent_frames) if (chunk := chunker.observe(SILENCE))]
    assert [*closed, *filter(None, [chunker.finish()])] == ([guess] if guess else [])
