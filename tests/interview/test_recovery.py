"""Recovery: an unfinished answer is found, finished once, and never lost on the way."""

from __future__ import annotations

import errno
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes import Script, ScriptedDetector, quiet, says
from tests.interviews import analyzer
from voicemock.content.questions import QuestionBank
from voicemock.errors import AudioFileError, EngineError, StorageError
from voicemock.interview.recovery import Recovery, store_unanalyzed
from voicemock.models import Answer, OpenAnswer, Session, Story, Timings
from voicemock.speech.audio_files import RecordingFile, read_audio, read_recording, write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip, to_pcm16
from voicemock.speech.transcription import Transcriber, TranscriptionWorker
from voicemock.store.store import Store
from voicemock.store.unfinished import UnfinishedAnswer

SCRIPT = Script(says("our launch was late so I cut the scope and we shipped on the day", 6), quiet(2))
SOUND = AudioClip(SCRIPT.samples, LISTENING_RATE)
BEGAN = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
QUESTION = QuestionBank.load().get("failed-program")
STORY = Story.named("Kafka migration", "star")
VERSION = "0.1.0"


class Desk:
    """A data folder, and what finishes answers in it."""

    def __init__(self, data_dir: Path, load: Callable[[], Transcriber]) -> None:
        self.data_dir = data_dir
        self._open = ExitStack()
        self.store = self._open.enter_context(Store(data_dir))
        worker = self._open.enter_context(TranscriptionWorker(load))
        self.recovery = Recovery(self.store, analyzer(), worker, VERSION)

    def killed(self, *, story: Story | None = None, recorded: AudioClip = SOUND, **mark: Any) -> Session:
        """Leave what a process leaves that is killed while it records."""
        with Store(self.data_dir) as store:
            session = store.sessions.start("amazon", VERSION, BEGAN, story)
            question = None if story else QUESTION
            fields = {"position": 1, "question": question, "recorded_at": BEGAN, "story": story, **mark}
            store.unfinished.mark(OpenAnswer(session=session, **fields))
            head = RecordingFile._header(RecordingFile._CLAIMED_BYTES)  # never corrected
            _written(self.recording(session), head + to_pcm16(recorded.samples))
            return session

    def recording(self, session: Session) -> Path:
        return self.store.sessions.folder(session) / "answer-01.recording.wav"

    def files(self, session: Session) -> list[str]:
        return sorted(path.name for path in self.store.sessions.folder(session).iterdir())

    @property
    def marks(self) -> list[str]:
        return sorted(path.name for path in (self.data_dir / "unfinished").iterdir())

    def only(self, *, everything: bool = False) -> UnfinishedAnswer:
        (left,) = self.store.unfinished.find(everything=everything)
        return left

    def finished(self, *, everything: bool = False) -> Answer:
        done = self.recovery.finish(self.only(everything=everything))
        assert done is not None
        session, answer = done
        assert self.store.sessions.answers(session)[answer.position - 1] == answer
        return answer

    def close(self) -> None:
        self._open.close()


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenDesk]:
    monkeypatch.setattr("voicemock.coaching.assess.load_detector", lambda settings: ScriptedDetector())
    opened = []

    def open_one(load: Callable[[], Transcriber] = SCRIPT.transcriber) -> Desk:
        opened.append(Desk(tmp_path / "data", load))
        return opened[-1]

    yield open_one
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk()


# --- what a killed process left --------------------------------------------------------------------------


def test_an_answer_that_was_cut_off_is_filed_as_what_it_is(desk: Desk) -> None:
    session = desk.killed(position=1, follows=None)
    answer = desk.finished()
    assert (answer.status, answer.question, answer.recorded_at) == ("interrupted", QUESTION, BEGAN)
    assert answer.assessment is not None
    assert answer.assessment.transcript.text == " ".join(SCRIPT.words)
    assert answer.speech
    assert desk.files(session) == ["answer-01.flac"]
    np.testing.assert_array_equal(
        read_audio(desk.store.sessions.folder(session) / "answer-01.flac").samples, SCRIPT.samples
    )
    assert desk.marks == []
    assert desk.store.sessions.find(session.id).ended_at == BEGAN + timedelta(seconds=8.01)


