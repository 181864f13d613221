"""The corpus has the form that its README shows, and every break of it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.corpus import Corpus, CorpusError, Names, agreement, main, read_answers, read_labels, sheet

ANSWER = """\
== h01-01 star own spoken
? Tell me about a delay.
It was, um, late by ten days.
So I moved the tests, and we lost only two.
"""
LABELS = """\
== h01-01
1 s h z
2 a i h f x?
first: none
also: no_lesson
missing: lesson
unsure: task -
good: mitigation
figure: 2 only two
"""


@pytest.fixture(scope="module")
def names() -> Names:
    return Names()


def written(folder: Path, text: str) -> Path:
    path = folder / "h01.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_file_of_the_corpus_has_the_right_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "answers, all in the right form" in capsys.readouterr().out


def test_the_corpus_is_as_large_and_as_varied_as_it_says() -> None:
    corpus = Corpus.read()
    words = sum(answer.words for answer in corpus.answers.values())
    assert len(corpus.answers) >= 1200
    assert words >= 250_000
    assert len({answer.hand for answer in corpus.answers.values()}) >= 30
    assert len({answer.question for answer in corpus.answers.values()}) >= 100
    assert len(corpus.second) >= len(corpus.answers) // 10
    assert all(corpus.split(split) for split in ("train", "dev", "test"))


def test_an_answer_is_its_question_and_its_lines(tmp_path: Path, names: Names) -> None:
    (answer,) = read_answers(written(tmp_path, ANSWER), names)
    assert (answer.name, answer.hand, answer.framework, answer.style) == ("h01-01", "h01", "star", "spoken")
    assert answer.question == "Tell me about a delay."
    assert answer.lines == ("It was, um, late by ten days.", "So I moved the tests, and we lost only two.")
    assert answer.words == 17


def test_labels_say_what_is_there_and_what_is_doubtful(tmp_path: Path, names: Names) -> None:
    (answer,) = read_answers(written(tmp_path, ANSWER), names)
    labels = read_labels(written(tmp_path, LABELS), {answer.name: answer}, names)[answer.name]
    assert labels.yes == (
        {"situation", "happened", "impact_sized"},
        {"action", "speaker_acts", "happened", "outcome_figure"},
    )
    assert labels.unsure == (frozenset(), {"trade_off"})
    assert (labels.first, labels.also, labels.missing, labels.doubtful) == (set(), {"no_lesson"}, {"lesson"}, {"task"})
    assert labels.figures == ((2, "only two"),)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("h01-01 star own spoken", "h01-01 star own", "is not"),
        ("star own", "story own", "unknown framework"),
        ("own spoken", "own shouted", "unknown framework or style"),
        ("h01-01", "h02-01", "belongs to another hand"),
        ("star own", "star no-such-question", "no question"),
        ("? Tell me about a delay.\n", "", "its own question comes first"),
        ("um, late", "um, [inaudible] late", "never spoken"),
        ("own spoken", "own bare", "no capitals"),
        ("late by", "late " * 80, "a line of"),
        ("== h01", "Hello.\n== h01", "before the first answer"),
    ],
)
def test_a_broken_answer_is_named(tmp_path: Path, names: Names, before: str, after: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read_answers(written(tmp_path, ANSWER.replace(before, after, 1)), names)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("== h01-01", "== h01-02", "no such answer"),
        ("1 s h z\n", "", "2 lines, labels for"),
        ("1 s h z", "1 s h zz", "has the code 'zz'"),
        ("first: none", "first: nothing", "unknown name"),
        ("first: none\n", "", 'no line "first:"'),
        ("missing: lesson", "missing: scale", "unknown name"),
        ("good: mitigation", "good: charm", "unknown name"),
        ("2 only two", "2 only three", "is not in line 2"),
        ("2 only two", "3 only two", "is not in line 3"),
        ("figure:", "number:", "cannot read"),
    ],
)
def test_broken_labels_are_named(tmp_path: Path, names: Names, before: str, after: str, message: str) -> None:
    (answer,) = read_answers(written(tmp_path, ANSWER), names)
    with pytest.raises(CorpusError, match=message):
        read_labels(written(tmp_path, LABELS.replace(before, after, 1)), {answer.name: answer}, names)


def test_a_sheet_shows_the_question_and_numbers_the_lines(tmp_path: Path, names: Names) -> None:
    shown = sheet(read_answers(written(tmp_path, ANSWER), names))
    assert shown.splitlines()[0] == "== h01-01 | star | Tell me about a delay."
    assert shown.splitlines()[1] == "1 It was, um, late by ten days."


def test_agreement_counts_only_what_neither_is_unsure_of(tmp_path: Path, names: Names) -> None:
    (answer,) = read_answers(written(tmp_path, ANSWER), names)
    answers = {answer.name: answer}
    first = read_labels(written(tmp_path, LABELS), answers, names)
    other = read_labels(written(tmp_path, LABELS.replace("1 s h z", "1 s h k").replace("x?", "x")), answers, names)
    found = agreement(Corpus(answers, first, other, names))
    assert found["situation"].f1 == 1.0
    assert found["impact_sized"].f1 == 0.0
    assert found["trade_off"].f1 is None


def test_every_piece_of_evidence_has_a_code_of_its_own(names: Names) -> None:
    assert len(set(names.evidence.values())) == len(names.evidence)
