"""What one speaker says without a break, and a transcript made of many: whose words are kept, and with which times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from voicemock.errors import UnknownNameError
from voicemock.models import FileSpeaker, SpeechSpan, Transcript, Word, transcript_of_text, transcript_of_words
from voicemock.speech.transcripts.clock_times import LONGEST_S
from voicemock.speech.transcripts.names import asks_the_questions

MOST_BY_OTHERS: Final = 0.1
"""Share of an answer's time. If others talk for longer in between, its length and pace are not the speaker's."""

_ENDS: Final = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]*$")


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of one speaker.

    Attributes:
        words: In order, without spaces inside; with times or without.
        speaker: As the file names him; None where it does not.
    """

    words: tuple[Word, ...]
    speaker: str | None = None

    @classmethod
    def of_text(
        cls, text: str, speaker: str | None = None, start_s: float | None = None, end_s: float | None = None
    ) -> Utterance:
        """Return the words of a text. They share its time by their number of characters."""
        if start_s is None or end_s is None:
            return cls(transcript_of_text(text).words, speaker)
        return cls(transcript_of_words([Word(text=text, start_s=start_s, end_s=end_s)]).words, speaker)

    @property
    def text(self) -> str:
        """The words, joined by spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class GivenTranscript:
    """A transcript that was given, with what its times tell.

    Attributes:
        transcript: The words of one speaker.
        speech: Where anybody speaks, in seconds; None where the file does not say when everything was said.
    """

    transcript: Transcript
    speech: tuple[SpeechSpan, ...] | None = None


def transcript_of_utterances(
    utterances: Sequence[Utterance], *, speaker_name: str | None = None, language: str | None = None
) -> GivenTranscript:
    """Return what one speaker says, with times where all of it has plausible ones.

    Args:
        utterances: Of everybody, in order.
        speaker_name: Whom to keep; by default the one who says most and does not ask the questions.
        language: As the file names it.

    Raises:
        UnknownNameError: Nobody has that name.
    """
    spoken = [each for each in utterances if each.words]
    speakers = _speakers(spoken, speaker_name)
    kept_name = next((each.name for each in speakers if each.kept), None)
    kept = [each for each in spoken if each.speaker == kept_name]
    told = {"speakers": speakers if len(speakers) > 1 else (), "language": language}
    words = _in_time(kept)
    if words is None or _others_talk(spoken, kept):
        return GivenTranscript(transcript_of_text(_paragraphs(kept)).model_copy(update=told))
    transcript = transcript_of_words(words).model_copy(update=told)
    others = (word for each in spoken if each.speaker != kept_name for word in each.words)
    return GivenTranscript(transcript, tuple(sorted(_spans((*transcript.words, *others)))))


def _speakers(spoken: Sequence[Utterance], wanted: str | None) -> tuple[FileSpeaker, ...]:
    counts = Counter[str | None]()
    for each in spoken:
        counts[each.speaker] += len(each.words)
    kept = _named(wanted, counts) if wanted is not None else _who_answers(counts)
    return tuple(
        FileSpeaker(name=name, word_count=count, kept=name == kept and bool(counts)) for name, count in counts.items()
    )


def _who_answers(counts: Counter[str | None]) -> str | None:
    """Return who says most, of those who are not named as the one who asks."""
    answering = {name: count for name, count in counts.items() if not (name and asks_the_questions(name))}
    candidates = answering or counts
    return max(candidates, key=lambda name: candidates[name], default=None)


def _named(wanted: str, counts: Counter[str | None]) -> str:
    """Return the speaker of a name, in any spelling, or of a first or last name that only one has."""
    names = [name for name in counts if name]
    if not names:
        raise UnknownNameError("The file does not name any speaker. Leave --speaker-name out to use all of it.")
    plain = " ".join(wanted.casefold().split())
    same = [name for name in names if name.casefold() == plain]
    parts = [name for name in names if plain and plain in name.casefold().split()]
    found = same or parts
    if len(found) != 1:
        raise UnknownNameError(f"There is no single speaker {wanted!r}. The file has: {', '.join(names)}.")
    return found[0]


def _in_time(kept: Sequence[Utterance]) -> list[Word] | None:
    """Return the words with times in order; None where a time is missing or cannot be true.

    Where one word begins before the one before it has ended, that one is cut short.
    """
    words = [word for each in kept for word in each.words]
    times = [(word.start_s, word.end_s) for word in words]
    if not words or any(start is None or end is None or not 0 <= start <= end <= LONGEST_S for start, end in times):
        return None
    starts = [round(start or 0.0, 3) for start, _ in times]
    if any(later < earlier for earlier, later in pairwise(starts)):
        return None
    ends = [min(round(end or 0.0, 3), later) for (_, end), later in zip(times, [*starts[1:], LONGEST_S], strict=True)]
    return [
        word.model_copy(update={"start_s": start, "end_s": end})
        for word, start, end in zip(words, starts, ends, strict=True)
    ]


def _others_talk(spoken: Sequence[Utterance], kept: Sequence[Utterance]) -> bool:
    """Return whether others talk for long between the first and the last word of the one who is kept."""
    first, last = kept[0].words[0].start_s or 0.0, kept[-1].words[-1].end_s or 0.0
    others = (word for each in spoken if each.speaker != kept[0].speaker for word in each.words)
    between = sum(
        max(0.0, min(word.end_s, last) - max(word.start_s, first))
        for word in others
        if word.start_s is not None and word.end_s is not None
    )
    return between > MOST_BY_OTHERS * (last - first)


def _spans(words: Iterable[Word]) -> Iterable[SpeechSpan]:
    for word in words:
        if word.start_s is not None and word.end_s is not None:
            yield SpeechSpan(word.start_s, word.end_s)


def _paragraphs(kept: Sequence[Utterance]) -> str:
    """Return the text: a line for each utterance, unless the sentence goes on in the next one."""
    pieces: list[str] = []
    for text in (each.text for each in kept):
        if pieces:
            pieces.append("\n" if _ENDS.search(pieces[-1][-20:]) else " ")
        pieces.append(text)
    return "".join(pieces)
