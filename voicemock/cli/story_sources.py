"""Where notes may come from besides the prompt: the command line, a file, or a telling."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console

from voicemock.analyzer import read_transcript
from voicemock.api import open_interview
from voicemock.cli.holding import hold
from voicemock.cli.noted_story import competencies_of, notes_reader
from voicemock.cli.story_screen import StoryScreen
from voicemock.errors import InputError, TranscriptFileError
from voicemock.models import NOTE_FIELDS, BankedStory, StoryNotes
from voicemock.questions import QuestionBank
from voicemock.report.passages import printable
from voicemock.settings import Settings
from voicemock.store import Store
from voicemock.story_bank import ToldNotes, notes_of_headings, notes_of_telling, with_field


def notes_from_file(path: Path, settings: Settings, bank: QuestionBank) -> StoryNotes:
    """Return the notes of a text: by its headings where it has any, else by its sentences.

    Raises:
        TranscriptFileError: The file is missing, unreadable, not UTF-8, too long or empty.
        InputError: A part of it is too long.
        UnknownNameError: It says that the story shows what the bank does not know.
    """
    text = read_transcript(path, settings.longest_text)
    if not text.strip():
        raise TranscriptFileError(f"{path} holds no word.")
    try:
        headed = notes_of_headings(text)
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error
    if headed is not None:
        _say_left_out(headed.left_out, "before the first heading")
        return headed.notes.model_copy(update={"shows": competencies_of(bank, headed.shows)})
    told = notes_of_telling(notes_reader(settings, bank)(text), spoken=False)
    return _told(told)


def notes_from_voice(store: Store, settings: Settings, bank: QuestionBank, banked: BankedStory) -> StoryNotes:
    """Listen to one telling, which is kept as a take, and return the notes in its words.

    Raises:
        VoicemockError: A device, an engine or the disk failed for good.
        InputError: Nothing was heard.
    """
    console = Console()
    screen = StoryScreen(console, bank, settings, store.takes.of_story(banked.story))
    opening = open_interview(settings, bank=bank, screen=screen, story=banked.story)
    report = hold(console, settings, screen, opening, offers_unfinished=False)
    text = report.answers[0].transcript.text if report.answers else ""
    if not text.strip():
        raise InputError("Nothing was heard, so nothing was written down.")
    return _told(notes_of_telling(notes_reader(settings, bank)(text), spoken=True))


def with_fields(notes: StoryNotes, fields: list[str]) -> StoryNotes:
    """Return notes with the fields that ``--set`` gives.

    Raises:
        typer.BadParameter: There is no such field, or its text is too long.
    """
    for given in fields:
        name, equals, text = given.partition("=")
        wanted = name.strip().lower().replace("-", "_")
        field = next((each for each in NOTE_FIELDS if each == wanted), None)
        if not equals or field is None:
            raise typer.BadParameter(f"{given[:40]!r}: write FIELD=TEXT, with one of {', '.join(NOTE_FIELDS)}.")
        try:
            notes = with_field(notes, field, text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    return notes


def _told(told: ToldNotes) -> StoryNotes:
    _say_left_out(told.left_out, "that belong to no part")
    return told.notes


def _say_left_out(sentences: tuple[str, ...], why: str) -> None:
    if sentences:
        typer.echo(f"Left out, {why}:")
        for sentence in sentences:
            typer.echo(f"  {printable(sentence)}")
