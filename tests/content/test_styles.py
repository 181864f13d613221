"""Interviewer styles: three of them, told apart by what they do, and complete in what they say."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from voicemock.content.styles import REMARK_VALUES, Style, load_style
from voicemock.errors import UnknownNameError
from voicemock.speech.narrator import sentences_to_say

NAMES = ("warm", "neutral", "pressing")


@pytest.mark.parametrize("name", NAMES)
def test_every_remark_can_be_said(name: str) -> None:
    style = load_style(name)
    for remark, names in REMARK_VALUES.items():
        for seed in range(8):
            text = style.say(remark, str(seed), **dict.fromkeys(names, "ten"))
            assert text
            assert "{" not in text
            assert all(len(sentence.split()) <= 30 for sentence in sentences_to_say(text))


def test_the_harder_the_style_the_less_time_and_the_more_questions() -> None:
    warm, neutral, pressing = (load_style(name) for name in NAMES)
    assert warm.rate < neutral.rate < pressing.rate
    assert warm.patience > neutral.patience > pressing.patience
    assert warm.follow_ups <= neutral.follow_ups < pressing.follow_ups
    assert (warm.interrupts_at, neutral.interrupts_at) == (None, None)
    assert pressing.interrupts_at is not None
    assert pressing.cuts_at is not None
    assert pressing.interrupts_at < pressing.cuts_at


def test_each_style_has_a_voice_of_its_own() -> None:
    assert [load_style(name).voice for name in NAMES] == ["second", "first", "third"]


def test_an_unknown_style_names_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="neutral, pressing, warm"):
        load_style("friendly")


def test_the_same_seed_says_the_same() -> None:
    style = load_style()
    assert style.say("acknowledged", "3") == style.say("acknowledged", "3")
    assert len({style.say("acknowledged", str(seed)) for seed in range(20)}) > 2


@pytest.mark.parametrize(
    ("remarks", "complaint"),
    [
        ({"closing": ()}, "closing: needs at least one wording"),
        ({"closing": ("Bye, {name}.",)}, "closing: unknown placeholder name"),
        ({"greeting": ("Hello.",)}, "unknown remark greeting"),
    ],
)
def test_a_remark_that_cannot_be_said_is_refused(remarks: dict[str, tuple[str, ...]], complaint: str) -> None:
    style = load_style()
    with pytest.raises(ValidationError, match=complaint):
        Style.model_validate({**style.model_dump(), "remarks": {**style.remarks, **remarks}})


def test_a_voice_that_no_engine_could_have_is_refused() -> None:
    with pytest.raises(ValidationError, match="'first', 'second' or 'third'"):
        Style.model_validate({**load_style().model_dump(), "voice": "fourth"})


def test_a_style_without_a_remark_is_refused() -> None:
    with pytest.raises(ValidationError, match="no wording for acknowledged"):
        Style.model_validate({**load_style().model_dump(), "remarks": {}})
