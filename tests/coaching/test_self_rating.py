"""What measures are worth on the scale on which candidates rate themselves."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.progresses import measured
from voicemock.coaching.self_rating import gap_of, measured_ratings
from voicemock.models import Measured, Part, Ratings

ALL = (0.15, 0.1, 0.55, 0.2)
NO_RESULT = (0.2, 0.1, 0.7, None)


@pytest.mark.parametrize(
    ("numbers", "item", "rating"),
    [
        # length, against 3:00 to 4:00
        (measured(duration_s=180.0), "length", 5),
        (measured(duration_s=240.0), "length", 5),
        (measured(duration_s=179.0), "length", 4),
        (measured(duration_s=157.5), "length", 4),  # an eighth short
        (measured(duration_s=157.0), "length", 3),
        (measured(duration_s=300.0), "length", 3),  # a quarter long
        (measured(duration_s=301.0), "length", 2),
        (measured(duration_s=360.0), "length", 2),  # half as long again
        (measured(duration_s=361.0), "length", 1),
        (measured(duration_s=20.0), "length", 1),
        (measured(duration_s=None), "length", None),
        # structure, by how many parts there are
        (measured(shares=ALL), "structure", 5),
        (measured(shares=NO_RESULT), "structure", 4),
        (measured(shares=(0.2, None, 0.8, None)), "structure", 3),
        (measured(shares=(None, None, 1.0, None)), "structure", 2),
        (measured(shares=(None,) * 4), "structure", 1),
        (measured(parts=[Part(name=str(n), present=n < 8) for n in range(9)]), "structure", 4),  # 5 is for all
        (measured(parts=[Part(name=str(n), present=n < 1) for n in range(9)]), "structure", 1),
        (measured(parts=()), "structure", None),
        # result
        (measured(measured_results=2), "result", 5),
        (measured(measured_results=1, shares=NO_RESULT), "result", 4),
        (measured(measured_results=0), "result", 3),
        (measured(measured_results=0, shares=NO_RESULT), "result", 1),
        (measured(measured_results=None), "result", None),
        (measured(parts=[Part(name="options", present=True)]), "result", None),  # no result is asked for
        # delivery: the worse of fillers in 100 words and pace
        (measured(filled_pauses=10, filler_phrases=0), "delivery", 5),  # 2.0
        (measured(filled_pauses=10, filler_phrases=1), "delivery", 4),
        (measured(filled_pauses=20, filler_phrases=5), "delivery", 3),  # 5.0
        (measured(filled_pauses=40, filler_phrases=0), "delivery", 2),  # 8.0
        (measured(filled_pauses=60, filler_phrases=0), "delivery", 1),  # 12.0
        (measured(filled_pauses=0, filler_phrases=0, words_per_minute=126.0), "delivery", 5),
        (measured(filled_pauses=0, filler_phrases=0, words_per_minute=120.0), "delivery", 4),
        (measured(filled_pauses=0, filler_phrases=0, words_per_minute=240.0), "delivery", 3),
        (measured(filled_pauses=40, words_per_minute=150.0), "delivery", 2),
        (measured(words_per_minute=None), "delivery", None),  # a text has no pace
        (measured(word_count=49), "delivery", None),  # one more filler would decide
    ],
)
def test_a_measure_is_worth_this(numbers: Measured, item: str, rating: int | None) -> None:
    assert getattr(measured_ratings(numbers), item) == rating


@pytest.mark.parametrize("changes", [{"kind": "follow_up"}, {"kind": "ask_back"}, {"relevance": "no_answer"}])
def test_what_is_no_answer_of_its_own_is_not_measured(changes: dict[str, object]) -> None:
    assert measured_ratings(measured(**changes)) == Ratings()


@pytest.mark.parametrize(
    ("own", "gap"),
    [(Ratings(structure=5), 1), (Ratings(structure=2), -2), (Ratings(structure=4), 0), (Ratings(), None)],
)
def test_the_gap_is_the_own_view_minus_the_measure(own: Ratings, gap: int | None) -> None:
    assert gap_of(measured(shares=NO_RESULT, self_rating=own), "structure") == gap


def test_without_both_there_is_no_gap() -> None:
    assert gap_of(measured(), "length") is None
    assert gap_of(measured(duration_s=None, self_rating=Ratings(length=3)), "length") is None


@pytest.mark.parametrize("rating", [0, 6, -1, 2.5, "3", True])
def test_a_rating_is_a_whole_number_from_one_to_five(rating: object) -> None:
    with pytest.raises(ValidationError):
        Ratings.model_validate({"length": rating})
