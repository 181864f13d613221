"""An interview's surroundings: narrator, microphone, screen, and the desk that replaces lost devices."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol

from voicemock.content.styles import GOING_ON, HEARD_AGAIN, SHOWN_INSTEAD
from voicemock.errors import DeviceError, VoicemockError
from voicemock.models import Answer, Assessment, Debrief, Question, Ratings, Story
from voicemock.settings import Settings
from voicemock.speech.desk import DeviceReply
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.devices import Microphone, Speaker, device_of, refuse_one_file_for_both
from voicemock.speech.narrator import Narrator
from voicemock.speech.recorder import Command, Progress
from voicemock.store.deletion import refuse_own


class LeftError(Exception):
    """The candidate has left; everything said so far is kept."""


class Screen(Protocol):
    """Shows the interview and takes keys. Every spoken text is also shown."""

    @property
    def can_pause(self) -> bool:
        """Whether a candidate may be there who can press a key."""
        ...

    @property
    def has_left(self) -> bool:
        """Whether the candidate pressed the key that ends the interview while it spoke."""
        ...

    def pause(self) -> bool:
        """Wait for a key; return whether the interview goes on."""
        ...

    def takes_drill(self) -> bool:
        """Offer the drill that was just given; return whether the candidate takes it."""
        ...

    def rate_yourself(self) -> Ratings:
        """Ask the candidate to rate the answer just given, item by item; what is skipped is None."""
        ...

    def own_view(self, answer: Answer) -> None:
        """Show the candidate's own ratings of an answer beside the measures, after its feedback."""
        ...

    def speaking(self) -> AbstractContextManager[object]:
        """Show the keys that there are while the block speaks."""
        ...

    @property
    def shows_words(self) -> bool:
        """True if the live transcript is shown. A candidate who never pauses is then transcribed twice."""
        ...

    def ask(self, question: Question, position: int, count: int, answer: int) -> None:
        """Show a question, numbered from 1. Follow-ups are numbered among those to the same answer.

        Args:
            question: The question.
            position: Its number.
            count: How many there are.
            answer: Number of the answer to it in the session, by which it is found again.
        """
        ...

    def cue(self, story: Story) -> None:
        """Show that a story may begin."""
        ...

    def listening(self, microphone: str) -> AbstractContextManager[object]:
        """Take keys and show what is heard while the block runs.

        Args:
            microphone: Display name.
        """
        ...

    def progress(self, progress: Progress) -> None:
        """Show the state of the answer; called every 30 ms while listening."""
        ...

    def command(self) -> Command | None:
        """Return the command of a key pressed since the last call."""
        ...

    def skipped(self) -> bool:
        """Return whether a key pressed since the last call asks to stop speaking; called while speaking."""
        ...

    def transcribing(self, done: int, count: int) -> None:
        """Show how many chunks of the answer are transcribed."""
        ...

    def assessed(self, assessment: Assessment, question: Question | None) -> None:
        """Show words, measures and advice; for the reply to a follow-up, no parts."""
        ...

    def debriefed(self, debrief: Debrief, spoken: str) -> None:
        """Show the debrief, and its spoken form."""
        ...

    def notice(self, text: str) -> None:
        """Show a remark."""
        ...

    def choose_microphone(self, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:
        """Ask which microphone to use after a problem."""
        ...


class Desk(Protocol):
    """Watches the devices and replaces lost ones."""

    def look_again(self) -> None:
        """Follow a switched default device; called while neither side speaks."""
        ...

    def replace_microphone(self, lost: DeviceError) -> Microphone | None:
        """Return another microphone, or the same one again; None if the candidate leaves.

        Raises:
            DeviceError: There is no other one, and nobody who could be asked.
        """
        ...


class Devices(Desk, Protocol):
    """Opens the devices of an interview: a sound card, or a page in a browser."""

    def open_microphone(self) -> Microphone:
        """Return the microphone.

        Raises:
            DeviceError: It cannot be used.
        """
        ...

    def open_speaker(self) -> Speaker:
        """Return the speaker.

        Raises:
            DeviceError: It cannot be used.
        """
        ...


@dataclass(slots=True)
class Room:
    """Speaks, and has the current microphone.

    Attributes:
        microphone: Records the answers.
        desk: Finds another microphone.
        narrator: Speaks.
        screen: Shows, and takes keys.
        listened_s: Seconds of microphone audio so far.
        said: What the interviewer has said so far, text by text.
    """

    microphone: Microphone
    desk: Desk
    narrator: Narrator
    screen: Screen
    listened_s: float = 0.0
    said: list[str] = field(default_factory=list)
    _opened_at: float = field(default_factory=monotonic, init=False)
    _speaker_is_lost: bool = field(default=False, init=False)

    @property
    def elapsed_s(self) -> float:
        """Length of the interview so far by the clock; with audio files, by the audio heard and spoken."""
        return max(monotonic() - self._opened_at, self.listened_s + self.narrator.spoken_s)

    @property
    def is_heard(self) -> bool:
        """Return whether the voice is audible: it has spoken, and the speaker is not lost."""
        return self.narrator.spoken_s > 0 and not self._speaker_is_lost

    def say(self, text: str, on_start: Callable[[], None] = lambda: None) -> bool:
        """Speak, and return whether the text was heard to its end, without a key cutting it off.

        A failure is reported once, and the text on the screen has to do. A lost speaker is tried again with the next
        text, a broken voice is not.

        Raises:
            LeftError: The candidate pressed the key that ends the interview.
        """
        if text:
            self.said.append(text)
        self.screen.skipped()  # drop keys pressed before this text
        try:
            with self.screen.speaking():
                was_heard = self.narrator.say(text, on_start, self.screen.skipped)
        except DeviceError as error:
            if not self._speaker_is_lost:
                self.screen.notice(f"{error} {SHOWN_INSTEAD}")
            self._speaker_is_lost = True
            on_start()
            return True
        except VoicemockError as error:
            self.screen.notice(f"{error} The text is shown instead.")
            self.narrator = Narrator(None, None)
            on_start()
            return True
        if self._speaker_is_lost:
            self.screen.notice(HEARD_AGAIN)
        self._speaker_is_lost = False
        if self.screen.has_left:
            raise LeftError
        return was_heard

    def tell(self, text: str, on_start: Callable[[], None] = lambda: None) -> bool:
        """Show a remark and say it; return whether it was heard to its end."""
        self.screen.notice(text)
        return self.say(text, on_start)

    def replace_microphone(self, lost: DeviceError) -> bool:
        """Continue with another microphone; return False if the candidate leaves instead.

        Raises:
            DeviceError: There is no other one, and nobody who could be asked.
        """
        found = self.desk.replace_microphone(lost)
        if found is None:
            return False
        self.microphone = found
        self.screen.notice(GOING_ON.format(name=found.name))
        return True


def refuse_speaker_file(settings: Settings) -> None:
    """Refuse to write the interviewer over a recording.

    Raises:
        DeviceError: The speaker is the microphone's file.
        InputError: It is in the data folder.
    """
    refuse_one_file_for_both(settings.mic, settings.speaker)
    written = device_of(settings.speaker)
    if isinstance(written, Path):
        refuse_own(written, settings.data_dir)
