"""The text of a job description: plain text, Markdown or PDF."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voicemock.errors import DocumentError
from voicemock.models import LONGEST_JOB_TEXT

if TYPE_CHECKING:
    from pypdf import PdfReader

LARGEST_FILE: Final = 20_000_000
"""Bytes; a job description has well under one million, a scanned one some."""

MOST_PAGES: Final = 40
"""Of a PDF; a job description has two."""

FEWEST_CHARS: Final = 40
"""A PDF with less text than this is a picture of text."""

_SUFFIXES: Final = (".txt", ".md", ".pdf")


def read_document(path: Path) -> str:
    """Return the text of a file, without the lines' outer spaces and with at most one empty line in a row.

    Raises:
        DocumentError: It is missing, too large, encrypted, broken, without text, or of no kind that is read.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise DocumentError(f"{path}: only {', '.join(_SUFFIXES)} files are read. Save it as one of them.")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise DocumentError(f"{path} has {size / 1e6:.0f} MB; at most {LARGEST_FILE / 1e6:.0f} MB are read.")
        text = _text_of_pdf(path) if path.suffix.lower() == ".pdf" else path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{path} is not UTF-8 text (byte {error.start}). Save it as UTF-8 and try again."
        ) from error
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}.") from error
    text = _tidy(text)
    if not text:
        raise DocumentError(f"{path} holds no word.")
    if len(text) > LONGEST_JOB_TEXT:
        raise DocumentError(
            f"{path} has {len(text):,} characters; at most {LONGEST_JOB_TEXT:,} are kept. Take out what is not about "
            "the job."
        )
    return text


def _text_of_pdf(path: Path) -> str:
    """Return the text of a PDF, page after page, up to a little more than is kept.

    Raises:
        DocumentError: It is encrypted, broken, too long, or holds pictures of text.
    """
    from pypdf import PdfReader

    with _explained(path):
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(f"{path} needs a password. Save a copy without one, or its text as .txt.")
        if len(reader.pages) > MOST_PAGES:
            raise DocumentError(f"{path} has {len(reader.pages)} pages; at most {MOST_PAGES} are read.")
        text = "\n".join(_pages(reader))
    if len("".join(text.split())) < FEWEST_CHARS:
        raise DocumentError(
            f"{path} holds hardly any text; it may be a scan. Copy the text into a .txt file and give that one."
        )
    return text


def _pages(reader: PdfReader) -> Iterator[str]:
    """Yield the text of page after page until there is more than is kept."""
    read = 0
    for page in reader.pages:
        text = page.extract_text()
        read += len(text)
        yield text
        if read > 2 * LONGEST_JOB_TEXT:
            return


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what a broken PDF makes of pypdf into our error, and keep its log quiet.

    pypdf looks into objects of any shape; where they are not what they should be, Python's own errors come through.
    """
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    except (DependencyError, FileNotDecryptedError) as error:
        raise DocumentError(f"{path} is encrypted. Save a copy without a password, or its text as .txt.") from error
    except (
        PyPdfError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        MemoryError,
        NotImplementedError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise DocumentError(f"{path} is no PDF that can be read. Save it again, or its text as .txt.") from error
    finally:
        log.setLevel(level)


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.replace("\x00", "").splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).strip()
