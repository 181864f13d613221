"""Desktops: whether a browser would open in a window."""

from __future__ import annotations

import os
import sys


def has_desktop() -> bool:
    """Return whether a browser would open in a window. In a bare terminal it would take over the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
