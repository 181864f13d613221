"""Asides: words that a candidate says to the interviewer instead of answering, such as "could you repeat that?".

Decided from the words of a short utterance that quiet follows, and conservatively: what tells anything is an answer,
and a request that is quoted in a story is part of the story.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from voicemock.analysis.amounts import NUMBER_WORDS
from voicemock.analysis.phrasebook import Phrases
from voicemock.analysis.rambling import stem
from voicemock.analysis.spoken_text import Statement
from voicemock.coaching.spoken_numbers import spoken_length
from voicemock.content.styles import AS_IN_THE_ROOM, ASK_AWAY, ASSUME, ASSUME_THE_REST, TAKE_YOUR_TIME, UP_TO_YOU
from voicemock.interview.turn_taking import as_statement, words_of
from voicemock.models import AsideKind, Question, SpeechSpan, Word
from voicemock.speech.transcription import Aside

QUIET_S: Final[dict[AsideKind, float]] = {
    "stop": 2.0,
    "skip": 1.5,
    "repeat": 1.5,
    "clarify": 2.0,
    "time": 2.0,
    "settle": 4.0,
}
"""Silence after which an aside is replied to. Who has only said "okay, good question" is left alone for longer."""
QUIET_WITHIN_S: Final = 4.0
"""Within an answer, who asks themselves a question has gone on before this."""
MOST_WORDS: Final = 30
"""An aside of more words tells something."""
APART_S: Final = 0.7
"""A gap between two words that ends a sentence, whatever the punctuation."""
BREATH_S: Final = 0.5
"""A shorter gap lets what stands before a request ("he asked me") introduce it."""
QUESTION_WORDS: Final = 25
"""A longer question is a thought of the candidate's."""
MOST_TO_ASK: Final = 12
"""Words of "may I ask a question first?", or "how long should my answer be?"."""
OFF_BY_S: Final = 1.0
"""Word times may be this far off the silence before the word."""
MARGIN_S: Final = 0.39
"""Kept before the first sound of an aside, as before a chunk."""

_RANKS: Final[tuple[AsideKind, ...]] = ("stop", "skip", "repeat", "clarify", "time", "settle")
"""The most pressing first: of several requests that is the one to reply to."""
_IN_ORDER: Final[tuple[AsideKind, ...]] = ("stop", "skip", "repeat", "time")
_QUESTIONS: Final = frozenset({"triage", "design", "program", "diagnose"})
_FILLED: Final = frozenset(
    {"um", "uh", "uhm", "er", "erm", "hm", "hmm", "oh", "ah", "sorry", "okay", "ok", "just", "so"}
)
_OPENERS: Final = (("wait",), ("excuse", "me"), ("apologies",), ("i'm", "sorry"), ("hang", "on"), ("hold", "on"))
_INTERROGATIVES: Final = frozenset(
    {"what", "what's", "how", "which", "could", "can", "would", "will", "i", "may", "sorry"}
)
_EMPTY: Final = frozenset(
    {
        "many",
        "much",
        "big",
        "large",
        "long",
        "often",
        "fast",
        "kind",
        "sort",
        "type",
        "assume",
        "know",
        "there",
        "should",
    }
)
"""Words of a question that say nothing of its subject."""
_NUMBERED: Final = ("how many", "how much", "how big", "how large", "how long", "how often", "how fast", "how late")


class _Phrase(NamedTuple):
    """One sentence of an utterance."""

    first: int
    """Its first word in the transcript."""
    words: tuple[str, ...]
    is_marked: bool
    """Whether a question mark ends it."""
    after_s: float
    """The gap before it."""


def phrases() -> Phrases:
    """Return the phrases of ``prompts/phrases/asides.yaml``."""
    return Phrases.load(
        "asides", "time", "time alone", "repeat", "repeat unheard", "repeat alone", "what", "skip", "skip alone",
        "stop", "stop alone", "stop surely", "asks to ask", "asks how long", "settling", "settled", "may be a reply",
        "around", "small", "tells", "reports", "asks", "asks themselves", "asks about a story",
    )  # fmt: skip


def aside_in(words: Sequence[Word], question: Question | None, speech: tuple[SpeechSpan, ...] = ()) -> Aside | None:
    """Return what the last words ask the interviewer; None if they answer.

    Args:
        words: The answer so far, after which it is quiet.
        question: None for a story told without one.
        speech: Stretches of speech, by which the aside is cut off the answer.
    """
    if question is not None and question.kind == "ask_back":
        return None  # whatever is asked there is the answer
    sentences = _sentences(words)
    asking: list[tuple[_Phrase, AsideKind]] = []
    for position in range(len(sentences) - 1, -1, -1):
        begun = any(_tells(each, question) for each in sentences[:position])
        found = _kind_of(sentences[position], question, begun=begun)
        if found is None:
            break
        asking.insert(0, (sentences[position], found))
    first = len(sentences) - len(asking)
    while asking and first and asking[0][1] == "settle":  # in mid-answer "okay" is a part of it
        asking, first = asking[1:], first + 1
    if not asking or sum(len(sentence.words) for sentence, _ in asking) > MOST_WORDS:
        return None
    if first and _is_introduced(sentences[first - 1], sentences[first]):
        return None
    kinds = [each for _, each in asking]
    kind = min(kinds, key=_RANKS.index)
    start, within = asking[0][0].first, first > 0
    return Aside(
        kind=kind,
        text=" ".join(word.text for word in words[start:]),
        from_s=_cut_s(words, start, speech) if within else 0.0,
        quiet_s=QUIET_WITHIN_S if within and kind == "clarify" else QUIET_S[kind],
        wants_time="time" in kinds,
    )


