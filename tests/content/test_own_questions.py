"""A candidate's own questions: only the text is needed, and they stand beside those of the bank."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from typer.testing import Result

from tests.commands import lines, voicemock
from voicemock.content.own_questions import add_own_question, general_advice, load_own_questions, own_id
from voicemock.content.questions import QuestionBank
from voicemock.errors import ContentError
from voicemock.models import FrameworkName, Question

TEXT = "Tell me about a time you told a vice president no."


@pytest.fixture
def folder(home: Path) -> Path:
    made = home / "questions"
    made.mkdir()
    return made


def own(folder: Path, text: str) -> tuple[Question, ...]:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return tuple(question for question, _ in load_own_questions(folder))


def questions(*arguments: str) -> Result:
    return voicemock("questions", *arguments)


def test_the_text_is_enough(folder: Path) -> None:
    (question,) = own(folder, f"- text: {TEXT}")
    assert question.text == TEXT
    assert (question.id, question.pillar, question.framework) == (
        "own-tell-me-about-a-time-you",
        "behavioral",
        "star",
    )
    assert (question.competency, question.companies, question.own) == ("own", (), True)
    assert question.strong_answer == general_advice()["star"].strong_answer
    assert (question.target_min_s, question.target_max_s) == (180, 240)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("pillar: program_sense", "framework", "triage"),
        ("pillar: system_design", "framework", "design"),
        ("framework: design", "pillar", "system_design"),
        ("framework: triage", "strong_answer", general_advice()["triage"].strong_answer),
        ("companies: Initech", "companies", ("initech",)),
        ("companies: [Initech, amazon]", "companies", ("initech", "amazon")),
        ("strong_answer: [a number, a decision]", "strong_answer", ("a number", "a decision")),
        ("id: the-no", "id", "the-no"),
        ("pillar:", "pillar", "behavioral"),
    ],
)
def test_what_is_said_is_kept_and_the_rest_follows_from_it(folder: Path, line: str, field: str, value: object) -> None:
    (question,) = own(folder, f"- text: {TEXT}\n  {line}\n")
    assert getattr(question, field) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXT, "own-tell-me-about-a-time-you"),
        ("What's your biggest weakness?", "own-whats-your-biggest-weakness"),
        ("Erzähl mir von Größe!", "own-erzahl-mir-von-groe"),
        ("最も困難だった決断は何ですか", "own"),
    ],
)
def test_an_id_is_made_of_the_first_words(text: str, expected: str) -> None:
    assert own_id(text) == expected


def test_equal_beginnings_are_numbered(folder: Path) -> None:
    found = own(folder, f"- text: {TEXT}\n- text: {TEXT} And why?\n- text: {TEXT} And then?\n")
    assert [question.id.removeprefix("own-tell-me-about-a-time-you") for question in found] == ["", "-2", "-3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- txt: Why did you leave?", r"mine\.yaml:1: 0\.text: Field required"),
        (f"- text: {TEXT}\n- text: Why?\n", r"mine\.yaml:2: 1\.text: String should have at least 10"),
        (f"- text: {TEXT}\n  pillar: fun\n", r"mine\.yaml:2: 0\.pillar: Input should be"),
        (f"- text: {TEXT}\n  target_min_s: 300\n", r"mine\.yaml:1: 0: .*below target_max_s"),
        (f"text: {TEXT}", r"mine\.yaml:1: file: Input should be a valid list"),
        ("- just words", r"mine\.yaml:1: 0: Input should be a valid dict"),
        ("- text: [", r"mine\.yaml"),
        (f"- text: {TEXT}\n  id: Not An Id\n", r"mine\.yaml:2: 0\.id"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(folder: Path, text: str, message: str) -> None:
    with pytest.raises(ContentError, match=message):
        own(folder, text)
    assert questions().exit_code == 1


def test_they_stand_in_the_bank_and_bring_their_company(folder: Path) -> None:
    own(folder, f"- text: {TEXT}\n  companies: [initech]\n  competency: candor\n")
    bank = QuestionBank.load()
    assert bank.get("own-tell-me-about-a-time-you").own
    assert [question.id for question in bank.select(company="Initech")] == ["own-tell-me-about-a-time-you"]
    assert bank.competency("Candor") == "candor"
    assert bank.company("initech") == ("initech", None)
    assert not any(question.own for question in bank.questions[:-1])


def test_an_id_of_the_bank_is_refused_with_both_files(folder: Path) -> None:
    own(folder, f"- text: {TEXT}\n  id: failed-program\n")
    with pytest.raises(ContentError, match=r"failed-program is in .*behavioral-general\.yaml and in .*mine\.yaml"):
        QuestionBank.load()


def test_no_question_of_ours_calls_itself_the_candidates(home: Path) -> None:
    ours = QuestionBank.load().questions
    assert not any(question.own or question.id.startswith("own-") for question in ours)


def test_every_framework_has_general_advice() -> None:
    assert set(general_advice()) == set(get_args(FrameworkName))


# --- the command -------------------------------------------------------------------------------------------


def test_one_is_added_listed_marked_and_shown(home: Path) -> None:
    assert "questions add" in questions("--own").stdout
    result = questions("add", TEXT, "--pillar", "Program-Sense", "--competency", "Risk Management", "--company", "Acme")
    assert result.exit_code == 0, result.output
    assert str(home / "questions" / "own.yaml") in "".join(result.stdout.split("\n"))
    (line,) = lines("questions", "--own")
    assert (line["own"], line["pillar"], line["competency"]) == (True, "program_sense", "risk-management")
    assert line["companies"] == ["acme"]
    assert lines("questions", "--company", "acme") == [line]
    for arguments in (("--own",), (line["id"],)):
        assert "your own" in questions(*arguments).stdout


def test_a_second_one_leaves_what_was_written_by_hand(home: Path) -> None:
    questions("add", TEXT)
    path = home / "questions" / "own.yaml"
    path.write_text(f"# mine\n{path.read_text(encoding='utf-8').rstrip()}", encoding="utf-8")
    assert questions("add", "Why do you want to work with us at all?").exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("# mine\n")
    assert len(lines("questions", "--own")) == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": "Why?"}, "text: String should have at least 10"),
        ({"text": TEXT, "level": "intern"}, "level: Input should be"),
        ({"text": TEXT.upper()}, "already contains that question, as own-tell"),
        ({}, "text: Field required"),
        ({"text": TEXT + " Why?", "companies": "caf\udce9"}, r"own\.yaml"),
    ],
)
def test_what_cannot_be_added_changes_nothing(folder: Path, fields: dict[str, object], message: str) -> None:
    own(folder, f"- text: {TEXT}")
    with pytest.raises(ContentError, match=message):
        add_own_question(folder, fields)
    assert [path.name for path in folder.iterdir()] == ["mine.yaml"]


def test_a_question_that_nobody_could_hear_is_refused_and_a_long_word_makes_a_short_id(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="keep it under 500 characters"):
        add_own_question(tmp_path, {"text": "w" * 600})
    assert not list(tmp_path.iterdir())
    assert len(add_own_question(tmp_path, {"text": "w" * 400}).id) == 60
