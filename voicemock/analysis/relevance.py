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

from voicemock.analysis.evidence import LIKELY
from voicemock.analysis.instructions import is_instruction
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.phrasebook import Match, Phrasebook
from voicemock.analysis.rambling import Closeness, content_of, content_words, stem
from voicemock.analysis.replies import find_reply
from voicemock.analysis.spoken_text import Statement, is_telling, statement_of
from voicemock.models import Analysis, Framework, Question, Relevance, RelevanceKind, Sentence

SHORT_WORDS: Final = 45
"""In an answer up to this length, about fifteen seconds, "I have no example" is the whole answer ..."""
OTHER_WORDS: Final = 15
"""... unless more words than this stand beside it."""
SHORT_INSULT_WORDS: Final = 80
"""In a longer answer an insult is a quote."""
HARDLY_ANY_WORDS: Final = 5
"""Fewer words, fillers aside, answer nothing."""
READ_SHARE: Final = 0.7
"""Of the answer's words, those that repeat the question in runs of ``READ_RUN`` or more."""
READ_RUN: Final = 3
REPEATED_SHARE: Final = 0.25
"""Different words among all words. Below this, one thing is said over and over."""
REPEATED_FROM_WORDS: Final = 8
ENGLISH_SHARE: Final = 0.12
"""Function words among all words. English talk has about 0.5, notes in English 0.2, another language hardly any."""
ENGLISH_WORDS: Final = 2
"""Different English words about work that another language may borrow ("team", "project")."""
LANGUAGE_FROM_WORDS: Final = 8
_MAY_SPEAK_OF_ANYTHING: Final = frozenset({"explain", "pitch"})
"""Frameworks whose answers compare with kitchens and mail, or tell of the speaker."""
JUDGED_FROM_WORDS: Final = 30
"""A shorter answer may be too short, but not off topic."""
ON_TOPIC_WORK: Final = 6.0
"""Different words about work or the question, per 100 words. With fewer, the answer is unclear or off topic."""
EVERYDAY: Final = 3
"""With this many different everyday words ("butter", "grandmother") and little about work, the subject is another."""
FEWEST_DESIGN_SIGNS: Final = 4
"""Moves of the checklist plus words of the question. A design answer of 30 words has at least this many."""
DESIGN_MOVES: Final = 5
"""With this many moves of the checklist an answer is a design."""
TOLD_SHARE: Final = 0.04
"""Words about something that happened, of all words. A story has about 0.1, a design hardly any."""
DECLINED_WORDS: Final = 90
"""A longer answer contains one after all ..."""
GIVEN_UP_WORDS: Final = 200
"""... unless, up to this length, it is a search for one that is given up ..."""
LAST_SENTENCES: Final = 3
"""... in one of this many last sentences."""
PLANS_FROM: Final = 2
"""Sentences of a plan: then nothing is given up."""
INSULTS_FROM: Final = 2
INSULTING_WORDS: Final = 200
FOREIGN_SENTENCES: Final = 0.5
"""Of the words, in sentences of another language. With fewer, an English answer has a foreign sentence or two."""
FOREIGN_SHARE: Final = 0.15
"""English talk has next to none; German, French, Spanish, Italian and Portuguese have a quarter or more."""
ECHOED_FROM_WORDS: Final = 8
ECHOED_SHARE: Final = 0.85
"""Of the words of four letters or more, in any order, that are the question's own."""
BESIDE_FROM_WORDS: Final = 40
BESIDE_SENTENCES: Final = 2
"""Sentences that may touch the question or a strong answer to it while the answer is about something else."""
ANOTHER_QUESTION: Final = 0.3
"""From this probability on the reader holds a story for the answer to another question."""
_THIN: Final = ("too_short", "platitudes", "missing_design")
FAR_FROM_SUBJECT: Final = 0.27
"""Nearness to the question. Below this, a text without an event is about something else."""
MOVES_BESIDE: Final = 1
"""Almost any text has this many moves of a checklist: "I have two cats" has a number in it."""
STORY_CONFIDENCE: Final = 0.6
"""Confidence that a story on whatever subject is an answer."""
SECOND_LOOK_CONFIDENCE: Final = 0.75
"""Confidence of what the second rules find."""
_TELLING_PARTS: Final = ("action", "result")
"""The parts of a story in which something happens."""
_LATIN: Final = 0x24F
"""The last letter of the Latin alphabets."""
MOST_TEXT_WORDS: Final = 3000
"""An answer is judged by this many of its first words. It lasts about twenty minutes."""


