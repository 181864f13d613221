"""The API for other programs: one file, or a whole interview."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any, ClassVar

import pytest

import voicemock
from tests.fakes import Script, ScriptedDetector, ScriptedSynthesizer, quiet, says
from voicemock.api import (
    NOTICES,
    QuietScreen,
    analyze,
    open_analysis,
    open_interview,
    settings_by_interviewer,
)
from voicemock.content.questions import QuestionBank
from voicemock.content.styles import load_style
from voicemock.errors import (
    AudioFileError,
    DeviceError,
    EngineError,
    TranscriptFileError,
    UnknownNameError,
    WeightsError,
)
from voicemock.interview.agenda import Agenda, AgendaItem
from voicemock.settings import Settings, load_settings
from voicemock.speech.audio_files import write_audio
from voicemock.speech.clip import LISTENING_RATE, AudioClip, silence
from voicemock.speech.narrator import SpeechCache, sentences_to_say

ANSWER = Script(quiet(1.5), says("our launch was late so I cut the scope and we shipped on time", 9), quiet(1.5))


class Loader:
    """Counts how often a transcriber is looked for and loaded."""

    def __init__(self) -> None:
        self.looked_for = 0
        self.loaded = 0

    def __call__(self, settings: Any) -> Any:
        self.looked_for += 1
        return self.load

    def load(self) -> Any:
        self.loaded += 1
        return ANSWER.transcriber()


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> Loader:
    loader = Loader()
    monkeypatch.setattr("voicemock.api.transcriber_loader", loader)
    for module in ("coaching.assess", "interview.listener"):
        monkeypatch.setattr(f"voicemock.{module}.load_detector", lambda settings: ScriptedDetector())
    return loader


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    write_audio(tmp_path / "answer.flac", AudioClip(ANSWER.samples, LISTENING_RATE))
    return tmp_path / "answer.flac"


def text_file(folder: Path, content: bytes) -> Path:
    (folder / "answer.txt").write_bytes(content)
    return folder / "answer.txt"


@pytest.mark.parametrize("name", voicemock.__all__)
def test_every_exported_name_is_there(name: str) -> None:
    assert getattr(voicemock, name)


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        voicemock.nothing_like_it  # noqa: B018 - looking it up is the test


# --- one file ------------------------------------------------------------------------------------------


def test_a_recording_is_measured_on_its_own_clock(loader: Loader, recording: Path) -> None:
    told: list[tuple[int, int]] = []
    found = analyze(recording, question="failed-program", on_chunk=lambda done, count: told.append((done, count)))
    assert found.transcript.text == " ".join(ANSWER.words)
    assert found.transcript.words[0].start_s == pytest.approx(1.5, abs=0.03)
    assert found.analysis.duration_s == pytest.approx(9, abs=0.06)
    assert found.analysis.recording_s == pytest.approx(12)
    assert found.question is not None
    assert (found.source, found.question.id) == (str(recording), "failed-program")
    assert told == [(1, 1)]


def test_a_recording_without_speech_is_no_error(loader: Loader, tmp_path: Path) -> None:
    write_audio(tmp_path / "silence.wav", silence(12))
    found = analyze(tmp_path / "silence.wav")
    assert (found.transcript.text, found.transcript.words, found.analysis.fillers) == ("", (), ())
    assert found.analysis.duration_s is found.analysis.words_per_minute is found.analysis.length is None
    assert found.analysis.structure is None
    assert found.feedback.spoken


def test_whisper_is_loaded_once_and_only_for_recordings(loader: Loader, recording: Path, tmp_path: Path) -> None:
    with open_analysis(load_settings()) as analyze_file:
        analyze_file(text_file(tmp_path, b"I did it."), None, None, None)
        assert loader.looked_for == 0
        for _ in range(2):
            analyze_file(recording, None, None, None)
    assert (loader.looked_for, loader.loaded) == (1, 1)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"I did it.\r\n\r\nTwice.\n", "I did it.\r\n\r\nTwice.\n"),
        ("Ärger \N{EM DASH} naïve.".encode(), "Ärger \N{EM DASH} naïve."),
        (b"\xef\xbb\xbfI did it.", "I did it."),
    ],
)
def test_a_text_is_taken_as_it_is(tmp_path: Path, content: bytes, text: str) -> None:
    found = analyze(text_file(tmp_path, content))
    assert found.transcript.text == text
    assert found.analysis.duration_s is found.analysis.recording_s is found.analysis.pauses is None


@pytest.mark.parametrize("content", [b"caf\xe9", b"\xff\xfeI\x00"])
def test_a_text_that_is_not_utf8_is_told_with_the_place(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TranscriptFileError, match=r"answer\.txt is not UTF-8 text \(byte \d"):
        analyze(text_file(tmp_path, content))


def test_what_is_no_text_is_taken_for_sound(loader: Loader, tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_bytes(b"PK")
    with pytest.raises(AudioFileError):
        analyze(tmp_path / "notes.docx")


def test_a_model_that_is_not_here_is_told(recording: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        analyze(recording, settings=load_settings(model=str(tmp_path / "gone")))


@pytest.mark.parametrize("arguments", [{"question": "no-such-question"}, {"framework": "haiku"}])
def test_unknown_names_are_told(tmp_path: Path, arguments: dict[str, str]) -> None:
    with pytest.raises(UnknownNameError):
        analyze(text_file(tmp_path, b"I did it."), **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("flags", "question", "target_s"),
    [
        ({}, None, (180, 240)),
        ({}, "failed-program", (180, 240)),
        ({"target_min_s": 60, "target_max_s": 120}, None, (60, 120)),
        ({"target_min_s": 60, "target_max_s": 120}, "failed-program", (60, 120)),
    ],
)
def test_the_target_is_the_settings_or_the_questions(
    tmp_path: Path, flags: dict[str, float], question: str | None, target_s: tuple[float, float]
) -> None:
    found = analyze(text_file(tmp_path, b"I did it."), question=question, settings=load_settings(**flags))
    assert (found.analysis.target_min_s, found.analysis.target_max_s) == target_s


# --- an interview --------------------------------------------------------------------------------------


def test_an_interview_on_files(loader: Loader, recording: Path) -> None:
    question = QuestionBank.load().get("failed-program")
    with open_interview(load_settings(mic=str(recording), voice="silent"), [question]) as interview:
        report = interview.run()
    (answer,) = report.answers
    assert answer.transcript.text == " ".join(ANSWER.words)
    assert Path(answer.source).is_file()


@pytest.mark.parametrize(
    ("flags", "error"),
    [
        ({"vad": "nobody"}, UnknownNameError),
        ({"voice": "nobody"}, UnknownNameError),
        ({"mic": "gone.wav"}, AudioFileError),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_asked(
    loader: Loader, recording: Path, flags: dict[str, str], error: type[Exception]
) -> None:
    settings = load_settings(**{"mic": str(recording), "voice": "silent", **flags})
    with pytest.raises(error), open_interview(settings, [QuestionBank.load().get("failed-program")]):
        pytest.fail("the interview was opened")


def test_the_interviewer_is_never_written_over_the_candidate(
    loader: Loader, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = recording.read_bytes()
    monkeypatch.chdir(recording.parent)
    monkeypatch.setattr("voicemock.api.load_synthesizer", lambda settings: (ScriptedSynthesizer(), None))
    settings = load_settings(mic=str(recording), speaker=recording.name)
    with (
        pytest.raises(DeviceError, match="--speaker"),
        open_interview(settings, [QuestionBank.load().get("failed-program")]),
    ):
        pytest.fail("the interview was opened")
    assert recording.read_bytes() == before


@pytest.mark.parametrize(
    ("voice", "style", "interviewers", "spoken_with"),
    [
        ("auto", "neutral", (1,), ["first"]),
        ("auto", "pressing", (1,), ["third"]),
        ("auto", "neutral", (1, 2, 3), ["first", "second", "third"]),
        ("auto", "warm", (1, 2, 3), ["second", "third", "first"]),
        ("auto", "pressing", (1, 2, 3), ["third", "first", "second"]),
        ("first", "pressing", (1, 2, 3), ["first"]),
        ("piper", "pressing", (1, 2, 3), ["piper"]),
        ("silent", "warm", (1, 2), ["silent"]),
    ],
)
def test_interviewers_have_different_voices_unless_one_is_chosen(
    voice: str, style: str, interviewers: tuple[int, ...], spoken_with: list[str]
) -> None:
    asked = QuestionBank.load().questions
    agenda = Agenda(tuple(AgendaItem(asked[0], interviewer=number) for number in interviewers))
    found = settings_by_interviewer(load_settings(voice=voice), load_style(style), agenda)
    assert list(found) == list(range(1, len(spoken_with) + 1))
    assert [each.voice for each in found.values()] == spoken_with


def test_a_voice_that_does_not_work_is_noticed(
    loader: Loader, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices: list[str] = []

    class Screen(QuietScreen):
        def notice(self, text: str) -> None:
            notices.append(text)

    def broken(*_: object, **__: object) -> None:
        raise EngineError("It has no voice.")

    monkeypatch.setattr("voicemock.speech.engines._synthesizer", broken)
    questions = [QuestionBank.load().get("failed-program")]
    settings = load_settings(mic=str(recording), cache_dir=recording.parent)  # no question was spoken before
    with open_interview(settings, questions, screen=Screen()) as interview:
        assert interview.room.narrator.is_silent
    (notice,) = notices
    assert "text is shown" in notice


class Anna(ScriptedSynthesizer):
    """A voice whose speech may be kept, and which remembers that it was loaded."""

    fingerprint = "anna 1"
    loaded: ClassVar[list[Anna]] = []

    def __init__(self, **_: object) -> None:
        super().__init__()
        self.loaded.append(self)

    @classmethod
    def fingerprint_of(cls, *_: object) -> str:
        return cls.fingerprint


@pytest.fixture
def anna(monkeypatch: pytest.MonkeyPatch) -> type[Anna]:
    monkeypatch.setattr("voicemock.speech.engines.engine_class", lambda kind, name: Anna)
    monkeypatch.setattr(Anna, "loaded", [])
    return Anna


def spoken_settings(recording: Path) -> Settings:
    folder = recording.parent
    return load_settings(mic=str(recording), speaker=str(folder / "said.wav"), cache_dir=folder / "cache")


def test_the_speech_of_questions_and_notices_is_kept_and_nothing_of_the_candidate(
    loader: Loader, recording: Path, anna: type[Anna]
) -> None:
    question = QuestionBank.load().get("failed-program")
    settings = spoken_settings(recording)
    with open_interview(settings, [question]) as interview:
        (answer,) = interview.run().answers
    (voice,) = anna.loaded
    closings = load_style().remarks["closing"]
    public = {sentence for text in (question.text, *NOTICES, *closings) for sentence in sentences_to_say(text)}
    feedback = set(sentences_to_say(answer.feedback.spoken))
    assert set(voice.texts) == public | feedback
    assert not public & feedback
    cache = SpeechCache(settings.cache_dir / "speech", anna.fingerprint)
    assert all(cache.get(sentence) for sentence in public)
    assert len(list((settings.cache_dir / "speech").iterdir())) == len(public)


def test_a_question_of_somebodys_own_is_not_kept(loader: Loader, recording: Path, anna: type[Anna]) -> None:
    own = QuestionBank.load().get("failed-program").model_copy(update={"text": "Why did Ada leave?"})
    settings = spoken_settings(recording)
    with open_interview(settings, [own]) as interview:
        interview.run()
    cache = SpeechCache(settings.cache_dir / "speech", anna.fingerprint)
    assert cache.get(own.text) is None
    assert cache.get(sentences_to_say(load_style().remarks["closing"][0])[0]) is not None


def test_a_question_that_was_spoken_before_does_not_wait_for_the_voice(
    loader: Loader, recording: Path, anna: type[Anna], monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [QuestionBank.load().get("failed-program")]
    with open_interview(spoken_settings(recording), questions) as interview:
        interview.run()
    anna.loaded.clear()
    loading = Event()
    monkeypatch.setattr("voicemock.api.Analyzer.warm_up", lambda analyzer, frameworks: loading.wait(10))
    monkeypatch.setattr("voicemock.speech.narrator.PreparedVoice.load", lambda voice: None)
    with open_interview(spoken_settings(recording), questions) as interview:
        interview.room.narrator.say(questions[0].text)
        assert anna.loaded == []
        loading.set()
