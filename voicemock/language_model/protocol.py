"""What a language model is to voicemock: messages in, text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Literal["system", "user"]
    content: str


class LanguageModel(Protocol):
    """Answers messages with text that is meant to be JSON. What it returns is never trusted."""

    @property
    def name(self) -> str:
        """What people call the model."""
        ...

    def complete(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the answer; called from one thread at a time.

        Args:
            messages: What is asked.
            schema: JSON schema of the answer, for a model that can be held to one.

        Raises:
            LanguageModelError: There is no answer, or not in time.
        """
        ...

    def close(self) -> None:
        """Make a running and every later ``complete`` raise; may be called from any thread, and more than once."""
        ...
