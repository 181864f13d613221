"""How long a candidate may be silent before the interviewer takes the turn: decided by what was said until then.

Silence alone cuts off whoever thinks. Here the words decide whether the answer sounds over, and how much silence
that asks for. Whisper's punctuation alone is not enough: it puts a full stop behind "Well, I think we're".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import Final

from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Analysis, Model


class Ending(Enum):
    """What the last words sound like."""

    SAID_SO = "said so"
    """"That's my answer": the candidate is done."""
    LANDED = "landed"
    """A story of good length that has come to its result and, in its last sentence, to its lesson."""
    FINISHED = "finished"
    """A finished sentence, in an answer that has come to its result."""
    OPEN = "open"
    """A finished sentence, as far as one can tell; but what the answer leads to has not been told."""
    UNFINISHED = "unfinished"
    """In the middle of a thought: "and", "um", "because of", "first" without a second."""


SILENCE_S: Final = {
    Ending.SAID_SO: 1.5,
    Ending.LANDED: 2.5,
    Ending.FINISHED: 4.4,
    Ending.OPEN: 7.0,
    Ending.UNFINISHED: 8.0,
}
"""Silence after which the answer is over. People pause up to 4 s after a finished sentence and up to 6 s in the middle
of a thought, and being cut off is the first complaint about voice programs; 0.4 s and more on top for where detectors
lose a quiet last syllable. Until the words are there, the longest holds."""

LONG_ENOUGH: Final = 0.75
"""Share of the shortest good length from which a story may have landed."""

SHORTEST_ANSWER_S: Final = 20.0
"""Nobody has told what came of anything in less."""

ENOUGH_FOR_THAT_IS_IT_S: Final = 45.0
""""That's it" ends an answer; in the first seconds it may as well begin one ("Yeah, that's it. If you look ...")."""

COUNT_WITHIN_SENTENCES: Final = 3
"""How long "first" leaves one waiting for "second"."""

_SENTENCE: Final = re.compile(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?]*")
_WORD: Final = re.compile(r"[\w'%$€£+]+(?:[-.,][\w'%]+)*")


class TurnPhrases(Model):
    """Words and phrases that tell whether somebody will go on; all in lower case."""

    said_so: tuple[str, ...]
    """At the very end: the answer is over."""
    that_is_it: tuple[str, ...]
    """At the very end of an answer of some length: it is over."""
    after: tuple[str, ...]
    """May still follow a closing phrase."""
    unfinished: tuple[str, ...]
    """Nobody ends a sentence with these words or phrases."""
    seldom_last: tuple[str, ...]
    """A sentence may end with these words, but seldom does."""
    counts: tuple[tuple[str, ...], ...]
    """Steps of counting, in order: announcing a number of things, and going on with them."""
    lessons: tuple[str, ...]
    """In the last sentence of a story: what it taught."""
    begins: tuple[str, ...]
    """At the beginning of a sentence: the first of several things."""


@cache
def turn_phrases() -> TurnPhrases:
    """Return the phrases of ``prompts/lexicons/turn_taking.yaml``."""
    return load_yaml(prompts_folder() / "lexicons" / "turn_taking.yaml", TurnPhrases)


def ending_of(text: str, analysis: Analysis, *, spoken_s: float) -> Ending:
    """Judge what an answer sounds like where it stopped.

    Args:
        text: All that was said so far, with punctuation as it was written down.
        analysis: What was found in it.
        spoken_s: Length of the answer so far in seconds.
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
    may_end = _is_marked_as_over(text) and words[-1] not in turn_phrases().seldom_last
    if not has_landed or not may_end:
        return Ending.OPEN
    is_whole = looks_back(text) and spoken_s >= LONG_ENOUGH * analysis.target_min_s
    return Ending.LANDED if is_whole else Ending.FINISHED


def looks_back(text: str) -> bool:
    """Return whether the last sentence draws the lesson: "that taught me ...".

    A result alone is not enough: in the later halves of 96 written stories that were cut after each sentence, 108 cuts
    after one were followed by more and 51 were the end. A lesson was the last sentence of 41 stories; 24 stood earlier.
    """
    sentences = _SENTENCE.findall(text.strip())
    last = f" {' '.join(words_of(sentences[-1]))} " if sentences else ""
    return any(f" {phrase} " in last for phrase in turn_phrases().lessons)


def says_so(words: Sequence[str], may_be_over: bool) -> bool:
    """Return whether the last words declare the answer over; looser ones count only where it may be."""
    phrases = turn_phrases()
    closing = phrases.said_so + (phrases.that_is_it if may_be_over else ())
    rest = list(words)
    while not _ends_with(rest, closing):
        polite = next((phrase.split() for phrase in phrases.after if _ends_with(rest, (phrase,))), None)
        if polite is None:
            return False
        rest = rest[: -len(polite)]
    return True


def is_unfinished(words: Sequence[str]) -> bool:
    """Return whether no sentence ends with the last words."""
    return _ends_with(words, turn_phrases().unfinished)


def is_counting(text: str) -> bool:
    """Return whether a count was begun in the last sentences and not gone on with: "First, ..."."""
    phrases = turn_phrases()
    step_of_last = -1
    for sentence in _SENTENCE.findall(text)[-COUNT_WITHIN_SENTENCES:]:
        spoken = f" {' '.join(words_of(sentence))} "
        steps = [step for step, names in enumerate(phrases.counts) if any(f" {name} " in spoken for name in names)]
        if steps:
            step_of_last = max(steps)
        elif any(spoken.startswith(f" {opener}") for opener in phrases.begins):
            step_of_last = 0
    return step_of_last == 0


def words_of(text: str) -> list[str]:
    """Return the words in lower case, without punctuation."""
    return [word.lower().rstrip("-.,") for word in _WORD.findall(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))]


def _trails_off(text: str) -> bool:
    return text.rstrip().endswith(("-", "\N{EM DASH}", "...", "\N{HORIZONTAL ELLIPSIS}", ",", ":", ";"))


def _is_marked_as_over(text: str) -> bool:
    return text.rstrip("\"') ").endswith((".", "!", "?"))


def _ends_with(words: Sequence[str], phrases: Sequence[str]) -> bool:
    tail = " ".join(["", *words[-8:]])
    return tail.endswith(tuple(f" {phrase}" for phrase in phrases))
