"""Says an answer again by parts: a plan of the candidate's own sentences, which a model may word, sentence by sentence.

The plan stands on its own. What a model returns replaces sentences of it only where every word can be traced to the
candidate; where a fact is missing stands a blank. Nothing that was said in the plan is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final, Literal

from voicemock.analysis.amounts import seconds_in
from voicemock.analysis.evidence import LIKELY
from voicemock.analysis.lexicon import Lexicon
from voicemock.coaching.language_model.briefing import Guidance, LanguageModel, Message, object_of, string_of
from voicemock.coaching.language_model.checks import RefusedAnswerError, read_lists, refuse_hostile
from voicemock.coaching.language_model.grounding import ground, left_out
from voicemock.coaching.language_model.tokens import numbers_of, sentences_of
from voicemock.coaching.tightening.lines import CARRIES_NOTHING
from voicemock.coaching.tightening.tighten import tighten
from voicemock.errors import LanguageModelError
from voicemock.models import (
    NOTE_FIELDS,
    Assessment,
    Evidence,
    Framework,
    FrameworkPart,
    QuantifiedResult,
    Rewritten,
    RewrittenPart,
    RewrittenSentence,
    StoryNotes,
    Tightened,
)

REWRITE_S: Final = 180.0
"""A model may take so long: it was asked for, and what it writes is ten times as long as a table."""
Outcome = Literal["brief", "no_answer"]
LENGTH_S: Final = 180.0
"""Three minutes, the short end of a good story."""
RESULTS: Final = frozenset({"result", "outcome_figure"})
_CALENDAR: Final = frozenset({"days", "weeks", "months", "quarters", "years"})
_SHARES: Final = frozenset({"%", "points"})
_MOST_CHARACTERS: Final = 280


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A sentence of the candidate's: as it was said, and without its fillers."""

    said: str
    reads: str


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part of the answer with the candidate's sentences that tell it, and blanks for facts that are missing."""

    part: FrameworkPart
    lines: tuple[PlannedLine, ...]
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RewritePlan:
    """What is to be said, by parts.

    Attributes:
        assessment: The answer.
        framework: That it was measured by.
        parts: In the framework's order.
        notes: Sentences that the candidate wrote. The model may take facts from them.
        left_out: Sentences that are not to be said though they hold something that an answer is told for.
        outcome: Why there is nothing to say again; None where there is.
        pace: Words a minute.
    """

    assessment: Assessment
    framework: Framework
    parts: tuple[PlannedPart, ...]
    outcome: Outcome | None
    pace: float
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def messages(self, guidance: Guidance) -> tuple[Message, ...]:
        """Return the task and the candidate's sentences, by parts."""
        question = self.assessment.question
        lines = [f"ASKED: {question.text}"] if question else []
        for planned in self._told:
            lines += [f"{planned.part.name.upper()}:", *(f"- {line.reads}" for line in planned.lines)]
        if self.notes:
            lines += ["NOTES OF THE CANDIDATE:", *(f"- {note}" for note in self.notes)]
        return Message("system", guidance.rewrite), Message("user", "\n".join(lines))

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of the answer: for each part that was told a list of sentences."""
        return object_of(
            {
                each.part.name: {
                    "type": "array",
                    "items": string_of(_MOST_CHARACTERS),
                    "minItems": 1,
                    "maxItems": len(each.lines) + 1,
                }
                for each in self._told
            }
        )

    @property
    def told(self) -> frozenset[str]:
        """Names of the parts that a model may word."""
        return frozenset(each.part.name for each in self._told)

    @property
    def _told(self) -> tuple[PlannedPart, ...]:
        return tuple(each for each in self.parts if each.lines)


def plan_rewrite(
    assessment: Assessment,
    framework: Framework,
    guidance: Guidance,
    to_s: float = LENGTH_S,
    notes: tuple[str, ...] = (),
) -> RewritePlan:
    """Return what is to be said again, by parts: no longer than ``to_s`` where that can be done without losing a part.

    Args:
        assessment: Of the answer; one that was kept is enough.
        framework: That it was measured by.
        guidance: Has the blanks.
        to_s: The length in seconds.
        notes: Sentences that the candidate wrote.
    """
    cut = tighten(assessment, framework, to_s)
    outcome: Outcome | None = cut.outcome if cut.outcome in ("brief", "no_answer") else None
    lines: dict[str, list[PlannedLine]] = {part.name: [] for part in framework.parts}
    structure = assessment.analysis.structure
    if structure is None or outcome:
        return RewritePlan(assessment, framework, (), outcome or "brief", cut.words_per_minute)
    kept = [(each.part, PlannedLine(each.text, each.reads)) for each in cut.sentences if each.reads]
    if not cut.sentences:
        kept = [(each.part, PlannedLine(each.text, each.text)) for each in structure.sentences]
    current = next((part for part, _ in kept if part in lines), framework.parts[0].name)
    for part, line in kept:
        current = part if part in lines else current
        lines[current].append(line)
    results, told = assessment.analysis.quantified_results, [each.text for each in structure.sentences]
    parts = tuple(
        PlannedPart(part, tuple(lines[part.name]), tuple(_blanks(part, lines[part.name], results, told, guidance)))
        for part in framework.parts
    )
    left = _left_out_of(cut, assessment.analysis.evidence)
    return RewritePlan(assessment, framework, parts, None, cut.words_per_minute, notes, left)


def _left_out_of(cut: Tightened, evidence: Evidence | None) -> tuple[str, ...]:
    """Return the sentences that go though they are likely to hold something that an answer is told for."""
    if evidence is None or len(evidence.sentences) != len(cut.sentences):
        return ()
    return tuple(
        each.text
        for each, there in zip(cut.sentences, evidence.sentences, strict=True)
        if not each.reads
        and each.why != "repetition"
        and any(likely >= LIKELY for name, likely in there.items() if name not in CARRIES_NOTHING)
    )


def _blanks(
    part: FrameworkPart,
    lines: Sequence[PlannedLine],
    results: Sequence[QuantifiedResult],
    told: Sequence[str],
    guidance: Guidance,
) -> list[str]:
    """Return what the candidate has to fill in: the whole part, the figure of a result, or where one began."""
    purpose = part.purpose.rstrip(".")
    missing = [] if lines else [f"[{purpose[0].lower()}{purpose[1:]}?]"]
    if not RESULTS & set(part.evidence):
        return missing
    if not results:
        return missing or [guidance.blanks.figure]
    lacking = dict.fromkeys(each.text for each in results if _lacks_baseline(each, told))
    return [*missing, *(guidance.blanks.baseline.format(figure=figure) for figure in lacking)]


def _lacks_baseline(result: QuantifiedResult, told: Sequence[str]) -> bool:
    """Return whether a result surely has a level before that was not said.

    "Two weeks early", "ten of the eleven countries" and "no outage" have none, and "two hours a week" may be what was
    saved. Another number of the sentence, or another figure of its kind, may be it.

    Args:
        result: A measured result.
        told: The sentences of the answer.
    """
    unit = result.unit or ""
    if result.value_from is not None or not result.value or "per " in unit:
        return False
    is_level = unit in _SHARES or (seconds_in(unit) is not None and unit not in _CALENDAR)
    if not is_level and result.direction is None:
        return False
    others = [each for each in told if each != result.quote and set(numbers_of(each))]
    kind = re.compile(r"%|percent|points" if unit in _SHARES else rf"\b{re.escape(unit.rstrip('s'))}", re.IGNORECASE)
    is_said_elsewhere = bool(unit) and any(kind.search(each) for each in others)
    return not is_said_elsewhere and set(numbers_of(result.quote)) <= set(numbers_of(result.text))


def note_lines(text: str) -> tuple[str, ...]:
    """Return the sentences of a text that the candidate wrote."""
    return tuple(each for line in text.splitlines() for each in _sentences([line.lstrip("-*# ")]))


def lines_of_notes(notes: StoryNotes) -> tuple[str, ...]:
    """Return the sentences of a story's notes."""
    return note_lines("\n".join(map(notes.text_of, NOTE_FIELDS)))


