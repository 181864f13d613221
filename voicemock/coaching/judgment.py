"""Judges an answer by its evidence table: which findings are worth saying, each only if the evidence agrees.

The list is data: ``prompts/findings.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Final, get_args

from voicemock.analysis.evidence import LACKS, LIKELY, MAY_HOLD, EvidenceTable
from voicemock.analysis.figures import find_share_or_change, find_sizes
from voicemock.analysis.outcomes import OUTCOME_FIGURE
from voicemock.analysis.spoken_text import statement_of
from voicemock.coaching.cues import load_claim_words
from voicemock.coaching.findings import BACKGROUND, Finding, HeardAnswer, counted, missing_values
from voicemock.coaching.quoting import Evidence, most_quotable, quoting, quoting_first, quoting_last, quoting_remark
from voicemock.coaching.spoken_numbers import enumerate_words, in_words, percent, spoken_percent
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Filler, FrameworkName, Model, QuantifiedResult, Repetition, Sentence

SAID_FROM: Final = 0.3
"""A verdict that is less likely is not worth a word."""
SOUND_BELOW: Final = 0.6
"""Sum of the probabilities of all verdicts below which nothing big is wrong. Above it that cannot be told."""
PRAISED_FROM: Final = 0.6
"""Praise needs more than blame."""
TOGETHER: Final = 1.1
"""Sum of the probabilities of a verdict and of evidence for it from which they back each other."""
APART: Final = 0.5
"""A verdict that is so much likelier than the evidence against it is said."""
AS_SURE: Final = 0.9
"""Of the surest sentence's probability. With this much another one is quoted, if it need not be cut."""
QUOTED_FROM: Final = 0.9
"""Least probability that a sentence shows what it is quoted for. Below it nothing is quoted."""
TOLD_FROM: Final = 0.7
"""Least probability of a sentence that tells of a part which is missing on the whole."""
ENDING: Final = 2
"""Sentences that end an answer: an outcome in one of them is no outcome told in passing."""
UNKIND: Final = ("blame", "contempt")
"""Evidence of a sentence that is quoted for nothing else."""
NOTES: Final = "bullet"
DOUBTFUL_FACTOR: Final = 1000.0
DOUBTFUL_SUM: Final = 1e9
ALL_OF_IT: Final = 100.0
"""Percent."""
HABITUAL: Final = 0.95
"""Extent of a finding that so many sentences show."""
HABIT_FROM: Final = 2
"""What came once is not said to have come again and again."""
_NO_ENDING: Final = "no_ending"
_FRAMEWORKS: Final[tuple[FrameworkName, ...]] = get_args(FrameworkName)


class Judgment(Model):
    """When a verdict of the reader becomes a finding."""

    finding: str
    """Key of its wording in ``prompts/feedback.yaml``."""
    verdict: str
    frameworks: tuple[FrameworkName, ...] = _FRAMEWORKS
    part: str | None = None
    needs: tuple[str, ...] = ()
    """Evidence or verdicts that must surely be there."""
    absent: tuple[str, ...] = ()
    """Evidence that must surely be in no sentence."""
    unlikely: tuple[str, ...] = ()
    """Evidence that no sentence may be likely to hold."""
    not_at_end: tuple[str, ...] = ()
    """Evidence that none of the last sentences may hold."""
    not_quoted: tuple[str, ...] = ()
    """Evidence that the quoted sentence may not be likely to hold."""
    habit: int | None = None
    """So many sentences likely to hold what it needs, one of them surely, are enough; None: the verdict decides."""
    said_from: float | None = None
    """Least probability of the verdict, where saying it wrongly would hurt more than usual."""
    quote: tuple[str, ...]
    """Evidence whose likeliest sentence is quoted, the first that is there; also "first", "last", "figure"."""

    @property
    def is_of_absence(self) -> bool:
        """Whether it says that something is not in the answer."""
        return bool(self.absent) or self.verdict == _NO_ENDING or any(need.startswith(LACKS) for need in self.needs)


class Judgments(Model):
    """All of them."""

    priorities: tuple[Judgment, ...]
    strengths: tuple[Judgment, ...]


@cache
def load_judgments() -> Judgments:
    """Return ``prompts/findings.yaml``.

    Raises:
        ContentError: It breaks its schema.
    """
    return load_yaml(prompts_folder() / "findings.yaml", Judgments)


