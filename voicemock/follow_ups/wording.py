"""How a probe is said: a few words of the candidate's own, where they can be said back, and the question."""

from __future__ import annotations

import re
from typing import Final

from voicemock.analysis.statements import Statement, statement_of
from voicemock.feedback.phrases import placeholders, word
from voicemock.feedback.quoting import Evidence, excerpt
from voicemock.follow_ups.claims import load_claim_words
from voicemock.follow_ups.listening import Listened
from voicemock.follow_ups.probes import Probe, ProbeFile
from voicemock.models import QuantifiedResult

QUOTE_WORDS: Final = (11, 8, 6)
"""Most words of a quote: what can be recognized by ear; a shorter one is tried where a longer cannot be said back."""
FEWEST_QUOTE_WORDS: Final = 4

_SPEAKABLE: Final = re.compile(r"[\w ,.'%$&/+-]+")
_LEADING: Final = re.compile(r"(?:(?:and|but|so|then|well|because|also|first|second|next|finally|okay)\b,? +)+", re.I)
_LEADING_OF_NUMBER: Final = re.compile(r"(?:(?:by|to|of|in|around|about|nearly|almost|over|up)\b +)+", re.I)
_CONNECTIVE: Final = re.compile(
    r"\b(?:and|or|but|so|because|which|that|who|when|while|where|before|after|until|to|for|with|without|about|of|in|on|at|by"
    r"|from|into|across|over|as|if|what|how|why|than)\b",
    re.I,
)
_DANGLING: Final = re.compile(
    rf"(?:(?:{_CONNECTIVE.pattern}|\b(?:the|a|an|our|my|their|his|her|its|each|every)\b)\s*)+$", re.I
)
_SUBJECT: Final = re.compile(r"(?:i|we|they|he|she|it|you|the|our|my|this|that|there|each|every)\b", re.I)
_CLAUSE_END: Final = ",.;:!?"
_EDGES: Final = " ,.;:!?-\"'\N{EM DASH}\N{EN DASH}"


def quote_of(turn: Listened, statement: Statement, focus: tuple[int, int]) -> str | None:
    """Return a few words of a sentence around ``focus``, an exact stretch of the transcript.

    None where they hold a filler, a repetition or a word that is not said back, or cannot be spoken.
    """
    sentence = statement.sentence
    evidence = Evidence(sentence.start_char, sentence.end_char, None, focus)
    for most in QUOTE_WORDS:
        span = excerpt(turn.assessment.transcript.text, evidence, most)
        if span is not None and (quote := _clean(turn, span, focus)) is not None:
            return quote
    return None


def number_of(turn: Listened, outcome: QuantifiedResult) -> str | None:
    """Return a measured outcome as it was said, without the preposition before it."""
    leading = _LEADING_OF_NUMBER.match(outcome.text)
    number = outcome.text[leading.end() if leading else 0 :].strip(_EDGES)
    speakable = _SPEAKABLE.fullmatch(number) and number in turn.assessment.transcript.text
    return number if speakable else None


def term_of(turn: Listened, focus: tuple[int, int]) -> str | None:
    """Return the words that triggered a probe as they were said, where they name a thing ("load testing")."""
    term = turn.assessment.transcript.text[slice(*focus)].strip(_EDGES)
    is_thing = _SPEAKABLE.fullmatch(term) and not term.lower().endswith("ed")
    return term if is_thing and not _is_unquotable(term) and not _stumbles(turn, focus) else None


def say(probe: Probe, file: ProbeFile, *, quote: str | None, term: str | None, number: str | None, seed: str) -> str:
    """Return the words of a probe, with the candidate's own where they can be said back."""
    values = {name: value for name, value in (("quote", quote), ("number", number)) if value is not None}
    if probe.quoting is not None and placeholders(probe.quoting) <= values.keys():
        return probe.quoting.format_map(values)
    if not file.is_claim or probe.quoting is not None:
        return probe.text
    if quote is not None:
        return f"{word(file.lead_ins, {'quote': quote}, f'{seed}|{probe.name}|lead')} {probe.text}"
    if term is not None and file.term_leads:
        return f"{word(file.term_leads, {'term': term}, f'{seed}|{probe.name}|lead')} {probe.text}"
    return probe.text


def _clean(turn: Listened, span: tuple[int, int], focus: tuple[int, int]) -> str | None:
    text = turn.assessment.transcript.text
    start, end = span
    if leading := _LEADING.match(text, start, min(end, focus[0])):
        start = leading.end()
    quote = text[start : _end_of(text, end, focus)].strip(_EDGES)
    if len(quote.split()) < FEWEST_QUOTE_WORDS or not _SPEAKABLE.fullmatch(quote):
        return None
    if not _begins_a_clause(text, start) or _stumbles(turn, (start, start + len(quote))):
        return None
    return None if _is_unquotable(quote) else quote


def _is_unquotable(text: str) -> bool:
    return load_claim_words().hears("unquotable", statement_of(text))


def _end_of(text: str, end: int, focus: tuple[int, int]) -> int:
    """Return where a quote ends: with its clause, or before the last word that only begins something new."""
    if text[end - 1] in _CLAUSE_END or not text[end:].strip():
        return end
    end = _without_dangling(text, end, focus)
    if _CONNECTIVE.match(text, end + len(text[end:]) - len(text[end:].lstrip())):
        return end
    connectives = [match.start() for match in _CONNECTIVE.finditer(text, focus[1], end)]
    return _without_dangling(text, connectives[-1], focus) if connectives else end


def _without_dangling(text: str, end: int, focus: tuple[int, int]) -> int:
    """Return the end without the words that want another one behind them."""
    dangling = _DANGLING.search(text[focus[1] : end].rstrip())
    return focus[1] + dangling.start() if dangling else end


def _begins_a_clause(text: str, start: int) -> bool:
    """Tell whether what begins there can be said on its own: a sentence, or somebody who does something."""
    before = text[:start].rstrip()
    return not before or before[-1] in ".!?" or _SUBJECT.match(text, start) is not None


def _stumbles(turn: Listened, span: tuple[int, int]) -> bool:
    """Tell whether a filler or a repetition lies within."""
    analysis = turn.assessment.analysis
    stumbles = [(each.start_char, each.end_char) for each in analysis.fillers]
    stumbles += [(each.start_char, each.end_char) for each in analysis.repetitions]
    return any(start < span[1] and end > span[0] for start, end in stumbles)
