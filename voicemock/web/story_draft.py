"""A draft of a story: the contents of its form, saved or not, with its problems and what it would replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from voicemock.models import NOTE_FIELDS, BankedStory, NoteField
from voicemock.practice.story_bank import FilledNotes
from voicemock.store.rows import MOMENT

UNTIL_NOW: Final = "Until now"
OTHER: Final = "The other version"
NONE_THERE: Final = "(nothing)"


@dataclass(slots=True)
class Draft:
    """What stands in the form.

    Attributes:
        name: Of the story.
        texts: By field; what the user typed, whether it can be kept or not.
        shows: Names with commas between them.
        seen: When the notes were changed last, as the form was opened; "" where there were none.
        answer: Whose words fill fields: "SESSION/2", or "".
        text: What is to be sorted into the fields.
        instead: What stood in a field, or stands in the other version, with who says so.
        problems: What is wrong with a field, by its name.
    """

    name: str = ""
    texts: dict[NoteField, str] = field(default_factory=dict)
    shows: str = ""
    seen: str = ""
    answer: str = ""
    text: str = ""
    instead: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, banked: BankedStory) -> Draft:
        """Return the form of a story as it is kept."""
        return cls(
            name=banked.story.name,
            texts={name: banked.notes.text_of(name) for name in NOTE_FIELDS},
            shows=", ".join(banked.notes.shows),
            seen=banked.updated_at.isoformat() if banked.updated_at else "",
        )

    @classmethod
    def sent(cls, given: Mapping[str, str]) -> Draft:
        """Return the form as it was sent; browsers end lines in another way than we do."""

        def text_of(name: str) -> str:
            return given.get(name, "").replace("\r\n", "\n").replace("\r", "\n")

        return cls(
            name=text_of("name"),
            texts={name: text_of(name) for name in NOTE_FIELDS},
            shows=text_of("shows"),
            seen=text_of("seen"),
            answer=text_of("answer"),
            text=text_of("text"),
        )

    @property
    def seen_at(self) -> datetime | None:
        """When the notes last changed, as the user of this form saw them; what is not a time counts as never."""
        try:
            return MOMENT.validate_python(self.seen) if self.seen else None
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)

    @property
    def names(self) -> list[str]:
        """What the story shows, name by name."""
        return names_in(self.shows)

    def fill(self, filled: FilledNotes) -> None:
        """Put notes into the fields; what is replaced stays in sight."""
        for name in NOTE_FIELDS:
            told, written = filled.notes.text_of(name), self.texts.get(name, "")
            if told and told != written:
                if written.strip():
                    self.instead[name] = (UNTIL_NOW, written)
                self.texts[name] = told
        self.shows = ", ".join(dict.fromkeys((*self.names, *filled.notes.shows)))

    def show_other(self, other: BankedStory) -> None:
        """Show where another version differs, and take it for seen."""
        for name in NOTE_FIELDS:
            if other.notes.text_of(name) != self.texts[name].strip():
                self.instead[name] = (OTHER, other.notes.text_of(name) or NONE_THERE)
        if set(self.names) != set(other.notes.shows):
            self.instead["shows"] = (OTHER, ", ".join(other.notes.shows) or NONE_THERE)
        self.seen = other.updated_at.isoformat() if other.updated_at else ""


def names_in(text: str) -> list[str]:
    """Return the names in a field that has commas between them."""
    return [name for each in text.split(",") if (name := each.strip())]
