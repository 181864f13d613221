"""The candidate's own questions: YAML files like those of the bank, in which only the text is required.

They lie in ``questions/`` beside the settings file: both are written by hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import Field, ValidationError, model_validator

from voicemock.content.frameworks import load_frameworks, usual_frameworks
from voicemock.content.yaml_files import load_yaml, parse_yaml, prompts_folder
from voicemock.errors import ContentError, reason_of
from voicemock.files import make_folder, write_whole
from voicemock.models import Model, Question
from voicemock.settings import settings_file

ADDED_FILE: Final = "own.yaml"
"""The file that ``voicemock questions add`` writes."""

LONGEST_OWN: Final = 500
"""Characters of a question that is added."""
_ID_WORDS: Final = 6
_LONGEST_ID: Final = 60
"""An id is made of the first words of the text, and cut where they are long."""


class GeneralAdvice(Model):
    """Advice for a question that has none of its own."""

    strong_answer: tuple[str, ...] = Field(min_length=2)
    common_mistakes: tuple[str, ...] = Field(min_length=1)


class OwnQuestion(Question):
    """A question in which everything but the text has a default."""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        filled = {name: value for name, value in given.items() if value is not None}
        pillars, usual = _pillars_and_frameworks()
        filled.setdefault("pillar", pillars.get(str(filled.get("framework")), "behavioral"))
        filled.setdefault("framework", usual.get(str(filled["pillar"]), "star"))
        filled.setdefault("competency", "own")
        filled.setdefault("id", own_id(str(filled.get("text", ""))))
        if isinstance(companies := filled.get("companies"), str):
            filled["companies"] = [companies]
        if isinstance(companies := filled.get("companies"), list):
            filled["companies"] = [each.lower() if isinstance(each, str) else each for each in companies]
        advice = general_advice().get(str(filled["framework"]))
        if advice is not None:
            filled.setdefault("strong_answer", advice.strong_answer)
            filled.setdefault("common_mistakes", advice.common_mistakes)
        return {**filled, "own": True}


@cache
def _pillars_and_frameworks() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the pillar of each framework, and the usual framework of each pillar."""
    frameworks = load_frameworks()
    usual = {str(pillar): str(name) for pillar, name in usual_frameworks(frameworks).items()}
    return {str(each.name): str(each.pillar) for each in frameworks}, usual


@cache
def general_advice() -> Mapping[str, GeneralAdvice]:
    """Return the advice for each framework."""
    return load_yaml(prompts_folder() / "own_questions.yaml", dict[str, GeneralAdvice])


def own_questions_folder() -> Path:
    """Return the folder of the candidate's own questions, beside the settings file."""
    return settings_file().parent / "questions"


def load_own_questions(folder: Path) -> tuple[tuple[Question, Path], ...]:
    """Return a candidate's own questions with their files; ids made from equal texts are numbered.

    Raises:
        ContentError: A file breaks the schema; the message names file and line.
    """
    found: list[tuple[Question, Path]] = []
    taken: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        for question in load_yaml(path, list[OwnQuestion]):
            made = question.id == own_id(question.text)
            question_id = _free(question.id, taken) if made else question.id
            taken.add(question_id)
            found.append((Question(**{**dict(question), "id": question_id}), path))
    return tuple(found)


def add_own_question(folder: Path, fields: Mapping[str, object]) -> Question:
    """Append a question to ``own.yaml`` of a folder, which is made where it is missing, and return it.

    Args:
        folder: Of the candidate's own questions.
        fields: The text, and every other field that differs from its default.

    Raises:
        ContentError: The question or the file breaks the schema, the question exists, or the file cannot be written.
            Nothing is changed then.
    """
    try:
        wanted = OwnQuestion.model_validate(fields)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, each['loc'])) or 'question'}: {reason_of(each)}" for each in error.errors())
        raise ContentError("; ".join(problems)) from error
    if len(wanted.text) > LONGEST_OWN:
        raise ContentError(
            f"A question is heard once: keep it under {LONGEST_OWN} characters. This one has {len(wanted.text):,}."
        )
    for question, source in load_own_questions(folder):
        if question.text.casefold() == wanted.text.casefold():
            raise ContentError(f"{source} already contains that question, as {question.id}.")
    return add_own_questions(folder, [fields])[-1]


def add_own_questions(folder: Path, several: Sequence[Mapping[str, object]]) -> tuple[Question, ...]:
    """Append questions to ``own.yaml`` of a folder at once, and return them.

    Args:
        folder: Of the candidate's own questions.
        several: The fields of each question, which none of the folder has as its text.

    Raises:
        ContentError: A question or the file breaks the schema, or the file cannot be written. Nothing is changed then.
    """
    path = folder / ADDED_FILE
    items = yaml.safe_dump([dict(fields) for fields in several], allow_unicode=True, sort_keys=False, width=110)
    try:
        make_folder(folder)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        between = "\n" if before and not before.endswith("\n") else ""
        after = f"{before}{between}{items}"
        parse_yaml(after, list[OwnQuestion], path)
        write_whole(path, after.encode())
    except OSError as error:
        raise ContentError(f"{path} cannot be written: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{path} is not UTF-8 text. Save it as UTF-8 and try again.") from error
    added = [question for question, source in load_own_questions(folder) if source == path]
    return tuple(added[len(added) - len(several) :])


def own_id(text: str) -> str:
    """Return the id that is made from a text: "own-tell-me-about-a-time"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return "-".join(["own", *words[:_ID_WORDS]])[:_LONGEST_ID].rstrip("-")


def _free(question_id: str, taken: set[str]) -> str:
    """Return an id, with a number where it is taken."""
    numbered = (f"{question_id}-{number}" for number in count(2))
    return next(each for each in chain([question_id], numbered) if each not in taken)
