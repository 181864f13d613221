"""Measures of content, found by phrases: substance, ownership, weak language, jargon, early complexity, coverage."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Final

from voicemock.analysis.evidence import LIKELY, EvidenceTable
from voicemock.analysis.lexicon import Checklist, ChecklistItem, Lexicon
from voicemock.analysis.phrasebook import Phrasebook
from voicemock.analysis.speakers import is_numeral, quoted
from voicemock.analysis.spoken_text import SpokenText, Statement, statement_of
from voicemock.models import Coverage, CoverageItem, Ownership, PartOwnership, Question, Remark, Substance

COORDINATION: Final = "coordination"
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    COORDINATION: ("coordinate_only",),
    "technical": ("component", "scaling", "failure_handling", "operations", "data_used"),
    "decision": ("decision",),
    "trade_off": ("trade_off",),
    "risk": ("risk",),
}
"""The kinds of work, and the evidence that shows each."""

NOT_ACTIONS: Final = frozenset({"situation", "task", "result"})
"""Parts that need not say who did it."""

COVERED_FROM: Final = 0.85
"""From this probability on a sentence covers an item that it says in the item's own words (87 of 89 right in training's
development hands)."""
COVERED_UNNAMED_FROM: Final = 0.92
"""The same for a sentence that says it in other words."""
AS_LIKELY: Final = 0.9
"""Of the highest probability. A sentence with so much that says it in the item's own words is quoted first."""
TERM_CONFIDENCE: Final = 0.8
ABBREVIATION_CONFIDENCE: Final = 0.7

_ABBREVIATION: Final = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*[A-Z][A-Z0-9]{0,4}(?![\w-])")
_SHOUTED: Final = 0.4
"""With more capitals among its letters, a text is written in capitals, and they say nothing."""

EARLY_WORDS: Final = 150
"""About the first minute of an answer; what comes later is scaling up."""


def weigh_substance(spoken: SpokenText, statements: tuple[Statement, ...], table: EvidenceTable) -> Substance:
    """Return one remark for each kind that a sentence shows, and the share of coordination alone."""
    remarks: list[Remark] = []
    alone = shown = 0
    for row, statement in enumerate(statements):
        found = {kind: likely for kind, names in KINDS.items() if (likely := _likely(table, names, row)) >= LIKELY}
        remarks += [_whole(spoken, statement, kind, kind, likely) for kind, likely in found.items()]
        shown += bool(found)
        alone += set(found) == {COORDINATION}
    return Substance(
        remarks=tuple(remarks),
        sentences={kind: sum(remark.kind == kind for remark in remarks) for kind in KINDS},
        coordination_share=alone / shown if shown else None,
    )


def _likely(table: EvidenceTable, names: Iterable[str], row: int) -> float:
    """Return the probability of the likeliest of several pieces of evidence in a sentence."""
    return max(float(table.probabilities[name][row]) for name in names)


def _whole(spoken: SpokenText, statement: Statement, kind: str, rule: str, likely: float) -> Remark:
    """Return a whole sentence as a finding."""
    sentence = statement.sentence
    return Remark(
        kind=kind,
        rule=rule,
        confidence=round(likely, 3),
        quote=sentence.text,
        part=sentence.part,
        **spoken.place(sentence.start_char, sentence.end_char),
    )


def count_ownership(statements: tuple[Statement, ...], lexicon: Lexicon) -> Ownership:
    """Return how often "I" and "we" act, in the whole answer and in each of its parts."""
    counts: dict[str | None, tuple[int, int]] = {}
    for statement in statements:
        own, shared = _acts(statement, lexicon)
        i, we = counts.get(statement.sentence.part, (0, 0))
        counts[statement.sentence.part] = (i + own, we + shared)
    i, we = (sum(pair[index] for pair in counts.values()) for index in (0, 1))
    return Ownership(
        i=i,
        we=we,
        we_share=_share(i, we),
        by_part=tuple(
            PartOwnership(part=part, i=own, we=shared, we_share=_share(own, shared))
            for part, (own, shared) in counts.items()
        ),
    )


