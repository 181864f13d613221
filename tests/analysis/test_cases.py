"""Findings of the analysis in the texts of ``data/``."""

from __future__ import annotations

import pytest

from voicemock.analysis.analyze import analyze
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.outcomes import TOLD_FROM, outcomes_in
from voicemock.analysis.repetitions import find_repetitions
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText, statements_of
from voicemock.analysis.substance import find_jargon, find_weak_language
from voicemock.content.questions import QuestionBank
from voicemock.models import Sentence, transcript_of_text, transcript_of_words

from .case_files import block_cases, marked_cases, table_cases, timed_cases


@pytest.mark.parametrize("case", marked_cases("fillers.txt"))
def test_fillers(case, lexicon):
    spoken = SpokenText.of(transcript_of_text(case.text))
    fillers = find_fillers(spoken, split_sentences(spoken), lexicon)
    pauses = [(f.start_char, f.end_char) for f in fillers if f.kind == "filled_pause"]
    markers = [(f.start_char, f.end_char) for f in fillers if f.kind == "discourse_marker"]
    assert case.quotes(pauses) == case.quotes(case.square)
    assert case.quotes(markers) == case.quotes(case.curly)
    assert (pauses, markers) == (case.square, case.curly)


@pytest.mark.xfail(reason="the marker model is wrong here", strict=True)
@pytest.mark.parametrize("case", marked_cases("fillers_misjudged.txt"))
def test_fillers_that_are_misjudged(case, lexicon):
    test_fillers(case, lexicon)


@pytest.mark.parametrize("case", marked_cases("repetitions.txt"))
def test_repetitions(case, lexicon):
    spoken = SpokenText.of(transcript_of_text(case.text))
    found = find_repetitions(spoken, find_fillers(spoken, split_sentences(spoken), lexicon), lexicon)
    repetitions = [(item.start_char, item.end_char) for item in found if item.kind == "repetition"]
    false_starts = [(item.start_char, item.end_char) for item in found if item.kind == "false_start"]
    assert case.quotes(repetitions) == case.quotes(case.square)
    assert case.quotes(false_starts) == case.quotes(case.curly)
    assert (repetitions, false_starts) == (case.square, case.curly)


@pytest.mark.parametrize(("words", "speech", "expected"), timed_cases("timed.txt"))
def test_findings_in_words_with_times(words, speech, expected, star, lexicon):
    analysis = analyze(
        transcript_of_words(words), framework=star, target=(180, 240), lexicon=lexicon, speech=speech
    ).analysis
    named = [(item, item.kind, item.text) for item in (*analysis.fillers, *analysis.repetitions)]
    named += [(pause, "pause", f"{pause.kind} {pause.place}") for pause in analysis.pauses or ()]
    named += [(unclear, "unclear", unclear.text) for unclear in analysis.unclear or ()]
    found = sorted(named, key=lambda entry: (entry[0].start_s, entry[1]))
    assert [f"{kind} {item.start_s:.2f}-{item.end_s:.2f} {text}".rstrip() for item, kind, text in found] == expected


@pytest.mark.parametrize("case", marked_cases("outcomes.txt"))
def test_measured_outcomes(case, lexicon):
    spoken = SpokenText.of(transcript_of_text(case.text))
    fillers = find_fillers(spoken, split_sentences(spoken), lexicon)
    outcomes = outcomes_in(case.text, lexicon, tuple((f.start_char, f.end_char) for f in fillers))
    found = [(outcome.start, outcome.end) for outcome in outcomes]
    assert case.quotes(found) == case.quotes(case.square)
    assert found == case.square


@pytest.mark.parametrize("case", marked_cases("told.txt"))
def test_numbers_of_a_sentence_that_is_known_to_tell_an_outcome(case, lexicon):
    found = [(outcome.start, outcome.end) for outcome in outcomes_in(case.text, lexicon, probability=TOLD_FROM)]
    assert len(found) == len(case.square), case.quotes(found)
    for (start, end), (marked_start, marked_end) in zip(found, case.square, strict=True):
        assert max(start, marked_start) < min(end, marked_end), case.quotes(found)


def amount_row(outcome):
    amount = outcome.amount
    before = f"{amount.value_from:.12g}>" if amount.value_from is not None else ""
    most = f"-{amount.value_max:.12g}" if amount.value_max is not None else ""
    found = "-" if amount.value is None else f"{before}{amount.value:.12g}{most}"
    return found, amount.unit or "-", outcome.direction or "-"


@pytest.mark.parametrize("row", table_cases("amounts.txt"))
def test_amounts(row, lexicon):
    (outcome,) = outcomes_in(row[0], lexicon)
    assert amount_row(outcome) == tuple(row[1:])


@pytest.mark.parametrize("row", table_cases("told_amounts.txt"))
def test_amounts_of_a_sentence_that_is_known_to_tell_an_outcome(row, lexicon):
    (outcome,) = outcomes_in(row[0], lexicon, probability=TOLD_FROM)
    assert amount_row(outcome) == tuple(row[1:])


