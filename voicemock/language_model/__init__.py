"""A language model on the candidate's own machine, off unless it is set: it words feedback and asks one more question.

``briefing`` chooses what it may see, ``openai_compatible`` asks a server of this machine, ``rewording`` and
``probing`` check what comes back, and ``phrasing`` does all of it in the background. Nothing that a model returns is
said unchecked.
"""

from __future__ import annotations

from voicemock.language_model.guidance import Guidance, load_guidance
from voicemock.language_model.openai_compatible import OpenAiCompatible
from voicemock.language_model.phrasing import Phrasing, Request
from voicemock.language_model.protocol import LanguageModel, Message
from voicemock.language_model.trial import Trial, try_out

__all__ = [
    "Guidance",
    "LanguageModel",
    "Message",
    "OpenAiCompatible",
    "Phrasing",
    "Request",
    "Trial",
    "load_guidance",
    "try_out",
]
