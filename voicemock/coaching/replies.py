"""Feedback on short turns: the reply to a follow-up, and the questions that the candidate asks back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from voicemock.analysis.evidence import LIKELY
from voicemock.analysis.replies import SOON, Reply, find_reply
from voicemock.analysis.spoken_text import Statement, statements_in
from voicemock.coaching.cues import load_cues
from voicemock.coaching.findings import Finding, HeardAnswer, counted, length_values
from voicemock.coaching.quoting import quoting, quoting_first
from voicemock.coaching.wording import worded_feedback
from voicemock.content.wording import FeedbackPhrases
from voicemock.models import Analysis, AsksFor, Feedback, Sentence, Transcript

FEWEST_WORDS: Final = 4
"""Fewer words are no reply, unless they hold what was asked for ("about forty percent")."""
FEWEST_MARKED_WORDS: Final = 2
"""Of a question that begins and ends like one: "Who decides?"."""
EVIDENCE_OF: Final[Mapping[AsksFor, tuple[str, ...]]] = MappingProxyType(
    {
        "number": ("outcome_figure", "before_after", "impact_sized", "metric", "cost"),
        "decision": ("decision",),
        "trade_off": ("trade_off", "cost"),
        "own_part": ("speaker_acts",),
        "reason": ("reason", "trade_off", "risk", "data_used"),
        "risk": ("risk", "mitigate", "failure_handling"),
        "lesson": ("lesson", "own_mistake"),
        "mechanism": ("mechanism", "component", "scaling", "failure_handling", "operations", "telling_test"),
        "position": ("decision", "trade_off", "negotiate", "re_scope"),
    }
)
"""Names of ``prompts/evidence.yaml`` that show what a follow-up asks for."""
LOOSELY_WORDED: Final[Mapping[AsksFor, float]] = MappingProxyType(
    {"number": 0.1, "own_part": 0.1, "reason": 0.1, "lesson": LIKELY, "mechanism": LIKELY, "position": LIKELY}
)
"""Their phrases stand in sentences about other things, too ("the third week", "I would ask him because ..."), so they
prove something only where the reader gives a sentence at least this."""
LONG_BY: Final = 1.25
"""Times the target of a reply."""
_NOT_FOR_REPLIES: Final = frozenset({"off_topic", "question_read"})
"""Unsure for a few sentences, so only whole answers are judged by them."""
ENOUGH: Final = 2
"""A single question looks dutiful."""
_OPENER: Final = re.compile(
    r"(?:(?:um|uh|so|and|okay|yeah|yes|well|then|also|first|second|maybe|i guess|just|my (?:\w+ )?question is)[,\s]+)*",
    re.IGNORECASE,
)
_SECOND: Final = re.compile(
    r"(?<=[\w']),?(?: and(?: also| then)?| also)(?:,? (?:second|secondly|then))?,? "
    r"(?=(?:how|what|what's|which|where|when|why|who)\b (?!i\b)|(?:is|are|do|does|did|can|could|would|will|has|have) "
    r"(?:the|there|you|it|they|we|your|any|this|that|people)\b)",
    re.IGNORECASE,
)
"""Between two questions in one sentence."""
_SUBJECTS: Final = frozenset({"i", "we", "you", "he", "she", "it", "they", "this", "that", "there"})
_WISH: Final = re.compile(
    r"\b(?:i(?:'d| would) (?:like|love) to (?:know|ask|hear)|i(?: a|')m curious|wonder(?:ing)?)\b", re.IGNORECASE
)


def judge_reply(
    asks_for: AsksFor,
    analysis: Analysis,
    transcript: Transcript,
    statements: tuple[Statement, ...] | None = None,
) -> Reply:
    """Return what a reply held of what was asked for, with the sentence that shows it.

    Args:
        asks_for: What the follow-up wants to hear.
        analysis: Of the reply.
        transcript: Of the reply.
        statements: The sentences of the reply with their words; computed if None.
    """
    if not transcript.text.strip() or analysis.structure is None:
        return Reply(holds=False)
    reply = find_reply(asks_for, analysis, statements or statements_in(analysis.structure.sentences))
    return _by_evidence(asks_for, reply, analysis)


def _by_evidence(asks_for: AsksFor, reply: Reply, analysis: Analysis) -> Reply:
    """Hold a reply's proof against the reader's evidence: the sentence that most surely shows it proves it.

    Where the reader finds nothing of the kind in any sentence, a phrase alone proves nothing. What was measured does.
    """
    names, evidence, structure = EVIDENCE_OF[asks_for], analysis.evidence, analysis.structure
    if not reply.holds or reply.sentence is None or evidence is None or structure is None:
        return reply
    sentences = structure.sentences[: len(evidence.sentences)]
    likely = [max(row.get(name, 0.0) for name in names) for row in evidence.sentences[: len(sentences)]]
    shown = next((i for i, each in enumerate(sentences) if each.start_char == reply.sentence.start_char), None)
    if asks_for == "number" and analysis.quantified_results:
        measured = [_sentence_at(each.start_char, sentences) for each in analysis.quantified_results]
        best = max((each for each in measured if each is not None), key=likely.__getitem__, default=None)
    else:
        best = max(range(len(likely)), key=likely.__getitem__, default=None)
        if best is not None and likely[best] < LOOSELY_WORDED.get(asks_for, 0.0):
            return Reply(holds=None)
        best = None if best is None or shown is None or likely[shown] >= LIKELY or likely[best] < LIKELY else best
    if best is None or best == shown:
        return reply
    numbers = [each for each in analysis.quantified_results if _sentence_at(each.start_char, sentences) == best]
    focus = (numbers[0].start_char, numbers[0].end_char) if numbers else None
    return replace(reply, sentence=sentences[best], focus=focus, is_soon=best < SOON)


def _sentence_at(char: int, sentences: Sequence[Sentence]) -> int | None:
    return next((i for i, each in enumerate(sentences) if each.start_char <= char < each.end_char), None)


def give_feedback_on_reply(heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases) -> Feedback:
    """Say whether a reply held what was asked for, with the words that show it."""
    strengths, priorities = find_in_reply(heard, transcript)
    return worded_feedback((*strengths[:1], *priorities[:1]), heard, transcript, phrases)


def find_in_reply(heard: HeardAnswer, transcript: Transcript) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the strengths and the priorities of a reply, the most important first."""
    nothing = heard.no_answer if heard.no_answer and heard.no_answer.name not in _NOT_FOR_REPLIES else None
    asks_for = heard.question.asks_for if heard.question else None
    reply = judge_reply(asks_for, heard.analysis, transcript, heard.statements) if asks_for else Reply(holds=None)
    if nothing and not reply.holds:
        return (), (Finding("reply_open", {}, nothing.evidence or quoting_first(heard.sentences)),)
    if reply.holds:
        return (Finding("reply_held", {}, quoting(reply.sentence, focus=reply.focus)),), tuple(_after_all(heard, reply))
    if heard.analysis.word_count < FEWEST_WORDS:
        return (), (Finding("reply_open"),)
    if reply.is_evasive:
        return (), (Finding("reply_open", {}, quoting_first(heard.sentences)),)
    if reply.holds is False:
        return (), (Finding("reply_missing", {}, quoting_first(heard.sentences)), *_too_long(heard))
    return (), (*_too_long(heard), Finding("reply_heard", {}, quoting_first(heard.sentences)))


