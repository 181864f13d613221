"""The measures of an answer as rows of a table, and what each means (``prompts/measures.yaml``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from voicemock.analysis.amounts import whole_seconds
from voicemock.analysis.evidence import LIKELY
from voicemock.coaching.spoken_numbers import clock, counted, percent
from voicemock.content.wording import times
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import (
    Analysis,
    AudioProblem,
    AudioSource,
    Coverage,
    FileSpeaker,
    Filler,
    Framework,
    Model,
    Ownership,
    Part,
    Prosody,
    RelevanceKind,
    Remark,
)
from voicemock.report.passages import filler_counts
from voicemock.report.safe_text import one_line, printable
from voicemock.speech.prosody import FADES_FROM_DB, RISES_FROM_SEMITONES

REPETITION: Final = "repetition"
"""The evidence that a sentence says something again."""
NOT_MEASURED: Final = "not measured"
MISSING: Final = "missing"
UNLABELED: Final = "-"
NO_PART: Final = "none of the parts for certain; its time is in The rest"
SAME_PART: Final = "A line without a label belongs to the part above it."
"""What the labels of a transcript mean."""
RESULTS_TITLE: Final = "Measured results"
REST_TITLE: Final = "The rest"
NOT_IN_SHARES: Final = "in no share"
LENGTHS: Final = {"short": "below target", "on_target": "on target", "long": "above target"}

PITCH_OF_MOST: Final = "most people 1.4 to 3.6"
LOUDNESS_OF_MOST: Final = "most people 2 to 6 dB"
"""The 10th to the 90th percentile of 25 real recordings (docs/accuracy.md)."""

IRRELEVANT: Final[dict[RelevanceKind, str]] = {
    "off_topic": "about something else",
    "question_read": "the question again",
    "no_answer": "no answer given",
    "other_language": "not in English",
    "repeated_word": "the same words over and over",
    "hostile": "not friendly",
}
"""Ends a sentence that says "Did not answer the question"."""

_PROBLEMS: Final[dict[AudioProblem, str]] = {
    "noisy": "too noisy: fillers and words may be missed",
    "quiet": "very quiet: words may be missed",
    "clipped": "too loud, the microphone clips",
}
_IRRELEVANT_ALONE: Final = IRRELEVANT | {
    "question_read": "the question, not an answer",
    "hostile": "no answer, and not friendly",
    "empty": "hardly a word",
}
_KINDS: Final = (
    ("coordination", "coordination"),
    ("technical", "technical"),
    ("decision", "decisions"),
    ("trade_off", "trade-offs"),
    ("risk", "risks"),
)
_STEREO: Final = ("left", "right")
_AT_THE_END_S: Final = 0.1
_EXAMPLES: Final = 3
"""Texts of a list that are shown."""


def delivery_rows(analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and yardstick of each measure of the delivery. Typical values are of 387 AMI monologues."""
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
    yield from _melody(analysis)
    if analysis.unclear:
        moments = [clock(unclear.start_s) for unclear in analysis.unclear]
        yield "Not understood", f"{len(moments)}, at {first_few(moments)}", ""
    if analysis.audio_quality is not None and analysis.audio_quality.problems:
        problems = "; ".join(_PROBLEMS[problem] for problem in analysis.audio_quality.problems)
        yield "Recording", problems, "a headset, a quiet room"
    if remarks := source_remarks(analysis):
        yield "Sound file", "; ".join(remarks), ""


def source_remarks(analysis: Analysis) -> tuple[str, ...]:
    """Return which parts of an audio file were not heard: other tracks and channels, and what could not be read."""
    source = analysis.audio_source
    if source is None:
        return ()
    return tuple(
        filter(
            None,
            (
                f"track {source.track} of {source.tracks} heard" if source.tracks > 1 else "",
                _channels(source),
                "one channel had the opposite polarity" if source.is_inverted else "",
                _lost(source, analysis.recording_s),
            ),
        )
    )


def _channels(source: AudioSource) -> str:
    if len(source.heard_channels) == source.channels:
        return ""
    if source.channels == len(_STEREO):
        return f"the {_STEREO[source.heard_channels[0] - 1]} channel heard"
    numbers = " and ".join(map(str, source.heard_channels))
    return f"channel{'s' if len(source.heard_channels) > 1 else ''} {numbers} of {source.channels} heard"


def _lost(source: AudioSource, recording_s: float | None) -> str:
    if not source.lost:
        return ""
    place = f"at {clock(source.lost[0].at_s)}"
    if len(source.lost) > 1:
        place = f"in {len(source.lost)} places"
    elif recording_s is not None and source.lost[0].at_s >= recording_s - _AT_THE_END_S:
        place = "at the end"
    return f"{source.lost_s:.1f} s {place} could not be read"


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


