"""What each measure means, in a sentence or two: ``prompts/measures.yaml``."""

from __future__ import annotations

from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Model


class MeasureHelp(Model):
    """One row of the table of measures and what its number means."""

    title: str
    definition: str


def load_measures() -> dict[str, str]:
    """Return the definitions by the titles of their rows.

    Raises:
        ContentError: The file is missing or breaks its schema.
    """
    measures = load_yaml(prompts_folder() / "measures.yaml", tuple[MeasureHelp, ...])
    return {measure.title: " ".join(measure.definition.split()) for measure in measures}
