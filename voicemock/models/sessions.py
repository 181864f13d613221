"""Feedback, assessments, answers and sessions as they are kept and printed, and the numbers followed over weeks."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import AwareDatetime, Field

from voicemock.models.analysis import Analysis, Part, RelevanceKind
from voicemock.models.questions import FrameworkName, Level, Pillar, Question, QuestionKind, QuestionSummary
from voicemock.models.ratings import Ratings
from voicemock.models.reviews import MOST_REVIEWS, MentorReview
from voicemock.models.second_opinion import SecondOpinion
from voicemock.models.stories import Story
from voicemock.models.transcript import SCHEMA_VERSION, Model, SpeechSpan, Transcript


class FeedbackPoint(Model):
    """One remark, tied to the candidate's own words and the moment they were said."""

    kind: Literal["strength", "priority"]
    name: str | None = None
    """Of the finding: "missing_result", "quantified"; None in what was kept before names were."""
    text: str
    quote: str | None = None
    start_s: float | None = None


class KeptFinding(Model):
    """Something to fix in an answer, said or not, and the words it rests on."""

    name: str
    """Stable: the key of its wording in ``prompts/feedback.yaml``."""
    severity: float
    """How much it limits the answer, from 0 to 100."""
    extent: float
    """How much of it there is, from 0 (just enough to be spoken of) to 1."""
    part: str | None = None
    """The framework part that it is about."""
    start_char: int | None = None
    """First character of its words in the transcript; None where it rests on none."""
    end_char: int | None = None
    start_s: float | None = None
    focus: tuple[int, int] | None = None
    """The characters within these words that show it."""
    values: dict[str, str] = Field(default_factory=dict)
    """Values for the placeholders of its wording."""


class PhrasedBy(Model):
    """The language model that put feedback in other words, in answers that an older voicemock kept."""

    model: str
    shares: Literal["findings", "quotes", "transcript"]
    """The part of the answer that it was allowed to see."""
    sentences: int = Field(ge=0)
    """How many sentences the spoken feedback has."""
    reworded: int = Field(ge=0)
    """How many of them are the model's; the others are the built-in coach's."""
    reason: str | None = None
    """Why none is, in a word: "late", "timeout", "unreachable", "out_of_role" ...; None where some are."""


class Feedback(Model):
    """The feedback on an answer, spoken and in writing."""

    spoken: str
    points: tuple[FeedbackPoint, ...]
    findings: tuple[KeptFinding, ...] = ()
    """Everything to fix, what limits the answer most first; ``points`` has the first of them. Empty for a reply to a
    follow-up, for questions asked back, and for what was kept before findings were."""
    drill: str | None = None
    """A small exercise for the first priority, as it is said; None where there is nothing to drill."""
    since_last: tuple[str, ...] = ()
    """Changes for better or worse since the last take of the same question or story, a sentence each."""
    phrased_by: PhrasedBy | None = None
    """The language model that worded ``spoken`` for an older voicemock; None in everything newer."""


class Assessment(Model):
    """One analyzed answer: the object that ``analyze --json`` prints."""

    schema_version: Literal[1] = SCHEMA_VERSION
    source: str
    question: QuestionSummary | None
    transcript: Transcript
    analysis: Analysis
    feedback: Feedback


class Failure(Model):
    """The error of one input."""

    kind: str
    message: str


class FailedAssessment(Model):
    """The output of ``analyze --json`` for an input that could not be analyzed."""

    schema_version: Literal[1] = SCHEMA_VERSION
    source: str
    error: Failure


class Timings(Model):
    """When things happened, on the microphone's clock: seconds of microphone audio since listening first opened.

    The last two are ``declared_over_s`` plus the wall-clock delay after it. All but the first are None where
    there was no speech.
    """

    question_ended_s: float
    speech_started_s: float | None = None
    speech_ended_s: float | None = None
    declared_over_s: float | None = None
    transcript_complete_s: float | None = None
    feedback_started_s: float | None = None


AnswerStatus = Literal["answered", "no_speech", "skipped", "interrupted"]

AsideKind = Literal["time", "repeat", "clarify", "skip", "stop", "settle"]
"""What a candidate asks the interviewer for: time, the question again, a clarification, to skip, to stop; "settle" asks
for nothing and answers nothing ("okay, good question")."""


class KeptAside(Model):
    """Words that were said to the interviewer and are no part of the answer."""

    kind: AsideKind
    text: str
    at_s: float
    """When the recording of them begins, on the microphone's clock."""
    audio_file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """File name inside the session's folder."""