def judged_priorities(heard: HeardAnswer) -> Iterator[Finding]:
    """Yield what limits the answer, with the probability of each verdict as its extent."""
    for judgment in load_judgments().priorities:
        yield from _judged(heard, judgment, _verdict(heard, judgment), SAID_FROM)


def _verdict(heard: HeardAnswer, judgment: Judgment) -> str:
    """Return the reader's name of a verdict about such an answer."""
    is_own = judgment.verdict.startswith(LACKS)
    return judgment.verdict if is_own else f"{heard.framework.judged_as}:{judgment.verdict}"


def is_surely_sound(heard: HeardAnswer) -> bool:
    """Return whether nothing that the reader knows is at all likely to limit the answer."""
    framework, table = heard.framework.name, heard.table
    limits = {_verdict(heard, each) for each in load_judgments().priorities if framework in each.frameworks}
    return table is not None and sum(map(table.most, limits)) < SOUND_BELOW


def judged_strengths(heard: HeardAnswer) -> Iterator[Finding]:
    """Yield what is good about the answer, the surest first."""
    found = (
        finding
        for judgment in load_judgments().strengths
        for finding in _judged(heard, judgment, f"good:{judgment.verdict}", PRAISED_FROM)
        if not _only_unkindly(heard, judgment)
    )
    yield from sorted(found, key=lambda finding: -finding.extent)


def _only_unkindly(heard: HeardAnswer, judgment: Judgment) -> bool:
    """Return whether every sentence that shows a strength puts fault on people or belittles them."""
    table = heard.table
    rows = {row for name in judgment.quote if table and name in table.probabilities for row in table.holding(name)}
    unkind = {row for name in UNKIND if table for row in table.holding(name)}
    return bool(rows) and rows <= unkind


def _judged(heard: HeardAnswer, judgment: Judgment, verdict: str, said_from: float) -> Iterator[Finding]:
    table, least = heard.table, said_from if judgment.said_from is None else judgment.said_from
    if table is None or heard.framework.name not in judgment.frameworks:
        return
    is_habit, likely = _is_habit(table, judgment), table.most(verdict)
    if not is_habit and (likely < least or not _agrees(heard, table, judgment, verdict)):
        return
    values = _VALUES.get(judgment.finding, _no_values)(heard, judgment)
    if values is not None:
        found = Finding(judgment.finding, values, _quoted(heard, judgment), judgment.part, likely, is_judged=True)
        yield replace(found, extent=HABITUAL, is_habit=True) if is_habit and likely < HABITUAL else found


def _is_habit(table: EvidenceTable, judgment: Judgment) -> bool:
    """Return whether so many sentences show it that the verdict on the whole does not matter."""
    if judgment.habit is None:
        return False
    return all(table.is_there(name) and len(table.holding(name)) >= judgment.habit for name in judgment.needs)


def _agrees(heard: HeardAnswer, table: EvidenceTable, judgment: Judgment, verdict: str) -> bool:
    """Return whether all else that was heard agrees with a verdict."""
    if heard.is_incomplete and judgment.is_of_absence:  # it may stand where the recording could not be read
        return False
    if OUTCOME_FIGURE in judgment.absent and heard.told_outcomes:  # the rules heard a figure, whatever the reader says
        return False
    if judgment.finding == "missing_part" and _may_be_told(heard, table, judgment.part):
        return False
    relevance = heard.analysis.relevance
    if judgment.finding == "off_topic" and relevance is not None and relevance.kind == "on_topic":
        return False
    is_backed = all(_is_backed(table, verdict, need) for need in judgment.needs)
    is_likely = any(table.most(name) >= LIKELY for name in judgment.unlikely)
    if any(float(each) >= MAY_HOLD for name in judgment.not_at_end for each in table.probabilities[name][-ENDING:]):
        return False
    return is_backed and not is_likely and all(_is_denied(table, verdict, each) for each in judgment.absent)


def _may_be_told(heard: HeardAnswer, table: EvidenceTable, part: str | None) -> bool:
    """Return whether a sentence tells of a part that the structure misses, so that it cannot be said to be missing."""
    missed = (each for each in heard.missing if each.name == part)
    return any(table.most(name) >= TOLD_FROM for each in missed for name in each.evidence)


