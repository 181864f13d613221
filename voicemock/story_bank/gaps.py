"""What the notes of a story lack: what an interviewer would ask next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from voicemock.models import NOTE_FIELDS, STORY_PARTS, Analysis, Gap, GapKind, NoteField, StoryNotes
from voicemock.story_bank.told import SURE

ReadNotes = Callable[[str], Analysis]
"""Measures a text by the rules of a STAR story."""

NEEDED: Final[frozenset[GapKind]] = frozenset(
    {"no_situation", "no_task", "no_action", "no_result", "no_number", "no_trade_off", "only_we", "only_coordination"}
)
"""What a story must not lack to be complete: told in STAR with metrics and trade-offs, by the one who did it."""

THIN_ACTION_WORDS: Final = 25
"""The action is half of a story of three minutes, 250 words; notes with a tenth of that leave out the steps."""

_EMPTY: Final[dict[NoteField, tuple[GapKind, str]]] = {
    "situation": ("no_situation", "Write the situation: where this was, who was involved and what was at stake."),
    "task": ("no_task", "Write the task: what you, not the team, had to achieve, and by when."),
    "action": ("no_action", "Write the action: what you decided and did, step by step, and why."),
    "result": ("no_result", "Write the result: what changed because of you, and what you learned."),
}

_FIELD_OF: Final[dict[GapKind, NoteField]] = {
    "no_situation": "situation",
    "no_task": "task",
    "no_action": "action",
    "no_result": "result",
    "no_number": "metrics",
    "no_trade_off": "trade_offs",
    "only_we": "action",
    "only_coordination": "action",
    "thin_action": "action",
}
"""Where what is missing belongs."""


def gaps(notes: StoryNotes, read: ReadNotes) -> tuple[Gap, ...]:
    """Return what the notes of a story lack, in the order a story is told."""
    empty = (_EMPTY[field] for field in _EMPTY if not notes.text_of(field).strip())
    return (
        *(Gap(kind=kind, text=text) for kind, text in empty),
        *_in_action(notes, read),
        *_in_whole(notes, read),
        *([] if notes.shows else [Gap(kind="shows_nothing", text="Link it to what it shows: voicemock stories link.")]),
    )


def is_complete(lacks: Iterable[Gap]) -> bool:
    """Return whether nothing is lacking that a story must have."""
    return not any(gap.kind in NEEDED for gap in lacks)


def fields_lacking(lacks: Iterable[Gap]) -> tuple[NoteField, ...]:
    """Return the fields in which something is missing, in the order they are asked for."""
    lacking = {_FIELD_OF[gap.kind] for gap in lacks if gap.kind in _FIELD_OF}
    return tuple(field for field in NOTE_FIELDS if field in lacking)


def _in_action(notes: StoryNotes, read: ReadNotes) -> Iterator[Gap]:
    if not notes.action.strip():
        return
    analysis = read(notes.action)
    own, sentences = analysis.ownership, analysis.structure.sentences if analysis.structure else ()
    if own is not None and own.we and not own.i:
        quote = next((each.text for each in sentences if _says_we(each.text)), None)
        yield Gap(kind="only_we", quote=quote, text='Say what you did yourself: the action has "we" and never "I".')
    if analysis.substance is not None and analysis.substance.coordination_share == 1.0:
        quote = next((each.quote for each in analysis.substance.remarks if each.kind == "coordination"), None)
        text = "Add what you decided or built: the action is meetings and status alone, which any coordinator does."
        yield Gap(kind="only_coordination", quote=quote, text=text)
    if analysis.word_count < THIN_ACTION_WORDS:
        yield Gap(kind="thin_action", text="Give the action more steps: it is half of a good story.")


def _in_whole(notes: StoryNotes, read: ReadNotes) -> Iterator[Gap]:
    before = "\n".join(notes.text_of(field) for field in STORY_PARTS[:-1])
    whole = f"{before}\n{notes.result}"
    if not whole.strip():
        return
    analysis = read(whole)
    has_result = any(found.start_char > len(before) for found in analysis.quantified_results)
    if not has_result and not any(char.isdigit() for char in notes.metrics):
        text = "Put a number on the result: what was it before, what is it now, in which unit?"
        yield Gap(kind="no_number", quote=notes.result.strip() or None, text=text)
    remarks = analysis.substance.remarks if analysis.substance else ()
    if not notes.trade_offs.strip() and not any(
        remark.kind == "trade_off" and remark.confidence >= SURE for remark in remarks
    ):
        yield Gap(kind="no_trade_off", text="Name a trade-off: what did you give up for what, and why was it right?")
    if not notes.technology.strip():
        yield Gap(kind="no_technology", text="Note the technology that you must be able to explain when asked.")


def _says_we(sentence: str) -> bool:
    return any(word.strip(".,;:!?").lower() in {"we", "we'd", "we've", "our", "us"} for word in sentence.split())
