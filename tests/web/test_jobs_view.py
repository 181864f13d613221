"""Jobs on the page: kept, explained, practiced for and deleted as on the command line, in the same words."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from httpx2 import Response

from tests.commands import voicemock
from tests.practice.jobs.pdfs import encrypted, pdf_of
from tests.web.conftest import OpenServer
from tests.web.stages import ORIGIN, Server
from voicemock.models import LONGEST_JOB_TEXT, Job
from voicemock.practice.jobs import LARGEST_FILE
from voicemock.store.jobs import JobShelf

POSTING = "We need a technical program manager for Kafka migrations, vendors and reliability."
MARKUP = '"><script>alert(1)</script>{{ 7 * 7 }}'


def jobs(server: Server) -> tuple[Job, ...]:
    return JobShelf(server.settings.data_dir).jobs()


def sent(server: Server, path: str = "/jobs/new", **fields: str) -> Response:
    return server.client().post(path, headers={"origin": ORIGIN}, data=fields)


def words(reply: Response) -> str:
    """What a page says, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", reply.text)).split())


def upload(server: Server, name: str, content: bytes) -> Response:
    headers = {"origin": ORIGIN, "content-type": "application/pdf"}
    return server.client().post("/jobs/document", params={"name": name}, headers=headers, content=content)


def test_no_job_yet_says_how_to_begin(open_server: OpenServer) -> None:
    reply = open_server().client().get("/jobs")
    assert "No jobs yet." in words(reply)
    assert 'href="/jobs/new"' in reply.text


def test_a_job_is_kept_and_explained_in_the_words_of_the_command_line(open_server: OpenServer) -> None:
    server = open_server()
    kept = sent(server, name="Amazon TPM", description=POSTING, notes="They say frugality matters.")
    assert (kept.status_code, kept.headers["location"]) == (303, "/jobs/name/amazon-tpm")
    (job,) = jobs(server)
    assert (job.company, job.description, job.notes) == ("amazon", POSTING, "They say frugality matters.")
    page = words(server.client().get("/jobs/name/amazon-tpm"))
    told = voicemock("job", "show", "amazon tpm", "--data-dir", server.settings.data_dir).stdout
    for line in (" ".join(line.split()) for line in told.splitlines()):
        assert line.split("  ")[-1].partition(": ")[2] in page
    assert "Messages and events Kafka" in page
    assert "/interview?job=amazon-tpm" in server.client().get("/").text


def test_the_list_says_what_a_job_is_about(open_server: OpenServer) -> None:
    server = open_server()
    sent(server, name="Acme", description=POSTING)
    page = words(server.client().get("/jobs"))
    assert "Acme Messages and events, reliability" in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "Acme"}, "Paste the job description"),
        ({"name": "", "description": POSTING}, "is not a name for a job"),
        ({"name": "x" * 61, "description": POSTING}, "at most 60"),
        ({"name": "Acme", "description": "x" * (LONGEST_JOB_TEXT + 1)}, "The description has 100,001 characters"),
        ({"name": "Acme", "description": " \x00 "}, "The description contains no words."),
    ],
)
def test_what_cannot_be_kept_is_told_with_the_form_as_it_was(
    open_server: OpenServer, fields: dict[str, str], told: str
) -> None:
    server = open_server()
    reply = sent(server, **{"notes": "", "company": "Initech", **fields})
    assert reply.status_code == 422
    assert told in words(reply)
    assert 'value="Initech"' in reply.text
    assert fields.get("description", "").strip(" \x00")[:50] in reply.text
    assert jobs(server) == ()


def test_a_job_of_the_same_name_is_replaced_only_after_asking(open_server: OpenServer) -> None:
    server = open_server()
    sent(server, name="Acme", description=POSTING)
    asked = sent(server, name="ACME", description="Another posting.")
    assert asked.status_code == 409
    assert "There is a job acme already. Replace it?" in words(asked)
    assert "Another posting." in asked.text
    assert jobs(server)[0].description == POSTING
    assert sent(server, name="ACME", description="Another posting.", replaces="acme").status_code == 303
    assert jobs(server)[0].description == "Another posting."


def test_a_job_can_be_changed(open_server: OpenServer) -> None:
    server = open_server()
    sent(server, name="Acme", description=POSTING, company="meta")
    form = server.client().get("/jobs/name/acme/edit")
    assert POSTING in form.text
    assert 'value="meta"' in form.text
    assert sent(server, name="Acme", description="Less.", replaces="acme").status_code == 303
    assert jobs(server)[0].description == "Less."


def test_a_job_is_deleted_after_asking(open_server: OpenServer) -> None:
    server = open_server()
    sent(server, name="Acme", description=POSTING)
    assert "Delete the job 'Acme'? This cannot be undone." in words(server.client().get("/jobs/name/acme/delete"))
    assert len(jobs(server)) == 1
    gone = sent(server, "/jobs/name/acme/delete")
    assert (gone.status_code, gone.headers["location"]) == (303, "/jobs?gone")
    assert "It has been deleted." in words(server.client().get("/jobs?gone"))
    assert jobs(server) == ()


