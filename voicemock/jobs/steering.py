"""What a job is about, and which questions and follow-ups it brings up."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from voicemock.models import FoundTopic, Job, JobCard, Question
from voicemock.questions import QuestionBank
from voicemock.topics import find_topics

QUESTIONS_SHOWN: Final = 8
"""Questions that a job's card names."""

MOST_WORDS: Final = 3
"""Different words of a topic that add to its weight: a long list of products is still one subject."""

LEAST: Final = 0.05
"""Weight of a question that is on none of the topics: it comes up when nothing better is left."""

IN_TEXT: Final = 1.0
"""Added for each topic of the job that the question itself speaks of."""

COMPANYS_OWN: Final = 2.0
OTHER_COMPANYS: Final = 0.3
CANDIDATES_OWN: Final = 1.5
"""What the weight is multiplied by for questions the company is known for, another is, or the candidate wrote."""

SAME_PILLAR_AGAIN: Final = 0.3
"""How much a pillar that was drawn already counts against another question of it; a competency counts fully."""

_CHANCE: Final = (0.7, 1.0)
"""What chance multiplies a weight by, so that not every interview for a job is the same."""


def card_of(job: Job, bank: QuestionBank) -> JobCard:
    """Return a job with its topics and the questions that would come up."""
    questions = questions_for(job, bank, count=QUESTIONS_SHOWN, seed=0)
    return JobCard(job=job, topics=topics_of(job), questions=tuple(question.summary() for question in questions))


def topics_of(job: Job) -> tuple[FoundTopic, ...]:
    """Return what a job's description and notes speak of, the most important topic first, with the words.

    Raises:
        ContentError: The data file of the topics breaks its schema.
    """
    return find_topics(job.text)


def probe_topics(job: Job) -> frozenset[str]:
    """Return what a job is about in single words of lower case: what ``FollowUps.next_probe`` takes.

    Raises:
        ContentError: The data file of the topics breaks its schema.
    """
    texts = (text for topic in topics_of(job) for text in (topic.name, *topic.words))
    return frozenset(word for text in texts for word in re.findall(r"[a-z0-9]{2,}", text.lower()))


def questions_for(
    job: Job, bank: QuestionBank, *, count: int | None = None, seed: int | None = None
) -> tuple[Question, ...]:
    """Return the questions that a job brings up, the likeliest first: on its topics, spread over them.

    The candidate's own questions and the company's come before others on the same topic.

    Args:
        job: What is prepared for.
        bank: All that can be asked.
        count: How many; all by default.
        seed: The same one draws the same; None draws at random.

    Raises:
        ContentError: The data file of the topics breaks its schema.
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
    """Return how much each competency is asked for; the first of a topic is nearest to it."""
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
    """Return the topics that a question speaks of; a bank of questions takes a tenth of a second, once."""
    return frozenset(topic.name for topic in find_topics(text))


def _spread(worth: Mapping[Question, float], count: int) -> tuple[Question, ...]:
    """Return the worthiest questions, each competency and pillar worth less the more often it was drawn."""
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
