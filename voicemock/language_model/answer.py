"""From what a model answered to the strings in it, and the signs by which nothing of it is said."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from voicemock.language_model.guidance import Guidance
from voicemock.language_model.tokens import Passage

Refusal = Literal["no_json", "wrong_ids", "control_characters", "link", "out_of_role", "too_long", "too_little_left"]
"""Why nothing of an answer is said."""

_STRINGS: Final = TypeAdapter(dict[str, str])
_THOUGHTS: Final = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_LINK: Final = re.compile(r"https?:|www\.|://|@\w|\w@|\b[a-z0-9-]+\.(?:com|org|net|io|dev|ai|me)\b", re.IGNORECASE)


class RefusedAnswerError(ValueError):
    """Nothing of an answer may be used.

    Attributes:
        refusal: Why.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal: Refusal = refusal


def read_answer(text: str, names: frozenset[str]) -> dict[str, str]:
    """Return the strings of the JSON object in an answer, by their names.

    What stands around the object is passed over: thoughts, a fence, a greeting.

    Raises:
        RefusedAnswerError: There is no object, or its names are not exactly those asked for, each once.
    """
    rest = _THOUGHTS.sub("", text)
    start = rest.find("{")
    if start < 0:
        raise RefusedAnswerError("no_json")
    try:
        found, _ = json.JSONDecoder(object_pairs_hook=_each_once).raw_decode(rest[start:])
    except RefusedAnswerError:
        raise
    except (ValueError, RecursionError):
        raise RefusedAnswerError("no_json") from None
    if set(found) != names:
        raise RefusedAnswerError("wrong_ids")
    try:
        return _STRINGS.validate_python(found, strict=True)
    except ValidationError:
        raise RefusedAnswerError("no_json") from None


def refuse_hostile(texts: tuple[str, ...], granted: str, guidance: Guidance) -> None:
    """Refuse texts that no coach would say, whoever told the model to write them.

    Args:
        texts: What the model wrote.
        granted: What the built-in coach says, or the candidate: a word that stands there too is no sign.
        guidance: The words that are signs.

    Raises:
        RefusedAnswerError: There is a link, a control character, a verdict, or a model that talks of itself.
    """
    ours = Passage.of(granted).all_stems
    for text in texts:
        if any(unicodedata.category(each).startswith("C") and each not in "\n\t" for each in text):
            raise RefusedAnswerError("control_characters")
        if _LINK.search(text):
            raise RefusedAnswerError("link")
        if Passage.of(text).all_stems & (guidance.out_of_role - ours):
            raise RefusedAnswerError("out_of_role")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusedAnswerError("wrong_ids")
    return found
