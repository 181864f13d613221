"""The candidate's stories in writing: what the notes lack, and which competencies the stories cover.

Everything here is pure: the store keeps the notes, the commands ask and show.
"""

from __future__ import annotations

from voicemock.story_bank.coverage import coverage
from voicemock.story_bank.suggestions import suggest

__all__ = ["coverage", "suggest"]
