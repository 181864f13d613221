"""The settings in words: each value, where it comes from, what it is for, and how it is set."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from typing import Any, Final, NamedTuple

from voicemock.report.safe_text import printable
from voicemock.settings import Settings, explain, load_settings, settings_file, variable_of

HEADINGS: Final = ("setting", "value", "from")
ORDER: Final = (
    "A setting comes from the command line, else the environment (VOICEMOCK_MODEL, VOICEMOCK_VOICE "
    "...), else the settings file, else the default."
)


class SettingRow(NamedTuple):
    """A setting, as it is shown."""

    name: str
    value: str
    origin: str


class SettingHelp(NamedTuple):
    """What a setting is for, and how it is set."""

    about: str
    """Empty where its name says it."""
    line: str
    """A line of the settings file that sets the current value; dots stand for one that is not set."""
    variable: str
    """Of the environment."""


def setting_rows(**flags: Any) -> list[SettingRow]:
    """Return each setting with its value and where it came from.

    Raises:
        ContentError: The settings file is not TOML, or a value from any source is not allowed.
    """
    return [
        SettingRow(name, printable(_shown(value)), printable(origin))
        for name, (value, origin) in explain(**flags).items()
    ]


def file_text() -> str:
    """Return where the settings file is, and whether it is there."""
    found = "" if settings_file().exists() else " (not there yet)"
    return f"Settings file: {printable(str(settings_file()))}{found}"


def help_of(settings: Settings) -> dict[str, SettingHelp]:
    """Return what each setting is for, and how to set it to its current value."""
    about = _descriptions()
    return {
        name: SettingHelp(about.get(name, ""), f"{name} = {_toml(getattr(settings, name))}", variable_of(name))
        for name in Settings.model_fields
    }


def rows_of(settings: Settings) -> list[SettingRow]:
    """Return the rows of settings that are in use; those that differ from what there is without a command line are its.

    Raises:
        ContentError: The settings file is not TOML, or a value from any source is not allowed.
    """
    without = load_settings()
    given = {name: getattr(settings, name) for name in Settings.model_fields}
    return setting_rows(**{name: value for name, value in given.items() if value != getattr(without, name)})


def _shown(value: Any) -> str:
    return "not set" if value is None else "none" if value == () else str(value)


def _toml(value: Any) -> str:
    """Return a value as the settings file writes it; dots for one that is not set."""
    if value is None:
        return "..."
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:g}" if value < 1_000_000 else str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    text = printable(str(value))
    return f'"{text.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'


@cache
def _descriptions() -> dict[str, str]:
    """Return what stands below each field of the settings."""
    (kind,) = ast.parse(textwrap.dedent(inspect.getsource(Settings))).body
    found: dict[str, str] = {}
    name = ""
    for line in getattr(kind, "body", []):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            name = line.target.id
        elif isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and name:
            found[name] = " ".join(str(line.value.value).replace("``", "").replace("None", "not set").split())
            name = ""
        else:
            name = ""
    return found
