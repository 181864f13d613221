"""The question bank: reads questions, loops and frameworks, finds them by name, and chooses what is asked."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Final, TypeVar, get_args

from voicemock.content.frameworks import load_frameworks, usual_frameworks
from voicemock.content.levels import levels_apart
from voicemock.content.own_questions import load_own_questions, own_questions_folder
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.errors import ContentError, UnknownNameError, unknown_name
from voicemock.models import Assessment, Framework, FrameworkName, Level, Loop, LoopRound, Pillar, Question

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """Questions, loops and frameworks, in the order of their files.

    Names may be given in any case, with dashes, underscores or spaces between their words.
    """

    questions: tuple[Question, ...]
    loops: tuple[Loop, ...] = ()
    frameworks: tuple[Framework, ...] = ()

    @classmethod
    def load(cls, folder: Path | None = None) -> QuestionBank:
        """Read ``questions/``, ``loops/`` and ``frameworks/`` of a folder.

        Args:
            folder: By default voicemock's own, and then the candidate's own questions follow.

        Raises:
            ContentError: A file breaks its schema, or two questions have one id.
        """
        prompts = folder or prompts_folder()
        own = load_own_questions(own_questions_folder()) if folder is None else ()
        return cls(
            questions=_load_questions(sorted((prompts / "questions").glob("*.yaml")), own),
            loops=tuple(load_yaml(path, Loop) for path in sorted((prompts / "loops").glob("*.yaml"))),
            frameworks=load_frameworks(prompts),
        )

    def get(self, question_id: str) -> Question:
        """Return the question of that id.

        Raises:
            UnknownNameError: No question has it; the message names the closest ids.
        """
        return _find("question", question_id, {each.id: each for each in self.questions})

    def loop(self, name: str) -> Loop:
        """Return the loop of that name.

        Raises:
            UnknownNameError: No loop has it.
        """
        return _find("loop", name, {each.name: each for each in self.loops})

    def company(self, name: str) -> tuple[str, Loop | None]:
        """Return the company of that name, or of the loop of that name, with its loop where it has one.

        Raises:
            UnknownNameError: No question and no loop names it.
        """
        by_name: dict[str, tuple[str, Loop | None]] = {
            company: (company, None) for question in self.questions for company in question.companies
        }
        by_name |= {loop.company: (loop.company, loop) for loop in self.loops if loop.company}
        by_name |= {loop.name: (loop.company or loop.name, loop) for loop in self.loops}
        return _find("company", name, by_name)

    def competency(self, name: str) -> str:
        """Return a competency or principle as the bank spells it.

        Raises:
            UnknownNameError: No question has it; the message names the closest.
        """
        return self._value("competency", name)

    def framework(self, name: str) -> Framework:
        """Return the framework of that name.

        Raises:
            UnknownNameError: No framework has it.
        """
        return _find("framework", name, {str(each.name): each for each in self.frameworks})

    def framework_of(self, assessment: Assessment, question: Question | None = None) -> Framework | None:
        """Return the framework that an answer is shown against.

        None without words and question, and for the reply to a follow-up, which has no parts.

        Args:
            assessment: Of the answer.
            question: In full, where it is known.

        Raises:
            UnknownNameError: The framework no longer exists.
        """
        if question is not None and not question.wants_a_whole_answer:
            return None
        if assessment.analysis.structure is not None:
            return self.framework(assessment.analysis.structure.framework).asked_by(assessment.question)
        return self.framework(assessment.question.framework) if assessment.question else None

    def _value(self, field: str, name: str) -> str:
        """Return a field's value as the bank spells it."""
        values = {value for question in self.questions for value in _values(question, field)}
        return _find(field, name, {value: value for value in values})

    def select(
        self,
        *,
        pillar: str | None = None,
        competency: str | None = None,
        company: str | None = None,
        level: str | None = None,
        framework: str | None = None,
        near: Level | None = None,
        count: int | None = None,
        seed: int | None = None,
    ) -> tuple[Question, ...]:
        """Return the questions that match everything given.

        Without ``count`` and ``seed``: all of them, in the bank's order. Otherwise at most ``count``, drawn at random;
        the same seed draws the same. A company's own questions come first. Questions asked everywhere fill up to
        ``count``, and replace those of a company that has none of its own. Within each of these, questions of the level
        ``near`` are drawn first, then those of the nearest levels.

        Raises:
            UnknownNameError: A name is unknown or nothing matches; the message lists the choices.
        """
        wanted = {
            "pillar": pillar,
            "competency": competency,
            "company": company,
            "level": level,
            "framework": framework,
        }
        given = {field: self._value(field, name) for field, name in wanted.items() if name is not None}
        matching = [question for question in self.questions if _matches(question, given)]
        if not matching:
            raise UnknownNameError(self._why_nothing_matches(given))
        own, general = matching, list[Question]()
        if company is not None:
            own = [question for question in matching if question.companies]
            general = [question for question in matching if not question.companies]
        if count is None and seed is None:
            return tuple(own or general)
        dice = random.Random(seed)  # noqa: S311 - it chooses questions, not keys
        drawn = _nearest_first(_shuffled(own, dice), near)
        if len(drawn) < (count or 1):
            drawn += _nearest_first(_shuffled(general, dice), near)
        return tuple(drawn[:count])

    def for_loop(self, loop: Loop | str, *, seed: int | None = None, count: int | None = None) -> tuple[Question, ...]:
        """Return the questions of ``rounds_of`` without the rounds."""
        return tuple(question for _, asked in self.rounds_of(loop, seed=seed, count=count) for question in asked)

    def rounds_of(
        self,
        loop: Loop | str,
        *,
        seed: int | None = None,
        count: int | None = None,
        preferred: Sequence[Question] = (),
        near: Level | None = None,
    ) -> tuple[tuple[LoopRound, tuple[Question, ...]], ...]:
        """Return the rounds of a loop, each with its questions, none of them twice.

        Each round takes its ``question_ids`` first, then draws at random from its pillar and competencies, spread over
        the competencies. Questions of the loop's company come first, then those asked everywhere; among these, the
        ``preferred`` ones in their order, then those nearest to the level ``near``. With ``count`` the loop is
        shortened evenly: one question from each round in turn, so that a round may stay empty.

        Raises:
            UnknownNameError: No such loop, a round names an unknown question, or the bank cannot fill a round.
        """
        chosen = self.loop(loop) if isinstance(loop, str) else loop
        dice = random.Random(seed)  # noqa: S311 - it chooses questions, not keys
        rounds: list[list[Question]] = []
        named = {question_id for block in chosen.rounds for question_id in block.question_ids}
        for block in chosen.rounds:
            taken = named | {question.id for question in chain.from_iterable(rounds)}
            rounds.append(self._fill(block, chosen, taken, dice, preferred, near))
        if count is not None:
            in_turn = [question for turn in zip_longest(*rounds) for question in turn if question is not None]
            kept = {question.id for question in islice(in_turn, count)}
            rounds = [[question for question in block if question.id in kept] for block in rounds]
        return tuple((block, tuple(questions)) for block, questions in zip(chosen.rounds, rounds, strict=True))

    def _fill(
        self,
        block: LoopRound,
        loop: Loop,
        taken: set[str],
        dice: random.Random,
        preferred: Sequence[Question],
        near: Level | None,
    ) -> list[Question]:
        picked = [self.get(question_id) for question_id in block.question_ids][: block.count]
        competencies = {self._value("competency", name) for name in block.competencies}
        pool = [
            question
            for question in self.questions
            if question.id not in taken
            and (block.pillar is None or question.pillar == block.pillar)
            and (
                question.competency in competencies
                if competencies
                else question.framework in self._frameworks_of(block)
            )
        ]
        places = {question.id: place for place, question in enumerate(preferred)}
        pool = sorted(
            _nearest_first(_shuffled(pool, dice), near), key=lambda question: places.get(question.id, len(places))
        )
        picked += _spread(pool, block.count - len(picked), loop.company)
        if len(picked) < block.count:
            raise UnknownNameError(
                f'Loop {loop.name} asks {block.count} questions in "{block.title}", but only {len(picked)} fit. '
                "Lower its count, or widen its competencies."
            )
        return picked

    @property
    def usual_frameworks(self) -> dict[Pillar, FrameworkName]:
        """The framework of each pillar that most of its questions have; others are further kinds of answers."""
        return usual_frameworks(self.frameworks)

    def _frameworks_of(self, block: LoopRound) -> Iterable[str]:
        """Return the frameworks of a round that names no competencies: the usual one of its pillar, or of each."""
        usual = self.usual_frameworks
        if block.pillar is None or block.pillar not in usual:
            return usual.values() or get_args(FrameworkName)
        return (usual[block.pillar],)

    def _why_nothing_matches(self, given: dict[str, str]) -> str:
        """Name the rarest of the given values, and the values that it does occur with."""
        alone = {field: [q for q in self.questions if _matches(q, {field: given[field]})] for field in given}
        if not alone:
            return "The question bank has no such question."
        rarest = min(alone, key=lambda field: len(alone[field]))
        others = [
            f"{field} {', '.join(sorted({value for question in alone[rarest] for value in _values(question, field)}))}"
            for field in given
            if field != rarest
        ]
        asked = ", ".join(f"{field} {value}" for field, value in given.items())
        there_is = f" {rarest.capitalize()} {given[rarest]} comes with {'; '.join(others)}." if others else ""
        return f"No question has {asked}.{there_is}"


