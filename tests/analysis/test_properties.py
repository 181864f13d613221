"""Properties that hold for every text, however odd."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.readers import ScriptedReader
from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.reader import load_reader
from voicemock.coaching.feedback import give_feedback
from voicemock.coaching.findings import NO_ANSWERS, HeardAnswer
from voicemock.coaching.wording import SPOKEN_WORDS
from voicemock.content.wording import load_phrases
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Framework, FrameworkName, Word, transcript_of_text, transcript_of_words, visible_text

LEXICON = Lexicon.load()
WORDING = load_phrases()
FRAMEWORKS = {
    name: load_yaml(prompts_folder() / "frameworks" / f"{name}.yaml", Framework) for name in get_args(FrameworkName)
}
STAR = FRAMEWORKS["star"]

PHRASES = [
    "um", "Uh,", "uh-huh", "like", "you know,", "I mean", "well", "so", "right,", "just", "At my last company",
    "I had to", "My task was to", "First I wrote a plan.", "we cut it by 40%", "from six weeks to two.",
    "zero incidents", "e.g.", "U.S.", "3.5", "$2.5M", "p99.9", "\n", "\n\n", "- ", "1.", "...", "—", "um—we", "🙂",
    "你好", "İstanbul", "\ufb01ne", "I learned that", '"No," he said.', "twenty-one", "half a million dollars", "?!",
    "(a)", "'", "doubled", "I, I", "we were, we had", "mig- migration", "the, a", "and", "sorry,", "it", "Hmm.",
    "I set up a weekly meeting.", "it was decided", "kind of helped", "CRDTs", "multi-region",
    "dead-letter queue", "I don't know", "in the end", "trade-off", "critical path",
]  # fmt: skip
SPOKEN = [phrase for phrase in PHRASES if "\n" not in phrase]
talk = st.lists(st.sampled_from(PHRASES), max_size=60).map(" ".join)
one_line = st.lists(st.sampled_from(SPOKEN), max_size=40).map(" ".join)
texts = talk | st.text(max_size=200)


@given(text=texts)
def test_every_finding_points_at_its_words(text):
    text = visible_text(text)
    analysis = analyze(transcript_of_text(text), framework=STAR, target=(180, 240), lexicon=LEXICON).analysis
    findings = [*analysis.fillers, *analysis.repetitions, *analysis.quantified_results, *_sentences(analysis)]
    assert all(text[item.start_char : item.end_char] == item.text for item in findings)
    assert all(item.text for item in findings)
    assert all(result.quote in text and result.text in result.quote for result in analysis.quantified_results)


@given(text=texts, framework=st.sampled_from(list(FRAMEWORKS)))
def test_every_remark_points_at_its_words(text, framework):
    text = visible_text(text)
    analysis = analyze(
        transcript_of_text(text), framework=FRAMEWORKS[framework], target=(180, 240), lexicon=LEXICON
    ).analysis
    for remark in _remarks(analysis):
        assert remark.text
        assert text[remark.start_char : remark.end_char] == remark.text
        assert remark.quote in text
        assert remark.text in remark.quote
    relevance = analysis.relevance
    if relevance is not None and relevance.quote is not None:
        assert text[relevance.start_char : relevance.end_char] == relevance.quote


@given(text=texts, framework=st.sampled_from(list(FRAMEWORKS)))
def test_every_text_gets_feedback_that_can_be_said(text, framework):
    text = visible_text(text)
    rules, transcript = FRAMEWORKS[framework], transcript_of_text(text)
    analysis = analyze(transcript, framework=rules, target=(180, 240), lexicon=LEXICON).analysis
    feedback = give_feedback(HeardAnswer(analysis, rules), transcript, WORDING)
    assert 0 < len(feedback.spoken.split()) <= SPOKEN_WORDS
    assert all(point.quote is None or point.quote in text for point in feedback.points)
    if analysis.relevance is not None and analysis.relevance.kind in NO_ANSWERS:
        assert all(point.kind == "priority" for point in feedback.points)


@given(text=texts)
def test_findings_are_in_order_and_do_not_overlap(text):
    analysis = analyze(transcript_of_text(text), framework=STAR, target=(180, 240), lexicon=LEXICON).analysis
    for findings in (analysis.fillers, analysis.repetitions, analysis.quantified_results, _sentences(analysis)):
        spans = [(item.start_char, item.end_char) for item in findings]
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(first=one_line, second=one_line)
def test_an_answer_holds_the_fillers_and_repetitions_of_its_halves(first, second):
    """The limits: one half ends with a sentence, the other begins with one, and both are a single line.

    Sentences are found line by line, so a line break would tie the halves together; an open end would, too.
    """
    first, second = f"{first} It was done.", f"Then {second}"
    halves = [_fillers_and_repetitions(first), _fillers_and_repetitions(second)]
    whole = _fillers_and_repetitions(f"{first} {second}")
    assert whole == [before + after for before, after in zip(*halves, strict=True)]


def _fillers_and_repetitions(text):
    analysis = analyze(transcript_of_text(text), framework=STAR, target=(180, 240), lexicon=LEXICON).analysis
    return [[(item.kind, item.text) for item in items] for items in (analysis.fillers, analysis.repetitions)]


@given(text=texts)
def test_structure_agrees_with_itself(text):
    structure = analyze(transcript_of_text(text), framework=STAR, target=(180, 240), lexicon=LEXICON).analysis.structure
    if structure is None:
        return
    carried = {sentence.part for sentence in structure.sentences}
    assert [part.name for part in structure.parts] == ["situation", "task", "action", "result"]
    assert all(part.present == (part.name in carried) for part in structure.parts)
    assert structure.missing == tuple(part.name for part in structure.parts if not part.present)
    shares = [part.share for part in structure.parts]
    assert shares == [None] * 4 or sum(shares) == pytest.approx(1.0)


@given(
    text=talk,
    times=st.lists(st.floats(0, 2, allow_nan=False), min_size=1, max_size=10),
)
def test_times_are_those_of_the_words(text, times):
    words, clock = [], 0.0
    for index, piece in enumerate(text.split()):
        length = times[index % len(times)]
        words.append(Word(text=piece, start_s=clock, end_s=clock + length))
        clock += length
    transcript = transcript_of_words(words)
    assert transcript.text == " ".join(text.split())
    analysis = analyze(transcript, framework=STAR, target=(180, 240), lexicon=LEXICON).analysis
    starts, ends = {word.start_s for word in words}, {word.end_s for word in words}
    for item in (*analysis.fillers, *analysis.repetitions, *analysis.quantified_results, *_sentences(analysis)):
        assert item.start_s in starts
        assert item.end_s in ends
        assert item.start_s <= item.end_s


@pytest.mark.parametrize(
    "text",
    ["like " * 5000, "a" * 100_000, "9" * 100_000, "a—" * 20_000, "." * 100_000, "by 40% " * 1000, "uh-" * 20_000,
     "I, uh, you know " * 3000, "we had " * 5000, "the mig- " * 3000, "sorry, " * 5000,
     "one and a " * 3000, "set up a " * 5000, "-" .join(["dead"] * 20_000), "not not " * 10_000, "CRDT " * 10_000,
     "I had to " * 3000, "🙂" * 10_000, "no aa-bb " * 3000, "from 1 " * 5000],
    ids=lambda text: f"{text[:10]!r}...",
)  # fmt: skip
def test_endless_texts_are_read_to_their_end(text):
    is_read_to_its_end(text, ScriptedReader({}))  # the network takes seconds for each


def test_an_endless_text_goes_through_the_network():
    is_read_to_its_end("not not " * 5000, load_reader())


def is_read_to_its_end(text, reader):
    design = FRAMEWORKS["design"]
    analysis = analyze(
        transcript_of_text(text), framework=design, target=(180, 240), lexicon=LEXICON, reader=reader
    ).analysis
    if analysis.structure is not None:
        assert analysis.structure.sentences[-1].end_char == len(text.rstrip())


def _sentences(analysis):
    return analysis.structure.sentences if analysis.structure else ()


def _remarks(analysis):
    if analysis.structure is None:
        return []
    covered = [item.covered for item in analysis.coverage.items if item.covered] if analysis.coverage else []
    landing = [analysis.rambling.landing] if analysis.rambling.landing else []
    return [
        *analysis.weak_language, *analysis.substance.remarks, *analysis.jargon, *analysis.early_complexity,
        *analysis.background_numbers, *covered, *landing,
    ]  # fmt: skip
