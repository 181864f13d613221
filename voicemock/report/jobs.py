"""A job in words: what it is about, by which of its words, and what is asked before it is replaced or deleted."""

from __future__ import annotations

from typing import Final

from voicemock.models import FoundTopic, Job, JobCard
from voicemock.report.safe_text import printable

TOPICS_IN_LIST: Final = 4
WORDS_SHOWN: Final = 8
"""Words of a topic that are shown; there may be many more."""

ABOUT: Final = "What it is about, judging by its words"
COMES_UP: Final = "Questions that come up"
NO_TOPIC: Final = "None of its words point to a topic we know, so the questions are the same as without it."
NOTHING_KNOWN: Final = "nothing we know"
GONE: Final = "It has been deleted."


def mostly_about(card: JobCard) -> str:
    """Return the first topics of a job in a line."""
    return ", ".join(topic.title.lower() for topic in card.topics[:TOPICS_IN_LIST]) or NOTHING_KNOWN


def sizes_of(job: Job) -> str:
    """Return how much is known of a job: "412 words of description, 20 words of notes"."""
    texts = (("description", job.description), ("notes", job.notes))
    return ", ".join(f"{len(text.split()):,} words in the {what}" for what, text in texts if text)


def words_of(topic: FoundTopic) -> str:
    """Return the words of a job that point to a topic."""
    words = ", ".join(map(printable, topic.words[:WORDS_SHOWN]))
    more = f" and {len(topic.words) - WORDS_SHOWN} more" if len(topic.words) > WORDS_SHOWN else ""
    return f"{words}{more}"


def asks_to_replace(job: Job) -> str:
    """Return the question before a job of the same name is replaced."""
    return f"There is a job {job.slug} already. Replace it?"


def asks_to_delete(job: Job) -> str:
    """Return the question before a job is deleted."""
    return f"Delete the job {printable(job.name)!r}? This cannot be undone."
