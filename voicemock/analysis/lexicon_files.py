"""What stands in the files of ``prompts/lexicons`` and ``prompts/checklists``."""

from __future__ import annotations

import re
from typing import Final, Literal

from pydantic import Field, model_validator

from voicemock.analysis.phrasebook import check_sets
from voicemock.models import Model

_SET_NAME: Final = re.compile(r"\{([a-z_]+)\}")


Side = Literal["before", "after", "both"]


def expand(pattern: str, sets: dict[str, str]) -> str:
    """Put named sets of alternatives in the place of ``{name}``; sets may use sets."""
    for _ in range(4):
        expanded = _SET_NAME.sub(lambda match: f"(?:{sets.get(match.group(1), match.group())})", pattern)
        if expanded == pattern:
            return expanded
        pattern = expanded
    return pattern


class MarkerRule(Model):
    """What decides whether one occurrence of a marker is a filler: all conditions given must hold."""

    counts: bool
    before: str | None = None
    """Regular expression that the words before must end with; ``<s>`` is the start of the sentence."""
    after: str | None = None
    """Regular expression that the words after must begin with; ``</s>`` is the end of the sentence."""
    not_before: str | None = None
    """The words before must not end with it."""
    not_after: str | None = None
    """The words after must not begin with it."""
    set_off: Side | None = None
    """On which side a comma, dash, filled pause or silence must stand."""
    joined: Side | None = None
    """On which side none of these may stand."""


class Marker(Model):
    """A word or phrase that is a discourse marker where it does no work."""

    text: str
    rules: tuple[MarkerRule, ...] = ()
    """The first that holds decides."""
    otherwise: bool
    """Whether it counts when no rule holds."""


class FillerWords(Model):
    """``fillers.yaml``."""

    filled_pauses: tuple[str, ...] = Field(min_length=1)
    """Regular expressions for whole words, lower case."""
    back_channels: tuple[str, ...]
    """Regular expressions for whole words or pairs of words that answer or agree: never fillers."""
    small_talk: tuple[str, ...]
    """Regular expressions for a whole sentence that says nothing of the answer, fillers already off."""
    sets: dict[str, str]
    markers: tuple[Marker, ...]


class RepetitionWords(Model):
    """``repetitions.yaml``: closed classes of words, lower case."""

    never_twice: frozenset[str]
    grammatical_twice: frozenset[str]
    editing_terms: tuple[str, ...]
    numbers: frozenset[str]
    pronouns: frozenset[str]
    subjects: frozenset[str]
    articles: frozenset[str]
    determiners: frozenset[str]
    unfinished: tuple[str, ...]
    auxiliaries: frozenset[str]
    prepositions: frozenset[str]
    whole_after: frozenset[str]
    comments: frozenset[str]


class NumberPhrase(Model):
    """One way to say a number, and what around it makes it a measured outcome."""

    name: str
    pattern: str = Field(min_length=1)
    before: str | None = None
    """Regular expression: evidence when found in the words before, in the same sentence."""
    after: str | None = None
    """The same in the words after. A phrase with neither is evidence itself."""
    unless_before: str | None = None
    """Regular expression: no outcome when found in the words before."""
    in_result: bool = False
    """Needs no evidence in a sentence of the result."""
    falls: bool = False
    """The phrase names two values, and the first must be below the second."""


class Surroundings(Model):
    """What stands directly beside a number that is no outcome; one of the two is enough."""

    before: str | None = None
    after: str | None = None


class Directions(Model):
    """Regular expressions for the words that say which way something went."""

    up: str
    down: str


class OutcomeWords(Model):
    """``outcomes.yaml``: what makes a number a measured outcome."""

    sets: dict[str, str]
    phrases: tuple[NumberPhrase, ...] = Field(min_length=1)
    not_outcomes: tuple[Surroundings, ...]
    plans: tuple[str, ...]
    """Regular expressions: signs before a number that it is a goal, a wish, a condition or the state before."""
    troubles: tuple[str, ...]
    """The same, but a verb of change between the sign and the number takes it back."""
    hypotheticals: tuple[str, ...]
    """Regular expressions: signs anywhere in a sentence that nothing of it happened."""
    directions: Directions


class OwnershipWords(Model):
    """``ownership.yaml``: who acts."""

    i: tuple[str, ...] = Field(min_length=1)
    we: tuple[str, ...] = Field(min_length=1)
    not_counted: tuple[str, ...]
    """Phrases in which nobody does anything ("i think")."""


class JargonWords(Model):
    """``jargon.yaml``: terms that need a word of explanation, and how one sounds."""

    terms: tuple[str, ...] = Field(min_length=1)
    explains: tuple[str, ...]
    explains_next: tuple[str, ...]
    known: tuple[str, ...]
    """Abbreviations that everybody knows, in capitals."""


class RamblingWords(Model):
    """``rambling.yaml``: words without content, and how an answer lands."""

    stop_words: tuple[str, ...] = Field(min_length=1)
    landing: tuple[str, ...] = Field(min_length=1)


class RelevanceWords(Model):
    """``relevance.yaml``: signs that an answer is none, and what people at work talk about."""

    function_words: tuple[str, ...] = Field(min_length=1)
    no_answer: tuple[str, ...] = Field(min_length=1)
    hostile: tuple[str, ...] = Field(min_length=1)
    told: tuple[str, ...] = Field(min_length=1)
    planned: tuple[str, ...] = Field(min_length=1)
    everyday: tuple[str, ...] = Field(min_length=1)
    work: tuple[str, ...] = Field(min_length=1)


class ChecklistItem(Model):
    """One move or trade-off that an answer is expected to cover."""

    name: str
    title: str
    part: str | None = None
    """Part of the framework that it belongs to."""
    kind: Literal["move", "trade_off"]
    expected: Literal["always", "asked", "extra"]
    """``asked``: only where the question's strong answer names it."""
    say: str
    """What to say of it next time, as the object of "say"."""
    phrases: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    confidence: float = Field(default=0.8, ge=0, le=1)


class Checklist(Model):
    """What an answer of a framework is expected to cover: a file of ``prompts/checklists``."""

    name: str
    title: str
    items: tuple[ChecklistItem, ...] = Field(min_length=1)
    sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sets_exist(self) -> Checklist:
        check_sets((phrase for item in self.items for phrase in (*item.phrases, *item.unless)), self.sets)
        return self
