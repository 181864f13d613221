"""What was measured about the delivery of an answer, as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from voicemock.feedback import clock
from voicemock.models import Analysis, AudioProblem, Filler
from voicemock.report.passages import filler_counts, one_line

NOT_MEASURED: Final = "not measured"
LENGTHS: Final = {"short": "below target", "on_target": "on target", "long": "above target"}

_PROBLEMS: Final[dict[AudioProblem, str]] = {
    "noisy": "too noisy: fillers and words may be missed",
    "quiet": "very quiet: words may be missed",
    "clipped": "too loud, the microphone clips",
}
_MOST_EXAMPLES: Final = 3


def delivery_rows(analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and yardstick of everything about the delivery; typical values: 387 AMI monologues."""
    verdict = {"short": ", short", "on_target": ", on target", "long": ", long", None: ""}[analysis.length]
    length = NOT_MEASURED if analysis.duration_s is None else f"{clock(analysis.duration_s)}{verdict}"
    yield "Length", length, f"{clock(analysis.target_min_s)} to {clock(analysis.target_max_s)}"
    if analysis.response_latency_s is not None:
        yield "Before the first word", f"{analysis.response_latency_s:.1f} s", ""
    yield "Pace", _pace(analysis), "most people 126 to 197"
    if analysis.pace_curve is not None and len(analysis.pace_curve) > 1:
        yield "Fastest and slowest", _extremes(analysis), ""
    filled = tuple(filler for filler in analysis.fillers if filler.kind == "filled_pause")
    yield "Filled pauses", _fillers(filled, analysis.word_count), "typical 5 per 100 words"
    markers = tuple(filler for filler in analysis.fillers if filler.kind == "discourse_marker")
    yield "Filler phrases", _fillers(markers, analysis.word_count), ""
    if analysis.repetitions:
        texts = [one_line(repetition.text) for repetition in analysis.repetitions]
        yield "Repeated, restarted", f"{len(texts)} ({first_few(texts)})", ""
    yield "Pauses over 1 s", _pauses(analysis), "typical 2 per minute"
    if analysis.unclear:
        moments = [clock(unclear.start_s) for unclear in analysis.unclear]
        yield "Not understood", f"{len(moments)}, at {first_few(moments)}", ""
    if analysis.audio_quality is not None and analysis.audio_quality.problems:
        problems = "; ".join(_PROBLEMS[problem] for problem in analysis.audio_quality.problems)
        yield "Recording", problems, "a headset, a quiet room"


def _pace(analysis: Analysis) -> str:
    if analysis.words_per_minute is None:
        return NOT_MEASURED
    pace = f"{analysis.words_per_minute:.0f} words per minute"
    articulation = analysis.articulation_words_per_minute
    return pace if articulation is None else f"{pace}; {articulation:.0f} without the pauses"


def _extremes(analysis: Analysis) -> str:
    points = analysis.pace_curve or ()
    fastest, slowest = (choose(points, key=lambda point: point.words_per_minute) for choose in (max, min))
    return (
        f"{fastest.words_per_minute:.0f} at {clock(fastest.start_s)}, "
        f"{slowest.words_per_minute:.0f} at {clock(slowest.start_s)}"
    )


def _fillers(fillers: tuple[Filler, ...], word_count: int) -> str:
    if not fillers:
        return "none"
    kinds = ", ".join(f"{name} {count}" for name, count in filler_counts(fillers))
    rate = f"; {100 * len(fillers) / word_count:.1f} per 100 words" if word_count else ""
    by_sound = sum(filler.heard_as == "sound" for filler in fillers)
    sound = f"; {by_sound} by {'their' if by_sound > 1 else 'its'} sound alone" if by_sound else ""
    return f"{len(fillers)} ({kinds}){rate}{sound}"


def _pauses(analysis: Analysis) -> str:
    if analysis.pauses is None:
        return NOT_MEASURED
    if not analysis.pauses:
        return "none"
    longest = max(analysis.pauses, key=lambda pause: pause.end_s - pause.start_s)
    seconds = longest.end_s - longest.start_s
    rate = f" ({60 * len(analysis.pauses) / analysis.duration_s:.1f} per minute)" if analysis.duration_s else ""
    inside = sum(pause.place == "within_clause" for pause in analysis.pauses)
    torn = f"; {inside} inside a clause" if inside else ""
    return f"{len(analysis.pauses)}{rate}, longest {seconds:.1f} s at {clock(longest.start_s)}{torn}"


def first_few(texts: Sequence[str]) -> str:
    """Return the first texts of a list in words."""
    return ", ".join((*texts[:_MOST_EXAMPLES], *(["..."] if len(texts) > _MOST_EXAMPLES else [])))
