"""Judges from the words whether an answer sounds over, which decides how long a silence may be.

A fixed silence cuts off candidates who think. Whisper's punctuation alone is not enough: it puts a full stop behind
"Well, I think we're".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from voicemock.analysis.phrasebook import Phrases
from voicemock.analysis.spoken_text import SpokenWord, Statement
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Analysis, Sentence
from voicemock.speech.endpointing import Ending

LONG_ENOUGH: Final = 0.75
"""A story may have landed from this share of the shortest good length on."""

SHORTEST_ANSWER_S: Final = 20.0
"""No outcome can be told in less time."""

ENOUGH_FOR_THAT_IS_IT_S: Final = 45.0
""""That's it" ends an answer only after this long: earlier it may begin one ("Yeah, that's it. If you look ...")."""

LONGEST_PHRASE_WORDS: Final = 8
"""Closing phrases are looked for in this many of the last words."""

COUNT_WITHIN_SENTENCES: Final = 3
"""After "first", this many sentences are searched for "second"."""


class _Rest(NamedTuple):
    """What an ending becomes from a probability on that the voice has come to an end, and below it."""

    from_probability: float
    ending: Ending
    below: Ending


_AT_REST: Final = {
    Ending.OPEN: _Rest(0.945, Ending.FINISHED, Ending.OPEN),
    Ending.FINISHED: _Rest(0.945, Ending.FINISHED, Ending.OPEN),
    Ending.LANDED: _Rest(0.9, Ending.CONCLUDED, Ending.LANDED),
}
"""To end an answer that has not landed, the voice has to be surer (docs/endpointing.md)."""

_SENTENCE: Final = re.compile(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?]*")
_WORD: Final = re.compile(r"[\w'%$€£+]+(?:[-.,][\w'%]+)*")


def turn_phrases() -> Phrases:
    """Return the phrases of ``prompts/phrases/turn_taking.yaml``: how answers end, go on, and stop halfway."""
    return Phrases.load(
        "turn_taking", "said so", "that is it", "lessons", "after", "unfinished", "seldom last", "announces", "goes on",
        "begins",
    )  # fmt: skip


def ending_of(text: str, analysis: Analysis, *, spoken_s: float) -> Ending:
    """Return how an answer sounds where it stopped.

    Args:
        text: The answer so far, with Whisper's punctuation.
        analysis: Of the text.
        spoken_s: Length of the answer so far.
    """
    words = words_of(text)
    if not words:
        return Ending.UNFINISHED
    landing = analysis.rambling.landing if analysis.rambling else None
    has_landed = landing is not None and spoken_s >= SHORTEST_ANSWER_S
    if says_so(words, has_landed or spoken_s >= ENOUGH_FOR_THAT_IS_IT_S):
        return Ending.SAID_SO
    if is_unfinished(words) or is_counting(text) or _trails_off(text):
        return Ending.UNFINISHED
    may_end = _is_marked_as_over(text) and words[-1] not in turn_phrases()["seldom last"]
    if not has_landed or not may_end:
        return Ending.OPEN
    is_whole = draws_a_lesson(text) and spoken_s >= LONG_ENOUGH * analysis.target_min_s
    return Ending.LANDED if is_whole else Ending.FINISHED


def may_rest(ending: Ending, text: str) -> bool:
    """Return whether the voice may change the wait. It shortens it only behind words that can end a sentence.

    A sentence that is open by its words is never over early. A voice that is cut off in the flow of speech sounds
    finished to the network, so a word that ends sentences less often than the average word does not count either.
    Where a result was told, the voice can only lengthen the wait, so it is always asked.
    """
    return ending is Ending.FINISHED or (ending in _AT_REST and can_end(text))


def can_end(text: str) -> bool:
    """Return whether a text ends in a full stop, behind a word that ends sentences at least as often as the average."""
    words = words_of(text)
    may_end = bool(words) and _is_marked_as_over(text) and words[-1] not in turn_phrases()["seldom last"]
    return may_end and words[-1] not in seldom_last()


def at_rest(ending: Ending, voice: float) -> Ending:
    """Return an ending as it is in the light of the voice.

    Args:
        ending: By the words, at which ``may_rest`` asks for the voice.
        voice: Probability that the voice has come to an end.
    """
    rest = _AT_REST.get(ending)
    if rest is None:
        return ending
    return rest.ending if voice >= rest.from_probability else rest.below


@cache
def seldom_last() -> frozenset[str]:
    """Return the words of ``prompts/seldom_last.yaml``, which end sentences less often than the average word.

    Counted by ``scripts/write-seldom-last`` in the written answers that train the reader.
    """
    return frozenset(load_yaml(prompts_folder() / "seldom_last.yaml", dict[str, str])["words"].split())


def draws_a_lesson(text: str) -> bool:
    """Return whether the last sentence draws the lesson: "that taught me ...".

    A result alone is not enough: in the later halves of 96 written stories that were cut after each sentence, 108 cuts
    after one were followed by more and 51 were the end. A lesson was the last sentence of 41 stories; 24 stood earlier.
    """
    sentences = _SENTENCE.findall(text.strip())
    return bool(sentences) and turn_phrases().hears("lessons", as_statement(words_of(sentences[-1])))


def says_so(words: Sequence[str], may_be_over: bool) -> bool:
    """Return whether the last words declare the answer over. Looser phrases count only if it may be over."""
    closing = ("said so", "that is it") if may_be_over else ("said so",)
    rest = list(words)
    while not any(_closing_words(rest, name) for name in closing):
        polite = _closing_words(rest, "after")
        if not polite:
            return False
        rest = rest[:-polite]
    return True


def is_unfinished(words: Sequence[str]) -> bool:
    """Return whether the last words cannot end a sentence."""
    return _closing_words(words, "unfinished") > 0


def is_counting(text: str) -> bool:
    """Return whether the last sentences begin an enumeration ("First, ...") without continuing it."""
    phrases = turn_phrases()
    is_open = False
    for sentence in _SENTENCE.findall(text)[-COUNT_WITHIN_SENTENCES:]:
        spoken = as_statement(words_of(sentence))
        if phrases.hears("goes on", spoken):
            is_open = False
        elif phrases.hears("announces", spoken) or any(
            match.first == 0 for match in phrases.only("begins").find_all(spoken)
        ):
            is_open = True
    return is_open


def words_of(text: str) -> list[str]:
    """Return the words in lower case, without punctuation."""
    return [word.lower().rstrip("-.,") for word in _WORD.findall(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))]


def as_statement(words: Sequence[str]) -> Statement:
    """Return words as a statement, in which phrases can be found."""
    text = " ".join(words)
    sentence = Sentence(text=text, start_char=0, end_char=len(text))
    return Statement(sentence, tuple(SpokenWord(word, 0, 0, index) for index, word in enumerate(words)))


def _trails_off(text: str) -> bool:
    return text.rstrip().endswith(("-", "\N{EM DASH}", "...", "\N{HORIZONTAL ELLIPSIS}", ",", ":", ";"))


def _is_marked_as_over(text: str) -> bool:
    return text.rstrip("\"') ").endswith((".", "!", "?"))


def _closing_words(words: Sequence[str], name: str) -> int:
    """Return the number of words of a list's phrase at the very end, or 0."""
    tail = words[-LONGEST_PHRASE_WORDS:]
    matches = turn_phrases().only(name).find_all(as_statement(tail))
    return next((len(tail) - match.first for match in matches if match.last == len(tail) - 1), 0)
