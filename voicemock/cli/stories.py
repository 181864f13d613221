"""``voicemock stories``: stories in writing, what they show, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from voicemock.cli.options import DataDir, JsonLine, Mic, Model, Speaker, Yes
from voicemock.cli.output import tell
from voicemock.cli.results import print_all, print_json
from voicemock.cli.story_editor import StoryEditor, with_fields
from voicemock.cli.verbs import Verbs
from voicemock.content.questions import QuestionBank
from voicemock.models import BankedStory, StoryNotes
from voicemock.practice.story_bank import fields_replaced, unlinked
from voicemock.practice.story_bank import linked as linked_to
from voicemock.practice.story_coverage import coverage as covered
from voicemock.practice.story_coverage import suggest
from voicemock.practice.story_notes import filled_from
from voicemock.report.deletion import GONE
from voicemock.report.safe_text import printable
from voicemock.report.stories import show_coverage, show_story_card, show_story_table
from voicemock.report.story_rows import NOTES_GONE, deletion_question, takes_question
from voicemock.report.terminal import Terminal
from voicemock.settings import load_settings
from voicemock.store.store import Store

stories = typer.Typer(
    cls=Verbs,
    help="Write your stories down, and see what no story covers yet.\n\n"
    'Start with: voicemock stories add "Kafka migration". By itself, it lists them.',
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Name of the story.", metavar="NAME")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one story per line.")]
Fields = Annotated[
    list[str] | None,
    typer.Option("--set", help="Write one field: situation, task, action, result, ...", metavar="FIELD=TEXT"),
]


@stories.command("list")
def list_stories(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List your stories: what they show, how often you told them, and what their notes lack.

    Example: voicemock stories list --json
    """
    with _editor(data_dir) as editor:
        cards = editor.cards()
    nothing = 'No stories yet. Write one with: voicemock stories add "Kafka migration"'
    print_all(cards, show_story_table, as_json=as_json, nothing=nothing)


@stories.command()
def add(
    name: Annotated[str | None, typer.Argument(help="Name of the story.", metavar="NAME")] = None,
    voice: Annotated[bool, typer.Option("--voice", help="Tell it once; your own sentences fill the parts.")] = False,
    file: Annotated[
        Path | None, typer.Option("--from", help="Take it from a text or Markdown file.", metavar="FILE")
    ] = None,
    guided: Annotated[
        bool, typer.Option("--guided", help="Keep going until three stories are complete, with metrics and trade-offs.")
    ] = False,
    shows: Annotated[list[str] | None, typer.Option(help="What it shows; may be repeated.", metavar="NAME")] = None,
    fields: Fields = None,
    yes: Yes = False,
    mic: Mic = None,
    speaker: Speaker = None,
    model: Model = None,
    data_dir: DataDir = None,
) -> None:
    """Write a story down, part by part.

    voicemock stories add "Kafka migration" asks for each part and says what belongs there.

    voicemock stories add "Kafka migration" --voice listens once; --from kafka.md reads a file.

    voicemock stories add --guided walks you through three complete stories.
    """
    if sum((voice, file is not None, guided, bool(fields))) > 1:
        raise typer.BadParameter("Give one of --voice, --from, --guided and --set.")
    if name is None and not guided:
        raise typer.BadParameter('Give the story a name: voicemock stories add "Kafka migration"')
    with _editor(data_dir, mic=mic, speaker=speaker, model=model) as editor:
        if guided or name is None:
            editor.guide(name)
            return
        banked, linked = editor.new_or_kept(name), editor.competencies(shows or ())
        told: StoryNotes | None = None
        if file is not None:
            told = editor.notes_from_file(file)
        elif voice:
            told = editor.notes_from_voice(banked)
        elif fields:
            told = with_fields(banked.notes.model_copy(update={"shows": ()}), fields)
        if told is None:
            _write(editor, banked, linked)
        else:
            _confirm_replacing(banked, told, yes=yes)
            _keep(editor, banked, linked_to(filled_from(banked.notes, told), linked))


def _write(editor: StoryEditor, banked: BankedStory, linked: tuple[str, ...]) -> None:
    """Ask for the notes of a story that has none."""
    if not banked.notes.is_empty:
        name = banked.story.name
        raise typer.BadParameter(f'{name!r} has notes. Change them with: voicemock stories edit "{name}"')
    editor.write(banked.model_copy(update={"notes": banked.notes.model_copy(update={"shows": linked})}))