# --- reading --------------------------------------------------------------------------------------------


def _load_questions(paths: Iterable[Path], own: Iterable[tuple[Question, Path]] = ()) -> tuple[Question, ...]:
    found: dict[str, tuple[Question, Path]] = {}
    ours = ((question, file) for file in paths for question in load_yaml(file, list[Question]))
    for question, path in chain(ours, own):
        if question.id in found:
            raise ContentError(
                f"Question id {question.id} is in {found[question.id][1]} and in {path}. Rename one of them."
            )
        found[question.id] = (question, path)
    return tuple(question for question, _ in found.values())


# --- names ----------------------------------------------------------------------------------------------


_WRITTEN_OTHERWISE: Final = {
    "ai-safety": "AI safety",
    "architecture-trade-offs": "architecture trade-offs",
    "are-right-a-lot": "Are Right, A Lot",
    "googleyness": "Googleyness",
    "have-backbone-disagree-and-commit": "Have Backbone; Disagree and Commit",
    "real-time-systems": "real-time systems",
    "retrospective-ai": "retrospective AI",
    "strive-to-be-earths-best-employer": "Strive to be Earth's Best Employer",
    "success-and-scale-bring-broad-responsibility": "Success and Scale Bring Broad Responsibility",
}
"""Names of the bank that are not written as their words alone would be."""
_NO_WORD: Final = re.compile(r"[^\w\s-]")


