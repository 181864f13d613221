"""Measures how an answer gets to its point: repeated content, background, landing, closeness to the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from voicemock.analysis.evidence import LIKELY
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.outcomes import BACKGROUND
from voicemock.analysis.spoken_text import SpokenText, Statement, statement_of
from voicemock.analysis.structure import Encode, spoken_sentences
from voicemock.models import (
    Filler,
    QuantifiedResult,
    Question,
    Rambling,
    Remark,
    Restatement,
    Sentence,
    Structure,
    Transcript,
)

FEWEST_CONTENT_WORDS: Final = 4
"""Shorter statements are alike by chance."""
SAME_OVERLAP: Final = 0.75
"""Two statements say the same from this share of the shorter one's content words on."""
SAME_OVERLAP_OF_PARTS: Final = 0.9
"""The same for statements of different parts: "I had to map the calls", "I mapped the calls"."""
SAME_LENGTH: Final = 0.5
"""The shorter must have this share of the longer one's content words: a summary is no repetition."""
REPETITION_CONFIDENCE: Final = 0.8
LAST_STATEMENTS: Final = 3
"""A landing is looked for in these; "that is it" often stands after it."""
MOST_STATEMENTS: Final = 400
"""Of a longer text only the beginning is compared, so that the time stays proportional to its length."""

MOST_WORDS: Final = 220
"""Of a longer answer only the sentences that share most words with the points are compared: each costs half a
millisecond of the processor."""


def find_rambling(
    spoken: SpokenText,
    statements: tuple[Statement, ...],
    structure: Structure,
    outcomes: tuple[QuantifiedResult, ...],
    lexicon: Lexicon,
) -> Rambling:
    """Return the repeated statements, the share of the background, and the sentence that lands."""
    shares = [part.share for part in structure.parts if part.name in BACKGROUND and part.share is not None]
    return Rambling(
        repeated=_repeated(statements, lexicon),
        background_share=sum(shares) if shares else None,
        landing=_landing(spoken, statements, structure, outcomes, lexicon),
    )


def _repeated(statements: tuple[Statement, ...], lexicon: Lexicon) -> tuple[Restatement, ...]:
    contents = [content_of(statement, lexicon) for statement in statements[:MOST_STATEMENTS]]
    by_word: dict[str, list[int]] = {}
    found: list[Restatement] = []
    for index, words in enumerate(contents):
        if len(words) >= FEWEST_CONTENT_WORDS:
            shared: dict[int, int] = {}
            for earlier in (each for word in words for each in by_word.get(word, ())):
                shared[earlier] = shared.get(earlier, 0) + 1
            same = [
                (count / min(len(words), len(contents[earlier])), -earlier)
                for earlier, count in shared.items()
                if _is_same(count, len(words), len(contents[earlier]), _threshold(statements, earlier, index))
            ]
            if same:
                overlap, earlier = max(same)
                found.append(_repetition(statements[-earlier], statements[index], overlap))
            for word in words:
                by_word.setdefault(word, []).append(index)
    return tuple(found)


def _threshold(statements: tuple[Statement, ...], earlier: int, later: int) -> float:
    """Return the overlap from which two say the same; a task and its action are told in similar words."""
    parts = statements[earlier].sentence.part, statements[later].sentence.part
    return SAME_OVERLAP if parts[0] == parts[1] else SAME_OVERLAP_OF_PARTS


def _is_same(shared: int, one: int, other: int, threshold: float) -> bool:
    short, long = sorted((one, other))
    return shared >= threshold * short and short >= SAME_LENGTH * long


def content_of(statement: Statement, lexicon: Lexicon) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    return frozenset(stem(word.text) for word in statement.words if word.text not in lexicon.stop_words)


def stem(word: str) -> str:
    """Return a word without its common endings: "meetings" and "meeting" are one."""
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def _repetition(first: Statement, again: Statement, overlap: float) -> Restatement:
    return Restatement(
        quote=again.sentence.text,
        start_s=again.sentence.start_s,
        end_s=again.sentence.end_s,
        start_char=again.sentence.start_char,
        end_char=again.sentence.end_char,
        first_quote=first.sentence.text,
        first_start_s=first.sentence.start_s,
        first_start_char=first.sentence.start_char,
        first_end_char=first.sentence.end_char,
        rule="same content words",
        confidence=REPETITION_CONFIDENCE,
        overlap=overlap,
    )


def _landing(
    spoken: SpokenText,
    statements: tuple[Statement, ...],
    structure: Structure,
    outcomes: tuple[QuantifiedResult, ...],
    lexicon: Lexicon,
) -> Remark | None:
    """Return the last sentence that lands: by an outcome in it, by its words, or as the last part of the framework."""
    last_part = structure.parts[-1].name
    told = [statement for statement in statements if statement.words][-LAST_STATEMENTS:]
    for statement in reversed(told):
        sentence, end = statement.sentence, len(statement.words) - 1
        if any(sentence.start_char <= outcome.start_char < sentence.end_char for outcome in outcomes):
            return statement.remark(spoken, 0, end, kind="landing", rule="measured result", confidence=0.9)
        for match in lexicon.rambling.only("landing").find(statement):
            return match.remark(spoken, statement, "landing")
        if sentence.part == last_part and (sentence.score or 0.0) >= LIKELY:
            return statement.remark(spoken, 0, end, kind="landing", rule="last part", confidence=0.8)
    return None


@dataclass(frozen=True, slots=True)
class Closeness:
    """Similarity, from 0 to 1, of the nearest sentence of an answer to what it should be about."""

    question: float
    points: tuple[float, ...]
    """To each point of a strong answer."""

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
    """Compare an answer, by meaning, with its question and the points of a strong answer; None without words.

    ``encode_subjects`` turns sentences into vectors of length 1, one a row.
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
    """Return the sentences to compare, in order: of a long answer those that have most in common with a point."""
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
