"""Real interviews: their questions to practice again, and whether practice before them agrees with what came of them.

The comparison looks back. It is made of few interviews, says how few, and predicts nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.coaching.findings import NO_ANSWERS
from voicemock.content.own_questions import OwnQuestion, add_own_questions
from voicemock.content.questions import QuestionBank
from voicemock.errors import ContentError, InputError, TranscriptFileError, reason_of
from voicemock.files import read_at_most
from voicemock.models import (
    LONGEST_COMPANY,
    Agreement,
    ComparedMeasure,
    FrameworkName,
    Measured,
    PracticeUnit,
    Question,
    RealInterview,
    RealInterviewCard,
    RealInterviews,
    Relation,
)
from voicemock.models.stories import slug_of_name
from voicemock.store.real_interviews import RealInterviewLog
from voicemock.store.rows import MeasuredTake

KIND: Final = "voicemock-real-interviews"
"""The kind that a file of interviews names."""
LARGEST_FILE: Final = 1 << 20
"""Bytes; an interview takes about 1,000."""
FEWEST_OUTCOMES: Final = 5
"""Interviews with an outcome. With fewer, nothing is compared."""
WEEKS_BEFORE: Final = 4
FEWEST_ANSWERS: Final = 3
"""Answers in these weeks. Fewer hardly count as practice."""
CLEARLY: Final = 0.75
"""Share of the pairs in which practice was better before the interview that was passed, from which on they agree."""


class PracticeMeasure(NamedTuple):
    """A measure of the answers before an interview; ``value`` is that of one answer, None where it is not known."""

    name: str
    title: str
    unit: PracticeUnit
    higher_is_better: bool
    value: Callable[[Measured], float | None]


def _on_target(one: Measured) -> float | None:
    return None if one.duration_s is None else float(one.target_min_s <= one.duration_s <= one.target_max_s)


def _whole(one: Measured) -> float | None:
    return float(all(part.present for part in one.parts)) if one.parts else None


def _with_result(one: Measured) -> float | None:
    return None if one.measured_results is None else float(one.measured_results > 0)


def _filled_pauses(one: Measured) -> float | None:
    return one.per_hundred_words(one.filled_pauses)


MEASURES: Final = (
    PracticeMeasure("on_target", "Answers of the target length", "share", True, _on_target),
    PracticeMeasure("whole", "Answers with every part", "share", True, _whole),
    PracticeMeasure("with_result", "Answers with a measured result", "share", True, _with_result),
    PracticeMeasure("filled_pauses", "Filled pauses", "per_hundred_words", False, _filled_pauses),
)


def agreement_of(interviews: Iterable[RealInterview], takes: Sequence[MeasuredTake]) -> Agreement | None:
    """Return whether practice in the weeks before agrees with outcomes; None below five interviews with an outcome.

    Args:
        interviews: All that were noted.
        takes: The numbers of all answers that were practiced.
    """
    ended = [each for each in interviews if each.outcome != "waiting"]
    if len(ended) < FEWEST_OUTCOMES:
        return None
    practiced = [(each, answers) for each in ended if len(answers := _before(each, takes)) >= FEWEST_ANSWERS]
    passed = [answers for each, answers in practiced if each.outcome == "passed"]
    failed = [answers for each, answers in practiced if each.outcome == "failed"]
    compared = [_compared(measure, passed, failed) for measure in MEASURES]
    return Agreement(
        weeks=WEEKS_BEFORE,
        outcomes=len(ended),
        passed=len(passed),
        failed=len(failed),
        fewest_answers=FEWEST_ANSWERS,
        measures=tuple(each for each in compared if each is not None),
    )


def _before(interview: RealInterview, takes: Iterable[MeasuredTake]) -> list[Measured]:
    """Return the whole answers, by today's rules, of the weeks before the day of an interview."""
    first = interview.held_on - timedelta(weeks=WEEKS_BEFORE)
    return [
        take.measured
        for take in takes
        if first <= take.recorded_at.astimezone().date() < interview.held_on
        and take.measured.is_whole
        and take.measured.analysis_version == ANALYSIS_VERSION
        and take.measured.relevance not in NO_ANSWERS
    ]


def _compared(
    measure: PracticeMeasure, passed: Iterable[list[Measured]], failed: Iterable[list[Measured]]
) -> ComparedMeasure | None:
    """Compare a measure; None where it is known for too few interviews, or only for such that ended alike."""
    good, bad = (_values(measure, group) for group in (passed, failed))
    if not good or not bad or len(good) + len(bad) < FEWEST_OUTCOMES:
        return None
    sign = 1 if measure.higher_is_better else -1
    differences = [sign * (one - other) for one, other in product(good, bad)]
    better, worse = sum(each > 0 for each in differences), sum(each < 0 for each in differences)
    return ComparedMeasure(
        name=measure.name,
        title=measure.title,
        unit=measure.unit,
        higher_is_better=measure.higher_is_better,
        passed=median(good),
        failed=median(bad),
        pairs=len(differences),
        better_in=better,
        worse_in=worse,
        relation=_relation(better, worse, len(differences)),
    )


def _values(measure: PracticeMeasure, group: Iterable[list[Measured]]) -> list[float]:
    """Return the measure for each interview: the share of its answers, or their median."""
    found = []
    for answers in group:
        known = [value for one in answers if (value := measure.value(one)) is not None]
        if len(known) >= FEWEST_ANSWERS:
            found.append(sum(known) / len(known) if measure.unit == "share" else median(known))
    return found


