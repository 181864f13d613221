"""What an interview shows, and the keys it takes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from voicemock.devices import DeviceInfo
from voicemock.devices.replacement import DeviceReply
from voicemock.models import Assessment, Debrief, Question, Story
from voicemock.recorder import Command, Progress


class Screen(Protocol):
    """What the interview shows, and the keys it takes. Every text that is spoken is also shown."""

    @property
    def shows_words(self) -> bool:
        """Whether words are shown while they are spoken: who does not pause is then written down twice."""
        ...

    def ask(self, question: Question, position: int, count: int) -> None:
        """Show a question, counted from 1; a follow-up is counted among those to its answer."""
        ...

    def cue(self, story: Story) -> None:
        """Show that a story may begin; nothing is said."""
        ...

    def listening(self, microphone: str) -> AbstractContextManager[object]:
        """Take keys and show what is heard for as long as the block runs.

        Args:
            microphone: Its name, for people.
        """
        ...

    def progress(self, progress: Progress) -> None:
        """Show where the answer stands; called every 30 ms while listening."""
        ...

    def command(self) -> Command | None:
        """Return what was asked for by a key since the last call."""
        ...

    def skipped(self) -> bool:
        """Return whether a key asked, since the last call, to be told no more; called while speaking."""
        ...

    def transcribing(self, done: int, count: int) -> None:
        """Show how many chunks of the answer are written down."""
        ...

    def assessed(self, assessment: Assessment, question: Question | None) -> None:
        """Show what was said, measured and advised; no parts for the reply to a follow-up."""
        ...

    def debriefed(self, debrief: Debrief, spoken: str) -> None:
        """Show what was observed over all answers, and what is said about it."""
        ...

    def notice(self, text: str) -> None:
        """Show a remark."""
        ...

    def choose_microphone(self, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:
        """Ask with which microphone to go on after a problem."""
        ...
