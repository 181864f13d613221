"""What the candidate asked the interviewer when invited to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from voicemock.debrief.judged import Judged
from voicemock.feedback.quoting import Evidence
from voicemock.models import AskedBack

_ASKS: Final = re.compile(
    r"^(?:(?:and|so|then|also|well|okay|yes|yeah|um|uh|my (?:first|second|next|last) question(?: is|:)?)[, ]+)*"
    r"(?:what|how|why|who|whom|whose|which|when|where|is there|are there|do you|does the|can you|could you|would you"
    r"|have you|did you|will (?:i|the|there)|i(?:'d| would) (?:like|love) to (?:know|hear|ask|understand)"
    r"|i(?:'m| am) curious|i(?:'m| was| am) wonder\w*|tell me)\b",
    re.IGNORECASE,
)
"""How a question begins, for a transcriber that leaves the question mark out."""


def asked_back(judged: Iterable[Judged]) -> Iterator[AskedBack]:
    """Yield each question, in the order asked."""
    for each in judged:
        for sentence in each.heard.sentences if each.heard else ():
            if sentence.text.rstrip().endswith("?") or _ASKS.match(sentence.text.strip()):
                quote = each.quote(Evidence(sentence.start_char, sentence.end_char, sentence.start_s))
                if quote is not None:
                    yield AskedBack(position=each.position, quote=quote.text, start_s=quote.start_s)
