"""A reader that finds in an answer what a test says it holds, sure of everything: for rules without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from voicemock.analysis.evidence import LACKS
from voicemock.analysis.reader import Reading, Scale, load_scales
from voicemock.content.questions import QuestionBank

_SURE = 9.0


class ScriptedReader:
    """Finds evidence where its words are said, and misses every part that is told nowhere."""

    def __init__(self, told: Mapping[str, str], verdicts: Iterable[str] = (), sure: float = _SURE) -> None:
        """Take what is in an answer.

        Args:
            told: Words of the answer, and the evidence in them with spaces between. A sentence begins with the words.
            verdicts: What is said about the whole answer.
            sure: How sure it is of what is told, as a logit.
        """
        self.scales = {name: Scale(1.0, 0.0, 0.9, 0.1) for name in load_scales()}
        self.evidence = tuple(name for name in self.scales if ":" not in name)
        self.verdicts = tuple(name for name in self.scales if ":" in name)
        self._told = {tuple(words.split()): frozenset(names.split()) for words, names in told.items()}
        self._said = frozenset(verdicts)
        self._sure = sure
        frameworks = QuestionBank.load().frameworks
        self._shown_by = {LACKS + part.name: {*part.evidence} for each in frameworks for part in each.parts}

    def read(self, words: Sequence[str], question: str = "") -> Reading:
        """Return what is in an answer."""
        holds = np.full((len(words), len(self.evidence)), -_SURE)
        begins = np.full(len(words), -_SURE)
        found: set[str] = set()
        for told, names in self._told.items():
            for start in range(len(words) - len(told) + 1):
                if tuple(words[start : start + len(told)]) == told:
                    holds[start : start + len(told), [self.evidence.index(name) for name in names]] = self._sure
                    begins[start] = _SURE
                    found |= names
        said = [
            name in self._said
            or (name.startswith(LACKS) and not self._shown_by.get(name, {name[len(LACKS) :]}) & found)
            for name in self.verdicts
        ]
        return Reading(holds, np.ones(len(words), np.int_), begins, np.where(said, _SURE, -_SURE))
