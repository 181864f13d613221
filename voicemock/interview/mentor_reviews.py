"""Imports what somebody else said of an answer: the file that the page of ``voicemock report --for-review`` saves.

Anybody may have written the file. It holds nothing but a name, ratings, texts and the places that they are about; which
words and which moment stand there is read from the transcript that is kept here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from voicemock.errors import ContentError, InputError, TranscriptFileError, UnknownNameError, reason_of
from voicemock.files import read_at_most
from voicemock.models import (
    LONGEST_COMMENT,
    LONGEST_QUOTE,
    LONGEST_REVIEWER,
    MOST_REVIEWS,
    Answer,
    MentorComment,
    MentorReview,
    SentAnswer,
    SentReview,
    Session,
    Transcript,
    hash_of_transcript,
    word_spans,
)
from voicemock.models.stories import visible_name
from voicemock.store.store import Store

KIND: Final = "voicemock-review"
"""What such a file says that it is."""
LARGEST_FILE: Final = 1 << 20
"""Bytes; a long review has about 20,000."""


class KeptReview(NamedTuple):
    """What was imported."""

    session: Session
    reviewer: str
    positions: tuple[int, ...]
    """Of the answers that it is about."""
    comments: int
    replaced: int
    """Reviews of the same person that it took the place of."""


def is_review(data: Any) -> bool:
    """Return whether parsed JSON says that it is a review."""
    return isinstance(data, dict) and data.get("kind") == KIND


def read_review(path: Path) -> SentReview:
    """Read a review.

    Raises:
        TranscriptFileError: The file is missing, unreadable or too large.
        ContentError: It is not a review.
    """
    try:
        return parse_review(read_at_most(path, LARGEST_FILE), str(path))
    except OSError as error:
        raise TranscriptFileError(f"{path} cannot be read: {error.strerror or error}.") from error


def parse_review(content: bytes, name: str) -> SentReview:
    """Return the review in a file.

    Args:
        content: The file.
        name: Stands in messages.

    Raises:
        TranscriptFileError: It is too large.
        ContentError: It is not a review.
    """
    if len(content) > LARGEST_FILE:
        raise TranscriptFileError(f"{name} cannot be read: it is larger than {LARGEST_FILE >> 20} MB.")
    try:
        text = content.decode("utf-8-sig")
        if not is_review(json.loads(text)):
            raise ContentError(
                f"{name} is not a review. Save one on the page that voicemock report --for-review writes."
            )
        sent = SentReview.model_validate_json(text, strict=True)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "file"
        raise ContentError(f"{name} is not a review: {where}: {reason_of(error.errors()[0])}.") from error
    except (ValueError, RecursionError) as error:
        raise ContentError(f"{name} is not JSON in UTF-8.") from error
    if not visible_name(sent.reviewer):
        raise ContentError(f"{name} does not say who wrote it.")
    positions = [each.position for each in sent.answers]
    if len(positions) != len(set(positions)):
        raise ContentError(f"{name} covers one answer twice.")
    return sent


def keep_review(store: Store, name: str, sent: SentReview, imported_at: datetime) -> KeptReview:
    """Keep a review beside the answers that it is about, in place of an earlier one by the same person.

    Args:
        store: Keeps the answers.
        name: Of the file; stands in messages.
        sent: The review.
        imported_at: Aware.

    Raises:
        InputError: Its session is not kept here, or it does not fit the answers. Nothing is kept then.
        StorageError: It cannot be kept.
    """
    session = _session(store, name, sent)
    answers = {answer.position: answer for answer in store.sessions.answers(session)}
    reviewed: list[tuple[Answer, tuple[MentorReview, ...]]] = []
    comments = replaced = 0
    for each in sent.answers:
        answer, review = _fitted(name, sent, each, answers.get(each.position), imported_at)
        if review.ratings.is_empty and not review.comments:
            continue
        others = tuple(kept for kept in answer.reviews if kept.key != review.key)
        if len(others) >= MOST_REVIEWS:
            raise InputError(f"{name}: answer {each.position} has {MOST_REVIEWS} reviews already, which is the limit.")
        reviewed.append((answer, (*others, review)))
        comments += len(review.comments)
        replaced += len(answer.reviews) - len(others)
    if not reviewed:
        raise InputError(f"{name} has neither a comment nor a rating. Nothing was imported.")
    store.sessions.keep_reviews(session, reviewed)
    positions = tuple(answer.position for answer, _ in reviewed)
    return KeptReview(session, visible_name(sent.reviewer)[:LONGEST_REVIEWER], positions, comments, replaced)


def _session(store: Store, name: str, sent: SentReview) -> Session:
    """Return the session that a review names by its whole id."""
    unknown = f"{name} is about a session that is not kept here."
    try:
        found = store.sessions.find(sent.session)
    except UnknownNameError as error:
        raise UnknownNameError(unknown) from error
    if found.id != sent.session:  # "last", the beginning of an id, a story
        raise UnknownNameError(unknown)
    return found


def _fitted(
    name: str, sent: SentReview, each: SentAnswer, answer: Answer | None, imported_at: datetime
) -> tuple[Answer, MentorReview]:
    """Return an answer with the review of it; its words and moments are those of the transcript."""
    if answer is None or answer.assessment is None:
        raise InputError(f"{name} is about answer {each.position} of session {sent.session}, which is not kept here.")
    transcript = answer.assessment.transcript
    if hash_of_transcript(transcript.text) != each.transcript_sha256:
        raise InputError(
            f"{name} does not match the words of answer {each.position}. Write a new page for it: "
            f"voicemock report {sent.session} --for-review"
        )
    comments = tuple(_placed(name, each, transcript))
    review = MentorReview(
        reviewer=visible_name(sent.reviewer)[:LONGEST_REVIEWER],
        imported_at=imported_at,
        transcript_sha256=each.transcript_sha256,
        ratings=each.ratings,
        comments=comments,
    )
    return answer, review


def _placed(name: str, each: SentAnswer, transcript: Transcript) -> Iterator[MentorComment]:
    """Yield the comments of a file in the order of the answer, but for empty ones."""
    spans = word_spans(transcript)
    for comment in sorted(each.comments, key=lambda comment: (comment.start_char, comment.end_char)):
        if not comment.start_char < comment.end_char <= len(transcript.text):
            raise InputError(f"{name}: a comment on answer {each.position} is about words outside of it.")
        if text := visible_name(comment.text)[:LONGEST_COMMENT]:
            yield MentorComment(
                start_char=comment.start_char,
                end_char=comment.end_char,
                start_s=_start_s(comment.start_char, transcript, spans),
                quote=quote_of(transcript.text[comment.start_char : comment.end_char]),
                text=text,
            )


def _start_s(start_char: int, transcript: Transcript, spans: Sequence[tuple[int, int]]) -> float | None:
    """Return when the word at a character begins, or the next; None without word times."""
    words = zip(transcript.words, spans, strict=True)
    return next((word.start_s for word, (start, end) in words if start >= 0 and end > start_char), None)


def quote_of(words: str) -> str:
    """Return words, or as many of the first as a quote has room for."""
    if len(words) <= LONGEST_QUOTE:
        return words
    return words[:LONGEST_QUOTE].rpartition(" ")[0] or words[:LONGEST_QUOTE]


def again(reviews: Sequence[MentorReview], transcript: Transcript) -> tuple[MentorReview, ...]:
    """Return reviews of an exported answer whose places fit its transcript, with the words and moments found there."""
    spans, text_hash = word_spans(transcript), hash_of_transcript(transcript.text)
    fitting = (review for review in reviews if review.transcript_sha256 == text_hash)
    found = {review.key: _again(review, transcript, spans) for review in fitting}
    return tuple(review for review in found.values() if review.comments or not review.ratings.is_empty)


def _again(review: MentorReview, transcript: Transcript, spans: Sequence[tuple[int, int]]) -> MentorReview:
    comments = []
    for each in review.comments:
        if each.start_char < each.end_char <= len(transcript.text) and (text := visible_name(each.text)):
            quote = quote_of(transcript.text[each.start_char : each.end_char])
            found = {"start_s": _start_s(each.start_char, transcript, spans), "quote": quote, "text": text}
            comments.append(each.model_copy(update=found))
    name = visible_name(review.reviewer) or "?"
    return review.model_copy(update={"comments": tuple(comments), "reviewer": name})
