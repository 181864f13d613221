"""Finds filled pauses ("um") and discourse markers ("you know") that carry no meaning where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from voicemock.analysis.lexicon import Lexicon, Marker, MarkerRule, Side
from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText, Token
from voicemock.models import Filler

CONTEXT_WORDS: Final = 6
"""A rule may look at this many words on each side."""
LONGEST_FILLER_CHARS: Final = 20
"""Longer tokens are never looked up."""
_SIDES: Final[dict[Side | None, tuple[int, ...]]] = {None: (), "before": (0,), "after": (1,), "both": (0, 1)}


@dataclass(frozen=True, slots=True)
class _Context:
    """The words around one occurrence, without filled pauses."""

    before: str
    after: str
    off: tuple[bool, bool]
    """Whether something sets it off before and after."""


def find_fillers(spoken: SpokenText, sentences: tuple[SentenceSpan, ...], lexicon: Lexicon) -> tuple[Filler, ...]:
    """Return every filler in the order of the text."""
    pauses = _filled_pauses(spoken, lexicon)
    found = [_filler(spoken, (spoken.tokens[index],), "filled_pause") for index in sorted(pauses)]
    found += [_filler(spoken, tokens, "discourse_marker") for tokens in _markers(spoken, sentences, lexicon, pauses)]
    return tuple(sorted(found, key=lambda filler: filler.start_char))


def find_filled_pauses(spoken: SpokenText, lexicon: Lexicon) -> tuple[Filler, ...]:
    """Return the filled pauses alone. They need no sentences, so they can be counted during the answer."""
    return tuple(
        _filler(spoken, (spoken.tokens[index],), "filled_pause") for index in sorted(_filled_pauses(spoken, lexicon))
    )


def _filled_pauses(spoken: SpokenText, lexicon: Lexicon) -> frozenset[int]:
    """Return the indices of the tokens that are filled pauses."""
    tokens = spoken.tokens
    paired = {
        index + step
        for index in range(len(tokens) - 1)
        if not (tokens[index].comma_after or tokens[index].stop_after)
        and len(tokens[index].norm) + len(tokens[index + 1].norm) <= LONGEST_FILLER_CHARS
        and lexicon.fillers.back_channels.compiled.fullmatch(f"{tokens[index].norm} {tokens[index + 1].norm}")
        for step in (0, 1)
    }
    return frozenset(
        index
        for index, token in enumerate(tokens)
        if len(token.norm) <= LONGEST_FILLER_CHARS
        and index not in paired
        and lexicon.fillers.filled_pauses.compiled.fullmatch(token.norm)
        and not _is_a_name(spoken, index)
    )


def _is_a_name(spoken: SpokenText, index: int) -> bool:
    """Return whether the letters stand for something else: "the ER", "5 mm", "the Texan -er"."""
    token = spoken.tokens[index]
    if spoken.text[token.start_char - 1 : token.start_char] == "-":
        return True
    if token.norm == "mm":
        return index > 0 and spoken.tokens[index - 1].norm[:1].isdigit()
    if token.norm != "er" or spoken.text[token.start_char : token.end_char] != "ER":
        return False
    word = spoken.tokens[index - 1] if index else None
    return word is not None and spoken.text[word.start_char : word.end_char].islower()


def _markers(
    spoken: SpokenText, sentences: tuple[SentenceSpan, ...], lexicon: Lexicon, pauses: frozenset[int]
) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens of each discourse marker; the longest phrase wins and none overlap."""
    by_first = lexicon.fillers.by_first(lexicon.extra_fillers)
    sentence_of = _sentence_numbers(spoken, sentences)
    index = 0
    while index < len(spoken.tokens):
        taken = 1
        for marker in by_first.get(spoken.tokens[index].norm, ()):
            run = spoken.tokens[index : index + len(marker.words)]
            is_said = tuple(token.norm for token in run) == marker.words
            if index in pauses or not is_said or any(token.stop_after for token in run[:-1]):
                continue
            taken = len(run)
            if _counts(marker, spoken, sentence_of, pauses, index):
                yield run
            break
        index += taken


def _counts(marker: Marker, spoken: SpokenText, sentence_of: list[int], pauses: frozenset[int], index: int) -> bool:
    if not marker.rules:
        return marker.otherwise
    context = _context(spoken, sentence_of, pauses, index, len(marker.words))
    return next((rule.counts for rule in marker.rules if _holds(rule, context)), marker.otherwise)


def _holds(rule: MarkerRule, context: _Context) -> bool:
    return (
        all(context.off[side] for side in _SIDES[rule.set_off])
        and not any(context.off[side] for side in _SIDES[rule.joined])
        and (rule.before is None or rule.before.compiled.search(context.before) is not None)
        and (rule.after is None or rule.after.compiled.match(context.after) is not None)
        and (rule.not_before is None or rule.not_before.compiled.search(context.before) is None)
        and (rule.not_after is None or rule.not_after.compiled.match(context.after) is None)
    )


def _context(spoken: SpokenText, sentence_of: list[int], pauses: frozenset[int], index: int, length: int) -> _Context:
    tokens = spoken.tokens
    before, at_start = _neighbors(range(index - 1, -1, -1), tokens, sentence_of, pauses, sentence_of[index])
    after, at_end = _neighbors(range(index + length, len(tokens)), tokens, sentence_of, pauses, sentence_of[index])
    return _Context(
        before=" ".join([*(("<s>",) if at_start else ()), *reversed(before)]),
        after=" ".join([*after, *(("</s>",) if at_end else ())]),
        off=(_is_break(spoken, pauses, index), _is_break(spoken, pauses, index + length)),
    )


def _is_break(spoken: SpokenText, pauses: frozenset[int], index: int) -> bool:
    """Return whether punctuation, a filled pause or a silence stands between a token and the one before it."""
    return index == len(spoken.tokens) or not pauses.isdisjoint((index - 1, index)) or spoken.is_apart(index)


def _neighbors(
    indices: range, tokens: tuple[Token, ...], sentence_of: list[int], pauses: frozenset[int], sentence: int
) -> tuple[list[str], bool]:
    """Return the next spoken words in one direction and whether the sentence ends within reach."""
    words: list[str] = []
    for index in indices[: 3 * CONTEXT_WORDS]:
        if sentence_of[index] != sentence:
            return words, True
        if index not in pauses:
            if len(words) == CONTEXT_WORDS:
                return words, False
            words.append(tokens[index].norm[:LONGEST_FILLER_CHARS])
    return words, len(indices) <= 3 * CONTEXT_WORDS


def _sentence_numbers(spoken: SpokenText, sentences: tuple[SentenceSpan, ...]) -> list[int]:
    """Return the sentence that each token stands in."""
    numbers: list[int] = []
    current = 0
    for token in spoken.tokens:
        while current + 1 < len(sentences) and token.word > sentences[current].last_word:
            current += 1
        numbers.append(current)
    return numbers


def _filler(spoken: SpokenText, run: tuple[Token, ...], kind: Literal["filled_pause", "discourse_marker"]) -> Filler:
    probabilities = [spoken.words[token.word].probability for token in run]
    known = [probability for probability in probabilities if probability is not None]
    return Filler(
        kind=kind,
        heard_as=spoken.words[run[0].word].heard_as,
        probability=min(known) if len(known) == len(run) else None,
        **spoken.place(run[0].start_char, run[-1].end_char),
    )
