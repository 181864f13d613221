"""An answer on a time axis: parts and their targets, pace, pauses, fillers, results; and the axis on the terminal.

On the terminal a cell is a stretch of time, and letters name the parts, so nothing depends on color.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.analysis.delivery import MOST_PEOPLE
from voicemock.coaching.spoken_numbers import clock
from voicemock.models import Analysis, Assessment, Framework, Pause, Prosody
from voicemock.report.rows import part_title
from voicemock.report.safe_text import printable
from voicemock.report.terminal import show_heading, show_indented
from voicemock.speech.prosody import FADES_FROM_DB, RISES_FROM_SEMITONES

LaneName = Literal["parts", "pauses", "fillers", "results", "pace", "melody"]

PLACES: Final = {
    "within_clause": "inside a clause",
    "between_clauses": "between clauses",
    "between_sentences": "between sentences",
}
MOST_CELLS: Final = 100
SHORTEST_S: Final = 0.001
"""A shorter axis is not drawn."""

_FEWEST_CELLS: Final = 10
_BESIDE: Final = 14
"""Columns that the names of the lanes take."""
_STEPS_S: Final = (10, 15, 30, 60, 120, 300, 600, 1800)
_CELLS_A_LABEL: Final = 9
_SLOW, _FAST = MOST_PEOPLE
_LOWEST, _HIGHEST = 60.0, 260.0
"""Ends of the pace scale."""
_MOST_IN_A_CELL: Final = 9


class Stretch(NamedTuple):
    """Something on the time axis. ``kind`` tells it from others in its lane: a part's name, a filler's kind."""

    lane: LaneName
    start_s: float
    end_s: float
    kind: str
    title: str
    detail: str


class Target(NamedTuple):
    """The place of a part if each took the middle of its target share, in the framework's order."""

    kind: str
    title: str
    start_s: float
    end_s: float


class Signs(NamedTuple):
    """The characters of the drawing."""

    pace: str
    """From slow to fast, in any number of steps."""
    pause: str
    filled_pause: str
    discourse_marker: str
    result: str


BLOCKS: Final = Signs("▁▂▃▄▅▆▇█", "▬", "●", "▲", "◆")
ASCII: Final = Signs("-=+", "_", "o", "^", "*")


class Lane(NamedTuple):
    """One line: its name and its cells."""

    name: str
    cells: str


def stretches(assessment: Assessment, framework: Framework | None) -> tuple[Stretch, ...]:
    """Return everything that has a time, in the order of time; nothing without word times."""
    analysis = assessment.analysis
    found = [*_parts(analysis, framework), *_pauses(analysis), *_fillers(analysis), *_results(analysis)]
    found += [*_pace(analysis), *_melody(analysis.prosody)]
    return tuple(sorted(found, key=lambda stretch: (stretch.start_s, stretch.end_s)))


def targets(assessment: Assessment, framework: Framework | None) -> tuple[Target, ...]:
    """Return the target of each part, spread over the answer from its first word."""
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
    """Return the length, kind and place of a pause."""
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


def _melody(prosody: Prosody | None) -> Iterator[Stretch]:
    """Yield what stands out in the melody: nearly one note, ends that trail off, and statements that end high."""
    if prosody is None:
        return
    for one in prosody.one_note:
        flat = f"{one.pitch_sd_semitones:.1f} semitones at most"
        yield Stretch("melody", one.start_s, one.end_s, "one_note", "Nearly one note", flat)
    for end in prosody.ends:
        if end.drop_db >= FADES_FROM_DB:
            quieter = f"{end.drop_db:.0f} dB quieter than the rest of the sentence"
            yield Stretch("melody", end.at_s, end.end_s, "trails_off", "Trails off", quieter)
        if end.rise_semitones is not None and end.rise_semitones >= RISES_FROM_SEMITONES:
            higher = f"{end.rise_semitones:.0f} semitones up"
            yield Stretch("melody", end.at_s, end.end_s, "rises", "Ends high", higher)


def show_timeline(console: Console, assessment: Assessment, framework: Framework | None) -> None:
    """Show parts, pace, pauses, fillers and results of an answer on one time axis; nothing without word times."""
    signs = ASCII if console.options.ascii_only else BLOCKS
    cells = min(MOST_CELLS, console.width - _BESIDE)
    if cells < _FEWEST_CELLS:
        return
    found = stretches(assessment, framework)
    aims = targets(assessment, framework)
    lanes = timeline_lanes(found, aims, _length_s(assessment, found), cells, signs)
    if not lanes:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    for lane in lanes:
        table.add_row(Text(lane.name), Text(lane.cells.rstrip(), style="" if lane.name else "dim"))
    show_heading(console, "Timeline")
    show_indented(console, table)
    has_numbers = any(char.isdigit() for lane in lanes if lane.name for char in lane.cells)
    legend = "; ".join(_legend(found, aims, signs, has_numbers=has_numbers))
    show_indented(console, Text(legend, style="dim"))


