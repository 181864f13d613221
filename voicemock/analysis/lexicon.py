"""The words that the analysis knows, read from ``prompts/lexicons``."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import Final, Literal

from pydantic import Field

from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Model

_SET_NAME: Final = re.compile(r"\{([a-z_]+)\}")


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
    set_off: Literal["before", "after", "both", "neither"] | None = None
    """On which side a comma, dash or filled pause stands, or that none does."""


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


class Lexicon(Model):
    """Everything lexical that ``analyze`` needs."""

    fillers: FillerWords
    outcomes: OutcomeWords
    extra_fillers: tuple[str, ...] = ()
    """Words and phrases that always count as discourse markers, lower case."""

    @classmethod
    def load(cls, extra_fillers: tuple[str, ...] = ()) -> Lexicon:
        """Read the lexicons; the files are read once a process.

        Raises:
            ContentError: A file is missing or breaks its schema.
        """
        fillers, outcomes = _files()
        extra = tuple(" ".join(phrase.lower().split()) for phrase in extra_fillers)
        return cls(fillers=fillers, outcomes=outcomes, extra_fillers=tuple(phrase for phrase in extra if phrase))

    @cached_property
    def filled_pause(self) -> re.Pattern[str]:
        """Matches a whole word that is a filled pause."""
        return _any_of(self.fillers.filled_pauses, {})

    @cached_property
    def back_channel(self) -> re.Pattern[str]:
        """Matches a whole word, or two words with one space, that are a back-channel."""
        return _any_of(self.fillers.back_channels, {})

    @cached_property
    def small_talk(self) -> re.Pattern[str]:
        """Matches a whole sentence, lower case without punctuation, that is a greeting or thinking aloud."""
        return _any_of(self.fillers.small_talk, {})


def _any_of(patterns: tuple[str, ...], sets: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expand(pattern, sets)})" for pattern in patterns))


@cache
def _files() -> tuple[FillerWords, OutcomeWords]:
    folder = prompts_folder() / "lexicons"
    return load_yaml(folder / "fillers.yaml", FillerWords), load_yaml(folder / "outcomes.yaml", OutcomeWords)
