"""What a language model is told and what its answers are judged by, as data: ``prompts/language_model.yaml``."""

from __future__ import annotations

from functools import cached_property

from pydantic import Field

from voicemock.content import load_yaml, prompts_folder
from voicemock.language_model.tokens import stem
from voicemock.models import Model

Words = tuple[str, ...]


class Guidance(Model):
    """The shape of ``prompts/language_model.yaml``."""

    reword: str = Field(min_length=10)
    """Tells the model how to put the coach's sentences in other words."""
    probe: str = Field(min_length=10)
    """Tells it how to ask further."""
    probe_strong_answer: Words = Field(min_length=2)
    probe_common_mistakes: Words = Field(min_length=1)
    out_of_role: Words
    """What only a model that has left its role says: verdicts, and talk of itself."""
    off_limits: Words
    """What an interviewer must not ask about."""
    praise: Words
    negation: Words
    direction: Words
    """Which way a measure is off."""
    plain: Words
    """Words that say nothing by themselves."""

    @cached_property
    def out_of_role_stems(self) -> frozenset[str]:
        """``out_of_role`` as stems."""
        return _stems(self.out_of_role)

    @cached_property
    def off_limits_stems(self) -> frozenset[str]:
        """``off_limits`` as stems."""
        return _stems(self.off_limits)

    @cached_property
    def praise_stems(self) -> frozenset[str]:
        """``praise`` as stems."""
        return _stems(self.praise)

    @cached_property
    def negation_stems(self) -> frozenset[str]:
        """``negation`` as stems."""
        return _stems(self.negation)

    @cached_property
    def direction_stems(self) -> frozenset[str]:
        """``direction`` as stems."""
        return _stems(self.direction)

    @cached_property
    def plain_stems(self) -> frozenset[str]:
        """``plain`` as stems."""
        return _stems(self.plain)


def load_guidance() -> Guidance:
    """Read what a language model is told.

    Raises:
        ContentError: ``prompts/language_model.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "language_model.yaml", Guidance)


def _stems(words: Words) -> frozenset[str]:
    return frozenset(stem(word) for word in words)
