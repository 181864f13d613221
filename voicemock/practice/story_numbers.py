"""Numbers of a telling that its story's notes do not have: asked about after the take, in case one of both is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from voicemock.analysis.amounts import FROM_ONE, NUMBER_WORDS, TENS_PATTERN, read_amount, seconds_in
from voicemock.analysis.numerals import plain_numerals
from voicemock.models import NOTE_FIELDS, NoteField, QuantifiedResult, Story, StoryNotes
from voicemock.store.stories import Stories

ALIKE_WITHIN: Final = 0.03
"""People round what they say."""
MOST_ASKED: Final = 3
TIMES_APART: Final = 10.0
"""Durations further apart than this factor measure different things, whatever their units."""
_TIMES: Final = tuple(
    size for unit in ("seconds", "minutes", "hours", "days", "weeks", "months") if (size := seconds_in(unit))
)
_OUTCOMES: Final[tuple[NoteField, ...]] = ("result", "metrics")
"""Where notes hold measured outcomes."""
_WORDS: Final = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_SCALE: Final = r"(?:hundred|thousand|million|billion|lakhs?|crores?|dozen)"
_NUMBER: Final = re.compile(
    rf"(?<![\w.,])(?:[$€£₹] ?)?(?:\d[\d,]*(?:\.\d+)?(?: ?(?:[kmb]\b|{_SCALE}\b))?"
    rf"|(?:{TENS_PATTERN})[ -](?:{FROM_ONE})\b|(?:zero|{_WORDS})\b)(?: (?:point (?:\w+)|{_SCALE}|and a half))*"
    r"(?P<after> ?%|[ -]?[a-z]+(?: points)?)?",
    re.IGNORECASE,
)
"""A number with the word after it, which may be its unit."""
_CURRENCIES: Final = ("$", "€", "£", "₹")
_UNITS: Final = frozenset({"%", "points", "x", "ms", "usd", "eur", "gbp", "inr", "chf", "jpy"})


class NotedNumber(NamedTuple):
    """A number with its unit, as it is written or said."""

    text: str
    value: float
    unit: str


def numbers_to_ask_about(notes: StoryNotes, results: Iterable[QuantifiedResult]) -> tuple[str, ...]:
    """Return a question for each measured outcome that was told with a number which the notes do not have.

    Nothing is asked where the notes have no outcome of that unit: then there is nothing to hold it against.

    Args:
        notes: Of the story.
        results: The measured outcomes of the telling.
    """
    everywhere = [number for field in NOTE_FIELDS for number in _numbers_in(notes.text_of(field))]
    outcomes = [number for field in _OUTCOMES for number in _numbers_in(notes.text_of(field))]
    said = [number for result in results for number in _numbers_of(result)]
    questions = []
    for number in said:
        noted = [each for each in outcomes if _is_comparable(each, number)]
        if noted and not any(_is_alike(each, number) for each in everywhere):
            unsaid = [each for each in noted if not any(_is_alike(each, other) for other in said)]
            questions.append(_question(number, unsaid))
    return tuple(dict.fromkeys(questions))[:MOST_ASKED]


def notes_of(stories: Stories, story: Story) -> StoryNotes:
    """Return the notes of a story; empty ones where there are none."""
    return next((each.notes for each in stories.banked() if each.story.slug == story.slug), StoryNotes())


def _question(said: NotedNumber, unsaid: list[NotedNumber]) -> str:
    if not unsaid:
        return f'You said "{said.text}", which is not in your notes. If it is right, write it down.'
    noted = " and ".join(dict.fromkeys(f'"{each.text}"' for each in unsaid[:2]))
    return f'Your notes say {noted}; you said "{said.text}". Which is right?'


def _numbers_of(result: QuantifiedResult) -> Iterator[NotedNumber]:
    """Yield the value that was reached, and the one before it where it was said."""
    text, unit = " ".join(result.text.split()), (result.unit or "").lower()
    for value in (result.value, result.value_from):
        if unit and value is not None:
            yield NotedNumber(text, value, unit)


def _numbers_in(text: str) -> Iterator[NotedNumber]:
    plain, places = plain_numerals(text, range(len(text)))
    for match in _NUMBER.finditer(plain):
        amount = read_amount(match[0].replace("-", " "))
        if amount.value is None:
            continue
        unit = (amount.unit or "").lower()
        is_named = match["after"] is not None and _is_unit(unit)
        end = (
            match.end()
            if is_named and not match[0].startswith(_CURRENCIES)
            else match.end() - len(match["after"] or "")
        )
        words = text[places[match.start()] : places[end - 1] + 1]
        yield NotedNumber(" ".join(words.split()).rstrip(" ,."), amount.value, unit if _is_unit(unit) else "")


def _is_unit(unit: str) -> bool:
    """Return whether a word is a unit, or a plural noun that was counted."""
    return unit in _UNITS or seconds_in(unit) is not None or unit.endswith("s")


def _is_comparable(one: NotedNumber, other: NotedNumber) -> bool:
    """Return whether two numbers count the same: both a share, the same money, or lengths of time not far apart."""
    if one.unit == other.unit:
        return True
    sizes = [seconds_in(each.unit) for each in (one, other)]
    if sizes[0] is None or sizes[1] is None or not one.value or not other.value:
        return False
    return 1 / TIMES_APART <= one.value * sizes[0] / (other.value * sizes[1]) <= TIMES_APART


def _is_alike(one: NotedNumber, other: NotedNumber) -> bool:
    """Return whether two numbers are the same after rounding, in any unit of time; one without a unit may be any."""
    if one.unit and other.unit:
        sizes = [seconds_in(each.unit) for each in (one, other)]
        if sizes[0] is None or sizes[1] is None:
            return one.unit == other.unit and _are_near(one.value, other.value)
        return _are_near(one.value * sizes[0], other.value * sizes[1])
    size = seconds_in(one.unit or other.unit)
    factors = [seconds / size for seconds in _TIMES] if size else [1.0]
    bare, named = (other, one) if one.unit else (one, other)
    return any(_are_near(bare.value * factor, named.value) for factor in factors)


def _are_near(one: float, other: float) -> bool:
    return abs(one - other) <= ALIKE_WITHIN * max(abs(one), abs(other))