@pytest.mark.parametrize("row", table_cases("paired_amounts.txt"))
def test_amounts_of_a_sentence_that_may_tell_one_before_and_one_after(row, lexicon):
    (outcome,) = outcomes_in(row[0], lexicon, probability=TOLD_FROM, is_paired=True)
    assert amount_row(outcome) == tuple(row[1:])


@pytest.mark.parametrize(
    "sentence",
    [
        "We moved 40 stores and 12 depots.",
        "We have had zero incidents on that path, and a year and a half.",
        "It was two weeks, and now there are 40 stores.",
        "It was 40 stores and it was 12 depots.",
        "We opened 3 sites, closed 2, and kept 9 where it was cheap.",
    ],
)
def test_two_numbers_are_no_pair_where_nothing_says_which_is_older(sentence, lexicon):
    assert all(each.amount.value_from is None for each in outcomes_in(sentence, lexicon, probability=1, is_paired=True))


def remarks_of(text, part, find, lexicon):
    """What ``find`` remarks on a text that is one sentence of a part."""
    spoken = SpokenText.of(transcript_of_text(text))
    fillers = find_fillers(spoken, split_sentences(spoken), lexicon)
    cuts = [(spoken.chars[s.first_word][0], spoken.chars[s.last_word][1]) for s in split_sentences(spoken)]
    sentences = tuple(Sentence(text=text[a:b], part=part, start_char=a, end_char=b) for a, b in cuts)
    return find(spoken, statements_of(spoken, sentences, fillers), lexicon)


@pytest.mark.parametrize("case", marked_cases("weak_language.txt"))
def test_weak_language(case, lexicon):
    found = remarks_of(case.text, "action", find_weak_language, lexicon)
    passives = [(r.start_char, r.end_char) for r in found if r.kind == "passive"]
    weak = [(r.start_char, r.end_char) for r in found if r.kind != "passive"]
    assert case.quotes(passives) == case.quotes(case.square)
    assert case.quotes(weak) == case.quotes(case.curly)


def test_a_result_needs_nobody_who_did_it(lexicon):
    assert remarks_of("The service was migrated on time.", "result", find_weak_language, lexicon) == ()


@pytest.mark.parametrize("case", marked_cases("jargon.txt"))
def test_jargon(case, lexicon):
    found = [(r.start_char, r.end_char) for r in remarks_of(case.text, None, find_jargon, lexicon)]
    assert case.quotes(found) == case.quotes(case.square)


@pytest.mark.parametrize("row", table_cases("relevance.txt"))
def test_relevance(row, lexicon):
    asked, kind, text = row
    bank = QuestionBank.load()
    question = bank.get(asked)
    rules = bank.framework(question.framework)
    analysis = analyze(
        transcript_of_text(text), framework=rules, target=(180, 240), lexicon=lexicon, question=question
    ).analysis
    assert analysis.relevance.kind == kind


STORY = "Our launch was late and the vendor had no plan, so I cut the scope with two teams and we shipped on the day."
SOUP = (
    "My grandmother peels the onions and fries them slowly in butter until they turn soft and golden brown. Then come "
    "carrots, a handful of parsley and a whole chicken, and it has to sit on the stove for three hours on Sunday."
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [(STORY, None), (SOUP, None), ("I don't know, honestly.", "no_answer")],
)
def test_nothing_is_off_the_topic_where_no_question_was_asked(text, kind, lexicon):
    rules = QuestionBank.load().framework("star")
    relevance = analyze(
        transcript_of_text(text), framework=rules, target=(180, 240), lexicon=lexicon
    ).analysis.relevance
    assert (relevance.kind if relevance else None) == kind


@pytest.mark.parametrize("lines", block_cases("sentences.txt"))
def test_sentences(lines):
    cut = lines.index("---")
    spoken = SpokenText.of(transcript_of_text("\n".join(lines[:cut])))
    spans = split_sentences(spoken)
    found = [spoken.text[spoken.chars[s.first_word][0] : spoken.chars[s.last_word][1]] for s in spans]
    assert found == lines[cut + 1 :]


@pytest.mark.parametrize("lines", block_cases("structure.txt"))
def test_structure(lines, frameworks, lexicon):
    framework, *rows, missing = lines
    parts, texts = zip(*(row.split(" | ") for row in rows), strict=True)
    structure = analyze(
        transcript_of_text(" ".join(texts)), framework=frameworks[framework], target=(180, 240), lexicon=lexicon
    ).analysis.structure
    assert [sentence.text for sentence in structure.sentences] == list(texts)
    told = zip(parts, structure.sentences, strict=True)
    assert [(s.text, s.part) for part, s in told if part not in ("?", s.part or "-")] == []
    assert "missing: " + (" ".join(structure.missing) or "none") == missing
