"""Timed words as no transcriber would give them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from hypothesis import strategies as st

from tests.hostile.outputs import check_outputs
from tests.hostile.texts import texts
from tests.hostile.transcripts import analyzer
from tests.interviews import bank
from voicemock.models import FrameworkName, SpeechSpan, Word, transcript_of_words

QUESTIONS = [question.id for question in bank().questions][::20]

DAY_S = 86_400.0
"""The longest that an imported session may be."""

_moments = st.floats(0, 10_000) | st.sampled_from((0.0, 1e-320, 0.3, DAY_S))


@st.composite
def answers(draw: Any) -> tuple[list[Word], list[SpeechSpan] | None, str | None, str]:
    """Words with times that go on, speech, a question or none, and a framework."""
    # a transcriber writes no half of a character
    pieces = draw(texts).encode("utf-8", "replace").decode().split()[:3000]
    steps = draw(st.lists(_moments, min_size=1, max_size=8))
    chances = draw(st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=5))
    words, clock, gaps = (
        [],
        draw(_moments),
        draw(st.lists(st.sampled_from((0.0, 0.0, 0.3, 2.0)), min_size=1, max_size=5)),
    )
    for index, piece in enumerate(pieces):
        clock = min(clock + gaps[index % len(gaps)], DAY_S)
        end_s = min(clock + steps[index % len(steps)], DAY_S)
        words.append(Word(text=piece, start_s=clock, end_s=end_s, probability=chances[index % len(chances)]))
        clock = end_s
    edges = sorted(draw(st.lists(_moments, max_size=8)))
    speech = [SpeechSpan(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    question = draw(st.none() | st.sampled_from(QUESTIONS))
    return words, draw(st.sampled_from((None, speech))), question, draw(st.sampled_from(get_args(FrameworkName)))


cases = answers()


def check(case: tuple[list[Word], list[SpeechSpan] | None, str | None, str], folder: Path) -> None:
    """Assess them and look at what is made of it."""
    words, speech, question_id, framework = case
    transcript = transcript_of_words(words)
    question = bank().get(question_id) if question_id else None
    assessment = analyzer().assess(
        transcript,
        source="take.flac",
        question=question,
        framework=None if question else framework,
        speech=None if speech is None else tuple(speech),
        recording_s=None if speech is None else DAY_S,
    )
    assert assessment.transcript.text == " ".join(word.text for word in assessment.transcript.words)
    for filler in assessment.analysis.fillers:
        assert transcript.text[filler.start_char : filler.end_char] == filler.text
    assessment.model_dump_json()
    check_outputs(assessment)
