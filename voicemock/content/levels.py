"""What is usual at each level of the job: ``prompts/levels.yaml``."""

from __future__ import annotations

from typing import Final, get_args

from pydantic import Field, model_validator

from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Level, Model, ScopeKind

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
"""The lowest first."""


class LevelSource(Model):
    """A public document that the levels rest on."""

    name: str
    url: str
    gives: str
    """What was taken from it."""


class UsualScope(Model):
    """How large the work at a level usually is, in one kind of size."""

    at_least: float | None = Field(default=None, gt=0)
    """Teams or months; None where no source gives anything to count."""
    usually: str = Field(min_length=1)
    """A sentence about the level."""


class LevelGuide(Model):
    """What is usual at one level."""

    name: Level
    title: str
    scope: dict[ScopeKind, UsualScope]
    """Kinds of size that the sources say nothing of are left out."""
    ambiguity: str
    influence: str
    technical_depth: str


class LevelGuides(Model):
    """The shape of ``prompts/levels.yaml``."""

    sources: tuple[LevelSource, ...] = Field(min_length=1)
    levels: tuple[LevelGuide, ...]

    @model_validator(mode="after")
    def _levels_are_complete(self) -> LevelGuides:
        if tuple(each.name for each in self.levels) != LEVELS:
            raise ValueError(f"levels must be {', '.join(LEVELS)}, in this order")
        for kind in get_args(ScopeKind):
            sizes = [usual.at_least for each in self.levels if (usual := each.scope.get(kind)) and usual.at_least]
            if sizes != sorted(set(sizes)):
                raise ValueError(f"{kind}: at_least must grow with the level")
        return self

    def of(self, level: Level) -> LevelGuide:
        """Return what is usual at a level."""
        return self.levels[LEVELS.index(level)]

    def usual_at(self, kind: ScopeKind, value: float | None) -> Level | None:
        """Return the highest level at which work of this size is usual; None where that is not known."""
        if value is None:
            return None
        sizes = ((each.name, each.scope[kind].at_least) for each in self.levels if kind in each.scope)
        return next((name for name, size in reversed(tuple(sizes)) if size is not None and value >= size), None)


def load_levels() -> LevelGuides:
    """Read the levels.

    Raises:
        ContentError: ``prompts/levels.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "levels.yaml", LevelGuides)


def levels_apart(one: Level, other: Level) -> int:
    """Return how many levels lie between two, 0 for the same."""
    return abs(LEVELS.index(one) - LEVELS.index(other))
