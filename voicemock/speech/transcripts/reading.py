"""Reads a transcript file: a text, or what another program wrote, under any name."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any, Final

from voicemock.errors import TranscriptFileError
from voicemock.files import UTF_8_BYTES, read_at_most
from voicemock.models import transcript_of_text, visible_text
from voicemock.speech.transcripts.captions import read_captions
from voicemock.speech.transcripts.marked_lines import read_marked_lines
from voicemock.speech.transcripts.sounds import without_sounds
from voicemock.speech.transcripts.utterances import GivenTranscript, Utterance, transcript_of_utterances
from voicemock.speech.transcripts.whisper_json import is_whisper_json, read_whisper_json
from voicemock.speech.transcripts.wrapping import unquoted, unwrapped

TEXT_SUFFIXES: Final = frozenset({".txt", ".md", ".vtt", ".srt", ".sbv", ".lrc", ".tsv", ".json"})
JSON_BYTES_A_CHARACTER: Final = 120
"""Bytes of JSON for a character of speech: Whisper writes 110 for each word, tokens included about 60 a character."""


def is_transcript(path: Path) -> bool:
    """Return whether a file is a text rather than a recording, by its suffix."""
    return path.suffix.lower() in TEXT_SUFFIXES


def read_transcript_file(path: Path, longest: int, speaker_name: str | None = None) -> GivenTranscript:
    """Read what one speaker says in a file. A text without times, speakers, sounds and hard line ends is kept.

    Args:
        path: Of a text, captions, an export or the JSON of Whisper.
        longest: Most characters.
        speaker_name: Whom to keep of several speakers; by default who says most.

    Raises:
        TranscriptFileError: The file is missing, unreadable, too long, not UTF-8, or JSON without a transcript.
        UnknownNameError: The file names no such speaker.
    """
    is_json = path.suffix.lower() == ".json"
    text = read_transcript(path, longest * JSON_BYTES_A_CHARACTER // UTF_8_BYTES if is_json else longest)
    if is_json:
        data = _json(path, text)
        if not is_whisper_json(data):
            raise TranscriptFileError(_no_transcript(path, data))
        utterances, language = read_whisper_json(data)
        given = transcript_of_utterances(utterances, speaker_name=speaker_name, language=language)
        if len(given.transcript.text) > longest:
            raise TranscriptFileError(_too_long(path, longest))
        return given
    return transcript_in(text, speaker_name)


def transcript_in(text: str, speaker_name: str | None = None) -> GivenTranscript:
    """Return what one speaker says in a text.

    Args:
        text: Of a file.
        speaker_name: Whom to keep of several speakers; by default who says most.

    Raises:
        UnknownNameError: The text names no such speaker.
    """
    text = visible_text(text)
    lined = text.replace("\r\n", "\n").replace("\r", "\n")
    if (said := unquoted(lined)) != lined:
        text = lined = said
    utterances = _utterances(lined)
    if utterances is not None:
        return transcript_of_utterances(utterances, speaker_name=speaker_name)
    if speaker_name is not None:
        return transcript_of_utterances([Utterance.of_text(text)], speaker_name=speaker_name)
    if (whole := unwrapped(lined)) != lined:
        text = whole
    return GivenTranscript(transcript_of_text(without_sounds(text)))


def _utterances(text: str) -> list[Utterance] | None:
    """Return what is said in a text; None if it is no export of a program."""
    if text.lstrip().startswith(("{", "[{")):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            data = None
        if data is not None and is_whisper_json(data):
            return read_whisper_json(data)[0]
    for read in (read_captions, _columns):
        if (found := read(text)) is not None:
            return found
    if text.startswith("WEBVTT"):
        said = without_sounds(text.partition("\n\n")[2], exported=True)
        return read_marked_lines(said) or [Utterance.of_text(line) for line in said.split("\n")]
    return read_marked_lines(text)


def _columns(text: str) -> list[Utterance] | None:
    """Return what Whisper's table of start, end (in milliseconds) and text says; None if it is none."""
    lines = text.strip().split("\n")
    if lines[0].split("\t") != ["start", "end", "text"]:
        return None
    rows = [line.split("\t", 2) for line in lines[1:]]
    return [
        Utterance.of_text(without_sounds(row[2], exported=True), None, int(row[0]) / 1000, int(row[1]) / 1000)
        for row in rows
        if len(row) == 3 and row[0].isdecimal() and row[1].isdecimal()
    ]


def _json(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TranscriptFileError(f"{path} is not complete JSON. Export the transcript again.") from error


def _no_transcript(path: Path, data: Any) -> str:
    if isinstance(data, dict) and "session" in data:
        return f"{path} is a session of voicemock. Keep it with: voicemock import FILE"
    return f"{path} is not a transcript as Whisper writes it (segments with start, end and text)."


def read_transcript(path: Path, longest: int) -> str:
    """Read a text of at most ``longest`` characters. Newlines are kept.

    Raises:
        TranscriptFileError: The file is missing, unreadable, too long or not UTF-8.
    """
    too_long = _too_long(path, longest)
    try:
        text = read_at_most(path, UTF_8_BYTES * longest).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TranscriptFileError(
            f"{path} is not UTF-8 text (byte {error.start}). Save it as UTF-8 and try again."
        ) from error
    except OSError as error:
        reason = too_long if error.errno == errno.EFBIG else f"{path} cannot be read: {error.strerror or error}."
        raise TranscriptFileError(reason) from error
    if len(text) > longest:
        raise TranscriptFileError(too_long)
    return text


def _too_long(path: Path, longest: int) -> str:
    return (
        f"{path} is too long: more than {longest:,} characters. Cut it into its answers, or raise the setting "
        "longest_text."
    )
