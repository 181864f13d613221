"""Interviews on scripted devices and engines, for the tests of the live conversation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import (
    ListeningSpeaker,
    RecordingScreen,
    Script,
    ScriptedDesk,
    ScriptedMicrophone,
    ScriptedSynthesizer,
    says,
)
from voicemock.coaching.assess import Analyzer
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import load_style
from voicemock.interview.agenda import Agenda
from voicemock.interview.answer_store import AnswerStore
from voicemock.interview.exchange import Responder
from voicemock.interview.interview import Interview
from voicemock.interview.listener import Listener
from voicemock.interview.room import Room as VoicemockRoom
from voicemock.models import Answer, Assessment, Question, Session, SessionReport
from voicemock.settings import load_settings
from voicemock.speech.audio_files import read_audio
from voicemock.speech.clip import FRAME_S, AudioClip
from voicemock.speech.narrator import Narrator
from voicemock.speech.transcription import TranscriptionWorker
from voicemock.store.store import Store

LAUNCH = says("our launch was going to slip by a month and I was asked to save it so I cut the scope", 12)
RESULT = says("we shipped on the day and cut support tickets by forty percent", 6)
ABOUT_TWO_FRAMES = 2 * FRAME_S
STYLE = load_style("neutral")
(OVERTIME,) = STYLE.remarks["interruption"]


def closing(position: int) -> str:
    return STYLE.say("closing", str(position))


def question(question_id: str) -> Question:
    return Question(
        id=question_id,
        text=f"Tell me about your {question_id.replace('-', ' ')}.",
        pillar="behavioral",
        framework="star",
        competency="delivery",
        strong_answer=("a number", "a decision"),
        common_mistakes=("no result",),
    )


class Room:
    """One interview and everything around it."""

    def __init__(self, folder: Path, script: Script, count: int = 1, **parts: Any) -> None:
        self.script = script
        self.microphone: ScriptedMicrophone = parts.get("microphone") or script.microphone()
        self.voice: ScriptedSynthesizer = parts.get("voice") or ScriptedSynthesizer()
        self.speaker = parts.get("speaker") or ListeningSpeaker()
        self.desk = ScriptedDesk(*parts.get("spare", ()))
        self.screen = RecordingScreen(keys=parts.get("keys", {}), skips=parts.get("skips"))
        settings = load_settings(data_dir=folder / "data", **parts.get("settings", {}))
        self._open = ExitStack()
        self.store = self._open.enter_context(Store(settings.data_dir))
        self.worker = self._open.enter_context(TranscriptionWorker(parts.get("load") or script.transcriber))
        asked = [question(name) for name in ("first-launch", "second-launch", "third-launch")[:count]]
        agenda = parts.get("agenda", Agenda.of)(asked)
        style = load_style(parts.get("style", "neutral"))
        narrator = parts.get("narrator") or Narrator(self.voice, self.speaker)
        here = VoicemockRoom(self.microphone, self.desk, narrator, self.screen)
        answer_store = AnswerStore(self.store, Analyzer(settings, QuestionBank.load()), self.screen)
        self.interview = Interview(
            agenda=agenda,
            room=here,
            listener=Listener(here, answer_store, self.worker, settings, style, parts.get("ears"), parts.get("model")),
            answer_store=answer_store,
            responder=Responder(
                agenda, style, (lambda: parts["prober"]) if "prober" in parts else None, model=parts.get("model")
            ),
            bank=QuestionBank.load(),
            rates_self=settings.rate_yourself,
        )

    def run(self) -> SessionReport:
        return self.interview.run()

    def fails(self, error: type[BaseException], match: str | None = None) -> None:
        with pytest.raises(error, match=match):
            self.run()
        assert self.session.ended_at is not None
        assert not self.microphone.is_open

    @property
    def session(self) -> Session:
        return self.store.sessions.find("last")

    @property
    def answers(self) -> tuple[Answer, ...]:
        return self.store.sessions.answers(self.session)

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.store.sessions.folder(self.session).iterdir())

    def sound(self, name: str) -> AudioClip:
        return read_audio(self.store.sessions.folder(self.session) / name)

    @property
    def said(self) -> str:
        return " ".join(self.voice.texts)

    def close(self) -> None:
        self._open.close()


OpenRoom = Callable[..., Room]


class ScriptedProber:
    """Asks the questions it was given, one after the other."""

    def __init__(self, *names: str) -> None:
        self._names = list(names)
        self.saw: list[tuple[int, tuple[str, ...], str]] = []

    def next_probe(
        self,
        said: Sequence[Assessment],
        question: Question,
        *,
        asked: Collection[str],
        style: str,
        topics: Collection[str],
    ) -> Question | None:
        self.saw.append((len(said), tuple(sorted(asked)), style))
        waiting = [name for name in self._names if f"probe-{name}" not in asked]
        return probe(waiting[0]) if waiting else None


def probe(name: str) -> Question:
    return question("first-launch").model_copy(
        update={
            "id": f"probe-{name}",
            "text": f"What about the {name}?",
            "kind": "follow_up",
            "asks_for": "number",
            "target_min_s": 20.0,
            "target_max_s": 60.0,
        }
    )


def with_follow_ups(count: int) -> Callable[..., Agenda]:
    return lambda asked: Agenda.of(asked, follow_ups=count)
