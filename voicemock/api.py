"""Builds interviews and analyses from settings, for the command line and for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voicemock.coaching.assess import Analyzer
from voicemock.coaching.follow_ups import FollowUps
from voicemock.coaching.language_model.second_opinion import load_second_opinions
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import (
    ASK_AWAY,
    ASSUME,
    MOVING_ON,
    NO_STORY,
    NO_STORY_YET,
    NOTHING_HEARD,
    STUCK,
    TAKE_YOUR_TIME,
    UP_TO_YOU,
    Style,
    load_style,
)
from voicemock.errors import EngineError, InputError, SpeechSynthesisError
from voicemock.files import forbid_core_dumps, remove_abandoned
from voicemock.interview.agenda import Agenda
from voicemock.interview.answer_store import AnswerStore
from voicemock.interview.exchange import Responder
from voicemock.interview.interview import Interview
from voicemock.interview.listener import Listener
from voicemock.interview.room import Devices, Room, Screen, refuse_speaker_file
from voicemock.interview.turn_taking import turn_phrases
from voicemock.models import Answer, Assessment, Debrief, Question, Ratings, Story
from voicemock.settings import Settings, load_settings
from voicemock.speech.desk import DeviceReply, Reply, SoundDesk
from voicemock.speech.device_list import DeviceInfo
from voicemock.speech.engines import (
    VOICE_NAMES,
    engine_class,
    load_synthesizer,
    transcriber_loader,
    voice_fingerprint,
)
from voicemock.speech.narrator import Narrator, PreparedVoice, SpeechCache, sentences_to_say
from voicemock.speech.pitch import load_pitch_tracker
from voicemock.speech.recorder import Command, Progress
from voicemock.speech.synthesizer import Synthesizer
from voicemock.speech.transcription import Transcriber, TranscriptionWorker
from voicemock.speech.transcripts.reading import is_transcript
from voicemock.speech.turn_end import load_smart_turn
from voicemock.store.store import Store

NOTICES = (
    *(NOTHING_HEARD, STUCK, MOVING_ON, NO_STORY_YET, NO_STORY),
    *(TAKE_YOUR_TIME, ASK_AWAY, ASSUME, UP_TO_YOU),
)
"""Remarks that are the same in every interview."""

AnalyzeFile = Callable[[Path, str | None, str | None, Callable[[int, int], None] | None], Assessment]


def analyze(
    path: str | Path,
    *,
    question: str | None = None,
    framework: str | None = None,
    speaker_name: str | None = None,
    settings: Settings | None = None,
    on_chunk: Callable[[int, int], None] | None = None,
) -> Assessment:
    """Assess one recording (any audio libav reads) or transcript (text, captions, Whisper's JSON).

    Args:
        path: The file.
        question: Id of the question that it answers.
        framework: "star" (the default), or another name of ``prompts/frameworks``, for an answer without a question.
        speaker_name: Whom to keep of a transcript with several speakers; by default the one who says most.
        settings: Defaults to those of the environment and the settings file.
        on_chunk: Called with the number of chunks transcribed so far, and of all chunks.

    Raises:
        InputError: The file, question or framework cannot be used.
        EngineError: Whisper or its weights cannot be used.
    """
    with open_analysis(settings or load_settings(), speaker_name) as analyze_file:
        return analyze_file(Path(path), question, framework, on_chunk)


@contextmanager
def open_analysis(settings: Settings, speaker_name: str | None = None) -> Iterator[AnalyzeFile]:
    """Yield a function that assesses one file at a time. Whisper is loaded once, with the first recording.

    Args:
        settings: Name the engines.
        speaker_name: Whom to keep of a transcript with several speakers; no recording can be assessed with it.
    """
    bank = QuestionBank.load()
    analyzer = Analyzer(settings, bank)
    with ExitStack() as stack:

        @cache
        def worker() -> TranscriptionWorker:
            return stack.enter_context(TranscriptionWorker(transcriber_loader(settings)))

        def analyze_file(
            path: Path, question_id: str | None, framework: str | None, on_chunk: Callable[[int, int], None] | None
        ) -> Assessment:
            question = bank.get(question_id) if question_id else None
            if is_transcript(path):
                return analyzer.analyze_text(path, question=question, framework=framework, speaker_name=speaker_name)
            if speaker_name is not None:
                raise InputError(
                    f"{path} is not a transcript: voicemock does not tell apart the speakers in a recording."
                )
            return analyzer.analyze_audio(path, worker(), question=question, framework=framework, on_chunk=on_chunk)[0]

        yield analyze_file


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
    devices: Devices | None = None,
) -> Iterator[Interview]:
    """Yield an interview on the devices, engines and folders of the settings, ready to ``run()``.

    From then on this process and its children leave no core dump.

    Args:
        settings: Name the devices, engines and folders.
        questions: The questions in order; none if a story is told.
        agenda: Takes the place of ``questions``, for a whole day or follow-ups.
        bank: The question bank, if it is already loaded.
        style: The interviewer's behavior; neutral by default.
        topics: What the job is about: follow-ups on it come first.
        screen: Shows, and takes keys; by default nothing is shown.
        story: The story that is told instead of answers to questions.
        devices: Microphone and speaker; by default those that the settings name.

    Raises:
        UnknownNameError: A setting names an unknown engine.
        EngineError: Whisper's weights, or the chosen voice, are missing.
        DeviceError: The microphone or speaker cannot be used.
        StorageError: The data folder cannot be used.
    """
    forbid_core_dumps()
    screen = screen or QuietScreen()
    style = style or load_style()
    agenda = agenda or Agenda.of(questions)
    bank = bank or QuestionBank.load()
    said = _fixed_speech(agenda, style, bank)
    voices = settings_by_interviewer(settings, style, agenda)
    engine_class("detectors", settings.vad)  # loaded with the first answer, but a wrong name is reported now
    turn_phrases()  # and so is a broken file
    model = load_second_opinions(settings)
    desk = devices or SoundDesk(settings, screen.choose_microphone)
    opened = _open_room(settings, bank, screen, desk, said, voices)
    load_prober = cache(FollowUps.load) if agenda.follow_ups else None
    frameworks = _frameworks_asked(opened.analyzer, agenda, story)
    with (
        Store(settings.data_dir) as store,
        TranscriptionWorker(_loading_behind(opened, frameworks, load_prober, said)) as worker,
        ExitStack() as speech,
        closing(model) if model else nullcontext(),
    ):
        for voice in opened.voices.values():
            speech.enter_context(closing(voice))  # leaving early does not wait for prepared speech
        answer_store = AnswerStore(store, opened.analyzer, screen, story.framework if story else None)
        yield Interview(
            agenda=agenda,
            room=opened.room,
            listener=Listener(
                opened.room, answer_store, worker, settings, style, load_smart_turn(settings.cache_dir), model
            ),
            answer_store=answer_store,
            responder=Responder(agenda, style, load_prober, topics, model),
            bank=bank,
            story=story,
            level=settings.level,
            rates_self=settings.rate_yourself,
        )


def _frameworks_asked(analyzer: Analyzer, agenda: Agenda, story: Story | None) -> frozenset[str]:
    """Return the names of the frameworks that the answers of an interview are measured by."""
    told = story.framework if story else None
    asked: list[Question | None] = [item.question for item in agenda.items]
    return frozenset(analyzer.framework_for(question, told).name for question in asked or [None])


@dataclass(frozen=True, slots=True)
class _Opened:
    """The parts of an interview that are opened before its first word."""

    room: Room
    voices: Mapping[int, PreparedVoice]
    """By interviewer, the first first; none if the interviewer is silent."""
    analyzer: Analyzer
    load_transcriber: Callable[[], Transcriber]
    """Loads Whisper, whose weights are known to be here."""


def settings_by_interviewer(settings: Settings, style: Style, agenda: Agenda) -> dict[int, Settings]:
    """Return the settings that each interviewer's voice is loaded with, by number.

    The first has the style's voice, the others have other ones. A voice that the settings choose is everybody's.
    """
    if settings.voice != "auto":
        return {1: settings}
    start = VOICE_NAMES.index(style.voice)
    return {
        number: settings.model_copy(update={"voice": VOICE_NAMES[(start + number - 1) % len(VOICE_NAMES)]})
        for number in sorted({1, *(item.interviewer for item in agenda.items)})
    }


def _open_room(
    settings: Settings,
    bank: QuestionBank,
    screen: Screen,
    desk: Devices,
    said: _Said,
    spoken_with: Mapping[int, Settings],
) -> _Opened:
    """Open devices and find the weights, while another thread synthesizes the first sentence."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice") as executor:
        first_words = executor.submit(_voice_with_first_words, spoken_with[1], said)
        load_transcriber = transcriber_loader(settings)
        microphone = desk.open_microphone()
        refuse_speaker_file(settings)
        analyzer = Analyzer(settings, bank)
        voice, notice = first_words.result()
    if notice:
        screen.notice(notice)
    speaker = desk.open_speaker() if voice else None
    others = {n: prepared_voice(chosen, said.public) for n, chosen in spoken_with.items() if voice and n > 1}
    narrator = Narrator(voice, speaker, others)
    voices = {1: voice, **others} if voice else {}
    return _Opened(Room(microphone, desk, narrator, screen), voices, analyzer, load_transcriber)


