"""How a probe is said: a few words of the candidate's own, where they can be said back, and the question."""

from __future__ import annotations

import re
from typing import Final

from voicemock.analysis.phrasebook import Phrasebook
from voicemock.analysis.statements import Statement, statement_of
from voicemock.feedback.phrases import placeholders, word
from voicemock.feedback.quoting import Evidence, excerpt
from voicemock.follow_ups.listening import Listened
from voicemock.follow_ups.probes import Probe, ProbeFile
from voicemock.models import QuantifiedResult

QUOTE_WORDS: Final = (11, 8, 6)
"""Most words of a quote: what can be recognized by ear; a shorter one is tried where a longer cannot be said back."""
FEWEST_QUOTE_WORDS: Final = 3

_SPEAKABLE: Final = re.compile(r"[\w ,.'%$&/+-]+")
_LEADING: Final = re.compile(r"(?:(?:and|but|so|then|well|because|also|first|second|next|finally|okay)\b,? +)+", re.I)
_LEADING_OF_NUMBER: Final = re.compile(r"(?:(?:by|to|of|around|about|nearly|almost|over|up)\b +)+", re.I)
_EDGES: Final = " ,.;:!?-\"'\N{EM DASH}\N{EN DASH}"


def quote_of(turn: Listened, statement: Statement, focus: tuple[int, int], unquotable: Phrasebook) -> str | None:
    """Return a few words of a sentence around ``focus``, an exact stretch of the transcript.

    None where they hold a filler, a repetition or a word that is not said back, or cannot be spoken.
    """
    sentence = statement.sentence
    evidence = Evidence(sentence.start_char, sentence.end_char, None, focus)
    for most in QUOTE_WORDS:
        span = excerpt(turn.assessment.transcript.text, evidence, most)
        if span is not None and (quote := _clean(turn, span, unquotable, focus)) is not None:
            return quote
    return None


def number_of(turn: Listened, outcome: QuantifiedResult) -> str | None:
    """Return a measured outcome as it was said, without the preposition before it."""
    number = _LEADING_OF_NUMBER.sub("", outcome.text, count=1).strip(_EDGES)
    speakable = _SPEAKABLE.fullmatch(number) and number in turn.assessment.transcript.text
    return number if speakable else None


def say(probe: Probe, file: ProbeFile, *, quote: str | None, number: str | None, seed: str) -> str:
    """Return the words of a probe, with the quote or the number where there is one."""
    values = {name: value for name, value in (("quote", quote), ("number", number)) if value is not None}
    if probe.quoting is not None and placeholders(probe.quoting) <= values.keys():
        return probe.quoting.format_map(values)
    if quote is not None and file.is_claim and probe.quoting is None:
        lead = word(file.lead_ins, {"quote": quote}, f"{seed}|{probe.name}|lead")
        return f"{lead} {probe.text}"
    return probe.text


def _clean(turn: Listened, span: tuple[int, int], unquotable: Phrasebook, focus: tuple[int, int]) -> str | None:
    text = turn.assessment.transcript.text
    start, end = span
    if leading := _LEADING.match(text, start, min(end, focus[0])):
        start = leading.end()
    quote = text[start:end].strip(_EDGES)
    if len(quote.split()) < FEWEST_QUOTE_WORDS or not _SPEAKABLE.fullmatch(quote):
        return None
    analysis = turn.assessment.analysis
    stumbles = [(each.start_char, each.end_char) for each in analysis.fillers]
    stumbles += [(each.start_char, each.end_char) for each in analysis.repetitions]
    if any(first < end and last > start for first, last in stumbles):
        return None
    return None if unquotable.find(statement_of(quote)) else quote
