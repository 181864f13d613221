"""From an analysis to what an interviewer says: one strength, at most two priorities, a drill, each with evidence.

``priorities`` and ``strengths`` decide what is worth saying, ``quoting`` finds the candidate's words for it,
``phrases`` holds the wording, which is data, and ``wording`` puts it together. Follow-ups and questions asked back have
modules of their own. The same words in give the same feedback out.
"""

from __future__ import annotations

from voicemock.feedback.answers import feedback_on, give_feedback
from voicemock.feedback.exchange import give_feedback_on_exchange
from voicemock.feedback.findings import HeardAnswer
from voicemock.feedback.numerals import clock, percent
from voicemock.feedback.phrases import FeedbackPhrases, load_phrases
from voicemock.feedback.replies import holds
from voicemock.feedback.subject import may_miss_the_point
from voicemock.feedback.wording import SPOKEN_WORDS

__all__ = [
    "SPOKEN_WORDS",
    "FeedbackPhrases",
    "HeardAnswer",
    "clock",
    "feedback_on",
    "give_feedback",
    "give_feedback_on_exchange",
    "holds",
    "load_phrases",
    "may_miss_the_point",
    "percent",
]
