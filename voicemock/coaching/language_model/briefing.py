"""Briefs for a language model: its instructions, and the parts of an answer that the candidate lets it see.

The instructions and the word lists that its answers are checked against are data: ``prompts/language_model.yaml``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal, Protocol

from pydantic import AfterValidator, Field

from voicemock.coaching.language_model.tokens import Passage, sentences_of, stem, words_of
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Assessment, Model, Question


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Literal["system", "user"]
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


class Guidance(Model):
    """The shape of ``prompts/language_model.yaml``."""

    reword: str = Field(min_length=10)
    """Tells the model how to reword the coach's sentences."""
    probe: str = Field(min_length=10)
    """Tells it how to ask another question."""
    probe_strong_answer: Words = Field(min_length=2)
    probe_common_mistakes: Words = Field(min_length=1)
    out_of_role: Stems
    """Words of a model that has left its role: verdicts, and talk about itself."""
    off_limits: Stems
    """Topics an interviewer must not ask about."""
    praise: Stems
    negation: Stems
    direction: Stems
    """Words for the direction in which a measure is off."""
    plain: Stems
    """Words that carry no meaning of their own."""


def load_guidance() -> Guidance:
    """Read the instructions for a language model.

    Raises:
        ContentError: ``prompts/language_model.yaml`` is missing or breaks its schema.
    """
    return load_yaml(prompts_folder() / "language_model.yaml", Guidance)


Shares = Literal["findings", "quotes", "transcript"]

_OWN_WORDS: Final = 4
"""A run of this many words that the candidate also said counts as the candidate's."""

_MOST_TRANSCRIPT: Final = 12_000
"""Characters, about ten minutes of speech. For a longer answer only its quotes are sent."""

_ROOM: Final = 2
"""A reworded sentence may have twice the characters of the original."""
_MOST_ABOUT: Final = 160
_MOST_QUESTION: Final = 240
"""Characters: 30 words of eight letters."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the built-in coach that may be reworded.

    Attributes:
        may_quote: The candidate's words that may appear in quotation marks.
    """

    text: str
    may_quote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RewordingBrief:
    """A request to reword the feedback.

    Attributes:
        sentences: All sentences of the built-in coach, in order.
        lines: The sentences that are sent. Their ids count the places in ``sentences`` from 1: "s1".
        transcript: The candidate's words, if the model may see them.
    """

    sentences: tuple[str, ...]
    lines: dict[str, Line] = field(default_factory=dict)
    transcript: str | None = None

    def messages(self, task: str) -> tuple[Message, ...]:
        """Return the task and the material."""
        material: dict[str, Any] = {"sentences": {name: line.text for name, line in self.lines.items()}}
        if self.transcript is not None:
            material["transcript"] = self.transcript
        return _conversation(task, material)

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of the answer."""
        return _object_of_strings({name: _ROOM * len(line.text) for name, line in self.lines.items()})


@dataclass(frozen=True, slots=True)
class ProbeBrief:
    """A request for one more question.

    Attributes:
        question: What the candidate was asked.
        said: The candidate's words that the model may see: quotes, or the whole transcript.
        asked: The follow-ups so far.
    """

    question: Question
    said: tuple[str, ...]
    asked: tuple[str, ...] = ()

    def messages(self, task: str) -> tuple[Message, ...]:
        """Return the task and the material."""
        return _conversation(
            task, {"question": self.question.text, "said": list(self.said), "asked_already": list(self.asked)}
        )

    @staticmethod
    def schema() -> dict[str, Any]:
        """Return the JSON schema of the answer."""
        return _object_of_strings({"about": _MOST_ABOUT, "question": _MOST_QUESTION})


def brief_rewording(assessment: Assessment, shares: Shares) -> RewordingBrief:
    """Choose which sentences may be reworded, and what is sent for that.

    The drill is never reworded. With "findings", no sentence that contains the candidate's words is sent.
    """
    sentences = sentences_of(assessment.feedback.spoken)
    drill = frozenset(sentences_of(assessment.feedback.drill or ""))
    own = _own_words(assessment)
    lines: dict[str, Line] = {}
    for number, sentence in enumerate(sentences, start=1):
        if sentence in drill:
            continue
        if shares == "findings" and _holds_own_words(sentence, assessment.transcript.text, own):
            continue
        lines[f"s{number}"] = Line(sentence, _quotable(sentence, assessment, shares))
    return RewordingBrief(sentences, lines, _transcript(assessment) if shares == "transcript" else None)


def brief_probe(assessment: Assessment, question: Question, asked: Sequence[str], shares: Shares) -> ProbeBrief | None:
    """Choose what another question may be about. None if the model may see nothing of the answer."""
    if shares == "findings":
        return None
    transcript = _transcript(assessment) if shares == "transcript" else None
    said = (transcript,) if transcript else _quotes(assessment)
    return ProbeBrief(question, said, tuple(asked)) if said else None


def _quotes(assessment: Assessment) -> tuple[str, ...]:
    """Return the feedback's quotes and the measured results, without duplicates."""
    quotes = [point.quote for point in assessment.feedback.points if point.quote]
    quotes += [result.quote for result in assessment.analysis.quantified_results]
    return tuple(dict.fromkeys(quotes))


def _transcript(assessment: Assessment) -> str | None:
    text = assessment.transcript.text
    return text if text.strip() and len(text) <= _MOST_TRANSCRIPT else None


def _quotable(sentence: str, assessment: Assessment, shares: Shares) -> tuple[str, ...]:
    """Return what a rewording of a sentence may quote: the same quotes, or the whole sentences they come from."""
    quotes = Passage(sentence).quotes
    if shares != "transcript" or assessment.analysis.structure is None:
        return quotes
    told = [part.text for part in assessment.analysis.structure.sentences]
    return (*quotes, *(text for text in told if any(quote in text for quote in quotes)))


def _own_words(assessment: Assessment) -> frozenset[str]:
    """Return the candidate's short phrases that the feedback may use without quotation marks."""
    analysis = assessment.analysis
    remarks = (*analysis.background_numbers, *analysis.weak_language, *analysis.jargon, *analysis.early_complexity)
    named = [result.text for result in analysis.quantified_results] + [remark.text for remark in remarks]
    return frozenset(text.casefold() for text in named)


def _holds_own_words(sentence: str, transcript: str, named: frozenset[str]) -> bool:
    if '"' in sentence or any(name in sentence.casefold() for name in named):
        return True
    said = f" {' '.join(words_of(transcript))} "
    words = list(words_of(sentence))
    runs = (" ".join(words[at : at + _OWN_WORDS]) for at in range(len(words) - _OWN_WORDS + 1))
    return any(f" {run} " in said for run in runs)


def _conversation(task: str, material: dict[str, Any]) -> tuple[Message, ...]:
    return Message("system", task), Message("user", json.dumps(material, ensure_ascii=False))


def _object_of_strings(lengths: dict[str, int]) -> dict[str, Any]:
    """Return the schema of an object of strings with their maximum lengths.

    The lengths keep a small model from rambling. What may be said is checked elsewhere.
    """
    return {
        "type": "object",
        "properties": {name: {"type": "string", "maxLength": length} for name, length in lengths.items()},
        "required": list(lengths),
        "additionalProperties": False,
    }
