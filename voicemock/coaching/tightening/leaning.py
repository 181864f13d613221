"""Tells which sentences lean on the one before: without it "that was why he agreed" makes no sense.

Where in doubt a sentence leans: then the two stay, or go, together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise, zip_longest
from typing import Final

from voicemock.analysis.phrasebook import Phrases
from voicemock.analysis.spoken_text import Token

LISTS: Final = (
    *("men", "women", "pronouns", "naming", "naming people", "pointing", "pointing at times", "after", "adding"),
    *(
        "adding unless after",
        "adding unless before",
        "joining",
        "openers",
        "subjects",
        "introducing",
        "no thing",
        "after the fact",
        "taking back",
        "replying",
        "verbs alone",
        "announced",
        "announcing",
        "ordinals",
        "numbers",
        "items",
        "definite",
    ),
    *("no comma after", "no comma before", "clauses", "joins clauses"),
)
_PEOPLE: Final = ("men", "women")
_ASKS: Final = ("?", ":")
_SHORT_SUBJECT: Final = 4
"""Words. In so few nothing but the subject stands before a pronoun after a preposition: "the question before it"."""
_LONGEST_ANNOUNCEMENT: Final = 12
"""Words. A longer sentence says more than that something comes."""

_WORD: Final = r"[\w']+"
_UNFINISHED: Final = ("'ve", "'d", "'ll", "'m", "'re")


@cache
def _lists() -> dict[str, frozenset[str]]:
    rules = Phrases.load("leaning", *LISTS).rules
    return {name: frozenset(rules[name].phrases) for name in LISTS}


def opening_words(words: Sequence[Token]) -> int:
    """Return how many words at the start of a sentence only lead on from the one before: 1 of "So we called them".

    0 where the sentence could not begin without them: "so far", "but that".
    """
    lists = _lists()
    count = next((n for n, word in enumerate(words) if word.norm not in lists["openers"]), len(words))
    return count if count < len(words) and _may_begin(words[count], lists) else 0


def _may_begin(word: Token, lists: dict[str, frozenset[str]]) -> bool:
    return word.norm in lists["subjects"] or word.norm[:1].isdigit()


def begins_what_is_known(word: str, *, after_content: bool) -> bool:
    """Return whether what follows a word is spoken of as known: "the", or "that" of "in that region".

    Args:
        word: Lower case.
        after_content: Whether it follows a word with a meaning of its own, where "that" begins a clause.
    """
    return word in _lists()["definite"] and not (word == "that" and after_content)


def only_orders(word: str) -> bool:
    """Return whether a word only says which of several: "the first", "the next"."""
    return word in _lists()["ordinals"] or word in _lists()["after the fact"]


def leans(words: Sequence[Token], names: frozenset[int]) -> bool:
    """Return whether a sentence makes no sense without an earlier one.

    Args:
        words: Of the sentence, without fillers and what was taken back.
        names: First characters of the words that are names.
    """
    return leans_on_the_one_before(words, names) or points_at_a_person(words, names)


def leans_on_the_one_before(words: Sequence[Token], names: frozenset[int]) -> bool:
    """Return whether a sentence goes on from the one before, or says "it" or "they" of something that is not in it."""
    lists = _lists()
    words = words[opening_words(words) :]
    if not words or words[0].norm in lists["joining"] | lists["openers"]:
        return True
    if words[1:] and words[0].norm in {"then", "there"} and _goes_on(words, lists):
        return True
    if any(word.norm in lists["replying"] for word in words[:3]) or _is_short_for_more(words):
        return True
    return any(_points_back(words, place, lists) for place in range(len(words))) or _dangles(
        words, names, lists["pronouns"], "naming"
    )


def _goes_on(words: Sequence[Token], lists: dict[str, frozenset[str]]) -> bool:
    """Return whether "then" or "there" means what was just said: "then came the audit", "there we had four"."""
    return (words[0].norm == "there") is (words[1].norm in lists["subjects"])


def _is_short_for_more(words: Sequence[Token]) -> bool:
    """Return whether a sentence begins with a clause that is whole only after another: "I did, because ..."."""
    lists = _lists()
    verb = words[1] if len(words) > 1 and words[0].norm in lists["subjects"] else None
    return verb is not None and verb.norm in lists["verbs alone"] and (verb.comma_after or verb.stop_after)


def points_at_a_person(words: Sequence[Token], names: frozenset[int]) -> bool:
    """Return whether a sentence says "he" or "she" of someone whom it does not bring in itself."""
    return _dangles(words, names, _people(), "naming people")


def people_in(words: Sequence[Token]) -> frozenset[str]:
    """Return whether a sentence says "he" or "his", "she" or "her": the names of the lists."""
    lists = _lists()
    return frozenset(kind for kind in _PEOPLE for word in words if _base(word) in lists[kind])


def _people() -> frozenset[str]:
    return _lists()[_PEOPLE[0]] | _lists()[_PEOPLE[1]]


def may_bring_in_a_person(words: Sequence[Token]) -> bool:
    """Return whether a sentence may tell of someone without a name: "my deputy", "a manager"."""
    return any(word.norm in _lists()["naming people"] for word in words)


def _dangles(words: Sequence[Token], names: frozenset[int], pronouns: frozenset[str], naming: str) -> bool:
    """Return whether a pronoun has nothing before it in its sentence that it could stand for."""
    lists = _lists()
    is_named = False
    for place, (word, after) in enumerate(zip_longest(words, words[1:])):
        is_empty = after is not None and after.norm in lists["no thing"]
        follows_at_once = 0 < place < _SHORT_SUBJECT and words[place - 1].norm in lists["after"]
        if _base(word) in pronouns and not is_empty and (follows_at_once or not is_named):
            return True
        is_one_of = after is not None and after.norm == "of"
        is_named = is_named or word.start_char in names or (word.norm in lists[naming] and not is_one_of)
        is_named = is_named or (naming == "naming" and word.norm[:1].isdigit())
    return False


def stands_in_front(words: Sequence[Token], names: frozenset[int]) -> bool:
    """Return whether a sentence can open an answer.

    It does not lean, holds no "it" or "they", does not begin with what is known ("the renewal"), and does not say that
    something came before.
    """
    lists, rest = _lists(), words[opening_words(words) :]
    if not rest or rest[0].norm in lists["definite"] or leans(words, names):
        return False
    if any(_base(word) in lists["pronouns"] | _people() for word in rest):
        return False
    if any(word.norm in lists["after the fact"] for word in rest[:3]):
        return False
    return all(word.norm != "that" or after.norm in lists["subjects"] for word, after in pairwise(rest))


def _points_back(words: Sequence[Token], place: int, lists: dict[str, frozenset[str]]) -> bool:
    word = words[place]
    before = words[place - 1] if place else None
    after = words[place + 1] if place + 1 < len(words) else None
    if word.norm in lists["adding"]:
        is_between = before is not None and before.norm in lists["adding unless after"]
        return not is_between and not (after is not None and after.norm in lists["adding unless before"])
    if word.norm == "well" and before is not None and before.norm == "as":
        return after is None or after.norm != "as"
    base = _base(word)
    if base in lists["pointing"]:
        return before is None or before.norm not in lists["introducing"]
    if base not in lists["pointing at times"]:
        return False
    is_end = word.comma_after or word.stop_after or after is None or after.norm in lists["after"]
    return before is None or is_end or base != word.norm or before.norm in lists["after"]


def is_item(words: Sequence[Token]) -> bool:
    """Return whether a sentence is an item of a list: "second, ...", "the third part", "step two", "two, ..."."""
    lists = _lists()
    words = words[opening_words(words) :]
    first = words[1:] if words and words[0].norm in {"the", "and", "then"} else words
    if not first:
        return False
    if first[0].norm in lists["ordinals"]:
        return True
    is_numbered = first[0].norm in lists["items"] and first[1:] and first[1].norm in lists["numbers"]
    return bool(is_numbered) or (first[0].norm in lists["numbers"] and first[0].comma_after)


def sets_up(text: str) -> bool:
    """Return whether a sentence asks for the next one: a question, a colon, or "two things popped out"."""
    if text.endswith(_ASKS):
        return True
    words, lists = re.findall(_WORD, text.lower()), _lists()
    return len(words) <= _LONGEST_ANNOUNCEMENT and any(
        number in lists["announcing"] and noun in lists["announced"] for number, noun in pairwise(words)
    )


def takes_back(text: str) -> bool:
    """Return whether a sentence begins as one does that takes back some of what was just said."""
    said = f"{' '.join(re.findall(_WORD, text.lower())[:2])} "
    return any(said.startswith(f"{phrase} ") for phrase in _lists()["taking back"])


def may_part(before: str, following: str, *, only_clauses: bool) -> bool:
    """Return whether a comma may stand between two words: not in "and, you can", nor in "went, to the lab".

    ``only_clauses``: only where a clause may begin.
    """
    lists, last, first = _lists(), before.lower(), following.lower().partition("'")[0]
    if last in lists["no comma after"] or last.endswith(_UNFINISHED):
        return False
    return first in lists["clauses"] if only_clauses else first not in lists["no comma before"]


def joins_clauses(word: str) -> bool:
    """Return whether a clause may begin after a word."""
    return word.lower() in _lists()["joins clauses"]


def _base(word: Token) -> str:
    """Return a word without what is contracted with it: "it" of "it's"."""
    return word.norm.partition("'")[0]
