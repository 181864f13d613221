"""Number words, and number phrases read as numbers: "from six weeks to two" is 2 weeks, down from 6.

The one table of number words: the other rules and the files in ``prompts/`` take theirs from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import floor
from typing import Final, Literal

Direction = Literal["up", "down"]

ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS: Final = (*ONES[1:], *TENS)
"""From one to ninety, without compounds."""

TENS_PATTERN: Final = "|".join(TENS)
FROM_ELEVEN: Final = rf"eleven|twelve|\w+teen|{TENS_PATTERN}"
FROM_TWO: Final = f"{'|'.join(ONES[2:11])}|{FROM_ELEVEN}"
FROM_ONE: Final = f"one|{FROM_TWO}"
"""Alternatives of a regular expression: the number words from there to ninety."""

PERIODS: Final = (
    *("second", "sec", "s", "minute", "min", "hour", "hr", "day", "week", "month", "quarter", "year", "sprint"),
    *("release", "person", "customer", "call", "ticket", "user", "order", "team", "engineer", "query"),
    *("night", "shift"),
)
"""Words after "per" or "a" that make a number a rate."""

_ONES: Final = {word: value for value, word in enumerate(ONES)} | {
    "a": 1, "an": 1, "no": 0, "none": 0, "nothing": 0, "once": 1, "twice": 2, "couple": 2,
}  # fmt: skip
_TENS: Final = {word: 10 * value for value, word in enumerate(TENS, start=2)}
_VALUES: Final = _ONES | _TENS
_SCALES: Final = {
    "hundred": 100.0, "thousand": 1e3, "grand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "b": 1e9,
    "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7, "dozen": 12.0,
}  # fmt: skip
_FRACTIONS: Final = {
    "half": 1 / 2, "halves": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4,
    "fifth": 1 / 5, "fifths": 1 / 5, "sixth": 1 / 6, "sixths": 1 / 6, "eighth": 1 / 8, "eighths": 1 / 8,
    "tenth": 1 / 10, "tenths": 1 / 10, "hundredth": 1 / 100,
}  # fmt: skip
_TIMES: Final = {
    "doubled": 2.0, "doubling": 2.0, "twice": 2.0, "twofold": 2.0, "tripled": 3.0, "tripling": 3.0, "threefold": 3.0,
    "quadrupled": 4.0, "quadrupling": 4.0, "fourfold": 4.0, "fivefold": 5.0, "sixfold": 6.0, "sevenfold": 7.0,
    "eightfold": 8.0, "ninefold": 9.0, "tenfold": 10.0, "twentyfold": 20.0, "hundredfold": 100.0,
}  # fmt: skip
_CURRENCIES: Final = {
    "$": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "€": "EUR", "euros": "EUR",
    "eur": "EUR", "£": "GBP", "pounds": "GBP", "gbp": "GBP", "₹": "INR", "rupees": "INR", "lakh": "INR",
    "lakhs": "INR", "crore": "INR", "crores": "INR", "inr": "INR", "chf": "CHF", "francs": "CHF",
    "¥": "JPY", "cents": "cents",
}  # fmt: skip
_MEASURES: Final = {
    "ms": ("ms", "time", 0.001), "millisecond": ("ms", "time", 0.001), "s": ("seconds", "time", 1.0),
    "sec": ("seconds", "time", 1.0), "second": ("seconds", "time", 1.0), "min": ("minutes", "time", 60.0),
    "minute": ("minutes", "time", 60.0), "h": ("hours", "time", 3600.0), "hr": ("hours", "time", 3600.0),
    "hour": ("hours", "time", 3600.0), "day": ("days", "time", 86400.0), "week": ("weeks", "time", 604800.0),
    "month": ("months", "time", 2629800.0), "quarter": ("quarters", "time", 7889400.0),
    "year": ("years", "time", 31557600.0), "sprint": ("sprints", "sprint", 1.0),
    "kb": ("KB", "size", 1e3), "kilobyte": ("KB", "size", 1e3), "mb": ("MB", "size", 1e6),
    "megabyte": ("MB", "size", 1e6), "gb": ("GB", "size", 1e9), "gigabyte": ("GB", "size", 1e9),
    "tb": ("TB", "size", 1e12), "terabyte": ("TB", "size", 1e12), "pb": ("PB", "size", 1e15),
    "petabyte": ("PB", "size", 1e15),
}  # fmt: skip
"""Word: unit, what it measures, and its size in the smallest unit."""

_SECONDS: Final = {unit: size for unit, measure, size in _MEASURES.values() if measure == "time"}
_LENGTHS: Final = frozenset(_SECONDS)
_NOT_NOUNS: Final = _ONES.keys() | _TENS.keys() | _SCALES.keys() | {
    "of", "out", "the", "what", "it", "was", "that", "our", "all", "more", "fewer", "less", "to", "as", "faster", "x",
    "early", "sooner", "ahead", "each", "every", "old", "former", "usual", "row", "in", "single", "double", "low",
    "digits", "hourly", "daily", "weekly", "monthly", "quarterly",
}  # fmt: skip
_NOUN_AFTER: Final = re.compile(r"^ (?:more |fewer |less )?(?:of (?:our |the |all )?)?([a-z][a-z-]+s|tps|rps|qps)\b")
_PIECE: Final = re.compile(r"\d[\d,]*(?:\.\d+)?|[a-z]+|[$€£₹¥%]|→|->|=>|[\u2013-]")
_FROM_TO: Final = re.compile(r"^(?:.*?\bfrom )?(.+?)(?:\bto\b|→|->|=>)\s*(.+)$")
_DOWN_FROM: Final = re.compile(
    r"^(.+?)\b(?:instead of|rather than|compared to|compared with|versus|vs|(?:down|up) from)\b\.?(?: the)?(.+)$"
)
_RANGE: Final = re.compile(r"^(.*?\S) ?(?:\bto\b|\bor\b|(?<=[\d%kmb])[\u2013-](?= ?[$€£₹]?\d)) ?(.*)$")
_SAME: Final = {"fold": "times", "\u2013": "-"}
_MINUTES: Final = re.compile(r"\d[\d.]*m")
"""After a length of time "20m" is minutes, elsewhere millions."""
_RATE: Final = re.compile(rf"(?:/|\bper |\ban? |\beach |\bevery )({'|'.join(PERIODS)})\b")
_AND_A_HALF: Final = re.compile(r"\ban? (day|week|month|year|quarter|hour|minute|second) and a half\b")
_HOURS_AND_MINUTES: Final = re.compile(
    rf"\b(an?|\d+|{FROM_ONE}) hours? and (?:a )?(\d+|(?:{TENS_PATTERN})[ -]\w+|{FROM_ONE}|quarter)\b(?: minutes?\b)?"
)
"""An hour and ten, two hours and 20 minutes."""
_SCALED: Final = re.compile(r" (?:thousand|grand|million|billion|lakhs?|crores?)\b|(?<=\d) ?[kmb]\b")
_SMALL_NUMBER: Final = re.compile(rf"[1-9]\d?(?:\.\d+)?|{FROM_ONE}")
"""Below a hundred: "from two thousand to 900" is meant as it was said."""
_SIGNED: Final = re.compile(r"\s*(minus|negative|plus|[-+])\s*(?=\S)")
_NOTHING: Final = re.compile(r"^(?:without|not a single|not one|no|never|nobody|haven't|hasn't|have not|has not)\b")
_ONE_IN: Final = re.compile(r"\b(?:one|\d+) in (?=\d|\w)")
_OFTEN: Final = re.compile(r"\b(?:hourly|daily|weekly|monthly|quarterly)\b")
_OFTEN_PERIODS: Final = {"hourly": "hour", "daily": "day"}
_SHORT_PERIODS: Final = {"s": "second", "sec": "second", "min": "minute", "hr": "hour"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number phrase as numbers; None where it does not say one.

    Attributes:
        value: The level reached, or the size of the change; the lower end of a range.
        value_from: The level before, in the same unit.
        value_max: The upper end of a range.
        unit: "%", "points", "x", "USD", "ms", "weeks", a noun ("incidents"), with a rate where one was said.
    """

    value: float | None = None
    value_from: float | None = None
    value_max: float | None = None
    unit: str | None = None


