"""What the coach itself listens for, as data: ``prompts/coach.yaml``."""

from __future__ import annotations

from functools import cached_property, lru_cache

from pydantic import Field, model_validator

from voicemock.analysis.phrasebook import Phrasebook, PhraseRule, check_sets
from voicemock.analysis.statements import Statement
from voicemock.content import load_yaml, prompts_folder
from voicemock.models import AsksFor, Model

Phrases = tuple[str, ...]


class AskingCues(Model):
    """What makes a question to the interviewer."""

    opens: Phrases = Field(min_length=1)
    """Words that a question begins with."""
    deep: Phrases = Field(min_length=1)
    """Questions that tell about the work."""
    shallow: Phrases = Field(min_length=1)
    """Questions for the recruiter, or for the company's own pages."""


class Cues(Model):
    """The shape of ``prompts/coach.yaml``."""

    planned: Phrases = Field(min_length=1)
    told: Phrases = Field(min_length=1)
    aside: Phrases = Field(min_length=1)
    elsewhere: Phrases = Field(min_length=1)
    signpost: Phrases = Field(min_length=1)
    in_the_end: Phrases = Field(min_length=1)
    open_end: Phrases = Field(min_length=1)
    came_of_it: Phrases = Field(min_length=1)
    fading: Phrases = Field(min_length=1)
    arranging: Phrases = Field(min_length=1)
    declines: Phrases = Field(min_length=1)
    foreign: frozenset[str] = Field(min_length=1)
    """Everyday words of other languages that are no English ones."""
    replies: dict[AsksFor, Phrases]
    evades: Phrases = Field(min_length=1)
    asking: AskingCues
    sets: dict[str, Phrases] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sets_exist(self) -> Cues:
        check_sets((phrase for phrases in self._lists.values() for phrase in phrases), self.sets)
        return self

    @property
    def _lists(self) -> dict[str, Phrases]:
        return {
            **{
                name: getattr(self, name)
                for name in (
                    *("planned", "told", "aside", "elsewhere", "signpost"),
                    *("in_the_end", "open_end", "came_of_it", "fading", "arranging", "declines"),
                )
            },
            "evades": self.evades,
            "deep": self.asking.deep,
            "shallow": self.asking.shallow,
            **{f"replies {name}": phrases for name, phrases in self.replies.items()},
        }

    @cached_property
    def _books(self) -> dict[str, Phrasebook]:
        return {
            name: Phrasebook([PhraseRule(name="cue", phrases=phrases)], self.sets)
            for name, phrases in self._lists.items()
        }

    def hears(self, name: str, statement: Statement) -> bool:
        """Return whether a statement holds one of the phrases of a list ("planned", "replies number")."""
        return bool(self._books[name].find(statement))


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Read what to listen for, once a process.

    Raises:
        ContentError: ``prompts/coach.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "coach.yaml", Cues)