def _acts(statement: Statement, lexicon: Lexicon) -> tuple[int, int]:
    idle = lexicon.ownership.only("not acting").find_all(statement)
    silent = {index for match in idle for index in range(match.first, match.last + 1)}
    others = quoted(statement.sentence.text)
    words = [
        word.text
        for index, word in enumerate(statement.words)
        if index not in silent
        and not is_numeral(statement, index)
        and not any(start <= word.start_char - statement.sentence.start_char < end for start, end in others)
    ]
    own, shared = lexicon.ownership["i"], lexicon.ownership["we"]
    return sum(word in own for word in words), sum(word in shared for word in words)


def _share(i: int, we: int) -> float | None:
    return we / (i + we) if i + we else None


def find_weak_language(spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon) -> tuple[Remark, ...]:
    """Return every hedge, weak verb and passive in the order of the text; passives only where actions are told."""
    found: list[Remark] = []
    for statement in statements:
        for match in lexicon.language.book.find_all(statement):
            if match.rule.kind == "passive" and statement.sentence.part in NOT_ACTIONS:
                continue
            remark = match.remark(spoken, statement)
            if not found or found[-1].end_char <= remark.start_char:
                found.append(remark)
    return tuple(found)


def find_jargon(spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon) -> tuple[Remark, ...]:
    """Return each unexplained term where it was first said, in the order of the text."""
    first: dict[str, Remark] = {}
    explained: set[str] = set()
    for name, index, remark in (*_terms(spoken, statements, lexicon), *_abbreviations(spoken, statements, lexicon)):
        first.setdefault(name, remark)
        if lexicon.is_explained(statements, index):
            explained.add(name)
    found = (remark for name, remark in first.items() if name not in explained)
    return tuple(sorted(found, key=lambda remark: remark.start_char))


def _terms(
    spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon
) -> Iterator[tuple[str, int, Remark]]:
    for index, statement in enumerate(statements):
        for rule, begin, end in lexicon.terms.find(statement):
            remark = statement.remark(spoken, begin, end, kind="term", rule=rule.name, confidence=TERM_CONFIDENCE)
            yield rule.name, index, remark


def _abbreviations(
    spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon
) -> Iterator[tuple[str, int, Remark]]:
    letters = [char for char in spoken.text if char.isalpha()]
    if not letters or sum(map(str.isupper, letters)) > _SHOUTED * len(letters):
        return
    for index, statement in enumerate(statements):
        for place, word in enumerate(statement.words):
            written = spoken.text[word.start_char : word.end_char]
            if not _ABBREVIATION.fullmatch(written) or written in lexicon.jargon["known"]:
                continue
            if not _is_spelled_out(word.text, statement, place):
                remark = statement.remark(
                    spoken, place, place, kind="abbreviation", rule="unknown abbreviation",
                    confidence=ABBREVIATION_CONFIDENCE,
                )  # fmt: skip
                yield word.text, index, remark


def _is_spelled_out(letters: str, statement: Statement, place: int) -> bool:
    """Return whether words in the same sentence begin with the letters: "mean time to recovery, MTTR"."""
    initials = "".join(word.text[0] for word in statement.words)
    return any(
        not start <= place < start + len(letters)
        for start in range(len(initials) - len(letters) + 1)
        if initials.startswith(letters, start)
    )


def find_early_complexity(
    spoken: SpokenText, statements: tuple[Statement, ...], lexicon: Lexicon
) -> tuple[Remark, ...]:
    """Return what is hard to build and was named before a simple version stood, each thing once."""
    found: dict[str, Remark] = {}
    words = 0
    for statement in statements:
        matches = lexicon.complexity.book.find(statement)
        baseline = next((match.first for match in matches if match.rule.kind == "baseline"), None)
        for match in matches:
            if match.rule.kind == "complex" and (baseline is None or match.first < baseline):
                found.setdefault(match.rule.name, match.remark(spoken, statement))
        words += len(statement.words)
        if baseline is not None or words > EARLY_WORDS:
            break
    return tuple(found.values())


