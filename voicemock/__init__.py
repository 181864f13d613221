"""A spoken mock interviewer that listens, measures and coaches. Nothing leaves the machine.

The public API is here and typed: ``analyze`` for one recording or transcript, ``open_interview`` for a whole interview,
and the models they return. Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voicemock.api import QuietScreen, analyze, open_interview
    from voicemock.content.questions import QuestionBank
    from voicemock.errors import VoicemockError
    from voicemock.interview.interview import Interview
    from voicemock.models import Assessment, Question, SessionReport
    from voicemock.settings import Settings, load_settings

    __version__: str

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime 1.32 reports to Microsoft from its import on

__all__ = [
    "Assessment",
    "Interview",
    "Question",
    "QuestionBank",
    "QuietScreen",
    "SessionReport",
    "Settings",
    "VoicemockError",
    "__version__",
    "analyze",
    "load_settings",
    "open_interview",
]

_HOME = {
    "Assessment": "models",
    "Interview": "interview.interview",
    "Question": "models",
    "QuestionBank": "content.questions",
    "QuietScreen": "api",
    "SessionReport": "models",
    "Settings": "settings",
    "VoicemockError": "errors",
    "analyze": "api",
    "load_settings": "settings",
    "open_interview": "api",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("voicemock")
    if name not in _HOME:
        raise AttributeError(f"module 'voicemock' has no attribute {name!r}")
    return getattr(import_module(f"voicemock.{_HOME[name]}"), name)
