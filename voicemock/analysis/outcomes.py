"""Finds measured outcomes, the numbers that say what changed, and numbers that only describe the background."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from voicemock.analysis.amounts import ONES, Amount, Direction, read_amount, read_change
from voicemock.analysis.evidence import EvidenceTable
from voicemock.analysis.figures import find_quantity, may_hold_amount
from voicemock.analysis.lexicon import Comparison, Figure, Lexicon, NumberPhrase, OutcomeWords, Role
from voicemock.analysis.numerals import plain_numerals
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
AGREED_FROM: Final = 0.1
"""From this probability of the reader on, a number with its own evidence in the words around it is an outcome."""
ALLOWED_FROM: Final = 0.015
"""The same for a change where the sentence tells no plan: the reader takes many a change for a step only."""
PLANNED_TO: Final = 0.5
"""Up to this probability a sentence tells no plan, and nothing in general: "we cut" may be either."""
LIKELY_FROM: Final = 0.12
"""From here on, most numbers need no evidence: only no sign that they say something else, or that it is a plan."""
TOLD_FROM: Final = 0.4
"""From here on, the sentence tells an outcome: whatever number it has is one, unless it says something else."""
PAIRED_FROM: Final = 0.15
"""From this probability on that a value before and one after are told, two values of a told outcome are these."""
BEFORE_AFTER: Final = "before_after"
LONGEST_SENTENCE_CHARS: Final = 2000
"""A sentence is searched this far; 80 words are about 500 characters."""
SURE_FROM: Final = 0.5
"""How much likelier than a plan it has to be that a measure was multiplied; the reader need not agree."""
_PERIOD: Final = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|sprints?|seasons?|reviews?|meetings?)"
)
_LASTS: Final = re.compile(
    rf"(?:after|for|during|since|until|in|within) |over (?:[\w-]+ ){{1,3}}{_PERIOD}$", re.IGNORECASE
)
"""Begins a length of time that says for how long, or when."""
_IS_A_PERIOD: Final = re.compile(rf"{_PERIOD}$", re.IGNORECASE)
_FOR_SO_LONG: Final = re.compile(
    r"(?:^\W*at|\b(?:(?:with)?in|after|over|for|during|since|until|every|each|before|the (?:next|first|last)"
    r"|by the (?:end of )?(?:the )?)) (?:(?:the|about|another|around|almost|just|only|under|less than|like|first|next"
    r"|last|full|following) ){0,3}$",
    re.IGNORECASE,
)
"""Before a length of time that says when, or for how long."""
_CLOCK: Final = re.compile(r"\b(?<!multiplied )(?:at|by|since|until|before|after|on(?: the)?|from) $", re.IGNORECASE)
_HOUR_OR_DAY: Final = re.compile(
    rf"(?:at |by )?(?:[12]?\d|3[01]|{'|'.join(ONES[1:])}|(?:twenty|thirty)(?:[ -]\w+)?)(?:(?: ?past)? \d\d)?",
    re.IGNORECASE,
)
"""A bare number that may be an hour or a day of the month."""
_LATER: Final = re.compile(rf".*{_PERIOD} (?:later|ago|after|into|before that)\b", re.IGNORECASE)
_APPOSED: Final = re.compile(r",? (?:so |or |that is,? |that's |which is |meaning )?(?:an? |down |up )?", re.IGNORECASE)
"""Between two ways to say one change."""
FOR_SO_LONG: Final = "nothing went wrong for so long"
SAME_WITHIN: Final = 0.03
"""People round what they say."""
_AFTER_FILLER: Final = re.compile(r",?\s+")
_TROUBLE_CHANGED: Final = re.compile(
    r" (?:(?:the|our|all|these|those|number of|rate of) ){0,3}(?:failed|failing|lost|missed|missing|delayed|wasted) ",
    re.IGNORECASE,
)
"""Trouble that a change is about: "cut failed runs by 40%"."""
_SAME_CLAUSE: Final = re.compile(r"(?:(?! and\b)[^,.;])*")
_NOTHING: Final = re.compile(r"(?:zero|none|nothing)\b.*", re.IGNORECASE)
_PAIR_EDGE: Final = re.compile(r"[,;:]\s|\s(?:and|but|where|while|when)\s")
"""Between the clauses of two values."""
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
        is_sure: Whether the phrase names what was measured, so that the reader need not agree.
    """

    start: int
    end: int
    rule: str
    amount: Amount
    direction: Direction | None
    is_sure: bool = False


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
    found = []
    for row, sentence in enumerate(sentences):
        probability = float(table.probabilities[OUTCOME_FIGURE][row])
        planned = max(table.probabilities["planned"][row], table.probabilities["general"][row])
        agrees = probability >= AGREED_FROM
        is_likely = probability >= ALLOWED_FROM and planned <= PLANNED_TO
        if agrees or is_likely or float(table.probabilities["happened"][row]) - planned >= SURE_FROM:
            is_paired = float(table.probabilities[BEFORE_AFTER][row]) >= PAIRED_FROM
            inside = _within(sentence, fillers)
            told = probability - float(table.probabilities["general"][row])  # "orders cost us 5% in fees"
            outcomes = outcomes_in(sentence.text, lexicon, inside, told, is_paired=is_paired)
            kept = (each for each in outcomes if agrees or each.is_sure or (is_likely and _is_a_change(each)))
            found += [_result(spoken, sentence, each) for each in kept]
    return tuple(found)


