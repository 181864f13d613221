"""What a language model is told and what its answers are judged by, as data: ``prompts/language_model.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from voicemock.content import load_yaml, prompts_folder
from voicemock.language_model.tokens import stem
from voicemock.models import Model

Words = tuple[str, ...]


def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words)


Stems = Annotated[frozenset[str], AfterValidator(_stems)]
"""Words that are compared as stems, whatever their endings."""


class Guidance(Model):
    """The shape of ``prompts/language_model.yaml``."""

    reword: str = Field(min_length=10)
    """Tells the model how to put the coach's sentences in other words."""
    probe: str = Field(min_length=10)
    """Tells it how to ask further."""
    probe_strong_answer: Words = Field(min_length=2)
    probe_common_mistakes: Words = Field(min_length=1)
    out_of_role: Stems
    """What only a model that has left its role says: verdicts, and talk of itself."""
    off_limits: Stems
    """What an interviewer must not ask about."""
    praise: Stems
    negation: Stems
    direction: Stems
    """Which way a measure is off."""
    plain: Stems
    """Words that say nothing by themselves."""


def load_guidance() -> Guidance:
    """Read what a language model is told.

    Raises:
        ContentError: ``prompts/language_model.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "language_model.yaml", Guidance)
