"""Asks for a line at the prompt, with a text to edit where there is a terminal."""

from __future__ import annotations

import sys

import typer

from voicemock.cli.output import tell


def ask_line(label: str, written: str = "") -> str:
    """Ask for a line, with the text ``written`` to edit. Text of several lines is ended with Escape and Enter.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        EOFError: Ctrl-D on an empty line.
        typer.Abort: The input ended and is not a terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return str(typer.prompt(label, default=written, show_default=False, prompt_suffix=" "))
    from prompt_toolkit import prompt

    several = "\n" in written
    if several:
        tell("(several lines: Esc, then Enter, when done)")
    return prompt(f"{label} ", default=written, multiline=several)
