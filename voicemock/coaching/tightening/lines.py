"""The sentences of an answer as lines that may go: what each carries, and on which it leans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from voicemock.analysis.evidence import LIKELY, MAY_HOLD
from voicemock.analysis.headline import RESULT, result_part
from voicemock.analysis.spoken_text import SpokenText, Token
from voicemock.coaching.findings import BACKGROUND
from voicemock.coaching.tightening.cohesion import known_in
from voicemock.coaching.tightening.leaning import (
    leans_on_the_one_before,
    may_bring_in_a_person,
    people_in,
    points_at_a_person,
    sets_up,
    takes_back,
)
from voicemock.coaching.tightening.smoothing import Stretch, stumbles, without
from voicemock.models import Analysis, CutReason, Framework, Sentence

ADDS_NOTHING: Final[Mapping[str, tuple[float, CutReason]]] = {
    "aside": (0.4, "aside"),
    "repetition": (0.9, "repetition"),
    "talk_about_answering": (0.7, "talk"),
}
"""Evidence that a sentence adds nothing, and from where on that is sure. Of the sentences of the development hands in
which it is found, labelers called 6 of 8 an aside and were unsure of 2, and 19 of 21 talk about the answering; the
limit for repetitions is the reader's."""
CARRIES_NOTHING: Final = frozenset(
    {
        *("situation", "happened", "general", "speaker_acts", "team_acts", "other_acts", "doer_unnamed"),
        *("communicate", "coordinate_only", "hand_over", "credit_given", "sole_credit", "blame", "contempt"),
        *("aside", "repetition", "platitude", "talk_about_answering", "other_story", "hedge", "jargon", "code_detail"),
        *("workstream", "launch", "cadence", "proof", "audience_set"),
    }
)
"""Evidence without which an answer still tells what it is told for. All other evidence keeps its sentence where it may
be there: a task, step, reason, finding, choice, price, figure, result or lesson, and what a plan or a design asks for.
"""
CORE: Final = ("task", "decision", "result", "outcome_figure", "own_mistake", "lesson")
"""Where one of these is likely, the sentence is not even offered to the candidate as one that may be spared. All other
sentences are, steps too: of the plain steps that nothing spoke of again, readers missed about every second."""
MOST_SENTENCES: Final = 200
"""Of a longer text no sentence goes: people speak twenty minutes with so many, and the choice would take too long."""
MEASURED_RESULT: Final = 0.6
"""A number that was found as an outcome makes a likely result a sure one."""
SPOILS_A_HEADLINE: Final = ("action", "bullet")
"""A sentence in which one of these is likely tells more than what came of it, or is an item of a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and what may become of it.

    Attributes:
        sentence: As it was said.
        words: Its words, without those that go.
        gone: What goes of it if it stays, in order.
        count: How many words stay.
        leans_on: Earlier sentences that its grammar needs, by their index: they say who "he" is.
        known_from: Earlier sentences that brought in what it speaks of again.
        is_bound: Whether it may only go with the one before: it answers it, or takes it back.
        may_go: For what it may go; None where it stays.
        is_mere_background: Whether it only tells how things were.
        is_spare: Whether it may go if the candidate knows that it is not needed.
        carries: How likely it carries something that the answer is told for.
        result: How likely it tells a result; 0 where the framework has none.
        leads: Whether it tells a measured result and nothing else, of what nothing before it speaks.
        why: Why it goes; None while it stays.
    """

    sentence: Sentence
    words: tuple[Token, ...]
    gone: tuple[Stretch, ...]
    count: int
    leans_on: frozenset[int]
    known_from: frozenset[int]
    is_bound: bool
    may_go: CutReason | None
    is_mere_background: bool
    is_spare: bool
    carries: float
    result: float
    leads: bool
    why: CutReason | None = None

    @property
    def needs(self) -> frozenset[int]:
        """Earlier sentences without which it makes no sense."""
        return self.leans_on | self.known_from

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
    has_results = result_part(framework) is not None
    outcomes = [each.start_char for each in analysis.quantified_results]
    points = _expected_points(analysis)
    lines: list[Line] = []
    for sentence, there, out, left, known in zip(sentences, evidence, gone, words, known_in(words, names), strict=True):
        before = lines[-1].sentence if lines else None
        is_bound = before is not None and (
            _is_bound(spoken.text, before, sentence) or there.get("hedge", 0.0) >= LIKELY
        )
        is_measured = _holds(sentence, outcomes)
        stays = is_measured or _holds(sentence, points) or len(sentences) > MOST_SENTENCES
        lines.append(
            Line(
                sentence=sentence,
                words=left,
                gone=out,
                count=len({word.word for word in left}),
                leans_on=frozenset({len(lines) - 1} if is_bound else _leans_on(lines, left, names)),
                known_from=known.brought_in_by,
                is_bound=is_bound,
                may_go=None if stays else _may_go(sentence, there),
                is_mere_background=not stays and _may_be_background(sentence, there) and _carries(there) < MAY_HOLD,
                is_spare=not stays and _is_spare(sentence, there),
                carries=_carries(there),
                result=there.get(RESULT, 0.0) if has_results else 0.0,
                leads=has_results and is_measured and not known.is_more_than_figures and _tells_a_result_alone(there),
                why="filler" if out and not left else None,
            )
        )
    return lines


