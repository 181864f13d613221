"""Which competencies a story may show, by the words of its notes: a guess, and shown as one."""

from __future__ import annotations

from collections.abc import Mapping

from voicemock.models import NOTE_FIELDS, StoryNotes
from voicemock.topics import find_topics


def suggest(notes: StoryNotes) -> Mapping[str, tuple[str, ...]]:
    """Return the competencies that the notes have words of, the likeliest first, each with these words.

    A competency that the notes are linked to already is left out.

    Raises:
        ContentError: The data file of the topics breaks its schema.
    """
    text = "\n".join(notes.text_of(field) for field in NOTE_FIELDS)
    words: dict[str, list[str]] = {}
    for topic in find_topics(text):
        for competency in topic.competencies:
            if competency not in notes.shows:
                words.setdefault(competency, []).extend(topic.words)
    distinct = {competency: tuple(dict.fromkeys(found)) for competency, found in words.items()}
    return dict(sorted(distinct.items(), key=lambda item: -len(item[1])))
