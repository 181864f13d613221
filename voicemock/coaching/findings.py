"""Findings: things in an analysis that are worth saying, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from voicemock.analysis.evidence import LIKELY, EvidenceTable, table_from
from voicemock.analysis.reader import load_scales
from voicemock.analysis.replies import SURE_FROM
from voicemock.analysis.spoken_text import Statement, statements_in
from voicemock.coaching.quoting import Evidence
from voicemock.coaching.spoken_numbers import (
    clock,
    enumerate_words,
    in_words,
    percent,
    spoken_duration,
    spoken_percent,
    spoken_range,
)
from voicemock.models import (
    Analysis,
    Filler,
    Framework,
    FrameworkPart,
    KeptFinding,
    Part,
    PartOwnership,
    QuantifiedResult,
    Question,
    Remark,
    Sentence,
)

FEW_WORDS: Final = 50
"""With fewer words a rate per hundred says nothing: one more "um" would change it by two."""
HARDLY_ANY_WORDS: Final = 40
"""About fifteen seconds at the median pace of 161 words a minute (AMI monologues): too little to judge."""
SAID_FROM: Final = SURE_FROM
"""Findings below this confidence stay in the JSON and are not spoken of."""
NO_ANSWERS: Final = frozenset({"off_topic", "question_read", "no_answer", "other_language", "repeated_word", "hostile"})
"""Ways not to answer. An empty answer is "brief", like any other that ends too soon."""
NOTHING_FOUND: Final = frozenset({"follow_up", "expect_questions"})
"""Said where nothing is to be fixed: that nothing big is wrong, or, where that cannot be told, only what comes next."""
ACTION: Final = "action"
"""The part of a story that tells what was done."""
BACKGROUND: Final = ("situation", "task")
"""The parts of a story that tell how things were, or should become."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth saying.

    Attributes:
        name: Key of its wording in ``prompts/feedback.yaml``.
        values: Fill the placeholders of that wording.
        evidence: The candidate's words that it rests on.
        part: The framework part that it is about.
        extent: From 0 (just enough to mention) to 1. Places it in the range of its severity.
        is_judged: Whether it is a verdict of the reader, and ``extent`` its probability.
        is_habit: Whether many sentences show it and the verdict on the whole is less sure: nothing says how much it
            limits the answer.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: Evidence | None = None
    part: str | None = None
    extent: float = 0.0
    is_judged: bool = False
    is_habit: bool = False


@dataclass(frozen=True)
class HeardAnswer:
    """An analysis and the framework it was measured by: the input of every rule."""

    analysis: Analysis
    framework: Framework
    question: Question | None = None
    measured: tuple[Statement, ...] | None = None
    """All sentences with their words, fillers included; None for a stored answer."""

    @cached_property
    def table(self) -> EvidenceTable | None:
        """What is in each sentence; None for an answer that was kept before there was a reader."""
        evidence = self.analysis.evidence
        return None if evidence is None else table_from(evidence, load_scales())

    @cached_property
    def filled_pauses(self) -> tuple[Filler, ...]:
        """Every um and uh."""
        return tuple(filler for filler in self.analysis.fillers if filler.kind == "filled_pause")

    @cached_property
    def markers(self) -> tuple[Filler, ...]:
        """Every "you know" that carries no meaning."""
        return tuple(filler for filler in self.analysis.fillers if filler.kind == "discourse_marker")

    @property
    def is_spoken(self) -> bool:
        """Return whether there is a recording: a text has no length, pace or pauses."""
        return self.analysis.duration_s is not None

    @property
    def is_poorly_heard(self) -> bool:
        """Return whether the recording is too poor to count fillers: some may have been lost."""
        quality = self.analysis.audio_quality
        return quality is not None and bool(quality.problems)

    @property
    def is_incomplete(self) -> bool:
        """Return whether a part of the recording could not be read: nobody knows what it held."""
        source = self.analysis.audio_source
        return source is not None and bool(source.lost)

    @property
    def is_brief(self) -> bool:
        """Return whether the answer is too short to judge the balance of its parts, or how much it covers."""
        return self.analysis.word_count < FEW_WORDS

    @property
    def is_hardly_there(self) -> bool:
        """Return whether the answer is too short to judge at all."""
        return self.analysis.word_count < HARDLY_ANY_WORDS

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences, in order."""
        return self.analysis.structure.sentences if self.analysis.structure else ()

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All sentences with their words, in order."""
        return statements_in(self.sentences) if self.measured is None else self.measured

    @cached_property
    def missing(self) -> tuple[FrameworkPart, ...]:
        """The parts that were not heard, in framework order."""
        names = self.analysis.structure.missing if self.analysis.structure else ()
        return tuple(part for part in self.framework.parts if part.name in names)

    @cached_property
    def present(self) -> tuple[tuple[FrameworkPart, Part], ...]:
        """The parts that were heard, in framework order, with their measures."""
        measured = {part.name: part for part in self.analysis.structure.parts} if self.analysis.structure else {}
        return tuple(
            (part, measured[part.name])
            for part in self.framework.parts
            if part.name in measured and measured[part.name].present
        )

    @property
    def part_names(self) -> str:
        """All parts, enumerated as in a sentence."""
        return enumerate_words(tuple(part.spoken for part in self.framework.parts))

    def sentences_of(self, part: str) -> tuple[Sentence, ...]:
        """Return the sentences of a part."""
        return tuple(sentence for sentence in self.sentences if sentence.part == part)

    def share_of(self, part: str) -> float:
        """Return the share of the whole answer that tells this part and surely no other.

        Of the seconds where every sentence is timed, else of the words. What belongs to no part counts into the whole.
        """
        total = sum(map(_weight, self.sentences))
        mine = sum(_weight(s) for row, s in enumerate(self.sentences) if s.part == part and self._tells_one(row, part))
        return mine / total if total else 0.0

    def _tells_one(self, row: int, part: str) -> bool:
        """Return whether a sentence is likely to tell no part but this one."""
        others = [each for each in self.framework.parts if each.name != part]
        table = self.table
        return table is None or all(
            table.probabilities[name][row] < LIKELY for each in others for name in each.evidence
        )

    def per_hundred_words(self, fillers: tuple[Filler, ...]) -> float | None:
        """Return fillers per 100 words; None if the answer is too short for a rate."""
        if self.is_brief:
            return None
        return 100 * len(fillers) / self.analysis.word_count

    @cached_property
    def is_no_answer(self) -> bool:
        """Return whether the words do not answer the question."""
        relevance = self.analysis.relevance
        return relevance is not None and relevance.kind in NO_ANSWERS and relevance.confidence >= SAID_FROM

    @cached_property
    def no_answer(self) -> Finding | None:
        """How the words fail to answer the question; None for an answer."""
        relevance = self.analysis.relevance
        if relevance is None or not self.is_no_answer:
            return None
        if relevance.start_char is None or relevance.end_char is None:
            return Finding(relevance.kind)
        return Finding(relevance.kind, {}, Evidence(relevance.start_char, relevance.end_char, relevance.start_s))

    @property
    def acts(self) -> PartOwnership | None:
        """How often "I" and "we" act in the actions of a story."""
        ownership = self.analysis.ownership
        return next((each for each in ownership.by_part if each.part == ACTION), None) if ownership else None

    @cached_property
    def told_outcomes(self) -> tuple[QuantifiedResult, ...]:
        """The measured outcomes, except those told before anything was done."""
        first = next((s.start_char for s in self.sentences if s.part not in (*BACKGROUND, None)), 0)
        return tuple(
            outcome
            for outcome in self.analysis.quantified_results
            if self.framework.name != "star" or outcome.part not in BACKGROUND or outcome.start_char > first
        )


