"""Lets a language model fill the reader's evidence table, and holds the two tables against each other.

The model is asked the reader's own questions and answers each with the number of a line, "no" or "?": a schema allows
nothing else. So it cannot write a word of its own, and every quote is a sentence of the candidate's, exactly.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voicemock.analysis.evidence import LIKELY, EvidenceTable, table_from
from voicemock.analysis.reader import load_scales
from voicemock.coaching.language_model.briefing import Guidance, Message, object_of
from voicemock.coaching.language_model.checks import RefusedAnswerError, read_answer
from voicemock.content.evidence import EvidenceQuestion, load_evidence
from voicemock.models import Assessment, Framework, Heard, Opinion, Sentence, Standing

NO: Final = "no"
CANNOT_TELL: Final = "?"
MOST_LINES: Final = 60
"""About eight minutes of speech. A longer answer gets no second opinion: the model would read for minutes."""
BOTH_FROM: Final = 0.8
"""A sentence that both hear it in is quoted from this probability of the reader's on, and one that the reader alone is
sure of from the next. Of the sentences of three development hands that it finds so likely, a labeler agrees with 95 %
and 98 %."""
ALONE_FROM: Final = 0.95
ABSENT_TO: Final = 0.02
"""What both miss is said if no sentence is likelier: in answers of three development hands 99 % of it is missing."""
BELIEVED_FROM: Final = 0.5
"""A model that finds less than this share of what is surely there is not believed where it says "no"; one that denies
less than this share of what is surely not there is not believed where it says yes. A habit is no opinion."""
NEIGHBORS: Final = 1
"""A model that points at the line before or after the reader's sentence hears the same; farther off, another."""
SAME_LINE_FROM: Final = 4
"""A model that hears so many things, and all of them in one line, is not believed where it says yes."""
_OUTCOMES: Final = frozenset({"result", "outcome_figure"})
"""What a measured outcome proves: with a sentence that the reader finds likely, 96 % and 98 %. No other rule of the
analysis comes near that, so the model alone is believed in nothing else."""


_CHOICES: Final = frozenset({"action", "decision", "reason"})
"""What counts only as the candidate's own."""