def _is_a_change(outcome: Outcome) -> bool:
    """Return whether a number says how far something moved, whatever the reader makes of its sentence."""
    return outcome.direction is not None


def outcomes_in(
    sentence: str,
    lexicon: Lexicon,
    fillers: tuple[tuple[int, int], ...] = (),
    probability: float = 0.0,
    *,
    is_paired: bool = False,
) -> tuple[Outcome, ...]:
    """Return the measured outcomes that a sentence tells; they are in order and do not overlap.

    Args:
        sentence: Its text.
        lexicon: The words that decide.
        fillers: Spans in the sentence: "by, um, forty percent" is one number phrase.
        probability: That it tells an outcome with a figure; 0 where only its words shall decide.
        is_paired: Whether it may tell a value before and a value after.
    """
    rules = lexicon.outcomes
    text, chars = plain_numerals(*_without(sentence[:LONGEST_SENTENCE_CHARS], fillers))
    if not may_hold_amount(text) or (probability < TOLD_FROM and rules.hypotheticals.compiled.search(text)):
        return ()
    found = _Search(text, rules, probability, is_paired=is_paired).outcomes()
    return tuple(
        replace(outcome, start=chars[outcome.start], end=chars[outcome.end - 1] + 1)
        for outcome in sorted(found, key=lambda outcome: outcome.start)
    )


