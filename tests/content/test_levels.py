"""Levels: what is usual at each, and questions of one level before others."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from tests.interviews import bank
from voicemock.content.levels import LEVELS, LevelGuides, levels_apart, load_levels
from voicemock.models import Level
from voicemock.settings import Settings


def test_every_level_of_the_questions_is_a_setting():
    choices = get_args(get_args(Settings.model_fields["level"].annotation)[0])
    assert choices == get_args(Level) == LEVELS


@pytest.mark.parametrize(
    ("kind", "value", "level"),
    [
        ("teams", 1.0, "mid"),
        ("teams", 2.0, "senior"),
        ("teams", 40.0, "staff"),
        ("months", 2.5, None),
        ("months", 6.0, "senior"),
        ("months", 24.0, "staff"),
        ("teams", None, None),
        ("people", 40.0, None),
        ("money", 2e6, None),
    ],
)
def test_a_size_is_usual_at_a_level_only_where_a_ladder_counts_it(kind, value, level):
    assert load_levels().usual_at(kind, value) == level


def test_every_source_is_named_with_its_address():
    assert all(source.url.startswith("https://") and source.gives for source in load_levels().sources)


@pytest.mark.parametrize("change", ["order", "shrinks"])
def test_levels_that_make_no_sense_are_refused(change):
    given = load_levels().model_dump()
    levels = list(given["levels"])
    if change == "order":
        levels.reverse()
    else:
        levels[2] = {**levels[2], "scope": {**levels[2]["scope"], "teams": {"at_least": 1, "usually": "One."}}}
    with pytest.raises(ValidationError, match="order" if change == "order" else "grow"):
        LevelGuides.model_validate({**given, "levels": levels})


@pytest.mark.parametrize("level", LEVELS)
def test_questions_of_the_level_come_first_and_then_the_nearest(level):
    drawn = bank().select(pillar="behavioral", near=level, count=40, seed=3)
    apart = [levels_apart(question.level, level) for question in drawn]
    assert apart == sorted(apart)
    assert drawn[0].level == level
    assert {each.id for each in drawn} != {each.id for each in bank().select(pillar="behavioral", count=40, seed=3)}


def test_a_loop_prefers_questions_of_the_level_and_keeps_its_rounds():
    rounds = {level: bank().rounds_of("tpm", seed=5, near=level) for level in (None, "mid", "staff")}
    sizes = {level: [len(asked) for _, asked in found] for level, found in rounds.items()}
    assert sizes["mid"] == sizes["staff"] == sizes[None]
    named = {name: sum(each.level == name for _, asked in rounds[name] for each in asked) for name in ("mid", "staff")}
    plain = {name: sum(each.level == name for _, asked in rounds[None] for each in asked) for name in ("mid", "staff")}
    assert all(named[name] > plain[name] for name in named)


def test_without_a_level_the_same_questions_are_drawn_as_ever():
    assert bank().select(count=5, seed=7) == bank().select(count=5, seed=7, near=None)
