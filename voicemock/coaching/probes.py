"""Probes: the follow-ups in ``prompts/probes``, what they look for in an answer, and how they quote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, model_validator

from voicemock.analysis.evidence import LIKELY, MAY_HOLD
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.phrasebook import Phrasebook, PhraseRule, check_sets
from voicemock.analysis.spoken_text import SpokenText, Statement, statement_of, statements_of
from voicemock.coaching.cues import load_claim_words
from voicemock.coaching.findings import SAID_FROM, HeardAnswer
from voicemock.coaching.quoting import FEWEST_OF_A_SENTENCE, Evidence, excerpt, is_clause, is_sentence
from voicemock.content.wording import check_wordings, placeholders, word
from voicemock.content.yaml_files import load_yaml
from voicemock.errors import ContentError
from voicemock.models import AsksFor, Assessment, Framework, FrameworkName, Model, QuantifiedResult, RelevanceKind

ProbeKind = Literal["missing", "open", "said", "technical", "trade_off", "leadership", "pushback"]
"""Target of a probe: something missing, what an answer leaves open, a sentence for what it says, a technical term, a
choice, leading people, or a challenge."""

QUOTES: Final = frozenset({"quote", "number"})
"""Placeholders of a probe's wording: a few of the candidate's words, or the outcome they told."""
QUOTE_WORDS: Final = (11, 8, 6)
"""Most words of a quote that can be recognized by ear. Shorter ones are tried if a longer one cannot be quoted."""
MOST_QUOTED_WORDS: Final = 15
"""Of a sentence that is quoted for what it says as a whole."""
FEWEST_OF_A_TERM: Final = 4
"""Words of a quote that holds a term: the term makes it worth saying."""
FEWEST_WORDS: Final = 5
"""Words without fillers. With fewer, nothing was said that could be asked about."""
_SPEAKABLE: Final = re.compile(r"[\w ,.'%$&/+-]+")
_LEADING: Final = re.compile(r"(?:(?:and|but|so|then|well|because|also|first|second|next|finally|okay)\b,? +)+", re.I)
_LEADING_OF_NUMBER: Final = re.compile(r"(?:(?:by|to|of|in|around|about|nearly|almost|over|up)\b +)+", re.I)
_EDGES: Final = " ,.;:!?-\"'\N{EM DASH}\N{EN DASH}"


class Probe(Model):
    """One possible follow-up."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    text: str = Field(min_length=10)
    """The wording without a quote."""
    quoting: str | None = None
    """The wording with ``{quote}`` or ``{number}``. Without one, a claim's text gets one of the file's ``lead_ins``."""
    asks_for: AsksFor
    gap: str | None = None
    """What the answer lacks; only for the kind "missing"."""
    heard: tuple[str, ...] = ()
    """Phrases that trigger it."""
    part: str | None = None
    """Part of the framework in which ``heard`` must be said; None for any."""
    evidence: tuple[str, ...] = ()
    """Evidence that one sentence must surely hold, all of it; and it must say one of ``heard``, if there are any."""
    about: tuple[str, ...] = ()
    """Evidence that must surely be somewhere in what was said; only for the kind "open"."""
    told_near: tuple[str, ...] = ()
    """Evidence that answers it already, if that sentence or one within two of it holds it."""
    told: tuple[str, ...] = ()
    """Evidence that answers it already, wherever it is. Of the kind "open" it must surely be absent."""
    unless: tuple[str, ...] = ()
    """Phrases that rule out a sentence that triggers it."""
    needs: tuple[str, ...] = ()
    """Phrases of which the answer must contain one."""
    answered_by: tuple[str, ...] = ()
    """Phrases that show that the answer or a reply has already covered it."""
    needs_number: bool = False
    """Whether it is asked only after a measured outcome was told."""
    fits_plans: bool = False
    """Whether a claim's wording fits plans, as in a design: "does", not "did"."""
    frameworks: tuple[FrameworkName, ...] = ("star", "triage", "design", "retrospective")
    listens_for: tuple[str, ...] = Field(min_length=2, max_length=4)
    """What a strong reply covers, one phrase each."""
    topics: tuple[str, ...] = ()
    """Words of a job description that raise its worth, besides those of ``heard``."""
    worth: int = Field(default=2, ge=1, le=3)
    """How much an interviewer would want to know it: 3 for what only someone who did it can tell."""
    target_s: tuple[float, float] = (30.0, 90.0)
    """Shortest and longest good reply, in seconds."""

    @model_validator(mode="after")
    def _is_well_formed(self) -> Probe:
        check_sets((*self.heard, *self.unless, *self.needs, *self.answered_by), {})
        if placeholders(self.text):
            raise ValueError("text must make sense without a quote; placeholders belong into quoting")
        check_wordings("quoting", (self.text, self.quoting or ""), QUOTES)
        if self.unless and not (self.heard or self.evidence):
            raise ValueError("unless rules out what was heard: without heard or evidence it does nothing")
        if self.target_s[0] >= self.target_s[1]:
            raise ValueError("target_s must be [shortest, longest]")
        return self