def whole_seconds(duration_s: float) -> int:
    """Return a duration in the whole seconds that are shown; what is computed from shown numbers starts from these."""
    return floor(duration_s + 0.5)


def read_amount(phrase: str, after: str = "") -> Amount:
    """Read a number phrase; a noun for its unit may stand in the words after it."""
    text = _in_one_line(phrase)
    if text.startswith("from ") or any(arrow in text for arrow in ("→", "->", "=>")):
        match = _FROM_TO.match(text)
        if match:
            return read_change(match[1], match[2])
    if match := _DOWN_FROM.match(text):
        return read_change(match[2], match[1])
    if (match := _RANGE.match(text)) and text[:3] not in ("to ", "at "):
        low, high = _plain(match[1]), _plain(match[2])
        if low.value is not None and high.value is not None and low.value < high.value:
            return Amount(low.value, None, high.value, high.unit or low.unit)
    found = _plain(text)
    if found.unit is None and found.value is not None:
        return Amount(found.value, unit=_noun_after(after))
    return found


def seconds_in(unit: str | None) -> float | None:
    """Return how many seconds a unit of ``Amount`` has ("weeks"); None if it measures no time."""
    return _SECONDS.get(unit or "")


def _in_one_line(phrase: str) -> str:
    line = " ".join(phrase.lower().replace("\u2019", "'").split())
    return _HOURS_AND_MINUTES.sub(_in_minutes, _AND_A_HALF.sub(r"1.5 \1", line))


