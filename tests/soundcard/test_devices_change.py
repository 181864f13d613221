"""Devices that change during an interview: what was said is kept, and the interview goes on with another.

PulseAudio moves a stream to another device when its own is unplugged, as long as there is one; then the loss is only
noticed when the device is opened again.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from tests.fakes import RecordingScreen, ScriptedDetector
from tests.soundcard.conftest import SoundCard, pactl
from voicemock.agenda import Agenda
from voicemock.analyzer import Analyzer
from voicemock.audio import LISTENING_RATE, AudioClip
from voicemock.devices import DeviceInfo
from voicemock.devices.desk import SoundDesk
from voicemock.devices.replacement import DeviceReply, Reply
from voicemock.errors import DeviceError
from voicemock.exchange import Responder
from voicemock.filing import Filing
from voicemock.interview import Interview
from voicemock.listener import Listener
from voicemock.models import Answer, Question, SessionReport, Word
from voicemock.narrator import Narrator, sentences_to_say
from voicemock.questions import QuestionBank
from voicemock.recorder import Progress
from voicemock.remarks import HEARD_AGAIN, LOST, SHOWN_INSTEAD
from voicemock.room import Room
from voicemock.settings import load_settings
from voicemock.store import Store
from voicemock.styles import load_style
from voicemock.transcription import TranscriptionWorker

pytestmark = pytest.mark.soundcard

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
        in_mid_answer: Done once, when half a second of the first answer has been heard.
        choose: Called when another microphone is asked for.
        says_at: What is said to a question, by its position; a hum of two seconds to any other.
        mouth_at: The sink that is talked into at a question; the usual one at any other.
    """

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
        if self.talking is None:
            _, position, _ = self.asked[-1]
            clip = self.says_at.get(position, hum(2.0, VOICE_HZ))
            self.talking = self.card.talk(clip, self.mouth_at.get(position))
        if self.in_mid_answer and progress.elapsed_s > 0.5:
            action, self.in_mid_answer = self.in_mid_answer, None
            action()

    def choose_microphone(self, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:
        self.notices.append(problem)
        return self.choose()


class Rehearsal:
    """An interview with the real devices and scripted engines."""

    def __init__(
        self,
        folder: Path,
        card: SoundCard,
        voice: AudioClip | None = None,
        rest_s: float = 0.0,
        count: int = 2,
        **settings: object,
    ) -> None:
        self.candidate = Candidate(card)
        self._open = ExitStack()
        questions = QuestionBank.load().select(count=count, seed=1)
        chosen = load_settings(data_dir=folder / "data", patience=0.15, no_speech_s=1.0, **settings)
        self.store = self._open.enter_context(Store(chosen.data_dir))
        self.desk = SoundDesk(chosen, self.candidate.choose_microphone)
        bank, style, agenda = QuestionBank.load(), load_style(), Agenda.of(questions)
        voiced = Narrator(AsksWith(voice, questions, rest_s), self.desk.open_speaker()) if voice else None
        room = Room(self.desk.open_microphone(), self.desk, voiced or Narrator(None, None), self.candidate)
        filing = Filing(self.store, Analyzer(chosen, bank), self.candidate)
        worker = self._open.enter_context(TranscriptionWorker(LoudIsAWord))
        self.interview = Interview(
            agenda=agenda,
            room=room,
            listener=Listener(room, filing, worker, chosen, style),
            filing=filing,
            responder=Responder(agenda, style),
            bank=bank,
        )

    def run(self) -> SessionReport:
        with self._open:
            return self.interview.run()

    @property
    def answers(self) -> tuple[Answer, ...]:
        return self.store.answers(self.store.session("last"))


@pytest.fixture(autouse=True)
def by_loudness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicemock.listener.load_detector", lambda settings: ScriptedDetector())


def heard(report: SessionReport) -> list[tuple[str, bool]]:
    return [(answer.status, bool(answer.transcript.words)) for answer in report.answers]


def test_a_microphone_pulled_out_in_mid_answer_and_no_other_there(fragile_card: SoundCard, tmp_path: Path) -> None:
    here = Rehearsal(tmp_path, fragile_card, mic="microphone")
    here.candidate.in_mid_answer = lambda: fragile_card.unplug("module-remap-source", "module-null-sink")
    with pytest.raises(DeviceError), here._open:
        here.interview.run()
    with Store(tmp_path / "data") as store:
        (answer,) = store.answers(store.session("last"))
    assert answer.status == "answered"
    assert answer.assessment is not None
    assert answer.assessment.transcript.words
    assert here.candidate.notices[0] == LOST


def test_without_a_person_the_default_takes_the_place_of_a_lost_one(fragile_card: SoundCard, tmp_path: Path) -> None:
    def pull_out() -> None:
        pactl("set-default-source", "candidate.monitor")
        fragile_card.unplug("module-remap-source")

    here = Rehearsal(tmp_path, fragile_card, mic="microphone")
    here.candidate.in_mid_answer = pull_out
    assert heard(here.run()) == [("answered", True), ("answered", True)]
    assert "Going on with the microphone default." in here.candidate.notices


def test_pulled_out_and_plugged_in_again(fragile_card: SoundCard, tmp_path: Path) -> None:
    def plug_in() -> DeviceReply:
        fragile_card.restore()
        return Reply.TRY_AGAIN

    here = Rehearsal(tmp_path, fragile_card, mic="microphone")
    here.candidate.in_mid_answer = lambda: fragile_card.unplug("module-remap-source", "module-null-sink")
    here.candidate.choose = plug_in
    assert heard(here.run()) == [("answered", True), ("answered", True)]
    assert here.candidate.notices[0] == LOST
    assert "Going on with the microphone microphone." in here.candidate.notices


def test_a_default_switched_in_mid_answer_is_used_from_the_next_question_on(
    fragile_card: SoundCard, tmp_path: Path
) -> None:
    def switch() -> None:
        fragile_card.plug("module-null-sink", "sink_name=second", "norewinds=1")
        pactl("set-default-source", "second.monitor")

    here = Rehearsal(tmp_path, fragile_card)
    here.candidate.in_mid_answer = switch
    here.candidate.mouth_at = {2: "second"}
    assert heard(here.run()) == [("answered", True), ("answered", True)]


def test_a_speaker_pulled_out_while_speaking_is_tried_again(fragile_card: SoundCard, tmp_path: Path) -> None:
    here = Rehearsal(tmp_path, fragile_card, hum(1.5, 700), rest_s=0.1, speaker="speaker", echo_holdoff_s=0)

    def pull_out() -> None:
        while not fragile_card.is_playing():
            pass
        sinks = [
            line.split()[0] for line in pactl("list", "short", "modules").splitlines() if "sink_name=speaker" in line
        ]
        fragile_card.unplug(*sinks)

    def plug_in() -> None:
        fragile_card.plug("module-null-sink", "sink_name=speaker", "norewinds=1")
        pactl("set-default-sink", "speaker")

    ask = here.candidate.ask

    def plug_in_before_the_second(question: Question, position: int, count: int) -> None:
        ask(question, position, count)
        if position == 2:
            plug_in()

    here.candidate.ask = plug_in_before_the_second  # type: ignore[method-assign]
    thread = Thread(target=pull_out)
    thread.start()
    report = here.run()
    thread.join()
    assert heard(report) == [("answered", True), ("answered", True)]
    assert any(notice.endswith(SHOWN_INSTEAD) for notice in here.candidate.notices)
    assert HEARD_AGAIN in here.candidate.notices


# --- the speaker played into the microphone --------------------------------------------------------------

SILENT = AudioClip(np.zeros(LISTENING_RATE // 10, np.float32), LISTENING_RATE)


def loop_back(card: SoundCard, delay_ms: int) -> None:
    """Let the microphone hear the speaker, as it does in a room or over a slow wireless headset."""
    card.plug("module-loopback", "source=speaker.monitor", "sink=candidate", f"latency_msec={delay_ms}")


@pytest.mark.parametrize("delay_ms", [50, 300, 600])
def test_the_interviewer_does_not_hear_itself_but_who_begins_after_the_hold_off(
    fragile_card: SoundCard, tmp_path: Path, delay_ms: int
) -> None:
    loop_back(fragile_card, delay_ms)
    here = Rehearsal(tmp_path, fragile_card, noise(1.5))
    here.candidate.says_at = {1: SILENT}
    silent, answer = here.run().answers
    assert (silent.status, silent.transcript.words) == ("no_speech", ())
    assert silent.timings.speech_started_s is None
    assert (answer.status, len(answer.transcript.words)) == ("answered", 1)
    assert answer.analysis.duration_s == pytest.approx(2.0, abs=0.2)


def test_without_a_hold_off_it_does(fragile_card: SoundCard, tmp_path: Path) -> None:
    loop_back(fragile_card, 600)
    here = Rehearsal(tmp_path, fragile_card, noise(1.5), count=1, echo_holdoff_s=0.0)
    here.candidate.says_at = {1: SILENT}
    (answer,) = here.run().answers
    assert answer.status == "answered"
