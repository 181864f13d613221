"""Phrases in plain words, and their search in statements: ``prompts/phrases``, checklists and probes.

A file names its lists: ``name: [phrases]``, or ``name: {phrases: [...], unless: [...], ...}`` with the other fields
of ``PhraseRule``. ``sets`` names words that its phrases share. A phrase is words separated by spaces:
``set up ... meeting|sync``.

    word        that word
    a|b         one of them
    word*       every word that begins so
    word?       that word or none
    {name}      one of a set of the file: words, or phrases of words; every file has {number_word} and {period}
    ...         up to four words of any kind
    ^           the sentence begins here

Sentences are in lower case, without punctuation and fillers, and "dead-letter" is two words. ``prompts/patterns`` has
regular expressions instead, for what depends on letters, digits or punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Final, NamedTuple, Self

from pydantic import ConfigDict, Field, PlainValidator, model_validator

from voicemock.analysis.amounts import NUMBER_WORDS, PERIODS
from voicemock.analysis.spoken_text import SpokenText, Statement
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.errors import ContentError
from voicemock.models import Model, Remark

GAP_WORDS: Final = 4
"""How many words ``...`` may stand for."""

SHARED_SETS: Final[dict[str, tuple[str, ...]]] = {"number_word": NUMBER_WORDS, "period": PERIODS}
"""For every file."""

_SET: Final = re.compile(r"\{([^}]*)\}")
_SET_NAME: Final = re.compile(r"\{([a-z_]+)\}")
_SETS_IN_SETS: Final = 6
_OPENERS: Final = frozenset(
    {"so", "and", "but", "well", "okay", "ok", "yeah", "then", "because", "actually", "basically"}
)
"""Words that may stand before the beginning of a sentence."""


class PhraseRule(Model):
    """One thing that is recognized, by any of its phrases."""

    name: str = Field(pattern=r"^[a-z0-9]+([ _-][a-z0-9]+)*$")
    kind: str = ""
    phrases: tuple[str, ...] = Field(min_length=1)
    not_after: tuple[str, ...] = ()
    """Words that must not stand directly before a phrase."""
    unless: tuple[str, ...] = ()
    """Phrases that must not stand anywhere in the sentence."""
    confidence: float = Field(default=0.9, ge=0, le=1)
    """Expected share of right findings; below 0.7 it is not said."""


def check_sets(phrases: Iterable[str], sets: dict[str, tuple[str, ...]]) -> None:
    """Refuse a phrase that names an unknown set, or that begins with words that may be left out.

    Raises:
        ValueError: Names the phrase.
    """
    known = SHARED_SETS | sets
    for phrase in phrases:
        items = phrase.removeprefix("^ ").split()
        if unknown := [name for name in _SET.findall(phrase) if name not in known]:
            raise ValueError(f"{phrase!r}: unknown set {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        if not items or items[0] == "..." or items[0].endswith("?"):
            raise ValueError(f"{phrase!r}: a phrase begins with a word that must be there")


class Match(NamedTuple):
    """Words of a statement that a rule recognized; ``last`` belongs to them."""

    rule: PhraseRule
    first: int
    last: int

    def remark(self, spoken: SpokenText, statement: Statement, kind: str = "") -> Remark:
        """Return it as a finding, of the rule's kind unless another is given."""
        name, confidence = self.rule.name, self.rule.confidence
        return statement.remark(
            spoken, self.first, self.last, kind=kind or self.rule.kind, rule=name, confidence=confidence
        )