def _in_minutes(match: re.Match[str]) -> str:
    hours, _ = _number(_PIECE.findall(f"{match[1]} hours"))
    minutes = 15.0 if match[2] == "quarter" else _number(_PIECE.findall(match[2]))[0]
    return f"{60 * (hours or 0) + (minutes or 0):g} minutes"


def _with_one_scale(before: str, now: str) -> tuple[str, str]:
    """Return two numbers with the "million" that was said for only one of them: "from 10 million to 8"."""
    old, new = _SCALED.search(before), _SCALED.search(now)
    if new and _SMALL_NUMBER.fullmatch(before):
        return f"{before}{new[0]}", now
    if old and _SMALL_NUMBER.fullmatch(now):
        return before, f"{now}{old[0]}"
    return before, now


def read_change(before: str, now: str) -> Amount:
    """Read two values of one thing.

    A unit said once holds for both, and lengths of time are converted to the later one's unit.
    """
    before, now = _with_one_scale(_in_one_line(before), _in_one_line(now))
    old, new = _plain(before), _plain(now)
    old, new = _at_one_rate(old, new)
    if old.unit in _LENGTHS and _MINUTES.fullmatch(now.strip()):
        new = _plain(f"{now.strip()}in")
    unit = new.unit or old.unit
    old_value, new_value = old.value, new.value
    if old_value is not None and old.unit and new.unit and old.unit != new.unit:
        factor = _factor(old.unit, new.unit)
        old_value = None if factor is None else round(old_value * factor, 3)
    if new_value == 0 and new.unit is None:
        unit = old.unit
    return Amount(new_value, old_value, None, unit)


def _at_one_rate(old: Amount, new: Amount) -> tuple[Amount, Amount]:
    """Return two values with what only one of them says: "four releases a year, one a week", "$80k a month, $52k"."""
    if not old.unit or not new.unit:
        return old, new
    (thing, _, period), (other, _, later) = old.unit.partition(" per "), new.unit.partition(" per ")
    if period and new.unit.startswith("per "):
        return old, replace(new, unit=f"{thing} {new.unit}")
    if thing == other and bool(period) != bool(later):
        unit = f"{thing} per {period or later}"
        return replace(old, unit=unit), replace(new, unit=unit)
    return old, new


def _factor(old: str, new: str) -> float | None:
    """Return the factor that converts one unit to another; None where they measure different things."""
    thing, _, old_period = old.rpartition("per ")
    other, _, new_period = new.rpartition("per ")
    if old_period != old and new_period != new and thing == other:
        factor = _factor(f"{old_period}s", f"{new_period}s")
        return None if factor is None else 1 / factor
    sizes = {name: (kind, size) for name, kind, size in _MEASURES.values()}
    if old not in sizes or new not in sizes or sizes[old][0] != sizes[new][0]:
        return None
    return sizes[old][1] / sizes[new][1]


