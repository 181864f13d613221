"""Reading job descriptions, and the errors for files that cannot be read."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.practice.jobs.pdfs import encrypted, pdf_of, slow_pdf
from voicemock.errors import DocumentError
from voicemock.models import LONGEST_JOB_TEXT
from voicemock.practice import jobs as document
from voicemock.practice.jobs import read_document, text_of_document
from voicemock.practice.pdf import read_pdf, text_of

POSTING = "We are looking for a technical program manager\nwho leads migrations to Kafka without authority."
WHOLE = pdf_of(POSTING)


def file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("job.txt", POSTING.encode(), POSTING),
        ("job.MD", b"\xef\xbb\xbf# Job\r\n\r\n\r\n\r\n  Lead   it. \n", "# Job\n\nLead it."),
        ("job.pdf", WHOLE, POSTING),
        ("job.PDF", pdf_of("", POSTING, ""), POSTING),
        ("job.pdf", encrypted(WHOLE, ""), POSTING),  # may be read, but not changed
        ("job.pdf", b"junk before it\n" + WHOLE, POSTING),
    ],
)
def test_what_it_says_is_read(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    assert read_document(file(tmp_path, name, content)) == text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("job.docx", b"PK", r"only \.txt, \.md, \.pdf files are read"),
        ("job", b"text", "only"),
        ("job.txt", b"", "contains no words"),
        ("job.txt", b" \n\x00 ", "contains no words"),
        ("job.txt", b"\xff\xfeJ\x00", "not UTF-8"),
        ("job.txt", b"x" * (LONGEST_JOB_TEXT + 1), "100,001 characters"),
        ("job.pdf", b"", "not a readable PDF"),
        ("job.pdf", b"%PDF-1.7", "not a readable PDF"),
        ("job.pdf", POSTING.encode(), "not a readable PDF"),
        ("job.pdf", WHOLE[:200], "not a readable PDF"),
        ("job.pdf", pdf_of("", ""), "may be a scan"),
        ("job.pdf", pdf_of("Job"), "may be a scan"),
        ("job.pdf", encrypted(WHOLE, "secret"), "needs a password"),
        ("job.pdf", pdf_of(*[POSTING] * 41), "41 pages"),
        ("job.pdf", pdf_of("word " * 30_000), "characters; at most"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_document(file(tmp_path, name, content))


def test_an_upload_is_read_as_a_file_is_and_named_by_its_name() -> None:
    assert text_of_document(WHOLE, "job.pdf") == POSTING
    with pytest.raises(DocumentError, match=r"^posting\.pdf is not a readable PDF"):
        text_of_document(b"", "posting.pdf")


def test_a_file_that_is_missing_or_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    for name in ("missing.pdf", "folder.txt"):
        with pytest.raises(DocumentError, match="cannot be read"):
            read_document(tmp_path / name)


def test_a_huge_file_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LARGEST_FILE", 10)
    with pytest.raises(DocumentError, match="at most"):
        read_document(file(tmp_path, "job.pdf", WHOLE))


def test_a_cipher_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    def refuse(reader: PdfReader, password: str) -> None:
        raise DependencyError("cryptography>=43 is required for AES algorithm")

    monkeypatch.setattr(PdfReader, "decrypt", refuse)
    with pytest.raises(DocumentError, match="is encrypted"):
        text_of(encrypted(WHOLE, ""), "job.pdf")


@given(
    at=st.integers(0, len(WHOLE) - 1),
    gone=st.integers(0, 40),
    new=st.sampled_from([b"", b"0", b"<<", b"[", b"null", b"-1", b"/Prev 9 ", b"/Kids [2 0 R]", b"999999999"]),
)
def test_a_damaged_pdf_is_read_or_refused_and_nothing_else(at: int, gone: int, new: bytes) -> None:
    with suppress(DocumentError):
        assert text_of(
            WHOLE[:at] + new + WHOLE[at + gone :], "job.pdf"
        )  # in this process: whatever else a child raises is told as a PDF that cannot be read


def test_a_small_pdf_that_takes_minutes_is_refused_in_time_and_its_reader_is_stopped() -> None:
    content = slow_pdf(10, operators=1_000_000)
    assert len(content) < 20_000
    with pytest.raises(DocumentError, match=r"job\.pdf was not read within 1 s\. Copy its text into a \.txt file"):
        read_pdf(content, "job.pdf", longest_s=1)


def test_a_reader_of_pdfs_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(DocumentError, match="is not a readable PDF"):
        read_document(file(tmp_path, "job.pdf", WHOLE))


def test_the_reader_of_pdfs_is_loaded_with_the_first_pdf(tmp_path: Path) -> None:
    import subprocess

    program = (
        "import sys; from pathlib import Path; from voicemock.practice.jobs import read_document; "
        f"read_document(Path({str(file(tmp_path, 'job.txt', POSTING.encode()))!r})); sys.exit('pypdf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
