"""How near an answer comes to what a strong answer to its question does, by meaning and not by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.part_model import Encode
from voicemock.analysis.rambling import content_of
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import statement_of
from voicemock.analysis.structure import spoken_sentences
from voicemock.models import Filler, Question, Sentence, Transcript

MOST_WORDS: Final = 220
"""Of a longer answer only the sentences that share most words with the points are compared: each costs half a
millisecond of the processor."""


@dataclass(frozen=True, slots=True)
class Closeness:
    """How near the nearest sentence of an answer is to what it should be about, from 0 to 1.

    Attributes:
        question: To the words of the question.
        points: To each point of a strong answer.
    """

    question: float
    points: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Of all points; 0 where there are none."""
        return sum(self.points) / len(self.points) if self.points else 0.0


def measure_closeness(
    transcript: Transcript,
    sentences: tuple[Sentence, ...],
    fillers: tuple[Filler, ...],
    question: Question,
    encode_subjects: Encode,
) -> Closeness | None:
    """Compare an answer with what a strong answer to its question does; None where there is nothing to compare.

    Args:
        transcript: What was said.
        sentences: Of its structure.
        fillers: Are left out.
        question: Knows what a strong answer does.
        encode_subjects: Turns sentences into vectors of length 1, one a row.
    """
    points = [question.text.lower(), *(point.lower() for point in question.strong_answer)]
    texts = [text for text in spoken_sentences(SpokenText.of(transcript), sentences, fillers) if text]
    if not texts:
        return None
    near = encode_subjects(points) @ encode_subjects(_most_telling(texts, points)).T
    asked, *each = (float(best) for best in near.max(axis=1))
    return Closeness(asked, tuple(each))


def content_words(text: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    return content_of(statement_of(text), Lexicon.load())


def _most_telling(texts: Sequence[str], points: Sequence[str]) -> list[str]:
    """Return the sentences to compare, in their order; of a long answer those that have most in common with a point."""
    if sum(len(text.split()) for text in texts) <= MOST_WORDS:
        return list(texts)
    subject = [content_words(point) for point in points]
    common = [max(len(content_words(text) & point) for point in subject) for text in texts]
    kept: set[int] = set()
    words = 0
    for index in sorted(range(len(texts)), key=lambda index: (-common[index], index)):
        words += len(texts[index].split())
        if words > MOST_WORDS and kept:
            break
        kept.add(index)
    return [texts[index] for index in sorted(kept)]
