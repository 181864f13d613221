"""Lists sessions and stories, one line each, and searches everything that was said.

A search is words, never a query language: every word and every "quoted phrase" must occur, in any order, and
``migrat*`` finds every word that begins with it. Endings do not matter ("migrations" finds "migrated").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

from pydantic import AwareDatetime

from voicemock.errors import InputError
from voicemock.models import SCHEMA_VERSION, Answer, FrameworkName, Model
from voicemock.store.database import MATCH_END, MATCH_START, Database
from voicemock.store.rows import understood, utc

EXCERPT_WORDS: Final = 24
"""Words shown around a hit: about two lines."""

_TERM = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')
_LETTER = re.compile(r"[^\W_]")

_SESSIONS = """
    WITH listed AS (SELECT * FROM sessions ORDER BY started_at DESC, id DESC LIMIT ?),
    takes AS (
        SELECT sessions.id AS session_id, answers.duration_s,
            row_number() OVER (PARTITION BY story_slug ORDER BY recorded_at, sessions.id) AS take
        FROM sessions JOIN answers ON answers.session_id = sessions.id
        WHERE story_slug IN (SELECT story_slug FROM listed) AND status = 'answered'
    )
    SELECT listed.id, started_at, ended_at, loop, stories.name AS story, take, takes.duration_s,
        answers.position, answers.question_id
    FROM listed
    LEFT JOIN stories ON stories.slug = listed.story_slug
    LEFT JOIN takes ON takes.session_id = listed.id
    LEFT JOIN answers ON answers.session_id = listed.id
    ORDER BY started_at DESC, listed.id DESC, answers.position
"""

_STORIES = """
    SELECT slug, name, framework, count(answers.position) AS takes,
        max(answers.recorded_at) AS last_told_at, answers.duration_s AS last_duration_s
    FROM stories
    LEFT JOIN sessions ON sessions.story_slug = stories.slug
    LEFT JOIN answers ON answers.session_id = sessions.id AND answers.status = 'answered'
    GROUP BY slug
    ORDER BY last_told_at DESC NULLS LAST, slug
