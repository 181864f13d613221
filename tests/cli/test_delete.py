"""``voicemock delete``: nothing is left on the disk, in the rows, in the index or in copies."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from tests.commands import voicemock
from tests.store.test_store import START, answer
from voicemock.coaching.language_model.providers import agree
from voicemock.content.own_questions import own_questions_folder
from voicemock.errors import StorageError
from voicemock.models import Job, OpenAnswer, Question, Session, Story, StoryNotes
from voicemock.store.jobs import JobShelf
from voicemock.store.store import Store

SECRET = "Quetzalcoatlus"
KEPT = "Archaeopteryx"


@pytest.fixture
def store(home: Path):
    with Store(home / "data") as opened:
        yield opened


def keep(store: Store, *texts: str, day: int = 0, story: str | None = None) -> Session:
    session = store.sessions.start(None, "0.1.0", START + timedelta(days=day), Story.named(story) if story else None)
    for position, text in enumerate(texts, start=1):
        kept = answer(position, f"{text} {text.lower()} and the {'rest ' * 300}")
        store.sessions.add_answer(session, kept.model_copy(update={"question": None}) if story else kept)
        (store.sessions.folder(session) / f"answer-{position:02}.flac").write_bytes(text.encode())
    return store.sessions.end(session, session.started_at)


def opened(session: Session, position: int, question: Question | None = None, follows: int | None = None) -> OpenAnswer:
    story = Story.named(session.story) if session.story else None
    return OpenAnswer(
        session=session, story=story, position=position, question=question, follows=follows, recorded_at=START
    )


def content_of(folder: Path) -> dict[str, bytes]:
    """The files of a data folder, but for what SQLite shares between processes."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"}


def delete(*arguments: str, **options: str) -> Result:
    return voicemock("delete", *arguments, **options)


def is_anywhere(home: Path, text: str) -> bool:
    content = b"".join(path.read_bytes() for path in (home / "data").rglob("*") if path.is_file())
    return text.lower().encode() in content.lower()


@pytest.mark.parametrize("what", ["session", "answer", "story", "everything"])
def test_not_a_byte_is_left(home: Path, what: str) -> None:
    with Store(home / "data") as store:
        gone = keep(store, SECRET, story="Dinosaur" if what == "story" else None)
        both = keep(store, KEPT, SECRET, day=1) if what == "answer" else keep(store, KEPT, day=1)
        if what == "answer":
            store.delete_session(gone)
        if what in ("story", "everything"):
            store.stories.keep_notes(Story.named("Dinosaur"), StoryNotes(action=f"{SECRET} was dug out"), START)
    (home / "data" / "voicemock.db.version-1.bak").write_bytes(SECRET.encode())
    assert is_anywhere(home, SECRET)
    arguments = {
        "session": [gone.id],
        "answer": [f"{both.id}/2"],
        "story": ["--story", "DINOSAUR"],
        "everything": ["--everything"],
    }[what]
    result = delete(*arguments, "--yes")
    assert result.exit_code == 0, result.output
    assert "deleted" in result.stdout
    assert not is_anywhere(home, SECRET)
    assert not is_anywhere(home, "Dinosaur")
    assert is_anywhere(home, KEPT) == (what != "everything")
    with Store(home / "data") as store:
        assert store.integrity() is None
        assert store.overviews.search(SECRET) == ()
        assert len(store.overviews.search(KEPT)) == (what != "everything")


def test_a_database_that_fits_no_cache_is_deleted_from_without_a_temporary_file(store: Store, tmp_path: Path) -> None:
    keep(store, *(f"{KEPT} {'spoken ' * 200_000}" for _ in range(2)))
    gone = keep(store, SECRET, day=1)
    store.close()
    watched = tmp_path / "watched"
    watched.mkdir()
    os.utime(watched, (0, 0))  # any file that comes or goes changes it
    command = [sys.executable, "-m", "voicemock", "delete", gone.id, "--yes"]
    subprocess.run(command, env=os.environ | {"SQLITE_TMPDIR": str(watched)}, check=True, capture_output=True)
    assert watched.stat().st_mtime == 0


