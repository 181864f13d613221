"""The analyzer: from a recording, a text or a transcript to an assessment with its analysis and feedback."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Final, Literal

from voicemock.analysis.analyze import Analyzed, analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.reader import load_reader
from voicemock.analysis.structure import Encode
from voicemock.analysis.vectors import SentenceVectors, load_vectors
from voicemock.coaching.feedback import give_feedback
from voicemock.coaching.findings import HeardAnswer
from voicemock.coaching.reflection import reflection_of
from voicemock.coaching.same_story import tell_one_story
from voicemock.content.questions import QuestionBank
from voicemock.content.unsaid import unsaid
from voicemock.content.wording import load_phrases
from voicemock.errors import WeightsError
from voicemock.models import (
    Analysis,
    Assessment,
    AudioQuality,
    AudioSource,
    Framework,
    Prosody,
    Question,
    SpeechSpan,
    Transcript,
    transcript_of_text,
)
from voicemock.settings import Settings
from voicemock.speech.audio_quality import quality_of
from voicemock.speech.decoding import decode
from voicemock.speech.engines import load_detector
from voicemock.speech.pitch import VoiceTrack, load_pitch_tracker, tracking
from voicemock.speech.prosody import measure_prosody
from voicemock.speech.rumble import without_rumble
from voicemock.speech.transcription import Dictation, TranscriptionWorker, transcribe_recording
from voicemock.speech.transcripts.reading import read_transcript_file
from voicemock.speech.vad import speech_flags, speech_spans

_SAMPLE: Final = (
    "I set up a weekly meeting, decided on a queue and cut the latency from six weeks to two, by forty percent."
)
"""A sentence that most patterns look at."""
DEFAULT_TARGET_S: Final = (180.0, 240.0)
"""Three to four minutes, as the guide asks for a behavioral story."""


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What an analysis depends on; the length and the quality of a recording are put in afterwards."""

    transcript: Transcript
    framework: Framework
    target: tuple[float, float]
    question: Question | None
    speech: tuple[SpeechSpan, ...] | None
    speech_from: Literal["sound", "times"]
    audio_source: AudioSource | None


