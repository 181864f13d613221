"""What a report says of a cohort: distributions by group, what is missing in answers, and changes between takes.

Each number describes at least five candidates; what would describe fewer is left out and said to be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow as pa

from voicemock.cohort.groups import is_enough, split
from voicemock.cohort.tables import COMPARED, LENGTH, MEASURES, Measure
from voicemock.practice.trends import LEAST_CHANGES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GroupedBy = Literal["all", "question", "competency", "week"]
GROUPED_BY: Final[tuple[GroupedBy, ...]] = ("all", "question", "competency", "week")
NONE: Final[dict[GroupedBy, str]] = {"question": "no question", "competency": "no competency", "week": "no date"}
_OTHERS: Final = {"question": "questions", "competency": "competencies", "week": "weeks"}


@dataclass(frozen=True, slots=True)
class Spread:
    """How the values of a measure are distributed."""

    measured: int
    """Answers."""
    candidates: int
    """Candidates of these answers."""
    quartiles: tuple[float, float, float] | None
    """Lower quartile, median, upper quartile; None where fewer than five candidates were measured."""

    @property
    def is_withheld(self) -> bool:
        """Whether something was measured, of too few candidates to show it."""
        return self.quartiles is None and self.measured > 0


@dataclass(frozen=True, slots=True)
class Named:
    """Something that is named in answers: a part that is missing, or a priority."""

    name: str
    answers: int
    """Answers that it is named in."""
    share: float
    """Of all answers of the group."""


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that are shown together."""

    grouped_by: GroupedBy
    label: str
    groups: int
    """How many questions, competencies or weeks it is: more than one where each alone has too few candidates."""
    within: str | None
    """Of a question: the label of its competency."""
    candidates: int
    answers: int
    text: str | None
    """Of a question alone: the question."""
    spreads: Mapping[str, Spread]
    """By the measure's name."""
    missing: tuple[Named, ...]
    """Parts that were not heard, most frequent first."""
    priorities: tuple[Named, ...]
    """The first things to fix, most frequent first."""


@dataclass(frozen=True, slots=True)
class Moves:
    """How a measure changed between the first and the last day on which a candidate answered a question."""

    better: int
    same: int
    worse: int
    not_measured: int
    candidates: int
    """Candidates with a change that was measured."""


@dataclass(frozen=True, slots=True)
class CandidateMoves:
    """The changes of one candidate over all questions and measures."""

    candidate: str
    questions: int
    """Questions answered on two days or more."""
    better: int
    same: int
    worse: int


@dataclass(frozen=True, slots=True)
class Takes:
    """Changes between takes of a question."""

    pairs: int
    """Candidates with questions that they answered on two days or more, each pair counted."""
    other_rules: int
    """Further ones whose first and last day were measured by different versions of the rules."""
    one_day: int
    """Further ones with several takes of one day, or without a date: which was first is not known."""
    moves: Mapping[str, Moves | None]
    """By the measure's name; None where it would describe fewer than five candidates."""
    candidates: tuple[CandidateMoves, ...]
    """Most better than worse first."""
    are_withheld: bool
    """Whether there are candidates that are not listed, as they are fewer than five."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that page and CSV show."""

    answers: int
    candidates: int
    """Answers that name no candidate count as those of one."""
    without_candidate: int
    """Answers that name none."""
    damaged: int
    """Answers whose recording lacks sound that could not be decoded."""
    errors: Mapping[str, int]
    """Inputs that could not be measured, by kind."""
    versions: tuple[int, ...]
    """Of the rules that measured the answers."""
    groups: tuple[Group, ...]
    """Empty where there are fewer than five candidates."""
    takes: Takes

    def by(self, grouped_by: GroupedBy) -> tuple[Group, ...]:
        """Return the groups of one kind."""
        return tuple(each for each in self.groups if each.grouped_by == grouped_by)

    @property
    def worst_first(self) -> tuple[Group, ...]:
        """The questions that are shown alone, those first in whose answers the first thing to fix weighs most."""
        found = [
            (spread.quartiles[1], each)
            for each in self.by("question")
            if each.groups == 1 and each.label != NONE["question"] and (spread := each.spreads["severity"]).quartiles
        ]
        return tuple(each for _, each in sorted(found, key=lambda one: (-one[0], one[1].label)))


