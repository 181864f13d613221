"""The rules by which the question bank chooses questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interviews import fixture_answer
from voicemock.content.questions import QuestionBank, slug_of, spelled, titled
from voicemock.errors import ContentError, UnknownNameError
from voicemock.models import Framework, Loop, LoopRound, Question


def question(
    question_id: str, pillar: str, competency: str, companies: tuple[str, ...] = (), level: str = "senior"
) -> Question:
    return Question.model_validate(
        {
            "id": question_id,
            "text": f"Tell me about {question_id}.",
            "pillar": pillar,
            "framework": "star",
            "competency": competency,
            "companies": companies,
            "level": level,
            "strong_answer": ["a number", "a decision"],
            "common_mistakes": ["no result"],
        }
    )


def loop(*rounds: LoopRound, company: str | None = None) -> Loop:
    return Loop(name="try-out", title="Try-out", summary="For a test.", company=company, minutes=30, rounds=rounds)


@pytest.fixture
def bank() -> QuestionBank:
    return QuestionBank(
        questions=(
            question("slip", "program_sense", "late-delivery"),
            question("slip-again", "program_sense", "late-delivery", level="mid"),
            question("cache", "system_design", "storage", level="staff"),
            question("customers", "behavioral", "customer-obsession", ("amazon",)),
            question("owner", "behavioral", "ownership", ("amazon",)),
            question("owner-mid", "behavioral", "ownership", ("amazon",), level="mid"),
            question("humble", "behavioral", "googleyness", ("google",)),
            question("quarrel", "behavioral", "conflict"),
        ),
        loops=(loop(LoopRound(title="Any", count=1)),),
    )


def ids(questions: tuple[Question, ...]) -> list[str]:
    return [each.id for each in questions]


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        ({"pillar": "program_sense"}, ["slip", "slip-again"]),
        ({"pillar": "Program-Sense"}, ["slip", "slip-again"]),
        ({"pillar": "program sense"}, ["slip", "slip-again"]),
        ({"competency": "late_delivery"}, ["slip", "slip-again"]),
        ({"competency": "LATE-DELIVERY"}, ["slip", "slip-again"]),
        ({"competency": "late-delivery", "level": "mid"}, ["slip-again"]),
        ({"level": "staff"}, ["cache"]),
        ({"company": "amazon"}, ["customers", "owner", "owner-mid"]),
        ({"company": "Amazon", "competency": "ownership"}, ["owner", "owner-mid"]),
        # Google has no question of its own on storage: the one asked everywhere stands in.
        ({"company": "google", "competency": "storage"}, ["cache"]),
    ],
)
def test_all_that_match_come_in_the_order_of_the_bank(
    bank: QuestionBank, asked_for: dict[str, str], expected: list[str]
) -> None:
    assert ids(bank.select(**asked_for)) == expected  # type: ignore[arg-type]


def test_without_conditions_the_whole_bank_matches(bank: QuestionBank) -> None:
    assert bank.select() == bank.questions


@pytest.mark.parametrize(
    ("asked_for", "message"),
    [
        ({"pillar": "execution"}, "no pillar 'execution'. Choose one of: behavioral, program_sense, system_design."),
        ({"competency": "ownershp"}, "no competency 'ownershp'. Did you mean ownership?"),
        ({"company": "initech"}, "no company 'initech'. Choose one of: amazon, google."),
        ({"level": "intern"}, "no level 'intern'. Choose one of: mid, senior, staff."),
        (
            {"pillar": "behavioral", "competency": "storage"},
            "pillar behavioral, competency storage. Competency storage comes with pillar system_design.",
        ),
        (
            {"company": "google", "competency": "customer-obsession"},
            "Competency customer-obsession comes with company amazon.",
        ),
    ],
)
def test_when_nothing_matches_the_message_says_what_there_is(
    bank: QuestionBank, asked_for: dict[str, str], message: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        bank.select(**asked_for)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_one_seed_draws_the_same_questions_again(bank: QuestionBank) -> None:
    assert bank.select(count=4, seed=7) == bank.select(count=4, seed=7)


def test_different_seeds_draw_differently(bank: QuestionBank) -> None:
    assert len({bank.select(count=4, seed=seed) for seed in range(20)}) > 1


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (3, 3), (8, 8), (50, 8)])
def test_never_more_than_asked_for_and_never_one_twice(bank: QuestionBank, count: int, expected: int) -> None:
    drawn = ids(bank.select(count=count, seed=1))
    assert len(drawn) == len(set(drawn)) == expected


@pytest.mark.parametrize("seed", range(5))
def test_questions_asked_everywhere_fill_up_after_the_companys_own(bank: QuestionBank, seed: int) -> None:
    drawn = ids(bank.select(company="amazon", count=5, seed=seed))
    assert set(drawn[:3]) == {"customers", "owner", "owner-mid"}
    assert set(drawn[3:]) < {"slip", "slip-again", "cache", "quarrel"}


@pytest.mark.parametrize("name", ["owner-mid", "Owner_Mid", "owner mid"])
def test_a_question_is_found_by_its_id_however_it_is_written(bank: QuestionBank, name: str) -> None:
    assert bank.get(name).id == "owner-mid"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("slip-agian", "There is no question 'slip-agian'. Did you mean slip-again"),
        ("xyzzy", "There is no question 'xyzzy'. Choose one of: "),
    ],
)
def test_an_unknown_id_is_answered_with_the_closest_ones(bank: QuestionBank, name: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        bank.get(name)
    assert str(caught.value).startswith(message)


def test_an_unknown_loop_is_answered_with_those_there_are(bank: QuestionBank) -> None:
    with pytest.raises(
        UnknownNameError, match=r"There is no loop 'tryout'\. Did you mean try-out\? Choose one of: try-out\."
    ):
        bank.for_loop("tryout")


def test_an_unknown_framework_is_answered_with_those_there_are() -> None:
    part = {"title": "Any", "spoken": "any part", "target_share_min": 0.1, "target_share_max": 0.9}
    part |= {"purpose": "To have a part.", "when_missing": "Say it.", "evidence": ["action"]}
    triage = Framework.model_validate(
        {
            "name": "triage",
            "title": "Triage",
            "summary": "Four steps.",
            "answers": "answers",
            "pillar": "program_sense",
            "judged_as": "triage",
            "parts": [part | {"name": n} for n in ("a", "b")],
        }
    )
    bank = QuestionBank(questions=(), frameworks=(triage,))
    assert bank.framework("Triage") is triage
    with pytest.raises(UnknownNameError, match=r"There is no framework 'triag'\. Did you mean triage\?"):
        bank.framework("triag")


def test_rounds_come_in_order_and_no_question_twice(bank: QuestionBank) -> None:
    asked = loop(
        LoopRound(title="Stories", count=3, pillar="behavioral"),
        LoopRound(title="Programs", count=2, pillar="program_sense"),
        LoopRound(title="More stories", count=2, pillar="behavioral"),
    )
    for seed in range(10):
        drawn = bank.for_loop(asked, seed=seed)
        assert [each.pillar for each in drawn] == ["behavioral"] * 3 + ["program_sense"] * 2 + ["behavioral"] * 2
        assert len(set(ids(drawn))) == 7


def test_a_rounds_named_questions_come_first_and_are_kept_out_of_earlier_rounds(bank: QuestionBank) -> None:
    asked = loop(
        LoopRound(title="Anything", count=3, pillar="behavioral"),
        LoopRound(title="Named", count=2, pillar="behavioral", question_ids=("quarrel",)),
    )
    for seed in range(10):
        drawn = ids(bank.for_loop(asked, seed=seed))
        assert "quarrel" not in drawn[:3]
        assert drawn[3] == "quarrel"


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("company", "count", "expected"),
    [
        ("amazon", 3, {"customers", "owner", "quarrel"}),  # one a competency before a second on ownership
        ("amazon", 2, {"customers", "owner"}),
        ("google", 2, {"humble", "quarrel"}),
        (None, 1, {"quarrel"}),
    ],
)
def test_a_round_prefers_the_loops_company_and_falls_back_to_general_questions(
    bank: QuestionBank, company: str | None, count: int, expected: set[str], seed: int
) -> None:
    asked = loop(LoopRound(title="Stories", count=count, pillar="behavioral"), company=company)
    drawn = {each.id.removesuffix("-mid") for each in bank.for_loop(asked, seed=seed)}
    assert drawn == expected


@pytest.mark.parametrize("seed", range(5))
def test_a_round_spreads_over_its_competencies(bank: QuestionBank, seed: int) -> None:
    asked = loop(LoopRound(title="Both", count=2, competencies=("ownership", "Customer_Obsession")), company="amazon")
    assert {each.competency for each in bank.for_loop(asked, seed=seed)} == {"ownership", "customer-obsession"}


@pytest.mark.parametrize(
    ("count", "pillars"),
    [
        (1, ["behavioral"]),
        (2, ["behavioral", "program_sense"]),
        (3, ["behavioral", "behavioral", "program_sense"]),
        (99, ["behavioral"] * 3 + ["program_sense"] * 1),
    ],
)
def test_a_shortened_loop_keeps_something_of_every_round(bank: QuestionBank, count: int, pillars: list[str]) -> None:
    asked = loop(
        LoopRound(title="Stories", count=3, pillar="behavioral"),
        LoopRound(title="Programs", count=1, pillar="program_sense"),
    )
    assert [each.pillar for each in bank.for_loop(asked, seed=3, count=count)] == pillars


def test_one_seed_fills_a_loop_the_same_way_again(bank: QuestionBank) -> None:
    asked = loop(LoopRound(title="Any", count=4))
    assert bank.for_loop(asked, seed=5) == bank.for_loop(asked, seed=5)
    assert len({bank.for_loop(asked, seed=seed) for seed in range(20)}) > 1


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (LoopRound(title="Deep", count=3, pillar="system_design"), 'asks 3 questions in "Deep", but only 1 fit'),
        (LoopRound(title="Deep", count=1, question_ids=("cachee",)), "Did you mean cache"),
        (LoopRound(title="Deep", count=1, competencies=("storrage",)), "Did you mean storage"),
    ],
)
def test_a_loop_that_cannot_be_filled_says_which_round(bank: QuestionBank, block: LoopRound, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        bank.for_loop(loop(block))
    assert message in str(caught.value)


def test_one_id_in_two_files_is_refused_with_both_names(tmp_path: Path) -> None:
    folder = tmp_path / "questions"
    folder.mkdir()
    one = """\
