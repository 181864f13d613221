"""The room an interview is held in: one who speaks, a microphone, and somebody who sees to the devices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from voicemock.devices import Microphone
from voicemock.errors import DeviceError, VoicemockError
from voicemock.narrator import Narrator
from voicemock.remarks import GOING_ON, HEARD_AGAIN, SHOWN_INSTEAD
from voicemock.screen import Screen


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
    def gone_s(self) -> float:
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
