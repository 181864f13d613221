"""What is told of a value that breaks a rule: our words, without those of the library that checks it."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError, field_validator

from voicemock.errors import nearest, reason_of, unknown_name


class _Checked(BaseModel):
    year: int
    name: str = ""

    @field_validator("year")
    @classmethod
    def _usual(cls, year: int) -> int:
        if year < 1900:
            raise ValueError("that year cannot be right")
        return year

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        assert len(name) < 5, "that name is too long"
        return name


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"year": 1}, "that year cannot be right"),
        ({"year": 2000, "name": "Value error, x"}, "that name is too long"),
        ({"year": "x"}, "Input should be a valid integer, unable to parse string as an integer"),
        ({}, "Field required"),
    ],
)
def test_a_reason_has_no_prefix_of_the_library(given: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _Checked.model_validate(given)
    assert [reason_of(problem).splitlines()[0] for problem in caught.value.errors()] == [reason]


NAMES = ("customer-obsession", "earn-trust", "dive-deep", "late-delivery", "stakeholder-communication", "ai-safety")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("earn-trst", ["earn-trust"]),
        ("trust", ["earn-trust"]),
        ("customers", ["customer-obsession"]),
        ("Stakeholders", ["stakeholder-communication"]),
        ("delivery", ["late-delivery"]),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_the_nearest_names_are_those_with_its_letters_or_its_words(name: str, near: list[str]) -> None:
    assert nearest(name, NAMES) == near


@pytest.mark.parametrize(
    ("name", "count", "told"),
    [
        (
            "earn-trst",
            3,
            "There is no competency 'earn-trst'. Did you mean earn-trust? Choose one of: earn-trust, n0, n1, n2.",
        ),
        (
            "earn-trst",
            80,
            "There is no competency 'earn-trst'. Did you mean earn-trust? `voicemock questions` lists them all.",
        ),
        ("qqq", 80, "There is no competency 'qqq'. `voicemock questions` lists them all."),
    ],
)
def test_many_names_are_not_listed_in_a_message(name: str, count: int, told: str) -> None:
    choices = ("earn-trust", *(f"n{number}" for number in range(count)))
    assert str(unknown_name("competency", name, choices, see="voicemock questions")) == told
