"""Chooses which sentences go, and which one leads: pure choices over lines, by what they are worth for their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from voicemock.analysis.evidence import LIKELY, MAY_HOLD
from voicemock.analysis.spoken_text import is_telling
from voicemock.coaching.findings import BACKGROUND
from voicemock.coaching.tightening.leaning import is_item, opening_words, sets_up, stands_in_front
from voicemock.coaching.tightening.lines import Line
from voicemock.coaching.tightening.smoothing import Stretch
from voicemock.models import CutReason, Framework

SCENE: Final = BACKGROUND[0]
"""Its first sentence says where the story takes place; of every other part the one that is worth most stays."""
LEAST_WORTH: Final = 0.05
"""Of a sentence that is worth nothing, so that of two such the one with more words goes first."""


def headline(lines: Sequence[Line], names: frozenset[int]) -> int | None:
    """Return the sentence to move to the front: a result that leans on nothing and that nothing leans on.

    Of several the one with a measured outcome, then the one that is worth most. None where the answer begins with a
    result, or none is sure.

    Args:
        lines: Of the answer.
        names: First characters of the words that are names.
    """
    if not lines or lines[0].result >= MAY_HOLD:
        return None
    able = [n for n in range(1, len(lines)) if _can_lead(lines, n, names)]
    return max(able, key=lambda n: (lines[n].stays, lines[n].worth, -n), default=None)


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
        and not any(n in other.needs for other in lines)
    )


def keeping(lines: Sequence[Line], framework: Framework, lead: int | None) -> list[Line]:
    """Return the lines; the headline, the surest decision, a list, and what is worth most of each part have to stay."""
    kept = {lead, *_listed(lines)}
    decisions = [n for n, line in enumerate(lines) if line.decision >= LIKELY]
    kept.add(max(decisions, key=lambda n: (lines[n].decision, -n), default=None))
    for part in framework.parts:
        of_part = [n for n, line in enumerate(lines) if line.sentence.part == part.name and line.nothing is None]
        kept.add(max(of_part, key=lambda n: _standing(lines[n], n), default=None))
    return [replace(line, stays=True) if n in kept else line for n, line in enumerate(lines)]


def _standing(line: Line, n: int) -> tuple[float, int]:
    """Return what decides which sentence of a part stays: of the scene its place, of the task how surely it is one."""
    if line.sentence.part == SCENE:
        return 0.0, -n
    return (line.sentence.score or 0.0) if line.is_background else line.worth, -n


def _listed(lines: Sequence[Line]) -> list[int]:
    """Return the items of a list, two at least, and what stands before its first: it may say how many there are."""
    items = [n for n, line in enumerate(lines) if is_item(line.words)]
    return [max(0, items[0] - 1), *items] if len(items) > 1 else []


def without_empty(lines: Sequence[Line]) -> list[Line]:
    """Cut what surely adds nothing, where all that leans on it adds nothing either."""
    cut = list(lines)
    for n, line in enumerate(lines):
        group = _with_it(cut, n) if line.nothing is not None and not line.is_bound else []
        if all(cut[each].nothing is not None and not cut[each].stays for each in group):
            for each in group:
                cut[each] = replace(cut[each], why=cut[each].nothing)
    return cut


def with_less_background(lines: Sequence[Line], framework: Framework) -> list[Line]:
    """Cut background down to the lower end of its target share of what stays."""
    share = sum(part.target_share_min for part in framework.parts if part.name in BACKGROUND)
    if not 0 < share < 1:
        return list(lines)
    rest = sum(line.count for line in lines if line.why is None and not line.is_background)
    before = sum(line.count for line in lines if line.why is None and line.is_background)
    return _cut(lines, before - share / (1 - share) * rest, lambda line: line.is_background, "background")


def shortened(lines: Sequence[Line], most_words: float) -> list[Line]:
    """Cut what is worth least for its words until what stays is short enough, or nothing more may go."""
    before = sum(line.count for line in lines if line.why is None)
    return _cut(lines, before - most_words, lambda _: True, "length")


def _cut(lines: Sequence[Line], words: float, may_go: Callable[[Line], bool], why: CutReason) -> list[Line]:
    """Cut at least this many words, if so many may go.

    What is worth least for the words that it saves goes first, with all that leans on it.
    """
    cut = list(lines)
    while words > 0:
        groups = (_with_it(cut, n) for n, line in enumerate(cut) if not (line.is_bound or line.stays))
        able = [group for group in groups if group and all(may_go(cut[n]) and not cut[n].stays for n in group)]
        cheapest = min(able, key=lambda group: (_price(cut, group, words), group), default=None)
        if cheapest is None:
            break
        words -= sum(cut[n].count for n in cheapest)
        for n in cheapest:
            cut[n] = replace(cut[n], why=why if n == cheapest[0] else "leans")
    return cut


def _with_it(lines: Sequence[Line], first: int) -> list[int]:
    """Return a line that stays so far, with all later ones that make no sense without it; nothing where it went."""
    if lines[first].why is not None:
        return []
    group = {first}
    for n in range(first + 1, len(lines)):
        if lines[n].why is None and not group.isdisjoint(lines[n].needs):
            group.add(n)
    return sorted(group)


def _price(lines: Sequence[Line], group: Sequence[int], words: float) -> float:
    """Return what is lost with some lines, for each word that is saved of those that are to go."""
    saved = min(words, sum(lines[n].count for n in group))
    return sum(max(LEAST_WORTH, lines[n].worth) for n in group) / max(1.0, saved)


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