def _is_backed(table: EvidenceTable, verdict: str, need: str) -> bool:
    """Return whether what a verdict needs is surely there; of mere evidence the two together may be sure enough."""
    if table.is_there(need):
        return True
    return need not in table.verdicts and table.most(verdict) + table.most(need) >= TOGETHER


def _is_denied(table: EvidenceTable, verdict: str, name: str) -> bool:
    """Return whether evidence is surely absent; the surer the verdict is, the less the evidence has to say."""
    return table.is_absent(name) or table.most(verdict) - table.most(name) >= APART


def _quoted(heard: HeardAnswer, judgment: Judgment) -> Evidence | None:
    for name in judgment.quote:
        if (evidence := _place(heard, judgment, name)) is not None:
            return evidence
    return None


def _place(heard: HeardAnswer, judgment: Judgment, name: str) -> Evidence | None:
    if name == "first":
        return quoting_first(heard.sentences)
    if name == "last":
        return quoting_last(heard.sentences)
    if name == "figure":
        return _figure(heard)
    if name == "doubtful":
        doubtful = _doubtful_outcome(heard)
        return quoting_remark(heard.sentences, doubtful) if doubtful else None
    if heard.table is None:
        return None
    showing = [row for row in heard.table.holding(name, QUOTED_FROM) if _shows(heard.table, judgment, row)]
    column = heard.table.probabilities[name]
    least = AS_SURE * max((float(column[row]) for row in showing), default=0.0)
    surest = sorted((row for row in showing if column[row] >= least), key=lambda row: -float(column[row]))
    stumbles: tuple[Repetition | Filler, ...] = (*heard.analysis.repetitions, *heard.filled_pauses)
    best = most_quotable([heard.sentences[row] for row in surest], stumbles)
    evidence = quoting(best)
    if evidence is None or best is None or NOTES in judgment.quote:
        return evidence
    notes = float(heard.table.probabilities[NOTES][heard.sentences.index(best)])
    return replace(evidence, is_sentence=evidence.is_sentence and notes < LIKELY)


def _shows(table: EvidenceTable, judgment: Judgment, row: int) -> bool:
    """Return whether a sentence itself holds all that a finding needs, and nothing that should not be quoted."""
    needed = [name for name in judgment.needs if name in table.probabilities]
    unwanted = [name for name in (*UNKIND, *judgment.not_quoted) if name not in judgment.quote]
    held = {name: float(table.probabilities[name][row]) for name in (*needed, *unwanted)}
    return all(held[name] >= LIKELY for name in needed) and all(held[name] < LIKELY for name in unwanted)


def _figure(heard: HeardAnswer) -> Evidence | None:
    """Return the outcome with the most convincing number, or else the first share or size."""
    if (outcome := _best_outcome(heard)) is not None:
        return quoting_remark(heard.sentences, outcome)
    if (size := _first_size(heard)) is not None:
        sentence, start, end = size
        return quoting(sentence, focus=(sentence.start_char + start, sentence.start_char + end))
    return None


def _best_outcome(heard: HeardAnswer) -> QuantifiedResult | None:
    found = [each for each in heard.told_outcomes if not _is_taken_back(heard, each)]
    return max(found, key=lambda each: (each.value_from is not None, each.unit == "%")) if found else None


def _doubtful_outcome(heard: HeardAnswer) -> QuantifiedResult | None:
    """Return the first outcome that arithmetic makes hard to believe; None where there is none."""
    return next(filter(_is_doubtful, heard.told_outcomes), None)


def _is_doubtful(outcome: QuantifiedResult) -> bool:
    """Return whether something fell by more than all of it, changed a thousandfold, or is worth a billion."""
    if outcome.value_from and outcome.value:
        low, high = sorted((abs(outcome.value_from), abs(outcome.value)))
        return high >= DOUBTFUL_FACTOR * low
    value, fell = outcome.value or 0.0, outcome.unit == "%" and outcome.direction == "down"
    return (fell and value > ALL_OF_IT) or value >= DOUBTFUL_SUM


