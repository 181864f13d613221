"""What a session's stories said of their size, beside what is usual at the level that was practiced for.

Only sizes that were surely said count, and each remark is two facts side by side: the candidate's words, and what
public ladders say of the level. Whether they match is for the reader to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from voicemock.analysis.evidence import LIKELY
from voicemock.analysis.scope import NamedScope, find_scope
from voicemock.coaching.observations import Judged
from voicemock.coaching.quoting import quoting
from voicemock.content.levels import LevelGuide, LevelGuides, load_levels
from voicemock.models import Analysis, Level, LevelView, ScopeKind, ScopeRemark, Sentence

OTHER_STORY: Final = "other_story"
_HEARD: Final[dict[ScopeKind, str]] = {
    "teams": "You named {words}.",
    "people": 'You said how many people: "{words}".',
    "months": 'You said how long it took: "{words}".',
    "money": 'You said what money was in it: "{words}".',
}
_ONLY_TEAM: Final = 'The only team you named is your own "{words}".'


def level_view(level: Level, stories: Iterable[Judged]) -> LevelView:
    """Return what was heard of the size of stories, and what is usual at a level.

    Args:
        level: The one that was practiced for.
        stories: The answers, each question once; those that tell no story say nothing.

    Raises:
        ContentError: ``prompts/levels.yaml`` is missing or breaks its schema.
    """
    guides = load_levels()
    guide = guides.of(level)
    return LevelView(
        level=level,
        title=guide.title,
        scope=tuple(remark for each in stories for remark in _remarks(each, guide, guides)),
        ambiguity=guide.ambiguity,
        influence=guide.influence,
        technical_depth=guide.technical_depth,
    )


def _remarks(judged: Judged, guide: LevelGuide, guides: LevelGuides) -> Iterator[ScopeRemark]:
    if judged.heard is None or judged.answer.assessment is None or not (judged.is_observed and judged.is_story):
        return
    text = judged.answer.assessment.transcript.text
    for size in find_scope(told_sentences(judged.heard.analysis)):
        focus = (size.start_char, size.end_char)
        quote = judged.quote(quoting(size.sentence, focus=focus))
        if quote is not None:
            yield ScopeRemark(
                position=judged.position,
                kind=size.kind,
                value=size.value,
                usual_at=guides.usual_at(size.kind, size.value),
                text=_text(size, " ".join(text[slice(*focus)].split()), guide),
                quote=quote.text,
                start_s=quote.start_s,
            )


def _text(size: NamedScope, words: str, guide: LevelGuide) -> str:
    heard = (_ONLY_TEAM if size.is_only else _HEARD[size.kind]).format(words=words)
    usual = guide.scope.get(size.kind)
    return f"{heard} {usual.usually}" if usual else heard


def told_sentences(analysis: Analysis) -> tuple[Sentence, ...]:
    """Return the sentences that tell the answer's own story: those of a part, but for what belongs to another story."""
    structure, evidence = analysis.structure, analysis.evidence
    if structure is None:
        return ()
    rows = evidence.sentences if evidence is not None else ({},) * len(structure.sentences)
    return tuple(
        sentence
        for sentence, found in zip(structure.sentences, rows, strict=True)
        if sentence.part is not None and found.get(OTHER_STORY, 0.0) < LIKELY
    )