def _names_in(text: str) -> frozenset[str]:
    """Return the words with a capital inside a sentence: names, wherever else they stand."""
    found = set[str]()
    for match in re.finditer(r"[^\W\d_]+", text):
        before = text[: match.start()].rstrip(" \"'(")
        if match.group()[0].isupper() and before and before[-1] not in ".?!:" and match.group() != "I":
            found.add(match.group())
    return frozenset(found)


def rewrite_by(model: LanguageModel | None, plan: RewritePlan, guidance: Guidance) -> Rewritten:
    """Return the answer said again. Without a model, or with one that fails, it is all in the candidate's words.

    Args:
        model: May word it; None leaves the candidate's words.
        plan: What is to be said.
        guidance: The task, and the words by which it is judged.
    """
    if plan.outcome is not None:
        return _rewritten(plan, (), model, outcome=plan.outcome)
    worded: dict[str, list[str]] = {}
    reason: str | None = None
    began = perf_counter()
    if model is not None and plan.told:
        try:
            worded = read_lists(model.complete(plan.messages(guidance), plan.schema()), plan.told)
            _refuse_hostile(worded, plan, guidance)
        except LanguageModelError as error:
            worded, reason = {}, error.reason
        except RefusedAnswerError as error:
            worded, reason = {}, error.refusal
    refused = Counter[str]()
    parts = tuple(_said_again(part, worded.get(part.part.name, []), plan, guidance, refused) for part in plan.parts)
    took_s = round(perf_counter() - began, 2)
    return _rewritten(plan, parts, model, reason=reason, refused=dict(refused), took_s=took_s)


