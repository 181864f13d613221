"""``voicemock job``: job descriptions and company notes that steer what is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from voicemock.cli.options import DataDir, Yes
from voicemock.cli.output import tell
from voicemock.cli.results import print_all, print_json
from voicemock.cli.verbs import Verbs
from voicemock.content.questions import QuestionBank
from voicemock.models import Job, JobCard
from voicemock.practice.jobs import card_of, company_of, read_document
from voicemock.report.cards import show_job_card, show_job_table
from voicemock.report.jobs import GONE, asks_to_delete, asks_to_replace
from voicemock.report.terminal import Terminal
from voicemock.settings import load_settings
from voicemock.store.jobs import JobShelf


class _JobVerbs(Verbs):
    once_verbs = MappingProxyType({"remove": "delete"})


job = typer.Typer(
    cls=_JobVerbs,
    help="Save a job description; it steers which questions come up.\n\n"
    "Start with: voicemock job add amazon --description posting.pdf. By itself, it lists them.",
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Name of the job.", metavar="NAME")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one job per line.")]


@job.command()
def add(
    name: Name,
    description: Annotated[
        Path | None, typer.Option(help="The job description: .txt, .md or .pdf.", metavar="FILE")
    ] = None,
    notes: Annotated[
        Path | None, typer.Option(help="What you know about the company: .txt, .md or .pdf.", metavar="FILE")
    ] = None,
    company: Annotated[str | None, typer.Option(help="amazon, google, meta, microsoft or another.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Replace a job of that name without asking.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Save a job description, notes on a company, or both.

    Example: voicemock job add "Amazon TPM" --description posting.pdf --notes what-i-heard.md --company amazon
    """
    if description is None and notes is None:
        raise typer.BadParameter("Give a file with --description, with --notes, or with both.")
    bank, shelf = _opened(data_dir)
    known_company, remark = company_of(bank, name, company)
    made = Job.named(
        name,
        description=read_document(description) if description else "",
        notes=read_document(notes) if notes else "",
        company=known_company,
        added_at=datetime.now(UTC),
    )
    if remark:
        tell(remark, err=True)
    if shelf.has(name) and not yes:
        typer.confirm(asks_to_replace(made), abort=True)
    shelf.keep(made)
    _show(card_of(made, bank))


@job.command()
def edit(
    name: Name,
    description: Annotated[
        Path | None, typer.Option(help="Another job description: .txt, .md or .pdf.", metavar="FILE")
    ] = None,
    notes: Annotated[Path | None, typer.Option(help="Other notes: .txt, .md or .pdf.", metavar="FILE")] = None,
    company: Annotated[str | None, typer.Option(help="amazon, google, meta, microsoft or another.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Change a job: only what you give is replaced.

    Example: voicemock job edit "amazon tpm" --notes after-the-phone-screen.md
    """
    if description is None and notes is None and company is None:
        raise typer.BadParameter("Say what to change: --description FILE, --notes FILE or --company NAME.")
    bank, shelf = _opened(data_dir)
    before = shelf.job(name)
    known_company, remark = company_of(bank, name, company) if company else (before.company, "")
    if remark:
        tell(remark, err=True)
    changed = Job.named(
        before.name,
        description=read_document(description) if description else before.description,
        notes=read_document(notes) if notes else before.notes,
        company=known_company,
        added_at=before.added_at,
    )
    shelf.keep(changed)
    _show(card_of(changed, bank))


@job.command("list")
def list_jobs(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List your jobs.

    Example: voicemock job list --json
    """
    bank, shelf = _opened(data_dir)
    cards = [card_of(each, bank) for each in shelf.jobs()]
    nothing = "No jobs yet. Add one with: voicemock job add NAME --description FILE"
    print_all(cards, show_job_table, as_json=as_json, nothing=nothing)


@job.command()
def show(name: Name, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show what a job is about, which words say so, and which questions would come up.

    Example: voicemock job show "amazon tpm"
    """
    bank, shelf = _opened(data_dir)
    card = card_of(shelf.job(name), bank)
    if as_json:
        print_json(card)
    else:
        _show(card)


@job.command()
def delete(
    name: Name,
    yes: Yes = False,
    data_dir: DataDir = None,
) -> None:
    """Delete a job for good.

    Example: voicemock job delete "amazon tpm"
    """
    _, shelf = _opened(data_dir)
    found = shelf.job(name)
    if not yes:
        typer.confirm(asks_to_delete(found), abort=True)
    shelf.remove(found)
    tell(GONE)


def _opened(data_dir: Path | None) -> tuple[QuestionBank, JobShelf]:
    return QuestionBank.load(), JobShelf(load_settings(data_dir=data_dir).data_dir)


def _show(card: JobCard) -> None:
    show_job_card(Terminal(), card)
