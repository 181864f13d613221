"""Ways not to answer a question: what is said then stands alone.

What to fix in what an answer is about: the heart of the question left out, or few of the expected points made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.rambling import content_words
from voicemock.coaching.cues import load_cues
from voicemock.coaching.findings import Finding, HeardAnswer, extent, quoting_first, strong_point
from voicemock.coaching.numerals import enumerate_words, in_words
from voicemock.coaching.quoting import Evidence
from voicemock.models import Coverage, Question

DECLINED_WORDS: Final = 90
"""A longer answer has an answer in it ..."""
GIVEN_UP_WORDS: Final = 200
"""... unless it is a search for one that ends without it."""
LAST_SENTENCES: Final = 3
"""Where it is given up."""
INSULTS_FROM: Final = 2
INSULTING_WORDS: Final = 200
BESIDE_FROM_WORDS: Final = 40
BESIDE_SENTENCES: Final = 2
FAR_FROM_SUBJECT: Final = 0.27
"""Nearness to the question, below which a text without an event in it is about something else."""
MOVES_BESIDE: Final = 1
"""So many moves of a checklist are found in anything: "I have two cats" has a number in it."""
FOREIGN_FROM_WORDS: Final = 8
FOREIGN_SHARE: Final = 0.15
"""English talk has next to none; German, French, Spanish, Italian and Portuguese have a quarter or more."""
READ_FROM_WORDS: Final = 8
READ_SHARE: Final = 0.85
WORD_OF_CONTENT: Final = 4
"""Letters from which a word is looked at."""


def not_an_answer(heard: HeardAnswer) -> Iterator[Finding]:
    """The words do not answer the question."""
    relevance = heard.analysis.relevance
    if relevance is None or not heard.is_no_answer:
        yield from _foreign(heard)
        yield from _declined(heard)
        yield from _insulting(heard)
        yield from _question_read(heard)
        yield from _beside_the_question(heard)
        return
    if relevance.start_char is None or relevance.end_char is None:
        yield Finding(relevance.kind)
    else:
        yield Finding(relevance.kind, {}, Evidence(relevance.start_char, relevance.end_char, relevance.start_s))


def _foreign(heard: HeardAnswer) -> Iterator[Finding]:
    """Everyday words of another language, and hardly any English ones beside them."""
    words = [word for sentence in heard.sentences for word in re.findall(r"[^\W\d_]+", sentence.text.lower())]
    foreign = sum(word in load_cues()["foreign"] for word in words)
    if len(words) >= FOREIGN_FROM_WORDS and foreign >= FOREIGN_SHARE * len(words):
        yield Finding("other_language", {}, quoting_first(heard.sentences))


def _declined(heard: HeardAnswer) -> Iterator[Finding]:
    """Some words about having no answer, and none after them; or a search for one that is given up."""
    if heard.analysis.word_count > GIVEN_UP_WORDS or heard.analysis.quantified_results:
        return
    declined = heard.hears("declines", heard.sentences)
    others = sum(len(s.text.split()) for s in heard.sentences if s not in declined)
    is_short = heard.analysis.word_count <= DECLINED_WORDS and others <= DECLINED_WORDS / 2
    is_given_up = not heard.tells_an_event and any(s in declined for s in heard.sentences[-LAST_SENTENCES:])
    if declined and (is_short or is_given_up):
        yield Finding("no_answer", {}, quoting_first(declined if is_short else declined[-1:]))


def _insulting(heard: HeardAnswer) -> Iterator[Finding]:
    """More than one insult; a single one in a longer answer may be somebody else's."""
    book = Lexicon.load().hostile
    insults = [statement.sentence for statement in heard.statements if book.find(statement)]
    if len(insults) >= INSULTS_FROM and heard.analysis.word_count <= INSULTING_WORDS:
        yield Finding("hostile", {}, quoting_first(insults))


def _question_read(heard: HeardAnswer) -> Iterator[Finding]:
    """Nothing that was not in the question."""
    if heard.question is None or heard.analysis.word_count > 3 * len(heard.question.text.split()):
        return
    asked = set(re.findall(r"[a-z]+", heard.question.text.lower()))
    words = [w for s in heard.sentences for w in re.findall(r"[a-z]+", s.text.lower()) if len(w) >= WORD_OF_CONTENT]
    if len(words) >= READ_FROM_WORDS and sum(word in asked for word in words) >= READ_SHARE * len(words):
        yield Finding("question_read", {}, quoting_first(heard.sentences))


def _beside_the_question(heard: HeardAnswer) -> Iterator[Finding]:
    """Nothing that such an answer is made of, and hardly anything of the question or of a strong answer to it."""
    question, analysis = heard.question, heard.analysis
    if question is None or analysis.relevance is None or analysis.word_count < BESIDE_FROM_WORDS:
        return
    if analysis.coverage is not None:
        is_beside = analysis.coverage.covered <= MOVES_BESIDE and _sharing(heard, question) <= BESIDE_SENTENCES
    elif heard.closeness is not None:
        is_far = max(heard.closeness.question, heard.closeness.mean) <= FAR_FROM_SUBJECT
        is_beside = is_far and (not heard.tells_an_event or shares_no_words(heard))
    else:
        is_beside = not heard.tells_an_event and shares_no_words(heard)
    if is_beside:
        yield Finding("off_topic", {}, quoting_first(heard.sentences))


