"""An interview over the virtual sound card, with real devices and scripted engines, and a candidate who hums."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path

import numpy as np
from rich.console import Console

from tests.fakes import RecordingScreen
from tests.soundcard.conftest import SoundCard
from voicemock.cli.screen import TerminalScreen
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import load_style
from voicemock.interview.agenda import Agenda
from voicemock.interview.answer_store import AnswerStore
from voicemock.interview.exchange import Responder
from voicemock.interview.interview import Interview
from voicemock.interview.listener import Listener
from voicemock.interview.room import Room
from voicemock.models import Answer, Question, SessionReport, Word
from voicemock.settings import load_settings
from voicemock.speech.clip import LISTENING_RATE, AudioClip
from voicemock.speech.desk import DeviceReply, Reply, SoundDesk
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.narrator import Narrator, sentences_to_say
from voicemock.speech.recorder import Command, Progress
from voicemock.speech.transcription import TranscriptionWorker
from voicemock.store.store import Store

VOICE_HZ = 300
"""Of the candidate; the interviewer hums at another pitch."""


def hum(duration_s: float, frequency: float) -> AudioClip:
    times = np.arange(round(duration_s * LISTENING_RATE)) / LISTENING_RATE
    return AudioClip((0.5 * np.sin(2 * np.pi * frequency * times)).astype(np.float32), LISTENING_RATE)


def noise(duration_s: float) -> AudioClip:
    generator = np.random.default_rng(7)
    return AudioClip(
        generator.uniform(-0.5, 0.5, round(duration_s * LISTENING_RATE)).astype(np.float32), LISTENING_RATE
    )


class AsksWith:
    """A voice that says the last sentence of a question with one sound, and all else in ``rest_s`` seconds."""

    name = "humming"

    def __init__(self, clip: AudioClip, questions: tuple[Question, ...], rest_s: float) -> None:
        self._clip = clip
        self._rest = hum(rest_s, 500)
        self._asked = {sentences_to_say(question.text)[-1] for question in questions}

    def synthesize(self, text: str) -> AudioClip:
        return self._clip if text in self._asked else self._rest


class LoudIsAWord:
    """Writes down one word for every clip that is loud."""

    name = "loud"

    def transcribe(self, clip: AudioClip) -> tuple[Word, ...]:
        loud = np.flatnonzero(np.abs(clip.samples) > 0.1)
        if not len(loud):
            return ()
        start_s, end_s = float(loud[0]) / LISTENING_RATE, float(loud[-1]) / LISTENING_RATE
        return (Word(text="hum", start_s=start_s, end_s=end_s, probability=0.9),)


class Candidate(RecordingScreen):
    """Hums an answer into the microphone, and does something to the sound card while it is heard.

    Attributes:
        begins: Asked until the answer may begin.
        in_mid_answer: Done once, when half a second of the first answer has been heard.
        choose: Called when another microphone is asked for.
        says_at: What is said to a question, by its position; a hum of two seconds to any other.
        mouth_at: The sink that is talked into at a question; the usual one at any other.
    """

    begins: Callable[[], bool] = staticmethod(lambda: True)
    in_mid_answer: Callable[[], None] | None = None
    choose: Callable[[], DeviceReply] = staticmethod(lambda: Reply.NOBODY)
    talking: subprocess.Popen[bytes] | None = None

    def __init__(self, card: SoundCard) -> None:
        super().__init__()
        self.card = card
        self.says_at: dict[int, AudioClip] = {}
        self.mouth_at: dict[int, str] = {}

    @contextmanager
    def listening(self, microphone: str) -> Iterator[None]:
        self.microphones.append(microphone)
        try:
            yield
        finally:
            if self.talking is not None:
                self.talking.terminate()
                self.talking.wait()
            self.talking = None

    def progress(self, progress: Progress) -> None:
        super().progress(progress)
        if self.talking is None and self.begins():
            _, position, _ = self.asked[-1]
            clip = self.says_at.get(position, hum(2.0, VOICE_HZ))
            self.talking = self.card.talk(clip, self.mouth_at.get(position))
        if self.in_mid_answer and progress.elapsed_s > 0.5:
            action, self.in_mid_answer = self.in_mid_answer, None
            action()

    def choose_microphone(self, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:
        self.notices.append(problem)
        return self.choose()


class Reader(Candidate):
    """A candidate who looks at the terminal.

    Attributes:
        ends: Asked with every frame whether Enter is pressed.
    """

    ends: Callable[[], bool] = staticmethod(lambda: False)

    def __init__(self, card: SoundCard) -> None:
        super().__init__(card)
        self._terminal = Console(file=StringIO(), width=200)
        self._screen = TerminalScreen(self._terminal, QuestionBank.load())

    @property
    def read(self) -> str:
        """What the terminal shows."""
        written = self._terminal.file
        assert isinstance(written, StringIO)
        return written.getvalue()

    @contextmanager
    def listening(self, microphone: str) -> Iterator[None]:
        with super().listening(microphone), self._screen.listening(microphone):
            yield

    def progress(self, progress: Progress) -> None:
        self._screen.progress(progress)
        super().progress(progress)

    def command(self) -> Command | None:
        return Command.END if self.ends() else None

    def notice(self, text: str) -> None:
        super().notice(text)
        self._screen.notice(text)


class Rehearsal:
    """An interview with the real devices and scripted engines."""

    def __init__(
        self,
        folder: Path,
        card: SoundCard,
        voice: AudioClip | None = None,
        rest_s: float = 0.0,
        count: int = 2,
        candidate: Candidate | None = None,
        **settings: object,
    ) -> None:
        self.candidate = candidate or Candidate(card)
        self._open = ExitStack()
        questions = QuestionBank.load().select(count=count, seed=1)
        chosen = load_settings(data_dir=folder / "data", **{"patience": 0.15, "no_speech_s": 1.0, **settings})
        self.store = self._open.enter_context(Store(chosen.data_dir))
        self.desk = SoundDesk(chosen, self.candidate.choose_microphone)
        bank, style, agenda = QuestionBank.load(), load_style(), Agenda.of(questions)
        voiced = Narrator(AsksWith(voice, questions, rest_s), self.desk.open_speaker()) if voice else None
        room = Room(self.desk.open_microphone(), self.desk, voiced or Narrator(None, None), self.candidate)
        answer_store = AnswerStore(self.store, Analyzer(chosen, bank), self.candidate)
        worker = self._open.enter_context(TranscriptionWorker(LoudIsAWord))
        self.interview = Interview(
            agenda=agenda,
            room=room,
            listener=Listener(room, answer_store, worker, chosen, style),
            answer_store=answer_store,
            responder=Responder(agenda, style),
            bank=bank,
        )

    def run(self) -> SessionReport:
        with self._open:
            return self.interview.run()

    @property
    def answers(self) -> tuple[Answer, ...]:
        return self.store.sessions.answers(self.store.sessions.find("last"))


def heard(report: SessionReport) -> list[tuple[str, bool]]:
    return [(answer.status, bool(answer.transcript.words)) for answer in report.answers]
