"""Jobs a candidate prepares for: reads descriptions, finds their topics, and picks the questions they bring up."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from voicemock.analysis.topics import find_topics
from voicemock.content.questions import QuestionBank, slug_of
from voicemock.errors import DocumentError, UnknownNameError
from voicemock.files import read_at_most, refuse_special
from voicemock.models import LONGEST_JOB_TEXT, FoundTopic, Job, JobCard, Question
from voicemock.practice.pdf import read_pdf

LARGEST_FILE: Final = 20_000_000
"""Bytes. A job description takes well under a million; a scanned one takes a few million."""
SUFFIXES: Final = (".txt", ".md", ".pdf")
QUESTIONS_SHOWN: Final = 8
"""Questions on a job's card."""
MOST_WORDS: Final = 3
"""Most words of a topic that add to its weight: a long list of products is still one subject."""
LEAST: Final = 0.05
"""Weight of a question about none of the topics. It comes up only when nothing better is left."""
IN_TEXT: Final = 1.0
"""Added for each topic of the job that the question mentions."""
COMPANYS_OWN: Final = 2.0
OTHER_COMPANYS: Final = 0.3
CANDIDATES_OWN: Final = 1.5
"""Factors for questions of the job's company, of another company, and of the candidate's own."""
SAME_PILLAR_AGAIN: Final = 0.3
"""How much each drawn question counts against its pillar; against its competency it counts fully."""
_CHANCE: Final = (0.7, 1.0)
"""Range of the random factor of a weight, so that interviews for a job differ."""


def read_document(path: Path) -> str:
    """Return the text of a file as ``text_of_document`` does.

    Raises:
        DocumentError: It is missing, or its text cannot be read.
    """
    _refuse_kind(str(path))
    try:
        refuse_special(path)
        _refuse_size(str(path), path.stat().st_size)
        content = read_at_most(path, LARGEST_FILE)
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}.") from error
    return text_of_document(content, str(path))


def text_of_document(content: bytes, name: str) -> str:
    """Return the text of a document, with trimmed lines and at most one empty line in a row.

    Args:
        content: The file.
        name: Its name, which tells its kind.

    Raises:
        DocumentError: It is too large, encrypted, broken, without text, slow to read, or of an unknown kind.
    """
    _refuse_kind(name)
    _refuse_size(name, len(content))
    if _kind(name) == ".pdf":
        return tidy_text(read_pdf(content, name), name)
    try:
        return tidy_text(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{name} is not UTF-8 text (byte {error.start}). Save it as UTF-8 and try again."
        ) from error


