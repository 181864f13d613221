"""Sessions to sum up: main answers, follow-ups, skipped ones, and the candidate's own questions."""

from __future__ import annotations

from tests.interviews import STARTED, answer_of, assessment_of, bank, words_between
from voicemock.models import Answer, AnswerStatus, AsksFor, SpeechSpan, transcript_of_words


def told(text: str, position: int, *, question: str = "failed-program", duration_s: float = 60.0) -> Answer:
    """An answer of the given words, spoken evenly."""
    words = words_between(text, 0.5, duration_s)
    transcript = transcript_of_words(words, language="en", engine="scripted")
    assessment = assessment_of(transcript, question, [SpeechSpan(0.5, duration_s)], duration_s + 1)
    return alone(answer_of(assessment, position=position, audio_file=None))


def alone(answer: Answer) -> Answer:
    """The answer to a question that no other answer has, without its recording."""
    assert answer.question is not None
    question = answer.question.model_copy(update={"id": f"{answer.question.id}-{answer.position}"})
    return answer.model_copy(update={"question": question, "audio_file": None})


def reply(text: str, position: int, *, follows: int, asks_for: AsksFor | None = "number") -> Answer:
    """An answer to a follow-up."""
    answer = told(text, position, duration_s=10.0)
    assert answer.question is not None
    probe = answer.question.model_copy(
        update={
            "kind": "follow_up",
            "asks_for": asks_for,
            "text": "You said it worked. How much did it change?",
            "target_min_s": 20.0,
            "target_max_s": 60.0,
        }
    )
    return answer.model_copy(update={"question": probe, "follows": follows})


def asked(text: str, position: int) -> Answer:
    """What was said when the candidate was invited to ask."""
    answer = told(text, position, duration_s=10.0)
    assert answer.question is not None
    return answer.model_copy(update={"question": answer.question.model_copy(update={"kind": "ask_back"})})


def unheard(position: int, status: AnswerStatus = "skipped", question: str | None = "failed-program") -> Answer:
    """A question that brought nothing to analyze."""
    return Answer(
        position=position,
        status=status,
        question=bank().get(question).model_copy(update={"id": f"{question}-{position}"}) if question else None,
        recorded_at=STARTED,
        audio_file=None,
        assessment=None,
        timings=None,
    )