def _plain(text: str) -> Amount:
    """Read one value with its sign and its unit."""
    if signed := _SIGNED.match(text):
        found = _plain(text[signed.end() :])
        is_below = found.value is not None and signed[1] not in ("+", "plus")
        return replace(found, value=-found.value) if is_below and found.value else found
    if _NOTHING.search(text):
        return Amount(0.0, unit=_noun(_PIECE.findall(text)[1:]))
    if "order" in text and "magnitude" in text:
        return Amount(10.0, unit="x") if text.startswith("an") else Amount()
    if "a factor of" in text:
        return replace(_plain(text.partition("a factor of")[2]), unit="x")
    if one_in := _ONE_IN.search(text):
        return _share_of(_plain(text[one_in.end() :]).value)
    rate = next((match for match in _RATE.finditer(text) if _counts(text[: match.start()])), None)
    per = f"per {_SHORT_PERIODS.get(rate[1], rate[1])}" if rate else _often(text)
    words = [_SAME.get(word, word) for word in _PIECE.findall(text[: rate.start()] if rate else text)]
    for word in words:
        if word in _TIMES and not (word == "twice" and rate):
            return Amount(_TIMES[word], unit="x")
        if word in ("halved", "halving"):
            return Amount(50.0, unit="%")
    if (share := _fraction(words)) is not None:
        return share
    value, rest = _number(words)
    unit = _unit(words, rest)
    return Amount(value, unit=" ".join(piece for piece in (unit, per) if piece) or None)


def _share_of(number: float | None) -> Amount:
    """Return one in so many as a share."""
    return Amount(round(100 / number, 3), unit="%") if number else Amount()


def _counts(text: str) -> bool:
    """Return whether a number is said, so that "a day" after it is a rate; in "half a day" it is not."""
    words = _PIECE.findall(text)
    return bool(words) and words[-1] != "half" and _number(words)[0] is not None


def _often(text: str) -> str | None:
    match = _OFTEN.search(text)
    return f"per {_OFTEN_PERIODS.get(match[0], match[0].removesuffix('ly'))}" if match else None


def _fraction(words: list[str]) -> Amount | None:
    """Read "in half", "two thirds", "a quarter of what it was" as percent, and "half a day" as a length of time."""
    index = next((at for at, word in enumerate(words) if word in _FRACTIONS), None)
    if index is None or any(word in _SCALES for word in words):
        return None
    before = words[index - 1] if index else ""
    if before == "a" and index > 1 and words[index - 2] == "and":
        return None
    if words[index] in ("quarter", "quarters") and (
        before not in ("a", "one", "three", "by", "") or _is_a_period(words)
    ):
        return None
    count = _ONES.get(before, 1) if before else 1
    following = [word for word in words[index + 1 :] if word not in ("a", "an", "of", "the")]
    size = count * _FRACTIONS[words[index]]
    if following and (unit := _measure(following[0])):
        return Amount(round(size, 3), unit=unit) if words[index] == "half" else None
    if following and following[0] in ("percent", "%"):
        return Amount(round(size, 3), unit="%")
    return Amount(round(100 * size, 1), unit="%")


def _is_a_period(words: list[str]) -> bool:
    """Return whether quarters are parts of a year: "within a quarter"."""
    return words[0] in ("in", "within", "after", "over", "for") and "of" not in words


def _number(words: list[str]) -> tuple[float | None, int]:
    """Return the first number that is said and the index of the word after it."""
    start = next((at for at in range(len(words)) if _opens_number(words, at)), None)
    if start is None:
        return None, 0
    reader = _NumberReader(words, start)
    while reader.index < len(words) and reader.step():
        pass
    return round(reader.total + reader.current, 6), reader.index