def shares_no_words(heard: HeardAnswer) -> bool:
    """Return whether a story has next to no word about work, the question or a strong answer to it."""
    relevance, question = heard.analysis.relevance, heard.question
    if relevance is None or question is None:
        return False
    return relevance.kind == "unclear" and _sharing(heard, question) <= 1


def _sharing(heard: HeardAnswer, question: Question) -> int:
    """Return how many sentences have a word in common with the question or a strong answer to it."""
    subject = frozenset().union(*(content_words(text) for text in (question.text, *question.strong_answer)))
    return sum(bool(words & subject) for words in heard.contents)


UNTOUCHED_FROM: Final = 2
TOUCHED_ENOUGH: Final = 0.27
"""Share of the words of a strong answer's points that were said, without vectors; good ones say 0.4."""
TOUCHED_BY_WORDS: Final = 0.35
"""From here on the words are proof enough that an answer is about its question, and no vector is computed."""
MEANING_UP_TO_WORDS: Final = 450
"""A longer answer is judged by its words alone: the meaning of one takes a quarter of a second of the processor."""
NEAR_ENOUGH: Final = 0.37
"""Mean nearness of an answer's sentences to the points of a strong one; those with the heart left out stay below it."""
COVERED_ENOUGH: Final = 0.3
"""Share of the expected points below which the gaps are what to work on; half of what is said in plain words is not
recognized (docs/accuracy.md), so that a good answer may show 40 %."""
COVERS_FROM_WORDS: Final = 120
"""A shorter answer cannot cover them, and hears that it is short."""


def may_miss_the_point(heard: HeardAnswer) -> bool:
    """Return whether words alone leave open if an answer is about its question: then its meaning is looked at."""
    question = heard.question
    if question is None or not question.wants_a_whole_answer or heard.is_hardly_there:
        return False
    if heard.analysis.word_count > MEANING_UP_TO_WORDS:
        return False
    if heard.framework.name == "star":
        return not heard.tells_an_event or shares_no_words(heard)
    return _mean(_touched(heard, question)) <= TOUCHED_BY_WORDS


def left_out(heard: HeardAnswer) -> Iterator[Finding]:
    """What a strong answer to this very question does, and what was said is not about it."""
    question = heard.question
    if question is None or heard.framework.name == "star" or heard.is_brief or not question.wants_a_whole_answer:
        return
    near = heard.closeness
    if near is not None:
        if near.mean <= NEAR_ENOUGH:
            farthest = min(range(len(near.points)), key=near.points.__getitem__)
            values = {"untouched": strong_point(question, question.strong_answer[farthest])}
            yield Finding("left_out", values, extent=extent(-near.mean, -NEAR_ENOUGH, -0.2))
        return
    touched = _touched(heard, question)
    untouched = [p for p, share in zip(question.strong_answer, touched, strict=True) if not share]
    if len(untouched) >= UNTOUCHED_FROM and _mean(touched) <= TOUCHED_ENOUGH:
        values = {"untouched": strong_point(question, untouched[0])}
        yield Finding("left_out", values, extent=extent(len(untouched) / len(touched), 0.3, 1.0))


def _touched(heard: HeardAnswer, question: Question) -> list[float]:
    """Return the share of the words of each point of a strong answer that were said."""
    answer = frozenset().union(*heard.contents)
    points = [content_words(point) for point in question.strong_answer]
    return [len(point & answer) / max(1, len(point)) for point in points]


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares) if shares else 0.0


def uncovered(heard: HeardAnswer) -> Iterator[Finding]:
    """Many of the moves and trade-offs that such an answer needs were not made."""
    coverage = heard.analysis.coverage
    if coverage is None or heard.analysis.word_count < COVERS_FROM_WORDS:
        return
    if coverage.covered >= COVERED_ENOUGH * coverage.expected:
        return
    missing = [item for item in coverage.items if item.name in coverage.missing]
    values = covered_values(coverage) | {
        "missing": enumerate_words(tuple(item.title[0].lower() + item.title[1:] for item in missing[:4])),
        "first": missing[0].say,
    }
    yield Finding("uncovered", values, extent=extent(-coverage.covered / coverage.expected, -COVERED_ENOUGH, 0.0))


def covered_values(coverage: Coverage) -> dict[str, str]:
    """Return how much of a checklist was covered."""
    return {
        "covered": str(coverage.covered),
        "expected": str(coverage.expected),
        "covered_spoken": in_words(coverage.covered),
        "expected_spoken": in_words(coverage.expected),
    }