def _refuse_hostile(worded: dict[str, list[str]], plan: RewritePlan, guidance: Guidance) -> None:
    texts = [text for part in worded.values() for text in part]
    refuse_hostile(texts, " ".join((plan.assessment.transcript.text, *plan.notes)), guidance)


def _said_again(
    planned: PlannedPart, worded: Sequence[str], plan: RewritePlan, guidance: Guidance, refused: Counter[str]
) -> RewrittenPart:
    """Return a part: each sentence as the model says it where that passes, else as the candidate does; and the blanks.

    A sentence that the model says as the candidate does is the candidate's. One of the notes comes last.
    """
    given = [*(line.reads for line in planned.lines), *plan.notes]
    said = [*(line.said for line in planned.lines), *plan.notes]
    by_model: dict[int, str] = {}
    for text in _sentences(worded):
        source, fault = ground(text, given, guidance)
        if source is None:
            refused[fault or "empty"] += 1
        elif source >= len(planned.lines) or _words(text) != _words(given[source]):
            by_model.setdefault(source, _finished(text))
    sentences = [
        RewrittenSentence(
            text=by_model.get(n, given[n]), by="model" if n in by_model else "candidate", sources=(said[n],)
        )
        for n in range(len(given))
        if n in by_model or n < len(planned.lines)
    ]
    blanks = (RewrittenSentence(text=blank, by="blank") for blank in planned.blanks)
    return RewrittenPart(name=planned.part.name, title=planned.part.title, sentences=(*sentences, *blanks))


def _sentences(worded: Sequence[str]) -> list[str]:
    return [each for text in worded for each in sentences_of(" ".join(text.split()))]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def _finished(text: str) -> str:
    """Return a sentence with a capital and a stop."""
    ended = text if text.rstrip('"')[-1:] in (".", "?", "!") else f"{text}."
    return ended[0].upper() + ended[1:]


def _rewritten(
    plan: RewritePlan,
    parts: tuple[RewrittenPart, ...],
    model: LanguageModel | None,
    *,
    outcome: Outcome | None = None,
    reason: str | None = None,
    refused: dict[str, int] | None = None,
    took_s: float | None = None,
) -> Rewritten:
    told = [each for part in parts for each in part.sentences]
    words = sum(len(each.text.split()) for each in told if each.by != "blank")
    is_worded = any(each.by == "model" for each in told)
    question, structure = plan.assessment.question, plan.assessment.analysis.structure
    lines = [each.text for each in structure.sentences] if structure and parts else []
    said = " ".join(each.text for each in told if each.by != "blank")
    return Rewritten(
        source=plan.assessment.source,
        question=question.text if question else None,
        framework=plan.framework.name,
        outcome=outcome or ("rewritten" if is_worded else "own_words"),
        model=model.name if model is not None and outcome is None else None,
        took_s=took_s if model is not None else None,
        reason=reason,
        refused=refused or {},
        words=words,
        words_per_minute=plan.pace,
        seconds=round(words * 60 / plan.pace, 1),
        parts=parts,
        sentences_left_out=plan.left_out,
        left_out=left_out(lines, _names_in(plan.assessment.transcript.text), said, Lexicon.load().stop_words),
    )
