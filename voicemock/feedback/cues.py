"""What the coach itself listens for, as data: ``prompts/phrases/coach.yaml``."""

from __future__ import annotations

from typing import get_args

from voicemock.analysis.phrasebook import Phrases
from voicemock.analysis.statements import statement_of
from voicemock.models import AsksFor


class Cues(Phrases):
    """Phrases that are looked for in texts."""

    def hears(self, name: str, statement: str) -> bool:  # type: ignore[override]
        """Return whether a text holds one of the phrases of a list."""
        return super().hears(name, statement_of(statement))


def load_cues() -> Cues:
    """Read what to listen for, once a process.

    Raises:
        ContentError: The file is missing or breaks its schema.
    """
    return Cues.load(
        "coach", "planned", "told", "aside", "elsewhere", "signpost", "in_the_end", "open_end", "came_of_it", "fading",
        "arranging", "declines", "foreign", "evades", "opens", "deep", "shallow",
        *(f"replies {asked}" for asked in get_args(AsksFor)),
    )  # fmt: skip
