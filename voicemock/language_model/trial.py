"""One small request, to see whether a model answers, how fast, and whether what it says may be said."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from voicemock.language_model.answer import Refusal, RefusedAnswerError
from voicemock.language_model.briefing import Line, RewordingBrief
from voicemock.language_model.guidance import Guidance
from voicemock.language_model.protocol import LanguageModel
from voicemock.language_model.rewording import check_rewording

_SENTENCES = ("I did not hear how it ended.", "What worked was the number.", "The fillers get in the way.")


@dataclass(frozen=True, slots=True)
class Trial:
    """How a model did.

    Attributes:
        took_s: Seconds until the answer was there.
        refusal: Why nothing of the answer would be said; None where it would.
    """

    took_s: float
    refusal: Refusal | None = None


def try_out(model: LanguageModel, guidance: Guidance) -> Trial:
    """Let a model put three sentences of the coach in other words.

    Raises:
        LanguageModelError: It does not answer, or not in time.
    """
    lines = {f"s{place}": Line(text) for place, text in enumerate(_SENTENCES, start=1)}
    brief = RewordingBrief(_SENTENCES, lines)
    began = perf_counter()
    answer = model.complete(brief.messages(guidance.reword), brief.schema())
    took_s = perf_counter() - began
    try:
        check_rewording(answer, brief, guidance)
    except RefusedAnswerError as error:
        return Trial(took_s, error.refusal)
    return Trial(took_s)
