"""The records of what is asked, heard, measured, advised and kept.

Everything here is frozen, forbids unknown keys and serializes to the JSON of ``docs/json.md``. Times are
seconds on the answer's own clock (0 = first sample of the recording). Character offsets are Python string
indices into ``Transcript.text``, end exclusive. ``None`` means "not measured", never zero.
"""

from __future__ import annotations

from voicemock.models.analysis import (
    Analysis,
    AudioProblem,
    AudioQuality,
    AudioSource,
    Coverage,
    CoverageItem,
    Evidence,
    Filler,
    LostSound,
    Ownership,
    PacePoint,
    Part,
    PartOwnership,
    Pause,
    QuantifiedResult,
    Rambling,
    Relevance,
    RelevanceKind,
    Remark,
    Repetition,
    Restatement,
    Sentence,
    Structure,
    Substance,
    Unclear,
)
from voicemock.models.debriefs import (
    AnswerOutcome,
    AskedBack,
    CompetencyEvidence,
    Debrief,
    DebriefReport,
    FollowUpCard,
    NextWork,
    Observation,
    ObservationKind,
    Pattern,
    Scorecard,
    Seen,
)
from voicemock.models.plans import (
    LONGEST_JOB_NAME,
    LONGEST_JOB_TEXT,
    Job,
    JobCard,
    PlanBlock,
    PlanItem,
    PlanItemKind,
    PracticePlan,
)
from voicemock.models.questions import (
    AsksFor,
    FoundTopic,
    Framework,
    FrameworkName,
    FrameworkPart,
    Level,
    Loop,
    LoopRound,
    Pillar,
    Question,
    QuestionSummary,
    Topic,
)
from voicemock.models.ratings import (
    HIGHEST_RATING,
    LOWEST_RATING,
    RATED_ITEMS,
    RATING_SCALE,
    RatedItem,
    Ratings,
)
from voicemock.models.sessions import (
    Answer,
    AnswerReport,
    AnswerStatus,
    AsideKind,
    Assessment,
    FailedAssessment,
    Failure,
    Feedback,
    FeedbackPoint,
    KeptAside,
    KeptFinding,
    Measured,
    OpenAnswer,
    PhrasedBy,
    Session,
    SessionReport,
    Timings,
)
from voicemock.models.stories import (
    LONGEST_NAME,
    LONGEST_NOTE,
    NOTE_FIELDS,
    STORY_PARTS,
    BankedStory,
    CoveredCompetency,
    Gap,
    GapKind,
    NextStory,
    NoteField,
    Story,
    StoryCard,
    StoryCoverage,
    StoryNotes,
    Suggestion,
)
from voicemock.models.transcript import (
    SCHEMA_VERSION,
    FileSpeaker,
    Model,
    SpeechSpan,
    Transcript,
    Word,
    transcript_of_text,
    transcript_of_words,
    visible_text,
)