def test_the_other_answers_of_a_session_stay(store: Store) -> None:
    session = keep(store, "one", "two", "three")
    delete(f"{session.id}/2", "-y")
    assert [kept.position for kept in store.sessions.answers(session)] == [1, 3]
    assert sorted(path.name for path in store.sessions.folder(session).iterdir()) == [
        "answer-01.flac",
        "answer-03.flac",
    ]


def test_nothing_is_deleted_before_it_is_confirmed(store: Store) -> None:
    session = keep(store, "one")
    for typed in ("n\n", "", "maybe\nn\n"):
        result = delete(session.id, input=typed)
        assert result.exit_code == 1
        assert "cannot be undone" in result.output
    assert store.sessions.find() == session
    assert delete(session.id, input="y\n").exit_code == 0
    assert store.overviews.sessions() == ()


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [([], 2), (["x", "--everything"], 2), (["--story", "gone"], 1), (["gone"], 1), (["2026/9"], 1), (["Dinosaur"], 1)],
)
def test_what_is_not_there_is_told(home: Path, arguments: list[str], exit_code: int) -> None:
    with Store(home / "data") as store:
        keep(store, KEPT, story="Dinosaur")
    result = delete(*arguments, "--yes")
    assert result.exit_code == exit_code
    assert is_anywhere(home, KEPT)


def test_a_link_in_the_place_of_a_folder_is_not_followed(store: Store, tmp_path: Path) -> None:
    session = keep(store, "one")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.txt").write_text("mine")
    folder = store.sessions.folder(session)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(outside)
    with pytest.raises(StorageError, match=r"cannot be deleted: it is a link .*\. Remove it yourself"):
        store.delete_session(session)
    assert (outside / "mine.txt").exists()


@pytest.mark.parametrize("moved", ["", "answer-01.flac"])
def test_nothing_goes_where_a_voice_would_stay_behind_a_link(home: Path, tmp_path: Path, moved: str) -> None:
    with Store(home / "data") as store:
        folder = store.sessions.folder(keep(store, KEPT))
    (folder / "answer-01.flac").write_bytes(b"voice")
    (folder / moved).rename(tmp_path / "elsewhere")
    (folder / moved).symlink_to(tmp_path / "elsewhere")
    result = delete("--everything", "--yes")
    assert result.exit_code == 5
    assert "is a link" in result.output
    assert is_anywhere(home, KEPT)


def test_everything_goes_even_where_the_file_is_damaged(home: Path) -> None:
    (home / "data" / "sessions").mkdir(parents=True)
    (home / "data" / "voicemock.db").write_bytes(b"no database")
    (home / "data" / "mine.txt").write_text("not yours")
    agree(home / "data", "http://127.0.0.1:11434/v1", "qwen3:4b")
    assert delete("--everything", "--yes").exit_code == 0
    assert [path.name for path in (home / "data").iterdir()] == ["mine.txt"]


def test_nothing_is_deleted_while_somebody_reads_the_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.store.database._BUSY_TIMEOUT_S", 0.0)
    with Store(home / "data") as one, Store(home / "data") as other:
        session = keep(one, SECRET)
        other._database._connection.execute("BEGIN")
        other.overviews.sessions()
        with pytest.raises(StorageError, match="nother voicemock"):
            one.delete_session(session)
        assert one.sessions.find() == session
        assert (one.sessions.folder(session) / "answer-01.flac").exists()
        other._database._connection.execute("ROLLBACK")