def timeline_lanes(
    found: Sequence[Stretch], aims: Sequence[Target], length_s: float, cells: int, signs: Signs
) -> tuple[Lane, ...]:
    """Draw the stretches and the targets of the parts on an axis of ``length_s``."""
    if not found or length_s <= 0:
        return ()
    letters = part_letters([*aims, *found])
    by_lane = {name: [each for each in found if each.lane == name] for name in ("parts", "pace", "pauses", "fillers")}
    results = [each for each in found if each.lane == "results"]
    kinds = {"filled_pause": signs.filled_pause, "discourse_marker": signs.discourse_marker, "result": signs.result}
    scale = cells / length_s
    drawn = (
        Lane("", _ruler(length_s, cells)),
        Lane("Parts", _filled([(each, letters[each.kind]) for each in by_lane["parts"]], scale, cells)),
        Lane("On target", _filled([(each, letters[each.kind]) for each in aims], scale, cells)),
        Lane("Pace", _filled([(each, _height(float(each.kind), signs)) for each in by_lane["pace"]], scale, cells)),
        Lane("Pauses", _filled([(each, signs.pause) for each in by_lane["pauses"]], scale, cells)),
        Lane("Fillers", _counted([(each, kinds[each.kind]) for each in by_lane["fillers"]], scale, cells)),
        Lane("Results", _counted([(each, kinds[each.kind]) for each in results], scale, cells)),
    )
    return tuple(lane for lane in drawn if lane.cells.strip())


def part_letters(parts: Iterable[Stretch | Target]) -> dict[str, str]:
    """Return a capital letter for each part: the first letter of its title that is still free."""
    letters: dict[str, str] = {}
    for part in parts:
        if part.kind in letters or (isinstance(part, Stretch) and part.lane != "parts"):
            continue
        free = (char.upper() for char in part.title if char.isalpha() and char.upper() not in letters.values())
        letters[part.kind] = next(free, "?")
    return letters


def _length_s(assessment: Assessment, found: Sequence[Stretch]) -> float:
    """Return the length of the axis: up to the last thing in the recording; 0 for one too short to draw."""
    ends = [word.end_s for word in assessment.transcript.words if word.end_s is not None]
    length_s = max([0.0, *ends, *(each.end_s for each in found)])
    return length_s if length_s >= SHORTEST_S else 0.0


def _ruler(length_s: float, cells: int) -> str:
    """Return the labels of the axis, each at its moment."""
    step_s = next((step for step in _STEPS_S if step * cells / length_s >= _CELLS_A_LABEL), _STEPS_S[-1])
    line = ""
    for number in range(int(length_s // step_s) + 1):
        label = clock(number * step_s)
        at = int(number * step_s * cells / length_s)
        if at >= len(line) and at + len(label) <= cells:
            line = line.ljust(at) + label
    return line


def _filled(signed: Sequence[tuple[Stretch | Target, str]], scale: float, cells: int) -> str:
    """Draw each stretch over its cells, at least one."""
    line = [" "] * cells
    for each, sign in signed:
        first = min(cells - 1, int(each.start_s * scale))
        for cell in range(first, max(first + 1, min(cells, round(each.end_s * scale)))):
            line[cell] = sign
    return "".join(line)


def _counted(signed: Sequence[tuple[Stretch, str]], scale: float, cells: int) -> str:
    """Draw a sign where a stretch begins; a number where several begin in one cell."""
    inside: dict[int, list[str]] = {}
    for each, sign in signed:
        inside.setdefault(min(cells - 1, int(each.start_s * scale)), []).append(sign)
    return "".join(_in_cell(inside.get(cell, [])) for cell in range(cells))


def _in_cell(signs: Sequence[str]) -> str:
    if len(signs) > 1:
        return str(min(_MOST_IN_A_CELL, len(signs)))
    return signs[0] if signs else " "


def _height(words_per_minute: float, signs: Signs) -> str:
    if len(signs.pace) == len(ASCII.pace):
        return signs.pace[(words_per_minute >= _SLOW) + (words_per_minute > _FAST)]
    place = (words_per_minute - _LOWEST) / (_HIGHEST - _LOWEST) * len(signs.pace)
    return signs.pace[min(len(signs.pace) - 1, max(0, int(place)))]


def _legend(found: Sequence[Stretch], aims: Sequence[Target], signs: Signs, *, has_numbers: bool) -> Iterator[str]:
    """Yield the meaning of each sign that occurs."""
    titles = {aim.kind: aim.title for aim in aims} | {each.kind: each.title for each in found if each.lane == "parts"}
    letters = part_letters([*aims, *found])
    yield from (f"{letters[kind]} {title}" for kind, title in titles.items())
    kinds = {each.kind for each in found if each.lane == "fillers"}
    if "filled_pause" in kinds:
        yield f"{signs.filled_pause} filled pause"
    if "discourse_marker" in kinds:
        yield f"{signs.discourse_marker} filler phrase"
    if any(each.lane == "results" for each in found):
        yield f"{signs.result} measured result"
    if has_numbers:
        yield "a digit: that many"
    paces = [float(each.kind) for each in found if each.lane == "pace"]
    if paces and signs is ASCII:
        yield f"pace {signs.pace[0]} under {_SLOW:.0f}, {signs.pace[2]} over {_FAST:.0f} words per minute"
    elif paces:
        yield f"pace {min(paces):.0f} to {max(paces):.0f} words per minute"
