from __future__ import annotations

import pytest

from tests.speech.transcripts.members import MEMBERS, STORY, VTT, cues, dialog
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


CUT = {
    "srt": (cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n\n", "h:m:s,f"), "6\n00:00:25,000 --> 00:00:29,000\n"),
    "srt from the middle": (
        cues(lambda n, a, b, s: f"{n + 7}\n{a} --> {b}\n{s}\n\n", "h:m:s,f"),
        "13\n00:00:25,000 --> 00:00:29,000\n",
    ),
    "srt without empty lines": (
        cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n", "h:m:s,f"),
        "6\n00:00:25,000 --> 00:00:29,000\n",
    ),
    "vtt": (VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n{s}\n\n"), "00:00:25.000 --> 00:00:29.000\n"),
    "vtt without hours": (VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n{s}\n\n", "m:s.f"), "00:25.000 --> 00:29.000\n"),
    "vtt with settings": (
        VTT + cues(lambda n, a, b, s: f"{a} --> {b} align:start line:90%\n{s}\n\n"),
        "00:00:25.000 --> 00:00:29.000 align:start line:90%",
    ),
    "vtt with a voice": (
        VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n<v Omar Reyes>{s}</v>\n\n"),
        "00:00:25.000 --> 00:00:29.000\n<v Omar Reyes",
    ),
    "sbv": (cues(lambda n, a, b, s: f"{a},{b}\n{s}\n\n"), "00:00:25.000,00:00:29.000\n"),
    "whisper on the terminal": (
        cues(lambda n, a, b, s: f"[{a} --> {b}]  {s}\n"),
        "[00:00:25.000 --> 00:00:29.000]  ",
    ),
    "ranges in brackets": (cues(lambda n, a, b, s: f"[{a} - {b}] {s}\n", "h:m:s"), "[00:00:25 - 00:00:29] "),
}


@pytest.mark.parametrize("name", CUT)
def test_a_file_that_was_cut_says_what_its_whole_captions_say(name: str) -> None:
    whole, more = CUT[name]
    for count in range(len(more) + 1):
        found = transcript_in(whole + more[:count])
        assert found.transcript.text.split() == " ".join(STORY).split(), more[:count]
        assert found.speech is not None


@pytest.mark.parametrize("text", ["12", "In 9:30", "00:15", "We were 6"])
def test_numbers_at_the_end_of_a_caption_are_words(text: str) -> None:
    whole = cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n\n", "h:m:s,f")
    assert transcript_in(f"{whole}6\n00:00:25,000 --> 00:00:29,000\nIt was\n{text}\n").transcript.text.endswith(text)


def test_a_short_caption_at_the_end_that_begins_as_another_is_said() -> None:
    whole = cues(lambda n, a, b, s: f"[{a} --> {b}]  {s}\n")
    assert transcript_in(f"{whole}[00:00:25.000 --> 00:00:29.000]  Our").transcript.text.endswith("first. Our")


SMALL_WORDS = (
    "You know, the host said: Me and you, then the manager said: I mean, them. Then: you, a guest, said: Host it."
)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("form", ["h:m:s.f", "h:m:s,f"])
def test_a_few_words_a_caption_name_no_speaker(count: int, form: str) -> None:
    words = SMALL_WORDS.split()
    rows = [" ".join(words[at : at + count]) for at in range(0, len(words), count)]
    found = transcript_in(cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n\n", form, tuple(rows)))
    assert found.transcript.text.split() == words
    assert found.transcript.speakers == ()


@pytest.mark.parametrize(
    "names",
    [("SPEAKER_00", "SPEAKER_01"), ("speaker_1", "speaker_2"), ("Participant_1", "Participant_2"), ("S_1", "S_2")],
)
def test_names_with_an_underscore(names: tuple[str, str]) -> None:
    found = transcript_in(dialog(lambda n, a, s: f"{n}: {s}", names=names))
    assert found.transcript.text.split() == " ".join(STORY).split()
    assert [each.name for each in found.transcript.speakers if each.kept] == [names[1]]