class Analyzer:
    """Assesses answers by one set of rules.

    Args:
        settings: Supplies target length, own fillers, voice activity detector and language.
        bank: Supplies the frameworks.
    """

    def __init__(self, settings: Settings, bank: QuestionBank) -> None:
        self._settings = settings
        self._bank = bank
        self._lexicon = Lexicon.load(extra_fillers=settings.extra_fillers)
        self._phrases = load_phrases()
        self._phrases_after = lru_cache(maxsize=2)(partial(unsaid, self._phrases))
        self._reader = load_reader()
        self._vectors = _vectors_if_installed(settings.cache_dir)
        self._latest: tuple[_Inputs, Analyzed] | None = None
        self._one_at_a_time = Lock()

    def assess(
        self,
        transcript: Transcript,
        *,
        source: str,
        question: Question | None = None,
        framework: str | None = None,
        speech: tuple[SpeechSpan, ...] | None = None,
        speech_from: Literal["sound", "times"] = "sound",
        recording_s: float | None = None,
        audio_quality: AudioQuality | None = None,
        audio_source: AudioSource | None = None,
        voice: VoiceTrack | None = None,
        prosody: Prosody | None = None,
        target: tuple[float, float] | None = None,
        before: Assessment | None = None,
        is_cut_off: bool = False,
        said: tuple[str, ...] = (),
    ) -> Assessment:
        """Measure a transcript and say what to do better.

        Args:
            transcript: What was said.
            source: Path of the recording or text.
            question: Supplies the framework and the target length.
            framework: Name of a framework that replaces the question's.
            speech: Where there is speech; None for a text.
            speech_from: What tells that: the sound, or the times of a transcript.
            recording_s: Length of the recording; None for a text.
            audio_quality: None for a text.
            audio_source: What of a file was heard; None for a text, and for a microphone.
            voice: Pitch and level of the recording; without it the melody is not measured.
            prosody: The melody as it was measured before.
            target: Shortest and longest good answer in seconds; by default those of the settings and the question.
            before: The last take of the same question or story, to compare with.
            is_cut_off: Whether the answer stopped where it was not meant to.
            said: What the interviewer has said before in this session: other wordings are chosen while there are any.

        Raises:
            UnknownNameError: No framework has that name.
        """
        rules = self.framework_for(question, framework)
        inputs = _Inputs(
            transcript=transcript,
            framework=rules,
            target=target or self.target_for(question, rules),
            question=question,
            speech=speech,
            speech_from=speech_from,
            audio_source=audio_source,
        )
        analyzed = self._analyzed(inputs)
        recorded = analyzed.analysis.model_copy(update={"recording_s": recording_s, "audio_quality": audio_quality})
        measured = recorded.model_copy(update={"prosody": prosody or _prosody(recorded, voice, speech)})
        heard = HeardAnswer(measured, rules, question, analyzed.statements)
        analysis = measured.model_copy(update={"reflection": reflection_of(heard)})
        feedback = give_feedback(
            heard,
            transcript,
            self._phrases_after(said),
            before,
            is_cut_off=is_cut_off,
            is_one_story=before is None or tell_one_story(before.analysis, analysis, question, self.encode_subjects),
        )
        return Assessment(
            source=source,
            question=question.summary() if question else None,
            transcript=transcript,
            analysis=analysis,
            feedback=feedback,
        )

    def _analyzed(self, inputs: _Inputs) -> Analyzed:
        """Analyze an answer, unless it is the one analyzed last: the silence after an answer has done that already."""
        with self._one_at_a_time:  # so that who comes while it is analyzed waits for the same analysis
            if self._latest is None or self._latest[0] != inputs:
                analyzed = analyze(
                    inputs.transcript,
                    framework=inputs.framework,
                    target=inputs.target,
                    lexicon=self._lexicon,
                    reader=self._reader,
                    question=inputs.question,
                    speech=inputs.speech,
                    speech_from=inputs.speech_from,
                    audio_source=inputs.audio_source,
                    encode_subjects=self.encode_subjects,
                )
                self._latest = (inputs, analyzed)
            return self._latest[1]

    @property
    def encode_subjects(self) -> Encode | None:
        """What turns sentences into vectors of their subjects; None where its weights are not installed."""
        return self._vectors.encode_subjects if self._vectors else None

    def warm_up(self, frameworks: Iterable[str]) -> None:
        """Compile the patterns for some frameworks ahead of the first answer: it takes half a second."""
        for framework in frameworks:
            self.assess(transcript_of_text(_SAMPLE), source="", framework=framework)

    def analyze_text(
        self,
        path: Path,
        *,
        question: Question | None = None,
        framework: str | None = None,
        speaker_name: str | None = None,
    ) -> Assessment:
        """Assess a transcript file: a text, captions, or what another program exported.

        Raises:
            TranscriptFileError: The file is missing, unreadable, too long, not UTF-8, or JSON without a transcript.
            UnknownNameError: The file names no such speaker.
        """
        given = read_transcript_file(path, self._settings.longest_text, speaker_name)
        return self.assess(
            given.transcript,
            source=str(path),
            question=question,
            framework=framework,
            speech=given.speech,
            speech_from="times",
        )

    def analyze_audio(
        self,
        path: Path,
        worker: TranscriptionWorker,
        *,
        question: Question | None = None,
        framework: str | None = None,
        on_chunk: Callable[[int, int], None] | None = None,
        is_cut_off: bool = False,
    ) -> tuple[Assessment, tuple[SpeechSpan, ...]]:
        """Transcribe and assess a recording; also return where it holds speech.

        Raises:
            AudioFileError: The file cannot be read as audio, or is too long.
            EngineError: The transcriber could not be loaded.
        """
        decoded = decode(path, longest_s=self._settings.longest_recording_s)
        clip = without_rumble(decoded.clip)
        flags = speech_flags(clip, load_detector(self._settings))
        speech = speech_spans(flags)
        tracker = load_pitch_tracker()
        step = tracking(clip.samples, tracker, on_chunk) if tracker is not None else on_chunk
        transcript = transcribe_recording(clip, flags, speech, Dictation(worker, self._settings.language), step)
        assessment = self.assess(
            transcript,
            source=str(path),
            question=question,
            framework=framework,
            speech=speech,
            recording_s=round(clip.duration_s, 3),
            audio_quality=quality_of(clip, flags, decoded.clip),
            audio_source=decoded.source,
            voice=tracker.finish() if tracker is not None else None,
            is_cut_off=is_cut_off,
        )
        return assessment, speech

    def framework_for(self, question: Question | None, framework: str | None = None) -> Framework:
        """Return the framework for an answer: the one named, the question's, or STAR.

        Raises:
            UnknownNameError: No framework has that name.
        """
        if framework is None and question is not None:
            return self._bank.framework(question.framework).asked_by(question)
        return self._bank.framework(framework or "star")

    def target_for(self, question: Question | None, framework: Framework | None = None) -> tuple[float, float]:
        """Return the shortest and the longest good length in seconds: the settings', or else that of what is given.

        A follow-up always has its own.
        """
        is_whole = question is None or question.wants_a_whole_answer
        if is_whole and self._settings.target_s is not None:
            return self._settings.target_s
        given = question or framework
        return (given.target_min_s, given.target_max_s) if given else DEFAULT_TARGET_S


def _prosody(analysis: Analysis, voice: VoiceTrack | None, speech: tuple[SpeechSpan, ...] | None) -> Prosody | None:
    """Return the melody of an answer; None without its sound or a word."""
    if voice is None or speech is None or analysis.structure is None:
        return None
    return measure_prosody(
        voice, analysis.structure.sentences, analysis.pace_curve or (), speech, analysis.audio_quality
    )


def _vectors_if_installed(cache_dir: Path) -> SentenceVectors | None:
    """Return what compares subjects. Without it words alone tell them, and ``voicemock doctor`` says so."""
    try:
        return load_vectors(cache_dir)
    except WeightsError:
        return None
