"""What is said after an answer and its follow-ups: the main feedback, and one sentence on the replies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from voicemock.feedback.phrases import FeedbackPhrases, word
from voicemock.feedback.quoting import Evidence, spoken_quote
from voicemock.feedback.replies import Reply, judge_reply
from voicemock.feedback.wording import SPOKEN_WORDS, sentences_of
from voicemock.models import Assessment, Question

_BELONGS_INTO_THE_ANSWER: Final = ("number", "own_part", "decision", "trade_off", "lesson", "risk", "reason")
"""What should not have needed a follow-up, the most telling first."""


def give_feedback_on_exchange(
    main: Assessment, replies: Sequence[tuple[Question, Assessment]], phrases: FeedbackPhrases
) -> str:
    """Return what is said after an answer and its follow-ups.

    Args:
        main: The answer itself.
        replies: Its follow-ups with what was replied, in order.
        phrases: The wording.
    """
    remark = _on_replies(replies, phrases)
    drill = main.feedback.drill or ""
    before_drill = main.feedback.spoken.removesuffix(drill).rstrip()
    if not remark:
        return main.feedback.spoken
    sentences = sentences_of(before_drill)
    while len(sentences) > 1 and _count(*sentences, remark, drill) > SPOKEN_WORDS:
        sentences = sentences[1:]  # what went well and how long it was comes first; what to fix comes last
    return " ".join(piece for piece in (*sentences, remark, drill) if piece)


def _on_replies(replies: Sequence[tuple[Question, Assessment]], phrases: FeedbackPhrases) -> str:
    """Return a sentence on what was there when asked, else on what stayed open; "" where neither can be told."""
    judged = [
        (question, assessment, judge_reply(question.asks_for, assessment.analysis, assessment.transcript))
        for question, assessment in replies
        if question.asks_for is not None
    ]
    held = [each for each in judged if each[2].holds and each[0].asks_for in _BELONGS_INTO_THE_ANSWER]
    open_ones = [each for each in judged if each[2].holds is False]
    if held:
        return _worded(phrases.replies.belongs, min(held, key=_rank), phrases)
    if open_ones:
        return _worded(phrases.replies.stayed_open, open_ones[0], phrases)
    if judged and all(each[2].holds for each in judged):
        return _worded(phrases.replies.all_held, judged[-1], phrases)
    return ""


def _rank(judged: tuple[Question, Assessment, Reply]) -> int:
    return _BELONGS_INTO_THE_ANSWER.index(judged[0].asks_for or "reason")


def _worded(templates: tuple[str, ...], judged: tuple[Question, Assessment, Reply], phrases: FeedbackPhrases) -> str:
    question, assessment, reply = judged
    values = {"asked": phrases.replies.asked[question.asks_for] if question.asks_for else ""}
    sentence = reply.sentence
    evidence = Evidence(sentence.start_char, sentence.end_char, sentence.start_s, reply.focus) if sentence else None
    quote = spoken_quote(assessment.transcript, evidence)
    if quote is not None:
        values["quote"] = quote
    return word(templates, values, f"{assessment.transcript.text}|exchange")


def _count(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)