def finding_of(kept: KeptFinding) -> Finding:
    """Return a stored finding as a finding."""
    evidence = None
    if kept.start_char is not None and kept.end_char is not None:
        evidence = Evidence(kept.start_char, kept.end_char, kept.start_s, kept.focus)
    return Finding(kept.name, kept.values, evidence, kept.part, kept.extent)


def _weight(sentence: Sentence) -> float:
    """Return how long a sentence takes, in seconds, or in words for a text."""
    if sentence.start_s is None or sentence.end_s is None:
        return float(len(sentence.text.split()))
    return sentence.end_s - sentence.start_s


def extent(value: float, least: float, most: float) -> float:
    """Return where a value lies between two others: 0 at ``least`` or beyond, 1 at ``most`` or beyond."""
    return min(1.0, max(0.0, (value - least) / (most - least)))


def said(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Return the remarks that are sure enough to mention."""
    return tuple(remark for remark in remarks if remark.confidence >= SAID_FROM)


def part_values(part: FrameworkPart) -> dict[str, str]:
    """Return the names of a part in print and aloud."""
    return {"part": part.spoken, "title": part.title}


def missing_values(part: FrameworkPart) -> dict[str, str]:
    """Return the values for a part that was not heard."""
    return part_values(part) | {"when_missing": part.when_missing}


def share_values(heard: HeardAnswer, part: FrameworkPart, share: float) -> dict[str, str]:
    """Return the values for how much of the answer a part took."""
    return part_values(part) | {
        "share": percent(share),
        "share_spoken": spoken_percent(share),
        "of": "the story" if heard.framework.name == "star" else "the answer",
    }


def strong_point(question: Question, point: str) -> str:
    """Return a point as it follows "a strong answer": "tells me what you learned", "splits the queue"."""
    first = point.split()[0]
    lowered = point[0].lower() + point[1:] if first[1:].islower() or len(first) == 1 else point
    is_verb = question.framework != "star" and first.endswith("s") and not first.endswith("ss")
    return (lowered if is_verb else f"tells me {lowered}").rstrip(".")


def length_values(heard: HeardAnswer, duration_s: float) -> dict[str, str]:
    """Return the length of the answer against its target."""
    analysis = heard.analysis
    return {
        "length": clock(duration_s),
        "length_spoken": spoken_duration(duration_s, limits=(analysis.target_min_s, analysis.target_max_s)),
        "target": f"{clock(analysis.target_min_s)} to {clock(analysis.target_max_s)}",
        "target_spoken": spoken_range(analysis.target_min_s, analysis.target_max_s),
    }


def pace_values(words_per_minute: float) -> dict[str, str]:
    """Return the pace in print, and aloud to the nearest five words."""
    return {"pace": str(round(words_per_minute)), "pace_spoken": str(5 * round(words_per_minute / 5))}


def counted(number: int) -> dict[str, str]:
    """Return a count in print and aloud."""
    return {"count": str(number), "count_spoken": in_words(number)}
