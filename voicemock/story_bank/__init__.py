"""The candidate's stories in writing: what the notes lack, and which competencies the stories cover.

Everything here is pure: the store keeps the notes, the commands ask and show.
"""

from __future__ import annotations

from voicemock.story_bank.coverage import coverage
from voicemock.story_bank.gaps import ReadNotes, fields_lacking, gaps, is_complete
from voicemock.story_bank.headings import notes_of_headings
from voicemock.story_bank.suggestions import suggest
from voicemock.story_bank.told import ToldNotes, filled_from, notes_of_telling, with_field

__all__ = [
    "ReadNotes",
    "ToldNotes",
    "coverage",
    "fields_lacking",
    "filled_from",
    "gaps",
    "is_complete",
    "notes_of_headings",
    "notes_of_telling",
    "suggest",
    "with_field",
]
