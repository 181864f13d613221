"""Which moves and trade-offs of a checklist an answer covered, with the words that cover each."""

from __future__ import annotations

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.lexicon_files import Checklist
from voicemock.analysis.phrasebook import Match
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import Statement, statement_of
from voicemock.models import Coverage, CoverageItem, Question, Remark


def check_coverage(
    spoken: SpokenText,
    statements: tuple[Statement, ...],
    framework: str,
    question: Question | None,
    lexicon: Lexicon,
) -> Coverage | None:
    """Hold an answer against the checklist of its framework; None where there is none (a story)."""
    checklist = next((each for each in lexicon.checklists if each.name == framework), None)
    if checklist is None:
        return None
    covering = _covering(spoken, statements, checklist, lexicon)
    asked = asked_for(question, checklist, lexicon)
    items = tuple(
        CoverageItem(
            name=item.name,
            title=item.title,
            part=item.part,
            kind=item.kind,
            say=item.say,
            expected=item.expected == "always" or item.name in asked,
            covered=covering.get(item.name),
        )
        for item in checklist.items
    )
    expected = [item for item in items if item.expected]
    return Coverage(
        checklist=checklist.name,
        items=items,
        covered=sum(item.covered is not None for item in expected),
        expected=len(expected),
        missing=tuple(item.name for item in expected if item.covered is None),
    )


def asked_for(question: Question | None, checklist: Checklist, lexicon: Lexicon) -> frozenset[str]:
    """Return the items that the question's own strong answer names, of those that not every question needs."""
    optional = {item.name for item in checklist.items if item.expected == "asked"}
    phrases = question.strong_answer if question else ()
    book = lexicon.checklist_books[checklist.name]
    return frozenset(match.rule.name for phrase in phrases for match in book.find(statement_of(phrase))) & optional


def _covering(
    spoken: SpokenText, statements: tuple[Statement, ...], checklist: Checklist, lexicon: Lexicon
) -> dict[str, Remark]:
    """Return the first words that cover each item."""
    kinds = {item.name: item.kind for item in checklist.items}
    found: dict[str, Remark] = {}
    for statement in statements:
        for match in lexicon.checklist_books[checklist.name].find(statement):
            if match.rule.name not in found:
                found[match.rule.name] = _remark(spoken, statement, match, kinds[match.rule.name])
    return found


def _remark(spoken: SpokenText, statement: Statement, match: Match, kind: str) -> Remark:
    rule = match.rule
    return statement.remark(spoken, match.first, match.last, kind=kind, rule=rule.name, confidence=rule.confidence)
