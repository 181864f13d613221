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


@pytest.mark.parametrize(
    "text",
    [
        "I led it. Errors fell by 40%.\nThen we shipped.\n",
        "\u201cWe\u2019re late,\u201d he said. I fixed it \u2014 fast.",
        "At 9:30 the pager went off. At 10:15 I had a fix.\r\n9:45 was the worst moment.",
        "9:30 The pager went off.\n9:45 I called the vendor.\n10:15 It was fixed.",
        "10:00 - 11:00 standup\nI led the meeting and we decided.",
        "3:1 was the ratio of reads to writes.\nI changed the cache.",
        "Situation: It failed.\nTask: I had to fix it.\nAction: I split it.\nResult: It held.",
        "## Situation\nIt failed.\n\n**Action:** I split it.",
        "Problem: It failed.\nSolution: I split it.\nImpact: It held.",
        "My manager said: Ship it.\nI said: No.",
        "I led the team (about 40 people) and cut [Acme] errors [by 40%].",
        "See [the postmortem](https://x.example/a) for it.\n[ ] Call them\n[x] I fixed it",
        "Trigger: It failed.\nFix: I split it.\nTrigger: It failed again.",
        "Note: I was on call.\nI fixed it.",
        '{"a": 1} was the payload. I fixed it.',
        "",
    ],
)
def test_a_text_of_your_own_is_kept_unchanged(text: str) -> None:
    found = transcript_in(text)
    assert (found.transcript.text, found.transcript.speakers, found.speech) == (text, (), None)