@stories.command()
def show(name: Name, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show the notes of a story and what they lack.

    Example: voicemock stories show "kafka migration"
    """
    with _editor(data_dir) as editor:
        banked = editor.find(name)
        if as_json:
            print_json(editor.card(banked))
        else:
            _show(editor, banked)


@stories.command()
def edit(name: Name, fields: Fields = None, data_dir: DataDir = None) -> None:
    """Change the notes of a story, part by part, starting with what is there.

    Example: voicemock stories edit "Kafka migration" --set result="p99 fell from 800 ms to 480 ms."
    """
    with _editor(data_dir) as editor:
        banked = editor.find(name)
        if fields:
            _keep(editor, banked, with_fields(banked.notes, fields))
        else:
            editor.write(banked)


@stories.command()
def link(
    name: Name,
    competencies: Annotated[list[str], typer.Argument(help="Competencies or principles.", metavar="COMPETENCY...")],
    data_dir: DataDir = None,
) -> None:
    """Say which competencies and principles a story shows.

    Example: voicemock stories link "Kafka migration" ownership dive-deep
    """
    with _editor(data_dir) as editor:
        banked = editor.find(name)
        _say_shows(editor.keep(banked, linked_to(banked.notes, editor.competencies(competencies))))


@stories.command()
def unlink(
    name: Name,
    competencies: Annotated[list[str], typer.Argument(help="Competencies or principles.", metavar="COMPETENCY...")],
    data_dir: DataDir = None,
) -> None:
    """Remove competencies and principles from a story.

    Example: voicemock stories unlink "Kafka migration" frugality
    """
    with _editor(data_dir) as editor:
        banked = editor.find(name)
        _say_shows(editor.keep(banked, unlinked(banked.notes, competencies)))


@stories.command()
def delete(
    name: Name,
    takes: Annotated[
        bool | None, typer.Option("--takes/--keep-takes", help="Delete its takes too, or keep them.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask; keep the takes unless --takes is given.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Delete the notes of a story for good, and its takes if you say so.

    Example: voicemock stories delete "Kafka migration" --takes
    """
    with _editor(data_dir) as editor:
        store, banked = editor.store, editor.find(name)
        sessions = len(store.sessions.of_story(banked.story))
        if not yes:
            typer.confirm(deletion_question(banked), abort=True)
            if takes is None and sessions:
                takes = typer.confirm(takes_question(sessions), default=False)
        if takes or not sessions:
            store.delete_story(banked.story)
            tell(GONE)
        else:
            store.stories.delete_notes(banked.story)
            tell(f"{NOTES_GONE}: voicemock show {printable(banked.story.name)!r}")


@stories.command()
def coverage(
    company: Annotated[
        str | None, typer.Option(help="amazon, google, meta, microsoft, or one of your own questions.", metavar="NAME")
    ] = None,
    loop: Annotated[str | None, typer.Option(help="A loop, such as tpm.", metavar="NAME")] = None,
    data_dir: DataDir = None,
    as_json: JsonLine = False,
) -> None:
    """Show which of a company's principles and competencies your stories show, gaps first.

    Example: voicemock stories coverage --company amazon
    """
    if (company is None) == (loop is None):
        raise typer.BadParameter("Say which: --company amazon, or --loop tpm.")
    bank = QuestionBank.load()
    with Store(load_settings(data_dir=data_dir).data_dir) as store:
        found = covered(bank.loop(loop).name if loop else company or "", bank, store.stories.banked())
    if as_json:
        print_json(found)
    else:
        show_coverage(Terminal(), found)


@contextmanager
def _editor(data_dir: Path | None, **flags: object) -> Iterator[StoryEditor]:
    settings, bank = load_settings(data_dir=data_dir, **flags), QuestionBank.load()
    with Store(settings.data_dir) as store:
        yield StoryEditor(store, settings, bank)


def _confirm_replacing(banked: BankedStory, told: StoryNotes, *, yes: bool) -> None:
    """Ask before what was written is replaced."""
    lost = fields_replaced(banked, told)
    if lost and not yes:
        typer.confirm(f"{', '.join(lost)}: replace what is written there?", abort=True)


def _keep(editor: StoryEditor, banked: BankedStory, notes: StoryNotes) -> None:
    """Keep notes and show them, with a take that was just recorded."""
    editor.keep(banked, notes)
    _show(editor, editor.find(banked.story.name))


def _show(editor: StoryEditor, banked: BankedStory) -> None:
    guesses = dict(list(suggest(banked.notes).items())[:5])
    show_story_card(Terminal(), editor.card(banked), guesses)
    if not banked.takes:
        tell(f'\nTell it out loud: voicemock time "{banked.story.name}"')


def _say_shows(banked: BankedStory) -> None:
    tell(f"{banked.story.name} shows: {', '.join(banked.notes.shows) or 'nothing yet'}")
