"""Hedges, weak verbs and passive actions: words that make less of what was done."""

from __future__ import annotations

from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import Statement
from voicemock.models import Remark

NOT_ACTIONS: Final = frozenset({"situation", "task", "result"})
"""Parts in which nobody has to say who did it."""


def find_weak_language(spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon) -> tuple[Remark, ...]:
    """Return every weak phrase in the order of the text; passives only where actions are told."""
    found: list[Remark] = []
    for statement in statements:
        for rule, first, last in lexicon.language.book.find_all(statement):
            if rule.kind == "passive" and statement.sentence.part in NOT_ACTIONS:
                continue
            remark = statement.remark(spoken, first, last, kind=rule.kind, rule=rule.name, confidence=rule.confidence)
            if not found or found[-1].end_char <= remark.start_char:
                found.append(remark)
    return tuple(found)
