"""Exports in the page: the files that the command writes."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.commands import voicemock
from tests.interviews import keep as keep_answers
from tests.interviews import spoken_answer
from tests.web.conftest import OpenServer
from tests.web.kept_sessions import keep
from tests.web.test_reviews import words_of
from voicemock.report.export_files import NOTHING_TO_WRITE
from voicemock.report.formats import Format

TYPES = {
    "md": "text/markdown; charset=utf-8",
    "notes": "text/markdown; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "srt": "application/zip",
    "vtt": "application/zip",
    "audio": "application/zip",
}


@pytest.mark.parametrize("form", list(Format))
def test_a_download_holds_what_the_command_writes(open_server: OpenServer, tmp_path: Path, form: Format):
    server = open_server()
    session = keep(server, "We moved it. And it was fast.", "Nobody noticed.", questions=("failed-program",) * 2)
    out = tmp_path / "out"
    done = voicemock(
        "export", session.id, "--format", form, "--to", out, "--data-dir", server.settings.data_dir, encoding="utf-8"
    )
    assert done.exit_code == 0, done.output
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    sent = server.client().get(f"/sessions/{session.id}/export/{form}")
    assert (sent.status_code, sent.headers["content-type"]) == (200, TYPES[form])
    if len(written) == 1:
        name = next(iter(written))
        assert sent.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert sent.content == written[name]
    else:
        assert sent.headers["content-disposition"] == f'attachment; filename="{session.id}-{form}.zip"'
        with ZipFile(io.BytesIO(sent.content)) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == written


def test_the_page_comes_with_its_recordings_in_it(open_server: OpenServer):
    server = open_server()
    session = keep_answers(server.settings.data_dir, spoken_answer("We cut the scope and shipped."))
    sent = server.client().get(f"/sessions/{session.id}/export/page")
    assert sent.headers["content-disposition"] == f'attachment; filename="{session.id}.html"'
    assert 'src="data:audio/webm;base64,' in sent.text
    assert "<script src" not in sent.text


def test_one_file_comes_as_it_is(open_server: OpenServer):
    server = open_server()
    session = keep(server, "We moved it.")
    sent = server.client().get(f"/sessions/{session.id}/export/audio")
    assert (sent.content, sent.headers["content-type"]) == (b"sound", "audio/flac")
    assert sent.headers["content-disposition"] == f'attachment; filename="{session.id}-01.flac"'


def test_only_formats_that_have_something_are_offered(open_server: OpenServer):
    server = open_server()
    session = keep(server, "We moved it.", has_sound=False)
    html = server.client().get(f"/sessions/{session.id}").text
    assert f"/sessions/{session.id}/export/srt" in html
    assert f"/sessions/{session.id}/export/audio" not in html
    missing = server.client().get(f"/sessions/{session.id}/export/audio")
    assert missing.status_code == 404
    assert NOTHING_TO_WRITE in words_of(missing.text)


def test_a_recording_that_cannot_be_read_is_told(open_server: OpenServer):
    server = open_server()
    session = keep(server, "We moved it.")
    (server.settings.data_dir / "sessions" / session.id / "answer-01.flac").unlink()
    told = server.client().get(f"/sessions/{session.id}/export/audio")
    assert told.status_code == 500
    assert "answer-01.flac cannot be read: No such file or directory." in told.text


@pytest.mark.parametrize("form", ["exe", "MD", "..%2fmd", "json%00"])
def test_there_is_no_other_format(open_server: OpenServer, form: str):
    server = open_server()
    session = keep(server, "one")
    assert server.client().get(f"/sessions/{session.id}/export/{form}").status_code == 404