@dataclass(frozen=True)
class JudgedAnswer:
    """An answer, and everything its relevance is judged by.

    Attributes:
        analysis: Everything else that was measured.
        statements: The sentences without fillers.
        spoken: The sentences with fillers.
        question: What was asked, if anything.
        framework: What it is held against.
        closeness: Computes how near the answer comes to a strong one; None if that cannot be told. It is slow, so it is
            called only if the words leave the topic open.
    """

    analysis: Analysis
    statements: tuple[Statement, ...]
    spoken: tuple[Statement, ...]
    question: Question | None
    framework: Framework
    lexicon: Lexicon
    closeness: Callable[[], Closeness | None]

    @cached_property
    def words(self) -> list[str]:
        """The words without fillers."""
        everything = chain.from_iterable(statement.words for statement in self.statements)
        return [word.text for word in everything][:MOST_TEXT_WORDS]

    @cached_property
    def question_stems(self) -> frozenset[str]:
        """The stems of the question and of a strong answer to it."""
        if self.question is None:
            return frozenset()
        texts = (self.question.text, self.question.competency, *self.question.strong_answer)
        words = (word.text for text in texts for word in statement_of(text).words)
        return frozenset(stem(word) for word in words if word not in self.lexicon.stop_words)

    @property
    def tells_something(self) -> bool:
        """Return whether the words tell of something that happened rather than of plans."""
        told = sum(word in self.lexicon.relevance["told"] or word.endswith("ed") for word in self.words)
        planned = sum(word in self.lexicon.relevance["planned"] for word in self.words)
        return told > planned or told > TOLD_SHARE * len(self.words)

    @cached_property
    def tells_an_event(self) -> bool:
        """Whether an action or a result is likely in the answer: then it is a story, on whatever subject."""
        return any(
            statement.sentence.part in _TELLING_PARTS and (statement.sentence.score or 0.0) >= LIKELY
            for statement in self.spoken
        )

    def verdict(self, name: str) -> float:
        """Return how likely the reader holds a verdict about the whole answer to be."""
        evidence = self.analysis.evidence
        return 0.0 if evidence is None else evidence.verdicts.get(f"{self.framework.judged_as}:{name}", 0.0)

    @property
    def is_a_story(self) -> bool:
        """Whether it tells an event where a story was asked for, with nothing private, and the reader has no doubt."""
        is_asked = self.framework.name == "star" and self.question is not None and self.question.kind == "question"
        is_told = self.tells_an_event and not self.different(self.lexicon.everyday)
        return is_asked and is_told and self.verdict("off_question") < ANOTHER_QUESTION

    @property
    def plans(self) -> int:
        """The number of sentences that say what the speaker would do."""
        evidence = self.analysis.evidence
        return 0 if evidence is None else sum(each.get("planned", 0.0) >= LIKELY for each in evidence.sentences)

    @property
    def is_thin(self) -> bool:
        """Whether it is probably an answer to the question, if one that says hardly anything."""
        return self.plans > 0 and max(map(self.verdict, _THIN)) >= LIKELY

    @cached_property
    def sharing(self) -> int:
        """The number of sentences that share a word with the question or a strong answer to it."""
        texts = (self.question.text, *self.question.strong_answer) if self.question else ()
        subject = frozenset().union(*(content_words(text) for text in texts))
        return sum(bool(content_of(statement, self.lexicon) & subject) for statement in self.spoken)

    def different(self, book: Phrasebook) -> int:
        """Return how many rules of a book recognize something in the answer."""
        return len({match.rule.name for statement in self.statements for match in book.find(statement)})

    def first(self, book: Phrasebook) -> tuple[Statement, Match] | None:
        """Return the first match of a book, with its sentence."""
        return next(((statement, match) for statement in self.statements for match in book.find(statement)), None)


def judge_relevance(answer: JudgedAnswer) -> Relevance | None:
    """Return whether the words answer the question, and the rule that says so.

    Without a question, only words that answer no question at all ("I don't know", another language) are judged.
    """
    found = next((found for rule in _RULES if (found := rule(answer)) is not None), None)
    if found is not None and found.kind not in ("on_topic", "empty"):
        return found
    missed = next((missed for rule in _second_look(answer) if (missed := rule(answer)) is not None), None)
    if missed is not None and not _is_replied(answer):
        return missed
    if found is None and answer.question is not None:
        if answer.is_a_story:
            return Relevance(kind="on_topic", rule="a story", confidence=STORY_CONFIDENCE)
        return Relevance(kind="unclear", rule="nothing to go by", confidence=0.5)
    return found


def _second_look(answer: JudgedAnswer) -> Sequence[_Rule]:
    """Return the rules that judge what the first rules leave open."""
    kind = answer.question.kind if answer.question else "question"
    return {"question": (*_FOR_REPLIES, *_FOR_ANSWERS), "follow_up": _FOR_REPLIES, "ask_back": ()}[kind]


