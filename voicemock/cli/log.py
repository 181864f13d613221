"""``voicemock log``: real interviews, their questions to practice again, and what practice had to do with outcomes."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

import typer

from voicemock.cli.options import DataDir, Force, Yes, parse_day, with_options
from voicemock.cli.output import tell
from voicemock.cli.prompts import ask_line
from voicemock.cli.results import print_json, waiting
from voicemock.cli.verbs import Verbs
from voicemock.content.frameworks import load_frameworks
from voicemock.content.own_questions import own_questions_folder
from voicemock.content.questions import QuestionBank
from voicemock.errors import ContentError, InputError
from voicemock.models import OUTCOMES, RealInterview, RealInterviews
from voicemock.practice.asked_framework import framework_finder
from voicemock.practice.real_interviews import (
    agreement_of,
    card_of,
    interview_from,
    keep_questions,
    read_went,
    refuse_future,
)
from voicemock.report.page import refuse_target, write_given
from voicemock.report.real_interviews import (
    GONE,
    NONE_YET,
    UNKNOWN,
    asks_to_delete,
    kept_interview,
    kept_questions,
    show_agreement,
    show_interviews,
)
from voicemock.report.safe_text import printable
from voicemock.report.terminal import Terminal
from voicemock.settings import load_settings
from voicemock.store.overviews import read_day
from voicemock.store.real_interviews import RealInterviewLog
from voicemock.store.store import Store

Id = Annotated[str, typer.Argument(help="Its id or its first characters, or last.", metavar="ID")]


@dataclass(frozen=True, kw_only=True)
class NoteOptions:
    """What can be noted about a real interview."""

    help_order: ClassVar = "company round held_on asked framework went outcome data_dir"

    company: Annotated[str | None, typer.Option(help="Company where the interview was.", metavar="NAME")] = None
    round: Annotated[str | None, typer.Option(help="Which round: phone screen, onsite ...", metavar="NAME")] = None
    held_on: Annotated[
        datetime | None,
        typer.Option("--date", parser=parse_day, help="The day.", metavar="YYYY-MM-DD", show_default="today"),
    ] = None
    asked: Annotated[
        list[str] | None, typer.Option(help="A question that was asked; may be repeated.", metavar="QUESTION")
    ] = None
    framework: Annotated[
        str | None,
        typer.Option(
            help="Kind of answer to its questions: star, triage, design ...",
            metavar="NAME",
            show_default="that of the questions most like them",
        ),
    ] = None
    went: Annotated[str | None, typer.Option(help="How it went: 1 (badly) to 5, or unknown.", metavar="1-5")] = None
    outcome: Annotated[str | None, typer.Option(help="passed, failed or waiting.", metavar="OUTCOME")] = None
    data_dir: DataDir = None

    def given(self) -> dict[str, Any]:
        """Return the fields of an interview that were given."""
        fields: dict[str, Any] = {
            "company": self.company,
            "round": self.round,
            "held_on": self.held_on.date() if self.held_on else None,
            "asked": tuple(self.asked) if self.asked else None,
            "outcome": _outcome(self.outcome) if self.outcome is not None else None,
        }
        found = {name: value for name, value in fields.items() if value is not None}
        return found if self.went is None else {**found, "went": _went(self.went)}


@dataclass(frozen=True, kw_only=True)
class EditOptions(NoteOptions):
    """The note to change, and what can be changed in it."""

    help_order: ClassVar = f"name {NoteOptions.help_order}"

    name: Id


class _LogVerbs(Verbs):
    once_options = MappingProxyType({f"--{verb}": verb for verb in ("list", "edit", "delete", "export")})
    once_without = MappingProxyType(
        dict.fromkeys(("--company", "--round", "--date", "--asked", "--went", "--outcome"), "add")
    )


log = typer.Typer(
    cls=_LogVerbs,
    help="Note a real interview, and practice what was asked there.\n\n"
    "Start with: voicemock log add. By itself, it lists them.",
    rich_markup_mode=None,
)


@log.command()
@with_options
def add(note: NoteOptions) -> None:
    """Note a real interview: what was asked, how it went, what came of it.

    Example: voicemock log add --company Acme --round onsite --asked "How do you tell a vice president no?" --went 3

    Without options, it asks you. The questions join your own, so you can practice them again.
    """
    _note(note, None)


@log.command("list")
def list_interviews(
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one interview per line.")] = False,
) -> None:
    """List the interviews that you noted, newest first.

    Once you have five outcomes, it also says whether they agree with your practice.

    Example: voicemock log list --json
    """
    data = load_settings(data_dir=data_dir).data_dir
    _list(RealInterviewLog(data), data, as_json=as_json)


@log.command()
@with_options
def edit(note: EditOptions) -> None:
    """Change what you noted, for example when you hear back.

    Example: voicemock log edit last --outcome passed

    Without options, it asks you, starting with what is there.
    """
    _note(note, note.name)


@log.command()
def delete(name: Id, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Delete a note for good; its questions stay among your own.

    Example: voicemock log delete 2026-12-01-acme
    """
    shelf = _shelf(data_dir)
    found = shelf.find(name)
    if not yes:
        typer.confirm(asks_to_delete(found), abort=True)
    shelf.remove(found)
    tell(GONE)


