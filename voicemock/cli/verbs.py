"""Groups of commands on one kind of thing: ``voicemock stories add``, ``list``, ``edit``, ``delete``.

The help of such a group imports this module, so it imports nothing slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from voicemock.cli.help_text import CommandGroup
from voicemock.cli.output import tell

_HELP: Final = frozenset({"-h", "--help"})


class Verbs(CommandGroup):
    """Runs ``list`` where no verb is given, and the right verb where an option of an earlier version is given."""

    usual: ClassVar[str] = "list"
    """The verb to use if none is given."""
    of_a_name: ClassVar[str | None] = None
    """The verb to use if a name is given in its place."""
    once_options: ClassVar[Mapping[str, str]] = {}
    """Options of version 0.1 that were verbs, each with its verb."""
    once_without: ClassVar[Mapping[str, str]] = {}
    """Options that version 0.1 took without a verb, each with its verb."""
    once_verbs: ClassVar[Mapping[str, str]] = {}
    """Verbs of version 0.1, each with the verb that it is now."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments of the group."""
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        whole, verb = self.with_verb(args), self._verb_of_once(args)
        if verb:
            tell(f"From now on, write: {ctx.command_path} {verb}. The old spelling will be removed.", err=True)
        return super().parse_args(ctx, whole)

    def with_verb(self, args: Sequence[str]) -> list[str]:
        """Return the arguments with the verb that they lack."""
        if not args:
            return [self.usual]
        first = args[0]
        if first in self.once_verbs:
            return [self.once_verbs[first], *args[1:]]
        if first in _HELP or first in self.commands:
            return list(args)
        if not first.startswith("-"):
            return [self.of_a_name, *args] if self.of_a_name else list(args)
        if verb := self._verb_of_once(args):
            return [verb, *_without_option(args, self.once_options)]
        return [self.usual, *args]

    def _verb_of_once(self, args: Sequence[str]) -> str | None:
        """Return the verb of an option or a verb of version 0.1; None where a verb of today or a name is given."""
        if not args or not args[0].startswith("-"):
            return self.once_verbs.get(args[0]) if args else None
        names = [each.partition("=")[0] for each in args if each.startswith("--")]
        for known in (self.once_options, self.once_without):
            for name in names:
                if name in known:
                    return known[name]
        return None


def _without_option(args: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Return arguments without the first of these options; its value stays."""
    found = list(args)
    for place, each in enumerate(found):
        name, equals, value = each.partition("=")
        if name in names:
            found[place : place + 1] = [value] if equals else []
            break
    return found