def test_no_answer_is_finished_through_a_link_in_the_place_of_its_session(desk: Desk, tmp_path: Path) -> None:
    folder = desk.store.sessions.folder(desk.killed())
    folder.symlink_to(folder.rename(tmp_path / "behind"))
    with pytest.raises(StorageError, match="is a link, which is not followed"):
        desk.finished()
    assert [path.name for path in folder.iterdir()] == ["answer-01.recording.wav"]
    assert len(desk.marks) == 1


def test_a_follow_up_knows_what_it_follows(desk: Desk) -> None:
    desk.killed(follows=1, position=1)
    assert desk.finished().follows == 1


def test_a_story_is_held_against_its_own_framework(desk: Desk) -> None:
    desk.killed(story=Story.named("Kafka migration", "triage"))
    answer = desk.finished()
    assert answer.question is None
    assert answer.assessment is not None
    assert answer.assessment.analysis.structure is not None
    assert answer.assessment.analysis.structure.framework == "triage"
    assert desk.store.sessions.find("last").story == "Kafka migration"


def test_an_answer_that_was_over_is_answered(desk: Desk) -> None:
    session = desk.killed()
    over = Timings(question_ended_s=0, speech_started_s=0, speech_ended_s=6, declared_over_s=8)
    desk.store.sessions.add_answer(session, kept(audio_file="answer-01.recording.wav", timings=over))
    assert desk.only().is_over
    answer = desk.finished()
    assert (answer.status, answer.timings) == ("answered", over)


def test_silence_is_no_speech(desk: Desk) -> None:
    desk.killed(recorded=AudioClip(np.zeros(LISTENING_RATE, np.float32), LISTENING_RATE))
    assert desk.finished().status == "no_speech"


def test_a_recording_without_sound_is_filed_without_a_recording(desk: Desk) -> None:
    session = desk.killed(recorded=AudioClip(np.zeros(0, np.float32), LISTENING_RATE))
    answer = desk.finished()
    assert (answer.status, answer.audio_file, answer.assessment) == ("interrupted", None, None)
    assert desk.files(session) == desk.marks == []
    assert desk.store.unfinished.find(everything=True) == ()


def test_an_answer_of_a_voicemock_that_left_no_marks_is_found_when_all_is_wanted(desk: Desk) -> None:
    session = desk.killed()
    for mark in (desk.data_dir / "unfinished").iterdir():
        mark.unlink()
    assert desk.store.unfinished.find() == ()
    answer = desk.finished(everything=True)
    assert (answer.question, answer.status) == (None, "interrupted")
    assert desk.store.sessions.find(session.id) == session.model_copy(
        update={"ended_at": BEGAN + timedelta(seconds=8.01)}
    )


def test_a_mark_that_makes_no_sense_is_as_good_as_none(desk: Desk) -> None:
    desk.killed()
    (mark,) = (desk.data_dir / "unfinished").glob("*.json")
    mark.write_text('{"schema_version": 1, "session": "x"', encoding="utf-8")
    assert desk.finished().question is None
    assert desk.marks == []


def test_a_session_that_is_kept_no_more_is_kept_again(tmp_path: Path, open_desk: OpenDesk) -> None:
    before = open_desk()
    session = before.killed(story=STORY)
    before.close()
    for path in (tmp_path / "data").glob("voicemock.db*"):
        path.unlink()
    after = open_desk()
    after.finished()
    assert after.store.sessions.find(session.id).story == "Kafka migration"
    assert after.store.stories.find("kafka migration") == STORY


# --- what is on the disk may be damaged ------------------------------------------------------------------