def report_of(database: DuckDBPyConnection, *, with_names: bool) -> Report:
    """Sum up the tables ``answer`` and ``failed``.

    Args:
        database: As ``tables.measure`` made them.
        with_names: Whether candidates are listed however few there are.
    """
    answers, without, damaged, versions = database.execute(
        "select count(*), count(*) filter (candidate = ''), count(*) filter (is_damaged), "
        "list_sort(list_distinct(list(analysis_version))) from answer"
    ).fetchall()[0]
    (people,) = database.execute(
        "select count(distinct candidate) from (select candidate from answer union all select candidate from failed)"
    ).fetchall()[0]
    failed = database.execute("select kind, count(*) from failed group by kind order by 2 desc, 1").fetchall()
    (candidates,) = database.execute("select count(distinct candidate) from answer").fetchall()[0]
    return Report(
        answers=answers,
        candidates=candidates,
        without_candidate=without,
        damaged=damaged,
        errors=dict(failed) if is_enough(people) else {"": sum(count for _, count in failed)} if failed else {},
        versions=tuple(versions or ()),
        groups=_groups(database) if is_enough(candidates) else (),
        takes=_takes(database, with_names=with_names),
    )


def _groups(database: DuckDBPyConnection) -> tuple[Group, ...]:
    _label(database)
    return tuple(group for grouped_by in GROUPED_BY for group in _groups_by(database, grouped_by))


def _label(database: DuckDBPyConnection) -> None:
    """Add to ``answer`` the label of the group that it is shown with: a column for each way of grouping."""
    database.execute(
        "create temp table keyed as select *, "
        "coalesce(question_id, '') as question_key, "
        "coalesce(max(competency) over (partition by coalesce(question_id, '')), '') as competency_key, "
        "coalesce(strftime(date_trunc('week', date), '%Y-%m-%d'), '') as week_key from answer"
    )
    competencies = labels("competency", _members(database, "competency_key"))
    _keep(database, "competency", competencies)
    questions: dict[tuple[str, ...], str] = {}
    within: dict[str, dict[tuple[str, ...], frozenset[str]]] = {}
    for key, members in _members(database, "question_key", "competency_key").items():
        within.setdefault(competencies[key[1],], {})[key] = members
    for competency, members_of in within.items():
        questions |= labels("question", members_of, competency)
    _keep(database, "question", questions)
    _keep(database, "week", labels("week", _members(database, "week_key")))


def _members(database: DuckDBPyConnection, *keys: str) -> dict[tuple[str, ...], frozenset[str]]:
    """Return the candidates by the values of columns."""
    names = ", ".join(keys)
    rows = database.execute(
        f"select {names}, list(distinct candidate) from keyed group by {names} order by {names}"
    ).fetchall()
    return {row[:-1]: frozenset(row[-1]) for row in rows}


def labels(
    grouped_by: GroupedBy, members: Mapping[tuple[str, ...], frozenset[str]], within: str | None = None
) -> dict[tuple[str, ...], str]:
    """Return the label under which each part of a whole is shown: its own, or one for all that are too small.

    Args:
        grouped_by: What the parts are.
        members: The candidates by key; the first item of a key names the part.
        within: The label of the whole, where it is one of several.
    """
    alone, together = split(members)
    others = f"{len(together)} {'other ' if alone else ''}{_OTHERS[grouped_by]}"
    if within is not None:
        others += f" of {within}"
    return {key: key[0] or NONE[grouped_by] for key in alone} | dict.fromkeys(together, others)


def _keep(database: DuckDBPyConnection, grouped_by: GroupedBy, found: Mapping[tuple[str, ...], str]) -> None:
    columns = {"key": [key[0] for key in found], "label": list(found.values())}
    database.register(
        f"{grouped_by}_label", pa.table({name: pa.array(each, pa.string()) for name, each in columns.items()})
    )


def _groups_by(database: DuckDBPyConnection, grouped_by: GroupedBy) -> list[Group]:
    """Return the groups of one kind, in the order of their labels."""
    source = "select *, 'all' as label, '' as key, '' as within from keyed"
    if grouped_by != "all":
        source = (
            f"select keyed.*, own.label, own.key, above.label as within from keyed "
            f"join {grouped_by}_label own on own.key = keyed.{grouped_by}_key "
            "join competency_label above on above.key = keyed.competency_key"
        )
    database.execute(f"create or replace temp view grouped as {source}")
    numbers = ", ".join(
        f"count({each.name}), count(distinct candidate) filter ({each.name} is not null), "
        f"quantile_cont({each.name}, [0.25, 0.5, 0.75])"
        for each in MEASURES
    )
    rows = database.execute(
        "select label, count(distinct key), any_value(within), count(distinct candidate), count(*), "
        f"min(question_text), {numbers} from grouped group by label order by count(distinct key) > 1, label"
    ).fetchall()
    missing, priorities = _named(database, "missing"), _named(database, "priorities")
    return [
        Group(
            grouped_by=grouped_by,
            label=label,
            groups=groups,
            within=within if grouped_by == "question" else None,
            candidates=candidates,
            answers=answers,
            text=text if grouped_by == "question" and groups == 1 else None,
            spreads=_spreads(rest),
            missing=_shares(missing.get(label, {}), answers),
            priorities=_shares(priorities.get(label, {}), answers),
        )
        for label, groups, within, candidates, answers, text, *rest in rows
    ]


