"""Numerals in one spelling: "12'000", "3,5 %", "1½", "a day and a half" become "12,000", "3.5 %", "1.5", "1.5 day".

Every character of the new text knows its place in the old one, so what is found can be shown as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final

from voicemock.analysis.typography import plain

_SIGNS: Final = {"\N{MINUS SIGN}": "-", "\N{MULTIPLICATION SIGN}": "x", "\N{FRACTION SLASH}": "/"}
_FRACTION_WORDS: Final = {
    Fraction(1, 2): "half", Fraction(1, 3): "a third", Fraction(2, 3): "two thirds", Fraction(1, 4): "a quarter",
    Fraction(3, 4): "three quarters", Fraction(1, 5): "a fifth", Fraction(2, 5): "two fifths",
    Fraction(3, 5): "three fifths", Fraction(4, 5): "four fifths", Fraction(1, 6): "a sixth",
    Fraction(1, 8): "an eighth", Fraction(3, 8): "three eighths", Fraction(5, 8): "five eighths",
    Fraction(7, 8): "seven eighths", Fraction(1, 10): "a tenth",
}  # fmt: skip
_SMALL: Final = {
    word: number
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
} | {"a": 1, "an": 1}
_SMALL_PATTERN: Final = "|".join(_SMALL)
_COUNTED: Final = (
    "(?:second|minute|hour|day|week|month|quarter|year|percent|percentage point|point|"
    "thousand|million|billion|dozen|sprint)s?"
)
_HALVES: Final = {"half": 0.5, "quarter": 0.25, "third": 0.333, "1/2": 0.5, "1/4": 0.25}
_AND_PART: Final = r"and (?:an? )?(half|quarter|third|1/2|1/4)\b"

_GROUPS: Final = re.compile(
    r"(?<![\w.,'])(?<!\b[Pp] )[1-9]\d{0,2}"
    r"(?:(?: \d{3})+|(?:'\d{3})+|(?:\.\d{3}){2,}|(?:\.000)+)(?![\d'])(?![.,]\d)(?! ?[ap]\.?m\b)"
)
"""Thousands set apart by spaces, apostrophes or full stops. After "p 99" a new number begins; "1.500" stays."""
_DECIMAL_COMMA: Final = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[. ]\d{3})*,\d{1,2}|0,\d{3,})(?![\d,]|\.\d)")
"""English sets apart three digits, so a comma before one or two of them ends the whole ones."""
_MIXED: Final = re.compile(r"(?<![\w./,])(\d{1,4})[ -]([1-9])/([2-9]|10|16)(?![\d/])")
_RATIO: Final = re.compile(r"(?<![\w./,-])(?<!\bon )([1-9])/([2-68]|10)(?![\w/])")
_PART_AFTER: Final = re.compile(rf"(?<![\w.,])(\d[\d,]{{0,9}}) {_AND_PART}")
_PART_AT_END: Final = re.compile(rf"\b(\d{{1,4}}|{_SMALL_PATTERN}) ({_COUNTED}) {_AND_PART}", re.IGNORECASE)
_HYPHENED: Final = re.compile(
    r"\b(?:one|two|three|four|five|seven)-(?:half|halves|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)\b",
    re.IGNORECASE,
)
_DIGIT: Final = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_POINT_FIRST: Final = re.compile(
    r"\b(to|by|of|at|from|was|is|about|around|only|just|under|over|below|above|nearly|almost|and|or|than) point"
    rf"(?= (?=(.))(?:(?:{_DIGIT}|\d) ?){{1,3}}"
    r"(?:%|(?:per ?cent|(?:milli)?seconds?|minutes?|hours?|points?|to|or|million)\b))",
    re.IGNORECASE,
)
"""A number that begins with its point: "to point six percent", "from point nine to point two"."""
_PART_OF_A_MILLION: Final = re.compile(
    r"\b(an? (?:half|quarter|third|tenth)|half|three quarters|two thirds) of an? (?=(?:hundred|thousand|million|billion)\b)",
    re.IGNORECASE,
)
_PARTS: Final = {
    "half": "0.5", "a half": "0.5", "a quarter": "0.25", "a third": "0.333", "a tenth": "0.1", "three quarters": "0.75",
    "two thirds": "0.667",
}  # fmt: skip
_SPOKEN_POINT: Final = re.compile(r"(?<![\w.,])(\d{1,6}) point ((?:\d ?)+)(?!\d|\w)")
"""As a speech recognizer may write it: "1 point 4", "0 point 0 3"."""
_GLUED: Final = re.compile(r"(?<=\d%)(?=[A-Za-z])")


def plain_numerals(text: str, chars: Iterable[int]) -> tuple[str, list[int]]:
    """Return a text with its numerals in one spelling, and the old place of each of its characters.

    Args:
        text: Any text.
        chars: The old place of each character of it, in order.
    """
    spelled, places = "".join(map(_plain_char, plain(text))), list(chars)
    for pattern, spell in _SPELLINGS:
        spelled, places = _respelled(spelled, places, pattern, spell)
    return spelled, places


def _plain_char(char: str) -> str:
    """Return a character in its plain form, where that is one character: a space, a minus sign."""
    if char.isascii():
        return char
    if char in _SIGNS:
        return _SIGNS[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and folded.isascii() else char


def _respelled(
    text: str, places: list[int], pattern: re.Pattern[str], spell: Callable[[re.Match[str]], str | None]
) -> tuple[str, list[int]]:
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for match in pattern.finditer(text):
        new = spell(match)
        if new is None or new == match[0]:
            continue
        start, end = match.span()
        pieces += [text[position:start], new]
        kept += places[position:start] + _places_of(new, places, start, end)
        position = end
    if not pieces:
        return text, places
    return "".join([*pieces, text[position:]]), kept + places[position:]


def _places_of(new: str, places: list[int], start: int, end: int) -> list[int]:
    """Return the places of a new spelling: its first and last characters stand where those of the old one stood."""
    if start == end:
        return [places[start]] * len(new)
    return [places[min(start + at, end - 1)] for at in range(len(new) - 1)] + [places[end - 1]]


def _spoken_point(match: re.Match[str]) -> str:
    decimals = match[2]
    return f"{match[1]}.{decimals.replace(' ', '')}" + (" " if decimals.endswith(" ") else "")


def _grouped(match: re.Match[str]) -> str:
    return re.sub(r"[ '.]", ",", match[0])


def _with_point(match: re.Match[str]) -> str:
    whole, _, part = match[0].rpartition(",")
    return f"{re.sub('[. ]', '', whole)}.{part}"


def _mixed(match: re.Match[str]) -> str:
    return f"{int(match[1]) + int(match[2]) / int(match[3]):.6g}"


def _ratio(match: re.Match[str]) -> str | None:
    """Read "2/3", but not "7/10", which is a mark, nor "9/5", which is a date."""
    top, bottom = int(match[1]), int(match[2])
    if top >= bottom or (bottom == 10 and top > 1):
        return None
    return _FRACTION_WORDS.get(Fraction(top, bottom))


def _sign(match: re.Match[str]) -> str:
    """Read "½", or "1½"."""
    part = unicodedata.numeric(match[2])
    if match[1]:
        return f"{int(match[1]) + part:.6g}"
    return _FRACTION_WORDS.get(Fraction(part).limit_denominator(16), f"{part:.6g}")


def _and_part(match: re.Match[str]) -> str:
    return f"{int(match[1].replace(',', '')) + _HALVES[match[2]]:.6g}"


def _part_at_end(match: re.Match[str]) -> str | None:
    """Read "a second and a half"; "three quarters and a half" is two numbers."""
    number = match[1].lower()
    count = _SMALL[number] if number in _SMALL else int(number)
    if match[2].startswith("quarter") and count != 1:
        return None
    return f"{count + _HALVES[match[3]]:.6g} {match[2]}"


_SPELLINGS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...]] = (
    (_GLUED, lambda _: " "),
    (_HYPHENED, lambda match: match[0].replace("-", " ")),
    (_POINT_FIRST, lambda match: f"{match[1]} {'0' if match[2].isdigit() else 'zero'} point"),
    (re.compile(r"(?<![\w.,])\.(?=\d{1,3}(?: ?%| percent|s\b| seconds?| to| or))"), lambda _: "0."),
    (_SPOKEN_POINT, _spoken_point),
    (_PART_OF_A_MILLION, lambda match: f"{_PARTS.get(match[1].lower(), match[1])} "),
    (_GROUPS, _grouped),
    (_DECIMAL_COMMA, _with_point),
    (re.compile(r"(?:(?<![\w.,])(\d{1,4})[ -]?)?([¼½¾⅓⅔⅕⅖⅗⅘⅙⅛⅜⅝⅞])"), _sign),
    (_MIXED, _mixed),
    (_RATIO, _ratio),
    (_PART_AFTER, _and_part),
    (_PART_AT_END, _part_at_end),
)
