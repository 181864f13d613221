"""What the analysis finds in the texts of ``data/``."""

from __future__ import annotations

import pytest

from voicemock.analysis import analyze, transcript_of_text, transcript_of_words
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.quantities import outcome_spans
from voicemock.analysis.repetitions import find_repetitions
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText

from .case_files import block_cases, marked_cases, timed_cases


@pytest.mark.parametrize("case", marked_cases("fillers.txt"))
def test_fillers(case, lexicon):
    spoken = SpokenText.of(transcript_of_text(case.text))
    fillers = find_fillers(spoken, split_sentences(spoken), lexicon)
    pauses = [(f.start_char, f.end_char) for f in fillers if f.kind == "filled_pause"]
    markers = [(f.start_char, f.end_char) for f in fillers if f.kind == "discourse_marker"]
    assert case.quotes(pauses) == case.quotes(case.square)
    assert case.quotes(markers) == case.quotes(case.curly)
    assert (pauses, markers) == (case.square, case.curly)


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
    analysis = analyze(transcript_of_words(words), framework=star, target=(180, 240), lexicon=lexicon, speech=speech)
    named = [(item, item.kind, item.text) for item in (*analysis.fillers, *analysis.repetitions)]
    named += [(pause, "pause", f"{pause.kind} {pause.place}") for pause in analysis.pauses or ()]
    named += [(unclear, "unclear", unclear.text) for unclear in analysis.unclear or ()]
    found = sorted(named, key=lambda entry: (entry[0].start_s, entry[1]))
    assert [f"{kind} {item.start_s:.2f}-{item.end_s:.2f} {text}".rstrip() for item, kind, text in found] == expected


@pytest.mark.parametrize("case", marked_cases("outcomes.txt"))
def test_measured_outcomes(case, lexicon):
    spoken = SpokenText.of(transcript_of_text(case.text))
    fillers = find_fillers(spoken, split_sentences(spoken), lexicon)
    found = list(outcome_spans(case.text, lexicon, tuple((f.start_char, f.end_char) for f in fillers)))
    assert case.quotes(found) == case.quotes(case.square)
    assert found == case.square


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
    analysis = analyze(
        transcript_of_text(" ".join(texts)), framework=frameworks[framework], target=(180, 240), lexicon=lexicon
    )
    found = [f"{sentence.part or '-'} | {sentence.text}" for sentence in analysis.structure.sentences]
    assert found == [f"{part} | {text}" for part, text in zip(parts, texts, strict=True)]
    assert "missing: " + (" ".join(analysis.structure.missing) or "none") == missing
