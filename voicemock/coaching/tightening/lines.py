"""The sentences of an answer as lines that may go: what each is worth, and on which it leans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from voicemock.analysis.evidence import LIKELY, MAY_HOLD
from voicemock.analysis.headline import RESULT, result_part
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.rambling import stem
from voicemock.analysis.spoken_text import SpokenText, Token
from voicemock.coaching.findings import BACKGROUND
from voicemock.coaching.quoting import ends_as_a_sentence
from voicemock.coaching.tightening.leaning import (
    leans_on_the_one_before,
    may_bring_in_a_person,
    names_or_follows_a_person,
    points_at_a_person,
    sets_up,
    takes_back,
)
from voicemock.coaching.tightening.smoothing import Stretch, stumbles, without
from voicemock.models import Analysis, CutReason, Framework, Sentence

SURE_TO_CUT: Final = 0.85
"""From this probability on a sentence ends where it was cut, where no punctuation says so. A quote needs 0.7."""
ADDS_NOTHING: Final[Mapping[str, tuple[float, CutReason]]] = {
    "aside": (0.6, "aside"),
    "repetition": (0.9, "repetition"),
    "platitude": (0.6, "platitude"),
    "talk_about_answering": (0.7, "talk"),
}
"""Evidence that a sentence adds nothing, and from where on that is sure. Of the sentences of the development hands in
which it is found, labelers called 4 of 4 an aside, 13 of 13 a platitude and 19 of 21 talk about the answering; the
limit for repetitions is the reader's."""
ADDS: Final = ("action", "result", "task", "outcome_figure", "decision", "lesson")
"""Evidence that it adds something all the same, where it is likely."""
WORTH: Final[Mapping[str, float]] = {
    "result": 2.0,
    "outcome_figure": 2.0,
    "before_after": 1.0,
    "decision": 2.0,
    "reason": 1.0,
    "trade_off": 1.5,
    "option": 1.0,
    "data_used": 1.0,
    "risk": 1.0,
    "lesson": 2.0,
    "own_mistake": 2.0,
    "credit_given": 0.5,
    "action": 1.0,
    "speaker_acts": 1.0,
    "task": 1.5,
    "situation": 0.5,
    "hand_over": 0.5,
    "communicate": 0.7,
    "coordinate_only": -0.5,
    "code_detail": -0.5,
    "blame": -1.0,
    "contempt": -1.0,
    "hedge": -0.3,
    "aside": -1.0,
    "repetition": -1.0,
    "platitude": -1.0,
    "talk_about_answering": -1.0,
    "other_story": -1.0,
}
"""What evidence in a sentence is worth: most where it is what interviewers score, which is what the candidate decided
and did, why, and what came of it. Evidence of a framework's parts that is not named here is worth 1. Our choice
(docs/tighter.md)."""
OUTCOME_WORTH: Final = 3.0
POINT_WORTH: Final = 2.0
"""Of an expected point of a checklist that the sentence covers."""
NEWS_WORTH: Final = 0.15
"""Of each word that later sentences take up, eight at most: without it they are harder to follow."""
MOST_NEWS: Final = 8
ENOUGH_NEWS: Final = 2 * NEWS_WORTH
"""A sentence that brings in two words that come again says what the answer is about."""
MOST_SENTENCES: Final = 200
"""Of a longer text no sentence goes: people speak twenty minutes with so many, and the choice would take too long."""
SURE_RESULT: Final = 0.9
MEASURED_RESULT: Final = 0.6
"""A number that was found as an outcome makes a likely result a sure one."""
SPOILS_A_HEADLINE: Final = ("action", "trade_off", "risk", "impact_sized", "blame", "lesson", "situation")
"""A sentence in which one of these is likely tells more, or worse, than what came of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and what may become of it.

    Attributes:
        sentence: As it was said.
        words: Its words, without those that go.
        gone: What goes of it if it stays, in order.
        count: How many words stay.
        worth: How much is lost with it.
        needs: Earlier sentences without which it makes no sense, by their index.
        is_bound: Whether it may only go with the one before: it answers it, takes it back, or may be a part of it.
        stays: Whether it may not go.
        nothing: Why it surely adds nothing; None where it may add something.
        result: How likely it tells a result; 0 where the framework has none.
        decision: How likely it tells a decision.
        leads: Whether it tells what came of it and nothing else, so that it could be the headline.
        why: Why it goes; None while it stays.
    """

    sentence: Sentence
    words: tuple[Token, ...]
    gone: tuple[Stretch, ...]
    count: int
    worth: float
    needs: tuple[int, ...]
    is_bound: bool
    stays: bool
    nothing: CutReason | None
    result: float
    decision: float
    leads: bool
    why: CutReason | None = None

    @property
    def is_background(self) -> bool:
        """Whether it tells how things were or should become."""
        return self.sentence.part in BACKGROUND


