"""Desktops: whether a browser would open in a window, and what the page needs.

``voicemock --help`` imports this module, so it imports nothing slow.
"""

from __future__ import annotations

import os
import sys
from typing import Final

NEEDED: Final = ("starlette", "uvicorn", "websockets")
"""Packages of the extra ``web``."""
HOW_TO_GET: Final = "pip install 'voicemock[web]'"
WITHOUT_EXTRA: Final = f"The page needs the web extra, which is not installed: {HOW_TO_GET}"


def has_desktop() -> bool:
    """Return whether a browser would open in a window. In a bare terminal it would take over the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
