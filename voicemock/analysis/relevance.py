"""Decides whether the words answer the question: on topic, or one of the ways not to answer.

The rules are lexical and generous: any story about work is on topic for a behavioral question, and "off topic" needs
strong signs. Where they leave it open, a second set of rules looks at all that was measured.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.phrasebook import Match, Phrasebook
from voicemock.analysis.rambling import Closeness, content_of, content_words, stem
from voicemock.analysis.replies import find_reply
from voicemock.analysis.spoken_text import Statement, is_telling, statement_of
from voicemock.models import Analysis, Question, Relevance, RelevanceKind, Sentence

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
DECLINED_WORDS: Final = 90
"""A longer answer has an answer in it ..."""
GIVEN_UP_WORDS: Final = 200
"""... unless it is a search for one that ends without it."""
LAST_SENTENCES: Final = 3
"""Where it is given up."""
INSULTS_FROM: Final = 2
INSULTING_WORDS: Final = 200
FOREIGN_SHARE: Final = 0.15
"""English talk has next to none; German, French, Spanish, Italian and Portuguese have a quarter or more."""
ECHOED_FROM_WORDS: Final = 8
ECHOED_SHARE: Final = 0.85
"""Of the words of four letters or more, in any order, that are the question's own."""
BESIDE_FROM_WORDS: Final = 40
BESIDE_SENTENCES: Final = 2
"""Sentences that may touch the question or a strong answer to it while the answer is about something else."""
FAR_FROM_SUBJECT: Final = 0.27
"""Nearness to the question, below which a text without an event in it is about something else."""
MOVES_BESIDE: Final = 1
"""Almost any text has this many moves of a checklist: "I have two cats" has a number in it."""
SECOND_LOOK_CONFIDENCE: Final = 0.75
"""Of what the later rules find."""
_TELLING_PARTS: Final = ("action", "result")
"""Parts of a story in which something happens."""
_LATIN: Final = 0x24F
"""The last letter of the Latin alphabets."""
MOST_TEXT_WORDS: Final = 3000
"""An answer is judged by its first words; nobody talks for twenty minutes."""


@dataclass(frozen=True)
class Judging:
    """An answer with all that its relevance is judged by.

    Attributes:
        analysis: Everything else that was measured.
        statements: The sentences, fillers off.
        spoken: The sentences, fillers too.
        question: What was asked, if anything.
        framework: How the answer was meant to be built.
        lexicon: The words that decide.
        closeness: Computes how near the answer comes to a strong one, or None where that cannot be told. It takes
            time, so it is called only where words leave it open.
    """

    analysis: Analysis
    statements: tuple[Statement, ...]
    spoken: tuple[Statement, ...]
    question: Question | None
    framework: str
    lexicon: Lexicon
    closeness: Callable[[], Closeness | None]

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

    @cached_property
    def tells_an_event(self) -> bool:
        """Whether something was done or came of it: then a story was told, on whatever subject."""
        return any(statement.sentence.part in _TELLING_PARTS for statement in self.spoken)

    @cached_property
    def sharing(self) -> int:
        """How many sentences have a word in common with the question or a strong answer to it."""
        texts = (self.question.text, *self.question.strong_answer) if self.question else ()
        subject = frozenset().union(*(content_words(text) for text in texts))
        return sum(bool(content_of(statement, self.lexicon) & subject) for statement in self.spoken)

    def different(self, book: Phrasebook) -> int:
        """Return how many rules of a book recognize something in the answer."""
        return len({match.rule.name for statement in self.statements for match in book.find(statement)})

    def first(self, book: Phrasebook) -> tuple[Statement, Match] | None:
        """Return the first thing that a book recognizes."""
        return next(((statement, match) for statement in self.statements for match in book.find(statement)), None)


def judge_relevance(answer: Judging) -> Relevance | None:
    """Return whether the answer is one to the question, and what says so; None where no question was asked.

    What is no answer to any question ("I don't know", another language) is told without one, too.
    """
    found = next((found for rule in _RULES if (found := rule(answer)) is not None), None)
    if found is not None and found.kind not in ("on_topic", "empty"):
        return found
    missed = next((missed for rule in _second_look(answer) if (missed := rule(answer)) is not None), None)
    if missed is not None and not _is_replied(answer):
        return missed
    if found is None and answer.question is not None:
        return Relevance(kind="unclear", rule="nothing to go by", confidence=0.5)
    return found


def _empty(answer: Judging) -> Relevance | None:
    """Only fillers, a greeting or a word or two."""
    if len(answer.words) >= HARDLY_ANY_WORDS or answer.first(answer.lexicon.no_answer):
        return None
    return _none(answer, "empty", "hardly a word", 0.9)


def _repeated_word(answer: Judging) -> Relevance | None:
    words = answer.words
    if len(words) < REPEATED_FROM_WORDS:
        return None
    counts = Counter(words)
    if len(counts) > max(3, REPEATED_SHARE * min(len(words), 60)) or max(counts.values()) < 4:
        return None
    return _none(answer, "repeated_word", "few different words", 0.9)


def _other_language(answer: Judging) -> Relevance | None:
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


def _question_read(answer: Judging) -> Relevance | None:
    """The question's own words, in their order, and little else."""
    if answer.question is None or len(answer.words) > 3 * len(answer.question.text.split()):
        return None
    asked = [word.text for word in statement_of(answer.question.text).words]
    blocks = SequenceMatcher(None, asked, answer.words, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks if block.size >= READ_RUN)
    if shared < READ_SHARE * len(answer.words):
        return None
    return _none(answer, "question_read", "the question's words", 0.9)


def _hostile(answer: Judging) -> Relevance | None:
    if len(answer.words) > SHORT_INSULT_WORDS:
        return None
    return _quoted(answer, answer.lexicon.hostile, "hostile", 0.85)


