"""A review of an answer by somebody else: comments at its moments, and ratings."""

from __future__ import annotations

import hashlib
from typing import Final, Literal

from pydantic import AwareDatetime, Field

from voicemock.models.ratings import Ratings
from voicemock.models.transcript import SCHEMA_VERSION, Model

LONGEST_REVIEWER: Final = 60
"""Characters of a name."""
LONGEST_COMMENT: Final = 2000
"""Characters."""
MOST_COMMENTS: Final = 200
"""Comments on one answer; four minutes have about 30 sentences."""
MOST_REVIEWS: Final = 20
"""Reviews of one answer."""
LONGEST_QUOTE: Final = 300
"""Characters of the words that a comment quotes."""
_MOST_ANSWERS: Final = 99
_HASH: Final = r"^[0-9a-f]{64}$"
_LARGEST_OFFSET: Final = 10_000_000


class MentorComment(Model):
    """A comment on words of an answer."""

    start_char: int = Field(ge=0)
    """First character of these words in the transcript."""
    end_char: int = Field(ge=0)
    start_s: float | None = None
    """When they begin; None without word times."""
    quote: str = Field(max_length=LONGEST_QUOTE)
    """These words, or the first of them."""
    text: str = Field(min_length=1, max_length=LONGEST_COMMENT)


class MentorReview(Model):
    """What one person says of an answer."""

    reviewer: str = Field(min_length=1, max_length=LONGEST_REVIEWER)
    """The name that this person gave."""
    imported_at: AwareDatetime
    transcript_sha256: str = Field(pattern=_HASH)
    """Of the transcript that was commented on. A new transcription may have other words."""
    ratings: Ratings = Ratings()
    comments: tuple[MentorComment, ...] = Field(default=(), max_length=MOST_COMMENTS)
    """In the order of the answer."""

    @property
    def key(self) -> str:
        """The same for all spellings of a name by capitals."""
        return self.reviewer.casefold()


class SentComment(Model):
    """A comment in a file that somebody else saved."""

    start_char: int = Field(ge=0, le=_LARGEST_OFFSET)
    end_char: int = Field(ge=0, le=_LARGEST_OFFSET)
    text: str = Field(min_length=1, max_length=LONGEST_COMMENT)


class SentAnswer(Model):
    """The comments on one answer in such a file."""

    position: int = Field(ge=1, le=_MOST_ANSWERS)
    transcript_sha256: str = Field(pattern=_HASH)
    ratings: Ratings = Ratings()
    comments: tuple[SentComment, ...] = Field(default=(), max_length=MOST_COMMENTS)


class SentReview(Model):
    """The file that the page for a reviewer saves. Anybody may have written it."""

    kind: Literal["voicemock-review"]
    schema_version: Literal[1] = SCHEMA_VERSION
    session: str = Field(min_length=1, max_length=60)
    reviewer: str = Field(min_length=1, max_length=LONGEST_REVIEWER)
    answers: tuple[SentAnswer, ...] = Field(min_length=1, max_length=_MOST_ANSWERS)


def hash_of_transcript(text: str) -> str:
    """Return the SHA-256 of a transcript's text, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
