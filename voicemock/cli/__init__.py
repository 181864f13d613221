"""The ``voicemock`` command line. It alone catches VoicemockError.

A command's module is imported when the command runs, so that ``--help`` is instant. Import nothing slow here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import typer

from voicemock import __version__
from voicemock.cli.commands import COMMANDS, GROUPS, LazyCommand
from voicemock.cli.help_text import CommandGroup, first_paragraph, help_width
from voicemock.cli.menu import chosen, is_at_a_terminal
from voicemock.cli.output import (
    OutputError,
    ReaderGoneError,
    discard_output,
    exit_code_of,
    heed_signals,
    leave,
    prepare_output,
    stop_told,
    tell,
    tell_error,
)
from voicemock.cli.suggestions import advise, named_in_help
from voicemock.errors import EngineError, InputError, VoicemockError
from voicemock.files import forbid_core_dumps

EPILOG: Final = (
    "Exit codes: 0 done; 1 an input could not be used; 2 wrong usage; 3 microphone or speaker; "
    "4 Whisper, a voice or its model files; 5 the data folder; 130 interrupted; "
    "129 the terminal was closed; 143 told to end; 141 nobody reads the output any more."
)

COMMANDS: Final = {
    "practice": ("voicemock.cli.practice:practice", "Hold an interview out loud, recorded, measured and coached."),
    "serve": ("voicemock.cli.serve:serve", "Practice in the browser, on a page of this machine."),
    "time": ("voicemock.cli.time:time", "Tell a story and see where its time went, part by part."),
    "analyze": ("voicemock.cli.analyze:analyze", "Measure recordings or transcripts of answers."),
    "import": (
        "voicemock.cli.import_files:import_files",
        "Keep recordings and transcripts made elsewhere as takes.",
    ),
    "questions": ("voicemock.cli.questions:questions", "List the questions, or show one, or write one of your own."),
    "sessions": ("voicemock.cli.sessions:sessions", "List the interviews and told stories that are kept."),
    "show": ("voicemock.cli.sessions:show", "Show an interview again: transcripts, measures, feedback."),
    "tighten": (
        "voicemock.cli.tighten:tighten",
        "Cut an answer to a length in your own sentences.",
    ),
    "rewrite": (
        "voicemock.cli.rewrite:rewrite",
        "Say an answer again by parts, every fact of it your own.",
    ),
    "debrief": (
        "voicemock.cli.export:debrief",
        "Sum up an interview: what recurs, and what to work on next.",
    ),
    "report": ("voicemock.cli.export:report", "Write an interview as a page for your browser, and open it."),
    "play": ("voicemock.cli.export:play", "Play an answer again, or a moment of it."),
    "search": ("voicemock.cli.sessions:search", "Search everything that was ever said."),
    "compare": ("voicemock.cli.analyze:compare", "Show what moved between takes of one story or question."),
    "progress": (
        "voicemock.cli.plan:progress",
        "Show what became of your answers, and what to practice next.",
    ),
    "plan": ("voicemock.cli.plan:plan", "Plan what to practice each day until your interview."),
    "reanalyze": (
        "voicemock.cli.analyze:reanalyze",
        "Measure old answers again, so that they compare with new ones.",
    ),
    "recover": (
        "voicemock.cli.unfinished:recover",
        "Finish answers that a crash or Ctrl-C cut off.",
    ),
    "delete": ("voicemock.cli.sessions:delete", "Delete recordings and transcripts for good."),
    "export": (
        "voicemock.cli.export:export",
        "Write a session to files: Markdown, JSON, CSV, subtitles, audio.",
    ),
    "devices": ("voicemock.cli.doctor:devices", "List the microphones and speakers for --mic and --speaker."),
    "doctor": ("voicemock.cli.doctor:doctor", "Tell whether this machine is ready for an interview."),
    "config": ("voicemock.cli.doctor:config", "Show every setting and where its value came from."),
    "stories": (
        "voicemock.cli.stories:stories",
        "Write your stories down, and see what no story covers yet.",
    ),
    "job": (
        "voicemock.cli.job:job",
        "Keep a job description; it steers which questions come up.",
    ),
    "log": (
        "voicemock.cli.log:log",
        "Note a real interview, and practice what was asked there.",
    ),
}
"""Where each command is, and the first line of its help; in the order of the help."""


_MAY_NAME_FILES: Final = frozenset({"files", "mic", "speaker", "model"})
"""Parameters that are text and may hold the name of a file, which need not be UTF-8."""


def refusing_no_text(run: Callable[..., None]) -> Callable[..., None]:
    """Return a command that refuses text that is not UTF-8: nothing that is kept could hold it.

    It raises the UnicodeEncodeError that storing the text would.
    """

    @wraps(run)
    def command(**given: Any) -> None:
        for name in given.keys() - _MAY_NAME_FILES:
            for each in given[name] if isinstance(given[name], list) else [given[name]]:
                if isinstance(each, str):
                    each.encode()
        run(**given)

    return command


def _laid_out(command: Any) -> Any:
    """Return a command whose help, and that of its subcommands, is laid out as ours are."""
    for each in (command, *getattr(command, "commands", {}).values()):
        each.context_class = HelpContext
    return command


_NO_COMMAND: Final = 2
"""Exit code where no command was given and none could be meant."""
_HELP: Final = frozenset({"-h", "--help"})


class LazyCommand(TyperCommand):
    """Stands for a command until it runs, is completed, or shows its own help; its module is imported then.

    Args:
        name: Of the command.
        place: "module:attribute" of its function, or of the ``Typer`` with its subcommands.
        short_help: Its line in the help of all commands.
    """

    def __init__(self, name: str, place: str, short_help: str) -> None:
        super().__init__(name, help=short_help)
        self._place = place

    @cached_property
    def command(self) -> Any:
        """Import and return the command itself."""
        return self._imported()

    def _imported(self) -> Any:
        module, attribute = self._place.split(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            for each in found.registered_commands:
                each.callback = each.callback and refusing_no_text(each.callback)
            return _laid_out(get_group(found))
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(self.name)(refusing_no_text(found))
        return _laid_out(get_command(alone))

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Parse the arguments by the command itself; for a help, by its signature alone."""
        if not _HELP.isdisjoint(args):
            self._show_help(info_name, args, parent, **extra)
        return self.command.make_context(info_name, args, parent, **extra)

    def _show_help(self, info_name: str | None, args: list[str], parent: Any, **extra: Any) -> None:
        """Show the help and exit. Return where none was asked for, or where the signature alone is not enough."""
        try:
            with signatures_only():
                command = self._imported()
                context = command.make_context(info_name, list(args), parent, **extra)
                if args[0] in getattr(command, "commands", {}):
                    command.commands[args[0]].make_context(args[0], args[1:], context)
        except (typer.Exit, OutputError):
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the command itself tells it
            return