HEADER = RecordingFile.HEADER_BYTES


def _zeroed_header(recording: Path) -> None:
    recording.write_bytes(bytes(HEADER) + recording.read_bytes()[HEADER:])


def _no_length(recording: Path) -> None:
    data = recording.read_bytes()
    recording.write_bytes(data[: HEADER - 4] + bytes(4) + data[HEADER:])


def _half_a_sample(recording: Path) -> None:
    recording.write_bytes(recording.read_bytes() + b"\x01")


def _half_a_flac(recording: Path) -> None:
    (recording.parent / "answer-01.flac").write_bytes(b"fLaC\0\0\0\x22")


def _empty_flac(recording: Path) -> None:
    (recording.parent / "answer-01.flac").touch()


def _part_of_a_flac(recording: Path) -> None:
    (recording.parent / ".answer-01.flac.part").write_bytes(b"fLaC\0\0\0\x22")


def _whole_flac(recording: Path) -> None:
    write_audio(recording.with_name("answer-01.flac"), SOUND)


def _flac_alone(recording: Path) -> None:
    _whole_flac(recording)
    recording.unlink()


@pytest.mark.parametrize(
    "damage",
    [_zeroed_header, _no_length, _half_a_sample, _half_a_flac, _empty_flac, _part_of_a_flac, _whole_flac, _flac_alone],
)
def test_no_damage_costs_a_sample(desk: Desk, damage: Callable[[Path], None]) -> None:
    session = desk.killed()
    damage(desk.recording(session))
    assert desk.finished().audio_file == "answer-01.flac"
    found = read_audio(desk.store.sessions.folder(session) / "answer-01.flac")
    np.testing.assert_array_equal(found.samples, SCRIPT.samples)
    assert desk.files(session) == ["answer-01.flac"]


@pytest.mark.parametrize("left", [0, 3, HEADER - 1, HEADER])
def test_a_header_alone_is_no_sound(desk: Desk, left: int) -> None:
    session = desk.killed()
    desk.recording(session).write_bytes(desk.recording(session).read_bytes()[:left])
    assert desk.finished().audio_file is None
    assert len(read_recording(_written(desk.data_dir / "x.wav", bytes(left))).samples) == 0


def test_what_cannot_be_read_is_told_and_stays(desk: Desk) -> None:
    session = desk.killed()
    _half_a_flac(desk.recording(session))
    desk.recording(session).unlink()
    with pytest.raises(AudioFileError, match=r"answer-01\.flac"):
        desk.finished()
    assert desk.files(session) == ["answer-01.flac"]
    assert len(desk.marks) == 1


# --- once, and by one alone ------------------------------------------------------------------------------


def test_finishing_twice_changes_nothing(desk: Desk) -> None:
    desk.killed()
    left = desk.only()
    answer = desk.finished()
    assert desk.recovery.finish(left) is None
    assert desk.store.sessions.answers(desk.store.sessions.find()) == (answer,)


def test_an_interview_that_goes_on_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.killed()
    left = desk.only()
    with Store(tmp_path / "data") as other:  # a lock of its own, as another process has
        other.unfinished.begin(left.session_id)
        assert desk.store.unfinished.find(everything=True) == ()
        desk.store.unfinished.sweep()
        with pytest.raises(StorageError, match="in use by another voicemock"):
            desk.recovery.finish(left)
        with pytest.raises(StorageError, match="in use by another voicemock"):
            store_unanalyzed(desk.store, left, VERSION)
    assert desk.finished().assessment is not None