def _sentences(words: Sequence[Word]) -> list[_Phrase]:
    """Return the words in sentences, cut at full stops and at pauses."""
    edges, gaps = [0], [0.0]
    for index, (one, other) in enumerate(pairwise(words), start=1):
        gap = (other.start_s or 0.0) - (one.end_s or 0.0)
        if one.text.endswith((".", "!", "?", "\N{HORIZONTAL ELLIPSIS}")) or gap >= APART_S:
            edges.append(index)
            gaps.append(gap)
    found = []
    for (first, end), gap in zip(pairwise([*edges, len(words)]), gaps, strict=True):
        spoken = tuple(words_of(" ".join(word.text for word in words[first:end])))
        if spoken:
            found.append(_Phrase(first, spoken, words[end - 1].text.endswith("?"), gap))
    return found


def _kind_of(sentence: _Phrase, question: Question | None, *, begun: bool) -> AsideKind | None:
    """Return what a sentence asks for, "settle" if it neither asks nor answers, None if it answers.

    Args:
        sentence: The sentence.
        question: The question that was asked.
        begun: Whether something was told before it.
    """
    statement, book = as_statement(_without_opener(sentence.words)), phrases()
    plain = " ".join(sentence.words)
    if sentence.is_marked and plain in book["what"]:
        return "repeat"
    if _is_settled(sentence.words, as_statement(sentence.words), question):
        return "settle"
    is_short = not begun and len(sentence.words) <= MOST_TO_ASK
    if is_short and (book.hears("asks to ask", statement) or _asks_how_long(statement)):
        return "clarify"
    for kind in _IN_ORDER:
        if _asks(kind, sentence, statement, begun=begun, question=question):
            return kind
    return "clarify" if _clarifies(sentence, question, begun=begun) else None


