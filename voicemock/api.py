"""The parts put together from settings: what the command line and other programs call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voicemock.coaching.assess import Analyzer, is_transcript
from voicemock.coaching.follow_ups import FollowUps
from voicemock.coaching.language_model.phrasing import load_phrasing
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import MOVING_ON, NO_STORY, NO_STORY_YET, NOTHING_HEARD, STUCK, Style, load_style
from voicemock.errors import DeviceError, EngineError, SpeechSynthesisError
from voicemock.files import remove_abandoned
from voicemock.interview.agenda import Agenda
from voicemock.interview.answer_store import AnswerStore
from voicemock.interview.exchange import Responder
from voicemock.interview.interview import Interview
from voicemock.interview.listener import Listener
from voicemock.interview.room import Room, Screen
from voicemock.interview.turn_taking import turn_phrases
from voicemock.models import Assessment, Debrief, Question, Story
from voicemock.settings import Settings, load_settings
from voicemock.speech.desk import DeviceReply, Reply, SoundDesk
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.devices import device_of
from voicemock.speech.engines import engine_class, load_synthesizer, transcriber_loader, voice_fingerprint
from voicemock.speech.narrator import Narrator, PreparedVoice, SpeechCache, sentences_to_say
from voicemock.speech.recorder import Command, Progress
from voicemock.speech.synthesizer import Synthesizer
from voicemock.speech.transcription import TranscriptionWorker
from voicemock.speech.whisper import Transcriber
from voicemock.store.store import Store


def analyze(
    path: str | Path,
    *,
    question: str | None = None,
    framework: str | None = None,
    settings: Settings | None = None,
    on_chunk: Callable[[int, int], None] | None = None,
) -> Assessment:
    """Assess one recording (any audio libav reads) or transcript (``.txt``, ``.md``).

    Args:
        path: The file.
        question: Id of the question it answers.
        framework: "star", "triage" or "design", where there is no question; STAR by default.
        settings: What is not the default.
        on_chunk: Told how many stretches of the recording are transcribed, of how many.

    Raises:
        InputError: The file, question or framework cannot be used.
        EngineError: Whisper or its weights cannot be used.
    """
    with open_analysis(settings or load_settings()) as analyze_file:
        return analyze_file(Path(path), question, framework, on_chunk)


NOTICES = (NOTHING_HEARD, STUCK, MOVING_ON, NO_STORY_YET, NO_STORY)
"""What an interviewer says to everybody."""

AnalyzeFile = Callable[[Path, str | None, str | None, Callable[[int, int], None] | None], Assessment]


@contextmanager
def open_analysis(settings: Settings) -> Iterator[AnalyzeFile]:
    """Yield a function that assesses files one by one; Whisper is loaded with the first recording, once."""
    bank = QuestionBank.load()
    analyzer = Analyzer(settings, bank)
    worker: TranscriptionWorker | None = None

    def analyze_file(
        path: Path, question_id: str | None, framework: str | None, on_chunk: Callable[[int, int], None] | None
    ) -> Assessment:
        nonlocal worker
        question = bank.get(question_id) if question_id else None
        if is_transcript(path):
            return analyzer.analyze_text(path, question=question, framework=framework)
        if worker is None:
            worker = TranscriptionWorker(transcriber_loader(settings))
        return analyzer.analyze_audio(path, worker, question=question, framework=framework, on_chunk=on_chunk)[0]

    try:
        yield analyze_file
    finally:
        if worker is not None:
            worker.close()


@contextmanager
def open_interview(
    settings: Settings,
    questions: Iterable[Question] = (),
    *,
    agenda: Agenda | None = None,
    bank: QuestionBank | None = None,
    style: Style | None = None,
    topics: frozenset[str] = frozenset(),
    screen: Screen | None = None,
    story: Story | None = None,
) -> Iterator[Interview]:
    """Yield an interview on the devices, engines and folders of the settings, ready to ``run()``.

    Args:
        settings: What is not the default.
        questions: What is asked, in order; nothing where a story is told.
        agenda: A whole day, or follow-ups; without it the questions are asked one after another.
        bank: The question bank, where it is loaded already.
        style: How the interviewer behaves; neutral by default.
        topics: What the job is about: follow-ups on it come first.
        screen: Shows, and takes keys; without it nothing is shown.
        story: What is told instead of answers.

    Raises:
        UnknownNameError: No engine has the name that was asked for.
        EngineError: Whisper's weights, or the voice asked for, are not here.
        DeviceError: The microphone or speaker cannot be used.
        StorageError: The data folder cannot be used.
    """
    screen = screen or QuietScreen()
    style = style or load_style()
    agenda = agenda or Agenda.of(questions)
    bank = bank or QuestionBank.load()
    said = _said_to_everybody(agenda, style, bank)
    engine_class("detectors", settings.vad)  # loaded with the first answer, but a wrong name is told now
    turn_phrases()  # and so is a broken file
    model = load_phrasing(settings)
    opened = _open_room(settings, bank, screen, said)
    load_prober = cache(FollowUps.load) if agenda.follow_ups else None
    with (
        Store(settings.data_dir) as store,
        TranscriptionWorker(_loading_behind(opened, load_prober, said)) as worker,
        _stops_preparing(opened.voice),
        closing(model) if model else nullcontext(),
    ):
        answer_store = AnswerStore(store, opened.analyzer, screen, story.framework if story else None)
        yield Interview(
            agenda=agenda,
            room=opened.room,
            listener=Listener(opened.room, answer_store, worker, settings, style),
            answer_store=answer_store,
            responder=Responder(agenda, style, load_prober, topics, model, settings.language_model_timeout_s),
            bank=bank,
            story=story,
        )


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is there before the first word.

    Attributes:
        room: Where the interview is held.
        voice: Of the interviewer; None where it is silent.
        analyzer: By what an answer is judged.
        load_transcriber: Loads Whisper, whose weights are known to be here.
    """

    room: Room
    voice: PreparedVoice | None
    analyzer: Analyzer
    load_transcriber: Callable[[], Transcriber]