class Answer(Model):
    """One answer of a session as it is kept."""

    position: int = Field(ge=1)
    """Place in the session, counted from 1."""
    status: AnswerStatus
    question: Question | None
    """None for a story that was told without one."""
    follows: int | None = Field(default=None, ge=1)
    """Position of the answer that this one's question probes; None for a question of its own."""
    recorded_at: AwareDatetime
    audio_file: str | None = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """File name inside the session's folder; None when nothing was recorded."""
    speech: tuple[SpeechSpan, ...] | None = None
    """Where the recording holds speech; None for a text, and for an answer that was kept before it was noted."""
    assessment: Assessment | None
    """None while the answer is recorded but not analyzed (skipped or interrupted)."""
    timings: Timings | None
    """None for a take that was imported."""
    overflows: int | None = Field(default=None, ge=0)
    """How often sound was dropped because the computer was too busy; None where it cannot be (an audio file)."""
    asides: tuple[KeptAside, ...] = ()
    """What was said to the interviewer meanwhile."""
    is_cut_off: bool = False
    """True if something else ended it than the candidate: a key that leaves, a lost microphone, a crash."""
    self_rating: Ratings | None = None
    """The candidate's own view, given before the feedback; None where it was not asked for, or all was skipped."""
    second_opinion: SecondOpinion | None = None
    """What a language model on this machine made of it; None where none was asked."""
    reviews: tuple[MentorReview, ...] = Field(default=(), max_length=MOST_REVIEWS)
    """What other people said of it, in the order in which they were imported."""


class Session(Model):
    """One interview, or one telling of a story."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")
    """Also the name of the folder of its recordings, and nothing but a name."""
    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    loop: str | None = None
    story: str | None = None
    """Name of the story that was told; None for an interview."""
    level: Level | None = None
    """The level that was practiced for; None where none was chosen."""
    voicemock_version: str


class OpenAnswer(Model):
    """An answer in progress: everything needed to store its recording after a crash."""

    schema_version: Literal[1] = SCHEMA_VERSION
    session: Session
    story: Story | None = None
    """The story that is told."""
    position: int = Field(ge=1)
    question: Question | None
    follows: int | None = Field(default=None, ge=1)
    recorded_at: AwareDatetime


class AnswerReport(Assessment):
    """An analyzed answer of an interview: an ``analyze`` object, whose source is the recording, with its timings."""

    status: AnswerStatus
    follows: int | None = Field(default=None, ge=1)
    """Position in the session of the answer that this one's question probes; None for a question of its own."""
    timings: Timings | None
    """None for a take that was imported: no interview asked for it."""
    overflows: int | None = Field(default=None, ge=0)
    """How often sound was dropped because the computer was too busy; None where it cannot be (an audio file)."""
    self_rating: Ratings | None = None
    """The candidate's own view, given before the feedback; None without one."""
    second_opinion: SecondOpinion | None = None
    """What a language model on this machine made of it; None where none was asked."""
    reviews: tuple[MentorReview, ...] = Field(default=(), max_length=MOST_REVIEWS)
    """What other people said of it."""


class SessionReport(Model):
    """The line that ``practice --json`` prints at the end."""

    schema_version: Literal[1] = SCHEMA_VERSION
    session: Session
    answers: tuple[AnswerReport, ...]


class Measured(Model):
    """The numbers of one answer without its words. Definitions: docs/metrics.md."""

    analysis_version: int | None
    question: str | None
    """Id of the question; None for a story that was told without one."""
    kind: QuestionKind = "question"
    """Kind of the question; a story counts as an answer to a question."""
    pillar: Pillar | None
    framework: FrameworkName | None
    """None where not a word was said without a question."""
    relevance: RelevanceKind | None
    target_min_s: float
    target_max_s: float
    duration_s: float | None
    word_count: int
    words_per_minute: float | None
    filled_pauses: int
    filler_phrases: int
    pauses: int | None
    measured_results: int | None
    parts: tuple[Part, ...]
    self_rating: Ratings | None = None
    """The candidate's own view, given before the feedback; None without one."""
    pitch_sd_semitones: float | None = None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Take the numbers out of an analyzed answer.

        Raises:
            ValueError: It was not analyzed.
        """
        if answer.assessment is None:
            raise ValueError("only an analyzed answer has numbers")
        analysis, question = answer.assessment.analysis, answer.question
        structure, kinds = analysis.structure, [filler.kind for filler in analysis.fillers]
        return cls(
            analysis_version=analysis.analysis_version,
            question=question.id if question else None,
            kind=question.kind if question else "question",
            pillar=question.pillar if question else None,
            framework=structure.framework if structure else question.framework if question else None,
            relevance=analysis.relevance.kind if analysis.relevance else None,
            target_min_s=analysis.target_min_s,
            target_max_s=analysis.target_max_s,
            duration_s=analysis.duration_s,
            word_count=analysis.word_count,
            words_per_minute=analysis.words_per_minute,
            filled_pauses=kinds.count("filled_pause"),
            filler_phrases=kinds.count("discourse_marker"),
            pauses=None if analysis.pauses is None else len(analysis.pauses),
            measured_results=None if structure is None else len(analysis.quantified_results),
            parts=structure.parts if structure else (),
            self_rating=answer.self_rating,
            pitch_sd_semitones=analysis.prosody.pitch_sd_semitones if analysis.prosody else None,
        )

    @property
    def is_whole(self) -> bool:
        """Whether it is an answer of its own: the reply to a follow-up has neither a target length nor parts."""
        return self.kind == "question"

    def per_hundred_words(self, count: int) -> float | None:
        """Return how often something was said in 100 words; None without words."""
        return 100 * count / self.word_count if self.word_count else None

    @property
    def pauses_per_minute(self) -> float | None:
        """Pauses of a second or more."""
        return 60 * self.pauses / self.duration_s if self.pauses is not None and self.duration_s else None