def check_coverage(
    spoken: SpokenText,
    statements: tuple[Statement, ...],
    table: EvidenceTable,
    framework: str,
    question: Question | None,
    lexicon: Lexicon,
) -> Coverage | None:
    """Hold an answer against the checklist of its framework; None where there is none (a story).

    An item that is neither surely covered nor surely absent counts as neither.
    """
    checklist = next((each for each in lexicon.checklists if each.name == framework), None)
    if checklist is None:
        return None
    asked = asked_for(question, checklist, lexicon)
    items = tuple(
        CoverageItem(
            name=item.name,
            title=item.title,
            part=item.part,
            kind=item.kind,
            say=item.say,
            expected=(item.expected == "always" or item.name in asked) and _belongs(item, question),
            covered=_covering(spoken, statements, table, item, lexicon.checklist_books[checklist.name])
            if item.told_by == "evidence" or item.name in asked
            else None,
        )
        for item in checklist.items
    )
    expected = [item for item in items if item.expected]
    book = lexicon.checklist_books[checklist.name]
    named = {match.rule.name for statement in statements for match in book.find(statement)}
    absent = {item.name for item in checklist.items if _is_absent(item, table, named)}
    return Coverage(
        checklist=checklist.name,
        items=items,
        covered=sum(item.covered is not None for item in expected),
        expected=len(expected),
        missing=tuple(item.name for item in expected if item.covered is None and item.name in absent),
    )


def _is_absent(item: ChecklistItem, table: EvidenceTable, named: Container[str]) -> bool:
    """Return whether an item is surely in no sentence: the reader misses it, or none of its own words was said."""
    if item.told_by == "phrases":
        return item.name not in named
    return all(table.is_absent(name) for name in item.evidence)


def _covering(
    spoken: SpokenText, statements: tuple[Statement, ...], table: EvidenceTable, item: ChecklistItem, book: Phrasebook
) -> Remark | None:
    """Return the words that cover an item: where its evidence is likely, best in its own words; or its first phrase."""
    likely = [_likely(table, item.evidence, row) for row in range(len(statements))]
    if item.told_by == "evidence":
        best = max(likely, default=0.0)
        if best < COVERED_FROM or _count(likely) < item.sentences:
            return None
        rows = [row for row, each in enumerate(likely) if each >= max(COVERED_FROM, AS_LIKELY * best)]
        named = (row for row in rows if any(match.rule.name == item.name for match in book.find(statements[row])))
        row = next(named, likely.index(best) if best >= COVERED_UNNAMED_FROM else None)
        if row is None:
            return None
        return _whole(spoken, statements[row], item.kind, item.name, likely[row])
    for statement, probability in zip(statements, likely, strict=True):
        if probability >= LIKELY:
            for match in book.find(statement):
                if match.rule.name == item.name:
                    return match.remark(spoken, statement, item.kind)
    return None


def _count(likely: Sequence[float]) -> int:
    return sum(probability >= LIKELY for probability in likely)


def _belongs(item: ChecklistItem, question: Question | None) -> bool:
    """Return whether a question calls for the part that a point belongs to."""
    return question is None or not question.parts or item.part is None or item.part in question.parts


def asked_for(question: Question | None, checklist: Checklist, lexicon: Lexicon) -> frozenset[str]:
    """Return the items that the question's own strong answer names, of those that not every question needs."""
    optional = {item.name for item in checklist.items if item.expected == "asked"}
    phrases = question.strong_answer if question else ()
    book = lexicon.checklist_books[checklist.name]
    return frozenset(match.rule.name for phrase in phrases for match in book.find(statement_of(phrase))) & optional