def tidy_text(text: str, name: str) -> str:
    """Return a text with trimmed lines and at most one empty line in a row.

    Raises:
        DocumentError: It holds no word, or more than is kept.
    """
    lines = [" ".join(line.split()) for line in text.replace("\x00", "").splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    tidy = "\n".join(kept).strip()
    if not tidy:
        raise DocumentError(f"{name} contains no words.")
    if len(tidy) > LONGEST_JOB_TEXT:
        raise DocumentError(
            f"{name} has {len(tidy):,} characters; at most {LONGEST_JOB_TEXT:,} are kept. Remove what is not about "
            "the job."
        )
    return tidy


def _kind(name: str) -> str:
    return Path(name).suffix.lower()


def _refuse_kind(name: str) -> None:
    if _kind(name) not in SUFFIXES:
        raise DocumentError(f"{name}: only {', '.join(SUFFIXES)} files are read. Save it as one of them.")


def _refuse_size(name: str, size: float) -> None:
    if size > LARGEST_FILE:
        raise DocumentError(f"{name} has {size / 1e6:.0f} MB; at most {LARGEST_FILE / 1e6:.0f} MB are read.")


def company_of(bank: QuestionBank, name: str, company: str | None) -> tuple[str | None, str]:
    """Return the company of a job as the bank spells it, and a remark if no question is known to be its own.

    Args:
        bank: Knows the companies.
        name: Of the job, which may hold that of the company.
        company: As it was given; None where it was not.
    """
    known = {each for question in bank.questions for each in question.companies}
    if company is None:
        return next((word for word in slug_of(name).split("-") if word in known), None), ""
    try:
        return bank.company(company)[0], ""
    except UnknownNameError:
        given = slug_of(company)
        remark = f"No questions are known for {given}. Write some: voicemock questions add TEXT --company {given}"
        return given, remark


def card_of(job: Job, bank: QuestionBank) -> JobCard:
    """Return a job with its topics and likely questions."""
    questions = questions_for(job, bank, count=QUESTIONS_SHOWN, seed=0)
    return JobCard(job=job, topics=topics_of(job), questions=tuple(question.summary() for question in questions))


def topics_of(job: Job) -> tuple[FoundTopic, ...]:
    """Return the topics in a job's description and notes with their words, the most important first."""
    return find_topics(job.text)


def probe_topics(job: Job) -> frozenset[str]:
    """Return a job's topics in single lower-case words, as ``FollowUps.next_probe`` takes them."""
    texts = (text for topic in topics_of(job) for text in (topic.name, *topic.words))
    return frozenset(word for text in texts for word in re.findall(r"[a-z0-9]{2,}", text.lower()))


def questions_for(
    job: Job, bank: QuestionBank, *, count: int | None = None, seed: int | None = None
) -> tuple[Question, ...]:
    """Return the questions that a job brings up, the likeliest first and spread over its topics.

    The candidate's own questions and the company's come before others on the same topic.

    Args:
        job: The job to prepare for.
        bank: All questions.
        count: Most questions; all by default.
        seed: Makes the draw repeatable; None draws at random.
    """
    topics = topics_of(job)
    weights = _weights(topics)
    dice = random.Random(seed)  # noqa: S311 - it chooses questions, not keys
    worth = {
        question: _worth(question, weights, {topic.name for topic in topics}, job.company) * dice.uniform(*_CHANCE)
        for question in bank.questions
        if question.wants_a_whole_answer
    }
    return _spread(worth, len(worth) if count is None else count)


def _weights(topics: Sequence[FoundTopic]) -> dict[str, float]:
    """Return the weight of each competency. The first one of a topic is nearest to it."""
    weights: dict[str, float] = {}
    for topic in topics:
        for place, competency in enumerate(topic.competencies, start=1):
            weights[competency] = weights.get(competency, 0.0) + min(len(topic.words), MOST_WORDS) / place
    return weights


def _worth(question: Question, weights: Mapping[str, float], topics: set[str], company: str | None) -> float:
    worth = weights.get(question.competency, 0.0)
    if topics:
        worth += IN_TEXT * len(topics & _named_in(question.text))
    worth = max(worth, LEAST)
    if question.companies:
        worth *= COMPANYS_OWN if company in question.companies else OTHER_COMPANYS
    return worth * (CANDIDATES_OWN if question.own else 1.0)


@cache
def _named_in(text: str) -> frozenset[str]:
    """Return the topics that a question mentions. A whole bank takes a tenth of a second, once."""
    return frozenset(topic.name for topic in find_topics(text))


def _spread(worth: Mapping[Question, float], count: int) -> tuple[Question, ...]:
    """Return the best questions. Each draw lowers the worth of its competency and pillar."""
    left, drawn = dict(worth), list[Question]()
    competencies, pillars = Counter[str](), Counter[str]()
    while left and len(drawn) < count:
        best = max(
            left,
            key=lambda question: (
                left[question]
                / ((1 + competencies[question.competency]) * (1 + SAME_PILLAR_AGAIN * pillars[question.pillar]))
            ),
        )
        del left[best]
        drawn.append(best)
        competencies[best.competency] += 1
        pillars[best.pillar] += 1
    return tuple(drawn)
