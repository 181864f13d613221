"""What a text speaks of, by the words of ``prompts/topics.yaml``: a guess that shows the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from voicemock.content import load_yaml, prompts_folder
from voicemock.models import FoundTopic, Topic


@cache
def load_topics() -> tuple[Topic, ...]:
    """Return the topics of the data file.

    Raises:
        ContentError: It breaks its schema.
    """
    return load_yaml(prompts_folder() / "topics.yaml", tuple[Topic, ...])


def find_topics(text: str, topics: Iterable[Topic] | None = None) -> tuple[FoundTopic, ...]:
    """Return the topics that a text speaks of, the one with most different words, then most mentions, first.

    Args:
        text: Prose or a list, in any case.
        topics: Those of the data file by default.

    Raises:
        ContentError: The data file breaks its schema.
    """
    found = []
    for topic in load_topics() if topics is None else topics:
        words = [" ".join(match[0].split()) for match in _pattern(topic.words).finditer(text)]
        if words:
            distinct = {word.lower().replace("-", " "): word for word in reversed(words)}
            found.append(
                FoundTopic(
                    name=topic.name,
                    title=topic.title,
                    competencies=topic.competencies,
                    words=tuple(reversed(distinct.values())),
                    mentions=len(words),
                )
            )
    return tuple(sorted(found, key=lambda topic: (-len(topic.words), -topic.mentions)))


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of the words, the longest first, as words of their own."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w/])(?:{'|'.join(map(_expression, longest_first))})(?!\w)", re.IGNORECASE)


def _expression(word: str) -> str:
    stem, begins = (word[:-1], r"\w*") if word.endswith("*") else (word, "")
    return r"(?:\s+|-)".join(map(re.escape, stem.split(" "))) + begins
