"""Speaks on a screen until a key skips it, then listens until something ends it: a program for a pseudo-terminal."""

from __future__ import annotations

import sys
from itertools import count

from rich.console import Console

from voicemock.cli.output import heed_signals
from voicemock.cli.screen import TerminalScreen
from voicemock.content.questions import QuestionBank
from voicemock.speech.clip import FRAME_S
from voicemock.speech.recorder import Progress


def main(ending: str = "key", *options: str) -> None:
    heed_signals()
    console = Console()
    bank = QuestionBank.load()
    with TerminalScreen(console, bank, calm="calm" in options) as screen:
        screen.ask(bank.get("failed-program"), 1, 1, 1)
        console.print("SPEAKING")
        while not screen.skipped():
            pass
        with screen.listening("Fake Card"):
            for frame in count(1):
                screen.progress(Progress(frame * FRAME_S, 0.0, 0.1, 0.2, speaking=True))
                if ending == "error" and frame == 20:
                    raise ZeroDivisionError
                if command := screen.command():
                    break
        console.print(f"ENDED BY {command.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
