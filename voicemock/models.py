"""The vocabulary: what is asked, heard, measured, advised and kept.

Everything here is frozen, forbids unknown keys and serializes to the JSON of ``docs/json.md``. Times are
seconds on the answer's own clock (0 = first sample of the recording). Character offsets are Python string
indices into ``Transcript.text``, end exclusive. ``None`` means "not measured", never zero.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION: Final = 1
"""Version of the JSON that ``analyze --json`` and ``practice --json`` print."""


class Model(BaseModel):
    """Base of everything saved or printed: frozen, strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class SpeechSpan(NamedTuple):
    """A stretch of the recording in which somebody speaks."""

    start_s: float
    end_s: float


# --- what is asked -------------------------------------------------------------------------------------

Pillar = Literal["program_sense", "system_design", "behavioral"]
FrameworkName = Literal["star", "triage", "design"]
Level = Literal["mid", "senior", "staff"]


class QuestionSummary(Model):
    """The part of a question that travels with an analysis."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    text: str = Field(min_length=10)
    """Made to be heard: one or two sentences, no abbreviations a voice would stumble over."""
    pillar: Pillar
    framework: FrameworkName


class Question(QuestionSummary):
    """One interview question with what a strong answer to it covers."""

    competency: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    companies: tuple[str, ...] = ()
    """Lower-case names of companies known for it; empty means everywhere."""
    level: Level = "senior"
    target_min_s: float = Field(default=180.0, gt=0)
    target_max_s: float = Field(default=240.0, gt=0)
    strong_answer: tuple[str, ...] = Field(min_length=2)
    """What a strong answer covers, a phrase each."""
    common_mistakes: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _target_is_a_range(self) -> Question:
        if self.target_min_s >= self.target_max_s:
            raise ValueError("target_min_s must be below target_max_s")
        return self

    def summary(self) -> QuestionSummary:
        """Return the fields that travel with an analysis."""
        return QuestionSummary(id=self.id, text=self.text, pillar=self.pillar, framework=self.framework)


class FrameworkPart(Model):
    """One part of an answer framework, e.g. the result of a STAR story."""

    name: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$")
    title: str
    spoken: str
    """How feedback says it out loud: "the result"."""
    target_share_min: float = Field(ge=0, le=1)
    target_share_max: float = Field(ge=0, le=1)
    purpose: str
    """What this part is for, in a sentence for the candidate."""
    when_missing: str
    """What to do next time when it was not there, in a spoken sentence."""
    cues: tuple[str, ...] = ()
    """Lower-case regular expressions, each a sign that a sentence belongs here."""


class Framework(Model):
    """How an answer is meant to be built: STAR, dependency triage or system design."""

    name: FrameworkName
    title: str
    summary: str
    parts: tuple[FrameworkPart, ...] = Field(min_length=2)


class LoopRound(Model):
    """One block of a loop: so many questions on a subject."""

    title: str
    count: int = Field(ge=1)
    pillar: Pillar | None = None
    competencies: tuple[str, ...] = ()
    question_ids: tuple[str, ...] = ()


class Loop(Model):
    """The order in which a company asks: rounds of questions, with the time they take."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    summary: str
    company: str | None = None
    minutes: float = Field(gt=0)
    rounds: tuple[LoopRound, ...] = Field(min_length=1)


# --- what was heard ------------------------------------------------------------------------------------


class Word(Model):
    """One spoken word, punctuation attached, no spaces inside."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    probability: float | None = Field(default=None, ge=0, le=1)
    heard_as: Literal["word", "sound"] = "word"
    """``sound``: a filled pause that the transcriber did not write; it was found in the audio alone, and its
    probability is the share of the sound that is steady."""


class Transcript(Model):
    """What was said, verbatim.

    For audio, ``text`` is the word texts joined by single spaces. For a transcript given as text it is the
    text unchanged, and the words carry no times.
    """

    text: str
    language: str | None = None
    engine: str | None = None
    """Engine and model that wrote it ("faster-whisper base int8"); None for a text given by the user."""
    words: tuple[Word, ...] = ()


# --- what was measured ---------------------------------------------------------------------------------


class Filler(Model):
    """A filled pause ("um") or a discourse marker that carries no meaning ("you know")."""

    text: str
    kind: Literal["filled_pause", "discourse_marker"]
    heard_as: Literal["word", "sound"] = "word"
    """``sound``: Whisper wrote nothing; the filled pause was found in the audio alone."""
    start_s: float | None = None
    end_s: float | None = None
    probability: float | None = None
    start_char: int
    end_char: int


class Repetition(Model):
    """Words that were taken back at once: said again, or begun again differently. No filler."""

    text: str
    """The words taken back, not those that replace them: the first "I" of "I, I think"."""
    kind: Literal["repetition", "false_start"]
    """``repetition``: the same words follow. ``false_start``: the clause, phrase or word is begun again differently."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class Pause(Model):
    """A stretch of 1.0 s or more without speech inside the answer, measured on the audio."""

    start_s: float
    end_s: float
    kind: Literal["silent", "filled"] = "silent"
    """``filled``: a filled pause stands beside it."""
    place: Literal["within_clause", "between_clauses", "between_sentences"] = "within_clause"