class _Search:
    """Searches one sentence for outcomes, the surest ways to say one first."""

    def __init__(self, text: str, rules: OutcomeWords, probability: float, *, is_paired: bool) -> None:
        self.text = text
        self.rules = rules
        self.is_likely = probability >= LIKELY_FROM
        self.is_told = probability >= TOLD_FROM
        self.is_paired = is_paired and self.is_told
        self.found: list[Outcome] = []
        self.other: list[tuple[int, int]] = []
        """Numbers that say something else."""

    def outcomes(self) -> list[Outcome]:
        """Return what is found, in no order."""
        for comparison in self.rules.comparisons:
            if self.is_likely or not comparison.told_only:
                self._compare(comparison)
        if self.is_paired and not self.found:
            self._pair()
        for phrase in self.rules.phrases:
            self._recognize(phrase)
        for figure in self.rules.figures if self.is_likely else ():
            if not figure.alone or (self.is_told and not self.found):
                self._count(figure)
        return [each for each in self.found if not any(_says_again(each, other, self.text) for other in self.found)]

    def _compare(self, comparison: Comparison) -> None:
        """Find two values of one thing."""
        for match in comparison.pattern.compiled.finditer(self.text):
            amount = read_change(match["before"], match["now"])
            before = self.text[max(0, match.start() - BEFORE_CHARS) : match.start()]
            if (
                (amount.value is not None and amount.value_from is not None)
                and (not comparison.falls or _fell(amount))
                and (comparison.needs is None or comparison.needs.compiled.search(before))
                and (comparison.unless is None or not comparison.unless.compiled.search(_clause(before)))
                and not self._is_planned(match.start())
            ):
                self._keep(comparison.name, *match.span(), amount)

    def _pair(self) -> None:
        """Find the only two values of the sentence, of which one is from before."""
        spans = [_trim(self.text, *match.span()) for match in self.rules.pair.value.compiled.finditer(self.text)]
        if len(spans) != 2:
            return
        older = [bool(self.rules.pair.older.compiled.search(self._clause_of(span, spans))) for span in spans]
        if older[0] == older[1] or not self._are_alike(spans):
            return
        before, now = spans if older[0] else spans[::-1]
        amount = read_change(self.text[slice(*before)], self.text[slice(*now)])
        if amount.value is not None and amount.value_from is not None and amount.value != amount.value_from:
            self._keep("before and after, as the reader hears", spans[0][0], spans[1][1], amount)

    def _are_alike(self, spans: list[tuple[int, int]]) -> bool:
        """Return whether two values may be of one thing: two lengths of time, or two others; "zero" is of neither."""
        numbers = [self.text[slice(*span)] for span in spans]
        lasts = [_IS_A_PERIOD.search(number) is not None and " per " not in number for number in numbers]
        is_bare = any(read_amount(number).unit is None for number in numbers)
        return not any(map(_NOTHING.fullmatch, numbers)) and (lasts[0] == lasts[1] or is_bare)

    def _clause_of(self, span: tuple[int, int], spans: list[tuple[int, int]]) -> str:
        """Return the words around a value up to the next clause, or to the other value."""
        start = max([0, *(end for _, end in spans if end <= span[0])])
        end = min([len(self.text), *(begin for begin, _ in spans if begin >= span[1])])
        edges = [match.span() for match in _PAIR_EDGE.finditer(self.text, start, end)]
        start = max([start, *(stop for _, stop in edges if stop <= span[0])])
        end = min([end, *(begin for begin, _ in edges if begin >= span[1])])
        return self.text[start:end]

    def _recognize(self, phrase: NumberPhrase) -> None:
        """Find a number phrase that has its evidence beside it."""
        for match in phrase.pattern.compiled.finditer(self.text):
            start, end = _trim(self.text, *match.span(match.lastgroup or 0))
            if start < end and self._is_outcome(start, end, phrase):
                amount = read_amount(self.text[start:end], self.text[end : end + AFTER_CHARS])
                if not phrase.falls or _fell(amount):
                    self._keep(phrase.name, start, end, amount, is_sure=phrase.sure)

    def _count(self, figure: Figure) -> None:
        """Find a number of a sentence that is known to tell an outcome."""
        for match in figure.pattern.compiled.finditer(self.text):
            start, end = _trim(self.text, *match.span(match.lastgroup or 0))
            if start >= end:
                continue
            if self._is_a_time_frame(start, end) or self._is_beside(start, end) or self._is_planned(start):
                self.other.append((start, end))
            else:
                amount = read_amount(self.text[start:end], self.text[end : end + AFTER_CHARS])
                self._keep(figure.name, start, end, replace(amount, value=0.0) if figure.is_none else amount)

    def _keep(self, name: str, start: int, end: int, amount: Amount, *, is_sure: bool = False) -> None:
        if any(start < other_end and end > other_start for other_start, other_end in self._taken()):
            return
        is_compared = amount.value_from is not None
        if has_role(self.text, start, end, tuple(r for r in self.rules.roles if r.compared or not is_compared)):
            self.other.append((start, end))
        else:
            direction = _direction(self.text, start, end, amount, self.rules)
            self.found.append(Outcome(start, end, name, amount, direction, is_sure))

    def _taken(self) -> Iterator[tuple[int, int]]:
        yield from self.other
        yield from ((each.start, each.end) for each in self.found)

    def _is_outcome(self, start: int, end: int, phrase: NumberPhrase) -> bool:
        before, after = self.text[max(0, start - BEFORE_CHARS) : start], self.text[end : end + AFTER_CHARS]
        if not _has_evidence(phrase, before, after) or self._is_beside(start, end):
            return False
        clause = _clause(before)
        if phrase.unless_before is not None and phrase.unless_before.compiled.search(clause):
            return False
        if self.rules.plans.compiled.search(clause):
            return False
        changed = max(0, _last(self.rules.change, clause))
        if changed and (changed_thing := _TROUBLE_CHANGED.match(clause, changed)):
            changed = changed_thing.end()
        return self.is_told or self.rules.troubles.compiled.search(clause, changed) is None

    def _is_planned(self, start: int) -> bool:
        """Return whether the words before a number say that it was no more than planned, or how it was before."""
        if self.is_told:
            return False
        return self.rules.plans.compiled.search(_clause(self.text[max(0, start - BEFORE_CHARS) : start])) is not None

    def _is_beside(self, start: int, end: int) -> bool:
        """Return whether the words directly beside a number rule it out."""
        before, after = self.text[max(0, start - BESIDE_CHARS) : start], self.text[end : end + AFTER_CHARS]
        return bool(self.rules.not_before.compiled.search(before) or self.rules.not_after.compiled.match(after))

    def _is_a_time_frame(self, start: int, end: int) -> bool:
        """Return whether a number says when something was, or for how long."""
        before, number = self.text[max(0, start - BEFORE_CHARS) : start], self.text[start:end]
        if _IS_A_PERIOD.search(number):
            return bool(
                _FOR_SO_LONG.search(before)
                or _LASTS.match(number)
                or _LATER.match(self.text, start, end + BESIDE_CHARS)
            )
        if number[:3].lower() in ("at ", "by "):
            before, number = f"{before}{number[:3]}", number[3:]
        return _HOUR_OR_DAY.fullmatch(number) is not None and _CLOCK.search(before) is not None