@dataclass(frozen=True, slots=True)
class _Said:
    """The interviewer's sentences that do not depend on the candidate, as the pieces in which they are spoken."""

    first: list[str]
    """Said before the first answer."""
    later: Mapping[int, list[str]]
    """Said later in this interview, by interviewer; what any of them may say, only by the first."""
    public: list[str]
    """May be cached on disk, since they hold nothing personal."""


def _fixed_speech(agenda: Agenda, style: Style, bank: QuestionBank) -> _Said:
    texts: dict[int, list[str]] = {1: []}
    for item in agenda.items:
        texts.setdefault(item.interviewer, []).append(f"{item.introduction} {item.question.text}")
    first = _sentences([agenda.opening, *texts[1][:1]])
    texts[1] += [*NOTICES, *style.fixed(agenda.remarks)]
    return _Said(
        first=first,
        later={number: _sentences(said) for number, said in texts.items()},
        public=[*public_sentences(bank), *_sentences([*NOTICES, *style.fixed(style.remarks)])],
    )


def _voice_with_first_words(settings: Settings, said: _Said) -> tuple[PreparedVoice | None, str | None]:
    """Return the voice, ready to say the first question, and a notice for the user about it.

    If the cache holds the question's speech, the engine itself is loaded later, while the question is played.
    """
    remove_abandoned(settings.cache_dir)
    voice = prepared_voice(settings, said.public)
    if said.first and voice.recall(said.first):
        return voice, None
    synthesizer, notice = load_synthesizer(settings)
    if synthesizer is None:
        return None, notice
    voice = PreparedVoice(lambda: synthesizer, said.public, _speech_cache(settings))
    voice.prepare(said.first[:1])
    return voice, notice