class PacePoint(Model):
    """How fast one stretch of the answer was."""

    start_s: float
    end_s: float
    words_per_minute: float


class Unclear(Model):
    """A stretch that was not understood: doubtful words, or speech for which there is no word (``text`` is empty)."""

    text: str
    start_s: float
    end_s: float
    start_char: int
    end_char: int
    probability: float | None = None
    """Mean over the words."""


AudioProblem = Literal["noisy", "quiet", "clipped"]


class AudioQuality(Model):
    """How well the recording can be understood. Levels are medians, in decibels below full scale."""

    speech_db: float | None
    noise_db: float | None
    """Of what is no speech; None where there is less than half a second of it."""
    speech_over_noise_db: float | None
    clipped_share: float | None
    """Of the samples of speech, those at full scale, 0 to 1."""
    problems: tuple[AudioProblem, ...]
    """What makes counts unreliable."""


class Sentence(Model):
    """A sentence of the answer and the framework part it belongs to; ``part`` is None if it fits nowhere."""

    text: str
    part: str | None = None
    score: float | None = Field(default=None, ge=0, le=1)
    """How likely the part is, by the trained model; None without a part, or where rules alone decided."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class Part(Model):
    """How much of the answer a framework part took."""

    name: str
    present: bool
    duration_s: float | None = None
    share: float | None = None
    """Of the seconds of all labelled sentences; of their words when there are no times."""


class Structure(Model):
    """The answer seen through its framework."""

    framework: FrameworkName
    sentences: tuple[Sentence, ...]
    parts: tuple[Part, ...]
    missing: tuple[str, ...]


class QuantifiedResult(Model):
    """A measured outcome: ``text`` is the number phrase, ``quote`` the sentence it stands in."""

    text: str
    quote: str
    part: str | None = None
    value: float | None = None
    """What was reached, or the size of the change; the lower end of a range; None when it is not a plain number."""
    value_from: float | None = None
    """What it was before, in the same unit, where both were said."""
    value_max: float | None = None
    """The upper end of a range ("20 to 30 percent")."""
    unit: str | None = None
    """What it counts: "%", "points", "x" (times), "USD", "ms", "weeks", "incidents"; with "per day" where said."""
    direction: Literal["up", "down"] | None = None
    """Which way the measured thing went; None when it was not said."""
    rule: str | None = None
    """The phrase of ``prompts/lexicons/outcomes.yaml`` that found it."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class Remark(Model):
    """Words of the answer that a rule recognized: ``text`` is what it saw, ``quote`` the sentence it stands in."""

    kind: str
    rule: str
    """Name of the entry in ``prompts/`` that fired."""
    confidence: float = Field(ge=0, le=1)
    """How often we expect the rule to be right; below 0.7 the feedback does not speak of it."""
    text: str
    quote: str
    part: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class PartOwnership(Model):
    """Who acts in the sentences of a part."""

    part: str | None
    """None: the sentences that belong to no part."""
    i: int
    we: int
    we_share: float | None
    """Of the two together; None where neither was said."""


class Ownership(Model):
    """How often "I" and "we" do something; "I think" and the like are not counted."""

    i: int
    we: int
    we_share: float | None
    by_part: tuple[PartOwnership, ...]


class Substance(Model):
    """What the sentences show: what any coordinator does, or what a technical program manager is asked for."""

    remarks: tuple[Remark, ...]
    """Kinds: coordination, technical, decision, trade_off, risk."""
    sentences: dict[str, int]
    """Sentences of each kind."""
    coordination_share: float | None
    """Sentences with coordination alone, of all that show any kind; None where none does."""


class Restatement(Model):
    """A statement that says again what another one has said."""

    quote: str
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int
    first_quote: str
    first_start_s: float | None = None
    first_start_char: int
    first_end_char: int
    rule: str
    confidence: float = Field(ge=0, le=1)
    overlap: float = Field(ge=0, le=1)
    """Content words that the two share, of those of the shorter one."""


class Rambling(Model):
    """Signs that an answer does not get to its point."""

    repeated: tuple[Restatement, ...]
    background_share: float | None
    """Situation and task, of the time of all labeled sentences (of their words in a text); None but for stories."""
    landing: Remark | None
    """The sentence near the end that says what came of it or what it meant; None where there is none."""