@dataclass(frozen=True)
class _Phrase:
    expression: str
    rule: int
    is_unless: bool
    at_start: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when its first word is said: an answer needs a few dozen of a thousand phrases."""
        return re.compile(self.expression)


class Phrasebook:
    """The rules of a file, ready to be looked up by the first word of their phrases."""

    def __init__(self, rules: Iterable[PhraseRule], sets: dict[str, tuple[str, ...]]) -> None:
        self._rules = tuple(rules)
        self._sets = SHARED_SETS | sets
        self._by_first: dict[str, list[_Phrase]] = {}
        self._by_prefix: list[tuple[str, _Phrase]] = []
        for index, rule in enumerate(self._rules):
            for phrases, is_unless in ((rule.phrases, False), (rule.unless, True)):
                for phrase in phrases:
                    self._add(phrase, index, is_unless=is_unless)
        self._candidates = lru_cache(maxsize=10_000)(self._look_up)

    def find(self, statement: Statement) -> tuple[Match, ...]:
        """Return the first match of each rule in a statement, in the order of the words."""
        firsts: dict[str, Match] = {}
        for match in self.find_all(statement):
            firsts.setdefault(match.rule.name, match)
        return tuple(firsts.values())

    def find_all(self, statement: Statement) -> tuple[Match, ...]:
        """Return every match in a statement in the order of the words, the longest first where two begin together."""
        found: list[tuple[int, Match]] = []
        ruled_out: set[int] = set()
        for phrase, first, last in self._matches(statement):
            rule = self._rules[phrase.rule]
            if phrase.is_unless:
                ruled_out.add(phrase.rule)
            elif not first or statement.words[first - 1].text not in rule.not_after:
                found.append((phrase.rule, Match(rule, first, last)))
        kept = [match for rule, match in found if rule not in ruled_out]
        return tuple(sorted(kept, key=lambda match: (match.first, -match.last)))

    def _matches(self, statement: Statement) -> Iterator[tuple[_Phrase, int, int]]:
        text, starts = statement.text, statement.starts
        opening = 0
        while opening < len(statement.words) - 1 and statement.words[opening].text in _OPENERS:
            opening += 1
        for index, word in enumerate(statement.words):
            for phrase in self._candidates(word.text):
                if phrase.at_start and index > opening:
                    continue
                match = phrase.pattern.match(text, starts[index])
                if match:
                    yield phrase, index, index + match[0].count(" ") - 1

    def _look_up(self, word: str) -> tuple[_Phrase, ...]:
        exact = self._by_first.get(word, ())
        return (*exact, *(phrase for prefix, phrase in self._by_prefix if word.startswith(prefix)))

    def _add(self, phrase: str, rule: int, *, is_unless: bool) -> None:
        items = phrase.split()
        at_start = items[0] == "^"
        items = items[1:] if at_start else items
        compiled = _Phrase("".join(map(self._item, items)), rule, is_unless, at_start)
        for option in self._options(items[0]):
            first = option.split()[0]
            if first.endswith("*"):
                self._by_prefix.append((first[:-1], compiled))
            else:
                self._by_first.setdefault(first, []).append(compiled)

    def _options(self, item: str) -> tuple[str, ...]:
        """Return the words or phrases that an item may stand for."""
        return tuple(
            each
            for option in item.removesuffix("?").split("|")
            for each in (self._sets[option[1:-1]] if option.startswith("{") else (option,))
        )

    def _item(self, item: str) -> str:
        """Return the regular expression of an item, its space included."""
        if item == "...":
            return rf"(?:\S+ ){{0,{GAP_WORDS}}}?"
        options = "|".join(" ".join(map(_word, option.split())) for option in self._options(item))
        return f"(?:(?:{options}) )" + ("?" if item.endswith("?") else "")


class Phrases(Model):
    """A file of ``prompts/phrases``: lists of phrases by name."""

    model_config = ConfigDict(extra="allow")

    __pydantic_extra__: dict[str, PhraseRule] = Field(init=False)
    sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @classmethod
    @cache
    def load(cls, file: str, *needed: str) -> Self:
        """Read a file of ``prompts/phrases``, once a process.

        Args:
            file: Its name without ``.yaml``.
            needed: Lists that it must have.

        Raises:
            ContentError: It is missing, breaks the schema or lacks a list.
        """
        path = prompts_folder() / "phrases" / f"{file}.yaml"
        phrases = load_yaml(path, cls)
        if missing := [name for name in needed if name not in phrases.rules]:
            raise ContentError(f"{path}: no list is called {', '.join(missing)}")
        return phrases

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: object) -> object:
        """Write a plain list as a rule, and give each rule its name."""
        if not isinstance(data, dict):
            return data
        return {name: entry if name == "sets" else _rule(name, entry) for name, entry in data.items()}

    @model_validator(mode="after")
    def _sets_exist(self) -> Phrases:
        check_sets((phrase for rule in self.rules.values() for phrase in (*rule.phrases, *rule.unless)), self.sets)
        return self

    @property
    def rules(self) -> dict[str, PhraseRule]:
        """The lists by name, in the order of the file."""
        return self.__pydantic_extra__

    @cached_property
    def book(self) -> Phrasebook:
        """Finds every list, each as a rule."""
        return Phrasebook(self.rules.values(), self.sets)

    def __getitem__(self, name: str) -> frozenset[str]:
        """Return the words of a list as they are written there; a set in it stands for its words."""
        return self._words[name]

    def only(self, name: str) -> Phrasebook:
        """Return a book that finds one list."""
        found = self._books.get(name)
        if found is None:
            found = self._books[name] = Phrasebook((self.rules[name],), self.sets)
        return found

    def each(self, name: str) -> Phrasebook:
        """Return a book in which each phrase of a list is a rule of its own, named after it."""
        rules = (PhraseRule(name=_plain(phrase), phrases=(phrase,)) for phrase in self.rules[name].phrases)
        return Phrasebook(rules, self.sets)

    def hears(self, name: str, statement: Statement) -> bool:
        """Return whether a statement holds one of the phrases of a list."""
        return bool(self.only(name).find(statement))

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:  # no private attribute: pydantic takes a microsecond to find one
        sets = {f"{{{name}}}": words for name, words in (SHARED_SETS | self.sets).items()}
        return {
            name: frozenset(chain.from_iterable(sets.get(phrase, (phrase,)) for phrase in rule.phrases))
            for name, rule in self.rules.items()
        }

    @cached_property
    def _books(self) -> dict[str, Phrasebook]:
        return {}


@dataclass(frozen=True)
class Pattern:
    """A regular expression that is compiled at its first search: all of them together take 0.2 s."""

    source: str
    flags: re.RegexFlag = re.NOFLAG

    @classmethod
    def any_of(cls, patterns: Iterable[str | None], flags: re.RegexFlag = re.NOFLAG) -> Pattern:
        """Return a pattern that finds any of the given ones; without any it finds nothing."""
        return cls("|".join(f"(?:{each})" for each in patterns if each is not None) or r"(?!)", flags)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern to search with."""
        return re.compile(self.source, self.flags)