def _melody(analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of pitch and loudness; one that says they were not measured for a recording without."""
    prosody = analysis.prosody
    if prosody is None:
        if analysis.recording_s is not None and analysis.word_count:
            yield "Pitch variety", NOT_MEASURED, PITCH_OF_MOST
        return
    yield "Pitch variety", _pitch(prosody), PITCH_OF_MOST
    yield "Loudness", _loudness(prosody), LOUDNESS_OF_MOST
    if prosody.sentence_end_drop_db is not None:
        yield "Ends of sentences", _sentence_ends(prosody, prosody.sentence_end_drop_db), ""
    measured = [end for end in prosody.ends if end.rise_semitones is not None]
    rising = [end for end in measured if (end.rise_semitones or 0.0) >= RISES_FROM_SEMITONES]
    if rising:
        moments = first_few([clock(end.at_s) for end in rising])
        yield "Statements that end high", f"{len(rising)} of {len(measured)}, at {moments}", "a habit, not a mistake"


def _pitch(prosody: Prosody) -> str:
    variety = f"{prosody.pitch_sd_semitones:.1f} semitones, range {prosody.pitch_range_semitones:.0f}"
    spans = [f"{clock(one.start_s)} to {clock(one.end_s)}" for one in prosody.one_note]
    return f"{variety}; nearly one note {first_few(spans)}" if spans else variety


def _loudness(prosody: Prosody) -> str:
    varies = f"varies by {prosody.loudness_sd_db:.1f} dB"
    if prosody.fade_db is None or abs(prosody.fade_db) < FADES_FROM_DB:
        return varies
    how = "quieter" if prosody.fade_db > 0 else "louder"
    return f"{varies}; your last words are {abs(prosody.fade_db):.0f} dB {how} than your first"


def _sentence_ends(prosody: Prosody, drop_db: float) -> str:
    how = "quieter" if drop_db >= 0 else "louder"
    typical = f"{abs(drop_db):.0f} dB {how} than the rest"
    most = max(prosody.ends, key=lambda end: end.drop_db)
    return f"{typical}; {most.drop_db:.0f} dB at {clock(most.at_s)}" if most.drop_db >= FADES_FROM_DB else typical


def first_few(texts: Sequence[str]) -> str:
    """Return the first texts of a list, with "..." if there are more."""
    return ", ".join((*texts[:_EXAMPLES], *(["..."] if len(texts) > _EXAMPLES else [])))


def content_rows(analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and yardstick of each measure of the content that found something."""
    relevance = analysis.relevance
    if relevance is not None and relevance.kind in _IRRELEVANT_ALONE:
        yield "Answers the question", _IRRELEVANT_ALONE[relevance.kind], "yes"
    yield from _result_and_lesson(analysis)
    if analysis.ownership is not None and (analysis.ownership.i or analysis.ownership.we):
        is_story = analysis.structure is not None and analysis.structure.framework == "star"
        yield "I and we", _ownership(analysis.ownership), "in the actions mostly I" if is_story else ""
    if analysis.substance is not None and analysis.substance.remarks:
        counts = (f"{name} {analysis.substance.sentences.get(kind, 0)}" for kind, name in _KINDS)
        yield "Sentences that show", ", ".join(counts), "little coordination"
    if analysis.coverage is not None:
        yield "Covered", _covered(analysis.coverage), ""
    if analysis.weak_language:
        yield "Weak words", _examples(analysis.weak_language), "none"
    if count := _said_again(analysis):
        yield "Said again", times(count), "never"
    if analysis.jargon:
        yield "Not explained", _examples(analysis.jargon), "none"
    if analysis.early_complexity:
        yield "Complex too early", _examples(analysis.early_complexity), "none"


def _result_and_lesson(analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    if analysis.headline_s is not None:
        yield "First result", f"at {clock(analysis.headline_s)}", ""
    if analysis.reflection is not None:
        told = {True: "there", False: "not there", None: "cannot tell"}
        yield "What you learned", told[analysis.reflection.is_there], "the question asks for it"


def _said_again(analysis: Analysis) -> int:
    """Return how many sentences repeat an earlier one: by the evidence, as the feedback counts them, if it was kept."""
    if analysis.evidence is not None:
        return sum(found.get(REPETITION, 0.0) >= LIKELY for found in analysis.evidence.sentences)
    return len(analysis.rambling.repeated) if analysis.rambling is not None else 0


def _covered(coverage: Coverage) -> str:
    """Return how many expected points are surely there, and how many surely are not."""
    absent = f"; {len(coverage.missing)} not heard" if coverage.missing else ""
    return f"{counted(coverage.covered, 'expected point')}{absent}"


def coverage_rows(coverage: Coverage) -> Iterator[tuple[str, str, str]]:
    """Yield title, covering words and their moment of each item that is covered, or surely missing.

    An item that can be neither confirmed nor ruled out has no row.
    """
    for item in coverage.items:
        if item.covered is not None:
            moment = clock(item.covered.start_s) if item.covered.start_s is not None else ""
            yield item.title, _around(item.covered), moment
        elif item.name in coverage.missing:
            yield item.title, "", ""


def _ownership(ownership: Ownership) -> str:
    acts = next((each for each in ownership.by_part if each.part == "action"), None)
    where = f"; in the actions I {acts.i}, we {acts.we}" if acts is not None and (acts.i or acts.we) else ""
    return f"I {ownership.i}, we {ownership.we}{where}"


def _examples(remarks: tuple[Remark, ...]) -> str:
    """Return the number of remarks, with the first different ones."""
    words = list(dict.fromkeys(one_line(remark.text).lower() for remark in remarks))
    return f"{len(remarks)} ({first_few(words)})"


_TWO_LINES: Final = 140
"""Characters of a quote that is shown whole."""


def _around(remark: Remark) -> str:
    """Return the words that cover an item, with a few words around them."""
    words = one_line(remark.quote)
    if len(words) <= _TWO_LINES:
        return words
    at = words.find(one_line(remark.text))
    start = words.rfind(" ", 0, max(0, at - 20)) + 1 if at > 20 else 0
    cut = words[start : start + 70]
    end = cut if start + 70 >= len(words) else f"{cut.rsplit(' ', 1)[0]} ..."
    return f"... {end}" if start else end


def structure_rows(analysis: Analysis, framework: Framework | None) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and target of each part of the framework, then the measured outcomes."""
    targets = {
        part.name: f"{percent(part.target_share_min)} to {percent(part.target_share_max)}"
        for part in (framework.parts if framework else ())
    }
    for part in analysis.structure.parts if analysis.structure and framework else ():
        yield part_title(framework, part.name), _part_value(part), targets.get(part.name, "")
    if framework and (rest := _rest(analysis)):
        yield REST_TITLE, rest, NOT_IN_SHARES
    outcomes = ", ".join(printable(result.text) for result in analysis.quantified_results)
    is_story = framework is not None and framework.name == "star"
    yield RESULTS_TITLE, outcomes or "none found", "at least one" if is_story else ""


def part_title(framework: Framework | None, part: str | None) -> str:
    """Return the title of a part; a dash for None."""
    if part is None:
        return UNLABELED
    titles = {each.name: each.title for each in framework.parts} if framework else {}
    return titles.get(part, part.replace("_", " ").capitalize())


def rest_s(analysis: Analysis) -> int | None:
    """Return the whole seconds that no part took, so that what is shown adds up to the length; None without times."""
    if analysis.duration_s is None or analysis.structure is None:
        return None
    taken_s = sum(whole_seconds(part.duration_s or 0.0) for part in analysis.structure.parts)
    return max(0, whole_seconds(analysis.duration_s) - taken_s)


def _rest(analysis: Analysis) -> str:
    """Return what no part took, in time or words; empty if there is nothing, or no part."""
    if analysis.structure is None or not any(part.present for part in analysis.structure.parts):
        return ""
    if (seconds := rest_s(analysis)) is not None:
        return clock(seconds) if seconds else ""
    words = sum(len(each.text.split()) for each in analysis.structure.sentences if each.part is None)
    return counted(words, "word") if words else ""


def _part_value(part: Part) -> str:
    if not part.present:
        return MISSING
    seconds = clock(part.duration_s) if part.duration_s is not None else None
    share = percent(part.share) if part.share is not None else None
    return ", ".join(value for value in (seconds, share) if value) or NOT_MEASURED


class MeasureHelp(Model):
    """A measure and its definition."""

    title: str
    definition: str


def load_measures() -> dict[str, str]:
    """Return the definitions by the titles of their rows."""
    measures = load_yaml(prompts_folder() / "measures.yaml", tuple[MeasureHelp, ...])
    return {measure.title: " ".join(measure.definition.split()) for measure in measures}


def speakers_line(speakers: Sequence[FileSpeaker]) -> str:
    """Return whose words of a transcript are kept, and whose are left out."""
    kept, others = ([_speaker(each) for each in speakers if each.kept is kept] for kept in (True, False))
    return f"Speaker: {', '.join(kept)}. Left out: {', '.join(others)}. To choose another: --speaker-name NAME"


def _speaker(speaker: FileSpeaker) -> str:
    name = printable(speaker.name) if speaker.name is not None else "no name"
    return f"{name} ({counted(speaker.word_count, 'word')})"
