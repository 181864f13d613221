"""What changed since the last take of the same question or story, from two analyses: true comparisons only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voicemock.feedback.findings import ACTION, FEW_WORDS, NO_ANSWERS, Finding, HeardAnswer
from voicemock.feedback.numerals import in_words, spoken_duration, spoken_percent
from voicemock.feedback.phrases import FeedbackPhrases, word
from voicemock.feedback.priorities import findings_kept
from voicemock.models import Analysis, Assessment

NOTICED: Final = 2
"""Changes that are said aloud."""

FEWER_BY: Final = 2.0
"""Filled pauses per 100 words, and a third of them, from which the difference is more than chance."""

FEWER_SHARE: Final = 1 / 3

CLOSER_BY_S: Final = 20.0
"""Seconds by which a length outside the target must have moved towards it."""

BACKGROUND_BY: Final = 0.15
"""Share of the story; the parts of single sentences are told wrongly now and then."""

TOO_MUCH: Final = 0.4
"""With less background nobody minds."""

MOSTLY_WE: Final = 0.6
MOSTLY_I: Final = 0.35
"""Shares of "we" in the actions; what lies between is neither."""

ACTS_FROM: Final = 4
"""Fewer actions have no share."""

_LOSSES: Final = frozenset({"number_lost", "part_lost", "out_of_window", "more_fillers", "more_background", "more_we"})


def find_changes(heard: HeardAnswer, before: Analysis) -> tuple[Finding, ...]:
    """Return what changed, what was gained first, then what was lost; empty where the takes cannot be compared."""
    is_level = before.analysis_version == heard.analysis.analysis_version
    if not is_level or before.structure is None or heard.analysis.structure is None:
        return ()
    earlier = HeardAnswer(before, heard.framework, heard.question)
    found = [finding for rule in _RULES for finding in rule(earlier, heard)]
    return tuple(sorted(found, key=lambda finding: finding.name in _LOSSES))


def since_last(
    heard: HeardAnswer, findings: tuple[Finding, ...], before: Assessment, seed: str, phrases: FeedbackPhrases
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what changed, a sentence each, and those of them that are said aloud.

    Where nothing changed, it is said that the same thing comes first again. What is no answer is compared with nothing.
    """
    if findings[0].name in (*NO_ANSWERS, "brief"):
        return (), ()
    changes = find_changes(heard, before.analysis)
    if not changes and _comes_first_again(findings[0], heard, before, phrases):
        changes = (Finding("same_first"),)
    sentences = [word(phrases.since_last[each.name], each.values, f"{seed}|{each.name}|since") for each in changes]
    losses = [sentence for sentence, each in zip(sentences, changes, strict=True) if each.name in _LOSSES]
    gains = [sentence for sentence in sentences if sentence not in losses]
    return tuple(sentences), tuple((gains[:1] + losses[:1] + gains[1:])[:NOTICED])


def _comes_first_again(first: Finding, heard: HeardAnswer, before: Assessment, phrases: FeedbackPhrases) -> bool:
    earlier = findings_kept(before, heard.framework, heard.question, phrases.priorities)[0]
    return earlier.name == first.name != "follow_up" and earlier.part == first.part


def _parts(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """A part that was missing, or is now."""
    then, now = ({part.name for part in each.missing} for each in (earlier, heard))
    for part in sorted(heard.framework.parts, key=lambda part: -part.target_share_max):
        if part.name in then - now and heard.sentences_of(part.name):
            yield Finding("part_gained", {"part": part.spoken}, part=part.name)
        elif part.name in now - then and earlier.sentences_of(part.name):
            yield Finding("part_lost", {"part": part.spoken}, part=part.name)


def _number(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """A measured result where there was none, or none where there was one."""
    if heard.told_outcomes and not earlier.analysis.quantified_results:
        yield Finding("number_gained", {"number": " ".join(heard.told_outcomes[-1].text.split())})
    elif earlier.told_outcomes and not heard.analysis.quantified_results:
        yield Finding("number_lost")


def _length(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """A length that came into the window, left it, or came closer."""
    before_s, after_s = earlier.analysis.duration_s, heard.analysis.duration_s
    if before_s is None or after_s is None:
        return
    limits = (heard.analysis.target_min_s, heard.analysis.target_max_s)
    off_before, off_after = (max(limits[0] - each, each - limits[1], 0.0) for each in (before_s, after_s))
    spoken = {"length_spoken": spoken_duration(after_s, limits=limits)}
    both = spoken | {"before_spoken": spoken_duration(before_s, limits=limits)}
    if off_before and not off_after:
        yield Finding("into_window", both)
    elif off_after and not off_before:
        yield Finding("out_of_window", spoken)
    elif off_before - off_after >= CLOSER_BY_S and (before_s < limits[0]) == (after_s < limits[0]):
        yield Finding("closer_to_window", both)


def _fillers(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """Clearly fewer or more ums, where both were heard well."""
    if not (earlier.is_spoken and heard.is_spoken) or earlier.is_poorly_heard or heard.is_poorly_heard:
        return
    before, after = (each.per_hundred_words(each.filled_pauses) for each in (earlier, heard))
    if before is None or after is None or abs(before - after) < max(FEWER_BY, FEWER_SHARE * max(before, after)):
        return
    name = "fewer_fillers" if after < before else "more_fillers"
    yield Finding(name, {"before_rate": in_words(round(before)), "rate": in_words(round(after))})


def _background(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """A clearly shorter or longer background, where it was or is too long."""
    before, after = _background_share(earlier), _background_share(heard)
    if before is None or after is None or abs(before - after) < BACKGROUND_BY or max(before, after) < TOO_MUCH:
        return
    name = "less_background" if after < before else "more_background"
    yield Finding(name, {"before_share": spoken_percent(before), "share": spoken_percent(after)})


def _background_share(heard: HeardAnswer) -> float | None:
    rambling = heard.analysis.rambling
    return rambling.background_share if rambling is not None and heard.analysis.word_count >= FEW_WORDS else None


def _ownership(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """From "we" to "I" in the actions, or back."""
    before, after = _we_share(earlier), _we_share(heard)
    if before is None or after is None:
        return
    if before >= MOSTLY_WE and after <= MOSTLY_I:
        yield Finding("more_i")
    elif before <= MOSTLY_I and after >= MOSTLY_WE:
        yield Finding("more_we")


def _we_share(heard: HeardAnswer) -> float | None:
    ownership = heard.analysis.ownership
    acts = next((each for each in ownership.by_part if each.part == ACTION), None) if ownership else None
    return acts.we_share if acts is not None and acts.i + acts.we >= ACTS_FROM else None


_RULES = (_number, _parts, _ownership, _background, _length, _fillers)
"""The most telling first."""
