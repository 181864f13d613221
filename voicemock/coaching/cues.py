"""What the coach itself listens for, as data: ``prompts/phrases/coach.yaml``."""

from __future__ import annotations

from voicemock.analysis.phrasebook import Phrases


def load_cues() -> Phrases:
    """Read what to listen for, once a process.

    Raises:
        ContentError: The file is missing or breaks its schema.
    """
    return Phrases.load(
        "coach", "planned", "told", "aside", "elsewhere", "signpost", "in_the_end", "open_end", "came_of_it", "fading",
        "arranging", "opens", "deep", "shallow",
    )  # fmt: skip


def load_claim_words() -> Phrases:
    """Read ``prompts/phrases/claims.yaml``, once a process.

    Raises:
        ContentError: The file is missing or breaks its schema.
    """
    return Phrases.load(
        "claims", "own", "shared", "others", "denied", "only thought", "planned", "general", "unquotable",
        "about failure",
    )  # fmt: skip
