"""Comparison of takes."""

from __future__ import annotations

import pytest

from tests.voices import prosody
from voicemock.models import Analysis, Part, Pause, QuantifiedResult, Structure
from voicemock.practice.comparison import Move, are_level, measures_of, moves


def analysis(
    *, duration_s: float | None = 200.0, action_s: float | None = 100.0, fillers: float | None = 4.0, results: int = 0
) -> Analysis:
    action = Part(name="action", present=action_s is not None, duration_s=action_s, share=0.5 if action_s else None)
    number = QuantifiedResult(text="by 40%", quote="by 40%", start_char=0, end_char=6)
    return Analysis(
        analysis_version=1,
        duration_s=duration_s,
        recording_s=None,
        target_min_s=180,
        target_max_s=240,
        length="on_target",
        word_count=300,
        words_per_minute=150.0 if duration_s else None,
        fillers=(),
        fillers_per_minute=fillers,
        pauses=(Pause(start_s=1, end_s=2),) * 5 if duration_s else None,
        structure=Structure(framework="star", sentences=(), parts=(action,), missing=()),
        quantified_results=(number,) * results,
    )


def move(before: Analysis, after: Analysis, name: str) -> Move:
    return next(each for each in moves(before, after) if each.after.name == name)


def test_the_measures_and_their_order():
    found = [(measure.title, measure.value) for measure in measures_of(analysis(results=2))]
    assert found == [
        ("Length", 200.0),
        ("Action", 100.0),
        ("Pace", 150.0),
        ("Fillers", 4.0),
        ("Pauses over 1 s", 1.5),
        ("Measured results", 2.0),
    ]


def test_the_pitch_is_compared_where_it_was_measured():
    flat, lively = (
        analysis().model_copy(update={"prosody": prosody(pitch_sd_semitones=variety)}) for variety in (1.4, 2.6)
    )
    assert move(flat, lively, "pitch_variety").is_noticeable
    assert "pitch_variety" not in [measure.name for measure in measures_of(analysis())]


def test_what_was_not_measured_is_none_and_never_zero():
    values = {measure.name: measure.value for measure in measures_of(analysis(duration_s=None, fillers=None))}
    assert values["length"] is values["pace"] is values["fillers"] is values["pauses"] is None


@pytest.mark.parametrize(
    ("before", "after", "name", "is_noticeable"),
    [
        ({"duration_s": 200.0}, {"duration_s": 201.9}, "length", False),
        ({"duration_s": 200.0}, {"duration_s": 230.0}, "length", True),
        ({"duration_s": None}, {"duration_s": 230.0}, "length", False),
        ({"action_s": None}, {"action_s": 60.0}, "action", True),
        ({"action_s": None}, {"action_s": None}, "action", False),
        ({"fillers": 4.0}, {"fillers": 4.4}, "fillers", False),
        ({"fillers": 4.0}, {"fillers": 2.0}, "fillers", True),
        ({"results": 0}, {"results": 1}, "measured_results", True),
    ],
)
def test_what_moved_by_more_than_chance(before, after, name, is_noticeable):
    assert move(analysis(**before), analysis(**after), name).is_noticeable is is_noticeable


def test_takes_are_level_when_one_set_of_rules_made_them():
    old = analysis().model_copy(update={"analysis_version": None})
    assert are_level([analysis(), analysis()])
    assert not are_level([analysis(), old])
