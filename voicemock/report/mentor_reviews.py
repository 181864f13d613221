"""What other people said about an answer, in words: for the page, an export and the terminal.

Their texts are data: they reach a page through autoescaping templates alone, and a terminal without control codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from voicemock.coaching.spoken_numbers import clock, counted
from voicemock.models import RATED_ITEMS, MentorComment, MentorReview, Ratings, ReviewedAnswer
from voicemock.report.own_view import RATED
from voicemock.report.safe_text import one_line, printable
from voicemock.report.terminal import show_heading, show_indented, sign_grid

TITLE: Final = "What others said"
REVIEWED: Final = "The review is saved with the answers it is about."


class CommentView(NamedTuple):
    """A comment; every text is printable and on one line."""

    words: str
    """The words of the answer that it is about."""
    text: str
    position: int
    """Of the answer."""
    start_s: float | None

    @property
    def moment(self) -> str:
        """Return when the words were said; empty if that is not known."""
        return clock(self.start_s) if self.start_s is not None else ""


class ReviewView(NamedTuple):
    """What one person said about an answer."""

    reviewer: str
    position: int
    ratings: str
    """"Length 4, result 2, of 5"; empty where nothing was rated."""
    comments: tuple[CommentView, ...]


def review_views(reviews: Iterable[MentorReview], position: int) -> tuple[ReviewView, ...]:
    """Return the reviews of an answer in words."""
    return tuple(_view(review, position) for review in reviews)


def views_of(reviewed: Iterable[ReviewedAnswer]) -> tuple[ReviewView, ...]:
    """Return the reviews of several answers in words."""
    return tuple(_view(each.review, each.position) for each in reviewed)


def _view(review: MentorReview, position: int) -> ReviewView:
    comments = tuple(_comment(comment, position) for comment in review.comments)
    return ReviewView(one_line(review.reviewer), position, rated(review.ratings), comments)


def _comment(comment: MentorComment, position: int) -> CommentView:
    return CommentView(one_line(comment.quote), one_line(comment.text), position, comment.start_s)


def rated(ratings: Ratings) -> str:
    """Return ratings in words: "Length 4 of 5, structure 3 of 5"; empty where nothing was rated."""
    values = ((RATED[item].title, ratings.of(item)) for item in RATED_ITEMS)
    return ", ".join(f"{title} {value} of 5" for title, value in values if value is not None).capitalize()


def imported_text(reviewer: str, positions: Iterable[int], comments: int, replaced: int) -> str:
    """Return what became of a review: "3 comments of Dana Fox on answers 1, 2; an earlier review was replaced"."""
    numbers = [str(position) for position in positions]
    answers = f"answer{'' if len(numbers) == 1 else 's'} {', '.join(numbers)}"
    said = counted(comments, "comment") if comments else "ratings"
    before = "; it replaces what the same person said before" if replaced else ""
    return f"{said} by {printable(reviewer)} on {answers}{before}"


def show_reviews(console: Console, views: Iterable[ReviewView], *, with_position: bool = False) -> None:
    """Show what other people said, each comment after the words it is about.

    Args:
        console: Where to write.
        views: The reviews; nothing is shown where there is none.
        with_position: Say of which answer.
    """
    shown = tuple(views)
    if shown:
        show_heading(console, TITLE)
    for view in shown:
        place = f", answer {view.position}" if with_position else ""
        show_indented(console, Text(f"{view.reviewer}{place}", style="bold"))
        if view.ratings:
            show_indented(console, Text(view.ratings))
        table = sign_grid()
        for comment in view.comments:
            moment = f" ({comment.moment})" if comment.moment else ""
            table.add_row(Text("-"), Text(comment.text))
            table.add_row("", Text(f'"{comment.words}"{moment}', style="italic dim"))
        if view.comments:
            show_indented(console, table)
