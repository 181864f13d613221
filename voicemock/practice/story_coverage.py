"""Coverage of a company's competencies by the candidate's stories, with guesses from their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from voicemock.analysis.topics import find_topics
from voicemock.content.questions import QuestionBank, titled
from voicemock.models import (
    NOTE_FIELDS,
    BankedStory,
    CoveredCompetency,
    Loop,
    NextStory,
    Question,
    StoryCoverage,
    StoryNotes,
    Suggestion,
)

MOST_SUGGESTIONS: Final = 3
"""Most guesses for one competency."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def coverage(company: str, bank: QuestionBank, stories: Iterable[BankedStory]) -> StoryCoverage:
    """Return the competencies that a company, or a loop of that name, wants stories for, with the stories.

    Raises:
        UnknownNameError: Neither a company nor a loop has that name.
    """
    name, loop = bank.company(company)
    told = sorted(stories, key=lambda banked: (not banked.takes, banked.story.slug))
    guesses = {banked.story.slug: suggest(banked.notes) for banked in told}
    rows = [
        CoveredCompetency(
            competency=competency,
            question_ids=tuple(question.id for question in questions),
            stories=tuple(banked.story.name for banked in told if competency in banked.notes.shows),
            suggestions=_suggestions(competency, told, guesses),
        )
        for competency, questions in _asked(name, loop, bank).items()
    ]
    return StoryCoverage(
        company=name,
        title=loop.title if loop else titled(name),
        competencies=tuple(sorted(rows, key=lambda row: (len(row.stories), -len(row.suggestions)))),
        gaps=tuple(row.competency for row in rows if not row.stories),
        next_story=_next_story(rows, told),
    )


def suggest(notes: StoryNotes) -> Mapping[str, tuple[str, ...]]:
    """Return competencies that the notes have words of, the likeliest first, each with these words.

    The first competency of a topic is nearest to its words. Linked competencies are left out.
    """
    text = "\n".join(notes.text_of(field) for field in NOTE_FIELDS)
    words: dict[str, list[str]] = {}
    weights: dict[str, float] = {}
    for topic in find_topics(text):
        for place, competency in enumerate(topic.competencies, start=1):
            if competency not in notes.shows:
                words.setdefault(competency, []).extend(topic.words)
                weights[competency] = weights.get(competency, 0.0) + len(topic.words) / place
    likeliest = sorted(words, key=lambda competency: -weights[competency])
    return {competency: tuple(dict.fromkeys(words[competency])) for competency in likeliest}


def _asked(company: str, loop: Loop | None, bank: QuestionBank) -> dict[str, tuple[Question, ...]]:
    """Return the competencies that stories are asked for, in the loop's order, with their questions."""
    in_loop = [competency for block in loop.rounds for competency in block.competencies] if loop else []
    stories = [question for question in bank.questions if question.framework == "star"]
    own = [question for question in stories if company in question.companies]
    asked: dict[str, tuple[Question, ...]] = {}
    for competency in dict.fromkeys([*in_loop, *(question.competency for question in own)]):
        of_company = tuple(question for question in own if question.competency == competency)
        of_anyone = tuple(q for q in stories if q.competency == competency and not q.companies)
        if questions := of_company or of_anyone:
            asked[competency] = questions
    return asked


def _suggestions(
    competency: str, told: Sequence[BankedStory], guesses: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> tuple[Suggestion, ...]:
    """Return the stories with words of a competency, those with the most first."""
    found = [
        Suggestion(story=banked.story.name, words=words)
        for banked in told
        if (words := guesses[banked.story.slug].get(competency))
    ]
    return tuple(sorted(found, key=lambda suggestion: -len(suggestion.words))[:MOST_SUGGESTIONS])


def _next_story(rows: Sequence[CoveredCompetency], told: Sequence[BankedStory]) -> NextStory | None:
    """Return the story to tell next: one with untold links, then one with guesses for gaps, then the oldest."""
    ready = {banked.story.name for banked in told if banked.takes}
    by_link, by_guess = dict[str, list[str]](), dict[str, list[str]]()
    for row in rows:
        if not ready.intersection(row.stories):
            for name in row.stories:
                by_link.setdefault(name, []).append(row.competency)
        if not row.stories:
            for suggestion in row.suggestions:
                by_guess.setdefault(suggestion.story, []).append(row.competency)
    if by_link:
        name = max(by_link, key=lambda each: len(by_link[each]))
        reason = "You have not told it yet, and no story you have told shows this."
        return NextStory(story=name, competencies=tuple(by_link[name]), guessed=False, reason=reason)
    if by_guess:
        name = max(by_guess, key=lambda each: len(by_guess[each]))
        reason = "Its words hint at what no story shows yet. Tell it with that in mind, and link it if it fits."
        return NextStory(story=name, competencies=tuple(by_guess[name]), guessed=True, reason=reason)
    return _told_longest_ago(rows, told)


def _told_longest_ago(rows: Sequence[CoveredCompetency], told: Sequence[BankedStory]) -> NextStory | None:
    shows = {banked.story.name: [row.competency for row in rows if banked.story.name in row.stories] for banked in told}
    linked = [banked for banked in told if shows[banked.story.name]] or told
    if not linked:
        return None
    oldest = min(linked, key=lambda banked: banked.last_told_at or _NEVER)
    reason = "You told it longest ago." if oldest.last_told_at else "You have not told it yet."
    return NextStory(
        story=oldest.story.name, competencies=tuple(shows[oldest.story.name]), guessed=False, reason=reason
    )
