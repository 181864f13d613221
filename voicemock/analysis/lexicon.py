"""The shapes of the files in ``prompts/patterns`` and ``prompts/checklists``.

The words that the analysis knows, read from ``prompts/phrases``, ``prompts/patterns`` and ``prompts/checklists``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from pydantic import Field, model_validator

from voicemock.analysis.phrasebook import PatternFile, Phrasebook, PhraseRule, Phrases, check_sets
from voicemock.analysis.spoken_text import Statement
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Model

Side = Literal["before", "after", "both"]


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


@dataclass(frozen=True, slots=True)
class RulePatterns:
    """A ``MarkerRule``, compiled."""

    counts: bool
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    set_off: Side | None
    joined: Side | None


@dataclass(frozen=True, slots=True)
class MarkerPatterns:
    """A ``Marker``, compiled."""

    words: tuple[str, ...]
    rules: tuple[RulePatterns, ...]
    otherwise: bool


class FillerWords(PatternFile):
    """``fillers.yaml``."""

    filled_pauses: tuple[str, ...] = Field(min_length=1)
    """Regular expressions for whole words, lower case."""
    back_channels: tuple[str, ...]
    """Regular expressions for whole words or pairs of words that answer or agree: never fillers."""
    small_talk: tuple[str, ...]
    """Regular expressions for a whole sentence that says nothing of the answer, fillers already off."""
    markers: tuple[Marker, ...]

    @cached_property
    def compiled(self) -> tuple[MarkerPatterns, ...]:
        """The markers, with the sets in their places."""
        return tuple(
            MarkerPatterns(
                tuple(marker.text.split()), tuple(self._compiled(rule) for rule in marker.rules), marker.otherwise
            )
            for marker in self.markers
        )

    def by_first(self, own: tuple[str, ...] = ()) -> dict[str, tuple[MarkerPatterns, ...]]:
        """Return the markers by their first word, the longest first; the user's own come before all."""
        found = self._by_first.get(own)
        if found is None:
            markers = [MarkerPatterns(tuple(phrase.split()), (), otherwise=True) for phrase in own]
            markers = sorted((*markers, *self.compiled), key=lambda marker: -len(marker.words))
            firsts = {marker.words[0] for marker in markers}
            found = {first: tuple(each for each in markers if each.words[0] == first) for first in firsts}
            self._by_first[own] = found
        return found

    @cached_property
    def _by_first(self) -> dict[tuple[str, ...], dict[str, tuple[MarkerPatterns, ...]]]:
        return {}

    def _compiled(self, rule: MarkerRule) -> RulePatterns:
        def ending(words: str | None) -> re.Pattern[str] | None:
            return None if words is None else re.compile(rf"(?:^|\s)(?:{self.expand(words)})$")

        def beginning(words: str | None) -> re.Pattern[str] | None:
            return None if words is None else re.compile(rf"(?:{self.expand(words)})(?:\s|$)")

        return RulePatterns(
            counts=rule.counts,
            before=ending(rule.before),
            after=beginning(rule.after),
            not_before=ending(rule.not_before),
            not_after=beginning(rule.not_after),
            set_off=rule.set_off,
            joined=rule.joined,
        )

    @cached_property
    def filled_pause(self) -> re.Pattern[str]:
        """Matches a whole word that is a filled pause."""
        return self.any_of(self.filled_pauses)

    @cached_property
    def back_channel(self) -> re.Pattern[str]:
        """Matches a whole word, or two words with one space, that are a back-channel."""
        return self.any_of(self.back_channels)

    @cached_property
    def small_talk_sentence(self) -> re.Pattern[str]:
        """Matches a whole sentence, lower case without punctuation, that is a greeting or thinking aloud."""
        return self.any_of(self.small_talk)


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


@dataclass(frozen=True, slots=True)
class NumberPatterns:
    """A ``NumberPhrase``, compiled."""

    name: str
    pattern: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless_before: re.Pattern[str] | None
    in_result: bool
    falls: bool


@dataclass(frozen=True, slots=True)
class OutcomePatterns:
    """``OutcomeWords``, compiled; ``change`` finds the verbs of change."""

    phrases: tuple[NumberPatterns, ...]
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]
    plans: re.Pattern[str]
    troubles: re.Pattern[str]
    hypotheticals: re.Pattern[str]
    change: re.Pattern[str]
    up: re.Pattern[str]
    down: re.Pattern[str]