@dataclass(frozen=True, slots=True)
class JudgeBrief:
    """A request to fill the evidence table of one answer.

    Attributes:
        asked: What was asked; empty where that is not known.
        lines: The sentences of the answer, in order.
        questions: The reader's questions.
    """

    asked: str
    lines: tuple[str, ...]
    questions: tuple[EvidenceQuestion, ...]

    def messages(self, guidance: Guidance) -> tuple[Message, ...]:
        """Return the questions, which stay the same for a framework, then the answer."""
        questions = "\n".join(f"{each.name}: {each.means} Such as: {each.examples[0]}" for each in self.questions)
        example = guidance.judge_example
        table = {each.name: str(example.shows.get(each.name, NO)) for each in self.questions}
        return (
            Message("system", f"{guidance.judge}\n{questions}"),
            Message("user", _numbered(example.lines)),
            Message("assistant", json.dumps(table)),
            Message("user", f"ASKED: {self.asked}\n{_numbered(self.lines)}" if self.asked else _numbered(self.lines)),
        )

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of the answer: for each question one of its lines, no, or cannot tell."""
        choices = [NO, CANNOT_TELL, *map(str, range(1, len(self.lines) + 1))]
        return object_of({each.name: {"type": "string", "enum": choices} for each in self.questions})


def _numbered(lines: Sequence[str]) -> str:
    return "LINES:\n" + "\n".join(f"{number} {line}" for number, line in enumerate(lines, 1))


def brief_judge(assessment: Assessment, framework: Framework, guidance: Guidance) -> JudgeBrief | None:
    """Return what is asked about an answer; None if it has no evidence table, or is too long."""
    structure, evidence = assessment.analysis.structure, assessment.analysis.evidence
    if structure is None or evidence is None or not 0 < len(structure.sentences) <= MOST_LINES:
        return None
    if len(evidence.sentences) != len(structure.sentences):
        return None
    asked = assessment.question.text if assessment.question else ""
    return JudgeBrief(
        asked, tuple(" ".join(each.text.split()) for each in structure.sentences), questions_for(framework, guidance)
    )


def questions_for(framework: Framework, guidance: Guidance) -> tuple[EvidenceQuestion, ...]:
    """Return what is asked of the answers of a framework, in the order of ``prompts/evidence.yaml``."""
    also = guidance.also_judged if framework.is_plan else (*guidance.also_judged, *guidance.also_judged_of_stories)
    wanted = {name for part in framework.parts for name in part.evidence} | set(also)
    return tuple(each for each in load_evidence() if each.name in wanted and _belongs(each, framework))


def _belongs(question: EvidenceQuestion, framework: Framework) -> bool:
    """Return whether the reader looked for something in answers of a framework."""
    return not question.frameworks or framework.name in question.frameworks


def read_table(answer: str, brief: JudgeBrief) -> dict[str, int | None]:
    """Return the model's table: for each question the index of a line, or -1 for no; None where it cannot tell.

    Raises:
        RefusedAnswerError: It is no table of these questions, or points at a line that there is not.
    """
    found = read_answer(answer, frozenset(each.name for each in brief.questions))
    return {name: _line(said.strip(), len(brief.lines)) for name, said in found.items()}


def _line(said: str, count: int) -> int | None:
    if said == CANNOT_TELL:
        return None
    if said == NO:
        return -1
    if said.isascii() and said.isdigit() and 1 <= int(said) <= count:
        return int(said) - 1
    raise RefusedAnswerError("wrong_ids")


def hold_against(assessment: Assessment, table: Mapping[str, int | None]) -> tuple[Opinion, ...]:
    """Return the model's table held against the reader's.

    Args:
        assessment: The answer with the reader's table.
        table: The model's, as ``read_table`` returns it.
    """
    analysis = assessment.analysis
    if analysis.structure is None or analysis.evidence is None:
        return ()
    reader = table_from(analysis.evidence, load_scales())
    measured = [each.start_char for each in analysis.quantified_results]
    return tuple(_opinions(reader, table, analysis.structure.sentences, measured))


def _opinions(
    reader: EvidenceTable, table: Mapping[str, int | None], sentences: Sequence[Sentence], measured: Sequence[int]
) -> Iterator[Opinion]:
    says_no, says_yes = _trusted(reader, table)
    has_said_two_things = len(set(table.values())) > 1
    outcomes = {
        row for row, each in enumerate(sentences) if any(each.start_char <= at < each.end_char for at in measured)
    }
    for name, line in table.items():
        coach = _heard_by(reader, name)
        model: Heard = "cannot_tell" if line is None else "not_there" if line < 0 else "there"
        standing, row = _standing(reader, name, coach, line, outcomes)
        if standing == "coach" and not has_said_two_things:
            standing, row = "unproven", None
        if standing in ("both", "model") and not (says_no if model == "not_there" else says_yes):
            standing, row = "unproven", None
        if row is not None:
            sentence = sentences[row]
            place = {key: getattr(sentence, key) for key in ("start_s", "start_char", "end_char")}
            yield Opinion(
                name=name, coach=coach, model=model, standing=standing, is_there=True, quote=sentence.text, **place
            )
        else:
            is_there = False if standing == "both" else None
            yield Opinion(name=name, coach=coach, model=model, standing=standing, is_there=is_there)


def _trusted(reader: EvidenceTable, table: Mapping[str, int | None]) -> tuple[bool, bool]:
    """Return whether a model is believed in this answer where it says no, and where it says yes."""
    lines = [line for line in table.values() if line is not None and line >= 0]
    if len(set(table.values())) == 1:
        return False, False
    told = {name: line >= 0 for name, line in table.items() if line is not None}
    found = [says for name, says in told.items() if reader.most(name) >= ALONE_FROM]
    denied = [not says for name, says in told.items() if reader.most(name) <= ABSENT_TO]
    return _most(found), _most(denied) and (len(lines) < SAME_LINE_FROM or len(set(lines)) > 1)


def _most(right: Sequence[bool]) -> bool:
    return not right or sum(right) >= BELIEVED_FROM * len(right)


def _heard_by(reader: EvidenceTable, name: str) -> Heard:
    if reader.is_there(name):
        return "there"
    return "not_there" if reader.is_absent(name) else "cannot_tell"


def _standing(
    reader: EvidenceTable, name: str, coach: Heard, line: int | None, outcomes: Collection[int]
) -> tuple[Standing | None, int | None]:
    """Return who stands behind an answer to a question, and the sentence that shows that it is there.

    An absence has no sentence, so only both together can say it.
    """
    column = reader.probabilities[name]
    surest = int(column.argmax())
    if line is None:
        if coach == "there" and column[surest] >= ALONE_FROM and not _is_of_another(reader, name, surest):
            return "coach", surest
        return (None if coach == "cannot_tell" else "unproven"), None
    if coach == "cannot_tell":
        is_proven = name in _OUTCOMES and line in outcomes and column[line] >= LIKELY
        return ("model", line) if is_proven else ("unproven", None)
    if (coach == "there") != (line >= 0):
        return "contradicted", None
    if coach == "not_there":
        return ("both" if reader.most(name) <= ABSENT_TO else "unproven"), None
    near = (line, surest) if abs(line - surest) <= NEIGHBORS else (line,)
    proven = next((row for row in near if column[row] >= BOTH_FROM and not _is_of_another(reader, name, row)), None)
    return ("unproven" if proven is None else "both"), proven


def _is_of_another(reader: EvidenceTable, name: str, row: int) -> bool:
    """Return whether a sentence is likely to tell what somebody else chose, or the price of what was only an option."""
    likely = {each: column[row] for each, column in reader.probabilities.items()}
    if name == "trade_off":
        return bool(likely["option"] >= BOTH_FROM and likely["decision"] < LIKELY)
    own = max(likely["speaker_acts"], likely["team_acts"])
    return name in _CHOICES and bool(likely["other_acts"] >= LIKELY and likely["other_acts"] > own)
