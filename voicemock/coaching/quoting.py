"""Chooses the quotes: which sentence shows a finding, and which exact words of it are written or said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.sentences import SentenceSpan
from voicemock.analysis.spoken_text import SpokenText, is_telling
from voicemock.models import Filler, QuantifiedResult, Remark, Repetition, Sentence, Transcript, transcript_of_text

WRITTEN_QUOTE_WORDS: Final = 30
"""Longer sentences are shortened in print: Whisper writes sentences of a hundred words."""
SPOKEN_QUOTE_WORDS: Final = 20
"""Most sentences are quoted whole: about seven seconds. With ten, two quotes of five lost their sense."""
FEWEST_OF_A_SENTENCE: Final = 6
"""A shorter sentence says little without those around it."""
_MOST_ADDED: Final = 8
"""Most words that are added to a quote to end its clause; more would be another thought."""
KEPT_SHARE: Final = 0.6
"""Of the words of a sentence that is said shortened: what comes later is often its point."""
SURE_BORDERS: Final = 0.7
"""From this probability on a sentence begins and ends where it was cut, where no punctuation says so."""
_CHARACTERS_PER_WORD: Final = 12
"""Limits a quote to this many characters a word, so that no unbroken string floods the feedback."""
_SENTENCE_END: Final = (";", ":", ".", "!", "?")
_CLAUSE_END: Final = (",", ";", ":", ".", "!", "?", "\N{EM DASH}")
_OPENERS: Final = frozenset(
    ["and", "but", "so", "then", "because", "which", "that", "where", "when", "after", "i", "we", "it", "they", "this"]
)
"""Words that a quote may begin with when the start of its sentence is cut."""
_SUBJECTS: Final = frozenset({
    "i", "we", "it", "they", "he", "she", "you", "there", "this", "that", "these", "those", "the", "a", "an", "my",
    "our", "your", "his", "her", "its", "their", "i'm", "i'd", "i've", "we'd", "we've", "it's", "they'd", "that's",
    "there's", "what", "how", "who", "nobody", "everybody", "everyone", "nothing", "if", "as", "once", "since",
    "then", "first", "second", "next", "now", "later", "in", "at", "after", "before", "within", "by", "over"
})  # fmt: skip
"""More words that a sentence begins with where no punctuation shows that it does."""
_SUBORDINATES: Final = frozenset(
    ("if", "when", "because", "while", "since", "although", "though", "unless", "once", "as")
)
"""A clause that begins with one of these says nothing without the next."""
_SUPPOSING: Final = frozenset(("if", "unless", "say", "suppose", "supposing", "assume", "assuming", "imagine"))
"""Without these words before it, what follows would be a fact."""
_BREAKS: Final = frozenset(
    ("and", "but", "so", "because", "which", "while", "when", "where", "with", "without", "until", "if")
)
"""Words before which a quote may end."""
_DANGLING: Final = frozenset({
    "a", "an", "the", "my", "our", "your", "his", "her", "its", "their", "this", "that", "these", "those", "of",
    "to", "by", "in", "on", "at", "for", "from", "with", "into", "and", "or", "but", "so", "as", "very", "is",
    "are", "was", "were", "be", "been", "had", "has", "have", "i", "we", "it", "they", "he", "she", "who", "which",
    "what", "how", "when", "where", "why", "if", "whether", "because", "than", "then", "until", "while", "after",
    "before", "about", "over", "per", "up", "out", "since", "though", "although", "not", "no", "more", "most",
    "every", "each", "some", "any", "all", "both", "one", "two", "three", "four", "would", "could", "should",
    "will", "can", "may", "might", "must", "do", "does", "did", "i'd", "we'd", "i'm", "just", "only", "also",
    "there", "get", "got", "go", "went", "kind", "sort", "like", "um", "uh"
})  # fmt: skip
"""Words that a quote should not end with when the end of its sentence is cut."""
_STARTERS: Final = frozenset(("so", "and", "but", "yeah", "yes", "well", "okay", "ok", "oh", "right", "sure"))
"""Words that only start or end a sentence. They are left out when a quote is said aloud."""
_FEWEST_WORDS: Final = 4
"""No cut for style leaves fewer words."""
FEWEST_OF_A_CLAUSE: Final = 5
"""A shorter clause says nothing by itself."""
_RANGE_WORDS: Final = 8
"""Of a range from one figure to another, most words before and after its middle."""
_SHORT: Final = 4
"""A word up to this length that ends in "ed" is no past form: "need", "red"."""
_PRONOUNS: Final = frozenset(("i", "we", "they", "he", "she", "it", "you"))
_AUXILIARIES: Final = frozenset({
    "am", "is", "are", "be", "been", "has", "have", "do", "does", "will", "would", "can", "could", "should", "may",
    "might", "must"
})  # fmt: skip
_IRREGULAR: Final = frozenset({
    "fell", "rose", "grew", "shrank", "held", "paid", "spent", "chose", "sat", "stood", "won", "spoke", "drew"
})  # fmt: skip
"""Past forms besides those by which a story is known (``prompts/phrases/relevance.yaml``)."""
_NO_SUBJECT: Final = frozenset({
    "where", "which", "who", "whose", "with", "without", "until", "than", "to", "of", "not", "because", "while"
})  # fmt: skip
"""Words that begin half a sentence."""
_COUNTING: Final = frozenset(("one", "two", "three", "four"))
"""Of the words that a cut quote should not end with, those that a sentence may: "from nine days to three"."""
_STRANDED: Final = frozenset(("on", "in", "at", "up", "out", "over", "about", "with", "to", "by", "of"))
"""Words that end a clause where a comma follows: "the cloud it runs on,"."""
_SEQUENCE: Final = frozenset(("then", "also", "first", "second", "next", "finally", "now", "again"))
_CONTRACTED: Final = re.compile(r"\w'(?:m|re|ve|ll|d|s)$")
_BEFORE_AND: Final = re.compile(r"([^,]+), (?:and|but) ")
_STUMBLE: Final = re.compile(r"\b(\w[\w']*(?: \w[\w']*){0,2}),? (?=\1\b)(\1)\b", re.IGNORECASE)
"""Words that were said twice in a row: "I wasn't, I wasn't so sure"."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a finding rests on.

    Attributes:
        start_char: First character in ``Transcript.text``.
        end_char: End of the stretch, exclusive.
        start_s: When its first word was said; None for a text.
        focus: Offsets of the words to keep when the stretch is shortened.
        is_sentence: Whether it surely begins and ends as a sentence does. If not it is shown, and not said aloud.
    """

    start_char: int
    end_char: int
    start_s: float | None
    focus: tuple[int, int] | None = None
    is_sentence: bool = True


def is_sentence(sentence: Sentence) -> bool:
    """Return whether a sentence surely begins and ends where it was cut."""
    return sentence.borders is None or sentence.borders >= SURE_BORDERS


def ends_as_a_sentence(text: str, sentence: Sentence) -> bool:
    """Return whether the words at the borders of a sentence can begin and end one, where no punctuation does."""
    words = [match.span() for match in re.compile(r"\S+").finditer(text, sentence.start_char, sentence.end_char)]
    return bool(words) and _begins_well(text, words[0]) and _ends_well(text, words[-1])


def quoting_remark(sentences: Sequence[Sentence], remark: Remark | QuantifiedResult) -> Evidence:
    """Return the sentence of a remark or an outcome as evidence, its words in focus."""
    focus = (remark.start_char, remark.end_char)
    holding = next((s for s in sentences if s.start_char <= remark.start_char < s.end_char), None)
    return quoting(holding, focus=focus) or Evidence(*focus, remark.start_s)


def most_quotable(candidates: Sequence[Sentence], stumbles: Sequence[Repetition | Filler] = ()) -> Sentence | None:
    """Return the first sentence that is quoted whole and holds no stumble, or else one that is whole, or the first.

    Sentences that surely begin and end where they were cut go before the others.
    """
    candidates = list(filter(is_sentence, candidates)) or candidates
    short = [each for each in candidates if FEWEST_OF_A_SENTENCE <= len(each.text.split()) <= SPOKEN_QUOTE_WORDS]
    smooth = (each for each in short if not any(each.start_char <= s.start_char < each.end_char for s in stumbles))
    return next(smooth, next(iter(short), next(iter(candidates), None)))


def telling(sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """Return the sentences that are long enough to be recognized; all of them if none is."""
    return tuple(filter(is_telling, sentences)) or sentences


def quoting_first(sentences: Sequence[Sentence]) -> Evidence | None:
    """Return the first telling sentence as evidence."""
    return quoting(next(iter(telling(sentences)), None))


def quoting_last(sentences: Sequence[Sentence]) -> Evidence | None:
    """Return the last telling sentence as evidence."""
    return quoting(next(iter(reversed(telling(sentences))), None))


def quoting(sentence: Sentence | None, *, focus: tuple[int, int] | None = None) -> Evidence | None:
    """Return a sentence as evidence."""
    if sentence is None:
        return None
    return Evidence(sentence.start_char, sentence.end_char, sentence.start_s, focus, is_sentence(sentence))


def _with_its_clause(text: str, words: list[tuple[int, int]], max_words: int) -> list[tuple[int, int]]:
    """Return words up to the end of the clause that they end in, if that is not too long."""
    longer = list(words)
    following = re.compile(r"\S+").finditer(text, words[-1][1]) if words else iter(())
    while longer and not text[longer[-1][0] : longer[-1][1]].endswith(_CLAUSE_END):
        word = next(following, None)
        if word is None or len(longer) == max_words or len(longer) - len(words) == _MOST_ADDED:
            return words
        longer.append(word.span())
    return longer


def excerpt(text: str, evidence: Evidence, max_words: int, *, whole_clauses: bool = False) -> tuple[int, int] | None:
    """Return the offsets of at most ``max_words`` words of the evidence, an exact stretch of ``text``.

    A stretch that ends inside a clause is quoted to the end of it, unless whole clauses are asked for. The excerpt is
    the beginning of the stretch, cut at the end of a clause or at least not after "of the". If the
    focus lies further back, the excerpt begins with the clause that the focus opens, or ends with the focus. None if
    there is nothing to quote.

    Args:
        text: What was said.
        evidence: Where to quote from.
        max_words: A longer stretch is cut.
        whole_clauses: Return None in place of a stretch that would be cut inside a clause.
    """
    words = [match.span() for match in re.compile(r"\S+").finditer(text, evidence.start_char, evidence.end_char)]
    if not whole_clauses:
        words = _with_its_clause(text, words, max_words)
    if whole_clauses and len(words) > _FEWEST_WORDS:
        words = _whole_clauses(text, words, evidence.focus, max_words)
    elif len(words) > max_words:
        needed = _words_to_focus_end(words, evidence.focus)
        if needed <= max_words:
            words = words[: _natural_end(text, words, max(needed, _FEWEST_WORDS), max_words)]
        elif (front := _clause_with_focus_in_front(text, words, evidence.focus)) is not None:
            words = words[front:]
            if len(words) > max_words:
                words = words[: _natural_end(text, words, max(needed - front, _FEWEST_WORDS), max_words)]
        else:
            words = words[_natural_start(text, words, needed - max_words, needed) : needed]
    while words and words[-1][1] - words[0][0] > max_words * _CHARACTERS_PER_WORD:
        words.pop()
    return (words[0][0], words[-1][1]) if words else None


def written_quote(transcript: Transcript, evidence: Evidence | None) -> tuple[str | None, float | None]:
    """Return the quote for a written point, and when it was said."""
    span = excerpt(transcript.text, evidence, WRITTEN_QUOTE_WORDS) if evidence else None
    if span is None or evidence is None:
        return None, None
    start_char, end_char = span
    shortened_in_front = bool(transcript.text[evidence.start_char : start_char].strip())
    start_s = second_at(transcript, start_char) if shortened_in_front else evidence.start_s
    return transcript.text[start_char:end_char], start_s


def spoken_quote(
    transcript: Transcript, evidence: Evidence | None, max_words: int = SPOKEN_QUOTE_WORDS, *, as_said: bool = False
) -> str | None:
    """Return a few words to say aloud, without ums, stumbles and the punctuation around them; None if they say nothing.

    Args:
        transcript: What was said.
        evidence: Where to quote from.
        max_words: A longer stretch is cut.
        as_said: Whether the words are quoted for how they were said, so that half a sentence will do.
    """
    if evidence is None or not evidence.is_sentence:
        return None
    span = excerpt(transcript.text, evidence, max_words, whole_clauses=True)
    if span is None or _cuts_a_range(transcript.text, span):
        return None
    if _supposes(transcript.text, evidence.start_char, span[0]):
        return None
    words = _without_fillers(transcript.text[span[0] : span[1]])
    while len(words) > _FEWEST_WORDS and _plain(words[0]) in _STARTERS:
        words.pop(0)
    is_whole = not transcript.text[span[1] : evidence.end_char].strip()
    no_end = _STARTERS | (_DANGLING - _COUNTING if is_whole else _DANGLING)
    while len(words) > _FEWEST_WORDS and _plain(words[-1]) in no_end and _may_be_left_out(*words[-2:]):
        words.pop()
    quote = _STUMBLE.sub(r"\1", " ".join(words)).replace('"', "").strip(" ,.;:!?-'\N{EM DASH}")
    return quote if quote and (as_said or is_clause(quote)) else None


def _may_be_left_out(before: str, word: str) -> bool:
    """Return whether the last word of a quote is no end: not before a period, nor a preposition before a comma.

    "I told him so." ends there; "I told him, so." does not.
    """
    plain = _plain(word)
    if word[-1] in _SENTENCE_END:
        return plain in _BREAKS and before[-1] in _CLAUSE_END
    return plain in _BREAKS or not (word[-1] in _CLAUSE_END and plain in _STRANDED)


def _supposes(text: str, start: int, end: int) -> bool:
    """Return whether what is left out in front of a quote makes it a supposition: "say", "if"."""
    return any(_plain(word) in _SUPPOSING for word in text[start:end].split())


def is_clause(quote: str, fewest: int = FEWEST_OF_A_CLAUSE) -> bool:
    """Return whether words can be heard as a sentence: a subject comes first, a verb follows, and it is long enough.

    A verb is known by its form, or by the pronoun before it. Where neither is there, it cannot be told, and the answer
    is no.
    """
    words = quote.split()
    if len(words) < fewest:
        return False
    while len(words) > 1 and _plain(words[0]) in _STARTERS | _SEQUENCE:
        words.pop(0)
    if _plain(words[0]) in _NO_SUBJECT or _is_past(_plain(words[0])):
        return False
    front = _BEFORE_AND.match(quote)
    return _has_a_verb(words) and (front is None or _has_a_verb(front[1].split()))


def _has_a_verb(words: Sequence[str]) -> bool:
    """Return whether there is a verb among words that is known by its form, or by the pronoun before it.

    A past form behind a comma tells of what stands before it: "three options, printed on the Monday".
    """
    return any(_is_verb(before, _plain(word)) for before, word in zip(("", *words), words, strict=False))


def _is_verb(before: str, word: str) -> bool:
    told = _is_past(word) and not (before and before[-1] in _CLAUSE_END)
    by_form = word in _AUXILIARIES or "n't" in word or _CONTRACTED.search(word) is not None
    return told or by_form or _plain(before) in _PRONOUNS


def _is_past(word: str) -> bool:
    return word in _irregular_forms() or (word.endswith("ed") and len(word) > _SHORT)


@cache
def _irregular_forms() -> frozenset[str]:
    return _IRREGULAR | set(Lexicon.load().relevance["told"])


def _cuts_a_range(text: str, span: tuple[int, int]) -> bool:
    """Return whether a stretch ends inside "from nine days to three"."""
    inside = text[slice(*span)].lower().split()
    follows = [_plain(word) for word in text[span[1] :].split()[:_RANGE_WORDS]]
    return "to" in follows and "from" in inside[-_RANGE_WORDS:] and "to" not in inside[-_RANGE_WORDS:]


def _whole_clauses(
    text: str, words: list[tuple[int, int]], focus: tuple[int, int] | None, max_words: int
) -> list[tuple[int, int]]:
    """Return the longest run of whole clauses with the focus, or else from the front; empty if none fits."""
    starts = [0, *(n for n in range(1, len(words)) if _ends_clause(text, words, n) or _before_another(text, words, n))]
    closed = (n for before, n in pairwise(starts) if not _is_half(text, words, before))
    waits = text[words[-1][1] - 1] == "," and _is_half(text, words, starts[-1])
    ends = [*closed, *([len(words)] if _ends_well(text, words[-1]) and not waits else ())]
    runs = [
        (first, end)
        for first in (starts if focus else starts[:1])
        if (_begins_well(text, words[0]) if not first else _opens(text, words, first))
        for end in ends
        if _FEWEST_WORDS <= end - first <= max_words and (focus is None or _holds(words[first:end], focus))
        if _bare(text, words[first]) not in _SUBORDINATES or any(first < start < end for start in starts)
    ]
    first, end = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    return words[first:end] if focus or end - first >= KEPT_SHARE * len(words) else []


def _is_half(text: str, words: list[tuple[int, int]], first: int) -> bool:
    """Return whether a clause waits for the next one: "and if a tenth of them call"."""
    return (
        0 < first < len(words) - 1
        and _bare(text, words[first]) in _STARTERS
        and _bare(text, words[first + 1]) in _SUBORDINATES
    )


def _holds(words: list[tuple[int, int]], focus: tuple[int, int]) -> bool:
    return words[0][0] <= focus[0] and focus[1] <= words[-1][1]


def _opens(text: str, words: list[tuple[int, int]], first: int) -> bool:
    return _bare(text, words[first]) in _OPENERS | _BREAKS or text[words[first - 1][1] - 1] in _SENTENCE_END


def _begins_well(text: str, word: tuple[int, int]) -> bool:
    """Return whether a sentence surely begins with a word: after punctuation, or by the word itself."""
    before = text[: word[0]].rstrip(" \t\"'(*-_\N{BULLET}")
    return not before or before[-1] in ".!?\n:;" or _bare(text, word) in _OPENERS | _BREAKS | _SUBJECTS | _STARTERS


def _ends_well(text: str, word: tuple[int, int]) -> bool:
    """Return whether a sentence can end with a word: before punctuation or the end, or by the word itself."""
    return not text[word[1] :].strip() or text[word[1] - 1] in _CLAUSE_END or _bare(text, word) not in _DANGLING


def _without_fillers(text: str) -> list[str]:
    """Return the words of a text without ums, and without "you know" and its like in front, "say" excepted."""
    spoken = SpokenText.of(transcript_of_text(text))
    fillers = find_fillers(spoken, (SentenceSpan(0, len(spoken.words) - 1),), Lexicon.load())
    spans = [(each.start_char, each.end_char, each.kind) for each in fillers]
    kept: list[str] = []
    for match in re.finditer(r"\S+", text):
        start = match.start() + max(0, match[0].lower().find(_plain(match[0])))
        inside = {kind for begin, end, kind in spans if begin <= start < end}
        if "filled_pause" not in inside and (kept or not inside or _plain(match[0]) in _SUPPOSING):
            kept.append(match[0])
        elif kept and match[0].endswith(","):  # "it took, um, about": the commas belonged to the um
            kept[-1] = kept[-1].removesuffix(",")
    return kept


def _words_to_focus_end(words: list[tuple[int, int]], focus: tuple[int, int] | None) -> int:
    """Return the number of words up to the end of the focus; 0 without a focus."""
    if focus is None:
        return 0
    return max((count for count, (start, end) in enumerate(words, 1) if start < focus[1] and end > focus[0]), default=0)


def _clause_with_focus_in_front(text: str, words: list[tuple[int, int]], focus: tuple[int, int] | None) -> int | None:
    """Return the first word of the clause that the focus opens ("and ninety percent of all"); None otherwise."""
    first = next((index for index, (_, end) in enumerate(words) if focus is not None and end > focus[0]), None)
    if not first:
        return None
    if text[words[first - 1][1] - 1] in _CLAUSE_END:
        return first
    return first - 1 if _bare(text, words[first - 1]) in _OPENERS else None


def _natural_end(text: str, words: list[tuple[int, int]], at_least: int, at_most: int) -> int:
    """Return how many words to keep: up to the end of a clause in the second half, or without dangling words."""
    for ends in (_ends_clause, _before_another):
        for count in range(at_most, max(at_least, at_most // 2) - 1, -1):
            if ends(text, words, count):
                return count
    count = at_most
    while count > at_least and _bare(text, words[count - 1]) in _DANGLING:
        count -= 1
    return count


def _ends_clause(text: str, words: list[tuple[int, int]], count: int) -> bool:
    return text[words[count - 1][1] - 1] in _CLAUSE_END


def _before_another(text: str, words: list[tuple[int, int]], count: int) -> bool:
    """Return whether the next word begins another clause and the last one can end a quote."""
    return _bare(text, words[count]) in _BREAKS and _bare(text, words[count - 1]) not in _DANGLING


def _natural_start(text: str, words: list[tuple[int, int]], earliest: int, end: int) -> int:
    """Return the first word to keep: the earliest one that opens a clause."""
    for index in range(earliest, end - _FEWEST_WORDS + 1):
        after_clause = index > 0 and text[words[index - 1][1] - 1] in _CLAUSE_END
        if after_clause or _bare(text, words[index]) in _OPENERS:
            return index
    return earliest


def _plain(word: str) -> str:
    return word.strip(".,;:!?\"'").casefold()


def _bare(text: str, word: tuple[int, int]) -> str:
    return _plain(text[word[0] : word[1]])


def second_at(transcript: Transcript, char: int) -> float | None:
    """Return when the word at a character was said; None for a text."""
    position = 0
    for word in transcript.words:
        start = transcript.text.find(word.text, position)
        if start < 0:
            return None
        position = start + len(word.text)
        if position > char:
            return word.start_s
    return None
