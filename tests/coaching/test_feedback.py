"""What the interviewer says: which point comes first, what it rests on, and what may never be said."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voices import prosody
from voicemock import models
from voicemock.coaching.feedback import give_feedback
from voicemock.coaching.findings import NO_ANSWERS, Finding, HeardAnswer, finding_of
from voicemock.coaching.judgment import load_judgments
from voicemock.coaching.priorities import find_priorities
from voicemock.coaching.quoting import SPOKEN_QUOTE_WORDS, Evidence, excerpt, written_quote
from voicemock.coaching.spoken_numbers import clock, in_words, spoken_duration, spoken_percent, spoken_range
from voicemock.coaching.strengths import find_strength
from voicemock.coaching.wording import SPOKEN_WORDS
from voicemock.content.wording import (
    PRIORITY_VALUES,
    STRENGTH_VALUES,
    FeedbackPhrases,
    load_phrases,
    placeholders,
    word,
)
from voicemock.content.yaml_files import load_yaml
from voicemock.errors import ContentError
from voicemock.models import (
    Analysis,
    AudioQuality,
    Filler,
    Framework,
    FrameworkPart,
    Ownership,
    Part,
    PartOwnership,
    Pause,
    QuantifiedResult,
    Rambling,
    Relevance,
    Remark,
    Restatement,
    Sentence,
    Structure,
    Transcript,
    Word,
)

PHRASES = load_phrases()


def part(name: str, spoken: str, low: float, high: float) -> FrameworkPart:
    return FrameworkPart(
        name=name,
        title=name.capitalize(),
        spoken=spoken,
        target_share_min=low,
        target_share_max=high,
        purpose=f"What {spoken} is for.",
        when_missing=f"Next time, add {spoken}, in two sentences that a stranger would understand.",
        evidence=(name,),
    )


STAR = Framework(
    name="star",
    title="STAR",
    summary="A story in four parts.",
    answers="stories",
    pillar="behavioral",
    judged_as="star",
    parts=(
        part("situation", "the situation", 0.1, 0.2),
        part("task", "your task", 0.05, 0.15),
        part("action", "what you did", 0.5, 0.65),
        part("result", "the result", 0.15, 0.25),
    ),
)

STORY = (
    ("situation", "Our payments service kept failing on the last day of every month and nobody owned it."),
    ("task", "I was asked to bring the failures down before the holiday season started."),
    ("action", "I first mapped every call the service made and found two that had no timeout at all."),
    ("action", "Then I brought the three teams into one room and we agreed on a contract for retries."),
    ("action", "I wrote the rollout plan myself and moved one region at a time so we could go back."),
    ("result", "In the end the failures went down by 40% and the team kept the contract."),
)
ALL_TOLD = {"situation": 0, "task": 1, "action": 3, "result": 5}
"""Which sentence of STORY surely tells each part."""
UNSURE = dict.fromkeys(("star:jumbled", "star:no_ending", "star:opposite"), 0.2)
QUIET = {"situation": 0.15, "task": 0.1, "action": 0.55, "result": 0.2}


def lengths_s(story, seconds_each: float, shares: dict[str, float] | None) -> list[float]:
    """How long each sentence takes."""
    if shares is None:
        return [seconds_each] * len(story)
    names = [name for name, _ in story]
    told = sum(shares.get(name, 0.0) for name in {*names})
    return [len(story) * seconds_each * shares.get(name, 0.0) / told / names.count(name) for name in names]


def answer(
    story=STORY,
    *,
    seconds_each: float | None = 34.0,
    framework: Framework = STAR,
    shares: dict[str, float] | None = None,
    numbers: tuple[str, ...] = ("by 40%",),
    fillers: int = 3,
    markers: int = 0,
    pauses: tuple[tuple[float, float], ...] = (),
    wpm: float | None = 150.0,
    word_count: int | None = None,
    target: tuple[float, float] = (180.0, 240.0),
    verdicts: dict[str, float] | None = None,
    holds: dict[str, dict[int, float]] | None = None,
    **content,
) -> tuple[Analysis, Transcript]:
    """Build an analyzed answer.

    Each sentence takes ``seconds_each``; None makes it a text. ``shares`` of the time go to the parts, evenly among the
    sentences of each. ``verdicts`` and ``holds`` are what the reader found in the whole and in the sentences, by name.
    """
    spoken = seconds_each is not None
    text, sentences = "", []
    ends_s = list(itertools.accumulate(lengths_s(story, seconds_each, shares))) if spoken else []
    for index, (name, sentence) in enumerate(story):
        start = len(text) + (1 if text else 0)
        text = f"{text} {sentence}" if text else sentence
        times = (ends_s[index - 1] if index else 0.0, ends_s[index]) if spoken else (None, None)
        sentences.append(
            Sentence(text=sentence, part=name, start_s=times[0], end_s=times[1], start_char=start, end_char=len(text))
        )
    duration_s = len(story) * seconds_each if spoken else None
    present = {name for name, _ in story if name}
    found = [n for n in numbers if n in text]
    words = text.split()
    return (
        Analysis(
            duration_s=duration_s,
            recording_s=duration_s,
            target_min_s=target[0],
            target_max_s=target[1],
            length=None
            if duration_s is None
            else "short"
            if duration_s < target[0]
            else "long"
            if duration_s > target[1]
            else "on_target",
            word_count=len(words) if word_count is None else word_count,
            words_per_minute=wpm if spoken else None,
            fillers=tuple(filler("filled_pause", "um", at) for at in range(fillers))
            + tuple(filler("discourse_marker", "you know", at) for at in range(markers)),
            fillers_per_minute=None,
            pauses=tuple(Pause(start_s=a, end_s=b) for a, b in pauses) if spoken else None,
            structure=Structure(
                framework=framework.name,
                sentences=tuple(sentences),
                parts=tuple(
                    Part(name=p.name, present=p.name in present, share=(shares or QUIET).get(p.name))
                    for p in framework.parts
                ),
                missing=tuple(p.name for p in framework.parts if p.name not in present),
            ),
            quantified_results=tuple(
                QuantifiedResult(
                    text=n,
                    quote=next(s.text for s in sentences if n in s.text),
                    start_char=text.index(n),
                    end_char=text.index(n) + len(n),
                )
                for n in found
            ),
            evidence=evidence(len(story), verdicts or {}, holds or {}),
            **content,
        ),
        Transcript(
            text=text,
            words=tuple(Word(text=w, start_s=float(i) if spoken else None) for i, w in enumerate(words)),
        ),
    )


def evidence(count: int, verdicts: dict[str, float], holds: dict[str, dict[int, float]]) -> models.Evidence:
    sentences = ({name: rows[row] for name, rows in holds.items() if row in rows} for row in range(count))
    return models.Evidence(sentences=tuple(sentences), verdicts=verdicts)


def filler(kind: str, text: str, at: int) -> Filler:
    return Filler(text=text, kind=kind, start_char=at, end_char=at + len(text))


def remark(kind: str, text: str, index: int, *, confidence: float = 0.9) -> Remark:
    """A remark in a sentence of STORY; the words must stand in it."""
    sentences = [sentence for _, sentence in STORY]
    start = sum(len(sentence) + 1 for sentence in sentences[:index]) + sentences[index].index(text)
    return Remark(
        kind=kind,
        rule="a rule",
        confidence=confidence,
        text=text,
        quote=sentences[index],
        start_char=start,
        end_char=start + len(text),
    )


def judged(kind: str, confidence: float = 0.9) -> Relevance:
    return Relevance(kind=kind, rule="a rule", confidence=confidence)


def acts(i: int, we: int) -> Ownership:
    part = PartOwnership(part="action", i=i, we=we, we_share=we / (i + we))
    return Ownership(i=i, we=we, we_share=we / (i + we), by_part=(part,))


def rambles(repeated: int = 0, *, lands: bool = True, background: float = 0.2) -> Rambling:
    again = Restatement(
        quote=STORY[1][1], start_char=len(STORY[0][1]) + 1, end_char=len(STORY[0][1]) + 1 + len(STORY[1][1]),
        first_quote=STORY[0][1], first_start_char=0, first_end_char=len(STORY[0][1]), rule="a rule", confidence=0.8,
        overlap=0.9,
    )  # fmt: skip
    landing = remark("landing", "In the end", 5) if lands else None
    return Rambling(repeated=(again,) * repeated, background_share=background, landing=landing)


def weak(kind: str, count: int, **given) -> tuple[Remark, ...]:
    return tuple(remark(kind, "the", index % 3, **given) for index in range(count))


def without(*names: str):
    return tuple(entry for entry in STORY if entry[0] not in names)


def names_of(analysis: Analysis, framework: Framework = STAR) -> list[str]:
    return [finding.name for finding in find_priorities(HeardAnswer(analysis, framework), PHRASES.priorities)]


def reads(verdicts: dict[str, float], **holds: int) -> dict[str, dict]:
    """What the reader finds: in the whole answer, and what surely is in which sentence."""
    return {"verdicts": verdicts, "holds": {name: {row: 1.0} for name, row in holds.items()}}


NO_NUMBER = (*STORY[:-1], ("result", "In the end the failures went down a lot and the team kept the contract."))
NO_PARTS = tuple((None, sentence) for _, sentence in STORY)
ACTION_HEAVY = {"situation": 0.01, "task": 0.01, "action": 0.97, "result": 0.01}
SOMEWHAT_HEAVY = {"situation": 0.05, "task": 0.03, "action": 0.82, "result": 0.1}
SITUATION_HEAVY = {"situation": 0.55, "task": 0.05, "action": 0.25, "result": 0.15}
NO_RESULT = {"story": without("result"), **reads({"star:missing_result": 0.9, "lacks:result": 1.0})}
PERHAPS_NO_RESULT = {"story": without("result"), **reads({"star:missing_result": 0.4, "lacks:result": 1.0})}
NO_FIGURE = {"story": NO_NUMBER, **reads({"star:no_figure": 0.8, "lacks:figure": 1.0}, result=5)}

FIRST_PRIORITY = [
    ("a good answer", {}, "follow_up"),
    ("one of which that cannot be told", {"verdicts": UNSURE}, "expect_questions"),
    ("twenty seconds", {"seconds_each": 3.0}, "too_short"),
    ("two dozen words", {"story": STORY[:2], "seconds_each": None, "word_count": 24}, "brief"),
    ("two dozen words without a result", {**NO_RESULT, "seconds_each": None, "word_count": 24}, "brief"),
    ("no result", NO_RESULT, "missing_result"),
    ("no result, full of fillers", {**NO_RESULT, "fillers": 30}, "missing_result"),
    ("no result, far too long", {**NO_RESULT, "seconds_each": 90.0}, "missing_result"),
    ("perhaps no result", PERHAPS_NO_RESULT, "missing_result"),
    ("perhaps no result, full of fillers", {**PERHAPS_NO_RESULT, "fillers": 30}, "many_fillers"),
    ("perhaps no result, far too long", {**PERHAPS_NO_RESULT, "seconds_each": 90.0}, "too_long"),
    ("a result without a number", NO_FIGURE, "no_number"),
    ("a result without a number, a little long", {**NO_FIGURE, "seconds_each": 44.0}, "no_number"),
    ("far too long", {"seconds_each": 60.0}, "too_long"),
    ("far too short", {"seconds_each": 15.0}, "too_short"),
    ("too much action", {"shares": ACTION_HEAVY}, "heavy_part"),
    ("a good answer, somewhat much action", {"shares": SOMEWHAT_HEAVY}, "follow_up"),
    ("much background, which the reader judges", {"shares": SITUATION_HEAVY}, "follow_up"),
    ("too much action and many fillers", {"shares": ACTION_HEAVY, "fillers": 30}, "many_fillers"),
    ("too much action and some fillers", {"shares": ACTION_HEAVY, "fillers": 8}, "heavy_part"),
    ("many fillers", {"fillers": 12}, "many_fillers"),
    ("many fillers, and fast", {"fillers": 15, "wpm": 195.0}, "many_fillers"),
    ("many fillers, and very fast", {"fillers": 12, "wpm": 230.0}, "fast"),
    ("fast, and some fillers", {"fillers": 8, "wpm": 210.0}, "fast"),
    ("slow", {"wpm": 100.0}, "slow"),
    ("you know", {"markers": 6}, "markers"),
    ("some fillers", {"fillers": 8}, "some_fillers"),
    ("a little long", {"seconds_each": 44.0}, "follow_up"),
    ("a little short", {"seconds_each": 28.0}, "follow_up"),
    ("about something else", {"relevance": judged("off_topic")}, "off_topic"),
    ("perhaps about something else", {"relevance": judged("off_topic", 0.6)}, "follow_up"),
    ("the question read", {"relevance": judged("question_read"), "word_count": 12}, "question_read"),
    ("I don't know", {"story": STORY[:1], "relevance": judged("no_answer"), "word_count": 5}, "no_answer"),
    ("another language", {"relevance": judged("other_language")}, "other_language"),
    ("one word", {"relevance": judged("repeated_word")}, "repeated_word"),
    ("an insult", {"relevance": judged("hostile"), "word_count": 8}, "hostile"),
    ("an insult without a result", {**NO_RESULT, "relevance": judged("hostile")}, "hostile"),
    ("hardly a word", {"story": STORY[:1], "relevance": judged("empty"), "word_count": 2}, "brief"),
    ("a long silence", {"pauses": ((40.0, 47.0),)}, "follow_up"),
    ("a very long silence", {"pauses": ((40.0, 58.0),)}, "long_pauses"),
    ("short silences", {"pauses": ((40.0, 41.5), (80.0, 82.0))}, "follow_up"),
]


@pytest.mark.parametrize(("case", "given_answer", "expected"), FIRST_PRIORITY, ids=[c for c, _, _ in FIRST_PRIORITY])
def test_the_most_important_thing_to_fix_comes_first(case, given_answer, expected):
    analysis, _ = answer(**given_answer)
    assert names_of(analysis)[0] == expected


FLAT = prosody(pitch_sd_semitones=0.8)
FLAT_VOICE = [
    ("an ordinary voice", {"prosody": prosody()}, ["follow_up"]),
    ("nearly one note", {"prosody": FLAT}, ["follow_up", "flat_voice"]),
    ("nearly one note, and fast", {"prosody": FLAT, "wpm": 210.0}, ["fast", "flat_voice"]),
    ("nearly one note, and no number", {"prosody": FLAT, **NO_FIGURE}, ["no_number"]),
    ("nearly one note, and perhaps something wrong", {"prosody": FLAT, "verdicts": UNSURE}, ["expect_questions"]),
    ("not measured", {"prosody": None}, ["follow_up"]),
]


@pytest.mark.parametrize(("case", "given_answer", "expected"), FLAT_VOICE, ids=[c for c, _, _ in FLAT_VOICE])
def test_a_flat_voice_is_named_last_and_only_where_the_content_is_right(case, given_answer, expected):
    analysis, _ = answer(**given_answer)
    assert names_of(analysis) == expected


def test_of_an_answer_that_was_cut_off_nothing_is_said_about_the_voice():
    analysis, transcript = answer(prosody=FLAT)
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES, is_cut_off=True)
    assert feedback.findings == ()


def test_a_short_answer_is_told_what_else_was_missing_but_a_few_words_are_not():
    analysis, _ = answer(**NO_RESULT, seconds_each=8.0)
    assert names_of(analysis)[:2] == ["missing_result", "too_short"]
    analysis, _ = answer(**NO_RESULT, seconds_each=8.0, word_count=20)
    assert names_of(analysis) == ["brief"]


def test_a_sentence_of_a_word_or_two_is_not_quoted_where_there_is_another():
    analysis, transcript = answer(**NO_RESULT | {"story": (*without("result"), ("action", "Um, yeah."))})
    points = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES).points
    assert STORY[4][1] in [p.quote for p in points if p.kind == "priority"]


def test_a_share_left_free_by_missing_parts_is_not_held_against_the_others():
    analysis, _ = answer(without("situation", "task"), shares={"action": 0.8, "result": 0.2})
    assert "heavy_part" not in names_of(analysis)


@pytest.mark.parametrize(("share", "eats"), [(0.79, False), (0.81, True)])
def test_a_part_fifteen_points_over_its_share_eats_the_answer(share, eats):
    left = (1 - share) / 3
    analysis, _ = answer(shares={"situation": left, "task": left, "action": share, "result": left})
    assert ("heavy_part" in names_of(analysis)) is eats


@pytest.mark.parametrize(("per_hundred", "name"), [(5, None), (6, None), (7, "some_fillers"), (12, "many_fillers")])
def test_filler_thresholds(per_hundred, name):
    analysis, _ = answer(fillers=per_hundred, word_count=100)
    found = [n for n in names_of(analysis) if n.endswith("fillers")]
    assert found == ([name] if name else [])


UNTOLD = {"story": NO_PARTS, "numbers": ()}
HALF_TOLD = {"story": without("result"), "numbers": (), "shares": {"action": 0.95, "situation": 0.03, "task": 0.02}}
STRENGTHS = [
    ("a number", reads({"good:measured_result": 0.9}, outcome_figure=5), "quantified"),
    ("a lesson", reads({"good:lesson": 0.7}, lesson=5), "lesson"),
    ("hardly a lesson", reads({"good:lesson": 0.5}, lesson=5, **ALL_TOLD), "complete"),
    ("all parts", {"story": NO_NUMBER, **reads({}, **ALL_TOLD)}, "complete"),
    ("all parts, one of them not surely", {"story": NO_NUMBER, **reads({}, situation=0, task=1, action=3)}, "balanced"),
    ("no praise for another subject", {"relevance": judged("off_topic")}, None),
    ("no praise for an insult", {"relevance": judged("hostile")}, None),
    ("weight on the action", {"story": without("task"), "numbers": ()}, "balanced"),
    (
        "of no story the length alone, not the manner",
        {**UNTOLD, **reads({"star:no_story": 0.9}), "fillers": 1},
        "on_target",
    ),
    ("few fillers", {**HALF_TOLD, "fillers": 1}, "few_fillers"),
    ("a steady pace", HALF_TOLD, "steady"),
    ("the right length", {**UNTOLD, "wpm": 188.0}, "on_target"),
    ("one part alone is no answer", {"story": STORY[2:5], "fillers": 0, "word_count": 90}, None),
    ("nothing", {**UNTOLD, "wpm": 188.0, "seconds_each": 20.0}, None),
    ("two dozen words are no part", {"story": STORY[:1], "seconds_each": None, "word_count": 15}, None),
    ("no praise for typed text without ums", {**UNTOLD, "fillers": 0, "seconds_each": None}, None),
    (
        "no praise for what is to be fixed",
        reads({"star:buried_result": 0.9, "good:measured_result": 0.9}, result=3, outcome_figure=3),
        "steady",
    ),
]


@pytest.mark.parametrize(("case", "given_answer", "expected"), STRENGTHS, ids=[c for c, _, _ in STRENGTHS])
def test_the_strength_is_the_most_convincing_thing_that_was_measured(case, given_answer, expected):
    analysis, _ = answer(**given_answer)
    heard = HeardAnswer(analysis, STAR)
    strength = find_strength(heard, find_priorities(heard, PHRASES.priorities)[:2])
    assert (strength.name if strength else None) == expected


@pytest.mark.parametrize("priority", ["missing_part", "missing_result", "no_own_action"])
def test_all_parts_are_no_praise_where_one_of_them_counts_as_missing(priority):
    analysis, _ = answer(story=NO_NUMBER)
    strength = find_strength(HeardAnswer(analysis, STAR), (Finding(priority, part="action"),))
    assert strength is None or strength.name != "complete"


def test_a_poor_recording_earns_no_praise_for_few_fillers():
    analysis, _ = answer(**{**UNTOLD, "fillers": 1})
    noisy = AudioQuality(
        speech_db=-30.0, noise_db=-34.0, speech_over_noise_db=4.0, clipped_share=0.0, problems=("noisy",)
    )
    strength = find_strength(HeardAnswer(analysis.model_copy(update={"audio_quality": noisy}), STAR), ())
    assert strength is None or strength.name != "few_fillers"


ALL_ANSWERS = [given_answer for _, given_answer, _ in FIRST_PRIORITY + FLAT_VOICE + STRENGTHS]


@pytest.mark.parametrize("given_answer", ALL_ANSWERS)
def test_one_strength_two_priorities_and_every_quote_exact(given_answer):
    analysis, transcript = answer(**given_answer)
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES)
    kinds = [point.kind for point in feedback.points]
    assert kinds.count("strength") <= 1
    assert 1 <= kinds.count("priority") <= 2
    for point in feedback.points:
        assert point.quote is None or (point.quote in transcript.text and len(point.quote.split()) <= 30)
        assert point.quote is not None or point.start_s is None
        assert "{" not in point.text


TIMES = re.compile(r"minute|second(?!s? that)|your time|\d:\d\d|silence")


@pytest.mark.parametrize("given_answer", ALL_ANSWERS)
def test_what_was_not_measured_is_not_spoken_of(given_answer):
    analysis, transcript = answer(**{**given_answer, "seconds_each": None})
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES)
    spoken = feedback.spoken.removesuffix(feedback.drill or "")
    everything = " ".join([spoken, *(p.text for p in feedback.points)])
    assert not TIMES.search(everything)
    assert all(point.start_s is None for point in feedback.points)


@pytest.mark.parametrize("given_answer", ALL_ANSWERS)
def test_every_figure_in_print_comes_from_the_analysis(given_answer):
    analysis, transcript = answer(**given_answer)
    heard = HeardAnswer(analysis, STAR)
    for point in give_feedback(heard, transcript, PHRASES).points:
        assert figures_in(point.text) <= measured_figures(heard)


def figures_in(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.:]\d+)?", text))


def measured_figures(heard: HeardAnswer) -> set[str]:
    """Every figure that the analysis holds, as it is printed."""
    analysis = heard.analysis
    shares = {part.name: 100 * heard.share_of(part.name) for part in heard.framework.parts}
    shares["background"] = shares.get("situation", 0) + shares.get("task", 0)
    targets = {round(v * 100) for p in heard.framework.parts for v in (p.target_share_min, p.target_share_max)}
    rate = 100 * len(heard.filled_pauses) / analysis.word_count
    kinds = [remark.kind for remark in analysis.weak_language]
    counts = {len(heard.filled_pauses), len(heard.markers), len(analysis.pauses or ()), analysis.word_count}
    counts |= {kinds.count(kind) for kind in kinds}
    counts |= {len(heard.table.holding(name)) for name in ("coordinate_only", "repetition")}
    counts |= {analysis.ownership.i, analysis.ownership.we} if analysis.ownership else set()
    seconds = [analysis.duration_s or 0, *(pause.end_s - pause.start_s for pause in analysis.pauses or ())]
    whole = (*shares.values(), *targets, *counts, *seconds, rate, 100, analysis.words_per_minute or 0)
    lengths = (analysis.duration_s or 0, analysis.target_min_s, analysis.target_max_s)
    said = {figure for result in analysis.quantified_results for figure in figures_in(result.text)}
    if analysis.prosody is not None:
        said.add(f"{analysis.prosody.pitch_sd_semitones:.1f}")
    return {str(round(each)) for each in whole} | {f"{rate:.1f}"} | {clock(each) for each in lengths} | said


def test_the_length_opens_then_comes_the_praise_the_fix_and_the_drill():
    analysis, transcript = answer(**{**NO_FIGURE, "holds": NO_FIGURE["holds"] | reads({}, **ALL_TOLD)["holds"]})
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES)
    spoken = feedback.spoken
    assert "about three and a half minutes" in spoken.split(".")[0].lower() + spoken.split(".")[1].lower()
    assert "three-to-four-minute" in spoken
    assert spoken.index("the situation, your task, what you did, and the result") < spoken.index("went down a lot")
    assert feedback.drill is not None
    assert spoken.endswith(feedback.drill)


def test_the_length_of_what_is_no_answer_is_not_spoken_of():
    analysis, transcript = answer(relevance=judged("no_answer"), seconds_each=2.0)
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES)
    assert not re.search("second|minute window|minute answer", feedback.spoken)
    assert [point.kind for point in feedback.points] == ["priority"]


def test_the_missing_result_is_tied_to_the_last_words():
    analysis, transcript = answer(**NO_RESULT)
    priority = next(
        p for p in give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES).points if p.kind == "priority"
    )
    assert priority.quote == STORY[4][1]
    assert priority.start_s == pytest.approx(4 * 34.0)


@pytest.mark.parametrize(("seconds_each", "is_said"), [(41.5, False), (44.0, True), (29.0, False), (27.0, True)])
def test_a_length_that_is_hardly_off_is_not_remarked(seconds_each: float, is_said: bool):
    analysis, _ = answer(seconds_each=seconds_each)
    found = {each.name for each in find_priorities(HeardAnswer(analysis, STAR), PHRASES.priorities)}
    assert bool(found & {"a_little_long", "a_little_short"}) == is_said


def test_too_long_quotes_what_was_still_being_said_when_the_time_was_up():
    analysis, transcript = answer(seconds_each=60.0)
    points = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES).points
    assert [(p.quote, p.start_s) for p in points if p.kind == "priority"] == [(STORY[4][1], 240.0)]


def test_same_words_same_feedback_and_other_words_sound_different():
    said = set()
    for index in range(12):
        story = (
            *STORY[:4],
            ("action", f"I then called team number {index} and wrote the plan down for them."),
            STORY[5],
        )
        analysis, transcript = answer(story)
        first, second = (give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES) for _ in range(2))
        assert first == second
        said.add(first.spoken)
    assert len(said) > 4


@pytest.mark.parametrize(("recording_s", "expected"), [(12.0, "microphone"), (None, "transcript")])
def test_without_a_word_it_says_what_to_check(recording_s, expected):
    nothing = Analysis(
        duration_s=None,
        recording_s=recording_s,
        target_min_s=180,
        target_max_s=240,
        length=None,
        word_count=0,
        words_per_minute=None,
        fillers=(),
        fillers_per_minute=None,
        pauses=None,
        structure=None,
        quantified_results=(),
    )
    feedback = give_feedback(HeardAnswer(nothing, STAR), Transcript(text=""), PHRASES)
    assert feedback.points == ()
    assert expected in feedback.spoken
    assert len(feedback.spoken.split()) <= SPOKEN_WORDS


def test_only_an_um_is_too_little_and_no_crash():
    analysis, transcript = answer(((None, "Um."),), seconds_each=1.0, word_count=0, fillers=1)
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES)
    assert [p.kind for p in feedback.points] == ["priority"]


# --- wording ---------------------------------------------------------------------------------------------


FORMER = {
    *("hypothetical", "left_out", "no_structure", "uncovered", "passive", "missing_end"),
    *("checked", "decision", "covered", "present_part"),
}
"""Found in answers that were kept before there was a reader."""


def test_every_rule_fills_exactly_the_placeholders_its_wording_may_use():
    seen: dict[str, Finding] = {}
    for given_answer in ALL_ANSWERS:
        heard = HeardAnswer(answer(**given_answer)[0], STAR)
        priorities = find_priorities(heard, PHRASES.priorities)
        strength = find_strength(heard, priorities[:2])
        seen |= {finding.name: finding for finding in (*priorities, *((strength,) if strength else ()))}
    known = {**PRIORITY_VALUES, **STRENGTH_VALUES}
    assert {name: set(f.values) for name, f in seen.items()} == {name: set(known[name]) for name in seen}
    judged_ones = {each.finding for each in (*load_judgments().priorities, *load_judgments().strengths)}
    assert known.keys() - seen.keys() - judged_ones <= FORMER


LONGEST = {
    "covered_spoken": "ninety-nine",
    "expected_spoken": "ninety-nine",
    "first": "two or three options with date, scope and cost for each of the ways out",
    "we_spoken": "ninety-nine",
    "parts": "the situation, your task, what you did, and the result",
    "framework": "system design",
    "part": "the trade-offs made",
    "title": "Requirements",
    "when_missing": " ".join(["word"] * 22),
    "length_spoken": "just under four and a half minutes",
    "target_spoken": "forty-five-to-ninety-second",
    "share_spoken": "forty-five percent",
    "of": "the story",
    "count_spoken": "ninety-nine",
    "rate_spoken": "ninety-nine",
    "marker": "you know what",
    "pace_spoken": "200",
    "longest_spoken": "ninety-nine seconds",
    "few_spoken": "only nineteen ums and uhs",
    "quote": " ".join(["word"] * SPOKEN_QUOTE_WORDS),
    "number": "by forty percent in two weeks",
    "where": "just under four and a half minutes in",
    "strong": " ".join(["word"] * 22),
    "untouched": " ".join(["word"] * 22),
    "i_spoken": "ninety-nine",
}


def test_what_to_fix_and_its_drill_always_find_room():
    def longest(templates: tuple[str, ...]) -> int:
        return max((len(template.format_map(LONGEST).split()) for template in templates), default=0)

    lead = max(longest(templates) for templates in (PHRASES.lead.on_target, PHRASES.lead.short, PHRASES.lead.long))
    drills = max(longest(drills) for parts in PHRASES.part_drills.values() for drills in parts.values())
    for name, phrases in PHRASES.priorities.items():
        end = max(longest(phrases.next), longest(phrases.drill.all), drills)
        needed = longest(phrases.spoken) + end + (0 if name in NO_ANSWERS else lead)
        assert needed <= SPOKEN_WORDS, name


def test_what_is_read_aloud_holds_no_digits_or_symbols():
    aloud = itertools.chain(
        PHRASES.no_speech,
        PHRASES.no_text,
        *PHRASES.lead.model_dump().values(),
        *(t.spoken + t.next + t.drill.all for t in PHRASES.priorities.values()),
        *(drills for parts in PHRASES.part_drills.values() for drills in parts.values()),
        *PHRASES.since_last.values(),
        *(t.spoken + t.drill for t in PHRASES.replies.points.values()),
        *PHRASES.replies.drills.values(),
        PHRASES.replies.belongs + PHRASES.replies.stayed_open + PHRASES.replies.all_held,
        *(t.spoken for t in PHRASES.strengths.values()),
    )
    for template in aloud:
        assert not re.search(r"[\d%()*_/<>\[\]]", re.sub(r"\{\w+\}", "", template)), template


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("{length_spoken}", "{lenght}", "unknown placeholder lenght"),
        ("{length_spoken}", "{length_spoken.__class__}", "unknown placeholder length_spoken.__class__"),
        ("{length_spoken}", "{0}", "unknown placeholder 0"),
        ("{length_spoken}", "{length_spoken", "unexpected '{' in field name"),
        ("  brief:", "  short_one:", "no wording for brief"),
        ("lead:\n  on_target:", "lead:\n  on_targets:", "on_target"),
    ],
)
def test_a_mistake_in_the_wording_is_refused_when_it_is_read(tmp_path, before, after, complaint):
    from voicemock.content.yaml_files import prompts_folder

    broken = tmp_path / "feedback.yaml"
    text = (prompts_folder() / "feedback.yaml").read_text(encoding="utf-8")
    broken.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(complaint)):
        load_yaml(broken, FeedbackPhrases)


def test_a_wording_with_the_quote_is_preferred_and_never_used_without_one():
    templates = ('You said "{quote}".', "You said something.")
    for seed in "abcdefgh":
        assert word(templates, {"quote": "hi"}, seed) == 'You said "hi".'
        assert word(templates, {}, seed) == "You said something."


def test_braces_in_an_answer_are_only_words():
    story = (*STORY[:5], ("result", "In the end {quote} {0.__class__} went away and everyone was happy about {it}."))
    analysis, transcript = answer(
        story, verdicts={"star:no_figure": 0.9, "lacks:figure": 1.0}, holds={"result": {5: 1.0}}, numbers=()
    )
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES)
    assert "{quote} {0.__class__} went away" in feedback.spoken


def test_every_placeholder_of_a_template_is_found():
    assert placeholders("a {b} {{c}} {d.e} {f[0]}") == {"b", "d.e", "f[0]"}


# --- quotes ----------------------------------------------------------------------------------------------


def test_a_long_sentence_is_cut_at_a_clause():
    text = "We had a plan, and it was a good one, but then the vendor told us that nothing would ship"
    span = excerpt(text, Evidence(0, len(text), None), 10)
    assert text[span[0] : span[1]] == "We had a plan, and it was a good one,"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Our payments service kept failing on the very last day of the month", "Our payments service kept failing"),
        ("Then we moved all of it, one region at a time, to the new cluster", "Then we moved all of it,"),
    ],
)
def test_a_shortened_quote_does_not_dangle(text, quote):
    span = excerpt(text, Evidence(0, len(text), None), 8)
    assert text[span[0] : span[1]] == quote


def test_a_quote_cut_in_front_begins_with_a_clause():
    text = "We rebuilt the pipeline in over two quarters and that brought the failures down by 40%"
    at = text.index("by 40%")
    span = excerpt(text, Evidence(0, len(text), None, (at, at + 6)), 10)
    assert text[span[0] : span[1]] == "and that brought the failures down by 40%"


def test_a_quote_whose_focus_opens_a_clause_goes_on_behind_it():
    text = "We launched on the very day that we had planned, and ninety percent of the logins went through it in a week"
    at = text.index("ninety")
    span = excerpt(text, Evidence(0, len(text), None, (at, at + 14)), 10)
    assert text[span[0] : span[1]] == "and ninety percent of the logins went through"


def test_a_focus_that_opens_the_last_clause_is_quoted_to_the_end():
    text = "We launched on the very day that everybody had planned for a year, by forty percent."
    at = text.index("by forty")
    span = excerpt(text, Evidence(0, len(text), None, (at, len(text) - 1)), 10)
    assert text[span[0] : span[1]] == "by forty percent."


def test_the_number_survives_shortening():
    text = " ".join(["word"] * 50) + " down by 40% this year"
    at = text.index("by 40%")
    start, end = excerpt(text, Evidence(0, len(text), 0.0, (at, at + 6)), 10)
    assert text[start:end].endswith("down by 40%")
    assert len(text[start:end].split()) == 10


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200), st.integers(1, 12))
def test_an_excerpt_is_a_stretch_of_whole_words_within_its_limits(text, start, length, most):
    focus = (start + length // 2, start + length // 2 + 3)
    span = excerpt(text, Evidence(start, start + length, None, focus), most)
    if span is not None:
        quote = text[span[0] : span[1]]
        assert quote.strip()
        assert len(quote.split()) <= most
        assert start <= span[0] < span[1] <= start + length


@pytest.mark.parametrize("timed", [True, False])
def test_a_quote_cut_in_front_carries_the_moment_of_its_own_first_word(timed):
    words = ["word"] * 50 + ["and", "it", "went", "down", "by", "40%"]
    text = " ".join(words)
    transcript = Transcript(
        text=text, words=tuple(Word(text=w, start_s=index / 2 if timed else None) for index, w in enumerate(words))
    )
    at = text.index("by 40%")
    quote, start_s = written_quote(transcript, Evidence(0, len(text), 0.0 if timed else None, (at, at + 6)))
    assert quote == "and it went down by 40%"
    assert start_s == (25.0 if timed else None)


def test_one_endless_word_is_not_quoted():
    assert excerpt("a" * 5000, Evidence(0, 5000, None), 10) is None


# --- numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duration_s", "said"),
    [
        (12, "about ten seconds"),
        (43, "about forty-five seconds"),
        (60, "about a minute"),
        (80, "just under a minute and a half"),
        (118, "about two minutes"),
        (170, "just under three minutes"),
        (205, "about three and a half minutes"),
        (221, "just over three and a half minutes"),
        (600, "about ten minutes"),
    ],
)
def test_durations_as_people_say_them(duration_s, said):
    assert spoken_duration(duration_s) == said


def test_a_length_off_target_falls_on_its_own_side_of_the_limit():
    assert spoken_duration(178, limits=(180, 240)) == "just under three minutes"
    assert spoken_duration(243, limits=(180, 240)) == "just over four minutes"
    assert spoken_duration(203, limits=(180, 240)) == "about three and a half minutes"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((180, 240), "three-to-four-minute"),
        ((45, 90), "forty-five-to-ninety-second"),
        ((60, 150), "sixty-to-150-second"),
    ],
)
def test_targets_as_people_say_them(limits, said):
    assert spoken_range(*limits) == said


def test_numbers():
    assert [in_words(n) for n in (0, 11, 20, 47, 99, 100)] == [
        "zero",
        "eleven",
        "twenty",
        "forty-seven",
        "ninety-nine",
        "100",
    ]
    assert [spoken_percent(s) for s in (0.38, 0.425, 1.0)] == [
        "thirty-eight percent",
        "forty-three percent",
        "100 percent",
    ]
    assert [clock(s) for s in (0, 59.6, 61, 3725)] == ["0:00", "1:00", "1:01", "62:05"]


def test_every_finding_is_kept_with_its_severity_in_order():
    analysis, transcript = answer(**NO_FIGURE, fillers=12)
    feedback = give_feedback(HeardAnswer(analysis, STAR), transcript, PHRASES)
    found = find_priorities(HeardAnswer(analysis, STAR), PHRASES.priorities)
    assert [each.name for each in feedback.findings] == [each.name for each in found]
    assert [each.severity for each in feedback.findings] == sorted(
        (each.severity for each in feedback.findings), reverse=True
    )
    assert [finding_of(each).evidence for each in feedback.findings] == [each.evidence for each in found]
    names = [point.name for point in feedback.points if point.kind == "priority"]
    assert names == [each.name for each in feedback.findings[: len(names)]]
