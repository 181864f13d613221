"""Checks that every answer of a language model has to pass before anything of it is used."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from voicemock.coaching.language_model.briefing import Guidance
from voicemock.coaching.language_model.tokens import Passage

T = TypeVar("T")

Refusal = Literal["no_json", "wrong_ids", "control_characters", "link", "out_of_role"]
"""Why a whole answer is dropped."""

_STRINGS: Final = TypeAdapter(dict[str, str])
_LISTS: Final = TypeAdapter(dict[str, list[str]])
_THOUGHTS: Final = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL)
"""What a thinking model wrote first. Some servers cut off the tag that opens it."""
_UNFINISHED_THOUGHTS: Final = re.compile(r"\A\s*<think(?:ing)?>")
_LINK: Final = re.compile(r"https?:|www\.|://|@\w|\w@|\b[a-z0-9-]+\.(?:com|org|net|io|dev|ai|me)\b", re.IGNORECASE)


class RefusedAnswerError(ValueError):
    """The whole answer of a model is dropped."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal: Refusal = refusal


def read_answer(text: str, names: frozenset[str]) -> dict[str, str]:
    """Return the strings of the JSON object in an answer, by their names.

    Thoughts, code fences and greetings around the object are ignored.

    Raises:
        RefusedAnswerError: There is no object, or its names are not exactly the requested ones, each once.
    """
    return _read(text, names, _STRINGS)


def read_lists(text: str, names: frozenset[str]) -> dict[str, list[str]]:
    """Return the lists of strings of the JSON object in an answer, as ``read_answer`` does.

    Raises:
        RefusedAnswerError: As there.
    """
    return _read(text, names, _LISTS)


def holds_an_object(text: str) -> bool:
    """Return whether a text holds a whole JSON object after what a thinking model thought."""
    try:
        _object_in(text)
    except RefusedAnswerError as error:
        return error.refusal != "no_json"
    return True


def _read(text: str, names: frozenset[str], shape: TypeAdapter[T]) -> T:
    found = _object_in(text)
    if set(found) != names:
        raise RefusedAnswerError("wrong_ids")
    try:
        return shape.validate_python(found, strict=True)
    except ValidationError:
        raise RefusedAnswerError("no_json") from None


def _object_in(text: str) -> dict[str, Any]:
    rest = _THOUGHTS.sub("", text)
    start = rest.find("{")
    if start < 0 or _UNFINISHED_THOUGHTS.match(rest):
        raise RefusedAnswerError("no_json")
    try:
        found, _ = json.JSONDecoder(object_pairs_hook=_each_once).raw_decode(rest[start:])
    except RefusedAnswerError:
        raise
    except (ValueError, RecursionError):
        raise RefusedAnswerError("no_json") from None
    return dict(found)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusedAnswerError("wrong_ids")
    return found


def refuse_hostile(texts: Iterable[str], granted: str, guidance: Guidance) -> None:
    """Refuse texts that no coach would say, even if the transcript told the model to write them.

    Args:
        texts: The model's strings.
        granted: The words of the interviewer or the candidate. A suspicious word that is also in here is allowed.
        guidance: The suspicious words.

    Raises:
        RefusedAnswerError: There is a link, a control character, a verdict, or a model talking about itself.
    """
    ours = Passage.of(granted).all_stems
    for text in texts:
        if any(unicodedata.category(each).startswith("C") and each not in "\n\t" for each in text):
            raise RefusedAnswerError("control_characters")
        if _LINK.search(text):
            raise RefusedAnswerError("link")
        if Passage.of(text).all_stems & (guidance.out_of_role - ours):
            raise RefusedAnswerError("out_of_role")


def stands_in(quote: str, source: str) -> bool:
    """Return whether a stretch of whole words is in a text, letter by letter."""
    return bool(quote.strip()) and re.search(rf"(?<!\w){re.escape(quote)}(?!\w)", source) is not None