def pattern_of(before: str = "", after: str = "", flags: re.RegexFlag = re.NOFLAG) -> PlainValidator:
    """Return a validator that makes a ``Pattern`` of a string or a list of alternatives, put between two others."""

    def read(given: object) -> Pattern:
        patterns = [given] if isinstance(given, str) else given
        if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
            raise ValueError("a regular expression or a list of them is needed")
        alternatives = Pattern.any_of(patterns).source
        return Pattern(f"{before}(?:{alternatives}){after}", flags)

    return PlainValidator(read)


class PatternFile(Model):
    """A file of ``prompts/patterns``."""

    sets: dict[str, str] = Field(default_factory=dict)
    """Alternatives by name; ``{name}`` in a pattern stands for them, and a set may use sets."""

    @classmethod
    @cache
    def load(cls, file: str) -> Self:
        """Read a file of ``prompts/patterns``, once a process.

        Raises:
            ContentError: It is missing or breaks the schema.
        """
        return load_yaml(prompts_folder() / "patterns" / f"{file}.yaml", cls)

    @model_validator(mode="before")
    @classmethod
    def _expanded(cls, data: object) -> object:
        """Put the sets in the place of their names, in every pattern."""
        sets = data.get("sets", {}) if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(sets, dict):
            return data
        return {name: entry if name == "sets" else _expand_all(entry, sets) for name, entry in data.items()}

    def expand(self, pattern: str) -> str:
        """Put the sets in the place of their names."""
        return _expand(pattern, self.sets)


def _expand_all(entry: object, sets: dict[str, str]) -> object:
    if isinstance(entry, dict):
        return {name: _expand_all(each, sets) for name, each in entry.items()}
    if isinstance(entry, list):
        return [_expand_all(each, sets) for each in entry]
    return _expand(entry, sets) if isinstance(entry, str) else entry


def _expand(pattern: str, sets: dict[str, str]) -> str:
    known = {name: "|".join(words) for name, words in SHARED_SETS.items()} | sets
    for _ in range(_SETS_IN_SETS):
        expanded = _SET_NAME.sub(lambda match: f"(?:{known.get(match[1], match[0])})", pattern)
        if expanded == pattern:
            break
        pattern = expanded
    return pattern


def _rule(name: str, entry: object) -> object:
    if isinstance(entry, dict):
        return {"name": name, **entry}
    return {"name": name, "phrases": entry}


def _plain(phrase: str) -> str:
    """Return a phrase as the name of a rule: "dead letter queue*" is "dead letter queue"."""
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", phrase.replace("|", " or ")).split())


def _word(word: str) -> str:
    return re.escape(word[:-1]) + r"\S*" if word.endswith("*") else re.escape(word)