class _Commands(CommandGroup):
    """All commands: lists them without importing them, and turns our errors into a line and an exit code."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: LazyCommand(name, *found) for name, found in COMMANDS.items()}

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Parse the arguments. A help is as wide as the terminal, for all commands."""
        width = {"terminal_width": help_width()}
        with self._advising():
            return super().make_context(info_name, args, parent, **width | extra)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments. Where there are none, a person at a terminal gets the menu, and a script the help."""
        if args or ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        if not is_at_a_terminal():
            tell(ctx.get_help())
            ctx.exit()
        command = chosen()
        if command is None:
            ctx.exit()
        return super().parse_args(ctx, [str(command)])

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as the parser calls it
        """Write the commands in their groups."""
        for heading, names in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, first_paragraph(self.commands[name].help)) for name in names])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command; for a word that is close to none, name those whose help has it."""
        try:
            return super().resolve_command(ctx, args)
        except typer.Exit:
            raise
        except Exception as error:
            told = getattr(error, "message", "")
            found = named_in_help(args[0], {name: line for name, (_, line) in COMMANDS.items()})
            if found and told and "Did you mean" not in told:
                error.message = f"{told.rstrip('.')}. Did you mean {' or '.join(map(repr, found))}?"  # type: ignore[attr-defined]
            raise

    @contextmanager
    def _advising(self) -> Iterator[None]:
        """Let an error about an option name the right one."""
        try:
            yield
        except Exception as error:
            advise(error, self.commands)
            raise

    def invoke(self, ctx: Any) -> Any:
        try:
            return self._invoke_until_told(ctx)
        except OutputError:  # main() reports it: --help raises it too
            raise
        except VoicemockError as error:
            tell_error(str(error))
            raise typer.Exit(error.exit_code) from error
        except MemoryError as error:
            tell_error("There is not enough memory. Close other programs, or take a smaller model: --model tiny.en")
            raise typer.Exit(EngineError.exit_code) from error
        except UnicodeEncodeError as error:
            if not isinstance(error.object, str) or not any("\ud800" <= char <= "\udfff" for char in error.object):
                raise
            tell_error(f"{error.object!r} is not UTF-8 text. Type it in UTF-8, or rename the file or folder.")
            raise typer.Exit(InputError.exit_code) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(exit_code_of(error)) from error

    def _invoke_until_told(self, ctx: Any) -> Any:
        """Run a command. After a signal any error is an interruption: C code turns one into what it likes."""
        try:
            with self._advising():
                return super().invoke(ctx)
        except Exception as error:
            stop = stop_told()
            if stop is None:
                raise
            raise stop from error


app = typer.Typer(
    cls=_Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)


def _version(wanted: bool) -> None:
    if wanted:
        tell(f"voicemock {__version__}")
        raise typer.Exit


@app.callback()
def voicemock(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Practice interview answers out loud, and hear what to fix. Nothing leaves your machine.

    voicemock alone is a short menu. Or start with: voicemock doctor, then voicemock practice.
    """


def main() -> None:
    """Run the command line. Files it creates are for their user only, pipes are UTF-8, and no core is dumped."""
    os.umask(0o077)
    forbid_core_dumps()
    heed_signals()
    prepare_output(os.environ)
    try:
        _run()
    except KeyboardInterrupt as error:  # before a command could take it
        leave(exit_code_of(error))
    except SystemExit as error:
        if isinstance(error.code, int):
            leave(error.code)
        raise


def _run() -> None:
    """Run the command, and report an output that cannot be written."""
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
