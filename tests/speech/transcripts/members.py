"""One story in the dress of many programs. Their shapes are real; the words are ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

STORY = (
    "Our checkout kept timing out every Friday.",
    "I had to fix it before the holidays.",
    "I moved the cart to its own service and, um, added a cache.",
    "Timeouts fell by 60%, and nobody called us.",
    "Now I look at the busiest hour first.",
)
QUESTION = "Can you tell me about something that broke and how you fixed it?"
BOTH = ("Maya Lin", "Omar Reyes")
"""Who asks and who answers."""


class Member(NamedTuple):
    """A file, and what must be read in it.

    Attributes:
        content: Of the file.
        timed: The words get times.
        kept: The speaker who is kept of several; None where there is one.
    """

    content: str
    timed: bool = False
    kept: str | None = None


def stamp(seconds: float, form: str = "h:m:s.f") -> str:
    """Return a time as it stands in files."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    whole, milli = int(left), round((left - int(left)) * 1000)
    forms = {
        "h:m:s.f": f"{int(hours):02}:{int(minutes):02}:{whole:02}.{milli:03}",
        "h:m:s,f": f"{int(hours):02}:{int(minutes):02}:{whole:02},{milli:03}",
        "h:m:s": f"{int(hours):02}:{int(minutes):02}:{whole:02}",
        "m:s.f": f"{int(minutes):02}:{whole:02}.{milli:03}",
        "m:s": f"{int(minutes)}:{whole:02}",
        "mm:ss": f"{int(minutes):02}:{whole:02}",
        "s": f"{seconds:.2f}s",
    }
    return forms[form]


def cues(line: Callable[[int, str, str, str], str], form: str = "h:m:s.f", lines: tuple[str, ...] = STORY) -> str:
    """Return a caption for each sentence, four seconds long with a second between two."""
    return "".join(line(i + 1, stamp(i * 5, form), stamp(i * 5 + 4, form), said) for i, said in enumerate(lines))


def marked(line: Callable[[str, str], str], form: str = "h:m:s") -> str:
    """Return a line for each sentence, with the time of its beginning."""
    return "\n".join(line(stamp(i * 5 + 4, form), said) for i, said in enumerate(STORY))


def dialog(turn: Callable[[str, str, str], str], form: str = "h:m:s", names: tuple[str, str] = BOTH) -> str:
    """Return a question and the story after it, in turns of name, time and words."""
    answers = [(names[1], " ".join(STORY[:3])), (names[0], "And how did it go?"), (names[1], " ".join(STORY[3:]))]
    turns = [(names[0], QUESTION), *answers]
    return "\n".join(turn(name, stamp(i * 20, form), said) for i, (name, said) in enumerate(turns))


def rolling(*, by_word: bool) -> str:
    """Return captions that roll up the screen as those of a video site do."""
    words = " ".join(STORY).split()
    rows = [words[at : at + 6] for at in range(0, len(words), 6)]
    out, above = "WEBVTT\nKind: captions\nLanguage: en\n\n", " "
    for number, row in enumerate(rows):
        start, end = number * 3.0, number * 3.0 + 2.99
        plain = " ".join(row)
        marks = [f"<{stamp(start + 0.4 * place)}><c> {word}</c>" for place, word in enumerate(row) if place]
        new = row[0] + "".join(marks) if by_word else plain
        out += f"{stamp(start)} --> {stamp(end)} align:start position:0%\n{above}\n{new}\n\n"
        if by_word:
            out += f"{stamp(end)} --> {stamp(end + 0.01)} align:start position:0%\n{plain}\n \n\n"
        above = plain
    return out


def growing() -> str:
    """Return captions of which each says all of its sentence so far."""
    out, at = "", 0.0
    for said in STORY:
        words = said.split()
        for count in range(2, len(words) + 1, 2):
            shown = words[:count] if count + 2 <= len(words) else words
            out += f"{stamp(at, 'h:m:s,f')} --> {stamp(at + 1, 'h:m:s,f')}\n{' '.join(shown)}\n\n"
            at += 1
    return out


def segments(**more: object) -> list[dict[str, object]]:
    """Return the story as Whisper's segments."""
    return [{"id": i, "start": i * 5.0, "end": i * 5 + 4.0, "text": f" {said}", **more} for i, said in enumerate(STORY)]


