"""The ``voicemock`` command line: an error that no command handles becomes a message and an exit code here.

A command's module is imported when the command runs, so that ``--help`` is instant. Import nothing slow here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import typer

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
from voicemock.files import forbid_core_dumps, share_one_heap

EPILOG: Final = (
    "Exit codes: 0 success; 1 an input cannot be used; 2 wrong usage; 3 microphone or speaker; "
    "4 Whisper, a voice or its model files; 5 the data folder; 130 interrupted; "
    "129 the terminal was closed; 143 terminated; 141 the output was closed."
)


class _Commands(CommandGroup):
    """All commands: lists them without importing them, and turns our errors into a line and an exit code."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: LazyCommand(name, *found) for name, found in COMMANDS.items()}

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Parse the arguments. Every command's help is as wide as the terminal."""
        width = {"terminal_width": help_width()}
        with self._advising():
            return super().make_context(info_name, args, parent, **width | extra)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments. Without any, a person at a terminal gets the menu, and a script gets the help."""
        if args or ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        if not is_at_a_terminal():
            tell(ctx.get_help())
            ctx.exit()
        command = chosen()
        if command is None:
            raise typer.Exit
        return super().parse_args(ctx, [command])

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as the parser calls it
        """Write the commands in their groups."""
        for heading, names in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, first_paragraph(self.commands[name].help)) for name in names])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command. If none is close to the word, name those whose help contains it."""
        try:
            return super().resolve_command(ctx, args)
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
            tell_error("There is not enough memory. Close other programs, or use a smaller model: --model tiny.en")
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
        from voicemock import __version__

        tell(f"voicemock {__version__}")
        raise typer.Exit


@app.callback()
def voicemock(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Practice interview answers out loud, and hear what to fix. Nothing leaves your machine.

    Run voicemock by itself for a short menu, or start with: voicemock doctor, then voicemock practice.
    """


def main() -> None:
    """Run the command line. Its files are private to the user, pipes are UTF-8, and no core is dumped."""
    os.umask(0o077)
    forbid_core_dumps()
    share_one_heap()  # before the first thread
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
