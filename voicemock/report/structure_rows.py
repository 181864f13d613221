"""What was measured about the parts of an answer, as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voicemock.feedback import clock, percent
from voicemock.models import Analysis, Framework, Part
from voicemock.report.delivery_rows import NOT_MEASURED
from voicemock.report.passages import printable

MISSING: Final = "missing"
UNLABELED: Final = "-"
RESULTS_TITLE: Final = "Measured results"


def structure_rows(analysis: Analysis, framework: Framework | None) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and target of each framework part, and the measured outcomes; no parts without a framework."""
    targets = {
        part.name: f"{percent(part.target_share_min)} to {percent(part.target_share_max)}"
        for part in (framework.parts if framework else ())
    }
    for part in analysis.structure.parts if analysis.structure and framework else ():
        yield part_title(framework, part.name), _part_value(part), targets.get(part.name, "")
    outcomes = ", ".join(printable(result.text) for result in analysis.quantified_results)
    is_story = framework is not None and framework.name == "star"
    yield RESULTS_TITLE, outcomes or "none found", "at least one" if is_story else ""


def part_title(framework: Framework | None, part: str | None) -> str:
    """Return how a part is called on a screen; a sign for none where the sentence belongs to no part."""
    if part is None:
        return UNLABELED
    titles = {each.name: each.title for each in framework.parts} if framework else {}
    return titles.get(part, part.replace("_", " ").capitalize())


def _part_value(part: Part) -> str:
    if not part.present:
        return MISSING
    seconds = clock(part.duration_s) if part.duration_s is not None else None
    share = percent(part.share) if part.share is not None else None
    return ", ".join(value for value in (seconds, share) if value) or NOT_MEASURED
