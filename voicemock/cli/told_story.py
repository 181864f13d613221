"""The story that a name on the command line means."""

from __future__ import annotations

from voicemock.models import Story
from voicemock.questions import QuestionBank
from voicemock.store import Store


def told_story(store: Store, bank: QuestionBank, name: str, framework: str | None) -> Story:
    """Return the story of a name, kept or new, with the framework that was asked for.

    Raises:
        InputError: It cannot be the name of a story.
        UnknownNameError: No framework has that name.
    """
    story = store.stories.find(name) or Story.named(name)
    return story.model_copy(update={"framework": bank.framework(framework).name}) if framework else story
