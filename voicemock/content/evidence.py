"""The yes/no questions that the reader answers about every sentence: ``prompts/evidence.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Model


class EvidenceQuestion(Model):
    """One question about a sentence in its context."""

    name: str = Field(pattern=r"^[a-z_]+$")
    code: str = Field(pattern=r"^[a-z]{1,2}$")
    """What a labeler writes for yes."""
    means: str
    """What a stranger labels by."""
    examples: Annotated[tuple[str, ...], Field(min_length=1)]
    """Sentences for which the answer is yes."""
    near_miss: str | None = None
    """A sentence for which it is no."""
    frameworks: tuple[str, ...] = ()
    """Those in whose answers the reader learned to see it; empty means all. Its group says so."""


class EvidenceGroup(Model):
    """Questions that belong together."""

    group: str
    title: str
    frameworks: tuple[str, ...] = ()
    """Those that its questions belong to; empty means all."""
    evidence: Annotated[tuple[EvidenceQuestion, ...], Field(min_length=1)]


def load_evidence() -> tuple[EvidenceQuestion, ...]:
    """Return all questions in order.

    Raises:
        ContentError: The file breaks its schema.
    """
    groups = load_yaml(prompts_folder() / "evidence.yaml", tuple[EvidenceGroup, ...])
    return tuple(
        each.model_copy(update={"frameworks": group.frameworks}) for group in groups for each in group.evidence
    )
