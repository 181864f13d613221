"""The debrief as the interviewer says it: how it went, what was good, what to work on, what to do before the day."""

from __future__ import annotations

from typing import Final

from voicemock.debrief.phrases import DebriefPhrases, counted_text, load_debrief_phrases
from voicemock.feedback.numerals import in_words
from voicemock.feedback.phrases import word
from voicemock.models import Debrief, Pattern

DEBRIEF_WORDS: Final = 160
"""Most words said: 57 s at 170 words a minute."""
MOST_STRENGTHS: Final = 2
_LEFT_OUT_FIRST: Final = ("asked_back", "second_strength", "closing", "first_strength", "work")


def spoken_debrief(debrief: Debrief, phrases: DebriefPhrases | None = None) -> str:
    """Return what the interviewer says at the end, under a minute; the same debrief is said in the same words.

    Raises:
        ContentError: ``prompts/debrief.yaml`` is missing or breaks its schema.
    """
    wording = phrases or load_debrief_phrases()
    seed = debrief.model_dump_json()
    if not debrief.answered:
        return word(wording.nothing, {}, seed)
    strengths = [_good(pattern, wording, seed) for pattern in _chosen(debrief)] + ["", ""]
    pieces = {
        "opening": _opening(debrief, wording, seed),
        "first_strength": strengths[0],
        "second_strength": strengths[1],
        "work": _work(debrief, wording, seed),
        "drill": _drill(debrief, wording, seed),
        "asked_back": _asked_back(debrief, wording, seed),
        "closing": word(wording.closing, {}, f"{seed}|closing"),
    }
    for left_out in _LEFT_OUT_FIRST:
        if sum(len(piece.split()) for piece in pieces.values()) > DEBRIEF_WORDS:
            pieces[left_out] = ""
    return " ".join(piece[0].upper() + piece[1:] for piece in pieces.values() if piece)


def _chosen(debrief: Debrief) -> tuple[Pattern, ...]:
    """Return what is good throughout, at most two, with a quote first; else one thing that was good in some answers."""
    throughout = [pattern for pattern in debrief.strengths if pattern.kind == "consistent"]
    if throughout:
        return tuple(sorted(throughout, key=lambda pattern: pattern.quote is None)[:MOST_STRENGTHS])
    return debrief.strengths[:1]


def _opening(debrief: Debrief, wording: DebriefPhrases, seed: str) -> str:
    values = {"questions": in_words(debrief.questions), "answered": in_words(debrief.answered)}
    if debrief.is_story:
        templates = wording.opening_story
    elif debrief.questions == 1:
        templates = wording.opening_one
    else:
        templates = wording.opening if debrief.answered == debrief.questions else wording.opening_some
    return word(templates, values, f"{seed}|opening")


def _good(pattern: Pattern, wording: DebriefPhrases, seed: str) -> str:
    values = {"of_them": counted_text(pattern.count, pattern.of, pattern.counted)}
    if pattern.quote is not None:
        values["quote"] = " ".join(pattern.quote.split()).strip(" ,.;:!?-\"'\N{EM DASH}")
    return word(wording.goods[pattern.name].spoken, values, f"{seed}|{pattern.name}")


def _work(debrief: Debrief, wording: DebriefPhrases, seed: str) -> str:
    """Say the one pattern; without one, what the feedback put first in one answer."""
    if debrief.next_work is None:
        return word(wording.no_priority, {}, f"{seed}|work")
    if debrief.to_work_on or debrief.answered == 1:
        return debrief.next_work.spoken
    return word(wording.single_priority, {"priority": debrief.next_work.spoken}, f"{seed}|work")


def _drill(debrief: Debrief, wording: DebriefPhrases, seed: str) -> str:
    if debrief.next_work is None or debrief.next_work.drill is None:
        return ""
    return word(wording.before_the_day, {"drill": debrief.next_work.drill}, f"{seed}|drill")


def _asked_back(debrief: Debrief, wording: DebriefPhrases, seed: str) -> str:
    if not debrief.was_asked_back:
        return ""
    if not debrief.asked_back:
        return word(wording.asked_nothing, {}, f"{seed}|asked")
    count = len(debrief.asked_back)
    values = {"count": "one question" if count == 1 else f"{in_words(count)} questions"}
    return word(wording.asked_back, values, f"{seed}|asked")
