"""How far a story reached: only sizes that can be nothing else."""

from __future__ import annotations

import pytest

from voicemock.analysis.scope import find_scope
from voicemock.models import Sentence


def sentences(text: str) -> tuple[Sentence, ...]:
    found, start = [], 0
    for piece in text.split("|"):
        found.append(Sentence(text=piece, part="action", start_char=start, end_char=start + len(piece)))
        start += len(piece) + 1
    return tuple(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We had six product teams on it.", [("teams", 6.0, "six product teams")]),
        ("Nineteen of 24 teams were in by Christmas.", [("teams", 24.0, "24 teams")]),
        ("I asked twenty-five teams, one by one.", [("teams", 25.0, "twenty-five teams")]),
        ("It began with two teams.|By the fall it was a dozen teams.", [("teams", 12.0, "a dozen teams")]),
        (
            "I had a team of nine, and two other teams helped.",
            [("teams", 2.0, "two other teams"), ("people", 9.0, "team of nine")],
        ),
        ("I led about 40 engineers.", [("people", 40.0, "about 40 engineers")]),
        ("I had seven people on it for a while.", [("people", 7.0, "seven people")]),
        ("It was an eighteen-month migration.", [("months", 18.0, "eighteen-month migration")]),
        ("The whole program took two years.", [("months", 24.0, "two years")]),
        ("The whole thing took us nine months.", [("months", 9.0, "nine months")]),
        (
            "We had a budget of four point two million and eighteen months.",
            [("months", 18.0, "eighteen months"), ("money", 4.2e6, "budget of four point two million")],
        ),
        (
            "The budget was a hundred and eighty thousand, um.",
            [("money", 180e3, "budget was a hundred and eighty thousand")],
        ),
        ("It was a $14 million program.", [("money", 14e6, "$14 million program")]),
        ("We spent $410,000 against a budget of $890,000.", [("money", 890e3, "budget of $890,000")]),
    ],
)
def test_a_size_is_found_with_its_number_and_its_words(text, found):
    transcript = text.replace("|", " ")
    sizes = find_scope(sentences(text))
    assert [(size.kind, size.value, transcript[size.start_char : size.end_char]) for size in sizes] == found
    assert not any(size.is_only for size in sizes)


@pytest.mark.parametrize(
    "text",
    [
        "It took three months to get the approval.",
        "I'd been there for two years.",
        "Hiring would have taken six months.",
        "Forty people used it in the first week.",
        "We saved two million dollars.",
        "He was on his second program, with his own budget of 3.2 million.",
        "It cost us a budget of eleven pounds a head.",
        "A man came with a team of six, from one of the big firms.",
        "Four teams of two drove from site to site.",
        "The program took six weeks longer.",
        "I read the tickets of the last five months.",
        "",
    ],
)
def test_what_may_be_something_else_says_nothing(text):
    assert find_scope(sentences(text)) == ()


@pytest.mark.parametrize(
    ("text", "is_only"),
    [
        ("I was the program manager of a team of six.|We moved the tests to the night.", True),
        ("It was just one team.|I asked each of them.", True),
        ("I had a team of six.|Then the payments team was late.", False),
        ("I had a team of six.|The other teams were late.", False),
        ("I had a team of six.|Our vendor was late.", False),
        ("I had a team of six, and two other teams helped.", False),
        ("The team was tired.", False),
    ],
)
def test_one_team_is_told_only_where_nothing_says_that_there_was_another(text, is_only):
    assert any(size.is_only for size in find_scope(sentences(text))) == is_only
