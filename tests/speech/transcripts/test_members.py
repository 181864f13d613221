from __future__ import annotations

import pytest

from tests.speech.transcripts.members import MEMBERS, STORY
from voicemock.speech.transcripts.reading import transcript_in


@pytest.mark.parametrize("name", MEMBERS)
def test_only_what_was_said_is_read(name: str) -> None:
    member = MEMBERS[name]
    found = transcript_in(member.content.removeprefix("\ufeff"))
    assert found.transcript.text.split() == " ".join(STORY).split()
    assert [word.text for word in found.transcript.words] == " ".join(STORY).split()
    assert all((word.start_s is not None) == member.timed for word in found.transcript.words)
    assert (found.speech is not None) == member.timed
    kept = [each.name for each in found.transcript.speakers if each.kept]
    assert kept == ([member.kept] if len(found.transcript.speakers) else []), found.transcript.speakers
    assert bool(kept) == (member.kept is not None or name.startswith("only the interviewer"))
