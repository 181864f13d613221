"""The page on disk: its place, its permissions, its recordings."""

from __future__ import annotations

import base64
import io
import os
import re
import stat
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import av
import pytest

from tests.commands import voicemock
from tests.interviews import fixture_answer, keep
from voicemock.errors import AudioFileError
from voicemock.speech.audio_files import read_audio, read_recording
from voicemock.store.store import Store


@pytest.fixture
def kept(home) -> Path:
    """A session's folder with one answer."""
    session = keep(home / "data", fixture_answer("too-short"), recording="too-short")
    return home / "data" / "sessions" / session.id


def source(page: Path) -> str:
    (address,) = re.findall(r'<audio [^>]*src="([^"]*)"', page.read_text(encoding="utf-8"))
    return unescape(address)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_stands_beside_its_recording(kept):
    result = voicemock("report", "--no-open")
    assert (result.exit_code, result.stdout) == (0, f"{kept / 'report.html'}\n")
    assert source(kept / "report.html") == "answer-01.flac"
    assert sorted(path.name for path in kept.iterdir()) == ["answer-01.flac", "report.html"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_may_read_it_and_its_recordings(kept, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("what was there before, for everybody")
    page.chmod(0o644)
    assert voicemock("report", "--no-open", "--force", "--to", page).exit_code == 0
    assert {path.name: mode(path) for path in tmp_path.iterdir() if path.is_file()} == {
        "page.html": 0o600,
        "page-answer-01.flac": 0o600,
    }


def test_elsewhere_the_recording_is_copied_beside_it_whatever_its_name(kept, tmp_path):
    page = tmp_path / "my 100% review #1?.html"
    assert voicemock("report", "--no-open", "--to", page).exit_code == 0
    copy = tmp_path / unquote(source(page))
    assert copy.read_bytes() == (kept / "answer-01.flac").read_bytes()


def test_the_recording_can_be_inside(kept, tmp_path):
    page = tmp_path / "page.html"
    assert voicemock("report", "--no-open", "--embed-audio", "--to", page).exit_code == 0
    assert [path.name for path in tmp_path.glob("page*")] == ["page.html"]
    kind, data = source(page).split(",", 1)
    assert kind == "data:audio/webm;base64"
    with av.open(io.BytesIO(base64.b64decode(data))) as container:
        seconds = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    assert seconds == pytest.approx(read_audio(kept / "answer-01.flac").duration_s, abs=0.1)


def test_a_recording_that_is_gone_is_said_to_be_gone(kept):
    (kept / "answer-01.flac").unlink()
    assert voicemock("report", "--no-open").exit_code == 0
    assert "The recording is no longer there." in (kept / "report.html").read_text(encoding="utf-8")


def test_it_goes_when_an_answer_of_it_is_deleted(kept, home):
    assert voicemock("report", "--no-open").exit_code == 0
    with Store(home / "data") as store:
        store.delete_answer(store.sessions.find(), 1)
    assert not (kept / "report.html").exists()


# --- what is written over ----------------------------------------------------------------------------------

WRITERS = (
    ("report", "--no-open", "--to", "PAGE"),
    ("report", "--no-open", "--embed-audio", "--to", "PAGE"),
    ("progress", "--page", "--no-open", "--to", "PAGE"),
)


def run(command: tuple[str, ...], page: Path, *more: str):
    return voicemock(*(page if part == "PAGE" else part for part in command), *more)


@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
def test_a_file_that_is_there_is_written_over_only_with_force(kept, tmp_path, command):
    page = tmp_path / "page.html"
    page.write_text("mine")
    result = run(command, page)
    assert (result.exit_code, result.stdout, page.read_text()) == (1, "", "mine")
    assert "--force" in result.stderr
    assert list(tmp_path.glob("*.flac")) == []
    assert run(command, page, "--force").exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_nor_is_a_file_in_the_place_of_a_copied_recording(kept, tmp_path):
    copy = tmp_path / "page-answer-01.flac"
    copy.write_text("mine")
    assert voicemock("report", "--no-open", "--to", tmp_path / "page.html").exit_code == 1
    assert (copy.read_text(), (tmp_path / "page.html").exists()) == ("mine", False)
    assert voicemock("report", "--no-open", "--force", "--to", tmp_path / "page.html").exit_code == 0
    assert copy.read_bytes() == (kept / "answer-01.flac").read_bytes()


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
@pytest.mark.parametrize(
    "place",
    [
        "voicemock.db",
        "voicemock.db-wal",
        "voicemock.db.version-3.bak",
        "mine.html",
        "jobs/new.json",
        "unfinished/new.json",
        "SESSION",
    ],
)
@pytest.mark.parametrize("through", ["path", "link", "folder link"])
def test_what_is_kept_is_never_written_to(kept, home, tmp_path, command, place, through):
    data = home / "data"
    (data / "jobs").mkdir(exist_ok=True)
    target = kept / "answer-01.flac" if place == "SESSION" else data / place
    before = content(data)
    if through == "link":
        (tmp_path / "link.html").symlink_to(target)
        target = tmp_path / "link.html"
    elif through == "folder link":
        (tmp_path / "data link").symlink_to(data)
        target = tmp_path / "data link" / target.relative_to(data)
    result = run(command, target, "--force")
    assert (result.exit_code, result.stdout, content(data)) == (1, "", before)
    assert "never written to" in result.stderr


@pytest.mark.parametrize("format_", ["json", "md", "audio"])
def test_no_export_is_put_among_what_is_kept(kept, home, format_):
    before = content(home / "data")
    for folder in (home / "data", home / "data" / "mine", home / "data" / "jobs", kept):
        result = voicemock("export", "--format", format_, "--force", "--to", folder)
        assert (result.exit_code, content(home / "data")) == (1, before)
        assert "never written to" in result.stderr


def test_our_own_pages_are_written_anew_whenever_they_are_asked_for(kept, home):
    for command in (("report", "--no-open"), ("report", "--no-open", "--to", kept / "report.html")):
        assert voicemock(*command).exit_code == 0
    progress = home / "data" / "progress.html"
    for command in (("progress", "--page", "--no-open"), ("progress", "--no-open", "--to", progress)):
        assert voicemock(*command).exit_code == 0


def test_a_folder_or_a_pipe_is_no_page_even_with_force(kept, tmp_path):
    (tmp_path / "folder").mkdir()
    places = [tmp_path / "folder"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        places.append(tmp_path / "pipe")
    for place in places:
        result = voicemock("report", "--no-open", "--force", "--to", place)
        assert result.exit_code == 1
        assert "Name a file with --to" in result.stderr


def test_a_place_that_cannot_be_written_is_explained(kept, tmp_path):
    result = voicemock("report", "--no-open", "--to", tmp_path / "nowhere" / "page.html")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert "--to" in result.stderr


@pytest.mark.parametrize(("desktop", "flags", "opened"), [(True, [], 1), (True, ["--no-open"], 0), (False, [], 0)])
def test_it_opens_where_there_is_a_desktop_unless_told_not_to(kept, monkeypatch, desktop, flags, opened):
    pages = []
    monkeypatch.setattr("webbrowser.open", pages.append)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0" if desktop else "")
    assert voicemock("report", *flags).exit_code == 0
    assert pages == [(kept / "report.html").as_uri()] * opened


# --- voicemock play ----------------------------------------------------------------------------------------


def test_a_filler_is_played_with_what_is_around_it(kept, tmp_path):
    filler = fixture_answer("too-short").assessment.analysis.fillers[0]
    result = voicemock("play", "--filler", "1", "--speaker", tmp_path / "heard.wav")
    assert result.exit_code == 0, result.stderr
    assert f'filler 1, "{filler.text}"' in result.stdout
    assert read_audio(tmp_path / "heard.wav").duration_s == pytest.approx(filler.end_s - filler.start_s + 4, abs=2.0)


@pytest.mark.parametrize(
    ("arguments", "seconds"), [((), 27.9), (("--at", "0:05"), 10.0), (("--at", "25", "--answer", "1"), 2.9)]
)
def test_what_is_played(kept, tmp_path, arguments, seconds):
    result = voicemock("play", *arguments, "--speaker", tmp_path / "heard.wav")
    assert result.exit_code == 0, result.stderr
    assert read_audio(tmp_path / "heard.wav").duration_s == pytest.approx(seconds, abs=0.6)


def test_a_part_is_played_whole(kept, tmp_path):
    sentences = fixture_answer("too-short").assessment.analysis.structure.sentences
    part = next(sentence.part for sentence in sentences if sentence.part)
    result = voicemock("play", "--part", part, "--speaker", tmp_path / "heard.wav")
    assert result.exit_code == 0, result.stderr
    assert read_audio(tmp_path / "heard.wav").duration_s > 1.0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--answer", "7"), 1, "no answer 7"),
        (("--filler", "99"), 1, "no filler 99"),
        (("--part", "summary"), 1, "The parts are"),
        (("--at", "9:59"), 1, "there is nothing at 9:59"),
        (("--at", "soon"), 2, "not a time"),
        (("--at", "1", "--filler", "1"), 2, "one of --at"),
    ],
)
def test_what_is_not_there_is_explained(kept, tmp_path, arguments, code, words):
    result = voicemock("play", *arguments, "--speaker", tmp_path / "heard.wav")
    assert result.exit_code == code
    assert words in result.stderr
    assert not (tmp_path / "heard.wav").exists()


def replace(recording: Path, by: str, other: Path) -> None:
    """Put something in the place of a recording that is no file of the data folder."""
    recording.unlink()
    if by == "link":
        other.write_text("private")
        recording.symlink_to(other)
    elif by == "pipe":
        os.mkfifo(recording)
    else:
        recording.symlink_to("/dev/zero")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("by", ["link", "pipe", "device"])
def test_what_stands_in_the_place_of_a_recording_is_not_followed(kept: Path, tmp_path: Path, by: str) -> None:
    replace(kept / "answer-01.flac", by, tmp_path / "private.txt")
    to = tmp_path / "out"
    to.mkdir()
    for arguments in ((), ("--to", to / "page.html"), ("--embed-audio", "--to", to / "whole.html")):
        result = voicemock("report", "--no-open", *arguments)
        assert result.exit_code == 0, result.output
    assert sorted(path.name for path in to.iterdir()) == ["page.html", "whole.html"]
    assert "<audio" not in (to / "page.html").read_text(encoding="utf-8")
    refused = voicemock("export", "--format", "audio", "--to", to / "sound")
    assert refused.exit_code == 5
    assert "Put the file itself in its place" in refused.stderr
    assert not (to / "sound").exists()
    played = voicemock("play", "--speaker", tmp_path / "played.wav")
    assert played.exit_code == 1
    assert "Put the file itself in its place" in played.stderr


@pytest.mark.parametrize(
    "command",
    [("report", "--no-open"), ("export", "--format", "audio", "--to", "OUT"), ("play", "--speaker", "OUT/heard.wav")],
    ids=" ".join,
)
def test_a_link_in_the_place_of_a_session_is_not_followed(kept: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    behind = kept.rename(tmp_path / "behind")
    kept.symlink_to(behind)
    for arguments in (command, ("delete", f"{kept.name}/1", "--yes")):
        result = voicemock(*(each.replace("OUT", str(out)) for each in arguments))
        assert result.exit_code == 5, result.output
        assert f"{kept} is a link, which is not followed." in result.stderr
    assert [path.name for path in behind.iterdir()] == ["answer-01.flac"]
    assert list(out.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("by", ["link", "pipe", "device"])
def test_what_stands_in_the_place_of_a_job_or_a_raw_recording_is_not_followed(
    home: Path, tmp_path: Path, by: str
) -> None:
    folder = home / "data" / "jobs"
    folder.mkdir(parents=True)
    for path in (folder / "acme.json", folder / "answer-01.recording.wav"):
        path.touch()
        replace(path, by, tmp_path / "private.txt")
    assert voicemock("job", "list").exit_code == 5
    with pytest.raises(AudioFileError, match="Put the file itself in its place"):
        read_recording(folder / "answer-01.recording.wav")
