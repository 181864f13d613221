"""The candidate's own view in words: what is asked before the feedback, and what the measures say beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from voicemock.analysis.delivery import MOST_PEOPLE
from voicemock.coaching.self_rating import RESULT_PART, fillers_per_hundred_words, measured_ratings
from voicemock.coaching.spoken_numbers import clock
from voicemock.models import HIGHEST_RATING, LOWEST_RATING, RATED_ITEMS, Answer, Measured, RatedItem
from voicemock.report.rows import NOT_MEASURED

HEADING: Final = "Your own view"
DEFINED_AS: Final = "Own view"
"""Title of the definition of the gap."""
INVITATION: Final = f"Before the feedback, your own view: {LOWEST_RATING} is weak, {HIGHEST_RATING} is strong."


class RatedQuestion(NamedTuple):
    """An item that is rated: its title, and what is asked about it."""

    title: str
    asks: str


RATED: Final[dict[RatedItem, RatedQuestion]] = {
    "length": RatedQuestion("Length", "Was it the right length?"),
    "structure": RatedQuestion("Structure", "Were all the parts there?"),
    "result": RatedQuestion("Result", "Did it give a result with a number?"),
    "delivery": RatedQuestion("Delivery", "Was it fluent, at a good pace?"),
}


def own_view_lines(answer: Answer) -> tuple[str, ...]:
    """Return a short sentence for each item that the candidate rated: the rating, the measure, and its number."""
    if answer.self_rating is None or answer.assessment is None:
        return ()
    return tuple(lines_of(Measured.of(answer)))


def lines_of(numbers: Measured) -> Iterator[str]:
    """Yield a sentence for each item that was rated."""
    measured = measured_ratings(numbers)
    for item in RATED_ITEMS:
        own, found = numbers.self_rating.of(item) if numbers.self_rating else None, measured.of(item)
        if own is None:
            continue
        title = RATED[item].title
        if found is None:
            yield f"{title}: you said {own}; {NOT_MEASURED}."
        elif own == found:
            yield f"{title}: you said {own}, and so does the measure ({_fact(item, numbers)})."
        else:
            yield f"{title}: you said {own}, the measure says {found} ({_fact(item, numbers)})."


def _fact(item: RatedItem, numbers: Measured) -> str:
    """Return the number behind a measured rating."""
    return {"length": _length, "structure": _structure, "result": _result, "delivery": _delivery}[item](numbers)


def _length(numbers: Measured) -> str:
    return f"{clock(numbers.duration_s or 0.0)}, target {clock(numbers.target_min_s)} to {clock(numbers.target_max_s)}"


def _structure(numbers: Measured) -> str:
    missing = [part.name.replace("_", " ") for part in numbers.parts if not part.present]
    return f"missing: {', '.join(missing)}" if missing else f"all {len(numbers.parts)} parts"


def _result(numbers: Measured) -> str:
    is_told = any(part.present for part in numbers.parts if part.name == RESULT_PART)
    if numbers.measured_results:
        return "a result with a number" if is_told else "a number, but not in a result"
    return "a result without a number" if is_told else "no result"


def _delivery(numbers: Measured) -> str:
    low, high = MOST_PEOPLE
    pace = f"{numbers.words_per_minute or 0.0:.0f} words per minute, most people {low:.0f} to {high:.0f}"
    return f"{pace}; {fillers_per_hundred_words(numbers) or 0.0:.1f} fillers in 100 words"
