"""Text of a PDF, read in a child process: a small file can keep pypdf busy for minutes, and a child can be stopped.

As the child (``python -m voicemock.practice.pdf``) it reads a line of JSON with the file's name and then the file from
stdin, and writes ``{"text": ...}`` or ``{"refused": MESSAGE}`` to stdout. So no copy of an upload lies on a disk.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final

from voicemock.errors import DocumentError
from voicemock.models import LONGEST_JOB_TEXT

if TYPE_CHECKING:
    from pypdf import PdfReader

LONGEST_S: Final = 20.0
"""A job description takes a tenth of a second."""
MOST_PAGES: Final = 40
"""Most pages of a PDF; a job description has two."""
FEWEST_CHARS: Final = 40
"""A PDF with fewer is a scan."""


def read_pdf(content: bytes, name: str, longest_s: float = LONGEST_S) -> str:
    """Return the text of a PDF, up to a little more than is kept, within some seconds.

    Args:
        content: The file.
        name: Its name, for messages.
        longest_s: The most seconds it may take.

    Raises:
        DocumentError: It takes longer, or is encrypted, broken, too long or without text.
    """
    command = [sys.executable, "-P", "-m", "voicemock.practice.pdf"]
    request = json.dumps(name).encode("ascii") + b"\n" + content
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the file goes over stdin
            command, input=request, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=longest_s, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            f"{name} was not read within {longest_s:.0f} s. Copy its text into a .txt file and give that one."
        ) from error
    if done.returncode:
        raise _unreadable(name)
    reply: dict[str, str] = json.loads(done.stdout)
    if "refused" in reply:
        raise DocumentError(reply["refused"])
    return reply["text"]


def text_of(content: bytes, name: str) -> str:
    """Return the text of a PDF as ``read_pdf`` does, in this process and however long it takes."""
    with _opened(content, name) as reader:
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(f"{name} needs a password. Save a copy without one, or its text as .txt.")
        if len(reader.pages) > MOST_PAGES:
            raise DocumentError(f"{name} has {len(reader.pages)} pages; at most {MOST_PAGES} are read.")
        text = "\n".join(_pages(reader))
    if len("".join(text.split())) < FEWEST_CHARS:
        raise DocumentError(
            f"{name} contains hardly any text; it may be a scan. Copy the text into a .txt file and give that one."
        )
    return text


def _pages(reader: PdfReader) -> Iterator[str]:
    """Yield the text of each page until there is more than is kept."""
    read = 0
    for page in reader.pages:
        text = page.extract_text()
        read += len(text)
        yield text
        if read > 2 * LONGEST_JOB_TEXT:
            return


@contextmanager
def _opened(content: bytes, name: str) -> Iterator[PdfReader]:
    """Open a PDF, turn pypdf's errors into ours, and keep its log quiet.

    pypdf does not check the shape of the objects in a file, so a broken file raises any of Python's own errors.
    """
    from pypdf import PdfReader, errors

    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield PdfReader(BytesIO(content))
    except (errors.DependencyError, errors.FileNotDecryptedError) as error:
        raise DocumentError(f"{name} is encrypted. Save a copy without a password, or its text as .txt.") from error
    except (
        errors.PyPdfError,
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
        raise _unreadable(name) from error
    finally:
        log.setLevel(level)


def _unreadable(name: str) -> DocumentError:
    return DocumentError(f"{name} is not a readable PDF. Save it again, or its text as .txt.")


def main() -> None:
    """Serve the request on stdin."""
    name, content = json.loads(sys.stdin.buffer.readline()), sys.stdin.buffer.read()
    try:
        reply = {"text": text_of(content, name)}
    except DocumentError as error:
        reply = {"refused": str(error)}
    json.dump(reply, sys.stdout)


if __name__ == "__main__":
    main()
