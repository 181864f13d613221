"""The transcript for the page: complete, every word where it was said, every pause where it was made."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.interviews import fixture_answer, spoken_answer
from voicemock.models import Assessment, Pause, Transcript, Word, word_spans
from voicemock.report.passages import Run, spoken_blocks


def assessed(text: str, **changes: object) -> Assessment:
    assessment = spoken_answer(text).assessment
    assert assessment is not None
    return assessment.model_copy(update={"analysis": assessment.analysis.model_copy(update=changes)})


def runs(assessment: Assessment) -> list[Run]:
    return [item for b in spoken_blocks(assessment) for line in b.lines for item in line.items if isinstance(item, Run)]


STORY = "Um, our launch was late. I, you know, cut the scope. We cut tickets by 40 percent."


def test_nothing_is_lost_and_nothing_is_said_twice():
    for name in ("strong-story", "rambling-no-result", "too-short", "triage-answer"):
        assessment = fixture_answer(name).assessment
        shown = " ".join(run.text for run in runs(assessment))
        assert "".join(shown.split()) == "".join(assessment.transcript.text.split())


def test_every_atom_knows_its_word():
    assessment = assessed(STORY)
    words: dict[int, str] = {}
    for run in runs(assessment):
        for atom in run.atoms:
            if atom.word is not None:
                words[atom.word] = words.get(atom.word, "") + atom.text
    assert list(words.values()) == STORY.split()


def test_marks_end_where_the_marked_words_end():
    marked = [(run.mark, run.text) for run in runs(assessed(STORY)) if run.mark]
    assert marked == [
        ("filled_pause", "Um"),
        ("discourse_marker", "you know"),
        ("quantified_result", "by 40 percent"),
    ]


def test_a_pause_stands_before_the_word_that_follows_it():
    assessment = assessed("I stopped. Then I went on.", pauses=(Pause(start_s=4.5, end_s=5.2),))
    after = next(word for word in assessment.transcript.words if word.start_s >= 4.85)
    (line,) = [
        line
        for block in spoken_blocks(assessment)
        for line in block.lines
        if any(isinstance(i, Pause) for i in line.items)
    ]
    at = next(index for index, item in enumerate(line.items) if isinstance(item, Pause))
    run = line.items[at + 1]
    assert isinstance(run, Run)
    assert run.text.startswith(after.text)


def test_neighboring_sentences_of_a_part_are_one_block():
    parts = [block.part for block in spoken_blocks(fixture_answer("strong-story").assessment)]
    assert all(one != other for one, other in pairwise(parts))


def test_what_steers_a_screen_does_not_get_through():
    assert "\u202e" not in "".join(run.text for run in runs(assessed("I led\u202e it. We \x1b[31mshipped it.")))


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("I I led", ["I", "I", "led"], ((0, 1), (2, 3), (4, 7))),
        ("I led", ["I", "won", "led"], ((0, 1), (-1, -1), (2, 5))),
        ("", [], ()),
    ],
)
def test_where_words_stand(text, words, spans):
    assert word_spans(Transcript(text=text, words=tuple(Word(text=word) for word in words))) == spans
