"""What to go on with when a microphone or speaker is lost: what is offered, and what an answer to it means."""

from __future__ import annotations

from enum import Enum

from voicemock.devices.library import Direction
from voicemock.devices.listing import DeviceInfo


class Reply(Enum):
    """What somebody who is asked for another device can say besides naming one."""

    TRY_AGAIN = "try again"
    QUIT = "quit"
    NOBODY = "nobody is there to be asked"


DeviceReply = DeviceInfo | Reply


def offered(devices: tuple[DeviceInfo, ...], direction: Direction) -> tuple[DeviceInfo, ...]:
    """Return the devices to choose from: the default first, and each once where several sound systems reach it."""
    able = [device for device in devices if device.channels(direction)]
    default = next((device for device in able if device.is_default(direction)), None)
    if default is not None:
        able = [device for device in able if device.host_api == default.host_api]
    return tuple(sorted(able, key=lambda device: not device.is_default(direction)))


def reply_to(text: str, devices: tuple[DeviceInfo, ...]) -> DeviceReply | None:
    """Return what was typed below a list numbered from 1; None where it means nothing."""
    typed = text.strip().lower()
    if not typed:
        return Reply.TRY_AGAIN
    if typed in {"q", "quit"}:
        return Reply.QUIT
    if typed.isdecimal() and 1 <= int(typed) <= len(devices):
        return devices[int(typed) - 1]
    return None


def specs_to_try(reply: DeviceReply, spec: str | None) -> tuple[str | int | None, ...]:
    """Return the devices to try, the best first; None is the system's default.

    Args:
        reply: What was said.
        spec: The device that was in use, as it had been named; None where it was the default.
    """
    if isinstance(reply, DeviceInfo):
        return (reply.index,)
    if reply is Reply.TRY_AGAIN:
        return tuple(dict.fromkeys((spec, None)))
    return (None,) if reply is Reply.NOBODY else ()