def slug_of(name: str) -> str:
    """Return a name in lower case with dashes between its words, as the bank writes names: without punctuation."""
    return "-".join(_NO_WORD.sub("", name.lower()).replace("_", " ").replace("-", " ").split())


def own_fields(given: Mapping[str, str | None]) -> dict[str, str]:
    """Return the fields of a question of the candidate's own, with names as the bank writes them.

    A field that is None is left to its default.
    """
    fields = {name: value for name, value in given.items() if value is not None}
    slugs = {name: slug_of(fields[name]) for name in fields.keys() & {"competency", "companies", "level", "pillar"}}
    if "pillar" in slugs:
        slugs["pillar"] = slugs["pillar"].replace("-", "_")
    return fields | slugs


def spelled(name: str) -> str:
    """Return a name of the bank as people write it in a sentence: "bias for action", "AI safety"."""
    return _WRITTEN_OTHERWISE.get(name) or name.replace("-", " ")


def titled(name: str) -> str:
    """Return a name of the bank as a title: "Bias for action", "AI safety"."""
    written = spelled(name)
    return written[:1].upper() + written[1:]


def pillar_named(name: str) -> Pillar:
    """Return the pillar of a name in any spelling: "program-sense", "Program sense".

    Raises:
        UnknownNameError: There is none.
    """
    wanted = slug_of(name).replace("-", "_")
    found: Pillar | None = next((each for each in get_args(Pillar) if each == wanted), None)
    if found is None:
        raise unknown_name("pillar", name, [each.replace("_", "-") for each in get_args(Pillar)])
    return found


_LISTED_BY: Final = {"question": "voicemock questions", "competency": "voicemock questions"}
"""The command that lists the names of a kind, where there are too many for a message."""


def _find(kind: str, name: str, by_name: Mapping[str, Found]) -> Found:
    """Return the thing of a name, however it is spelled.

    Raises:
        UnknownNameError: Nothing has it; the message names the closest, and all where there are few.
    """
    by_slug = {slug_of(each): each for each in sorted(by_name)}
    if (slug := slug_of(name)) in by_slug:
        return by_name[by_slug[slug]]
    raise unknown_name(kind, name, tuple(by_slug.values()), see=_LISTED_BY.get(kind))


# --- choosing -------------------------------------------------------------------------------------------


def _values(question: Question, field: str) -> tuple[str, ...]:
    return question.companies if field == "company" else (str(getattr(question, field)),)


def _matches(question: Question, given: dict[str, str]) -> bool:
    """Return whether a question has the given values; one without a company is asked by every company."""
    asked_everywhere = {"company"} if not question.companies else set[str]()
    return all(field in asked_everywhere or value in _values(question, field) for field, value in given.items())


def _nearest_first(questions: Sequence[Question], near: Level | None) -> list[Question]:
    """Order questions by how far their level is from one; without one they stay as they are."""
    return sorted(questions, key=lambda question: levels_apart(question.level, near) if near else 0)


def _shuffled(questions: Sequence[Question], dice: random.Random) -> list[Question]:
    return dice.sample(questions, len(questions))


def _spread(questions: Sequence[Question], count: int, company: str | None) -> list[Question]:
    """Take ``count`` questions: the best suited to the company first, competencies not yet asked before others."""
    left, picked = list(questions), list[Question]()
    asked: Counter[str] = Counter()
    while left and len(picked) < count:
        best = min(left, key=lambda question: (asked[question.competency], _distance(question, company)))
        left.remove(best)
        picked.append(best)
        asked[best.competency] += 1
    return picked


def _distance(question: Question, company: str | None) -> int:
    """Return 0 for the company's own question, 1 for one asked everywhere, 2 for another company's."""
    if company is not None and company in question.companies:
        return 0
    return 1 if not question.companies else 2
