"""The evidence table of an answer: how likely each piece of evidence is in each sentence and in the whole.

Three answers exist to "is it there?": surely, surely not, and cannot tell. What cannot be told is not said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from voicemock.analysis.reader import Floats, Reader, Reading, Scale
from voicemock.models import Evidence

LIKELY: Final = 0.5
"""From this probability on a sentence counts for a piece of evidence."""
MAY_HOLD: Final = 0.25
"""From this probability on a sentence may hold a piece of evidence: enough to ask, or to count it for a habit."""
KEPT_FROM: Final = 0.01
LACKS: Final = "lacks:"
"""Begins the name of a verdict that a part is missing."""


@dataclass(frozen=True)
class EvidenceTable:
    """What is in an answer, sentence by sentence.

    Attributes:
        probabilities: Of each piece of evidence by its name, for every sentence; shape (sentences,).
        verdicts: Probability of each thing that may be said about the whole answer, by its name.
        scales: From where on these are sure, by name.
    """

    probabilities: Mapping[str, Floats]
    verdicts: Mapping[str, float]
    scales: Mapping[str, Scale]

    def is_there(self, name: str) -> bool:
        """Return whether a piece of evidence, or a verdict, is surely true of the answer."""
        return self.most(name) >= self.scales[name].there_from

    def is_absent(self, name: str) -> bool:
        """Return whether a piece of evidence is surely in no sentence, or a verdict surely false."""
        return self.most(name) <= self.scales[name].absent_to

    def most(self, name: str) -> float:
        """Return the probability of a verdict, or of a piece of evidence in its likeliest sentence."""
        if name in self.verdicts:
            return self.verdicts[name]
        column = self.probabilities[name]
        return float(column.max()) if len(column) else 0.0

    def likely(self, name: str, within: float) -> tuple[int, ...]:
        """Return the sentences that are likely to hold it, the surest first, none much less sure than that one.

        Args:
            name: A piece of evidence.
            within: Share of the highest probability that is enough.
        """
        column = self.probabilities[name]
        surest = np.argsort(-column, kind="stable")
        return tuple(int(index) for index in surest if column[index] >= max(LIKELY, within * self.most(name)))

    def holding(self, name: str, at_least: float = LIKELY) -> tuple[int, ...]:
        """Return the sentences that are likely to hold it, in order."""
        return tuple(int(index) for index in np.flatnonzero(self.probabilities[name] >= at_least))

    def share(self, name: str) -> float:
        """Return the share of the sentences that are likely to hold it."""
        column = self.probabilities[name]
        return len(self.holding(name)) / len(column) if len(column) else 0.0


def table_of(reading: Reading, spans: Sequence[tuple[int, int]], reader: Reader) -> EvidenceTable:
    """Return the evidence in sentences.

    Args:
        reading: What the reader says of the words.
        spans: First and last word of each sentence.
        reader: Supplies names and scales.
    """
    logits = np.stack([reading.logits(*span) for span in spans]) if spans else np.zeros((0, len(reader.evidence)))
    columns = zip(reader.evidence, logits.T, strict=True)
    verdicts = zip(reader.verdicts, reading.verdicts, strict=True)
    return EvidenceTable(
        probabilities={name: reader.scales[name].probability(column) for name, column in columns},
        verdicts={name: float(reader.scales[name].probability(logit)) for name, logit in verdicts},
        scales=reader.scales,
    )


def without_sentences(table: EvidenceTable, rows: Sequence[int]) -> EvidenceTable:
    """Return a table in which some sentences, by their index, hold no evidence at all."""
    if not rows:
        return table
    silent = list(rows)
    columns = {name: column.copy() for name, column in table.probabilities.items()}
    for column in columns.values():
        column[silent] = 0.0
    return replace(table, probabilities=columns)


def kept_evidence(table: EvidenceTable) -> Evidence:
    """Return a table in the form that is stored."""
    columns = list(table.probabilities.items())
    rows = len(columns[0][1]) if columns else 0
    return Evidence(
        sentences=tuple(_kept({name: float(column[row]) for name, column in columns}) for row in range(rows)),
        verdicts=_kept(table.verdicts),
    )


def _kept(probabilities: Mapping[str, float]) -> dict[str, float]:
    return {name: round(each, 3) for name, each in probabilities.items() if each >= KEPT_FROM}


def table_from(evidence: Evidence, scales: Mapping[str, Scale]) -> EvidenceTable:
    """Return a stored table. Names that are not in it have the probability 0."""
    verdicts = {name: evidence.verdicts.get(name, 0.0) for name in scales if ":" in name}
    return EvidenceTable(
        probabilities={
            name: np.array([each.get(name, 0.0) for each in evidence.sentences])
            for name in scales
            if name not in verdicts
        },
        verdicts=verdicts,
        scales=scales,
    )