class OutcomeWords(PatternFile):
    """``outcomes.yaml``: what makes a number a measured outcome."""

    phrases: tuple[NumberPhrase, ...] = Field(min_length=1)
    not_outcomes: tuple[Surroundings, ...]
    plans: tuple[str, ...]
    """Regular expressions: signs before a number that it is a goal, a wish, a condition or the state before."""
    troubles: tuple[str, ...]
    """The same, but a verb of change between the sign and the number takes it back."""
    hypotheticals: tuple[str, ...]
    """Regular expressions: signs anywhere in a sentence that nothing of it happened."""
    directions: Directions

    @cached_property
    def compiled(self) -> OutcomePatterns:
        """The patterns, with the sets in their places."""

        def any_of(patterns: Iterable[str | None]) -> re.Pattern[str]:
            return self.any_of(patterns, re.IGNORECASE)

        def one(pattern: str | None) -> re.Pattern[str] | None:
            return None if pattern is None else any_of((pattern,))

        return OutcomePatterns(
            phrases=tuple(
                NumberPatterns(
                    name=phrase.name,
                    pattern=re.compile(rf"(?<![\w.])(?:{self.expand(phrase.pattern)})", re.IGNORECASE),
                    before=one(phrase.before),
                    after=one(phrase.after),
                    unless_before=one(phrase.unless_before),
                    in_result=phrase.in_result,
                    falls=phrase.falls,
                )
                for phrase in self.phrases
            ),
            not_before=any_of(rule.before for rule in self.not_outcomes),
            not_after=any_of(rule.after for rule in self.not_outcomes),
            plans=any_of(self.plans),
            troubles=any_of(self.troubles),
            hypotheticals=any_of(self.hypotheticals),
            change=any_of((r"\b{change}\b",)),
            up=any_of((self.directions.up,)),
            down=any_of((self.directions.down,)),
        )


class ChecklistItem(PhraseRule):
    """One move or trade-off that an answer is expected to cover, and the phrases that cover it."""

    title: str
    part: str | None = None
    """Part of the framework that it belongs to."""
    kind: Literal["move", "trade_off"]
    expected: Literal["always", "asked", "extra"]
    """``asked``: only where the question's strong answer names it."""
    say: str
    """What to say of it next time, as the object of "say"."""
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


class Lexicon(Model):
    """Everything lexical that ``analyze`` needs."""

    fillers: FillerWords
    outcomes: OutcomeWords
    repetitions: Phrases
    ownership: Phrases
    language: Phrases
    """Hedges, weak verbs and passives."""
    substance: Phrases
    """Coordination, technical contributions, decisions, trade-offs and risks."""
    jargon: Phrases
    complexity: Phrases
    """What is hard to build, and what shows that something simple stands."""
    rambling: Phrases
    relevance: Phrases
    checklists: tuple[Checklist, ...]
    extra_fillers: tuple[str, ...] = ()
    """Words and phrases that always count as discourse markers, lower case."""

    @classmethod
    def load(cls, extra_fillers: tuple[str, ...] = ()) -> Lexicon:
        """Return the lexicons; they are read once a process, and so are their phrasebooks made.

        Raises:
            ContentError: A file is missing or breaks its schema.
        """
        if not extra_fillers:
            return _files()
        extra = tuple(" ".join(phrase.lower().split()) for phrase in extra_fillers)
        wanted = tuple(phrase for phrase in extra if phrase)
        return _files().model_copy(update={"extra_fillers": wanted}) if wanted else _files()

    @cached_property
    def terms(self) -> Phrasebook:
        """Finds technical terms; each is a rule of its own."""
        return self.jargon.each("terms")

    def is_explained(self, statements: Sequence[Statement], index: int) -> bool:
        """Return whether a sentence, or the one behind it, says what something is or does."""
        return self.jargon.hears("explains", statements[index]) or (
            index + 1 < len(statements) and self.jargon.hears("explains next", statements[index + 1])
        )

    @cached_property
    def known_abbreviations(self) -> frozenset[str]:
        """Abbreviations that are no jargon, in capitals."""
        return self.jargon["known"]

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """Words without content of their own."""
        return self.rambling["stop words"]

    @cached_property
    def checklist_books(self) -> dict[str, Phrasebook]:
        """Finds what covers the items of each checklist, by its name."""
        return {checklist.name: Phrasebook(checklist.items, checklist.sets) for checklist in self.checklists}

    @cached_property
    def function_words(self) -> frozenset[str]:
        """Words that make up about half of any English talk."""
        return self.relevance["function words"]

    @cached_property
    def no_answer(self) -> Phrasebook:
        """Finds that the candidate has nothing to tell."""
        return self.relevance.only("no answer")

    @cached_property
    def hostile(self) -> Phrasebook:
        """Finds insults."""
        return self.relevance.only("insult")

    @cached_property
    def everyday(self) -> Phrasebook:
        """Finds what people talk about after work; each word is a rule of its own."""
        return self.relevance.each("everyday")

    @cached_property
    def work(self) -> Phrasebook:
        """Finds what people at work talk about; each word is a rule of its own."""
        return self.relevance.each("work")


@cache
def _files() -> Lexicon:
    checklists = sorted((prompts_folder() / "checklists").glob("*.yaml"))
    return Lexicon(
        fillers=FillerWords.load("fillers"),
        outcomes=OutcomeWords.load("outcomes"),
        repetitions=Phrases.load(
            "repetitions", "never twice", "grammatical twice", "editing terms", "numbers", "pronouns", "subjects",
            "articles", "determiners", "unfinished", "auxiliaries", "prepositions", "whole after", "comments",
        ),
        ownership=Phrases.load("ownership", "i", "we", "not acting"),
        language=Phrases.load("language"),
        substance=Phrases.load("substance"),
        jargon=Phrases.load("jargon", "terms", "explains", "explains next", "known"),
        complexity=Phrases.load("complexity"),
        rambling=Phrases.load("rambling", "stop words", "landing"),
        relevance=Phrases.load(
            "relevance", "function words", "foreign", "no answer", "declines", "insult", "told", "planned", "everyday",
            "work",
        ),
        checklists=tuple(load_yaml(path, Checklist) for path in checklists),
    )  # fmt: skip
