"""An answer on one time axis: its parts against their targets, its pace, its pauses and its fillers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from voicemock.feedback import clock
from voicemock.models import Analysis, Assessment, Framework, Pause
from voicemock.report.passages import printable
from voicemock.report.structure_rows import part_title

LaneName = Literal["parts", "pauses", "fillers", "results", "pace"]

PLACES: Final = {
    "within_clause": "inside a clause",
    "between_clauses": "between clauses",
    "between_sentences": "between sentences",
}


class Stretch(NamedTuple):
    """Something on the time axis. ``kind`` tells apart what shares a lane: a part's name, a filler's kind."""

    lane: LaneName
    start_s: float
    end_s: float
    kind: str
    title: str
    detail: str


class Target(NamedTuple):
    """Where a part would lie if each took the middle of its target share, in the framework's order."""

    kind: str
    title: str
    start_s: float
    end_s: float


def stretches(assessment: Assessment, framework: Framework | None) -> tuple[Stretch, ...]:
    """Return everything that has a time, by time; nothing for a text."""
    analysis = assessment.analysis
    found = [*_parts(analysis, framework), *_pauses(analysis), *_fillers(analysis), *_results(analysis)]
    return tuple(sorted([*found, *_pace(analysis)], key=lambda stretch: (stretch.start_s, stretch.end_s)))


def targets(assessment: Assessment, framework: Framework | None) -> tuple[Target, ...]:
    """Return the target of each part, laid over the answer from its first word to its last."""
    times = [word.start_s for word in assessment.transcript.words if word.start_s is not None]
    duration_s = assessment.analysis.duration_s
    if framework is None or duration_s is None or not times:
        return ()
    middles = [(part.target_share_min + part.target_share_max) / 2 for part in framework.parts]
    position, placed = min(times), []
    for part, middle in zip(framework.parts, middles, strict=True):
        end_s = position + duration_s * middle / sum(middles)
        placed.append(Target(part.name, part.title, round(position, 2), round(end_s, 2)))
        position = end_s
    return tuple(placed)


def _parts(analysis: Analysis, framework: Framework | None) -> Iterator[Stretch]:
    """Yield neighboring sentences of a part as one stretch."""
    run: tuple[str, float, float] | None = None
    for sentence in (*(analysis.structure.sentences if analysis.structure and framework else ()), None):
        part = sentence.part if sentence else None
        if run is not None and part != run[0]:
            name, start_s, end_s = run
            yield Stretch("parts", start_s, end_s, name, part_title(framework, name), f"{clock(end_s - start_s)} long")
            run = None
        if sentence and part and sentence.start_s is not None and sentence.end_s is not None:
            run = (part, run[1] if run else sentence.start_s, sentence.end_s)


def _pauses(analysis: Analysis) -> Iterator[Stretch]:
    for pause in analysis.pauses or ():
        yield Stretch("pauses", pause.start_s, pause.end_s, pause.kind, "Pause", pause_detail(pause))


def pause_detail(pause: Pause) -> str:
    """Return a pause's length, whether it is filled, and where it stands."""
    return f"{pause.end_s - pause.start_s:.1f} s, {pause.kind}, {PLACES[pause.place]}"


def _fillers(analysis: Analysis) -> Iterator[Stretch]:
    names = {"filled_pause": "Filled pause", "discourse_marker": "Filler phrase"}
    for filler in analysis.fillers:
        if filler.start_s is not None and filler.end_s is not None:
            said = f'"{printable(filler.text)}"'
            heard = f"{said}, by its sound alone" if filler.heard_as == "sound" else said
            yield Stretch("fillers", filler.start_s, filler.end_s, filler.kind, names[filler.kind], heard)


def _results(analysis: Analysis) -> Iterator[Stretch]:
    for result in analysis.quantified_results:
        if result.start_s is not None and result.end_s is not None:
            said = f'"{printable(result.text)}"'
            yield Stretch("results", result.start_s, result.end_s, "result", "Measured result", said)


def _pace(analysis: Analysis) -> Iterator[Stretch]:
    for point in analysis.pace_curve or ():
        pace = f"{point.words_per_minute:.0f} words per minute"
        yield Stretch("pace", point.start_s, point.end_s, f"{point.words_per_minute:.1f}", "Pace", pace)
