"""What was measured about the content of an answer, as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator

from voicemock.feedback import clock
from voicemock.models import Analysis, Coverage, Ownership, Remark
from voicemock.report.delivery_rows import first_few
from voicemock.report.passages import one_line

_KINDS = (
    ("coordination", "coordination"),
    ("technical", "technical"),
    ("decision", "decisions"),
    ("trade_off", "trade-offs"),
    ("risk", "risks"),
)
_RELEVANCE = {
    "off_topic": "about something else",
    "question_read": "the question, not an answer",
    "no_answer": "no answer given",
    "other_language": "not in English",
    "repeated_word": "the same words over and over",
    "hostile": "no answer, and not friendly",
    "empty": "hardly a word",
}


def content_rows(analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and yardstick of what was said; a measure that found nothing to say has no row."""
    relevance = analysis.relevance
    if relevance is not None and relevance.kind in _RELEVANCE:
        yield "Answers the question", _RELEVANCE[relevance.kind], "yes"
    if analysis.ownership is not None and (analysis.ownership.i or analysis.ownership.we):
        is_story = analysis.structure is not None and analysis.structure.framework == "star"
        yield "I and we", _ownership(analysis.ownership), "in the actions mostly I" if is_story else ""
    if analysis.substance is not None and analysis.substance.remarks:
        counts = (f"{name} {analysis.substance.sentences.get(kind, 0)}" for kind, name in _KINDS)
        yield "Sentences that show", ", ".join(counts), "little coordination"
    if analysis.coverage is not None:
        yield "Covered", f"{analysis.coverage.covered} of {analysis.coverage.expected} expected points", ""
    if analysis.weak_language:
        yield "Weak words", _examples(analysis.weak_language), "none"
    if analysis.rambling is not None and analysis.rambling.repeated:
        count = len(analysis.rambling.repeated)
        yield "Said again", "once" if count == 1 else f"{count} times", "never"
    if analysis.jargon:
        yield "Not explained", _examples(analysis.jargon), "none"
    if analysis.early_complexity:
        yield "Complex too early", _examples(analysis.early_complexity), "none"


def coverage_rows(coverage: Coverage) -> Iterator[tuple[str, str, str]]:
    """Yield title, the words that cover it (empty where none do) and when, of every item expected or covered."""
    for item in coverage.items:
        if item.covered is not None:
            moment = clock(item.covered.start_s) if item.covered.start_s is not None else ""
            yield item.title, _around(item.covered), moment
        elif item.expected:
            yield item.title, "", ""


def _ownership(ownership: Ownership) -> str:
    acts = next((each for each in ownership.by_part if each.part == "action"), None)
    where = f"; in the actions I {acts.i}, we {acts.we}" if acts is not None and (acts.i or acts.we) else ""
    return f"I {ownership.i}, we {ownership.we}{where}"


def _examples(remarks: tuple[Remark, ...]) -> str:
    """Return how many, with the first different ones."""
    words = list(dict.fromkeys(one_line(remark.text).lower() for remark in remarks))
    return f"{len(remarks)} ({first_few(words)})"


def _around(remark: Remark) -> str:
    """Return the words that cover an item with a few around them."""
    words = one_line(remark.quote)
    at = words.find(one_line(remark.text))
    start = words.rfind(" ", 0, max(0, at - 20)) + 1 if at > 20 else 0
    cut = words[start : start + 70]
    end = cut if start + 70 >= len(words) else f"{cut.rsplit(' ', 1)[0]} ..."
    return f"... {end}" if start else end