def _relation(better: int, worse: int, pairs: int) -> Relation:
    if better >= CLEARLY * pairs:
        return "agrees"
    return "disagrees" if worse >= CLEARLY * pairs else "no_clear_relation"


# --- what is noted ---------------------------------------------------------------------------------------


def read_went(text: str) -> int | None:
    """Return how an interview went, from 1 to 5; None for "unknown" or nothing.

    Raises:
        InputError: It is neither.
    """
    said = text.strip().lower()
    if said in ("", "unknown"):
        return None
    if said in ("1", "2", "3", "4", "5"):
        return int(said)
    raise InputError(f"{text!r} does not say how it went. Write 1 (badly) to 5 (well), or unknown.")


def refuse_future(held_on: date | None, today: date) -> None:
    """Raise InputError if an interview was not held yet."""
    if held_on is not None and held_on > today:
        raise InputError(f"{held_on} is in the future. Note the interview after it takes place.")


def interview_from(
    fields: Mapping[str, Any], before: RealInterview | None, taken: Collection[str], now: datetime
) -> RealInterview:
    """Return a new interview of some fields, or one with these fields changed.

    Args:
        fields: Of the interview.
        before: The one that is changed; None for a new one.
        taken: Ids that are not free.
        now: Aware.

    Raises:
        InputError: A field has a value that is not allowed.
    """
    try:
        if before is None:
            return RealInterview.made(taken, **fields, updated_at=now)
        slug_of_name(fields.get("company", before.company), "company", LONGEST_COMPANY)
        return RealInterview.model_validate({**dict(before), **fields, "updated_at": now})
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{'.'.join(map(str, first['loc']))}: {reason_of(first)}.") from error


# --- the questions that were asked -----------------------------------------------------------------------


def card_of(interview: RealInterview, bank: QuestionBank) -> RealInterviewCard:
    """Return an interview with the ids under which its questions can be practiced."""
    by_text = {question.text.casefold(): question.id for question in bank.questions}
    return RealInterviewCard(
        interview=interview, question_ids=tuple(by_text.get(text.casefold()) for text in interview.asked)
    )


class KeptQuestion(NamedTuple):
    """A question that is the candidate's own now.

    Attributes:
        question: In full.
        is_assumed: Whether nothing told what kind of answer it wants, so that the usual framework was taken.
    """

    question: Question
    is_assumed: bool


def keep_questions(
    interviews: Iterable[RealInterview],
    bank: QuestionBank,
    folder: Path,
    find_framework: Callable[[str], FrameworkName | None],
) -> tuple[KeptQuestion, ...]:
    """Add the questions of interviews to the candidate's own, except those in the bank, and return the new ones.

    Args:
        interviews: Whose questions.
        bank: All questions so far.
        folder: Of the candidate's own questions.
        find_framework: Returns the framework that a question wants; None if that cannot be told.

    Raises:
        ContentError: A file of questions breaks the schema, or cannot be written.
    """
    wanted: dict[str, Mapping[str, object]] = {}
    known = {question.text.casefold() for question in bank.questions}
    for interview in interviews:
        for fields in _fields(interview):
            wanted.setdefault(str(fields["text"]).casefold(), fields)
    fresh = [
        {**fields, "framework": find_framework(str(fields["text"]))}
        for text, fields in wanted.items()
        if text not in known
    ]
    if not fresh:
        return ()
    added = add_own_questions(folder, [{name: value for name, value in each.items() if value} for each in fresh])
    return tuple(KeptQuestion(question, not each["framework"]) for question, each in zip(added, fresh, strict=True))


def _fields(interview: RealInterview) -> Iterator[dict[str, object]]:
    """Yield the fields of each question that can be asked; what is too short to be one stays in the log alone."""
    company = slug_of_name(interview.company, "company", len(interview.company))
    for text in interview.asked:
        fields: dict[str, object] = {"text": text, "companies": [company]}
        try:
            OwnQuestion.model_validate(fields)
        except ValidationError:
            continue
        yield fields


# --- files -----------------------------------------------------------------------------------------------


def is_real_interviews(data: Any) -> bool:
    """Return whether parsed JSON says that it holds real interviews."""
    return isinstance(data, dict) and data.get("kind") == KIND


def read_real_interviews(path: Path) -> tuple[RealInterview, ...]:
    """Return the interviews in a file, written by ``voicemock log export`` or by hand.

    Raises:
        TranscriptFileError: The file is missing, unreadable or too large.
        ContentError: It holds something else.
    """
    try:
        text = read_at_most(path, LARGEST_FILE).decode("utf-8-sig")
        if not is_real_interviews(json.loads(text)):
            raise ContentError(f"{path} contains no real interviews.")
        return RealInterviews.model_validate_json(text).interviews
    except OSError as error:
        raise TranscriptFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "file"
        raise ContentError(f"{path} contains no real interviews: {where}: {reason_of(error.errors()[0])}.") from error
    except (ValueError, RecursionError) as error:
        raise ContentError(f"{path} is not JSON in UTF-8.") from error


def keep_imported(log: RealInterviewLog, interviews: Sequence[RealInterview]) -> int:
    """Keep interviews of a file, each in place of one with its id; return how many were replaced.

    Raises:
        InputError: One of them has another company or day than its id says.
        StorageError: They cannot be kept.
    """
    for each in interviews:
        if not each.id.startswith(RealInterview.id_of(each.company, each.held_on, ())):
            raise InputError(f"{each.id} is not the id of an interview on that day. Nothing was imported.")
    taken: Collection[str] = log.ids()
    for each in interviews:
        log.keep(each)
    return len({each.id for each in interviews} & set(taken))
