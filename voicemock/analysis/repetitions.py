"""Finds words taken back: "I, I think" (repetition) and "we were, we had" (false start).

Only words that cannot be a whole phrase or clause are a false start: a cut-off word, an article or a subject followed
by another one, or unfinished words begun again at a break. A repair that only changes a noun ("the team, the vendor")
cannot be told from a list, unless the speaker says so ("the team, sorry, the vendor").
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.phrasebook import Phrases
from voicemock.analysis.spoken_text import SpokenText, Token, stuttered
from voicemock.models import Filler, Repetition

LONGEST_REPETITION: Final = 8
"""Words that are said again, at most."""
LONGEST_FALSE_START: Final = 6
"""Words given up in the middle of a word, at most."""
LONGEST_PHRASE: Final = 4
"""Words given up between two words, at most."""
_FRAGMENT_CHARS: Final = range(2, 4)
"""Length of the beginning of a word; without a vowel, a single letter or a longer one is a name."""
_VOWELS: Final = frozenset("aeiouy")
_SUSPENDED: Final = frozenset({"and", "or", "to"})
"""Between hyphens they show that nothing was cut: "pre- and post-launch", "two- to three-week"."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A word that is neither filler nor editing term, and the things between it and the word before."""

    token: Token
    norm: str
    is_cut_off: bool
    apart: bool
    """Punctuation, a silence, a filler or an editing term."""
    after_filler: bool
    after_stop: bool
    """A full stop, a question mark or a line break."""
    after_edit: bool
    """An editing term: "sorry", "I mean"."""
    after_correction: bool
    """An editing term that only takes words back: "sorry"."""


def find_repetitions(spoken: SpokenText, fillers: tuple[Filler, ...], lexicon: Lexicon) -> tuple[Repetition, ...]:
    """Return the words taken back, in the order of the text; none overlap."""
    lists = lexicon.repetitions
    said = _without_fillers(spoken, fillers, lists)
    found: list[Repetition] = []
    index = 0
    while index < len(said):
        repeated = _repeated(said, index, lists)
        length = repeated or _begun_again(said, index, lists)
        if length:
            place = spoken.place(said[index].token.start_char, said[index + length - 1].token.end_char)
            found.append(Repetition(kind="repetition" if repeated else "false_start", **place))
        index += max(1, length)
    return _with_stutters(spoken, found)


def _with_stutters(spoken: SpokenText, found: list[Repetition]) -> tuple[Repetition, ...]:
    """Return the words taken back with the beginnings of words that were stuttered: "w-w" of "w-w-we"."""
    spans = [(each.start_char, each.end_char) for each in found]
    stutters = [
        Repetition(kind="repetition", **spoken.place(token.start_char, token.start_char + length - 1))
        for token in spoken.tokens
        if (length := stuttered(token.norm)) and not any(start <= token.start_char < end for start, end in spans)
    ]
    return tuple(sorted((*found, *stutters), key=lambda each: each.start_char))


# --- words without fillers -----------------------------------------------------------------------------


def _without_fillers(spoken: SpokenText, fillers: tuple[Filler, ...], lists: Phrases) -> list[_Said]:
    """Return the words among which repetitions are looked for."""
    fillers_at, edits_at = _dropped(spoken, fillers, lists)
    corrections_at = _corrections(spoken, lists)
    said: list[_Said] = []
    apart = after_filler = after_stop = after_edit = corrected = False
    for index, token in enumerate(spoken.tokens):
        is_edit = index in edits_at
        is_filler = index in fillers_at
        after_filler = after_filler or is_filler
        apart = apart or is_edit or is_filler or spoken.is_apart(index)
        after_stop = after_stop or _stops_before(spoken, index)
        after_edit = after_edit or is_edit
        corrected = corrected or index in corrections_at
        if not (is_edit or is_filler):
            is_cut_off = _is_cut_off(spoken, index)
            norm = _norm(spoken, index)
            said.append(_Said(token, norm, is_cut_off, apart, after_filler, after_stop, after_edit, corrected))
            apart = after_filler = after_stop = after_edit = corrected = False
    return said


