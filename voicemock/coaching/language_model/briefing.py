"""What a language model is to voicemock: messages in, text out.

What a language model is told and what its answers are judged by, as data: ``prompts/language_model.yaml``.

What a language model gets to see of an answer and its feedback, by what the candidate allowed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
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
    """Answers messages with text that is meant to be JSON. What it returns is never trusted."""

    @property
    def name(self) -> str:
        """What people call the model."""
        ...

    def complete(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the answer; called from one thread at a time.

        Args:
            messages: What is asked.
            schema: JSON schema of the answer, for a model that can be held to one.

        Raises:
            LanguageModelError: There is no answer, or not in time.
        """
        ...

    def close(self) -> None:
        """Make a running and every later ``complete`` raise; may be called from any thread, and more than once."""
        ...


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


Shares = Literal["findings", "quotes", "transcript"]

_OWN_WORDS: Final = 4
"""A run of so many words that the candidate said too is taken for theirs."""

_MOST_TRANSCRIPT: Final = 12_000
"""Characters: ten minutes of talk. Of a longer answer only its quotes are sent."""

_ROOM: Final = 2
"""A sentence in other words may take twice its characters."""
_MOST_ABOUT: Final = 160
_MOST_QUESTION: Final = 240
"""Characters: 30 words of eight letters."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the built-in coach that may be said in other words.

    Attributes:
        text: The sentence.
        may_quote: The candidate's words that may stand in quotation marks.
    """

    text: str
    may_quote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RewordingBrief:
    """What is asked when the feedback is to be put in other words.

    Attributes:
        sentences: All sentences of the built-in coach, in order.
        lines: Those that are sent, by their ids: the place in ``sentences`` counted from 1, as "s1".
        transcript: What was said, where it may be seen.
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
    """What is asked when there is to be one more question.

    Attributes:
        question: What the candidate was asked.
        said: The candidate's words that may be seen: quotes, or one text with all of them.
        asked: The follow-ups that were asked already.
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
    """Choose what may be put in other words, and what is sent for it.

    The drill is said as it stands. With "findings" no sentence is sent that holds words of the candidate's.
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
    """Choose what a further question may be about; None where nothing that was said may be seen."""
    if shares == "findings":
        return None
    transcript = _transcript(assessment) if shares == "transcript" else None
    said = (transcript,) if transcript else _quotes(assessment)
    return ProbeBrief(question, said, tuple(asked)) if said else None


def _quotes(assessment: Assessment) -> tuple[str, ...]:
    """Return what the feedback quotes, and the measured results, each once."""
    quotes = [point.quote for point in assessment.feedback.points if point.quote]
    quotes += [result.quote for result in assessment.analysis.quantified_results]
    return tuple(dict.fromkeys(quotes))


def _transcript(assessment: Assessment) -> str | None:
    text = assessment.transcript.text
    return text if text.strip() and len(text) <= _MOST_TRANSCRIPT else None


def _quotable(sentence: str, assessment: Assessment, shares: Shares) -> tuple[str, ...]:
    """Return what may be quoted where a sentence quotes: the same words, or the candidate's whole sentences."""
    quotes = Passage(sentence).quotes
    if shares != "transcript" or assessment.analysis.structure is None:
        return quotes
    told = [part.text for part in assessment.analysis.structure.sentences]
    return (*quotes, *(text for text in told if any(quote in text for quote in quotes)))


def _own_words(assessment: Assessment) -> frozenset[str]:
    """Return the short stretches of the candidate's that the feedback may name without quotation marks."""
    analysis = assessment.analysis
    remarks = (*analysis.background_numbers, *analysis.weak_language, *analysis.jargon, *analysis.early_complexity)
    named = [result.text for result in analysis.quantified_results] + [remark.text for remark in remarks]
    return frozenset(text.casefold() for text in named)


def _holds_own_words(sentence: str, transcript: str, named: frozenset[str]) -> bool:
    if '"' in sentence or any(name in sentence.casefold() for name in named):
        return True
    said = f" {' '.join(words_of(transcript))} "
    return any(f" {run} " in said for run in _runs(list(words_of(sentence))))


def _runs(words: list[str]) -> Iterator[str]:
    return (" ".join(words[at : at + _OWN_WORDS]) for at in range(len(words) - _OWN_WORDS + 1))


def _conversation(task: str, material: dict[str, Any]) -> tuple[Message, ...]:
    return Message("system", task), Message("user", json.dumps(material, ensure_ascii=False))


def _object_of_strings(lengths: dict[str, int]) -> dict[str, Any]:
    """Return the schema of an object of strings, each with the most characters it may have.

    The lengths keep a small model from writing on and on; what may be said is decided elsewhere.
    """
    return {
        "type": "object",
        "properties": {name: {"type": "string", "maxLength": length} for name, length in lengths.items()},
        "required": list(lengths),
        "additionalProperties": False,
    }
