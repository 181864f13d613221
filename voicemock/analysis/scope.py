"""Finds how far a story reached: the teams, people, months and money that were named as the size of the work.

A rule asks for a number with its unit, in words that can only say the size of the teller's own work: "six teams", "my
team of nine", "an eighteen-month program", "a budget of two million". What may be something else (the size of a
customer, how long one step took, money saved) is left out: a story without such words has no known scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, get_args

from voicemock.analysis.amounts import FROM_ONE, ONES, TENS_PATTERN, read_amount
from voicemock.analysis.numerals import plain_numerals
from voicemock.models import ScopeKind, Sentence

MONTHS_IN: Final = {"week": 12 / 52, "month": 1.0, "quarter": 3.0, "year": 12.0}
LONGEST_SENTENCE_CHARS: Final = 2000
"""A sentence is searched this far; 80 words are about 500 characters."""

_NUMBER: Final = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|(?:{TENS_PATTERN})(?:[- ](?:{'|'.join(ONES[1:10])}))?"
    rf"|(?:{FROM_ONE}|an?) hundred|(?:a|two|three) dozen|{FROM_ONE})"
)
_WORD: Final = (
    r"(?!(?:of|in|for|from|to|and|or|on|with|by|per|at|as|than|between|the|my|our|their|people|hundred|thousand|million)"
    r"\b)[a-z-]+ "
)
"""A word between a number and its unit: "six product teams"."""
_MEMBERS: Final = r"(?:people|engineers|developers|programmers|testers|designers|analysts|contractors|managers)"
_WORK: Final = r"(?:program(?:me)?|project|migration|roll-?out|rewrite|initiative|effort|transition|launch)"
_ABOUT: Final = r"(?:(?:about|around|roughly|almost|nearly|over|more than|some|just|just under|just over) )?"
_SO_LONG: Final = rf"{_ABOUT}(?P<number>{_NUMBER}) (?P<period>week|month|quarter|year)s?\b"
_SCALE: Final = r"(?:[kmb]|thousand|million|billion|lakhs?|crores?)"
_MONEY: Final = (
    rf"(?>[$€£₹] ?\d[\d,.]*(?: ?{_SCALE}\b)?|\d[\d,.]*(?: ?{_SCALE}\b)?(?: (?:dollars|euros|pounds))?"
    rf"|{_NUMBER}(?:[ -](?:point|{_SCALE}|(?:(?<=point )|(?<=hundred )|(?<=hundred )and ){_NUMBER})\b)*"
    rf"(?: (?:dollars|euros|pounds))?)"
)
_NOT_EACH: Final = r"(?! (?:an?|per) (?!year)| each\b)"
SMALLEST_BUDGET: Final = 1000.0
"""A smaller amount is a price."""

_RULES: Final[dict[ScopeKind, tuple[str, ...]]] = {
    "teams": (rf"\b(?P<number>{_NUMBER}) (?:{_WORD}){{0,2}}teams\b(?! of (?:two|three|2|3)\b)",),
    "people": (
        rf"\b(?:I|we|my|our)\b[^.;,]{{0,50}}\b(?P<shown>team of {_ABOUT}(?P<number>{_NUMBER}))\b(?! teams)",
        rf"\b(?:my|our) (?P<shown>(?P<number>{_NUMBER})[- ](?:person|people|man|engineer) team)\b",
        rf"\b(?:(?:I|we) (?:led|managed|ran|coordinated|headed|supervised)|{_WORK} with) "
        rf"(?P<shown>{_ABOUT}(?P<number>{_NUMBER}) (?:{_WORD}){{0,2}}{_MEMBERS})\b",
        rf"\b(?:I|we) had (?P<shown>{_ABOUT}(?P<number>{_NUMBER}) (?:{_WORD})?{_MEMBERS}) (?:working )?[oi]n it\b",
    ),
    "months": (
        rf"\b(?P<number>{_NUMBER})[- ](?P<period>week|month|quarter|year)(?:-long)? (?:{_WORD})?{_WORK}\b",
        rf"\b(?:the (?:whole|entire) (?:thing|{_WORK})|(?:the|this|that|my|our) {_WORK}|all of it) "
        rf"(?:took|lasted|ran)(?: (?:us|me))?(?: for)? (?P<shown>{_SO_LONG})(?! (?:longer|late|more|over|to))",
        rf"\b(?P<shown>{_SO_LONG} (?:end to end|(?:from )?start to finish|in all|in total))\b",
        rf"\b(?:I|we) (?:ran|led|owned|managed) (?:the|this|that|a) (?:{_WORD})?{_WORK} for (?P<shown>{_SO_LONG})",
        rf"\bbudget (?:of|was) [^.;]{{1,40}}? and (?P<shown>{_SO_LONG})(?! (?:ago|later|before))",
    ),
    "money": (
        rf"(?<!\bhis )(?<!\bher )(?<!\btheir )(?<!\bown )"
        rf"\b(?P<shown>budget (?:of|was) {_ABOUT}(?P<money>{_MONEY})){_NOT_EACH}",
        rf"(?P<shown>(?P<money>[$€£₹] ?\d[\d,.]* ?{_SCALE}?) (?:{_WORD})?(?:budget|{_WORK}))\b",
    ),
}
_COMPILED: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE)) for kind, patterns in _RULES.items() for pattern in patterns
)
_ONE_TEAM: Final = re.compile(
    r"\b(?:I|we|my|our)\b[^.;,]{0,50}\b(?P<shown>team of [\w-]+)|\b(?:just|only) (?P<one>one team)\b", re.IGNORECASE
)
_OTHER_TEAM: Final = re.compile(
    r"\bteams\b|\b(?!(?:my|our|the|a|this|that|whole|entire|one|same|own|of)\b)[\w'-]+ team\b"
    r"|\b(?:vendors?|suppliers?|partners?|departments?|divisions?|contractors?|organi[sz]ations?|groups?)\b",
    re.IGNORECASE,
)
"""Says that somebody beside one team took part, or may have."""


@dataclass(frozen=True, slots=True)
class NamedScope:
    """A size of the work, as it was said.

    Attributes:
        kind: What was counted.
        value: Teams, people, months, or money in its own currency; None if the words cannot be read as a number.
        sentence: Where it was said.
        start_char: First character of the words in the transcript.
        end_char: One past their last.
        is_only: True for one team, where no other was named.
    """

    kind: ScopeKind
    value: float | None
    sentence: Sentence
    start_char: int
    end_char: int
    is_only: bool = False


def find_scope(sentences: Iterable[Sentence]) -> tuple[NamedScope, ...]:
    """Return the largest size of each kind, in the order of ``ScopeKind``.

    Args:
        sentences: Those that tell the story.
    """
    told = tuple(sentences)
    found = [each for sentence in told for each in _sizes_in(sentence)]
    if not any(each.kind == "teams" for each in found):
        found += _the_only_team(told)
    of_kinds = ([each for each in found if each.kind == kind] for kind in get_args(ScopeKind))
    return tuple(max(each, key=lambda size: size.value or 0.0) for each in of_kinds if each)


def _sizes_in(sentence: Sentence) -> Iterator[NamedScope]:
    text, places = plain_numerals(sentence.text[:LONGEST_SENTENCE_CHARS], range(len(sentence.text)))
    for kind, rule in _COMPILED:
        for match in rule.finditer(text):
            start, end = match.span("shown" if "shown" in rule.groupindex else 0)
            value = _value(match)
            if kind == "money" and value is not None and value < SMALLEST_BUDGET:
                continue
            end = start + len(text[start:end].rstrip(" .,"))
            yield _at(sentence, places, start, end, kind, value)


def _value(match: re.Match[str]) -> float | None:
    said = match.groupdict()
    if said.get("money"):
        return read_amount(said["money"]).value
    number = read_amount(f"{said['number']} people").value
    return number * MONTHS_IN[said["period"].lower()] if number is not None and said.get("period") else number


def _the_only_team(sentences: tuple[Sentence, ...]) -> list[NamedScope]:
    """Return the one team of a story in which nothing says that another took part."""
    if any(_OTHER_TEAM.search(sentence.text) for sentence in sentences):
        return []
    for sentence in sentences:
        if match := _ONE_TEAM.search(sentence.text[:LONGEST_SENTENCE_CHARS]):
            start, end = match.span("shown" if match["shown"] else "one")
            return [_at(sentence, range(len(sentence.text)), start, end, "teams", 1.0, is_only=True)]
    return []


def _at(
    sentence: Sentence,
    places: list[int] | range,
    start: int,
    end: int,
    kind: ScopeKind,
    value: float | None,
    *,
    is_only: bool = False,
) -> NamedScope:
    first, last = places[start], places[end - 1]
    return NamedScope(kind, value, sentence, sentence.start_char + first, sentence.start_char + last + 1, is_only)
