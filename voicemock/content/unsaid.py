"""Wordings that were not used yet in a conversation, so that no sentence is said twice while others are left."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from string import Formatter
from typing import Final, TypeVar

from voicemock.content.wording import OWN_VALUES, placeholders
from voicemock.models import Model

Phrases = TypeVar("Phrases", bound=Model)

TELLING_WORDS: Final = 3
"""A sentence with fewer words of its own cannot be recognized."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")
_SPACES: Final = re.compile(r"\s+")


def unsaid(phrases: Phrases, said: Collection[str]) -> Phrases:
    """Return phrases without the wordings that share a sentence with what was said.

    A list of which nothing usable would be left stays whole.

    Args:
        phrases: A model whose lists of wordings are tuples of strings.
        said: The texts said so far.
    """
    heard = "|".join(_plain(sentence) for each in said for sentence in _SENTENCE.split(each))
    return _without(phrases, f"|{heard}|") if heard else phrases


def new_sentences(text: str, said: Collection[str]) -> str:
    """Return a text without the sentences that were said before, word for word."""
    heard = {_plain(sentence) for each in said for sentence in _SENTENCE.split(each)}
    return " ".join(sentence for sentence in _SENTENCE.split(text.strip()) if _plain(sentence) not in heard)


def _without(node: Phrases, heard: str) -> Phrases:
    changed = {}
    for name in type(node).model_fields:
        value = getattr(node, name)
        new = _reduced(value, heard)
        if new is not value:
            changed[name] = new
    return node.model_copy(update=changed) if changed else node


def _reduced(value: object, heard: str) -> object:
    """Return a field of phrases without the wordings that were heard; the same object if there are none."""
    if isinstance(value, Model):
        return _without(value, heard)
    if isinstance(value, dict):
        reduced = {key: _reduced(each, heard) for key, each in value.items()}
        return reduced if any(reduced[key] is not value[key] for key in value) else value
    if not isinstance(value, tuple) or len(value) < 2 or not all(isinstance(each, str) for each in value):
        return value
    left = tuple(each for each in value if not _was_heard(each, heard))
    is_usable = any(not placeholders(each) & OWN_VALUES for each in left)
    return left if is_usable and len(left) < len(value) else value


def _was_heard(template: str, heard: str) -> bool:
    return any(all(piece in heard for piece in pieces) for pieces in _fixed_pieces(template))


@cache
def _fixed_pieces(template: str) -> tuple[tuple[str, ...], ...]:
    """Return for each sentence of a template the words that are the same whatever is filled in."""
    found = []
    for sentence in _SENTENCE.split(template):
        pieces = tuple(plain for literal, *_ in Formatter().parse(sentence) if (plain := _plain(literal)))
        if sum(len(piece.split()) for piece in pieces) >= TELLING_WORDS:
            found.append(pieces)
    return tuple(found) or ((f"|{_plain(template)}|",),)


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" .,:;!?\"'").lower()