@pytest.mark.parametrize("what", ["last", "session", "answer", "story", "story with its takes", "everything"])
def test_a_session_that_is_being_recorded_is_refused_and_loses_nothing(home: Path, what: str) -> None:
    with Store(home / "data") as store:
        keep(store, SECRET, story="Dinosaur")
    with Store(home / "data") as recording:
        open_one = recording.sessions.start(
            None, "0.1.0", START + timedelta(days=1), Story.named("Dinosaur") if "story" in what else None
        )
        recording.sessions.add_answer(open_one, answer(1, SECRET))
        sound = recording.sessions.folder(open_one) / "answer-02.recording.wav"
        sound.write_bytes(SECRET.encode())
        recording.unfinished.mark(opened(open_one, 2))
        before = content_of(home / "data")
        result = {
            "last": lambda: delete("last", "--yes"),
            "session": lambda: delete(open_one.id, "--yes"),
            "answer": lambda: delete(f"{open_one.id}/1", "--yes"),
            "story": lambda: delete("--story", "Dinosaur", "--yes"),
            "story with its takes": lambda: voicemock("stories", "delete", "Dinosaur", "--takes", "--yes"),
            "everything": lambda: delete("--everything", "--yes"),
        }[what]()
        assert result.exit_code == 5
        assert f"Session {open_one.id} is in use" in result.stderr
        assert "Nothing was deleted" in result.stderr
        assert "gone" not in result.stdout
        assert content_of(home / "data") == before
        recording.sessions.add_answer(open_one, answer(2, SECRET))
        recording.sessions.end(open_one, START + timedelta(days=1))
    assert delete("last", "--yes").exit_code == 0
    assert not sound.exists()


def test_an_interview_that_another_process_records_keeps_no_other_from_being_deleted(store: Store) -> None:
    finished = keep(store, "one")
    running = store.sessions.start(None, "0.1.0", START + timedelta(days=1))
    assert delete(finished.id, "--yes").exit_code == 0
    assert store.sessions.find() == running


@pytest.mark.parametrize("moved", ["sessions", "jobs", "unfinished"])
def test_everything_goes_that_is_ours_behind_a_link_in_the_place_of_a_folder(
    home: Path, tmp_path: Path, moved: str
) -> None:
    data = home / "data"
    with Store(data) as store:
        session = keep(store, SECRET)
        store.unfinished.mark(opened(session, 2))
        JobShelf(data).keep(
            Job.named("Dinosaur", description=f"Dig out a {SECRET}.", notes="", company=None, added_at=START)
        )
    behind = (data / moved).rename(tmp_path / "behind")
    (data / moved).symlink_to(behind)
    (behind / "photos").mkdir()
    others = {"photos/mine.txt", "package.json", "poetry.lock", "my.answer-1.json", "package.json.part"}
    for name in others:
        (behind / name).write_text('{"name": "mine"}')
    result = delete("--everything", "--yes")
    assert result.exit_code == 0, result.output
    assert list(data.iterdir()) == []
    assert {path.relative_to(behind).as_posix() for path in behind.rglob("*")} == {"photos", *others}


def test_the_database_that_a_link_leads_to_goes_with_everything(home: Path, tmp_path: Path) -> None:
    link = home / "data" / "voicemock.db"
    with Store(home / "data") as store:
        keep(store, SECRET)
    link.symlink_to(link.rename(tmp_path / "big.db"))
    link.with_name("voicemock.db-wal").write_text("left behind")
    with Store(home / "data") as store:
        keep(store, KEPT, day=1)
        assert (tmp_path / "big.db-wal").exists()
        assert delete("--everything", "--yes").exit_code == 0
    assert list((home / "data").iterdir()) == list(tmp_path.iterdir()) == []


def test_a_database_of_others_that_a_link_leads_to_stays(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.db").write_text("mine")
    with Store(home / "data") as store:
        session = keep(store, SECRET)
    (home / "data" / "voicemock.db").unlink()
    (home / "data" / "voicemock.db").symlink_to(tmp_path / "mine.db")
    result = delete("--everything", "--yes")
    assert result.exit_code == 5
    assert "which is no database of voicemock" in result.stderr
    assert (tmp_path / "mine.db").read_text() == "mine"
    assert (home / "data" / "sessions" / session.id).exists()


def test_everything_goes_where_a_link_leads_nowhere(home: Path, tmp_path: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "sessions").symlink_to(tmp_path / "gone")
    assert delete("--everything", "--yes").exit_code == 0
    assert list((home / "data").iterdir()) == []


def test_questions_of_your_own_remain_and_delete_says_where(home: Path) -> None:
    voicemock("questions", "add", "Tell me about a time you told a vice president no, and what became of it.")
    result = delete("--everything", "--yes")
    assert f"Your own questions remain in {own_questions_folder()}." in result.output.replace("\n", " ")