def lines_of(spoken: SpokenText, analysis: Analysis, framework: Framework) -> list[Line]:
    """Return each sentence as a line, in order. Where nothing is known of the evidence none may go."""
    sentences = analysis.structure.sentences if analysis.structure else ()
    found = analysis.evidence.sentences if analysis.evidence else ()
    evidence = found if len(found) == len(sentences) else ({},) * len(sentences)
    cuts, names = stumbles(analysis, spoken.text), names_in(spoken)
    gone = [tuple(without(spoken.text, (each.start_char, each.end_char), cuts)) for each in sentences]
    words = [tuple(_words_left(spoken, each, out)) for each, out in zip(sentences, gone, strict=True)]
    judge = _Judge(analysis, framework)
    lines: list[Line] = []
    for sentence, there, out, left, new in zip(sentences, evidence, gone, words, _news(words), strict=True):
        is_bound = bool(lines) and (
            _is_bound(spoken.text, lines[-1].sentence, sentence) or there.get("hedge", 0.0) >= LIKELY
        )
        measured = judge.measured(sentence)
        lines.append(
            Line(
                sentence=sentence,
                words=left,
                gone=out,
                count=len({word.word for word in left}),
                worth=judge.worth(sentence, there) + new,
                needs=(len(lines) - 1,) if is_bound else _needs(lines, left, names),
                is_bound=is_bound,
                stays=not there or measured > 0 or len(sentences) > MOST_SENTENCES,
                nothing=None if new >= ENOUGH_NEWS else _nothing(there),
                result=there.get(RESULT, 0.0) if judge.has_results else 0.0,
                decision=there.get("decision", 0.0),
                why="filler" if out and not left else None,
                leads=judge.has_results and _tells_a_result_alone(there, is_measured=measured > 0),
            )
        )
    return lines


class _Judge:
    """Says what a sentence is worth.

    Args:
        analysis: Of the answer.
        framework: That it was measured by.
    """

    def __init__(self, analysis: Analysis, framework: Framework) -> None:
        self.has_results = result_part(framework) is not None
        self._worths = {**{name: 1.0 for part in framework.parts for name in part.evidence}, **WORTH}
        self._outcomes = [each.start_char for each in analysis.quantified_results]
        items = analysis.coverage.items if analysis.coverage else ()
        self._points = [item.covered.start_char for item in items if item.expected and item.covered]

    def measured(self, sentence: Sentence) -> int:
        """Return how many measured outcomes a sentence holds."""
        return sum(sentence.start_char <= start < sentence.end_char for start in self._outcomes)

    def worth(self, sentence: Sentence, there: Mapping[str, float]) -> float:
        """Return the worth of what is in a sentence: evidence, outcomes, and expected points of the checklist."""
        points = sum(sentence.start_char <= start < sentence.end_char for start in self._points)
        found = sum(self._worths.get(name, 0.0) * probability for name, probability in there.items())
        return found + OUTCOME_WORTH * self.measured(sentence) + POINT_WORTH * points


def _needs(lines: Sequence[Line], words: Sequence[Token], names: frozenset[int]) -> tuple[int, ...]:
    """Return on which earlier sentences one leans: the one before, and the last ones that may tell who "he" is.

    Nothing leans on talk about the answering: "Let me think. This was in 2019."
    """
    said = [n for n in range(len(lines) - 1, -1, -1) if lines[n].why is None and lines[n].nothing != "talk"]
    needs = set(said[:1]) if leans_on_the_one_before(words, names) else set()
    if said and points_at_a_person(words, names):
        named = (n for n in said if names_or_follows_a_person(lines[n].words, names))
        brought_in = (n for n in said if may_bring_in_a_person(lines[n].words))
        needs |= {next(named, said[0]), next(brought_in, said[0])}
    return tuple(sorted(needs))


def names_in(spoken: SpokenText) -> frozenset[int]:
    """Return the first characters of the words with a capital inside a sentence, but for "I"."""
    text, tokens = spoken.text, spoken.tokens
    return frozenset(
        word.start_char
        for before, word in pairwise(tokens)
        if text[word.start_char].isupper() and not before.stop_after and word.norm.partition("'")[0] != "i"
    )


def _words_left(spoken: SpokenText, sentence: Sentence, gone: Sequence[Stretch]) -> Iterator[Token]:
    first, end = (spoken.first_token(char) for char in (sentence.start_char, sentence.end_char))
    for token in spoken.tokens[first:end]:
        if not any(each.start <= token.start_char < each.end for each in gone):
            yield token


def _news(sentences: Sequence[Sequence[Token]]) -> list[float]:
    """Return for each sentence what the words are worth that it says first and later ones take up."""
    stop_words = Lexicon.load().stop_words
    contents = [frozenset(stem(word.norm) for word in words if word.norm not in stop_words) for words in sentences]
    uses = Counter(word for content in contents for word in content)
    known: set[str] = set()
    worth = []
    for content in contents:
        new = sum(uses[word] > 1 for word in content - known)
        known |= content
        worth.append(NEWS_WORTH * min(MOST_NEWS, new))
    return worth


def _is_bound(text: str, before: Sentence, sentence: Sentence) -> bool:
    """Return whether a sentence may only go with the one before.

    So an answer goes with its question, what takes back with what was said, and the rest of a quotation with its start.

    Where no punctuation says that a sentence ends, it does so if the reader is sure and the words allow it.
    """
    if sets_up(before.text) or takes_back(sentence.text) or text.count('"', 0, before.end_char) % 2:
        return True
    if before.borders is None or sentence.borders is None:
        return False
    is_sure = max(before.borders, sentence.borders) >= SURE_TO_CUT
    return not (is_sure and ends_as_a_sentence(text, before) and ends_as_a_sentence(text, sentence))


def _nothing(there: Mapping[str, float]) -> CutReason | None:
    """Return why a sentence surely adds nothing; None where it may add something."""
    if there.get("situation", 0.0) >= MAY_HOLD or any(there.get(name, 0.0) >= LIKELY for name in ADDS):
        return None
    return next((why for name, (sure, why) in ADDS_NOTHING.items() if there.get(name, 0.0) >= sure), None)


def _tells_a_result_alone(there: Mapping[str, float], *, is_measured: bool) -> bool:
    if is_measured:
        return there.get(RESULT, 0.0) >= MEASURED_RESULT and there.get("action", 0.0) < LIKELY
    spoiled = any(there.get(name, 0.0) >= LIKELY for name in SPOILS_A_HEADLINE)
    return there.get(RESULT, 0.0) >= SURE_RESULT and not spoiled
