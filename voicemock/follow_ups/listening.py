"""What the interviewer has heard so far: the answer and the replies to follow-ups, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from voicemock.analysis import Lexicon
from voicemock.analysis.phrasebook import Phrasebook, PhraseRule
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.statements import Statement, statements_of
from voicemock.feedback.findings import SAID_FROM, HeardAnswer
from voicemock.models import Assessment, Framework, RelevanceKind

FEWEST_WORDS: Final = 5
"""With fewer words, fillers aside, nothing was said that could be asked about."""


@dataclass(frozen=True)
class Listened:
    """One answer or reply.

    Attributes:
        assessment: What was measured of it.
        framework: What it was measured by.
    """

    assessment: Assessment
    framework: Framework

    @cached_property
    def heard(self) -> HeardAnswer:
        """The analysis next to its framework."""
        return HeardAnswer(self.assessment.analysis, self.framework)

    @cached_property
    def spoken(self) -> SpokenText:
        """The transcript as tokens."""
        return SpokenText.of(self.assessment.transcript)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its sentences, fillers off."""
        structure = self.assessment.analysis.structure
        sentences = structure.sentences if structure else ()
        return statements_of(self.spoken, sentences, self.assessment.analysis.fillers)

    @property
    def refusal(self) -> RelevanceKind | None:
        """How it fails to be an answer; None for one that can be asked about."""
        analysis = self.assessment.analysis
        relevance = analysis.relevance
        if analysis.structure is None or analysis.word_count < FEWEST_WORDS:
            return "empty"
        if relevance is None or relevance.kind in ("on_topic", "unclear") or relevance.confidence < SAID_FROM:
            return None
        return relevance.kind


@dataclass(frozen=True)
class Listening:
    """The answer to a question, then the replies to its follow-ups.

    Attributes:
        turns: Each of them, in order.
        lexicon: The words that the analysis knows.
    """

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
        """Ids of the follow-ups that were replied to."""
        return frozenset(turn.assessment.question.id for turn in self.turns[1:] if turn.assessment.question is not None)

    def statements(self) -> Iterator[tuple[Listened, Statement]]:
        """Return every sentence with the turn that it stands in."""
        return ((turn, statement) for turn in self.meaningful for statement in turn.statements)

    def rules_found(self, book: Phrasebook) -> frozenset[str]:
        """Return the names of the rules that recognize something anywhere."""
        return frozenset(match.rule.name for _, statement in self.statements() for match in book.find(statement))


def book_of(phrases: dict[str, tuple[str, ...]], unless: dict[str, tuple[str, ...]] | None = None) -> Phrasebook:
    """Return phrases ready to be looked up, by the names of their rules; rules without any are left out."""
    ruled_out = unless or {}
    rules = [
        PhraseRule(name=name, phrases=each, unless=ruled_out.get(name, ())) for name, each in phrases.items() if each
    ]
    return Phrasebook(rules, {})
