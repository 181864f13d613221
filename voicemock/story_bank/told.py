"""From a telling to notes: each part gets the sentences that were said of it, word for word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from voicemock.models import LONGEST_NOTE, NOTE_FIELDS, STORY_PARTS, Analysis, NoteField, StoryNotes

SURE: Final = 0.7
"""Remarks that are less sure are neither written down nor spoken of."""


class ToldNotes(NamedTuple):
    """What a telling gave."""

    notes: StoryNotes
    left_out: tuple[str, ...]
    """Sentences that belong to no part."""


def notes_of_telling(analysis: Analysis, *, spoken: bool) -> ToldNotes:
    """Return the notes that a story held against STAR makes, in its exact words.

    Metrics are the sentences with measured results, trade-offs those that weigh one thing against another.
    """
    sentences = analysis.structure.sentences if analysis.structure else ()
    remarks = analysis.substance.remarks if analysis.substance else ()
    weighed = (each.quote for each in remarks if each.kind == "trade_off" and each.confidence >= SURE)
    texts: dict[str, str] = {
        part: _joined(" ", (each.text for each in sentences if each.part == part)) for part in STORY_PARTS
    }
    texts["metrics"] = _joined("\n", (found.quote for found in analysis.quantified_results))
    texts["trade_offs"] = _joined("\n", weighed)
    filled: tuple[NoteField, ...] = tuple(field for field in NOTE_FIELDS if texts.get(field))
    notes = StoryNotes.model_validate({**texts, "spoken": filled if spoken else ()})
    return ToldNotes(notes, tuple(each.text for each in sentences if each.part is None))


def filled_from(notes: StoryNotes, told: StoryNotes) -> StoryNotes:
    """Return notes with what was told in the place of what they said of it; what was not told stays."""
    fields: list[NoteField] = [field for field in NOTE_FIELDS if told.text_of(field)]
    spoken = [field for field in NOTE_FIELDS if field in (told.spoken if field in fields else notes.spoken)]
    shows = tuple(dict.fromkeys((*notes.shows, *told.shows)))
    texts: dict[str, object] = {field: told.text_of(field) for field in fields}
    return notes.model_copy(update={**texts, "spoken": tuple(spoken), "shows": shows})


def with_field(notes: StoryNotes, field: NoteField, text: str) -> StoryNotes:
    """Return notes with one field changed; words that were edited are not those that were spoken.

    Raises:
        ValueError: The text is too long.
    """
    text = text.strip()
    if text == notes.text_of(field):
        return notes
    if len(text) > LONGEST_NOTE:
        raise ValueError(f"{field} has {len(text):,} characters; at most {LONGEST_NOTE:,} are kept.")
    spoken = tuple(each for each in notes.spoken if each != field)
    return notes.model_copy(update={field: text, "spoken": spoken})


def _joined(between: str, texts: Iterable[str]) -> str:
    return between.join(dict.fromkeys(texts))[:LONGEST_NOTE]