def _spreads(numbers: list[Any]) -> dict[str, Spread]:
    """Return the spreads of a row: three columns for each measure."""
    found = {}
    for index, each in enumerate(MEASURES):
        measured, candidates, quartiles = numbers[3 * index : 3 * index + 3]
        found[each.name] = Spread(measured, candidates, _three(quartiles) if is_enough(candidates) else None)
    return found


def _three(quartiles: list[float]) -> tuple[float, float, float]:
    lower, median, upper = quartiles
    return lower, median, upper


def _named(database: DuckDBPyConnection, column: str) -> dict[str, dict[str, int]]:
    """Return by label how many answers hold each name in a column of lists."""
    found: dict[str, dict[str, int]] = {}
    rows = database.execute(
        f"select label, name, count(*) from (select label, unnest(list_distinct({column})) as name from grouped) "
        "where name is not null group by all order by 3 desc, 2"
    ).fetchall()
    for label, name, count in rows:
        found.setdefault(label, {})[name] = count
    return found


def _shares(counts: Mapping[str, int], answers: int) -> tuple[Named, ...]:
    return tuple(Named(name, count, count / answers) for name, count in counts.items())


def _gap(measure: Measure) -> str:
    """Return the expression for how far a measure is from its goal; 0 on it."""
    low, high = (measure.goal.low, measure.goal.high) if measure.goal else (None, None)
    ends = ("target_min_s", "target_max_s") if measure is LENGTH else (low, high)
    below = f"{ends[0]} - {measure.name}" if ends[0] is not None else "0"
    above = f"{measure.name} - {ends[1]}" if ends[1] is not None else "0"
    return f"case when {measure.name} is not null then greatest({below}, {above}, 0) end"


def _takes(database: DuckDBPyConnection, *, with_names: bool) -> Takes:
    gaps = ", ".join(f"median({_gap(each)}) as {each.name}" for each in COMPARED)
    both = ", ".join(
        f"first({each.name} order by date) - last({each.name} order by date) as {each.name}" for each in COMPARED
    )
    database.execute(
        f"""
        create temp table pair as
        with day as (
            select candidate, question_id, date, {gaps}, count(*) as takes,
                min(analysis_version) as lowest, max(analysis_version) as highest
            from answer where candidate <> '' and question_id is not null group by all
        )
        select candidate, question_id, sum(takes) as takes, count(date) as days, {both},
            first(lowest order by date) = last(highest order by date)
                and first(highest order by date) = last(lowest order by date) as is_level
        from day group by candidate, question_id having sum(takes) > 1
        """
    )
    dated = "days > 1"
    pairs, other_rules, one_day = database.execute(
        f"select count(*) filter ({dated} and is_level), count(*) filter ({dated} and is_level is not true), "
        f"count(*) filter (not {dated}) from pair"
    ).fetchall()[0]
    names = [each.name for each in COMPARED]
    rows = database.execute(
        f"select candidate, {', '.join(names)} from pair where {dated} and is_level order by candidate, question_id"
    ).fetchall()
    candidates = _candidates(rows)
    is_listed = with_names or is_enough(len(candidates))
    return Takes(
        pairs=pairs,
        other_rules=other_rules,
        one_day=one_day,
        moves={each.name: _moves(rows, place, each) for place, each in enumerate(COMPARED, start=1)},
        candidates=candidates if is_listed else (),
        are_withheld=bool(candidates) and not is_listed,
    )


def _direction(change: float, measure: Measure) -> Literal["better", "same", "worse"]:
    """Return which way a measure went; ``change`` is by how much it came nearer to its goal."""
    if abs(change) < LEAST_CHANGES[measure.unit]:
        return "same"
    return "better" if change > 0 else "worse"


def _moves(rows: Collection[tuple[object, ...]], place: int, measure: Measure) -> Moves | None:
    """Sum up a column of changes; None where fewer than five candidates have one."""
    found = [(row[0], change) for row in rows if isinstance(change := row[place], float)]
    candidates = len({candidate for candidate, _ in found})
    if not is_enough(candidates):
        return None
    counts = Counter(_direction(change, measure) for _, change in found)
    return Moves(counts["better"], counts["same"], counts["worse"], len(rows) - len(found), candidates)


def _candidates(rows: Collection[tuple[object, ...]]) -> tuple[CandidateMoves, ...]:
    questions: Counter[str] = Counter()
    moves: dict[str, Counter[str]] = {}
    for row in rows:
        candidate = str(row[0])
        questions[candidate] += 1
        changed = (
            _direction(change, measure)
            for change, measure in zip(row[1:], COMPARED, strict=True)
            if isinstance(change, float)
        )
        moves.setdefault(candidate, Counter()).update(changed)
    found = [
        CandidateMoves(name, questions[name], counts["better"], counts["same"], counts["worse"])
        for name, counts in moves.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.worse - each.better, each.candidate)))
