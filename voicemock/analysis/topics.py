"""Guesses the topics of a text by the words of ``prompts/topics.yaml``, and shows the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from voicemock.analysis.phrasebook import Phrasebook, PhraseRule
from voicemock.analysis.spoken_text import SpokenWord, Statement
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import FoundTopic, Sentence, Topic

_RUN: Final = re.compile(r"\w+(?:(?:\s+|[-/])\w+)*")
_WORD: Final = re.compile(r"\w+")


@cache
def load_topics() -> tuple[Topic, ...]:
    """Return the topics of the data file."""
    return load_yaml(prompts_folder() / "topics.yaml", tuple[Topic, ...])


def find_topics(text: str, topics: Iterable[Topic] | None = None) -> tuple[FoundTopic, ...]:
    """Return the topics of a text, those of the data file by default.

    The topic with most different words comes first, then the one with most mentions.
    """
    known = load_topics() if topics is None else tuple(topics)
    mentions: dict[str, list[str]] = {}
    for statement in _runs(text):
        taken: dict[str, int] = {}
        for rule, first, last in _book(known).find_all(statement):
            start, end = statement.words[first].start_char, statement.words[last].end_char
            if first > taken.get(rule.name, -1) and text[max(0, start - 1) : start] != "/":  # an address, or "and/or"
                taken[rule.name] = last
                mentions.setdefault(rule.name, []).append(" ".join(text[start:end].split()))
    found = [_found(topic, mentions[topic.name]) for topic in known if topic.name in mentions]
    return tuple(sorted(found, key=lambda topic: (-len(topic.words), -topic.mentions)))


def _found(topic: Topic, words: list[str]) -> FoundTopic:
    distinct = {re.sub("[-/]", " ", word.lower()): word for word in reversed(words)}
    return FoundTopic(
        name=topic.name,
        title=topic.title,
        competencies=topic.competencies,
        words=tuple(reversed(distinct.values())),
        mentions=len(words),
    )


@cache
def _book(topics: tuple[Topic, ...]) -> Phrasebook:
    rules = ((topic.name, tuple(word.replace("/", " ") for word in topic.words)) for topic in topics)
    return Phrasebook([PhraseRule(name=name, phrases=phrases) for name, phrases in rules], {})


def _runs(text: str) -> Iterator[Statement]:
    """Yield the words between which nothing but spaces, a hyphen or a slash stands, as statements."""
    for run in _RUN.finditer(text):
        words = (
            SpokenWord(word[0].lower(), word.start(), word.end(), 0)
            for word in _WORD.finditer(text, run.start(), run.end())
        )
        yield Statement(Sentence(text=run[0], start_char=run.start(), end_char=run.end()), tuple(words))
