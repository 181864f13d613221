"""Topics: what a text speaks of, and the competencies that it points to."""

from __future__ import annotations

from pydantic import Field

from voicemock.models.base import Model

NAME_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Topic(Model):
    """One subject of ``prompts/topics.yaml``."""

    name: str = Field(pattern=NAME_PATTERN)
    title: str = Field(min_length=1)
    competencies: tuple[str, ...] = Field(min_length=1)
    """Of the question bank, the nearest first."""
    words: tuple[str, ...] = Field(min_length=1)
    """Lower case; a hyphen and a space are one; "migrat*" is every word that begins so."""


class FoundTopic(Model):
    """A topic that a text speaks of."""

    name: str
    title: str
    competencies: tuple[str, ...]
    words: tuple[str, ...]
    """What was found of it, as it is written there, each once, the first one first."""
    mentions: int = Field(ge=1)
    """How often any of its words is there."""
