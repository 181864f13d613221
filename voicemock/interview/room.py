"""What an interview shows, and the keys it takes.

The room an interview is held in: one who speaks, a microphone, and somebody who sees to the devices.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from voicemock.content.styles import GOING_ON, HEARD_AGAIN, SHOWN_INSTEAD
from voicemock.errors import DeviceError, VoicemockError
from voicemock.models import Assessment, Debrief, Question, Story
from voicemock.speech.desk import DeviceReply
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.devices import Microphone
from voicemock.speech.narrator import Narrator
from voicemock.speech.recorder import Command, Progress


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


class Desk(Protocol):
    """Sees to the devices when they change."""

    def look_again(self) -> None:
        """Notice a default device that was switched; called while nobody listens or speaks."""
        ...

    def replace_microphone(self, lost: DeviceError) -> Microphone | None:
        """Return another microphone, or the same again; None when the candidate has had enough.

        Raises:
            DeviceError: There is none, and nobody is there to be asked.
        """
        ...


@dataclass(slots=True)
class Room:
    """Speaks, and knows the microphone that is listened to.

    Attributes:
        microphone: Where the answers come from.
        desk: Finds another microphone.
        narrator: Speaks.
        screen: Shows, and takes keys.
        listened_s: Seconds of microphone audio since listening first opened.
    """

    microphone: Microphone
    desk: Desk
    narrator: Narrator
    screen: Screen
    listened_s: float = 0.0
    _opened_at: float = field(default_factory=monotonic, init=False)
    _speaker_is_lost: bool = field(default=False, init=False)

    @property
    def elapsed_s(self) -> float:
        """Seconds that the interview has taken, by the clock; from files, by what was heard and said."""
        return max(monotonic() - self._opened_at, self.listened_s + self.narrator.spoken_s)

    @property
    def is_heard(self) -> bool:
        """Whether something was spoken, and the last text was among it."""
        return self.narrator.spoken_s > 0 and not self._speaker_is_lost

    def say(self, text: str, on_start: Callable[[], None] = lambda: None) -> bool:
        """Speak, and return whether all of it was heard, no key pressed.

        What fails is reported once and the text, which is shown anyway, has to do. A speaker is tried again with the
        next text, a voice is not.
        """
        self.screen.skipped()  # what was pressed before was not about this text
        try:
            was_heard = self.narrator.say(text, on_start, self.screen.skipped)
        except DeviceError as error:
            if not self._speaker_is_lost:
                self.screen.notice(f"{error} {SHOWN_INSTEAD}")
            self._speaker_is_lost = True
            on_start()
            return True
        except VoicemockError as error:
            self.screen.notice(f"{error} The texts are shown instead.")
            self.narrator = Narrator(None, None)
            on_start()
            return True
        if self._speaker_is_lost:
            self.screen.notice(HEARD_AGAIN)
        self._speaker_is_lost = False
        return was_heard

    def tell(self, text: str, on_start: Callable[[], None] = lambda: None) -> bool:
        """Show a remark and speak it; return whether all of it was heard."""
        self.screen.notice(text)
        return self.say(text, on_start)

    def replace_microphone(self, lost: DeviceError) -> bool:
        """Go on with another microphone; return whether the candidate wants to.

        Raises:
            DeviceError: There is none, and nobody is there to be asked.
        """
        found = self.desk.replace_microphone(lost)
        if found is None:
            return False
        self.microphone = found
        self.screen.notice(GOING_ON.format(name=found.name))
        return True
