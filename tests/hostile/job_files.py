"""Job descriptions: text, Markdown and PDFs with anything in them."""

from __future__ import annotations

import io
import re
import zlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from rich.console import Console

from tests.hostile.mutations import broken
from tests.hostile.outputs import check_plain
from tests.hostile.texts import texts
from tests.interviews import bank
from tests.practice.jobs.pdfs import encrypted, pdf_of
from voicemock.errors import DocumentError
from voicemock.models import LONGEST_JOB_TEXT, Job
from voicemock.practice import jobs
from voicemock.practice.jobs import card_of, probe_topics, read_document
from voicemock.practice.pdf import text_of
from voicemock.report.cards import show_job_card, show_job_table
from voicemock.store.jobs import JobShelf

POSTING = "We are looking for a technical program manager\nwho leads migrations to Kafka without authority."
GOOD = (pdf_of(POSTING), pdf_of("", POSTING, POSTING), encrypted(pdf_of(POSTING), ""))
VALUES = (b"null", b"-1", b"2 0 R", b"4 0 R", b"[1 0 R]", b"<< >>", b"9" * 30, b"(x)", b"/x", b"[" * 3000, b"1e400")
FILTERS = (b"/FlateDecode", b"/LZWDecode", b"/ASCIIHexDecode", b"/ASCII85Decode", b"/RunLengthDecode", b"/DCTDecode")
MEGABYTES = (0, 1, 30, 100)
"""Of text in a stream that is packed."""


@st.composite
def replaced(draw: Any) -> bytes:
    """A PDF with other values behind some of its names."""
    content = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        names = sorted(set(re.findall(rb"/[A-Z]\w+ ", content)))
        if names:
            name = draw(st.sampled_from(names))
            content = content.replace(name, name + draw(st.sampled_from(VALUES)) + b" ", draw(st.integers(1, 3)))
    return content


@st.composite
def packed(draw: Any) -> bytes:
    """A PDF whose page is packed: once or several times, with much in it, or not as it says."""
    stream = b"BT /F1 12 Tf (" + draw(texts).encode("utf-8", "replace") + b") Tj ET"
    stream += draw(st.sampled_from((b" ", b"(x) Tj ", b"q ", b"[", b"<<"))) * draw(st.sampled_from((0, 10, 20_000)))
    stream = _packed(stream, draw(st.sampled_from(MEGABYTES)))
    times = draw(st.integers(1, 3))
    for _ in range(times - 1):
        stream = zlib.compress(stream)
    filters = b" ".join([draw(st.sampled_from((b"/FlateDecode", *FILTERS))) for _ in range(times)])
    page = b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (len(stream), filters, stream)
    return re.sub(rb"<< /Length .*?endstream", lambda _: page, GOOD[0], count=1, flags=re.DOTALL)


def _packed(stream: bytes, megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(stream)]
    parts += [packer.compress(b" " * 1_000_000) for _ in range(megabytes)]
    return b"".join((*parts, packer.flush()))


_written = texts.map(lambda text: pdf_of(text.encode("utf-8", "replace").decode()))
_pdfs = st.one_of(broken(GOOD), broken(GOOD), replaced(), packed(), _written)
_texts = texts.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=200)
cases = st.tuples(st.just(".pdf"), _pdfs) | st.tuples(st.sampled_from((".txt", ".md")), _texts)


def check(case: tuple[str, bytes], folder: Path) -> None:
    """Read it, keep it, and look at its card."""
    suffix, content = case
    path = folder / f"posting{suffix}"
    path.write_bytes(content)
    try:
        with patch.object(jobs, "read_pdf", text_of):  # in this process, where nothing it raises is hidden
            text = read_document(path)
    except DocumentError as error:
        check_plain(str(error).replace(str(folder), ""))
        return
    finally:
        path.unlink()
    assert len(text) <= LONGEST_JOB_TEXT
    job = Job.named("Amazon TPM", description=text, notes="", company=None, added_at=datetime(2026, 11, 1, tzinfo=UTC))
    shelf = JobShelf(folder / "data")
    shelf.keep(job)
    assert shelf.job("amazon tpm") == job
    shelf.remove(job)
    probe_topics(job)
    console = Console(file=io.StringIO(), width=80, color_system=None)
    card = card_of(job, _bank())
    show_job_card(console, card)
    show_job_table(console, [card])
    check_plain(console.file.getvalue())


@cache
def _bank() -> Any:
    return bank()