def _asks(kind: AsideKind, sentence: _Phrase, statement: Statement, *, begun: bool, question: Question | None) -> bool:
    """Return whether a sentence makes a request of this kind, and tells nothing besides."""
    book = phrases()
    plain = " ".join(word for word in sentence.words if word not in _FILLED)
    bare = plain in book[f"{kind} alone"] or _is_made_of(plain, kind)
    if bare and kind == "time" and question is not None and question.asks_for == "number":
        return False  # "one minute" may be the number
    if kind == "stop" and begun and not set(sentence.words) & book["stop surely"]:
        return False
    if bare:
        return True
    if kind == "repeat" and not begun and book.hears("repeat unheard", statement):
        return _has_only_talk(statement, 0)
    if not book.hears(kind, statement):
        return False
    count = len(sentence.words)
    if begun:
        return _has_only_talk(statement, min(1, count // 5))
    is_imperative = statement.words[0].text != "i"
    if kind == "time" and is_imperative and any(m.first == 0 for m in book.only("time").find_all(statement)):
        return _has_only_talk(statement, count // 2)  # "hold on", and why
    return _has_only_talk(statement, count // 3 if sentence.is_marked else min(1, count // 5))


def _is_made_of(plain: str, kind: AsideKind) -> bool:
    """Return whether a request that stands alone, of words of the sets, is the whole sentence: "one second"."""
    statement = as_statement(plain.split())
    matches = phrases().only(f"{kind} alone").find_all(statement)
    return any(match.first == 0 and match.last == len(statement.words) - 1 for match in matches)


def _has_only_talk(statement: Statement, most: int) -> bool:
    """Return whether at most this many words are left besides requests and small words, and none that tells."""
    book = phrases()
    covered: set[int] = set()
    for name in ("time", "repeat", "repeat unheard", "skip", "stop", "settling", "around"):
        for match in book.only(name).find_all(statement):
            covered.update(range(match.first, match.last + 1))
    left = [word.text for index, word in enumerate(statement.words) if index not in covered]
    left = [word for word in left if word not in book["small"]]
    return len(left) <= most and not set(left) & book["tells"]


def _is_settled(words: tuple[str, ...], statement: Statement, question: Question | None) -> bool:
    """Return whether a sentence neither asks nor answers: "okay, good question"."""
    book = phrases()
    is_reply = question is not None and question.kind == "follow_up"
    settled = book["settled"] - (book["may be a reply"] if is_reply else frozenset())
    covered = {i for m in book.only("settling").find_all(statement) for i in range(m.first, m.last + 1)}
    settled_words = {word for phrase in settled for word in phrase.split()}
    return all(index in covered or word in settled_words for index, word in enumerate(words))


def _clarifies(sentence: _Phrase, question: Question | None, *, begun: bool) -> bool:
    """Return whether a sentence asks about the case, or what kind of story is wanted."""
    if question is None or len(sentence.words) > QUESTION_WORDS:
        return False
    book = phrases()
    bare = " ".join(_without_opener(sentence.words))
    if _begins(bare, book["asks themselves"]):
        return False
    if question.framework in _QUESTIONS:
        return _begins(bare, book["asks"]) and (sentence.is_marked or _begins(bare, _NUMBERED))
    return not begun and sentence.is_marked and _begins(bare, book["asks about a story"])


def _asks_how_long(statement: Statement) -> bool:
    """Return whether a sentence asks how long, or how detailed, the answer is to be."""
    book = phrases()
    matches = book.only("asks how long").find_all(statement)
    covered = {index for match in matches for index in range(match.first, match.last + 1)}
    left = [word.text for index, word in enumerate(statement.words) if index not in covered]
    return any(match.first == 0 for match in matches) and not set(left) & book["tells"]


def _without_opener(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a sentence without "okay, so" and the like before it."""
    book, first = phrases(), 0
    while first < len(words) - 1 and words[first] in book["settled"]:
        first += 1
    rest = words[first:]
    for opener in _OPENERS:
        if rest[: len(opener)] == opener and rest[len(opener) :][:1] and rest[len(opener)] in _INTERROGATIVES:
            return rest[len(opener) :]
    return rest


def _begins(plain: str, beginnings: frozenset[str] | tuple[str, ...]) -> bool:
    return any(plain.startswith(f"{each} ") for each in beginnings)


def _tells(sentence: _Phrase, question: Question | None) -> bool:
    """Return whether a sentence belongs to an answer."""
    return _kind_of(sentence, question, begun=False) is None


def _is_introduced(before: _Phrase, asking: _Phrase) -> bool:
    """Return whether a request is quoted: "He looked at me and said. Could you repeat that?"."""
    reports = phrases().only("reports").find_all(as_statement(before.words[-4:]))
    return bool(reports) and asking.after_s < BREATH_S


def _cut_s(words: Sequence[Word], first: int, speech: tuple[SpeechSpan, ...]) -> float:
    """Return where an aside within an answer begins: in the silence nearest to its first word, or at that word."""
    start_s = words[first].start_s or 0.0
    gaps = [
        (abs(after.start_s - start_s), before.end_s, after.start_s)
        for before, after in pairwise(speech)
        if abs(after.start_s - start_s) <= OFF_BY_S
    ]
    if not gaps:
        return start_s
    _, low_s, high_s = min(gaps)
    return max((low_s + high_s) / 2, high_s - MARGIN_S)


def reply_to(aside: Aside, question: Question | None, target: tuple[float, float] | None = None) -> str:
    """Return what the interviewer says to an aside; "" where nothing has to be said.

    Args:
        aside: What was asked.
        question: The question that was asked before; None for a story told without one.
        target: Shortest and longest good length of the answer in seconds; by default the question's.
    """
    if aside.kind == "time":
        return TAKE_YOUR_TIME
    if aside.kind == "repeat":
        return question.text if question is not None else ""
    if aside.kind != "clarify" or question is None:
        return ""
    asked = words_of(aside.text)
    if phrases().hears("asks to ask", as_statement(asked)):
        return ASK_AWAY
    if phrases().hears("asks how long", as_statement(asked)):
        return AS_IN_THE_ROOM.format(length=spoken_length(*(target or (question.target_min_s, question.target_max_s))))
    if question.framework not in _QUESTIONS:
        return UP_TO_YOU
    fact = fact_about(asked, question.text)
    return ASSUME_THE_REST.format(fact=fact) if fact else ASSUME


def fact_about(asked: Sequence[str], text: str) -> str | None:
    """Return the sentence of a question's text that speaks of what is asked; None if none does.

    Args:
        asked: The words of the candidate's question, lower case.
        text: The question as it was asked.
    """
    small = phrases()["small"] | phrases()["settled"]
    wanted = {stem(word) for word in asked if word not in small} - _EMPTY
    wants_number = _begins(" ".join(_without_opener(tuple(asked))), _NUMBERED)
    best: tuple[int, str] = (0, "")
    for sentence in _text_sentences(text):
        said = words_of(sentence)
        shared = len(wanted & {stem(word) for word in said})
        has_number = any(word in NUMBER_WORDS or word[:1].isdigit() for word in said)
        if shared > best[0] and (has_number or not wants_number):
            best = (shared, sentence)
    return best[1] or None


def _text_sentences(text: str) -> list[str]:
    return [piece.strip() for piece in text.replace("?", "?\n").replace(". ", ".\n").splitlines() if piece.strip()]
