"""The words that the analysis knows: ``prompts/phrases``, ``prompts/patterns`` and ``prompts/checklists``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from voicemock.analysis.phrasebook import (
    Pattern,
    PatternFile,
    Phrasebook,
    PhraseRule,
    Phrases,
    check_sets,
    pattern_of,
)
from voicemock.analysis.spoken_text import Statement
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Model

Whole = Annotated[Pattern, pattern_of()]
AnyCase = Annotated[Pattern, pattern_of(flags=re.IGNORECASE)]
NumberStart = Annotated[Pattern, pattern_of(r"(?<![\w.])", flags=re.IGNORECASE)]


class FillerWords(PatternFile):
    """``fillers.yaml``."""

    filled_pauses: Whole
    """Whole words, lower case."""
    back_channels: Whole
    """Whole words or pairs of words, with one space, that answer or agree: never fillers."""
    markers: tuple[str, ...] = Field(min_length=1)
    """Phrases that may be discourse markers, lower case. ``analysis.markers`` tells where they are."""


class NumberPhrase(Model):
    """One way to say a number, and what around it makes it a measured outcome."""

    name: str
    pattern: NumberStart
    before: AnyCase | None = None
    """Evidence when found in the words before, in the same sentence."""
    after: AnyCase | None = None
    """The same in the words after. A phrase with neither is evidence itself."""
    unless_before: AnyCase | None = None
    """No outcome when found in the words before."""
    falls: bool = False
    """The phrase names two values, and the first must be below the second."""
    sure: bool = False
    """It names what was measured: an outcome wherever it happened, whatever else the sentence tells."""


class Comparison(Model):
    """One way to say two values of one thing, one of them from before."""

    name: str
    pattern: NumberStart
    """Has the groups ``before`` and ``now``."""
    needs: AnyCase | None = None
    """Has to be found in the words before."""
    unless: AnyCase | None = None
    """No outcome when found in the words before."""
    falls: bool = False
    """The value has to fall."""
    told_only: bool = False
    """Only in a sentence that is known to tell an outcome; elsewhere one of the phrases decides."""


class Pair(Model):
    """Two values of one thing, however they are told, where the reader hears that there is one before and one after."""

    value: NumberStart
    older: AnyCase
    """In the clause of the value from before, and in no other."""


class Figure(Model):
    """One way to say a number in a sentence that is known to tell an outcome."""

    name: str
    pattern: NumberStart
    """The number is its last group, or all of it."""
    is_none: bool = False
    """It says that there is none."""
    alone: bool = False
    """Counts only where the sentence tells no other outcome."""


class Role(Model):
    """What a number says that is no outcome; everything that is given has to hold."""

    name: str
    figure: AnyCase | None = None
    """Found in the number phrase."""
    before: AnyCase | None = None
    """Found in the words of its clause before it."""
    after: AnyCase | None = None
    """Matches the words after it."""
    unless: AnyCase | None = None
    """Does not match the words after it."""
    compared: bool = False
    """Rules out two values of one thing, too."""
    unless_before: AnyCase | None = None
    """Is not found in the words of its clause before it."""


class Surroundings(Model):
    """Words directly beside a number that is no outcome; one of the two is enough."""

    before: str | None = None
    after: str | None = None


class Directions(Model):
    """Words that say which way something went."""

    up: AnyCase
    down: AnyCase


class OutcomeWords(PatternFile):
    """``outcomes.yaml``: what makes a number a measured outcome."""

    comparisons: tuple[Comparison, ...]
    pair: Pair
    phrases: tuple[NumberPhrase, ...] = Field(min_length=1)
    figures: tuple[Figure, ...]
    roles: tuple[Role, ...]
    not_outcomes: tuple[Surroundings, ...]
    plans: AnyCase
    """Signs before a number that it is a goal, a wish, a condition or the state before."""
    troubles: AnyCase
    """The same, but a verb of change between the sign and the number takes it back."""
    hypotheticals: AnyCase
    """Signs anywhere in a sentence that nothing of it happened."""
    directions: Directions

    @cached_property
    def change(self) -> Pattern:
        """Finds the verbs of change."""
        return Pattern(rf"\b{self.expand('{change}')}\b", re.IGNORECASE)

    @cached_property
    def not_before(self) -> Pattern:
        """Finds, directly before a number, that it is no outcome."""
        return Pattern.any_of((rule.before for rule in self.not_outcomes), flags=re.IGNORECASE)

    @cached_property
    def not_after(self) -> Pattern:
        """The same directly after it."""
        return Pattern.any_of((rule.after for rule in self.not_outcomes), flags=re.IGNORECASE)


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
    evidence: tuple[str, ...] = Field(min_length=1)
    """Names of ``prompts/evidence.yaml``: only a sentence with one of these covers it."""
    told_by: Literal["evidence", "phrases"] = "phrases"
    """Whether the evidence is enough, or one of the phrases must stand in that sentence as well."""
    sentences: int = Field(default=1, ge=1)
    """How many sentences must be likely to hold the evidence: one option is no choice."""
    confidence: float = Field(default=0.8, ge=0, le=1)


class Checklist(Model):
    """The points that an answer of a framework is expected to cover: a file of ``prompts/checklists``."""

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
    jargon: Phrases
    complexity: Phrases
    """Signs of what is hard to build, and that something simple stands."""
    rambling: Phrases
    relevance: Phrases
    checklists: tuple[Checklist, ...]
    extra_fillers: tuple[str, ...] = ()
    """Words and phrases that always count as discourse markers, lower case."""

    @classmethod
    def load(cls, extra_fillers: tuple[str, ...] = ()) -> Lexicon:
        """Return the lexicon; its files are read, and its phrasebooks made, once a process.

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
        """Return whether a sentence, or the one after it, says what something is or does."""
        return self.jargon.hears("explains", statements[index]) or (
            index + 1 < len(statements) and self.jargon.hears("explains next", statements[index + 1])
        )

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
            "repetitions", "never twice", "grammatical twice", "editing terms", "corrections", "sayings", "numbers",
            "pronouns", "subjects", "articles", "determiners", "unfinished", "auxiliaries", "prepositions",
            "whole after", "comments",
        ),
        ownership=Phrases.load("ownership", "i", "we", "not acting"),
        language=Phrases.load("language"),
        jargon=Phrases.load("jargon", "terms", "explains", "explains next", "known"),
        complexity=Phrases.load("complexity"),
        rambling=Phrases.load("rambling", "stop words", "landing"),
        relevance=Phrases.load(
            "relevance", "function words", "foreign", "no answer", "declines", "insult", "told", "planned", "everyday",
            "work",
        ),
        checklists=tuple(load_yaml(path, Checklist) for path in checklists),
    )  # fmt: skip
