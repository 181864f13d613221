"""Scorecards: what an interviewer listens for in one answer, what was heard of it, and in which words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from voicemock.analysis.replies import Reply
from voicemock.coaching.findings import ACTION, HeardAnswer, said
from voicemock.coaching.priorities import findings_kept
from voicemock.coaching.quoting import (
    SPOKEN_QUOTE_WORDS,
    WRITTEN_QUOTE_WORDS,
    Evidence,
    excerpt,
    quoting,
    quoting_first,
    quoting_remark,
    second_at,
)
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import PriorityPhrases, load_phrases
from voicemock.models import (
    Analysis,
    Answer,
    AnswerOutcome,
    AsksFor,
    FollowUpCard,
    FrameworkPart,
    KeptFinding,
    Observation,
    ObservationKind,
    PartOwnership,
    Scorecard,
    Seen,
    Transcript,
)

OBSERVED: Final = "answered"
"""The only outcome for which the content of an answer is judged."""
TELLING_QUOTE_WORDS: Final = 6
LONGER_QUOTE_WORDS: Final = 16

_TITLES: Final[dict[ObservationKind, str]] = {
    "measured_outcome": "Measured outcome",
    "own_actions": "Own actions",
    "reflection": "What you learned",
    "decision": "Decision",
    "trade_off": "Trade-off",
    "risk": "Risk",
    "technical": "Technical depth",
}

_SUBSTANCE: Final[tuple[ObservationKind, ...]] = ("decision", "trade_off", "risk", "technical")
_I: Final = re.compile(r"\bI\b")

JudgeReply = Callable[[AsksFor, Analysis, Transcript], Reply]
"""Judges whether a reply contains what was asked for, and where."""


class Quote(NamedTuple):
    """An exact excerpt of a transcript and when it was said."""

    text: str
    start_s: float | None


@dataclass(frozen=True)
class Judged:
    """An answer and the outcome of its question; ``heard`` is None if there was nothing to analyze."""

    answer: Answer
    outcome: AnswerOutcome
    heard: HeardAnswer | None

    @property
    def position(self) -> int:
        """Place of the answer in its session."""
        return self.answer.position

    @property
    def is_observed(self) -> bool:
        """Whether there is an answer to judge."""
        return self.outcome == OBSERVED

    @property
    def is_story(self) -> bool:
        """Whether it is judged as a STAR story."""
        return self.heard is not None and self.heard.framework.name == "star"

    @cached_property
    def priorities(self) -> tuple[KeptFinding, ...]:
        """Everything to fix, the most important first."""
        if self.heard is None or self.answer.assessment is None:
            return ()
        return findings_kept(self.answer.assessment, self.heard.framework, self.answer.question, _wordings())

    def severity_of(self, names: frozenset[str]) -> float:
        """Return the highest severity among these findings, from 0 to 100; 0 without any."""
        return max((finding.severity for finding in self.priorities if finding.name in names), default=0.0)

    def quote(self, evidence: Evidence | None) -> Quote | None:
        """Return an excerpt to print."""
        return self._excerpt(evidence, WRITTEN_QUOTE_WORDS)

    def short_quote(self, evidence: Evidence | None) -> Quote | None:
        """Return an excerpt to say aloud, a longer one if the first clause is too short to mean anything."""
        short = self._excerpt(evidence, SPOKEN_QUOTE_WORDS)
        if short is None or len(short.text.split()) >= TELLING_QUOTE_WORDS:
            return short
        return self._excerpt(evidence, LONGER_QUOTE_WORDS)

    def _excerpt(self, evidence: Evidence | None, max_words: int) -> Quote | None:
        if evidence is None or self.answer.assessment is None:
            return None
        transcript = self.answer.assessment.transcript
        span = excerpt(transcript.text, evidence, max_words)
        if span is None:
            return None
        is_cut = bool(transcript.text[evidence.start_char : span[0]].strip())
        start_s = second_at(transcript, span[0]) if is_cut else evidence.start_s
        return Quote(transcript.text[span[0] : span[1]], start_s)


@cache
def _wordings() -> Mapping[str, PriorityPhrases]:
    """Return the wordings with the severities of the findings, read once per process."""
    return load_phrases().priorities


def judge(answer: Answer, bank: QuestionBank) -> Judged:
    """Return an answer with the outcome of its question.

    Raises:
        UnknownNameError: The answer's framework no longer exists.
    """
    if answer.status == "skipped":
        return Judged(answer, "skipped", None)
    if answer.assessment is None:
        return Judged(answer, "no_speech" if answer.status == "no_speech" else "interrupted", None)
    framework = bank.framework_of(answer.assessment)
    if framework is None or not answer.assessment.transcript.text.strip():
        return Judged(answer, "no_speech", None)
    heard = HeardAnswer(answer.assessment.analysis, framework, answer.question)
    return Judged(answer, _outcome(heard, is_main=answer.follows is None), heard)


def _outcome(heard: HeardAnswer, *, is_main: bool) -> AnswerOutcome:
    """Return the outcome of an analyzed answer. A reply to a follow-up may be short."""
    if heard.is_no_answer:
        return "not_an_answer"
    is_brief = heard.is_hardly_there if is_main else not heard.analysis.word_count
    return "brief" if is_brief else OBSERVED


def observe(judged: Judged) -> tuple[Observation, ...]:
    """Return everything that was listened for; nothing without an answer."""
    heard = judged.heard
    if heard is None or not judged.is_observed:
        return ()
    return (
        *_parts(judged, heard),
        *_measured_outcome(judged, heard),
        *_own_actions(judged, heard),
        *_reflection(judged, heard),
        *_substance(judged, heard),
        *_checklist(judged, heard),
    )


def told_outcome(heard: HeardAnswer) -> Evidence | None:
    """Return the sentence of the last measured outcome, with the number in focus; None without one."""
    if not heard.told_outcomes:
        return None
    return quoting_remark(heard.sentences, heard.told_outcomes[-1])


def acts_of(heard: HeardAnswer) -> PartOwnership | None:
    """Return who acts in the actions of a story; None if it has no actions."""
    ownership = heard.analysis.ownership
    return next((each for each in ownership.by_part if each.part == ACTION), None) if ownership else None


def surest_remark(heard: HeardAnswer, kind: str) -> Evidence | None:
    """Return the surest remark of a kind, like "decision"; None without one."""
    remarks = said(heard.analysis.substance.remarks) if heard.analysis.substance else ()
    found = [remark for remark in remarks if remark.kind == kind]
    return quoting_remark(heard.sentences, max(found, key=lambda remark: remark.confidence)) if found else None


def own_action(heard: HeardAnswer) -> Evidence | None:
    """Return the first action told with "I"; None without one."""
    return quoting_first(tuple(s for s in heard.sentences_of(ACTION) if _I.search(s.text)))


def _parts(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    missing = {part.name for part in heard.missing}
    for part in heard.framework.parts:
        if heard.analysis.structure is None:
            yield _not(judged, "part", part.name, part.title, "not_measured")
        elif part.name in missing:
            yield _not(judged, "part", part.name, part.title)
        else:
            yield _seen_in(judged, "part", part.name, part.title, _evidence_of_part(heard, part))


def _evidence_of_part(heard: HeardAnswer, part: FrameworkPart) -> Evidence | None:
    """Return a sentence of the part, or else the words that the checklist recognized."""
    found = quoting_first(heard.sentences_of(part.name))
    if found is not None or heard.analysis.coverage is None:
        return found
    items = heard.analysis.coverage.items
    return next(
        (quoting_remark(heard.sentences, each.covered) for each in items if each.part == part.name and each.covered),
        None,
    )


def _measured_outcome(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    """Yield the measured outcome. Only a story must have one."""
    kind: ObservationKind = "measured_outcome"
    evidence = told_outcome(heard)
    if evidence is not None:
        numbers = ", ".join(" ".join(outcome.text.split()) for outcome in heard.told_outcomes)
        yield _seen_in(judged, kind, kind, _TITLES[kind], evidence, numbers)
    elif heard.framework.name == "star":
        yield _not(judged, kind, kind, _TITLES[kind])


def _own_actions(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    if heard.framework.name != "star":
        return
    kind: ObservationKind = "own_actions"
    if heard.analysis.ownership is None:
        yield _not(judged, kind, kind, _TITLES[kind], "not_measured")
        return
    acts = acts_of(heard)
    if acts is None or not acts.i:
        yield _not(judged, kind, kind, _TITLES[kind], detail=f"I 0, we {acts.we}" if acts and acts.we else None)
    else:
        yield _seen_in(judged, kind, kind, _TITLES[kind], own_action(heard), f"I {acts.i}, we {acts.we}")


def _reflection(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    """Yield whether what was learned is said, where the question asks for it."""
    kind: ObservationKind = "reflection"
    found = heard.analysis.reflection
    if found is None:
        return
    if not found.is_there:
        yield _not(judged, kind, kind, _TITLES[kind], "not_measured" if found.is_there is None else "not_seen")
        return
    said = next((each for each in heard.sentences if each.start_char == found.start_char), None)
    yield _seen_in(judged, kind, kind, _TITLES[kind], quoting(said))


def _substance(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    for kind in _SUBSTANCE:
        if heard.analysis.substance is None:
            yield _not(judged, kind, kind, _TITLES[kind], "not_measured")
            continue
        evidence = surest_remark(heard, kind)
        if evidence is not None:
            yield _seen_in(judged, kind, kind, _TITLES[kind], evidence)
        else:
            yield _not(judged, kind, kind, _TITLES[kind])


def _checklist(judged: Judged, heard: HeardAnswer) -> Iterator[Observation]:
    """Yield the checklist points that this answer needs and that surely are in it, or are not."""
    coverage = heard.analysis.coverage
    for item in coverage.items if coverage is not None else ():
        if item.expected and item.covered is not None:
            yield _seen_in(judged, "checklist", item.name, item.title, quoting_remark(heard.sentences, item.covered))
        elif coverage is not None and item.name in coverage.missing:
            yield _not(judged, "checklist", item.name, item.title)


def _seen_in(
    judged: Judged, kind: ObservationKind, name: str, title: str, evidence: Evidence | None, detail: str | None = None
) -> Observation:
    quote = judged.quote(evidence) or Quote("", None)
    return Observation(
        position=judged.position,
        kind=kind,
        name=name,
        title=title,
        seen="seen",
        detail=detail,
        quote=quote.text or None,
        start_s=quote.start_s,
    )


def _not(
    judged: Judged,
    kind: ObservationKind,
    name: str,
    title: str,
    seen: Seen = "not_seen",
    detail: str | None = None,
) -> Observation:
    return Observation(position=judged.position, kind=kind, name=name, title=title, seen=seen, detail=detail)


def scorecard(judged: Judged, follow_ups: Iterable[Judged], judge_reply: JudgeReply, *, takes: int = 1) -> Scorecard:
    """Return the scorecard of one question.

    Args:
        judged: The answer to it.
        follow_ups: The replies to its follow-ups, in order.
        judge_reply: Judges whether a reply contains what was asked for.
        takes: How often the question was answered in this session.
    """
    question, heard = judged.answer.question, judged.heard
    analysis = heard.analysis if heard else None
    relevance = analysis.relevance.kind if analysis and analysis.relevance else None
    return Scorecard(
        position=judged.position,
        question=question.summary() if question else None,
        competency=question.competency if question else None,
        takes=takes,
        outcome=judged.outcome,
        relevance=relevance if judged.outcome == "not_an_answer" else None,
        duration_s=analysis.duration_s if analysis else None,
        target_min_s=analysis.target_min_s if analysis else None,
        target_max_s=analysis.target_max_s if analysis else None,
        length=analysis.length if analysis and judged.is_observed else None,
        observations=observe(judged),
        follow_ups=tuple(_follow_up_card(each, judge_reply) for each in follow_ups),
    )


def observation_of(card: FollowUpCard) -> Observation:
    """Return a follow-up as one more observation."""
    return Observation(
        position=card.position,
        kind="follow_up",
        name=card.asks_for or "follow_up",
        title="Follow-up",
        seen=card.seen,
        detail=card.text,
        quote=card.quote if card.seen == "seen" else None,
        start_s=card.start_s if card.seen == "seen" else None,
    )


def _follow_up_card(judged: Judged, judge_reply: JudgeReply) -> FollowUpCard:
    """Return the card of a follow-up. It quotes the words that were asked for, or else the start of the reply."""
    question, assessment = judged.answer.question, judged.answer.assessment
    asks_for, reply = question.asks_for if question else None, None
    if judged.is_observed and asks_for is not None and assessment is not None:
        reply = judge_reply(asks_for, assessment.analysis, assessment.transcript)
    shown = quoting(reply.sentence, focus=reply.focus) if reply else None
    quote = judged.quote(shown or (quoting_first(judged.heard.sentences) if judged.heard else None)) or Quote("", None)
    return FollowUpCard(
        position=judged.position,
        text=question.text if question else "",
        asks_for=asks_for,
        outcome=judged.outcome,
        seen=_seen_for(judged, reply),
        quote=quote.text or None,
        start_s=quote.start_s,
    )


def _seen_for(judged: Judged, reply: Reply | None) -> Seen:
    """Return whether what was asked for was heard. A question that was skipped or not answered counts as not heard."""
    if judged.outcome == "interrupted":
        return "not_measured"
    if not judged.is_observed:
        return "not_seen"
    if reply is None or reply.holds is None:
        return "not_measured"
    return "seen" if reply.holds else "not_seen"