class ProbeFile(Model):
    """A file of probes of one kind."""

    kind: ProbeKind
    lead_ins: tuple[str, ...] = ()
    """Sentences with ``{quote}`` to precede a claim's text; only where the kind is about something that was said."""
    term_leads: tuple[str, ...] = ()
    """The same with ``{term}``, for a sentence of which only the term itself can be quoted."""
    common_mistakes: tuple[str, ...] = Field(min_length=1)
    probes: tuple[Probe, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> ProbeFile:
        check_wordings("lead_ins", self.lead_ins, needed={"quote"})
        if bool(self.lead_ins) != self.is_claim:
            raise ValueError("lead_ins belong to the kinds about something that was said, and to no other")
        check_wordings("term_leads", self.term_leads, needed={"term"})
        for probe in self.probes:
            if (probe.gap is not None) != (self.kind == "missing"):
                raise ValueError(f"{probe.name}: gap belongs to every probe of the kind missing, and to no other")
            if probe.about and self.kind != "open":
                raise ValueError(f"{probe.name}: about belongs to the kind open, and to no other")
            if self.is_claim and not (probe.heard or probe.evidence):
                raise ValueError(f"{probe.name}: without heard or evidence nothing would trigger it")
        return self

    @property
    def is_claim(self) -> bool:
        """Whether its probes target something that was said."""
        return self.kind in ("said", "technical", "trade_off", "leadership")


def load_probes(folder: Path) -> tuple[ProbeFile, ...]:
    """Read every file of probes in a folder.

    Raises:
        ContentError: A file breaks its schema, or two probes have the same name.
    """
    files = tuple(load_yaml(path, ProbeFile) for path in sorted(folder.glob("*.yaml")))
    counts = Counter(probe.name for file in files for probe in file.probes)
    if twice := next((name for name, count in counts.items() if count > 1), None):
        raise ContentError(f"{folder}: the probe name {twice} is used twice. Rename one of them.")
    return files


@dataclass(frozen=True)
class Listened:
    """One answer or reply with its framework."""

    assessment: Assessment
    framework: Framework

    @cached_property
    def heard(self) -> HeardAnswer:
        """The analysis with its framework."""
        return HeardAnswer(self.assessment.analysis, self.framework)

    @cached_property
    def spoken(self) -> SpokenText:
        """The transcript as tokens."""
        return SpokenText.of(self.assessment.transcript)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its sentences without fillers."""
        structure = self.assessment.analysis.structure
        sentences = structure.sentences if structure else ()
        return statements_of(self.spoken, sentences, self.assessment.analysis.fillers)

    def holds(self, index: int, *names: str, at_least: float = MAY_HOLD) -> bool:
        """Return whether a sentence may hold one of these pieces of evidence."""
        table = self.heard.table
        return table is not None and any(table.probabilities[name][index] >= at_least for name in names)

    @property
    def speaks_jargon(self) -> bool:
        """Whether a stranger would probably not follow it; then its terms are not taken up one by one."""
        table = self.heard.table
        return table is not None and table.most(f"{self.framework.name}:jargon") >= LIKELY

    def surely_holds(self, index: int, names: Sequence[str]) -> float:
        """Return the probability that a sentence holds all of these pieces of evidence: that of the least likely."""
        table = self.heard.table
        return 0.0 if table is None else min(float(table.probabilities[name][index]) for name in names)

    @property
    def refusal(self) -> RelevanceKind | None:
        """Why it is not an answer; None if it can be asked about."""
        analysis = self.assessment.analysis
        relevance = analysis.relevance
        if analysis.structure is None or analysis.word_count < FEWEST_WORDS:
            return "empty"
        if relevance is None or relevance.kind in ("on_topic", "unclear") or relevance.confidence < SAID_FROM:
            return None
        return relevance.kind


@dataclass(frozen=True)
class Listening:
    """What the interviewer has heard so far: the answer to a question, then the replies to its follow-ups."""

    turns: tuple[Listened, ...]
    lexicon: Lexicon

    @property
    def main(self) -> Listened:
        """The answer that the follow-ups probe."""
        return self.turns[0]

    @property
    def replies(self) -> tuple[Listened, ...]:
        """The replies that say something."""
        return tuple(turn for turn in self.turns[1:] if turn.refusal is None)

    @property
    def meaningful(self) -> tuple[Listened, ...]:
        """The answer, and the replies that say something."""
        return (self.main, *self.replies)

    @cached_property
    def probed(self) -> frozenset[str]:
        """Ids of the follow-ups that got a reply."""
        return frozenset(turn.assessment.question.id for turn in self.turns[1:] if turn.assessment.question is not None)

    def lacks(self, *names: str) -> bool:
        """Return whether these pieces of evidence are surely in nothing that was said."""
        tables = [turn.heard.table for turn in self.meaningful]
        return all(table is not None and all(map(table.is_absent, names)) for table in tables)

    def surely_tells(self, *names: str) -> bool:
        """Return whether each of these pieces of evidence is surely somewhere in what was said."""
        tables = [turn.heard.table for turn in self.meaningful]
        return all(any(table is not None and table.is_there(name) for table in tables) for name in names)

    def how_open(self, *names: str) -> float | None:
        """Return how surely these pieces of evidence are absent, from 0 to 1; None where one may have been told."""
        if not self.lacks(*names):
            return None
        tables = [turn.heard.table for turn in self.meaningful]
        told = (table.most(name) / table.scales[name].absent_to for table in tables if table for name in names)
        return 1.0 - max(told, default=1.0)

    def may_hold(self, *names: str) -> bool:
        """Return whether any sentence may hold one of these pieces of evidence."""
        return any(turn.holds(index, *names) for turn in self.meaningful for index in range(len(turn.statements)))

    def rules_found(self, book: Phrasebook) -> frozenset[str]:
        """Return the names of the rules that match anywhere."""
        statements = (statement for turn in self.meaningful for statement in turn.statements)
        return frozenset(match.rule.name for statement in statements for match in book.find(statement))


def book_of(phrases: dict[str, tuple[str, ...]], unless: dict[str, tuple[str, ...]] | None = None) -> Phrasebook:
    """Return a phrasebook from phrases by the names of their rules. Rules without phrases are left out."""
    ruled_out = unless or {}
    rules = [
        PhraseRule(name=name, phrases=each, unless=ruled_out.get(name, ())) for name, each in phrases.items() if each
    ]
    return Phrasebook(rules, {})


def quote_of(turn: Listened, statement: Statement, focus: tuple[int, int]) -> str | None:
    """Return a few words of a sentence around ``focus``, exactly as in the transcript.

    None if they contain a filler, a repetition or an unquotable word, or cannot be spoken.
    """
    sentence = statement.sentence
    evidence = Evidence(sentence.start_char, sentence.end_char, None, focus)
    for most in QUOTE_WORDS:
        span = excerpt(turn.assessment.transcript.text, evidence, most, whole_clauses=True)
        if span is not None and (quote := _clean(turn, span, focus)) is not None:
            return quote
    return None


def quote_all_of(turn: Listened, statement: Statement) -> str | None:
    """Return a sentence, or whole clauses from its front, exactly as in the transcript; None as in ``quote_of``."""
    sentence = statement.sentence
    if not is_sentence(sentence):
        return None
    evidence = Evidence(sentence.start_char, sentence.end_char, None)
    span = excerpt(turn.assessment.transcript.text, evidence, MOST_QUOTED_WORDS, whole_clauses=True)
    quote = None if span is None else _clean(turn, span, (span[0], span[0]))
    return None if quote is None or len(quote.split()) < FEWEST_OF_A_SENTENCE else quote


def number_of(turn: Listened, outcome: QuantifiedResult) -> str | None:
    """Return a measured outcome as it was said, without its leading preposition."""
    leading = _LEADING_OF_NUMBER.match(outcome.text)
    number = outcome.text[leading.end() if leading else 0 :].strip(_EDGES)
    speakable = _SPEAKABLE.fullmatch(number) and number in turn.assessment.transcript.text
    return number if speakable else None


def term_of(turn: Listened, focus: tuple[int, int]) -> str | None:
    """Return the words that triggered a probe, if they name a thing ("load testing")."""
    term = turn.assessment.transcript.text[slice(*focus)].strip(_EDGES)
    is_thing = _SPEAKABLE.fullmatch(term) and not term.lower().endswith("ed")
    return term if is_thing and not _is_unquotable(term) and not _stumbles(turn, focus) else None


def say(probe: Probe, file: ProbeFile, *, quote: str | None, term: str | None, number: str | None, seed: str) -> str:
    """Return the words of a probe, with the candidate's own where they can be quoted."""
    values = {name: value for name, value in (("quote", quote), ("number", number)) if value is not None}
    if probe.quoting is not None and placeholders(probe.quoting) <= values.keys():
        return probe.quoting.format_map(values)
    if not file.is_claim or probe.quoting is not None:
        return probe.text
    if quote is not None:
        return f"{word(file.lead_ins, {'quote': quote}, f'{seed}|{probe.name}|lead')} {probe.text}"
    if term is not None and file.term_leads:
        return f"{word(file.term_leads, {'term': term}, f'{seed}|{probe.name}|lead')} {probe.text}"
    return probe.text


def _clean(turn: Listened, span: tuple[int, int], focus: tuple[int, int]) -> str | None:
    text = turn.assessment.transcript.text
    start, end = span
    if leading := _LEADING.match(text, start, min(end, focus[0])):
        start = leading.end()
    quote = text[start:end].strip(_EDGES)
    if (
        not is_clause(quote, FEWEST_OF_A_TERM)
        or not _SPEAKABLE.fullmatch(quote)
        or _stumbles(turn, (start, start + len(quote)))
    ):
        return None
    return None if _is_unquotable(quote) else quote


def _is_unquotable(text: str) -> bool:
    return load_claim_words().hears("unquotable", statement_of(text))


def _stumbles(turn: Listened, span: tuple[int, int]) -> bool:
    """Return whether the span contains a filler or a repetition."""
    analysis = turn.assessment.analysis
    stumbles = [(each.start_char, each.end_char) for each in analysis.fillers]
    stumbles += [(each.start_char, each.end_char) for each in analysis.repetitions]
    return any(start < span[1] and end > span[0] for start, end in stumbles)
