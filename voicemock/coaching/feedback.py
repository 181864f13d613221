"""Puts feedback together: one strength, at most two priorities and a drill, each with evidence.

The same words in give the same feedback out. Also what changed since the last take, and what is said after an exchange
with follow-ups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from voicemock.analysis.replies import Reply
from voicemock.coaching.findings import BACKGROUND, NO_ANSWERS, NOTHING_FOUND, Finding, HeardAnswer
from voicemock.coaching.priorities import find_priorities, findings_kept, keep_findings
from voicemock.coaching.quoting import Evidence, spoken_quote
from voicemock.coaching.replies import give_feedback_on_asking, give_feedback_on_reply, judge_reply
from voicemock.coaching.spoken_numbers import in_words, spoken_duration, spoken_percent, whole_percent
from voicemock.coaching.strengths import find_strength
from voicemock.coaching.wording import SPOKEN_WORDS, drill_for, joined, lead, said, sentences_of, written_point
from voicemock.content.wording import FeedbackPhrases, word
from voicemock.models import Analysis, Assessment, Feedback, Question, Transcript

MOST_PRIORITIES: Final = 2
"""As much as a person can work on before the next answer."""
_LENGTHS: Final = ("too_long", "too_short", "a_little_long", "a_little_short")
"""Findings that the opening sentence introduces."""
_ORDER: Final = ("lead", "since_last", "strength", "length", "fix", "end")
_LEFT_OUT_FIRST: Final = ("strength", "lead", "since_last", "end")
"""If it would take too long."""
_MAY_FOLLOW: Final = frozenset(
    {
        *("brief", "no_story", "missing_result", "buried_result", "no_number", "number_in_background", "no_landing"),
        *("missing_part", "missing_end", "too_short", "a_little_short", "left_out", "uncovered", "no_structure"),
        *("no_lesson", "no_decision", "no_trade_off", "missing_cost", "no_options", "no_numbers", "no_own_action"),
        *(
            "no_own_mistake",
            "no_reasons",
            "one_lever",
            "escalation_only",
            "heavy_part",
            "long_background",
            "flat_voice",
            *NOTHING_FOUND,
        ),
    }
)
"""What an answer that was cut off might have had."""
_BELONGS_INTO_THE_ANSWER: Final = ("number", "own_part", "decision", "trade_off", "lesson", "risk", "reason")
"""What should not have needed a follow-up, the most important first."""
NOTICED: Final = 2
"""Changes that are said aloud."""
FEWER_BY: Final = 2.0
"""Filled pauses per 100 words ..."""
FEWER_SHARE: Final = 1 / 3
"""... and share of the larger rate, below which a difference may be chance."""
CLOSER_BY_S: Final = 20.0
"""A length outside the target must have moved this far towards it."""
BACKGROUND_BY: Final = 0.15
"""Of the story. A smaller difference may come from a sentence that was assigned to the wrong part."""
TOO_MUCH: Final = 0.4
"""A smaller share of background is no problem."""
MOSTLY_WE: Final = 0.6
MOSTLY_I: Final = 0.35
"""Shares of "we" in the actions."""
ACTS_FROM: Final = 4
"""With fewer actions a share says nothing."""
_LOSSES: Final = frozenset({"number_lost", "part_lost", "out_of_window", "more_fillers", "more_background", "more_we"})


def give_feedback(
    heard: HeardAnswer,
    transcript: Transcript,
    phrases: FeedbackPhrases,
    before: Assessment | None = None,
    *,
    is_cut_off: bool = False,
    is_one_story: bool | None = True,
) -> Feedback:
    """Say what went well, what to fix first and how to practice it.

    Args:
        heard: What was measured. Measures that are None are not mentioned.
        transcript: What was said. Quotes are exact stretches of its text.
        phrases: The wording.
        before: The last take of the same question or story.
        is_cut_off: Whether it stopped where it was not meant to: nothing is said of what may have followed.
        is_one_story: Whether the last take tells the same. If not, it is not compared; None says nothing of it.
    """
    if not transcript.text.strip():
        nothing = phrases.no_text if heard.analysis.recording_s is None else phrases.no_speech
        return Feedback(spoken=word(nothing, {}, f"{heard.analysis.recording_s}"), points=())
    if heard.question is not None and heard.question.kind == "follow_up":
        return give_feedback_on_reply(heard, transcript, phrases)
    if heard.question is not None and heard.question.kind == "ask_back":
        return give_feedback_on_asking(heard, transcript, phrases)
    findings = find_priorities(heard, phrases.priorities)
    if is_cut_off:
        return _on_what_was_heard(heard, transcript, findings, phrases)
    strength = find_strength(heard, findings)
    first = _in_other_words(findings[0], strength)
    points = (*((strength,) if strength else ()), first, *findings[1:MOST_PRIORITIES])
    drill = drill_for(first, heard, transcript, phrases)
    changes: tuple[str, ...] = ()
    aloud: tuple[str, ...] = ()
    if before is not None and is_one_story is not None:
        changes, aloud = since_last(heard, findings, before, transcript.text, phrases, is_one_story=is_one_story)
    pieces = _pieces(heard, transcript, first, strength, drill, phrases)
    return Feedback(
        spoken=joined({**pieces, "since_last": " ".join(aloud)}, _ORDER, _LEFT_OUT_FIRST),
        points=tuple(written_point(finding, transcript, phrases) for finding in points),
        findings=keep_findings(findings, heard, phrases.priorities),
        drill=drill,
        since_last=changes,
    )


def _on_what_was_heard(
    heard: HeardAnswer, transcript: Transcript, findings: tuple[Finding, ...], phrases: FeedbackPhrases
) -> Feedback:
    """Give feedback on an answer that was cut off: what was good, and what to fix in what was said."""
    judged = tuple(each for each in findings if each.name not in _MAY_FOLLOW)
    strength = find_strength(heard, findings)
    first = _in_other_words(judged[0], strength) if judged else None
    points = (*((strength,) if strength else ()), *((first,) if first else ()))
    pieces = _pieces(heard, transcript, first, strength, None, phrases) if first else {}
    praise = said(strength, phrases.strengths[strength.name].spoken, heard, transcript) if strength else ""
    opening = word(phrases.cut_off, {}, f"{transcript.text}|cut_off")
    spoken = joined({"lead": opening, "strength": praise, "fix": pieces.get("fix", "")}, _ORDER, _LEFT_OUT_FIRST)
    return Feedback(
        spoken=spoken,
        points=tuple(written_point(finding, transcript, phrases) for finding in points),
        findings=keep_findings(judged, heard, phrases.priorities),
    )


def _in_other_words(priority: Finding, strength: Finding | None) -> Finding:
    """Return the priority, without its quote if the strength has the same."""
    if strength is None or strength.evidence is None or priority.evidence is None:
        return priority
    is_same = strength.evidence.start_char == priority.evidence.start_char
    return replace(priority, evidence=None) if is_same else priority


def _pieces(
    heard: HeardAnswer,
    transcript: Transcript,
    priority: Finding,
    strength: Finding | None,
    drill: str | None,
    phrases: FeedbackPhrases,
) -> dict[str, str]:
    """Return the spoken pieces by name: the length, what was good, what to fix and how to practice it."""
    wording = phrases.priorities[priority.name]
    opening = "" if priority.name in (*NO_ANSWERS, "brief") else lead(heard, transcript, phrases)
    praise = said(strength, phrases.strengths[strength.name].spoken, heard, transcript) if strength else ""
    return {
        "lead": opening,
        "strength": praise,
        "length": opening if priority.name in _LENGTHS else "",
        "fix": said(priority, wording.spoken, heard, transcript),
        "end": drill or word(wording.next, priority.values, f"{transcript.text}|{priority.name}|next"),
    } | ({"lead": ""} if priority.name in _LENGTHS else {})


def give_feedback_on_exchange(
    main: Assessment, replies: Sequence[tuple[Question, Assessment]], phrases: FeedbackPhrases
) -> str:
    """Return what is said after an answer and its follow-ups.

    Args:
        main: The answer itself.
        replies: Its follow-ups and the replies to them, in order.
        phrases: The wording.
    """
    remark = _on_replies(replies, phrases)
    drill = main.feedback.drill or ""
    before_drill = main.feedback.spoken.removesuffix(drill).rstrip()
    if not remark:
        return main.feedback.spoken
    sentences = sentences_of(before_drill)
    while len(sentences) > 1 and _count(*sentences, remark, drill) > SPOKEN_WORDS:
        sentences = sentences[1:]  # what to fix comes last
    return " ".join(piece for piece in (*sentences, remark, drill) if piece)


def _on_replies(replies: Sequence[tuple[Question, Assessment]], phrases: FeedbackPhrases) -> str:
    """Return a sentence on what came only when asked, or on what stayed open; "" if neither can be told."""
    judged = [
        (question, assessment, judge_reply(question.asks_for, assessment.analysis, assessment.transcript))
        for question, assessment in replies
        if question.asks_for is not None
    ]
    held = [each for each in judged if each[2].holds and each[0].asks_for in _BELONGS_INTO_THE_ANSWER]
    open_ones = [each for each in judged if each[2].holds is False]
    if held:
        most_important = min(held, key=lambda each: _BELONGS_INTO_THE_ANSWER.index(each[0].asks_for or "reason"))
        return _worded(phrases.replies.belongs, most_important, phrases)
    if open_ones:
        return _worded(phrases.replies.stayed_open, open_ones[0], phrases)
    if judged and all(each[2].holds for each in judged):
        return _worded(phrases.replies.all_held, judged[-1], phrases)
    return ""


def _worded(templates: tuple[str, ...], judged: tuple[Question, Assessment, Reply], phrases: FeedbackPhrases) -> str:
    question, assessment, reply = judged
    values = {"asked": phrases.replies.asked[question.asks_for] if question.asks_for else ""}
    sentence = reply.sentence
    evidence = Evidence(sentence.start_char, sentence.end_char, sentence.start_s, reply.focus) if sentence else None
    quote = spoken_quote(assessment.transcript, evidence)
    if quote is not None:
        values["quote"] = quote
    return word(templates, values, f"{assessment.transcript.text}|exchange")


def _count(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)


def find_changes(heard: HeardAnswer, before: Analysis) -> tuple[Finding, ...]:
    """Return what changed, gains first; empty if the takes cannot be compared."""
    is_current_version = before.analysis_version == heard.analysis.analysis_version
    if not is_current_version or before.structure is None or heard.analysis.structure is None:
        return ()
    earlier = HeardAnswer(before, heard.framework, heard.question)
    found = [finding for rule in _RULES for finding in rule(earlier, heard)]
    return tuple(sorted(found, key=lambda finding: finding.name in _LOSSES))


def since_last(
    heard: HeardAnswer,
    findings: tuple[Finding, ...],
    before: Assessment,
    seed: str,
    phrases: FeedbackPhrases,
    *,
    is_one_story: bool = True,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what changed, a sentence each, and the sentences that are said aloud.

    If nothing changed, the same thing comes first again. An answer that is none is not compared, and neither is another
    story: that it is another one is all there is to say.
    """
    if findings[0].name in (*NO_ANSWERS, "brief"):
        return (), ()
    changes = find_changes(heard, before.analysis) if is_one_story else (Finding("other_story"),)
    if not changes and _comes_first_again(findings[0], heard, before, phrases):
        called = word((phrases.priorities[findings[0].name].called,), findings[0].values, seed)
        changes = (Finding("same_first", {"first": called}),)
    sentences = [word(phrases.since_last[each.name], each.values, f"{seed}|{each.name}|since") for each in changes]
    losses = [sentence for sentence, each in zip(sentences, changes, strict=True) if each.name in _LOSSES]
    gains = [sentence for sentence in sentences if sentence not in losses]
    return tuple(sentences), tuple((gains[:1] + losses[:1] + gains[1:])[:NOTICED])


