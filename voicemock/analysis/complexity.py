"""Of a design: what is hard to build and was named before anything simple stood."""

from __future__ import annotations

from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import Statement
from voicemock.models import Remark

EARLY_WORDS: Final = 150
"""About the first minute of an answer; what comes later is scaling up."""


def find_early_complexity(
    spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon
) -> tuple[Remark, ...]:
    """Return what was named too early, each thing once; nothing once a simple version stands."""
    found: dict[str, Remark] = {}
    words = 0
    for statement in statements:
        matches = lexicon.complexity.book.find(statement)
        baseline = next((match.first for match in matches if match.rule.kind == "baseline"), None)
        for rule, first, last in matches:
            if rule.kind == "complex" and (baseline is None or first < baseline):
                remark = statement.remark(
                    spoken, first, last, kind=rule.kind, rule=rule.name, confidence=rule.confidence
                )
                found.setdefault(rule.name, remark)
        words += len(statement.words)
        if baseline is not None or words > EARLY_WORDS:
            break
    return tuple(found.values())