@pytest.mark.parametrize("path", ["/jobs/name/acne", "/jobs/name/acne/edit", "/jobs/name/acne/delete"])
def test_a_job_that_is_not_there_is_told_with_the_closest(open_server: OpenServer, path: str) -> None:
    server = open_server()
    sent(server, name="Acme", description=POSTING)
    reply = server.client().get(path)
    assert reply.status_code == 404
    assert "Did you mean acme?" in words(reply)


def test_a_job_of_a_name_that_nothing_is_like_leads_to_where_one_is_added(open_server: OpenServer) -> None:
    reply = open_server().client().get("/jobs/name/zzz")
    assert reply.status_code == 404
    assert "voicemock job add" in words(reply)
    assert 'href="/jobs/new"' in reply.text


@pytest.mark.parametrize("path", ["/jobs", "/jobs/name/acme", "/"])
def test_a_file_that_makes_no_sense_is_named(open_server: OpenServer, path: str) -> None:
    server = open_server()
    sent(server, name="Acme", description=POSTING)
    (server.settings.data_dir / "jobs" / "acme.json").write_text("{}", encoding="utf-8")
    assert "add the job again" in words(server.client().get(path))


@pytest.mark.parametrize(
    ("name", "content"), [("job.txt", POSTING.encode()), ("job.MD", POSTING.encode()), ("job.pdf", pdf_of(POSTING))]
)
def test_a_document_is_read_and_shown_before_it_is_kept(open_server: OpenServer, name: str, content: bytes) -> None:
    server = open_server()
    assert upload(server, name, content).json() == {"text": POSTING}
    assert jobs(server) == ()
    assert list(server.settings.data_dir.rglob("*job*")) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("job.docx", b"PK", "job.docx: only .txt, .md, .pdf files are read. Save it as one of them."),
        ("job.pdf", b"no pdf", "job.pdf is not a readable PDF. Save it again, or its text as .txt."),
        ("job.pdf", encrypted(pdf_of(POSTING), "secret"), "job.pdf needs a password."),
        ("job.txt", b"", "job.txt contains no words."),
        ("", b"words", "only .txt"),
        ("<b>.txt", b"", "<b>.txt contains no words."),
        ("../../etc/passwd.txt", b"\xff", "is not UTF-8 text"),
    ],
)
def test_a_document_that_cannot_be_read_is_told_as_on_the_command_line(
    open_server: OpenServer, name: str, content: bytes, told: str
) -> None:
    reply = upload(open_server(), name, content)
    assert reply.status_code == 422
    assert reply.headers["content-type"].startswith("text/plain")
    assert told in reply.text


def test_a_document_may_be_as_large_as_on_the_command_line(open_server: OpenServer) -> None:
    server = open_server()
    large = upload(server, "job.txt", b"\n" * (LARGEST_FILE - 10) + b"a word")
    assert large.json() == {"text": "a word"}
    assert upload(server, "job.txt", b"x" * (LARGEST_FILE + 1)).status_code == 413


@pytest.mark.parametrize("sent", [{"headers": {"content-length": "1000000000"}}, {"content": "endless"}])
def test_a_gigabyte_is_refused_before_it_is_taken(open_server: OpenServer, sent: dict[str, Any]) -> None:
    taken = 0

    def endless() -> Any:
        nonlocal taken
        for _ in range(1000):
            taken += 1_000_000
            yield b"x" * 1_000_000

    server = open_server()
    headers = {"origin": ORIGIN, **sent.get("headers", {})}
    reply = server.client().post("/jobs/document?name=a.txt", headers=headers, content=endless())
    assert reply.status_code == 413


def test_two_long_texts_in_any_script_fit_into_the_form(open_server: OpenServer) -> None:
    server = open_server()
    text = "\N{CJK UNIFIED IDEOGRAPH-4E00}" * LONGEST_JOB_TEXT
    assert sent(server, name="Acme", description=text, notes=text).status_code == 303


def test_markup_in_every_field_is_shown_as_text(open_server: OpenServer) -> None:
    server = open_server()
    sent(server, name=f"Acme {MARKUP}"[:60], description=f"Kafka migrating {MARKUP}", notes=MARKUP, company=MARKUP)
    (job,) = jobs(server)
    client = server.client()
    for path in ("/jobs", *(f"/jobs/name/{job.slug}{more}" for more in ("", "/edit", "/delete")), "/"):
        text = client.get(path).text
        assert "alert" in text
        assert "<script>alert" not in text
        assert "49" not in text
    failed = sent(server, name=MARKUP, description="", notes="", company=MARKUP, replaces=MARKUP)
    assert failed.status_code == 422
    assert "<script>alert" not in failed.text
