"""Holds a sentence against the sentences it is made of: nothing in it may be new, and nothing may mean something else.

A sentence may leave words out, and take small words in. Its figures, names, claims, denials and reservations are those
of the candidate's sentences that it rests on, in their order, and each stands where it stood: a figure after the same
word, and before the same word whoever acts, and whatever denies or weakens.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby, pairwise
from typing import Final, Literal, NamedTuple

from voicemock.analysis.amounts import ONES, TENS
from voicemock.coaching.language_model.briefing import Guidance
from voicemock.coaching.language_model.tokens import Passage, numbers_of, sentences_of, stem, words_of

Fault = Literal[
    "empty",
    "symbols",
    "length",
    "verdict",
    "number",
    "name",
    "doer",
    "turned",
    "reserve",
    "direction",
    "invented",
    "order",
]
"""Why a sentence is not the candidate's own in other words."""

MOST_WORDS: Final = 45
MOST_SOURCES: Final = 2
"""A sentence without a figure or a name may join two of the candidate's."""
_NEAREST: Final = 4
"""Of the candidate's sentences that share most words with it, so many are tried."""
_UNSPEAKABLE: Final = re.compile(r"[^\w\s,.;:'?!\"%$€£()/&+-]|_")
_TOKEN: Final = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_NAME: Final = re.compile(r"[^\W\d_]*[A-Z][^\W_]*")
_FACT: Final = re.compile(r"[$€£]?\d(?:[\d.,:/]*\d)?(?:%|(?:st|nd|rd|th)\b)?|[^\W\d_]+(?:['-][^\W\d_]+)*")
_AFTER_FIGURE: Final = re.compile(r"[ -]([^\W\d_]{2,})")
_NUMBER_STEMS: Final = frozenset(map(stem, (*ONES, *TENS, "hundred", "thousand", "million", "billion", "percent")))
"""They may be written as figures."""
_DOERS: Final = frozenset({"i", "we", "he", "she", "they", "it", "you", "my", "our"})
"""Stems of the words for whoever acts, or owns."""


class Grounded(NamedTuple):
    """What came of holding a sentence against its sources.

    Attributes:
        sources: The candidate's sentences that it rests on, by index; empty where it rests on none.
        fault: Why it is refused; None where it may be said.
    """

    sources: tuple[int, ...]
    fault: Fault | None


def ground(text: str, lines: Sequence[str], names: frozenset[str], guidance: Guidance) -> Grounded:
    """Return the sentences that a sentence rests on, or why it may not be said.

    Args:
        text: One sentence of a model's.
        lines: The candidate's sentences that it may rest on.
        names: Words that the candidate says with a capital inside a sentence.
        guidance: Lists of words.
    """
    says = Passage.of(text)
    if fault := _fault_alone(says, guidance):
        return Grounded((), fault)
    passages = [Passage.of(line) for line in lines]
    telling = _telling(says, guidance)
    shared = [len(telling & _telling(each, guidance)) for each in passages]
    nearest = sorted((n for n in range(len(lines)) if shared[n]), key=lambda n: (-shared[n], n))[:_NEAREST]
    most = 1 if _is_exact(says, names) else MOST_SOURCES
    why: Fault = "invented"
    for size in range(1, most + 1):
        for chosen in combinations(nearest, size):
            places = tuple(sorted(chosen))
            fault = _fault_against(says, Passage.of(" ".join(lines[n] for n in places)), names, guidance)
            if fault is None:
                return Grounded(places, None)
            why = fault if chosen == tuple(nearest[:1]) else why
    return Grounded((), why)


def left_out(lines: Sequence[str], names: frozenset[str], said: str, stop_words: frozenset[str]) -> tuple[str, ...]:
    """Return the candidate's figures and names that a text does not hold, as they were said and in their order.

    Args:
        lines: The candidate's sentences.
        names: Words that the candidate says with a capital inside a sentence.
        said: The text.
        stop_words: Are not shown beside a figure, unlike the thing that it counts.
    """
    numbers, words = frozenset(numbers_of(said)), _lowered(said)
    found = [each for line in lines for each in _facts(line, names, stop_words)]
    missing = (text for text, held in found if not held <= numbers and not held <= words)
    return tuple(dict.fromkeys(missing))