def words_of(said: str, start: float, key: str = "probability", space: str = " ") -> list[dict[str, object]]:
    """Return the words of a sentence with times."""
    return [
        {"word": space + word, "start": round(start + 0.3 * i, 2), "end": round(start + 0.3 * i + 0.25, 2), key: 0.9}
        for i, word in enumerate(said.split())
    ]


def with_words(key: str = "probability", space: str = " ") -> list[dict[str, object]]:
    """Return segments with words."""
    return [
        {**each, "words": words_of(said, i * 5.0, key, space)}
        for i, (each, said) in enumerate(zip(segments(), STORY, strict=True))
    ]


def unaligned() -> list[dict[str, object]]:
    """Return segments in which a number has no time, as an aligner leaves it."""
    found = with_words("score", "")
    for each in found:
        for word in each["words"]:  # type: ignore[attr-defined]
            if "60" in word["word"]:
                del word["start"], word["end"], word["score"]
    return found


PLAIN = "\n".join(STORY)
WRAPPED = "Our checkout kept timing\nout every Friday. I had to fix it\nbefore the holidays.\n" + "\n".join(STORY[2:])
VTT = "WEBVTT\n\n"

MEMBERS: dict[str, Member] = {
    "vtt": Member(VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n{s}\n\n"), timed=True),
    "vtt without hours": Member(VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n{s}\n\n", "m:s.f"), timed=True),
    "vtt with settings": Member(
        VTT + cues(lambda n, a, b, s: f"{a} --> {b} align:start line:90%\n{s}\n\n"), timed=True
    ),
    "vtt with numbers": Member(VTT + cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n\n"), timed=True),
    "vtt with names for cues": Member(VTT + cues(lambda n, a, b, s: f"intro-{n}\n{a} --> {b}\n{s}\n\n"), timed=True),
    "vtt with long identifiers": Member(
        VTT + cues(lambda n, a, b, s: f"9b1d-4c/{n}-0\n{a} --> {b}\n<v Omar Reyes>{s}</v>\n\n"), timed=True
    ),
    "vtt with notes and styles": Member(
        "WEBVTT - from a meeting\n\nSTYLE\n::cue { color: red }\n\nNOTE\nmade by a machine\n\n"
        + cues(lambda n, a, b, s: f"{a} --> {b}\n{s}\n\nNOTE confidence 0.9\n\n"),
        timed=True,
    ),
    "vtt with markup": Member(
        VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n<i>{s.replace('fix', '<b>fix</b>')}</i>\n\n"), timed=True
    ),
    "vtt with sounds": Member(VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n[typing] {s} (chuckles)\n\n"), timed=True),
    "vtt with a name for each cue": Member(
        VTT + cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\nOmar Reyes: {s}\n\n"), timed=True
    ),
    "vtt with a name and a number in the identifier": Member(
        VTT + cues(lambda n, a, b, s: f'{n} "Omar Reyes" (3344556)\n{a} --> {b}\n{s}\n\n'), timed=True
    ),
    "vtt with a name above the words": Member(
        VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n(Omar Reyes)\n{s}\n\n"), timed=True
    ),
    "vtt of windows": Member(
        (VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n{s}\n\n")).replace("\n", "\r\n"), timed=True
    ),
    "vtt with a byte order mark": Member("\ufeff" + VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n{s}\n\n"), timed=True),
    "vtt of two voices": Member(
        VTT
        + f"{stamp(0)} --> {stamp(4)}\n<v Maya Lin>{QUESTION}</v>\n\n"
        + "".join(f"{stamp(5 + 5 * i)} --> {stamp(9 + 5 * i)}\n<v Omar Reyes>{s}</v>\n\n" for i, s in enumerate(STORY)),
        timed=True,
        kept="Omar Reyes",
    ),
    "vtt with both voices in a cue": Member(
        VTT
        + f"{stamp(0)} --> {stamp(9)}\n<v Maya Lin>{QUESTION}</v>\n<v Omar Reyes>{STORY[0]}</v>\n\n"
        + "".join(
            f"{stamp(10 + 5 * i)} --> {stamp(14 + 5 * i)}\n<v Omar Reyes>{s}</v>\n\n" for i, s in enumerate(STORY[1:])
        ),
        timed=True,
        kept="Omar Reyes",
    ),
    "vtt that rolls up": Member(rolling(by_word=False), timed=True),
    "vtt that rolls up word by word": Member(rolling(by_word=True), timed=True),
    "srt": Member(cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n\n", "h:m:s,f"), timed=True),
    "srt without empty lines": Member(cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n", "h:m:s,f"), timed=True),
    "srt with dashes": Member(cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n- {s}\n\n", "h:m:s,f"), timed=True),
    "srt with position": Member(cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{{\\an8}}{s}\n\n", "h:m:s,f"), timed=True),
    "srt with entities": Member(
        cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s.replace('%', '&#37;')}\n\n", "h:m:s,f"), timed=True
    ),
    "srt in two lines": Member(
        cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s.replace(' it ', chr(10) + 'it ', 1)}\n\n", "h:m:s,f"), timed=True
    ),
    "srt that grows": Member(growing(), timed=True),
    "srt with every cue twice": Member(
        cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n\n{n}\n{a} --> {b}\n{s}\n\n", "h:m:s,f"), timed=True
    ),
    "sbv": Member(cues(lambda n, a, b, s: f"{a},{b}\n{s}\n\n"), timed=True),
    "whisper on the terminal": Member(cues(lambda n, a, b, s: f"[{a} --> {b}]  {s}\n"), timed=True),
    "whisper on the terminal, minutes": Member(cues(lambda n, a, b, s: f"[{a} --> {b}]  {s}\n", "m:s.f"), timed=True),
    "faster-whisper in seconds": Member(cues(lambda n, a, b, s: f"[{a} -> {b}] {s}\n", "s"), timed=True),
    "ranges in brackets": Member(cues(lambda n, a, b, s: f"[{a} - {b}] {s}\n", "h:m:s"), timed=True),
    "ranges with speakers": Member(cues(lambda n, a, b, s: f"[{a} --> {b}] [SPEAKER_00] {s}\n"), timed=True),
    "a name on its own line": Member(cues(lambda n, a, b, s: f"{a} --> {b}\nOmar Reyes\n{s}\n\n"), timed=True),
    "a time without zeros": Member(
        cues(lambda n, a, b, s: f"0:0:{n}.5 --> 0:0:{n}.9\nOmar Reyes\n{s}\n\n"), timed=True
    ),
    "columns": Member(
        "start\tend\ttext\n" + "".join(f"{i * 5000}\t{i * 5000 + 4000}\t{s}\n" for i, s in enumerate(STORY)), timed=True
    ),
    "lyrics": Member(marked(lambda a, s: f"[{a}] {s}", "m:s.f")),
    "times in brackets": Member(marked(lambda a, s: f"[{a}] {s}")),
    "times in parentheses": Member(marked(lambda a, s: f"({a}) {s}", "mm:ss")),
    "times in brackets above": Member(marked(lambda a, s: f"[{a}]\n{s}")),
    "times in front": Member(marked(lambda a, s: f"{a} {s}", "m:s")),
    "times in front with a dash": Member(marked(lambda a, s: f"{a} - {s}", "mm:ss")),
    "times glued": Member(marked(lambda a, s: f"{a}{s}", "m:s")),
    "times above": Member(marked(lambda a, s: f"{a}\n{s}", "m:s")),
    "times above, spelled out": Member(
        "Transcript\nSearch in video\n" + "\n".join(f"0:0{i + 1}\n{i + 1} seconds\n{s}" for i, s in enumerate(STORY))
    ),
    "times in the middle": Member(
        f"{STORY[0]} [00:00:05] {STORY[1]} {STORY[2]} (00:12) {STORY[3]}\n[crosstalk 00:15] {STORY[4]}"
    ),
    "arrows": Member("[Music]\n>> " + "\n>> ".join(STORY) + "\n[Applause]"),
    "sounds": Member(
        f"{STORY[0]} [inaudible] {STORY[1]} (laughs)\n{STORY[2]} *sighs*\n[BLANK_AUDIO]\n"
        + PLAIN[len("\n".join(STORY[:3])) + 1 :]
    ),
    "sounds of a room": Member(
        f"{STORY[0]} [phone rings] {STORY[1]}\n{STORY[2]} [door closes]\n"
        + PLAIN[len("\n".join(STORY[:3])) + 1 :]
        + " [end of recording]"
    ),
    "an end of the meeting": Member(
        dialog(lambda n, a, s: f"{n}: {s}") + "\n\nMeeting ended after 00:03:10 \N{WAVING HAND SIGN}",
        kept="Omar Reyes",
    ),
    "music notes": Member(f"\u266a\n{PLAIN}\n\u266a soft piano \u266a"),
    "one label": Member(f"Omar Reyes: {' '.join(STORY)}"),
    "one generic label": Member(f"Speaker 1: {' '.join(STORY)}"),
    "otter": Member(
        "\n\n".join(f"Unknown Speaker  0:{10 * i:02}  \n{s}" for i, s in enumerate(STORY))
        + "\n\nTranscribed by https://otter.ai"
    ),
    "names and times above": Member(dialog(lambda n, a, s: f"{n}  {a}\n{s}\n", "m:s"), kept="Omar Reyes"),
    "names and times above, in parentheses": Member(
        dialog(lambda n, a, s: f"{n} ({a}):\n{s}\n", "mm:ss"), kept="Omar Reyes"
    ),
    "names in brackets and times above": Member(dialog(lambda n, a, s: f"[{n}] {a}\n{s}\n"), kept="Omar Reyes"),
    "times and names above": Member(dialog(lambda n, a, s: f"{a} {n}\n{s}\n"), kept="Omar Reyes"),
    "times, then names on their own": Member(dialog(lambda n, a, s: f"{a}\n{n}\n{s}\n"), kept="Omar Reyes"),
    "times and labels": Member(dialog(lambda n, a, s: f"[{a}] {n}: {s}"), kept="Omar Reyes"),
    "bare times and labels": Member(dialog(lambda n, a, s: f"{a} {n}: {s}"), kept="Omar Reyes"),
    "labels with times": Member(dialog(lambda n, a, s: f"{n} ({a}): {s}"), kept="Omar Reyes"),
    "labels with bare times": Member(dialog(lambda n, a, s: f"{n} {a}: {s}"), kept="Omar Reyes"),
    "labels": Member(dialog(lambda n, a, s: f"{n}: {s}"), kept="Omar Reyes"),
    "labels on their own": Member(dialog(lambda n, a, s: f"{n}:\n{s}\n"), kept="Omar Reyes"),
    "bold labels": Member(dialog(lambda n, a, s: f"**{n}:** {s}\n"), kept="Omar Reyes"),
    "labels in capitals": Member(dialog(lambda n, a, s: f"{n.upper()}: {s}\n"), kept="OMAR REYES"),
    "labels of one word": Member(dialog(lambda n, a, s: f"{n}: {s}\n", names=("Maya", "Omar")), kept="Omar"),
    "labels by number": Member(dialog(lambda n, a, s: f"{n}: {s}", names=("Speaker 1", "Speaker 2")), kept="Speaker 2"),
    "labels by number, underscored": Member(
        dialog(lambda n, a, s: f"[{n}]: {s}", names=("SPEAKER_00", "SPEAKER_01")), kept="SPEAKER_01"
    ),
    "labels by role": Member(dialog(lambda n, a, s: f"{n}: {s}", names=("INTERVIEWER", "CANDIDATE")), kept="CANDIDATE"),
    "labels by letter": Member(dialog(lambda n, a, s: f"{n}: {s}", names=("Q", "A")), kept="A"),
    "me and them": Member(dialog(lambda n, a, s: f"{n}: {s}", names=("Them", "Me")), kept="Me"),
    "arrows and labels": Member(dialog(lambda n, a, s: f">> {n}: {s}"), kept="Omar Reyes"),
    "labels that are no names": Member(
        VTT + cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\nomar's phone: {s}\n\n"), timed=True
    ),
    "a recorder's names above times": Member(dialog(lambda n, a, s: f"{n}\n{a}\n{s}\n", "m:s"), kept="Omar Reyes"),
    "times of the day": Member(dialog(lambda n, a, s: f"[1{a[1:]} AM] {n}: {s}"), kept="Omar Reyes"),
    "frames of a video editor": Member(cues(lambda n, a, b, s: f"{a}:12 - {b}:01\n{s}\n\n", "h:m:s"), timed=True),
    "roles with dashes": Member(
        dialog(lambda n, a, s: f"{n} - {s}", names=("Interviewer", "Candidate")), kept="Candidate"
    ),
    "roles in bold above": Member(
        dialog(lambda n, a, s: f"**{n}**\n{s}\n", names=("Interviewer", "Candidate")), kept="Candidate"
    ),
    "letters with full stops": Member(f"Q. {QUESTION}\nA. {' '.join(STORY)}", kept="A"),
    "a header above": Member(
        "Interview\nMon, Nov 2, 2026 9:30AM\nSUMMARY KEYWORDS\nbilling, retry\nSPEAKERS\nMaya Lin\n\n"
        + dialog(lambda n, a, s: f"{n}  {a}\n{s}\n", "m:s"),
        kept="Omar Reyes",
    ),
    "a question and an answer": Member(f"Maya: {QUESTION}\nOmar: {' '.join(STORY)}", kept="Omar"),
    "an interviewer who talks more": Member(f"Interviewer: {QUESTION * 9}\nOmar: {' '.join(STORY)}", kept="Omar"),
    "only the interviewer has a label": Member(f"Interviewer: {QUESTION}\n\n{PLAIN}", kept=None),
    "whisper json": Member(json.dumps({"text": " ".join(STORY), "segments": segments(), "language": "en"}), timed=True),
    "whisper json, indented": Member(json.dumps({"segments": segments()}, indent=2), timed=True),
    "whisper json with words": Member(json.dumps({"segments": with_words(), "language": "en"}), timed=True),
    "a list of segments": Member(json.dumps(segments()), timed=True),
    "a list of captions": Member(
        json.dumps([{"text": s, "start": i * 5.0, "duration": 4.0} for i, s in enumerate(STORY)]), timed=True
    ),
    "whisperx json": Member(json.dumps({"segments": unaligned(), "word_segments": []}), timed=True),
    "whisperx json with speakers": Member(
        json.dumps(
            {
                "segments": [
                    {"start": 0.0, "end": 4.0, "text": QUESTION, "speaker": "SPEAKER_00"},
                    *(
                        {**each, "start": each["start"] + 6, "end": each["end"] + 6, "speaker": "SPEAKER_01"}
                        for each in segments()
                    ),  # type: ignore[operator]
                ]
            }
        ),
        timed=True,
        kept="SPEAKER_01",
    ),
    "whisper.cpp json": Member(
        json.dumps(
            {
                "result": {"language": "en"},
                "transcription": [
                    {
                        "timestamps": {"from": "x", "to": "y"},
                        "offsets": {"from": i * 5000, "to": i * 5000 + 4000},
                        "text": f" {s}",
                    }
                    for i, s in enumerate(STORY)
                ],
            }
        ),
        timed=True,
    ),
    "chunks": Member(
        json.dumps(
            {
                "text": " ".join(STORY),
                "chunks": [{"timestamp": [i * 5.0, i * 5 + 4.0], "text": f" {s}"} for i, s in enumerate(STORY)],
            }
        ),
        timed=True,
    ),
    "api json": Member(
        json.dumps(
            {
                "task": "transcribe",
                "language": "english",
                "duration": 25.0,
                "text": " ".join(STORY),
                "segments": segments(),
            }
        ),
        timed=True,
    ),
    "api json with words of its own": Member(
        json.dumps(
            {
                "text": " ".join(STORY),
                "words": [w for i, s in enumerate(STORY) for w in words_of(s, i * 5.0, "x", "")],
                "segments": segments(),
            }
        ),
        timed=True,
    ),
    "json of a text alone": Member(json.dumps({"text": " ".join(STORY)})),
    "half a cue at the end": Member(
        VTT + cues(lambda n, a, b, s: f"{a} --> {b}\n{s}\n\n") + "00:00:30.000 --> 00:0", timed=True
    ),
    "half a time at the end": Member(
        cues(lambda n, a, b, s: f"{n}\n{a} --> {b}\n{s}\n\n", "h:m:s,f") + "6\n00:00:30,000 -->", timed=True
    ),
    "an end before its start": Member(cues(lambda n, a, b, s: f"{n}\n{b} --> {a}\n{s}\n\n", "h:m:s,f")),
    "times that go back": Member(
        VTT + "".join(f"{stamp(50 - 5 * i)} --> {stamp(54 - 5 * i)}\n{s}\n\n" for i, s in enumerate(STORY))
    ),
    "cues that overlap": Member(
        VTT + "".join(f"{stamp(5 * i)} --> {stamp(5 * i + 8)}\n{s}\n\n" for i, s in enumerate(STORY)), timed=True
    ),
    "captions without times": Member(VTT + PLAIN),
    "json with impossible times": Member(json.dumps({"segments": [{**each, "end": 1e300} for each in segments()]})),
    "json with times that are no numbers": Member(
        json.dumps({"segments": [{**each, "start": "soon"} for each in segments()]})
    ),
}
