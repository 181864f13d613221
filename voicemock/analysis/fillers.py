"""Finds filled pauses ("um") and discourse markers ("you know") that carry no meaning where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from voicemock.analysis.amounts import NUMBER_WORDS
from voicemock.analysis.lexicon import Lexicon, Marker, MarkerRule, Side
from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText, Token
from voicemock.models import Filler

_QUOTATION: Final = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
CONTEXT_WORDS: Final = 6
"""A rule may look at this many words on each side."""
LONGEST_FILLER_CHARS: Final = 20
"""Longer tokens are never looked up."""
_ABBREVIATED: Final = frozenset({"er", "mm", "hmm"})
"""Emergency room, entity-relationship; a module of SAP; hidden Markov model."""
_AFTER_ER: Final = ("model", "diagram", "schema")
_LARGE: Final = frozenset({"hundred", "thousand", "million", "half", "few", "several"})
_BEFORE_ERR: Final = frozenset({
    "to", "i", "we", "you", "they", "would", "should", "will", "might", "may", "can", "could", "must", "not", "rather",
    "i'd", "we'd", "never", "always", "humans", "people"
})  # fmt: skip
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
        and not _is_another_word(spoken, index, lexicon)
    )


def _is_another_word(spoken: SpokenText, index: int, lexicon: Lexicon) -> bool:
    """Return whether the letters are another word: "the ER", "5 mm", "to err", the German "um"."""
    return _is_a_name(spoken, index) or _is_a_verb(spoken, index) or _is_foreign(spoken, index, lexicon)


def _is_a_verb(spoken: SpokenText, index: int) -> bool:
    """Return whether "err" is the verb: "to err", "we err on the side of caution"."""
    if spoken.tokens[index].norm != "err":
        return False
    after = [token.norm for token in spoken.tokens[index + 1 : index + 3]]
    before = spoken.tokens[index - 1].norm if not spoken.is_apart(index) else ""
    return before in _BEFORE_ERR or after == ["on", "the"]


def _is_foreign(spoken: SpokenText, index: int, lexicon: Lexicon) -> bool:
    """Return whether more words of another language stand around it than English ones."""
    if spoken.tokens[index].norm != "um":
        return False
    around = [*_in_its_sentence(spoken, index, -1), *_in_its_sentence(spoken, index, 1)]
    foreign = sum(norm in lexicon.relevance["foreign"] for norm in around)
    return foreign > sum(norm in lexicon.function_words for norm in around)


def _in_its_sentence(spoken: SpokenText, index: int, step: int) -> Iterator[str]:
    """Yield the words on one side of a token, up to a full stop or a quotation mark."""
    for _ in range(CONTEXT_WORDS):
        if not 0 <= index + step < len(spoken.tokens):
            return
        first, second = spoken.tokens[min(index, index + step)], spoken.tokens[max(index, index + step)]
        if first.stop_after or _QUOTATION.search(spoken.text, first.end_char, second.start_char):
            return
        index += step
        yield spoken.tokens[index].norm


def _is_a_name(spoken: SpokenText, index: int) -> bool:
    """Return whether the letters stand for something else: "the ER", "5 mm", "the Texan -er"."""
    token = spoken.tokens[index]
    if spoken.text[max(0, token.start_char - 2) : token.start_char].lstrip() == "-":
        return True
    before = spoken.tokens[index - 1] if not spoken.is_apart(index) else None
    is_last = index + 1 == len(spoken.tokens)
    after = spoken.tokens[index + 1] if not is_last and not spoken.is_apart(index + 1) else None
    if token.norm == "mm" and before is not None:
        is_counted = before.norm in NUMBER_WORDS or before.norm in _LARGE
        return is_counted or any(map(str.isdigit, before.norm)) or _is_an_abbreviation(spoken, token, before)
    if token.norm == "er" and after is not None and after.norm.startswith(_AFTER_ER):
        return True
    return token.norm in _ABBREVIATED and any(
        _is_an_abbreviation(spoken, token, beside) for beside in (before, after) if beside is not None
    )


def _is_an_abbreviation(spoken: SpokenText, token: Token, beside: Token) -> bool:
    """Return whether a word is in capitals, and the one beside it is not or is an abbreviation as well: "SAP MM"."""
    written, other = (spoken.text[each.start_char : each.end_char] for each in (token, beside))
    return written.isupper() and (not other.isupper() or other == "A" or spoken.text.upper() != spoken.text)


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
