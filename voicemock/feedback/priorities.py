"""What to fix, the most important first.

Each rule looks at one thing and yields what it finds. Their order in ``RULES`` is the order of importance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from voicemock.feedback.content import (
    coordinator_talk,
    hedging,
    long_background,
    no_landing,
    not_an_answer,
    overcomplicated,
    passive_actions,
    repeating,
    uncovered,
    unexplained_jargon,
    we_in_actions,
)
from voicemock.feedback.findings import (
    BACKGROUND,
    FEW_WORDS,
    Finding,
    Heard,
    length_values,
    missing_values,
    pace_values,
    quoting,
    quoting_first,
    quoting_last,
    share_values,
)
from voicemock.feedback.numerals import in_words, percent, spoken_duration
from voicemock.feedback.quoting import Evidence
from voicemock.feedback.results import missing_part_named, missing_result, result_without_number, sentence_at
from voicemock.models import Filler, FrameworkPart, Sentence

FAR_OFF: Final = 0.25
"""Past a limit of the target by more than this fraction of it: our choice, 45 s under three minutes, 60 s over four."""

HEAVY_MARGIN: Final = 0.15
"""A part eats the answer when it is this far above its target share: a fifth for the situation becomes 35 %."""

MANY_FILLERS: Final = 11.0
"""Filled pauses per 100 words. Nine of ten people stay below (387 AMI monologues: median 4.7, p90 11.4)."""

SOME_FILLERS: Final = 6.0
"""Filled pauses per 100 words, somewhat above the median of the same monologues."""

MANY_MARKERS: Final = 3.0
"""Discourse markers per 100 words ("you know" and "I mean" in 97 AMI monologues: median 0, p90 2.0, p95 2.2)."""

FAST_WORDS_PER_MINUTE: Final = 190.0
"""387 AMI monologues: median 161, p90 197."""

SLOW_WORDS_PER_MINUTE: Final = 110.0
"""387 AMI monologues: median 161, p10 126; what is slower than nearly everyone."""

LONG_PAUSE_S: Final = 5.0
"""A pause that a listener starts to wonder about: an interviewer speaks up after four to five seconds."""

MANY_PAUSES_PER_MINUTE: Final = 5.7
"""Pauses of a second or more; p90 of 387 AMI monologues."""

_FASTEST_SENTENCE_WORDS: Final = 10
"""Shorter sentences have no pace worth quoting: Whisper's word times are off by up to 0.6 s at sentence ends."""


def find_priorities(heard: Heard) -> tuple[Finding, ...]:
    """Return everything to fix, the most important first; never empty, since a follow-up always comes."""
    if heard.is_no_answer:
        return tuple(not_an_answer(heard))
    if heard.is_hardly_there:
        return tuple(_brief(heard))
    return tuple(finding for rule in RULES for finding in rule(heard)) or (_expect_a_follow_up(heard),)


def _brief(heard: Heard) -> Iterator[Finding]:
    """Too little was said for an answer."""
    if heard.is_brief:
        duration_s = heard.analysis.duration_s
        words = _counted(heard.analysis.word_count, "word")
        values = {
            "length": words if duration_s is None else _counted(round(duration_s), "second"),
            "length_spoken": words if duration_s is None else spoken_duration(duration_s),
            "parts": heard.part_names,
        }
        yield Finding("brief", values, quoting_first(heard.sentences))


def _no_structure(heard: Heard) -> Iterator[Finding]:
    """Not one part of the framework was heard."""
    if not heard.is_brief and not heard.present and heard.missing:
        evidence = quoting_first(heard.sentences)
        if heard.framework.name == "star":
            yield Finding("no_story", {"parts": heard.part_names}, evidence)
        else:
            yield Finding("no_structure", {"parts": heard.part_names, "framework": heard.framework.title}, evidence)


def _missing_parts(heard: Heard) -> Iterator[Finding]:
    """The other parts, those that deserve the most time first."""
    if not heard.present:
        return
    for part in sorted(heard.missing, key=lambda part: -part.target_share_max):
        if heard.framework.name != "star" or part.name not in ("result", "task"):
            yield _missing_part(heard, part)


