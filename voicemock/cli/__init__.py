"""The ``voicemock`` command: the only place that catches VoicemockError.

Modules here import nothing heavy at the top, so that ``--help`` is instant; each command imports what it runs.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from voicemock.cli.analyze import analyze
from voicemock.cli.compare import compare, reanalyze
from voicemock.cli.config import config
from voicemock.cli.debrief import debrief
from voicemock.cli.delete import delete
from voicemock.cli.devices import devices
from voicemock.cli.doctor import doctor
from voicemock.cli.export import export
from voicemock.cli.import_files import import_files
from voicemock.cli.job import job
from voicemock.cli.output import OutputError, ReaderGoneError, discard_output, prepare_output, tell_error
from voicemock.cli.plan import plan
from voicemock.cli.practice import practice
from voicemock.cli.progress import progress
from voicemock.cli.questions import questions
from voicemock.cli.recover import recover
from voicemock.cli.report import play, report
from voicemock.cli.search import search
from voicemock.cli.sessions import sessions, show
from voicemock.cli.stopping import INTERRUPTED, exit_code_of, heed_signals
from voicemock.cli.stories import stories
from voicemock.cli.time import time
from voicemock.errors import EngineError, VoicemockError

EPILOG = (
    "Exit codes: 0 done; 1 an input could not be used; 2 wrong usage; 3 microphone or speaker; "
    "4 Whisper, a voice or its model files; 5 the data folder; 130 interrupted; "
    "129 the terminal was closed; 143 told to end; 141 nobody reads the output any more."
)


class _Commands(TyperGroup):
    """Turns our errors into one clear line and their exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OutputError:  # told by main(), which also hears of it from --help
            raise
        except VoicemockError as error:
            tell_error(str(error))
            raise typer.Exit(error.exit_code) from error
        except MemoryError as error:
            tell_error("There is not enough memory. Close other programs, or take a smaller model: --model tiny.en")
            raise typer.Exit(EngineError.exit_code) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(exit_code_of(error)) from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)
for command in (
    *(practice, time, analyze, import_files, questions),
    *(sessions, show, debrief, report, play, search, compare, progress, plan, reanalyze, recover, delete, export),
    *(devices, doctor, config),
):
    app.command("import" if command is import_files else None)(command)
app.add_typer(stories, name="stories")
app.add_typer(job, name="job")


def _version(wanted: bool) -> None:
    if wanted:
        from voicemock import __version__

        typer.echo(f"voicemock {__version__}")
        raise typer.Exit


@app.callback()
def voicemock(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Practice interview answers out loud, and hear what to fix. Nothing leaves your machine.

    Start with: voicemock doctor, then voicemock practice.
    """


__all__ = ["INTERRUPTED", "app", "main"]


def main() -> None:
    """Run the command line: what it creates only its user can read, pipes are UTF-8, no character stops it."""
    os.umask(0o077)
    heed_signals()
    prepare_output(os.environ)
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except ReaderGoneError as error:
        discard_output()
        raise SystemExit(error.exit_code) from error
    except OutputError as error:
        discard_output()
        tell_error(str(error))
        raise SystemExit(error.exit_code) from error
