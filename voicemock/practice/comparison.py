"""Comparison of takes: the same measures of each, and what changed from one to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from pydantic import AwareDatetime

from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError
from voicemock.models import SCHEMA_VERSION, Analysis, Answer, Framework, Model, Part, Session

if TYPE_CHECKING:  # reports import this module for its records; the store would make them slower to load
    from voicemock.analysis.structure import Encode
    from voicemock.store.sessions import Take
    from voicemock.store.store import Store

MOST_TAKES: Final = 5
"""Takes that are compared unless more are asked for."""
NOTHING_TO_COMPARE: Final = "There is nothing to compare yet: a story or question needs two takes."
TOO_MANY_NAMES: Final = "Give one story or question, or two sessions."

ComparedUnit = Literal["s", "words_per_minute", "per_minute", "count", "semitones"]

SAME_S: Final = 2.0
"""Seconds. A smaller difference in a length or a part may be chance: word times are off by up to 0.6 s at each end."""


class Measure(Model):
    """One number of one take."""

    name: str
    """"length", "pace", "fillers", "pauses", "pitch_variety", "measured_results", or the name of a part."""
    title: str
    unit: ComparedUnit
    value: float | None
    """None if not measured, or for a missing part."""
    share: float | None = None
    """Only for a part."""
    is_missing: bool = False
    """Whether it is a part that was not heard."""


class Move(Model):
    """One measure before and after."""

    before: Measure
    after: Measure

    @property
    def is_noticeable(self) -> bool:
        """Whether the two differ by more than chance."""
        if self.before.is_missing != self.after.is_missing:
            return True
        if self.before.value is None or self.after.value is None:
            return False
        change = abs(self.after.value - self.before.value)
        least = {"s": SAME_S, "words_per_minute": 5.0, "per_minute": 0.5, "count": 1.0, "semitones": 0.5}[
            self.after.unit
        ]
        return change >= least


class ComparedTake(Model):
    """One take with its measures."""

    session: str
    position: int
    recorded_at: AwareDatetime
    analysis_version: int | None
    measures: tuple[Measure, ...]
    is_other_story: bool = False
    """Whether it surely tells another story than the newest take."""


class Comparison(Model):
    """Takes of one story or one question, oldest first."""

    schema_version: Literal[1] = SCHEMA_VERSION
    story: str | None
    question: str | None
    """Id of the question."""
    is_level: bool
    """Whether the same version of the rules measured them all."""
    takes: tuple[ComparedTake, ...]

    @property
    def moves(self) -> tuple[Move, ...]:
        """The measures that the last take and the first one of the same story have in common."""
        first = next(take for take in self.takes if not take.is_other_story)
        return _moves(first.measures, self.takes[-1].measures) if first is not self.takes[-1] else ()


def compare(
    takes: Sequence[tuple[Session, Answer]], framework: Framework | None = None, encode: Encode | None = None
) -> Comparison:
    """Compare analyzed answers to one question or of one story.

    Args:
        takes: Oldest first.
        framework: Gives the parts their titles.
        encode: Turns sentences into vectors, to tell one story from another; without it, stories are
            not told apart.
    """
    analyzed = [(session, answer, answer.assessment.analysis) for session, answer in takes if answer.assessment]
    session, answer = takes[-1]
    return Comparison(
        story=session.story,
        question=answer.question.id if answer.question else None,
        is_level=are_level([analysis for _, _, analysis in analyzed]),
        takes=tuple(
            ComparedTake(
                session=session.id,
                position=answer.position,
                recorded_at=answer.recorded_at,
                analysis_version=analysis.analysis_version,
                measures=measures_of(analysis, framework),
                is_other_story=_is_other_story(analysis, analyzed[-1][2], answer, encode),
            )
            for session, answer, analysis in analyzed
        ),
    )


def _is_other_story(earlier: Analysis, newest: Analysis, answer: Answer, encode: Encode | None) -> bool:
    if encode is None:
        return False
    from voicemock.coaching.same_story import tell_one_story  # numpy: pages that compare nothing do without

    return tell_one_story(earlier, newest, answer.question, encode) is False


Pair = TypeVar("Pair", bound="tuple[Session, Answer]")


def subject_of(take: tuple[Session, Answer]) -> tuple[str | None, str | None]:
    """Return a take's story and the id of its question."""
    session, answer = take
    return session.story, answer.question.id if answer.question else None


def by_subject(takes: Iterable[Pair]) -> Iterator[tuple[Pair, ...]]:
    """Yield the takes of each story and each question, in the order of the first takes."""
    found: dict[tuple[str | None, str | None], list[Pair]] = {}
    for take in sorted(takes, key=lambda take: take[1].recorded_at):
        found.setdefault(subject_of(take), []).append(take)
    yield from map(tuple, found.values())


