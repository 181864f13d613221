"""Whether the words answer the question at all: on topic, or one of the ways not to answer.

The rules are tried in the order of ``_RULES``; the first that is sure decides. They are lexical and generous: any
story about work is on topic for a behavioral question, and "off topic" needs strong signs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.phrasebook import Match, Phrasebook
from voicemock.analysis.rambling import stem
from voicemock.analysis.spoken_text import Statement, statement_of
from voicemock.models import Question, Relevance, RelevanceKind, Sentence

SHORT_WORDS: Final = 45
"""Up to here "I have no example" is the whole answer; about a quarter of a minute."""
OTHER_WORDS: Final = 15
"""More words beside it are an answer after all."""
SHORT_INSULT_WORDS: Final = 80
"""In a longer answer somebody is quoted."""
HARDLY_ANY_WORDS: Final = 5
"""With fewer words, fillers aside, nothing was answered."""
READ_SHARE: Final = 0.7
"""Of the answer's words, in runs of three or more, that are the question's own."""
READ_RUN: Final = 3
REPEATED_SHARE: Final = 0.25
"""Different words among all words: below it one thing is said over and over."""
REPEATED_FROM_WORDS: Final = 8
ENGLISH_SHARE: Final = 0.12
"""Function words among all words: English talk has about 0.5, notes in English 0.2, another language hardly any."""
ENGLISH_WORDS: Final = 2
"""Different English words about work that another language may have borrowed ("team", "project")."""
LANGUAGE_FROM_WORDS: Final = 8
JUDGED_FROM_WORDS: Final = 30
"""With fewer words an answer may be short, but not off the topic."""
ON_TOPIC_WORK: Final = 6.0
"""Words about work or the question, different ones among 100 words; with fewer it is left open, or off the topic."""
EVERYDAY: Final = 3
"""Different everyday words ("butter", "grandmother") from which, with little about work, the subject is another one."""
FEWEST_DESIGN_SIGNS: Final = 4
"""Points of the checklist and words of the question that a design answer of 30 words or more has at least."""
DESIGN_MOVES: Final = 5
"""From so many points of the checklist on, an answer is a design."""
TOLD_SHARE: Final = 0.04
"""Words of something that happened, of all words: a story has about 0.1, a design hardly any."""
_LATIN: Final = 0x24F
"""The last letter of the Latin alphabets."""
MOST_TEXT_WORDS: Final = 3000
"""An answer is judged by its first words; nobody talks for twenty minutes."""


@dataclass(frozen=True)
class _Answer:
    statements: tuple[Statement, ...]
    question: Question | None
    framework: str
    lexicon: Lexicon

    @cached_property
    def words(self) -> list[str]:
        """The words that are no fillers."""
        everything = chain.from_iterable(statement.words for statement in self.statements)
        return [word.text for word in everything][:MOST_TEXT_WORDS]

    @cached_property
    def question_stems(self) -> frozenset[str]:
        """What the question and a strong answer to it speak of."""
        if self.question is None:
            return frozenset()
        texts = (self.question.text, self.question.competency, *self.question.strong_answer)
        words = (word.text for text in texts for word in statement_of(text).words)
        return frozenset(stem(word) for word in words if word not in self.lexicon.stop_words)

    @property
    def tells_something(self) -> bool:
        """Whether it speaks of something that happened rather than of what one would do."""
        told = sum(word in self.lexicon.relevance["told"] or word.endswith("ed") for word in self.words)
        planned = sum(word in self.lexicon.relevance["planned"] for word in self.words)
        return told > planned or told > TOLD_SHARE * len(self.words)

    def different(self, book: Phrasebook) -> int:
        """Return how many rules of a book recognize something in the answer."""
        return len({match.rule.name for statement in self.statements for match in book.find(statement)})

    def first(self, book: Phrasebook) -> tuple[Statement, Match] | None:
        """Return the first thing that a book recognizes."""
        return next(((statement, match) for statement in self.statements for match in book.find(statement)), None)


def judge_relevance(
    statements: tuple[Statement, ...],
    question: Question | None,
    framework: str,
    lexicon: Lexicon,
) -> Relevance | None:
    """Return whether the answer is one to the question, and what says so; None where no question was asked.

    What is no answer to any question ("I don't know", another language) is told without one, too.

    Args:
        statements: What was said.
        question: What was asked, if anything.
        framework: How the answer was meant to be built.
        lexicon: The words that decide.
    """
    answer = _Answer(statements, question, framework, lexicon)
    for rule in _RULES:
        found = rule(answer)
        if found is not None:
            return found
    return Relevance(kind="unclear", rule="nothing to go by", confidence=0.5) if question else None


def _empty(answer: _Answer) -> Relevance | None:
    """Only fillers, a greeting or a word or two."""
    if len(answer.words) >= HARDLY_ANY_WORDS or answer.first(answer.lexicon.no_answer):
        return None
    return _none(answer, "empty", "hardly a word", 0.9)


def _repeated_word(answer: _Answer) -> Relevance | None:
    words = answer.words
    if len(words) < REPEATED_FROM_WORDS:
        return None
    counts = Counter(words)
    if len(counts) > max(3, REPEATED_SHARE * min(len(words), 60)) or max(counts.values()) < 4:
        return None
    return _none(answer, "repeated_word", "few different words", 0.9)


def _other_language(answer: _Answer) -> Relevance | None:
    words = answer.words
    letters = [char for word in words for char in word if char.isalpha()]
    if letters and sum(ord(char) > _LATIN for char in letters) > len(letters) / 2:
        return _none(answer, "other_language", "letters", 0.95)
    if len(words) < LANGUAGE_FROM_WORDS:
        return None
    share = sum(word in answer.lexicon.function_words for word in words) / len(words)
    if share >= ENGLISH_SHARE or answer.different(answer.lexicon.work) > ENGLISH_WORDS:
        return None
    return _none(answer, "other_language", "function words", 0.85)


def _question_read(answer: _Answer) -> Relevance | None:
    """The question's own words, in their order, and little else."""
    if answer.question is None or len(answer.words) > 3 * len(answer.question.text.split()):
        return None
    asked = [word.text for word in statement_of(answer.question.text).words]
    blocks = SequenceMatcher(None, asked, answer.words, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks if block.size >= READ_RUN)
    if shared < READ_SHARE * len(answer.words):
        return None
    return _none(answer, "question_read", "the question's words", 0.9)


