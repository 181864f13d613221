"""A story that is told to two questions is noticed by its meaning, and named once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.debriefs import told, unheard
from tests.interviews import bank
from training.corpus import FOLDER
from voicemock.analysis.vectors import Float32s, load_vectors
from voicemock.coaching.debrief import debrief_of
from voicemock.coaching.debrief_wording import DEBRIEF_WORDS, spoken_debrief
from voicemock.coaching.same_story import (
    SAME_FROM,
    Told,
    find_told_twice,
    subjects_encoder,
    tell_one_story,
    tells_again,
)
from voicemock.errors import WeightsError
from voicemock.report.debrief import debrief_view
from voicemock.settings import load_settings

RETOLD = yaml.safe_load((Path(__file__).parents[2] / "bench" / "data" / "retold.yaml").read_text())
CHECKOUT = (
    "Last year the checkout of our shop was slow in the evening. My task was to bring the payment page under a second. "
    "I asked the database team for their slowest queries. I decided to move the reports to a replica. "
    "After two weeks the payment page took eight hundred milliseconds."
)
AGAIN = (
    "I once had to convince a database team to help me. The checkout of our shop was slow in the evening. "
    "I asked for their slowest queries and we moved the reports to a replica. "
    "The payment page took eight hundred milliseconds after two weeks. They had wanted to wait until spring."
)
WAREHOUSE = (
    "In the warehouse nobody trusted the new scanners. My job was to find out why pallets went missing. "
    "I walked with the night shift for three days. I decided to print both labels on each pallet. "
    "By the autumn not a single pallet was lost."
)


def by_words(sentences: Sequence[str]) -> Float32s:
    """Vectors in which two sentences are as near as the words they share."""
    rows = np.zeros((len(sentences), 4096), np.float32)
    for row, sentence in zip(rows, sentences, strict=True):
        for word in re.findall(r"\w+", sentence):
            row[sum(ord(char) * 31**place for place, char in enumerate(word)) % 4096] = 1.0
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def pieces(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"(?<=[.!?])\s+", text.strip()))


def no_weights(_sentences: Sequence[str]) -> Float32s:
    raise WeightsError("not installed")


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ((CHECKOUT, AGAIN), [(1, 2)]),
        ((CHECKOUT, WAREHOUSE), []),
        ((CHECKOUT, WAREHOUSE, AGAIN), [(1, 3)]),
        ((CHECKOUT, CHECKOUT, AGAIN), [(1, 2), (1, 3)]),
        ((CHECKOUT, "I asked the database team for their slowest queries."), []),
        ((CHECKOUT,), []),
        ((), []),
    ],
)
def test_a_story_that_comes_again_is_found_once_with_its_first_telling(texts, found):
    stories = [Told(position, pieces(text)) for position, text in enumerate(texts, start=1)]
    assert [(match.first, match.again) for match in find_told_twice(stories, by_words)] == found


def test_the_two_sentences_that_are_nearest_are_named():
    (match,) = find_told_twice([Told(1, pieces(CHECKOUT)), Told(2, pieces(AGAIN))], by_words)
    assert match.first_sentence in CHECKOUT
    assert match.again_sentence in AGAIN
    assert SAME_FROM <= match.nearness <= 1


def test_the_debrief_names_both_tellings_and_says_so_once():
    answers = (told(CHECKOUT * 2, 1), told(WAREHOUSE * 2, 2), told(AGAIN * 2, 3))
    debrief = debrief_of(answers, bank(), encode=by_words)
    (same,) = debrief.told_twice
    assert same.positions == (1, 3)
    assert same.quote in answers[2].assessment.transcript.text
    assert same.first_quote in answers[0].assessment.transcript.text
    spoken = spoken_debrief(debrief)
    assert spoken.count("one and three") == 1
    assert len(spoken.split()) <= DEBRIEF_WORDS
    (group,) = [group for group in debrief_view(debrief, spoken).groups if group.kind == "told_twice"]
    assert [point.citation.position for point in group.points] == [3, 1]


@pytest.mark.parametrize("encode", [None, no_weights], ids=["not asked", "no weights"])
def test_without_vectors_nothing_is_known(encode):
    answers = (told(CHECKOUT * 2, 1), told(AGAIN * 2, 2))
    assert debrief_of(answers, bank(), encode=encode).told_twice == ()


def test_plans_and_questions_without_an_answer_are_no_stories():
    plan = told(CHECKOUT * 2, 1, question="dependency-four-week-slip")
    assert debrief_of((plan, told(CHECKOUT * 2, 2), unheard(3)), bank(), encode=by_words).told_twice == ()


def test_nothing_is_loaded_before_it_is_needed(tmp_path, monkeypatch):
    loaded: list[Path] = []
    monkeypatch.setattr("voicemock.coaching.same_story.load_vectors", lambda folder: loaded.append(folder) or 1 / 0)
    encode = subjects_encoder(tmp_path / "nothing")
    assert find_told_twice([Told(1, pieces(CHECKOUT)), Told(2, pieces(WAREHOUSE))], encode) == ()
    assert loaded == []


# --- with the real vectors ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def encode():
    try:
        return load_vectors(load_settings().cache_dir).encode_subjects
    except WeightsError as error:
        pytest.skip(str(error))


def corpus_story(name: str) -> tuple[str, ...]:
    text = (FOLDER / "answers" / f"{name[:3]}.txt").read_text()
    (_, *lines), *_ = [block.splitlines() for block in text.split("== ") if block.startswith(f"{name} ")]
    return tuple(line for line in lines if line and not line.startswith("?"))


@pytest.mark.parametrize("retold", RETOLD, ids=[each["story"] for each in RETOLD])
def test_a_story_in_other_words_is_recognized_and_another_one_is_not(retold, encode):
    first, again = corpus_story(retold["story"]), pieces(retold["text"])
    assert len(find_told_twice([Told(1, first), Told(2, again)], encode)) == 1
    other = next(each["text"] for each in RETOLD if each["story"][:3] != retold["story"][:3])
    assert find_told_twice([Told(1, first), Told(2, pieces(other))], encode) == ()


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (CHECKOUT, AGAIN, True),
        (CHECKOUT, WAREHOUSE, False),
        (CHECKOUT, "It was slow. We fixed the payment page.", None),
    ],
)
def test_two_answers_tell_one_story_or_two_or_it_cannot_be_told(one, other, is_one):
    assert tells_again(pieces(one), pieces(other), by_words) is is_one


@pytest.mark.parametrize(
    ("texts", "question", "encode", "is_one"),
    [
        ((CHECKOUT, AGAIN), "failed-program", by_words, True),
        ((CHECKOUT, WAREHOUSE), "failed-program", by_words, False),
        ((CHECKOUT, WAREHOUSE), None, by_words, True),  # a named story
        ((CHECKOUT, WAREHOUSE), "dependency-four-week-slip", by_words, True),  # the question sets the matter
        ((CHECKOUT, AGAIN), "failed-program", None, None),
        ((CHECKOUT, AGAIN), "failed-program", no_weights, None),
    ],
)
def test_takes_are_of_one_story_by_name_by_question_or_by_meaning(texts, question, encode, is_one):
    before, after = (told(text, 1, question=question or "failed-program").assessment.analysis for text in texts)
    asked = bank().get(question) if question else None
    assert tell_one_story(before, after, asked, encode) is is_one