def _is_replied(answer: JudgedAnswer) -> bool:
    """Return whether the answer is a reply that holds what the follow-up asked for, whatever else it says."""
    asks_for = answer.question.asks_for if answer.question and answer.question.kind == "follow_up" else None
    return asks_for is not None and bool(find_reply(asks_for, answer.analysis, answer.spoken).holds)


def _repeated_word(answer: JudgedAnswer) -> Relevance | None:
    words = answer.words
    if len(words) < REPEATED_FROM_WORDS:
        return None
    counts = Counter(words)
    if len(counts) > max(3, REPEATED_SHARE * min(len(words), 60)) or max(counts.values()) < 4:
        return None
    return _none(answer, "repeated_word", "few different words", 0.9)


def _other_language(answer: JudgedAnswer) -> Relevance | None:
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


def _empty(answer: JudgedAnswer) -> Relevance | None:
    """Only fillers, a greeting, or a word or two."""
    if len(answer.words) >= HARDLY_ANY_WORDS or answer.first(answer.lexicon.no_answer):
        return None
    return _none(answer, "empty", "hardly a word", 0.9)


def _question_read(answer: JudgedAnswer) -> Relevance | None:
    """The words of the question, in order, and little else."""
    if answer.question is None or len(answer.words) > 3 * len(answer.question.text.split()):
        return None
    asked = [word.text for word in statement_of(answer.question.text).words]
    blocks = SequenceMatcher(None, asked, answer.words, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks if block.size >= READ_RUN)
    if shared < READ_SHARE * len(answer.words):
        return None
    return _none(answer, "question_read", "the question's words", 0.9)


def _instructing(answer: JudgedAnswer) -> Relevance | None:
    """Orders to whoever grades the answer, and hardly anything told."""
    orders = [statement for statement in answer.spoken if is_instruction(statement.sentence.text)]
    instructed = sum(len(statement.words) for statement in orders)
    if not orders or 2 * instructed < len(answer.words):
        return None
    return _finding(orders[0].sentence, "unclear", "instructions to the grader", 0.8)


def _hostile(answer: JudgedAnswer) -> Relevance | None:
    if len(answer.words) > SHORT_INSULT_WORDS:
        return None
    return _quoted(answer, answer.lexicon.hostile, "hostile", 0.85)


def _no_answer(answer: JudgedAnswer) -> Relevance | None:
    """Having no example is the whole answer, not a remark in it."""
    book = answer.lexicon.no_answer
    others = sum(len(statement.words) for statement in answer.statements if not book.find(statement))
    if len(answer.words) > SHORT_WORDS or others > OTHER_WORDS:
        return None
    return _quoted(answer, book, "no_answer", 0.9)


def _topic(answer: JudgedAnswer) -> Relevance | None:
    """On topic by its words; off topic only if hardly a word is about work, the question or a design."""
    if answer.question is None:
        return None
    words = max(1, len(answer.words))
    shared = len(answer.question_stems & {stem(word) for word in answer.words})
    work = answer.different(answer.lexicon.work)
    density = 100 * (work + shared) / max(50, min(words, 250))
    if words < JUDGED_FROM_WORDS:
        return Relevance(kind="on_topic", rule="words in common", confidence=0.6) if work + shared >= 2 else None
    is_any = answer.framework.name in _MAY_SPEAK_OF_ANYTHING
    moves = answer.different(answer.lexicon.checklist_books["design"]) if answer.framework.name != "triage" else 0
    if answer.framework.name == "design" and moves + shared < FEWEST_DESIGN_SIGNS:
        return _none(answer, "off_topic", "no design in it", 0.8)
    if answer.framework.name == "star" and moves >= DESIGN_MOVES and not answer.tells_something:
        return _none(answer, "off_topic", "a design instead of a story", 0.8)
    everyday = answer.different(answer.lexicon.everyday)
    if not is_any and everyday >= (EVERYDAY if answer.tells_an_event else 1) and not work + shared:
        return _none(answer, "off_topic", "nothing about work or the question", 0.85)
    if not is_any and everyday >= EVERYDAY and everyday >= work + shared and density < ON_TOPIC_WORK:
        return _none(answer, "off_topic", "everyday things", 0.85)
    if density < ON_TOPIC_WORK:
        return None
    return Relevance(kind="on_topic", rule="words in common", confidence=min(0.95, 0.6 + density / 50))


def _foreign(answer: JudgedAnswer) -> Relevance | None:
    """Many everyday words of another language, in most of the answer."""
    sentences = [re.findall(r"[^\W\d_]+", each.sentence.text.lower()) for each in answer.spoken]
    every_word = [word for words in sentences for word in words]
    if len(every_word) < LANGUAGE_FROM_WORDS or not _is_foreign(every_word, answer):
        return None
    if sum(len(words) for words in sentences if _is_foreign(words, answer)) < FOREIGN_SENTENCES * len(every_word):
        return None
    return _missed(answer.spoken, "other_language", "everyday words")