class CoverageItem(Model):
    """One move or trade-off of a checklist, and the words that cover it."""

    name: str
    title: str
    part: str | None = None
    """Part of the framework that it belongs to."""
    kind: Literal["move", "trade_off"]
    say: str
    """What to say of it, as the object of "say"."""
    expected: bool
    """Whether every answer needs it, or this question asks for it."""
    covered: Remark | None


class Coverage(Model):
    """Which moves and trade-offs of a checklist the answer covered."""

    checklist: str
    items: tuple[CoverageItem, ...]
    covered: int
    """Expected items that were covered."""
    expected: int
    missing: tuple[str, ...]
    """Names of the expected items that were not."""


RelevanceKind = Literal[
    "on_topic",
    "unclear",
    "off_topic",
    "empty",
    "question_read",
    "no_answer",
    "other_language",
    "repeated_word",
    "hostile",
]


class Relevance(Model):
    """Whether the words answer the question at all."""

    kind: RelevanceKind
    rule: str
    confidence: float = Field(ge=0, le=1)
    quote: str | None = None
    """The sentence it rests on, the first where it rests on them all; None where the question was answered."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int | None = None
    end_char: int | None = None


class Analysis(Model):
    """Everything measured about one answer. Definitions: docs/metrics.md."""

    duration_s: float | None
    """First word's start to last word's end."""
    recording_s: float | None
    """Length of the audio, silence included."""
    target_min_s: float
    target_max_s: float
    length: Literal["short", "on_target", "long"] | None
    word_count: int
    """Words that are not filled pauses."""
    words_per_minute: float | None
    articulation_words_per_minute: float | None = None
    """The same words over the time in which they were spoken: without silences and filled pauses."""
    pace_curve: tuple[PacePoint, ...] | None = None
    """The pace over the answer, in stretches of about 15 s."""
    response_latency_s: float | None = None
    """From the first sample of the recording to the first word."""
    fillers: tuple[Filler, ...]
    fillers_per_minute: float | None
    repetitions: tuple[Repetition, ...] = ()
    """In the order of the text; none overlap. Empty for an answer that was kept before they were measured."""
    pauses: tuple[Pause, ...] | None
    unclear: tuple[Unclear, ...] | None = None
    audio_quality: AudioQuality | None = None
    structure: Structure | None
    quantified_results: tuple[QuantifiedResult, ...]
    background_numbers: tuple[Remark, ...] = ()
    """Numbers in the situation or the task that are no outcomes: how things were or should become."""
    ownership: Ownership | None = None
    weak_language: tuple[Remark, ...] = ()
    """Kinds: hedge ("kind of helped"), weak_verb ("tried to"), passive ("it was decided", in what was done)."""
    substance: Substance | None = None
    rambling: Rambling | None = None
    jargon: tuple[Remark, ...] = ()
    """Technical terms and abbreviations without a word on what they are or do, the first time each was said."""
    early_complexity: tuple[Remark, ...] = ()
    """Of a design: what was built before anything simple stood."""
    coverage: Coverage | None = None
    """None for a story: checklists exist for triage and design."""
    relevance: Relevance | None = None
    """None where no word was said."""


# --- what is advised -----------------------------------------------------------------------------------


class FeedbackPoint(Model):
    """One remark, tied to the candidate's own words and the moment they were said."""

    kind: Literal["strength", "priority"]
    text: str
    quote: str | None = None
    start_s: float | None = None


class Feedback(Model):
    """What the interviewer says after the answer, and the same in writing."""

    spoken: str
    points: tuple[FeedbackPoint, ...]


# --- what is kept and printed --------------------------------------------------------------------------


class Assessment(Model):
    """One analyzed answer: the object that ``analyze --json`` prints."""

    schema_version: Literal[1] = SCHEMA_VERSION
    source: str
    question: QuestionSummary | None
    transcript: Transcript
    analysis: Analysis
    feedback: Feedback


class Failure(Model):
    """What went wrong with one input."""

    kind: str
    message: str


class FailedAssessment(Model):
    """What ``analyze --json`` prints for an input that could not be analyzed."""

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


class Answer(Model):
    """One answer of a session as it is kept."""

    position: int = Field(ge=1)
    """Place in the session, counted from 1."""
    status: AnswerStatus
    question: Question
    recorded_at: AwareDatetime
    audio_file: str | None
    """File name inside the session's folder; None when nothing was recorded."""
    assessment: Assessment | None
    """None while the answer is recorded but not analyzed (skipped or interrupted)."""
    timings: Timings | None


class Session(Model):
    """One interview."""

    id: str
    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    loop: str | None = None
    voicemock_version: str


class AnswerReport(Assessment):
    """An analyzed answer of an interview: an ``analyze`` object, whose source is the recording, with its timings."""

    status: AnswerStatus
    timings: Timings


class SessionReport(Model):
    """The line that ``practice --json`` prints at the end."""

    schema_version: Literal[1] = SCHEMA_VERSION
    session: Session
    answers: tuple[AnswerReport, ...]
