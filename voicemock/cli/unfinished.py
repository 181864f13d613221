"""``voicemock recover``, and the offer before an interview: answers that were recorded and never analyzed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from voicemock import __version__
from voicemock.cli.options import DataDir, Model, Target, Yes, target_flags
from voicemock.cli.output import tell, tell_error
from voicemock.cli.results import file_bar
from voicemock.content.questions import QuestionBank
from voicemock.errors import InputError, VoicemockError
from voicemock.interview.recovery import open_recovery, store_unanalyzed
from voicemock.models import Answer, Session
from voicemock.report.terminal import Terminal, show_assessment
from voicemock.report.unfinished import described, problem_with
from voicemock.settings import Settings, load_settings
from voicemock.store.store import Store
from voicemock.store.unfinished import UnfinishedAnswer

_ALL: Final = "To finish what you left earlier: voicemock recover --all"


def offer_unfinished(console: Console, settings: Settings) -> None:
    """Offer to finish what a killed interview left, before the next one begins. Each answer is offered once."""
    with Store(settings.data_dir) as store:
        store.unfinished.sweep()
        found = store.unfinished.find()
        if not found:
            return
        list_unfinished(console, found)
        if not is_anybody_there(console):
            _print(console, f"Finish it with: {command_for('recover', settings)}")
        elif confirmed(console, len(found)):
            finish(console, settings, store, found)
        else:
            for left in found:
                try:
                    store_unanalyzed(store, left, __version__)
                except VoicemockError as error:
                    _print(console, str(error))
            _print(console, f"Kept as it is. Finish it later with: {command_for('recover', settings)} --all")


def tell_unfinished(settings: Settings, store: Store) -> None:
    """Say on standard error, in a line, that answers are waiting to be finished."""
    if count := len(store.unfinished.find()):
        what = "An answer was recorded and is" if count == 1 else f"{count} answers were recorded and are"
        tell(f"{what} not analyzed yet. Finish with: {command_for('recover', settings)}", err=True)


def list_unfinished(console: Console, found: Sequence[UnfinishedAnswer]) -> None:
    """Print a line about each answer."""
    for left in found:
        _print(console, described(left))


def is_anybody_there(console: Console) -> bool:
    """Return whether there is a person at a terminal to ask."""
    return console.is_terminal and sys.stdin is not None and sys.stdin.isatty()


def confirmed(console: Console, count: int) -> bool:
    """Ask whether to finish this many answers now. Without a terminal, the answer is no."""
    if not is_anybody_there(console):
        return False
    try:
        wanted = console.input(Text(f"Finish {'it' if count == 1 else 'them'} now? [Y/n] ")).strip().lower()
    except EOFError:
        return False
    return wanted in {"", "y", "yes"}


def finish(console: Console, settings: Settings, store: Store, found: Sequence[UnfinishedAnswer]) -> int:
    """Finish answers and show them; return 0, or the exit code of the last failure.

    An unexpected exception is reported and does not stop the other answers; it is raised once they are done.
    """
    exit_code = 0
    mistake: Exception | None = None
    with open_recovery(settings, store, __version__) as recovery, file_bar(len(found), writes_lines=True) as bar:
        for left, done, problem in recovery.finish_each(
            found, on_begin=lambda left: bar.begin(left.recordings[0].name), on_chunk=bar.advance
        ):
            bar.hide()
            if problem is not None:
                tell_error(problem_with(left, problem))
                if isinstance(problem, VoicemockError):
                    exit_code = problem.exit_code
                else:
                    mistake = mistake or problem
            elif done is not None:
                _show(console, *done)
    if mistake is not None:
        raise mistake
    return exit_code


def _show(console: Console, session: Session, answer: Answer) -> None:
    if answer.assessment is None:
        _print(console, f"Answer {answer.position} of session {session.id}: nothing was recorded.")
        return
    framework = QuestionBank.load().framework_of(answer.assessment)
    show_assessment(console, answer.assessment, framework=framework, title="")
    cut = " It was cut off, so it does not count in any trend." if answer.status == "interrupted" else ""
    _print(console, f"Filed as answer {answer.position} of session {session.id}.{cut}")


def command_for(name: str, settings: Settings) -> str:
    """Return a command line of voicemock, with the data folder if that is not the usual one."""
    usual = load_settings().data_dir
    return f"voicemock {name}" if settings.data_dir == usual else f"voicemock {name} --data-dir {settings.data_dir}"


def _print(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def recover(
    path: Annotated[
        Path | None, typer.Argument(help="One recording; without it, everything left unfinished.", metavar="RECORDING")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also finish what you left earlier, and what older versions left.")
    ] = False,
    yes: Yes = False,
    model: Model = None,
    target: Target = None,
    data_dir: DataDir = None,
) -> None:
    """Finish answers that a crash or Ctrl-C cut off.

    Example: voicemock recover --all --yes

    Each is transcribed, measured and filed into its interview. An interview in progress is left alone. If something
    cannot be finished, you are told, it stays where it is, and the exit code is 1.
    """
    settings = load_settings(model=model, data_dir=data_dir, **target_flags(target))
    console = Terminal()
    with Store(settings.data_dir) as store:
        store.unfinished.sweep()
        found = _chosen(store, path, everything=everything)
        if not found:
            tell("Nothing is left to finish." if everything else f"Nothing is left to finish. {_ALL}")
            return
        list_unfinished(console, found)
        if not yes and not confirmed(console, len(found)):
            tell("Nothing was changed. To finish without being asked: voicemock recover --yes")
            return
        exit_code = finish(console, settings, store, found)
    if exit_code:
        raise typer.Exit(exit_code)


def _chosen(store: Store, path: Path | None, *, everything: bool) -> tuple[UnfinishedAnswer, ...]:
    """Return the answers to finish."""
    if path is None:
        return store.unfinished.find(everything=everything)
    wanted = path.absolute()
    found = [left for left in store.unfinished.find(everything=True) if wanted in map(Path.absolute, left.recordings)]
    if not found:
        raise InputError(
            f"{path} is not a recording that waits to be finished, or its interview is still going on. "
            f"Measure any recording with: voicemock analyze {path}"
        )
    return tuple(found)
