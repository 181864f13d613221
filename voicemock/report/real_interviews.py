"""Real interviews in words: the list, the questions to practice again, and how practice and outcomes agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicemock.coaching.spoken_numbers import counted, percent
from voicemock.content.own_questions import ADDED_FILE, own_questions_folder
from voicemock.content.questions import QuestionBank
from voicemock.models import (
    Agreement,
    ComparedMeasure,
    Outcome,
    PracticeUnit,
    RealInterview,
    RealInterviewCard,
    Relation,
)
from voicemock.practice.real_interviews import KeptQuestion
from voicemock.report.safe_text import printable
from voicemock.report.terminal import show_heading, show_indented

NONE_YET: Final = "No real interviews noted yet."
GONE: Final = "The note is deleted. Its questions stay among your own."
AGREEMENT: Final = "Practice and outcomes"
UNKNOWN: Final = "unknown"
OUTCOME_TITLES: Final[dict[Outcome, str]] = {"passed": "passed", "failed": "not passed", "waiting": "waiting"}
RELATIONS: Final[dict[Relation, str]] = {
    "agrees": "agrees",
    "disagrees": "goes the other way",
    "no_clear_relation": "no clear relation",
}


class AskedView(NamedTuple):
    """A question that was asked; ``command`` practices it again, empty where it is too short to be asked."""

    text: str
    question_id: str | None
    command: str


class InterviewView(NamedTuple):
    """A real interview in words; every text is printable."""

    id: str
    company: str
    about: str
    """Round and day."""
    went: str
    outcome: str
    asked: tuple[AskedView, ...]


class ComparedRow(NamedTuple):
    """A measure before the interviews that were passed, and before the others."""

    title: str
    passed: str
    failed: str
    relation: str


class AgreementView(NamedTuple):
    """The comparison in words."""

    summary: str
    rows: tuple[ComparedRow, ...]
    caution: str


def interview_view(card: RealInterviewCard) -> InterviewView:
    """Return an interview in words."""
    each = card.interview
    asked = (
        AskedView(printable(text), found, f"voicemock practice --question {found}" if found else "")
        for text, found in zip(each.asked, card.question_ids, strict=True)
    )
    return InterviewView(
        id=each.id,
        company=printable(each.company),
        about=", ".join(filter(None, (printable(each.round), f"{each.held_on:%Y-%m-%d}"))),
        went=f"went {each.went} of 5" if each.went is not None else "how it went: unknown",
        outcome=OUTCOME_TITLES[each.outcome],
        asked=tuple(asked),
    )


def agreement_view(agreement: Agreement) -> AgreementView:
    """Return the comparison in words. It says how few interviews it is made of, and predicts nothing."""
    compared = agreement.passed + agreement.failed
    summary = (
        f"{agreement.outcomes} real interviews have an outcome. {compared} of them had {agreement.fewest_answers} or "
        f"more practiced answers in the {agreement.weeks} weeks before: {agreement.passed} passed, {agreement.failed} "
        "not passed."
    )
    if not agreement.measures:
        return AgreementView(f"{summary} {_nothing(agreement)}", (), "")
    counts = {relation: sum(each.relation == relation for each in agreement.measures) for relation in RELATIONS}
    found = (
        f"Of {counted(len(agreement.measures), 'measure')} of that practice, {counts['agrees']} "
        f"{'agrees' if counts['agrees'] == 1 else 'agree'} with the outcomes, {counts['disagrees']} "
        f"{'goes' if counts['disagrees'] == 1 else 'go'} the other way, {counts['no_clear_relation']} "
        f"{'shows' if counts['no_clear_relation'] == 1 else 'show'} no clear relation."
    )
    caution = (
        f"{compared} interviews are few: chance alone can produce this much agreement. This looks back and says "
        "nothing about the next one."
    )
    return AgreementView(f"{summary} {found}", tuple(map(_row, agreement.measures)), caution)


def _nothing(agreement: Agreement) -> str:
    compared = agreement.passed + agreement.failed
    if compared and not (agreement.passed and agreement.failed):
        return "They all ended the same way, so there is nothing to compare."
    return "That is too few to compare."


def _row(each: ComparedMeasure) -> ComparedRow:
    relation = RELATIONS[each.relation]
    return ComparedRow(
        title=each.title,
        passed=_shown(each.passed, each.unit),
        failed=_shown(each.failed, each.unit),
        relation=f"{relation}: better in {each.better_in}, worse in {each.worse_in} of {counted(each.pairs, 'pair')}",
    )


def _shown(value: float, unit: PracticeUnit) -> str:
    return percent(value) if unit == "share" else f"{value:.1f} per 100 words"


def kept_interview(interview: RealInterview, *, is_new: bool) -> str:
    """Return the confirmation that an interview is noted, with its id."""
    return f"{'Noted' if is_new else 'Changed'}: {interview.id}"


def kept_questions(kept: Sequence[KeptQuestion], bank: QuestionBank) -> tuple[str, ...]:
    """Return how many questions are the candidate's own now, and how the answer to each is measured."""
    if not kept:
        return ()
    count = len(kept)
    return (
        f"{counted(count, 'question')} asked there {'is' if count == 1 else 'are'} now among your own.",
        *(_framework_text(each, bank) for each in kept),
    )


def _framework_text(kept: KeptQuestion, bank: QuestionBank) -> str:
    title, text = bank.framework(kept.question.framework).title, printable(kept.question.text)
    measured = f'The answer to "{text}" is measured as: {title}.'
    if not kept.is_assumed:
        return measured
    file = printable(str(own_questions_folder() / ADDED_FILE))
    return (
        f"{measured} That is assumed: the questions most like it do not agree. "
        f'To choose, add a line "framework: NAME" to it in {file}, or use --framework the next time.'
    )


def imported_interviews(count: int, replaced: int, questions: int) -> str:
    """Return what became of a file of interviews."""
    before = f", {replaced} of them in place of an earlier note" if replaced else ""
    added = f"{counted(questions, 'question')} asked there {'is' if questions == 1 else 'are'} now among your own."
    return " ".join(filter(None, (f"{counted(count, 'real interview')}{before}.", added if questions else "")))


def asks_to_delete(interview: RealInterview) -> str:
    """Return the question before an interview is deleted."""
    return f"Delete the note on {printable(interview.company)}, {interview.held_on:%Y-%m-%d}? This cannot be undone."


def show_interviews(console: Console, cards: Sequence[RealInterviewCard]) -> None:
    """Show each interview with its questions, and the commands that practice them again."""
    for card in cards:
        view = interview_view(card)
        console.print(Text.assemble((view.id, "cyan"), f"  {view.company}", (f"  {view.about}", "dim")))
        show_indented(console, Text(f"{view.outcome}, {view.went}"))
        for asked in view.asked:
            show_indented(console, Text(f"- {asked.text}"))
            if asked.command:
                show_indented(console, Text(asked.command, style="dim"), 4)


def show_agreement(console: Console, agreement: Agreement | None) -> None:
    """Show how practice and outcomes agree; nothing if there are too few outcomes."""
    if agreement is None:
        return
    view = agreement_view(agreement)
    show_heading(console, AGREEMENT)
    show_indented(console, Text(view.summary))
    if view.rows:
        show_indented(console, _table(view.rows))
        show_indented(console, Text(view.caution))


def _table(rows: Iterable[ComparedRow]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("Before those", "passed", "not passed", ""):
        table.add_column(title)
    for row in rows:
        table.add_row(Text(row.title), Text(row.passed), Text(row.failed), Text(row.relation))
    return table
