"""Jobs a candidate prepares for: kept, read for their topics, and steering what is asked."""

from __future__ import annotations

from voicemock.jobs.document import read_document
from voicemock.jobs.shelf import JobShelf
from voicemock.jobs.steering import card_of, probe_topics, questions_for, topics_of

__all__ = ["JobShelf", "card_of", "probe_topics", "questions_for", "read_document", "topics_of"]
