"""Tells whether a story says what was learned from it, where its question asks for that.

Context, action, result and learning: the lesson is a fifth part that most questions do not ask for, so it has no share
of the time and is never missing elsewhere.
"""

from __future__ import annotations

from typing import Final

from voicemock.analysis.spoken_text import statement_of
from voicemock.coaching.cues import load_claim_words
from voicemock.coaching.findings import HeardAnswer
from voicemock.models import Question, Reflection

LESSON: Final = "lesson"


def asks_for_reflection(question: Question | None) -> bool:
    """Return whether a question asks for a story and for what was learned, or for a failure of one's own."""
    if question is None or question.framework != "star" or not question.wants_a_whole_answer:
        return False
    return load_claim_words().hears("asks for a lesson", statement_of(question.text))


def reflection_of(heard: HeardAnswer) -> Reflection | None:
    """Return whether an answer says what was learned; None where that was not asked for, or nothing was said."""
    table = heard.table
    if not asks_for_reflection(heard.question) or table is None or not heard.sentences:
        return None
    if table.is_there(LESSON):
        sentence = heard.sentences[int(table.probabilities[LESSON].argmax())]
        return Reflection(
            is_there=True,
            quote=sentence.text,
            start_s=sentence.start_s,
            start_char=sentence.start_char,
            end_char=sentence.end_char,
        )
    may_be = any(load_claim_words().hears("may be a lesson", statement) for statement in heard.statements)
    is_lacking = table.is_absent(LESSON) and not may_be and not heard.is_incomplete
    return Reflection(is_there=False if is_lacking else None)
