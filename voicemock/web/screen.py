"""A page as the screen of an interview: it shows everything as events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import MappingProxyType
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.coaching.assess import DEFAULT_TARGET_S
from voicemock.coaching.drills import DRILL_ID
from voicemock.content.questions import QuestionBank
from voicemock.models import (
    RATED_ITEMS,
    RATING_SCALE,
    Answer,
    Assessment,
    Debrief,
    Question,
    RatedItem,
    Ratings,
    Story,
    StoryNotes,
)
from voicemock.practice.comparison import moves
from voicemock.practice.story_numbers import numbers_to_ask_about
from voicemock.report.listening import (
    READY,
    Stretch,
    aim_text,
    clock_text,
    level_share,
    question_title,
    standing_of,
    target_of,
)
from voicemock.report.own_view import INVITATION, RATED
from voicemock.report.safe_text import printable
from voicemock.speech.desk import DeviceReply, Reply
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.microphone_watch import warning_text
from voicemock.speech.recorder import Command, Progress
from voicemock.store.sessions import Take
from voicemock.web.events import assessed_event, debriefed_event, own_view_event, told_event, words_event
from voicemock.web.line import Keep, Line
from voicemock.web.messages import Event, Key

COMMANDS: Final[Mapping[Key, Command]] = MappingProxyType(
    {"end": Command.END, "repeat": Command.REPEAT, "skip": Command.SKIP, "quit": Command.QUIT}
)
RATING_KEYS: Final[Mapping[Key, int]] = MappingProxyType(
    dict(zip(("1", "2", "3", "4", "5"), RATING_SCALE, strict=True))
)
DRILL_OFFERED_S: Final = 10.0
"""Feedback is read at the same time."""


class PageScreen:
    """The interview in a page.

    Args:
        line: To the page.
        bank: Has the framework that an answer is compared with.
        target_s: Target length that replaces the questions' own.
        calm: Show only the clock and warnings while listening.
        now: A clock in seconds.

    Attributes:
        can_pause: Whether a candidate is there who can press a key.
        has_left: Whether the candidate ended the interview while it spoke.
    """

    can_pause = True

    def __init__(
        self,
        line: Line,
        bank: QuestionBank,
        target_s: tuple[float, float] | None = None,
        *,
        calm: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.has_left = False
        self._line = line
        self._bank = bank
        self._target_override_s = target_s
        self._target_s = target_s or DEFAULT_TARGET_S
        self._calm = calm
        self._now = now
        self._lexicon = Lexicon.load()
        self._has_question = True
        self._wants_drill = False
        self._stretch = Stretch(now())

    @property
    def shows_words(self) -> bool:
        """Return whether words are shown while they are spoken."""
        return not self._calm

    def ask(self, question: Question, position: int, count: int, answer: int) -> None:
        """Show a question, counted from 1. A follow-up is counted among those to its answer.

        Args:
            question: The question.
            position: Its number.
            count: How many there are.
            answer: Number of the answer to it in the session.
        """
        self._wants_drill = False
        self._target_s = target_of(question, self._target_override_s)
        self._line.tell(
            {
                "type": "question",
                "kind": question.kind,
                "is_drill": question.id.startswith(DRILL_ID),
                "title": question_title(question, position, count, answer),
                "text": printable(question.text),
                "about": aim_text(self._target_s, question),
            },
            Keep.ALL,
        )

    def cue(self, story: Story) -> None:
        """Show that a story may begin."""
        self._has_question = False
        self._line.tell(
            {"type": "question", "kind": "story", "title": "", "text": printable(story.name), "about": ""}, Keep.ALL
        )

    @contextmanager
    def listening(self, microphone: str) -> Iterator[None]:
        """Take keys and show what is heard while the block runs."""
        self._stretch = Stretch(self._now())
        self.has_left = self.has_left or "quit" in self._line.pressed()
        self._phase("listening", microphone=microphone)
        self._line.tell(self._clock(), Keep.LATEST)
        try:
            yield
        finally:
            self._phase("thinking")

    def speaking(self) -> AbstractContextManager[object]:
        """Show nothing: the page shows that somebody speaks when it gets the sound."""
        return nullcontext()

    def progress(self, progress: Progress) -> None:
        """Take the state of the answer, and show it eight times a second."""
        stretch = self._stretch
        has_new_words = stretch.take(progress, self._lexicon)
        stretch.watch.take(progress)
        if has_new_words and stretch.heard is not None and not self._calm:
            self._line.tell(words_event(stretch.heard), Keep.LATEST)
        if stretch.is_due(self._now()):
            self._line.tell(self._clock(), Keep.LATEST)

    def command(self) -> Command | None:
        """Return the command given since the last call."""
        if self.has_left:
            return Command.QUIT
        pressed = next((COMMANDS[key] for key in self._line.pressed() if key in COMMANDS), None)
        if pressed is Command.REPEAT and not self._has_question:
            return None
        is_early = self._stretch.is_early(self._now())
        return None if pressed is Command.END and is_early else pressed

    def skipped(self) -> bool:
        """Return whether the rest of what is spoken is to be skipped."""
        pressed = self._line.pressed()
        self.has_left = self.has_left or "quit" in pressed
        self._wants_drill = self._wants_drill or "drill" in pressed
        return self.has_left or "end" in pressed

    def takes_drill(self) -> bool:
        """Return whether the drill was asked for since the question, or is within some seconds from now."""
        if self._wants_drill:
            return True
        self._phase("drill")
        pressed = self._line.wait_for_key("drill", "end", "quit", within_s=DRILL_OFFERED_S)
        self._phase("thinking")
        self.has_left = self.has_left or pressed == "quit"
        return pressed == "drill"

    def rate_yourself(self) -> Ratings:
        """Ask for a number for each item, one after the other; one can be skipped, and all by leaving."""
        ratings: dict[str, int] = {}
        self._line.pressed()  # what was pressed before was meant for the answer
        for number, item in enumerate(RATED_ITEMS, start=1):
            self._line.tell(_rate_event(item, number), Keep.LATEST)
            self._phase("rating")
            pressed = self._line.wait_for_key(*RATING_KEYS, "end", "quit")
            if pressed == "quit":
                self.has_left = True
                break
            if pressed is not None and pressed in RATING_KEYS:
                ratings[item] = RATING_KEYS[pressed]
        self._phase("thinking")
        return Ratings.model_validate(ratings)

    def own_view(self, answer: Answer) -> None:
        """Show the candidate's own ratings beside the measures."""
        self._line.tell(own_view_event(answer), Keep.ALL)

    def pause(self) -> bool:
        """Wait until the interview is to go on, or to end; return whether it goes on."""
        self._phase("paused")
        return self._line.wait_for_key("end", "quit") == "end"

    def transcribing(self, done: int, count: int) -> None:
        """Say that the last words are being written down."""
        self._line.tell({"type": "transcribing", "done": done, "count": count})

    def assessed(self, assessment: Assessment, question: Question | None) -> None:
        """Show what was said, measured and advised."""
        framework = self._bank.framework_of(assessment, question)
        self._line.tell(assessed_event(assessment, question, framework), Keep.ALL)

    def debriefed(self, debrief: Debrief, spoken: str) -> None:
        """Show what was observed over all answers."""
        self._line.tell(debriefed_event(debrief, spoken), Keep.ALL)

    def notice(self, text: str) -> None:
        """Show a remark."""
        self._line.tell({"type": "notice", "text": printable(text)}, Keep.LATEST)

    def choose_microphone(self, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:  # noqa: ARG002
        """Ask the candidate to open a microphone in the page again. The browser lists them, so none are listed here."""
        self._phase("no_microphone", problem=problem)
        return Reply.TRY_AGAIN if self._line.wait_for_choice() else Reply.QUIT

    def _phase(self, name: str, **more: str) -> None:
        self._line.tell({"type": "phase", "phase": name, **more}, Keep.LATEST)

    def _clock(self) -> Event:
        elapsed_s, trouble = self._stretch.elapsed_s, self._stretch.watch.trouble
        return {
            "type": "clock",
            "elapsed_s": None if elapsed_s is None else round(elapsed_s, 2),
            "text": READY if elapsed_s is None else clock_text(elapsed_s, self._target_s),
            "standing": "" if elapsed_s is None else standing_of(elapsed_s, self._target_s).name.lower(),
            "target_s": list(self._target_s),
            "level": None if self._calm else round(level_share(self._stretch.level), 3),
            "too_loud": self._stretch.is_clipped,
            "warning": "" if trouble is None else warning_text(trouble, self._line.microphone),
        }


def _rate_event(item: RatedItem, number: int) -> Event:
    """Return the question for an item, counted from 1."""
    return {
        "type": "rate",
        "item": item,
        "title": f"{RATED[item].title} ({number} of {len(RATED_ITEMS)})",
        "text": RATED[item].asks,
        "about": INVITATION,
    }


class StoryPageScreen(PageScreen):
    """The telling of a story in a page: its clock, and what moved since the last take, beside the feedback.

    Args:
        line: To the page.
        bank: Has the framework that the story is compared with.
        target_s: Target length that is set.
        calm: Show only the clock and warnings while listening.
        takes: The earlier takes, oldest first.
        notes: Of the story.
    """

    def __init__(
        self,
        line: Line,
        bank: QuestionBank,
        target_s: tuple[float, float] | None = None,
        *,
        calm: bool = False,
        takes: Sequence[Take] = (),
        notes: StoryNotes | None = None,
    ) -> None:
        super().__init__(line, bank, target_s, calm=calm)
        self._takes = takes
        self._notes = notes or StoryNotes()

    def assessed(self, assessment: Assessment, question: Question | None) -> None:  # noqa: ARG002 - a story has none
        """Show the clock, what changed since the last take, the feedback, and numbers that the notes do not have."""
        framework = self._bank.framework_of(assessment)
        last = self._takes[-1].answer.assessment if self._takes else None
        moved = moves(last.analysis, assessment.analysis, framework) if last else ()
        asked = numbers_to_ask_about(self._notes, assessment.analysis.quantified_results)
        self._line.tell(told_event(assessment, framework, self._takes, moved, asked), Keep.ALL)
