"""Desktops: whether somebody sits at one, and whether the page can be opened there.

``voicemock --help`` imports this module, so it imports nothing slow.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import Final

NEEDED: Final = ("starlette", "uvicorn", "websockets")
"""Packages of the extra ``web``."""
HOW_TO_GET: Final = "pip install 'voicemock[web]'"
WITHOUT_EXTRA: Final = f"The page needs the extra web, which is not installed: {HOW_TO_GET}"
WITHOUT_PAGE: Final = f"voicemock alone opens a page in your browser once the extra web is installed: {HOW_TO_GET}"
OPENING: Final = "Opening the page in your browser. All commands: voicemock --help"


def has_desktop() -> bool:
    """Return whether a browser would open in a window. In a bare terminal it would take over the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def is_at_a_desktop() -> bool:
    """Return whether a person at a desktop has typed the command: a script or a pipe gets the help."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return has_desktop() and all(stream is not None and stream.isatty() for stream in streams)


def has_page() -> bool:
    """Return whether the extra ``web`` is installed."""
    return all(find_spec(name) is not None for name in NEEDED)
