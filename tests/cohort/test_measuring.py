from __future__ import annotations

import hashlib
from pathlib import Path

import fsspec
import pytest

from voicemock.cohort.measuring import content_hash, measure
from voicemock.cohort.work import how_measured
from voicemock.models import Assessment, Failure
from voicemock.settings import Settings

HOW = how_measured(Settings(), "auto")
STORY = "Our checkout failed every Friday. I set up a queue and errors fell by 40%."


def test_a_file_is_named_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"sound")
    assert content_hash(str(path)) == hashlib.sha256(b"sound").hexdigest()


def test_a_file_of_a_bucket_is_copied_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEMOCK_CACHE_DIR", str(tmp_path))
    fsspec.filesystem("memory").pipe("/bucket/take.txt", STORY.encode())
    found = measure("memory://bucket/take.txt", "failed-program", HOW)
    assert isinstance(found, Assessment)
    assert (found.transcript.text, found.question and found.question.id) == (STORY, "failed-program")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_bucket_that_refuses_is_an_unreadable_file(monkeypatch: pytest.MonkeyPatch) -> None:
    class DeniedError(Exception):
        """As s3fs has them: no OSError."""

    def refuse(*_: object) -> None:
        raise DeniedError("no credentials")

    monkeypatch.setattr("fsspec.core.url_to_fs", refuse)
    with pytest.raises(OSError, match="no credentials"):
        content_hash("s3://bucket/take.flac")


@pytest.mark.parametrize(
    ("name", "content", "question_id", "kind"),
    [
        pytest.param("broken.wav", b"no sound", None, "audio_file", marks=pytest.mark.models),
        pytest.param("empty.wav", b"", None, "audio_file", marks=pytest.mark.models),
        ("latin.txt", b"caf\xe9 \xff\xfe", None, "transcript_file"),
        ("story.txt", STORY.encode(), "no-such-question", "unknown_name"),
    ],
)
def test_a_file_that_cannot_be_used_is_no_exception(
    tmp_path: Path, name: str, content: bytes, question_id: str | None, kind: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = measure(str(path), question_id, HOW)
    assert isinstance(found, Failure)
    assert found.kind == kind
