"""The store: what it keeps of an interview, and how it behaves when things go wrong."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from voicemock.errors import InputError, StorageError, UnknownNameError
from voicemock.models import (
    Analysis,
    Answer,
    Assessment,
    Feedback,
    OpenAnswer,
    Question,
    Session,
    Story,
    StoryNotes,
    Transcript,
)
from voicemock.store import database
from voicemock.store.deletion import NEUTRAL_QUESTION, delete_everything
from voicemock.store.store import Store

START = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)

QUESTION = Question(
    id="late-dependency",
    text="Tell me about a dependency that slipped.",
    pillar="behavioral",
    framework="star",
    competency="delivery",
    strong_answer=("a number", "a decision"),
    common_mistakes=("no result",),
)


def assessment(text: str = "I moved it.", duration_s: float | None = 201.5) -> Assessment:
    return Assessment(
        source="answer-01.flac",
        question=QUESTION.summary(),
        transcript=Transcript(text=text),
        analysis=Analysis(
            duration_s=duration_s,
            recording_s=duration_s,
            target_min_s=180,
            target_max_s=240,
            length="on_target",
            word_count=3,
            words_per_minute=None,
            fillers=(),
            fillers_per_minute=None,
            pauses=(),
            structure=None,
            quantified_results=(),
        ),
        feedback=Feedback(spoken="Well done.", points=()),
    )


def answer(position: int = 1, text: str = "I moved it.", **changes) -> Answer:
    return Answer(
        position=position,
        status="answered",
        question=QUESTION,
        recorded_at=START + timedelta(minutes=position),
        audio_file=f"answer-{position:02}.flac",
        assessment=assessment(text),
        timings=None,
    ).model_copy(update=changes)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def session(store) -> Session:
    return store.sessions.start("amazon", "0.1.0", START)


def test_everything_comes_back_as_it_went_in(tmp_path):
    with Store(tmp_path / "data") as store:
        session = store.sessions.start("amazon", "0.1.0", START)
        store.sessions.add_answer(session, answer(2, "Zweite Antwort \N{EM DASH} \N{GRINNING FACE}"))
        store.sessions.add_answer(session, answer(1))
        session = store.sessions.end(session, START + timedelta(minutes=30))
    with Store(tmp_path / "data") as store:
        assert store.sessions.find() == session
        assert store.sessions.answers(session) == (answer(1), answer(2, "Zweite Antwort \N{EM DASH} \N{GRINNING FACE}"))


def test_an_answer_at_the_same_position_is_replaced(store, session):
    store.sessions.add_answer(session, answer(1, status="interrupted", assessment=None))
    store.sessions.add_answer(session, answer(1, "I finished it."))
    assert [kept.assessment.transcript.text for kept in store.sessions.answers(session)] == ["I finished it."]


def test_an_answer_needs_a_session_that_is_kept(store, session):
    with pytest.raises(StorageError, match="FOREIGN KEY"):
        store.sessions.add_answer(session.model_copy(update={"id": "20200101-000000-0000"}), answer())


def test_the_columns_to_search_by_are_filled(tmp_path, store, session):
    store.sessions.add_answer(session, answer(1))
    with closing(sqlite3.connect(tmp_path / "data" / "voicemock.db")) as connection:
        row = connection.execute("SELECT question_id, status, recorded_at, duration_s FROM answers").fetchone()
    assert row == ("late-dependency", "answered", "2026-11-23T09:16:00.000000+00:00", 201.5)


# --- finding sessions ------------------------------------------------------------------------------------


def test_ids_are_readable_sortable_and_unique_within_a_second(store):
    ids = [store.sessions.start(None, "0.1.0", START).id for _ in range(20)]
    assert len(set(ids)) == 20
    assert all(each.startswith(f"{START.astimezone():%Y%m%d-%H%M%S}-") for each in ids)
    assert all(store.sessions.folder(store.sessions.find(each)).is_dir() for each in ids)


def test_sessions_are_listed_newest_first(store):
    old, new = (
        store.sessions.start(loop, "0.1.0", START + timedelta(days=d)) for loop, d in ((None, 0), ("google", 1))
    )
    store.sessions.add_answer(old, answer(1))
    store.sessions.add_answer(old, answer(2))
    listed = store.overviews.sessions()
    assert [(each.id, each.loop, each.answers, each.questions) for each in listed] == [
        (new.id, "google", 0, ()),
        (old.id, None, 2, ("late-dependency", "late-dependency")),
    ]
    assert [each.id for each in store.overviews.sessions(limit=1)] == [new.id]
    assert listed[1].started_at == START


def test_a_start_in_another_time_zone_is_sorted_by_the_moment(store):
    from datetime import timezone

    later = store.sessions.start(None, "0.1.0", START.astimezone(timezone(timedelta(hours=-8))) + timedelta(hours=1))
    store.sessions.start(None, "0.1.0", START)
    assert store.sessions.find("last").id == later.id


def test_a_session_is_found_by_id_by_its_beginning_and_as_the_last(store):
    first = store.sessions.start(None, "0.1.0", START)
    last = store.sessions.start(None, "0.1.0", START + timedelta(days=40))
    assert store.sessions.find(first.id) == first
    assert store.sessions.find(last.id[:8]) == last
    assert store.sessions.find("last") == last == store.sessions.find()


@pytest.mark.parametrize("name", ["2019", "", "%", "last-one"])
def test_a_session_that_is_not_there_is_answered_with_those_that_are(store, session, name):
    with pytest.raises(UnknownNameError, match=session.id):
        store.sessions.find(name)


def test_an_ambiguous_beginning_names_the_candidates(store):
    ids = {store.sessions.start(None, "0.1.0", START).id for _ in range(2)}
    with pytest.raises(UnknownNameError, match="2 sessions begin with '20'") as failure:
        store.sessions.find("20")
    assert all(each in str(failure.value) for each in ids)


def test_an_empty_store_says_how_to_begin(store):
    assert store.overviews.sessions() == ()
    with pytest.raises(UnknownNameError, match="voicemock practice"):
        store.sessions.find("last")


# --- stories ---------------------------------------------------------------------------------------------

KAFKA = Story.named("Kafka migration")


def told(store: Store, story: Story, day: int, **changes) -> Session:
    session = store.sessions.start(None, "0.1.0", START + timedelta(days=day), story)
    store.sessions.add_answer(session, answer(1, question=None, recorded_at=START + timedelta(days=day), **changes))
    return session


@pytest.mark.parametrize(
    "name", ["Kafka migration", "  kafka   MIGRATION ", "kafka-migration", "KafkaMigration", "Kafka\tmigration"]
)
def test_a_story_is_found_however_its_name_is_spaced_and_capitalized(store, name):
    told(store, KAFKA, 0)
    assert store.stories.find(name) == KAFKA
    assert store.sessions.find(name).story == "Kafka migration"


@pytest.mark.parametrize("name", ["Kafka", "Kafka migration 2"])
def test_another_name_is_another_story(store, name):
    told(store, KAFKA, 0)
    assert store.stories.find(name) is None


@pytest.mark.parametrize("name", ["", "  ", "!?", "\x1b", "x" * 101])
def test_what_cannot_be_a_name_is_told(store, name):
    with pytest.raises(InputError, match="name"):
        store.stories.find(name)


def test_a_name_carries_nothing_that_cannot_be_seen():
    assert Story.named("\x1b[31mRed\n \u202estory\x07").name == "[31mRed story"


def test_the_first_name_and_the_last_framework_stay(store):
    told(store, KAFKA, 0)
    told(store, KAFKA.model_copy(update={"name": "KAFKA MIGRATION", "framework": "triage"}), 1)
    assert store.stories.find("kafka migration") == KAFKA.model_copy(update={"framework": "triage"})


def test_takes_are_those_in_which_something_was_said(store):
    first, last = told(store, KAFKA, 0), told(store, KAFKA, 2)
    told(store, KAFKA, 1, status="interrupted", assessment=None)
    told(store, Story.named("Another"), 3)
    store.sessions.add_answer(store.sessions.start("amazon", "0.1.0", START), answer(1))
    assert [take.session.id for take in store.takes.of_story(KAFKA)] == [first.id, last.id]
    assert store.sessions.find("kafka migration").id == last.id


def test_the_last_take_is_the_newest_in_which_something_was_said_and_no_other_is_read(tmp_path, store):
    damaged, last = told(store, KAFKA, 0), told(store, KAFKA, 2)
    told(store, KAFKA, 3, status="interrupted", assessment=None)
    with closing(sqlite3.connect(tmp_path / "data" / "voicemock.db")) as connection, connection:
        connection.execute("UPDATE answers SET document = '{}' WHERE session_id = ?", (damaged.id,))
    assert store.takes.last_of_story(KAFKA).session.id == last.id
    assert store.takes.last_of_story(Story.named("Never told")) is None


def test_the_last_take_of_a_question_is_the_newest_answer_to_it_and_no_other_is_read(tmp_path, store, session):
    store.sessions.add_answer(session, answer(1))
    store.sessions.add_answer(session, answer(2, "The newest."))
    store.sessions.add_answer(session, answer(3, question=QUESTION.model_copy(update={"id": "another"})))
    with closing(sqlite3.connect(tmp_path / "data" / "voicemock.db")) as connection, connection:
        connection.execute("UPDATE answers SET document = '{}' WHERE position = 1")
    assert store.takes.last_of_question("late-dependency").answer.position == 2
    assert store.takes.last_of_question("never-asked") is None


def test_sessions_say_which_take_of_which_story_they_are(store):
    told(store, KAFKA, 0)
    told(store, KAFKA, 1, status="skipped", assessment=None)
    told(store, KAFKA, 2)
    listed = [(each.story, each.take, each.duration_s, each.questions) for each in store.overviews.sessions()]
    assert listed == [
        ("Kafka migration", 2, 201.5, ()),
        ("Kafka migration", None, None, ()),
        ("Kafka migration", 1, 201.5, ()),
    ]


def test_stories_are_listed_with_their_last_take(store):
    told(store, KAFKA, 0)
    told(store, KAFKA, 1, assessment=assessment(duration_s=190.0))
    told(store, Story.named("Outage"), 2, status="skipped", assessment=None)
    assert [(each.name, each.takes, each.last_duration_s) for each in store.overviews.stories()] == [
        ("Kafka migration", 2, 190.0),
        ("Outage", 0, None),
    ]


# --- notes on stories --------------------------------------------------------------------------------------

NOTES = StoryNotes(situation="Peak was near.", result="Latency fell by 40%.", shows=("ownership",))


def test_notes_come_back_as_they_went_in_and_the_last_ones_stay(store):
    store.stories.keep_notes(KAFKA, NOTES.model_copy(update={"result": "It worked."}), START)
    store.stories.keep_notes(KAFKA, NOTES, START + timedelta(days=1))
    (banked,) = store.stories.banked()
    assert (banked.story, banked.notes, banked.updated_at) == (KAFKA, NOTES, START + timedelta(days=1))
    assert (banked.takes, banked.last_told_at) == (0, None)


def test_a_story_that_was_only_told_has_no_notes(store):
    told(store, KAFKA, 0)
    (banked,) = store.stories.banked()
    assert banked.notes.is_empty
    assert (banked.updated_at, banked.takes, banked.last_told_at) == (None, 1, START)


def test_deleted_notes_leave_the_takes_and_a_story_without_takes_goes_with_its_notes(store):
    told(store, KAFKA, 0)
    store.stories.keep_notes(KAFKA, NOTES, START)
    store.stories.keep_notes(Story.named("Outage"), NOTES, START)
    for name in ("Kafka migration", "Outage"):
        store.stories.delete_notes(store.stories.find(name))
    (banked,) = store.stories.banked()
    assert (banked.story, banked.notes.is_empty, banked.takes) == (KAFKA, True, 1)


LATER = START + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("changed", "seen", "is_kept"),
    [
        ((), None, True),
        ((START,), START, True),
        ((START,), None, False),
        ((START, LATER), START, False),
        ((), START, False),  # deleted meanwhile
    ],
)
def test_notes_that_were_changed_meanwhile_are_not_written_over(store, changed, seen, is_kept):
    for moment in changed:
        store.stories.keep_notes(KAFKA, NOTES, moment)
    new = NOTES.model_copy(update={"result": "It worked."})
    assert store.stories.keep_notes_if_unchanged(KAFKA, new, LATER + timedelta(days=1), seen) is is_kept
    kept = [(each.notes, each.updated_at) for each in store.stories.banked()]
    assert kept == ([(new, LATER + timedelta(days=1))] if is_kept else [(NOTES, changed[-1])] if changed else [])


def test_notes_that_make_no_sense_are_named(tmp_path, store):
    store.stories.keep_notes(KAFKA, NOTES, START)
    with closing(sqlite3.connect(tmp_path / "data" / "voicemock.db")) as connection, connection:
        connection.execute("UPDATE story_notes SET document = '[]'")
    with pytest.raises(StorageError, match="the notes of the story 'Kafka migration' cannot be read"):
        store.stories.banked()


# --- recordings that were never analyzed -----------------------------------------------------------------


def test_only_recordings_without_an_answer_are_unfinished(store, session):
    folder = store.sessions.folder(session)
    for position in (1, 2, 3, 5):
        (folder / f"answer-{position:02}.recording.wav").write_bytes(b"RIFF")
    for name in ("answer-04.flac", "answer-05.flac", ".answer-06.flac.part", "notes.wav"):
        (folder / name).write_bytes(b"fLaC")
    store.sessions.add_answer(session, answer(1))  # compressed, and killed before the recording was removed
    store.sessions.add_answer(session, answer(2, audio_file="answer-02.recording.wav"))  # could not be compressed
    assert store.unfinished.find(everything=True) == ()  # the session still goes on
    store.sessions.end(session, START)
    found = store.unfinished.find(everything=True)
    assert [left.recordings for left in found] == [
        (folder / "answer-03.recording.wav",),
        (folder / "answer-04.flac",),
        (folder / "answer-05.recording.wav", folder / "answer-05.flac"),
    ]
    assert store.unfinished.find() == ()  # which looks at marks alone


# --- privacy ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_may_read_even_where_the_umask_would_let_others(tmp_path):
    before = os.umask(0)
    try:
        with Store(tmp_path / "data") as store:
            session = store.sessions.start(None, "0.1.0", START)
            store.sessions.add_answer(session, answer())
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
            assert modes == {
                "voicemock.db": 0o600,
                "voicemock.db-wal": 0o600,
                "voicemock.db-shm": 0o600,
                "sessions": 0o700,
                "unfinished": 0o700,
            }
            assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
            assert store.sessions.folder(session).stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


# --- layouts of the file -----------------------------------------------------------------------------------


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


NEXT = (("ALTER TABLE sessions ADD COLUMN mood TEXT", "UPDATE sessions SET mood = 'calm'"),)


def test_an_empty_file_is_given_the_newest_layout_without_a_backup(tmp_path):
    (tmp_path / "voicemock.db").touch()
    with Store(tmp_path):
        pass
    assert version_of(tmp_path / "voicemock.db") == len(database.MIGRATIONS)
    assert not list(tmp_path.glob("*.bak"))


def test_an_older_file_is_copied_and_then_brought_up_to_date(tmp_path, monkeypatch):
    with Store(tmp_path) as store:
        session = store.sessions.start(None, "0.1.0", START)
        store.sessions.add_answer(session, answer())
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, *NEXT))
    with Store(tmp_path):
        pass
    before = len(database.MIGRATIONS) - 1
    backup = tmp_path / f"voicemock.db.version-{before}.bak"
    assert (version_of(tmp_path / "voicemock.db"), version_of(backup)) == (before + 1, before)
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (1,)
    if sys.platform != "win32":
        assert backup.stat().st_mode & 0o777 == 0o600


def test_a_file_of_the_first_release_keeps_its_answers(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", database.MIGRATIONS[:1])
        opened = database.Database(tmp_path / "voicemock.db")
        opened.write(
            "INSERT INTO sessions VALUES ('20260101-120000-abcd', '2026-01-01T12:00:00+00:00', NULL, 'amazon', '0.1.0')"
        )
        opened.write(
            "INSERT INTO answers VALUES ('20260101-120000-abcd', 1, 'late-dependency', 'answered', ?, 201.5, ?, ?)",
            *("2026-01-01", "answer-01.flac", answer(1).model_dump_json()),
        )
        opened.close()
    with Store(tmp_path) as store:
        (overview,) = store.overviews.sessions()
        assert (overview.loop, overview.story, overview.questions) == ("amazon", None, ("late-dependency",))
        assert store.sessions.answers(store.sessions.find()) == (answer(1),)
        assert store.integrity() is None


def test_a_file_without_notes_is_given_room_for_them_and_keeps_its_stories(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", database.MIGRATIONS[:3])
        opened = database.Database(tmp_path / "voicemock.db")
        at = START.isoformat()
        opened.write("INSERT INTO stories VALUES (?, ?, 'star', ?)", KAFKA.slug, KAFKA.name, at)
        opened.write("INSERT INTO sessions VALUES ('20260101-120000-abcd', ?, NULL, NULL, '0.1.0', ?)", at, KAFKA.slug)
        opened.write(
            "INSERT INTO answers VALUES (1, '20260101-120000-abcd', 1, NULL, 'answered', ?, 201.5, NULL, ?)",
            *(at, answer(1, question=None).model_dump_json()),
        )
        opened.close()
    with Store(tmp_path) as store:
        assert [(banked.story, banked.takes) for banked in store.stories.banked()] == [(KAFKA, 1)]
        store.stories.keep_notes(KAFKA, NOTES, START)
        assert store.integrity() is None
    assert version_of(tmp_path / "voicemock.db.version-3.bak") == 3


def test_a_session_of_an_older_file_was_practiced_for_no_level(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", database.MIGRATIONS[:4])
        opened = database.Database(tmp_path / "voicemock.db")
        at = START.isoformat()
        opened.write("INSERT INTO sessions VALUES ('20260101-120000-abcd', ?, NULL, 'tpm', '0.1.0', NULL)", at)
        opened.close()
    with Store(tmp_path) as store:
        assert store.sessions.find("20260101").level is None
        assert store.integrity() is None


@pytest.mark.parametrize("level", [None, "mid", "principal"])
def test_the_level_of_a_session_is_kept(store, level):
    session = store.sessions.start("tpm", "0.1.0", START, None, level)
    store.sessions.add_answer(session, answer())
    assert store.sessions.find(session.id).level == level
    assert store.takes.of_session(session)[0].session.level == level


def test_a_layout_that_fails_half_way_changes_nothing(tmp_path, monkeypatch):
    with Store(tmp_path) as store:
        session = store.sessions.start(None, "0.1.0", START)
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, (NEXT[0][0], "UPDATE nowhere SET mood = 1")))
        with pytest.raises(StorageError, match="nowhere"):
            Store(tmp_path)
    with Store(tmp_path) as store:
        assert store.sessions.find() == session
        store.sessions.start(None, "0.1.0", START)
    with closing(sqlite3.connect(tmp_path / "voicemock.db")) as connection:
        assert "mood" not in [row[1] for row in connection.execute("PRAGMA table_info(sessions)")]


def test_a_file_from_a_newer_voicemock_is_left_alone(tmp_path):
    with closing(sqlite3.connect(tmp_path / "voicemock.db")) as connection:
        connection.execute("CREATE TABLE future (x)")
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match=r"made by a newer voicemock .*Update voicemock"):
        Store(tmp_path)
    assert version_of(tmp_path / "voicemock.db") == 99


# --- when things go wrong ----------------------------------------------------------------------------------


def test_two_at_the_same_time_see_each_others_answers(tmp_path):
    with Store(tmp_path) as one, Store(tmp_path) as two:
        session = one.sessions.start(None, "0.1.0", START)
        two.sessions.add_answer(session, answer(1))
        one.sessions.add_answer(session, answer(2))
        assert one.sessions.answers(session) == two.sessions.answers(session) == (answer(1), answer(2))


def test_a_file_that_somebody_else_holds_is_explained(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_TIMEOUT_S", 0.0)
    with Store(tmp_path) as store, closing(sqlite3.connect(tmp_path / "voicemock.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="Another voicemock is using it"):
            store.sessions.start(None, "0.1.0", START)
        other.execute("ROLLBACK")
        assert store.sessions.start(None, "0.1.0", START) == store.sessions.find()


def test_a_full_disk_is_explained_and_loses_nothing(tmp_path, store, session):
    store.sessions.add_answer(session, answer(1))
    connection = store._database._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match=r"The disk is full\. Free some space"):
        store.sessions.add_answer(session, answer(2, "word " * 100_000))
    connection.execute("PRAGMA max_page_count = 1000000")
    assert store.sessions.answers(session) == (answer(1),)
    store.sessions.add_answer(session, answer(2))
    assert len(store.sessions.answers(session)) == 2


class Contended(sqlite3.Connection):
    """Refuses the write-ahead log at first without waiting, as SQLite does where two choose it at the same moment."""

    refusals = 2

    def execute(self, sql, *values):
        if "journal_mode" in sql and self.refusals:
            self.refusals -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return super().execute(sql, *values)


def test_two_that_start_at_once_in_a_new_folder_both_start(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_RETRY_AFTER_S", 0)
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Contended))
    with Store(tmp_path) as store:
        assert store.overviews.sessions() == ()


KILLED = """
import os, sys
from pathlib import Path
from voicemock.models import Answer
from voicemock.store.store import Store
store = Store(Path(sys.argv[1]))
session = store.sessions.find("last")
with store._database._transaction():
    store._database._connection.execute("DELETE FROM answers")
    os._exit(9)
