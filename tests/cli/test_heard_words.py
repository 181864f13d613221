"""The newest words of an answer and its filled pauses, counted by the rules of the analysis."""

from __future__ import annotations

import pytest

from voicemock.analysis.lexicon import Lexicon
from voicemock.models import Word
from voicemock.report.listening import TAIL_WORDS, HeardWords

LEXICON = Lexicon.load()


def heard(text: str, word_s: float = 0.5) -> HeardWords:
    words = tuple(
        Word(text=word, start_s=2 + i * word_s, end_s=2 + (i + 1) * word_s) for i, word in enumerate(text.split())
    )
    return HeardWords.of(words, LEXICON)


@pytest.mark.parametrize(
    ("text", "marked", "count"),
    [
        ("", "", 0),
        ("We shipped it.", "We shipped it.", 0),
        ("Um, we, uh, shipped it.", "[Um], we, [uh], shipped it.", 2),
        ("uh uh we did", "[uh] [uh] we did", 2),
        ("uh-huh the ER is, you know, 5 mm wide", "uh-huh the ER is, you know, 5 mm wide", 0),
        ("we did it, hmm", "we did it, [hmm]", 1),
    ],
)
def test_filled_pauses_are_marked_and_counted(text: str, marked: str, count: int) -> None:
    words = heard(text)
    assert "".join(f"[{piece}]" if is_pause else piece for piece, is_pause in words.pieces) == marked
    assert words.filled_pauses == count


@pytest.mark.parametrize(
    ("text", "word_s", "per_minute"),
    [("um " + "word " * 58, 0.5, None), ("um " + "word " * 59, 0.5, 2.0), ("um uh um " + "word " * 57, 1.0, 3.0)],
)
def test_a_rate_is_told_from_thirty_seconds_on(text: str, word_s: float, per_minute: float | None) -> None:
    assert heard(text, word_s).per_minute == per_minute


def test_words_without_times_have_no_rate() -> None:
    assert HeardWords.of((Word(text="um"),) * 99, LEXICON).per_minute is None


def test_of_a_long_answer_the_end_is_kept_and_all_of_it_counted() -> None:
    words = heard("um " * 5 + " ".join(f"word{number}" for number in range(500)))
    text = "".join(piece for piece, _ in words.pieces)
    assert text.endswith("word499")
    assert TAIL_WORDS <= len(text.split()) < 2 * TAIL_WORDS
    assert words.filled_pauses == 5


def test_lines_do_not_wrap_anew_with_every_word() -> None:
    starts = {heard("word " * length).pieces[0][0][:20] for length in range(100, 140)}
    assert len(starts) == 1
    longer = [heard(" ".join(map(str, range(length)))).pieces[0][0].split()[0] for length in range(80, 200)]
    assert len(set(longer)) == 3


def test_codes_in_what_was_recognized_have_no_effect() -> None:
    assert "\x1b" not in heard("we \x1b[2Jdid").pieces[0][0]
