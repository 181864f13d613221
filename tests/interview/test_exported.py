"""Importing exported sessions: sound ones come back, implausible ones are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.commands import voicemock
from tests.interviews import STARTED, fixture_answer, keep
from voicemock.coaching.follow_ups import FollowUps
from voicemock.content.own_questions import general_advice
from voicemock.content.styles import load_style
from voicemock.errors import ContentError, TranscriptFileError
from voicemock.interview.agenda import ask_back_question
from voicemock.interview.imports import LARGEST_FILE, MOST_CHARACTERS, read_exported
from voicemock.interview.interview import report_of
from voicemock.models import Answer, Session
from voicemock.store.store import Store

ADVICE = general_advice()["star"].model_dump()
STORY = "Our launch was late. I cut the scope. We shipped and cut tickets by 40 percent."


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which files are imported, whatever the clock says."""
    monkeypatch.setattr("voicemock.cli.import_files.today", lambda: date(2026, 11, 30))


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A session as the export writes it."""
    session = Session(id="20261124-091500-7f3a", started_at=STARTED, voicemock_version="0.1.0")
    answers = (fixture_answer("too-short"), fixture_answer("triage-answer", 2))
    path = tmp_path / "session.json"
    path.write_text(report_of(session, answers).model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def level(home: Path, tmp_path: Path) -> Path:
    """One that all that is installed here measured, as an import is."""
    keep(home / "data", fixture_answer("too-short"), fixture_answer("triage-answer", 2))
    voicemock("reanalyze", "--again")
    path = Path(voicemock("export", "--format", "json", "--to", tmp_path).stdout.strip())
    voicemock("delete", "--everything", "--yes")
    return path


def test_a_session_comes_back_as_it_was_but_for_its_sound(level: Path) -> None:
    result = voicemock("import", level)
    assert result.exit_code == 0, result.output
    assert "failed-program, " in result.stdout
    before, after = json.loads(level.read_text("utf-8")), json.loads(voicemock("show", "--json").stdout)
    for session in (before["session"], after["session"]):
        session |= {"id": "", "ended_at": "", "voicemock_version": ""}
    assert after["session"] == before["session"]
    for old, new in zip(before["answers"], after["answers"], strict=True):
        for name in ("question", "transcript", "timings", "status", "feedback"):
            assert new[name] == old[name]
        assert new["analysis"] == old["analysis"]
        assert new["source"] == str(level)
    assert voicemock("play").exit_code == 1


def test_a_candidates_own_view_comes_back_and_is_checked(exported: Path, home: Path) -> None:
    own = {"length": 4, "structure": None, "result": 5, "delivery": 1}
    assert voicemock("import", changed(exported, lambda d: first(d).update(self_rating=own))).exit_code == 0
    with Store(home / "data") as store:
        ratings = [answer.self_rating for answer in store.sessions.answers(store.sessions.find())]
    assert [rating and rating.model_dump() for rating in ratings] == [own, None]


@pytest.mark.parametrize("bad", [{"length": 6}, {"length": "5"}, {"charm": 5}, {"length": True}, [5], "5"])
def test_a_rating_that_cannot_be_is_refused(exported: Path, home: Path, bad: object) -> None:
    result = voicemock("import", changed(exported, lambda d: first(d).update(self_rating=bad)))
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr


def test_a_session_of_an_older_voicemock_has_no_ratings(exported: Path, home: Path) -> None:
    def older(document: Any) -> None:
        for answer in document["answers"]:
            del answer["self_rating"]

    assert voicemock("import", changed(exported, older)).exit_code == 0


def test_a_story_comes_back_to_its_takes(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    for day in ("2026-02-27", "2026-02-28"):
        voicemock("import", tmp_path / "a.txt", "--story", "Kafka", "--framework", "triage", "--date", day)
    path = Path(voicemock("export", "--format", "json", "--to", tmp_path).stdout.strip())
    voicemock("delete", path.stem, "--yes")
    result = voicemock("import", path)
    assert "take 2 of Kafka" in result.stdout
    with Store(home / "data") as store:
        assert [take.answer.assessment.analysis.structure.framework for take in store.takes.all()] == ["triage"] * 2


def test_what_is_kept_already_is_not_kept_twice(exported: Path) -> None:
    assert voicemock("import", exported).exit_code == 0
    again = voicemock("import", exported)
    assert again.exit_code == 1
    assert "is already here" in again.stderr


def changed(path: Path, change: Callable[[Any], object]) -> Path:
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def first(document: Any) -> Any:
    return document["answers"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(schema_version=2),
        lambda d: d.update(surprise=1),
        lambda d: d.pop("session"),
        lambda d: d.update(answers=[]),
        lambda d: d.update(answers=d["answers"] * 60),
        lambda d: d["session"].update(started_at="0001-01-01T00:00:00Z"),
        lambda d: d["session"].update(started_at="9999-12-31T23:59:59Z"),
        lambda d: d["session"].update(loop="x" * 101),
        lambda d: first(d)["transcript"].update(text="other words"),
        lambda d: first(d)["transcript"]["words"][3].update(start_s=float("nan")),
        lambda d: first(d)["transcript"]["words"][3].update(start_s=-1.0),
        lambda d: first(d)["transcript"]["words"][3].update(start_s=None),
        lambda d: first(d)["transcript"]["words"][3].update(end_s=1e300),
        lambda d: first(d)["transcript"]["words"][0].update(end_s=0.0),
        lambda d: first(d)["transcript"]["words"].reverse(),
        lambda d: first(d)["analysis"].update(target_min_s=0.0),
        lambda d: first(d)["transcript"]["words"][3].update(end_s=10**400),
        lambda d: first(d)["analysis"].update(pauses=[{"start_s": 2, "end_s": 1}]),
        lambda d: first(d)["analysis"].update(pauses=[{"start_s": 2, "end_s": 1e6}]),
        lambda d: first(d)["analysis"].update(
            unclear=[{"text": "", "start_s": 0, "end_s": 1, "start_char": 0, "end_char": 10**9, "probability": None}]
        ),
        lambda d: first(d).update(status="no_speech"),
    ],
)
def test_what_cannot_be_is_refused(exported: Path, change: Callable[[Any], object]) -> None:
    with pytest.raises(ContentError):
        read_exported(changed(exported, change))


def words_at(document: Any, **times: list[float]) -> None:
    """Let three equal words have other times, so that nothing but these is wrong."""
    words = [{"text": "so", "start_s": 1.0, "end_s": 1.0} for _ in range(3)]
    for name, values in times.items():
        for each, value in zip(words, values, strict=True):
            each[name] = value
    first(document)["transcript"].update(text="so so so", words=words)


def unclear(start_char: int, end_char: int) -> list[dict[str, Any]]:
    return [{"text": "", "start_s": 0, "end_s": 1, "start_char": start_char, "end_char": end_char, "probability": None}]


STRETCH = {"start_s": 0.0, "end_s": 1.0, "pitch_sd_semitones": None, "level_db": None}
SENTENCE_END = {"at_s": 1.0, "end_s": 2.0, "start_char": 0, "end_char": 2, "drop_db": 1.0, "rise_semitones": None}


def prosody(**change: Any) -> dict[str, Any]:
    """A melody that could be, but for the change."""
    numbers = {"voiced_s": 20.0, "pitch_sd_semitones": 2.0, "pitch_range_semitones": 6.0, "loudness_sd_db": 3.0}
    rest = {"fade_db": None, "sentence_end_drop_db": None, "ends": [SENTENCE_END], "stretches": [STRETCH]}
    return {**numbers, **rest, "one_note": [], "contour_step_s": 0.2, "contour": [1.0, None], **change}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        *(
            (
                lambda d, number=number: first(d)["analysis"].update(words_per_minute=number),
                "a number in it is not a number",
            )
            for number in (1.1e15, -1.1e15, float("nan"), float("inf"), 10**400)
        ),
        (lambda d: first(d)["analysis"].update(target_min_s=240.0, target_max_s=180.0), "its target is not a length"),
        (lambda d: first(d)["analysis"].update(target_min_s=-1.0), "its target is not a length"),
        (lambda d: words_at(d, start_s=[1.0, 2.0, 1.5], end_s=[3.0, 3.0, 3.0]), "not in time order"),
        (lambda d: words_at(d, start_s=[-0.1, 0.0, 1.0]), "ends before it begins"),
        (lambda d: words_at(d, end_s=[1.0, 1.0, 86_400.1]), "after a day"),
        (lambda d: first(d)["analysis"].update(pauses=[{"start_s": -0.1, "end_s": 1}]), "ends before it begins"),
        (lambda d: first(d)["analysis"].update(unclear=unclear(-1, 1)), "lies outside its text"),
        (lambda d: first(d)["analysis"].update(unclear=unclear(2, 1)), "lies outside its text"),
        *(
            (lambda d, change=change: first(d)["analysis"].update(prosody=prosody(**change)), problem)
            for change, problem in (
                ({"one_note": [{"start_s": -1e5, "end_s": 1.0, "pitch_sd_semitones": 0.5}]}, "ends before it begins"),
                ({"stretches": [STRETCH | {"end_s": 1e6}]}, "after a day"),
                ({"ends": [SENTENCE_END | {"at_s": 3.0}]}, "ends before it begins"),
                ({"ends": [SENTENCE_END | {"end_char": 10**6}]}, "lie outside its text"),
                ({"contour_step_s": 0.0}, "pitch has no step"),
            )
        ),
        (lambda d: first(d)["question"].update(text="Why? " * 500), "its question is longer"),
    ],
)
def test_a_number_that_cannot_be_is_refused_for_what_it_is(
    exported: Path, change: Callable[[Any], object], problem: str
) -> None:
    with pytest.raises(ContentError, match=problem):
        read_exported(changed(exported, change))


def test_numbers_at_the_bounds_are_taken(exported: Path) -> None:
    def bound(document: Any) -> None:
        words_at(document, start_s=[0.0, 1.0, 1.0], end_s=[1.0, 1.0, 86_400.0])
        first(document)["analysis"].update(
            words_per_minute=1e15, unclear=unclear(0, len("so so so")), prosody=prosody()
        )

    assert read_exported(changed(exported, bound)).answers


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"null", b"\xff\xfe", b"1e999", b'{"a": NaN}'])
def test_what_is_no_session_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(ContentError):
        read_exported(tmp_path / "a.json")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(TranscriptFileError, match="larger than"):
        read_exported(tmp_path / "a.json")
    with pytest.raises(TranscriptFileError):
        read_exported(tmp_path / "missing.json")


def test_a_session_in_which_more_is_said_than_in_a_day_is_refused(exported: Path) -> None:
    def talk(document: Any) -> None:
        words = [{"text": "so"}] * (MOST_CHARACTERS // 3 + 1)
        first(document)["transcript"] = {
            "text": " ".join("so" for _ in words),
            "language": None,
            "engine": None,
            "words": words,
        }

    with pytest.raises(ContentError, match="characters of speech"):
        read_exported(changed(exported, talk))


def test_no_path_of_the_file_is_used(exported: Path, home: Path) -> None:
    def point_elsewhere(document: Any) -> None:
        first(document)["source"] = "/etc/passwd"

    assert voicemock("import", changed(exported, point_elsewhere)).exit_code == 0
    with Store(home / "data") as store:
        take = next(store.takes.all())
    assert (take.answer.audio_file, take.answer.assessment.source) == (None, str(exported))


def test_a_session_whose_id_is_a_path_is_refused(exported: Path, home: Path) -> None:
    result = voicemock("import", changed(exported, lambda d: d["session"].update(id="../../escaped")))
    assert result.exit_code == 1
    assert "session.id" in result.stderr
    assert not list(home.rglob("escaped*"))


def test_follow_ups_and_the_time_to_ask_back_come_back_with_their_questions(home: Path, tmp_path: Path) -> None:
    answers = asked_on()
    keep(home / "data", *answers)
    voicemock("reanalyze", "--again")
    path = Path(voicemock("export", "--format", "json", "--to", tmp_path).stdout.strip())
    before = json.loads(voicemock("debrief", "--json").stdout)
    voicemock("delete", "--everything", "--yes")
    result = voicemock("import", path)
    assert result.exit_code == 0, result.output
    with Store(home / "data") as store:
        kept = store.sessions.answers(store.sessions.find("last"))
    assert [each.question for each in kept] == [each.question for each in answers]
    assert [each.follows for each in kept] == [None, 1, 1, None]
    assert json.loads(voicemock("debrief", "--json").stdout)["debrief"] == before["debrief"]


def asked_on() -> tuple[Answer, ...]:
    """An answer, replies to a follow-up of ours and to one of a language model, and the time to ask back."""
    main, reply = fixture_answer("strong-story"), fixture_answer("too-short").assessment
    assert main.assessment is not None
    assert reply is not None
    ours = FollowUps.load().next_probe([main.assessment], main.question, seed=1)
    assert ours is not None
    assert ours.asks_for is not None
    theirs = ours.model_copy(update={"id": "model-0a1b2c3d", "asks_for": None, **ADVICE})
    questions = (ours, theirs, ask_back_question(load_style(), "seed"))
    replies = (
        main.model_copy(
            update={
                "position": position,
                "question": question,
                "follows": 1 if question.kind == "follow_up" else None,
                "assessment": reply.model_copy(
                    update={
                        "question": question.summary(),
                        "analysis": reply.analysis.model_copy(
                            update={"target_min_s": question.target_min_s, "target_max_s": question.target_max_s}
                        ),
                    }
                ),
            }
        )
        for position, question in enumerate(questions, start=2)
    )
    return (main, *replies)


def test_a_question_that_is_not_known_is_taken_from_the_file(exported: Path, home: Path) -> None:
    text = "What did you do about the \x1b[2Jcaf\xe9?"
    result = voicemock("import", changed(exported, lambda d: first(d)["question"].update(id="own-cafe", text=text)))
    assert result.exit_code == 0, result.output
    with Store(home / "data") as store:
        question = store.sessions.answers(store.sessions.find("last"))[0].question
    assert question is not None
    assert (question.id, question.text, question.kind, question.own) == ("own-cafe", text, "question", True)
    assert "\x1b[2J" not in voicemock("show", color=True).output