- id: twice
  text: Tell me about a story told twice.
  pillar: behavioral
  framework: star
  competency: failure
  strong_answer: [a number, a decision]
  common_mistakes: [no result]
"""
    for name in ("first.yaml", "second.yaml"):
        (folder / name).write_text(one, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        QuestionBank.load(tmp_path)
    assert str(folder / "first.yaml") in str(caught.value)
    assert str(folder / "second.yaml") in str(caught.value)


@pytest.mark.parametrize("kind", ["follow_up", "ask_back"])
def test_a_reply_is_held_against_no_framework(kind: str) -> None:
    bank = QuestionBank.load()
    answer = fixture_answer("strong-story")
    reply = answer.question.model_copy(update={"kind": kind})
    assert bank.framework_of(answer.assessment, answer.question).name == "star"
    assert bank.framework_of(answer.assessment, reply) is None


@pytest.mark.parametrize(
    ("name", "written", "title"),
    [
        ("bias-for-action", "bias for action", "Bias for action"),
        ("ai-safety", "AI safety", "AI safety"),
        ("real-time-systems", "real-time systems", "Real-time systems"),
        (
            "strive-to-be-earths-best-employer",
            "Strive to be Earth's Best Employer",
            "Strive to be Earth's Best Employer",
        ),
    ],
)
def test_a_name_is_written_as_people_write_it_and_found_by_that(name: str, written: str, title: str) -> None:
    assert (spelled(name), titled(name)) == (written, title)
    assert slug_of(written) == slug_of(title) == name


def test_every_competency_is_found_by_its_title() -> None:
    bank = QuestionBank.load()
    for name in {question.competency for question in bank.questions}:
        assert bank.competency(titled(name)) == name
