"""Who did it: how often "I" and "we" act, part by part."""

from __future__ import annotations

from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.statements import Statement
from voicemock.models import Ownership, PartOwnership


def count_ownership(statements: tuple[Statement, ...], lexicon: Lexicon) -> Ownership:
    """Return how often each acts, in the whole answer and in each of its parts, in the order of the answer."""
    counts: dict[str | None, tuple[int, int]] = {}
    for statement in statements:
        own, shared = _acts(statement, lexicon)
        i, we = counts.get(statement.sentence.part, (0, 0))
        counts[statement.sentence.part] = (i + own, we + shared)
    i, we = (sum(pair[index] for pair in counts.values()) for index in (0, 1))
    return Ownership(
        i=i,
        we=we,
        we_share=_share(i, we),
        by_part=tuple(
            PartOwnership(part=part, i=own, we=shared, we_share=_share(own, shared))
            for part, (own, shared) in counts.items()
        ),
    )


def _acts(statement: Statement, lexicon: Lexicon) -> tuple[int, int]:
    idle = lexicon.ownership.only("not acting").find_all(statement)
    silent = {index for match in idle for index in range(match.first, match.last + 1)}
    words = [word.text for index, word in enumerate(statement.words) if index not in silent]
    own, shared = lexicon.ownership["i"], lexicon.ownership["we"]
    return sum(word in own for word in words), sum(word in shared for word in words)


def _share(i: int, we: int) -> float | None:
    return we / (i + we) if i + we else None
