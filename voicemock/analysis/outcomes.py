"""Finds measured outcomes, the numbers that say what changed, and numbers that only describe the background."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Final

from voicemock.analysis.amounts import Amount, Direction, read_amount
from voicemock.analysis.evidence import EvidenceTable
from voicemock.analysis.figures import find_quantity, may_hold_amount
from voicemock.analysis.lexicon import Lexicon, NumberPhrase, OutcomeWords
from voicemock.analysis.phrasebook import Pattern
from voicemock.analysis.spoken_text import SpokenText, Statement
from voicemock.models import Filler, QuantifiedResult, Remark, Sentence

BEFORE_CHARS: Final = 110
"""Evidence may stand this far before a number: about twenty spoken words."""
AFTER_CHARS: Final = 60
"""The same after it."""
BESIDE_CHARS: Final = 40
"""Words directly beside a number that rule it out are at most this long."""
DIRECTION_CHARS: Final = 30
"""The word for the direction may stand this far after a number."""
OUTCOME_FIGURE: Final = "outcome_figure"
AGREED_FROM: Final = 0.25
TOLD_FROM: Final = 0.5
LONGEST_SENTENCE_CHARS: Final = 2000
"""A sentence is searched this far; 80 words are about 500 characters."""
_NONE: Final = re.compile(
    r"\b(?:nobody|no one|none|(?:not (?:a single|one)|zero|no)(?: (?!more\b|longer\b)[\w-]+){1,2})\b", re.I
)
_LASTS: Final = re.compile(r"(?:after|for|over|during|since|until) |at \d{1,2}$", re.IGNORECASE)
"""Begins a number phrase that says for how long, or when."""
_TIME_FRAME: Final = re.compile(
    r"\b(?:(?:with)?in|after|over|for|by|at|since|during|until|on|every|the (?:next|first|last))"
    r" (?:the |about |another )?$",
    re.IGNORECASE,
)
"""Before a number that says when, or for how long."""
_AFTER_FILLER: Final = re.compile(r",?\s+")
_SAME_CLAUSE: Final = re.compile(r"(?:(?! and\b)[^,.;])*")
_CLAUSE_EDGE: Final = re.compile(r"[.;:!?—\u2013()]\s|[—()]|, (?:and|but|which|so|driving|reducing|resulting|saving)\b")

BACKGROUND: Final = frozenset({"situation", "task"})
BACKGROUND_CONFIDENCE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Outcome:
    """A measured outcome in a sentence.

    Attributes:
        start: First character of the number phrase in the sentence.
        end: One past its last.
        rule: Name of the phrase in ``outcomes.yaml`` that found it.
        amount: The phrase as numbers.
        direction: Of the measured thing; None where that was not said.
    """

    start: int
    end: int
    rule: str
    amount: Amount
    direction: Direction | None


def find_outcomes(
    spoken: SpokenText,
    sentences: tuple[Sentence, ...],
    fillers: tuple[Filler, ...],
    table: EvidenceTable,
    lexicon: Lexicon,
) -> tuple[QuantifiedResult, ...]:
    """Return every measured outcome in the order of the text, with the sentence and part it stands in.

    The rules find the number phrase; the reader must agree that the sentence tells an outcome with a figure.
    """
    likely = table.probabilities[OUTCOME_FIGURE]
    return tuple(
        _result(spoken, sentence, outcome)
        for sentence, probability in zip(sentences, likely, strict=True)
        if probability >= AGREED_FROM
        for outcome in outcomes_in(sentence.text, lexicon, _within(sentence, fillers), is_told=probability >= TOLD_FROM)
    )


def outcomes_in(
    sentence: str, lexicon: Lexicon, fillers: tuple[tuple[int, int], ...] = (), *, is_told: bool = False
) -> tuple[Outcome, ...]:
    """Return the measured outcomes that a sentence tells; they are in order and do not overlap.

    Args:
        sentence: Its text.
        lexicon: The words that decide.
        fillers: Spans in the sentence: "by, um, forty percent" is one number phrase.
        is_told: Whether it is known to tell an outcome with a figure: then its numbers need no evidence.
    """
    rules = lexicon.outcomes
    text, chars = _without(sentence[:LONGEST_SENTENCE_CHARS], fillers)
    if not may_hold_amount(text) or (not is_told and rules.hypotheticals.compiled.search(text)):
        return ()
    found = _found(text, rules, is_told=False)
    if is_told:
        found = _with_what_else_is_told(found, text, rules)
    return tuple(
        replace(outcome, start=chars[outcome.start], end=chars[outcome.end - 1] + 1)
        for outcome in sorted(found, key=lambda outcome: outcome.start)
    )


def _with_what_else_is_told(found: list[Outcome], text: str, rules: OutcomeWords) -> list[Outcome]:
    """Return the outcomes with those that need no evidence: a change from one value to another, none at all, any."""
    more = [each for each in _found(text, rules, is_told=True) if not found or each.amount.value_from is not None]
    for each in (*more, *_none_left(text)):
        if all(each.end <= other.start or each.start >= other.end for other in found):
            found = [*found, each]
    return found


def _found(text: str, rules: OutcomeWords, *, is_told: bool) -> list[Outcome]:
    found: list[Outcome] = []
    for phrase in rules.phrases:
        for match in phrase.pattern.compiled.finditer(text):
            start, end = _trim(text, *match.span())
            is_free = all(end <= other.start or start >= other.end for other in found)
            if start < end and is_free and _is_outcome(text, start, end, phrase, rules, is_told=is_told):
                amount = read_amount(text[start:end], text[end : end + AFTER_CHARS])
                if not phrase.falls or _fell(amount):
                    found.append(Outcome(start, end, phrase.name, amount, _direction(text, start, end, amount, rules)))
    return found


def _none_left(text: str) -> list[Outcome]:
    """Return what is said to be none: "we lost no invoice", "nobody was paid late"."""
    match = _NONE.search(text)
    return [] if match is None else [Outcome(*match.span(), "none", Amount(value=0.0), None)]


def _fell(amount: Amount) -> bool:
    return amount.value is not None and amount.value_from is not None and amount.value < amount.value_from


def _direction(text: str, start: int, end: int, amount: Amount, rules: OutcomeWords) -> Direction | None:
    """Return the direction: by the two values, by the phrase itself, or by the nearest word for one."""
    if amount.value is not None and amount.value_from is not None and amount.value != amount.value_from:
        return "down" if amount.value < amount.value_from else "up"
    after = _SAME_CLAUSE.match(text, end, end + DIRECTION_CHARS)
    for where in (text[start:end], text[max(0, start - BEFORE_CHARS) : end]):
        up, down = _last(rules.directions.up, where), _last(rules.directions.down, where)
        if up != down:
            return "up" if up > down else "down"
    first_up, first_down = (
        sign.compiled.search(after[0] if after else "") for sign in (rules.directions.up, rules.directions.down)
    )
    if first_up and (not first_down or first_up.start() < first_down.start()):
        return "up"
    return "down" if first_down else None


def _last(pattern: Pattern, text: str) -> int:
    return max((match.end() for match in pattern.compiled.finditer(text)), default=-1)


def _within(sentence: Sentence, fillers: tuple[Filler, ...]) -> tuple[tuple[int, int], ...]:
    first = bisect_left(fillers, sentence.start_char, key=lambda filler: filler.start_char)
    last = bisect_left(fillers, sentence.end_char, key=lambda filler: filler.start_char)
    return tuple((f.start_char - sentence.start_char, f.end_char - sentence.start_char) for f in fillers[first:last])


def _without(sentence: str, fillers: tuple[tuple[int, int], ...]) -> tuple[str, list[int]]:
    """Return a sentence without fillers and the commas that set them off, and the old place of each character."""
    chars: list[int] = []
    position = 0
    for start, end in fillers:
        chars.extend(range(position, start))
        gap = _AFTER_FILLER.match(sentence, end)
        position = gap.end() if gap else end
        if "," in sentence[end:position] and sentence[max(0, start - 2) : start] == ", " and len(chars) > 1:
            del chars[-2]
    chars.extend(range(position, len(sentence)))
    return "".join(sentence[char] for char in chars), chars


def _is_outcome(text: str, start: int, end: int, phrase: NumberPhrase, rules: OutcomeWords, *, is_told: bool) -> bool:
    before, after = text[max(0, start - BEFORE_CHARS) : start], text[end : end + AFTER_CHARS]
    if not (is_told or _has_evidence(phrase, before, after)):
        return False
    if rules.not_before.compiled.search(before[-BESIDE_CHARS:]) or rules.not_after.compiled.match(after):
        return False
    clause = _clause(before)
    if phrase.unless_before is not None and phrase.unless_before.compiled.search(clause):
        return False
    if is_told:
        return _TIME_FRAME.search(before) is None and _LASTS.match(text, start, end) is None
    if rules.plans.compiled.search(clause):
        return False
    return rules.troubles.compiled.search(clause, max(0, _last(rules.change, clause))) is None


def _has_evidence(phrase: NumberPhrase, before: str, after: str) -> bool:
    if phrase.before is None and phrase.after is None:
        return True
    if phrase.after is not None and phrase.after.compiled.search(after):
        return True
    return phrase.before is not None and phrase.before.compiled.search(before) is not None


def _clause(before: str) -> str:
    """Return the words before a number that belong to its own clause."""
    edges = [match.end() for match in _CLAUSE_EDGE.finditer(before)]
    return before[edges[-1] :] if edges else before


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " ~<>":
        start += 1
    while end > start and text[end - 1] in " ,-":
        end -= 1
    return start, end


def _result(spoken: SpokenText, sentence: Sentence, outcome: Outcome) -> QuantifiedResult:
    start_char, end_char = sentence.start_char + outcome.start, sentence.start_char + outcome.end
    return QuantifiedResult(
        quote=sentence.text,
        part=sentence.part,
        value=outcome.amount.value,
        value_from=outcome.amount.value_from,
        value_max=outcome.amount.value_max,
        unit=outcome.amount.unit,
        direction=outcome.direction,
        rule=outcome.rule,
        **spoken.place(start_char, end_char),
    )


def find_background_numbers(
    spoken: SpokenText, statements: tuple[Statement, ...], outcomes: tuple[QuantifiedResult, ...]
) -> tuple[Remark, ...]:
    """Return the first quantity of each background sentence: a share, a time, money, or something counted."""
    taken = {outcome.quote for outcome in outcomes}
    found: list[Remark] = []
    for statement in statements:
        if statement.sentence.part not in BACKGROUND or statement.sentence.text in taken:
            continue
        if span := find_quantity([word.text for word in statement.words]):
            remark = statement.remark(
                spoken, *span, kind="number", rule="background number", confidence=BACKGROUND_CONFIDENCE
            )
            found.append(remark)
    return tuple(found)
