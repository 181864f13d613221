"""Notes on a story: read from a text with headings or from a telling, edited, and checked for gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from voicemock.models import LONGEST_NOTE, NOTE_FIELDS, STORY_PARTS, Analysis, Gap, GapKind, NoteField, StoryNotes

SURE: Final = 0.7
"""Smallest confidence of a remark that is used."""
THIN_ACTION_WORDS: Final = 25
"""The action is half of a three-minute story, or 250 words. Notes with a tenth of that skip the steps."""

TRADE_OFF_WORDS: Final = 3
"""Fewer words cannot say what was given up for what, as "speed over cost" does. The reader cannot tell from notes
whether more words are a trade-off, so they are accepted without a claim."""

NEEDED: Final[frozenset[GapKind]] = frozenset(
    {"no_situation", "no_task", "no_action", "no_result", "no_number", "no_trade_off", "only_we", "only_coordination"}
)
"""Gaps that keep a story from being complete: STAR with metrics and trade-offs, told by the one who did it."""

_WE: Final = frozenset({"we", "we'd", "we've", "our", "us"})

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
"""Headings and the fields they begin; None is the list of what the story shows."""

_NAMES: Final = "|".join(sorted(map(re.escape, _FIELDS), key=len, reverse=True))

_HEADING: Final = re.compile(
    rf"[ \t]*(?:\#{{1,6}}[ \t]*)?(?:[*_]{{1,3}})?(?P<name>{_NAMES})(?P<marks>[ \t]*[:*_]*)(?P<rest>.*)", re.IGNORECASE
)

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
"""The field that closes each gap."""


class HeadedNotes(NamedTuple):
    """Notes read from a text with headings."""

    notes: StoryNotes
    """Without ``shows``, whose names are not checked yet."""
    shows: tuple[str, ...]
    left_out: tuple[str, ...]
    """Lines before the first heading."""


def notes_of_headings(text: str) -> HeadedNotes | None:
    """Return the notes of a text with headings like ``## Situation``, ``**Task:** ...`` or ``Action: ...``.

    None if it has no such heading.

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
        _check_length(field, written)
    return HeadedNotes(
        StoryNotes.model_validate(texts),
        tuple(name for line in shows for each in re.split(r"[,;]", line) if (name := each.strip(" \t-*\N{BULLET}"))),
        tuple(line.strip() for line in before if line.strip(" \t#-=*_")),
    )


def _heading(line: str) -> tuple[NoteField | None, str] | None:
    """Return the field that a heading begins, and the rest of the line; None if the line is no heading.

    A heading with more words on its line needs a colon, so that "Results were good." is none.
    """
    match = _HEADING.fullmatch(line)
    if match is None:
        return None
    rest = match["rest"].strip()
    if rest and ":" not in match["marks"]:
        return None
    return _FIELDS[match["name"].casefold()], rest


class ToldNotes(NamedTuple):
    """Notes made from a telling."""

    notes: StoryNotes
    left_out: tuple[str, ...]
    """Sentences that belong to no part."""


def notes_of_telling(analysis: Analysis, *, spoken: bool) -> ToldNotes:
    """Return the notes that a story analyzed as STAR makes, in its exact words.

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
    """Return notes with the fields that were told replaced, and the others kept."""
    fields: list[NoteField] = [field for field in NOTE_FIELDS if told.text_of(field)]
    spoken = [field for field in NOTE_FIELDS if field in (told.spoken if field in fields else notes.spoken)]
    shows = tuple(dict.fromkeys((*notes.shows, *told.shows)))
    texts: dict[str, object] = {field: told.text_of(field) for field in fields}
    return notes.model_copy(update={**texts, "spoken": tuple(spoken), "shows": shows})


def with_field(notes: StoryNotes, field: NoteField, text: str) -> StoryNotes:
    """Return notes with one field changed. An edited field no longer counts as spoken.

    Raises:
        ValueError: The text is too long.
    """
    text = text.strip()
    if text == notes.text_of(field):
        return notes
    _check_length(field, text)
    spoken = tuple(each for each in notes.spoken if each != field)
    return notes.model_copy(update={field: text, "spoken": spoken})


def _check_length(field: NoteField, text: str) -> None:
    if len(text) > LONGEST_NOTE:
        raise ValueError(f"{field} has {len(text):,} characters; at most {LONGEST_NOTE:,} are kept.")


def _joined(between: str, texts: Iterable[str]) -> str:
    return between.join(dict.fromkeys(texts))[:LONGEST_NOTE]


ReadNotes = Callable[[str], Analysis]
"""Analyzes a text as a STAR story."""


def gaps(notes: StoryNotes, read: ReadNotes) -> tuple[Gap, ...]:
    """Return what the notes of a story lack, in the order in which a story is told."""
    empty = (_EMPTY[field] for field in _EMPTY if not notes.text_of(field).strip())
    return (
        *(Gap(kind=kind, text=text) for kind, text in empty),
        *_in_action(notes, read),
        *_in_whole(notes, read),
        *([] if notes.shows else [Gap(kind="shows_nothing", text="Link it to what it shows.")]),
    )


def is_complete(lacks: Iterable[Gap]) -> bool:
    """Return whether nothing essential is missing."""
    return not any(gap.kind in NEEDED for gap in lacks)


def field_of(gap: Gap) -> NoteField | None:
    """Return the field that closes a gap; None where it is not written but linked."""
    return "technology" if gap.kind == "no_technology" else _FIELD_OF.get(gap.kind)


def fields_lacking(lacks: Iterable[Gap]) -> tuple[NoteField, ...]:
    """Return the fields with gaps, in the order in which they are asked for."""
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
        text = "Add what you decided or built: the action is only meetings and status, which any coordinator does."
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
    is_weighed = any(remark.kind == "trade_off" and remark.confidence >= SURE for remark in remarks)
    if not is_weighed and len(notes.trade_offs.split()) < TRADE_OFF_WORDS:
        text = "Name a trade-off: what did you give up for what, and why was it right?"
        yield Gap(kind="no_trade_off", quote=notes.trade_offs.strip() or None, text=text)
    if not notes.technology.strip():
        yield Gap(kind="no_technology", text="Note the technology that you must be able to explain when asked.")


def _says_we(sentence: str) -> bool:
    return any(word.strip(".,;:!?").lower() in _WE for word in sentence.split())
