"""Which competencies a story may show, by the words of its notes: a guess, and shown as one."""

from __future__ import annotations

from collections.abc import Mapping

from voicemock.models import NOTE_FIELDS, StoryNotes
from voicemock.topics import find_topics


def suggest(notes: StoryNotes) -> Mapping[str, tuple[str, ...]]:
    """Return the competencies that the notes have words of, the likeliest first, each with these words.

    The first competency of a topic is nearest to its words. One that the notes are linked to already is left out.

    Raises:
        ContentError: The data file of the topics breaks its schema.
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