def comparisons(
    store: Store, names: Sequence[str], bank: QuestionBank, limit: int = MOST_TAKES, encode: Encode | None = None
) -> list[tuple[Take, Comparison]]:
    """Return a comparison for each subject that has takes to compare, with its newest take.

    Args:
        store: Holds the takes.
        names: Of one subject, of two sessions, or none for what was answered last.
        bank: Has the frameworks.
        limit: How many of the newest takes to compare.
        encode: Turns sentences into vectors, to tell one story from another.

    Raises:
        InputError: No subject has two takes.
        UnknownNameError: Nothing has that name.
    """
    found = [takes[-limit:] for takes in takes_to_compare(store, names) if len(takes) > 1]
    if not found:
        raise InputError(NOTHING_TO_COMPARE)
    return [(takes[-1], compare(takes, _framework(bank, takes[-1]), encode)) for takes in found]


def _framework(bank: QuestionBank, take: Take) -> Framework | None:
    return bank.framework_of(take.answer.assessment) if take.answer.assessment else None


def takes_to_compare(store: Store, names: Sequence[str]) -> Iterator[tuple[Take, ...]]:
    """Yield the takes of each subject: of one name, of two sessions, or of what was answered last."""
    if len(names) == 2:
        sessions = {session.id: session for session in map(store.sessions.find, names)}
        yield from by_subject([take for session in sessions.values() for take in store.takes.of_session(session)])
    elif names:
        yield from by_subject(takes_named(store, names[0], with_others=True))
    else:
        yield from _last_taken(store)


def takes_named(store: Store, name: str, *, with_others: bool = False) -> tuple[Take, ...]:
    """Return the takes of a story, question or session; ``with_others`` adds other takes of a session's subjects."""
    try:
        story = store.stories.find(name)
    except InputError:
        story = None
    found = store.takes.of_story(story) if story else store.takes.of_question(name)
    if found:
        return found
    own = store.takes.of_session(store.sessions.find(name))
    if not with_others:
        return own
    return tuple(other for subject in dict.fromkeys(map(subject_of, own)) for other in _takes_of(store, *subject))


def _takes_of(store: Store, story: str | None, question: str | None) -> tuple[Take, ...]:
    kept = store.stories.find(story) if story else None
    if kept:
        return store.takes.of_story(kept)
    return store.takes.of_question(question) if question else ()


def _last_taken(store: Store) -> Iterator[tuple[Take, ...]]:
    """Yield the takes of the latest story or question that has at least two."""
    overviews = store.overviews.sessions()
    asked = Counter(question for overview in overviews for question in overview.questions)
    for overview in overviews:
        subjects = [(overview.story, None)] if overview.story else [(None, each) for each in overview.questions]
        for story, question in subjects:
            if question is not None and asked[question] < 2:
                continue
            takes = _takes_of(store, story, question)
            if len(takes) > 1:
                yield takes
                return


def measures_of(analysis: Analysis, framework: Framework | None = None) -> tuple[Measure, ...]:
    """Return the measures of a take in display order. The framework gives the parts their titles."""
    return tuple(_measures(analysis, {part.name: part.title for part in framework.parts} if framework else {}))


def moves(before: Analysis, after: Analysis, framework: Framework | None = None) -> tuple[Move, ...]:
    """Return the measures that two takes have in common, before and after."""
    return _moves(measures_of(before, framework), measures_of(after, framework))


def are_level(analyses: Sequence[Analysis]) -> bool:
    """Return whether the same version of the rules made all of them, so that they are comparable."""
    return all(one.analysis_version == other.analysis_version for one, other in pairwise(analyses))


def _moves(before: Sequence[Measure], after: Sequence[Measure]) -> tuple[Move, ...]:
    earlier = {measure.name: measure for measure in before}
    return tuple(Move(before=earlier[measure.name], after=measure) for measure in after if measure.name in earlier)


def _measures(analysis: Analysis, titles: dict[str, str]) -> Iterator[Measure]:
    yield Measure(name="length", title="Length", unit="s", value=analysis.duration_s)
    for part in analysis.structure.parts if analysis.structure else ():
        yield _part(part, titles.get(part.name, part.name.replace("_", " ").capitalize()))
    yield Measure(name="pace", title="Pace", unit="words_per_minute", value=analysis.words_per_minute)
    yield Measure(name="fillers", title="Fillers", unit="per_minute", value=analysis.fillers_per_minute)
    pauses = None if analysis.pauses is None or not analysis.duration_s else len(analysis.pauses)
    rate = None if pauses is None or not analysis.duration_s else 60 * pauses / analysis.duration_s
    yield Measure(name="pauses", title="Pauses over 1 s", unit="per_minute", value=rate)
    if analysis.prosody is not None:
        variety = analysis.prosody.pitch_sd_semitones
        yield Measure(name="pitch_variety", title="Pitch variety", unit="semitones", value=variety)
    results = None if analysis.structure is None else float(len(analysis.quantified_results))
    yield Measure(name="measured_results", title="Measured results", unit="count", value=results)


def _part(part: Part, title: str) -> Measure:
    return Measure(
        name=part.name,
        title=title,
        unit="s",
        value=part.duration_s if part.present else None,
        share=part.share if part.present else None,
        is_missing=not part.present,
    )