def _after_all(heard: HeardAnswer, reply: Reply) -> Iterator[Finding]:
    """Yield what could be better about a reply that holds what was asked for."""
    if not reply.is_soon:
        yield Finding("reply_late", {}, quoting(reply.sentence, focus=reply.focus))
    yield from _too_long(heard)


def _too_long(heard: HeardAnswer) -> Iterator[Finding]:
    duration_s = heard.analysis.duration_s
    if duration_s is not None and duration_s > LONG_BY * heard.analysis.target_max_s:
        yield Finding("reply_long", length_values(heard, duration_s))


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of the candidate.

    Attributes:
        sentence: What was said.
        is_deep: True if it asks about the work, its difficulty or how success is judged.
        is_shallow: True if a recruiter or the company's website could answer it.
    """

    sentence: Sentence
    is_deep: bool
    is_shallow: bool


def give_feedback_on_asking(heard: HeardAnswer, transcript: Transcript, phrases: FeedbackPhrases) -> Feedback:
    """Say how many questions the candidate asked, and which was the best."""
    strength, priority = find_in_asking(questions_in(heard))
    return worded_feedback((*((strength,) if strength else ()), priority), heard, transcript, phrases)


def questions_in(heard: HeardAnswer) -> tuple[AskedQuestion, ...]:
    """Return the questions among the sentences, recognized by their mark or by how they begin."""
    found: list[AskedQuestion] = []
    for whole in heard.statements:
        asks_already = False
        for statement in _pieces_of(whole):
            asked = _asked(statement, follows=asks_already)
            asks_already = asks_already or asked is not None
            found += [asked] if asked else []
    return tuple(found)


def _asked(statement: Statement, *, follows: bool) -> AskedQuestion | None:
    """Return a sentence, or a piece of one, as a question; None if it is none.

    Args:
        statement: The sentence or piece.
        follows: Whether a question stands before it in the same sentence.
    """
    cues, sentence = load_cues(), statement.sentence
    words = _OPENER.sub("", sentence.text, count=1).lower().split()
    begins = bool(words) and words[0].strip(",.?!") in cues["opens"]
    opens = begins and (follows or not _tells(words))
    is_marked = sentence.text.rstrip().endswith("?")
    fewest = FEWEST_MARKED_WORDS if begins and (is_marked or follows) else FEWEST_WORDS
    if len(words) < fewest or not (is_marked or opens or _WISH.search(sentence.text)):
        return None
    is_shallow = cues.hears("shallow", statement)
    return AskedQuestion(sentence, cues.hears("deep", statement) and not is_shallow, is_shallow)


def _pieces_of(statement: Statement) -> tuple[Statement, ...]:
    """Return a sentence in pieces where a second question begins in it: "how do you plan, and who decides?"."""
    sentence = statement.sentence
    joints = list(_SECOND.finditer(sentence.text))
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(sentence.text)]
    pieces = []
    for start, end in zip(starts, ends, strict=True):
        first, last = sentence.start_char + start, sentence.start_char + end
        piece = sentence.model_copy(update={"text": sentence.text[start:end], "start_char": first, "end_char": last})
        words = tuple(word for word in statement.words if first <= word.start_char < last)
        pieces.append(Statement(piece, words))
    is_cut = all(len(piece.words) >= FEWEST_MARKED_WORDS for piece in pieces)
    return tuple(pieces) if is_cut else (statement,)


def find_in_asking(asked: tuple[AskedQuestion, ...]) -> tuple[Finding | None, Finding]:
    """Return the strength of the questions, if any, and what to aim for."""
    values = counted(len(asked))
    deep = [each for each in asked if each.is_deep]
    best = max(deep, key=lambda each: len(each.sentence.text.split()), default=None)
    strength = Finding("asked_well", {}, quoting(best.sentence)) if best is not None else None
    if not asked:
        return None, Finding("asked_nothing")
    if best is None:
        return None, Finding("asked_shallow", values, quoting(asked[0].sentence))
    if len(asked) < ENOUGH:
        return strength, Finding("asked_once", {}, quoting(best.sentence))
    return strength, Finding("asked_enough", values)


def _tells(words: list[str]) -> bool:
    """Return whether words that begin like a question are a clause: "when I arrived", "what we learned"."""
    return len(words) > 1 and words[0].startswith(("wh", "how")) and words[1] in _SUBJECTS