def _hostile(answer: _Answer) -> Relevance | None:
    if len(answer.words) > SHORT_INSULT_WORDS:
        return None
    return _quoted(answer, answer.lexicon.hostile, "hostile", 0.85)


def _no_answer(answer: _Answer) -> Relevance | None:
    """Having no example is the whole answer, and not a remark on the way."""
    book = answer.lexicon.no_answer
    others = sum(len(statement.words) for statement in answer.statements if not book.find(statement))
    if len(answer.words) > SHORT_WORDS or others > OTHER_WORDS:
        return None
    return _quoted(answer, book, "no_answer", 0.9)


def _quoted(answer: _Answer, book: Phrasebook, kind: RelevanceKind, confidence: float) -> Relevance | None:
    found = answer.first(book)
    if found is None:
        return None
    return _finding(found[0].sentence, kind, found[1].rule.name, confidence)


def _none(answer: _Answer, kind: RelevanceKind, rule: str, confidence: float) -> Relevance:
    """Return what rests on the whole answer, with its first sentence to recognize it by."""
    first = next((statement.sentence for statement in answer.statements if statement.words), None)
    first = first or answer.statements[0].sentence
    return _finding(first, kind, rule, confidence)


def _finding(sentence: Sentence, kind: RelevanceKind, rule: str, confidence: float) -> Relevance:
    return Relevance(
        kind=kind,
        rule=rule,
        confidence=confidence,
        quote=sentence.text,
        start_s=sentence.start_s,
        end_s=sentence.end_s,
        start_char=sentence.start_char,
        end_char=sentence.end_char,
    )


def _topic(answer: _Answer) -> Relevance | None:
    """On topic by what it speaks of; off it only where hardly a word is about work, the question or a design."""
    if answer.question is None:
        return None
    words = max(1, len(answer.words))
    shared = len(answer.question_stems & {stem(word) for word in answer.words})
    work = answer.different(answer.lexicon.work)
    density = 100 * (work + shared) / max(50, min(words, 250))
    if words < JUDGED_FROM_WORDS:
        return Relevance(kind="on_topic", rule="words in common", confidence=0.6) if work + shared >= 2 else None
    moves = answer.different(answer.lexicon.checklist_books["design"]) if answer.framework != "triage" else 0
    if answer.framework == "design" and moves + shared < FEWEST_DESIGN_SIGNS:
        return _none(answer, "off_topic", "no design in it", 0.8)
    if answer.framework == "star" and moves >= DESIGN_MOVES and not answer.tells_something:
        return _none(answer, "off_topic", "a design instead of a story", 0.8)
    everyday = answer.different(answer.lexicon.everyday)
    if everyday and not work + shared:
        return _none(answer, "off_topic", "nothing about work or the question", 0.85)
    if everyday >= EVERYDAY and everyday >= work + shared and density < ON_TOPIC_WORK:
        return _none(answer, "off_topic", "everyday things", 0.85)
    if density < ON_TOPIC_WORK:
        return None
    return Relevance(kind="on_topic", rule="words in common", confidence=min(0.95, 0.6 + density / 50))


_RULES: Final[tuple[Callable[[_Answer], Relevance | None], ...]] = (
    _repeated_word,
    _other_language,
    _empty,
    _question_read,
    _hostile,
    _no_answer,
    _topic,
)
"""The order in which they are tried."""
