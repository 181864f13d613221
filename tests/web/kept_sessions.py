"""Sessions in the data folder of a server, with few and plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.store.test_search import heard
from tests.store.test_store import START, answer, assessment
from tests.web.stages import Server
from voicemock.models import Session, Story
from voicemock.store.store import Store


def keep(
    server: Server,
    *texts: str,
    day: int = 0,
    story: str | None = None,
    loop: str | None = None,
    questions: Sequence[str] = (),
    has_sound: bool = True,
) -> Session:
    """Keep a session of these answers, in which every word took a second."""
    asked = {question.id: question for question in server.bank.questions}
    begun = START + timedelta(days=day)
    with Store(server.settings.data_dir) as store:
        session = store.sessions.start(loop, "0.1.0", begun, Story.named(story) if story else None)
        for position, text in enumerate(texts, start=1):
            found = assessment().model_copy(update={"transcript": heard(text)})
            kept = answer(position, assessment=found, recorded_at=begun + timedelta(minutes=position))
            changes: dict[str, object] = {} if has_sound else {"audio_file": None}
            if story:
                changes["question"] = None
            elif questions:
                changes["question"] = asked[questions[position - 1]]
            store.sessions.add_answer(session, kept.model_copy(update=changes))
            if has_sound:
                (store.sessions.folder(session) / f"answer-{position:02}.flac").write_bytes(b"sound")
        return store.sessions.end(session, begun)
