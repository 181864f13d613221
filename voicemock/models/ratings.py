"""Ratings of one answer from 1 to 5, item by item."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from voicemock.models.transcript import Model

RatedItem = Literal["length", "structure", "result", "delivery"]
RATED_ITEMS: Final[tuple[RatedItem, ...]] = get_args(RatedItem)
LOWEST_RATING: Final = 1
HIGHEST_RATING: Final = 5
RATING_SCALE: Final = tuple(range(LOWEST_RATING, HIGHEST_RATING + 1))
Rating = Annotated[int, Field(ge=LOWEST_RATING, le=HIGHEST_RATING, strict=True)]


class Ratings(Model):
    """What an answer is rated at, each item from 1 (weak) to 5 (strong); None where it was not rated."""

    length: Rating | None = None
    structure: Rating | None = None
    result: Rating | None = None
    delivery: Rating | None = None

    def of(self, item: RatedItem) -> int | None:
        """Return the rating of an item."""
        return {
            "length": self.length,
            "structure": self.structure,
            "result": self.result,
            "delivery": self.delivery,
        }[item]

    @property
    def is_empty(self) -> bool:
        """Whether no item was rated."""
        return all(self.of(item) is None for item in RATED_ITEMS)