def _is_taken_back(heard: HeardAnswer, outcome: QuantifiedResult) -> bool:
    """Return whether the sentence of an outcome, or the one after it, is likely to take it back."""
    rows = [row for row, s in enumerate(heard.sentences) if s.start_char <= outcome.start_char < s.end_char]
    hedges = heard.table.holding("hedge") if heard.table else ()
    return any(row in hedges or row + 1 in hedges for row in rows)


def _first_size(heard: HeardAnswer) -> tuple[Sentence, int, int] | None:
    """Return the first sentence with a share or a large number, and where in it that stands."""
    for sentence in heard.sentences:
        span = find_share_or_change(sentence.text) or next(find_sizes(sentence.text), None)
        if span is not None:
            return sentence, *span
    return None


def _no_values(_heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    return {}


def _part_values(heard: HeardAnswer, judgment: Judgment) -> Mapping[str, str] | None:
    missing = {part.name: part for part in heard.missing}
    return missing_values(missing[judgment.part]) if judgment.part in missing else None


def _unmeasured(heard: HeardAnswer, judgment: Judgment) -> Mapping[str, str] | None:
    """Return nothing to fill in; None where the part that lacks a number is missing itself."""
    return None if judgment.part in {part.name for part in heard.missing} else {}


def _counted(name: str) -> Callable[[HeardAnswer, Judgment], Mapping[str, str] | None]:
    def values(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
        times = len(heard.table.holding(name)) if heard.table else 0
        return counted(times) if times >= HABIT_FROM else None

    return values


def _habitual(name: str) -> Callable[[HeardAnswer, Judgment], Mapping[str, str] | None]:
    counted_values = _counted(name)

    def values(heard: HeardAnswer, judgment: Judgment) -> Mapping[str, str] | None:
        """Return nothing to fill in; None where it came once."""
        return None if counted_values(heard, judgment) is None else {}

    return values


def _background_values(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    share = sum(heard.share_of(part.name) for part, _ in heard.present if part.name in BACKGROUND)
    allowed = sum(part.target_share_max for part in heard.framework.parts if part.name in BACKGROUND)
    return {"share": percent(share), "share_spoken": spoken_percent(share)} if share > allowed else None


def _we_values(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    acts = heard.acts or heard.analysis.ownership
    if acts is None or acts.we <= acts.i:
        return None
    return {"we": str(acts.we), "we_spoken": in_words(acts.we), "i": str(acts.i)}


def _background_number(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    if (size := _first_size(heard)) is None:
        return None
    sentence, start, end = size
    return {"number": " ".join(sentence.text[start:end].split())}


def _outcome_number(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    outcome = _best_outcome(heard)
    return {"number": " ".join(outcome.text.split())} if outcome else None


def _terms(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    terms = tuple(remark.text for remark in heard.analysis.jargon[:4])
    return {"terms": enumerate_words(terms)} if terms else None


def _things(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    things = tuple(remark.text.lower() for remark in heard.analysis.early_complexity[:3])
    return {"things": enumerate_words(things)} if things else None


def _parts(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    return {"parts": heard.part_names}


def _doubts(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    return {} if _doubtful_outcome(heard) else None


def _asked_for_failure(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    """Return nothing to fill in where the question asks for a mistake; None where it asks for something else."""
    asked = heard.question is not None and load_claim_words().hears("about failure", statement_of(heard.question.text))
    return {} if asked else None


def _own_acts(heard: HeardAnswer, _judgment: Judgment) -> Mapping[str, str] | None:
    return {"i_spoken": in_words(heard.acts.i)} if heard.acts is not None and heard.acts.i > 1 else None


_VALUES: Final[Mapping[str, Callable[[HeardAnswer, Judgment], Mapping[str, str] | None]]] = {
    "missing_part": _part_values,
    "missing_result": _part_values,
    "no_story": _parts,
    "implausible": _doubts,
    "no_number": _unmeasured,
    "no_own_mistake": _asked_for_failure,
    "number_in_background": _background_number,
    "coordinator": _counted("coordinate_only"),
    "we_in_actions": _we_values,
    "long_background": _background_values,
    "repeating": _counted("repetition"),
    "hedges": _habitual("hedge"),
    "jargon": _terms,
    "overcomplicated": _things,
    "quantified": _outcome_number,
    "own_part": _own_acts,
}
"""What fills the placeholders of a wording; None where that cannot be told, so that nothing is said."""