def _norm(spoken: SpokenText, index: int) -> str:
    """Return a word in lower case; the letter of "plan A" is no article."""
    token = spoken.tokens[index]
    is_letter = spoken.text[token.start_char : token.end_char] == "A" and not _stops_before(spoken, index)
    return "A" if is_letter else token.norm


def _dropped(spoken: SpokenText, fillers: tuple[Filler, ...], lists: Phrases) -> tuple[frozenset[int], frozenset[int]]:
    """Return the indices of the tokens of fillers, and of those that belong to editing terms."""
    starts = [token.start_char for token in spoken.tokens]
    fillers_at: set[int] = set()
    edits_at: set[int] = set()
    for filler in fillers:
        run = range(bisect_left(starts, filler.start_char), bisect_left(starts, filler.end_char))
        (edits_at if filler.text.lower() in lists["editing terms"] else fillers_at).update(run)
    for index in range(len(spoken.tokens)):
        edits_at.update(range(index, index + _editing_term(spoken, index, lists, "editing terms")))
    return frozenset(fillers_at), frozenset(edits_at)


def _corrections(spoken: SpokenText, lists: Phrases) -> frozenset[int]:
    """Return the indices of the tokens that open a correction: "sorry", "no, sorry"."""
    return frozenset(index for index in range(len(spoken.tokens)) if _editing_term(spoken, index, lists, "corrections"))


def _editing_term(spoken: SpokenText, index: int, lists: Phrases, name: str) -> int:
    """Return the number of tokens from here on that are a term of a list, set off on both sides."""
    if index == 0 or not spoken.is_apart(index):
        return 0
    for term in lists.rules[name].phrases:
        parts = term.split()
        end = index + len(parts)
        is_said = end < len(spoken.tokens) and [token.norm for token in spoken.tokens[index:end]] == parts
        if is_said and spoken.is_apart(end):
            return len(parts)
    return 0


def _stops_before(spoken: SpokenText, index: int) -> bool:
    """Return whether a sentence or a line ends before a token."""
    if index == 0:
        return True
    previous = spoken.tokens[index - 1]
    return previous.stop_after or "\n" in spoken.text[previous.end_char : spoken.tokens[index].start_char]


def _is_cut_off(spoken: SpokenText, index: int) -> bool:
    """Return whether a word was broken off: "mig-", or the first letters of the next word, without a vowel."""
    token = spoken.tokens[index]
    tail = spoken.text[token.end_char : token.end_char + 2]
    following = [token.norm for token in spoken.tokens[index + 1 : index + 5]]
    if tail[:1] == "-" and tail != "--":
        is_inside = tail[1:].isalnum() or spoken.text[token.start_char - 1 : token.start_char] == "-"
        is_suspended = any(word in _SUSPENDED and "-" in after for word, after in pairwise(following))
        return not is_inside and not is_suspended
    return (
        len(token.norm) in _FRAGMENT_CHARS
        and spoken.text[token.start_char : token.end_char].islower()
        and _VOWELS.isdisjoint(token.norm)
        and any(word != token.norm and word.startswith(token.norm) for word in following[:1])
    )


# --- the same words again ------------------------------------------------------------------------------


