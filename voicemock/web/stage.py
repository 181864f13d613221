"""The stage: one interview at a time, on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock, Thread
from typing import Any

from voicemock.api import open_interview
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import Style, load_style
from voicemock.errors import VoicemockError
from voicemock.interview.interview import Interview
from voicemock.models import Story
from voicemock.practice.story_numbers import notes_of
from voicemock.settings import Settings
from voicemock.store.store import Store
from voicemock.web.choice import Choice, topics_of_probes
from voicemock.web.devices import PageDesk
from voicemock.web.line import Keep, Line, ServerStoppingError
from voicemock.web.links import story_address
from voicemock.web.screen import PageScreen, StoryPageScreen

OpenInterview = Callable[..., AbstractContextManager[Interview]]

NO_MEMORY = "There is not enough memory. Close other programs, or use a smaller model: --model tiny.en"
STOPPED = "The server was stopped. Start voicemock serve again, and open the address that it prints."
MISTAKE = "That is a bug in voicemock ({}). What was recorded is kept: voicemock recover"


class Stage:
    """Holds interviews.

    Args:
        settings: Of all interviews.
        bank: The questions.
        opens: Puts an interview together.
        new_line: Makes the line of the next interview.

    Attributes:
        line: To the page; that of the last interview until the next begins.
        bank: The questions of the next interview.
    """

    def __init__(
        self,
        settings: Settings,
        bank: QuestionBank,
        opens: OpenInterview = open_interview,
        new_line: Callable[[], Line] = Line,
    ) -> None:
        self.line: Line | None = None
        self._settings = settings
        self.bank = bank
        self._opens = opens
        self._new_line = new_line
        self._thread: Thread | None = None
        self._one_at_a_time = Lock()

    @property
    def is_on(self) -> bool:
        """Return whether an interview is going on."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self, choice: Choice) -> Line | None:
        """Begin an interview and return its line; None if one is going on.

        Raises:
            UnknownNameError: The choice names a question, loop or job that is not there.
            VoicemockError: Its job or story cannot be read.
        """
        with self._one_at_a_time:
            if self.is_on:
                return None
            style, bank = load_style(choice.style), self.bank
            job, story = choice.kept_job(self._settings), choice.told_story(self._settings)
            level = choice.level or self._settings.level
            agenda = choice.agenda(bank, style, job, level)
            settings = _chosen(self._settings, choice, style)
            self.line = line = self._new_line()
            screen = _screen(line, bank, settings, story)
            opening = self._opens(
                settings,
                agenda=agenda,
                bank=bank,
                style=style,
                topics=topics_of_probes(job),
                story=story,
                screen=screen,
                devices=PageDesk(line, settings, screen.choose_microphone),
            )
            self._thread = Thread(target=self._hold, args=(line, opening), name="interview")
            self._thread.start()
            return line

    @contextmanager
    def reserved(self) -> Iterator[bool]:
        """Let no interview begin while the block runs; yield whether none is going on."""
        with self._one_at_a_time:
            yield not self.is_on

    def stop(self) -> None:
        """End the interview, if there is one, and return when everything is kept."""
        with self._one_at_a_time:
            if self.line is not None:
                self.line.stop()
            self.join()

    def join(self) -> None:
        """Return when no interview is going on."""
        if self._thread is not None:
            self._thread.join()

    def _hold(self, line: Line, opening: AbstractContextManager[Interview]) -> None:
        """Hold an interview, and say on the page how it ended."""
        interview: Interview | None = None
        problem = ""
        try:
            with opening as interview:
                interview.run()
        except ServerStoppingError:
            problem = STOPPED
        except VoicemockError as error:
            problem = str(error)
        except MemoryError:
            problem = NO_MEMORY
        except Exception as error:
            problem = MISTAKE.format(type(error).__name__)
            raise
        finally:
            line.tell(_ending(interview, problem), Keep.LATEST)


def _chosen(settings: Settings, choice: Choice, style: Style) -> Settings:
    """Return the settings of an interview, with what was chosen for it."""
    given = {
        "rate": round(settings.rate * style.rate),
        "calm": choice.calm or settings.calm,
        "level": choice.level or settings.level,
        "rate_yourself": settings.rate_yourself if choice.rate_yourself is None else choice.rate_yourself,
        "second_opinion": settings.second_opinion if choice.second_opinion is None else choice.second_opinion,
    }
    return settings.model_copy(update=given | ({"voice": "silent"} if choice.silent else {}))


def _screen(line: Line, bank: QuestionBank, settings: Settings, story: Story | None) -> PageScreen:
    if story is None:
        return PageScreen(line, bank, settings.target_s, calm=settings.calm)
    with Store(settings.data_dir) as store:
        takes, notes = store.takes.of_story(story), notes_of(store.stories, story)
    return StoryPageScreen(line, bank, settings.target_s, calm=settings.calm, takes=takes, notes=notes)


def _ending(interview: Interview | None, problem: str) -> dict[str, Any]:
    session = interview.session if interview is not None else None
    story = session.story if session else None
    return {
        "type": "finished",
        "problem": problem,
        "session": session.id if session else "",
        "story": story_address(story) if story else "",
    }
