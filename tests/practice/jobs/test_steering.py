"""Topics of a job, and the questions that it brings up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.content.test_questions import question
from voicemock.content.questions import QuestionBank
from voicemock.content.yaml_files import prompts_folder
from voicemock.models import Job
from voicemock.practice.jobs import probe_topics, questions_for, topics_of

BANK = QuestionBank.load(prompts_folder())

SMALL = QuestionBank(
    questions=(
        question("queue", "system_design", "messaging"),
        question("move", "program_sense", "migrations"),
        question("move-again", "program_sense", "migrations"),
        question("owner", "behavioral", "ownership", ("amazon",)),
        question("humble", "behavioral", "googleyness", ("google",)),
        question("pressure", "behavioral", "pressure"),
    )
)


def job(description: str, *, notes: str = "", company: str | None = None) -> Job:
    return Job.named(
        "A job", description=description, notes=notes, company=company, added_at=datetime(2026, 11, 24, tzinfo=UTC)
    )


def first(of: Job, bank: QuestionBank, count: int, seed: int = 1) -> list[str]:
    return [each.id for each in questions_for(of, bank, count=count, seed=seed)]


def test_description_and_notes_are_read_with_the_words_that_show_it() -> None:
    found = {
        topic.name: topic.words for topic in topics_of(job("Own our Kafka clusters.", notes="They like frugality."))
    }
    assert found["messaging"] == ("Kafka",)
    assert found["thrift"] == ("frugality",)


def test_follow_ups_get_single_words_of_lower_case() -> None:
    words = probe_topics(job("Lead the move of a Load-Balancer fleet; event-driven CI/CD."))
    assert {"event", "driven", "ci", "cd", "releases", "messaging"} <= words
    assert all(word == word.lower() and " " not in word for word in words)
    assert probe_topics(job("Nothing that we know.")) == frozenset()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("description", "company", "count", "expected"),
    [
        ("Kafka, and migrating to it.", None, 2, {"queue", "move|move-again"}),
        ("Migrating, cutover, legacy, Kafka.", None, 3, {"queue", "move", "move-again"}),
        ("High pressure.", None, 1, {"pressure"}),
        ("Ownership.", "amazon", 1, {"owner"}),
        ("Ownership, humility, high pressure.", "amazon", 2, {"owner", "pressure"}),  # not Google's own
    ],
)
def test_questions_on_the_topics_come_first(
    description: str, company: str | None, count: int, expected: set[str], seed: int
) -> None:
    drawn = first(job(description, company=company), SMALL, count, seed)
    assert len(drawn) == count
    assert all(any(each in names.split("|") for names in expected) for each in drawn)


def test_the_candidates_own_question_comes_before_others_on_its_topic() -> None:
    own = question("mine", "program_sense", "migrations").model_copy(update={"own": True})
    bank = QuestionBank(questions=(*SMALL.questions, own))
    firsts = Counter(first(job("Migrations."), bank, 1, seed)[0] for seed in range(20))
    assert firsts == {"mine": 20}


def test_follow_ups_and_asking_back_are_no_questions_of_a_job() -> None:
    back = question("back", "behavioral", "pressure").model_copy(update={"kind": "ask_back"})
    assert "back" not in first(job("Pressure."), QuestionBank(questions=(*SMALL.questions, back)), 99)


def test_nothing_known_still_gives_questions_and_never_one_twice() -> None:
    drawn = first(job("Lorem ipsum."), SMALL, 99)
    assert len(drawn) == len(set(drawn)) == len(SMALL.questions)


def test_one_seed_draws_the_same_and_others_do_not() -> None:
    posting = job("Kafka, migrations, reliability, vendors, ambiguity, stakeholders and risk.")
    assert first(posting, BANK, 8, 3) == first(posting, BANK, 8, 3)
    assert len({tuple(first(posting, BANK, 8, seed)) for seed in range(10)}) > 5


POSTINGS = {
    "Lead vendor programs: suppliers, procurement, contractors.": "vendor-management",
    "Own reliability: SLOs, failover and disaster recovery.": "reliability",
    "Run migrations off the monolith: cutover and decommissioning.": "migrations",
    "Privacy and security: GDPR, identity, encryption.": "identity-and-privacy",
    "Influence without authority; build consensus and buy-in.": "influence",
}


@pytest.mark.parametrize("posting", POSTINGS)
def test_of_our_questions_those_on_the_subject_come_up(posting: str) -> None:
    for seed in range(5):
        drawn = questions_for(job(posting), BANK, count=4, seed=seed)
        assert POSTINGS[posting] in {each.competency for each in drawn}, [each.id for each in drawn]


def test_a_company_is_asked_for_by_its_own_questions() -> None:
    posting = job("Ownership, bias for action, dive deep, customers and frugality.", company="amazon")
    drawn = questions_for(posting, BANK, count=6, seed=1)
    assert sum("amazon" in each.companies for each in drawn) >= 4
    assert not any(each.companies and "amazon" not in each.companies for each in drawn)