def _open_room(settings: Settings, bank: QuestionBank, screen: Screen, said: _Said) -> _Opened:
    """Open devices and find the weights, while the voice says the first sentence on a thread of its own."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice") as executor:
        first_words = executor.submit(_voice_with_first_words, settings, said)
        load_transcriber = transcriber_loader(settings)
        desk = SoundDesk(settings, screen.choose_microphone)
        microphone = desk.open_microphone()
        _refuse_one_file_for_both(settings)
        analyzer = Analyzer(settings, bank)
        voice, notice = first_words.result()
    if notice:
        screen.notice(notice)
    speaker = desk.open_speaker() if voice else None
    return _Opened(Room(microphone, desk, Narrator(voice, speaker), screen), voice, analyzer, load_transcriber)


@dataclass(frozen=True, slots=True)
class _Said:
    """What an interviewer says whatever the candidate says, as the pieces in which it is spoken.

    Attributes:
        first: Before the first answer.
        later: In this interview.
        public: Whatever may be kept on disk, since it is nobody's own.
    """

    first: list[str]
    later: list[str]
    public: list[str]


def _said_to_everybody(agenda: Agenda, style: Style, bank: QuestionBank) -> _Said:
    texts = [f"{item.introduction} {item.question.text}" for item in agenda.items]
    return _Said(
        first=_sentences([agenda.opening, *texts[:1]]),
        later=_sentences([*texts, *NOTICES, *style.fixed(agenda.remarks)]),
        public=_sentences(
            [*(question.text for question in bank.questions if not question.own), *NOTICES, *style.fixed(style.remarks)]
        ),
    )


def _voice_with_first_words(settings: Settings, said: _Said) -> tuple[PreparedVoice | None, str | None]:
    """Return the voice, ready to begin the first question, and what the user has to be told about it.

    Where the question was spoken on this machine before, the voice itself is left to be loaded while it is heard.
    """
    remove_abandoned(settings.cache_dir)
    fingerprint = voice_fingerprint(settings)
    cache = SpeechCache(settings.cache_dir / "speech", fingerprint) if fingerprint else None

    def load() -> Synthesizer:
        synthesizer, notice = load_synthesizer(settings)
        if synthesizer is None:
            raise SpeechSynthesisError(notice or "")
        return synthesizer

    voice = PreparedVoice(load, said.public, cache)
    if said.first and voice.recall(said.first):
        return voice, None
    synthesizer, notice = load_synthesizer(settings)
    if synthesizer is None:
        return None, notice
    voice = PreparedVoice(lambda: synthesizer, said.public, cache)
    voice.prepare(said.first[:1])
    return voice, notice


def _loading_behind(
    opened: _Opened, load_prober: Callable[[], FollowUps] | None, said: _Said
) -> Callable[[], Transcriber]:
    """Return what loads while the first question is heard.

    All of it goes one after the other on the thread that transcribes, so that nothing takes the processor from
    transcription, and the first sound waits for none of it.
    """

    def load() -> Transcriber:
        if opened.voice:
            with suppress(EngineError):  # told when something has to be said
                opened.voice.load()
        opened.analyzer.warm_up()
        if load_prober:
            load_prober()
        transcriber = opened.load_transcriber()
        if opened.voice:
            opened.voice.prepare(said.later)
        return transcriber

    return load


@contextmanager
def _stops_preparing(voice: PreparedVoice | None) -> Iterator[None]:
    """Let an interview that is left early not wait for speech that nobody will hear."""
    try:
        yield
    finally:
        if voice:
            voice.close()


def _sentences(texts: Iterable[str]) -> list[str]:
    """Return the pieces in which a narrator says texts."""
    return [sentence for text in texts for sentence in sentences_to_say(text)]


def _refuse_one_file_for_both(settings: Settings) -> None:
    """Keep the interviewer from being written over the candidate's own recording."""
    heard, written = device_of(settings.mic), device_of(settings.speaker)
    if isinstance(heard, Path) and isinstance(written, Path) and heard.resolve() == written.resolve():
        raise DeviceError(f"{heard} cannot be microphone and speaker at once. Name another file with --speaker.")


class QuietScreen:
    """A screen that shows nothing and has no keys: for programs that look at the report."""

    shows_words = False

    def ask(self, question: Question, position: int, count: int) -> None:
        """Show nothing."""

    def cue(self, story: Story) -> None:
        """Show nothing."""

    def listening(self, microphone: str) -> AbstractContextManager[object]:  # noqa: ARG002 - the protocol's
        """Take no keys."""
        return nullcontext()

    def progress(self, progress: Progress) -> None:
        """Show nothing."""

    def command(self) -> Command | None:
        """Return None: there are no keys."""
        return None

    def skipped(self) -> bool:
        """Return False: there are no keys."""
        return False

    def transcribing(self, done: int, count: int) -> None:
        """Show nothing."""

    def assessed(self, assessment: Assessment, question: Question | None) -> None:
        """Show nothing."""

    def debriefed(self, debrief: Debrief, spoken: str) -> None:
        """Show nothing."""

    def notice(self, text: str) -> None:
        """Show nothing."""

    def choose_microphone(self, problem: str, microphones: tuple[DeviceInfo, ...]) -> DeviceReply:  # noqa: ARG002
        """Say that nobody is there to be asked."""
        return Reply.NOBODY