def test_two_interviews_at_once_do_not_see_each_others_answers(tmp_path: Path) -> None:
    with Store(tmp_path) as one, Store(tmp_path) as two:
        sessions = [store.sessions.start(None, VERSION, BEGAN) for store in (one, two)]
        assert sessions[0].id != sessions[1].id
        for store, session in zip((one, two), sessions, strict=True):
            store.unfinished.mark(OpenAnswer(session=session, position=1, question=QUESTION, recorded_at=BEGAN))
            write_audio(store.sessions.folder(session) / "answer-01.recording.wav", SOUND)
        assert one.unfinished.find(everything=True) == two.unfinished.find(everything=True) == ()
        one.sessions.end(sessions[0], BEGAN)
        assert [left.session_id for left in two.unfinished.find()] == [sessions[0].id]


def test_a_lock_that_a_killed_process_left_holds_nobody_up(desk: Desk) -> None:
    session = desk.killed()
    (desk.data_dir / "unfinished" / f"{session.id}.lock").write_bytes(b"")
    assert desk.finished().assessment is not None
    assert desk.marks == []


def test_nobody_is_asked_twice_and_it_can_still_be_finished(desk: Desk) -> None:
    session = desk.killed()
    store_unanalyzed(desk.store, desk.only(), VERSION)
    assert desk.store.unfinished.find() == ()
    assert desk.files(session) == ["answer-01.flac"]
    (answer,) = desk.store.sessions.answers(session)
    assert (answer.status, answer.question, answer.assessment) == ("interrupted", QUESTION, None)
    assert desk.finished(everything=True).assessment is not None


def test_without_whisper_the_answer_is_on_file_and_waits(open_desk: OpenDesk) -> None:
    def load() -> Transcriber:
        raise EngineError("The model is damaged.")

    desk = open_desk(load)
    session = desk.killed()
    with pytest.raises(EngineError):
        desk.finished()
    assert [answer.status for answer in desk.store.sessions.answers(session)] == ["interrupted"]
    assert open_desk().finished().assessment is not None


def test_what_is_done_is_swept_up(desk: Desk) -> None:
    session = desk.killed()
    left = desk.only()
    assert left.mark is not None
    desk.finished()
    desk.store.unfinished.mark(left.mark)  # killed before the mark was removed,
    write_audio(desk.recording(session), SOUND)  # and before the recording was
    with Store(desk.data_dir) as other:
        other.unfinished.begin("20260101-120000-abcd")  # killed between two answers
    assert desk.store.unfinished.find(everything=True) == ()
    desk.store.unfinished.sweep()
    assert desk.marks == []
    assert desk.files(session) == ["answer-01.flac"]


def test_a_mark_of_which_nothing_was_recorded_is_swept_up(desk: Desk) -> None:
    session = desk.killed()
    desk.recording(session).unlink()
    assert desk.store.unfinished.find() == ()
    desk.store.unfinished.sweep()
    assert desk.marks == []


@pytest.mark.skipif(sys.platform == "win32", reason="locks files in another way")
def test_where_the_file_system_knows_no_locks_a_session_is_held_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", refuse)
    session = desk.store.sessions.start(None, VERSION, BEGAN)
    lock = desk.data_dir / "unfinished" / f"{session.id}.lock"
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600
    desk.store.sessions.end(session, BEGAN)
    assert not lock.exists()


def test_a_mark_that_was_not_written_to_its_end_is_swept_up(desk: Desk) -> None:
    with Store(desk.data_dir) as other:
        session = other.sessions.start(None, VERSION, BEGAN)
    (desk.data_dir / "unfinished" / f".{session.id}.answer-01.json.part").write_bytes(b"{")
    desk.store.unfinished.sweep()
    assert desk.marks == []


def test_deleting_a_session_deletes_its_marks(desk: Desk) -> None:
    session = desk.killed()
    desk.store.delete_session(session)
    assert [name for name in desk.marks if name.endswith(".json")] == []


def test_recordings_that_are_gone_are_named(desk: Desk) -> None:
    session = desk.killed()
    desk.finished()
    assert desk.store.unfinished.without_recordings() == ()
    gone = desk.store.sessions.folder(session) / "answer-01.flac"
    gone.unlink()
    assert desk.store.unfinished.without_recordings() == (gone,)


