"""Asks on the terminal which microphone to use next when one is lost."""

from __future__ import annotations

import sys
from typing import Final

from rich.console import Console
from rich.text import Text

from voicemock.speech.desk import DeviceReply, Reply, reply_to
from voicemock.speech.device_list import DeviceInfo

PROMPT: Final = "Enter tries again, a number picks that microphone, q ends the interview: "


def choose_microphone(console: Console, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:
    """Show a problem and ask which microphone to use next, until the reply can be understood.

    Without a terminal the reply is ``Reply.NOBODY``.
    """
    if not (console.is_terminal and sys.stdin is not None and sys.stdin.isatty()):
        return Reply.NOBODY
    console.print(Text(problem, style="yellow"))
    console.print(menu(microphones))
    while True:
        try:
            reply = reply_to(console.input(Text(PROMPT)), microphones)
        except EOFError:
            return Reply.QUIT
        if reply is not None:
            return reply


def menu(microphones: tuple[DeviceInfo, ...]) -> Text:
    """Return the numbered list of microphones."""
    if not microphones:
        return Text("There is no microphone now. Plug one in, then press Enter.")
    lines = ["Available microphones:"]
    for number, device in enumerate(microphones, start=1):
        remark = " (default)" if device.is_default_input else ""
        lines.append(f"  {number}  {device.name}{remark}")
    return Text("\n".join(lines))