def prepared_voice(settings: Settings, public: Iterable[str]) -> PreparedVoice:
    """Return the voice of the settings. It is loaded when something is said that the cache does not hold.

    Args:
        settings: Name the voice, and the folder of the cache.
        public: Sentences that may be cached on disk.
    """

    def load() -> Synthesizer:
        synthesizer, notice = load_synthesizer(settings)
        if synthesizer is None:
            raise SpeechSynthesisError(notice or "")
        return synthesizer

    return PreparedVoice(load, public, _speech_cache(settings))


def _speech_cache(settings: Settings) -> SpeechCache | None:
    fingerprint = voice_fingerprint(settings)
    return SpeechCache(settings.cache_dir / "speech", fingerprint) if fingerprint else None


def public_sentences(bank: QuestionBank) -> list[str]:
    """Return what the bank's own questions say, as the pieces in which it is spoken."""
    return _sentences(question.text for question in bank.questions if not question.own)


def _loading_behind(
    opened: _Opened, frameworks: Iterable[str], load_prober: Callable[[], FollowUps] | None, said: _Said
) -> Callable[[], Transcriber]:
    """Return the function that loads the rest while the first question is played, and returns Whisper.

    Everything is loaded in sequence on the transcribing thread, so that nothing competes with transcription for the
    processor, and the first sound waits for none of it.
    """

    def load() -> Transcriber:
        if 1 in opened.voices:
            with suppress(EngineError):  # reported when something has to be said
                opened.voices[1].load()
        opened.analyzer.warm_up(frameworks)
        load_pitch_tracker()  # 80 ms that the first answer does not wait for
        if load_prober:
            load_prober()
        transcriber = opened.load_transcriber()
        for number, voice in opened.voices.items():
            voice.prepare(said.later.get(number, []))
        return transcriber

    return load


def _sentences(texts: Iterable[str]) -> list[str]:
    """Return texts as the pieces in which a narrator says them."""
    return [sentence for text in texts for sentence in sentences_to_say(text)]


class QuietScreen:
    """A screen that shows nothing and has no keys, for programs that only want the report."""

    shows_words = False

    def ask(self, question: Question, position: int, count: int, answer: int) -> None:
        """Show nothing."""

    def cue(self, story: Story) -> None:
        """Show nothing."""

    def listening(self, microphone: str) -> AbstractContextManager[object]:  # noqa: ARG002 - the protocol's
        """Show nothing and take no keys."""
        return nullcontext()

    def progress(self, progress: Progress) -> None:
        """Show nothing."""

    def command(self) -> Command | None:
        """Return None: there are no keys."""
        return None

    can_pause = False
    has_left = False

    def pause(self) -> bool:
        """Return False: there is nobody to wait for."""
        return False

    def takes_drill(self) -> bool:
        """Return False: there are no keys."""
        return False

    def rate_yourself(self) -> Ratings:
        """Return no rating: there are no keys."""
        return Ratings()

    def own_view(self, answer: Answer) -> None:
        """Show nothing."""

    def speaking(self) -> AbstractContextManager[object]:
        """Show nothing."""
        return nullcontext()

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
        """Return that there is nobody to ask."""
        return Reply.NOBODY