def _no_answer(answer: Judging) -> Relevance | None:
    """Having no example is the whole answer, and not a remark on the way."""
    book = answer.lexicon.no_answer
    others = sum(len(statement.words) for statement in answer.statements if not book.find(statement))
    if len(answer.words) > SHORT_WORDS or others > OTHER_WORDS:
        return None
    return _quoted(answer, book, "no_answer", 0.9)


def _quoted(answer: Judging, book: Phrasebook, kind: RelevanceKind, confidence: float) -> Relevance | None:
    found = answer.first(book)
    if found is None:
        return None
    return _finding(found[0].sentence, kind, found[1].rule.name, confidence)


def _none(answer: Judging, kind: RelevanceKind, rule: str, confidence: float) -> Relevance:
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


def _topic(answer: Judging) -> Relevance | None:
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


def _foreign(answer: Judging) -> Relevance | None:
    """Everyday words of another language, and hardly any English ones beside them."""
    words = [word for each in answer.spoken for word in re.findall(r"[^\W\d_]+", each.sentence.text.lower())]
    foreign = sum(word in answer.lexicon.relevance["foreign"] for word in words)
    if len(words) < LANGUAGE_FROM_WORDS or foreign < FOREIGN_SHARE * len(words):
        return None
    return _missed(answer.spoken, "other_language", "everyday words")


def _declined(answer: Judging) -> Relevance | None:
    """Some words about having no answer, and none after them; or a search for one that is given up."""
    word_count = answer.analysis.word_count
    if word_count > GIVEN_UP_WORDS or answer.analysis.quantified_results:
        return None
    declined = [each for each in answer.spoken if answer.lexicon.relevance.hears("declines", each)]
    others = sum(len(each.sentence.text.split()) for each in answer.spoken if each not in declined)
    if declined and word_count <= DECLINED_WORDS and others <= DECLINED_WORDS / 2:
        return _missed(declined, "no_answer", "declined")
    if not answer.tells_an_event and any(each in declined for each in answer.spoken[-LAST_SENTENCES:]):
        return _missed(declined[-1:], "no_answer", "given up")
    return None


def _insulting(answer: Judging) -> Relevance | None:
    """More than one insult; a single one in a longer answer may be a quote."""
    insults = [each for each in answer.spoken if answer.lexicon.hostile.find(each)]
    if len(insults) < INSULTS_FROM or answer.analysis.word_count > INSULTING_WORDS:
        return None
    return _missed(insults, "hostile", "insults")


def _question_echoed(answer: Judging) -> Relevance | None:
    """Nothing that was not in the question."""
    if answer.question is None or answer.analysis.word_count > 3 * len(answer.question.text.split()):
        return None
    asked = set(re.findall(r"[a-z]+", answer.question.text.lower()))
    words = [word for each in answer.spoken for word in re.findall(r"[a-z]{4,}", each.sentence.text.lower())]
    if len(words) < ECHOED_FROM_WORDS or sum(word in asked for word in words) < ECHOED_SHARE * len(words):
        return None
    return _missed(answer.spoken, "question_read", "words of the question")


def _beside_the_question(answer: Judging) -> Relevance | None:
    """Nothing that such an answer is made of, and hardly anything of the question or of a strong answer to it."""
    coverage = answer.analysis.coverage
    if answer.question is None or answer.analysis.word_count < BESIDE_FROM_WORDS:
        return None
    if coverage is not None:
        is_beside = coverage.covered <= MOVES_BESIDE and answer.sharing <= BESIDE_SENTENCES
    else:
        is_beside = _is_another_story(answer)
    return _missed(answer.spoken, "off_topic", "beside the question") if is_beside else None


def _is_another_story(answer: Judging) -> bool:
    shares_no_words = answer.sharing <= 1 and _topic(answer) is None
    if answer.tells_an_event and not shares_no_words:
        return False
    near = answer.closeness()
    if near is None:
        return not answer.tells_an_event and shares_no_words
    return max(near.question, near.mean) <= FAR_FROM_SUBJECT


def _missed(statements: Sequence[Statement], kind: RelevanceKind, rule: str) -> Relevance:
    """Return a finding with the first of some sentences that is long enough to be recognized."""
    sentences = [statement.sentence for statement in statements]
    first = next(filter(is_telling, sentences), sentences[0])
    return _finding(first, kind, rule, SECOND_LOOK_CONFIDENCE)


def _second_look(answer: Judging) -> Sequence[_Rule]:
    """Return the rules for what the first ones leave open."""
    kind = answer.question.kind if answer.question else "question"
    return {"question": (*_FOR_REPLIES, *_FOR_ANSWERS), "follow_up": _FOR_REPLIES, "ask_back": ()}[kind]


def _is_replied(answer: Judging) -> bool:
    """Return whether a reply holds what the follow-up asked for, whatever else it says."""
    asks_for = answer.question.asks_for if answer.question and answer.question.kind == "follow_up" else None
    return asks_for is not None and bool(find_reply(asks_for, answer.analysis, answer.spoken).holds)


_Rule = Callable[[Judging], Relevance | None]
_RULES: Final[tuple[_Rule, ...]] = (
    _repeated_word,
    _other_language,
    _empty,
    _question_read,
    _hostile,
    _no_answer,
    _topic,
)
"""The first of them that is sure decides; an answer that is on topic, or hardly there, gets a second look."""
_FOR_REPLIES: Final[tuple[_Rule, ...]] = (_foreign, _declined, _insulting)
_FOR_ANSWERS: Final[tuple[_Rule, ...]] = (_question_echoed, _beside_the_question)
"""Unsure for a few sentences, so only for whole answers."""
