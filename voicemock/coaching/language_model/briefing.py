"""What a language model is, what it is told, and the words by which its answers are judged.

Both are data: ``prompts/language_model.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, Protocol

from pydantic import AfterValidator, Field

from voicemock.coaching.language_model.tokens import stem
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Assessment, Model

Shares = Literal["quotes", "transcript"]
"""What a model may see: what the feedback quotes, for follow-ups alone, or all that was said."""
MOST_TRANSCRIPT: Final = 12_000
"""Characters, about ten minutes of speech. Of a longer answer only its quotes are sent."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class LanguageModel(Protocol):
    """Answers messages with text that should be JSON. The text is never trusted."""

    @property
    def name(self) -> str:
        """Display name of the model."""
        ...

    def complete(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the answer. Called from one thread at a time.

        Args:
            messages: The conversation so far.
            schema: JSON schema of the answer, for models that support one.

        Raises:
            LanguageModelError: There is no answer, or not in time.
        """
        ...

    def close(self) -> None:
        """Make running and later ``complete`` calls raise. May be called from any thread, repeatedly."""
        ...


Words = tuple[str, ...]


Stems = Annotated[frozenset[str], AfterValidator(lambda words: frozenset(map(stem, words)))]
"""Words that are compared by their stems, whatever their endings."""


class Blanks(Model):
    """What stands where a fact is missing."""

    baseline: str
    figure: str


class JudgeExample(Model):
    """An answer with the table that belongs to it: most of what is asked for is not in it."""

    lines: Words
    shows: dict[str, int]
    """Number of the line that shows a piece of evidence, by its name."""


class Guidance(Model):
    """The shape of ``prompts/language_model.yaml``."""

    judge: str = Field(min_length=10)
    """Tells the model how to fill the evidence table."""
    judge_example: JudgeExample
    """Shown before the answer, so that "no" is seen to be a reply."""
    also_judged: Words
    """Evidence that is asked for besides that of the framework's parts."""
    also_judged_of_stories: Words
    """Evidence that is asked for, too, where something has happened: a plan has no outcome."""
    said_as: dict[str, str]
    """What each piece of evidence is called when it is told, by its name."""
    probe: str = Field(min_length=10)
    """Tells it how to ask the next question."""
    temperaments: dict[str, str]
    """Added to that, by the name of the interviewer's style."""
    moves: dict[Literal["ask", "push_back"], str]
    push_back_leads: dict[str, str]
    """Said before a question that pushes back, by the name of the style."""
    constraints: dict[str, str]
    """How the interviewer may change the case of a system design, by name."""
    clarify: str = Field(min_length=10)
    """Tells it how to answer a question of the candidate's."""
    rewrite: str = Field(min_length=10)
    """Tells it how to say an answer again."""
    blanks: Blanks
    probe_strong_answer: Words = Field(min_length=2)
    probe_common_mistakes: Words = Field(min_length=1)
    out_of_role: Stems
    """Words of a model that has left its role: verdicts, and talk about itself."""
    off_limits: Stems
    """Topics an interviewer must not ask about."""
    praise: Stems
    negation: Stems
    openers: frozenset[str]
    """Words at the beginning of a sentence that say nothing."""
    fillers: frozenset[str]
    """Words that say nothing anywhere."""
    plain: Stems
    """Words that carry no meaning of their own."""


@cache
def load_guidance() -> Guidance:
    """Read the instructions for a language model.

    Raises:
        ContentError: ``prompts/language_model.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "language_model.yaml", Guidance)


def words_shared(assessment: Assessment, shares: Shares) -> tuple[str, ...]:
    """Return the candidate's words that a model may see: the whole transcript, or quotes without duplicates."""
    text = assessment.transcript.text
    if shares == "transcript" and text.strip() and len(text) <= MOST_TRANSCRIPT:
        return (text,)
    quotes = [point.quote for point in assessment.feedback.points if point.quote]
    quotes += [result.quote for result in assessment.analysis.quantified_results]
    return tuple(dict.fromkeys(quotes))


def object_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON schema of an object with these properties, all of them required, and no other."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def string_of(longest: int) -> dict[str, Any]:
    """Return the JSON schema of a string.

    The length keeps a small model from rambling. What may be said is checked elsewhere.
    """
    return {"type": "string", "maxLength": longest}
