"""Answers made from the recordings in ``fixtures/audio`` without Whisper, by the words in their manifest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.coaching.assess import Analyzer
from voicemock.coaching.feedback import give_feedback
from voicemock.coaching.findings import HeardAnswer
from voicemock.content.questions import QuestionBank
from voicemock.content.wording import load_phrases
from voicemock.models import Answer, Assessment, Session, SpeechSpan, Transcript, Word, transcript_of_words
from voicemock.settings import load_settings
from voicemock.store.store import Store

AUDIO = Path(__file__).parent.parent / "fixtures" / "audio"
STARTED = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


@cache
def bank() -> QuestionBank:
    return QuestionBank.load()


@cache
def analyzer() -> Analyzer:
    """The analyzer of a machine without settings."""
    return Analyzer(load_settings(), bank())


def words_between(text: str, start_s: float, end_s: float) -> list[Word]:
    """Words that share a stretch of time evenly."""
    pieces = text.split()
    step = (end_s - start_s) / len(pieces)
    return [
        Word(
            text=piece,
            start_s=round(start_s + step * index, 3),
            end_s=round(start_s + step * (index + 1), 3),
            probability=0.9,
        )
        for index, piece in enumerate(pieces)
    ]


def assessment_of(transcript: Transcript, question_id: str, speech: Iterable[SpeechSpan], recording_s: float):
    """Measure a transcript as an interview does, by rules alone."""
    question, spans = bank().get(question_id), tuple(speech)
    framework = bank().framework(question.framework)
    measured = analyze(
        transcript,
        framework=framework,
        target=(question.target_min_s, question.target_max_s),
        lexicon=Lexicon.load(),
        question=question,
        speech=spans,
    ).analysis
    analysis = measured.model_copy(update={"recording_s": recording_s})
    feedback = give_feedback(HeardAnswer(analysis, framework), transcript, load_phrases())
    return Assessment(
        source="answer.flac", question=question.summary(), transcript=transcript, analysis=analysis, feedback=feedback
    )


def answer_of(assessment: Assessment, *, position: int = 1, audio_file: str | None = "answer-01.flac") -> Answer:
    """Keep an assessment as an answer."""
    assert assessment.question is not None
    return Answer(
        position=position,
        status="answered",
        question=bank().get(assessment.question.id),
        recorded_at=STARTED,
        audio_file=audio_file,
        assessment=assessment,
        timings=None,
    )


@cache
def fixture_answer(name: str, position: int = 1) -> Answer:
    """The answer that a fixture recording gives."""
    about = _manifest()[name]
    words = [
        word for each in about["fragments"] for word in words_between(each["text"], each["start_s"], each["end_s"])
    ]
    speech = [SpeechSpan(each["start_s"], each["end_s"]) for each in about["fragments"]]
    transcript = transcript_of_words(words, language="en", engine="manifest")
    assessment = assessment_of(transcript, about["question_id"], speech, about["duration_s"])
    return answer_of(assessment, position=position, audio_file=f"answer-{position:02}.flac")


def spoken_answer(text: str, *, position: int = 1, recording_s: float = 20.0) -> Answer:
    """An answer of the given words, spoken evenly over two thirds of ``strong-story.flac``'s first seconds."""
    words = words_between(text, 0.5, recording_s * 2 / 3)
    transcript = transcript_of_words(words, language="en", engine="scripted")
    speech = [SpeechSpan(0.5, recording_s * 2 / 3)]
    return answer_of(
        assessment_of(transcript, "failed-program", speech, recording_s),
        position=position,
        audio_file=f"answer-{position:02}.flac",
    )


def keep(data_dir: Path, *answers: Answer, recording: str = "strong-story") -> Session:
    """Keep an interview with its recordings in a data folder."""
    with Store(data_dir) as store:
        session = store.sessions.start(None, "0.1.0", STARTED)
        for answer in answers:
            store.sessions.add_answer(session, answer)
            if answer.audio_file is not None:
                shutil.copy(AUDIO / f"{recording}.flac", store.sessions.folder(session) / answer.audio_file)
        return session


@cache
def _manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((AUDIO / "manifest.json").read_text(encoding="utf-8"))["fixtures"]
    return found