def _expected_points(analysis: Analysis) -> list[int]:
    """Return the first characters of the words that cover expected points of the checklist."""
    items = analysis.coverage.items if analysis.coverage else ()
    return [item.covered.start_char for item in items if item.expected and item.covered]


def _holds(sentence: Sentence, starts: Sequence[int]) -> bool:
    return any(sentence.start_char <= start < sentence.end_char for start in starts)


def _carries(there: Mapping[str, float]) -> float:
    """Return how likely a sentence carries something that the answer is told for."""
    return max((each for name, each in there.items() if name not in CARRIES_NOTHING), default=0.0)


def _may_go(sentence: Sentence, there: Mapping[str, float]) -> CutReason | None:
    """Return for what a sentence may go: only where it surely begins and ends there, and surely carries nothing.

    Borders that the reader guessed, where there is no punctuation, are never sure: of the sentences for which it gave
    both 0.99, a quarter began or ended elsewhere (development hands).
    """
    if not there or sentence.borders is not None or _may_be_background(sentence, there):
        return None
    sure = (why for name, (least, why) in ADDS_NOTHING.items() if there.get(name, 0.0) >= least)
    return next(sure, None) if _carries(there) < LIKELY else None


def _may_be_background(sentence: Sentence, there: Mapping[str, float]) -> bool:
    is_known = bool(there) and sentence.borders is None
    return is_known and (sentence.part in BACKGROUND or there.get("situation", 0.0) >= MAY_HOLD)


def _is_spare(sentence: Sentence, there: Mapping[str, float]) -> bool:
    return bool(there) and sentence.borders is None and all(there.get(name, 0.0) < LIKELY for name in CORE)


def _leans_on(lines: Sequence[Line], words: Sequence[Token], names: frozenset[int]) -> set[int]:
    """Return on which earlier sentences one leans: the one before, and the last ones that may tell who "he" is.

    Nothing leans on talk about the answering: "Let me think. This was in 2019."
    """
    said = [n for n in range(len(lines) - 1, -1, -1) if lines[n].why is None and lines[n].may_go != "talk"]
    needs = set(said[:1]) if leans_on_the_one_before(words, names) else set()
    if said and points_at_a_person(words, names):
        same = (n for n in said if people_in(lines[n].words) & people_in(words))
        named = (n for n in said if any(word.start_char in names for word in lines[n].words))
        brought_in = (n for n in said if may_bring_in_a_person(lines[n].words))
        needs |= {next(each, said[0]) for each in (same, named, brought_in)}
    return needs


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


def _is_bound(text: str, before: Sentence, sentence: Sentence) -> bool:
    """Return whether a sentence may only go with the one before.

    So an answer goes with its question, what takes back with what was said, and the rest of a quotation with its start.
    """
    return sets_up(before.text) or takes_back(sentence.text) or bool(text.count('"', 0, before.end_char) % 2)


def _tells_a_result_alone(there: Mapping[str, float]) -> bool:
    return there.get(RESULT, 0.0) >= MEASURED_RESULT and all(
        there.get(name, 0.0) < LIKELY for name in SPOILS_A_HEADLINE
    )
