"""The topics of a text, and the words that show them."""

from __future__ import annotations

import pytest

from voicemock.analysis.topics import find_topics, load_topics
from voicemock.content.questions import QuestionBank
from voicemock.content.yaml_files import prompts_folder
from voicemock.models import Topic

QUEUES = Topic(name="queues", title="Queues", competencies=("messaging",), words=("kafka", "dead letter", "pub/sub"))
MOVES = Topic(name="moves", title="Moves", competencies=("migrations",), words=("migrat*", "on prem"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We ran Kafka.", {"queues": ("Kafka",)}),
        ("KAFKA, kafka and Kafka", {"queues": ("KAFKA",)}),
        ("a dead-letter queue", {"queues": ("dead-letter",)}),
        ("a dead\n   letter queue", {"queues": ("dead letter",)}),
        ("Pub/Sub or Kafka", {"queues": ("Pub/Sub", "Kafka")}),
        ("migrating, migrated, a migration", {"moves": ("migrating", "migrated", "migration")}),
        ("immigration", {}),
        ("kafkaesque", {}),
        ("on premises", {}),
        ("Kafka, migrated twice on-prem", {"moves": ("migrated", "on-prem"), "queues": ("Kafka",)}),
        ("", {}),
    ],
)
def test_words_are_found_as_words(text: str, words: dict[str, tuple[str, ...]]) -> None:
    found = find_topics(text, (QUEUES, MOVES))
    assert {topic.name: topic.words for topic in found} == words
    assert [topic.name for topic in found] == list(words)


def test_every_competency_of_the_bank_has_words_and_no_topic_names_another() -> None:
    asked = {question.competency for question in QuestionBank.load(prompts_folder()).questions}
    assert {competency for topic in load_topics() for competency in topic.competencies} == asked


def test_topics_and_their_words_are_written_once_in_lower_case() -> None:
    names = [topic.name for topic in load_topics()]
    assert len(names) == len(set(names))
    for topic in load_topics():
        assert len(set(topic.words)) == len(topic.words), topic.name
        assert all(word == word.lower() == " ".join(word.split()) and "-" not in word for word in topic.words)


def test_a_long_hostile_text_is_read_in_a_moment() -> None:
    assert find_topics("dead " * 50_000 + " \n" * 50_000) == ()