def _comes_first_again(first: Finding, heard: HeardAnswer, before: Assessment, phrases: FeedbackPhrases) -> bool:
    earlier = findings_kept(before, heard.framework, heard.question, phrases.priorities)[0]
    return earlier.name == first.name and first.name not in NOTHING_FOUND and earlier.part == first.part


def _parts(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """A part that was missing before, or is missing now."""
    then, now = ({part.name for part in each.missing} for each in (earlier, heard))
    for part in sorted(heard.framework.parts, key=lambda part: -part.target_share_max):
        if part.name in then - now and heard.sentences_of(part.name):
            yield Finding("part_gained", {"part": part.spoken}, part=part.name)
        elif part.name in now - then and earlier.sentences_of(part.name):
            yield Finding("part_lost", {"part": part.spoken}, part=part.name)


def _number(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """A measured result gained or lost."""
    if heard.told_outcomes and not earlier.analysis.quantified_results:
        yield Finding("number_gained", {"number": " ".join(heard.told_outcomes[-1].text.split())})
    elif earlier.told_outcomes and not heard.analysis.quantified_results:
        yield Finding("number_lost")


def _length(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """A length that came into the target, left it, or came closer."""
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
    """Clearly fewer or more ums, if both recordings are clear."""
    if not (earlier.is_spoken and heard.is_spoken) or earlier.is_poorly_heard or heard.is_poorly_heard:
        return
    before, after = (each.per_hundred_words(each.filled_pauses) for each in (earlier, heard))
    if before is None or after is None or abs(before - after) < max(FEWER_BY, FEWER_SHARE * max(before, after)):
        return
    name = "fewer_fillers" if after < before else "more_fillers"
    yield Finding(name, {"before_rate": in_words(round(before)), "rate": in_words(round(after))})


def _background(earlier: HeardAnswer, heard: HeardAnswer) -> Iterator[Finding]:
    """A clearly shorter or longer background, if it was or is too long."""
    before, after = _background_share(earlier), _background_share(heard)
    if before is None or after is None or abs(before - after) < BACKGROUND_BY or max(before, after) < TOO_MUCH:
        return
    name = "less_background" if after < before else "more_background"
    yield Finding(name, {"before_share": spoken_percent(before), "share": spoken_percent(after)})


def _background_share(heard: HeardAnswer) -> float | None:
    """Return the share of the background, as the table of measures adds up: its parts in whole percent."""
    if heard.is_brief:
        return None
    shares = [part.share for _, part in heard.present if part.name in BACKGROUND and part.share is not None]
    return sum(map(whole_percent, shares)) / 100 if shares else None


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
    acts = heard.acts
    return acts.we_share if acts is not None and acts.i + acts.we >= ACTS_FROM else None


_RULES = (_number, _parts, _ownership, _background, _length, _fillers)
"""The most important first."""
