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
    Reflection,
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
    LevelView,
    NextWork,
    Observation,
    ObservationKind,
    Pattern,
    RepeatedStory,
    ReviewedAnswer,
    ScopeRemark,
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
from voicemock.models.prosody import OneNote, Prosody, ProsodyStretch, SentenceEnd
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
    ScopeKind,
    Topic,
    VoiceName,
)
from voicemock.models.ratings import (
    HIGHEST_RATING,
    LOWEST_RATING,
    RATED_ITEMS,
    RATING_SCALE,
    RatedItem,
    Ratings,
)
from voicemock.models.real_interviews import (
    LONGEST_ASKED,
    LONGEST_COMPANY,
    LONGEST_ROUND,
    MOST_ASKED,
    OUTCOMES,
    Agreement,
    ComparedMeasure,
    Outcome,
    PracticeUnit,
    RealInterview,
    RealInterviewCard,
    RealInterviews,
    Relation,
)
from voicemock.models.reviews import (
    LONGEST_COMMENT,
    LONGEST_QUOTE,
    LONGEST_REVIEWER,
    MOST_COMMENTS,
    MOST_REVIEWS,
    MentorComment,
    MentorReview,
    SentAnswer,
    SentComment,
    SentReview,
    hash_of_transcript,
)
from voicemock.models.rewriting import Rewritten, RewrittenPart, RewrittenSentence, WordedBy
from voicemock.models.second_opinion import Heard, Opinion, SecondOpinion, Standing
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
from voicemock.models.tightening import CutReason, Tightened, Tightness, TightSentence, WordsCut
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
    word_spans,
)