def _missing_task(heard: Heard) -> Iterator[Finding]:
    """The task of a story: a sentence that is easily added, and the part that is hardest to tell from the others."""
    task = missing_part_named(heard, "task")
    if task is not None:
        yield _missing_part(heard, task)


def _far_off_target(heard: Heard) -> Iterator[Finding]:
    """Much longer or much shorter than the target."""
    duration_s = heard.analysis.duration_s
    if duration_s is None or heard.is_brief:
        return
    if heard.analysis.length == "long" and duration_s > heard.analysis.target_max_s * (1 + FAR_OFF):
        yield Finding("too_long", length_values(heard, duration_s), _still_talking(heard))
    elif heard.analysis.length == "short" and duration_s < heard.analysis.target_min_s * (1 - FAR_OFF):
        yield Finding("too_short", length_values(heard, duration_s))


def _slightly_off_target(heard: Heard) -> Iterator[Finding]:
    """Somewhat longer or shorter than the target."""
    duration_s = heard.analysis.duration_s
    if duration_s is None or heard.is_brief or any(_far_off_target(heard)):
        return
    if heard.analysis.length == "long":
        yield Finding("a_little_long", length_values(heard, duration_s), _still_talking(heard))
    elif heard.analysis.length == "short":
        yield Finding("a_little_short", length_values(heard, duration_s))


def _heavy_part(heard: Heard) -> Iterator[Finding]:
    """The part that takes the most beyond its share; what missing parts leave free is not held against it."""
    room = min(1.0, sum(part.target_share_max for part, _ in heard.present)) or 1.0
    excess = [
        (measured.share - part.target_share_max / room, part, measured.share)
        for part, measured in heard.present
        if measured.share is not None
    ]
    most, part, share = max(excess, key=lambda entry: entry[0], default=(0.0, None, 0.0))
    if part is not None and most > HEAVY_MARGIN and not (part.name in BACKGROUND and any(long_background(heard))):
        target = f"{percent(part.target_share_min)} to {percent(part.target_share_max)}"
        values = share_values(heard, part, share) | {"target_share": target}
        yield Finding("heavy_part", values, quoting_first(heard.sentences_of(part.name)), part.name)


def _many_fillers(heard: Heard) -> Iterator[Finding]:
    """More filled pauses than nine of ten people."""
    rate = heard.per_hundred_words(heard.filled_pauses)
    if rate is not None and rate > MANY_FILLERS:
        yield Finding("many_fillers", _filler_values(heard, rate), _densest(heard, heard.filled_pauses))


def _some_fillers(heard: Heard) -> Iterator[Finding]:
    """More filled pauses than most people."""
    rate = heard.per_hundred_words(heard.filled_pauses)
    if rate is not None and SOME_FILLERS < rate <= MANY_FILLERS:
        yield Finding("some_fillers", _filler_values(heard, rate), _densest(heard, heard.filled_pauses))


def _many_markers(heard: Heard) -> Iterator[Finding]:
    """A phrase like "you know" that has become a habit."""
    rate = heard.per_hundred_words(heard.markers)
    if rate is None or rate <= MANY_MARKERS:
        return
    [(marker, count)] = Counter(filler.text.casefold() for filler in heard.markers).most_common(1)
    mine = tuple(filler for filler in heard.markers if filler.text.casefold() == marker)
    if count > 1:
        values = {"count": str(count), "count_spoken": in_words(count), "marker": marker}
        yield Finding("markers", values, _densest(heard, mine))


def _pace(heard: Heard) -> Iterator[Finding]:
    """Faster or slower than nearly everybody."""
    words_per_minute = heard.analysis.words_per_minute
    if words_per_minute is None or heard.analysis.word_count < FEW_WORDS:
        return
    if words_per_minute > FAST_WORDS_PER_MINUTE:
        yield Finding("fast", pace_values(words_per_minute), quoting(_fastest_sentence(heard)))
    elif words_per_minute < SLOW_WORDS_PER_MINUTE:
        yield Finding("slow", pace_values(words_per_minute))


