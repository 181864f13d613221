"""Numbers, durations and lists as an interviewer says them, and as the written feedback prints them."""

from __future__ import annotations

from math import floor
from typing import Final

from voicemock.analysis.amounts import ONES, TENS, whole_seconds

_TENS: Final = ("", "ten", *TENS)
_MINUTES_FROM_S: Final = 75.0
"""From here on people say minutes, below it seconds."""
_ABOUT_S: Final = 7.5
"""Half the way from a half minute to the middle between it and the next."""


def in_words(number: int) -> str:
    """Return a whole number in words up to ninety-nine. From 100 on in digits, which every voice reads well."""
    if not 0 <= number < 100:
        return str(number)
    if number < len(ONES):
        return ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{ONES[ones]}" if ones else _TENS[tens]


def clock(duration_s: float) -> str:
    """Return seconds as minutes and seconds: ``3:05``."""
    minutes, seconds = divmod(whole_seconds(duration_s), 60)
    return f"{minutes}:{seconds:02d}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 answer", "2 answers"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """Return a share in [0, 1] as a whole percentage: ``41%``."""
    return f"{whole_percent(share)}%"


def whole_percent(share: float) -> int:
    """Return a share in [0, 1] in the whole percent that are shown."""
    return floor(share * 100 + 0.5)


def spoken_percent(share: float) -> str:
    """Return a share in [0, 1] as it is said: the figure that is shown, in words."""
    return f"{in_words(whole_percent(share))} percent"


def spoken_duration(duration_s: float, *, limits: tuple[float, ...] = ()) -> str:
    """Return a duration as people say it: "about three and a half minutes", "just under two minutes".

    Minutes are rounded to halves, seconds to fives. A duration 8 s or more from the rounded figure is "just under" or
    "just over" it. So is any duration next to one of ``limits``: 178 s must not pass for three minutes when three
    minutes are required.
    """
    if duration_s < _MINUTES_FROM_S:
        rounded = 5.0 * max(1, floor(duration_s / 5 + 0.5))
        name = "a minute" if rounded == 60 else f"{in_words(round(rounded))} seconds"
    else:
        rounded = 30.0 * floor(duration_s / 30 + 0.5)
        name = _minutes_in_halves(round(rounded / 30))
    tolerance_s = 0.0 if rounded in limits else _ABOUT_S
    difference_s = (whole_seconds(duration_s) if rounded in limits else duration_s) - rounded
    if abs(difference_s) <= tolerance_s:
        return f"about {name}"
    return f"just {'under' if difference_s < 0 else 'over'} {name}"


def spoken_range(shortest_s: float, longest_s: float) -> str:
    """Return a target as an attribute: "three-to-four-minute", "forty-five-to-ninety-second"."""
    shortest, longest, unit = _range(shortest_s, longest_s)
    return f"{shortest}-to-{longest}-{unit}"


def spoken_length(shortest_s: float, longest_s: float) -> str:
    """Return a target as a length: "three to four minutes", "forty-five to ninety seconds"."""
    shortest, longest, unit = _range(shortest_s, longest_s)
    return f"{shortest} to {longest} {unit}s"


def _range(shortest_s: float, longest_s: float) -> tuple[str, str, str]:
    unit, unit_s = ("minute", 60) if shortest_s % 60 == 0 and longest_s % 60 == 0 else ("second", 1)
    return in_words(round(shortest_s / unit_s)), in_words(round(longest_s / unit_s)), unit


def enumerate_words(items: tuple[str, ...], *, conjunction: str = "and") -> str:
    """Join as in a sentence: "the situation, the task, and the result"."""
    if len(items) < 3:
        return f" {conjunction} ".join(items)
    return f"{', '.join(items[:-1])}, {conjunction} {items[-1]}"


def _minutes_in_halves(halves: int) -> str:
    minutes, half = divmod(halves, 2)
    if minutes == 1:
        return "a minute and a half" if half else "a minute"
    return f"{in_words(minutes)}{' and a half' if half else ''} minutes"
