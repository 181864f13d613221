"""The measures of one answer: of its delivery and of its content."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voicemock.models.prosody import Prosody
from voicemock.models.questions import FrameworkName
from voicemock.models.transcript import Model


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
    articulation_words_per_minute: float | None = None
    """Over the time in which words are spoken; None without sound, and for less than a second of it."""


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
    """Reasons why counts are unreliable."""


class LostSound(Model):
    """Sound of a file that could not be decoded. It is left out: the times go on as if it were not there."""

    at_s: float = Field(ge=0)
    """Where it is missing, on the answer's clock."""
    lost_s: float = Field(ge=0)


class AudioSource(Model):
    """What of an audio file was heard. Numbers count from 1."""

    track: int
    tracks: int
    """Audio tracks in the file; the one with the voice is heard."""
    channels: int
    heard_channels: tuple[int, ...]
    is_inverted: bool
    """Whether a channel had the opposite polarity of the others."""
    lost: tuple[LostSound, ...]
    """In the order of the sound."""

    @property
    def lost_s(self) -> float:
        """Seconds that could not be decoded."""
        return sum(each.lost_s for each in self.lost)


class Sentence(Model):
    """A sentence of the answer and the framework part it belongs to; ``part`` is None if it fits nowhere."""

    text: str
    part: str | None = None
    score: float | None = Field(default=None, ge=0, le=1)
    """How likely the part is, by the trained model; None without a part, or where rules alone decided."""
    borders: float | None = Field(default=None, ge=0, le=1)
    """How likely it begins and ends there, where no punctuation says so; None where it does."""
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
    """The level reached, or the size of the change; the lower end of a range; None when it is not a plain number."""
    value_from: float | None = None
    """The level before, in the same unit, where both were said."""
    value_max: float | None = None
    """The upper end of a range ("20 to 30 percent")."""
    unit: str | None = None
    """Counted thing: "%", "points", "x" (times), "USD", "ms", "weeks", "incidents"; with "per day" where said."""
    direction: Literal["up", "down"] | None = None
    """Which way the measured thing went; None when it was not said."""
    rule: str | None = None
    """The phrase of ``prompts/patterns/outcomes.yaml`` that found it."""
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
    """Expected share of right findings of the rule; below 0.7 the feedback does not mention it."""
    text: str
    quote: str
    part: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    start_char: int
    end_char: int


class Reflection(Model):
    """Whether an answer says what was learned, where its question asks for that: a fifth part of a story."""

    is_there: bool | None
    """None where that cannot be told."""
    quote: str | None = None
    """The sentence that says it; None without one."""
    start_s: float | None = None
    start_char: int | None = None
    end_char: int | None = None


class PartOwnership(Model):
    """How often "I" and "we" act in the sentences of a part."""

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
    """The kinds of work that the sentences show: coordination, or the work of a technical program manager."""

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
    """The sentence near the end that tells the outcome or its meaning."""


class CoverageItem(Model):
    """One move or trade-off of a checklist, and the words that cover it."""

    name: str
    title: str
    part: str | None = None
    """Part of the framework that it belongs to."""
    kind: Literal["move", "trade_off"]
    say: str
    """The object of "say" in advice about it."""
    expected: bool
    """True if every answer needs it, or this question asks for it."""
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
    """The judgment whether the words answer the question at all."""

    kind: RelevanceKind
    rule: str
    confidence: float = Field(ge=0, le=1)
    quote: str | None = None
    """The sentence it rests on, or the first of all; None where the question was answered."""
    start_s: float | None = None
    end_s: float | None = None
    start_char: int | None = None
    end_char: int | None = None


class Evidence(Model):
    """What the reader found: probabilities by name; what is less likely than 0.01 is left out."""

    sentences: tuple[dict[str, float], ...]
    """For each sentence of the structure what is in it: the names of ``prompts/evidence.yaml``."""
    verdicts: dict[str, float]
    """What may be said about the whole answer: docs/reader.md."""


class Analysis(Model):
    """Everything measured about one answer. Definitions: docs/metrics.md."""

    analysis_version: int | None = None
    """Version of the rules that made it; None for one that was kept before they were counted."""
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
    prosody: Prosody | None = None
    """None for a text, for a recording that is too poor, too short or whispered, and before it was measured."""
    audio_quality: AudioQuality | None = None
    audio_source: AudioSource | None = None
    """None for a text, for what was spoken into a microphone, and for what was kept before this was looked at."""
    structure: Structure | None
    evidence: Evidence | None = None
    """None where no word was said, and for an answer that was kept before there was a reader."""
    quantified_results: tuple[QuantifiedResult, ...]
    background_numbers: tuple[Remark, ...] = ()
    """Numbers in the situation or the task that are no outcomes: how things were or should become."""
    ownership: Ownership | None = None
    weak_language: tuple[Remark, ...] = ()
    """Kinds: hedge ("kind of helped"), weak_verb ("tried to"), passive ("it was decided", in what was done)."""
    substance: Substance | None = None
    rambling: Rambling | None = None
    headline_s: float | None = None
    """When the first sentence that tells a result begins; None where none was found, or there are no times."""
    jargon: tuple[Remark, ...] = ()
    """Technical terms and abbreviations without a word on what they are or do, the first time each was said."""
    early_complexity: tuple[Remark, ...] = ()
    """Of a design: what was built before anything simple stood."""
    coverage: Coverage | None = None
    """None for a story: checklists exist for triage and design."""
    reflection: Reflection | None = None
    """None where the question does not ask for what was learned."""
    relevance: Relevance | None = None
    """None where no word was said, and where there was no question and nothing else says that it is no answer."""
