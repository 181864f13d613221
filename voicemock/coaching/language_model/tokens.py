"""Splits a text for the checks into quotes, sentences, word stems and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from voicemock.analysis.amounts import ONES, TENS, TENS_PATTERN

_QUOTED: Final = re.compile(r'"([^"]*)"')
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_FIGURE: Final = re.compile(r"\d+(?:[.,:/]\d+)*")
_SENTENCE_END: Final = re.compile(r"(?<=[.?!])\s+(?=\S)")
_ENDINGS: Final = ("ing", "ed", "es", "ly", "s", "e")
_FEWEST_LETTERS: Final = 3
"""Shortest stem: "used" and "use" share theirs, "is" stays as it is."""

_STRAIGHT: Final = str.maketrans(
    {
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{NO-BREAK SPACE}": " ",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": ", ",
        "\N{HORIZONTAL ELLIPSIS}": "...",
    }
)

_VALUES: Final = {
    **{word: str(value) for value, word in enumerate(ONES) if word != "one"},  # rarely a number: "this one"
    **{word: str(10 * value) for value, word in enumerate(TENS, start=2)},
    **{word: word for word in ("half", "halves", "third", "thirds", "quarter", "quarters", "dozen", "dozens")},
    **{word: word for word in ("twice", "double", "doubled", "triple", "tripled", "thrice", "couple", "single")},
    **{word: word.rstrip("s") for word in ("hundred", "hundreds", "thousand", "thousands", "million", "millions")},
    **{word: word.rstrip("s") for word in ("billion", "billions", "percent", "percentage")},
}
_CONTRACTED: Final = {"ca": "can", "wo": "will", "sha": "shall"}
_COMPOUND: Final = re.compile(rf"\b({TENS_PATTERN})[- ]({'|'.join(ONES[1:10])})\b")


@dataclass(frozen=True)
class Passage:
    """A text with straight quotation marks and single spaces."""

    text: str

    @classmethod
    def of(cls, text: str) -> Passage:
        """Return the passage of a text, with plain quotation marks, dashes and spaces."""
        return cls(" ".join(straight(text).split()))

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """The text between quotation marks."""
        return tuple(_QUOTED.findall(self.text))

    @property
    def has_open_quote(self) -> bool:
        """Whether a quotation mark has no partner."""
        return self.text.count('"') % 2 == 1

    @cached_property
    def outside(self) -> str:
        """The text without its quotes."""
        return _QUOTED.sub(" ", self.text)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems of the words outside quotes, without number words, in order."""
        return tuple(stem(word) for word in words_of(self.outside) if word not in _VALUES)

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """The stems of all words, quotes and number words included."""
        return frozenset(stem(word) for word in words_of(self.text))

    @cached_property
    def all_numbers(self) -> frozenset[str]:
        """The numbers, quotes included."""
        return frozenset(numbers_of(self.text))

    @property
    def word_count(self) -> int:
        """Number of words."""
        return len(self.text.split())


def straight(text: str) -> str:
    """Return a text with straight quotation marks and plain dashes."""
    return text.translate(_STRAIGHT)


def sentences_of(text: str) -> tuple[str, ...]:
    """Split a text into sentences, none of which ends inside a quote."""
    pieces: list[str] = []
    for piece in _SENTENCE_END.split(text.strip()):
        if pieces and straight(pieces[-1]).count('"') % 2:
            pieces[-1] += f" {piece}"
        elif piece:
            pieces.append(piece)
    return tuple(pieces)


def stem(word: str) -> str:
    """Return a word without its ending, so that "measure" and "measured" are the same.

    The stem of the analysis keeps the "e": without it, 2 of 1,218 texts of the benches get another relevance.
    """
    lowered = word.casefold().removesuffix("'s")
    for ending in _ENDINGS:
        if lowered.endswith(ending) and len(lowered) - len(ending) >= _FEWEST_LETTERS:
            return lowered.removesuffix(ending)
    return lowered


def words_of(text: str) -> Iterator[str]:
    """Yield the words in lower case; "didn't" is "did" and "not"."""
    for match in _WORD.finditer(text.casefold()):
        word = match.group()
        if word.endswith("n't"):
            verb = word.removesuffix("n't")
            yield from (_CONTRACTED.get(verb, verb), "not")
        else:
            yield from (part for part in word.split("'") if part not in {"s", "re", "ve", "ll", "d", "m"})


def numbers_of(text: str) -> Iterator[str]:
    """Yield the numbers: "3", "three" and "Three" are the same, and "one" alone is not a number."""
    lowered = _COMPOUND.sub(_compound, text.casefold())
    yield from (match.group().replace(",", "") for match in _FIGURE.finditer(lowered))
    yield from (_VALUES[word] for word in re.findall(r"[^\W\d_]+", lowered) if word in _VALUES)
    yield from ["percent"] * lowered.count("%")


def _compound(match: re.Match[str]) -> str:
    """Return the figure of "twenty-one"."""
    tens, ones = match.groups()
    return str(10 * (TENS.index(tens) + 2) + ONES.index(ones))