@log.command()
def export(
    path: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")],
    force: Force = False,
    data_dir: DataDir = None,
) -> None:
    """Write all notes to a file, which voicemock import reads.

    Example: voicemock log export real.json
    """
    data = load_settings(data_dir=data_dir).data_dir
    refuse_target(path, data, force=force)
    found = RealInterviews(interviews=RealInterviewLog(data).interviews())
    write_given(path, found.model_dump_json(indent=1).encode(), force=force)
    tell(printable(str(path)))


def _shelf(data_dir: Path | None) -> RealInterviewLog:
    return RealInterviewLog(load_settings(data_dir=data_dir).data_dir)


def _went(text: str) -> int | None:
    try:
        return read_went(text)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


def _outcome(text: str) -> str:
    if (name := text.strip().lower()) in OUTCOMES:
        return name
    raise typer.BadParameter(f"{text!r} is not an outcome. Say {', '.join(OUTCOMES[:-1])} or {OUTCOMES[-1]}.")


def _note(note: NoteOptions, edited: str | None) -> None:
    """Keep a new interview, or change one; where no field is given, ask for all."""
    settings, no_questions = load_settings(data_dir=note.data_dir), QuestionBank((), frameworks=load_frameworks())
    framework = no_questions.framework(note.framework).name if note.framework else None
    kept, given = RealInterviewLog(settings.data_dir), note.given()
    before = kept.find(edited) if edited is not None else None
    fields = given or _asked_for(before)
    fields = {"held_on": datetime.now().astimezone().date()} | fields if before is None else fields
    if before is None and not fields.get("company"):
        raise typer.BadParameter("Name the company: --company NAME")
    refuse_future(fields.get("held_on"), datetime.now().astimezone().date())
    interview = interview_from(fields, before, kept.ids(), datetime.now(UTC))
    kept.keep(interview)
    tell(kept_interview(interview, is_new=before is None))
    bank = QuestionBank.load()
    find = framework_finder(bank, settings.cache_dir)
    try:
        is_new = framework is None and None in card_of(interview, bank).question_ids
        with waiting(Terminal(stderr=True), "Comparing the questions ...") if is_new else nullcontext():
            added = keep_questions([interview], bank, own_questions_folder(), lambda text: framework or find(text))
    except ContentError as error:
        raise ContentError(f"The note is saved, but its questions are not among your own yet: {error}") from error
    for line in kept_questions(added, bank):
        tell(line)
    for found in card_of(interview, QuestionBank.load() if added else bank).question_ids:
        if found is not None:
            tell(f"Practice it again: voicemock practice --question {found}")


def _asked_for(before: RealInterview | None) -> dict[str, Any]:
    """Ask for every field, beginning with what is noted."""
    try:
        return dict(_answers(before))
    except (KeyboardInterrupt, EOFError, typer.Abort) as left:
        tell("\nNothing was noted.", err=True)
        raise typer.Exit(1) from left


def _answers(before: RealInterview | None) -> list[tuple[str, Any]]:
    company = ask_line("Company:", before.company if before else "")
    if not company.strip():
        raise EOFError
    round_ = ask_line("Round (phone screen, onsite ...):", before.round if before else "")
    today = datetime.now().astimezone().date()
    held_on = _ask_until(f"Day ({today}):", str(before.held_on if before else today), _day)
    asked = _ask_questions(before.asked if before else ())
    said = str(before.went) if before and before.went is not None else UNKNOWN
    went = _ask_until("How it went, 1 (badly) to 5 (well), or unknown:", said, _went)
    outcome = _ask_until("Outcome, passed, failed or waiting:", before.outcome if before else "waiting", _outcome)
    return [
        ("company", company),
        ("round", round_),
        ("held_on", held_on),
        ("asked", asked),
        ("went", went),
        ("outcome", outcome),
    ]


def _ask_questions(before: tuple[str, ...]) -> tuple[str, ...]:
    """Ask for a question a line, beginning with those that are noted; an empty line ends."""
    tell("What was asked, one question per line. Leave a line empty to go on.")
    asked = [line for text in before if (line := ask_line(">", text).strip())]
    while line := ask_line(">").strip():
        asked.append(line)
    return tuple(asked)


def _ask_until(label: str, written: str, read: Any) -> Any:
    """Ask until an answer can be read."""
    while True:
        try:
            return read(ask_line(label, written))
        except typer.BadParameter as error:
            tell(f"! {error}")


def _day(text: str) -> date:
    try:
        found = read_day(text).date()
        refuse_future(found, datetime.now().astimezone().date())
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    return found


def _list(kept: RealInterviewLog, data: Path, *, as_json: bool) -> None:
    bank, interviews = QuestionBank.load(), kept.interviews()
    cards = [card_of(each, bank) for each in interviews]
    if as_json:
        for card in cards:
            print_json(card)
        return
    if not cards:
        tell(f"{NONE_YET} Note one with: voicemock log add")
        return
    with Store(data) as store:
        agreement = agreement_of(interviews, store.takes.measured())
    console = Terminal()
    show_interviews(console, cards)
    show_agreement(console, agreement)