def _is_foreign(words: Sequence[str], answer: JudgedAnswer) -> bool:
    return sum(word in answer.lexicon.relevance["foreign"] for word in words) >= FOREIGN_SHARE * max(1, len(words))


def _declined(answer: JudgedAnswer) -> Relevance | None:
    """A refusal with little beside it, or a search for an answer that is given up."""
    word_count = answer.analysis.word_count
    if word_count > GIVEN_UP_WORDS or answer.analysis.quantified_results:
        return None
    declined = [each for each in answer.spoken if answer.lexicon.relevance.hears("declines", each)]
    others = sum(len(each.sentence.text.split()) for each in answer.spoken if each not in declined)
    if declined and word_count <= DECLINED_WORDS and others <= DECLINED_WORDS / 2:
        return _missed(declined, "no_answer", "declined")
    is_told = answer.tells_an_event or answer.plans >= PLANS_FROM
    if not is_told and any(each in declined for each in answer.spoken[-LAST_SENTENCES:]):
        return _missed(declined[-1:], "no_answer", "given up")
    return None


def _insulting(answer: JudgedAnswer) -> Relevance | None:
    """Several insults. In a longer answer a single one may be a quote."""
    insults = [each for each in answer.spoken if answer.lexicon.hostile.find(each)]
    if len(insults) < INSULTS_FROM or answer.analysis.word_count > INSULTING_WORDS:
        return None
    return _missed(insults, "hostile", "insults")


def _question_echoed(answer: JudgedAnswer) -> Relevance | None:
    """Hardly a word that is not in the question, in any order."""
    if answer.question is None or answer.analysis.word_count > 3 * len(answer.question.text.split()):
        return None
    asked = set(re.findall(r"[a-z]+", answer.question.text.lower()))
    words = [word for each in answer.spoken for word in re.findall(r"[a-z]{4,}", each.sentence.text.lower())]
    if len(words) < ECHOED_FROM_WORDS or sum(word in asked for word in words) < ECHOED_SHARE * len(words):
        return None
    return _missed(answer.spoken, "question_read", "words of the question")


def _beside_the_question(answer: JudgedAnswer) -> Relevance | None:
    """Nothing that such an answer is made of, and hardly a word of the question or of a strong answer to it."""
    coverage = answer.analysis.coverage
    if answer.question is None or answer.analysis.word_count < BESIDE_FROM_WORDS:
        return None
    if coverage is not None:
        is_beside = coverage.covered <= MOVES_BESIDE and answer.sharing <= BESIDE_SENTENCES and not answer.is_thin
    else:
        is_beside = _is_another_story(answer)
    return _missed(answer.spoken, "off_topic", "beside the question") if is_beside else None


def _is_another_story(answer: JudgedAnswer) -> bool:
    shares_no_words = answer.sharing <= 1 and _topic(answer) is None
    if answer.verdict("bullets") >= LIKELY:  # notes are too short to tell what they are about
        return False
    if answer.tells_an_event and not (shares_no_words and answer.verdict("off_question") >= ANOTHER_QUESTION):
        return False
    near = answer.closeness()
    if near is None:
        return not answer.tells_an_event and shares_no_words
    return max(near.question, near.mean) <= FAR_FROM_SUBJECT


def _quoted(answer: JudgedAnswer, book: Phrasebook, kind: RelevanceKind, confidence: float) -> Relevance | None:
    found = answer.first(book)
    if found is None:
        return None
    return _finding(found[0].sentence, kind, found[1].rule.name, confidence)


def _none(answer: JudgedAnswer, kind: RelevanceKind, rule: str, confidence: float) -> Relevance:
    """Return a finding about the whole answer, quoting its first sentence with words."""
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


def _missed(statements: Sequence[Statement], kind: RelevanceKind, rule: str) -> Relevance:
    """Return a finding of the second rules, quoting the first sentence that is long enough to be recognized."""
    sentences = [statement.sentence for statement in statements]
    first = next(filter(is_telling, sentences), sentences[0])
    return _finding(first, kind, rule, SECOND_LOOK_CONFIDENCE)


_Rule = Callable[[JudgedAnswer], Relevance | None]
_RULES: Final[tuple[_Rule, ...]] = (
    _repeated_word,
    _other_language,
    _empty,
    _question_read,
    _instructing,
    _hostile,
    _no_answer,
    _topic,
)
"""The first rule that finds something decides. An answer on topic, empty or unclear gets a second look."""
_FOR_REPLIES: Final[tuple[_Rule, ...]] = (_foreign, _declined, _insulting)
_FOR_ANSWERS: Final[tuple[_Rule, ...]] = (_question_echoed, _beside_the_question)
"""Unreliable for a few sentences, so only for whole answers."""
