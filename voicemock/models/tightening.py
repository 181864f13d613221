"""An answer made tighter: what of it stays, in which order, and why the rest may go."""

from __future__ import annotations

from typing import Literal

from voicemock.models.transcript import SCHEMA_VERSION, Model

CutReason = Literal["filler", "taken_back", "opener", "aside", "repetition", "talk"]
"""Why words or a sentence may go.

``filler``, ``taken_back``, ``opener``: words within a sentence that stays; an opener is the "so" that leads on from a
sentence that stands there no more. ``aside``, ``repetition``, ``talk``: the sentence surely adds nothing.
"""

Tightness = Literal["tighter", "nothing_to_cut", "brief", "no_answer"]
"""What came of it. ``brief``: too few words to cut any; ``no_answer``: it does not answer the question."""


def spoken_words(text: str) -> int:
    """Return how many words of a text are more than marks."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


class WordsCut(Model):
    """Words that go from a sentence that stays, with the commas that only they needed."""

    text: str
    why: CutReason
    start_char: int
    end_char: int


class TightSentence(Model):
    """A sentence as it was said, and what of it stays."""

    text: str
    reads: str | None
    """What stays: words of ``text`` in their order; None where the sentence goes."""
    part: str | None
    is_headline: bool = False
    """Whether it was moved to the front."""
    is_optional: bool = False
    """Whether it is more background than a story needs, or would have to go as well for the length. It stays: only the
    candidate knows if it is needed."""
    why: CutReason | None = None
    """Why it goes; None where it stays."""
    cuts: tuple[WordsCut, ...] = ()
    """What goes of a sentence that stays, in order; none overlap."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class Tightened(Model):
    """An answer in the candidate's own sentences, cut to a length. Nothing in it was not said."""

    schema_version: Literal[1] = SCHEMA_VERSION
    source: str
    question: str | None
    """Its text; None where it is not known."""
    outcome: Tightness
    to_s: float
    """The length that was asked for."""
    words_per_minute: float
    """The pace that lengths are counted with."""
    is_own_pace: bool
    """Whether that is the pace of this answer; else 150, for a text has none."""
    words_before: int
    """Words that are not filled pauses."""
    words_after: int
    seconds_before: float
    seconds_after: float
    headline_s: float | None
    """When the first result was told; None where that is not known."""
    is_read: bool
    """Whether it is known what is in its sentences; else only fillers and words taken back go."""
    is_punctuated: bool
    """Whether punctuation says where its sentences end. Those of which it does not say so all stay."""
    text: str
    """What stays, in order: the headline first."""
    sentences: tuple[TightSentence, ...]
    """All sentences in the order in which they were said."""

    @property
    def is_within(self) -> bool:
        """Whether what stays fits into the length."""
        return self.seconds_after <= self.to_s

    @property
    def seconds_without_optional(self) -> float:
        """How long it would be without the sentences that only the candidate can judge."""
        optional = sum(spoken_words(each.reads or "") for each in self.sentences if each.is_optional)
        return self.seconds_after - optional * 60 / self.words_per_minute

    @property
    def was_within(self) -> bool:
        """Whether the answer fitted before anything was cut."""
        return self.seconds_before <= self.to_s

    @property
    def headline(self) -> TightSentence | None:
        """The sentence that was moved to the front; None if none was."""
        return next((each for each in self.sentences if each.is_headline), None)
