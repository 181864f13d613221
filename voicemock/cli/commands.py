"""All commands: where each is, its line in the help, and the group it stands in. None is imported before it runs.

``voicemock --help`` imports this module, so it imports nothing slow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property, wraps
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand
from typer.main import get_command, get_group

from voicemock.cli.help_text import HelpContext
from voicemock.cli.output import OutputError, tell
from voicemock.cli.signatures import signatures_only
from voicemock.cli.verbs import Verbs

GROUPS: Final = {
    "Practice": {
        "practice": ("voicemock.cli.practice:practice", "Hold an interview out loud, recorded, measured and coached."),
        "serve": ("voicemock.cli.serve:serve", "Practice in the browser, on a page served by this machine."),
        "time": ("voicemock.cli.time:time", "Tell a story and see where its time went, part by part."),
        "questions": (
            "voicemock.cli.questions:questions",
            "List the questions, or show one, or write one of your own.",
        ),
        "plan": ("voicemock.cli.plan:plan", "Plan what to practice each day until your interview."),
        "progress": ("voicemock.cli.plan:progress", "Show how your answers are changing, and what to practice next."),
    },
    "Look back": {
        "show": ("voicemock.cli.sessions:show", "Show an interview again: transcripts, measures, feedback."),
        "report": ("voicemock.cli.export:report", "Write an interview as a web page, and open it."),
        "play": ("voicemock.cli.export:play", "Play an answer again, or one moment of it."),
        "tighten": ("voicemock.cli.tighten:tighten", "Cut what adds nothing from an answer."),
        "rewrite": ("voicemock.cli.rewrite:rewrite", "Rewrite an answer part by part, using only your own facts."),
        "debrief": ("voicemock.cli.export:debrief", "Sum up an interview: what recurs, and what to work on next."),
        "compare": ("voicemock.cli.analyze:compare", "Show what changed between takes of one story or question."),
    },
    "Your material": {
        "stories": ("voicemock.cli.stories:stories", "Write your stories down, and see what no story covers yet."),
        "job": ("voicemock.cli.job:job", "Save a job description; it steers which questions come up."),
        "log": ("voicemock.cli.log:log", "Note a real interview, and practice what was asked there."),
        "analyze": ("voicemock.cli.analyze:analyze", "Measure recordings or transcripts of answers."),
        "import": (
            "voicemock.cli.import_files:import_files",
            "Import recordings and transcripts made elsewhere as takes.",
        ),
        "cohort": (
            "voicemock.cli.cohort:cohort",
            "Measure thousands of recordings on every core, and write tables.",
        ),
    },
    "Your data": {
        "sessions": ("voicemock.cli.sessions:sessions", "List your interviews and the stories you have told."),
        "search": ("voicemock.cli.sessions:search", "Search everything you have ever said."),
        "export": ("voicemock.cli.export:export", "Write a session to files: Markdown, JSON, CSV, subtitles, audio."),
        "delete": ("voicemock.cli.sessions:delete", "Delete recordings and transcripts for good."),
        "recover": ("voicemock.cli.unfinished:recover", "Finish answers that a crash or Ctrl-C cut off."),
        "reanalyze": (
            "voicemock.cli.analyze:reanalyze",
            "Measure old answers again, so you can compare them with new ones.",
        ),
    },
    "This machine": {
        "doctor": ("voicemock.cli.doctor:doctor", "Check whether this machine is ready for an interview."),
        "devices": ("voicemock.cli.doctor:devices", "List the microphones and speakers for --mic and --speaker."),
        "config": ("voicemock.cli.doctor:config", "Show every setting and where its value came from."),
    },
}
"""Where each command is, and the first line of its help, under the heading of its group; in the order of the help."""

COMMANDS: Final = {name: found for group in GROUPS.values() for name, found in group.items()}

STARTING: Final = {
    "practice": "Getting the interview ready ...",
    "time": "Getting ready ...",
    "serve": "Getting the page ready ...",
    "doctor": "Looking at this machine ...",
}
"""What a terminal shows at once while a command is loaded, which can take seconds on a cold disk."""

_MAY_NAME_FILES: Final = frozenset({"files", "mic", "speaker", "model"})
"""Parameters that are text and may hold the name of a file, which need not be UTF-8."""


def refusing_no_text(run: Callable[..., None]) -> Callable[..., None]:
    """Return a command that refuses text that is not UTF-8, because it could not be saved.

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
        elif self.name in STARTING and sys.stderr is not None and sys.stderr.isatty():
            tell(STARTING[self.name], err=True)
        return self.command.make_context(info_name, args, parent, **extra)

    def _show_help(self, info_name: str | None, args: list[str], parent: Any, **extra: Any) -> None:
        """Show the help and exit. Return where none was asked for, or where the signature alone is not enough."""
        try:
            with signatures_only():
                command = self._imported()
                context = command.make_context(info_name, list(args), parent, **extra)
                verb, *rest = command.with_verb(args) if isinstance(command, Verbs) else args
                if verb in getattr(command, "commands", {}):
                    command.commands[verb].make_context(verb, rest, context)
        except (typer.Exit, OutputError):
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the command itself tells it
            return
