"""Lists of phrases that the coach listens for: ``prompts/phrases/coach.yaml`` and ``claims.yaml``."""

from __future__ import annotations

from voicemock.analysis.phrasebook import Phrases


def load_cues() -> Phrases:
    """Read ``prompts/phrases/coach.yaml``, once a process."""
    return Phrases.load("coach", "opens", "deep", "shallow")


def load_claim_words() -> Phrases:
    """Read ``prompts/phrases/claims.yaml``, once a process."""
    return Phrases.load(
        "claims", "own", "shared", "others", "denied", "only thought", "planned", "general", "unquotable",
        "about failure", "asks for a lesson", "may be a lesson",
    )  # fmt: skip
