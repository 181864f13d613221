"""A run over a cohort: from its recordings to rows in the tables, whatever has been done before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.cohort.engines import Engine
from voicemock.cohort.measuring import How, content_hash, measure
from voicemock.cohort.recordings import Recording
from voicemock.cohort.results import Results
from voicemock.cohort.rows import ANSWERS, ERRORS, answer_row, error_row, with_identity
from voicemock.cohort.work import Plan, plan_of, time_to_go_s
from voicemock.content.questions import QuestionBank
from voicemock.models import Assessment, Failure


@dataclass(frozen=True, slots=True)
class Summary:
    """How the inputs of a run stand at its end."""

    answers: int = 0
    """Inputs with a row in ``answers``."""
    errors: int = 0
    """Inputs with a row in ``errors``."""
    there: int = 0
    """Of both together, those that an earlier run has done."""
    reasons: Mapping[str, int] = field(default_factory=dict, compare=False)
    """The errors by their kind."""


class Progress(Protocol):
    """Shows how far a run is."""

    def begin(self, doing: str, count: int, done: int = 0) -> None:
        """Show that another kind of work begins, how many inputs it is about, and how many of them are done already."""

    def advance(self, done: int, time_to_go_s: float | None) -> None:
        """Show how many of them are done, and how long the rest takes if that can be told."""


class Run:
    """Measures a cohort.

    Args:
        results: Open.
        engine: Does the work.
        how: The settings that the measures depend on.
        progress: Is shown how far it is.
        clock: Tells seconds.
    """

    def __init__(
        self,
        results: Results,
        engine: Engine,
        how: How,
        progress: Progress,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._results = results
        self._engine = engine
        self._how = how
        self._progress = progress
        self._clock = clock
        self._competencies = _competencies()

    def over(self, recordings: tuple[Recording, ...], *, retry_errors: bool = False) -> Summary:
        """Give every recording its row.

        Args:
            recordings: Each source once.
            retry_errors: Whether inputs that failed before are tried again.

        Raises:
            StorageError: The results cannot be written.
            WorkLostError: The engine is gone.
        """
        hashed, known = self._hashed(recordings), self._results.known()
        plan = plan_of(hashed, known, self._how, ANSWERS, retry_errors=retry_errors)
        reasons = Counter(known[each.source].kind or "" for each in plan.failed)
        for recording, failure in plan.unread:
            self._add(recording, None, None, named(failure, recording.url, recording.source))
            reasons[failure.kind] += 1
        reasons += self._copy(plan) + self._measure(plan, len(recordings))
        self._results.pack()
        errors = reasons.total()
        return Summary(len(recordings) - errors, errors, len(plan.done) + len(plan.failed), dict(reasons))

    def _hashed(self, recordings: tuple[Recording, ...]) -> dict[Recording, str | Failure]:
        """Return each recording with its hash, or why it has none, in their order."""
        found: dict[str, str | Failure] = {}
        jobs = {str(index): (recording.url,) for index, recording in enumerate(recordings)}
        self._progress.begin("Reading", len(jobs))
        for key, outcome in self._engine.run("hash", content_hash, jobs):
            found[key] = outcome
            self._progress.advance(len(found), None)
        return {recording: found[str(index)] for index, recording in enumerate(recordings)}

    def _copy(self, plan: Plan) -> Counter[str]:
        """Write the rows of files whose content is in the tables under another name; count the errors by their kind."""
        reasons: Counter[str] = Counter()
        for table, row in list(self._results.rows_of(plan.copied)):
            names = plan.copied[row["answer_id"]]
            for recording in names:
                self._results.add(table, with_identity(row, recording))
            if table == ERRORS:
                reasons[row["kind"]] += len(names)
        return reasons

    def _measure(self, plan: Plan, total: int) -> Counter[str]:
        """Measure what is left of a total, and write each row as it comes; count the errors by their kind."""
        jobs = {name: (each[0].url, each[0].question_id, self._how) for name, each in plan.measured.items()}
        reasons: Counter[str] = Counter()
        done = total - sum(len(names) for names in plan.measured.values())
        self._progress.begin("Measuring", total, done)
        measured, first_at, done_bytes, left_bytes = 0, None, 0, plan.left_bytes
        for name, outcome in self._engine.run("answer", measure, jobs):
            names = plan.measured[name]
            for recording in names:
                kind = self._add(recording, plan.hashes[name], name, named(outcome, names[0].url, recording.source))
                reasons.update([kind] if kind else [])
            measured, done = measured + 1, done + len(names)
            left_bytes -= names[0].size_bytes
            if first_at is None:  # models are loaded until then
                first_at = self._clock()
            else:
                done_bytes += names[0].size_bytes
            togo_s = time_to_go_s(measured - 1, done_bytes, left_bytes, self._clock() - first_at)
            self._progress.advance(done, togo_s)
        return reasons

    def _add(
        self, recording: Recording, content_hash: str | None, name: str | None, outcome: Assessment | Failure
    ) -> str | None:
        """Write the row of an input, and return the kind of its error."""
        table, row = row_of(recording, content_hash, name, outcome, self._competencies)
        self._results.add(table, row)
        return row["kind"] if table == ERRORS else None


def row_of(
    recording: Recording,
    content_hash: str | None,
    name: str | None,
    outcome: Assessment | Failure,
    competencies: Mapping[str, str],
) -> tuple[str, dict[str, Any]]:
    """Return the table and the row that an input becomes."""
    if isinstance(outcome, Assessment) and outcome.analysis.analysis_version != ANALYSIS_VERSION:
        name = None  # so the next run tries it again
        outcome = Failure(
            kind="version",
            message=f"It was measured by version {outcome.analysis.analysis_version} of the rules, but this machine "
            f"uses {ANALYSIS_VERSION}. Install the same voicemock on every machine.",
        )
    if isinstance(outcome, Failure):
        return ERRORS, error_row(recording, content_hash, name, ANALYSIS_VERSION, outcome)
    competency = competencies.get(recording.question_id) if recording.question_id else None
    return ANSWERS, answer_row(recording, content_hash or "", name or "", outcome, competency)


def named(outcome: Assessment | Failure, url: str, source: str) -> Assessment | Failure:
    """Return an outcome whose message names the input as the user does."""
    if isinstance(outcome, Failure):
        return outcome.model_copy(update={"message": outcome.message.replace(url, source)})
    return outcome


def _competencies() -> dict[str, str]:
    return {question.id: question.competency for question in QuestionBank.load().questions}
