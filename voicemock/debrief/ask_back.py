"""What the candidate asked the interviewer when invited to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voicemock.debrief.judged import Judged
from voicemock.feedback.asking_back import questions_in
from voicemock.feedback.findings import quoting
from voicemock.models import AskedBack


def asked_back(judged: Iterable[Judged]) -> Iterator[AskedBack]:
    """Yield each question, in the order asked."""
    for each in judged:
        for question in questions_in(each.heard) if each.heard else ():
            quote = each.quote(quoting(question.sentence))
            if quote is not None:
                yield AskedBack(position=each.position, quote=quote.text, start_s=quote.start_s)
