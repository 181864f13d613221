"""Measured ratings: the numbers of an answer on the scale of 1 to 5 on which candidates rate themselves.

The steps are ours, set where the feedback begins to speak of a thing. docs/metrics.md has them as a table.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from voicemock.analysis.delivery import MOST_PEOPLE
from voicemock.coaching.delivery import FAR_OFF, MANY_FILLERS, SOME_FILLERS
from voicemock.coaching.findings import FEW_WORDS, NO_ANSWERS
from voicemock.models import HIGHEST_RATING, LOWEST_RATING, Measured, RatedItem, Ratings

OFF_STEPS: Final = (0.0, FAR_OFF / 2, FAR_OFF, 2 * FAR_OFF)
"""Share of the nearest end of a range by which a number misses it: up to each of these is a 5, 4, 3 and 2."""
FILLER_STEPS: Final = (2.0, 4.7, SOME_FILLERS, MANY_FILLERS)
"""Fillers in 100 words: up to each of these is a 5, 4, 3 and 2. 4.7 is the median of 387 AMI monologues."""
RESULT_PART: Final = "result"


def measured_ratings(numbers: Measured) -> Ratings:
    """Return what an answer's measures are worth from 1 to 5; an item is None where it was not measured.

    Nothing is measured of a reply to a follow-up, and of words that do not answer the question.
    """
    if not numbers.is_whole or numbers.relevance in NO_ANSWERS:
        return Ratings()
    return Ratings(
        length=_length(numbers), structure=_structure(numbers), result=_result(numbers), delivery=_delivery(numbers)
    )


def gap_of(numbers: Measured, item: RatedItem) -> int | None:
    """Return the candidate's own rating minus the measured one; None where there are not both."""
    own = numbers.self_rating.of(item) if numbers.self_rating else None
    measured = measured_ratings(numbers).of(item)
    return None if own is None or measured is None else own - measured


def _length(numbers: Measured) -> int | None:
    if numbers.duration_s is None:
        return None
    return _stepped(_off(numbers.duration_s, (numbers.target_min_s, numbers.target_max_s)), OFF_STEPS)


def _structure(numbers: Measured) -> int | None:
    """Return 5 only where every part is there, 1 where none is."""
    parts = numbers.parts
    span = HIGHEST_RATING - LOWEST_RATING
    return LOWEST_RATING + span * sum(part.present for part in parts) // len(parts) if parts else None


def _result(numbers: Measured) -> int | None:
    """Return what the result is worth; None in a framework that asks for none."""
    part = next((part for part in numbers.parts if part.name == RESULT_PART), None)
    if part is None or numbers.measured_results is None:
        return None
    if numbers.measured_results:
        return 5 if part.present else 4
    return 3 if part.present else 1


def _delivery(numbers: Measured) -> int | None:
    """Return the lower of fillers and pace; None for a text, and for too few words to judge either."""
    fillers = fillers_per_hundred_words(numbers)
    if numbers.words_per_minute is None or fillers is None:
        return None
    return min(_stepped(_off(numbers.words_per_minute, MOST_PEOPLE), OFF_STEPS), _stepped(fillers, FILLER_STEPS))


def fillers_per_hundred_words(numbers: Measured) -> float | None:
    """Return filled pauses and filler phrases in 100 words; None where there are too few words to tell."""
    if numbers.word_count < FEW_WORDS:
        return None
    return numbers.per_hundred_words(numbers.filled_pauses + numbers.filler_phrases)


def _off(value: float, goal: tuple[float, float]) -> float:
    """Return by which share of the nearest end a number misses a range; 0 within it."""
    low, high = goal
    return max(0.0, (low - value) / low, (value - high) / high)


def _stepped(value: float, steps: tuple[float, ...]) -> int:
    return HIGHEST_RATING - bisect_left(steps, value)