def _repeated(said: list[_Said], index: int, lists: Phrases) -> int:
    """Return the largest number of words from here on that are said again at once."""
    for length in range(min(LONGEST_REPETITION, (len(said) - index) // 2), 0, -1):
        again = index + length
        if (
            said[index].norm == said[again].norm
            and all(said[index + step].norm == said[again + step].norm for step in range(1, length))
            and not any(word.after_stop for word in said[index + 1 : again + length])
            and not _is_deliberate(said, index, length, lists)
        ):
            return length
    return 0


def _is_deliberate(said: list[_Said], index: int, length: int, lists: Phrases) -> bool:
    """Return whether a repetition is meant: "very, very", a number read out, "years and years and", "that that"."""
    run = [word.norm for word in said[index : index + length]]
    again = said[index + length]
    if all(_is_read_out(norm, lists) for norm in run):
        return True
    if length == 1:
        is_slip = run[0] in lists["never twice"] or _is_contracted(run[0], lists) or again.after_filler
        follows_preposition = index > 0 and said[index - 1].norm in lists["prepositions"]
        is_grammar = (
            run[0] in lists["grammatical twice"]
            and not (index == 0 or said[index].after_stop)
            and (follows_preposition or not again.apart)
        )
        return is_grammar or not is_slip
    if len(set(run)) == 1:
        return True
    return length == 2 and "and" in run and not lists["never twice"].issuperset(run)


def _is_contracted(norm: str, lists: Phrases) -> bool:
    """Return whether a word is a pronoun and a verb in one, which cannot end a clause."""
    return norm.endswith(lists.rules["unfinished"].phrases)


def _is_read_out(norm: str, lists: Phrases) -> bool:
    """Return whether a word is part of a number or of a spelling."""
    return norm in lists["numbers"] or norm[:1].isdigit() or (len(norm) == 1 and norm not in {"a", "i"})


# --- begun again differently ---------------------------------------------------------------------------


def _begun_again(said: list[_Said], index: int, lists: Phrases) -> int:
    """Return the number of words from here on that were given up for others."""
    for length in range(min(LONGEST_FALSE_START, len(said) - index - 1), 1, -1):
        last, again = said[index + length - 1], said[index + length]
        if not (last.is_cut_off or (again.apart and length <= LONGEST_PHRASE)):
            continue
        rest = said[index + 1 : index + length]
        if any(word.after_stop or word.norm == again.norm for word in rest):
            continue
        if last.is_cut_off and said[index].norm == again.norm:
            return length
        is_phrase = not again.after_stop and not any(word.apart for word in rest)
        if is_phrase and length <= LONGEST_PHRASE and _is_broken_off(said, index, length, lists):
            return length
    return int(index + 1 < len(said) and _is_given_up(said, index, lists))


def _is_given_up(said: list[_Said], index: int, lists: Phrases) -> bool:
    """Return whether a single word cannot go on with the next: "a the", "I we", "it, it's"."""
    word, again = said[index], said[index + 1]
    if word.is_cut_off:
        return True
    if again.after_stop or word.norm == again.norm or _is_comment(said, index + 1, lists):
        return False
    if again.after_edit and _is_read_out(word.norm, lists) and _is_read_out(again.norm, lists):
        return True
    if word.norm in lists["articles"]:
        return again.norm in lists["determiners" if again.apart else "articles"] | lists["pronouns"]
    pronoun, _, ending = again.norm.partition("'")
    opens_clause = again.norm in lists["pronouns"] or (ending != "" and pronoun in lists["subjects"])
    if word.norm in lists["pronouns"]:
        is_pair = index > 0 and said[index - 1].norm == "and" and not said[index - 1].apart  # my manager and I, we
        if is_pair and pronoun != word.norm:
            return False
        return opens_clause or (again.apart and again.norm in lists["subjects"])
    if word.norm in lists["subjects"]:
        return again.apart and pronoun == word.norm
    is_contraction = _is_contracted(word.norm, lists) and word.norm.partition("'")[0] in lists["subjects"]
    return is_contraction and (again.norm in lists["pronouns"] or (again.apart and pronoun in lists["subjects"]))


def _is_comment(said: list[_Said], index: int, lists: Phrases) -> bool:
    """Return whether a pronoun opens a comment: "it was, I think, late"."""
    return index + 1 < len(said) and said[index].norm in lists["subjects"] and said[index + 1].norm in lists["comments"]


def _is_broken_off(said: list[_Said], index: int, length: int, lists: Phrases) -> bool:
    """Return whether words were left unfinished at a break and something of the same kind follows."""
    first, last, again = said[index], said[index + length - 1], said[index + length]
    if again.after_edit and first.norm == again.norm and first.norm in lists["articles"] | lists["prepositions"]:
        return True
    if _is_comment(said, index + length, lists) or (index and said[index - 1].norm in lists["whole after"]):
        return False
    if again.after_correction and first.norm == again.norm and first.norm in lists["pronouns"]:
        return not any(word.norm in lists["sayings"] for word in said[index + 1 : index + length])
    if last.norm in lists["auxiliaries"]:
        return all(word.norm.partition("'")[0] in lists["subjects"] for word in (first, again))
    return first.norm == again.norm and (last.norm in lists["articles"] or last.norm in lists["prepositions"])
