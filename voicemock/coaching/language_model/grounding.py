"""Holds a model's sentence against the candidate's: word by word it must be one of them.

Only what says nothing may go or come: an opener such as "so", a filler such as "um", a word said twice in a row.
Any other word that is new, gone, or elsewhere refuses the sentence: no list has to say which words turn a meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import dropwhile, groupby, pairwise
from typing import Final, Literal, NamedTuple

from voicemock.coaching.language_model.briefing import Guidance
from voicemock.coaching.language_model.tokens import Passage, numbers_of, sentences_of, stem

Fault = Literal[
    "empty",
    "symbols",
    "length",
    "turned",
    "number",
    "verdict",
    "doer",
    "invented",
    "missing",
    "order",
]
"""Why a sentence is not the candidate's own."""

_UNSPEAKABLE: Final = re.compile(r"[^\w\s,.;:'?!\"%$€£()/&+-]|_")
_TOKEN: Final = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+|-(?=\d)|[^\w\s,.;:'?!\"()-]")
"""A figure, a word or a part of one ("don" and "t"), a minus, or a sign that says something, such as "$" and "+"."""
_SHORT_NOT: Final = re.compile(r"\b(ca|wo|sha|\w+)n't\b|\b(can)not\b")
_WHOLE: Final = {"ca": "can", "wo": "will", "sha": "shall"}
_LONG_FORMS: Final = {"'re": " are", "'ve": " have", "'ll": " will", "'m": " am", "%": " percent"}
_SHORT: Final = re.compile(r"'(?:re|ve|ll|m)\b|%")
_FACT: Final = re.compile(r"[$€£]?\d(?:[\d.,:/]*\d)?(?:%|(?:st|nd|rd|th)\b)?|[^\W\d_]+(?:['-][^\W\d_]+)*")
_AFTER_FIGURE: Final = re.compile(r"[ -]([^\W\d_]{2,})")
_DOERS: Final = frozenset({"i", "we", "he", "she", "they", "it", "you", "my", "our"})
"""Words for whoever acts, or owns."""


class Grounded(NamedTuple):
    """What came of holding a sentence against the candidate's.

    Attributes:
        source: Index of the sentence that it is; None where it is none.
        fault: Why it is refused; None where it may be said.
    """

    source: int | None
    fault: Fault | None


def ground(text: str, lines: Sequence[str], guidance: Guidance) -> Grounded:
    """Return which of the candidate's sentences a sentence is, or why it may not be said.

    Args:
        text: One sentence of a model's.
        lines: The candidate's sentences.
        guidance: Lists of words.
    """
    says = Passage.of(text)
    if fault := _fault_alone(says, guidance):
        return Grounded(None, fault)
    core = _core(says, guidance)
    cores = [_core(Passage.of(line), guidance) for line in lines]
    if core in cores:
        return Grounded(cores.index(core), None)
    return Grounded(None, _fault_against(core, cores, guidance))


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
            held = frozenset(numbers_of(line[start:end])) - {"percent"}  # of the run: "sixty two" is one number
            yield line[start : after.end() if after and counted else end], held
        else:
            yield from ((m.group(), frozenset({m.group().casefold()})) for m, _ in run if m.group() in names)


def _lowered(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.casefold()))


def _fault_alone(says: Passage, guidance: Guidance) -> Fault | None:
    checks: tuple[tuple[Fault, bool], ...] = (
        ("empty", not _core(says, guidance)),
        ("symbols", bool(_UNSPEAKABLE.search(says.text)) or says.has_open_quote),
        ("length", len(sentences_of(says.text)) > 1),
    )
    return next((fault for fault, failed in checks if failed), None)


def _core(passage: Passage, guidance: Guidance) -> tuple[str, ...]:
    """Return the words of a sentence in order, without openers, fillers, and words that are said twice in a row.

    "Twelve" is "12", "%" is "percent", and "didn't" is "did not". A question ends with its mark.
    """
    words = [each for each in _words(passage.text) if each not in guidance.fillers]
    words = list(dropwhile(guidance.openers.__contains__, words))
    kept = [each for before, each in pairwise(["", *words]) if each != before or _counts_twice(each, guidance)]
    return (*kept, "?") if kept and passage.text.endswith("?") else tuple(kept)


def _words(text: str) -> Iterator[str]:
    lowered = _SHORT_NOT.sub(_long_not, text.casefold())
    for word in _TOKEN.findall(_SHORT.sub(lambda match: _LONG_FORMS[match.group()], lowered)):
        figure = next(numbers_of(word), "")
        yield figure if figure[:1].isdigit() else word


def _long_not(match: re.Match[str]) -> str:
    verb = match[1] or match[2]
    return f"{_WHOLE.get(verb, verb)} not"


def _counts_twice(word: str, guidance: Guidance) -> bool:
    """Return whether a word that is said twice says something else than once."""
    return not word.isalpha() or stem(word) in guidance.negation


def _fault_against(core: tuple[str, ...], cores: Sequence[tuple[str, ...]], guidance: Guidance) -> Fault:
    """Return what a sentence does to the one that it shares most words with."""
    says = Counter(core)
    nearest = max(map(Counter, cores), key=lambda each: (says & each).total(), default=Counter[str]())
    new, gone = frozenset(says - nearest), frozenset(nearest - says)
    stems = frozenset(map(stem, new))
    checks: tuple[tuple[Fault, bool], ...] = (
        ("turned", bool((stems | frozenset(map(stem, gone))) & guidance.negation)),
        ("number", any(each[0].isdigit() for each in new)),
        ("verdict", bool(stems & (guidance.out_of_role | guidance.praise))),
        ("doer", bool(new & _DOERS)),
        ("invented", bool(new)),
        ("missing", bool(gone)),
    )
    return next((fault for fault, failed in checks if failed), "order")
