"""An answer made tighter in words: lengths, what leads, each sentence with what goes of it and why."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from tests.coaching.tightening.answers import LONG_BACKGROUND, STAR, STORY, assessed
from tests.interviews import fixture_answer, words_between
from voicemock.coaching.spoken_numbers import clock
from voicemock.coaching.tightening.tighten import tighten
from voicemock.models import Relevance, transcript_of_words
from voicemock.report.page_answer import answer_view
from voicemock.report.rows import content_rows, load_measures
from voicemock.report.tightening import CUT, FIRST, KEPT, MAYBE, CutRow, Piece, _marked, tighter_view


def test_rows_hold_every_word_in_order_and_say_why():
    found = tighten(assessed(STORY), STAR)
    rows = tighter_view(found).rows
    assert ["".join(piece.text for piece in row.pieces) for row in rows] == [text for text, _ in STORY]
    told = {row.pieces[0].text.split()[0]: (row.state, row.why) for row in rows}
    assert told["Okay,"] == (CUT, "is about answering")
    assert told["My"] == (KEPT, "")
    first = next(row for row in rows if row.state == FIRST)
    assert first.why == "the result leads; leads on from what is cut"


def test_what_stays_is_what_is_read():
    found = tighten(assessed(STORY), STAR)
    assert " ".join(tighter_view(found).sentences) == found.text


@pytest.mark.parametrize(
    ("to_s", "said"),
    [
        (120, "It was within 2:00 already."),
        (10, "That is over 0:10. Nothing more is safe to cut."),
        (10, "Without what is marked maybe, it would be 0:23."),
    ],
)
def test_the_length_is_told(to_s: float, said: str):
    summary = tighter_view(tighten(assessed(STORY), STAR, to_s)).summary
    assert "at 150 words a minute, since text has no pace." in summary[0]
    assert said in summary
    assert "The result comes first." in summary


def test_what_only_the_candidate_can_judge_is_marked():
    rows = tighter_view(tighten(assessed(STORY), STAR, 10)).rows
    marked = [(row.pieces[0].text, row.why) for row in rows if row.state == MAYBE]
    assert [text for text, _ in marked] == [*LONG_BACKGROUND, "I pulled the raw scans"]
    assert {why.partition(";")[0] for _, why in marked} == {"only you know if it is needed"}


def test_an_answer_that_loses_next_to_nothing_is_said_to_stay_as_long():
    padding = tuple(
        (f"I moved crate {letter} to the other side of the hall.", "action decision") for letter in "abcdef"
    )
    summary = tighter_view(tighten(assessed((*padding, ("I, um, closed it.", "result"))), STAR)).summary
    assert summary[0] == (
        "It is 0:28 (69 words) at 150 words a minute, since text has no pace, and about as long with no word cut."
    )


def test_the_moment_of_the_result_is_told_where_there_are_times():
    words = words_between(" ".join(text for text, _ in STORY), 0.0, 60.0)
    timed = assessed(STORY, transcript=transcript_of_words(words, language="en", engine="x"))
    assert "The result comes first; you told it at 0:5" in " ".join(tighter_view(tighten(timed, STAR)).summary)
    first = timed.analysis.headline_s
    assert first is not None
    assert ("First result", f"at {clock(first)}", "") in list(content_rows(timed.analysis))


@pytest.mark.parametrize(
    ("kind", "said"),
    [("no_answer", "This does not answer the question: there is nothing to tighten."), ("on_topic", "became")],
)
def test_what_is_no_answer_is_told(kind, said: str):
    assessment = assessed(STORY)
    relevance = Relevance(kind=kind, rule="x", confidence=1.0)
    changed = assessment.model_copy(
        update={"analysis": assessment.analysis.model_copy(update={"relevance": relevance})}
    )
    view = tighter_view(tighten(changed, STAR))
    assert said in " ".join(view.summary)
    assert bool(view.rows) is (kind == "on_topic")


def test_an_old_answer_is_told_how_to_be_measured_again():
    assessment = assessed(STORY)
    old = assessment.model_copy(update={"analysis": assessment.analysis.model_copy(update={"evidence": None})})
    assert "voicemock reanalyze" in tighter_view(tighten(old, STAR)).summary[-1]


def test_the_page_of_an_answer_has_it_where_something_goes():
    view = answer_view(fixture_answer("strong-story"), STAR, None, load_measures())
    assert view.assessed is not None
    assert view.assessed.tighter is not None
    reply = answer_view(fixture_answer("strong-story"), None, None, load_measures())
    assert reply.assessed is not None
    assert reply.assessed.tighter is None


def test_a_piece_that_goes_and_is_only_space_or_marks_is_shown():
    pieces = (Piece("Uh, we", is_cut=False), Piece(" ", is_cut=True), Piece("moved", is_cut=False))
    console = Console(file=StringIO(), width=80)
    console.print(_marked(CutRow(KEPT, (*pieces, Piece(", ", is_cut=True), Piece("it.", is_cut=False)), "filler")))
    assert console.file.getvalue().strip() == "Uh, we moved[,] it. (filler)"


def test_words_without_punctuation_are_told_why_no_sentence_goes():
    bare = [(text.lower().replace(",", "").rstrip("."), evidence) for text, evidence in STORY]
    summary = tighter_view(tighten(assessed(bare), STAR, 10)).summary
    assert "No punctuation says where its sentences end, so no sentence is cut." in summary