"""


def test_a_process_killed_in_the_middle_leaves_the_last_complete_state(tmp_path, store, session):
    store.sessions.add_answer(session, answer(1))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "data")], check=False)
    assert killed.returncode == 9
    assert store.sessions.answers(session) == (answer(1),)
    assert store.integrity() is None


def test_no_session_begins_in_a_data_folder_that_was_deleted(tmp_path, store):
    delete_everything(tmp_path / "data")
    with pytest.raises(StorageError, match="is gone: it was removed while voicemock used it"):
        store.sessions.start(None, "0.1.0", START)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_file_that_is_no_database_is_explained_and_kept(tmp_path):
    (tmp_path / "voicemock.db").write_bytes(b"this is not a database, it is a letter to my aunt" * 100)
    with pytest.raises(StorageError, match=r"voicemock\.db: file is not a database\. .* Move it away"):
        Store(tmp_path)
    assert (tmp_path / "voicemock.db").read_bytes().startswith(b"this is not")


def test_a_damaged_file_is_found(tmp_path):
    with Store(tmp_path) as store:
        session = store.sessions.start(None, "0.1.0", START)
        for position in range(1, 40):
            store.sessions.add_answer(session, answer(position, "word " * 500))
        assert store.integrity() is None
    content = bytearray((tmp_path / "voicemock.db").read_bytes())
    content[4096 * 3 : 4096 * 8] = b"\xff" * 4096 * 5
    (tmp_path / "voicemock.db").write_bytes(content)
    with Store(tmp_path) as store:
        assert "Move it away" in store.integrity()


def test_an_answer_that_makes_no_sense_is_named(tmp_path, store, session):
    store.sessions.add_answer(session, answer(1))
    with closing(sqlite3.connect(tmp_path / "data" / "voicemock.db")) as connection, connection:
        connection.execute("UPDATE answers SET document = json_set(document, '$.status', 'dreamt')")
    with pytest.raises(StorageError, match=f"answer 1 of session {session.id} cannot be read"):
        store.sessions.answers(session)


def test_a_data_folder_that_is_a_file_is_explained(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StorageError, match=r"cannot be written: .*--data-dir"):
        Store(tmp_path / "data")


def test_a_database_that_is_a_folder_is_explained(tmp_path):
    (tmp_path / "voicemock.db").mkdir()
    with pytest.raises(StorageError, match="--data-dir"):
        Store(tmp_path)


def test_closing_twice_is_fine(tmp_path):
    with Store(tmp_path) as store:
        store.close()


def test_a_deleted_reply_takes_its_words_from_later_questions_only(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        session = store.sessions.start(None, "0.1.0", START)
        for position, follows in ((2, 1), (4, 1), (6, 5)):
            store.unfinished.mark(
                OpenAnswer(session=session, position=position, question=QUESTION, follows=follows, recorded_at=START)
            )
        store.unfinished.forget_answer(session.id, 3, 1, NEUTRAL_QUESTION)
        texts = {mark.position: mark.question.text for mark in store.unfinished._marks.all().values()}
    assert texts == {2: QUESTION.text, 4: NEUTRAL_QUESTION, 6: QUESTION.text}


@pytest.mark.parametrize("status", ["no_speech", "skipped"])
def test_a_session_in_which_nothing_was_said_is_not_the_last(store, status):
    said = store.sessions.start(None, "0.1.0", datetime(2026, 11, 24, 9, tzinfo=UTC))
    store.sessions.add_answer(said, answer(1))
    empty = store.sessions.start(None, "0.1.0", datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert store.sessions.find("last") == said
    store.sessions.add_answer(empty, answer(1).model_copy(update={"status": status, "assessment": None}))
    assert store.sessions.find("last") == said
    store.sessions.add_answer(empty, answer(2))
    assert store.sessions.find("last") == empty


def test_a_session_is_in_progress_until_it_ends(store, tmp_path):
    session = store.sessions.start(None, "0.1.0", START)
    with Store(tmp_path / "data") as other:
        assert [each.is_in_progress for each in other.overviews.sessions()] == [True]
        store.sessions.end(session, START)
        assert [each.is_in_progress for each in other.overviews.sessions()] == [False]
