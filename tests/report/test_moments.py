"""The stretches of a recording that are played again."""

from __future__ import annotations

import pytest

from tests.interviews import fixture_answer
from voicemock.errors import UnknownNameError
from voicemock.report.terminal import Moment, around_filler, from_moment, of_part

ANALYSIS = fixture_answer("strong-story").assessment.analysis


@pytest.mark.parametrize(
    ("at_s", "recording_s", "moment"),
    [(84.0, 200.0, (84.0, 94.0)), (0.0, 200.0, (0.0, 10.0)), (195.0, 200.0, (195.0, 200.0))],
)
def test_ten_seconds_from_a_moment(at_s, recording_s, moment):
    assert from_moment(at_s, recording_s) == moment


@pytest.mark.parametrize("at_s", [200.0, 999.0])
def test_a_moment_after_the_end_is_explained(at_s):
    with pytest.raises(UnknownNameError, match="The recording is 3:20 long"):
        from_moment(at_s, 200.0)


def test_a_filler_is_heard_with_two_seconds_on_both_sides():
    filler, moment = around_filler(ANALYSIS, 2)
    assert filler == ANALYSIS.fillers[1]
    assert moment == (filler.start_s - 2.0, filler.end_s + 2.0)


def test_a_filler_at_the_very_beginning_is_heard_from_there():
    first = ANALYSIS.fillers[0].model_copy(update={"start_s": 0.4, "end_s": 0.7})
    _, moment = around_filler(ANALYSIS.model_copy(update={"fillers": (first,)}), 1)
    assert moment == (0.0, 2.7)


@pytest.mark.parametrize("number", [0, 99])
def test_a_filler_that_is_not_there_is_explained(number):
    with pytest.raises(UnknownNameError, match=f"no filler {number}: the answer has {len(ANALYSIS.fillers)} fillers"):
        around_filler(ANALYSIS, number)


def test_a_part_is_heard_in_all_its_stretches():
    moments = of_part(ANALYSIS, "Result")
    sentences = [sentence for sentence in ANALYSIS.structure.sentences if sentence.part == "result"]
    assert moments[0].start_s == sentences[0].start_s
    assert moments[-1].end_s == sentences[-1].end_s
    assert len(moments) <= len(sentences)


def test_an_unknown_part_names_the_parts():
    with pytest.raises(UnknownNameError, match="situation, task, action, result"):
        of_part(ANALYSIS, "summary")


def test_a_missing_part_is_explained():
    with pytest.raises(UnknownNameError, match="was not heard"):
        of_part(fixture_answer("too-short").assessment.analysis, "result")


def test_moments_are_written_as_people_read_them():
    assert str(Moment(46.2, 51.0)) == "0:46 to 0:51"
