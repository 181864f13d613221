"""What a sentence shows: coordination, or a technical contribution, a decision, a trade-off, a risk."""

from __future__ import annotations

from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import Statement
from voicemock.models import Remark, Substance

COORDINATION: Final = "coordination"
KINDS: Final = (COORDINATION, "technical", "decision", "trade_off", "risk")


def weigh_substance(spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon) -> Substance:
    """Return what every sentence shows, one remark for each kind, and how much of it is coordination alone."""
    remarks: list[Remark] = []
    alone = shown = 0
    for statement in statements:
        found = _kinds(spoken, statement, lexicon)
        remarks += found.values()
        shown += bool(found)
        alone += set(found) == {COORDINATION}
    return Substance(
        remarks=tuple(remarks),
        sentences={kind: sum(remark.kind == kind for remark in remarks) for kind in KINDS},
        coordination_share=alone / shown if shown else None,
    )


def _kinds(spoken: SpokenText, statement: Statement, lexicon: Lexicon) -> dict[str, Remark]:
    """Return the first remark of each kind in a sentence."""
    found: dict[str, Remark] = {}
    for rule, first, last in lexicon.substance.book.find(statement):
        if rule.kind not in found:
            found[rule.kind] = statement.remark(
                spoken, first, last, kind=rule.kind, rule=rule.name, confidence=rule.confidence
            )
    return found
