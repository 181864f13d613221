"""Gives each sentence its part of the framework, by the evidence in it, and tells which parts are missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from voicemock.analysis.evidence import LACKS, LIKELY, EvidenceTable
from voicemock.analysis.layout import without_glyphs
from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler, Framework, FrameworkPart, Part, Sentence, Structure

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Turns sentences in lower case into vectors, one a row."""

MISSING_FROM: Final = 0.45
"""A part is missing from this mean on of two probabilities: that the answer lacks it, and that no sentence holds it."""
HARDLY: Final = 0.05
"""A sentence that is less likely to belong to a part never has it. With 0.25 more parts were called missing wrongly."""

_OPENERS: Final = re.compile(
    r"^(?:(?:so|and|but|well|okay|ok|yeah|yes|alright|now|because|actually|basically|anyway|oh|right) )+"
)


def label_structure(
    spoken: SpokenText, spans: tuple[SentenceSpan, ...], framework: Framework, table: EvidenceTable
) -> Structure:
    """Return the sentences of an answer with their parts, and the parts that are missing.

    A part that is not missing has its likeliest sentence, whatever else that sentence says.
    """
    likely = part_probabilities(framework, table)
    there = [_lacking(table, part) < MISSING_FROM for part in framework.parts]
    names = [part.name for part in framework.parts]
    sentences = tuple(
        Sentence(
            part=None if part is None else names[part],
            score=None if part is None else round(float(likely[row, part]), 3),
            borders=None if span.borders is None else round(span.borders, 3),
            **spoken.place(
                *without_glyphs(spoken.plain, spoken.chars[span.first_word][0], spoken.chars[span.last_word][1])
            ),
        )
        for row, (span, part) in enumerate(zip(spans, choose_parts(likely, there), strict=True))
    )
    parts = _parts(spoken, spans, sentences, names)
    missing = tuple(part.name for part in parts if not part.present)
    return Structure(framework=framework.name, sentences=sentences, parts=parts, missing=missing)


def _lacking(table: EvidenceTable, part: FrameworkPart) -> float:
    return (table.verdicts[LACKS + part.name] + 1.0 - max(map(table.most, part.evidence))) / 2


def part_probabilities(framework: Framework, table: EvidenceTable) -> npt.NDArray[np.float64]:
    """Return how likely each sentence belongs to each part, shape (sentences, parts)."""
    columns = [
        np.max([table.probabilities[name] for name in part.evidence], axis=0, initial=0.0) for part in framework.parts
    ]
    return np.stack(columns, axis=1).astype(np.float64)


def choose_parts(likely: npt.NDArray[np.float64], there: Sequence[bool]) -> list[int | None]:
    """Return the part of each sentence: the likeliest of those that are there, if it is likely at all.

    Args:
        likely: Shape (sentences, parts).
        there: Whether the answer has the part.
    """
    allowed = np.where(there, likely, 0.0)
    chosen: list[int | None] = [int(row.argmax()) if row.max(initial=0.0) >= LIKELY else None for row in allowed]
    for part in np.flatnonzero(there):
        spare = [row for row, other in enumerate(chosen) if other is None or chosen.count(other) > 1]
        best = max(spare, key=lambda row: allowed[row, part], default=None)
        if part not in chosen and best is not None and allowed[best, part] >= HARDLY:
            chosen[best] = int(part)
    return chosen


def spoken_words(spoken: SpokenText, spans: tuple[SentenceSpan, ...], fillers: tuple[Filler, ...]) -> tuple[str, ...]:
    """Return each sentence in lower case, without punctuation and without the fillers in it."""
    silent = {start for filler in fillers for start in _token_starts(spoken, filler)}
    words: list[list[str]] = [[] for _ in spans]
    current = 0
    for token in spoken.tokens:
        while token.word > spans[current].last_word:
            current += 1
        if token.start_char not in silent:
            words[current].append(token.norm)
    return tuple(_OPENERS.sub("", " ".join(sentence)) for sentence in words)


def spoken_sentences(
    spoken: SpokenText, sentences: tuple[Sentence, ...], fillers: tuple[Filler, ...]
) -> tuple[str, ...]:
    """Return the words of sentences that were split before, as ``spoken_words`` does."""
    spans = tuple(
        SentenceSpan(spoken.word_at(sentence.start_char), spoken.word_at(sentence.end_char - 1))
        for sentence in sentences
    )
    return spoken_words(spoken, spans, fillers) if spans else ()


def _token_starts(spoken: SpokenText, filler: Filler) -> Iterable[int]:
    for match in re.finditer(r"\S+", spoken.text[filler.start_char : filler.end_char]):
        yield filler.start_char + match.start()


def _parts(
    spoken: SpokenText, spans: tuple[SentenceSpan, ...], sentences: tuple[Sentence, ...], names: list[str]
) -> tuple[Part, ...]:
    """Return each part with its share: of seconds when every word is timed, else of words."""
    weights = dict.fromkeys(names, 0.0)
    for span, sentence in zip(spans, sentences, strict=True):
        if sentence.part is not None:
            weights[sentence.part] += _weight(spoken, span)
    present = {sentence.part for sentence in sentences}
    total = sum(weights.values())
    return tuple(
        Part(
            name=name,
            present=name in present,
            duration_s=round(weights[name], 3) if spoken.is_timed else None,
            share=weights[name] / total if total > 0 else None,
        )
        for name in names
    )


def _weight(spoken: SpokenText, span: SentenceSpan) -> float:
    start_s, end_s = spoken.time_of(span.first_word, span.last_word)
    if spoken.is_timed and start_s is not None and end_s is not None:
        return max(0.0, end_s - start_s)
    return float(span.last_word - span.first_word + 1)
