"""The question which microphone to go on with, on a terminal."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text

from voicemock.devices import DeviceInfo
from voicemock.devices.replacement import DeviceReply, Reply, reply_to

PROMPT = "Enter tries again, a number takes that microphone, q ends the interview: "


def choose_microphone(console: Console, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:
    """Ask until the reply can be understood; where there is no terminal, nobody is asked.

    Args:
        console: Where the list is shown.
        problem: What went wrong.
        microphones: What there is.
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
    """Return the numbered list that is shown."""
    if not microphones:
        return Text("There is no microphone now. Plug one in, then press Enter.")
    lines = ["Microphones there are now:"]
    for number, device in enumerate(microphones, start=1):
        remark = " (default)" if device.is_default_input else ""
        lines.append(f"  {number}  {device.name}{remark}")
    return Text("\n".join(lines))