class _NumberReader:
    """Reads a number word by word: "two hundred and five thousand", "one point two million", "2.5 m"."""

    def __init__(self, words: list[str], start: int) -> None:
        self.words = words
        self.start = start
        self.index = start
        self.total = 0.0
        self.current = 0.0

    def step(self) -> bool:
        """Read the next word; return whether it belongs to the number."""
        word, is_first = self.words[self.index], self.index == self.start
        if word[0].isdigit():
            return (is_first or self.words[self.index - 1] == "and") and self._add(float(word.replace(",", "")))
        if word in _SCALES and (word in ("hundred", "dozen") or not is_first):
            return self._scale(word)
        if word == "point":
            return self._decimals()
        if word in ("and", "-"):
            return self._half() or (self._goes_on() and self._add(0.0))
        if word in ("a", "an"):
            return (is_first or self.words[self.index - 1] == "half") and self._add(float(is_first))
        if word in _TENS or word in _ONES:
            return self._add(float(_VALUES[word]))
        return word == "half" and is_first and self._add(0.5)

    def _add(self, number: float) -> bool:
        self.current += number
        self.index += 1
        return True

    def _scale(self, word: str) -> bool:
        size = (self.current or 1.0) * _SCALES[word]
        self.current, self.total = (size, self.total) if word == "hundred" else (0.0, self.total + size)
        self.index += 1
        return True

    def _decimals(self) -> bool:
        """Read the digits after "point": "two five" and "twenty five" are both .25."""
        words, digits, index = self.words, "", self.index + 1
        while index < len(words) and words[index] in _VALUES and words[index] not in ("a", "an"):
            value = _VALUES[words[index]]
            if words[index] in _TENS and index + 1 < len(words) and 0 < _ONES.get(words[index + 1], 0) < 10:
                index += 1
                value += _ONES[words[index]]
            digits += str(value)
            index += 1
        if not digits:
            return False
        self.current += float(f"0.{digits}")
        self.index = index
        return True

    def _half(self) -> bool:
        """Read "and a half": of one, or of the million before it."""
        if self.words[self.index + 1 : self.index + 3] not in (["a", "half"], ["a", "quarter"]):
            return False
        part = _FRACTIONS[self.words[self.index + 2]]
        if self.current == 0 and self.total:
            self.total += part * _SCALES.get(self.words[self.index - 1], 1.0)
        else:
            self.current += part
        self.index += 3
        return True

    def _goes_on(self) -> bool:
        return self.index + 1 < len(self.words) and _opens_number(self.words, self.index + 1)


def _opens_number(words: list[str], index: int) -> bool:
    word = words[index]
    if word[0].isdigit() or word in _TENS or word in ("hundred", "dozen"):
        return True
    if word in ("a", "an"):
        return index + 1 < len(words) and (words[index + 1] in _SCALES or _measure(words[index + 1]) is not None)
    return word in _ONES or (word == "half" and any(scale in words[index:] for scale in _SCALES))


def _unit(words: list[str], rest: int) -> str | None:
    """Return the unit among the words of a phrase; ``rest`` is where the words after its number begin."""
    behind = [word for word in words[rest:] if word not in ("-", "and", "a", "an", "half", "full", "whole")]
    if behind[:1] == ["%"] or "percent" in behind[:1] or behind[:2] == ["per", "cent"]:
        return "points" if len(behind) > 1 and behind[1].startswith("point") else "%"
    if behind[:1] and behind[0].startswith("percentage"):
        return "points"
    if behind[:2] == ["basis", "points"]:
        return "basis points"
    if behind[:1] in (["points"], ["point"]):
        return "points"
    for word in (*words[:rest], *behind[:1]):
        if word in _CURRENCIES:
            return _CURRENCIES[word]
    if behind[:1] in (["x"], ["times"]):
        return "x"
    if behind and (unit := _measure(behind[0])):
        return unit
    return _noun(behind)


def _measure(word: str) -> str | None:
    entry = _MEASURES.get(word) or _MEASURES.get(word.removesuffix("s"))
    return entry[0] if entry else None


def _noun(words: Iterable[str]) -> str | None:
    """Return the head of the noun phrase behind a number: the last of its words."""
    kept = [word for word in words if word not in _NOT_NOUNS and not word[0].isdigit() and len(word) > 1]
    return kept[-1] if kept else None


def _noun_after(after: str) -> str | None:
    match = _NOUN_AFTER.match(after.lower())
    return match[1] if match and match[1] not in ("is", "was", "this", "as", "less", "has", "its", "across") else None