def _facts(line: str, names: frozenset[str], stop_words: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each figure with the word after it, and each name; with the numbers, or the name in small letters."""
    tokens = [(match, frozenset(numbers_of(match.group())) - {"percent"}) for match in _FACT.finditer(line)]
    for is_figure, group in groupby(tokens, key=lambda token: bool(token[1])):
        run = list(group)
        if is_figure:
            start, end = run[0][0].start(), run[-1][0].end()
            after = _AFTER_FIGURE.match(line, end)
            counted = after is not None and after[1].casefold() not in stop_words
            yield line[start : after.end() if after and counted else end], frozenset().union(*(each for _, each in run))
        else:
            yield from ((m.group(), frozenset({m.group().casefold()})) for m, _ in run if m.group() in names)


def _fault_alone(says: Passage, guidance: Guidance) -> Fault | None:
    checks: tuple[tuple[Fault, bool], ...] = (
        ("empty", not _telling(says, guidance)),
        ("symbols", bool(_UNSPEAKABLE.search(says.text)) or says.has_open_quote),
        ("length", says.word_count > MOST_WORDS or len(sentences_of(says.text)) > 1),
    )
    return next((fault for fault, failed in checks if failed), None)


def _fault_against(says: Passage, source: Passage, names: frozenset[str], guidance: Guidance) -> Fault | None:
    """Return why a sentence is more, or something else, than its source says."""
    new = _telling(says, guidance) - source.all_stems
    named = frozenset(map(stem, _names(says.text, names)))
    guards = guidance.negation | guidance.reserve | guidance.direction
    checks: tuple[tuple[Fault, bool], ...] = (
        ("verdict", bool(new & (guidance.out_of_role | guidance.praise))),
        ("number", not says.all_numbers <= source.all_numbers),
        ("name", not _names(says.text, names) <= _lowered(source.text)),
        ("invented", bool(new)),
        ("turned", _counts(says, guidance.negation) != _counts(source, guidance.negation)),
        ("reserve", _counts(says, guidance.reserve) != _counts(source, guidance.reserve)),
        ("direction", not _counts(says, guidance.direction) <= _counts(source, guidance.direction)),
        ("turned", not _pairs(says.text, guards, guidance) <= _pairs(source.text, guards, guidance)),
        ("order", not _is_in_order(says, source, guidance)),
        ("order", not _figures(says.text, guidance) <= _figures(source.text, guidance)),
        ("order", not _pairs(says.text, named, guidance) <= _pairs(source.text, named, guidance)),
        ("doer", not _counts(says, _DOERS) <= _counts(source, _DOERS)),
        ("doer", not _pairs(says.text, _DOERS, guidance) <= _pairs(source.text, _DOERS, guidance)),
    )
    return next((fault for fault, failed in checks if failed), None)


def _telling(passage: Passage, guidance: Guidance) -> frozenset[str]:
    """Return the stems of the words that say something. Numbers, denials and the like are looked at by themselves."""
    small = guidance.plain | guidance.negation | guidance.reserve | guidance.direction | _NUMBER_STEMS
    return passage.all_stems - small


def _names(text: str, names: frozenset[str]) -> frozenset[str]:
    """Return the names in a sentence, in small letters: capitals inside it, and a known name at its beginning."""
    found = [match.group() for match in _NAME.finditer(text)]
    inside = [match.group() for match in _NAME.finditer(text) if text[: match.start()].strip(" \"'(")]
    known = [each for each in found if each in names]
    return frozenset(each.casefold() for each in (*inside, *known) if each != "I")


def _lowered(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.casefold()))


def _counts(passage: Passage, stems: frozenset[str]) -> Counter[str]:
    """Return how often each of some words is said: "isn't" is "is" and "not"."""
    return Counter(each for each in map(stem, words_of(passage.text)) if each in stems)


def _is_exact(says: Passage, names: frozenset[str]) -> bool:
    """Return whether it has a figure or a name, which could be put with other words than the candidate's."""
    return bool(says.all_numbers or _names(says.text, names))


def _is_in_order(says: Passage, source: Passage, guidance: Guidance) -> bool:
    """Return whether its telling words and figures come in the order in which the candidate said them."""
    rest = iter(_sequence(source.text, guidance))
    return all(any(each == other for other in rest) for each in _sequence(says.text, guidance))


def _sequence(text: str, guidance: Guidance, anchors: frozenset[str] = frozenset()) -> list[str]:
    """Return telling stems, figures and anchors, in order. A figure begins with "#"."""
    found: list[str] = []
    for match in _TOKEN.finditer(text.replace("%", " percent")):
        word = match.group()
        if numbers := list(numbers_of(word)):
            found += [f"#{number}" for number in numbers]
        else:
            stems = map(stem, words_of(word))
            found += [each for each in stems if each in anchors or each not in guidance.plain]
    return found


def _pairs(text: str, anchors: frozenset[str], guidance: Guidance) -> frozenset[tuple[str, str]]:
    """Return each anchor with the telling word or anchor after it: "we" and "cut", "not" and "hit"."""
    sequence = _sequence(text, guidance, anchors)
    return frozenset((each, following) for each, following in pairwise(sequence) if each in anchors)


def _figures(text: str, guidance: Guidance) -> frozenset[tuple[str, str]]:
    """Return each figure with the telling word or figure before it: "deliveries" and "12", "12" and "4"."""
    sequence = ["", *_sequence(text, guidance)]
    return frozenset((before, each) for before, each in pairwise(sequence) if each.startswith("#"))
