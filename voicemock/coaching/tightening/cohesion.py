"""Tells of what an answer speaks again: a name, a figure, "the proxy" make no sense without what brought them in.

A word that is spoken of again belongs to the sentence that brought it in: the last one that says it as something new
("a proxy", "proxies"), else the first one that says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from voicemock.analysis.amounts import NUMBER_WORDS
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import Token
from voicemock.coaching.tightening.leaning import begins_what_is_known, only_orders

_NUMBERS: Final = NUMBER_WORDS
_SHORTEST_PLURAL: Final = 4
"""Letters."""


class _Mention(NamedTuple):
    word: str
    is_again: bool
    """Whether it speaks of something that is known: by name, as a figure, or as "the ..."."""
    is_figure: bool = False


class Known(NamedTuple):
    """What a sentence speaks of again.

    Attributes:
        brought_in_by: The earlier sentences that brought it in, by their index.
        is_more_than_figures: Whether it is a name or "the ...": who has not heard of it does not know what it is.
    """

    brought_in_by: frozenset[int]
    is_more_than_figures: bool


def known_in(sentences: Sequence[Sequence[Token]], names: frozenset[int]) -> list[Known]:
    """Return for each sentence what it speaks of again.

    Args:
        sentences: Their words, in order.
        names: First characters of the words that are names.
    """
    called = frozenset(_base(word) for words in sentences for word in words if word.start_char in names)
    first: dict[str, int] = {}
    as_new: dict[str, int] = {}
    found = []
    for index, words in enumerate(sentences):
        mentions = set(_mentions(words, called))
        again = [each for each in mentions if each.is_again and each.word in first]
        earlier = frozenset(as_new.get(each.word, first[each.word]) for each in again)
        found.append(Known(earlier, any(not each.is_figure for each in again)))
        for each in mentions:
            first.setdefault(each.word, index)
            if not each.is_again:
                as_new[each.word] = index
    return found


def _mentions(words: Sequence[Token], called: frozenset[str]) -> Iterator[_Mention]:
    """Yield the words with a meaning of their own."""
    is_known = False
    before: Token | None = None
    for word, after in zip_longest(words, words[1:]):
        base, counted = _base(word), _content(after) if after and not (word.comma_after or word.stop_after) else None
        if begins_what_is_known(base, after_content=before is not None and _content(before) is not None):
            is_known = True
        elif base in _NUMBERS or base.isdigit():
            yield from _figure(base, counted)
        elif content := _content(word):
            is_again = is_known or base in called or base[:1].isdigit()
            yield _Mention(content, is_again and not only_orders(base))
        else:
            is_known = False
        before = None if word.comma_after or word.stop_after else word
        is_known = is_known and before is not None


def _figure(number: str, counted: str | None) -> Iterator[_Mention]:
    """Yield a figure with what it counts, "nine month", and alone: "not nine" speaks of it again, "nine days" not."""
    if counted is not None:
        yield _Mention(f"{number} {counted}", is_again=True, is_figure=True)
    if number not in _NUMBERS[:2]:
        is_again = counted is None or (len(number) > 1 and number.isdigit())
        yield _Mention(number, is_again, is_figure=True)


def _content(word: Token) -> str | None:
    """Return a word in the singular; None if it has no meaning of its own."""
    base = _base(word)
    if base in Lexicon.load().stop_words:
        return None
    is_plural = len(base) >= _SHORTEST_PLURAL and base.endswith("s") and not base.endswith("ss")
    return base[:-1] if is_plural else base


def _base(word: Token) -> str:
    return word.norm.partition("'")[0]
