"""Chooses which sentences go, and which one leads: pure choices over lines.

A sentence goes only with all that makes no sense without it, and only if none of these has to stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import Final

from voicemock.analysis.evidence import MAY_HOLD
from voicemock.analysis.spoken_text import is_telling
from voicemock.coaching.findings import BACKGROUND
from voicemock.coaching.tightening.leaning import is_item, opening_words, sets_up, stands_in_front
from voicemock.coaching.tightening.lines import Line
from voicemock.coaching.tightening.smoothing import Stretch
from voicemock.models import Framework

LONGEST_ITEM: Final = 3
"""Sentences. Items further apart are of two lists: "the first thing I did", "the second wave"."""
SCENE: Final = BACKGROUND[0]
_SPEAKER: Final = frozenset({"i", "my"})


def headline(lines: Sequence[Line], names: frozenset[int]) -> int | None:
    """Return the sentence to move to the front: a measured result that needs nothing before it.

    Of several the surest. None where the answer begins with a result, or none is sure. The last sentence is the end of
    the answer and stays there.

    Args:
        lines: Of the answer.
        names: First characters of the words that are names.
    """
    if not lines or lines[0].result >= MAY_HOLD:
        return None
    able = [n for n in range(1, len(lines) - 1) if _can_lead(lines, n, names)]
    return max(able, key=lambda n: (lines[n].result, -n), default=None)


def _can_lead(lines: Sequence[Line], n: int, names: frozenset[int]) -> bool:
    line = lines[n]
    return (
        line.leads
        and is_telling(line.sentence)
        and line.sentence.borders is None
        and not sets_up(line.sentence.text)
        and '"' not in line.sentence.text
        and not line.is_bound
        and stands_in_front(line.words, names)
        and not any(n in other.leans_on for other in lines)
    )


def keeping(lines: Sequence[Line], lead: int | None) -> list[Line]:
    """Return the lines; the headline, the scene, a list and the end have to stay.

    The scene is the first sentence of the situation, and the first of the background in which the speaker appears.
    """
    background = [n for n, line in enumerate(lines) if line.is_background]
    scene = [n for n in background if lines[n].sentence.part == SCENE]
    speaks = [n for n in background if any(word.norm.partition("'")[0] in _SPEAKER for word in lines[n].words)]
    end = [n for n, line in enumerate(lines) if line.may_go is None]
    kept = {lead, *_listed(lines), *scene[:1], *speaks[:1], *end[-1:]}
    return [_staying(line) if n in kept else line for n, line in enumerate(lines)]


def _staying(line: Line) -> Line:
    return replace(line, may_go=None, is_mere_background=False, is_spare=False)


def _listed(lines: Sequence[Line]) -> set[int]:
    """Return the lists: from what stands before the first item, which may say how many, to what follows the last."""
    items = [n for n, line in enumerate(lines) if is_item(line.words)]
    listed: set[int] = set()
    for item, following in pairwise(items):
        if following - item <= LONGEST_ITEM:
            listed.update(range(item - 1, following + 2))
    return listed & set(range(len(lines)))


def without_empty(lines: Sequence[Line]) -> list[Line]:
    """Cut what surely adds nothing."""
    gone = _emptiest(lines, _count(lines), lambda line: line.may_go is not None)
    return [replace(line, why=line.may_go) if n in gone else line for n, line in enumerate(lines)]


def long_background(lines: Sequence[Line], framework: Framework) -> frozenset[int]:
    """Return the background that is over its target share: what takes it down to the lower end of that share.

    What stands before everything else is background, too, where no part is surely told in it. None of it is cut: of
    20 answers that lost a sentence while it was, a reader who had not heard them missed something needed in 8.
    """
    parts = [part for part in framework.parts if part.name in BACKGROUND]
    least, most = sum(part.target_share_min for part in parts), sum(part.target_share_max for part in parts)
    begins = next((n for n, line in enumerate(lines) if line.sentence.part and not line.is_background), 0)
    background = _count([line for n, line in enumerate(lines) if line.is_background or n < begins])
    rest = _count(lines) - background
    if not 0 < most < 1 or background <= most * (background + rest):
        return frozenset()
    return _emptiest(lines, background - least / (1 - least) * rest, lambda line: line.is_mere_background)


def spare(lines: Sequence[Line], framework: Framework, most_words: float) -> frozenset[int]:
    """Return long background, and which more would have to go for a length: only the candidate knows what is needed."""
    background = long_background(lines, framework)
    left = _count(lines) - sum(lines[n].count for n in background)
    return _emptiest(lines, left - most_words, lambda line: line.is_spare, background)


def _count(lines: Sequence[Line]) -> int:
    """Return how many words stay."""
    return sum(line.count for line in lines if line.why is None)


def _emptiest(
    lines: Sequence[Line], words: float, may_go: Callable[[Line], bool], before: frozenset[int] = frozenset()
) -> frozenset[int]:
    """Return the sentences that go to be rid of so many words: first what most surely carries nothing.

    One that is bound to the one before goes only with it. With them are those that are gone before.
    """
    gone = set(before)
    while words > 0:
        groups = (_with_it(lines, n, gone) for n, line in enumerate(lines) if not line.is_bound)
        able = (group for group in groups if group and all(may_go(lines[n]) for n in group))
        emptiest = min(able, key=lambda group: (max(lines[n].carries for n in group), group), default=())
        if not emptiest:
            break
        words -= sum(lines[n].count for n in emptiest)
        gone |= set(emptiest)
    return frozenset(gone)


def _with_it(lines: Sequence[Line], first: int, gone: Set[int]) -> tuple[int, ...]:
    """Return a line that stays so far, with all later ones that make no sense without it; nothing where it went."""
    if first in gone or lines[first].why is not None:
        return ()
    group = {first}
    for n in range(first + 1, len(lines)):
        if n not in gone and lines[n].why is None and not group.isdisjoint(lines[n].needs):
            group.add(n)
    return tuple(sorted(group))


def without_openers(lines: Sequence[Line], lead: int | None) -> list[Line]:
    """Take "so" and its like off the headline, and off sentences whose predecessor stands before them no more."""
    cut = list(lines)
    before: int | None = None
    for n, line in enumerate(lines):
        follows_a_cut = before is not None and (lines[before].why is not None or before == lead)
        before = before if line.why == "filler" else n
        count = opening_words(line.words) if line.why is None and (follows_a_cut or n == lead) else 0
        if count:
            opener = Stretch(line.words[0].start_char, line.words[count].start_char, "opener")
            cut[n] = replace(line, gone=_joined(line.gone, opener), count=line.count - count)
    return cut


def _joined(gone: Sequence[Stretch], opener: Stretch) -> tuple[Stretch, ...]:
    """Return what goes of a line together with its opener, cut around what goes inside of it."""
    pieces, start = list(gone), opener.start
    for each in gone:
        if start < each.start < opener.end:
            pieces.append(Stretch(start, each.start, "opener"))
        if opener.start <= each.start < opener.end:
            start = max(start, each.end)
    if start < opener.end:
        pieces.append(Stretch(start, opener.end, "opener"))
    return tuple(sorted(pieces))
