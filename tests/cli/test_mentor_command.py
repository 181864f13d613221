"""``report --for-review`` and the import of what comes back, on the command line."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.commands import voicemock
from tests.interview.test_mentor_reviews import ANSWER, sent
from tests.interviews import fixture_answer, keep, spoken_answer
from voicemock.models import Session, SessionReport
from voicemock.store.store import Store

MARKUP = "<script>alert(1)</script> \x1b[31mred"


@pytest.fixture
def session(home: Path) -> Session:
    return keep(home / "data", ANSWER, spoken_answer("It was late, and I told them so at once.", position=2))


def came_back(folder: Path, content: bytes) -> Path:
    path = folder / "review.json"
    path.write_bytes(content)
    return path


def test_the_page_is_one_file_of_this_folder_for_its_owner(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    result = voicemock("report", "--for-review", "--no-open")
    assert result.exit_code == 0, result.output
    page = tmp_path / f"review-{session.id}.html"
    assert {path.name for path in tmp_path.iterdir()} - before == {page.name}
    if sys.platform != "win32":
        assert page.stat().st_mode & 0o777 == 0o600
    assert "--embed-audio" in result.stderr
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=\"(?!#)", text)
    assert voicemock("report", "--for-review", "--no-open").exit_code == 1
    with_sound = voicemock("report", "--for-review", "--no-open", "--force", "--embed-audio")
    assert (with_sound.exit_code, with_sound.stderr) == (0, "")
    assert 'src="data:audio/webm;base64,' in page.read_text(encoding="utf-8")


def test_the_page_says_nothing_of_measures_and_escapes_what_was_said(home: Path, tmp_path: Path) -> None:
    keep(home / "data", spoken_answer(f"I led it. {MARKUP} We cut it by 40 percent."))
    to = tmp_path / "page.html"
    assert voicemock("report", "--for-review", "--no-open", "--to", to).exit_code == 0
    text = to.read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "\x1b" not in text
    for word in ("Measures", "Feedback", 'quantified_result"', "Chart.js"):
        assert word not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


def test_into_the_data_folder_it_is_not_written(session: Session, home: Path) -> None:
    assert voicemock("report", "--for-review", "--no-open", "--to", home / "data" / "x.html").exit_code == 1


def test_without_words_there_is_nothing_to_review(home: Path, tmp_path: Path) -> None:
    skipped = ANSWER.model_copy(update={"status": "skipped", "assessment": None, "audio_file": None})
    keep(home / "data", skipped)
    result = voicemock("report", "--for-review", "--no-open", "--to", tmp_path / "x.html")
    assert (result.exit_code, (tmp_path / "x.html").exists()) == (1, False)
    assert "there is nothing to comment on" in result.stderr


def test_what_comes_back_is_shown_with_name_and_moment(session: Session, tmp_path: Path) -> None:
    hostile = {"start_char": 2, "end_char": 9, "text": MARKUP}
    result = voicemock("import", came_back(tmp_path, sent(session, hostile, reviewer=f"Dana {MARKUP}")))
    assert result.exit_code == 0, result.output
    assert "2 comments by Dana" in result.stdout
    again = voicemock("import", came_back(tmp_path, sent(session, hostile, reviewer=f"Dana {MARKUP}")))
    assert "it replaces what the same person said before" in again.stdout
    for command in (("show",), ("show", f"{session.id}/1"), ("debrief",)):
        shown = " ".join(voicemock(*command).stdout.split())
        assert "What others said" in shown, command
        assert "Length 4 of 5, result 2 of 5" in shown
        assert '- Say it earlier. "led" (0:01)' in shown
        assert "\x1b[31m" not in shown
    assert "Dana <script>alert(1)</script> [31mred, answer 1" in " ".join(voicemock("debrief").stdout.split())
    report = SessionReport.model_validate_json(voicemock("show", "--json").stdout)
    assert [len(answer.reviews) for answer in report.answers] == [1, 0]


def test_a_session_comes_back_with_its_review(session: Session, home: Path, tmp_path: Path) -> None:
    voicemock("import", came_back(tmp_path, sent(session)))
    voicemock("export", session.id, "--format", "json", "--to", tmp_path)
    with Store(home / "data") as store:
        before = store.sessions.answers(session)[0].reviews
        store.delete_session(session)
    assert voicemock("import", tmp_path / f"{session.id}.json").exit_code == 0
    with Store(home / "data") as store:
        assert store.sessions.answers(store.sessions.find())[0].reviews == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"kind": "voicemock-review"}', "is not a review"),
        (b'{"kind": "voicemock-review", "reviewer": "' + b"x" * (1 << 20) + b'"}', "larger than 1 MB"),
        (b'{"kind": "voicemock-real-interviews"}', "contains no real interviews"),
        (b'{"kind": ["voicemock-review"]}', "is not an exported session"),
    ],
)
def test_what_is_none_is_told_and_the_others_still_run(
    session: Session, tmp_path: Path, content: bytes, told: str
) -> None:
    good = tmp_path / "good.json"
    good.write_bytes(sent(session))
    result = voicemock("import", came_back(tmp_path, content), good)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "1 comment by Dana Fox on answer 1" in result.stdout


def test_a_review_needs_neither_story_nor_question_and_a_take_still_does(session: Session, tmp_path: Path) -> None:
    path = came_back(tmp_path, sent(session))
    take = tmp_path / "take.txt"
    take.write_text("I led it.")
    assert voicemock("import", path, take).exit_code == 2
    assert json.loads(path.read_text())["reviewer"] == "Dana Fox"
    assert fixture_answer("strong-story").reviews == ()
