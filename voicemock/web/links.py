"""Links: the page that does what a command does, so that advice that names a command can be followed by a click."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

from voicemock.models import Story

NEW_STORY: Final = "/stories/new_story"
"""No story has this address: there is no underscore in a slug."""

_CHOICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "--loop": "loop",
        "--question": "question",
        "--pillar": "pillar",
        "--framework": "framework",
        "--count": "count",
        "--takes": "takes",
        "--minutes": "minutes",
        "--follow-ups": "follow_ups",
        "--style": "style",
    }
)
"""Options of ``voicemock practice`` and the names of the same in a ``Choice``."""


_NAMED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "voicemock job add": ("/jobs/new", "Add a job"),
        "voicemock jobs": ("/jobs", "Jobs"),
        "voicemock stories": ("/stories", "Stories"),
        "voicemock questions": ("/questions", "Questions"),
        "voicemock sessions": ("/sessions", "Reviews"),
        "voicemock log": ("/log", "Real interviews"),
    }
)
"""Commands that messages name, and the pages of the same."""


def page_of(command: str | None) -> str | None:
    """Return the address of the page that does what a command of voicemock does; None if there is none."""
    try:
        program, *words = shlex.split(command or "") or [""]
    except ValueError:
        return None
    if program != "voicemock":
        return None
    match words:
        case ["practice", *options]:
            return _interview(options)
        case ["time", name]:
            return telling_address(name)
        case ["stories", "add", "--guided"]:
            return NEW_STORY
        case ["stories", "add", name]:
            return f"{NEW_STORY}?{urlencode({'name': name})}"
        case ["stories", "add", name, "--shows", competency]:
            return f"{NEW_STORY}?{urlencode({'name': name, 'shows': competency})}"
        case ["show", name]:
            return _session(name)
        case ["debrief"]:
            return "/sessions/last/debrief"
        case _:
            return None


def pages_named(text: str) -> dict[str, str]:
    """Return the pages that do what commands in a text do, with what they are called, by their addresses."""
    return {address: title for command, (address, title) in _NAMED.items() if command in text}


def story_address(name: str) -> str:
    """Return the address of a story's page."""
    return f"/stories/{quote(Story.named(name).slug)}"


def telling_address(name: str) -> str:
    """Return the address that starts a telling of a story."""
    return f"/interview?{urlencode({'story': name})}"


def _interview(options: list[str]) -> str | None:
    if len(options) % 2:
        return None
    given = dict(zip(options[::2], options[1::2], strict=True))
    if not given.keys() <= _CHOICES.keys():
        return None
    query = {_CHOICES[option]: value for option, value in given.items()}
    if "pillar" in query:
        query["pillar"] = query["pillar"].replace("-", "_")
    return f"/interview?{urlencode(query)}" if query else "/interview"


def _session(name: str) -> str:
    """Return the address of a session's review, or of one answer in it: "ID/2"."""
    session, _, position = name.partition("/")
    return f"/sessions/{quote(session)}" + (f"#answer-{quote(position)}" if position else "")
