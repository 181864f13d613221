"""Finds filled pauses ("um") and discourse markers ("you know") that carry no meaning where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from voicemock.analysis.amounts import NUMBER_WORDS
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.markers import find_candidates, find_markers
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


def find_fillers(spoken: SpokenText, sentences: tuple[SentenceSpan, ...], lexicon: Lexicon) -> tuple[Filler, ...]:
    """Return every filler in the order of the text."""
    pauses = filled_pause_tokens(spoken, lexicon)
    found = [_filler(spoken, (spoken.tokens[index],), "filled_pause") for index in sorted(pauses)]
    found += [_filler(spoken, tokens, "discourse_marker") for tokens in _markers(spoken, sentences, lexicon, pauses)]
    return tuple(sorted(found, key=lambda filler: filler.start_char))


def find_filled_pauses(spoken: SpokenText, lexicon: Lexicon) -> tuple[Filler, ...]:
    """Return the filled pauses alone. They need no sentences, so they can be counted during the answer."""
    return tuple(
        _filler(spoken, (spoken.tokens[index],), "filled_pause")
        for index in sorted(filled_pause_tokens(spoken, lexicon))
    )


def filled_pause_tokens(spoken: SpokenText, lexicon: Lexicon) -> frozenset[int]:
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
    """Return whether "err" is the verb or an error: "to err", "we err on the side of caution", "err 4417"."""
    if spoken.tokens[index].norm != "err":
        return False
    after = [token.norm for token in spoken.tokens[index + 1 : index + 3]]
    before = spoken.tokens[index - 1].norm if not spoken.is_apart(index) else ""
    is_numbered = bool(after) and after[0][:1].isdigit() and not spoken.is_apart(index + 1)
    return before in _BEFORE_ERR or after == ["on", "the"] or is_numbered


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
    """Yield the tokens of each discourse marker; the user's own count wherever they stand."""
    own = [tuple(phrase.split()) for phrase in lexicon.extra_fillers]
    phrases = [tuple(phrase.split()) for phrase in lexicon.fillers.markers]
    candidates = list(find_candidates(spoken, sentences, [*own, *phrases], pauses))
    yield from (each.tokens for each in candidates if each.phrase in lexicon.extra_fillers)
    yield from (
        each.tokens for each in find_markers([each for each in candidates if each.phrase not in lexicon.extra_fillers])
    )


def _filler(spoken: SpokenText, run: tuple[Token, ...], kind: Literal["filled_pause", "discourse_marker"]) -> Filler:
    probabilities = [spoken.words[token.word].probability for token in run]
    known = [probability for probability in probabilities if probability is not None]
    return Filler(
        kind=kind,
        heard_as=spoken.words[run[0].word].heard_as,
        probability=min(known) if len(known) == len(run) else None,
        **spoken.place(run[0].start_char, run[-1].end_char),
    )