def _says_again(outcome: Outcome, other: Outcome, text: str) -> bool:
    """Return whether an outcome is the size of a change whose two values stand beside it: "by 40%, from 10% to 6%"."""
    if outcome.rule == FOR_SO_LONG and other.rule != FOR_SO_LONG and other.amount.value == 0:
        return True
    before, now, size = other.amount.value_from, other.amount.value, outcome.amount.value
    if outcome is other or not before or now is None or size is None or outcome.amount.value_from is not None:
        return False
    between = text[outcome.end : other.start] if outcome.end <= other.start else text[other.end : outcome.start]
    if not _APPOSED.fullmatch(between):
        return False
    unit = outcome.amount.unit
    changes = {"%": 100 * abs(now - before) / abs(before), "x": max(now / before, before / now) if now else 0.0}
    change = changes.get(unit or "", abs(now - before))
    return abs(change - size) <= SAME_WITHIN * size


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
    """Return a sentence without fillers and the commas that set them off, and the old place of each character.

    Any space, also the end of a line and what follows it, is one blank.
    """
    chars: list[int] = []
    position = 0
    for start, end in fillers:
        chars.extend(range(position, start))
        gap = _AFTER_FILLER.match(sentence, end)
        position = gap.end() if gap else end
        if "," in sentence[end:position] and sentence[max(0, start - 2) : start] == ", " and len(chars) > 1:
            del chars[-2]
    chars.extend(range(position, len(sentence)))
    chars = [char for at, char in enumerate(chars) if not at or not sentence[chars[at - 1] : char + 1].isspace()]
    return "".join(" " if sentence[char].isspace() else sentence[char] for char in chars), chars


def has_role(text: str, start: int, end: int, roles: tuple[Role, ...]) -> bool:
    """Return whether a number says something that is no outcome: what was spent, how sure somebody was, when it was."""
    number, before, after = (
        text[start:end],
        _clause(text[max(0, start - BEFORE_CHARS) : start]),
        text[end : end + AFTER_CHARS],
    )
    return any(
        (role.figure is None or role.figure.compiled.search(number))
        and (role.before is None or role.before.compiled.search(before))
        and (role.after is None or role.after.compiled.match(after))
        and (role.unless is None or not role.unless.compiled.match(after))
        and (role.unless_before is None or not role.unless_before.compiled.search(before))
        for role in roles
    )


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
