"""A text as it is checked: its quotes, its sentences, its words by their stems, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_QUOTED: Final = re.compile(r'"([^"]*)"')
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_FIGURE: Final = re.compile(r"\d+(?:[.,:/]\d+)*")
_SENTENCE_END: Final = re.compile(r"(?<=[.?!])\s+(?=\S)")
_ENDINGS: Final = ("ing", "ed", "es", "ly", "s", "e")
_FEWEST_LETTERS: Final = 3
"""Of a stem: "used" and "use" share theirs, "is" has none."""

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

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES: Final = {
    **{word: str(value) for value, word in enumerate(_ONES) if word != "one"},  # mostly none: "this one", "one thing"
    **{word: str(10 * value) for value, word in enumerate(_TENS, start=2)},
    **{word: word for word in ("half", "halves", "third", "thirds", "quarter", "quarters", "dozen", "dozens")},
    **{word: word for word in ("twice", "double", "doubled", "triple", "tripled", "thrice", "couple", "single")},
    **{word: word.rstrip("s") for word in ("hundred", "hundreds", "thousand", "thousands", "million", "millions")},
    **{word: word.rstrip("s") for word in ("billion", "billions", "percent", "percentage")},
}
_CONTRACTED: Final = {"ca": "can", "wo": "will", "sha": "shall"}
_COMPOUND: Final = re.compile(rf"\b({'|'.join(_TENS)})[- ]({'|'.join(_ONES[1:10])})\b")


@dataclass(frozen=True)
class Passage:
    """A text with straight quotation marks and single spaces.

    Attributes:
        text: All of it.
    """

    text: str

    @classmethod
    def of(cls, text: str) -> Passage:
        """Return a text with its typographic marks made plain; what is between quotation marks stays as it is."""
        return cls(" ".join(straight(text).split()))

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """What stands between quotation marks."""
        return tuple(_QUOTED.findall(self.text))

    @property
    def has_open_quote(self) -> bool:
        """Whether a quotation mark has no partner."""
        return self.text.count('"') % 2 == 1

    @cached_property
    def outside(self) -> str:
        """The text without what it quotes."""
        return _QUOTED.sub(" ", self.text)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems of the words outside quotes that are no numbers, in order."""
        return tuple(stem(word) for word in words_of(self.outside) if word not in _VALUES)

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """The same, of the quotes too."""
        return frozenset(stem(word) for word in words_of(self.text))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers outside quotes, figures and words alike."""
        return frozenset(numbers_of(self.outside))

    @cached_property
    def all_numbers(self) -> frozenset[str]:
        """The numbers, in quotes too."""
        return frozenset(numbers_of(self.text))

    @property
    def word_count(self) -> int:
        """How many words a voice says."""
        return len(self.text.split())


def straight(text: str) -> str:
    """Return a text with straight quotation marks and plain dashes."""
    return text.translate(_STRAIGHT)


def sentences_of(text: str) -> tuple[str, ...]:
    """Split what is said at the ends of its sentences; none ends inside a quote."""
    pieces: list[str] = []
    for piece in _SENTENCE_END.split(text.strip()):
        if pieces and straight(pieces[-1]).count('"') % 2:
            pieces[-1] += f" {piece}"
        elif piece:
            pieces.append(piece)
    return tuple(pieces)


def stem(word: str) -> str:
    """Return a word without its ending, so that "measured" and "measures" are the same."""
    lowered = word.casefold()
    lowered = lowered.removesuffix("'s")
    for ending in _ENDINGS:
        if lowered.endswith(ending) and len(lowered) - len(ending) >= _FEWEST_LETTERS:
            return lowered.removesuffix(ending)
    return lowered


def words_of(text: str) -> Iterator[str]:
    """Return the words in lower case; "didn't" is "did" and "not"."""
    for match in _WORD.finditer(text.casefold()):
        word = match.group()
        if word.endswith("n't"):
            verb = word.removesuffix("n't")
            yield from (_CONTRACTED.get(verb, verb), "not")
        else:
            yield from (part for part in word.split("'") if part not in {"s", "re", "ve", "ll", "d", "m"})


def numbers_of(text: str) -> Iterator[str]:
    """Return the numbers, figures and words alike: "3", "three" and "Three" are the same; "one" alone is none."""
    lowered = _COMPOUND.sub(_compound, text.casefold())
    yield from (match.group().replace(",", "") for match in _FIGURE.finditer(lowered))
    yield from (_VALUES[word] for word in re.findall(r"[^\W\d_]+", lowered) if word in _VALUES)
    yield from ["percent"] * lowered.count("%")


def _compound(match: re.Match[str]) -> str:
    """Return the figure of "twenty-one"."""
    tens, ones = match.groups()
    return str(10 * (_TENS.index(tens) + 2) + _ONES.index(ones))