"""  # with max() as the only aggregate of a value, SQLite takes bare columns from the row that holds the maximum


class SessionOverview(Model):
    """One line of the list of sessions."""

    id: str
    started_at: AwareDatetime
    ended_at: AwareDatetime | None
    loop: str | None
    story: str | None = None
    """Name of the story that was told."""
    take: int | None = None
    """Which telling of the story this is, counted from 1; None if nothing was said."""
    duration_s: float | None = None
    """Length of the story."""
    answers: int
    """Number of answers."""
    questions: tuple[str, ...]
    """Ids of the questions, in the order they were asked."""
    is_in_progress: bool = False
    """Whether it is going on: more answers may come."""


class StoryOverview(Model):
    """One line of the list of stories."""

    slug: str
    name: str
    framework: FrameworkName
    takes: int
    last_told_at: AwareDatetime | None
    last_duration_s: float | None


class Filters(NamedTuple):
    """Conditions that narrow a search; None is no condition."""

    since: datetime | None = None
    until: datetime | None = None
    """Excluded itself."""
    pillar: str | None = None
    company: str | None = None
    loop: str | None = None
    story_slug: str | None = None

    @classmethod
    def between(cls, since: datetime | None, until: datetime | None) -> Self:
        """Return the condition of days, both included, in local time where they have no zone."""
        return cls(
            since=since.astimezone() if since else None,
            until=(until + timedelta(days=1)).astimezone() if until else None,
        )


def read_day(text: str) -> datetime:
    """Return the beginning of a day that somebody typed, without a zone.

    Raises:
        InputError: It is none.
    """
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d")
    except ValueError as error:
        raise InputError(f"{text!r} is not a date. Write it like this: 2026-12-18") from error


class Excerpt(Model):
    """A few words as they were said, either inside or outside a hit."""

    text: str
    is_match: bool


class SearchResult(Model):
    """One answer that contains the words."""

    schema_version: int = SCHEMA_VERSION
    session: str
    position: int
    recorded_at: AwareDatetime
    story: str | None
    question: str | None
    """Id of the question."""
    start_s: float | None
    """When the first hit was said; None for a text."""
    matches: int
    excerpt: tuple[Excerpt, ...]


class Overviews:
    """Lists over a whole data folder.

    Args:
        database: Holds the sessions.
        is_in_progress: Says of a session, by its id, whether it is going on; without it none is.
    """

    def __init__(self, database: Database, is_in_progress: Callable[[str], bool] | None = None) -> None:
        self._database = database
        self._is_in_progress = is_in_progress

    def sessions(self, limit: int | None = None) -> tuple[SessionOverview, ...]:
        """Return the newest sessions, newest first."""
        found: dict[str, dict[str, object]] = {}
        questions: dict[str, list[str]] = {}
        answers: dict[str, int] = {}
        for row in self._database.read(_SESSIONS, -1 if limit is None else limit):
            line = dict(row)
            position, question_id = line.pop("position"), line.pop("question_id")
            found[row["id"]] = line
            answers[row["id"]] = answers.get(row["id"], 0) + (position is not None)
            questions.setdefault(row["id"], []).extend([question_id] if question_id else [])
        with understood(self._database.path):
            return tuple(
                SessionOverview.model_validate(
                    {
                        **line,
                        "answers": answers[key],
                        "questions": tuple(questions[key]),
                        "is_in_progress": self._is_in_progress is not None and self._is_in_progress(key),
                    }
                )
                for key, line in found.items()
            )

    def stories(self) -> tuple[StoryOverview, ...]:
        """Return the stories, most recently told first."""
        with understood(self._database.path):
            return tuple(StoryOverview.model_validate(dict(row)) for row in self._database.read(_STORIES))

    def search(self, words: str, filters: Filters = Filters(), limit: int = 20) -> tuple[SearchResult, ...]:
        """Return the answers that contain all the words, best matches first.

        Raises:
            InputError: There is no word in the search.
        """
        conditions, values = _conditions(filters)
        rows = self._database.read(
            f"""
            SELECT sessions.id AS session, position, recorded_at, stories.name AS story, question_id AS question,
                highlight(spoken, 0, ?, ?) AS marked, snippet(spoken, 0, ?, ?, '...', ?) AS excerpt, document
            FROM spoken JOIN answers ON answers.id = spoken.rowid JOIN sessions ON sessions.id = session_id
            LEFT JOIN stories ON stories.slug = story_slug
            WHERE spoken MATCH ? {conditions} ORDER BY rank, recorded_at DESC LIMIT ?
            """,  # noqa: S608 - the conditions are this module's own
            *(MATCH_START, MATCH_END, MATCH_START, MATCH_END, EXCERPT_WORDS, _query(words), *values, limit),
        )
        with understood(self._database.path):
            return tuple(
                SearchResult(
                    **{name: row[name] for name in ("session", "position", "recorded_at", "story", "question")},
                    start_s=_moment(row["marked"], row["document"]),
                    matches=row["marked"].count(MATCH_START),
                    excerpt=tuple(_pieces(row["excerpt"])),
                )
                for row in rows
            )


def _query(words: str) -> str:
    """Return a search in the index's own language, with every word quoted so that none is an operator."""
    terms = []
    for phrase, star_after_phrase, word in _TERM.findall(words.replace("\0", " ")):
        text, star = (phrase, star_after_phrase) if phrase else (word.rstrip("*"), "*" if word.endswith("*") else "")
        if _LETTER.search(text):
            terms.append(f'"{text}"{star}')
    if not terms:
        raise InputError(f"There is no word to search for in {words!r}. Type one, or a phrase in quotation marks.")
    return " ".join(terms)


def _conditions(filters: Filters) -> tuple[str, Sequence[object]]:
    """Return filters as SQL, with their values."""
    given = (
        ("recorded_at >= ?", utc(filters.since) if filters.since else None),
        ("recorded_at < ?", utc(filters.until) if filters.until else None),
        ("json_extract(document, '$.question.pillar') = ?", filters.pillar),
        (
            "? IN (SELECT value FROM json_each(document, '$.question.companies'))",
            filters.company.casefold() if filters.company else None,
        ),
        ("loop = ?", filters.loop),
        ("story_slug = ?", filters.story_slug),
    )
    used = [(condition, value) for condition, value in given if value is not None]
    return "".join(f" AND {condition}" for condition, _ in used), [value for _, value in used]


def _moment(marked: str, document: str) -> float | None:
    """Return when the first hit was said."""
    before = marked.partition(MATCH_START)[0]
    assessment = Answer.model_validate_json(document).assessment
    words = assessment.transcript.words if assessment else ()
    index = len(before.split()) - (before[-1:].strip() != "")  # a hit may begin inside a word: multi-region
    return words[index].start_s if index < len(words) else None


def _pieces(marked: str) -> Iterator[Excerpt]:
    for index, piece in enumerate(marked.split(MATCH_START)):
        found, separator, rest = piece.partition(MATCH_END)
        if index and separator:
            yield Excerpt(text=found, is_match=True)
            found = rest
        if found:
            yield Excerpt(text=found, is_match=False)
