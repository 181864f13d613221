"""Notes from a text with headings: ``## Situation``, ``**Task:** ...`` or ``Action: ...``."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from voicemock.models import LONGEST_NOTE, NoteField, StoryNotes

_FIELDS: Final[dict[str, NoteField | None]] = {
    **dict.fromkeys(("situation", "context", "background"), "situation"),
    **dict.fromkeys(("task", "goal", "my task", "my job"), "task"),
    **dict.fromkeys(("action", "actions", "what i did"), "action"),
    **dict.fromkeys(("result", "results", "outcome", "outcomes"), "result"),
    **dict.fromkeys(("metrics", "metric", "numbers"), "metrics"),
    **dict.fromkeys(("trade-offs", "trade-off", "tradeoffs", "tradeoff", "trade offs", "trade off"), "trade_offs"),
    **dict.fromkeys(("technology", "technologies", "tech", "tech stack"), "technology"),
    **dict.fromkeys(("shows", "competencies", "principles", "leadership principles"), None),
}
"""What may stand in a heading, and the field it begins; None is the list of what the story shows."""

_NAMES: Final = "|".join(sorted(map(re.escape, _FIELDS), key=len, reverse=True))
_HEADING: Final = re.compile(
    rf"[ \t]*(?:\#{{1,6}}[ \t]*)?(?:[*_]{{1,3}})?(?P<name>{_NAMES})(?P<marks>[ \t]*[:*_]*)(?P<rest>.*)", re.IGNORECASE
)


class HeadedNotes(NamedTuple):
    """What a text with headings gave."""

    notes: StoryNotes
    """Without what it shows: these names are yet to be checked."""
    shows: tuple[str, ...]
    left_out: tuple[str, ...]
    """Lines before the first heading."""


def notes_of_headings(text: str) -> HeadedNotes | None:
    """Return the notes of a text in which headings name the parts; None where it has none of them.

    Raises:
        ValueError: A part is too long.
    """
    parts: dict[NoteField, list[str]] = {}
    shows: list[str] = []
    before: list[str] = []
    current = before
    for line in text.splitlines():
        heading = _heading(line)
        if heading is None:
            current.append(line)
            continue
        field, rest = heading
        current = shows if field is None else parts.setdefault(field, [])
        current.append(rest)
    if not parts:
        return None
    texts = {field: "\n".join(lines).strip() for field, lines in parts.items()}
    for field, written in texts.items():
        if len(written) > LONGEST_NOTE:
            raise ValueError(f"{field} has {len(written):,} characters; at most {LONGEST_NOTE:,} are kept.")
    return HeadedNotes(
        StoryNotes.model_validate(texts),
        tuple(name for line in shows for each in re.split(r"[,;]", line) if (name := each.strip(" \t-*\N{BULLET}"))),
        tuple(line.strip() for line in before if line.strip(" \t#-=*_")),
    )


def _heading(line: str) -> tuple[NoteField | None, str] | None:
    """Return the field that a line begins, and what else stands in it; None for any other line.

    A name alone is a heading; one with words after it needs a colon, so that "Results were good." is none.
    """
    match = _HEADING.fullmatch(line)
    if match is None:
        return None
    rest = match["rest"].strip()
    if rest and ":" not in match["marks"]:
        return None
    return _FIELDS[match["name"].casefold()], rest