# --- killed for real -------------------------------------------------------------------------------------

INTERVIEW = """
import os, signal, sys
from pathlib import Path
from tests.fakes import *
from tests.interview.test_recovery import SCRIPT, QUESTION
from voicemock import api
from voicemock.interview import answer_store, listener
from voicemock.speech import audio_files as audio
from voicemock.speech.desk import SoundDesk
from voicemock.settings import load_settings
from voicemock.store.sessions import Sessions

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def dies_at_call(kind, name, number):
    usual, calls = getattr(kind, name), []
    def counted(*arguments, **options):
        calls.append(1)
        return die() if len(calls) == number else usual(*arguments, **options)
    setattr(kind, name, counted)

moment = sys.argv[2]
if moment == "recording":
    dies_at_call(audio.RecordingFile, "append", 101)
elif moment == "compressing":
    answer_store.compress_recording = die
elif moment == "transcribing":
    answer_store.AnswerStore._assess = die
else:
    dies_at_call(Sessions, "add_answer", {"saving the recording": 1, "saving the FLAC": 2, "saving": 3}[moment])
api.transcriber_loader = lambda settings: SCRIPT.transcriber
listener.load_detector = lambda settings: ScriptedDetector()
SoundDesk.open_microphone = lambda self: SCRIPT.microphone()
settings = load_settings(data_dir=Path(sys.argv[1]), mic=sys.argv[3], voice="silent")
with api.open_interview(settings, [QUESTION]) as interview:
    interview.run()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    ("moment", "recorded_s", "status"),
    [
        ("recording", 3.0, "interrupted"),
        ("saving the recording", 12.4, "interrupted"),
        ("compressing", 12.4, "answered"),
        ("saving the FLAC", 12.4, "answered"),
        ("transcribing", 12.4, "answered"),
        ("saving", 12.4, "answered"),
    ],
)
def test_killed_at_any_moment_an_answer_is_finished_later(
    tmp_path: Path, desk: Desk, moment: str, recorded_s: float, status: str
) -> None:
    command = [sys.executable, "-c", INTERVIEW, str(desk.data_dir), moment, str(_written(tmp_path / "x.wav", b""))]
    killed = subprocess.run(command, check=False, capture_output=True, cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert desk.store.integrity() is None
    answer = desk.finished()
    assert answer.status == status
    assert answer.assessment is not None
    assert answer.assessment.analysis.recording_s == pytest.approx(recorded_s, abs=0.5)
    assert desk.files(desk.store.sessions.find()) == ["answer-01.flac"]
    assert desk.marks == []
    assert desk.store.integrity() is None


# --- clocks ----------------------------------------------------------------------------------------------


def test_a_clock_that_is_put_back_ends_no_session_before_it_began(desk: Desk) -> None:
    session = desk.store.sessions.start(None, VERSION, BEGAN)
    ended = desk.store.sessions.end(session, BEGAN - timedelta(hours=1))
    assert ended.ended_at == desk.store.sessions.find(session.id).ended_at == BEGAN


def test_a_clock_that_is_put_back_gives_no_id_twice_and_keeps_the_order_of_answers(desk: Desk) -> None:
    sessions = [desk.store.sessions.start(None, VERSION, BEGAN) for _ in range(20)]
    assert len({session.id for session in sessions}) == 20
    for position in (1, 2):
        early = BEGAN - timedelta(hours=position)
        desk.store.sessions.add_answer(sessions[0], kept(position=position, recorded_at=early))
    assert [answer.position for answer in desk.store.sessions.answers(sessions[0])] == [1, 2]


def kept(**changes: Any) -> Answer:
    fields = {
        "position": 1,
        "status": "interrupted",
        "question": QUESTION,
        "recorded_at": BEGAN,
        "audio_file": None,
        "assessment": None,
        "timings": None,
    }
    return Answer(**{**fields, **changes})


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