def _long_pauses(heard: Heard) -> Iterator[Finding]:
    """Silences that make a listener wonder."""
    pauses, duration_s = heard.analysis.pauses, heard.analysis.duration_s
    if not pauses or not duration_s:
        return
    longest = max(pauses, key=lambda pause: pause.end_s - pause.start_s)
    longest_s = longest.end_s - longest.start_s
    many = len(pauses) > 3 and len(pauses) * 60 / duration_s > MANY_PAUSES_PER_MINUTE
    if longest_s >= LONG_PAUSE_S or many:
        values = {
            "count": "once" if len(pauses) == 1 else f"{len(pauses)} times",
            "longest": f"{round(longest_s)} seconds",
            "longest_spoken": f"{in_words(round(longest_s))} seconds",
        }
        before = [s for s in heard.sentences if s.start_s is not None and s.start_s <= longest.start_s]
        yield Finding("long_pauses", values, quoting_last(before))


def _expect_a_follow_up(heard: Heard) -> Finding:
    """Nothing is wrong: prepare for the question that a good answer earns."""
    if heard.analysis.quantified_results:
        outcome = heard.analysis.quantified_results[-1]
        focus = (outcome.start_char, outcome.end_char)
        return Finding("follow_up", {}, quoting(sentence_at(heard, outcome.start_char), focus=focus))
    return Finding("follow_up", {}, quoting_last(heard.sentences))


def _missing_part(heard: Heard, part: FrameworkPart) -> Finding:
    """Quote what was said where the part belongs: the next part's opening, or the last words of the answer."""
    names = [each.name for each in heard.framework.parts]
    later = names[names.index(part.name) + 1 :]
    next_evidence = next((quoting_first(heard.sentences_of(name)) for name in later if heard.sentences_of(name)), None)
    if next_evidence is not None:
        return Finding("missing_part", missing_values(part), next_evidence, part.name)
    return Finding("missing_end", missing_values(part), quoting_last(heard.sentences), part.name)


def _still_talking(heard: Heard) -> Evidence | None:
    """Return the first sentence that began after the target was over."""
    first_s = next((s.start_s for s in heard.sentences if s.start_s is not None), None)
    if first_s is None:
        return None
    limit_s = first_s + heard.analysis.target_max_s
    return quoting(next((s for s in heard.sentences if s.start_s is not None and s.start_s >= limit_s), None))


def _densest(heard: Heard, fillers: tuple[Filler, ...]) -> Evidence | None:
    """Return the sentence with the most fillers, the first of them in focus."""
    best: tuple[int, Evidence | None] = (0, None)
    for sentence in heard.sentences:
        inside = [f for f in fillers if sentence.start_char <= f.start_char < sentence.end_char]
        if len(inside) > best[0]:
            best = (len(inside), quoting(sentence, focus=(inside[0].start_char, inside[0].end_char)))
    return best[1]


def _fastest_sentence(heard: Heard) -> Sentence | None:
    timed = [
        (len(s.text.split()) / (s.end_s - s.start_s), s)
        for s in heard.sentences
        if s.start_s is not None and s.end_s is not None and s.end_s > s.start_s
    ]
    long_enough = [entry for entry in timed if len(entry[1].text.split()) >= _FASTEST_SENTENCE_WORDS]
    return max(long_enough, key=lambda entry: entry[0])[1] if long_enough else None


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _filler_values(heard: Heard, rate: float) -> dict[str, str]:
    kinds = Counter(filler.text.casefold() for filler in heard.filled_pauses)
    return {
        "count": str(len(heard.filled_pauses)),
        "count_spoken": in_words(len(heard.filled_pauses)),
        "kinds": ", ".join(kind for kind, _ in kinds.most_common(3)),
        "rate": str(round(rate)),
        "rate_spoken": in_words(round(rate)),
    }


RULES: Final[tuple[Callable[[Heard], Iterator[Finding]], ...]] = (
    _brief,
    _no_structure,
    missing_result,
    result_without_number,
    coordinator_talk,
    overcomplicated,
    _missing_parts,
    uncovered,
    we_in_actions,
    _far_off_target,
    long_background,
    _heavy_part,
    hedging,
    passive_actions,
    repeating,
    unexplained_jargon,
    _missing_task,
    no_landing,
    _many_fillers,
    _pace,
    _many_markers,
    _some_fillers,
    _slightly_off_target,
    _long_pauses,
)
"""The order of importance."""
