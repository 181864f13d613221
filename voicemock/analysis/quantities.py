"""Measured outcomes: the numbers that say what changed, and only those."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from voicemock.analysis.lexicon import Lexicon, OutcomeWords, expand
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Filler, QuantifiedResult, Sentence

BEFORE_CHARS: Final = 110
"""How far back evidence may stand: about twenty spoken words."""
AFTER_CHARS: Final = 60
BESIDE_CHARS: Final = 40
"""How far the words may reach that take a number out of question; they stand directly beside it."""
LONGEST_SENTENCE_CHARS: Final = 2000
"""A sentence is searched this far; 80 words are about 500 characters."""
BACKGROUND_PARTS: Final = frozenset({"situation", "task"})
"""Parts that tell how things were or should become: a number there is no outcome."""

_AFTER_FILLER: Final = re.compile(r",?\s+")
_CLAUSE_EDGE: Final = re.compile(r"[.;:!?—\u2013()]\s|[—()]|, (?:and|but|which|so|driving|reducing|resulting|saving)\b")


@dataclass(frozen=True, slots=True)
class _Phrase:
    pattern: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Rules:
    phrases: tuple[_Phrase, ...]
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]
    plans: re.Pattern[str]


def find_outcomes(
    spoken: SpokenText, sentences: tuple[Sentence, ...], fillers: tuple[Filler, ...], lexicon: Lexicon
) -> tuple[QuantifiedResult, ...]:
    """Return every measured outcome in the order of the text, with the sentence and part it stands in."""
    return tuple(
        _result(spoken, sentence, start, end)
        for sentence in sentences
        if sentence.part not in BACKGROUND_PARTS
        for start, end in outcome_spans(sentence.text, lexicon, _within(sentence, fillers))
    )


def outcome_spans(
    sentence: str, lexicon: Lexicon, fillers: tuple[tuple[int, int], ...] = ()
) -> tuple[tuple[int, int], ...]:
    """Return where in a sentence measured outcomes are said; the spans are in order and do not overlap.

    ``fillers`` are the spans of the fillers in the sentence: "by, um, forty percent" is one number phrase.
    """
    rules = _compile(_Key(lexicon.outcomes))
    text, chars = _without(sentence[:LONGEST_SENTENCE_CHARS], fillers)
    spans: list[tuple[int, int]] = []
    for phrase in rules.phrases:
        for match in phrase.pattern.finditer(text):
            start, end = _trim(text, *match.span())
            if all(end <= low or start >= high for low, high in spans) and _is_outcome(text, start, end, phrase, rules):
                spans.append((start, end))
    return tuple((chars[start], chars[end - 1] + 1) for start, end in sorted(spans))


def _within(sentence: Sentence, fillers: tuple[Filler, ...]) -> tuple[tuple[int, int], ...]:
    first = bisect_left(fillers, sentence.start_char, key=lambda filler: filler.start_char)
    last = bisect_left(fillers, sentence.end_char, key=lambda filler: filler.start_char)
    return tuple((f.start_char - sentence.start_char, f.end_char - sentence.start_char) for f in fillers[first:last])


def _without(sentence: str, fillers: tuple[tuple[int, int], ...]) -> tuple[str, list[int]]:
    """Return a sentence without its fillers and the commas that set them off, and where each character left stood."""
    chars: list[int] = []
    position = 0
    for start, end in fillers:
        chars.extend(range(position, start))
        gap = _AFTER_FILLER.match(sentence, end)
        position = gap.end() if gap else end
        if "," in sentence[end:position] and sentence[max(0, start - 2) : start] == ", " and len(chars) > 1:
            del chars[-2]
    chars.extend(range(position, len(sentence)))
    return "".join(sentence[char] for char in chars), chars


def _is_outcome(text: str, start: int, end: int, phrase: _Phrase, rules: _Rules) -> bool:
    before, after = text[max(0, start - BEFORE_CHARS) : start], text[end : end + AFTER_CHARS]
    if not _has_evidence(phrase, before, after):
        return False
    if rules.not_before.search(before[-BESIDE_CHARS:]) or rules.not_after.match(after):
        return False
    return rules.plans.search(_clause(before)) is None


def _has_evidence(phrase: _Phrase, before: str, after: str) -> bool:
    if phrase.before is None and phrase.after is None:
        return True
    if phrase.after is not None and phrase.after.search(after):
        return True
    return phrase.before is not None and phrase.before.search(before) is not None


def _clause(before: str) -> str:
    """Return the words before a number that belong to its own clause."""
    edges = [match.end() for match in _CLAUSE_EDGE.finditer(before)]
    return before[edges[-1] :] if edges else before


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " ~<>":
        start += 1
    while end > start and text[end - 1] in " ,-":
        end -= 1
    return start, end


def _result(spoken: SpokenText, sentence: Sentence, start: int, end: int) -> QuantifiedResult:
    start_char, end_char = sentence.start_char + start, sentence.start_char + end
    words = list(_words_within(spoken, start_char, end_char))
    start_s, end_s = spoken.time_of(words[0], words[-1])
    return QuantifiedResult(
        text=spoken.text[start_char:end_char],
        quote=sentence.text,
        part=sentence.part,
        start_s=start_s,
        end_s=end_s,
        start_char=start_char,
        end_char=end_char,
    )


def _words_within(spoken: SpokenText, start_char: int, end_char: int) -> Iterator[int]:
    for index in range(spoken.word_at(start_char), len(spoken.words)):
        if spoken.chars[index][0] >= end_char:
            return
        yield index


class _Key:
    """Outcome words as a cache key: the lexicon is one object for the life of a process."""

    def __init__(self, words: OutcomeWords) -> None:
        self.words = words

    def __hash__(self) -> int:
        return id(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.words is self.words


@lru_cache(maxsize=8)
def _compile(key: _Key) -> _Rules:
    words = key.words

    def compiled(pattern: str | None) -> re.Pattern[str] | None:
        return None if pattern is None else re.compile(expand(pattern, words.sets), re.IGNORECASE)

    def any_of(patterns: Iterable[str | None]) -> re.Pattern[str]:
        found = [f"(?:{expand(pattern, words.sets)})" for pattern in patterns if pattern is not None]
        return re.compile("|".join(found) or r"(?!)", re.IGNORECASE)

    return _Rules(
        phrases=tuple(
            _Phrase(
                pattern=re.compile(expand(rf"(?<![\w.])(?:{phrase.pattern})", words.sets), re.IGNORECASE),
                before=compiled(phrase.before),
                after=compiled(phrase.after),
            )
            for phrase in words.phrases
        ),
        not_before=any_of(rule.before for rule in words.not_outcomes),
        not_after=any_of(rule.after for rule in words.not_outcomes),
        plans=any_of(words.plans),
    )
